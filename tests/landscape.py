#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bounds of the least loss of random hidden units against losses that a search without certify finds.

usage: landscape.py CERTIFY COUNT [SEED]

In one or two dimensions h for the best u is evaluated, in rationals, along many directions w: none may be below low.  The best of them must not be far above
high.  The cells of the list, their critical points, kinds and losses are counted otherwise, sector by sector; in three dimensions, points that fixed-point
iterations end at must be in the list.  Both checkers verify all certificates."""
import json, math, os, subprocess, sys, tempfile
from fractions import Fraction as F

sys.dont_write_bytecode = True
from trials import both_checkers, certify, check, count, finish, rng, text

kept = tempfile.TemporaryDirectory()


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


def sectors(columns):
    """A w inside each cell of one or two dimensions."""
    if len(columns[0]) == 1:
        return [[F(1)], [F(-1)]]
    rays = []
    for a, b in columns:
        for r in ((-b, a), (b, -a)):
            if not any(r[0] * q[1] == r[1] * q[0] and (r[0] * q[0] > 0 or r[1] * q[1] > 0) for q in rays):
                rays.append(r)
    rays.sort(key=lambda r: math.atan2(r[1], r[0]))
    inside = []
    for p, q in zip(rays, rays[1:] + rays[:1]):
        if p[0] * q[1] - p[1] * q[0] > 0:
            s, t = 1 / max(map(abs, p)), 1 / max(map(abs, q))
            inside.append([s * x + t * y for x, y in zip(p, q)])
        else:                                                   # opposite rays
            inside.append([-p[1], p[0]])
    return inside


def matrices(w, columns, labels, D, a):
    """M and G of the cell of w."""
    n = len(w)
    slope = [1 if sum(x * y for x, y in zip(w, c)) > 0 else a for c in columns]
    M = [[sum(d * s * y[i] * c[j] for d, s, y, c in zip(D, slope, labels, columns)) for j in range(n)] for i in range(len(labels[0]))]
    G = [[sum(d * s * s * c[i] * c[j] for d, s, c in zip(D, slope, columns)) for j in range(n)] for i in range(n)]
    return M, G


def expected(columns, labels, D, a):
    """Cells, dead ones, and for each critical set whether it consists of minima, and its loss; None if doubles do not tell."""
    inside, dead, found = sectors(columns), 0, []
    norm2 = sum(d * y * y for d, l in zip(D, labels) for y in l)
    for w in inside:
        M, G = matrices(w, columns, labels, D, a)
        N = [[sum(m[i] * m[j] for m in M) for j in range(len(w))] for i in range(len(w))]
        holds = lambda c: all((sum(x * y for x, y in zip(c, v)) > 0) == (sum(x * y for x, y in zip(w, v)) > 0) for v in columns)
        close = lambda c: any(abs(sum(x * y for x, y in zip(c, v))) < 1e-7 * math.hypot(*c) * math.hypot(*map(float, v)) for v in columns)
        dead += not any(map(any, G))
        if not any(map(any, N)):
            continue
        if len(w) == 1:
            found.append((True, (norm2 - N[0][0] / G[0][0]) / 2))
            continue
        det = G[0][0] * G[1][1] - G[0][1] ** 2
        if det == 0:                                            # every w of the cell
            i = 0 if G[0][0] else 1
            found.append((True, (norm2 - N[i][i] / G[i][i]) / 2))
            continue
        T = [[(G[1][1] * N[0][j] - G[0][1] * N[1][j]) / det for j in (0, 1)], [(G[0][0] * N[1][j] - G[0][1] * N[0][j]) / det for j in (0, 1)]]
        half, product = (T[0][0] + T[1][1]) / 2, T[0][0] * T[1][1] - T[0][1] * T[1][0]
        root = half * half - product
        if root == 0:
            found.append((True, (norm2 - half) / 2))
            continue
        for side in (1, -1):
            sigma = float(half) + side * math.sqrt(root)
            if sigma < 1e-9 * float(half):
                if product:
                    return None
                continue
            rows = [(float(T[0][1]), sigma - float(T[0][0])), (sigma - float(T[1][1]), float(T[1][0]))]
            c = max(rows, key=lambda v: math.hypot(*v))
            if math.hypot(*c) < 1e-7 * sigma or close(c):
                return None
            if holds(c) or holds([-x for x in c]):
                found.append((side > 0, (float(norm2) - sigma) / 2))
    return len(inside), dead, sorted(found, key=lambda x: x[1])


def iterate(columns, labels, D, a):
    """The loss of a point in three dimensions that w := G^{-1} M^T M w ends at, inside a cell, if it does."""
    w = [rng.uniform(-1, 1) for _ in range(3)]
    for step in range(400):
        M, G = matrices(w, columns, labels, D, a)
        v = [sum(m[i] * sum(x * y for x, y in zip(m, w)) for m in M) for i in range(3)]
        c = solve(G, v)
        if c is None or not math.hypot(*c) > 1e-12:
            return None
        c = [x / math.hypot(*c) for x in c]
        if max(abs(x - y) for x, y in zip(c, w)) < 1e-13:
            break
        w = c
    else:
        return None
    z = [sum(x * float(y) for x, y in zip(w, v)) for v in columns]
    return None if min(map(abs, z)) < 1e-6 else (w, z)


def solve(G, v):
    A = [[float(x) for x in row] + [float(y)] for row, y in zip(G, v)]
    for i in range(3):
        p = max(range(i, 3), key=lambda j: abs(A[j][i]))
        if abs(A[p][i]) < 1e-9:
            return None
        A[i], A[p] = A[p], A[i]
        for j in range(3):
            if j != i:
                f = A[j][i] / A[i][i]
                A[j] = [x - f * y for x, y in zip(A[j], A[i])]
    return [A[i][3] / A[i][i] for i in range(3)]


def compare_list(result, X, Y, w, a, problem):
    count = [j for j in range(len(w)) if w[j] and any(row[j] for row in X)]
    columns, labels, D = [[row[j] for row in X] for j in count], [[row[j] for row in Y] for j in count], [w[j] for j in count]
    points = sorted(result["points"], key=lambda p: F(p["low"]))
    norm2 = sum(d * row[j] ** 2 for row in Y for j, d in enumerate(w))
    outside = norm2 - sum(d * y * y for d, l in zip(D, labels) for y in l)
    if len(X) == 3:
        for _ in range(20):
            found = iterate(columns, labels, D, a)
            if found:
                value = least(X, Y, w, a, found[0])
                check(any(p["minimum"] and float(F(p["low"])) - 1e-7 <= value <= float(F(p["high"])) + 1e-7 and
                          all((sum(F(x) * y for x, y in zip(p["w"], v)) > 0) == (z > 0) for v, z in zip(columns, found[1]))
                          for p in points), "a minimum that is not listed", found, problem)
        return
    known = expected(columns, labels, D, a)
    if known is None:
        return
    cells, dead, critical = known
    check([int(F(result[x]["exact"])) for x in ("cells", "dead", "critical", "minima")] == [cells, dead, len(critical), sum(m for m, _ in critical)],
          "other numbers", known, result, problem)
    for p, (minimum, value) in zip(points, critical):
        check(float(F(p["low"])) - 1e-7 <= value + float(outside) / 2 <= float(F(p["high"])) + 1e-7, "another loss", p, value, problem)
    check(sorted(p["minimum"] for p in points) == sorted(m for m, _ in critical), "other kinds", problem)


def trial(number):
    d, m, k = rng.choice([1, 2, 2, 3]), rng.randint(1, 6), rng.randint(1, 3)
    a = rng.choice([F(0), F(0), F(1, 2), F(-1, 2), F(2), F(-1), F(1, 100)])
    X = [[F(rng.randint(-3, 3), rng.choice([1, 1, 3])) for _ in range(m)] for _ in range(d)]
    Y = [[F(rng.randint(-3, 3), rng.choice([1, 2])) for _ in range(m)] for _ in range(k)]
    w = [rng.choice([F(1), F(1), F(1, 2), F(3), F(0)]) for _ in range(m)]
    if not any(w) or rng.random() < 0.5:
        w = [F(1)] * m
    empty = not any(w[j] and any(row[j] for row in X) for j in range(m))
    act = "leaky-relu %s" % a if a else "relu"
    weights = "" if all(x == 1 for x in w) else "loss: {kind: square, weights: %s}\n" % text(w)
    problem = "certify: 1\nnetwork: {kind: feedforward, activation: %s}\n%sdata: {X: %s, Y: %s}\npoint: {W: [%s, %s]}\nclaims: [{landscape: {gap: %s, list: %s}}]\n" % (
        act, weights, text(X), text(Y), text([[1] * d]), text([[1]] * k), "1/10" if d == 3 else rng.choice(["1/100", "1/1000", "1/100000", "best"]), "no" if empty else "yes")
    with open(os.path.join(kept.name, "p.yaml"), "w") as f:
        f.write(problem)
    r = subprocess.run([certify, "--json", "-o", "%d.cert" % number, "p.yaml"], cwd=kept.name, capture_output=True, text=True, timeout=120)
    result = json.loads(r.stdout.splitlines()[0])
    check(r.returncode == 0 and result["verdict"] == "proved", "it is not proved", problem, r.stdout)
    if r.returncode:
        return
    if not empty and sum(map(any, X)) == d:
        compare_list(result, X, Y, w, a, problem)
    if d == 3:
        return
    low, high = F(result["low"]["exact"]), F(result["high"]["exact"])
    best = min(least(X, Y, w, a, x) for x in directions(d, X))
    check(low <= best, "a smaller loss than low", best, low, problem)
    check(low <= high <= best * F(101, 100) + F(1, 1000), "high is far above a loss that was found", best, high, problem)


for n in range(count):
    trial(n)
both_checkers(kept.name)
finish("%d random units" % count)
