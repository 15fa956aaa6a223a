#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""lambda / lambda_lower for linear networks near the identity (entries off by
up to 3/16, X = I), at 1 % and 10 % of the largest radius that certify proves.
Usage: bench/tightness.py CERTIFY [INSTANCES]"""
import json, os, random, subprocess, sys, tempfile
from fractions import Fraction as F

certify = os.path.abspath(sys.argv[1])
instances = int(sys.argv[2]) if len(sys.argv) > 2 else 10

def problem(seed, d, l, claim):
    random.seed(seed)
    W = [[[(16 if i == j else 0) + random.randint(-3, 3) for j in range(d)] for i in range(d)] for _ in range(l)]
    Z = W[0]
    for w in W[1:]:
        Z = [[sum(a * b for a, b in zip(r, c)) for c in zip(*Z)] for r in w]
    text = lambda A, den: json.dumps([["%d/%d" % (x, den) for x in r] for r in A])
    return ("certify: 1\nnetwork: {kind: linear}\ndata: {X: {identity: %d}, Y: %s}\npoint: {W: [%s]}\n"
            "claims: [{gradient-dominance: %s}]\n"
            % (d, text(Z, 16 ** l), ", ".join(text(w, 16) for w in W), claim))

def run(text, folder):
    path = os.path.join(folder, "p.yaml")
    with open(path, "w") as f:
        f.write(text)
    out = subprocess.run([certify, "--json", "--digits", "6", "--no-certificate", path],
                         capture_output=True, text=True, check=True).stdout
    return json.loads(out)

def value(r, key):
    return F(r[key]["exact"])

print("widths       radius   lambda / lambda_lower: smallest  mean  largest   paper / lambda (at its radius)")
with tempfile.TemporaryDirectory() as folder:
    for d, l in ((3, 2), (4, 3)):
        rows = {100: [], 10: []}
        paper = []
        for seed in range(instances):
            largest = value(run(problem(seed, d, l, "{lambda: 1e12}"), folder), "radius")
            for part in rows:
                r = run(problem(seed, d, l, '{radius: "%s"}' % (largest / part)), folder)
                rows[part].append(float(value(r, "lambda") / value(r, "lambda_lower")))
            r = run(problem(seed, d, l, "{radius: paper}"), folder)
            paper.append(float(value(r, "paper_lambda") / value(r, "lambda")))
        for part, v in rows.items():
            print("%-12s %3d %%   %32.3f %6.3f %7.3f   %s"
                  % ("-".join([str(d)] * (l + 1)), 100 // part, min(v), sum(v) / len(v), max(v),
                     "%.2f to %.1f" % (min(paper), max(paper)) if part == 100 else ""))
