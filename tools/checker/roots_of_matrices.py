# SPDX-License-Identifier: LGPL-2.1-or-later
"""The blocks "norm" and "inverse": singular values of a matrix that is known itself
(doc/certificate-format.md, "What the evidence means")."""
from fractions import Fraction

from matrix import scalar
from number import sqrt_lower, sqrt_upper
from semidefinite import is_shown_semidefinite
from verdict import ensure


def rounded(A, bits):
    A.meter.take(A.r, 1, A.c, A.bits() + A.den.bit_length() + bits, 0)
    return A.rounded_to(bits)


def norm_root(role, A, square, bits, L):
    """t >= ||A||."""
    ensure(square >= 0 and L.r == min(A.r, A.c), "%s: not of this order" % role)
    B = rounded(A, bits)
    M = scalar(L.r, square, A.meter).minus(B.midpoint().smaller_gram())
    ensure(is_shown_semidefinite(M, L, None), "%s: the factor does not prove this norm" % role)
    return A.meter.sum(sqrt_upper(square), B.rad)


def norm_bound(role, A, mu, L, square, bits):
    """mu with mu I - A^T A >= 0."""
    t = norm_root(role, A, square, bits, L)
    ensure(mu >= 0 and A.meter.square(t) <= mu, "%s: it does not prove this bound" % role)
    return mu


def inverse_bound(role, A, mu, L, S, bits, square):
    """mu with A^T A - mu I >= 0: ||A S z|| >= c |z| and ||S|| <= t."""
    m, (a, q, p) = A.meter, bits
    ensure(mu >= 0 and A.r >= A.c == S.r, "%s: not of this order" % role)
    Q = rounded(rounded(A, a) * S, q)
    G = Q.midpoint().gram().minus(scalar(A.c, meter=m))
    r = Fraction(max(sum(map(abs, row)) for row in G.a), G.den)
    ensure(r < 1, "%s: the inverse is not near enough" % role)
    c = m.difference(sqrt_lower(1 - r), Q.rad)
    t = norm_root(role, S, square, p, L)
    ensure(c > 0 and m.product(m.square(t), mu) <= m.square(c), "%s: it does not prove this bound" % role)
    return mu
