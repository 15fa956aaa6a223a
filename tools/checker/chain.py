# SPDX-License-Identifier: LGPL-2.1-or-later
"""Products of consecutive factors that move: doc/mathematics.md, "Chains"."""
from fractions import Fraction

from number import round_down, round_up, sqrt_lower, sqrt_upper


def segment(empty):
    """Remembers what a method says of segment (a, b); empty is its value if a > b."""
    def decorate(method):
        def remembered(self, a, b, *rest):
            if a > b:
                return Fraction(empty)
            key = (method.__name__, a, b, *rest)
            if key not in self.memo:
                self.memo[key] = method(self, a, b, *rest)
            return self.memo[key]
        return remembered
    return decorate


class Chain:
    """Factors F, factor k moving by at most rho[k]; M: the data in front of them."""

    def __init__(self, facts, name, factors, rho, M=None):
        self.f, self.name, self.F, self.rho, self.M = facts, name, factors, rho, M
        self.meter, self.memo = facts.meter, {}

    @segment(0)
    def seg(self, a, b):
        """F_b .. F_a, rounded and remembered."""
        S = self.F[a] if a == b else self.seg(b, b) * self.seg(a, b - 1)
        S = S.rounded(self.f.bits)
        self.meter.keep(S.r, S.c, 64 + S.bits())
        return S

    @segment(1)
    def norm(self, a, b):
        """>= ||F_[a,b]||."""
        role = "norm:%s:%d:%d" % (self.name, a + 1, b + 1)
        t = sqrt_upper(self.f.norm2(role, self.seg(a, b)))
        for k in range(a, b):
            t = min(t, self.meter.product(self.norm(a, k), self.norm(k + 1, b)))
        return round_up(t)

    @segment(0)
    def dev(self, a, b):
        """>= ||F'_[a,b] - F_[a,b]||."""
        moving, m = [k for k in range(a, b + 1) if self.rho[k]], self.meter
        left = m.sum(Fraction(0), *[m.product(self.norm(k + 1, b), self.sup(a, k - 1), self.rho[k])
                                    for k in moving])
        right = m.sum(Fraction(0), *[m.product(self.sup(k + 1, b), self.norm(a, k - 1),
                                               self.rho[k]) for k in moving])
        return round_up(min(left, right))

    @segment(1)
    def sup(self, a, b):
        """>= ||F'_[a,b]||."""
        s = self.meter.sum(self.norm(a, b), self.dev(a, b))
        for k in range(a, b):
            s = min(s, self.meter.product(self.sup(a, k), self.sup(k + 1, b)))
        return round_up(s)

    @segment(1)
    def inj2(self, a, b, transposed):
        """<= inj(F_[a,b])^2, or that of the transpose."""
        S = self.seg(a, b)
        if transposed and S.r == S.c:
            return self.inj2(a, b, False)
        if (S.r > S.c) if transposed else (S.c > S.r):
            return Fraction(0)
        role = "inj%s:%s:%d:%d" % ("t" if transposed else "", self.name, a + 1, b + 1)
        tall = S.t() if transposed else S
        x = self.f.least2(role, tall)
        return self.f.lower(role, tall.gram()) if x is None else x

    def less(self, q, d):
        """max(0, sqrt(q) - d)^2."""
        if d == 0:
            return q
        return self.meter.square(max(Fraction(0), self.meter.difference(sqrt_lower(q), d)))

    @segment(1)
    def near2(self, a, b, transposed):
        """<= inj(F'_[a,b])^2, or that of the transpose."""
        s = self.inj2(a, b, transposed)
        s = self.less(s, self.dev(a, b)) if s else s
        for k in range(a, b):
            s = max(s, self.meter.product(self.near2(a, k, transposed),
                                          self.near2(k + 1, b, transposed)))
        return round_down(s)

    @segment(0)
    def data2_point(self, _, b):
        """c[b]^2."""
        A = self.M.T if b == 0 else self.seg(0, b - 1) * self.M.T
        if A.r < A.c:
            return Fraction(0)
        K = (A * self.M.S).rounded(self.f.bits).gram()
        return self.f.lower("data:%s:%d" % (self.name, b), K, self.M.S)

    @segment(0)
    def data_norm(self, a, b):
        """>= ||X D^{1/2}||."""
        return sqrt_upper(self.f.upper("data-norm", self.M.Sxx))

    @segment(0)
    def data2(self, _, b):
        """c'[b]^2."""
        s = self.data2_point(0, b)
        if b == 0:
            return s
        d = self.dev(0, b - 1)
        if s and d:
            s = self.less(s, self.meter.product(d, self.data_norm(0, 0)))
        for k in range(b):
            t = self.near2(k, b - 1, False)
            s = max(s, self.meter.product(t, self.data2(0, k))) if t else s
        return round_down(s)
