# SPDX-License-Identifier: LGPL-2.1-or-later
"""The least loss of one hidden unit, between two bounds: doc/rules/landscape.md."""
from activation import negative_slope
from claims import Family, read_tolerance
from cone_tree import ConeClaim, verify_tree
from matrix import Matrix, inner, zero
from network import loss
from neighbourhood import read_witness
from number import common_denominator
from unit_cells import Cell, Choice, Samples, data, excludes_all, one_hidden_layer_with_kinks, read_subset
from verdict import ensure


def read(rd, P, c, words):
    read_tolerance(rd, c, words, "gap")


def supports(P, c, k):
    one_hidden_layer_with_kinks(P)
    ensure(P.W[0].r == 1, "one hidden unit")


def claim_of(P, X, Y, D, rho):
    """What the tree has to show."""
    a = negative_slope(P.act[0])
    Q = Y.columns_scaled(D)
    B = (Q * X.t()).kron(Matrix([[a.numerator]], a.denominator))
    Q = Q.kron(Matrix([[(1 - a).numerator]], (1 - a).denominator))
    d = common_denominator(D) * a.denominator
    claim = ConeClaim(B, Q, X, zero(X.r, X.r), rho / d, P.X.meter)
    up = [x * d * d for x in D]
    down = [x * a * a for x in up]
    ensure(all(x.denominator == 1 for x in up + down), "the weights")
    claim.set_weights([x.numerator for x in up], [x.numerator for x in down])
    return claim


WIDTH = 3                           # numbers of a point before its w
LISTED = ("cells", "dead", "critical", "minima", "points")


class Codes:
    def __init__(self, f):
        block = f.need("points", "numbers", False)
        self.codes, self.numbers = f.need("cells", "codes")[1], block[1] if block else []
        self.at = self.used = 0

    def next(self):
        ensure(self.at < len(self.codes), "cells: the codes end too early")
        self.at += 1
        return self.codes[self.at - 1]

    def take(self, n):
        ensure(self.used + n <= len(self.numbers), "points: numbers are missing")
        self.used += n
        return self.numbers[self.used - n:self.used]


class List:
    def __init__(self, P, codes, samples, norm2, points, which):
        self.P, self.codes, self.s, self.norm2, self.points = P, codes, samples, norm2, points
        self.columns = list(zip(*P.X.some_columns(which).a))
        self.seen = self.minima = self.dead = 0
        self.last = None

    def point(self, cell, i):
        ensure(self.seen < len(self.points), "a critical point is not listed")
        minimum, low, high, w = self.points[self.seen]
        self.seen += 1
        ensure(minimum == (i == 0), "a point is listed with the wrong kind")
        self.minima += i == 0
        ensure(cell.loss_is_within([i], self.norm2, low, high), "the loss of a point")
        for j, x in enumerate(self.columns):
            z = sum(a * b for a, b in zip(w, x))
            ensure(z > 0 if self.s.has(cell.cell, j) else z < 0, "the w of a point is not in its cell")

    def eigenvalue(self, cell, i):
        choice = Choice(cell, [i])
        code = self.codes.next()
        if code == 0:
            ensure(choice.contains(self.codes.take(choice.numbers())), "the numbers of a point are not in its cell")
            self.point(cell, i)
            return
        for sign in (1, -1) if choice.simple else (1,):
            subset = read_subset(code if sign > 0 else self.codes.next(), self.s.n)
            ensure(choice.excludes(subset, sign), "a set of samples does not exclude an eigenvalue")

    def cell(self, signs):
        if self.s.relu and signs == 0:
            self.dead += 1
            return
        M, G = self.s.sums(signs)
        code = self.codes.next()
        if code == 1:
            cell = Cell(self.s, signs, M, G)
            for i in range(len(cell.roots)):
                self.eigenvalue(cell, i)
            return
        if code:
            self.last = read_subset(code, self.s.n)
        ensure(self.last and excludes_all(self.s, signs, M, G, self.last), "a set of samples does not exclude the points of its cell")


def verify_list(f, P, X, Y, D, which, norm2, k):
    """All critical points off the kinks."""
    samples, codes = Samples(X, Y, D, negative_slope(P.act[0]), P.X.meter), Codes(f)
    found = List(P, codes, samples, norm2, k.constants["points"], which)
    cells = samples.enumerate()
    for signs in cells:
        found.cell(signs)
    for signs in cells:
        found.cell(samples.opposite(signs))
    ensure(codes.at == len(codes.codes) and codes.used == len(codes.numbers), "cells: codes or numbers are left over")
    ensure([k.constants[name] for name in LISTED[:4]] == [2 * len(cells), found.dead, found.seen, found.minima] and found.seen == len(found.points),
           "the numbers of cells, or of critical points, are others")


def verify(f, P, c, k):
    ensure(k.proved, "it is never refuted")
    low, high = k.constants.get("low"), k.constants.get("high")
    ensure(low is not None and high is not None, "low and high are expected")
    ensure(c.gap is None or high - low <= c.gap * high, "further apart than the gap allows")
    ensure(loss(read_witness(f, P, "better", True), None) <= high, "better:1: its loss is larger than the upper bound")
    listed = [name in k.constants for name in LISTED]
    ensure(all(listed) or not any(listed), "all constants of the list are expected, or none")
    if low <= 0 and not any(listed):
        return
    norm2 = inner(P.Y.columns_scaled(P.curvature()), P.Y)
    X, Y, D, which = data(P)
    if low > 0:
        rho = f.numbers("rho", 1, True)[0]
        ensure(rho >= 0 and 2 * low <= norm2 - P.X.meter.square(rho), "rho: too large for this lower bound")
        if which:
            verify_tree(f.need("tree", "numbers")[1], claim_of(P, X, Y, D, rho))
    if any(listed):
        ensure(which, "cells: no sample counts")
        verify_list(f, P, X, Y, D, which, norm2, k)


def read_points(rd, P, words):
    """Minimum, low, high, w of each."""
    ensure(words, "the points")
    width = WIDTH + P.X.r
    n = rd.count(words[0], 0, len(words) // width, "points")
    x = rd.rationals(words[1:1 + n * width], n * width, 1)
    return [(x[i], x[i + 1], x[i + 2], x[i + 3:i + width]) for i in range(0, n * width, width)], words[1 + n * width:]


CLAIMS = {"landscape": Family(read, supports, verify, constants=("low", "high") + LISTED[:4], lists={"points": read_points}, version=2)}
