#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains a ReLU network 4-8-3 without biases on iris by gradient descent from weights of one sign for each unit: five units are inactive on
all flowers, three active on all, so that the network stays a linear map.  Then makes the point exactly critical: the live units get weights V = A Z, Z the least-squares map of
the data, A (3 x 3) what training found, rounded; the last layer is A^-1 (the dead ones keep theirs, rounded).  Prints the problem file iris-collapsed.yaml,
in rationals (standard library only, a minute).

usage: train_collapsed.py > iris-collapsed.yaml"""
import random
from fractions import Fraction as F
from train_checkpoints import table

HEAD = """# Gradient descent from weights of one sign for each unit (train_collapsed.py) leaves five of eight ReLU units inactive on all flowers, and
# three active on all: a linear map.  Made exactly critical, the network is a local minimum, by the span of what its units see, and a spurious one:
# networks that are not linear do better.
certify: 1
title: Iris, relu 4-8-3, a network that training collapsed to a linear map
network: {kind: feedforward, activation: relu}
data:
  X: {csv: iris.csv, columns: 1-4, skip-rows: 1, transpose: true}
  Y: {csv: iris.csv, column: 5, skip-rows: 1, one-hot: 3}
point:
  W:
    - [%s]
    - [%s]
claims:
  - critical-point
  - local-minimum
  - spurious-local-minimum"""


def solve(A, B):
    """A^-1 B, by elimination."""
    n = len(A)
    M = [list(map(F, r)) + list(map(F, s)) for r, s in zip(A, B)]
    for c in range(n):
        p = next(i for i in range(c, n) if M[i][c])
        M[c], M[p] = M[p], M[c]
        M[c] = [x / M[c][c] for x in M[c]]
        for i in range(n):
            if i != c:
                M[i] = [x - M[i][c] * y for x, y in zip(M[i], M[c])]
    return [row[n:] for row in M]


def product(A, B):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*B)] for row in A]


def transposed(A):
    return [list(c) for c in zip(*A)]


def train(X, Y, seed):
    """Weights, and on how many flowers each unit is active."""
    rng = random.Random(seed)
    V = [[sign * abs(rng.gauss(0, 0.4)) for _ in range(4)] for sign in (rng.choice([-1, 1]) for _ in range(8))]
    U = [[rng.gauss(0, 0.7) for _ in range(8)] for _ in range(3)]
    for t in range(200):
        step = 2e-5
        gV, gU = [[0.0] * 4 for _ in V], [[0.0] * 8 for _ in U]
        for x, y in zip(X, Y):
            z = [sum(a * b for a, b in zip(v, x)) for v in V]
            s = [max(a, 0.0) for a in z]
            e = [sum(a * b for a, b in zip(u, s)) - c for u, c in zip(U, y)]
            for c in range(3):
                for i in range(8):
                    gU[c][i] += e[c] * s[i]
            for i in range(8):
                d = sum(U[c][i] * e[c] for c in range(3)) if z[i] > 0 else 0.0
                for b in range(4):
                    gV[i][b] += d * x[b]
        V = [[a - step * g for a, g in zip(r, q)] for r, q in zip(V, gV)]
        U = [[a - step * g for a, g in zip(r, q)] for r, q in zip(U, gU)]
    active = [sum(sum(a * b for a, b in zip(v, x)) > 0 for x in X) for v in V]
    return V, U, active


def main():
    rows = table("iris.csv", 1)
    X = [[float(x) for x in row[:4]] for row in rows]
    species = sorted(set(row[4] for row in rows))
    Y = [[float(row[4] == s) for s in species] for row in rows]
    V, U, active = next(found for found in (train(X, Y, seed) for seed in range(200)) if sorted(found[2]) == [0] * 5 + [150] * 3)
    exact = [[F(x).limit_denominator(10) for x in row] for row in X]
    G = product(transposed(exact), exact)
    Z = transposed(solve(G, product(transposed(exact), [list(map(F, y)) for y in Y])))                         # 3 x 4
    live = [i for i in range(8) if active[i]]
    # V about A Z: A = V Z^T (Z Z^T)^-1, to two digits
    A = transposed(solve(product(Z, transposed(Z)), product(Z, transposed([V[i] for i in live]))))
    A = [[F(round(float(x) * 100), 100) for x in row] for row in A]
    W = dict(zip(live, product(A, Z)))
    B = solve(A, [[F(i == j) for j in range(3)] for i in range(3)])
    rounded = lambda x: F(round(x * 100), 100)
    first = [W[i] if i in W else list(map(rounded, V[i])) for i in range(8)]
    last = [[B[c][live.index(i)] if i in W else rounded(U[c][i]) for i in range(8)] for c in range(3)]
    for i in range(8):
        z = [sum(a * b for a, b in zip(first[i], x)) for x in exact]
        assert all(t > 0 for t in z) if i in W else all(t < 0 for t in z), i
    write = lambda M: ", ".join("\n       [%s]" % ", ".join(map(str, row)) for row in M)
    print(HEAD % (write(first), write(last)))


main()
