#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The critical point W_1 = Y, W_2 = I of two layers, X = I, Y n x n with entries of 20 bits: all eigenvalues of
Sigma are irrational.  Usage: bench/critical.py N"""
import random, sys

n = int(sys.argv[1])
random.seed(n)
Y = [[random.randint(-2 ** 20, 2 ** 20) for _ in range(n)] for _ in range(n)]
print("certify: 1\nnetwork: {kind: linear}\ndata: {X: {identity: %d}, Y: %s}\npoint: {W: [%s, {identity: %d}]}\nclaims: [critical-point]"
      % (n, Y, Y, n))
