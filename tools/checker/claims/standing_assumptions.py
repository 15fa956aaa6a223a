# SPDX-License-Identifier: LGPL-2.1-or-later
"""full-rank and distinct-eigenvalues, decided exactly (doc/mathematics.md, "The standing
assumptions")."""
from claims import Family, no_parameters, square_loss_only
from elimination import rank
from moments import Moments
from spectrum import has_distinct_eigenvalues
from verdict import ensure


def supports(P, c, k):
    ensure(all(w == 1 for w in P.w), "not defined for weighted samples")
    square_loss_only(P)


def data_has_full_rank(P):
    """rank X = d_0 and rank X Y^T = min(d_0, d_l)."""
    ranks = rank(P.X), rank(P.X * P.Y.t())
    return ranks == (P.X.r, min(P.X.r, P.Y.r))


def distinct_eigenvalues(P):
    """The characteristic polynomial of Sigma is square-free."""
    return has_distinct_eigenvalues(Moments(P).sigma())


def decided_by(decide):
    def verify(f, P, c, k):
        ensure(decide(P) == k.proved, "the exact decision is the opposite")
    return verify


CLAIMS = {
    "full-rank": Family(no_parameters, supports, decided_by(data_has_full_rank), treats=lambda P: P.linear),
    "distinct-eigenvalues": Family(no_parameters, supports, decided_by(distinct_eigenvalues)),
}
