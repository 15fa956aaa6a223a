# SPDX-License-Identifier: LGPL-2.1-or-later
"""The exact Hessian of one hidden layer of piecewise linear units, square loss: doc/rules/critical-point.md, "Hessians of one
hidden layer"."""
from fractions import Fraction

from basis import tangent_parts
from elimination import rank
from matrix import Matrix, from_rationals
from network import has_rational_values
from verdict import ensure


def is_formed(P):
    return P.loss == "square" and P.l == 2 and P.kind in ("linear", "feedforward") and has_rational_values(P)


def supports_hessian(P):
    ensure(is_formed(P), "the Hessian is formed for one hidden layer of piecewise linear units")


class Hessian:
    """Its parameters: [w_i, b_i] unit by unit, then the columns of [W_2, b_2]."""

    def __init__(self, P, p):
        supports_hessian(P)
        self.P, self.meter, self.out = P, P.X.meter, p.out
        (_, self.X), (_, self.Phi) = tangent_parts(P, p)
        self.units, self.d, self.k, m = P.W[0].r, self.X.r, P.Y.r, self.X.c
        one = [Fraction(1)] * m
        self.slopes = [[p.slopes[0].at(i, j) for j in range(m)] if P.act else one for i in range(self.units)]
        self.split = self.units * self.d
        self.n = self.split + self.Phi.r * self.k

    def inputs(self, i):
        """X' o s_i."""
        return self.X.columns_scaled(self.slopes[i])

    def jacobian(self, r):
        """Of output r, the parameters by the samples."""
        P, zero = self.P, [Fraction(0)] * self.X.c
        rows = []
        for i in range(self.units):
            A, u = self.inputs(i), P.W[1].at(r, i)
            rows += [[self.meter.product(u, A.at(a, j)) for j in range(A.c)] for a in range(self.d)]
        for i in range(self.Phi.r):
            phi = [self.Phi.at(i, j) for j in range(self.Phi.c)]
            rows += [phi if c == r else zero for c in range(self.k)]
        return from_rationals(rows, self.meter)

    def decays(self, a):
        if a < self.split:
            return a % self.d < self.P.W[0].c or self.P.decayed_bias(0) is not None
        return a < self.split + self.units * self.k or self.P.decayed_bias(1) is not None

    def matrix(self):
        """J^T D J, the second derivatives of the outputs times the residual, and the decay."""
        P, D, m = self.P, self.P.curvature(), self.meter
        H = from_rationals([[Fraction(0)] * self.n for _ in range(self.n)], m)
        for r in range(self.k):
            J = self.jacobian(r)
            H = H.plus(Fraction(1), J.columns_scaled(D) * J.t())
        E = self.out.minus(P.Y).columns_scaled(D)
        rows = [[Fraction(0)] * self.n for _ in range(self.n)]
        for i in range(self.units):
            C = self.inputs(i) * E.t()
            for a in range(self.d):
                for c in range(self.k):
                    x, y = i * self.d + a, self.split + i * self.k + c
                    rows[x][y] = rows[y][x] = C.at(a, c)
        for a in range(self.n):
            if self.decays(a):
                rows[a][a] = P.decay
        return H.plus(Fraction(1), from_rationals(rows, m))

    def live(self):
        D = self.P.curvature()
        return [j for j in range(self.X.c) if D[j] and any(self.X.a[i][j] for i in range(self.d))]

    def of_group(self, members, columns):
        """The dimension of the symmetries of units with the same slopes; None where they do not move the point in as many
        directions."""
        n = len(members)
        if self.P.decay:
            return None if rank(columns.some_columns(members)) < n - 1 else n * (n - 1) // 2
        live = set(self.live())
        X = self.X.columns_scaled([x if j in live else Fraction(0) for j, x in enumerate(self.slopes[members[0]])])
        seen = rank(X)
        if seen == 0:
            return n * (self.d + self.k)
        V = columns.some_columns(members).some_rows(range(columns.r - self.k)).t()
        U = self.P.W[1].some_columns(members)
        return None if rank(V * X) < n and rank(U) < n else n * n + n * (self.d - seen)

    def symmetries(self):
        """Their dimension, or None."""
        P, groups, live = self.P, {}, self.live()
        for i in range(self.units):
            groups.setdefault(tuple(self.slopes[i][j] for j in live), []).append(i)
        first = P.W[0].t().stacked(P.b[0].t()) if P.bias else P.W[0].t()
        columns = first.stacked(P.W[1])
        sizes = [self.of_group(g, columns) for g in groups.values()]
        return None if None in sizes else sum(sizes)


def is_minimum(f, P, p, critical):
    """Positive definite where the parameters of the role fixed do not move."""
    ensure(critical, "hessian: the gradient is not shown to be 0")
    H = Hessian(P, p)
    q = H.symmetries()
    ensure(q is not None, "fixed: the symmetries")
    fixed = f.numbers("fixed", q, True) if q else []
    ensure(all(x.denominator == 1 and 1 <= x <= H.n for x in fixed) and all(x < y for x, y in zip(fixed, fixed[1:])),
           "fixed: numbers of parameters, ascending")
    f.expect_bound("hessian", H.n - q)
    keep = [a for a in range(H.n) if a + 1 not in fixed]
    A = H.matrix()
    A = Matrix([[A.a[a][b] for b in keep] for a in keep], A.den, cols=len(keep), meter=H.meter)
    ensure(f.lower("hessian", A, None, True) > 0, "hessian: not shown to be positive definite")
    return True


def has_evidence(f, P, p):
    """A factor of the right order is given, where the reason may be used."""
    if not is_formed(P):
        return False
    H = Hessian(P, p)
    q = H.symmetries()
    return q is not None and q < H.n and f.has_bound("hessian", H.n - q)


def is_semidefinite(f, P, p):
    H = Hessian(P, p)
    f.expect_bound("hessian", H.n)
    f.lower("hessian", H.matrix(), None, True)
    return True
