# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ranks, independent rows and linear systems, exactly; what they cost: doc/certificate-format.md,
"Work"."""
from lifting import PRIME, solve_by_lifting
from matrix import Matrix, scalar
from verdict import ensure


def eliminate(rows, cols):
    """Fraction-free Gauss-Jordan: pivot columns, reduced rows, denominator."""
    A, pivots, prev, r = [row[:] for row in rows], [], 1, 0
    for c in range(cols):
        p = next((i for i in range(r, len(A)) if A[i][c]), None)
        if p is None:
            continue
        A[r], A[p] = A[p], A[r]
        pivot, top = A[r][c], A[r]
        for i, row in enumerate(A):
            if i != r:
                f = row[c]
                A[i] = [(pivot * x - f * y) // prev for x, y in zip(row, top)]
        prev, r = pivot, r + 1
        pivots.append(c)
    return pivots, A[:r], prev


def charge(A, rank, more=0):
    """Minors of order rank have about rank times the bits of an entry."""
    A.charge(None, A.r, rank, A.c + more, rank * (A.bits() + 10), 0)


def rank_modulo_prime(rows):
    r, rows = 0, [[x % PRIME for x in row] for row in rows]
    for c in range(len(rows[0]) if rows else 0):
        i = next((i for i in range(r, len(rows)) if rows[i][c]), None)
        if i is None:
            continue
        rows[r], rows[i] = rows[i], rows[r]
        inverse, top = pow(rows[r][c], -1, PRIME), rows[r]
        for i in range(r + 1, len(rows)):
            f = rows[i][c] * inverse % PRIME
            if f:
                rows[i] = [(x - f * y) % PRIME for x, y in zip(rows[i], top)]
        r += 1
    return r


def full_rank_modulo_prime(A):
    """A minor that is not 0 modulo a prime is not 0."""
    n = min(A.r, A.c)
    A.charge(None, A.r, n, A.c, 0, 0)
    A.charge(None, A.r, 1, A.c, A.bits(), 0)
    return rank_modulo_prime(A.a) == n


def rank(A):
    n = min(A.r, A.c)
    if full_rank_modulo_prime(A):
        return n
    charge(A, n)
    return len(eliminate(A.a, A.c)[0])


def independent_rows(A, most=None):
    """The indices of the first independent rows, and T with A = T (those rows); the rank is known
    to be at most most."""
    if A.r <= A.c and full_rank_modulo_prime(A):
        return list(range(A.r)), scalar(A.r, meter=A.meter)
    charge(A, min(A.r, A.c if most is None else most))
    pivots, R, den = eliminate(A.t().a, A.r)
    sign = -1 if den < 0 else 1
    T = Matrix([[sign * R[j][i] for j in range(len(pivots))] for i in range(A.r)], abs(den),
               cols=len(pivots), meter=A.meter)
    ensure((T * A.some_rows(pivots)).same(A), "the data reduction failed")
    return pivots, T


def solve(S, B):
    """S^{-1} B for an invertible S."""
    charge(S, S.r, B.c)
    rows, den = solve_by_lifting(S.a, B.a, B.c) or solve_by_elimination(S.a, B.a)
    return Matrix([[x * S.den for x in row] for row in rows], den * B.den, cols=B.c,
                  meter=S.meter)


def solve_by_elimination(S, B):
    """Numerators and their positive denominator."""
    n = len(S)
    pivots, rows, den = eliminate([r + s for r, s in zip(S, B)], n)
    ensure(len(pivots) == n, "a singular system")
    sign = -1 if den < 0 else 1
    return [[sign * x for x in row[n:]] for row in rows], abs(den)
