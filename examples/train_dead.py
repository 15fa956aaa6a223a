#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains a ReLU network 4-6-1 on the first two species of iris by gradient descent with a step that is too long:
after a few steps no unit is active on any flower, the bias of the output converges to the mean of the labels, 1/2, and
the gradient is exactly 0.  Stores it, in single precision, in an NPZ file beside this script (standard library only, seconds; it is shipped).

usage: train_dead.py [FOLDER]"""
import os, random, sys
import checkpoint
from train_checkpoints import MODULE, here, named, table

def main():
    rng = random.Random(1)
    X = [row[:4] for row in table("iris.csv", 1)][:100]
    y = [1.0] * 50 + [0.0] * 50
    W1 = [[rng.gauss(0, 0.5) for _ in range(4)] for _ in range(6)]
    b1, W2, b2, step = [0.0] * 6, [rng.gauss(0, 0.5) for _ in range(6)], 0.0, 1 / 256
    for t in range(2000):
        Z = [[sum(w * v for w, v in zip(row, x)) + b for row, b in zip(W1, b1)] for x in X]
        e = [sum(w * max(z, 0.0) for w, z in zip(W2, zs)) + b2 - t for zs, t in zip(Z, y)]
        D = [[r * w if z > 0 else 0.0 for w, z in zip(W2, zs)] for r, zs in zip(e, Z)]
        g2 = [sum(r * max(zs[k], 0.0) for r, zs in zip(e, Z)) for k in range(6)]
        b2 -= step * sum(e)
        W2 = [w - step * g for w, g in zip(W2, g2)]
        for k in range(6):
            W1[k] = [w - step * sum(d[k] * x[j] for d, x in zip(D, X)) for j, w in enumerate(W1[k])]
            b1[k] -= step * sum(d[k] for d in D)
        if t % 200 == 0:
            print(t, sum(r * r for r in e) / 2, b2, sum(z > 0 for zs in Z for z in zs))
    checkpoint.save_npz(os.path.join(sys.argv[1] if len(sys.argv) > 1 else here, "iris-dead.npz"),
                        named(MODULE, [W1, b1, [W2], [b2]]))

main()
