# SPDX-License-Identifier: LGPL-2.1-or-later
"""global-minimizer: exact, or within a gap (doc/mathematics.md, "Global minimisers")."""
from fractions import Fraction

from claims import Family, read_tolerance, square_loss_without_decay
from elimination import independent_rows
from matrix import from_rationals, scalar
from neighbourhood import read_witness
from network import has_moments, is_minimizer, loss, product
from verdict import ensure


def read(rd, P, c, words):
    read_tolerance(rd, c, words, "gap")


def supports(P, c, k):
    square_loss_without_decay(P)
    ensure(P.linear, "linear and residual networks")


def verify(f, P, c, k):
    ensure(proves(f, P, c.gap) if k.proved else refutes(f, P, c.gap), "it is not proved")


def refutes(f, P, gap):
    M = P.moments()
    better = loss(read_witness(f, P, "better", True), M)
    return f.meter.difference(loss(P, M), better) > (gap or 0)


def proves(f, P, gap):
    M = P.moments()
    if is_minimizer(P, M):
        return True
    by_capture = P.kind == "linear" and gap == 0 and f.has_bound("captured", narrowest_width(P))
    if gap is not None and not by_capture:
        return f.meter.difference(loss(P, M), lower_bound(f, P, M)) <= gap
    return P.kind == "linear" and captures_the_largest(f, P, M)


def narrowest_width(P):
    return min([P.X.r, P.Y.r] + [W.r for W in P.W])


def complement(B, pivots):
    """K with K^T B = 0, the identity in the rows that are not pivots; B has it in the pivots."""
    others = [j for j in range(B.r) if j not in pivots]
    rows = [[Fraction(int(j == o)) for o in others] for j in range(B.r)]
    for i, j in enumerate(pivots):
        rows[j] = [-B.at(o, i) for o in others]
    return from_rationals(rows, B.meter) if others else scalar(B.r).some_columns([])


def captures_the_largest(f, P, M):
    """The exact minimisers of linear networks with h > h_inf."""
    Z = product(P) * M.T
    pivots, B = independent_rows(Z)
    ensure(len(pivots) == narrowest_width(P), "point: the rank of the product")
    ensure((B.t() * (Z * M.S).minus(M.N)).is_zero(), "point: not critical")
    S = M.sigma()
    K = complement(B, pivots)
    ensure((K.t() * (S * B)).is_zero(), "point: not an invariant subspace of Sigma")
    low = f.lower("captured", B.t() * (S * B), B.gram())
    f.need("dropped", "bound")
    return low >= f.bound("dropped", K.t() * (S * K), K.gram(), True)


def lower_bound(f, P, M):
    """<= h*, by the roles threshold, excess, excess-psd and excess-dual."""
    h, n, m = M.infimum(), P.Y.r, f.meter
    k = n if P.kind == "residual" else narrowest_width(P)
    if k >= n or M.p <= k:
        return h
    Sigma, t = M.sigma(), f.numbers("threshold", 1, False)
    if t is None:
        return h
    U = f.matrix("excess", n, n, True)
    ensure(U.is_symmetric(), "excess: not symmetric")
    f.lower("excess-psd", U, None, True)
    dual = scalar(n, -t[0]).plus(Fraction(1), U).plus(Fraction(1), Sigma)
    f.lower("excess-dual", dual, None, True)
    x = m.sum(m.product(Fraction(n - k), t[0]), *[-U.at(i, i) for i in range(n)])
    return m.sum(h, max(Fraction(0), x / 2))


def describe(P):
    """The loss, and whether it is h_inf."""
    M = P.moments()
    loss(P, M)
    is_minimizer(P, M)


CLAIMS = {"global-minimizer": Family(read, supports, verify, describe, treats=has_moments)}
