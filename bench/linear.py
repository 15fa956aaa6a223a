#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A random linear problem, d = m, near the identity: bench/linear.py D L RADIUS"""
import json, random, sys
d, l, radius = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
random.seed(7)
def matrix(size, diagonal, den):
    return json.dumps([["%d/%d" % (random.randint(-size, size) + (diagonal if i == j else 0), den)
                        for j in range(d)] for i in range(d)])
X, W = matrix(20, 100, 100), ["solve"] + [matrix(3, 64, 64) for _ in range(l - 1)]
print("certify: 1\nnetwork: {kind: linear}\ndata: {X: %s, Y: %s}\npoint: {W: [%s]}\n"
      "claims: [gradient-dominance: {radius: %s}]" % (X, X, ", ".join(W), radius))
