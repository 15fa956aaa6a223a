#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes certificates of at most about 1 MB that are as expensive to check as
can be: one family for each kind of work that a text can ask for, from the
heavy.py of every folder of tests/claims and tests/text.  The small ones are
refused for their size or work as well, and quickly; they are written only by name.

usage: tests/heavy.py FOLDER [NAME...]
       tests/heavy.py --list"""
import os, random, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import parts

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)

FAMILIES, SMALL = {}, {}
for folder, defined in parts.run("heavy.py"):
    for all_of_them, name in ((FAMILIES, "FAMILIES"), (SMALL, "SMALL")):
        more = defined.get(name, {})
        assert not (set(FAMILIES) | set(SMALL)) & set(more), folder
        all_of_them.update(more)

if sys.argv[1] == "--list":
    sys.exit(print("\n".join(FAMILIES)))
for name in sys.argv[2:] or FAMILIES:
    text = FAMILIES.get(name) or SMALL.get(name)
    if text is None:
        sys.exit("%s: there is no such family" % name)
    random.seed(name)           # a text does not depend on which others are made
    with open(os.path.join(sys.argv[1], name + ".cert"), "w") as f:
        f.write(text())
