# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lines, numbers and matrices of a certificate: doc/certificate-format.md, "Grammar"."""
import re
from fractions import Fraction
from math import gcd

from limits import DEFAULTS
from matrix import Matrix
from meter import Meter
from verdict import ensure

INTEGER = re.compile(r"(?:0|-?[1-9][0-9]*)\Z")


class Reader:
    def __init__(self, data, limits=DEFAULTS):
        self.limits, self.meter = limits, Meter(limits)
        ensure(len(data) <= limits["bytes"], "too long")
        ensure(not re.search(rb"[^\n -~]", data), "a character that is not allowed")
        ensure(data.endswith(b"\n"), "the text must end with a newline")
        self.lines = data.decode("ascii").split("\n")[:-1]
        self.i = 0

    def line(self, *start):
        """The words of the next line after the given ones."""
        ensure(self.i < len(self.lines), "the text ends here")
        words = self.lines[self.i].split(" ")
        ensure(all(words), "words are separated by one space")
        ensure(words[:len(start)] == list(start), " ".join(start), "is expected")
        self.i += 1
        return words[len(start):]

    def integer(self, s):
        ensure(INTEGER.match(s) and len(s.lstrip("-")) <= self.limits["digits"],
               "an integer in canonical form is expected")
        return int(s)

    def rational(self, s):
        p, slash, q = s.partition("/")
        p, q = self.integer(p), self.integer(q) if slash else 1
        ensure(not slash or (q >= 2 and gcd(p, q) == 1), "a rational in lowest terms is expected")
        return Fraction(p, q)

    def count(self, s, low, high, what):
        n = self.integer(s)
        ensure(low <= n <= high, what, "must be from", low, "to", high)
        return n

    def rows(self, r, c, den, triangular=False):
        """r lines of c integers, or of 1, 2, .., r, in lowest terms over den."""
        ensure(den > 0, "the denominator must be positive")
        rows, g = [], den
        for i in range(r):
            words = self.line()
            ensure(len(words) == (i + 1 if triangular else c), "a row of another length")
            row = [self.integer(w) for w in words]
            g = gcd(g, *row)
            rows.append(row + [0] * (r - i - 1) if triangular else row)
        ensure(g == 1, "a common factor")
        return Matrix(rows, den, cols=c, meter=self.meter)

    def matrix(self, words):
        ensure(len(words) == 3, "rows, columns and denominator are expected")
        r = self.count(words[0], 0, self.limits["rows"], "rows")
        c = self.count(words[1], 1, self.limits["columns"], "columns")
        return self.rows(r, c, self.integer(words[2]))

    def rationals(self, words, n, area):
        """n rationals; area: entries of the matrix that will get their common denominator."""
        ensure(len(words) == n, n, "numbers are expected")
        x = [self.rational(w) for w in words]
        limit, den, num = self.limits["expansion"] // max(area, 1), 1, 1
        for q in x:
            den = den * q.denominator // gcd(den, q.denominator)
            if q:
                num = num * abs(q.numerator) // gcd(num, q.numerator)
            ensure(max(den.bit_length(), num.bit_length()) <= limit, "common denominator too long")
        return x
