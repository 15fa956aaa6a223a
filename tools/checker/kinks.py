# SPDX-License-Identifier: LGPL-2.1-or-later
"""One hidden layer of piecewise linear units, some of which may be at their kinks: doc/rules/kinks.md.  Everything is exact."""
from fractions import Fraction

from activation import negative_slope
from elimination import charge, independent_rows, rank, solve
from basis import Basis, Pass
from hessian import is_formed, is_minimum as is_hessian_minimum, supports_hessian
from loss import supports_loss
from matrix import Matrix, from_rationals, zero
from moments import Moments
from network import product
from problem import Problem
from verdict import ensure

MOST_CONCAVE, MOST_FLAT, MOST_DEGREE, MOST_PARAMETERS = 8, 10, 3, 60


def supports_kinks(P):
    ensure(P.features is None and P.kind != "residual", "features, residual networks")
    supports_loss(P)
    supports_hessian(P)


def slope_below(P):
    return negative_slope(P.act[0]) if P.act else Fraction(1)


def all_inputs(P):
    return P.X.with_ones() if P.bias else P.X


def layer(P, k):
    """[W_k, b_k]"""
    return P.W[k].t().stacked(P.b[k].t()).t() if P.bias else P.W[k]


def are_there(P):
    """Some unit is exactly at 0 on a sample that is not 0."""
    if P.features is not None or P.kind == "residual" or not is_formed(P) or slope_below(P) == 1:
        return False
    X = all_inputs(P)
    Z = layer(P, 0) * X
    return any(not Z.a[i][j] and any(row[j] for row in X.a) for i in range(Z.r) for j in range(Z.c))


def rank_if_psd(A):
    """The rank of a symmetric matrix that is positive semidefinite; None if it is not."""
    charge(A, A.r)
    rows, found = [[Fraction(x) for x in row] for row in A.a], 0
    while rows:
        top, rest = rows[0], rows[1:]
        if top[0] < 0 or not top[0] and any(top):
            return None
        found += top[0] > 0
        rows = [[x - row[0] * y / top[0] for x, y in zip(row[1:], top[1:])] if top[0] else row[1:] for row in rest]
    return found


def nullspace(rows, n, meter):
    """Vectors v with row.v = 0, as rows."""
    pivots, R = [], []
    for row in rows:
        for p, r in zip(pivots, R):
            row = [x - row[p] * y for x, y in zip(row, r)]
        p = next((i for i, x in enumerate(row) if x), None)
        if p is None:
            continue
        row = [x / row[p] for x in row]
        R = [[x - r[p] * y for x, y in zip(r, row)] for r in R]
        pivots.append(p)
        R.append(row)
    basis = []
    for c in range(n):
        if c not in pivots:
            v = [Fraction(int(i == c)) for i in range(n)]
            for p, r in zip(pivots, R):
                v[p] = -r[c]
            basis.append(v)
    return from_rationals(basis, meter) if basis else Matrix([], cols=n, meter=meter)


def multiple(x, y):
    """l with y = l x, neither being 0; None if there is none."""
    b = next(i for i, t in enumerate(x) if t)
    ratio = y[b] / x[b]
    return ratio if ratio and all(q == ratio * p for p, q in zip(x, y)) else None


