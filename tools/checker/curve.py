# SPDX-License-Identifier: LGPL-2.1-or-later
"""The loss along polynomial curves: doc/mathematics.md, "Critical points"."""
from fractions import Fraction

from matrix import Matrix, from_rationals, inner, scalar, zero
from verdict import ensure


def multiply(A, B, order):
    """Truncated polynomials in t with matrix coefficients."""
    C = [zero(A[0].r, B[0].c, A[0].meter)] * (order + 1)
    for i, p in enumerate(A):
        for j, q in enumerate(B[:order + 1 - i]):
            if not p.is_zero() and not q.is_zero():
                C[i + j] = C[i + j].plus(Fraction(1), p * q)
    return C


def product_along(P, V, order):
    """Z(W + t V_1 + t^2 V_2 + ..); V[j - 1][i] belongs to t^j and block i."""
    Z = [scalar(P.X.r)] + [zero(P.X.r, P.X.r, P.X.meter)] * order
    for k in range(P.l):
        U = Z
        for i in range(k * P.r, (k + 1) * P.r):
            W = P.W[i]
            factor = [W] + [V[j][i] if j < len(V) else W.minus(W) for j in range(order)]
            U = multiply(factor, U, order)
        Z = [z.plus(Fraction(1), u) for z, u in zip(Z, U)] if P.kind == "residual" else U
    return Z


def curve_loss(P, M, V, order):
    """Coefficients of h(W + t V_1 + t^2 V_2 + ..) - h(W)."""
    entries = sum(W.r * W.c for W in P.W)
    P.X.charge(None, order + 1, 256 * P.n + 16 * entries, order + 1, 0, 0)
    Z, m = product_along(P, V, order), P.X.meter
    c = [Fraction(0)] * (order + 1)
    for i, p in enumerate(Z):
        ZS = p * M.Sxx
        for j, q in enumerate(Z[:order + 1 - i]):
            c[i + j] = m.sum(c[i + j], inner(ZS, q))
        x = inner(p, M.Syx)
        c[i] = m.difference(m.difference(c[i], x), x)
    return [Fraction(0)] + [x / 2 for x in c[1:]]


def read_coefficient(f, P, name, j):
    return [f.matrix("%s:%d:%d" % (name, j, i + 1), W.r, W.c, True) for i, W in enumerate(P.W)]


def start(f, P, M, name):
    """The order at which the loss starts along the curve of this name, and its coefficient."""
    d = f.numbers(name + "-degree", 1, True)[0]
    ensure(d in (1, 2, 3, 4), name, "the degree")
    V = [read_coefficient(f, P, name, j + 1) for j in range(int(d))]
    most = min(24, 2 * P.n * int(d))
    order = min(2, most)
    while True:
        c = curve_loss(P, M, V, order)
        found = next((k for k, x in enumerate(c) if x), 0)
        if found or order == most:
            ensure(found, name, "the loss does not change along this curve")
            return found, c[found]
        order = min(2 * order, most)


def has_negative_curvature(f, P, M):
    """v^T H v < 0 for v = down:1:i."""
    return curve_loss(P, M, [read_coefficient(f, P, "down", 1)], 2)[2] < 0


def quadratic_form(P, M, where):
    """v^T H v / 2 for the sum v of unit vectors."""
    V = [[[0] * W.c for _ in range(W.r)] for W in P.W]
    for i, a, b in where:
        V[i][a][b] += 1
    return curve_loss(P, M, [[Matrix(v) for v in V]], 2)[2]


def hessian(P, M):
    """H_aa = 2 q(e_a), H_ab = q(e_a + e_b) - q(e_a) - q(e_b)."""
    where = [(i, a, b) for i, W in enumerate(P.W) for a in range(W.r) for b in range(W.c)]
    n, m = len(where), P.X.meter
    d = [quadratic_form(P, M, [x]) for x in where]
    H = [[2 * d[a] if a == b else None for b in range(n)] for a in range(n)]
    for a in range(n):
        for b in range(a):
            q = quadratic_form(P, M, [where[a], where[b]])
            H[a][b] = H[b][a] = m.difference(m.difference(q, d[a]), d[b])
    return from_rationals(H, m)


def has_semidefinite_hessian(f, P, M):
    f.expect_bound("hessian", sum(W.r * W.c for W in P.W))
    f.lower("hessian", hessian(P, M), None, True)
    return True
