# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def minimiser(d, digits):
    p = problem("linear 2", matrix("X", d, d, digits), matrix("Y", d, d, digits), [matrix("W:1", d - 1, d, 1), matrix("W:2", d, d - 1, 1)])
    return whole(p, "claim global-minimizer", (), 256, "proved")

FAMILIES = {
    "minimiser": lambda: minimiser(250, 4),
    "minimiser-long": lambda: minimiser(20, 600),
}
