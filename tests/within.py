#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random networks, and what is said to lie near their points.

usage: within.py CERTIFY COUNT [SEED]

For every proved claim the centre of the certificate is read, and tried in floating point by a network of this file's own:

* its gradient is 0, its loss what the sentence says, its distance the radius, up to one per cent;
* no random step from a local minimum lowers the loss, nor from a global minimiser of any length;
* from a strict saddle some step along the direction of the certificate does;
* both checkers verify the certificates (the second one: where all is rational)."""
import json, math, os, subprocess, sys, tempfile

sys.dont_write_bytecode = True
from trials import both_checkers, certify, check, count, finish, rng, text

CLAIMS = ["critical-point-within", "local-minimum-within", "strict-saddle-within", "minimizer-within"]
RATIONAL = ["relu", "leaky-relu 1/4", "identity"]
ACTS = RATIONAL + ["tanh", "sigmoid", "softplus", "smooth-leaky 1/4"]


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def softplus(z):
    return max(z, 0) + math.log1p(math.exp(-abs(z)))


VALUE = {"identity": lambda z: z, "relu": lambda z: max(z, 0), "leaky-relu": lambda z: z if z > 0 else z / 4, "tanh": math.tanh, "sigmoid": sigmoid,
         "softplus": softplus, "smooth-leaky": lambda z: z / 4 + 3 / 4 * softplus(z)}


class Net:
    def __init__(self):
        self.l, self.m = rng.choice([1, 2, 2, 3]), rng.randint(2, 6)
        self.widths = [rng.randint(1, 3) for _ in range(self.l + 1)]
        self.linear = rng.random() < 0.2
        self.loss = rng.choice(["square"] * 3 + ["cross-entropy", "logistic"])
        rational = rng.random() < 0.5
        self.acts = [rng.choice(RATIONAL if rational else ACTS) for _ in range(self.l - 1)]
        self.bias = rng.random() < 0.5 and not self.linear
        self.mu = rng.choice([0, 0, 0.5, 0.125])
        self.decayed = self.bias and self.mu and rng.choice(["", "yes", "hidden"])
        self.X = [[rng.randint(-3, 3) for _ in range(self.m)] for _ in range(self.widths[0])]
        low = {"square": -3, "cross-entropy": 0, "logistic": -1}[self.loss]
        self.Y = [[rng.choice([-1, 1]) if self.loss == "logistic" else rng.randint(low, 3) for _ in range(self.m)] for _ in range(self.widths[-1])]
        self.W = [[[rng.randint(-8, 8) / 4 for _ in range(self.widths[k])] for _ in range(self.widths[k + 1])] for k in range(self.l)]
        self.b = [[rng.randint(-4, 4) / 4 for _ in range(self.widths[k + 1])] for k in range(self.l)]

    def yaml(self):
        numbers = lambda A: text([[str(x) for x in row] for row in A]).replace("'", "")
        y = "certify: 1\n"
        if self.linear:
            y += "network: {kind: linear}\n"
        else:
            y += "network: {kind: feedforward%s}\n" % (", activation: [%s]" % ", ".join(self.acts) if self.acts else "")
        y += "loss: %s\n" % self.loss
        if self.mu:
            y += "regularization: {weight-decay: %s%s}\n" % (self.mu, ", decay-biases: " + self.decayed if self.decayed else "")
        y += "data: {X: %s, Y: %s}\npoint:\n  W: [%s]\n" % (numbers(self.X), numbers(self.Y), ", ".join(map(numbers, self.W)))
        if self.bias:
            y += "  b: [%s]\n" % ", ".join(numbers([[x] for x in b]) for b in self.b)
        return y + "claims: [%s]\n" % ", ".join(CLAIMS)

    def flat(self, W, b):
        return [x for k in range(self.l) for r, row in enumerate(W[k]) for x in row + ([b[k][r]] if self.bias else [])]

    def value(self, p):
        """h at the parameters, layer by layer, rows of [W, b]."""
        it, H, decay = iter(p), [list(map(float, row)) for row in self.X], 0.0
        for k in range(self.l):
            Z = []
            for _ in range(self.widths[k + 1]):
                w = [next(it) for _ in range(self.widths[k])]
                b = next(it) if self.bias else 0.0
                decay += sum(x * x for x in w)
                if self.bias and (self.decayed == "yes" or self.decayed == "hidden" and k < self.l - 1):
                    decay += b * b
                Z.append([b + sum(x * h[i] for x, h in zip(w, H)) for i in range(self.m)])
            act = VALUE["identity" if self.linear or k == self.l - 1 else self.acts[k].split()[0]]
            H = [[act(z) for z in row] for row in Z]
        h = self.mu / 2 * decay
        for i in range(self.m):
            q, y = [row[i] for row in H], [row[i] for row in self.Y]
            if self.loss == "square":
                h += sum((a - b) ** 2 for a, b in zip(q, y)) / 2
            elif self.loss == "logistic":
                h += sum(softplus(-a * b) for a, b in zip(q, y))
            else:
                top = max(q)
                h += sum(y) * (top + math.log(sum(math.exp(a - top) for a in q))) - sum(a * b for a, b in zip(q, y))
        return h

    def centre(self, cert):
        """The parameters of the centre."""
        W, b = [[r[:] for r in A] for A in self.W], [c[:] for c in self.b]
        lines = cert.split("\n")
        for i, line in enumerate(lines):
            words = line.split()
            if len(words) == 5 and words[0] == "matrix" and words[1].startswith("center"):
                k, rows, den = int(words[1].split(":")[1]) - 1, int(words[2]), int(words[4])
                A = [[int(x) / den for x in lines[i + 1 + r].split()] for r in range(rows)]
                if words[1].startswith("center-bias"):
                    b[k] = [row[0] for row in A]
                else:
                    W[k] = A
        return self.flat(W, b)


def step(p, length):
    v = [rng.gauss(0, 1) for _ in p]
    n = math.sqrt(sum(x * x for x in v))
    return [x + length * y / n for x, y in zip(p, v)]


def slope(net, p):
    """The norm of the gradient, by differences, some so short that they cross no kink nearby."""
    return min(differences(net, p, e) for e in (1e-5, 1e-7, 1e-9))


def differences(net, p, e):
    total = 0.0
    for i in range(len(p)):
        up, down = p[:], p[:]
        up[i] += e
        down[i] -= e
        total += ((net.value(up) - net.value(down)) / (2 * e)) ** 2
    return math.sqrt(total)


def judge(net, result, cert):
    p, claim = net.centre(cert), result["claim"]
    h, found = net.value(p), result["statement"]
    radius = eval_fraction(cert.split("radius ")[1].split("\n")[0])
    distance = math.sqrt(sum((x - y) ** 2 for x, y in zip(p, net.flat(net.W, net.b))))
    last = "word by last-layer" in cert
    scale = 1 + abs(h)
    check(distance <= radius * (1 + 1e-9) + 1e-12 and (radius <= distance * 1.01 + 1e-9 or last and h < 1e-9), claim, "distance", distance, radius, net.yaml())
    if "There, " in found:
        low, high = found.split("There, ")[1].split(".\n")[0].split(" <= h(W) <= ")
        check(float(low) - 1e-9 * scale <= h <= float(high.split("\n")[0].rstrip(".")) + 1e-9 * scale, claim, "loss", h, found, net.yaml())
    if not ("minimizer" in claim and last):
        check(slope(net, p) <= 1e-6 * scale, claim, "gradient", slope(net, p), net.yaml())
    if "minimum" in claim or "minimizer" in claim:
        lower = [q for q in (step(p, 10 ** rng.uniform(-4, -2)) for _ in range(60)) if net.value(q) < h - 1e-12 * scale]
        check(not lower, claim, "lower near", h, net.yaml())
    if "minimizer" in claim:
        check(all(net.value(step(p, 10 ** rng.uniform(-2, 1))) >= h - 1e-9 * scale for _ in range(60)), claim, "lower anywhere", h, net.yaml())


def eval_fraction(x):
    a, _, b = x.partition("/")
    return int(a) / int(b or 1)


proved = dict.fromkeys(CLAIMS, 0)
for number in range(count):
    net = Net()
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, "p.yaml"), "w") as f:
            f.write(net.yaml())
        r = subprocess.run([certify, "--json", "-q", "p.yaml"], cwd=d, capture_output=True, text=True)
        check(r.returncode in (0, 2, 65), "status", r.returncode, r.stderr, net.yaml())
        results = [json.loads(line) for line in r.stdout.splitlines() if "\"verdict\"" in line]
        for x in results:
            if x.get("verdict") != "proved":
                check(x.get("verdict") in ("undecided", "error", "bad-data"), "verdict", x.get("verdict"), net.yaml())
                continue
            proved[x["claim"]] += 1
            with open(os.path.join(d, x["certificate"])) as f:
                judge(net, x, f.read())
        if any(x.get("verdict") == "proved" for x in results):
            smooth = net.loss != "square" or any(a not in RATIONAL for a in net.acts)
            if not smooth:
                both_checkers(d)
check(all(n >= count // 60 for n in proved.values()), "few were proved", proved)
finish("%d networks: %s" % (count, ", ".join("%s %d" % x for x in proved.items())))
