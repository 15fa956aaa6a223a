# SPDX-License-Identifier: LGPL-2.1-or-later
from lying import *

def spectrum():
    """Equal eigenvalues, or a deficient rank, said not to be; entries around the prime of the rank test."""
    p, d = (1 << 61) - 1, rng.choice([2, 3, 4])
    P = cc.Problem()
    P.kind, P.bias, P.b, P.act, P.loss, P.decay, P.l, P.r, P.n = "linear", False, [], [], "square", F(0), 1, 1, 1
    s = rng.choice([1, p, p - 1, p * p, 10 ** 30])
    A = [[rng.randint(-9, 9) * s + (i == j) for j in range(d)] for i in range(d)]
    f = Liar(256, "", F(0), [])
    P.W, P.w = [cc.scalar(d)], [F(1)] * d
    P.scale = F(1, 2)
    if rng.random() < .5:
        A[0] = [x + y for x, y in zip(A[0], A[1])] if d < 3 else A[0]
        P.X, P.Y = cc.Matrix(A), cc.scalar(d)
        truth = cc.data_has_full_rank(P)
        claim = "claim full-rank"
    else:
        Q = cc.Matrix([[int(i == j) for j in range(d)] for i in range(d)])
        eps = rng.choice([0, 1])
        values = [F(s)] * (d - 1) + [F(s) + eps * F(1, 10 ** rng.randint(1, 40))]
        P.X, P.Y = Q, rows_matrix([[values[i] if i == j else F(0) for j in range(d)] for i in range(d)])
        claim, truth = "claim distinct-eigenvalues", cc.distinct_eigenvalues(P)
    words = ("refuted", "proved")
    return certificate(P, claim, f, words[truth]), certificate(P, claim, f, words[not truth]), 0.0, 0.0

KINDS = {"spectrum": spectrum}
