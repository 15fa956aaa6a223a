# SPDX-License-Identifier: LGPL-2.1-or-later
"""Numerical linear algebra in pure Python for the tests: first guesses in
doubles, what is concluded from them is exact."""
import math, os, sys
from fractions import Fraction as F

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools", "checker"))
import activation, certificate, chain, claims, elimination, facts, joint, matrix, moments, network, number, problem, reader, remainder, verdict
from claims import gradient_dominance, standing_assumptions, table
from types import SimpleNamespace

cc = SimpleNamespace()                   # the names of the second checker
for module in (activation, chain, claims, elimination, facts, gradient_dominance, joint, matrix, moments, network,
               number, problem, reader, remainder, standing_assumptions, table, certificate, verdict):
    vars(cc).update({name: value for name, value in vars(module).items() if name[0] != "_"})

def jacobi(A):
    """Eigenvalues and eigenvectors (as rows) of a symmetric matrix."""
    n, A = len(A), [row[:] for row in A]
    V = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(60):
        off = sum(A[i][j] ** 2 for i in range(n) for j in range(n) if i != j)
        if off <= 1e-30 * sum(A[i][i] ** 2 for i in range(n)) + 1e-300:
            break
        for p in range(n):
            for q in range(p + 1, n):
                if A[p][q] == 0:
                    continue
                t = (A[q][q] - A[p][p]) / (2 * A[p][q])
                t = math.copysign(1, t) / (abs(t) + math.hypot(1, t))
                c = 1 / math.hypot(1, t)
                s = t * c
                for M in (A, V):
                    M[p], M[q] = ([c * x - s * y for x, y in zip(M[p], M[q])], [s * x + c * y for x, y in zip(M[p], M[q])])
                for row in A:
                    row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    return [A[i][i] for i in range(n)], V

def cholesky(A):
    n = len(A)
    L = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            x = A[i][j] - sum(L[i][k] * L[j][k] for k in range(j))
            L[i][j] = math.sqrt(max(x, 1e-300)) if i == j else x / L[j][j]
    return L

def floats(A):
    return [[x / A.den for x in row] for row in A.a]

def smallest(K, N):
    """Smallest eigenvalue of the pencil K - mu N and its vector."""
    L, n = cholesky(floats(N)), K.r
    def forward(b):
        y = []
        for i in range(n):
            y.append((b[i] - sum(L[i][k] * y[k] for k in range(i))) / L[i][i])
        return y
    half = [list(c) for c in zip(*[forward(col) for col in zip(*floats(K))])]
    C = [list(c) for c in zip(*[forward(row) for row in half])]
    w, V = jacobi([[(C[i][j] + C[j][i]) / 2 for j in range(n)] for i in range(n)])
    k = min(range(n), key=lambda i: w[i])
    x = V[k][:]
    for i in reversed(range(n)):
        x[i] = (x[i] - sum(L[j][i] * x[j] for j in range(i + 1, n))) / L[i][i]
    return w[k], x

def dyadic(x, bits=60):
    return F(round(math.ldexp(x, bits)), 1 << bits)

def factor(M):
    """Lower triangular L with L L^T near the positive part of M."""
    n, A = M.r, floats(M)
    w, V = jacobi(A)
    top = max(map(abs, w))
    if min(w) < 1e-13 * top:
        w = [max(x, 1e-15 * top) for x in w]
        A = [[sum(w[k] * V[k][i] * V[k][j] for k in range(n)) for j in range(n)] for i in range(n)]
    else:                                # leave the slack to the remainder, on its diagonal
        A = [[x - (min(w) / 2 if i == j else 0) for j, x in enumerate(row)] for i, row in enumerate(A)]
    L = cholesky(A)
    return rows_matrix([[dyadic(x) for x in row] for row in L])

def rows_matrix(rows):
    return cc.from_rationals(rows)

def best_constant(P, M):
    """A direction F and the exact quotient that no valid lambda is below."""
    U, K = cc.units(P), None
    for i in range(P.n):
        out, inn = cc.scalar(P.Y.r), M.T
        for k in range(P.l):
            if k < i // P.r:
                inn = U[k] * inn
        for k in range(P.l - 1, i // P.r, -1):
            out = out * U[k]
        for q in range(P.r - 1, i % P.r, -1):
            out = out * P.W[(i // P.r) * P.r + q]
        for q in range(i % P.r):
            inn = P.W[(i // P.r) * P.r + q] * inn
        t = (inn * M.S).gram().kron(out.gram_rows())
        K = t if K is None else K.plus(F(1), t)
    _, x = smallest(K, M.S.kron(cc.scalar(P.Y.r)))
    x = [F(round(v / max(map(abs, x)) * 10 ** 9), 10 ** 9) for v in x]
    D = rows_matrix([[x[j * P.Y.r + i] for j in range(M.p)] for i in range(P.Y.r)])
    FS = D * M.S
    g2 = cc.pullback(P, FS * M.T.t(), 1 << 40)         # exact
    return (D, cc.inner(FS, D) / g2 / 2) if g2 else None
