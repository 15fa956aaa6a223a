#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random feedforward networks with every activation and loss, evaluated here in plain floating
point: loss and gradient lie where certify says, and no member of a basis that is drawn here has a
loss below what a certified gap allows.  usage: tests/bases.py CERTIFY [COUNT [SEED]]"""
import copy, json, math, os, random, re, subprocess, sys, tempfile
from fractions import Fraction as Fr

certify = os.path.abspath(sys.argv[1])
count = int(sys.argv[2]) if len(sys.argv) > 2 else 60
rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
folder = tempfile.mkdtemp()
os.chdir(folder)
failures, drawn, tests = 0, 0, 0

def report(good, what):
    global tests, failures
    tests += 1
    failures += not good
    print("%sok %d - %s" % ("" if good else "not ", tests, what))

def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

def softplus(x):
    return max(x, 0) + math.log1p(math.exp(-abs(x)))

ACTIVATIONS = {
    "identity": (lambda x: x, lambda x: 1.0),
    "relu": (lambda x: max(x, 0.0), lambda x: float(x > 0)),
    "leaky-relu 1/4": (lambda x: x if x > 0 else x / 4, lambda x: 1.0 if x > 0 else 0.25),
    "leaky-relu -1/2": (lambda x: x if x > 0 else -x / 2, lambda x: 1.0 if x > 0 else -0.5),
    "tanh": (math.tanh, lambda x: 1 - math.tanh(x) ** 2),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
    "softplus": (softplus, sigmoid),
    "smooth-leaky 1/5": (lambda x: x / 5 + 0.8 * softplus(x), lambda x: 0.2 + 0.8 * sigmoid(x)),
}
RATIONAL = ("identity", "relu", "leaky-relu 1/4", "leaky-relu -1/2")

def value():
    """A number k / 32, not 0."""
    return rng.choice([-1, 1]) * rng.randint(1, 48) / 32

def matrix(r, c):
    return [[value() for _ in range(c)] for _ in range(r)]

def text(A):
    return json.dumps([["%d/32" % round(32 * x) for x in row] for row in A])

class Problem:
    def __init__(self):
        self.l, self.m = rng.choice([1, 2, 2, 3]), rng.randint(1, 6)
        self.kind = rng.choice(["feedforward", "feedforward", "skip", "resnet"])
        if self.kind == "resnet":
            self.l += 2 - (self.l == 3)
        if self.l == 1:
            self.kind = "feedforward"
        widths = [rng.randint(1, 3) for _ in range(self.l)] + [rng.randint(1, 3)]
        if self.kind == "resnet":
            widths[-2] = widths[0]
        self.skips = sorted(rng.sample(range(self.l - 1), rng.randint(1, self.l - 1))) if self.kind == "skip" else []
        self.act = [rng.choice(list(ACTIVATIONS)) for _ in range(self.l - 1)]
        self.W = [matrix(b, a) for a, b in zip(widths, widths[1:])]
        self.b = [matrix(b, 1) for b in widths[1:]] if rng.random() < 0.7 else None
        self.W[-1] = [row + [value() for k in self.skips for _ in range(widths[k])] for row in self.W[-1]]
        if self.kind == "resnet":
            self.act[-1] = "identity"
            if self.b:
                self.b[-2:] = [None, None]
        self.X = matrix(widths[0], self.m)
        self.loss = rng.choice(["square", "cross-entropy", "logistic", "smooth-hinge"])
        d = widths[-1]
        if self.loss == "cross-entropy":
            hot = [rng.randrange(d) for _ in range(self.m)]
            self.Y = [[float(k == c) if rng.random() < 0.9 else 0.5 for c in hot] for k in range(d)]
        elif self.loss in ("logistic", "smooth-hinge"):
            self.Y = [[rng.choice([-1.0, 1.0, 0.0, 2.0]) for _ in range(self.m)] for _ in range(d)]
        else:
            self.Y = matrix(d, self.m)
        self.power = rng.choice([2, 3]) if self.loss == "smooth-hinge" else 2
        self.scale = rng.choice([1, 0.5, 0.25])
        self.w = [float(rng.choice([1, 1, 1, 2, 0])) for _ in range(self.m)]
        if not any(self.w):
            self.w[0] = 1.0
        self.decay = rng.choice([0, 0, 0.125])

    def yaml(self, claims, decay=True):
        loss = {"kind": self.loss, "scale": self.scale, "weights": self.w}
        if self.loss == "smooth-hinge":
            loss["power"] = self.power
        acts = self.act[:-1] if self.kind == "resnet" else self.act
        head = "certify: 1\nnetwork: {kind: %s%s%s}\nloss: %s\n" % (
            "resnet" if self.kind == "resnet" else "feedforward", ", activation: %s" % json.dumps(acts) if acts else "",
            ", skip: %s" % self.skips if self.skips else "", json.dumps(loss))
        if decay and self.decay:
            head += "regularization: {weight-decay: 1/8}\n"
        W, S, at = list(self.W), [], len(self.W[-2]) if self.l > 1 else 0
        if self.skips:
            W[-1] = [row[:at] for row in self.W[-1]]
        for k in self.skips:
            n = len(self.W[k - 1]) if k else len(self.X)
            S.append([row[at:at + n] for row in self.W[-1]])
            at += n
        layers = W[:-2] if self.kind == "resnet" else W
        point = "W: [%s]" % ", ".join(text(A) for A in layers)
        if self.b:
            point += ", b: [%s]" % ", ".join(text(b) for b in self.b if b)
        if self.kind == "resnet":
            point = "W: %s, R: %s, z: {%s}" % (text(W[-1]), text(W[-2]), point)
        if S:
            point += ", S: [%s]" % ", ".join(map(text, S))
        return head + "data: {X: %s, Y: %s}\npoint: {%s}\nclaims: %s\n" % (
            text(self.X), json.dumps(self.Y), point, json.dumps(claims))

    def passes(self, W, b):
        """Inputs of the layers, pre-activations."""
        H, inputs, pre = self.X, [], []
        self.units = []                     # of every layer, without the features of skips
        for k in range(self.l):
            self.units.append(len(H))
            if k == self.l - 1:
                H = H + [row for j in self.skips for row in inputs[j]]
            inputs.append(H)
            Z = [[sum(x * h for x, h in zip(row, column)) + (b[k][i][0] if b and b[k] else 0)
                  for column in zip(*H)] for i, row in enumerate(W[k])]
            if self.kind == "resnet" and k == self.l - 2:
                Z = [[z + x for z, x in zip(r, q)] for r, q in zip(Z, self.X)]
            pre.append(Z)
            H = [[ACTIVATIONS[self.act[k]][0](z) for z in row] for row in Z] if k < self.l - 1 else Z
        return inputs, pre, H

    def phi(self, F):
        """The loss of outputs and its derivative."""
        total, E = 0.0, [[0.0] * self.m for _ in F]
        for i in range(self.m):
            cw, q, y = self.scale * self.w[i], [r[i] for r in F], [r[i] for r in self.Y]
            if self.loss == "cross-entropy":
                top = max(q)
                e = [math.exp(x - top) for x in q]
                s, log_sum = sum(y), top + math.log(sum(e))
                total += cw * (s * log_sum - sum(a * c for a, c in zip(y, q)))
                g = [s * x / sum(e) - c for x, c in zip(e, y)]
            elif self.loss == "square":
                total += cw * sum((a - c) ** 2 for a, c in zip(q, y))
                g = [2 * (a - c) for a, c in zip(q, y)]
            elif self.loss == "logistic":
                total += cw * sum(math.log1p(math.exp(-c * a)) for a, c in zip(q, y))
                g = [-c / (1 + math.exp(c * a)) for a, c in zip(q, y)]
            else:
                t = [max(0.0, 1 - c * a) for a, c in zip(q, y)]
                total += cw * sum(x ** self.power for x in t)
                g = [-self.power * c * x ** (self.power - 1) for x, c in zip(t, y)]
            for k, x in enumerate(g):
                E[k][i] = cw * x
        return total, E

    def gradient(self):
        """Its squared norm, weight decay included."""
        return sum(x * x for A in sum(self.gradients(self.W, self.b)[1:], []) for row in A for x in row)

    def gradients(self, W, b):
        """The loss without weight decay, and the gradient by weights and biases with it."""
        inputs, pre, F = self.passes(W, b)
        loss, D = self.phi(F)
        aside, G, g = {}, [None] * self.l, [None] * self.l if b else []
        for k in reversed(range(self.l)):
            if k < self.l - 1:
                D = [[d * ACTIVATIONS[self.act[k]][1](z) for d, z in zip(r, s)] for r, s in zip(D, pre[k])]
            G[k] = [[sum(a * c for a, c in zip(row, h)) + self.decay * W[k][i][j] for j, h in enumerate(inputs[k])]
                    for i, row in enumerate(D)]
            if b:
                g[k] = [[sum(row)] for row in D] if b[k] else []
            D = [[sum(W[k][i][j] * D[i][s] for i in range(len(D))) for s in range(self.m)]
                 for j in range(len(W[k][0]))]
            if k == self.l - 1:
                at = self.units[k]
                for j in self.skips:
                    aside[j] = D[at:at + self.units[j]]
                    at += self.units[j]
                D = D[:self.units[k]]
            if k in aside:
                D = [[a + c for a, c in zip(r, q)] for r, q in zip(D, aside[k])]
        return loss, G, g

    def linearised(self, V, c, F):
        """f + J v, by a difference of the exact direction: forward mode."""
        H, dH = self.X, [[0.0] * self.m for _ in self.X]
        every, everyd = [], []
        for k in range(self.l):
            rows, slopes = [], []
            every.append(H)
            everyd.append(dH)
            if k == self.l - 1:
                H = H + [row for j in self.skips for row in every[j]]
                dH = dH + [row for j in self.skips for row in everyd[j]]
            for i in range(len(self.W[k])):
                row, slope = [], []
                for s in range(self.m):
                    z = sum(self.W[k][i][j] * H[j][s] for j in range(len(H))) + (self.b[k][i][0] if self.b and self.b[k] else 0)
                    if self.kind == "resnet" and k == self.l - 2:
                        z += self.X[i][s]
                    dz = sum(V[k][i][j] * H[j][s] + self.W[k][i][j] * dH[j][s] for j in range(len(H)))
                    dz += c[k][i][0] if self.b and self.b[k] else 0
                    if k < self.l - 1:
                        f, g = ACTIVATIONS[self.act[k]]
                        z, dz = f(z), g(z) * dz
                    row.append(z)
                    slope.append(dz)
                rows.append(row)
                slopes.append(slope)
            H, dH = rows, slopes
        return [[a + d for a, d in zip(r, s)] for r, s in zip(F, dH)]

def run(name, yaml):
    with open(name, "w") as f:
        f.write(yaml)
    p = subprocess.run([certify, "--json", "--no-certificate", name], capture_output=True, text=True, timeout=60)
    return [json.loads(line) for line in p.stdout.splitlines()], p.stderr

def rational(x):
    """About x, as the text of an inequality wants it."""
    n, d = round(x * 10 ** 12), 10 ** 12
    g = math.gcd(n, d)
    return "%d/%d" % (n // g, d // g) if d // g > 1 else str(n // g)

kinks, worst = 0, 0.0
for number in range(count):
    P = Problem()
    F = P.passes(P.W, P.b)[2]
    data = P.phi(F)[0]
    decay = P.decay / 2 * sum(x * x for W in P.W for row in W for x in row)
    loss, norm = data + decay, math.sqrt(P.gradient())
    slack = 1e-9 * (1 + loss)
    claims = ["loss <= " + rational(loss + slack), "loss >= " + rational(max(0, loss - slack)),
              "gradient <= " + rational(norm + 1e-8 * (1 + norm)),
              "gradient >= " + rational(max(0, norm - 1e-8 * (1 + norm))),
              "loss >= " + rational(loss + 3 * slack)]
    rows, err = run("p%d.yaml" % number, P.yaml([{"inequality": c} for c in claims]))
    verdicts = [r["verdict"] for r in rows]
    kink = any("kink" in (r.get("missing") or "") for r in rows)
    kinks += kink
    good = verdicts[:2] == ["proved"] * 2 and verdicts[4] == "refuted" and (kink or verdicts[2:4] == ["proved"] * 2)
    if not good:
        print("#", P.yaml([]), rows, err)
    report(good, "%s, %s, %s, %d layers: loss and gradient%s" % (P.kind, P.loss, ", ".join(P.act) or "linear", P.l, " (kink)" if kink else ""))

    P.decay = 0
    loss = data
    radius = rng.choice([0.125, 1.0, 8.0])
    claims = [{"best-in-basis": {"basis": "tangent", "radius": radius, "gap": "best"}},
              {"best-in-basis": {"basis": "inputs", "gap": "best"}},
              {"best-in-basis": {"basis": "functions", "gap": "best"}}]
    rows, err = run("b%d.yaml" % number, P.yaml(claims))
    low = [None if r["verdict"] != "proved" else loss - float(r["gap"]["decimal"]) for r in rows]
    bad = None
    for trial in range(60):
        size = radius * rng.random() ** 0.25
        if low[0] is not None:
            V = [[[rng.gauss(0, 1) for _ in row] for row in W] for W in P.W]
            c = [[[rng.gauss(0, 1)] for _ in b or []] for b in P.b] if P.b else None
            n = math.sqrt(sum(x * x for A in V + (c or []) for row in A for x in row))
            V = [[[x * size / n for x in row] for row in A] for A in V]
            c = [[[x * size / n for x in row] for row in A] for A in c] if c else None
            if P.phi(P.linearised(V, c, F))[0] < low[0] - slack:
                bad = "tangent"
        if low[1] is not None:
            A, a = matrix(len(F), len(P.X)), matrix(len(F), 1)
            G = [[sum(A[k][j] * P.X[j][i] for j in range(len(P.X))) + a[k][0] for i in range(P.m)] for k in range(len(F))]
            if P.phi(G)[0] < low[1] - slack:
                bad = "inputs"
        if low[2] is not None and len(set(zip(*P.X))) == P.m:      # equal samples: no function
            shift = matrix(len(F), 1)
            if P.phi([[x + shift[k][0] for x in row] for k, row in enumerate(P.Y)])[0] < low[2] - slack:
                bad = "functions"
        drawn += 1
    missing = [r["missing"] for r in rows if r["verdict"] == "undecided"]
    # a gap that is 1 % smaller is refuted by a member: the certified one is within 1.01 of the truth
    sharper = []
    for claim, r in zip(claims, rows):
        if r["verdict"] == "proved" and Fr(r["gap"]["exact"]) > Fr(1, 10 ** 9):
            parameters = dict(claim["best-in-basis"], gap=str(Fr(r["gap"]["exact"]) * Fr(100, 101)))
            sharper.append({"best-in-basis": parameters})
    if sharper:
        verdicts = [r["verdict"] for r in run("g%d.yaml" % number, P.yaml(sharper))[0]]
        if verdicts != ["refuted"] * len(sharper):
            bad = "gaps that are 1 % smaller: %s" % verdicts
    report(bad is None and low[1] is not None and (low[0] is not None or any("kink" in x for x in missing)) and len(rows) == 3,
           "%d: bases, gaps %s%s" % (number, ", ".join("none" if x is None else "%.3g" % (loss - x) for x in low),
                                     "; " + bad if bad else "; " + "; ".join(missing) if missing else ""))
# what a model says of all points near
def moved_by(A, rho):
    V = [[rng.gauss(0, 1) for _ in row] for row in A]
    n = math.sqrt(sum(x * x for row in V for x in row)) or 1.0
    size = rho * rng.choice([1.0, rng.random()])
    return [[x + v * size / n for x, v in zip(r, q)] for r, q in zip(A, V)]

def size_of(blocks):
    return math.sqrt(sum(x * x for A in blocks if A for row in A for x in row))

bounded, tightest = {"last": 0, "tangent": 0, "none": 0, "no bad": 0, "dominance": 0}, 0.0
for number in range(count):
    P = Problem()
    P.decay = 0
    radius = rng.choice(["1/1000", "1/100", "1/20", "1/4"])
    rho = float(Fr(radius))
    claims = [{"induced-bound": {"radius": radius}}, {"induced-bound": {"radius": radius, "of": "tangent"}},
              {"no-critical-point": {"radius": radius}}, {"no-critical-point": {"radius": radius, "of": "tangent"}},
              {"no-bad-critical-point": {"radius": radius}}]
    if P.loss == "square":
        claims.append({"tangent-dominance": {"radius": radius}})
    rows, err = run("i%d.yaml" % number, P.yaml(claims))
    same = {}
    for i, x in enumerate(zip(*P.X)):
        if P.w[i]:
            same.setdefault(x, []).append(i)
    least = 0.0
    for group in same.values():
        for y in P.Y if P.loss == "square" else []:
            total = sum(P.w[i] for i in group)
            mean = sum(P.w[i] * y[i] for i in group) / total
            least += P.scale * sum(P.w[i] * (y[i] - mean) ** 2 for i in group)
    bad = None
    for trial in range(40):
        W = [moved_by(A, rho) for A in P.W]
        b = [moved_by(A, rho) if A else A for A in P.b] if P.b else None
        loss, G, g = P.gradients(W, b)
        sizes = {"last": size_of([G[-1]] + ([g[-1]] if b and b[-1] else [])), "tangent": size_of(G + (g if b else []))}
        residual = P.phi(P.passes(W, b)[2])[1]
        residual = math.sqrt(sum(sum(row[i] for i in group) ** 2 for group in same.values() for row in residual))
        for row, model, kind in zip(rows, ["last", "tangent"] * 3, ["bound", "bound", "none", "none", "no bad", "dominance"]):
            if row["verdict"] != "proved":
                continue
            if kind == "bound":
                most = float(row["value"]["decimal"]) + float(row["slope"]["decimal"]) * sizes[model]
                if loss > most * (1 + 1e-9) + 1e-9:
                    bad = "induced-bound %s: %g > %g" % (model, loss, most)
                tightest = max(tightest, loss / most if most else 0)
            elif kind == "none" and sizes[model] < float(row["gradient"]["decimal"]) * (1 - 1e-9) - 1e-12:
                bad = "no-critical-point %s: %g" % (model, sizes[model])
            if kind == "no bad" and sizes["tangent"] < float(row["least"]["decimal"]) * residual * (1 - 1e-9) - 1e-12:
                bad = "no-bad-critical-point: %g, %g" % (sizes["tangent"], residual)
            if kind == "dominance":
                most = float(row["lambda"]["decimal"]) * sizes["tangent"] ** 2
                if loss - least > most * (1 + 1e-9) + 1e-9:
                    bad = "tangent-dominance: %g > %g" % (loss - least, most)
    for row, model in zip(rows, ["last", "tangent", "none", "none", "no bad", "dominance"]):
        bounded[model] += row["verdict"] == "proved"
    missing = [r.get("missing") or "" for r in rows[:2] if r["verdict"] != "proved"]
    good = bad is None and len(rows) == len(claims) and rows[0]["verdict"] == "proved" and all("kink" in x for x in missing)
    if not good:
        print("#", P.yaml(claims), rows, err)
    report(good, "induced %d: %s, %s, radius %s%s" % (number, P.kind, P.loss, radius, "; " + bad if bad else ""))
products = refuted = 0
# products of numbers, f = w_l .. w_1 x at w = (a, .., a): the least singular value is known, at all w = a - rho
for number in range(max(count // 5, 5)):
    l, act = rng.choice([2, 3, 4]), rng.choice(["identity", "leaky-relu 1/2", "relu"])
    a, rho, x = Fr(rng.randint(8, 24), 8), Fr(rng.randint(1, 40), 400), Fr(rng.randint(1, 8), 4)
    true = l * (a - rho) ** (2 * l - 2) * x * x             # the square of it
    best = 1 / (2 * true)
    products += 1
    yaml = ("certify: 1\nnetwork: {kind: feedforward, activation: [%s]}\ndata: {X: [[%s]], Y: [[%s]]}\npoint: {W: [%s]}\n"
            "claims:\n  - tangent-dominance: {radius: %s}\n  - tangent-dominance: {radius: %s, lambda: %s}\n"
            "  - no-bad-critical-point: {radius: %s}\n"
            % (", ".join([act] * (l - 1)), x, rng.randint(-3, 3), ", ".join(["[[%s]]" % a] * l), rho, rho,
               best * (1 - Fr(1, 10 ** 6)), rho))
    rows, err = run("n%d.yaml" % number, yaml)
    good = len(rows) == 3 and rows[1]["verdict"] != "proved" and (
        rows[0]["verdict"] != "proved" or float(rows[0]["lambda"]["decimal"]) >= float(best)
        and float(rows[0].get("lambda_lower", {"decimal": "0"})["decimal"]) <= float(best)) and (
        rows[2]["verdict"] != "proved" or float(rows[2]["least"]["decimal"]) <= math.sqrt(float(true)) * (1 + 1e-12))
    if not good:
        print("#", yaml, rows, err)
    refuted += rows[1]["verdict"] == "refuted"
    report(good, "a product of %d numbers %s, radius %s: %s, the best is %.6g" % (
        l, a, rho, rows[0]["lambda"]["decimal"] if rows[0]["verdict"] == "proved" else rows[0]["verdict"], best))
print("# bounded: %s, largest quotient %.4f; %d of %d products refute a lambda 1e-6 below the best" % (bounded, tightest, refuted, products))

# plateaus: W_2 = 0 and a residual that the features do not see, so that the gradient is exactly 0

def null_vector(rows, m):
    """A random vector orthogonal to the rows, exactly; None if there is only 0."""
    basis, pivots = [], []
    for row in rows:
        row = list(row)
        for b, p in zip(basis, pivots):
            row = [x - row[p] * y for x, y in zip(row, b)]
        p = next((j for j, x in enumerate(row) if x), None)
        if p is None:
            continue
        row = [x / row[p] for x in row]
        basis = [[x - b[p] * y for x, y in zip(b, row)] for b in basis] + [row]
        pivots.append(p)
    free = [j for j in range(m) if j not in pivots]
    if not free:
        return None
    v = [Fr(0)] * m
    for j in free:
        v[j] = Fr(rng.randint(-3, 3))
    for b, p in zip(basis, pivots):
        v[p] = -sum(b[j] * v[j] for j in free)
    return v

def descends(W1, X, Y, slope, most):
    """A point near (W_1, 0) with a smaller loss, by descent from random points near, no entry further
    away than most."""
    d, n, m = len(Y), len(W1), len(X[0])
    start = sum(float(y) ** 2 for row in Y for y in row) / 2
    for trial in range(20):
        size = 10.0 ** -(1 + trial % 3)
        A = [[float(x) + rng.uniform(-1, 1) * size for x in row] for row in W1]
        B = [[rng.uniform(-1, 1) * size for _ in range(n)] for _ in range(d)]
        for step in range(100 if trial < 10 else 2000):
            Z = [[sum(a * float(X[j][i]) for j, a in enumerate(row)) for i in range(m)] for row in A]
            S = [[1.0 if z > 0 else slope for z in row] for row in Z]
            H = [[z * t for z, t in zip(r, q)] for r, q in zip(Z, S)]
            E = [[sum(B[k][u] * H[u][i] for u in range(n)) - float(Y[k][i]) for i in range(m)] for k in range(d)]
            if max(abs(x - float(y)) for r, q in zip(A, W1) for x, y in zip(r, q)) > most:
                break
            if sum(e * e for row in E for e in row) / 2 < start - 1e-7:
                return True
            gB = [[sum(E[k][i] * H[u][i] for i in range(m)) for u in range(n)] for k in range(d)]
            gA = [[sum(sum(B[k][u] * E[k][i] for k in range(d)) * S[u][i] * float(X[j][i]) for i in range(m))
                   for j in range(len(X))] for u in range(n)]
            rate = 0.02
            A = [[x - rate * g for x, g in zip(r, q)] for r, q in zip(A, gA)]
            B = [[x - rate * g for x, g in zip(r, q)] for r, q in zip(B, gB)]
    return False

def near(P, size):
    """Weights and biases that are a little different."""
    shift = lambda A: [[float(x) + rng.uniform(-1, 1) * size for x in row] for row in A]
    return [shift(A) for A in P.W], [shift(A) if A else A for A in P.b] if P.b else None

def falls(P, most):
    """Descent from random points near finds a smaller loss, no weight further away than most."""
    start = P.gradients(P.W, P.b)[0]
    for trial in range(24 if most < 1 else 60):
        (W, b), rate, least = near(P, 10.0 ** -(1 + trial % 3) * (5 if trial > 35 else 1)), 0.02, math.inf
        for step in range(60 if trial < 12 else 1200 if trial < 24 else 6000):
            loss, G, g = P.gradients(W, b)
            if max(abs(x - y) for A, B in zip(W, P.W) for r, q in zip(A, B) for x, y in zip(r, q)) > most:
                break
            if loss < start - 1e-7 * (1 + start):
                return True
            if loss < least:
                least, rate, best = loss, rate * 1.1, (W, b, G, g)
            else:
                rate /= 3
            W, b, G, g = best
            W = [[[x - rate * d for x, d in zip(r, q)] for r, q in zip(A, D)] for A, D in zip(W, G)]
            b = [[[x - rate * d for x, d in zip(r, q)] if r else r for r, q in zip(A, D)] if A else A for A, D in zip(b, g)] if b else None
    return False

def exact_features(P):
    """The input of the last layer, exactly."""
    H, every = [[Fr(x) for x in row] for row in P.X], []
    for k in range(P.l - 1):
        every.append(H)
        Z = [[sum(Fr(w) * h for w, h in zip(row, column)) + (Fr(P.b[k][i][0]) if P.b and P.b[k] else 0)
              for column in zip(*H)] for i, row in enumerate(P.W[k])]
        if P.kind == "resnet" and k == P.l - 2:
            Z = [[z + Fr(x) for z, x in zip(r, q)] for r, q in zip(Z, P.X)]
        a = {"relu": Fr(0), "identity": Fr(1)}.get(P.act[k], Fr(1, 4))
        if any(z == 0 for row in Z for z in row):
            return None
        H = [[z if z > 0 else a * z for z in row] for row in Z]
    return H + [row for j in P.skips for row in every[j]]

along, reasons = 0, {"proved": 0, "refuted": 0, "undecided": 0}
for number in range(2 * count):
    P = Problem()
    if P.l == 1:
        continue
    # small whole numbers, some units equal, the last layer 0 or of little rank: many reasons at once
    small = lambda A: [[float(rng.choice([-2, -1, 1, 1, 2])) for _ in row] for row in A]
    P.act = [rng.choice(["relu", "identity", "leaky-relu 1/4"]) for _ in P.act]
    if P.kind == "resnet":
        P.act[-1] = "identity"
    P.loss, P.power, P.scale, P.decay, P.w = "square", 2, 0.5, 0, [1.0] * P.m
    P.X, P.W = small(P.X), [small(A) for A in P.W]
    P.b = [small(A) if A else A for A in P.b] if P.b else None
    twins = None
    if rng.random() < 0.5:
        k = rng.randrange(P.l - 1)
        twins = k if len(P.W[k]) > 1 and not (P.kind == "resnet" and k == P.l - 2) else None
        P.W[k] = [P.W[k][0][:] for _ in P.W[k]]
        if P.b and P.b[k]:
            P.b[k] = [P.b[k][0][:] for _ in P.b[k]]
    keep = rng.randrange(len(P.W[-1])) if rng.random() < 0.4 else None
    P.W[-1] = [row if i == keep else [0.0] * len(row) for i, row in enumerate(P.W[-1])]
    H = exact_features(P)
    if H is None:
        continue
    e = [null_vector(H + ([[Fr(1)] * P.m] if P.b and P.b[-1] else []), P.m) for _ in P.W[-1]]
    if e[0] is None:
        continue
    F = [[sum(Fr(w) * h for w, h in zip(row, column)) + (Fr(P.b[-1][i][0]) if P.b and P.b[-1] else 0)
          for column in zip(*H)] for i, row in enumerate(P.W[-1])]
    Y = [[f - (x if i != keep else 0) for f, x in zip(r, q)] for i, (r, q) in enumerate(zip(F, e))]
    if any(y.denominator > 10 ** 6 for row in Y for y in row) or not any(x for i, row in enumerate(e) if i != keep for x in row):
        continue
    P.Y = [[float(y) for y in row] for row in Y]
    yaml = re.sub(r"Y: .*?\]\]\}", lambda m: "Y: %s}" % json.dumps([[str(y) for y in row] for row in Y]),
                  P.yaml(["critical-point", "local-minimum", {"best-in-basis": {"basis": "flat"}},
                          {"best-in-basis": {"basis": "flat", "gap": "best"}}]
                         + [{"best-in-basis": {"basis": "chain"}}] * (P.kind == "feedforward")), count=1)
    rows, err = run("r%d.yaml" % number, yaml)
    if len(rows) != 4 + (P.kind == "feedforward") or rows[0]["verdict"] != "proved":
        print("#", yaml, rows, err)
        report(False, "reason %d: a critical point" % number)
        continue
    verdict = rows[1]["verdict"]
    reasons[verdict] += 1
    # at a local minimum no member of flat or chain has a smaller loss; members along a line of equal units
    best = [r["verdict"] for r in rows[2:3] + rows[4:]]
    good = verdict != "proved" or best == ["proved"] * len(best)
    good &= verdict == "refuted" or "refuted" not in best
    if rows[3]["verdict"] == "proved" and twins is not None:
        low, Q = P.gradients(P.W, P.b)[0] - float(rows[3]["gap"]["decimal"]), copy.copy(P)
        for trial in range(40):
            Q.W = [[row[:] for row in A] for A in P.W]
            for row in Q.W[twins + 1]:
                t = rng.gauss(0, 1)
                row[0] += t
                row[1] -= t
            size = 10.0 ** rng.randint(-3, 1)
            V = [[[rng.gauss(0, size) for _ in row] for row in A] for A in P.W]
            c = [[[rng.gauss(0, size)] for _ in b or []] for b in P.b] if P.b else None
            FQ = Q.passes(Q.W, Q.b)[2]
            if any(abs(x - y) > 1e-9 for r, q in zip(FQ, F) for x, y in zip(r, q)):
                good = False
            if Q.phi(Q.linearised(V, c, FQ))[0] < low - 1e-9 * (1 + low):
                good = False
            along += 1
    if not good:
        print("#", yaml, rows, err)
        report(False, "reason %d: flat and chain against a local minimum %s" % (number, verdict))
    if verdict == "undecided":
        continue
    lower = falls(P, 0.1 if verdict == "proved" else math.inf)
    if lower != (verdict == "refuted"):
        print("#", yaml, rows, err)
    report(lower == (verdict == "refuted"), "reason %d: %s of %d layers, a local minimum? %s" % (number, P.kind, P.l, verdict))

print("# reasons: %s; %d members along lines on which the outputs do not change" % (reasons, along))
verdicts = {"proved": 0, "refuted": 0, "undecided": 0}
for number in range(count // 2):
    d0, n, d, m = rng.randint(1, 2), rng.randint(1, 3), rng.randint(1, 2), rng.randint(2, 4)
    slope = rng.choice([Fr(0), Fr(1, 4)])
    X = [[Fr(rng.choice([-2, -1, 1, 2])) for _ in range(m)] for _ in range(d0)]
    W1 = [[Fr(rng.choice([-2, -1, 1, 2])) for _ in range(d0)] for _ in range(n)]
    Z = [[sum(a * X[j][i] for j, a in enumerate(row)) for i in range(m)] for row in W1]
    if any(z == 0 for row in Z for z in row):
        continue
    H = [[z if z > 0 else slope * z for z in row] for row in Z]
    Y = [null_vector(H, m) for _ in range(d)]
    if Y[0] is None:
        continue
    show = lambda A: json.dumps([[str(x) for x in row] for row in A])
    yaml = ("certify: 1\nnetwork: {kind: feedforward, activation: leaky-relu %s}\ndata: {X: %s, Y: %s}\n"
            "point: {W: [%s, {zeros: [%d, %d]}]}\nclaims: [critical-point, local-minimum]\n"
            % (slope, show(X), show(Y), show(W1), d, n))
    rows, err = run("m%d.yaml" % number, yaml)
    verdict = rows[1]["verdict"]
    verdicts[verdict] += 1
    lower = descends(W1, X, Y, float(slope), 0.1 if verdict == "proved" else math.inf)
    good = rows[0]["verdict"] == "proved" and not (verdict == "proved" and lower) and (verdict != "refuted" or lower)
    if not good:
        print("#", yaml, rows, err)
    report(good, "plateau %d: a local minimum? %s; descent: %s" % (number, verdict, lower))
print("# plateaus: %s" % verdicts)
print("# %d members drawn, %d points at kinks" % (drawn, kinks))
print("1..%d" % tests)
subprocess.run(["rm", "-rf", folder])
sys.exit(failures > 0)
