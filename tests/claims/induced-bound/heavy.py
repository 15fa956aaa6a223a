# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def dense(layers, width, m, digits, claim, loss="square 1/2", activation="leaky-relu 1/2", blocks=(), d=None):
    """Inputs, weights and labels of so many digits; d outputs."""
    sizes = [width] * layers + [d or width]
    p = problem("feedforward %d\n%s" % (layers, "\n".join(["activation " + activation] * (layers - 1))), matrix("X", width, m, digits),
                matrix("Y", sizes[-1], m, 1), [matrix("W:%d" % (k + 1), sizes[k + 1], sizes[k], digits) for k in range(layers)], loss)
    return whole(p, claim, blocks, 256, "proved").replace("certificate 1", "certificate 2", 1)

def radii(layers):
    return "norm frobenius radius %d%s" % (layers, " 1/10" * layers)

def bound(of, layers, width, m, digits, loss="square 1/2", d=None):
    d = d or width
    blocks = [matrix("member", d, width, digits)] if of == "last" else [
        matrix("member:%d" % (k + 1), d if k == layers - 1 else width, width, digits) for k in range(layers)]
    return dense(layers, width, m, digits, "claim induced-bound of %s %s value 1 slope 1" % (of, radii(layers)), loss, blocks=blocks, d=d)

def thin(layers, m):
    """Many layers of one unit and many samples: many numbers that are kept."""
    p = problem("feedforward %d\n%s" % (layers, "\n".join(["activation identity"] * (layers - 1))), matrix("X", 1, m, 1),
                matrix("Y", 1, m, 1), [matrix("W:%d" % (k + 1), 1, 1, 1) for k in range(layers)])
    return whole(p, "claim induced-bound of last %s value 1 slope 1" % radii(layers), [matrix("member", 1, 1, 1)], 256, "proved").replace(
        "certificate 1", "certificate 2", 1)

FAMILIES = {
    "induced-last": lambda: bound("last", 3, 60, 300, 20),
    "induced-last-entropy": lambda: bound("last", 2, 100, 1500, 2, "cross-entropy 1"),
    "induced-tangent": lambda: bound("tangent", 3, 40, 300, 20),
    "induced-tangent-long": lambda: bound("tangent", 4, 8, 30, 400),
    "induced-tangent-outputs": lambda: bound("tangent", 2, 100, 400, 4, d=100),
    "induced-hinge": lambda: bound("last", 2, 20, 8000, 2, "smooth-hinge 1 1000", d=20),
    "induced-thin": lambda: thin(190, 100000),
}
