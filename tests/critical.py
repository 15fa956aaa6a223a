#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random critical points of two-layer and deep linear networks, constructed by Zhou & Liang 2018,
Theorem 1, with known patterns (repeated and zero eigenvalues, singular X, narrow and wide hidden
layers, rank-deficient A_2, L_1 that is not zero), must be classified as constructed; points moved off
them must be refused; every other critical point of two layers must be proved a strict saddle; and
certify construct must give the same classes.  Exact arithmetic, nothing taken from certify.

usage: tests/critical.py CERTIFY CERTIFY-CHECK POINTS [SEED]"""
import json, os, random, subprocess, sys, tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from fractions import Fraction as F

certify, checker, wanted = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)

# Matrices: lists of rows of fractions.

def mul(A, B):
    return [[sum((x * y for x, y in zip(row, col)), F(0)) for col in zip(*B)] for row in A] if B and B[0] else [[] for _ in A]

def t(A):
    return [list(c) for c in zip(*A)]

def add(A, B, s=1):
    return [[x + s * y for x, y in zip(p, q)] for p, q in zip(A, B)]

def eye(n):
    return [[F(int(i == j)) for j in range(n)] for i in range(n)]

def echelon(A):
    """Reduced row echelon form and its pivots."""
    A, pivots, r = [row[:] for row in A], [], 0
    for c in range(len(A[0]) if A else 0):
        k = next((i for i in range(r, len(A)) if A[i][c]), None)
        if k is None:
            continue
        A[r], A[k] = A[k], A[r]
        A[r] = [x / A[r][c] for x in A[r]]
        for i in range(len(A)):
            if i != r and A[i][c]:
                A[i] = [x - A[i][c] * y for x, y in zip(A[i], A[r])]
        pivots.append(c)
        r += 1
    return A, pivots

def inverse(A):
    R, pivots = echelon([row + e for row, e in zip(A, eye(len(A)))])
    return [row[len(A):] for row in R] if pivots == list(range(len(A))) else None

def kernel(A, n):
    """Columns that span the kernel of A (rows of length n)."""
    R, pivots = echelon(A) if A else ([], [])
    free = [j for j in range(n) if j not in pivots]
    return [[F(-R[pivots.index(i)][f]) if i in pivots else F(int(i == f)) for f in free] for i in range(n)]

def small(r, c, top=2):
    return [[F(rng.randint(-top, top)) for _ in range(c)] for _ in range(r)]

def invertible(n):
    while True:
        A = small(n, n)
        if inverse(A):
            return A

def orthogonal(n):
    """Cayley: (I - S)(I + S)^{-1}, S skew."""
    S = [[F(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i):
            S[i][j] = F(rng.randint(-1, 1), rng.choice([1, 2]))
            S[j][i] = -S[i][j]
    return mul(add(eye(n), S, -1), inverse(add(eye(n), S)))

def text(A):
    return "[" + ", ".join("[" + ", ".join(str(x) for x in row) + "]" for row in A) + "]"

def data():
    """X (d_0 x m), Y = Q diag(s) R X'^.. such that Sigma = Q diag(s^2) Q^T, with X of any rank: X has
    orthonormal right factors V (p rows), Y = Q [diag(s) 0] V plus a part that X cannot explain."""
    d2 = rng.randint(1, 4)
    p = rng.randint(1, 4)
    m = p + rng.randint(0, 1)
    d0 = p + rng.randint(0, 1)
    V = orthogonal(m)[:p]                               # p x m, orthonormal rows
    while True:
        B = small(d0, p)
        if len(echelon(t(B))[1]) == p:
            break
    X = mul(B, V)
    n = min(d2, p)
    s = sorted((F(rng.choice([0, 1, 1, 2, 2, 3])) for _ in range(n)), reverse=True)
    Q = orthogonal(d2)
    S = [[s[i] if i == j and i < n else F(0) for j in range(p)] for i in range(d2)]
    Y = mul(mul(Q, S), V)
    if m > p:                                           # unexplained: rows orthogonal to V
        extra = t(kernel(V, m))
        Y = add(Y, mul(small(d2, len(extra), 1), extra))
    spectrum = {}
    for i in range(d2):
        x = s[i] ** 2 if i < n else F(0)
        spectrum.setdefault(x, []).append([row[i] for row in Q])
    return X, Y, sorted(spectrum.items(), reverse=True)

def pseudo(X):
    """X^+ = R^T (R R^T)^{-1} (T^T T)^{-1} T^T for X = T R."""
    R, pivots = echelon(X)
    R = R[:len(pivots)]
    T = [[row[j] for j in pivots] for row in X]
    return mul(mul(t(R), inverse(mul(R, t(R)))), mul(inverse(mul(t(T), T)), t(T)))

def two_layers(X, Y, spectrum):
    d0, d2, d1 = len(X), len(Y), rng.randint(1, 5)
    counts, room = [], d1
    for _, vectors in spectrum:
        counts.append(rng.randint(0, min(len(vectors), room)) if rng.random() < .8 else min(len(vectors), room))
        room -= counts[-1]
    U = []
    for (_, vectors), c in zip(spectrum, counts):
        U += rng.sample(vectors, c)
    p = len(U)
    C = invertible(d1)
    Ci = inverse(C)
    A2 = mul(t(U), C[:p]) if p else [[F(0)] * d1 for _ in range(d2)]
    core = mul(mul(U, Y), pseudo(X)) if p else []
    # C A_1: the captured rows, and L for the kernel of V with P_(col)^perp Y X^T L^T = 0
    free = kernel(mul([row for row in orthogonal_complement(U, d2)], mul(Y, t(X))), d0)
    L = [[F(0)] * d0 for _ in range(d1 - p)]
    if free and free[0] and rng.random() < .7:
        L = mul(small(d1 - p, len(free[0])), t(free))
    A1 = mul(Ci, core + L)
    if rng.random() < .5:                               # what X does not see
        blind = kernel(t(X), d0)
        if blind and blind[0]:
            A1 = add(A1, mul(small(d1, len(blind[0])), t(blind)))
    return [A1, A2], counts

def orthogonal_complement(U, n):
    K = t(kernel(U, n)) if U else eye(n)
    return K

def gradient_is_zero(X, Y, W):
    ins, H = [], X
    for A in W:
        ins.append(H)
        H = mul(A, H)
    back = add(H, Y, -1)
    for A, H in zip(reversed(W), reversed(ins)):
        if any(x for row in mul(back, t(H)) for x in row):
            return False
        back = mul(t(A), back)
    return True

def name(patterns, widths, d0):
    """The class from [[(positive, m, p), ..], ..], by the definitions of the paper."""
    def least(rows, width):
        for positive, m, p in rows:
            if positive and p != min(m, width):
                return False
            width -= min(m, width)
        return True
    def unordered(rows):
        return any(p < m and any(q > 0 for _, _, q in rows[i + 1:]) for i, (_, m, p) in enumerate(rows))
    l = len(widths)
    if least(patterns[0], min(widths + [d0])):
        return "global minimiser"
    if any(unordered(rows) for rows in patterns):
        return "deep-non-optimal order" if l > 2 else "non-optimal order"
    last = min(widths[-1], widths[-2])
    if sum(p for _, _, p in patterns[-1]) < last and not least(patterns[-1], last):
        return "deep-optimal order" if l > 2 else "optimal order"
    return "open"

def run(problem, claims, where):
    with open(os.path.join(where, "p.yaml"), "w") as f:
        f.write("certify: 1\n%sclaims: [%s]\n" % (problem, ", ".join(claims)))
    for name in os.listdir(where):
        if name.endswith(".cert"):
            os.unlink(os.path.join(where, name))
    r = subprocess.run([certify, "--json", "p.yaml"], cwd=where, capture_output=True, text=True)
    assert r.returncode in (0, 1, 2), (r, problem)
    out = [json.loads(line) for line in r.stdout.splitlines()]
    certs = [o["certificate"] for o in out if o["certificate"]]
    c = subprocess.run([checker, "-q"] + certs, cwd=where, capture_output=True, text=True)
    assert c.returncode == 0, (c, problem)
    return out

def write(X, Y, W):
    return "network: {kind: linear}\ndata: {X: %s, Y: %s}\npoint: {W: [%s]}\n" % (text(X), text(Y), ", ".join(map(text, W)))

failures = []
seen = {}
def expect(condition, *what):
    if not condition:
        failures.append(what)

with tempfile.TemporaryDirectory() as where:
    for k in range(wanted):
        X, Y, spectrum = data()
        W, counts = two_layers(X, Y, spectrum)
        assert gradient_is_zero(X, Y, W)
        problem = write(X, Y, W)
        rows = [(x > 0, len(v), c) for (x, v), c in zip(spectrum, counts)]
        kind = name([rows], [len(A) for A in W], len(X))
        seen[kind] = seen.get(kind, 0) + 1
        out = run(problem, ["critical-point", "global-minimizer", "strict-saddle", "not-local-minimum"], where)
        expect(out[0]["verdict"] == "proved", "not critical", problem)
        expect(out[0].get("class") == kind, "class", out[0].get("class"), kind, problem)
        got = [(F(e["low"]), F(e["high"]), e["multiplicity"], e["captured"]) for e in out[0]["patterns"][0]["eigenvalues"]]
        expect(got == [(x, x, len(v), c) for (x, v), c in zip(spectrum, counts)], "pattern", got, problem)
        minimum = kind == "global minimiser"
        expect(out[1]["verdict"] == ("proved" if minimum else "refuted"), "global-minimizer", out[1], problem)
        expect(out[2]["verdict"] == ("refuted" if minimum else "proved"), "strict-saddle", out[2], problem)
        expect(out[3]["verdict"] == ("refuted" if minimum else "proved"), "not-local-minimum", out[3], problem)
        # the same two layers above an invertible one
        first = invertible(len(X))
        out = run(write(X, Y, [first, mul(W[0], inverse(first)), W[1]]), ["critical-point"], where)
        every = [[(F(e["high"]) > 0, e["multiplicity"], e["captured"]) for e in q["eigenvalues"]] for q in out[0].get("patterns", [])]
        expect(every[-1:] == [rows], "three layers: pattern", out, problem)
        deep = every and name(every, [len(X), len(W[0]), len(Y)], len(X))
        expect(out[0].get("class") == deep, "three layers: class", out, deep, problem)
        seen["three layers, %s" % deep] = seen.get("three layers, %s" % deep, 0) + 1
        # moved off: refused unless still critical
        i, V = rng.randrange(2), [[row[:] for row in A] for A in W]
        V[i][rng.randrange(len(V[i]))][rng.randrange(len(V[i][0]))] += F(1, rng.randint(1, 10 ** 6))
        out = run(write(X, Y, V), ["critical-point"], where)
        expect(out[0]["verdict"] == ("proved" if gradient_is_zero(X, Y, V) else "refuted"), "moved", out, problem)
        # the same spaces by construct, with more layers
        widths = [rng.randint(sum(counts) or 1, 4) for _ in range(rng.randint(1, 3))] if sum(counts) < 5 else [sum(counts)]
        chain = ", ".join(text(invertible(d)) for d in widths)
        source = "network: {kind: linear}\ndata: {X: %s, Y: %s}\npoint: {construct: {widths: %s, pattern: %s, C: [%s]}}\n" \
            % (text(X), text(Y), widths, counts, chain)
        out = run(source, ["critical-point"], where)
        expect(out[0]["verdict"] == "proved", "construct", out, source)
        first = out[0]["patterns"][0]["eigenvalues"]
        expect([(e["multiplicity"], e["captured"]) for e in first] == [(len(v), c) for (_, v), c in zip(spectrum, counts)],
               "construct: pattern", out, source)
        every = [[(F(e["high"]) > 0, e["multiplicity"], e["captured"]) for e in q["eigenvalues"]] for q in out[0]["patterns"]]
        kind = name(every, widths + [len(Y)], len(X))
        expect(out[0]["class"] == kind, "construct: class", out[0]["class"], kind, source)
        seen["construct, " + kind] = seen.get("construct, " + kind, 0) + 1

    # irrational eigenvectors: construct rounds, and the gap to the minimum is nearly nothing
    for n, width in ((5, 2), (12, 3), (30, 4)):
        out = run("network: {kind: linear}\ndata: {X: {identity: %d}, Y: %s}\npoint: {construct: {widths: [%d]}}\n"
                  % (n, text(small(n, n, 1000)), width),
                  ["critical-point: {gradient: best}", "global-minimizer: {gap: best}"], where)
        loss = F(out[1]["loss"]["exact"])
        expect(F(out[1]["gap"]["exact"]) < loss / 10 ** 20 and F(out[0]["gradient"]["exact"]) < loss / 10 ** 9, "gap", n, out)

    # generic data of order 30, entries of 20 bits: long fractions in Sigma
    X, Y = small(30, 40, 2 ** 20), small(30, 40, 2 ** 20)
    out = run("network: {kind: linear}\ndata: {X: %s, Y: %s}\npoint: {W: [{zeros: [2, 30]}, {zeros: [30, 2]}]}\n" % (text(X), text(Y)),
              ["critical-point"], where)
    expect(out[0].get("class") == "optimal order" and len(out[0]["patterns"][0]["eigenvalues"]) == 30 and out[0]["seconds"] < 30,
           "order 30", out)

for f in failures[:5]:
    print("#", " ".join(map(str, f))[:3000].replace("\n", "\n# "))
for kind, n in sorted(seen.items()):
    print("# %6d %s" % (n, kind))
print("%sok 1 - %d random critical points are classified as constructed, %d failures"
      % ("not " if failures else "", wanted, len(failures)))
kinds = ["global minimiser", "non-optimal order", "optimal order", "three layers, global minimiser", "construct, open",
         "three layers, deep-non-optimal order", "three layers, deep-optimal order"]
print("%sok 2 - every class occurs" % ("" if all(seen.get(x) for x in kinds) else "not "))
print("1..2")
sys.exit(1 if failures else 0)
