# SPDX-License-Identifier: LGPL-2.1-or-later
"""The conclusion line: doc/certificate-format.md, "Grammar"."""
from verdict import ensure

# What each must be.
CONSTANTS = {"lambda": lambda x: x >= 0, "lambda_lower": lambda x: x > 0,
             "radius_factor": lambda x: x >= 1, "paper_lambda": lambda x: x > 0, "low": lambda x: x >= 0, "high": lambda x: x >= 0,
             **{name: lambda x: x >= 0 and x.denominator == 1 for name in ("cells", "dead", "critical", "minima")}}


class Conclusion:
    """proved, constants by name, patterns: rows of low, high, multiplicity and captured."""


def read_constants(rd, words, names):
    """Those that are there, in the order of the names."""
    found = {}
    for name in names:
        if name in CONSTANTS and words[:1] == [name]:
            ensure(len(words) >= 2, name, "is expected")
            found[name], words = rd.rational(words[1]), words[2:]
            ensure(CONSTANTS[name](found[name]), name, "is too small")
    return found, words


def read_patterns(rd, words, order):
    found = []
    while words[:1] == ["pattern"]:
        ensure(len(words) > 2, "the pattern")
        rd.count(words[1], len(found), len(found), "the number of the pattern")
        n = rd.count(words[2], 1, order, "the number of eigenvalues")
        ensure(len(words) >= 3 + 4 * n, "the pattern")
        found.append([(rd.rational(words[i]), rd.rational(words[i + 1]),
                       rd.count(words[i + 2], 1, order, "a multiplicity"),
                       rd.count(words[i + 3], 0, order, "a captured multiplicity"))
                      for i in range(3, 3 + 4 * n, 4)])
        words = words[3 + 4 * n:]
    return found, words


def read_conclusion(rd, P, c):
    words, k, names = rd.line("conclusion"), Conclusion(), c.family.constants
    ensure(words and words[0] in ("proved", "refuted"), "unknown verdict")
    k.proved = words[0] == "proved"
    k.constants, words = read_constants(rd, words[1:], names)
    k.patterns, words = read_patterns(rd, words, P.Y.r) if "pattern" in names else ([], words)
    for name, reader in c.family.lists.items():
        if words[:1] == [name]:
            k.constants[name], words = reader(rd, P, words[1:])
    ensure(not words, "these constants do not belong to this conclusion")
    ensure(k.proved or (set(k.constants) <= {"lambda"} and not k.patterns),
           "constants of a refutation")
    ensure(rd.line("end") == [] and rd.i == len(rd.lines), "the end")
    return k
