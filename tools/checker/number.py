# SPDX-License-Identifier: LGPL-2.1-or-later
"""Directed roots and rounding: doc/certificate-format.md, "What the evidence means"."""
from fractions import Fraction
from math import gcd, isqrt


def root_directed(x, up):
    """A bound of the root of x >= 0: exact for the square of a rational."""
    n, d = x.numerator, x.denominator
    if n < 0:
        raise ValueError("the root of a negative number")
    if isqrt(n) ** 2 == n and isqrt(d) ** 2 == d:
        return Fraction(isqrt(n), isqrt(d))
    b = 128 + max(0, d.bit_length() - n.bit_length())
    v = -((-n << 2 * b) // d) if up else (n << 2 * b) // d
    s = isqrt(v)
    return Fraction(s + (up and s * s != v), 1 << b)


def sqrt_lower(x):
    return root_directed(x, False)


def sqrt_upper(x):
    return root_directed(x, True)


def round_directed(x, up):
    """x with about 64 significant bits."""
    n, d = x.numerator, x.denominator
    if n.bit_length() <= 128 if d == 1 else n.bit_length() + d.bit_length() <= 64:
        return x
    k = 64 + d.bit_length() - n.bit_length()
    n, d = n << max(k, 0), d << max(-k, 0)
    return Fraction((-(-n // d) if up else n // d) << max(-k, 0), 1 << max(k, 0))


def round_down(x):
    return round_directed(x, False)


def round_up(x):
    return round_directed(x, True)


def common_denominator(numbers):
    den = 1
    for x in numbers:
        den = den * x.denominator // gcd(den, x.denominator)
    return den
