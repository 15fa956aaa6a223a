#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What certificates state, compared: every line but the evidence and its
rounding, so the format, the digest, the problem, the claim and the conclusion.
Only lambda_lower and radius_factor come from a search: they may differ by a
factor of 1.1, but not be missing in one of both.

usage: tests/statement.py OLD-FOLDER NEW-FOLDER     one line of TAP, without a number, for each"""
import os, re, sys
from fractions import Fraction

SEARCHED = re.compile(r"(?<= )(lambda_lower|radius_factor) (\S+)")

def statement(path):
    with open(path, "rb") as f:
        rows = f.read().decode("latin1").split("\n")
    start = next(i for i, row in enumerate(rows) if row.startswith("rounding "))
    end = next(i for i, row in enumerate(rows) if row.startswith("conclusion "))
    found = {name: Fraction(x) for name, x in SEARCHED.findall(rows[end])}
    return rows[:start] + [SEARCHED.sub(r"\1", rows[end])] + rows[end + 1:], found

def difference(old, new):
    (a, searched), (b, again) = statement(old), statement(new)
    for x, y in zip(a, b):
        if x != y:
            return "it was \"%.200s\", now \"%.200s\"" % (x, y)
    if len(a) != len(b):
        return "it had %d lines without its evidence, now %d" % (len(a), len(b))
    for name, x in searched.items():
        y = again[name]
        if min(x, y) <= 0 or max(x, y) > min(x, y) * Fraction(11, 10):
            return "%s was %s, now %s" % (name, x, y)
    return None

old, new = sys.argv[1:]
names = sorted({f for folder in (old, new) for f in os.listdir(folder) if f.endswith(".cert")})
bad = 0
for name in names:
    missing = [folder for folder in (old, new) if not os.path.exists(os.path.join(folder, name))]
    reason = "it is not in %s" % missing[0] if missing else difference(os.path.join(old, name), os.path.join(new, name))
    bad += reason is not None
    print("not ok - %s: %s" % (name, reason) if reason else "ok - %s: proved again, the same statement" % name)
sys.exit(bad > 0)
