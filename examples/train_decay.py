#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains W_2 s(W_1 x + b_1) + b_2 with the square loss and weight decay until it no longer moves:

    1/2 sum_i |f(x_i) - y_i|^2 + mu/2 (sum of the squares of all weights)

by L-BFGS from random starts, with the Python standard library only; the best one is kept.

usage: train_decay.py [--units N] [--slope A] [--decay MU] [--bias] [--seed S] [--starts K] [--steps T]
                      [--from FILE.npz] -o FILE.npz
The data are iris.csv: four measurements, a class of three.  --bias: both layers have biases, b_1 is
decayed, b_2 is not.  --from continues with the weights W1, W2 (b1, b2) of a file."""
import argparse, random
from checkpoint import load_npz, save_npz
from train_checkpoints import dot, table


def iris():
    rows = table("iris.csv", 1)
    return [row[:4] for row in rows], [[float(row[4] == k) for k in range(3)] for row in rows]


class Objective:
    """The loss and its gradient; the parameters are one list: rows (w_i, b_i), then rows of W_2, then b_2."""

    def __init__(self, X, Y, units, slope, decay, bias):
        self.X = [x + [1.0] * bias for x in X]
        self.Y, self.p, self.slope, self.decay, self.bias = Y, units, slope, decay, bias
        self.d, self.k = len(self.X[0]), len(Y[0])
        self.size = units * self.d + self.k * units + self.k * bias

    def split(self, v):
        p, d, k = self.p, self.d, self.k
        W1 = [v[i * d:(i + 1) * d] for i in range(p)]
        W2 = [v[p * d + r * p:p * d + (r + 1) * p] for r in range(k)]
        return W1, W2, v[p * d + k * p:] if self.bias else [0.0] * k

    def __call__(self, v):
        W1, W2, b = self.split(v)
        G1 = [[self.decay * x for x in row] for row in W1]
        G2 = [[self.decay * x for x in row] for row in W2]
        gb = [0.0] * self.k
        loss = self.decay / 2 * sum(x * x for row in W1 + W2 for x in row)
        for x, y in zip(self.X, self.Y):
            z = [dot(w, x) for w in W1]
            s = [1.0 if t > 0 else self.slope for t in z]
            h = [t * a for t, a in zip(z, s)]
            e = [dot(w, h) + c - t for w, c, t in zip(W2, b, y)]
            loss += sum(t * t for t in e) / 2
            for r, t in enumerate(e):
                gb[r] += t
                row = G2[r]
                for i, a in enumerate(h):
                    row[i] += t * a
            for i, a in enumerate(s):
                if a:
                    t = a * sum(W2[r][i] * e[r] for r in range(self.k))
                    row = G1[i]
                    for j, c in enumerate(x):
                        row[j] += t * c
        return loss, [x for row in G1 + G2 for x in row] + (gb if self.bias else [])


def direction(g, pairs):
    """The two-loop recursion of Nocedal (1980)."""
    q, alphas = g[:], []
    for s, y in reversed(pairs):
        a = dot(s, q) / dot(s, y)
        alphas.append(a)
        q = [x - a * t for x, t in zip(q, y)]
    if pairs:
        s, y = pairs[-1]
        c = dot(s, y) / dot(y, y)
        q = [c * x for x in q]
    for (s, y), a in zip(pairs, reversed(alphas)):
        b = a - dot(y, q) / dot(s, y)
        q = [x + b * t for x, t in zip(q, s)]
    return [-x for x in q]


def descend(f, v, steps):
    loss, g = f(v)
    pairs = []
    for _ in range(steps):
        p = direction(g, pairs)
        slope, t = dot(p, g), 1.0 if pairs else 1e-3
        if slope >= 0:
            pairs, p, slope = [], [-x for x in g], -dot(g, g)
        for _ in range(40):
            new = [x + t * y for x, y in zip(v, p)]
            better, h = f(new)
            if better <= loss + 1e-4 * t * slope:
                break
            t /= 2
        else:
            break
        s, y = [t * x for x in p], [a - b for a, b in zip(h, g)]
        if dot(s, y) > 1e-14 * dot(y, y):
            pairs = (pairs + [(s, y)])[-20:]
        done = loss - better <= 1e-15 * loss
        v, loss, g = new, better, h
        if done:
            break
    return loss, v


def main():
    a = argparse.ArgumentParser(usage=__doc__)
    for name, kind, default in (("units", int, 16), ("slope", float, 0.0), ("decay", float, 1.0), ("seed", int, 1),
                                ("starts", int, 1), ("steps", int, 3000), ("from", str, None)):
        a.add_argument("--" + name, type=kind, default=default, dest="start" if name == "from" else name)
    a.add_argument("--bias", action="store_true")
    a.add_argument("-o", required=True)
    a = a.parse_args()
    X, Y = iris()
    start = load_npz(a.start) if a.start else None
    f = Objective(X, Y, len(start["W1"][1]) if start else a.units, a.slope, a.decay, int(a.bias))
    best = None
    for k in range(1 if start else a.starts):
        rng = random.Random(a.seed + k)
        v = [rng.gauss(0, 0.5) for _ in range(f.size)]
        if start:
            b1 = [[x] for x in start["b1"][1]] if a.bias else [[]] * f.p
            v = [x for w, b in zip(start["W1"][1], b1) for x in list(w) + list(b)]
            v += [x for w in start["W2"][1] for x in w] + (list(start["b2"][1]) if a.bias else [])
        found = descend(f, v, a.steps)
        print("start %d: loss %.9f" % (k + 1, found[0]), flush=True)
        best = found if best is None or found < best else best
    W1, W2, b = f.split(best[1])
    arrays = {"W1": ("F64", [w[:4] for w in W1]), "W2": ("F64", W2)}
    if a.bias:
        arrays.update(b1=("F64", [w[4] for w in W1]), b2=("F64", b))
    save_npz(a.o, arrays)


if __name__ == "__main__":
    main()
