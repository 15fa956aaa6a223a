#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How far the certified constants are from the best possible ones, for linear
networks on random instances.

Gradient dominance: lambda / lambda_lower near the identity (entries off by up
to 3/16, X = I), at 1 % and 10 % of the largest radius that certify proves.

Regularity: how much larger the radius would have to be for a violation that is
known, a point found by a gradient search from many starts over the cone and verified
exactly; random layers (Gaussian entries, multiples of 1/16), X = I and random X,
delta = eta_min(G), gamma = 1/2, alpha the paper's or the best.

usage: bench/sharpness.py CERTIFY [INSTANCES]"""
import json, os, random, subprocess, sys, tempfile
from fractions import Fraction as F

certify = os.path.abspath(sys.argv[1])
instances = int(sys.argv[2]) if len(sys.argv) > 2 else 10

def times(A, B):
    return [[sum(a * b for a, b in zip(r, c)) for c in zip(*B)] for r in A]

def text(A, den):
    return json.dumps([["%d/%d" % (x, den) for x in r] for r in A])

def problem(W, X, claim):
    """W and X in sixteenths; Y = Z X."""
    Z = X
    for w in W:
        Z = times(w, Z)
    return ("certify: 1\nnetwork: {kind: linear}\ndata: {X: %s, Y: %s}\npoint: {W: [%s]}\nclaims: [%s]\n"
            % (text(X, 16), text(Z, 16 ** (len(W) + 1)), ", ".join(text(w, 16) for w in W), claim))

def identity(d):
    return [[16 if i == j else 0 for j in range(d)] for i in range(d)]

def run(problem, folder):
    path = os.path.join(folder, "p.yaml")
    with open(path, "w") as f:
        f.write(problem)
    out = subprocess.run([certify, "--json", "--digits", "6", "--no-certificate", path],
                         capture_output=True, text=True, check=True).stdout
    return json.loads(out)

def value(r, key):
    return F(r[key]["exact"])

def summary(v):
    return "%8.3f %8.3f %8.3f" % (min(v), sum(v) / len(v), max(v))

def dominance(folder):
    print("gradient dominance: lambda / lambda_lower")
    print("%-10s %8s   %8s %8s %8s   paper / lambda at the paper's radius" % ("widths", "radius", "least", "mean", "largest"))
    for d, l in ((3, 2), (4, 3)):
        rows, paper = {100: [], 10: []}, []
        for seed in range(instances):
            random.seed(seed)
            W = [[[(16 if i == j else 0) + random.randint(-3, 3) for j in range(d)] for i in range(d)] for _ in range(l)]
            claim = lambda c: problem(W, identity(d), "{gradient-dominance: {%s}}" % c)
            largest = value(run(claim("lambda: 1e12"), folder), "radius")
            for part in rows:
                r = run(claim('radius: "%s"' % (largest / part)), folder)
                rows[part].append(float(value(r, "lambda") / value(r, "lambda_lower")))
            r = run(claim("radius: paper"), folder)
            paper.append(float(value(r, "paper_lambda") / value(r, "lambda")))
        for part, v in rows.items():
            print("%-10s %6d %%   %s   %s" % ("-".join([str(d)] * (l + 1)), 100 // part, summary(v),
                                            "%.2f to %.1f" % (min(paper), max(paper)) if part == 100 else ""))

def regularity(folder):
    print("regularity: radius of a known violation / certified radius")
    print("%-10s %-8s %-8s   %8s %8s %8s" % ("widths", "X", "alpha", "least", "mean", "largest"))
    for d, l in ((2, 2), (3, 2), (2, 3), (3, 3)):
        for random_x in (False, True):
            for claim in ("regularity", "{regularity: {alpha: best}}"):
                v, none = [], 0
                for seed in range(instances):
                    random.seed(1000 + seed)
                    matrix = lambda: [[round(16 * random.gauss(0, 1)) for _ in range(d)] for _ in range(d)]
                    W = [matrix() for _ in range(l)]
                    r = run(problem(W, matrix() if random_x else identity(d), claim), folder)
                    if "radius_factor" in r:
                        v.append(float(value(r, "radius_factor")))
                    else:
                        none += 1
                print("%-10s %-8s %-8s   %s%s" % ("-".join([str(d)] * (l + 1)), "random" if random_x else "I",
                                                "best" if "best" in claim else "paper's", summary(v),
                                                "   (%d without a known violation)" % none if none else ""))

with tempfile.TemporaryDirectory() as folder:
    dominance(folder)
    regularity(folder)
