# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cells of hidden units and the critical points in them: doc/rules/landscape.md, "The list", doc/rules/critical-point-exists.md.

Cells are found by deletion and restriction, not ray by ray: those of the first j hyperplanes that the next one cuts are the cells of their traces on it."""
from fractions import Fraction
from math import comb, gcd

from activation import negative_slope, rational_activation
from claims import square_loss_without_decay
from elimination import eliminate, independent_rows, solve
from matrix import Matrix, entry_bits
from roots import enclosure, positive_roots
from spectrum import characteristic
from verdict import ensure

MOST_SUBSET = 16


def primitive(v):
    g = gcd(*v)
    return [x // g for x in v] if g > 1 else list(v)


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def cells_with_points(vectors, k, most=1 << 62):
    """Of the arrangement of the vectors (k numbers, none 0): a point in each cell, by its signs, an integer in which the first vector has the highest bit."""
    if k == 1:
        signs = 0
        for (x,) in vectors:
            signs = signs << 1 | (x > 0)
        full = (1 << len(vectors)) - 1
        return {signs: [1], full ^ signs: [-1]}
    cells, done = {0: [0] * k}, []
    for v in vectors:
        p = next(i for i, x in enumerate(v) if x)
        parallel = [u for u in done if all(u[i] * v[p] == v[i] * u[p] for i in range(k))]
        new, cut = {}, {}
        if not done:
            new, cells = {1: list(v), 0: [-x for x in v]}, {}
        elif not parallel:
            # coordinate p of the hyperplane is - (sum of the others) / v_p
            traces = [[u[i] * v[p] - u[p] * v[i] if v[p] > 0 else u[p] * v[i] - u[i] * v[p] for i in range(k) if i != p] for u in done]
            for signs, q in cells_with_points(traces, k - 1).items():
                # x_i = |v_p| q_i, x_p = - sign(v_p) sum v_i q_i
                w = [x * abs(v[p]) for x in q]
                w.insert(p, -sum(x * y for x, y in zip([v[i] for i in range(k) if i != p], q)) * (1 if v[p] > 0 else -1))
                cut[signs] = primitive(w)
        for signs, w in cells.items():
            if signs in cut:
                q = cut[signs]
                # q + v / t keeps the signs where |v.u| < t |q.u|
                t = 1 + max(abs(dot(v, u)) // abs(dot(q, u)) for u in done)
                new[signs << 1 | 1] = primitive([t * x + y for x, y in zip(q, v)])
                new[signs << 1] = primitive([t * x - y for x, y in zip(q, v)])
            else:
                z = dot(v, w)
                ensure(z != 0 or parallel, "a point on a hyperplane")
                new[signs << 1 | (z > 0)] = w
        cells = new
        ensure(len(cells) <= most, 'beyond the limit "cells" of the format')
        done.append(v)
    return cells


def one_hidden_layer_with_kinks(P):
    square_loss_without_decay(P)
    ensure(P.kind == "feedforward" and P.l == 2 and rational_activation(P.act[0]) and negative_slope(P.act[0]) != 1 and not P.bias,
           "one hidden layer of relu or leaky-relu units without biases")


def data(P):
    """X in independent integer rows, Y and D of the samples that count, the indices of these samples."""
    D = P.curvature()
    which = [j for j in range(P.X.c) if D[j] and any(row[j] for row in P.X.a)]
    if not which:
        return None, None, None, which
    X, Y, D = P.X.some_columns(which), P.Y.some_columns(which), [D[j] for j in which]
    rows = X.some_rows(independent_rows(X)[0])
    return Matrix(rows.a, 1, meter=P.X.meter), Y, D, which


class Samples:
    """The samples that count: X (r x n) integer, Y (k x n), D, the slope a."""

    def __init__(self, X, Y, D, a, meter):
        self.n, self.r, self.k, self.meter, self.relu = X.c, X.r, Y.r, meter, a == 0
        self.x = [list(c) for c in zip(*X.a)]
        self.w = 1
        for d in D:
            self.w = self.w * d.denominator // gcd(self.w, d.denominator)
        p, q = a.numerator, a.denominator
        self.M_unit, self.G_unit = Fraction(1, self.w * q * Y.den), Fraction(1, self.w * q * q)
        self.bits = max(d.numerator.bit_length() for d in D) + self.w.bit_length() + 2 * X.bits() + Y.bits() + 2 * (p.bit_length() + q.bit_length())
        size = (self.k + self.r) * self.r
        meter.take(self.n, 4, size, self.bits, self.bits)
        meter.keep(self.n, 2 * size, self.bits)
        self.up, self.down = [], []
        for j, x in enumerate(self.x):
            d = int(D[j] * self.w)
            for parts, s, t in ((self.up, d * q, d * q * q), (self.down, d * p, d * p * p)):
                parts.append([Y.a[i][j] * s * c for i in range(self.k) for c in x] + [c * e * t for c in x for e in x])
        self.bits += self.n.bit_length()

    def has(self, cell, j):
        return cell >> (self.n - 1 - j) & 1

    def signed(self, cell, j):
        return self.x[j] if self.has(cell, j) else [-c for c in self.x[j]]

    def sums(self, cell):
        """The integers M (k x r) and G (r x r)."""
        self.meter.take(1, self.n, (self.k + self.r) * self.r, self.bits, 0)
        parts = [(self.up if self.has(cell, j) else self.down)[j] for j in range(self.n)]
        total = [sum(c) for c in zip(*parts)]
        rows = [total[i:i + self.r] for i in range(0, len(total), self.r)]
        return rows[:self.k], rows[self.k:]

    def enumerate(self):
        """The cells that are positive at the first sample, ascending."""
        count, most = 2 * sum(comb(self.n - 1, i) for i in range(self.r)), self.meter.limits["cells"]
        ensure(self.r <= 60 and 1 << (self.r - 1) <= most, 'beyond the limit "cells" of the format')
        if self.n == self.r or self.r == 1:
            self.meter.take(1 << self.r, self.n // 64 + 1 + self.n, 2, 0, 0)
        else:
            self.meter.take(1, comb(self.n, self.r - 1), self.n * self.r + self.r ** 3, self.r * self.bits, self.bits)
        first = 1 << (self.n - 1)
        cells = sorted(c for c in cells_with_points(self.x, self.r, 2 * most) if c & first)
        ensure(2 * len(cells) <= count, "the number of cells")
        ensure(len(cells) <= self.meter.limits["cells"], 'beyond the limit "cells" of the format')
        return cells

    def opposite(self, cell):
        return (1 << self.n) - 1 ^ cell


def gordan(rows, cols, n, meter):
    """The absolute values of the last n entries of a vector in the kernel, if they have one sign and are determined but for a factor."""
    r, bits = min(len(rows), cols), entry_bits(rows)
    meter.take(1, 2000, 1, 0, 0)
    meter.take(len(rows), r, cols, r * (bits + 10), bits)
    pivots, R, den = eliminate(rows, cols)
    free = [j for j in range(cols - n, cols) if j not in pivots]
    if len(free) != 1:
        return None
    v = [0] * cols
    v[free[0]] = den
    for i, p in enumerate(pivots):
        v[p] = -R[i][free[0]]
    v = v[cols - n:]
    return [abs(x) for x in v] if min(v) >= 0 or max(v) <= 0 else None


def excludes_all(s, cell, M, G, subset):
    if len(subset) > s.r + 1:
        return False
    signed = [s.signed(cell, j) for j in subset]
    rows = [m + [0] * len(subset) for m in M] + [g + [-v[i] for v in signed] for i, g in enumerate(G)]
    return gordan(rows, s.r + len(subset), len(subset), s.meter) is not None


def kernel_rows(A):
    pivots, T = independent_rows(A.t(), min(A.c, A.r))
    rows = []
    for i in range(A.c):
        if i in pivots:
            continue
        row = [0] * A.c
        for p, x in zip(pivots, T.a[i]):
            row[p] = -x
        row[i] = T.den
        rows.append(row)
    return pivots, Matrix(rows, T.den, cols=A.c, meter=A.meter)


class Cell:
    """K with K G = M, Sigma = K M^T, its positive eigenvalues, and rows that span ker G, or ker M if more."""

    def __init__(self, s, cell, M, G, more=False):
        self.s, self.cell = s, cell
        s.meter.take(1, 20000, 1, 0, 0)
        self.M = self.scaled(M, s.M_unit)
        self.G = self.scaled(G, s.G_unit)
        pivots, self.kernel = kernel_rows(self.G)
        self.K = self.find_K(pivots)
        if more:
            self.kernel = kernel_rows(self.M)[1]
        self.Sigma = self.K * self.M.t()
        k, bits = s.k, self.Sigma.bits() + 10
        s.meter.take(k, 2 * k * k, k, bits, 0)
        self.f = [int(x) for x in reversed(characteristic(self.Sigma))]
        self.roots = positive_roots(self.f)

    def scaled(self, rows, unit):
        return Matrix([[x * unit.numerator for x in row] for row in rows], unit.denominator, cols=self.s.r, meter=self.s.meter)

    def find_K(self, pivots):
        rows = [[0] * self.s.r for _ in range(self.s.k)]
        den = 1
        if pivots:
            S = solve(self.G.some_rows(pivots).some_columns(pivots), self.M.some_columns(pivots).t())
            den = S.den
            for i, p in enumerate(pivots):
                for j in range(self.s.k):
                    rows[j][p] = S.a[i][j]
        K = Matrix(rows, den, cols=self.s.r, meter=self.s.meter)
        ensure((K * self.G).same(self.M), "K G = M")
        return K

    def compare_sum(self, captured, x):
        """The sign of the sum of these eigenvalues less x; of several irrational ones only if it is not 0."""
        whole, rest = -x * self.Sigma.den, []
        times = {i: captured.count(i) for i in captured}
        for n in sorted(set(times.values())):
            group = [self.roots[i] for i in times if times[i] == n]
            g = rational_factor(group)
            if g is None:
                rest += [root for root in group for _ in range(n)]
            else:
                whole -= n * g[-2]
        if not rest:
            return (whole > 0) - (whole < 0)
        if len(rest) == 1:
            return rest[0].sign([whole, Fraction(1)])
        return sum_sign(rest, [[whole if l == 0 else Fraction(0), Fraction(1)] for l in range(len(rest))])

    def loss_is_within(self, captured, norm2, low, high):
        return self.compare_sum(captured, norm2 - 2 * low) <= 0 <= self.compare_sum(captured, norm2 - 2 * high)


def sum_sign(roots, polynomials):
    """Of the sum of the polynomials at the roots, which is not 0."""
    for _ in range(1 << 10):
        bounds = [enclosure(f, r.low, r.high) for f, r in zip(polynomials, roots)]
        low, high = sum(b[0] for b in bounds), sum(b[1] for b in bounds)
        if low > 0 or high < 0:
            return 1 if low > 0 else -1
        for r in roots:
            r.halve()
    ensure(False, "a sum of irrational numbers that is not told from 0")


def read_subset(code, n):
    """code - 1 in digits 1 .. n, least first."""
    found, x = [], code - 1
    while x > 0:
        found.append(x % (n + 1) - 1)
        x //= n + 1
    ensure(found and found[0] >= 0 and all(a < b for a, b in zip(found, found[1:])) and len(found) <= MOST_SUBSET, "a code is no set of samples")
    return found


class Choice:
    """The eigenvalues with these numbers: one that is simple, or a rational space, or several simple ones."""

    def __init__(self, cell, which):
        cell.s.meter.take(1, 10000, 1, 0, 0)
        self.cell, self.simple, self.B = cell, [], Matrix([], 1, cols=cell.s.r, meter=cell.s.meter)
        if not (len(which) == 1 and cell.roots[which[0]].multiplicity == 1):
            self.B = self.space(which)
        if self.B is None or (len(which) == 1 and cell.roots[which[0]].multiplicity == 1):
            ensure(all(cell.roots[i].multiplicity == 1 for i in which), "an eigenvalue that is irrational and not simple is not treated")
            self.simple = which
            self.b = [self.eigenvector(cell.roots[i]) for i in which]
            self.B = Matrix([], 1, cols=cell.s.r, meter=cell.s.meter)
        self.rows = len(self.simple) or self.B.r

    def numbers(self):
        return self.rows + (len(self.simple) if len(self.simple) > 1 else 0) + self.cell.kernel.r

    def eigenvector(self, root):
        """K^T q, in polynomials at the root: q a column of adj(x I - S), by Horner's rule in S."""
        c, k, S, f = self.cell, self.cell.s.k, self.cell.Sigma.a, self.cell.f
        for e in range(k):
            v, powers = [int(i == e) for i in range(k)], []
            for i in range(k - 1, -1, -1):
                powers.append(v)
                v = [dot(row, v) for row in S]
                v[e] += f[i]
            column = [[p[i] for p in reversed(powers)] for i in range(k)]
            if root.sign(column[e]):
                return [[sum(c.K.a[o][i] * column[o][j] for o in range(k)) for j in range(k)] for i in range(c.s.r)]
        ensure(False, "an eigenvector")

    def space(self, which):
        """Rows that span K^T T, T the sum of whole eigenspaces; None if no rational polynomial has these roots alone."""
        c = self.cell
        h = rational_factor([c.roots[i] for i in which]) if which else [Fraction(1)]
        if h is None:
            return None
        H = [[Fraction(0)] * c.s.k for _ in range(c.s.k)]
        for x in reversed(h):
            H = [[dot(row, column) for column in zip(*c.Sigma.a)] for row in H]
            for i in range(c.s.k):
                H[i][i] += x
        den = 1
        for row in H:
            for x in row:
                den = den * x.denominator // gcd(den, x.denominator)
        pivots, R, d = eliminate([[int(x * den) for x in row] for row in H], c.s.k)
        rows = []
        for j in range(c.s.k):
            if j not in pivots:
                row = [0] * c.s.k
                row[j] = d
                for i, p in enumerate(pivots):
                    row[p] = -R[i][j]
                rows.append(primitive(row if d > 0 else [-x for x in row]))
        return Matrix(rows, 1, cols=c.s.k, meter=c.s.meter) * c.K

    def contains(self, y):
        """Whether w = B^T y + kernel^T n is in the cell."""
        c, s = self.cell, self.cell.s
        tail = y[len(y) - c.kernel.r:]
        w = [sum((t * c.kernel.at(l, i) for l, t in enumerate(tail)), Fraction(0)) for i in range(s.r)]
        if not self.simple:
            for i in range(s.r):
                w[i] += sum(y[l] * self.B.at(l, i) for l in range(self.B.r))
            return all(dot(w, s.signed(c.cell, j)) > 0 for j in range(s.n))
        factors = []
        for l in range(len(self.simple)):
            t, factor = (y[0], Fraction(1)) if len(self.simple) == 1 else y[2 * l:2 * l + 2]
            if t == 0 or t.denominator != 1 or t.numerator.bit_length() > 16 or factor <= 0:
                return False
            factors.append(factor * (1 if t > 0 else -1) / (1 << (abs(int(t)) - 1)))
        return all(self.sign_along(factors, s.signed(c.cell, j), dot(w, s.signed(c.cell, j))) > 0 for j in range(s.n))

    def along(self, l, v):
        return [Fraction(sum(v[i] * self.b[l][i][j] for i in range(len(v)))) for j in range(self.cell.s.k)]

    def sign_along(self, factors, v, z):
        """Of sum factor_l v.b_l + z: exactly with one eigenvalue, otherwise if it is not 0."""
        f = [[y * x for x in self.along(l, v)] for l, y in enumerate(factors)]
        roots = [self.cell.roots[i] for i in self.simple]
        f[0][0] += z
        return roots[0].sign(f[0]) if len(f) == 1 else sum_sign(roots, f)

    def excludes(self, subset, sign):
        c, s = self.cell, self.cell.s
        R = c.kernel.stacked(self.B)
        if len(subset) > R.r + 1 or len(self.simple) > 1:
            return False
        signed = [s.signed(c.cell, j) for j in subset]
        rows = [[dot(row, v) for v in signed] for row in R.a]
        weights = gordan(rows, len(subset), len(subset), s.meter)
        if weights is None:
            return False
        if not self.simple:
            return True
        v = [sum(l * x[i] for l, x in zip(weights, signed)) for i in range(s.r)]
        return sign * self.sign_along([1], v, 0) <= 0


def rational_factor(roots):
    """The monic polynomial with these roots alone, if it is rational; None otherwise."""
    g = product_near(roots)
    return g if g is not None and all(root.is_zero(g) for root in roots) else None


def product_near(roots):
    """The monic polynomial with these roots, if its coefficients are integers (those of a monic integer polynomial's factors are)."""
    for _ in range(1 << 12):
        polynomial = [(Fraction(1), Fraction(1))]
        for r in roots:
            shifted = [(Fraction(0), Fraction(0))] + polynomial
            for i, (a, b) in enumerate(polynomial):
                products = [a * r.low, a * r.high, b * r.low, b * r.high]
                shifted[i] = (shifted[i][0] - max(products), shifted[i][1] - min(products))
            polynomial = shifted
        spread = max(b - a for a, b in polynomial)
        if spread < Fraction(1, 2):
            g = [round((a + b) / 2) for a, b in polynomial]
            return [Fraction(x) for x in g] if all(a <= x <= b for x, (a, b) in zip(g, polynomial)) else None
        for r in roots:
            r.halve()
    return None
