# SPDX-License-Identifier: LGPL-2.1-or-later
"""R, T and J2 of Theorem R for linear and residual networks: doc/mathematics.md, "Regularity
condition", "Linear and residual networks"."""
from fractions import Fraction

from matrix import scalar, zero
from number import round_up, sqrt_upper


class Path:
    """B(i, k) for k = i + 1, ..: formed from the left neighbour, block by block, and rounded.  A
    unit's identity path exists unless the perturbed block is inside of it."""

    def __init__(self, P, bits, start, inside):
        self.P, self.bits, self.matrix, self.unit = P, bits, start, start
        self.shortcut = P.kind == "residual" and not inside

    def pass_block(self, k):
        P = self.P
        A = P.W[k - 1] * self.matrix
        if k % P.r == 0 and self.shortcut:
            A = A.plus(Fraction(1), self.unit)
        self.matrix = A.rounded(self.bits)
        if k % P.r == 0:
            self.unit, self.shortcut = self.matrix, P.kind == "residual"


def between(f, P, M):
    """t[i][k] >= ||B(i, k)||, 0 <= i < k <= n + 1; >= ||B(0, k) X D^{1/2}|| for i = 0."""
    n = P.n
    t = [[Fraction(1)] * (n + 2) for _ in range(n + 2)]
    for i in range(n + 1):
        order = P.W[i - 1].r if i else P.X.r
        path = Path(P, f.bits, scalar(order, meter=f.meter), i > 0 and i % P.r != 0)
        for k in range(i + 1, n + 2 if i else n + 1):
            if i == 0 or k > i + 1:
                B = path.matrix
                role = "between:%d:%d" % (i, k)
                if i == 0:
                    bound = f.upper(role, (B * M.Sxx * B.t()).rounded(f.bits))
                else:
                    bound = f.norm2(role, B, True)
                t[i][k] = round_up(sqrt_upper(bound))
            if k <= n:
                path.pass_block(k)
    return t


MOST_BLOCKS = 16            # a path of so many blocks or more is one of MOST_BLOCKS


def plus_rounded(m, x, y):
    return round_up(m.sum(x, y))


def head_sums(m, t, rho, n, K):
    """head[i][k]: the sum over the paths from the data to block i through k blocks; K: or more."""
    head = [[Fraction(0)] * (K + 1) for _ in range(n + 2)]
    for i in range(1, n + 1):
        head[i][1] = t[0][i]
        for k in range(2, min(i, K) + 1):
            for before in (k - 1,) if k < K else (K - 1, K):
                for h in range(before, i):
                    x = m.product(head[h][before], rho[h - 1], t[h][i])
                    head[i][k] = plus_rounded(m, head[i][k], x)
    return head


def tail_sums(m, t, rho, n, K):
    """tail[i][k]: the same from block i to the output."""
    tail = [[Fraction(0)] * (K + 1) for _ in range(n + 2)]
    for i in range(n, 0, -1):
        tail[i][1] = t[i][n + 1]
        for k in range(2, min(n - i + 1, K) + 1):
            for before in (k - 1,) if k < K else (K - 1, K):
                for h in range(i + 1, n - before + 2):
                    x = m.product(tail[h][before], rho[h - 1], t[i][h])
                    tail[i][k] = plus_rounded(m, tail[i][k], x)
    return tail


def sums_through(m, head, tail, i, n, K):
    """Lemma 3: of D_ij / j, of (j - 1) D_ij / j, and of D_ij, over j = 2 .. n; from K on 1/j is
    bounded by 1/K and (j - 1)/j by 1."""
    r = s = u = Fraction(0)
    for j in range(2, K + 1):
        D = Fraction(0)
        for k in range(1, min(i, j) + 1):
            for l in range(j - k + 1, min(j - k + 1 if j < K else K, n - i + 1) + 1):
                D = plus_rounded(m, D, m.product(head[i][k], tail[i][l]))
        x = m.quotient(D, Fraction(j))
        r = plus_rounded(m, r, x)
        s = plus_rounded(m, s, m.difference(D, x) if j < K or K == n else D)
        u = plus_rounded(m, u, D)
    return r, s, u


def rounded_sum(m, xs):
    total = Fraction(0)
    for x in xs:
        total = plus_rounded(m, total, x)
    return total


def add_square(m, x, y):
    return plus_rounded(m, x, m.square(y))


def jacobian_at_point(f, P, M, t):
    """>= ||G||^2, the smaller of the sum of the block norms and the role jacobian."""
    m, n, j2 = f.meter, P.n, Fraction(0)
    for i in range(1, n + 1):
        j2 = add_square(m, j2, m.product(t[0][i], t[i][n + 1]))
    if M.p == 0 or n == 1 or not f.has_bound("jacobian", M.p):
        return j2
    K, path = zero(M.p, M.p), Path(P, f.bits, M.T, False)
    for i in range(1, n + 1):
        K = K.plus(m.square(t[i][n + 1]), (path.matrix * M.S).gram().rounded(f.bits))
        path.pass_block(i)
    return min(j2, f.bound("jacobian", K.rounded(f.bits), M.S, True))


def linear_bounds(f, P, M, rho):
    """R, T, J2, and a bound of ||G||^2."""
    m, n = f.meter, P.n
    t = between(f, P, M)
    K = min(n, MOST_BLOCKS)
    head, tail = head_sums(m, t, rho, n, K), tail_sums(m, t, rho, n, K)
    R2 = T2 = dev2 = near = Fraction(0)
    for i in range(1, n + 1):
        r, s, u = sums_through(m, head, tail, i, n, K)
        R2, T2, dev2 = add_square(m, R2, r), add_square(m, T2, s), add_square(m, dev2, u)
        x = m.product(rounded_sum(m, head[i][1:]), rounded_sum(m, tail[i][1:]))
        near = add_square(m, near, x)
    g2 = jacobian_at_point(f, P, M, t)
    J = m.sum(sqrt_upper(g2), sqrt_upper(dev2))
    return sqrt_upper(R2), sqrt_upper(T2), round_up(min(m.square(J), near)), g2
