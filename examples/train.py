#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains the networks of the examples by gradient descent and writes their
weights as float32 .npy files beside this script (Python standard library only;
the files are shipped, so this is needed only to make them again)."""
import csv, math, os, random, struct

here = os.path.dirname(os.path.abspath(__file__))

def table(name, skip):
    with open(os.path.join(here, name)) as f:
        return [[float(x) for x in row] for row in list(csv.reader(f))[skip:]]

def save(name, A):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }" % (len(A), len(A[0]))
    head += " " * (63 - (10 + len(head)) % 64) + "\n"
    with open(os.path.join(here, name), "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode())
        for row in A:
            f.write(struct.pack("<%df" % len(row), *row))

def mul(A, B):
    Bt = list(zip(*B))
    return [[sum(map(lambda x, y: x * y, a, b)) for b in Bt] for a in A]

def transpose(A):
    return [list(r) for r in zip(*A)]

def noise(r, c, s):
    return [[random.gauss(0, s) for _ in range(c)] for _ in range(r)]

class Adam:
    def __init__(self, params, rate):
        self.p, self.rate, self.t = params, rate, 0
        self.m = [[[0.0] * len(r) for r in A] for A in params]
        self.v = [[[0.0] * len(r) for r in A] for A in params]

    def step(self, grads):
        self.t += 1
        a, b = 1 - 0.9 ** self.t, 1 - 0.999 ** self.t
        for A, G, M, V in zip(self.p, grads, self.m, self.v):
            for i, row in enumerate(G):
                for j, g in enumerate(row):
                    M[i][j] += 0.1 * (g - M[i][j])
                    V[i][j] += 0.001 * (g * g - V[i][j])
                    A[i][j] -= self.rate * (M[i][j] / a) / (math.sqrt(V[i][j] / b) + 1e-8)

def train_linear(X, Y, widths, scale, steps, rate):
    """Full batch on the second moments: the loss needs nothing else."""
    m = len(X[0])
    Sxx = [[v / m for v in r] for r in mul(X, transpose(X))]
    Syx = [[v / m for v in r] for r in mul(Y, transpose(X))]
    W = [noise(widths[k + 1], widths[k], scale / math.sqrt(widths[k])) for k in range(len(widths) - 1)]
    opt = Adam(W, rate)
    for _ in range(steps):
        pre = [None]
        for w in W[:-1]:
            pre.append(w if pre[-1] is None else mul(w, pre[-1]))
        Z = W[-1] if pre[-1] is None else mul(W[-1], pre[-1])
        E = [[a - b for a, b in zip(r, s)] for r, s in zip(mul(Z, Sxx), Syx)]
        grads = [None] * len(W)
        for k in range(len(W) - 1, -1, -1):
            grads[k] = E if pre[k] is None else mul(E, transpose(pre[k]))
            E = mul(transpose(W[k]), E)
        opt.step(grads)
    return W

def train_residual(X, Y, units, steps, rate):
    """Units I + A_k2 A_k1."""
    d, m = len(X), len(X[0])
    A = [noise(d, d, 0.4) for _ in range(2 * units)]
    opt = Adam(A, rate)
    for _ in range(steps):
        H, ins = X, []
        for k in range(units):
            U = mul(A[2 * k], H)
            ins.append((H, U))
            V = mul(A[2 * k + 1], U)
            H = [[a + b for a, b in zip(r, s)] for r, s in zip(H, V)]
        E = [[(a - b) / m for a, b in zip(r, s)] for r, s in zip(H, Y)]
        grads = [None] * len(A)
        for k in range(units - 1, -1, -1):
            H, U = ins[k]
            grads[2 * k + 1] = mul(E, transpose(U))
            g = mul(transpose(A[2 * k + 1]), E)
            grads[2 * k] = mul(g, transpose(H))
            E = [[a + b for a, b in zip(r, s)] for r, s in zip(E, mul(transpose(A[2 * k]), g))]
        opt.step(grads)
    return A

def train_hidden(X, Y, width, act, der, bias, steps, rate):
    d, m = len(X), len(X[0])
    W1, W2 = noise(width, d, 1 / math.sqrt(d)), noise(len(Y), width, 1 / math.sqrt(width))
    b1, b2 = noise(width, 1, 0.5), noise(len(Y), 1, 0.1)
    params = [W1, W2] + ([b1, b2] if bias else [])
    opt = Adam(params, rate)
    for _ in range(steps):
        Z = mul(W1, X)
        if bias:
            Z = [[z + b[0] for z in r] for r, b in zip(Z, b1)]
        H = [[act(z) for z in r] for r in Z]
        F = mul(W2, H)
        if bias:
            F = [[z + b[0] for z in r] for r, b in zip(F, b2)]
        E = [[a - b for a, b in zip(r, s)] for r, s in zip(F, Y)]
        B = [[e * der(z) for e, z in zip(r, s)] for r, s in zip(mul(transpose(W2), E), Z)]
        opt.step([mul(B, transpose(X)), mul(E, transpose(H))]
                 + ([[[sum(r)] for r in B], [[sum(r)] for r in E]] if bias else []))
    return params

def one_hot(labels, k):
    return [[1.0 if int(c) == i else 0.0 for c in labels] for i in range(k)]

def main():
    iris = table("iris.csv", 1)
    X = transpose([r[:4] for r in iris])
    labels = [r[4] for r in iris]
    random.seed(1)
    for k, w in enumerate(train_linear(X, one_hot(labels, 3), [4, 4, 3], 1.0, 4000, 0.01)):
        save("iris-linear-w%d.npy" % (k + 1), w)

    # the residual network moves a flower half-way to the mean of its species
    means = {c: [sum(r[j] for r in iris if r[4] == c) / 50 for j in range(4)] for c in set(labels)}
    half = [[(v + w) / 2 for v, w in zip(r, means[r[4]])] for r in iris]
    with open(os.path.join(here, "iris-half-way.csv"), "w") as f:
        for r in half:
            f.write(",".join("%.4f" % v for v in r) + "\n")
    random.seed(2)
    for k, a in enumerate(train_residual(X, transpose(half), 2, 1500, 0.01)):
        save("iris-residual-a%d%d.npy" % (k // 2 + 1, k % 2 + 1), a)

    rows = iris[48:52]              # four flowers, so that d = m
    random.seed(3)
    w1, w2 = train_hidden(transpose([r[:4] for r in rows]), one_hot([r[4] for r in rows], 3), 4,
                          lambda z: z if z > 0 else z / 10, lambda z: 1.0 if z > 0 else 0.1,
                          False, 3000, 0.02)
    save("iris-leaky-w1.npy", w1)
    save("iris-leaky-w2.npy", w2)

    rows = iris[45:55]              # ten flowers, sixteen hidden units
    random.seed(4)
    names = ["w1", "w2", "b1", "b2"]
    for name, a in zip(names, train_hidden(transpose([r[:4] for r in rows]),
                                           one_hot([r[4] for r in rows], 3), 16, math.tanh,
                                           lambda z: 1 - math.tanh(z) ** 2, True, 3000, 0.01)):
        save("iris-tanh-%s.npy" % name, a)

    digits = table("digits-400.csv", 0)
    random.seed(5)
    X = transpose([r[:64] for r in digits])
    for k, w in enumerate(train_linear(X, one_hot([r[64] for r in digits], 10), [64, 16, 10], 0.3, 600, 0.003)):
        save("digits-w%d.npy" % (k + 1), w)

if __name__ == "__main__":
    main()
