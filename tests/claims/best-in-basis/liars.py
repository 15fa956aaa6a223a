# SPDX-License-Identifier: LGPL-2.1-or-later
from lying import *

def half_square(R, A):
    """1/2 ||R + A||_F^2."""
    S = R.plus(F(1), A)
    return sum(S.at(i, j) ** 2 for i in range(S.r) for j in range(S.c)) / 2

def gap_text(P, radius, gap, U):
    f = Liar(256, "", F(0), [])
    f.blocks["dual:tangent"] = ("matrix", U)
    claim = "claim best-in-basis basis tangent%s gap %s" % ("" if radius is None else " radius %s" % radius, gap)
    return certificate(P, claim, f, "proved").replace("certify-certificate 1", "certify-certificate 2")

def problem():
    """One layer; the residual W X - Y at the point."""
    k, d, m = rng.choice([1, 2]), rng.choice([1, 2]), rng.choice([3, 4])
    P = one_layer([random_matrix(k, d)], random_matrix(d, m), random_matrix(k, m))
    return P, (P.W[0] * P.X).plus(F(-1), P.Y)

def solved(K, C):
    """C K^-1 for K of order 1 or 2; None if it is singular."""
    if K.r == 1:
        return None if K.at(0, 0) == 0 else rows_matrix([[C.at(i, 0) / K.at(0, 0)] for i in range(C.r)])
    a, b, c = K.at(0, 0), K.at(0, 1), K.at(1, 1)
    det = a * c - b * b
    if det == 0:
        return None
    return C * rows_matrix([[c / det, -b / det], [-b / det, a / det]])

def least_squares():
    """The gap to the least squares of all matrices, exact, said to be smaller; the dual point is the residual, or
    is moved off the orthogonal complement so that its value is large enough."""
    P, R = problem()
    B = solved(P.X * P.X.t(), (R * P.X.t()).plus(F(-2), R * P.X.t()))
    if B is None:
        return None
    moved = B * P.X
    U = R.plus(F(1), moved)
    gap = half_square(R, moved.plus(F(-1), moved)) - half_square(R, moved)
    if gap < F(1, 1000):
        return None
    eps = F(1, 10 ** rng.randint(1, 40))
    step = F(1, 2 ** rng.randint(1, 200)) if rng.random() < .5 else F(0)
    G = U.plus(F(1), P.Y)
    return gap_text(P, None, gap, U), gap_text(P, None, gap * (1 - eps), U.plus(-step, G)), float(eps), float(step or eps)

def ball():
    """The same within a radius: less than what an exact member gains."""
    P, R = problem()
    K, C = P.X * P.X.t(), R * P.X.t()
    radius = F(1, rng.choice([1, 2, 8, 100]))
    norm2 = lambda B: sum(B.at(i, j) ** 2 for i in range(B.r) for j in range(B.c))
    step = lambda t: solved(K.plus(t, cc.scalar(K.r)), C.plus(F(-2), C))
    low, high = F(0), F(10 ** 6)
    start = step(F(1, 10 ** 9))
    if norm2(start) <= radius ** 2:
        return None
    for _ in range(60):         # the multiplier of the radius
        t = F(float(low + high) / 2)
        low, high = (t, high) if norm2(step(t)) > radius ** 2 else (low, t)
    B = step(high)
    B = rows_matrix([[B.at(i, j).limit_denominator(10 ** 18) * (1 - F(1, 10 ** 15)) for j in range(B.c)] for i in range(B.r)])
    if norm2(B) > radius ** 2:
        return None
    moved = B * P.X
    gain = half_square(R, moved.plus(F(-1), moved)) - half_square(R, moved)
    eps = F(1, 10 ** rng.randint(2, 9))
    U = R.plus(F(1), moved)
    return gap_text(P, radius, gain * (1 + F(1, 10 ** 10)), U), gap_text(P, radius, gain * (1 - eps), U), float(eps), float(eps)

KINDS = {"least squares": least_squares, "model in a ball": ball}