class Kinks:
    def __init__(self, P, out):
        supports_kinks(P)
        self.P, self.D, self.a, self.meter = P, P.curvature(), slope_below(P), P.X.meter
        self.E = out.minus(P.Y)
        counts = [Fraction(int(d > 0)) for d in self.D]
        X = all_inputs(P)
        Z, self.X = layer(P, 0) * X, X.columns_scaled(counts)
        self.units, self.m = P.W[0].r, X.c
        c = (P.W[1].t() * self.E).columns_scaled(self.D)
        self.slopes, self.linear, self.c = [], [], {}
        self.flat, self.sharp, self.lines = [], [], {}
        for i in range(self.units):
            self.look(i, Z.a[i], [c.at(i, j) for j in range(self.m)])

    def column(self, j):
        return [self.X.at(a, j) for a in range(self.X.r)]

    def look(self, i, z, c):
        """Slopes, 0 at kinks and samples that do not count; lines of kinks: (i, first sample) to pairs (sample, x_sample / x_first)."""
        slopes, linear, found = [Fraction(0)] * self.m, [Fraction(0)] * self.m, {}
        for j in range(self.m):
            x = self.column(j)
            if not any(x):
                continue
            if self.a != 1 and not z[j]:
                for first in found:
                    ratio = multiple(self.column(first), x)
                    if ratio:
                        found[first].append((j, ratio))
                        break
                else:
                    found[j] = [(j, Fraction(1))]
                continue
            slopes[j] = Fraction(1) if z[j] > 0 or self.a == 1 else self.a
            linear[j] = slopes[j] * c[j]
        for first, members in found.items():
            self.c[i, first] = sum(abs(ratio) * c[j] for j, ratio in members)
            for j, ratio in members:
                if ratio < 0:
                    linear[j] = (1 + self.a) * c[j]
            (self.sharp if self.c[i, first] else self.flat).append((i, first))
            self.lines[i, first] = members
        self.slopes.append(slopes)
        self.linear.append(linear)

    def unit_gradient(self, i):
        """By [w_i, b_i], without the kinks."""
        row = from_rationals([self.linear[i]], self.meter)
        t = row * self.X.t()
        g = [t.at(0, a) for a in range(t.c)]
        return [x + y for x, y in zip(g, self.decay(0)[i])]

    def decay(self, k):
        """mu [W_k, b_k], as it is counted."""
        P = self.P
        rows = [[P.decay * P.W[k].at(i, j) for j in range(P.W[k].c)] for i in range(P.W[k].r)]
        if P.bias:
            counted = P.decayed_bias(k) is not None
            rows = [row + [P.decay * P.b[k].at(i, 0) if counted else Fraction(0)] for i, row in enumerate(rows)]
        return rows

    def hidden(self):
        """What the last layer sees."""
        X = all_inputs(self.P)
        Z = layer(self.P, 0) * X
        H = Matrix([[x * self.a.denominator if x > 0 else x * self.a.numerator for x in row] for row in Z.a],
                   Z.den * self.a.denominator, cols=Z.c, meter=self.meter)
        return H.with_ones() if self.P.bias else H

    def last_gradient(self):
        g = self.E.columns_scaled(self.D) * self.hidden().t()
        return g.plus(Fraction(1), from_rationals(self.decay(1), self.meter))

    def gradient_norm2(self):
        """Where no kink is sharp."""
        return self.last_gradient().norm2() + sum(x * x for i in range(self.units) for x in self.unit_gradient(i))

    def gradient_is_zero(self):
        return not self.sharp and not self.gradient_norm2()

    def concave(self, i, j):
        return (1 - self.a) * self.c[i, j] < 0

    def is_balanced(self, i, kinks, row, r, strictly):
        """Row r of the multipliers of unit i."""
        g, bit = self.unit_gradient(i), 0
        for (_, j), x in zip(kinks, row):
            c = self.c[i, j]
            if self.concave(i, j):
                minus = r >> bit & 1
                bit += 1
                if x < 0 or strictly:
                    return False
                y = c * self.a + x if minus else c - x
            else:
                if not (0 < x < 1 if strictly else 0 <= x <= 1):
                    return False
                y = c * (self.a + (1 - self.a) * x)
            g = [p + y * q for p, q in zip(g, self.column(j))]
        return not any(g)

    def ensure_stationary(self, f, strictly):
        ensure(self.last_gradient().is_zero(), "the gradient by the last layer is not zero")
        for i in range(self.units):
            kinks = [k for k in self.sharp if k[0] == i]
            if not kinks:
                ensure(not any(self.unit_gradient(i)), "the gradient by the weights of a unit is not zero")
                continue
            concave = sum(self.concave(*k) for k in kinks)
            ensure(concave <= (0 if strictly else MOST_CONCAVE), "concave kinks")
            A = f.matrix("multipliers:%d" % (i + 1), 1 << concave, len(kinks), True)
            for r in range(A.r):
                ensure(self.is_balanced(i, kinks, [A.at(r, n) for n in range(A.c)], r, strictly), "multipliers: they do not show it")

    def curve(self, f, name, required):
        """(order, sign) of the first coefficient along the curve of the roles, or None."""
        degree = f.numbers(name + "-degree", 1, required)
        if degree is None:
            return None
        degree = degree[0]
        ensure(degree in range(1, MOST_DEGREE + 1), "%s-degree: 1 to %d" % (name, MOST_DEGREE))
        parts = [[layer(self.P, k)] for k in range(2)]
        for q in range(1, int(degree) + 1):
            for k in range(2):
                parts[k].append(f.matrix("%s:%d:%d" % (name, q, k + 1), *parts[k][0].shape(), True))
        c = self.along(*parts)
        order = next((q for q in range(1, len(c)) if c[q]), None)
        ensure(order is not None, "%s-degree: h does not change along this curve" % name)
        return order, 1 if c[order] > 0 else -1

    def along(self, W, U):
        """The coefficients of h along W[0] + t W[1] + .., U[0] + t U[1] + .., t >= 0 small."""
        n, Z = len(W) - 1, [A * self.X for A in W]
        sides = []
        for i in range(self.units):
            signs = [next((z.a[i][j] for z in Z if z.a[i][j]), 0) for j in range(self.m)]
            sides.append([Fraction(1) if x > 0 else self.a for x in signs])
        S = from_rationals(sides, self.meter)
        H = [z.times_entries(S) for z in Z]
        if self.P.bias:
            H = [H[0].with_ones()] + [h.stacked(zero(1, self.m)) for h in H[1:]]
        F = [zero(self.P.Y.r, self.m, self.meter) for _ in range(2 * n + 1)]
        F[0] = F[0].minus(self.P.Y)
        for p, A in enumerate(U):
            for q, h in enumerate(H):
                F[p + q] = F[p + q].plus(Fraction(1), A * h)
        c = [Fraction(0)] * (4 * n + 1)
        for p, A in enumerate(F):
            for q, B in enumerate(F):
                c[p + q] += trace(A.columns_scaled(self.D), B) / 2
        for k, parts in enumerate((W, U) if self.P.decay else ()):
            counted = range(self.P.W[k].c + (self.P.decayed_bias(k) is not None))
            for p, A in enumerate(parts):
                for q, B in enumerate(parts):
                    c[p + q] += self.P.decay / 2 * trace(A.some_columns(counted), B.some_columns(counted))
        return c

    def is_minimum_on_stratum(self):
        if len(self.flat) > MOST_FLAT:
            return False
        return all(Piece(self, bits).is_minimum() for bits in range(1 << len(self.flat)))

    def decide(self, f):
        """Whether it is a local minimum; refused where it is open."""
        curve = self.curve(f, "down", False)
        if curve:
            ensure(curve[1] < 0, "down-degree: h rises along this curve")
            return False
        self.ensure_stationary(f, True)
        if self.is_minimum_on_stratum():
            return True
        P = self.P
        n = P.W[0].r * (P.W[0].c + P.bias) + (P.W[0].r + P.bias) * P.Y.r
        ensure(not self.sharp and not self.flat and n > MOST_PARAMETERS, "hessian: not shown on the stratum")
        p = Pass(P, Basis(P, "functions"))
        p.find_slopes()
        return is_hessian_minimum(f, P, p, True)


