# SPDX-License-Identifier: LGPL-2.1-or-later
from heaviness import *

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
}
