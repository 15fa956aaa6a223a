# SPDX-License-Identifier: LGPL-2.1-or-later
"""rank: that of a product of named matrices, decided exactly (doc/rules/rank.md)."""
from claims import Family
from elimination import rank
from factors import multiplied, read_factors
from verdict import ensure


def read(rd, P, c, words):
    ensure(len(words) == 4 and words[0] == "of" and words[2] == "value", "the claim line")
    c.factors, c.value = read_factors(P, words[1]), rd.rational(words[3])
    ensure(c.value >= 0 and c.value.denominator == 1, "value is not a whole number >= 0")


def supports(P, c, k):
    """Any network, loss and regularization."""


def verify(f, P, c, k):
    equal = rank(multiplied(c.factors)) == c.value
    ensure(equal == k.proved, "the exact decision is the opposite")


CLAIMS = {"rank": Family(read, supports, verify, version=2)}
