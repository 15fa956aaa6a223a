# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def kernel(layers, width, m, d, digits, claim, order):
    sizes = [width] * layers + [d]
    p = problem("feedforward %d\n%s" % (layers, "\n".join(["activation identity"] * (layers - 1))), matrix("X", width, m, digits),
                matrix("Y", d, m, 1), [matrix("W:%d" % (k + 1), sizes[k + 1], sizes[k], digits) for k in range(layers)])
    rows = "".join(" ".join(["1"] * (i + 1)) + "\n" for i in range(order))
    return whole(p, claim, ["bound kernel 1 %d 1\n%sdiagonal one\n" % (order, rows)], 256, "proved").replace("certificate 1", "certificate 2", 1)

def none(layers, width, m, d, digits):
    sizes = [width] * layers + [d]
    p = problem("feedforward %d\n%s" % (layers, "\n".join(["activation leaky-relu 1/2"] * (layers - 1))), matrix("X", width, m, digits),
                matrix("Y", d, m, 1), [matrix("W:%d" % (k + 1), sizes[k + 1], sizes[k], digits) for k in range(layers)])
    return whole(p, "claim full-rank of tangent", [matrix("null", d, m, digits)], 256, "refuted").replace("certificate 1", "certificate 2", 1)

FAMILIES = {
    "kernel": lambda: kernel(3, 60, 600, 1, 8, "claim full-rank of tangent", 600),
    "kernel-outputs": lambda: kernel(2, 60, 30, 30, 8, "claim full-rank of tangent", 900),
    "kernel-near": lambda: kernel(4, 40, 200, 2, 8, "claim no-bad-critical-point norm frobenius radius 4 0 0 0 0", 400),
    "kernel-null": lambda: none(4, 30, 200, 15, 30),
}
