# SPDX-License-Identifier: LGPL-2.1-or-later
"""The loss at all critical points with the same hidden layers, or the same activation pattern:
doc/rules/critical-value.md."""
from basis import Basis, Pass, annihilates, lower, upper
from cell import masked, repeated, with_bias
from claims import Family
from elimination import rank
from loss import gradient, phi_bounds, supports_loss
from network import has_rational_values
from verdict import ensure


def read(rd, P, c, words):
    ensure(len(words) == 6 and words[0] == "of" and words[1] in ("last", "cell") and words[2] == "low"
           and words[4] == "high", "the claim line")
    c.of, c.low, c.high = words[1], rd.rational(words[3]), rd.rational(words[5])
    ensure(c.low >= 0 and c.high >= 0, "low or high is negative")


def supports(P, c, k):
    ensure(P.kind != "residual" and P.features is None and P.decay == 0, "layers, no decay")
    supports_loss(P)
    ensure(c.of == "last" or P.kind == "feedforward" and P.l == 2 and has_rational_values(P),
           "of cell: one hidden layer, piecewise linear")


def groups_are_full(P, p):
    slopes = p.slopes[0]
    for i in range(slopes.r):
        n = sum(row == slopes.a[i] for row in slopes.a)
        if not repeated(slopes, i) and n < min(P.Y.r, rank(masked(with_bias(P, P.X), slopes, i))):
            return False
    return True


def verify(f, P, c, k):
    ensure(k.proved, "it is never refuted")
    basis = Basis(P, c.of)
    p = Pass(P, basis)
    ensure(c.of == "last" or groups_are_full(P, p), "a group of units with one pattern has too few units")
    e = gradient(P, p.out)
    if not e.rad and annihilates(basis, p, e):
        low, high = phi_bounds(P, p.out)
    else:
        low, high = max(0, lower(f, basis, None, p)), upper(f, basis, None, p)
    ensure(c.low <= low and high <= c.high, "dual point and member do not prove such bounds")


CLAIMS = {"critical-value": Family(read, supports, verify, version=2, shortcuts=True)}