def trace(A, B):
    return sum((Fraction(x * y) for r, s in zip(A.a, B.a) for x, y in zip(r, s)), Fraction(0)) / (A.den * B.den)


class Group:
    """Units with the same inputs A, which are B times the samples and slopes."""

    def __init__(self, A, B):
        self.A, self.B, self.members, self.Z = A, B, [], []


class Piece:
    """The flat kinks on one side each, on the stratum of the sharp ones."""

    def __init__(self, K, bits):
        self.K, self.P, self.groups, P = K, K.P, [], K.P
        first = layer(P, 0)
        side = {}
        for b, (i, start) in enumerate(K.flat):
            for j, ratio in K.lines[i, start]:
                side[i, j] = Fraction(1) if (ratio > 0) == bool(bits >> b & 1) else K.a
        for i in range(K.units):
            s = [side.get((i, j), x) for j, x in enumerate(K.slopes[i])]
            B = nullspace([K.column(j) for u, j in K.sharp if u == i], K.X.r, K.meter)
            A = (B * K.X).columns_scaled(s)
            group = next((g for g in self.groups if g.A.same(A) and g.B.same(B)), None)
            if group is None:
                group = Group(A, B)
                self.groups.append(group)
            group.members.append(i)
            group.Z.append(((first.some_rows([i]) * K.X).columns_scaled(s)))
        self.ones = [Fraction(int(d > 0)) for d in K.D] if P.bias else None

    def weighted(self, A, B):
        return A.columns_scaled(self.K.D) * B.t()

    def outgoing(self, members):
        return self.P.W[1].some_columns(members)

    def hessian(self, groups, more):
        """By the coordinates of the v_i, then the outgoing weights of each unit, then those of more rows."""
        K, P = self.K, self.P
        blocks, rows = [], []               # (unit's A, its outgoing weights), outputs
        for g in groups:
            for i, z in zip(g.members, g.Z):
                blocks.append((g.A, [P.W[1].at(r, i) for r in range(P.Y.r)]))
                rows.append(z)
        rows += more
        n, k = sum(A.r for A, _ in blocks), P.Y.r
        order = n + k * len(rows)
        if order > MOST_PARAMETERS and not K.sharp and not K.flat:
            return None
        K.meter.take(order, order, order, 11 * order, 0)
        K.meter.take(order, 8, order, 256 + sum(A.bits() for A, _ in blocks[:1]), 0)
        H = zero(n + k * len(rows), n + k * len(rows), K.meter)
        for r in range(k):
            J = None
            for A, u in blocks:
                part = Matrix([[x * u[r].numerator for x in row] for row in A.a], A.den * u[r].denominator, cols=A.c, meter=K.meter)
                J = part if J is None else J.stacked(part)
            for z in rows:
                for c in range(k):
                    part = z if c == r else zero(1, K.m)
                    J = part if J is None else J.stacked(part)
            H = H.plus(Fraction(1), self.weighted(J, J))
        cross, at = [[Fraction(0)] * H.c for _ in range(H.r)], 0
        for q, (A, _) in enumerate(blocks):
            C = self.weighted(A, K.E)
            for a in range(A.r):
                for c in range(k):
                    x, y = at + a, n + q * k + c
                    cross[x][y] = cross[y][x] = C.at(a, c)
            at += A.r
        return H.plus(Fraction(1), from_rationals(cross, K.meter)) if H.r else H

    def is_minimum(self):
        return self.is_decayed_minimum() if self.P.decay else self.is_plain_minimum()

    def is_decayed_minimum(self):
        """L2: only rotations are symmetries."""
        K, P, q = self.K, self.P, 0
        columns = layer(P, 0).t().stacked(P.W[1])
        for g in self.groups:
            n = len(g.members)
            if n > 1 and rank(columns.some_columns(g.members)) < n - 1:
                return False
            q += n * (n - 1) // 2
        more = [from_rationals([self.ones], K.meter)] if P.bias else []
        H = self.hessian(self.groups, more)
        if H is None:
            return False
        rows, at = [[Fraction(0)] * H.c for _ in range(H.r)], 0
        for g in self.groups:
            B = g.B.some_columns(range(P.W[0].c + (P.decayed_bias(0) is not None)))
            G = B.gram_rows() if B.r else B
            for _ in g.members:
                for a in range(g.A.r):
                    for b in range(g.A.r):
                        rows[at + a][at + b] = P.decay * G.at(a, b)
                at += g.A.r
        last = at + K.units * P.Y.r
        for x in range(at, H.r):
            if x < last or P.decayed_bias(1) is not None:
                rows[x][x] = P.decay
        return rank_if_psd(H.plus(Fraction(1), from_rationals(rows, K.meter))) == H.r - q

    def is_plain_minimum(self):
        """L1, L4, L2 and L3."""
        K = self.K
        seen = [g for g in self.groups if not self.weighted(K.E, g.A).is_zero()]
        if not seen:
            return True
        N = from_rationals([self.ones], K.meter) if self.ones else Matrix([], cols=K.m, meter=K.meter)
        for g in self.groups:
            if g not in seen:
                N = N.stacked(g.A)
        if N.r:
            N = N.some_rows(independent_rows(N)[0])
        for g in seen:
            g.A = self.project(g.A, N)
            g.A = g.A.some_rows(independent_rows(g.A)[0])
            g.Z = [self.project(z, N) for z in g.Z]
        return self.are_minimizers(seen) or self.is_positive(seen)

    def project(self, A, N):
        """Off the rows of N."""
        if not N.r:
            return A
        return A.minus(solve(self.weighted(N, N), self.weighted(N, A)).t() * N)

    def are_minimizers(self, groups):
        for i, g in enumerate(groups):
            if any(not self.weighted(g.A, h.A).is_zero() for h in groups[:i]):
                return False
        return all(self.is_minimizer(g) for g in groups)

    def is_minimizer(self, g):
        Z = stacked(g.Z)
        V = solve(self.weighted(g.A, g.A), self.weighted(g.A, Z)).t()
        Q = Problem()
        Q.kind, Q.l, Q.r, Q.n, Q.act, Q.skips, Q.bias, Q.b = "linear", 2, 1, 2, [], [], False, []
        Q.loss, Q.scale, Q.w, Q.decay, Q.decayed = "square", self.P.scale, self.P.w, Fraction(0), []
        Q.X, Q.Y, Q.W = g.A, self.P.Y, [V, self.outgoing(g.members)]
        return is_small_minimizer(Q)

    def is_positive(self, groups):
        q = 0
        for g in groups:
            n = len(g.members)
            if rank(self.outgoing(g.members)) < n and rank(stacked(g.Z)) < n:
                return False
            q += n * n
        H = self.hessian(groups, [])
        return H is not None and rank_if_psd(H) == H.r - q


