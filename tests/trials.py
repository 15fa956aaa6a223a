# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of random problems share (usage: NAME.py CERTIFY COUNT [SEED]): their arguments, their random numbers, how they count."""
import os, random, subprocess, sys

certify, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
results = []                        # whether each was as it should be


def text(x):
    """For a problem file."""
    return "[%s]" % ", ".join(map(text, x)) if isinstance(x, (list, tuple)) else str(x)


def check(good, *what):
    results.append(bool(good))
    if not good:
        print("not as it should be:", *what)


def both_checkers(folder):
    """All certificates of the folder are verified."""
    certs = [os.path.join(folder, x) for x in os.listdir(folder) if x.endswith(".cert")]
    for tool in ([certify + "-check"], [sys.executable, os.path.join(os.path.dirname(__file__), "..", "tools", "checker")]):
        r = subprocess.run(tool + certs, capture_output=True, text=True)
        check(r.stdout.count(": VERIFIED") == len(certs) > 0, tool, [x for x in (r.stdout + r.stderr).splitlines() if "VERIFIED" not in x][-5:])


def finish(what):
    print("%s, %d results, %d not as they should be" % (what, len(results), results.count(False)))
    sys.exit(False in results)
