# SPDX-License-Identifier: LGPL-2.1-or-later
"""The conclusion line: doc/certificate-format.md, "Grammar"."""
from verdict import ensure

# In this order; what each must be.
CONSTANTS = {"lambda": lambda x: True, "lambda_lower": lambda x: x > 0,
             "radius_factor": lambda x: x >= 1, "paper_lambda": lambda x: x > 0}


class Conclusion:
    """proved, constants by name, patterns: rows of low, high, multiplicity and captured."""


def read_constants(rd, words, required):
    found = {}
    for name, is_possible in CONSTANTS.items():
        if name in required or (name != "lambda" and words[:1] == [name]):
            ensure(len(words) >= 2 and words[0] == name, name, "is expected")
            found[name], words = rd.rational(words[1]), words[2:]
            ensure(is_possible(found[name]), name, "is too small")
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
    ensure(not words, "the line must end")
    return found


def read_conclusion(rd, P, c):
    words, k = rd.line("conclusion"), Conclusion()
    ensure(words and words[0] in ("proved", "refuted"), "unknown verdict")
    k.proved = words[0] == "proved"
    required = {"lambda"} & set(c.family.states)
    k.constants, words = read_constants(rd, words[1:], required)
    k.patterns = read_patterns(rd, words, P.Y.r)
    ensure(rd.line("end") == [] and rd.i == len(rd.lines), "the end")
    return k
