#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains two networks with shortcuts on iris and stores them in NPZ files beside this script (Python
standard library only, less than a minute; the files are shipped): a tanh network whose output sees the
inputs, too, and a residual block with a readout, W (X + R z(X)), z one layer of ReLU units.

usage: train_shortcuts.py [FOLDER]"""
import math, os, random, sys
import checkpoint
from train_checkpoints import (ACTIVATIONS, cross_entropy, dot, here, lbfgs, mul, one_hot, square_loss, table,
                               transpose)

def folded(p, shapes):
    """Matrices and, as lists, vectors out of one list of parameters."""
    layers = []
    for shape in shapes:
        if isinstance(shape, int):
            layers.append(p[:shape])
            p = p[shape:]
        else:
            r, c = shape
            layers.append([p[i * c:(i + 1) * c] for i in range(r)])
            p = p[r * c:]
    return layers

def flat(layers):
    return [x for A in layers for row in A for x in (row if isinstance(row, list) else [row])]

def sums(E):
    return [dot(r, [1.0] * len(r)) for r in E]

def plus(A, B):
    return [[a + b for a, b in zip(r, s)] for r, s in zip(A, B)]

class Skip:
    """f(X) = W2 s(W1 X + b1) + b2 + S X."""
    def __init__(self, X, Y, width):
        self.X, self.Y, self.Xt = X, Y, transpose(X)
        self.act, self.der = ACTIVATIONS["tanh"]
        self.shapes = [(width, len(X)), width, (len(Y), width), len(Y), (len(Y), len(X))]

    def loss_and_gradient(self, p):
        W1, b1, W2, b2, S = folded(p, self.shapes)
        H = [[self.act(z + b) for z in r] for r, b in zip(mul(W1, self.X), b1)]
        F = [[a + b + c for a, b in zip(r, s)] for r, s, c in zip(mul(W2, H), mul(S, self.X), b2)]
        loss, E = cross_entropy(F, self.Y)
        D = [[e * self.der(h) for e, h in zip(r, s)] for r, s in zip(mul(transpose(W2), E), H)]
        return loss, flat([mul(D, self.Xt), sums(D), mul(E, transpose(H)), sums(E), mul(E, self.Xt)])

class ResNet:
    """f(X) = W (X + R z), z = relu(W1 X + b1)."""
    def __init__(self, X, Y, width):
        self.X, self.Y, self.Xt = X, Y, transpose(X)
        self.act, self.der = ACTIVATIONS["relu"]
        self.shapes = [(width, len(X)), width, (len(X), width), (len(Y), len(X))]

    def loss_and_gradient(self, p):
        W1, b1, R, W = folded(p, self.shapes)
        Z = [[self.act(z + b) for z in r] for r, b in zip(mul(W1, self.X), b1)]
        A = plus(self.X, mul(R, Z))
        loss, E = square_loss(mul(W, A), self.Y)
        G = mul(transpose(W), E)
        D = [[e * self.der(z) for e, z in zip(r, s)] for r, s in zip(mul(transpose(R), G), Z)]
        return loss, flat([mul(D, self.Xt), sums(D), mul(G, transpose(Z)), mul(E, transpose(A))])

def train(net, name, seed, steps):
    random.seed(seed)
    p = []
    for shape in net.shapes:
        s = 1 / math.sqrt(shape[1] if isinstance(shape, tuple) else 4)
        p += [random.uniform(-s, s) for _ in range(shape if isinstance(shape, int) else shape[0] * shape[1])]
    p = lbfgs(net.loss_and_gradient, p, steps)
    p = checkpoint.from_bytes("F32", checkpoint.to_bytes("F32", p))
    loss, g = net.loss_and_gradient(p)
    print("%s: loss %.6g, gradient %.3g" % (name, loss, math.sqrt(dot(g, g))))
    return folded(p, net.shapes)

def main(folder):
    iris = table("iris.csv", 1)
    X, Y = transpose([r[:4] for r in iris]), one_hot([r[4] for r in iris], 3)
    for net, name, names, steps in [
            (Skip(X, Y, 6), "iris-skip", ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "skip.weight"], 60),
            (ResNet(X, Y, 6), "iris-resnet", ["z.weight", "z.bias", "block.weight", "readout.weight"], 3000)]:
        layers = train(net, name, 2, steps)
        checkpoint.save_npz(os.path.join(folder, name + ".npz"), {n: ("F32", A) for n, A in zip(names, layers)})

if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else here)
