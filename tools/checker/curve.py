# SPDX-License-Identifier: LGPL-2.1-or-later
"""The loss along polynomial curves: doc/mathematics.md, "Critical points"."""
from fractions import Fraction

from matrix import Matrix, from_rationals, inner, scalar
from verdict import ensure


def multiply(A, B, order):
    """Truncated polynomials in t with matrix coefficients; None stands for zero."""
    C = [None] * (order + 1)
    for i, p in enumerate(A):
        for j, q in enumerate(B[:order + 1 - i]):
            if p is None or q is None or p.is_zero() or q.is_zero():
                continue
            C[i + j] = p * q if C[i + j] is None else C[i + j].plus(Fraction(1), p * q)
    return C


def add(A, B):
    return [u if z is None else z if u is None else z.plus(Fraction(1), u) for z, u in zip(A, B)]


def product_along(P, V, order):
    """Z(W + t V_1 + t^2 V_2 + ..); V[j - 1][i] belongs to t^j and block i."""
    Z = [scalar(P.X.r)] + [None] * order
    for k in range(P.l):
        U = Z
        for i in range(k * P.r, (k + 1) * P.r):
            factor = [P.W[i]] + [v[i] for v in V[:order]]
            U = multiply(factor + [None] * (order + 1 - len(factor)), U, order)
        Z = add(Z, U) if P.kind == "residual" else U
    return Z


def curve_loss(P, M, V, order):
    """Coefficients of h(W + t V_1 + t^2 V_2 + ..) - h(W)."""
    entries = sum(W.r * W.c for W in P.W)
    P.X.charge(None, order + 1, 256 * P.n + 16 * entries, order + 1, 0, 0)
    Z = product_along(P, V, order)
    c = [Fraction(0)] * (order + 1)
    for i, p in enumerate(Z):
        if p is None:
            continue
        ZS = p * M.Sxx
        for j, q in enumerate(Z[:order + 1 - i]):
            if q is not None:
                c[i + j] += inner(ZS, q) / 2
        c[i] -= inner(p, M.Syx)
    return [Fraction(0)] + c[1:]


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
    n = len(where)
    d = [quadratic_form(P, M, [x]) for x in where]
    H = [[2 * d[a] if a == b else None for b in range(n)] for a in range(n)]
    for a in range(n):
        for b in range(a):
            q = quadratic_form(P, M, [where[a], where[b]])
            H[a][b] = H[b][a] = q - d[a] - d[b]
    return from_rationals(H, P.X.meter)


def has_semidefinite_hessian(f, P, M):
    f.expect_bound("hessian", sum(W.r * W.c for W in P.W))
    f.lower("hessian", hessian(P, M), None, True)
    return True
