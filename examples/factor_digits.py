#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The best factors U V^T of a table with weight decay: singular values, less mu, of the pixels 19 to 38 of the first 30 images
of digits-400.csv, by Jacobi's method (Python standard library only).  Writes digits-factors.npz: W1 = V^T, W2 = U.

usage: factor_digits.py [MU] (default 30) [FOLDER]"""
import math, os, sys
from checkpoint import save_npz
from train_checkpoints import here, table


def eigen(A):
    """Eigenvalues and eigenvectors (columns of V) of a symmetric matrix."""
    n = len(A)
    V = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(60):
        for p in range(n):
            for q in range(p + 1, n):
                if abs(A[p][q]) < 1e-300:
                    continue
                t = (A[q][q] - A[p][p]) / (2 * A[p][q])
                t = (1 if t >= 0 else -1) / (abs(t) + math.hypot(t, 1))
                c = 1 / math.hypot(t, 1)
                s = t * c
                for M in (A, V):
                    for row in M:
                        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
                A[p], A[q] = [c * x - s * y for x, y in zip(A[p], A[q])], [s * x + c * y for x, y in zip(A[p], A[q])]
    return [A[i][i] for i in range(n)], V


def main():
    mu = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    Y = [row[18:38] for row in table("digits-400.csv", 0)[:30]]
    n = len(Y[0])
    squares, V = eigen([[sum(row[i] * row[j] for row in Y) for j in range(n)] for i in range(n)])
    kept = [i for i in range(n) if squares[i] > mu * mu]
    print("rank %d; singular values %s" % (len(kept), sorted((round(math.sqrt(max(x, 0)), 3) for x in squares), reverse=True)))
    W1, W2 = [], [[] for _ in Y]
    for i in kept:
        sigma = math.sqrt(squares[i])
        root = math.sqrt(sigma - mu)
        v = [V[j][i] for j in range(n)]
        W1.append([root * x for x in v])
        for row, u in zip(Y, W2):
            u.append(root * sum(a * b for a, b in zip(row, v)) / sigma)
    save_npz(os.path.join(sys.argv[2] if len(sys.argv) > 2 else here, "digits-factors.npz"), {"W1": ("F64", W1), "W2": ("F64", W2)})


if __name__ == "__main__":
    main()