def stacked(rows):
    A = rows[0]
    for B in rows[1:]:
        A = A.stacked(B)
    return A


def is_small_minimizer(Q):
    """Of a linear network, without evidence."""
    from claims.global_minimizer import complement, narrowest_width
    M = Moments(Q)
    Z = product(Q)
    if (Z * M.Sxx).minus(M.Syx).is_zero():
        return True
    Z = Z * M.T
    pivots, B = independent_rows(Z)
    if len(pivots) != narrowest_width(Q) or not (B.t() * (Z * M.S).minus(M.N)).is_zero():
        return False
    S, K = M.sigma(), complement(B, pivots)
    if not (K.t() * (S * B)).is_zero():
        return False
    C, G, Dr, Gk = B.t() * (S * B), B.gram(), K.t() * (S * K), K.gram()
    return rank_if_psd(C.kron(Gk).minus(G.kron(Dr))) is not None


def shows_minimum(f, P, out):
    """Off the kinks, where the gradient is 0, for small networks and where no evidence of another kind is given."""
    if P.features is not None or P.kind == "residual" or not is_formed(P) or "hessian" in f.blocks or "curve:1" in f.blocks:
        return False
    n = P.W[0].r * (P.W[0].c + P.bias) + (P.W[0].r + P.bias) * P.Y.r
    return n <= MOST_PARAMETERS and Kinks(P, out).is_minimum_on_stratum()
