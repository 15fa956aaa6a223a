# SPDX-License-Identifier: LGPL-2.1-or-later
"""Points near a point that is only nearly critical: doc/rules/within.md.  Piecewise linear networks and the square loss, where the
Hessian is rational: J^T D J and the second derivatives of the outputs, from the derivative of every hidden layer by each
parameter; nothing of it is rounded.  Exponentials are left to the first checker."""
from fractions import Fraction

from activation import lipschitz, negative_slope
from basis import Basis, Pass, groups
from claims import Family
from claims.tangent_kernel import distinct
from deviation import Deviation
from elimination import independent_rows, rank
from loss import gradient as loss_gradient, supports_loss
from matrix import from_rationals, scalar
from network import is_minimizer
from number import round_up, sqrt_lower, sqrt_upper
from verdict import Unsupported, ensure


def read(rd, P, c, words):
    ensure(len(words) == 2 and words[0] == "radius", "the claim line")
    c.radius = rd.rational(words[1])
    ensure(c.radius >= 0, "the radius is negative")


def supports(P, c, k):
    ensure(P.kind in ("linear", "feedforward") and P.features is None and P.loss != "smooth-hinge", "layers and a smooth loss")
    supports_loss(P)
    ensure(k.proved, "it is never refuted")
    if P.loss != "square":
        raise Unsupported("exponentials")


def centre(f, P):
    """The point of the roles center:k, center-bias:k, and its distance."""
    W, b, m, d2 = [], [], f.meter, Fraction(0)
    for role, blocks, found in (("center", P.W, W), ("center-bias", P.b if P.bias else [], b)):
        for k, A in enumerate(blocks):
            B = f.matrix("%s:%d" % (role, k + 1), A.r, A.c, False)
            found.append(A if B is None else B)
            if B is not None:
                ensure(B.rad == 0, role, "the point is not exact")
                d2 = m.sum(d2, B.minus(A).norm2())
    return P.at(W, b), sqrt_upper(d2)


class Around:
    """Derivatives of h at a point; parameters layer by layer, [W_k, b_k] row by row."""

    def __init__(self, P, p):
        self.P, self.p, self.m = P, p, P.X.meter
        self.rows = [A if P.bias_of(k) is None else A.with_ones() for k, A in enumerate(p.inputs)]
        self.widths = [A.r for A in self.rows]
        self.names = [(k, a, b) for k, W in enumerate(P.W) for a in range(W.r) for b in range(self.widths[k])]
        self.number = {name: i for i, name in enumerate(self.names)}

    def decays(self, k, b):
        return b < self.P.W[k].c or self.P.decayed_bias(k) is not None

    def gradient(self):
        P, g = self.P, {}
        for k, D in self.p.derivatives(loss_gradient(P, self.p.out)):
            G = D * self.rows[k].t()
            for a in range(G.r):
                for b in range(G.c):
                    w = P.W[k].at(a, b) if b < P.W[k].c else P.b[k].at(a, 0)
                    g[k, a, b] = self.m.sum(G.at(a, b), self.m.product(P.decay, w) if self.decays(k, b) else Fraction(0))
        return [g[name] for name in self.names]

    def movement(self, k, a, b):
        """The derivatives of the features of all layers from k on, the outputs last, by one parameter."""
        P, found = self.P, []
        z = from_rationals([[self.rows[k].at(b, i) if r == a else Fraction(0) for i in range(P.X.c)] for r in range(P.W[k].r)], self.m)
        for j in range(k, P.l):
            if j > k:
                z = P.W[j] * found[-1]
            found.append(z.times_entries(self.p.slopes[j]) if j < P.l - 1 and P.act else z)
        return found

    def hessian(self):
        P, n, D = self.P, len(self.names), self.P.curvature()
        moves = [self.movement(*name) for name in self.names]
        J = from_rationals([[A[-1].at(r, i) for r in range(P.Y.r) for i in range(P.X.c)] for A in moves], self.m)
        H = J.columns_scaled(D * P.Y.r) * J.t()
        delta = dict(self.p.derivatives(loss_gradient(P, self.p.out)))
        second = [[Fraction(0)] * n for _ in range(n)]
        for i, (j, _, _) in enumerate(self.names):
            for k in range(j + 1, P.l):
                B = delta[k] * moves[i][k - 1 - j].t()
                for c in range(B.r):
                    for d in range(B.c):
                        q = self.number[k, c, d]
                        second[i][q] = second[q][i] = B.at(c, d)
        for i, (k, _, b) in enumerate(self.names):
            if self.decays(k, b):
                second[i][i] = P.decay
        return H.plus(Fraction(1), from_rationals(second, self.m))

    def third(self, d, R):
        """The Lipschitz constant of the Hessian; s'' = 0."""
        P, m, l, total = self.P, self.m, self.P.l, Fraction(0)
        m.take(P.X.c, l, l * l, 1024, 1024)
        e = loss_gradient(P, self.p.out)
        for i, D in enumerate(P.curvature()):
            beta, B, third = [Fraction(0)] * l, [[Fraction(0)] * l for _ in range(l)], Fraction(0)
            for k in range(l):
                Omega, eta = d.omega[k] + R, d.eta[k][i] + d.delta[k][i]
                eta = sqrt_upper(eta * eta + (P.bias_of(k) is not None))
                norm = sqrt_upper(sum(x * x for row in B for x in row))
                third = Omega * third + 3 * norm
                B = [[Omega * B[x][y] + (beta[y] if x == k else 0) + (beta[x] if y == k else 0) for y in range(l)] for x in range(l)]
                beta = [Omega * x for x in beta]
                beta[k] += eta
                if k < l - 1:
                    s = lipschitz(P.act[k]) if P.act else Fraction(1)
                    third, beta, B = s * third, [s * x for x in beta], [[s * x for x in row] for row in B]
                third, beta, B = round_up(third), [round_up(x) for x in beta], [[round_up(x) for x in row] for row in B]
            size = sqrt_upper(sum(e.at(k, i) ** 2 for k in range(e.r))) + D * d.zeta[l - 1][i]
            alpha, Q = sqrt_upper(sum(x * x for x in beta)), sqrt_upper(sum(x * x for row in B for x in row))
            total = round_up(m.sum(total, 3 * D * alpha * Q + size * third))
        return total


