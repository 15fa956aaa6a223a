# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def inequality(d, digits):
    term = "eta_min(" + "*".join(["W_1"] * 64) + ")"
    p = problem("linear 1", matrix("X", d, 1, 1), matrix("Y", d, 1, 1), [matrix("W:1", d, d, digits)])
    return whole(p, "claim inequality %s >= 1" % "*".join([term] * 8), (), 256, "proved")

FAMILIES = {
    "inequality": lambda: inequality(400, 6),
    "inequality-long": lambda: inequality(30, 900),
}
