# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains the networks whose nearest minima the examples *-minimum, *-early, iris-bottleneck and iris-no-decay
speak of: by L-BFGS in float64, rounded to float32 as frameworks store them.  Python standard library only.

usage: train_minima.py [FOLDER]"""
import os, random, sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
import checkpoint
from train_checkpoints import (MODULE, Linear, cross_entropy, dot, lbfgs, mul, named, one_hot, square_loss, table, train, transpose)


class Decayed:
    """A function of p with decay / 2 |p|^2 more."""
    def __init__(self, function, decay):
        self.function, self.decay = function, decay

    def __call__(self, p):
        loss, g = self.function(p)
        return loss + self.decay / 2 * dot(p, p), [x + self.decay * w for x, w in zip(g, p)]


class Bottleneck:
    """W2 W1 X without biases; the parameters in one list."""
    def __init__(self, X, Y, width):
        self.X, self.Y, self.Xt, self.width = X, Y, transpose(X), width

    def layers(self, p):
        n, k = len(self.X), self.width
        return ([p[i * n:(i + 1) * n] for i in range(k)],
                [p[k * n + i * k:k * n + (i + 1) * k] for i in range(len(self.Y))])

    def __call__(self, p):
        W1, W2 = self.layers(p)
        H = mul(W1, self.X)
        loss, E = square_loss(mul(W2, H), self.Y)
        return loss, [x for row in mul(mul(transpose(W2), E), self.Xt) + mul(E, transpose(H)) for x in row]


def main(folder):
    def path(name):
        return os.path.join(folder, name)

    iris = table("iris.csv", 1)
    X, Y = transpose([r[:4] for r in iris]), one_hot([r[4] for r in iris], 3)
    checkpoint.save_npz(path("iris-tanh-minimum.npz"), named(MODULE, train(X, Y, 8, "tanh", 3, 3000, decay=0.1)))
    checkpoint.save_npz(path("iris-tanh-early.npz"), named(MODULE, train(X, Y, 8, "tanh", 3, 150, decay=0.1)))
    checkpoint.save_safetensors(path("iris-softmax-minimum.safetensors"),
                                named(MODULE, train(X, Y, 8, "tanh", 5, 1500, decay=0.001, loss=cross_entropy)), {"format": "pt"})
    checkpoint.save_npz(path("iris-no-decay.npz"), named(MODULE, train(X, Y, 8, "tanh", 3, 300)))
    checkpoint.save_npz(path("iris-leaky-minimum.npz"), named(MODULE, train(X, Y, 2, "leaky-relu", 4, 2000)))
    random.seed(1)
    net = Bottleneck(X, Y, 2)
    W1, W2 = net.layers(lbfgs(net, [random.uniform(-0.5, 0.5) for _ in range(14)], 500))
    checkpoint.save_npz(path("iris-bottleneck.npz"), {"W1": ("F32", W1), "W2": ("F32", W2)})

    net = Linear(X, Y)
    p = lbfgs(Decayed(net.loss_and_gradient, 0.001), [0.0] * 15, 200)
    checkpoint.save_safetensors(path("iris-logistic-minimum.safetensors"), named(["weight", "bias"], net.layers(p)), {"format": "pt"})


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else here)
