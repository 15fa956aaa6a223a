# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def within(layers, widths, m, d, digits, order, act):
    sizes = widths + [d]
    name = "linear 1" if layers == 1 else "feedforward %d\n%s" % (layers, "\n".join(["activation " + act] * (layers - 1)))
    p = problem(name, matrix("X", widths[0], m, digits), matrix("Y", d, m, 1),
                [matrix("W:%d" % (k + 1), sizes[k + 1], sizes[k], digits) for k in range(layers)])
    p = p.replace("weight-decay 0", "weight-decay %d" % (order != 1))
    rows = "".join(" ".join(["1"] * (i + 1)) + "\n" for i in range(order))
    return whole(p, "claim local-minimum-within radius 1", ["bound hessian 1 %d 1\n%sdiagonal one\n" % (order, rows), "numbers inner 1 1/%d\n" % 10 ** 60], 256,
                 "proved").replace("certificate 1", "certificate 2", 1)

def long(digits, h, d):
    """Weights of samples so long that every entry of the Hessian is."""
    n = h * d + h
    p = "network linear 2\nloss square 1/2\nweight-decay 1\nmatrix X %d 1 1\n%smatrix Y 1 1 1\n0\nweights 1%s1\nbiases no\nmatrix W:1 %d %d 1\n%smatrix W:2 1 %d 1\n%s\n" % (
        d, "1\n" * d, "0" * (digits - 2), h, d, (" ".join(["0"] * d) + "\n") * h, h, " ".join(["1"] * h))
    rows = "".join(" ".join(["0"] * (i + 1)) + "\n" for i in range(n))
    return whole(p, "claim local-minimum-within radius 1", ["bound hessian 0 %d 1\n%sdiagonal one\n" % (n, rows), "numbers inner 1 0\n"], 256,
                 "proved").replace("certificate 1", "certificate 2", 1)

FAMILIES = {
    "within-long": lambda: long(40000, 10, 50),
    "within-free": lambda: within(1, [4000], 1, 1, 30, 1, ""),      # all but one parameter fixed
    "within-full": lambda: within(4, [13, 15, 15, 15], 100, 13, 8, 13 * 15 + 2 * 15 * 15 + 15 * 13, "leaky-relu 1/3"),
    "within-layers": lambda: within(60, [4] * 60, 40, 4, 12, 60 * 16, "leaky-relu 1/3"),
    "within-deep": lambda: within(200, [1] * 200, 100, 1, 1, 200, "leaky-relu 1/3"),
}
