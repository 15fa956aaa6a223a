#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two consequences that Zhou & Liang (2017) draw for residual networks with
shortcuts of depth 1, near the origin: a larger cone of directions for the regularity
condition (section 4.2), through a larger eta_min, and a larger tau for gradient
dominance (section 3.2).

For each scale s and each of a number of seeds: layers A_k = s times a Gaussian
matrix (multiples of 1/1024), X = I; the linear network has W_k = A_k, the residual one
W_k = I + A_k; Y = Z X, so both points are global minimisers.  Printed, means over
the seeds: eta_min(G) with G scaled to ||G|| = 1 (the share of the cone: v is in it when
||G v|| >= eta_min ||v||), the certified epsilon for delta = 1/20 ||G||, and tau = half the
smallest singular value of a layer.

usage: bench/residual.py CERTIFY [SEEDS]"""
import json, os, random, subprocess, sys, tempfile
from fractions import Fraction as F

certify = os.path.abspath(sys.argv[1])
seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
d, l = 3, 3

def times(A, B):
    return [[sum(a * b for a, b in zip(r, c)) for c in zip(*B)] for r in A]

def text(A):
    return json.dumps([[str(x) for x in r] for r in A])

def problem(kind, A, claim=None):
    Z = [[F(i == j) for j in range(d)] for i in range(d)]
    for a in A:
        Z = times([[x + (kind == "residual" and i == j) for j, x in enumerate(r)] for i, r in enumerate(a)], Z)
    blocks = ", ".join(("[%s]" if kind == "residual" else "%s") % text(a) for a in A)
    return ("certify: 1\nnetwork: {kind: %s}\ndata: {X: {identity: %d}, Y: %s}\npoint: {%s: [%s]}\n%s"
            % (kind, d, text(Z), "A" if kind == "residual" else "W", blocks, claim or ""))

def run(folder, command, problem):
    path = os.path.join(folder, "p.yaml")
    with open(path, "w") as f:
        f.write(problem)
    out = subprocess.run([certify, *command, "--json", path], capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]

print("%-6s   %-26s   %-30s   %s" % ("", "eta_min(G) / ||G||", "epsilon at delta = ||G|| / 20", "tau"))
print("%-6s   %12s %13s   %14s %15s   %9s %9s" % ("s", "linear", "residual", "linear", "residual", "linear", "residual"))
with tempfile.TemporaryDirectory() as folder:
    for s in (2, 1, F(1, 2), F(1, 4), F(1, 10)):
        share, epsilon, tau = {}, {}, {}
        for kind in ("linear", "residual"):
            share[kind], epsilon[kind], tau[kind] = [], [], []
            for seed in range(seeds):
                random.seed(seed)
                A = [[[F(round(1024 * float(s) * random.gauss(0, 1) / d ** .5), 1024) for _ in range(d)] for _ in range(d)]
                     for _ in range(l)]
                rows = {r["name"]: r for r in run(folder, ["bounds"], problem(kind, A))}
                low = lambda name: float(F(rows[name]["lower"]["exact"]))
                share[kind].append(low("eta_min(G)") / low("norm(G)"))
                names = ["M_%d" % (k + 1) for k in range(l)] if kind == "residual" else ["W_%d" % (k + 1) for k in range(l)]
                tau[kind].append(min(low("eta_min(%s)" % n) for n in names) / 2)
                delta = F(low("norm(G)") / 20).limit_denominator(10 ** 9)
                r = run(folder, ["--no-certificate"], problem(kind, A, "claims: [regularity: {delta: \"%s\"}]\n" % delta))[0]
                epsilon[kind].append(float(F(r["epsilon"]["exact"])) if r["verdict"] == "proved" else 0)
        mean = lambda v: sum(v) / len(v)
        print("%-6s   %12.4f %13.4f   %14.5f %15.5f   %9.4f %9.4f"
              % (s, mean(share["linear"]), mean(share["residual"]), mean(epsilon["linear"]), mean(epsilon["residual"]),
                 mean(tau["linear"]), mean(tau["residual"])))
