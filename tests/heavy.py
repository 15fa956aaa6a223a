#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes certificates of at most about 1 MB that are as expensive to check as
can be: one family for each kind of work that a text can ask for.

usage: tests/heavy.py FOLDER [NAME...]"""
import hashlib, os, random, sys

random.seed(1)
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)

def num(digits):
    return str(random.randrange(10 ** (digits - 1), 10 ** digits))

def matrix(name, r, c, digits, den="1"):
    return "matrix %s %d %d %s\n" % (name, r, c, den) + "".join(
        " ".join(num(digits) for _ in range(c)) + "\n" for _ in range(r))

def whole(problem, claim, blocks=(), rounding=256, conclusion="proved lambda 1"):
    blocks = sorted(blocks, key=lambda b: b.split(" ")[1])
    return "certify-certificate 1\nproblem sha256 %s\n%s%s\nrounding %d\nevidence %d\n%sconclusion %s\nend\n" % (
        hashlib.sha256(problem.encode()).hexdigest(), problem, claim, rounding, len(blocks), "".join(blocks), conclusion)

def problem(network, X, Y, W, loss="square 1/2"):
    return "network %s\nloss %s\nweight-decay 0\n%s%sweights one\nbiases no\n%s" % (network, loss, X, Y, "".join(W))

def dominance(n, rho="1/100", lam="1"):
    return "claim gradient-dominance norm spectral radius %d%s lambda %s" % (n, (" " + rho) * n, lam)

def deep(l, d, digits, network="linear %d", blocks=("word bound block\n",), den="1"):
    W = [matrix("W:%d" % (k + 1), d, d, digits, den) for k in range(l)]
    return whole(problem(network % l, matrix("X", d, 1, 1), matrix("Y", d, 1, 1), W), dominance(l), blocks, 10 ** 6)

def deep_joint(l, d, digits):
    count = sum((l - i) * (i + 1) for i in range(l))
    factor = "bound joint 1 %d 1\n" % d + "".join(" ".join("1" * (i + 1)) + "\n" for i in range(d)) + "diagonal one\n"
    return deep(l, d, digits, blocks=("word bound joint\n", "numbers multipliers %d%s\n" % (count, " 1" * count), factor))

def tall(r, c, digits):
    return whole(problem("linear 1", matrix("X", r, c, digits), matrix("Y", 1, c, 1), [matrix("W:1", 1, r, 1)]),
                 dominance(1), ["word bound block\n"])

def spectrum(r, c, digits, claim="claim distinct-eigenvalues"):
    return whole(problem("linear 1", matrix("X", c, c, digits), matrix("Y", r, c, digits), [matrix("W:1", r, c, 1)]),
                 claim, conclusion="proved")

def feedforward(width, m, activation, wd, xd, blocks=(), refuted=False):
    W = [matrix("W:1", width, 1, wd), matrix("W:2", 1, width, 1)]
    p = problem("feedforward 2\nactivation " + activation, matrix("X", 1, m, xd), matrix("Y", 1, m, 1), W)
    if refuted:
        blocks = [matrix("witness:1", width, 1, wd), matrix("witness:2", 1, width, 1)]
    return whole(p, dominance(1), blocks, 10 ** 6, "refuted lambda 1" if refuted else "proved lambda 1")

def ball(width, m):
    zeros = "".join(" ".join("0" * m) + "\n" for _ in range(width))
    return feedforward(width, m, "tanh", 1, 1, ["ball features:1 4096 1 %d %d 1\n%s" % (width, m, zeros)])

def one(loss="square 1/2", den="1", lam="1"):
    return whole(problem("linear 1", matrix("X", 1, 100000, 1, den), matrix("Y", 1, 100000, 1),
                         [matrix("W:1", 1, 1, 1)], loss), dominance(1, lam=lam), ["word bound block\n"])

def factor(n, digits):
    L = "bound data-norm 1 %d 1\n" % n + "".join(" ".join(num(digits) for _ in range(i + 1)) + "\n" for i in range(n))
    return whole(problem("linear 2", matrix("X", n, n, 1), matrix("Y", 1, n, 1), [matrix("W:1", n, n, 1), matrix("W:2", 1, n, 1)]),
                 dominance(2), ["word bound block\n", L + "diagonal one\n"])

FAMILIES = {
    "deep-long": lambda: deep(200, 1, 4000),
    "deep-narrow": lambda: deep(200, 2, 1000),
    "deep": lambda: deep(200, 35, 3),
    "deep-wide": lambda: deep(50, 80, 2),
    "deep-fractions": lambda: deep(100, 40, 4, den="7"),
    "deep-residual": lambda: deep(200, 20, 10, "residual 1 %d"),
    "deep-joint": lambda: deep_joint(100, 40, 1),
    "radii": lambda: whole(problem("linear 200", matrix("X", 1, 1, 1), matrix("Y", 1, 1, 1),
                                   [matrix("W:%d" % (k + 1), 1, 1, 1) for k in range(200)]),
                           dominance(200, "9" * 4900), ["word bound block\n"]),
    "tall": lambda: tall(1000, 480, 1),
    "data-square": lambda: tall(480, 480, 3),
    "data-long": lambda: tall(10, 10, 9000),
    "spectrum": lambda: spectrum(280, 280, 5),
    "spectrum-long": lambda: spectrum(30, 30, 500),
    "rank": lambda: spectrum(400, 400, 2, "claim full-rank"),
    "features-long": lambda: feedforward(2, 100000, "relu", 99999, 1),
    "features-wide": lambda: feedforward(1000, 900, "leaky-relu 1/3", 300, 100),
    "refutation-wide": lambda: feedforward(1000, 90000, "relu", 1, 1, refuted=True),
    "refutation-long": lambda: feedforward(100, 90000, "leaky-relu 1/3", 1000, 1, refuted=True),
    "ball": lambda: ball(1000, 450),
    "scale": lambda: one("square 1/" + "9" * 99999),
    "denominator": lambda: one(den="9" * 99999),
    "lambda": lambda: one(lam="9" * 99999),
    "factor": lambda: factor(500, 5),
    "factor-long": lambda: factor(30, 2000),
}

if __name__ == "__main__":
    for name in sys.argv[2:] or FAMILIES:
        with open(os.path.join(sys.argv[1], name + ".cert"), "w") as f:
            f.write(FAMILIES[name]())
