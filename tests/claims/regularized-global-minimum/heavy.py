# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def tree(d, m, k, digits, depth, split="1"):
    """A tree whose 2^d roots are split to this depth, and whose leaves all hold, as the weight decay is large."""
    p = problem("feedforward 2\nactivation relu", matrix("X", d, m, digits), matrix("Y", k, m, digits), [matrix("W:1", 1, d, 1), matrix("W:2", k, 1, 1)])
    nodes = "0"
    for _ in range(depth):
        nodes = "%s %s %s" % (split, nodes, nodes)
    codes = " ".join([nodes] * 2 ** d)
    blocks = [matrix("dual", k, m, digits), "numbers tree %d %s\n" % (len(codes.split()), codes)]
    return whole(p.replace("weight-decay 0", "weight-decay 1" + "0" * (2 * digits + 12)), "claim regularized-global-minimum gap 1", blocks, 256,
                 "proved").replace("certificate 1", "certificate 2", 1)

FAMILIES = {
    "cones": lambda: tree(4, 150, 3, 4, 12),
    "cones-wide": lambda: tree(8, 2000, 1, 3, 5),
    "cones-long": lambda: tree(4, 60, 3, 400, 13),
    "cones-outputs": lambda: tree(5, 100, 60, 3, 11),
    "cones-split": lambda: tree(6, 20, 1, 2, 6, "16 %d 1" % 10 ** 60),
    "cones-short": lambda: tree(4, 150, 3, 4, 2),
}
