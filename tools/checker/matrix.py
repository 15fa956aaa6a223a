# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ball matrices: integers a[i][j] over one denominator den, r rows and c columns, and rad, a bound
of the Frobenius norm of the error (doc/certificate-format.md, "Balls").

A matrix that was read knows the meter of its certificate, and so does what is computed from it;
constants (scalar, zero) are charged by the meter of the other matrix, if they are given none."""
from fractions import Fraction
from math import gcd
from operator import mul

from meter import FREE
from number import common_denominator, round_down, round_up, sqrt_lower, sqrt_upper
from verdict import ensure


def entry_bits(rows):
    return max((x.bit_length() for row in rows for x in row), default=0)


def plain_product(A, B):
    columns = list(zip(*B))
    return [[sum(map(mul, row, column)) for column in columns] for row in A]


def packed_product(A, B, bits):
    """The same for products of at most so many bits: a row of B is one long integer, a field of
    some bytes for each entry."""
    c, size = len(B[0]), (bits + 9) // 8
    half = 1 << (8 * size - 1)
    offset = int.from_bytes(half.to_bytes(size, "little") * c, "little")

    def pack(row):
        fields = b"".join([(x + half).to_bytes(size, "little") for x in row])
        return int.from_bytes(fields, "little") - offset

    packed, product = [pack(row) for row in B], []
    for row in A:
        fields = (offset + sum(map(mul, row, packed))).to_bytes(size * c, "little")
        product.append([int.from_bytes(fields[j:j + size], "little") - half
                        for j in range(0, size * c, size)])
    return product


def integer_product(A, B, bits):
    if len(B) >= 4 and len(B[0]) >= 8 and len(A) >= 4 and bits <= 4000:
        return packed_product(A, B, bits)
    return plain_product(A, B)


class Matrix:
    def __init__(self, rows, den=1, rad=Fraction(0), cols=None, meter=FREE):
        self.a, self.den, self.rad, self.meter = rows, den, rad, meter
        self.r = len(rows)
        self.c = len(rows[0]) if rows else (cols or 0)
        g = den
        for row in rows:
            if g == 1:
                return
            g = gcd(g, *row)
        if g != 1:
            self.a, self.den = [[x // g for x in row] for row in rows], den // g

    def at(self, i, j):
        return Fraction(self.a[i][j], self.den)

    def t(self):
        """The transpose."""
        rows = [list(c) for c in zip(*self.a)] if self.a else [[] for _ in range(self.c)]
        return Matrix(rows, self.den, self.rad, self.r, self.meter)

    def norm2(self):
        """The square of the Frobenius norm of the midpoint."""
        return inner(self, self)

    def norm_upper(self):
        return self.meter.sum(sqrt_upper(self.norm2()), self.rad)

    def bits(self):
        """Of the longest numerator."""
        return entry_bits(self.a)

    def is_zero(self):
        return self.rad == 0 and not any(x for row in self.a for x in row)

    def is_one(self):
        return (self.r == self.c and self.den == 1 and self.rad == 0
                and all(x == (i == j) for i, row in enumerate(self.a) for j, x in enumerate(row)))

    def is_symmetric(self):
        return self.r == self.c and all(self.a[i][j] == self.a[j][i]
                                        for i in range(self.r) for j in range(i))

    def same(self, other):
        return (self.a, self.den, self.rad) == (other.a, other.den, other.rad)

    def shape(self):
        return self.r, self.c

    def charge(self, other, r, k, c, a, b):
        """The meter of the result, charged."""
        meter = other.meter if other and self.meter is FREE else self.meter
        meter.take(r, k, c, a, b)
        return meter

    def product_radius(self, other, meter):
        """Of a bilinear operation with ||op(A, B)||_F <= ||A||_F ||B||_F."""
        if self.rad == other.rad == 0:
            return Fraction(0)
        a, b = sqrt_upper(self.norm2()), sqrt_upper(other.norm2())
        return round_up(meter.sum(meter.product(a, other.rad), meter.product(b, self.rad),
                                  meter.product(self.rad, other.rad)))

    def __mul__(self, other):
        ensure(self.c == other.r, "shapes do not fit")
        a, b = self.bits(), other.bits()
        meter = self.charge(other, self.r, self.c, other.c, a, b)
        for one, factor in ((self, other), (other, self)):
            if one.is_one():
                return Matrix(factor.a, factor.den, factor.rad, factor.c, meter)
        if self.c == 0:
            rows = [[0] * other.c for _ in range(self.r)]
        else:
            rows = integer_product(self.a, other.a, a + b + self.c.bit_length())
        return Matrix(rows, self.den * other.den, self.product_radius(other, meter), other.c,
                      meter)

    def plus(self, x, other):
        """self + x other"""
        ensure(self.shape() == other.shape(), "shapes do not fit")
        b = x.denominator * other.den
        den = self.den * b // gcd(self.den, b)
        u, v = den // self.den, den // b * x.numerator
        meter = self.charge(other, self.r, 1, self.c, max(self.bits(), other.bits()),
                            max(u.bit_length(), v.bit_length()))
        if u == 1 and abs(v) == 1:
            rows = [[p + q if v == 1 else p - q for p, q in zip(r, s)]
                    for r, s in zip(self.a, other.a)]
        else:
            rows = [[p * u + q * v for p, q in zip(r, s)] for r, s in zip(self.a, other.a)]
        rad = meter.sum(meter.product(abs(x), other.rad), self.rad)
        return Matrix(rows, den, round_up(rad), self.c, meter)

    def minus(self, other):
        return self.plus(Fraction(-1), other)

    def times_entries(self, other):
        """The entrywise product; the other is exact."""
        meter = self.charge(other, self.r, 1, self.c, self.bits(), other.bits() + other.den.bit_length())
        rows = [[p * q for p, q in zip(r, s)] for r, s in zip(self.a, other.a)]
        rad = Fraction(0)
        if self.rad:
            largest = Fraction(max((abs(x) for row in other.a for x in row), default=0), other.den)
            rad = round_up(meter.product(self.rad, largest))
        return Matrix(rows, self.den * other.den, rad, self.c, meter)

    def stacked(self, other):
        """Its rows over those of the other."""
        den = self.den * other.den // gcd(self.den, other.den)
        u, v = den // self.den, den // other.den
        meter = self.charge(other, self.r + other.r, 1, self.c, max(self.bits(), other.bits()),
                            max(u.bit_length(), v.bit_length()))
        rows = [[x * u for x in r] for r in self.a] + [[x * v for x in r] for r in other.a]
        return Matrix(rows, den, round_up(meter.sum(self.rad, other.rad)), self.c, meter)

    def kron(self, other):
        """The Kronecker product."""
        meter = self.charge(other, self.r * other.r, 1, self.c * other.c, self.bits(),
                            other.bits())
        rows = [[p * q for p in r for q in s] for r in self.a for s in other.a]
        return Matrix(rows, self.den * other.den, self.product_radius(other, meter),
                      self.c * other.c, meter)

    def gram(self):
        return self.t() * self

    def gram_rows(self):
        return self * self.t()

    def smaller_gram(self):
        return self.gram_rows() if self.r < self.c else self.gram()

    def columns_scaled(self, d):
        """Column j times d[j]."""
        D = row_matrix(d)
        meter = self.charge(None, self.r, 1, self.c, self.bits(), D.bits())
        rows = [list(map(mul, row, D.a[0])) for row in self.a]
        return Matrix(rows, self.den * D.den, cols=self.c, meter=meter)

    def rounded(self, bits):
        """doc/certificate-format.md, "rounding b"."""
        s, t = self.bits(), self.den.bit_length()
        if max(s, t) <= bits or self.den == 1:
            return self
        return self.rounded_to(max(0, bits - s + t))

    def rounded_to(self, k):
        """To multiples of 2^-k."""
        rows = [[((x << (k + 1)) + self.den) // (2 * self.den) for x in row] for row in self.a]
        error = self.meter.sum(sqrt_upper(Fraction(self.r * self.c)) / (1 << (k + 1)), self.rad)
        return Matrix(rows, 1 << k, round_up(error), self.c, self.meter)

    def columns_scaled_by_roots(self, d):
        """A ball around the columns times the roots of d: exact if the roots are and self is."""
        if all(x == 1 for x in d):
            return self
        m, low = self.meter, [round_down(sqrt_lower(x)) for x in d]
        high = [sqrt_upper(x) for x in d]
        error = max((m.difference(u, v) for u, v in zip(high, low)), default=Fraction(0))
        rad = m.product(max(high, default=Fraction(0)), self.rad)
        if error:
            rad = m.sum(rad, m.product(sqrt_upper(self.norm2()), error))
        B = Matrix(self.a, self.den, cols=self.c, meter=m).columns_scaled(low)
        return Matrix(B.a, B.den, round_up(rad), B.c, m)

    def midpoint(self):
        return Matrix(self.a, self.den, cols=self.c, meter=self.meter)

    def with_ones(self):
        """One more row, of ones: a bias."""
        meter = self.charge(None, self.r + 1, 1, self.c, max(self.bits(), 1), self.den.bit_length())
        return Matrix(self.a + [[self.den] * self.c], self.den, round_up(self.rad), self.c, meter)

    def some_columns(self, which):
        return Matrix([[row[j] for j in which] for row in self.a], self.den, cols=len(which),
                      meter=self.meter)

    def some_rows(self, which):
        return Matrix([self.a[i] for i in which], self.den, cols=self.c, meter=self.meter)


def scalar(n, x=Fraction(1), meter=FREE):
    """x times the identity of order n."""
    return Matrix([[x.numerator if i == j else 0 for j in range(n)] for i in range(n)],
                  x.denominator, meter=meter)


def zero(r, c, meter=FREE):
    return Matrix([[0] * c for _ in range(r)], cols=c, meter=meter)


def ones(r, c):
    return Matrix([[1] * c for _ in range(r)], cols=c)


def row_matrix(numbers):
    """A row of rationals."""
    return from_rationals([numbers])


def from_rationals(rows, meter=FREE):
    den = common_denominator(x for row in rows for x in row)
    return Matrix([[x.numerator * (den // x.denominator) for x in row] for row in rows], den,
                  meter=meter)


def inner(A, B):
    """The Frobenius inner product, of the midpoints."""
    meter = A.charge(B, A.r, 1, A.c, A.bits(), B.bits())
    meter.take(1, 1, 1, A.den.bit_length(), B.den.bit_length())
    return Fraction(sum(sum(map(mul, r, s)) for r, s in zip(A.a, B.a)), A.den * B.den)