class Slice:
    """The parameters that stay as they are."""

    def __init__(self, f, around):
        self.f, self.around, self.P, self.p = f, around, around.P, around.p
        self.fixed = set()
        P = self.P
        self.inputs, self.effective = None, None
        if not P.decay:
            self.reduce()
        for k in range(P.l - 1):
            act = P.act[k] if P.act else ("identity", Fraction(1))
            if act[0] == "relu":
                self.dead(k)
            if P.decay:
                continue
            if P.bias_of(k) is not None and P.bias_of(k + 1) is not None:
                self.fixed |= {(k, a, P.W[k].c) for a in range(P.W[k].r)
                               if act[0] == "identity" or self.sign(k, a) > 0 or self.sign(k, a) < 0 and negative_slope(act)}
            self.layer(k, act[0] == "identity")

    def reduce(self):
        """Rows of [1; X] that depend on others, on the samples that count."""
        P, bias = self.P, self.P.bias_of(0) is not None
        X = P.X.some_columns([i for i, w in enumerate(P.w) if w])
        order = ([P.W[0].c] if bias else []) + list(range(P.W[0].c))
        A = X
        if bias:
            B = X.with_ones()
            A = B.some_rows(order)
        pivots, T = independent_rows(A)
        self.inputs = [order[i] for i in pivots]
        self.fixed |= {(0, a, b) for a in range(P.W[0].r) for b in order if b not in self.inputs}
        whole = [[(P.W[0].at(a, b) if b < P.W[0].c else P.b[0].at(a, 0)) for b in order] for a in range(P.W[0].r)]
        self.effective = from_rationals(whole, P.X.meter) * T

    def columns(self, k):
        if k == 0:
            return self.effective, self.inputs
        P = self.P
        rows = [[P.W[k].at(a, b) for b in range(P.W[k].c)] + ([P.b[k].at(a, 0)] if P.bias_of(k) is not None else [])
                for a in range(P.W[k].r)]
        return from_rationals(rows, P.X.meter), list(range(len(rows[0])))

    def layer(self, k, basis):
        role, P = "fixed:%d" % (k + 1), self.P
        d, all_columns = P.W[k].r, self.around.widths[k]
        x = self.f.numbers(role, d, False)
        if x is None:
            return
        A, names = self.columns(k)
        taken = []
        for a, b in enumerate(x):
            if not basis and b == all_columns:
                continue
            ensure(b in names and (not basis or b < P.W[k].c), role, "no such column")
            b = int(b)
            ensure((k, a, b) not in self.fixed, role, "is fixed already")
            taken.append(b)
            if not basis:
                ensure(A.at(a, names.index(b)), role, "the entry is 0")
                self.fixed.add((k, a, b))
        if basis:
            ensure(rank(A.some_columns([names.index(b) for b in taken])) == d, role, "the minor is singular")
            self.fixed |= {(k, a, b) for a in range(d) for b in taken}

    def sign(self, k, u):
        """Of a unit on all samples that count; 0 if it changes."""
        row = [z for z, w in zip(self.p.pre[k].a[u], self.P.w) if w]
        return (min(row) > 0) - (max(row) < 0) if row else 0

    def dead(self, k):
        P = self.P
        for u in range(P.W[k].r):
            if self.sign(k, u) >= 0:
                continue
            if not P.decay:
                self.fixed |= {(k, u, b) for b in range(P.W[k].c)} | {(k + 1, a, u) for a in range(P.W[k + 1].r)}
            if P.bias_of(k) is not None and P.decayed_bias(k) is None:
                self.fixed.add((k, u, P.W[k].c))


