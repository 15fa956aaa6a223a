# SPDX-License-Identifier: LGPL-2.1-or-later
"""For the heavy.py of the folders of tests/claims and tests/text: the most
expensive texts of about 1 MB.  A heavy.py defines FAMILIES, name -> a function
that returns the text, and may define SMALL, texts that are refused quickly because of
a limit; tests/heavy.py writes them."""
import hashlib, random

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
