#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the forgeries of every folder that has a forge.py: certificates that
state something false, or true things with evidence that does not prove them,
or that are not in canonical form.  Every one must be REJECTED; the file
`expected` has a part of the reason for each.  The files are shipped; run this
only to make them again, or into another place to compare:

    tests/make_forgeries.py ./certify [INTO]
"""
import os, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import forging, parts

forging.certify = os.path.abspath(sys.argv[1])
into = sys.argv[2] if len(sys.argv) > 2 else parts.here
names = set()
for folder, _ in parts.run("forge.py"):
    out = os.path.join(into, folder, "forgeries")
    os.makedirs(out, exist_ok=True)
    for f in os.listdir(out):
        os.remove(os.path.join(out, f))
    for name, (text, _) in forging.made.items():
        assert name not in names, name
        names.add(name)
        with open(os.path.join(out, name + ".cert"), "w", newline="") as f:
            f.write(text)
    with open(os.path.join(out, "expected"), "w") as f:
        f.writelines("%s|%s\n" % (name, reason) for name, (_, reason) in forging.made.items())
    print("%4d %s" % (len(forging.made), folder))
    forging.made.clear()
print("%4d forgeries" % len(names))
