# SPDX-License-Identifier: LGPL-2.1-or-later
"""Networks with transcendental activations in double precision, for tests/mutate.py: whether what a
certificate states about one can be true."""
import math, random
from numeric import jacobi

def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

def softplus(x):
    return max(x, 0) + math.log1p(math.exp(-abs(x)))

def activation(kind, a):
    """The function and its derivative."""
    return {"identity": (lambda x: x, lambda x: 1.0),
            "relu": (lambda x: max(x, 0.0), lambda x: float(x > 0)),
            "leaky-relu": (lambda x: x if x > 0 else a * x, lambda x: 1.0 if x > 0 else a),
            "tanh": (math.tanh, lambda x: 1 - math.tanh(x) ** 2),
            "sigmoid": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
            "softplus": (softplus, sigmoid),
            "smooth-leaky": (lambda x: a * x + (1 - a) * softplus(x), lambda x: a + (1 - a) * sigmoid(x))}[kind]

def rows(A):
    return [[x / A.den for x in r] for r in A.a]

class Network:
    def __init__(self, P):
        self.P, self.X, self.Y, self.m = P, rows(P.X), rows(P.Y), P.X.c
        self.W, self.b = [rows(W) for W in P.W], [rows(b) if b else [] for b in P.b] if P.bias else None
        self.l = len(self.W)
        self.act = [activation(kind, float(slope)) for kind, slope in P.act]
        self.cw = [float(P.scale * w) for w in P.w]

    def bias(self, k, i, b):
        return b[k][i][0] if b and b[k] else 0.0

    def forward(self, V=None, c=None):
        """Inputs, pre-activations, outputs, and those plus J (V, c)."""
        H, inputs, pre = self.X, [], []
        dH, all_dH, self.units = [[0.0] * self.m for _ in H], [], []
        for k, W in enumerate(self.W):
            self.units.append(len(H))
            all_dH.append(dH)
            if k == self.l - 1:
                H = H + [row for j in self.P.skips for row in inputs[j]]
                dH = dH + [row for j in self.P.skips for row in all_dH[j]]
            inputs.append(H)
            Z = [[sum(x * h[s] for x, h in zip(row, H)) + self.bias(k, i, self.b) for s in range(self.m)]
                 for i, row in enumerate(W)]
            if self.P.kind == "resnet" and k == self.l - 2:
                Z = [[z + x for z, x in zip(r, q)] for r, q in zip(Z, self.X)]
            if V:
                dH = [[sum(x * h[s] for x, h in zip(V[k][i], H)) + sum(x * h[s] for x, h in zip(row, dH))
                       + self.bias(k, i, c) for s in range(self.m)] for i, row in enumerate(W)]
            pre.append(Z)
            if k < len(self.act):
                f, g = self.act[k]
                dH = [[g(z) * d for z, d in zip(r, q)] for r, q in zip(Z, dH)] if V else dH
                H = [[f(z) for z in row] for row in Z]
            else:
                H = Z
        return inputs, pre, H, [[a + d for a, d in zip(r, q)] for r, q in zip(H, dH)] if V else None

    def phi(self, F):
        """The loss of outputs, and its derivative."""
        total, E = 0.0, [[0.0] * self.m for _ in F]
        for i, cw in enumerate(self.cw):
            q, y = [r[i] for r in F], [r[i] for r in self.Y]
            if self.P.loss == "cross-entropy":
                top, s = max(q), sum(y)
                e = [math.exp(x - top) for x in q]
                total += cw * (s * (top + math.log(sum(e))) - sum(a * t for a, t in zip(y, q)))
                g = [s * x / sum(e) - t for x, t in zip(e, y)]
            elif self.P.loss == "square":
                total += cw * sum((a - t) ** 2 for a, t in zip(q, y))
                g = [2 * (a - t) for a, t in zip(q, y)]
            elif self.P.loss == "logistic":
                total += cw * sum(math.log1p(math.exp(-t * a)) for a, t in zip(q, y))
                g = [-t / (1 + math.exp(t * a)) for a, t in zip(q, y)]
            else:
                p, t = self.P.power, [max(0.0, 1 - u * a) for a, u in zip(q, y)]
                total += cw * sum(x ** p for x in t)
                g = [-p * u * x ** (p - 1) for x, u in zip(t, y)]
            for k, x in enumerate(g):
                E[k][i] = cw * x
        return total, E

    def values(self):
        """The loss and the norm of its gradient, weight decay included."""
        loss, D = self.phi(self.forward()[2])
        g2 = sum(x * x for block in self.pullback(D) for x in block)
        return loss + float(self.P.decay) / 2 * sum(x * x for W in self.W for r in W for x in r), math.sqrt(g2)

    def pullback(self, D):
        """The derivatives of <D, outputs> (and of the weight decay) by the parameters, a list for each layer."""
        inputs, pre, F, _ = self.forward()
        decay, aside, found = float(self.P.decay), {}, []
        for k in reversed(range(self.l)):
            if k < len(self.act):
                D = [[d * self.act[k][1](z) for d, z in zip(r, q)] for r, q in zip(D, pre[k])]
            block = [sum(a * h for a, h in zip(row, H)) + decay * w
                     for i, row in enumerate(D) for H, w in zip(inputs[k], self.W[k][i])]
            found.append(block + ([sum(row) for row in D] if self.b and self.b[k] else []))
            D = [[sum(self.W[k][i][j] * D[i][s] for i in range(len(D))) for s in range(self.m)]
                 for j in range(len(self.W[k][0]))]
            if k == self.l - 1:
                at = self.units[k]
                for j in self.P.skips:
                    aside[j] = D[at:at + self.units[j]]
                    at += self.units[j]
                D = D[:self.units[k]]
            if k in aside:
                D = [[a + c for a, c in zip(r, q)] for r, q in zip(D, aside[k])]
        return found[::-1]

    def distinct(self):
        """The groups of equal samples of positive weight."""
        found = {}
        for i, x in enumerate(zip(*self.X)):
            if self.cw[i]:
                found.setdefault(x, []).append(i)
        return list(found.values())

    def least(self):
        """The square loss of the best function of the sample."""
        total = 0.0
        for group in self.distinct():
            weight = sum(self.cw[i] for i in group)
            for y in self.Y:
                mean = sum(self.cw[i] * y[i] for i in group) / weight
                total += sum(self.cw[i] * (y[i] - mean) ** 2 for i in group)
        return total

    def smallest(self, last=False):
        """The least eigenvalue of J J^T on the distinct samples, of the last layer's part alone."""
        J = []
        for group in self.distinct():
            for k in range(1 if last else len(self.Y)):
                D = [[0.0] * self.m for _ in self.Y]
                D[k][group[0]] = 1.0
                parts = self.pullback(D)
                J.append([x for part in (parts[-1:] if last else parts) for x in part])
        return min(jacobi([[sum(x * y for x, y in zip(a, b)) for b in J] for a in J])[0])

    def near(self, rho):
        """A random point of the neighbourhood."""
        def moved(A, r):
            V = [[random.gauss(0, 1) for _ in row] for row in A]
            size = math.sqrt(sum(x * x for row in V for x in row)) or 1.0
            return [[x + v * r / size for x, v in zip(row, q)] for row, q in zip(A, V)]
        other = Network(self.P)
        other.W = [moved(A, float(r)) for A, r in zip(self.W, rho)]
        other.b = [moved(A, float(r)) for A, r in zip(self.b, rho)] if self.b else None
        return other

