# SPDX-License-Identifier: LGPL-2.1-or-later
"""Characteristic polynomials, and how many eigenvalues lie where.  Charged as
doc/certificate-format.md says, "Work"; what is computed here is not what the first checker
computes."""
from fractions import Fraction
from operator import mul

from lifting import PRIME
from matrix import Matrix, inner, scalar, zero
from meter import length


def charge_spectrum(A):
    """A characteristic polynomial with its square-free factors."""
    n, bits = A.r, A.bits() + 10
    A.charge(None, n, 2 * n * n, n, bits, 0)
    A.charge(None, n, 2 * n, n, bits, bits)
    A.charge(None, 1, n, 1, n * bits, n * bits)


def charge_signs(A, f, t):
    """The signs at t of the factors of f, the characteristic polynomial of A, counted as one."""
    n, b = A.r, length(t * A.den)
    A.charge(None, 1, n + 1, 1, max(x.bit_length() for x in f) + n * b, b)


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


def derivative(f):
    n = len(f) - 1
    return [x * (n - i) for i, x in enumerate(f[:-1])]


def is_squarefree_modulo_prime(f):
    def divide(x, y):
        return x * pow(y, -1, PRIME) % PRIME

    def reduce(x):
        return x % PRIME

    f = [x % PRIME for x in f]
    return common_degree(f, [x % PRIME for x in derivative(f)], divide, reduce) == 0


def distinct_roots(f):
    """How many distinct complex roots f has: its degree less that of gcd(f, f'); f monic, integer.
    Roots that are distinct modulo a prime are distinct."""
    n = len(f) - 1
    if is_squarefree_modulo_prime(f):
        return n
    exact = [[Fraction(x) for x in g] for g in (f, derivative(f))]
    return n - common_degree(*exact, lambda x, y: x / y, lambda x: x)


def shifted(f, u, v):
    """v^n f((u + y) / v), lowest power of y first; f of degree n, highest power first."""
    g, power = [], 1
    for x in f:
        g.append(x * power)
        power *= v
    for i in range(len(g) - 1, 0, -1):
        for j in range(1, i + 1):
            g[j] += u * g[j - 1]
    return g[::-1]


class Spectrum:
    """The eigenvalues of a matrix all of whose eigenvalues are real: by the theorem of Budan and
    Fourier, as many exceed t as the coefficients of f(t + y) have changes of sign, f its
    characteristic polynomial."""

    def __init__(self, A):
        charge_spectrum(A)
        self.A, self.f = A, characteristic(A)

    def count(self, t):
        """How many exceed t, and how many equal it."""
        charge_signs(self.A, self.f, t)
        t = t * self.A.den
        g = shifted(self.f, t.numerator, t.denominator)
        at = next(i for i, x in enumerate(g) if x)
        signs = [x > 0 for x in g if x]
        return sum(x != y for x, y in zip(signs, signs[1:])), at

    def between(self, low, high):
        above, at = self.count(high)
        return at if low == high else self.count(low)[0] - above - at


def hessenberg_modulo_prime(rows):
    """A matrix similar to the given one modulo the prime, zero below the subdiagonal."""
    H = [[x % PRIME for x in row] for row in rows]
    n = len(H)
    for k in range(n - 2):
        i = next((i for i in range(k + 1, n) if H[i][k]), None)
        if i is None:
            continue
        H[k + 1], H[i] = H[i], H[k + 1]
        for row in H:
            row[k + 1], row[i] = row[i], row[k + 1]
        inverse, top = pow(H[k + 1][k], -1, PRIME), H[k + 1]
        factors = [H[i][k] * inverse % PRIME for i in range(k + 2, n)]
        for i, f in enumerate(factors, k + 2):
            if f:
                H[i] = [(x - f * y) % PRIME for x, y in zip(H[i], top)]
        for row in H:
            row[k + 1] = (row[k + 1] + sum(map(mul, factors, row[k + 2:]))) % PRIME
    return H


def characteristic_modulo_prime(rows):
    """Highest power first."""
    H, found = hessenberg_modulo_prime(rows), [[1]]         # lowest power first
    for k in range(len(H)):
        f = [0] + found[k]
        for j, x in enumerate(found[k]):
            f[j] -= H[k][k] * x
        product = 1
        for i in range(k - 1, -1, -1):
            product = product * H[i + 1][i] % PRIME
            c = product * H[i][k] % PRIME
            for j, x in enumerate(found[i]):
                f[j] -= c * x
        found.append([x % PRIME for x in f])
    return found[-1][::-1]


def has_distinct_eigenvalues(A):
    """Eigenvalues that are distinct modulo a prime are distinct."""
    charge_spectrum(A)
    f = characteristic_modulo_prime(A.a)
    return is_squarefree_modulo_prime(f) or distinct_roots(characteristic(A)) == A.r
