# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of claims: one module a family, which registers here how its parameters are read, what
it may state on the conclusion line, why it refuses a problem and how it verifies.  Nothing else
asks which claim it is."""
from verdict import ensure

TABLE = {}


class Claim:
    """kind and, by family, norm, rho, lam, constants, gap, sides, relation."""


class Family:
    """read(rd, P, c, words): the parameters of claim c from the words after its name.
    supports(P, c, k): ensures that the claim about P, with conclusion k, is one of the theorem's.
    verify(f, P, c, k): ensures that the conclusion follows; f, the evidence.
    states: the names of what its conclusion may hold; "lambda" must be there.
    sentence: what its sentence says of the point, "loss" or "rank"."""

    def __init__(self, read, supports, verify, states=(), sentence=()):
        self.read, self.supports, self.verify = read, supports, verify
        self.states, self.sentence = states, sentence


def register(names, family):
    for name in names:
        TABLE[name] = family


def no_parameters(rd, P, c, words):
    ensure(not words, "the claim line")


def read_claim(rd, P):
    words, c = rd.line("claim"), Claim()
    ensure(words and words[0] in TABLE, "unknown claim")
    c.kind, c.family = words[0], TABLE[words[0]]
    c.family.read(rd, P, c, words[1:])
    return c


def read_neighbourhood(rd, c, words, names):
    """norm and radii, then the named constants."""
    constants, end = words[-2 * len(names):], len(words) - 2 * len(names)
    ensure(end >= 4 and words[0] == "norm" and words[2] == "radius"
           and constants[::2] == list(names), "the claim line")
    ensure(words[1] in ("spectral", "frobenius", "feature"), "unknown norm")
    c.norm = words[1]
    n = rd.count(words[3], 0, rd.limits["layers"], "radii")
    c.rho = rd.rationals(words[4:end], n, 1)
    return [rd.rational(w) for w in constants[1::2]]


def read_tolerance(rd, c, words, name):
    """Nothing, or the name and a number."""
    ensure(not words or (len(words) == 2 and words[0] == name), "the claim line")
    c.gap = rd.rational(words[1]) if words else None
