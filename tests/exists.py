#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Critical points with given activation patterns, of random problems.

usage: exists.py CERTIFY COUNT [SEED]

Where certify says that there is one, the point that it constructs must be critical, have the pattern and the loss.  Where gradient descent ends at a point off the
kinks whose units share a pattern, certify must not say that there is none like it.  Both checkers verify all certificates."""
import json, os, re, subprocess, sys, tempfile
from fractions import Fraction as F

sys.dont_write_bytecode = True
from trials import both_checkers, certify, check, count, finish, rng, text

kept = tempfile.TemporaryDirectory()


def run(problem, name):
    with open(os.path.join(kept.name, "p.yaml"), "w") as f:
        f.write(problem)
    r = subprocess.run([certify, "--json", "-o", name + ".cert", "p.yaml"], cwd=kept.name, capture_output=True, text=True, timeout=120)
    return r, json.loads(r.stdout.splitlines()[0]) if r.stdout else None


def head(a, X, Y, w):
    return "certify: 1\nnetwork: {kind: feedforward, activation: %s}\n%sdata: {X: %s, Y: %s}\n" % (
        "leaky-relu %s" % a if a else "relu", "" if all(x == 1 for x in w) else "loss: {kind: square, weights: %s}\n" % text(w), text(X), text(Y))


def matrix(cert, name):
    m = re.search(r"^matrix %s (\d+) (\d+) (\d+)\n((?:.*\n)*?)(?=[a-z])" % name, cert, re.M)
    return [[F(int(x), int(m.group(3))) for x in row.split()] for row in m.group(4).splitlines()]


def outputs(W, U, X, a):
    Z = [[sum(x * y for x, y in zip(row, col)) for col in zip(*X)] for row in W]
    S = [[z if z > 0 else a * z for z in row] for row in Z]
    return Z, [[sum(u * s[j] for u, s in zip(row, S)) for j in range(len(X[0]))] for row in U]


def loss(W, U, X, Y, w, a):
    return sum(d * (f - y) ** 2 for fs, ys in zip(outputs(W, U, X, a)[1], Y) for d, f, y in zip(w, fs, ys)) / 2


def problem():
    d, m, k = rng.randint(1, 3), rng.randint(1, 6), rng.randint(1, 3)
    a = rng.choice([F(0), F(0), F(0), F(1, 2), F(-1, 2), F(2)])
    X = [[F(rng.randint(-3, 3)) for _ in range(m)] for _ in range(d)]
    Y = [[F(rng.randint(-3, 3), rng.choice([1, 2])) for _ in range(m)] for _ in range(k)]
    w = [rng.choice([F(1), F(1), F(1, 2), F(3), F(0)]) for _ in range(m)] if rng.random() < 0.3 else [F(1)] * m
    if not any(w[j] and any(row[j] for row in X) for j in range(m)):
        return problem()
    return d, m, k, a, X, Y, w


def constructed(number):
    """A random claim, most often of a pattern that there is."""
    d, m, k, a, X, Y, w = problem()
    counts = [j for j in range(m) if w[j] and any(row[j] for row in X)]
    v = [rng.uniform(-1, 1) for _ in range(d)]
    active = [j + 1 for j in counts if (sum(float(row[j]) * x for row, x in zip(X, v)) > 0 if rng.random() < 0.95 else rng.random() < 0.5)]
    p = rng.randint(1, 3)
    units = list(range(1, p + 1)) if a else sorted(rng.sample(range(1, p + 1), rng.randint(1, p)))
    places = sorted(rng.sample(range(1, k + 1), rng.randint(0, min(k, len(units)))))
    what = "active: %s, units: %s, eigenvalues: %s" % (text(active), text(units), text(places))
    zero = "point: {W: [%s, %s]}\n" % (text([[0] * d] * p), text([[0] * p] * k))
    r, result = run(head(a, X, Y, w) + zero + "claims: [critical-point-exists: {%s}]\n" % what, "%d" % number)
    known = result["verdict"] in ("proved", "refuted")
    check(known or len(places) > 1, "it is not decided", head(a, X, Y, w), what, r.stdout, r.stderr)
    if result["verdict"] != "proved":
        return result["verdict"] == "refuted"
    low, high = F(result["low"]["exact"]), F(result["high"]["exact"])
    point = head(a, X, Y, w) + "point: {construct: {%s, width: %d}}\n" % (what, p)
    r, result = run(point + "claims: [{critical-point: {gradient: 1/100000000}}]\n", "%d-point" % number)
    if result is None and "several times" in r.stderr:
        return True
    check(result is not None and result["verdict"] == "proved", "it is not critical", point, r.stdout, r.stderr)
    if result is None or result["verdict"] != "proved":
        return True
    with open(os.path.join(kept.name, "%d-point.cert" % number)) as f:
        cert = f.read()
    W, U = matrix(cert, "W:1"), matrix(cert, "W:2")
    h, Z = loss(W, U, X, Y, w, a), outputs(W, U, X, a)[0]
    check(low - F(1, 10 ** 9) <= h <= high + F(1, 10 ** 9), "it has another loss", point, h, low, high)
    check(all((Z[i][j] > 0 if j + 1 in active and i + 1 in units else Z[i][j] < 0) for i in range(p) for j in counts), "it has another pattern", point)
    return True


def descend(a, X, Y, w, W, U):
    """Gradient descent with a step that adapts; None if it does not settle."""
    X, Y, w, a = [[list(map(float, row)) for row in M] for M in (X, Y)] + [list(map(float, w)), float(a)]
    h, step, small = loss(W, U, X, Y, w, a), 0.05, 0
    for _ in range(6000):
        Z, f = outputs(W, U, X, a)
        E = [[d * (x - y) for d, x, y in zip(w, fs, ys)] for fs, ys in zip(f, Y)]
        S = [[z if z > 0 else a * z for z in row] for row in Z]
        gU = [[sum(e * s for e, s in zip(es, ss)) for ss in S] for es in E]
        back = [[sum(U[o][i] * E[o][j] for o in range(len(U))) * (1 if Z[i][j] > 0 else a) for j in range(len(X[0]))] for i in range(len(W))]
        gW = [[sum(b * x for b, x in zip(bs, xs)) for xs in X] for bs in back]
        size = sum(g * g for G in (gU, gW) for row in G for g in row)
        if size < 1e-20:
            return W, U, Z, h
        V = [[x - step * g for x, g in zip(r, s)] for r, s in zip(W, gW)]
        T = [[x - step * g for x, g in zip(r, s)] for r, s in zip(U, gU)]
        next_h = loss(V, T, X, Y, w, a)
        if next_h < h - 0.3 * step * size or (next_h <= h and size < 1e-12):
            W, U, h, step = V, T, next_h, min(step * 1.3, 1)
        else:
            step /= 2
        if step < 1e-12:
            return None
    return None


def reached(number):
    """Where descent ends, if it is a point that the claim speaks of."""
    d, m, k, a, X, Y, w = problem()
    k, Y = 1, Y[:1]                                            # Sigma is one number
    if not any(Y[0]):
        return False
    p = rng.randint(1, 2)
    start = [rng.uniform(-1, 1) for _ in range(d)]
    W = [[x + rng.uniform(-0.01, 0.01) for x in start] for _ in range(p)]
    end = descend(a, X, Y, w, W, [[rng.uniform(-1, 1) for _ in range(p)] for _ in range(k)])
    counts = [j for j in range(m) if w[j] and any(row[j] for row in X)]
    if end is None or min(abs(end[2][i][j]) for i in range(p) for j in counts) < 1e-4 or max(abs(u) for u in end[1][0]) < 1e-3:
        return False
    patterns = [tuple(j + 1 for j in counts if end[2][i][j] > 0) for i in range(p)]
    if end[3] > float(sum(d * y * y for d, y in zip(w, Y[0]))) / 2 - 1e-7:
        return False                                           # outputs 0: nothing is captured
    if len(set(patterns)) > 1 or min(abs(u) for u in end[1][0]) < 1e-3 or (not a and not patterns[0]):
        return False
    what = "active: %s, units: %s, eigenvalues: [1]" % (text(list(patterns[0])), text(list(range(1, p + 1))))
    zero = "point: {W: [%s, %s]}\n" % (text([[0] * d] * p), text([[0] * p] * k))
    r, result = run(head(a, X, Y, w) + zero + "claims: [critical-point-exists: {%s}]\n" % what, "%d-reached" % number)
    check(result["verdict"] == "proved" and float(F(result["low"]["exact"])) - 1e-6 <= end[3] <= float(F(result["high"]["exact"])) + 1e-6,
          "descent finds it", head(a, X, Y, w), what, end, r.stdout)
    return True


for n in range(count):
    constructed(n)
found = sum(reached(n) for n in range(count))
check(found >= count // 16, "descent ended at too few points", found)
both_checkers(kept.name)
finish("%d random claims, %d points that descent reached" % (count, found))
