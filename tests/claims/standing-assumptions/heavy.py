# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def spectrum(r, c, digits, claim="claim distinct-eigenvalues"):
    return whole(problem("linear 1", matrix("X", c, c, digits), matrix("Y", r, c, digits), [matrix("W:1", r, c, 1)]),
                 claim, conclusion="proved")

FAMILIES = {
    "spectrum": lambda: spectrum(280, 280, 5),
    "spectrum-long": lambda: spectrum(30, 30, 500),
    "rank": lambda: spectrum(400, 400, 2, "claim full-rank"),
}
