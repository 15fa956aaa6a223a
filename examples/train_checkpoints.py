#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains networks with one hidden layer and stores them as frameworks do, beside this script
(Python standard library only, less than two minutes; the files are shipped, so this is needed
only to make them again).  The method is L-BFGS on the whole batch, for the square loss
1/2 ||f(X) - Y||_F^2 or the cross-entropy, in two cases plus a weight decay on all parameters,
from seeds; sums are added in a fixed order, so that only the tanh, exp and log of the C library
can make a difference.  Logistic regression is a network without a hidden layer.

usage: train_checkpoints.py [FOLDER]"""
import csv, math, os, random, sys
import checkpoint

here = os.path.dirname(os.path.abspath(__file__))

def table(name, skip):
    with open(os.path.join(here, name)) as f:
        return [[float(x) for x in row] for row in list(csv.reader(f))[skip:]]

def dot(x, y):
    s = 0.0
    for a, b in zip(x, y):
        s += a * b
    return s

def mul(A, B):
    """A B, one multiple of a row after the other."""
    C = []
    for row in A:
        c = [0.0] * len(B[0])
        for a, b in zip(row, B):
            if a:
                c = [x + a * y for x, y in zip(c, b)]
        C.append(c)
    return C

def transpose(A):
    return [list(r) for r in zip(*A)]

def one_hot(labels, k):
    return [[1.0 if int(c) == i else 0.0 for c in labels] for i in range(k)]

def softmax(column):
    top = max(column)
    e = [math.exp(q - top) for q in column]
    total = sum(e)
    return [x / total for x in e], top + math.log(total)

def square_loss(F, Y):
    """The loss and its derivative by the outputs."""
    E = [[a - b for a, b in zip(r, s)] for r, s in zip(F, Y)]
    return dot([dot(row, row) for row in E], [0.5] * len(E)), E

def cross_entropy(F, Y):
    """The mean over the samples."""
    loss, columns, m = 0.0, [], len(F[0])
    for q, y in zip(transpose(F), transpose(Y)):
        p, log_sum = softmax(q)
        loss += log_sum - dot(q, y)
        columns.append([(a - b) / m for a, b in zip(p, y)])
    return loss / m, transpose(columns)

ACTIVATIONS = {"tanh": (math.tanh, lambda h: 1 - h * h),
               "leaky-relu": (lambda z: z if z > 0 else 0.125 * z, lambda h: 1.0 if h > 0 else 0.125),
               "relu": (lambda z: z if z > 0 else 0.0, lambda h: 1.0 if h > 0 else 0.0)}

class Linear:
    """f(X) = W X + b; the parameters in one list."""
    def __init__(self, X, Y):
        self.X, self.Y, self.Xt = X, Y, transpose(X)

    def layers(self, p):
        n = len(self.X)
        W = [p[i * n:(i + 1) * n] for i in range(len(self.Y))]
        return [W, p[len(self.Y) * n:]]

    def outputs(self, p):
        W, b = self.layers(p)
        return [[z + c for z in r] for r, c in zip(mul(W, self.X), b)]

    def loss_and_gradient(self, p):
        loss, E = cross_entropy(self.outputs(p), self.Y)
        return loss, [x for row in mul(E, self.Xt) for x in row] + [dot(r, [1.0] * len(r)) for r in E]

class Network:
    """f(X) = W2 s(W1 X + b1) + b2; the parameters in one list."""
    def __init__(self, X, Y, width, activation, loss=square_loss):
        self.X, self.Y, self.Xt, self.width, self.loss = X, Y, transpose(X), width, loss
        self.act, self.der = ACTIVATIONS[activation]

    def start(self, gain):
        """PyTorch's distributions, uniform in +-1/sqrt(inputs), the weights gain times that."""
        p = []
        for rows, cols in [(self.width, len(self.X)), (len(self.Y), self.width)]:
            s = 1 / math.sqrt(cols)
            p += [gain * random.uniform(-s, s) for _ in range(rows * cols)]
            p += [random.uniform(-s, s) for _ in range(rows)]
        return p

    def layers(self, p):
        layers = []
        for rows, cols in [(self.width, len(self.X)), (len(self.Y), self.width)]:
            W = [p[i * cols:(i + 1) * cols] for i in range(rows)]
            layers += [W, p[rows * cols:rows * (cols + 1)]]
            p = p[rows * (cols + 1):]
        return layers

    def features_and_output(self, p):
        W1, b1, W2, b2 = self.layers(p)
        H = [[self.act(z + b) for z in r] for r, b in zip(mul(W1, self.X), b1)]
        return W2, H, [[z + b for z in r] for r, b in zip(mul(W2, H), b2)]

    def loss_and_gradient(self, p, decay=0.0):
        W2, H, F = self.features_and_output(p)
        loss, E = self.loss(F, self.Y)
        D = [[e * self.der(h) for e, h in zip(r, s)] for r, s in zip(mul(transpose(W2), E), H)]
        g = []
        for error, inputs in [(D, self.Xt), (E, transpose(H))]:
            g += [x for row in mul(error, inputs) for x in row]
            g += [dot(row, [1.0] * len(row)) for row in error]
        return loss + decay / 2 * dot(p, p), [x + decay * w for x, w in zip(g, p)]

    def accuracy(self, p):
        F, Y = transpose(self.features_and_output(p)[2]), transpose(self.Y)
        return sum(f.index(max(f)) == y.index(max(y)) for f, y in zip(F, Y)) / len(Y)

