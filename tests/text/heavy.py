# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def one(loss="square 1/2", den="1", lam="1"):
    return whole(problem("linear 1", matrix("X", 1, 100000, 1, den), matrix("Y", 1, 100000, 1),
                         [matrix("W:1", 1, 1, 1)], loss), dominance(1, lam=lam), ["word bound block\n"])

def nothing(r, m, scale):
    """X = 0 and Y = 0: a true claim, but for what a long scale costs."""
    zero = lambda name, r, c: "matrix %s %d %d 1\n" % (name, r, c) + (" ".join(["0"] * c) + "\n") * r
    return whole(problem("linear 1", zero("X", r, m), zero("Y", 1, m), [zero("W:1", 1, r)], "square " + scale), dominance(1))

FAMILIES = {
    "scale": lambda: one("square 1/" + "9" * 99999),
    "denominator": lambda: one(den="9" * 99999),
    "lambda": lambda: one(lam="9" * 99999),
}
SMALL = {
    "small-scale": lambda: nothing(1, 14000, "1/" + "9" * 99999),
    "small-columns": lambda: nothing(200, 100, "9" * 99999),
}
