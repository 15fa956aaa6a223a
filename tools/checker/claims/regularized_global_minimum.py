# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two layers with weight decay against all widths: doc/rules/regularized-global-minimum.md."""
from fractions import Fraction

from activation import apply, negative_slope, rational_activation
from claims import Family, read_tolerance
from cone_tree import ConeClaim, verify_tree
from elimination import independent_rows
from matrix import inner, ones, row_matrix
from network import forward
from number import sqrt_upper
from verdict import ensure


class Widths:
    """The problem as the theorems see it: X', R, D, the slope of the units below 0."""

    def __init__(self, P):
        self.P, self.meter, self.D = P, P.X.meter, P.curvature()
        self.slope = negative_slope(P.act[0]) if P.act else Fraction(1)
        if P.act and P.act[0][0] == "identity":
            self.slope = Fraction(1)
        self.F = forward(P, P.X)[2]
        self.R = P.Y.minus(self.F)
        X = P.X.with_ones() if P.bias else P.X
        self.X = X.columns_scaled([Fraction(x > 0) for x in self.D])
        self.k, self.d = P.Y.r, self.X.r

    def decay(self):
        m = self.meter
        return m.sum(Fraction(0), *[A.norm2() for A in self.P.decayed_matrices()])

    def value(self, R, squares):
        """1/2 |R|_D^2 + mu/2 times the squares."""
        m = self.meter
        return m.sum(inner(R.columns_scaled(self.D), R), m.product(self.P.decay, squares)) / 2

    def loss(self):
        return self.value(self.R, self.decay())

    def row_sums(self, Q):
        return Q.columns_scaled(self.D) * ones(Q.c, 1)

    def dual_value(self, Q):
        m, QD = self.meter, Q.columns_scaled(self.D)
        x = m.difference(inner(QD, self.P.Y), inner(QD, Q) / 2)
        if self.P.decayed_bias(1) is not None:
            x = m.difference(x, m.quotient(self.row_sums(Q).norm2(), self.P.decay) / 2)
        return x

    def is_tight(self):
        """h(W) is the dual value of the residual."""
        return self.loss() == self.dual_value(self.R)

    def linear(self):
        return self.slope == 1 or self.X.is_zero()

    def cone_claim(self, QD, tau):
        T = independent_rows(self.X, min(self.X.r, self.X.c))[1]
        T = type(T)(T.a, 1, cols=T.c, meter=self.meter)
        X = T.t() * self.X
        B = times(QD * X.t(), self.slope)
        return ConeClaim(B, times(QD, 1 - self.slope), X, T.t() * T, tau, self.meter)

    def polar(self, f, prefix, QD, tau):
        """|QD s(w^T X')^T| <= tau |w| for all w."""
        if self.linear():
            norm2 = f.upper(prefix + "polar", (QD * self.X.t()).smaller_gram())
            ensure(norm2 <= self.meter.square(tau), prefix + "polar: the dual point is outside")
            return
        claim, block = self.cone_claim(QD, tau), f.get(prefix + "tree", "numbers")
        if block:
            verify_tree(block[1], claim)
            return
        m = self.meter
        odd, q, x = [sqrt_upper(f.upper(prefix + name, A.smaller_gram()))
                     for name, A in (("polar", QD * self.X.t()), ("polar-q", QD), ("polar-x", self.X))]
        bound = m.sum(m.product(abs(1 + self.slope), odd), m.product(abs(1 - self.slope), q, x)) / 2
        ensure(bound <= tau, prefix + "tree: there is none, and the norms do not show it")

    def lower(self, f):
        """The bound of h* by the dual point."""
        Q = f.matrix("dual", self.k, self.R.c, False) or self.R
        if self.P.bias and self.P.decayed_bias(1) is None:
            ensure(self.row_sums(Q).is_zero(), "dual: the last bias is free, and Q D 1 is not 0")
        self.polar(f, "", Q.columns_scaled(self.D), self.P.decay)
        return self.dual_value(Q)

    def units(self):
        """(w_i, u_i), the bias of the unit in w_i."""
        P = self.P
        first = P.W[0].t().stacked(P.b[0].t()) if P.bias else P.W[0].t()
        return [([first.at(a, i) for a in range(self.d)], [P.W[1].at(r, i) for r in range(self.k)]) for i in range(P.W[0].r)]

    def outputs_times(self, x):
        """The sum of x_i u_i s(w_i^T X')."""
        F = self.R.minus(self.R)
        for y, (w, u) in zip(x, self.units()):
            F = F.plus(y, self.outputs(w + u))
        return F

    def has_same_outputs(self, x):
        """With x_i >= 0 times the units."""
        return all(y >= 0 for y in x) and self.outputs_times([y - 1 for y in x]).is_zero()

    def squares(self):
        m = self.meter
        return [[m.sum(Fraction(0), *[m.square(x) for x in part]) for part in unit] for unit in self.units()]

    def omega_lower(self, f):
        Q = f.matrix("omega-dual", self.k, self.R.c, True)
        self.polar(f, "omega-", Q, Fraction(1))
        return max(Fraction(0), inner(Q, self.outputs_times([Fraction(1)] * self.P.W[0].r)))

    def omega_upper(self, f):
        m, n = self.meter, self.P.W[0].r
        x = f.numbers("omega-multiples", n, False) or [Fraction(1)] * n
        ensure(self.has_same_outputs(x), "omega-multiples: other outputs")
        return m.sum(Fraction(0), *[m.product(y, sqrt_upper(m.product(w2, u2))) for y, (w2, u2) in zip(x, self.squares())])

    def gain(self, x):
        """What a small unit in the place of one that is 0 gains, to second order."""
        m = self.meter
        squares = m.sum(Fraction(0), *[m.square(y) for y in x])
        return m.difference(inner(self.R.columns_scaled(self.D), self.outputs(x)), m.product(self.P.decay, squares) / 2)

    def outputs(self, x):
        """u s(w^T X') for x = (w, u)."""
        z = row_matrix(x[:self.d]) * self.X
        return row_matrix(x[self.d:]).t() * (apply(self.P.act[0], z) if self.P.act else z)

    def better(self, f):
        """The loss of the other network."""
        P, m = self.P, self.meter
        scale = f.numbers("scale", 1, False)
        square = m.square(scale[0]) if scale else Fraction(1)
        b = f.numbers("bias", self.k, False) if P.bias else None
        old = P.b[1] * ones(1, self.R.c) if P.bias else None
        new = (row_matrix(b).t() if b else P.b[1]) if P.bias else None
        F = times(self.F.minus(old) if P.bias else self.F, square)
        R = P.Y.minus(F).minus(new * ones(1, self.R.c)) if P.bias else P.Y.minus(F)
        squares = m.product(square, m.sum(Fraction(0), *[A.norm2() for A in P.W + (P.b[:1] if P.bias else [])]))
        if P.decayed_bias(1) is not None:
            squares = m.sum(squares, new.norm2())
        i = 1
        while "unit:%d" % i in f.blocks:
            x = f.numbers("unit:%d" % i, self.d + self.k, True)
            R, squares = R.minus(self.outputs(x)), m.sum(squares, *[m.square(y) for y in x])
            i += 1
        return self.value(R, squares)


def times(A, x):
    """x A."""
    return A.columns_scaled([Fraction(x)] * A.c)


def supports_units(P):
    ensure(P.kind in ("linear", "feedforward") and P.l == 2 and P.features is None, "two layers")
    ensure(not P.act or rational_activation(P.act[0]), "piecewise linear units")
    ensure(not P.bias or P.decayed_bias(0) is not None, "the bias of the hidden units must be decayed")


def supports(P, c=None, k=None):
    ensure(P.loss == "square" and P.decay > 0, "the square loss with weight decay")
    supports_units(P)


def verify(f, P, c, k):
    w, gap = Widths(P), c.gap or Fraction(0)
    if k.proved:
        low = max(Fraction(0), w.lower(f))
        ensure(w.meter.difference(w.loss(), low) <= gap, "the dual point does not prove so small a gap")
    else:
        ensure(w.meter.difference(w.loss(), w.better(f)) > gap, "the other network is not better by more than the gap")


CLAIMS = {"regularized-global-minimum": Family(lambda rd, P, c, words: read_tolerance(rd, c, words, "gap"), supports,
                                               verify, version=2)}