def lbfgs(function, p, steps, memory=10):
    """Two-loop recursion; the step is halved until the loss falls enough."""
    pairs = []
    loss, g = function(p)
    for _ in range(steps):
        q, alphas = g, []
        for s, y, r in reversed(pairs):
            alphas.append(r * dot(s, q))
            q = [a - alphas[-1] * b for a, b in zip(q, y)]
        scale = 1 / (pairs[-1][2] * dot(pairs[-1][1], pairs[-1][1])) if pairs else \
            0.1 / math.sqrt(dot(g, g))
        q = [scale * a for a in q]
        for (s, y, r), alpha in zip(pairs, reversed(alphas)):
            beta = r * dot(y, q)
            q = [a + (alpha - beta) * b for a, b in zip(q, s)]
        slope, t = dot(g, q), 1.0
        while t > 1e-9:
            new = [a - t * b for a, b in zip(p, q)]
            new_loss, new_g = function(new)
            if new_loss <= loss - 1e-4 * t * slope:
                break
            t /= 2
        else:
            if not pairs:
                break
            pairs = []
            continue
        s, y = [a - b for a, b in zip(new, p)], [a - b for a, b in zip(new_g, g)]
        if dot(s, y) > 1e-12 * dot(y, y):
            pairs = pairs[1 - memory:] + [(s, y, 1 / dot(s, y))]
        p, loss, g = new, new_loss, new_g
    return p

def regress(X, Y, steps):
    """Logistic regression from 0: W, b, rounded to float32."""
    net = Linear(X, Y)
    p = lbfgs(net.loss_and_gradient, [0.0] * ((len(X) + 1) * len(Y)), steps)
    p = checkpoint.from_bytes("F32", checkpoint.to_bytes("F32", p))
    loss, g = net.loss_and_gradient(p)
    print("logistic %d-%d, %d samples: cross-entropy %.6g, gradient %.3g" % (len(X), len(Y),
          len(X[0]), loss, math.sqrt(dot(g, g))))
    return net.layers(p)

def train(X, Y, width, activation, seed, steps, gain=1.0, decay=0.0, loss=square_loss):
    """The trained layers W1, b1, W2, b2, rounded to float32."""
    random.seed(seed)
    net = Network(X, Y, width, activation, loss)
    p = lbfgs(lambda p: net.loss_and_gradient(p, decay), net.start(gain), steps)
    p = checkpoint.from_bytes("F32", checkpoint.to_bytes("F32", p))
    value, g = net.loss_and_gradient(p)
    print("%s %d-%d-%d, %d samples: loss %.6g, gradient %.3g, accuracy %.2f %%" % (activation,
          len(X), width, len(Y), len(X[0]), value, math.sqrt(dot(g, g)), 100 * net.accuracy(p)))
    return net.layers(p)

def named(names, layers):
    return {name: ("F32", a) for name, a in zip(names, layers)}

SEQUENTIAL = ["0.weight", "0.bias", "2.weight", "2.bias"]       # of Sequential(Linear, s, Linear)
MODULE = ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]
KERAS = ["dense.kernel", "dense.bias", "dense_1.kernel", "dense_1.bias"]    # kernels: in x out

def main(folder):
    def path(name):
        return os.path.join(folder, name)

    iris = table("iris.csv", 1)
    samples, labels = [r[:4] for r in iris], [r[4] for r in iris]
    X, Y = transpose(samples), one_hot(labels, 3)
    checkpoint.save_npy(path("iris-x.npy"), "F64", samples)
    checkpoint.save_npy(path("iris-y.npy"), "F64", transpose(Y))

    tanh = train(X, Y, 12, "tanh", 3, 400, decay=0.1)
    checkpoint.save_npz(path("iris-tanh-4-12-3.npz"), named(MODULE, tanh))

    relu = train(X, Y, 16, "relu", 2, 600)
    checkpoint.save_safetensors(path("iris-relu-4-16-3.safetensors"), named(SEQUENTIAL, relu),
                                {"format": "pt"})
    W1, b1, W2, b2 = relu
    checkpoint.save_npz(path("iris-relu-keras.npz"),
                        named(KERAS, [transpose(W1), b1, transpose(W2), b2]))

    logistic = regress(X, Y, 60)
    checkpoint.save_safetensors(path("iris-logistic.safetensors"),
                                named(["weight", "bias"], logistic), {"format": "pt"})
    leaky = train(X, Y, 8, "leaky-relu", 1, 80, loss=cross_entropy)
    checkpoint.save_npz(path("iris-leaky-4-8-3.npz"), named(MODULE, leaky))
    checkpoint.save_npz(path("iris-leaky-square.npz"),
                        named(MODULE, train(X, Y, 8, "leaky-relu", 2, 500)))
    checkpoint.save_npz(path("iris-tanh-cross-entropy.npz"),
                        named(MODULE, train(X, Y, 12, "tanh", 5, 60, loss=cross_entropy)))

    digits = table("digits-400.csv", 0)
    X, Y = transpose([r[:64] for r in digits]), one_hot([r[64] for r in digits], 10)
    layers = named(SEQUENTIAL, train(X, Y, 16, "tanh", 3, 300, gain=0.2, decay=0.1))
    checkpoint.save_safetensors(path("digits-tanh-64-16-10.safetensors"), layers,
                                {"format": "pt"})
    checkpoint.save_npz(path("digits-tanh-64-16-10.npz"), layers, compressed=True)

if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else here)
