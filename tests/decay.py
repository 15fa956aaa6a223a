#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random points with weight decay whose answers are known without certify.

usage: decay.py CERTIFY COUNT [SEED]

* Critical points U = V with Y = V V^T + mu P_V + c n n^T, n orthogonal to V, X = I: the least eigenvalue of the Hessian across the
  rotations is min(.., sigma_min(V)^2 + mu - |c| |n|^2), which decides local-minimum, strict-saddle and hessian-psd.  With V > 0 the same
  holds for relu and leaky relu, whose units are then active.
* The same without decay: Y = U V^T + c n m^T.
* The least loss of any width: two linear layers by soft thresholds, others against networks that descent finds.
* omega of two linear layers, X = I, is the sum of the singular values; omega of a network to which units that cancel each other were
  added is at most that of the network before.
* With more units than samples times outputs there is a non-increasing path."""
import json, math, os, subprocess, sys, tempfile
from fractions import Fraction as F

sys.dont_write_bytecode = True
from trials import certify, check, count, finish, rng, text



def verdicts(*problem):
    """certify's verdicts."""
    return [x["verdict"] for x in results(*problem)]


def results(network, decay, X, Y, W, claims):
    """certify's answers."""
    with tempfile.TemporaryDirectory() as tmp:
        with open(os.path.join(tmp, "p.yaml"), "w") as f:
            f.write("certify: 1\nnetwork: %s\n%sdata: {X: %s, Y: %s}\npoint: {W: %s}\nclaims: [%s]\n" % (
                network, "regularization: {weight-decay: %s}\n" % decay if decay else "", text(X), text(Y), text(W), ", ".join(claims)))
        r = subprocess.run([certify, "--json", "--no-certificate", "p.yaml"], cwd=tmp, capture_output=True, text=True, timeout=120)
        assert r.returncode in (0, 1, 2), (r, open(os.path.join(tmp, "p.yaml")).read())
        return [json.loads(line) for line in r.stdout.splitlines()]


def identity(n):
    return [[int(i == j) for j in range(n)] for i in range(n)]


def critical():
    """V = [v] or [v, w] in R^3, n orthogonal to it."""
    mu, units = F(rng.randint(1, 4), rng.randint(1, 2)), rng.randint(1, 2)
    positive = rng.random() < 0.5
    low = 1 if positive else -3
    while True:
        v, w = ([rng.randint(low, 4) for _ in range(3)] for _ in range(2))
        n = [v[1] * w[2] - v[2] * w[1], v[2] * w[0] - v[0] * w[2], v[0] * w[1] - v[1] * w[0]]
        if any(n):
            break
    a, b, c = (sum(x * y for x, y in zip(p, q)) for p, q in ((v, v), (v, w), (w, w)))
    det = a * c - b * b
    if units == 1:
        P = [[F(x * y, a) for y in v] for x in v]
        V, least = [[x] for x in v], float(a)
    else:
        P = [[F(c * v[i] * v[j] - b * (v[i] * w[j] + w[i] * v[j]) + a * w[i] * w[j], det) for j in range(3)] for i in range(3)]
        V, least = [list(x) for x in zip(v, w)], (a + c - math.sqrt((a - c) ** 2 + 4 * b * b)) / 2
    size = sum(x * x for x in n)
    factor = F(rng.choice([-1, 1]) * rng.randint(1, 8), 4) * F(mu + round(least)) / size
    Y = [[sum(V[i][k] * V[j][k] for k in range(units)) + mu * P[i][j] + factor * n[i] * n[j] for j in range(3)] for i in range(3)]
    margin = least + float(mu) - abs(float(factor)) * size
    if abs(margin) < 1e-6:
        return
    kind = "{kind: linear}"
    if positive:
        kind = rng.choice([kind, "{kind: feedforward, activation: relu}", "{kind: feedforward, activation: leaky-relu -1/2}"])
    W1 = [list(x) for x in zip(*V)]
    got = verdicts(kind, mu, identity(3), Y, [W1, V], ["critical-point", "local-minimum", "not-local-minimum", "strict-saddle", "hessian-psd"])
    yes, no = ("proved", "refuted") if margin > 0 else ("refuted", "proved")
    check(got == ["proved", yes, no, no, yes], got, margin, kind, mu, V, Y)


