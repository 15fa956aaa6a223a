# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def skips(layers, width, m, digits, claim):
    """The last layer sees all others."""
    wide = width * layers
    p = problem("skip %d %d %s\n%s" % (layers, layers - 1, " ".join(map(str, range(layers - 1))), "\n".join(["activation relu"] * (layers - 1))),
                matrix("X", width, m, digits), matrix("Y", 2, m, 1),
                [matrix("W:%d" % (k + 1), width, width, digits) for k in range(layers - 1)] + [matrix("W:%d" % layers, 2, wide, digits)])
    return whole(p, claim, [matrix("dual:last", 2, m, digits), matrix("member:last", 2, wide, digits)], 256, "proved").replace(
        "certificate 1", "certificate 2", 1)

def cell(units, m, digits):
    p = problem("feedforward 2\nactivation leaky-relu 1/2", matrix("X", 10, m, digits), matrix("Y", 2, m, 1),
                [matrix("W:1", units, 10, digits), matrix("W:2", 2, units, digits)])
    return whole(p, "claim critical-value of cell low 0 high 1", [matrix("dual:cell", 2, m, digits)], 256, "proved").replace(
        "certificate 1", "certificate 2", 1)

FAMILIES = {
    "skips": lambda: skips(30, 20, 300, 20, "claim critical-value of last low 0 high 1"),
    "skips-long": lambda: skips(12, 6, 60, 300, "claim critical-value of last low 0 high 1"),
    "value-cell": lambda: cell(900, 400, 20),
}
