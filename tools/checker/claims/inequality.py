# SPDX-License-Identifier: LGPL-2.1-or-later
"""inequality: a relation between products of named quantities at the point (doc/mathematics.md,
"Inequalities")."""
import re
from fractions import Fraction

from basis import AFFINE, Basis, Pass, lower, upper
from claims import Family, has_shortcuts, regularized_global_minimum
from elimination import independent_rows
from factors import multiplied, read_factors
from loss import phi_bounds, supports_loss
from number import sqrt_lower
from network import gradient_norm2, has_moments, has_rational_values, loss
from verdict import Unsupported, ensure

TERM = re.compile(r"(loss|h_inf|gradient|omega|(inf|norm|eta_min)\(([^()]+)\))(\^2)?\Z")
RELATIONS = (">=", ">", "<=", "<", "=")


def read_term(rd, P, text):
    """A number, or (name, matrices or basis, squared)."""
    m = TERM.match(text)
    if m is None:
        x = rd.rational(text)
        ensure(x >= 0, "a negative number")
        return x
    if m[2] == "inf":
        return "inf", Basis(P, m[3]), bool(m[4])
    return m[2] or m[1], read_factors(P, m[3]) if m[2] else [], bool(m[4])


def read_side(rd, P, text):
    parts = re.findall(r"(?:\([^()]*\)|[^()*])+", text)
    ensure("*".join(parts) == text and 1 <= len(parts) <= 8, "the expression")
    return [read_term(rd, P, part) for part in parts]


def read(rd, P, c, words):
    ensure(len(words) == 3 and words[1] in RELATIONS, "the claim line")
    c.sides, c.relation = (read_side(rd, P, words[0]), read_side(rd, P, words[2])), words[1]


def words_of(c):
    return {t[0] for side in c.sides for t in side if not isinstance(t, Fraction)}


def needs_pass(P):
    return not has_moments(P)


def version_of(P, c):
    words = words_of(c)
    values = {"loss", "gradient"} & words and P.features is None and not has_rational_values(P)
    return 2 if {"inf", "omega"} & words or P.loss != "square" or values else 1


def supports(P, c, k):
    words = words_of(c)
    ensure("h_inf" not in words or P.linear and P.decay == 0 and P.loss == "square",
           "h_inf is for linear and residual networks, the square loss, without weight-decay")
    values = {"loss", "gradient"} & words
    if "omega" in words:
        regularized_global_minimum.supports_units(P)
    ensure(not {"norm", "eta_min"} & words or not has_shortcuts(P), "norm and eta_min")
    ensure(not values or P.features is None, "loss and gradient where features are given")
    if "inf" in words:
        ensure(P.kind != "residual" and P.features is None and P.decay == 0, "inf is not known")
    if "inf" in words or values and needs_pass(P):
        ensure(P.kind != "residual", "residual networks")
        supports_loss(P)
        if not has_rational_values(P):
            raise Unsupported("transcendental activations")


