#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Certificates built from the start for claims that are known to be false, with
the best fake evidence there is: the liars.py of every folder of tests/claims.
The rules of the second checker run with an oracle that lies: every bound a
little too good, its factor that of the nearest positive semidefinite matrix,
multipliers a little too large, balls a little too small, witnesses a little
outside.  The lie is made as small as it can be for the claim to be false:
smaller than the exact quotient at a direction or point that no valid constant
is below.  Each forgery has an honest twin, built by the same code without the
lie, that must be VERIFIED: so nothing but the lie is refused.

usage: tests/adversary.py CERTIFY-CHECK NUMBER [SEED]"""
import os, subprocess, sys, tempfile
from collections import Counter

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lying, parts

program, wanted = os.path.abspath(sys.argv[1]), int(sys.argv[2])
if len(sys.argv) > 3:
    lying.rng.seed(int(sys.argv[3]))
KINDS = {}
for folder, defined in parts.run("liars.py"):
    assert not set(KINDS) & set(defined["KINDS"]), folder
    KINDS.update(defined["KINDS"])

made, bad, smallest_lie = Counter(), [], {}
with tempfile.TemporaryDirectory() as tmp:
    jobs = []
    names = sorted(KINDS)
    while sum(made.values()) < wanted:
        kind = names[sum(made.values()) % len(names)]
        pair = KINDS[kind]()
        if pair is None:
            continue
        made[kind] += 1
        smallest_lie[kind] = min(smallest_lie.get(kind, 9.0), pair[3])
        for text, forged in ((pair[0], 0), (pair[1], 1)):
            path = os.path.join(tmp, "%d-%d.cert" % (sum(made.values()), forged))
            with open(path, "w") as f:
                f.write(text)
            jobs.append((path, forged, kind, text))
    for i in range(0, len(jobs), 200):
        part = jobs[i:i + 200]
        r = subprocess.run([program, "--quiet"] + [j[0] for j in part], capture_output=True, text=True)
        verdicts = {x.split(": ")[0]: x for x in r.stdout.split("\n") if x}
        for path, forged, kind, text in part:
            verdict = verdicts.get(path, "none: " + r.stderr[:100])
            if (": VERIFIED" in verdict) == bool(forged):
                bad.append((kind, forged, verdict, text))
for kind in names:
    print("# %5d %-13s the smallest lie %.1e" % (made[kind], kind, smallest_lie[kind]))
for i, (kind, forged, verdict, text) in enumerate(bad[:10]):
    print("# %s, %s: %s" % (kind, "FALSE" if forged else "honest", verdict))
    with open("adversary-%d.cert" % i, "w") as f:
        f.write(text)
accepted = sum(forged for _, forged, _, _ in bad)
print("%sok 1 - %d false claims with the best fake evidence, all rejected" % ("not " if accepted else "", sum(made.values())))
print("%sok 2 - their honest twins are verified" % ("not " if len(bad) > accepted else ""))
print("1..2")
sys.exit(bool(bad))
