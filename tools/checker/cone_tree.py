# SPDX-License-Identifier: LGPL-2.1-or-later
"""|B w + sum_j q_j max(0, x_j.w)| <= tau |w|_S for all w, by a tree of cones:
doc/rules/regularized-global-minimum.md, "The tree of cones"."""
from functools import reduce
from math import gcd, isqrt
from operator import mul

from matrix import entry_bits
from verdict import ensure

MOST_DIMENSIONS, MOST_DEPTH, BITS = 8, 200, 12


def root_up(x):
    """The least integer whose square is at least x."""
    r = isqrt(x)
    return r + (r * r < x)


def is_semidefinite(M):
    """By elimination without fractions."""
    A, before = [row[:] for row in M], 1
    for k in range(len(A)):
        p = A[k][k]
        if p < 0 or p == 0 and any(A[k][k + 1:]):
            return False
        if p == 0:
            continue
        top = A[k]
        for i in range(k + 1, len(A)):
            f = A[i][k]
            A[i] = [(x * p - f * y) // before for x, y in zip(A[i], top)]
        before = p
    return True


def is_copositive(M):
    """One of the three sufficient tests."""
    n = range(len(M))
    if any(M[i][i] < 0 for i in n):
        return False
    if all(x >= 0 for row in M for x in row) or is_semidefinite(M):
        return True
    return is_semidefinite([[M[i][j] if i == j else min(M[i][j], 0) for j in n] for i in n])


class ConeClaim:
    """In integers, by rows: X and Q one row a sample, B one row an output, S; tau."""

    def __init__(self, B, Q, X, S, tau, meter):
        ensure(S.den == 1, "S is not integer")
        meter.take(Q.c + X.r, Q.r + X.r, 8, B.bits() + Q.bits(), X.bits() + Q.bits())
        q, b = B.den * tau.denominator, Q.den * X.den * tau.denominator
        self.tau = Q.den * X.den * B.den * tau.numerator
        self.Q = [[x * q for x in row] for row in zip(*Q.a)]
        self.B = [[x * b for x in row] for row in B.a]
        self.X, self.S = [list(row) for row in zip(*X.a)], S.a
        g = reduce(gcd, [x for row in self.Q + self.B for x in row], self.tau)
        if g:
            self.tau //= g
            self.Q = [[x // g for x in row] for row in self.Q]
            self.B = [[x // g for x in row] for row in self.B]
        self.norms = [root_up(sum(x * x for x in row) << 2 * BITS) for row in self.Q]
        self.columns = list(zip(*self.Q))
        self.d, self.m, self.k, self.meter = X.r, Q.c, Q.r, meter
        self.length = sum(map(entry_bits, (self.X, self.Q, self.B))) + self.tau.bit_length()

    def split_samples(self, V):
        """Weights of the outputs at each generator, 32 times, and of the errors."""
        d, weights, errors = self.d, [], [0] * self.d
        Z = [[sum(map(mul, x, v)) for x in self.X] for v in V]
        ambiguous = False
        for c, z in zip(self.norms, zip(*Z)):
            top, least = max(z), min(z)
            if top <= 0:
                weights.append((0,) * d)
            elif least >= 0:
                weights.append([32 * x for x in z])
            else:
                ambiguous, part = True, (32 * top + top - least) // (2 * (top - least))
                line, chord = [part * x for x in z], [16 * x if x > 0 else 0 for x in z]
                weights.append(list(map(sum, zip(line, chord))))
                errors = [e + c * (u - v) for e, u, v in zip(errors, chord, line)]
        return list(zip(*weights)), errors, ambiguous

    def holds_on(self, V):
        """The lemma of the leaf."""
        bits, d = entry_bits(V), self.d
        self.meter.take(self.m, d, d + 2 * self.k + 4, bits, self.length)
        both = 2 * (bits + self.length)
        self.meter.take(16 * d, d, d + self.k, both, both)
        weights, e, ambiguous = self.split_samples(V)
        C = [[sum(map(mul, column, w)) + 32 * sum(map(mul, row, v)) for column, row in zip(self.columns, self.B)]
             for w, v in zip(weights, V)]
        SV = [[sum(map(mul, row, v)) for row in self.S] for v in V]
        G = [[sum(map(mul, u, v)) for v in SV] for u in V]
        n = [root_up(G[i][i] << 2 * BITS) for i in range(d)]
        square, tau = self.tau ** 2 << 10 + 2 * BITS, self.tau
        pairs = [[(square * G[i][j], e[i] * e[j], sum(map(mul, C[i], C[j])) << 2 * BITS, 32 * tau * (n[i] * e[j] + e[i] * n[j]))
                  for j in range(d)] for i in range(d)]
        return ((not ambiguous or is_copositive([[g - x for g, x, _, _ in row] for row in pairs]))
                and is_copositive([[g + x - c - y for g, x, c, y in row] for row in pairs]))

    def split(self, V, a, b, p, q):
        """p v_a + q v_b without its content."""
        self.meter.take(4 * self.d, 1, 1, entry_bits(V), p.bit_length() + q.bit_length())
        v = [p * x + q * y for x, y in zip(V[a], V[b])]
        g = reduce(gcd, v, 0)
        ensure(g, "tree: a split has the generator 0")
        return [x // g for x in v]


def integers(codes):
    for x in codes:
        ensure(x.denominator == 1 and x >= 0, "tree: a number that is no code")
        yield int(x)


def verify_tree(codes, claim):
    """Every node, with an explicit stack."""
    d = claim.d
    ensure(1 <= d <= MOST_DIMENSIONS, "tree: a tree of cones needs between 1 and 8 dimensions")
    edges = [(a, b) for a in range(d) for b in range(a + 1, d)]
    rest = integers(codes)
    for root in range(2 ** d):
        stack = [([[(-1 if root >> i & 1 else 1) * (i == j) for j in range(d)] for i in range(d)], 0)]
        while stack:
            (V, depth), code = stack.pop(), next(rest, None)
            ensure(code is not None, "tree: it ends too early")
            if code == 0:
                ensure(claim.holds_on(V), "tree: a leaf does not show the bound on its cone")
                continue
            ensure(depth < MOST_DEPTH and code <= 2 * len(edges), "tree: too deep, or no code")
            p = q = 1
            if code > len(edges):
                p, q = next(rest, 0), next(rest, 0)
                ensure(p > 0 and q > 0, "tree: p and q are positive")
            a, b = edges[(code - 1) % len(edges)]
            v = claim.split(V, a, b, p, q)
            for place in (b, a):
                stack.append((V[:place] + [v] + V[place + 1:], depth + 1))
    ensure(next(rest, None) is None, "tree: codes are left over")
