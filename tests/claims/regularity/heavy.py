# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

def regularity(n):
    return "claim regularity norm frobenius radius %d%s delta 1 alpha 0 beta 0" % (n, " 1/1000" * n)

def regularity_deep(l, d, digits):
    """X = 0, so that every point is a minimiser."""
    zero = lambda name, r: "matrix %s %d 1 1\n" % (name, r) + "0\n" * r
    W = [matrix("W:%d" % (k + 1), d, d, digits) for k in range(l)]
    return whole(problem("linear %d" % l, zero("X", d), zero("Y", d), W), regularity(l), (), 10 ** 6, "proved")

def regularity_samples(m, digits):
    row = lambda name, x: "matrix %s 1 %d 1%s7\n%s\n" % (name, m, "0" * (digits - 2), " ".join([x] * m))
    p = problem("feedforward 2\nactivation relu", row("X", "1"), row("Y", "1"),
                ["matrix W:1 1 1 1\n1\n", "matrix W:2 1 1 1\n1\n"])
    return whole(p, regularity(2), (), 256, "proved")

def regularity_features(d, m, digits):
    den, rad = "1" + "0" * (digits - 2) + "7", "1/1" + "0" * (digits - 3) + "9"
    ones = lambda name, r, c, den: "matrix %s %d %d %s\n" % (name, r, c, den) + (" ".join("1" * c) + "\n") * r
    unit = "matrix X %d %d 1\n" % (m, m) + "".join(" ".join(str(int(i == j)) for j in range(m)) + "\n" for i in range(m))
    zero = "".join(" ".join("1" if i == j == 0 else "0" for j in range(m)) + "\n" for i in range(d))
    p = problem("feedforward 2\nactivation sigmoid", unit, ones("Y", 1, m, 2),
                [ones("features", d, m, 2), "matrix W:2 1 %d 1\n1%s\n" % (d, " 0" * (d - 1))])
    return whole(p, regularity(2), ["numbers derivatives 2 1 1\n", "ball preimage 4096 %s %d %d %s\n%s" % (rad, d, m, den, zero)],
                 256, "proved")

def small_radii(l, digits):
    """Every layer 1, radii with long denominators."""
    one = lambda name: "matrix %s 1 1 1\n1\n" % name
    radii = " ".join("1/" + num(digits) for _ in range(l))
    p = problem("linear %d" % l, one("X"), one("Y"), [one("W:%d" % (k + 1)) for k in range(l)])
    return whole(p, "claim regularity norm frobenius radius %d %s delta 1/2 alpha 0 beta 0" % (l, radii), (), 256, "proved")

FAMILIES = {
    "regularity-deep": lambda: regularity_deep(200, 35, 3),
    "regularity-samples": lambda: regularity_samples(100000, 99999),
    "regularity-features": lambda: regularity_features(400, 300, 99999),
}
SMALL = {"small-radii": lambda: small_radii(40, 40)}
