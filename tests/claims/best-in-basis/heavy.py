# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def basis(name, m, digits, loss="square 1/2", d=1, rows=1, extra=()):
    p = problem("linear 1", matrix("X", rows, m, digits), matrix("Y", d, m, 1), [matrix("W:1", d, rows, digits)], loss)
    return whole(p, "claim best-in-basis basis %s gap 1" % name,
                 [matrix("dual:%s" % name, d, m, digits)] + list(extra), 256, "proved").replace("certificate 1", "certificate 2", 1)

def minimum(layers, width, m, digits):
    """The last layer and the targets are 0: the gradient vanishes, and the cell decides."""
    zero = "".join(" ".join(["0"] * m) + "\n" for _ in range(width))
    last = "matrix W:%d %d %d 1\n" % (layers, width, width) + "".join(" ".join(["0"] * width) + "\n" for _ in range(width))
    p = problem("feedforward %d\n%s" % (layers, "\n".join(["activation leaky-relu -1/2"] * (layers - 1))), matrix("X", width, m, digits),
                "matrix Y %d %d 1\n%s" % (width, m, zero),
                [matrix("W:%d" % (k + 1), width, width, digits) for k in range(layers - 1)] + [last])
    return whole(p, "claim local-minimum", (), 256, "proved").replace("certificate 1", "certificate 2", 1)

def relu(layers, width, m, digits, claim):
    p = problem("feedforward %d\n%s" % (layers, "\n".join(["activation relu"] * (layers - 1))), matrix("X", width, m, digits),
                matrix("Y", width, m, 1), [matrix("W:%d" % (k + 1), width, width, digits) for k in range(layers)])
    return whole(p, claim, (), 256, "proved").replace("certificate 1", "certificate 2", 1)

def steps(units, m):
    """As many different slopes as units, each of which agree on most samples."""
    row = lambda name, x: "matrix %s 1 %d 1\n%s\n" % (name, len(x), " ".join(map(str, x)))
    column = lambda name, x: "matrix %s %d 1 1\n%s\n" % (name, len(x), "\n".join(map(str, x)))
    p = problem("feedforward 2\nactivation leaky-relu 1/2", row("X", range(1, m + 1)), row("Y", [0] * m),
                [column("W:1", [2] * units), column("b:1", [-(2 * (m - units + i) + 1) for i in range(units)]), row("W:2", [0] * units), column("b:2", [0])])
    return whole(p.replace("biases no", "biases yes"), "claim local-minimum", (), 256, "proved").replace("certificate 1", "certificate 2", 1)

FAMILIES = {
    "cells-steps": lambda: steps(1023, 16000),
    "cells-steps-short": lambda: steps(1023, 4000),
    "basis-groups": lambda: basis("functions", 90000, 4),
    "basis-groups-tall": lambda: basis("functions", 900, 4, rows=250),
    "basis-long": lambda: basis("inputs", 500, 600),
    "basis-entropy": lambda: basis("inputs", 40000, 2, "cross-entropy 1", 2),
    "basis-hinge": lambda: basis("inputs", 2000, 100, "smooth-hinge 1 1000"),
    "basis-hinge-root": lambda: basis("inputs", 20000, 12, "smooth-hinge 1 3"),
    "cells-deep": lambda: minimum(8, 30, 100, 12),
    "cells-wide": lambda: minimum(2, 70, 150, 40),
    "inf-tangent": lambda: relu(8, 12, 60, 60, "claim inequality loss <= inf(tangent)"),
}