def smaller_root(p, q, w):
    """p / (q + sqrt(q^2 - p w)), rounded up."""
    ensure(q > 0 and q * q >= p * w, "the gradient is too large for this bound")
    return round_up(p / (q + sqrt_lower(q * q - p * w)))


def verify(kind):
    def check(f, P, c, k):
        Q, distance = centre(f, P)
        R = f.numbers("inner", 1, True)[0]
        ensure(R >= 0, "inner", "the radius is negative")
        p = Pass(Q, Basis(Q, "cell"))
        if p.slopes is None:
            p.find_slopes()
        around = Around(Q, p)
        fixed = Slice(f, around).fixed
        free = [i for i, name in enumerate(around.names) if name not in fixed]
        ensure(not free or f.has_bound("hessian", len(free)) or "inverse" in f.blocks, "hessian: the evidence is missing")
        d = Deviation(f, Q, p, [R] * Q.l)
        d.derivatives()
        M = around.third(d, R)
        gradient = around.gradient()
        g = round_up(sqrt_upper(sum(gradient[i] ** 2 for i in free)))
        H = around.hessian().some_rows(free).some_columns(free)
        n = len(free)
        A = f.matrix("inverse", n, n, kind == "saddle") if kind != "minimum" else None
        if A is not None:
            ensure(A.rad == 0, "inverse", "is not exact")
            a, z = round_up(A.norm_upper()), round_up(scalar(n).minus(A * H).norm_upper())
            r = smaller_root(2 * a * g, 1 - z, a * M)
            ensure(a * M * r < 1 - z, "inverse", "not near enough for this radius")
            if kind == "saddle":
                v = f.matrix("down:1", n, 1, True)
                ensure(v.rad == 0 and v.norm2() > 0, "down:1", "the vector is 0")
                ensure(-(v.t() * (H * v)).at(0, 0) / v.norm2() > M * r, "down:1", "the curvature is not negative at the saddle")
        else:
            mu = f.lower("hessian", H, None, True) if n else Fraction(1)
            r = smaller_root(2 * g, mu, M)
            ensure(kind != "minimum" or mu > M * r, "hessian", "not positive definite at the critical point")
        ensure(r <= R, "inner", "the critical point is not shown to lie in this ball")
        ensure(distance + r <= c.radius, "conclusion", "the radius is too small")
    return check


def is_plain_linear(P):
    return P.kind == "linear" and P.loss == "square" and P.decay == 0


def supports_minimizer(P, c, k):
    supports(P, c, k)
    ensure(P.l == 1 or P.decay == 0 and P.loss == "square", "one layer, or the square loss without weight decay")


def last_layer(f, Q):
    """The distance of the last layer from one with the outputs that no function of the samples beats."""
    ensure(Q.loss == "square" and Q.decay == 0, "by: the square loss without weight decay")
    samples = distinct(Q)
    m, p = f.meter, Pass(Q, Basis(Q, "last"))
    A = p.inputs[-1] if Q.bias_of(Q.l - 1) is None else p.inputs[-1].with_ones()
    ensure(samples and len(samples) <= A.r, "features: more distinct samples than features, or none")
    A = A.some_columns([j for j, _ in samples])
    square = f.least2("features", A)
    if square is None:
        f.expect_bound("features", A.c)
        square = f.lower("features", A.gram(), None, True)
    ensure(square > 0, "features: not shown to be independent")
    number, e, total = groups(Q.X)[0], loss_gradient(Q, p.out), Fraction(0)
    for j, D in samples:
        same = [i for i in range(Q.X.c) if number[i] == number[j]]
        total = m.sum(total, *[m.square(m.sum(Fraction(0), *[e.at(r, i) for i in same]) / D) for r in range(Q.Y.r)])
    return round_up(sqrt_upper(total / square))


def verify_minimizer(f, P, c, k):
    by = f.word("by")
    if by == "curvature":
        ensure(P.l == 1 or is_plain_linear(P), "by: local minima need not be global")
        return verify("minimum")(f, P, c, k)
    ensure(by in ("exact", "last-layer"), "by: exact, curvature or last-layer is expected")
    Q, distance = centre(f, P)
    if by == "exact":
        ensure(is_plain_linear(P), "by: the centre is not a global minimiser")
        Q.minimizer = None
        ensure(is_minimizer(Q, P.moments()), "by: the centre is not a global minimiser")
    else:
        distance += last_layer(f, Q)
    ensure(distance <= c.radius, "conclusion", "the radius is too small")


CLAIMS = {name: Family(read, supports, verify(kind), version=2)
          for name, kind in (("critical-point-within", "critical"), ("local-minimum-within", "minimum"), ("strict-saddle-within", "saddle"))}
CLAIMS["minimizer-within"] = Family(read, supports_minimizer, verify_minimizer, version=2)
