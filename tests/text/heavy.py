# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def one(loss="square 1/2", den="1", lam="1"):
    return whole(problem("linear 1", matrix("X", 1, 100000, 1, den), matrix("Y", 1, 100000, 1),
                         [matrix("W:1", 1, 1, 1)], loss), dominance(1, lam=lam), ["word bound block\n"])

FAMILIES = {
    "scale": lambda: one("square 1/" + "9" * 99999),
    "denominator": lambda: one(den="9" * 99999),
    "lambda": lambda: one(lam="9" * 99999),
}
