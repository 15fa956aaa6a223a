# SPDX-License-Identifier: LGPL-2.1-or-later
"""Evidence by role; every answer is verified before a rule sees it (doc/certificate-format.md,
"What the evidence means")."""
from fractions import Fraction

from limits import MOST_BITS, MOST_NAME
from matrix import scalar, zero
from meter import FREE
from roots_of_matrices import inverse_bound, norm_bound
from semidefinite import is_shown_semidefinite
from verdict import ensure

KINDS = ("bound", "word", "numbers", "matrix", "ball", "codes", "norm", "inverse")
BOUNDS = ("bound", "norm", "inverse")


class Facts:
    def __init__(self, bits, meter=FREE):
        self.bits, self.meter, self.blocks, self.used = bits, meter, {}, set()

    def ensure(self, condition, role, reason):
        """The rule refuses the evidence of this role."""
        ensure(condition, "%s: %s" % (role, reason))

    def get(self, role, kind):
        if role not in self.blocks:
            return None
        self.used.add(role)
        ensure(self.blocks[role][0] == kind, role, "evidence of another kind is needed")
        return self.blocks[role]

    def need(self, role, kind, required=True):
        block = self.get(role, kind)
        ensure(block or not required, role, "the evidence is missing")
        return block

    def bound(self, role, K, N, upper, required=False):
        """mu with K - mu N >= 0, or mu N - K >= 0."""
        block = self.need(role, "bound", required)
        if block is None:
            return K.norm_upper() if upper else Fraction(0)
        _, mu, L, d = block
        ensure(mu >= 0 and L.r == K.r, role, "not of this order")
        if not upper:
            M = K.plus(-mu, N or scalar(K.r))
        else:
            M = (zero(K.r, K.r).plus(mu, N) if N else scalar(K.r, mu)).minus(K)
        ensure(is_shown_semidefinite(M, L, d), role, "the factor does not prove this bound")
        return mu

    def lower(self, role, K, N=None, required=False):
        return self.bound(role, K, N, False, required)

    def upper(self, role, K):
        return self.bound(role, K, None, True)

    def norm2(self, role, A, rounded=False):
        """mu with mu I - A^T A >= 0: by A itself, or by its Gram matrix."""
        block = self.blocks.get(role)
        if block is None or block[0] != "norm":
            K = A.smaller_gram()
            return self.upper(role, K.rounded(self.bits) if rounded else K)
        self.used.add(role)
        return norm_bound(role, A, *block[1:])

    def least2(self, role, A):
        """mu with A^T A - mu I >= 0 by an approximate inverse; None without one."""
        block = self.blocks.get(role)
        if block is None or block[0] != "inverse":
            return None
        self.used.add(role)
        return inverse_bound(role, A, *block[1:])

    def expect_bound(self, role, order):
        """Before anything of this order is formed."""
        ensure(self.has_bound(role, order), "%s: the order, or the evidence is missing" % role)

    def has_bound(self, role, order):
        block = self.blocks.get(role)
        return block is not None and block[0] in BOUNDS and block[2].r == order

    def word(self, role):
        return self.need(role, "word")[1]

    def matrix(self, role, r, c, required):
        block = self.need(role, "matrix", required)
        ensure(not block or block[1].shape() == (r, c), role, "the shape")
        return block and block[1]

    def numbers(self, role, n, required):
        block = self.need(role, "numbers", required)
        ensure(not block or len(block[1]) == n, role, "how many numbers")
        return block and block[1]

    def unused(self):
        return sorted(set(self.blocks) - self.used)


def read_bound(rd, rest):
    ensure(len(rest) == 3, "the bound line")
    mu, n = rd.rational(rest[0]), rd.count(rest[1], 1, rd.limits["rows"], "the order")
    L = rd.rows(n, n, rd.integer(rest[2]), True)
    words = rd.line("diagonal")
    if words == ["one"]:
        return "bound", mu, L, None
    d = rd.rationals(words, n, n * n)
    ensure(any(x != 1 for x in d), "diagonal one")
    return "bound", mu, L, d


def read_factor(rd, words):
    """An order, a denominator and the lower triangle."""
    ensure(len(words) == 2, "an order and a denominator are expected")
    n = rd.count(words[0], 1, rd.limits["rows"], "the order")
    return rd.rows(n, n, rd.integer(words[1]), True)


def read_norm_of(rd, rest):
    """The bound of a square, bits and a factor."""
    ensure(len(rest) == 4, "the norm line")
    return rd.rational(rest[0]), rd.count(rest[1], 0, MOST_BITS, "bits"), read_factor(rd, rest[2:])


def read_norm(rd, rest):
    ensure(len(rest) == 5, "the norm line")
    square, bits, L = read_norm_of(rd, rest[1:])
    return "norm", rd.rational(rest[0]), L, square, bits


def read_inverse(rd, rest):
    ensure(len(rest) == 5, "the inverse line")
    a, q = [rd.count(w, 0, MOST_BITS, "bits") for w in rest[1:3]]
    columns = read_factor(rd, rest[3:])
    square, p, L = read_norm_of(rd, rd.line("norm"))
    return "inverse", rd.rational(rest[0]), L, columns.t(), (a, q, p), square


def read_ball(rd, rest):
    ensure(len(rest) == 5, "the ball line")
    rd.count(rest[0], 2, 4096, "the precision")
    ensure(rd.rational(rest[1]) >= 0, "the radius is negative")
    return "ball", rd.matrix(rest[2:])


def read_word(rd, rest):
    ensure(len(rest) == 1 and len(rest[0]) <= MOST_NAME, "one word is expected")
    return "word", rest[0]


def read_numbers(rd, rest):
    n = rd.count(rest[0], 1, rd.limits["bytes"], "how many")
    return "numbers", rd.rationals(rest[1:], n, n)


def read_codes(rd, rest):
    n = rd.count(rest[0], 1, rd.limits["bytes"], "how many")
    ensure(len(rest) == n + 1, n, "codes are expected")
    x = [rd.integer(w) for w in rest[1:]]
    ensure(min(x) >= 0, "a code is negative")
    return "codes", x


def read_matrix(rd, rest):
    return "matrix", rd.matrix(rest)


READ = dict(zip(KINDS, (read_bound, read_word, read_numbers, read_matrix, read_ball, read_codes, read_norm,
                        read_inverse)))


def read_block(rd, facts, previous):
    """One block; its role, which comes after the previous one."""
    words = rd.line()
    ensure(len(words) >= 3 and words[0] in READ, "a block is expected")
    role = words[1]
    ensure(len(role) <= MOST_NAME and role > previous, "the role, or the order of roles")
    facts.blocks[role] = READ[words[0]](rd, words[2:])
    return role


def read_facts(rd):
    words = rd.line("rounding")
    ensure(len(words) == 1, "rounding")
    facts = Facts(rd.count(words[0], 1, rd.limits["rounding"], "rounding"), rd.meter)
    words = rd.line("evidence")
    ensure(len(words) == 1, "evidence")
    role = ""
    for _ in range(rd.count(words[0], 0, rd.limits["blocks"], "blocks")):
        role = read_block(rd, facts, role)
    return facts