def cross(v, w):
    return [v[1] * w[2] - v[2] * w[1], v[2] * w[0] - v[0] * w[2], v[0] * w[1] - v[1] * w[0]]


def dot(v, w):
    return sum(x * y for x, y in zip(v, w))


def bottleneck():
    """No decay: Y = U V^T + c n m^T, n orthogonal to U, m to V: a local minimum iff |c| |n| |m| is below the least singular value of U V^T."""
    units, positive = rng.randint(1, 2), rng.random() < 0.5
    while True:
        v, w = ([rng.randint(1 if positive else -3, 4) for _ in range(3)] for _ in range(2))
        a, b = ([rng.randint(-3, 3) for _ in range(3)] for _ in range(2))
        n, m = cross(a, b), cross(v, w)
        if any(n) and any(m):
            break
    if units == 1:
        least = math.sqrt(dot(a, a) * dot(v, v))
    else:
        det = (dot(a, a) * dot(b, b) - dot(a, b) ** 2) * (dot(v, v) * dot(w, w) - dot(v, w) ** 2)
        trace = dot(a, a) * dot(v, v) + 2 * dot(a, b) * dot(v, w) + dot(b, b) * dot(w, w)
        least = math.sqrt(max((trace - math.sqrt(trace ** 2 - 4 * det)) / 2, 0))
    size = math.sqrt(dot(n, n) * dot(m, m))
    factor = F(rng.choice([-1, 1]) * rng.randint(1, 8), 4) * F(least / size).limit_denominator(1000)
    margin = least - abs(float(factor)) * size
    if not factor or abs(margin) < 1e-3:
        return
    U, W1 = ([[x] for x in a], [v]) if units == 1 else ([list(x) for x in zip(a, b)], [v, w])
    Y = [[sum(U[i][k] * W1[k][j] for k in range(units)) + factor * n[i] * m[j] for j in range(3)] for i in range(3)]
    kind = rng.choice(["relu", "leaky-relu 1/4"] if positive else ["identity"])
    got = verdicts("{kind: feedforward, activation: %s}" % kind, 0, identity(3), Y, [W1, U],
                   ["critical-point", "local-minimum", "not-local-minimum", "strict-saddle", "hessian-psd"])
    yes, no = ("proved", "refuted") if margin > 0 else ("refuted", "proved")
    check(got == ["proved", yes, no, no, yes], got, margin, kind, W1, U, Y)


def entry():
    return F(rng.randint(-6, 6), rng.randint(1, 3))


def omega_linear():
    A, B = ([[entry() for _ in range(2)] for _ in range(2)] for _ in range(2))
    Z = [[sum(A[i][k] * B[k][j] for k in range(2)) for j in range(2)] for i in range(2)]
    squares, det = sum(x * x for row in Z for x in row), abs(Z[0][0] * Z[1][1] - Z[0][1] * Z[1][0])
    nu = F(math.sqrt(squares + 2 * det)).limit_denominator(10 ** 9)
    if not nu:
        return
    near = F(1, 10000)
    claims = ['inequality: "omega %s %s"' % (r, nu * f) for r, f in ((">=", 1 - near), (">", 1 + near), ("<", 1 - near))]
    got = verdicts("{kind: linear}", 0, identity(2), identity(2), [B, A], claims)
    check(got[0] == "proved" and got[1] != "proved" and got[2] == "refuted", got, nu, A, B)


def weights(rows, cols):
    return [[entry() for _ in range(cols)] for _ in range(rows)]


def soft_thresholds():
    """X = I, linear: the least loss of any width is 1/2 |Y|^2 - 1/2 sum_i max(0, sigma_i - mu)^2."""
    mu, Y = F(rng.randint(1, 12), 4), weights(2, 2)
    p = rng.randint(1, 3)
    squares, det = float(sum(x * x for row in Y for x in row)), float(abs(Y[0][0] * Y[1][1] - Y[0][1] * Y[1][0]))
    sigma = [(math.sqrt(squares + 2 * det) + s * math.sqrt(max(squares - 2 * det, 0))) / 2 for s in (1, -1)]
    least = (squares - sum(max(0, s - float(mu)) ** 2 for s in sigma)) / 2
    got, = results("{kind: linear}", mu, identity(2), Y, [weights(p, 2), weights(2, p)], ["regularized-global-minimum: {gap: best}"])
    low = float(F(got["lower"]["exact"]))
    check(got["verdict"] == "proved" and least * (1 - 1e-5) - 1e-9 <= low <= least + 1e-9, got["verdict"], low, least, mu, Y)


