# SPDX-License-Identifier: LGPL-2.1-or-later
"""inequality: a relation between products of named quantities at the point (doc/mathematics.md,
"Inequalities")."""
import re
from fractions import Fraction

from claims import Family, square_loss_only
from elimination import independent_rows
from factors import multiplied, read_factors
from matrix import scalar
from network import gradient_norm2, has_rational_values, loss
from verdict import ensure

TERM = re.compile(r"(loss|h_inf|gradient|(norm|eta_min)\(([^()]+)\))(\^2)?\Z")
RELATIONS = (">=", ">", "<=", "<", "=")


def read_term(rd, P, text):
    """A number, or (name, matrices, squared)."""
    m = TERM.match(text)
    if m is None:
        x = rd.rational(text)
        ensure(x >= 0, "a negative number")
        return x
    return m[2] or m[1], read_factors(P, m[3]) if m[2] else [], bool(m[4])


def read_side(rd, P, text):
    parts = re.findall(r"(?:\([^()]*\)|[^()*])+", text)
    ensure("*".join(parts) == text and 1 <= len(parts) <= 8, "the expression")
    return [read_term(rd, P, part) for part in parts]


def read(rd, P, c, words):
    ensure(len(words) == 3 and words[1] in RELATIONS, "the claim line")
    c.sides, c.relation = (read_side(rd, P, words[0]), read_side(rd, P, words[2])), words[1]


def supports(P, c, k):
    square_loss_only(P)
    words = {t[0] for side in c.sides for t in side if not isinstance(t, Fraction)}
    feed = P.kind == "feedforward"
    ensure(not (feed and "h_inf" in words), "h_inf is for linear and residual networks")
    ensure(P.decay == 0 or "h_inf" not in words, "h_inf is without weight-decay")
    ensure(has_rational_values(P) or not {"loss", "gradient"} & words,
           "loss and gradient need rational activations")


class Bounds:
    """Bounds of the squares of terms and sides."""

    def __init__(self, f, P):
        self.f, self.P, self.exact = f, P, {}
        self.M = P.moments()

    def exact_square(self, name):
        """Of loss, h_inf or gradient; None without a gradient."""
        if name not in self.exact:
            if name == "gradient":
                self.exact[name] = gradient_norm2(self.P, self.M)
            else:
                x = self.M.infimum() if name == "h_inf" else loss(self.P, self.M)
                self.exact[name] = self.f.meter.square(x)
        return self.exact[name]

    def at_vector(self, role, A, Rt):
        """||A R^T z||^2 / ||R^T z||^2 for the vector z of the role."""
        z = self.f.matrix(role + ":vector", Rt.c, 1, True)
        x, n = ((A * Rt) * z).norm2(), (Rt * z).norm2()
        ensure(n, "the vector is zero")
        return self.f.meter.quotient(x, n)

    def singular_value(self, role, name, factors, upper):
        """Of the square of norm or eta_min of a product."""
        A = multiplied(factors)
        if name == "norm":
            if upper:
                return self.f.upper(role, A.smaller_gram())
            return self.at_vector(role, A, scalar(A.c, meter=A.meter))
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
        if factors:
            x = self.singular_value(role, name, factors, upper)
        else:
            x = self.exact_square(name)
            ensure(x is not None, "no gradient at a kink")
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


CLAIMS = {"inequality": Family(read, supports, verify)}
