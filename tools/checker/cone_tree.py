# SPDX-License-Identifier: LGPL-2.1-or-later
"""|B w + sum_j q_j max(0, x_j.w)| <= tau |w|_S for all w, by a tree of cones:
doc/rules/regularized-global-minimum.md, "The tree of cones"; or, with weights, |..|^2 <= tau^2 (sum_j up_j max(0, x_j.w)^2 + down_j min(0, x_j.w)^2):
doc/rules/landscape.md.

The samples that have one sign on a cone have it on the cones in it: only those that may have two
are looked at again, the others are a matrix."""
from math import gcd, isqrt
from operator import mul

from matrix import entry_bits
from verdict import ensure

MOST_DIMENSIONS, MOST_DEPTH = 8, 200
STEPS, ROOT_BITS = 16, 12           # lambda = L / STEPS; c / 2^ROOT_BITS for a norm
MOST_KEPT = 1 << 22                 # words of 64 bits


def dot(x, y):
    return sum(map(mul, x, y))


def root_up(x):
    """The least c >= 0 with c^2 >= 4^ROOT_BITS x."""
    return isqrt((x << 2 * ROOT_BITS) - 1) + 1 if x > 0 else 0


def is_semidefinite(M):
    """Of a symmetric matrix of integers, by elimination without fractions."""
    rows, before = [list(row) for row in M], 1
    while rows:
        top, rest = rows[0], rows[1:]
        pivot = top[0]
        if pivot < 0 or pivot == 0 and any(top):
            return False
        if pivot == 0:
            rows = [row[1:] for row in rest]
            continue
        rows = [[(pivot * x - row[0] * y) // before for x, y in zip(row[1:], top[1:])] for row in rest]
        before = pivot
    return True


def is_shown_copositive(M):
    """t^T M t >= 0 for all t >= 0, by one of three conditions that suffice."""
    if any(row[i] < 0 for i, row in enumerate(M)):
        return False
    if all(x >= 0 for row in M for x in row) or is_semidefinite(M):
        return True
    return is_semidefinite([[x if i == j else min(x, 0) for j, x in enumerate(row)]
                            for i, row in enumerate(M)])


class ConeClaim:
    """In integers: X and Q by samples, B and S by rows; norms, those of the rows of Q, times
    2^ROOT_BITS and rounded up."""

    def __init__(self, B, Q, X, S, tau, meter):
        """Of matrices, X and Q with one column for each sample; S is integral."""
        self.d, self.m, self.k, self.meter = X.r, X.c, Q.r, meter
        meter.take(self.m + self.d, self.k + self.d, 8, B.bits() + Q.bits(), X.bits() + Q.bits())
        self.X, self.S = X.t().a, S.a
        t, outer = tau.denominator, Q.den * X.den
        self.tau = tau.numerator * B.den * outer
        self.Q = [[x * B.den * t for x in row] for row in Q.t().a]
        self.B = [[x * outer * t for x in row] for row in B.a]
        self.divide(gcd(self.tau, *[x for row in self.Q + self.B for x in row]) or 1)
        self.norms = [root_up(dot(q, q)) for q in self.Q]
        self.x_bits, self.q_bits = entry_bits(self.X), entry_bits(self.Q)
        self.bits = (self.tau.bit_length()
                     + sum(entry_bits(rows) for rows in (self.X, self.Q, self.B)))

    weights = shares = None

    def set_weights(self, up, down):
        """S is then 0; shares, where only samples that are positive count on the left: a common multiple, and what each up is to it."""
        self.weights, whole = list(zip(up, down)), 1
        if not any(x for row in self.B for x in row):
            for x in up:
                whole = whole * x // gcd(whole, x)
                if whole.bit_length() > 256:
                    break
            else:
                self.shares = whole, [whole // x for x in up]
        bits = max((x.bit_length() + y.bit_length() for x, y in self.weights), default=0)
        self.bits += bits + whole.bit_length()

    def divide(self, g):
        """By a common divisor: the claim is homogeneous."""
        self.tau //= g
        self.Q = [[x // g for x in row] for row in self.Q]
        self.B = [[x // g for x in row] for row in self.B]


def plus_square(A, v, x):
    """A + x v v^T"""
    return [[a + x * p * q for a, q in zip(row, v)] for row, p in zip(A, v)]


class Cone:
    """V, by generators; slope: B and the q_j x_j^T of samples that are nowhere negative on the cone;
    mixed: the numbers of the other samples that may be positive there; known: their z, or None
    beyond MOST_KEPT.  kept: the numbers z of the cone and those around it."""

    def __init__(self, claim, V, slope, samples, known, depth, kept, metric=None, active=None):
        """metric: S, or the weighted squares of the samples with one sign; active: those of these that are positive, with shares."""
        self.claim, self.V, self.slope, self.depth = claim, V, slope, depth
        self.metric = claim.S if metric is None else metric
        self.active = [[0] * claim.k for _ in range(claim.k)] if active is None else active
        self.look(samples, known)
        self.kept = kept + len(self.mixed) * claim.d * (1 + (claim.x_bits + entry_bits(V)) // 64)
        if self.kept > MOST_KEPT:
            self.known, self.kept = None, kept

    def values(self, samples):
        """Their z."""
        return [tuple([dot(self.claim.X[j], v) for v in self.V]) for j in samples]

    def look(self, samples, known):
        """Which samples are mixed indeed."""
        c, positive = self.claim, []
        c.meter.take(len(samples), c.d, c.d + 2, entry_bits(self.V), c.x_bits)
        self.mixed, self.known = [], []
        for j, z in zip(samples, self.values(samples) if known is None else known):
            if max(z) <= 0:
                self.settle(j, False)
            elif min(z) >= 0:
                self.settle(j, True)
                positive.append(j)
            else:
                self.mixed.append(j)
                self.known.append(z)
        c.meter.take(len(positive), c.k, c.d, c.q_bits, c.x_bits)
        if positive:
            X = list(zip(*[self.claim.X[j] for j in positive]))
            Q = zip(*[self.claim.Q[j] for j in positive])
            self.slope = [[y + dot(q, x) for x, y in zip(X, row)] for q, row in zip(Q, self.slope)]

    def settle(self, j, positive):
        """A sample that has one sign now."""
        c = self.claim
        if c.weights is None:
            return
        c.meter.take(c.d + 1, c.d, 2, c.bits, 0)
        c.meter.take(c.k + 1, c.k, 2, c.bits, 0)
        self.metric = plus_square(self.metric, c.X[j], c.weights[j][not positive])
        if positive and c.shares:
            self.active = plus_square(self.active, c.Q[j], c.shares[1][j])

    def are_few(self):
        """The samples that may be positive bound everything, whatever their values."""
        c = self.claim
        if not c.shares:
            return False
        c.meter.take(len(self.mixed) + c.k, c.k, c.k, 2 * c.bits, 2 * c.bits)
        F = self.active
        for j in self.mixed:
            F = plus_square(F, c.Q[j], c.shares[1][j])
        most = c.tau ** 2 * c.shares[0]
        return is_semidefinite([[(most if i == j else 0) - x for j, x in enumerate(row)] for i, row in enumerate(F)])

    def split(self, a, b, p, q):
        """The two cones with p v_a + q v_b in the place of v_a, and of v_b."""
        V, c, bits = self.V, self.claim, p.bit_length() + q.bit_length()
        c.meter.take(4 * c.d + c.k * c.d, 1, 1, entry_bits(V), bits)
        v = [p * x + q * y for x, y in zip(V[a], V[b])]
        g = gcd(*v)
        v = [x // g for x in v]
        children = []
        for i in (a, b):
            known = self.known and [z[:i] + ((p * z[a] + q * z[b]) // g,) + z[i + 1:] for z in self.known]
            children.append(Cone(c, V[:i] + [v] + V[i + 1:], self.slope, self.mixed, known, self.depth + 1, self.kept, self.metric,
                                 self.active))
        return children

    def charge_leaf(self):
        c, v = self.claim, entry_bits(self.V)
        c.meter.take(len(self.mixed), c.d, c.d + 2 * c.k + 4, v, c.bits)
        c.meter.take(16 * c.d, c.d, c.d + c.k, 2 * (v + c.bits), 2 * (v + c.bits))

    def mean_and_error(self):
        """2 STEPS C by generators, 2 STEPS 2^ROOT_BITS e."""
        c, weights, errors = self.claim, [], [0] * self.claim.d
        for j, z in zip(self.mixed, self.values(self.mixed) if self.known is None else self.known):
            high, low = max(z), min(z)
            part = (2 * STEPS * high + high - low) // (2 * (high - low))
            chord = [STEPS * max(x, 0) for x in z]
            tangent = [part * x for x in z]
            weights.append(list(map(sum, zip(chord, tangent))))
            errors = [e + c.norms[j] * (x - y) for e, x, y in zip(errors, chord, tangent)]
        Q = list(zip(*[c.Q[j] for j in self.mixed])) or [()] * c.k
        by_generator = list(zip(*weights)) or [()] * c.d
        C = [[2 * STEPS * dot(row, v) + dot(q, w) for row, q in zip(self.slope, Q)]
             for v, w in zip(self.V, by_generator)]
        return C, errors

    def gram(self):
        """V^T S V"""
        SV = [[dot(row, v) for row in self.metric] for v in self.V]
        return [[dot(v, w) for w in SV] for v in self.V]

    def is_bounded(self):
        """The lemma of the leaf: N1 and N2, times (2 STEPS 2^ROOT_BITS)^2."""
        self.charge_leaf()
        if self.are_few():
            return True
        n, tau = range(self.claim.d), self.claim.tau
        G, (C, e) = self.gram(), self.mean_and_error()
        square = (2 * STEPS * tau) ** 2 << 2 * ROOT_BITS
        N1 = [[square * G[i][j] - e[i] * e[j] for j in n] for i in n]
        if self.mixed and not is_shown_copositive(N1):
            return False
        size = [2 * STEPS * tau * root_up(G[i][i]) for i in n]
        return is_shown_copositive(
            [[square * G[i][j] + e[i] * e[j] - size[i] * e[j] - e[i] * size[j]
              - (dot(C[i], C[j]) << 2 * ROOT_BITS) for j in n] for i in n])


def root(claim, number):
    """The orthant of this number."""
    signs = [-1 if number >> i & 1 else 1 for i in range(claim.d)]
    V = [[s if i == j else 0 for j in range(claim.d)] for i, s in enumerate(signs)]
    return Cone(claim, V, claim.B, list(range(claim.m)), [tuple(map(mul, signs, x)) for x in claim.X], 0, 0)


class Codes:
    """The numbers of the tree, one after the other."""

    def __init__(self, numbers):
        self.numbers, self.i = numbers, 0

    def take(self):
        ensure(self.i < len(self.numbers), "tree: it ends before all nodes were there")
        x = self.numbers[self.i]
        ensure(x.denominator == 1 and x >= 0, "tree: not a code")
        self.i += 1
        return x.numerator

    def factor(self):
        x = self.take()
        ensure(x > 0, "tree: p and q must be positive")
        return x

    def split(self, code, edges):
        """Edge, p and q of a code > 0."""
        ensure(code <= 2 * len(edges), "tree: not a code")
        middle = code <= len(edges)
        p, q = (1, 1) if middle else (self.factor(), self.factor())
        return edges[code - 1 if middle else code - 1 - len(edges)] + (p, q)


def verify_tree(numbers, claim):
    """Every node, in preorder."""
    d = claim.d
    ensure(1 <= d <= MOST_DIMENSIONS, "tree: the rank of the data must be from 1 to", MOST_DIMENSIONS)
    edges = [(a, b) for a in range(d) for b in range(a + 1, d)]
    codes, leaves, meter = Codes(numbers), 0, claim.meter
    meter.keep(claim.k * (MOST_DEPTH + 2), d, claim.q_bits + claim.x_bits + 64)
    for number in range(1 << d):
        waiting = [root(claim, number)]
        while waiting:
            cone = waiting.pop()
            code = codes.take()
            if code == 0:
                ensure(cone.is_bounded(), "tree: a leaf where the bound is not shown")
                leaves += 1
                ensure(leaves <= meter.limits["leaves"], 'tree: beyond the limit "leaves" of the format')
                continue
            ensure(cone.depth < MOST_DEPTH, "tree: too deep")
            waiting.extend(reversed(cone.split(*codes.split(code, edges))))
    ensure(codes.i == len(numbers), "tree: numbers after its last node")
