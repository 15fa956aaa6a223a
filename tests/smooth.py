# SPDX-License-Identifier: LGPL-2.1-or-later
"""Networks with transcendental activations in double precision, for tests/mutate.py: whether what a
certificate states about one can be true."""
import math, random

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
        self.W, self.b = [rows(W) for W in P.W], [rows(b) for b in P.b] if P.bias else None
        self.act = [activation(kind, float(slope)) for kind, slope in P.act]
        self.cw = [float(P.scale * w) for w in P.w]

    def forward(self, V=None, c=None):
        """Inputs, pre-activations, outputs, and those plus J (V, c)."""
        H, inputs, pre = self.X, [], []
        dH = [[0.0] * self.m for _ in H]
        for k, W in enumerate(self.W):
            inputs.append(H)
            Z = [[sum(x * h[s] for x, h in zip(row, H)) + (self.b[k][i][0] if self.b else 0) for s in range(self.m)]
                 for i, row in enumerate(W)]
            if V:
                dH = [[sum(x * h[s] for x, h in zip(V[k][i], H)) + sum(x * h[s] for x, h in zip(row, dH))
                       + (c[k][i][0] if self.b else 0) for s in range(self.m)] for i, row in enumerate(W)]
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
        inputs, pre, F, _ = self.forward()
        decay, (loss, D), g2 = float(self.P.decay), self.phi(F), 0.0
        for k in reversed(range(len(self.W))):
            if k < len(self.act):
                D = [[d * self.act[k][1](z) for d, z in zip(r, q)] for r, q in zip(D, pre[k])]
            for i, row in enumerate(D):
                g2 += sum((sum(a * h for a, h in zip(row, H)) + decay * w) ** 2 for H, w in zip(inputs[k], self.W[k][i]))
                g2 += sum(row) ** 2 if self.b else 0
            D = [[sum(self.W[k][i][j] * D[i][s] for i in range(len(D))) for s in range(self.m)]
                 for j in range(len(self.W[k][0]))]
        return loss + decay / 2 * sum(x * x for W in self.W for r in W for x in r), math.sqrt(g2)

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

CLAIMS = {"critical-point": critical_point, "best-in-basis": best_in_basis}

def is_false(P, c, proved):
    """None, or what is wrong with the claim, or that it is not evaluated here."""
    if c.kind not in CLAIMS:
        return "unsupported: %s" % c.kind
    return "false in double precision" if CLAIMS[c.kind](Network(P), c, proved) else None
