# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a family of claims is: how its parameters are read, why it refuses a problem, how it
verifies, what it may state on the conclusion line.  Each module here defines CLAIMS, the families
by the names of their claims; claims.table lists the modules.  Nothing else asks which claim it
is."""
from verdict import ensure


class Claim:
    """kind, family and, by family, norm, rho, lam, constants, gap, sides, relation, factors."""


class Family:
    """read(rd, P, c, words): the parameters of claim c from the words after its name.
    supports(P, c, k): ensures that the claim about P, with conclusion k, is one of the theorem's.
    verify(f, P, c, k): ensures that the conclusion follows; f, the evidence.
    describe(P): computes what the sentence says of the point besides, so that it is charged.
    constants: what its conclusion line may state, in this order; all but lambda only if proved.
    version: that of the format; version_of(P, c): that of one claim.
    shortcuts: it treats networks with skips, and resnets.
    lists: readers of what else it may state, behind the constants, by name: from (rd, P, words) the value and the words left.
    treats(P): of several families with one name, whether this one is for the problem."""

    def __init__(self, read, supports, verify, describe=lambda P: None, constants=(), version=1,
                 version_of=None, treats=lambda P: True, shortcuts=False, lists=None):
        self.read, self.supports, self.verify = read, supports, verify
        self.describe, self.constants = describe, constants
        known = version_of or (lambda P, c: version)
        self.version_of = lambda P, c: 2 if has_shortcuts(P) else known(P, c)
        self.shortcuts = shortcuts
        self.treats = treats
        self.lists = lists or {}


def has_shortcuts(P):
    return P.kind in ("skip", "resnet")


def is_linear(P):
    """A linear or residual network."""
    return P.linear


def no_parameters(rd, P, c, words):
    ensure(not words, "the claim line")


def square_loss_only(P):
    ensure(P.loss == "square", "the theorem treats the square loss only")


def square_loss_without_decay(P):
    square_loss_only(P)
    ensure(P.decay == 0, "weight-decay is not treated")


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
    """Nothing, or the name and a number >= 0."""
    ensure(not words or (len(words) == 2 and words[0] == name), "the claim line")
    c.gap = rd.rational(words[1]) if words else None
    ensure((c.gap or 0) >= 0, name, "is negative")
