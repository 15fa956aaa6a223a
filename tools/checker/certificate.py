# SPDX-License-Identifier: LGPL-2.1-or-later
"""A whole certificate: read, then verified."""
import hashlib

from claims import has_shortcuts
from claims.table import read_claim
from conclusion import read_conclusion
from facts import read_facts
from limits import DEFAULTS
from problem import read_problem, within_memory
from reader import Reader
from verdict import ensure

VERSIONS = ("1", "2")


def read_stated_problem(rd):
    """The problem, whose digest is the stated one."""
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
    version = rd.line("certify-certificate")
    ensure(len(version) == 1 and version[0] in VERSIONS, "this format version is not known")
    P = read_stated_problem(rd)
    c = read_claim(rd, P)
    needed = 2 if P.decayed else c.family.version_of(P, c)
    ensure(int(version[0]) >= needed, "this claim belongs to version 2 of the format")
    f = read_facts(rd)
    if any(block[0] in ("norm", "inverse") for block in f.blocks.values()):
        needed = 2
    ensure(int(version[0]) == needed, "this claim, with these blocks, belongs to version %d" % needed)
    k = read_conclusion(rd, P, c)
    ensure(within_memory(P, limits), 'features or weights beyond the limit "matrix" of the format')
    rd.meter.start(len(data))
    ensure(c.family.shortcuts or not has_shortcuts(P), "the theorem does not treat skips and resnets")
    c.family.supports(P, c, k)
    c.family.verify(f, P, c, k)
    unused = f.unused()
    ensure(not unused, unused and unused[0], "is not used by the proof")
    c.family.describe(P)
    return k.proved
