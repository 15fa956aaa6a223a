#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bounds of the least loss of random hidden units against losses that a search without certify finds.

usage: landscape.py CERTIFY COUNT [SEED]

In one or two dimensions h for the best u is evaluated, in rationals, along many directions w: none may be below low.  The best of them must not be far above
high.  Both checkers verify all certificates."""
import json, os, random, subprocess, sys, tempfile
from fractions import Fraction as F

certify, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
kept = tempfile.TemporaryDirectory()
failures = done = 0


def text(x):
    return "[%s]" % ", ".join(map(text, x)) if isinstance(x, (list, tuple)) else str(x)


def check(good, *what):
    global failures, done
    done += 1
    if not good:
        failures += 1
        print("not as it should be:", *what)


def least(X, Y, w, a, direction):
    """h for this w and the best u."""
    phi = []
    for j in range(len(w)):
        z = sum(c * row[j] for c, row in zip(direction, X))
        phi.append(z if z > 0 else a * z)
    size = sum(d * p * p for d, p in zip(w, phi))
    norm2 = sum(d * row[j] ** 2 for row in Y for j, d in enumerate(w))
    if not size:
        return norm2 / 2
    return (norm2 - sum(sum(d * y * p for d, y, p in zip(w, row, phi)) ** 2 for row in Y) / size) / 2


def directions(d, X):
    if d == 1:
        return [[F(1)], [F(-1)]]
    found = []
    for n in range(400):
        t = F(n - 200, 50)
        found += [[F(1), t], [F(-1), t], [t, F(1)], [t, F(-1)]]
    for j in range(len(X[0])):                                  # the boundaries of the cones
        found += [[X[1][j], -X[0][j]], [-X[1][j], X[0][j]]]
    return [x for x in found if any(x)]


def trial(number):
    d, m, k = rng.randint(1, 2), rng.randint(1, 6), rng.randint(1, 3)
    a = rng.choice([F(0), F(0), F(1, 2), F(-1, 2), F(2), F(-1), F(1, 100)])
    X = [[F(rng.randint(-3, 3), rng.choice([1, 1, 3])) for _ in range(m)] for _ in range(d)]
    Y = [[F(rng.randint(-3, 3), rng.choice([1, 2])) for _ in range(m)] for _ in range(k)]
    w = [rng.choice([F(1), F(1), F(1, 2), F(3), F(0)]) for _ in range(m)]
    if not any(w) or rng.random() < 0.5:
        w = [F(1)] * m
    act = "leaky-relu %s" % a if a else "relu"
    weights = "" if all(x == 1 for x in w) else "loss: {kind: square, weights: %s}\n" % text(w)
    problem = "certify: 1\nnetwork: {kind: feedforward, activation: %s}\n%sdata: {X: %s, Y: %s}\npoint: {W: [%s, %s]}\nclaims: [{landscape: {gap: %s}}]\n" % (
        act, weights, text(X), text(Y), text([[1] * d]), text([[1]] * k), rng.choice(["1/100", "1/1000", "1/100000", "best"]))
    with open(os.path.join(kept.name, "p.yaml"), "w") as f:
        f.write(problem)
    r = subprocess.run([certify, "--json", "-o", "%d.cert" % number, "p.yaml"], cwd=kept.name, capture_output=True, text=True, timeout=120)
    result = json.loads(r.stdout.splitlines()[0])
    check(r.returncode == 0 and result["verdict"] == "proved", "it is not proved", problem, r.stdout)
    if r.returncode:
        return
    low, high = F(result["low"]["exact"]), F(result["high"]["exact"])
    best = min(least(X, Y, w, a, x) for x in directions(d, X))
    check(low <= best, "a smaller loss than low", best, low, problem)
    check(low <= high <= best * F(101, 100) + F(1, 1000), "high is far above a loss that was found", best, high, problem)


for n in range(count):
    trial(n)
certs = [os.path.join(kept.name, x) for x in os.listdir(kept.name) if x.endswith(".cert")]
for tool in ([certify + "-check"], [sys.executable, os.path.join(os.path.dirname(__file__), "..", "tools", "checker")]):
    r = subprocess.run(tool + certs, capture_output=True, text=True)
    check(r.stdout.count(": VERIFIED") == len(certs), tool, [x for x in (r.stdout + r.stderr).splitlines() if "VERIFIED" not in x][-5:])
print("%d random units, %d results, %d not as they should be" % (count, done, failures))
sys.exit(failures > 0)
