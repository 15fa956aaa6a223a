# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

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

def feedforward(width, m, activation, wd, xd, blocks=(), refuted=False):
    W = [matrix("W:1", width, 1, wd), matrix("W:2", 1, width, 1)]
    p = problem("feedforward 2\nactivation " + activation, matrix("X", 1, m, xd), matrix("Y", 1, m, 1), W)
    if refuted:
        blocks = [matrix("witness:1", width, 1, wd), matrix("witness:2", 1, width, 1)]
    return whole(p, dominance(1), blocks, 10 ** 6, "refuted lambda 1" if refuted else "proved lambda 1")

def ball(width, m):
    zeros = "".join(" ".join("0" * m) + "\n" for _ in range(width))
    return feedforward(width, m, "tanh", 1, 1, ["ball features:1 4096 1 %d %d 1\n%s" % (width, m, zeros)])

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
    "features-long": lambda: feedforward(2, 100000, "relu", 99999, 1),
    "features-wide": lambda: feedforward(1000, 900, "leaky-relu 1/3", 300, 100),
    "refutation-wide": lambda: feedforward(1000, 90000, "relu", 1, 1, refuted=True),
    "refutation-long": lambda: feedforward(100, 90000, "leaky-relu 1/3", 1000, 1, refuted=True),
    "ball": lambda: ball(1000, 450),
    "factor": lambda: factor(500, 5),
    "factor-long": lambda: factor(30, 2000),
}
SMALL = {"small-segments": lambda: deep(40, 8, 2)}
