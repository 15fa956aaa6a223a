# SPDX-License-Identifier: LGPL-2.1-or-later
"""Positive roots of integer polynomials all of whose roots are real, by bisection, and exact signs of polynomials there.
Polynomials: coefficients, lowest power first."""
from fractions import Fraction

from spectrum import shifted
from verdict import ensure


def trimmed(f):
    while f and f[-1] == 0:
        f = f[:-1]
    return f


def divided(a, b):
    """Quotient and remainder, rational."""
    a, q = list(map(Fraction, a)), []
    while len(a) >= len(b):
        t = a[-1] / b[-1]
        q.append(t)
        shift = len(a) - len(b)
        for i, x in enumerate(b):
            a[shift + i] -= t * x
        a.pop()
    return q[::-1], trimmed(a)


def gcd(a, b):
    a, b = trimmed(a), trimmed(b)
    while b:
        a, b = b, divided(a, b)[1]
    return [Fraction(x) / a[-1] for x in a]


def value(f, t):
    y = Fraction(0)
    for x in reversed(f):
        y = y * t + x
    return y


def enclosure(f, low, high):
    """Two bounds of f on [low, high], low >= 0."""
    a = b = Fraction(0)
    for x in reversed(f):
        a, b = (a * low if a >= 0 else a * high) + x, (b * high if b >= 0 else b * low) + x
    return a, b


def above(f, t):
    """How many roots exceed t (Budan and Fourier; all roots are real)."""
    g = [x > 0 for x in shifted([Fraction(x) for x in reversed(f)], t.numerator, t.denominator) if x]
    return sum(x != y for x, y in zip(g, g[1:]))


class Root:
    """The root of a square-free f in (low, high]; multiplicity: in the polynomial it comes from."""

    def __init__(self, f, low, high, multiplicity):
        self.f, self.low, self.high, self.multiplicity = f, low, high, multiplicity

    def halve(self):
        t = (self.low + self.high) / 2
        if above(self.f, t) > above(self.f, self.high):
            self.low = t
        else:
            self.high = t

    def is_zero(self, p):
        g = gcd(self.f, p)
        if len(g) < 2:
            return False
        return above(g, self.low) - above(g, self.high) == 1

    def sign(self, p):
        p = trimmed(p)
        if not p or self.is_zero(p):
            return 0
        for _ in range(1 << 16):
            a, b = enclosure(p, self.low, self.high)
            if a > 0 or b < 0:
                return 1 if a > 0 else -1
            self.halve()
        ensure(False, "a sign that takes too many bits")


def square_free(f):
    """Pairs of a square-free polynomial and its exponent."""
    found, i, g = [], 1, gcd(f, [k * x for k, x in enumerate(f)][1:])
    rest = divided(f, g)[0]
    while len(rest) > 1:
        common = gcd(rest, g)
        part = divided(rest, common)[0]
        if len(part) > 1:
            found.append((part, i))
        rest, g, i = common, divided(g, common)[0], i + 1
    return found


def positive_roots(f):
    """Largest first."""
    f = list(f)
    while f[0] == 0 and len(f) > 1:
        f = f[1:]
    if len(f) == 1:
        return []
    bound = 1 + max(abs(Fraction(x)) for x in f) / abs(f[-1])
    top, todo, roots = Fraction(1), [], []
    while top < bound:
        top *= 2
    for g, exponent in square_free(f):
        todo = [(Fraction(0), top)]
        while todo:
            low, high = todo.pop()
            n = above(g, low) - above(g, high)
            if n == 1:
                roots.append(Root(g, low, high, exponent))
            elif n > 1:
                middle = (low + high) / 2
                todo += [(low, middle), (middle, high)]
    for i, a in enumerate(roots):
        for b in roots[:i]:
            while not (a.low >= b.high or b.low >= a.high):
                a.halve()
                b.halve()
    return sorted(roots, key=lambda r: r.low, reverse=True)