def descend(f, v, steps):
    """The least value of f that coordinate steps find."""
    best, size = f(v), 0.5
    for _ in range(steps):
        moved = False
        for i in range(len(v)):
            for d in (size, -size):
                w = v[:i] + [v[i] + d] + v[i + 1:]
                x = f(w)
                if x < best:
                    best, v, moved = x, w, True
        size *= 1.0 if moved else 0.5
    return best


def no_network_below():
    """The lower bound against networks that descent finds, with four units; at least it is near one of them."""
    d, k, m, p, mu, slope = 2, 1, 3, 4, F(rng.randint(1, 8), 4), rng.choice([0, F(1, 4), F(-1, 2)])
    X, Y = weights(d, m), weights(k, m)
    got, = results("{kind: feedforward, activation: leaky-relu %s}" % slope, mu, X, Y, [weights(1, d), weights(k, 1)], ["regularized-global-minimum: {gap: best}"])
    low, A, y, a, c = float(F(got["lower"]["exact"])), [[float(x) for x in row] for row in X], [float(x) for x in Y[0]], float(slope), float(mu)

    def h(v):
        total = c / 2 * sum(x * x for x in v)
        for j in range(m):
            out = 0.0
            for i in range(p):
                z = v[3 * i] * A[0][j] + v[3 * i + 1] * A[1][j]
                out += v[3 * i + 2] * (z if z > 0 else a * z)
            total += (out - y[j]) ** 2 / 2
        return total

    found = min(descend(h, [rng.uniform(-2, 2) for _ in range(3 * p)], 60) for _ in range(3))
    check(got["verdict"] == "proved" and low <= found * (1 + 1e-9) + 1e-9 and (low > 0.9 * found or low > found - 0.05), got["verdict"], low, found, mu, slope, X, Y)


def omega_relu():
    """The units, and a pair that cancels."""
    d, k, m, p = 2, rng.randint(1, 2), 3, rng.randint(1, 3)
    X = [[entry() for _ in range(m)] for _ in range(d)]
    W1 = [[entry() for _ in range(d)] for _ in range(p)]
    W2 = [[entry() for _ in range(p)] for _ in range(k)]
    cost = sum(math.hypot(*map(float, w)) * math.hypot(*[float(row[i]) for row in W2]) for i, w in enumerate(W1))
    if cost < 0.1:
        return
    extra = [entry() for _ in range(d)]
    claim = ['inequality: "omega > %s"' % F(cost * 1.001).limit_denominator(10 ** 6)]
    u = [F(rng.randint(1, 4)) for _ in range(k)]
    wide1 = W1 + [extra, extra]
    wide2 = [row + [x, -x] for row, x in zip(W2, u)]
    got = verdicts("{kind: feedforward, activation: %s}" % rng.choice(["relu", "leaky-relu 1/3", "leaky-relu -2"]), 0, X, [[0] * m] * k, [wide1, wide2], claim)
    check(got[0] != "proved", got, cost, X, wide1, wide2)


def path():
    d, k, m = rng.randint(1, 3), rng.randint(1, 2), rng.randint(1, 3)
    p = k * m + rng.randint(1, 2)
    X, Y = ([[entry() for _ in range(m)] for _ in range(r)] for r in (d, k))
    W1 = [[entry() for _ in range(d)] for _ in range(p)]
    W2 = [[entry() for _ in range(p)] for _ in range(k)]
    got = verdicts("{kind: feedforward, activation: %s}" % rng.choice(["relu", "leaky-relu 1/3", "identity"]), rng.choice([0, F(1, 3), 5]), X, Y, [W1, W2],
                   ["non-increasing-path"])
    check(got == ["proved"], got, X, W1, W2)


for i in range(count):
    (critical, omega_linear, bottleneck, omega_relu, path, soft_thresholds, no_network_below)[i % 7]()
finish("%d random points" % count)