def critical_point(net, c, proved):
    norm, bound = net.values()[1], float(c.gap or 0)
    return norm > bound * (1 + 1e-7) + 1e-12 if proved else norm < bound * (1 - 1e-7) - 1e-12

def best_in_basis(net, c, proved, points=60):
    """A tangent member that is drawn has a smaller loss."""
    if not proved or c.basis.kind != "tangent" or c.radius is None:
        return False
    low = net.phi(net.forward()[2])[0] - float(c.gap or 0)
    for _ in range(points):
        V = [[[random.gauss(0, 1) for _ in r] for r in W] for W in net.W]
        b = [[[random.gauss(0, 1)] for _ in r] for r in net.b] if net.b else None
        size = math.sqrt(sum(x * x for A in V + (b or []) for r in A for x in r)) / float(c.radius or 1e-300)
        V = [[[x / size for x in r] for r in A] for A in V]
        b = [[[x / size for x in r] for r in A] for A in b] if b else None
        if net.phi(net.forward(V, b)[3])[0] < low - 1e-9 * (1 + abs(low)):
            return True
    return False

def size_of(net, model):
    parts = net.pullback(net.phi(net.forward()[2])[1])
    return math.sqrt(sum(x * x for part in (parts if model == "tangent" else parts[-1:]) for x in part))