class Bounds:
    """Bounds of the squares of terms and sides."""

    def __init__(self, f, P):
        self.f, self.P, self.exact = f, P, {}
        self.passes = {}

    def layers(self, basis):
        """The pass, with slopes if the basis needs them."""
        tangent = basis.kind in ("cell", "chain") + AFFINE
        if tangent not in self.passes:
            self.passes[tangent] = Pass(self.P, basis)
        return self.passes[tangent]

    def by_pass(self, name, upper):
        """The square of loss or gradient where the loss is not the square one."""
        P, m = self.P, self.f.meter
        if name == "loss":
            x = phi_bounds(P, self.layers(Basis(P, "functions")).out)[upper]
            x = m.sum(x, *[m.product(P.decay / 2, W.norm2()) for W in P.decayed_matrices()])
            return m.square(max(x, Fraction(0)))            # a loss is not negative; its bound may be
        parts = self.layers(Basis(P, "tangent")).gradient()
        squares = [g.norm2() if not g.rad else m.square(g.norm_upper() if upper else
                   max(Fraction(0), m.difference(sqrt_lower(g.norm2()), g.rad))) for g in parts]
        return m.sum(Fraction(0), *squares)

    def infimum(self, basis, up):
        p = self.layers(basis)
        x = upper(self.f, basis, None, p) if up else lower(self.f, basis, None, p)
        return self.f.meter.square(max(x, Fraction(0)))

    def omega(self, up):
        w = regularized_global_minimum.Widths(self.P)
        return self.f.meter.square(w.omega_upper(self.f) if up else w.omega_lower(self.f))

    def exact_square(self, name):
        """Of loss, h_inf or gradient; None without a gradient."""
        if name not in self.exact:
            if name == "gradient":
                self.exact[name] = gradient_norm2(self.P, self.P.moments())
            else:
                x = self.P.moments().infimum() if name == "h_inf" else loss(self.P, self.P.moments())
                self.exact[name] = self.f.meter.square(x)
        return self.exact[name]

    def at_vector(self, role, A, Rt):
        """||A R^T z||^2 / ||R^T z||^2 for the vector z of the role."""
        return self.quotient(role, A * Rt, Rt.c, lambda z: Rt * z)

    def quotient(self, role, B, n, compared):
        """||B z||^2 over the square of what it is compared with, for the vector z of the role."""
        z = self.f.matrix(role + ":vector", n, 1, True)
        x, y = (B * z).norm2(), compared(z).norm2()
        ensure(y, "the vector is zero")
        return self.f.meter.quotient(x, y)

    def singular_value(self, role, name, factors, upper):
        """Of the square of norm or eta_min of a product."""
        A = multiplied(factors)
        if name == "norm":
            if upper:
                return self.f.norm2(role, A)
            return self.quotient(role, A, A.c, lambda z: z)
        tall = A.t() if A.r < A.c else A
        x = self.f.least2(role, tall)
        if x is not None:                       # so the rank is full
            ensure(x > 0, role, "the rank may not be full")
            return self.quotient(role, tall, tall.c, lambda z: z) if upper else x
        rows = independent_rows(A)[0]
        ensure(rows, "a zero matrix has no eta_min")
        Rt = A.some_rows(rows).t()
        if upper:
            return self.at_vector(role, A, Rt)
        return self.f.lower(role, (A * Rt).gram(), Rt.gram(), True)

    def term(self, role, term, upper):
        if isinstance(term, Fraction):
            return self.f.meter.square(term)
        name, factors, squared = term
        if name == "inf":
            x = self.infimum(factors, upper)
        elif name == "omega":
            x = self.omega(upper)
        elif name in ("loss", "gradient") and needs_pass(self.P):
            x = self.by_pass(name, upper)
        elif factors:
            x = self.singular_value(role, name, factors, upper)
        else:
            x = self.exact_square(name)
            ensure(x is not None, "no gradient at a kink")
        x = max(x, Fraction(0))
        return self.f.meter.square(x) if squared else x

    def side(self, name, terms, upper):
        x = Fraction(1)
        for i, term in enumerate(terms):
            x = self.f.meter.product(x, self.term("%s:%d" % (name, i + 1), term, upper))
        return x


def verify(f, P, c, k):
    bounds, names = Bounds(f, P), ("left", "right")

    def at_least(first, strict):
        low = bounds.side(names[first], c.sides[first], False)
        high = bounds.side(names[1 - first], c.sides[1 - first], True)
        return low > high if strict else low >= high

    if c.relation == "=":
        shown = k.proved and at_least(0, False) and at_least(1, False)
    else:
        strict = (c.relation in "><") == k.proved       # the negation of >= is <
        shown = at_least(int((c.relation[0] == "<") == k.proved), strict)
    ensure(shown, "the bounds of the two sides do not prove it")


CLAIMS = {"inequality": Family(read, supports, verify, version_of=version_of, shortcuts=True)}
