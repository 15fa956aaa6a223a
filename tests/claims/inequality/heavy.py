# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def inequality(d, digits):
    term = "eta_min(" + "*".join(["W_1"] * 64) + ")"
    p = problem("linear 1", matrix("X", d, 1, 1), matrix("Y", d, 1, 1), [matrix("W:1", d, d, digits)])
    return whole(p, "claim inequality %s >= 1" % "*".join([term] * 8), (), 256, "proved")

def pass_through(layers, width, m, digits, claim="claim inequality loss >= 0", loss="square 1", activation="leaky-relu 1/3"):
    """Wide, narrow, wide, ..: few weights, many entries that are kept."""
    sizes = [1] + [width if k % 2 == 0 else 1 for k in range(layers - 1)] + [1]
    p = problem("feedforward %d\n%s" % (layers, "\n".join(["activation " + activation] * (layers - 1))), matrix("X", 1, m, digits),
                matrix("Y", 1, m, 1), [matrix("W:%d" % (k + 1), sizes[k + 1], sizes[k], digits) for k in range(layers)], loss)
    return whole(p, claim, (), 256, "proved").replace("certificate 1", "certificate 2", 1)

def weighted(d, m, digits, loss, claim):
    """The gradient by sample has the common denominator of all weights."""
    p = problem("feedforward 1", matrix("X", 1, m, 1), matrix("Y", d, m, 1), [matrix("W:1", d, 1, 1)], loss)
    weights = " ".join("1/" + num(digits) for _ in range(m))
    return whole(p.replace("weights one", "weights " + weights), claim, (), 256, "proved").replace("certificate 1", "certificate 2", 1)

def outputs(d, m, digits, loss):
    """Outputs with a long common denominator."""
    p = problem("linear 1", matrix("X", 1, m, 1), matrix("Y", d, m, 1),
                ["matrix W:1 %d 1 1%s7\n" % (d, "0" * digits) + "1\n" + "".join(num(2) + "\n" for _ in range(d - 1))], loss)
    return whole(p, "claim inequality loss >= 0", (), 256, "proved").replace("certificate 1", "certificate 2", 1)

def wide(claim, digits):
    """A product of many rows and columns from a short text, of integers longer than a word."""
    p = problem("linear 2", matrix("X", 4096, 1, 1), matrix("Y", 4096, 1, 1), [matrix("W:1", 1, 4096, 1), matrix("W:2", 4096, 1, digits)])
    return whole(p, "claim inequality " + claim, (), 256, "proved")

FAMILIES = {
    "inequality-wide": lambda: wide("eta_min(W_2*W_1) >= 0", 33),
    "pass-deep": lambda: pass_through(190, 1, 60000, 14, loss="cross-entropy 1"),
    "pass-entropy": lambda: pass_through(3, 600, 27000, 30, loss="cross-entropy 1"),
    "weights-gradient": lambda: weighted(1000, 30, 5800, "cross-entropy 1", "claim inequality gradient >= 0"),
    "outputs-entropy": lambda: outputs(40, 10000, 20000, "cross-entropy 1"),
    "outputs-logistic": lambda: outputs(40, 10000, 20000, "logistic 1"),
    "weights-logistic": lambda: weighted(1000, 30, 5800, "logistic 1", "claim inequality gradient >= 0"),
    "outputs-hinge": lambda: outputs(40, 10000, 20000, "smooth-hinge 1 1000"),
    "inequality": lambda: inequality(400, 6),
    "inequality-long": lambda: inequality(30, 900),
}
