# SPDX-License-Identifier: LGPL-2.1-or-later
"""A whole certificate: read, then verified."""
import hashlib

import claims.critical_point
import claims.global_minimizer
import claims.gradient_dominance
import claims.inequality
import claims.regularity
import claims.standing_assumptions
from claims import read_claim
from conclusion import read_conclusion
from facts import read_facts
from limits import DEFAULTS
from problem import read_problem, within_memory
from reader import Reader
from sentence import describe
from verdict import ensure


def read_stated_problem(rd):
    """The problem, whose digest is the stated one."""
    ensure(rd.line("certify-certificate") == ["1"], "the format version")
    stated = rd.line("problem", "sha256")
    start = rd.i
    P = read_problem(rd)
    text = "\n".join(rd.lines[start:rd.i]) + "\n"
    ensure(stated == [hashlib.sha256(text.encode()).hexdigest()],
           "the digest is not that of the problem")
    return P


def check(data, limits=DEFAULTS):
    """True if the claim is proved, False if it is refuted; Reject or Unsupported otherwise."""
    rd = Reader(data, limits)
    P = read_stated_problem(rd)
    c = read_claim(rd, P)
    f = read_facts(rd)
    k = read_conclusion(rd, P, c)
    ensure(within_memory(P, limits), 'features or weights beyond the limit "matrix" of the format')
    rd.meter.start(len(data))
    ensure(not k.patterns or (k.proved and "pattern" in c.family.states),
           "patterns of another conclusion")
    ensure(P.loss == "square", "square loss only")
    c.family.supports(P, c, k)
    c.family.verify(f, P, c, k)
    unused = f.unused()
    ensure(not unused, unused and unused[0], "is not used by the proof")
    describe(P, c.family.sentence)
    return k.proved
