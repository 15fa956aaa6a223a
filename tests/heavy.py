#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes certificates of at most about 1 MB that are as expensive to check as
can be: one family for each kind of work that a text can ask for.  The small
ones are refused for their size or work as well, and quickly.

usage: tests/heavy.py FOLDER [NAME...]       all but the small ones, or these"""
import hashlib, os, random, sys

random.seed(1)
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)

def num(digits):
    return str(random.randrange(10 ** (digits - 1), 10 ** digits))

def matrix(name, r, c, digits, den="1"):
    return "matrix %s %d %d %s\n" % (name, r, c, den) + "".join(
        " ".join(num(digits) for _ in range(c)) + "\n" for _ in range(r))

def whole(problem, claim, blocks=(), rounding=256, conclusion="proved lambda 1"):
    blocks = sorted(blocks, key=lambda b: b.split(" ")[1])
    return "certify-certificate 1\nproblem sha256 %s\n%s%s\nrounding %d\nevidence %d\n%sconclusion %s\nend\n" % (
        hashlib.sha256(problem.encode()).hexdigest(), problem, claim, rounding, len(blocks), "".join(blocks), conclusion)

def problem(network, X, Y, W, loss="square 1/2"):
    return "network %s\nloss %s\nweight-decay 0\n%s%sweights one\nbiases no\n%s" % (network, loss, X, Y, "".join(W))

def dominance(n, rho="1/100", lam="1"):
    return "claim gradient-dominance norm spectral radius %d%s lambda %s" % (n, (" " + rho) * n, lam)

def deep(l, d, digits, network="linear %d", blocks=("word bound block\n",), den="1"):
    W = [matrix("W:%d" % (k + 1), d, d, digits, den) for k in range(l)]
    return whole(problem(network % l, matrix("X", d, 1, 1), matrix("Y", d, 1, 1), W), dominance(l), blocks, 10 ** 6)

def deep_joint(l, d, digits):
    count = sum((l - i) * (i + 1) for i in range(l))
    factor = "bound joint 1 %d 1\n" % d + "".join(" ".join("1" * (i + 1)) + "\n" for i in range(d)) + "diagonal one\n"
    return deep(l, d, digits, blocks=("word bound joint\n", "numbers multipliers %d%s\n" % (count, " 1" * count), factor))

def tall(r, c, digits):
    return whole(problem("linear 1", matrix("X", r, c, digits), matrix("Y", 1, c, 1), [matrix("W:1", 1, r, 1)]),
                 dominance(1), ["word bound block\n"])

def spectrum(r, c, digits, claim="claim distinct-eigenvalues"):
    return whole(problem("linear 1", matrix("X", c, c, digits), matrix("Y", r, c, digits), [matrix("W:1", r, c, 1)]),
                 claim, conclusion="proved")

def feedforward(width, m, activation, wd, xd, blocks=(), refuted=False):
    W = [matrix("W:1", width, 1, wd), matrix("W:2", 1, width, 1)]
    p = problem("feedforward 2\nactivation " + activation, matrix("X", 1, m, xd), matrix("Y", 1, m, 1), W)
    if refuted:
        blocks = [matrix("witness:1", width, 1, wd), matrix("witness:2", 1, width, 1)]
    return whole(p, dominance(1), blocks, 10 ** 6, "refuted lambda 1" if refuted else "proved lambda 1")

def ball(width, m):
    zeros = "".join(" ".join("0" * m) + "\n" for _ in range(width))
    return feedforward(width, m, "tanh", 1, 1, ["ball features:1 4096 1 %d %d 1\n%s" % (width, m, zeros)])

def one(loss="square 1/2", den="1", lam="1"):
    return whole(problem("linear 1", matrix("X", 1, 100000, 1, den), matrix("Y", 1, 100000, 1),
                         [matrix("W:1", 1, 1, 1)], loss), dominance(1, lam=lam), ["word bound block\n"])

def factor(n, digits):
    L = "bound data-norm 1 %d 1\n" % n + "".join(" ".join(num(digits) for _ in range(i + 1)) + "\n" for i in range(n))
    return whole(problem("linear 2", matrix("X", n, n, 1), matrix("Y", 1, n, 1), [matrix("W:1", n, n, 1), matrix("W:2", 1, n, 1)]),
                 dominance(2), ["word bound block\n", L + "diagonal one\n"])

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

def inequality(d, digits):
    term = "eta_min(" + "*".join(["W_1"] * 64) + ")"
    p = problem("linear 1", matrix("X", d, 1, 1), matrix("Y", d, 1, 1), [matrix("W:1", d, d, digits)])
    return whole(p, "claim inequality %s >= 1" % "*".join([term] * 8), (), 256, "proved")

def minimiser(d, digits):
    p = problem("linear 2", matrix("X", d, d, digits), matrix("Y", d, d, digits), [matrix("W:1", d - 1, d, 1), matrix("W:2", d, d - 1, 1)])
    return whole(p, "claim global-minimizer", (), 256, "proved")

def hessian(l, d):
    """Widths 1, d, 1, d, ..: l d parameters, a factor of that order."""
    shape = lambda k: (d, 1) if k % 2 == 0 else (1, d)
    W = ["matrix W:%d %d %d 1\n" % ((k + 1,) + shape(k)) + (" ".join(["0"] * shape(k)[1]) + "\n") * shape(k)[0] for k in range(l)]
    n = l * d
    L = "bound hessian 0 %d 1\n" % n + "".join(" ".join("0" * (i + 1)) + "\n" for i in range(n)) + "diagonal one\n"
    p = problem("linear %d" % l, "matrix X 1 1 1\n1\n", "matrix Y 1 1 1\n1\n", W)
    return whole(p, "claim hessian-psd", [L], 256, "proved")

def pattern(n, digits, layers=2, random_entries=0):
    """Y diagonal, W = 0: true intervals with long ends; or Y random and intervals that are wrong, seen late."""
    diagonal = lambda v: "".join(" ".join(str(v(i)) if i == j else "0" for j in range(n)) + "\n" for i in range(n))
    Y = matrix("Y", n, n, random_entries) if random_entries else "matrix Y %d %d 1\n%s" % (n, n, diagonal(lambda i: n - i))
    shape = lambda k: (n if k == layers - 1 else 1, n if k == 0 else 1)
    W = ["matrix W:%d %d %d 1\n" % ((k + 1,) + shape(k)) + (" ".join(["0"] * shape(k)[1]) + "\n") * shape(k)[0] for k in range(layers)]
    big = 10 ** digits
    rows = " ".join("%d/%d %d/%d 1 0" % (k * k * big - 1, big, k * k * big + 1, big) for k in range(n, 0, -1))
    later = "".join(" pattern %d 1 0 0 %d 0" % (k, n) for k in range(1, layers - 1))
    return whole(problem("linear %d" % layers, "matrix X %d %d 1\n%s" % (n, n, diagonal(lambda i: 1)), Y, W),
                 "claim critical-point", (), 256, "proved pattern 0 %d %s%s" % (n, rows, later))

FAMILIES = {
    "pattern": lambda: pattern(80, 800),
    "pattern-long": lambda: pattern(20, 4000),
    "pattern-deep": lambda: pattern(40, 500, 60),
    "pattern-entries": lambda: pattern(50, 400, 2, 100),
    "pattern-output": lambda: pattern(5, 10, 2, 40000),
    "hessian": lambda: hessian(200, 5),
    "hessian-short": lambda: hessian(2, 500),
    "regularity-deep": lambda: regularity_deep(200, 35, 3),
    "regularity-samples": lambda: regularity_samples(100000, 99999),
    "regularity-features": lambda: regularity_features(400, 300, 99999),
    "inequality": lambda: inequality(400, 6),
    "inequality-long": lambda: inequality(30, 900),
    "minimiser": lambda: minimiser(250, 4),
    "minimiser-long": lambda: minimiser(20, 600),
    "deep-long": lambda: deep(200, 1, 4000),
    "deep-narrow": lambda: deep(200, 2, 1000),
    "deep": lambda: deep(200, 35, 3),
    "deep-wide": lambda: deep(50, 80, 2),
    "deep-fractions": lambda: deep(100, 40, 4, den="7"),
    "deep-residual": lambda: deep(200, 20, 10, "residual 1 %d"),
    "deep-joint": lambda: deep_joint(100, 40, 1),
    "radii": lambda: whole(problem("linear 200", matrix("X", 1, 1, 1), matrix("Y", 1, 1, 1),
                                   [matrix("W:%d" % (k + 1), 1, 1, 1) for k in range(200)]),
                           dominance(200, "9" * 4900), ["word bound block\n"]),
    "tall": lambda: tall(1000, 480, 1),
    "data-square": lambda: tall(480, 480, 3),
    "data-long": lambda: tall(10, 10, 9000),
    "spectrum": lambda: spectrum(280, 280, 5),
    "spectrum-long": lambda: spectrum(30, 30, 500),
    "rank": lambda: spectrum(400, 400, 2, "claim full-rank"),
    "features-long": lambda: feedforward(2, 100000, "relu", 99999, 1),
    "features-wide": lambda: feedforward(1000, 900, "leaky-relu 1/3", 300, 100),
    "refutation-wide": lambda: feedforward(1000, 90000, "relu", 1, 1, refuted=True),
    "refutation-long": lambda: feedforward(100, 90000, "leaky-relu 1/3", 1000, 1, refuted=True),
    "ball": lambda: ball(1000, 450),
    "scale": lambda: one("square 1/" + "9" * 99999),
    "denominator": lambda: one(den="9" * 99999),
    "lambda": lambda: one(lam="9" * 99999),
    "factor": lambda: factor(500, 5),
    "factor-long": lambda: factor(30, 2000),
}

def nothing(r, m, scale):
    """X = 0 and Y = 0: a true claim, but for what a long scale costs."""
    zero = lambda name, r, c: "matrix %s %d %d 1\n" % (name, r, c) + (" ".join(["0"] * c) + "\n") * r
    return whole(problem("linear 1", zero("X", r, m), zero("Y", 1, m), [zero("W:1", 1, r)], "square " + scale), dominance(1))

def small_radii(l, digits):
    """Every layer 1, radii with long denominators."""
    one = lambda name: "matrix %s 1 1 1\n1\n" % name
    radii = " ".join("1/" + num(digits) for _ in range(l))
    p = problem("linear %d" % l, one("X"), one("Y"), [one("W:%d" % (k + 1)) for k in range(l)])
    return whole(p, "claim regularity norm frobenius radius %d %s delta 1/2 alpha 0 beta 0" % (l, radii), (), 256, "proved")

SMALL = {
    "small-scale": lambda: nothing(1, 14000, "1/" + "9" * 99999),
    "small-columns": lambda: nothing(200, 100, "9" * 99999),
    "small-segments": lambda: deep(40, 8, 2),
    "small-radii": lambda: small_radii(40, 40),
}

if __name__ == "__main__":
    for name in sys.argv[2:] or FAMILIES:
        with open(os.path.join(sys.argv[1], name + ".cert"), "w") as f:
            f.write({**FAMILIES, **SMALL}[name]())
