# SPDX-License-Identifier: LGPL-2.1-or-later
"""The meter of doc/certificate-format.md, "Limits": one object for one certificate.  What
computes charges it before it computes."""
from limits import DEFAULTS
from verdict import ensure


def length(x):
    """Bits of the numerator and the denominator of a rational."""
    return x.numerator.bit_length() + x.denominator.bit_length()


class Meter:
    def __init__(self, limits=DEFAULTS):
        self.limits, self.total, self.left, self.kept = limits, 0, None, 0

    def start(self, size):
        """From now on work counts, for a text of so many bytes."""
        self.total = self.left = self.limits["work"] * (size + 65536)
        self.kept = 0

    def take(self, r, k, c, a, b):
        """r k c products of numbers of a and b bits, r c of them to be kept."""
        if self.left is None:
            return
        ensure(r * c * max(a + b, 64) <= self.limits["matrix"], 'beyond the limit "matrix" of the format')
        self.left -= r * k * c * (1 + a // 64) * (1 + b // 64)
        ensure(self.left >= 0, 'beyond the limit "work" of the format')

    def keep(self, r, c, bits):
        """An r x c matrix of so many bits is remembered to the end."""
        if self.left is not None:
            self.kept += r * c * max(bits, 64)
            ensure(self.kept <= self.limits["matrix"], 'beyond the limit "matrix" of the format')

    def product(self, x, *others):
        """x times the others, each rational product charged."""
        for y in others:
            self.take(1, 1, 1, length(x), length(y))
            x = x * y
        return x

    def sum(self, x, *others):
        """x plus the others, each rational sum charged as a product is."""
        for y in others:
            self.take(1, 1, 1, length(x), length(y))
            x = x + y
        return x

    def difference(self, x, y):
        return self.sum(x, -y)

    def quotient(self, x, y):
        self.take(1, 1, 1, length(x), length(y))
        return x / y

    def square(self, x):
        return self.product(x, x)


FREE = Meter()                      # of constants: it is never started
