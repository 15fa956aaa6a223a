# SPDX-License-Identifier: LGPL-2.1-or-later
"""Characteristic polynomials, and how many eigenvalues lie where.  Charged as
doc/certificate-format.md says, "Work"; what is computed here is not what the first checker
computes."""
from fractions import Fraction

from elimination import PRIME
from matrix import Matrix, inner, scalar, zero
from meter import length


def charge_spectrum(A):
    """A characteristic polynomial with its square-free factors."""
    n, bits = A.r, A.bits() + 10
    A.charge(None, n, 2 * n * n, n, bits, 0)
    A.charge(None, n, 2 * n, n, bits, bits)
    A.charge(None, 1, n, 1, n * bits, n * bits)


def charge_signs(A, t):
    """The signs at t of the factors of the characteristic polynomial of A, whose coefficients
    have about as many bits as minors."""
    n, b = A.r, length(t * A.den)
    A.charge(None, 1, n + 1, 1, n * A.bits() + n * b, b)


def characteristic(A):
    """The characteristic polynomial of the integers A.a, highest power first, by Faddeev and
    LeVerrier."""
    n, f, B, A = A.r, [1], zero(A.r, A.r), Matrix(A.a)
    for k in range(1, n + 1):
        B = (A * B).plus(Fraction(f[-1]), scalar(n))
        f.append(int(-inner(A, B.t()) / k))
    return f


def remainder(a, b, divide):
    """Of polynomials, highest power first; b[0] != 0."""
    a = a[:]
    while len(a) >= len(b):
        q = divide(a[0], b[0])
        a = [x - q * (b[i] if i < len(b) else 0) for i, x in enumerate(a)][1:]
    return a


def common_degree(a, b, divide, reduce):
    """The degree of the greatest common divisor."""
    while any(b):
        while b[0] == 0:
            b = b[1:]
        a, b = b, [reduce(x) for x in remainder(a, b, divide)]
    return len(a) - 1


def distinct_roots(f):
    """How many distinct complex roots f has: its degree less that of gcd(f, f'); f monic, integer.
    Roots that are distinct modulo a prime are distinct."""
    n = len(f) - 1
    df = [x * (n - i) for i, x in enumerate(f[:-1])]

    def divide(x, y):
        return x * pow(y, -1, PRIME) % PRIME

    modulo = [[x % PRIME for x in g] for g in (f, df)]
    if n < PRIME and common_degree(*modulo, divide, lambda x: x % PRIME) == 0:
        return n
    exact = [[Fraction(x) for x in g] for g in (f, df)]
    return n - common_degree(*exact, lambda x, y: x / y, lambda x: x)


def zero_diagonal(M, k):
    """Adds a row and its column to another so that the diagonal from k on is not zero; its index,
    or None if all that is left is zero."""
    n = len(M)
    i, j = next(((i, j) for i in range(k, n) for j in range(i + 1, n) if M[i][j]), (None, None))
    if i is not None:
        M[i] = [x + y for x, y in zip(M[i], M[j])]
        for row in M:
            row[i] += row[j]
    return i


def clear_below(M, k, prev):
    """One step of symmetric elimination without fractions (Bareiss)."""
    p, top, n = M[k][k], M[k], len(M)
    for i in range(k + 1, n):
        a, row = M[i][k], M[i]
        row[i:] = [(p * x - a * y) // prev for x, y in zip(row[i:], top[i:])]
        for j in range(k + 1, i):
            row[j] = M[j][i]
    return p


def inertia(M):
    """The number of positive eigenvalues of the symmetric integers M, and its rank (Sylvester)."""
    M, n, prev, positive = [row[:] for row in M], len(M), 1, 0
    for k in range(n):
        i = next((i for i in range(k, n) if M[i][i]), None)
        i = zero_diagonal(M, k) if i is None else i
        if i is None:
            return positive, k
        M[k], M[i] = M[i], M[k]
        for row in M:
            row[k], row[i] = row[i], row[k]
        p = clear_below(M, k, prev)
        positive += (p > 0) == (prev > 0)
        prev = p
    return positive, n


class Pencil:
    """The eigenvalues of K z = x S z, K >= 0, S > 0: those of Sigma = N S^-1 N^T that are not zero,
    K = N^T N, and those of Sigma on a column space, K = N^T P N, P the projection onto it."""

    def __init__(self, K, S, order):
        self.K, self.S, self.order = K, S, order

    def count(self, t):
        """How many exceed t, and how many equal it."""
        if self.K.r == 0:
            return (0, self.order if t == 0 else 0)
        a, b = t.denominator * self.S.den, t.numerator * self.K.den
        above, rank = inertia([[a * x - b * y for x, y in zip(k, s)]
                               for k, s in zip(self.K.a, self.S.a)])
        return above, (self.order - above if t == 0 else self.K.r - rank)

    def between(self, low, high):
        above, at = self.count(high)
        return at if low == high else self.count(low)[0] - above - at
