#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random stationary points of one hidden layer of relu or leaky-relu units, many of them at kinks, whose answers are tried out.

usage: kinks.py CERTIFY COUNT [SEED]

Weights, slopes at the kinks between those of the two sides (sometimes beyond) and samples are chosen; the residual is a random solution of the
linear equations that make the point stationary with these slopes, and Y follows.  Then, without certify:

* a point is critical if the one-sided derivatives along every direction and its opposite cancel;
* what is stationary by its making is never refuted;
* no random step from a proved local minimum, and no descent that stays near it, lowers h; a refuted one has a certificate with a curve, which is
  followed exactly;
* proved local maxima are constant nearby;
* both checkers verify all certificates."""
import json, os, subprocess, sys, tempfile
from fractions import Fraction as F

sys.dont_write_bytecode = True
from trials import both_checkers, certify, check, count, finish, rng, text

CLAIMS = ["critical-point", "stationary", "local-minimum", "spurious-local-minimum", "local-maximum", "saddle", "not-local-minimum"]


def nullspace(rows, n):
    """A basis, by elimination."""
    rows, pivots = [r[:] for r in rows], []
    for c in range(n):
        i = next((i for i in range(len(pivots), len(rows)) if rows[i][c]), None)
        if i is None:
            continue
        k = len(pivots)
        rows[k], rows[i] = rows[i], rows[k]
        rows[k] = [x / rows[k][c] for x in rows[k]]
        for i in range(len(rows)):
            if i != k and rows[i][c]:
                f = rows[i][c]
                rows[i] = [x - f * y for x, y in zip(rows[i], rows[k])]
        pivots.append(c)
    basis = []
    for c in range(n):
        if c not in pivots:
            v = [F(0)] * n
            v[c] = F(1)
            for k, p in enumerate(pivots):
                v[p] = -rows[k][c]
            basis.append(v)
    return basis


class Net:
    """W (p x d, the last column for the bias, if any), U (k x p, likewise)."""

    def __init__(self):
        r = rng.random()
        self.d, self.p, self.k, self.m = rng.randint(1, 3), rng.randint(1, 3), rng.randint(1, 3), rng.randint(1, 6)
        self.a = rng.choice([F(0), F(0), F(0), F(1, 4), F(2), F(-1, 2), F(1)])
        self.bias = r < 0.25
        self.mu = rng.choice([F(0)] * 4 + [F(1), F(1, 2)])
        self.biases = self.bias and self.mu != 0 and rng.random() < 0.5
        self.X = [[F(rng.choice([-2, -1, -1, 0, 1, 1, 2])) for _ in range(self.m)] for _ in range(self.d)]
        if self.m > 1 and rng.random() < 0.3:
            for row in self.X:
                row[1] = row[0]
        self.w = [rng.choice([F(1), F(1), F(1), F(2), F(0)]) for _ in range(self.m)]
        if not any(self.w) or rng.random() < 0.6:
            self.w = [F(1)] * self.m
        cols = self.d + self.bias
        self.W = [[F(rng.randint(-2, 2)) for _ in range(cols)] for _ in range(self.p)]
        self.U = [[F(rng.randint(-2, 2)) for _ in range(self.p + self.bias)] for _ in range(self.k)]
        if rng.random() < 0.3:
            i = rng.randrange(self.p)
            for row in self.U:
                row[i] = F(0)
        if rng.random() < 0.15:
            i = rng.randrange(self.p)
            self.W[i] = [F(0)] * cols
        if self.p > 1 and rng.random() < 0.2:
            self.W[1] = self.W[0][:]
        self.Y = [[F(0)] * self.m for _ in range(self.k)]

    def inputs(self):
        return self.X + [[F(1)] * self.m] if self.bias else self.X

    def outputs(self, W, U):
        X = self.inputs()
        f = [[F(0)] * self.m for _ in range(self.k)]
        for j in range(self.m):
            x = [row[j] for row in X]
            z = [sum(a * b for a, b in zip(w, x)) for w in W]
            s = [t if t > 0 else self.a * t for t in z] + [1] * self.bias
            for c in range(self.k):
                f[c][j] = sum(u * t for u, t in zip(U[c], s))
        return f

    def loss(self, W, U):
        f = self.outputs(W, U)
        h = sum(self.w[j] * (f[c][j] - self.Y[c][j]) ** 2 for c in range(self.k) for j in range(self.m)) / 2
        if self.mu:
            cut_w, cut_u = self.d + self.biases, self.p + self.biases
            h += self.mu / 2 * (sum(x * x for w in W for x in w[:cut_w]) + sum(x * x for u in U for x in u[:cut_u]))
        return h

    def live(self, j):
        return self.w[j] and any(row[j] for row in self.inputs())

    def settle(self):
        """Chooses slopes at the kinks and the residual; 0 if there is no solution."""
        X, n = self.inputs(), self.k * self.m
        slopes, self.kinks = [], []
        for i, w in enumerate(self.W):
            row = []
            for j in range(self.m):
                z = sum(a * b[j] for a, b in zip(w, X))
                s = F(1) if z > 0 else self.a
                if z == 0 and self.live(j) and self.a != 1:
                    self.kinks.append((i, j))
                    tau = rng.choice([F(1, 2), F(1, 3), F(1, 4), F(0), F(1), F(2, 3)])
                    s = self.a + (1 - self.a) * tau
                row.append(s)
            slopes.append(row)
        rows, right = [], []
        for i in range(self.p + self.bias):                     # by column i of U
            for c in range(self.k):
                eq = [F(0)] * n
                for j in range(self.m):
                    if i == self.p:
                        phi = F(1)
                    else:
                        z = sum(a * b[j] for a, b in zip(self.W[i], X))
                        phi = z if z > 0 else self.a * z
                    eq[c * self.m + j] = self.w[j] * phi
                rows.append(eq)
                counted = i < self.p or self.biases
                right.append(-self.mu * self.U[c][i] if counted else F(0))
        for i in range(self.p):
            for a in range(len(X)):
                eq = [self.U[c][i] * self.w[j] * slopes[i][j] * X[a][j] for c in range(self.k) for j in range(self.m)]
                rows.append(eq)
                counted = a < self.d or self.biases
                right.append(-self.mu * self.W[i][a] if counted else F(0))
        basis = nullspace([r + [-b] for r, b in zip(rows, right)], n + 1)
        free = [v for v in basis if v[n] == 0]
        base = next((v for v in basis if v[n] != 0), None)
        if self.mu and base is None:
            return False
        e = [x / base[n] for x in base[:n]] if self.mu else [F(0)] * n
        for v in free:
            t = F(rng.randint(-3, 3), rng.choice([1, 1, 2]))
            e = [x + t * y for x, y in zip(e, v)]
        f = self.outputs(self.W, self.U)
        self.E = [[e[c * self.m + j] for j in range(self.m)] for c in range(self.k)]
        self.Y = [[f[c][j] - self.E[c][j] for j in range(self.m)] for c in range(self.k)]
        self.c = {(i, j): self.w[j] * sum(self.U[c][i] * self.E[c][j] for c in range(self.k)) for i, j in self.kinks}
        return True

    def is_differentiable(self):
        """In the weights of every unit the derivatives along delta and -delta cancel, for random delta."""
        X = self.inputs()
        for _ in range(12):
            delta = [F(rng.randint(-9, 9)) for _ in X]
            for i in range(self.p):
                if sum((1 - self.a) * c * abs(sum(d * X[b][j] for b, d in enumerate(delta))) for (k, j), c in self.c.items() if k == i):
                    return False
        return True

    def yaml(self):
        bias = ""
        W1, W2 = self.W, self.U
        if self.bias:
            bias = ", b: [%s, %s]" % (text([w[-1] for w in W1]), text([u[-1] for u in W2]))
            W1, W2 = [w[:-1] for w in W1], [u[:-1] for u in W2]
        act = "relu" if self.a == 0 else "leaky-relu %s" % self.a
        decay = ""
        if self.mu:
            decay = "regularization: {weight-decay: %s%s}\n" % (self.mu, ", decay-biases: yes" if self.biases else "")
        weights = "" if all(x == 1 for x in self.w) else "loss: {kind: square, weights: %s}\n" % text(self.w)
        return "certify: 1\nnetwork: {kind: feedforward, activation: %s}\n%s%sdata: {X: %s, Y: %s}\npoint: {W: %s%s}\nclaims: [%s]\n" % (
            act, weights, decay, text(self.X), text(self.Y), text([W1, W2]), bias, ", ".join(CLAIMS))

    def moved(self, V, t):
        return tuple([[x + t * y for x, y in zip(r, s)] for r, s in zip(A, B)] for A, B in zip((self.W, self.U), V))


def goes_below(N, h, tries, sign=1):
    """A small random step that lowers h, exactly; with the other sign one that raises it."""
    for _ in range(tries):
        size = F(1, rng.choice([64, 512, 4096, 2 ** 20]))
        V = tuple([[F(rng.randint(-4, 4)) if rng.random() < 0.6 else F(0) for _ in row] for row in A] for A in (N.W, N.U))
        W, U = N.moved(V, size)
        if sign * (N.loss(W, U) - h) < 0:
            return True
    return False


def descends(N, h):
    """Descent in doubles from near the point that stays near and ends clearly below."""
    X, Y = [[float(x) for x in r] for r in N.inputs()], [[float(x) for x in r] for r in N.Y]
    w, a, mu = [float(x) for x in N.w], float(N.a), float(N.mu)
    W0, U0 = [[float(x) for x in r] for r in N.W], [[float(x) for x in r] for r in N.U]
    cut_w, cut_u = N.d + N.biases, N.p + N.biases

    def step(W, U, rate):
        gW, gU, v = [[0.0] * len(r) for r in W], [[0.0] * len(r) for r in U], 0.0
        for j in range(N.m):
            z = [sum(x * X[b][j] for b, x in enumerate(r)) for r in W]
            s = [t if t > 0 else a * t for t in z] + [1.0] * N.bias
            e = [sum(x * t for x, t in zip(r, s)) - Y[c][j] for c, r in enumerate(U)]
            v += w[j] * sum(x * x for x in e) / 2
            for c in range(N.k):
                for i in range(len(s)):
                    gU[c][i] += w[j] * e[c] * s[i]
            for i in range(N.p):
                g = w[j] * sum(U[c][i] * e[c] for c in range(N.k)) * (1 if z[i] > 0 else a)
                for b in range(len(X)):
                    gW[i][b] += g * X[b][j]
        v += mu / 2 * (sum(x * x for r in W for x in r[:cut_w]) + sum(x * x for r in U for x in r[:cut_u]))
        for A, g, cut in ((W, gW, cut_w), (U, gU, cut_u)):
            for r, q in zip(A, g):
                for b in range(len(r)):
                    r[b] -= rate * (q[b] + (mu * r[b] if b < cut else 0))
        return v

    low = 0.0
    for _ in range(3):
        W, U = ([[x + rng.gauss(0, 1e-3) for x in r] for r in A] for A in (W0, U0))
        for _ in range(150):
            v = step(W, U, 1e-2)
            if max(abs(x - y) for A, B in ((W, W0), (U, U0)) for r, q in zip(A, B) for x, y in zip(r, q)) > 2e-2:
                break
            low = min(low, v - float(h))
    return low < -1e-9 * (1 + abs(float(h)))


def trial(tally):
    N = Net()
    if not N.settle():
        return
    with tempfile.TemporaryDirectory() as tmp:
        with open(os.path.join(tmp, "p.yaml"), "w") as f:
            f.write(N.yaml())
        r = subprocess.run([certify, "--json", "p.yaml"], cwd=tmp, capture_output=True, text=True, timeout=120)
        assert r.returncode in (0, 1, 2), (r, N.yaml())
        v = dict(zip(CLAIMS, [json.loads(line)["verdict"] for line in r.stdout.splitlines()]))
        for x in sorted(os.listdir(tmp)):
            if x.endswith(".cert"):
                os.rename(os.path.join(tmp, x), os.path.join(kept.name, "%d.%s" % (len(os.listdir(kept.name)), x)))
    h = N.loss(N.W, N.U)
    sharp = not N.is_differentiable()
    convex = all((1 - N.a) * c >= 0 for c in N.c.values())
    check(v["critical-point"] == ("refuted" if sharp else "proved"), "critical-point", v, N.yaml())
    if convex:
        check(v["stationary"] == "proved", "stationary", v, N.yaml())
    if v["stationary"] == "refuted":
        check(not convex, "stationary", v, N.yaml())
    check({v["local-minimum"], v["not-local-minimum"]} in ({"proved", "refuted"}, {"undecided"}), "both", v, N.yaml())
    kind = "kinks" if N.kinks else "smooth"
    if not convex:
        kind = "wrong sign"
    tally[kind, v["local-minimum"]] = tally.get((kind, v["local-minimum"]), 0) + 1
    if v["local-minimum"] == "undecided" and os.environ.get("SHOW"):
        print(kind, N.yaml())
    if v["local-minimum"] == "proved":
        check(not goes_below(N, h, 60) and not descends(N, h), "a local minimum", N.yaml())
        check(v["saddle"] != "proved", "saddle", v, N.yaml())
    if v["local-maximum"] == "proved":
        check(not goes_below(N, h, 20) and not goes_below(N, h, 40, -1), "a local maximum is constant", N.yaml())
    if v["spurious-local-minimum"] == "proved":
        check(v["local-minimum"] == "proved" and h > 0, "spurious", v, N.yaml())


tally = {}
kept = tempfile.TemporaryDirectory()
for _ in range(count):
    trial(tally)
both_checkers(kept.name)
for key in sorted(tally):
    print("#", *key, tally[key])
finish("%d random points" % count)