def induced_bound(net, c, proved, points=12):
    def excess(p):
        return p.values()[0] - float(c.value) - float(c.slope) * size_of(p, c.model)
    if not proved:
        return excess(net) < -1e-9
    return any(excess(p) > 1e-9 * (1 + float(c.value)) for p in [net] + [net.near(c.rho) for _ in range(points)])

def no_critical_point(net, c, proved, points=12):
    if not proved:
        return size_of(net, "tangent") > 1e-9
    return any(size_of(p, c.model) == 0 for p in [net] + [net.near(c.rho) for _ in range(points)])

def no_bad_critical_point(net, c, proved, points=2):
    return any(p.smallest() <= 0 for p in [net] + [net.near(c.rho) for _ in range(points)])

def tangent_dominance(net, c, proved, points=12):
    return any(p.values()[0] - p.least() > float(c.lam) * p.values()[1] ** 2 + 1e-9
               for p in [net] + [net.near(c.rho) for _ in range(points)])

def full_rank(net, c, proved):
    return (net.smallest(c.of == "features") <= 1e-13) == proved

CLAIMS = {"critical-point": critical_point, "best-in-basis": best_in_basis, "induced-bound": induced_bound,
          "no-critical-point": no_critical_point, "no-bad-critical-point": no_bad_critical_point,
          "tangent-dominance": tangent_dominance, "full-rank": full_rank}

def near_is_false(P, c, Q):
    """Whether the centre is no critical point, or further away than the radius, or has another kind of curvature."""
    net, far = Network(Q), sum(float(B.minus(A).norm2()) for A, B in zip(P.W + (list(P.b) if P.bias else []), Q.W + (list(Q.b) if P.bias else [])) if A is not None)
    if math.sqrt(far) > float(c.radius) * (1 + 1e-9):
        return "the centre is further away than the radius"
    places = [(A, i, j) for A in net.W + (net.b or []) for i in range(len(A)) for j in range(len(A[i]))]

    def loss(moves=()):
        for (A, i, j), x in moves:
            A[i][j] += x
        decay = sum(x * x for A in net.W for row in A for x in row)
        for k, A in enumerate(net.b or []):
            decay += sum(x * x for row in A for x in row) if P.decayed_bias(k) is not None else 0
        h = net.phi(net.forward()[2])[0] + float(P.decay) / 2 * decay
        for (A, i, j), x in moves:
            A[i][j] -= x
        return h

    e, h = 1e-4, loss()
    gradient = [(loss([(p, e)]) - loss([(p, -e)])) / (2 * e) for p in places]
    if max(map(abs, gradient)) > 1e-5 * (1 + abs(h)):
        return "the gradient at the centre is %g" % max(map(abs, gradient))
    rng, turns = random.Random(1), []
    for _ in range(200):
        v = [rng.gauss(0, 1) for _ in places]
        turns.append(loss([(p, 1e-3 * x) for p, x in zip(places, v)]) + loss([(p, -1e-3 * x) for p, x in zip(places, v)]) - 2 * h)
    if "minimum" in c.kind and min(turns) < -1e-9 * (1 + abs(h)):
        return "the curvature along a line is negative"
    return None

def is_false(P, c, proved):
    """None, or what is wrong with the claim, or that it is not evaluated here."""
    if c.kind not in CLAIMS:
        return "unsupported: %s" % c.kind
    return "false in double precision" if CLAIMS[c.kind](Network(P), c, proved) else None
