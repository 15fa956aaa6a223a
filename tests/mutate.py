#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Mutation test of the checker.  Edits reference certificates at random and
with structure in mind, and for every mutant that certify-check VERIFIES shows,
without the C code, that its sentence is true: the inequality is evaluated in
exact arithmetic at many points of its neighbourhood (rank-one corners,
reflections, multiples of the layers, points that scale the layers down), its
lambda is compared with the exact quotient along the direction that no valid
lambda is below, and a refutation or an exact decision is decided again by the second checker.
Transcendental activations are evaluated in double precision.

usage: tests/mutate.py CERTIFY-CHECK CERTIFICATES-FOLDER MUTANTS [SEED]"""
import hashlib, math, os, random, re, subprocess, sys, tempfile
from collections import Counter

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import smooth
from numeric import F, best_constant, cc, floats

program, folder, wanted = os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3])
rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)

# Mutations: text -> text, or None if there is nothing to change.

def redigest(text):
    m = re.match(r"(certify-certificate [12]\nproblem sha256 )[0-9a-f]{64}\n(.*?\n)(claim .*)\Z", text, re.S)
    return text if not m else "%s%s\n%s%s" % (m[1], hashlib.sha256(m[2].encode()).hexdigest(), m[2], m[3])

def near(q):
    """A number near q, often a little better for a cheat."""
    k = rng.randrange(8)
    if k < 3:
        return q * F(rng.choice([999999, 1000001, 99, 101, 9, 11, 1, 2]), rng.choice([1000000, 100, 10, 1]))
    if k == 3:
        return -q
    if k == 4:
        return q + rng.randint(-2, 2)
    if k == 5:
        return F(0)
    if k == 6:
        return F(rng.randint(-3, 9), rng.randint(1, 9))
    return q * (1 + F(1, 10 ** rng.randint(1, 12)) * rng.choice([-1, 1]))

NUMBER = re.compile(r"(?<![\w:./-])-?\d+(?:/\d+)?(?![\w:./])")

def edit_number(text, lines):
    """One number of one of these lines."""
    rows = text.split("\n")
    lines = [i for i in lines if NUMBER.search(rows[i])]
    if not lines:
        return None
    i = rng.choice(lines)
    m = rng.choice(list(NUMBER.finditer(rows[i])))
    old = F(m[0])
    new = near(old)
    if "/" not in m[0] and rng.random() < .8:
        new = F(round(new)) if round(new) != old else old + rng.choice([-1, 1])
    rows[i] = rows[i][:m.start()] + str(new) + rows[i][m.end():]
    return "\n".join(rows)

def line_of(text, start):
    return next(i for i, row in enumerate(text.split("\n")) if row.startswith(start))

def blocks(text):
    """Head, the evidence blocks, tail."""
    rows = text.split("\n")
    a, b = line_of(text, "evidence ") + 1, line_of(text, "conclusion ")
    out = []
    for row in rows[a:b]:
        if re.match(r"(bound|word|numbers|codes|matrix|ball) ", row):
            out.append([])
        out[-1].append(row)
    return rows[:a], out, rows[b:]

def join(head, parts, tail, sort=True, recount=True):
    if sort:
        parts = sorted(parts, key=lambda p: p[0].split(" ")[1])
    if recount:
        head = head[:-1] + ["evidence %d" % len(parts)]
    return "\n".join(head + [row for p in parts for row in p] + tail)

def m_claim(t):
    return edit_number(t, [line_of(t, "claim ")])

def m_claim_and_conclusion(t):
    m = re.search(r" lambda (\S+)\n", t)
    if not m:
        return None
    return t.replace(" lambda " + m[1], " lambda " + str(near(F(m[1]))))

def m_conclusion(t):
    return edit_number(t, [line_of(t, "conclusion ")])

def m_evidence(t):
    return edit_number(t, range(line_of(t, "evidence ") + 1, line_of(t, "conclusion ")))

def m_problem(t):
    return redigest(edit_number(t, range(2, line_of(t, "claim "))) or t)

def m_problem_old_digest(t):
    return edit_number(t, range(2, line_of(t, "claim ")))

def m_radius(t):
    m = re.search(r"radius (\d+)((?: \S+)*) (lambda|delta)", t)
    if not m:
        return None
    r = m[2].split()
    i = rng.randrange(len(r))
    r[i] = str(abs(near(F(r[i]))))
    return t[:m.start()] + "radius %s %s %s" % (m[1], " ".join(r), m[3]) + t[m.end():]

def m_constants(t):
    """A constant of a regularity claim a little better."""
    m = re.search(" %s (\\S+)" % rng.choice(["delta", "alpha", "beta", "radius_factor"]), t)
    return m and t[:m.start(1)] + str(F(m[1]) * (1 + F(rng.choice([-1, 1]), 10 ** rng.randint(1, 9)))) + t[m.end(1):]

def m_norm(t):
    return re.sub(r"norm \S+", "norm " + rng.choice(["spectral", "frobenius", "feature"]), t, count=1)

def m_verdict(t):
    return t.replace("conclusion proved", "conclusion refuted") if "conclusion proved" in t \
        else t.replace("conclusion refuted", "conclusion proved")

def m_word(t):
    return re.sub(r"word bound \S+", "word bound " + rng.choice(["block", "joint", "data", "point"]), t, count=1)

def m_drop(t):
    h, p, e = blocks(t)
    if p:
        p.pop(rng.randrange(len(p)))
    return join(h, p, e)

def m_double(t):
    h, p, e = blocks(t)
    return join(h, p + [rng.choice(p)], e) if p else None

def m_reorder(t):
    h, p, e = blocks(t)
    rng.shuffle(p)
    return join(h, p, e, sort=False)

def m_swap(t):
    h, p, e = blocks(t)
    if len(p) < 2:
        return None
    i, j = rng.sample(range(len(p)), 2)
    a, b = p[i][0].split(" "), p[j][0].split(" ")
    a[1], b[1] = b[1], a[1]
    p[i][0], p[j][0] = " ".join(a), " ".join(b)
    return join(h, p, e)

def m_transplant(t):
    """A block of another certificate."""
    h, p, e = blocks(t)
    _, q, _ = blocks(rng.choice(originals)[1])
    if not p or not q:
        return None
    b = rng.choice(q)
    p = [x for x in p if x[0].split(" ")[1] != b[0].split(" ")[1]] + [b]
    return join(h, p, e)

def m_bound(t):
    """A bound a little better, its factor as it was."""
    m = rng.choice(list(re.finditer(r"^bound (\S+) (\S+)", t, re.M)) or [None])
    if m is None:
        return None
    return t[:m.start(2)] + str(F(m[2]) * (1 + F(rng.choice([-1, 1]), 10 ** rng.randint(1, 15)))) + t[m.end(2):]

def m_codes(t):
    """A code left out, doubled, moved, or replaced by another one."""
    m = rng.choice(list(re.finditer(r"^codes (\S+) \d+ (.*)$", t, re.M)) or [None])
    if m is None:
        return None
    x = m[2].split()
    i, j = rng.randrange(len(x)), rng.randrange(len(x))
    k = rng.randrange(4)
    if k == 0:
        x.pop(i)
    elif k == 1:
        x.insert(i, x[j])
    elif k == 2:
        x[i], x[j] = x[j], x[i]
    else:
        x[i] = rng.choice(["0", "1", "2", x[j], str(int(x[i]) + 1)])
    return t[:m.start()] + "codes %s %d %s" % (m[1], len(x), " ".join(x)) + t[m.end():]

def m_activation(t):
    if "\nactivation " not in t:
        return None
    new = rng.choice(["identity", "relu", "leaky-relu 1/3", "leaky-relu -2", "tanh"])
    return redigest(re.sub(r"\nactivation .*", "\nactivation " + new, t, count=1))

def m_loss(t):
    new = rng.choice(["square 1/4", "square 1", "cross-entropy 1", "square 0", "square -1/2"])
    return redigest(re.sub(r"\nloss .*", "\nloss " + new, t, count=1))

def m_weights(t):
    m = re.search(r"\nmatrix X \d+ (\d+)", t)
    w = [rng.choice(["0", "1", "1/2", "2", "-1"]) for _ in range(int(m[1]))]
    return redigest(re.sub(r"\nweights .*", "\nweights " + " ".join(w), t, count=1))

def m_scale_point(t):
    """A layer over another denominator."""
    ms = list(re.finditer(r"^matrix [WXYb]\S* \d+ \d+ (\d+)$", t, re.M))
    m = rng.choice(ms)
    return redigest(t[:m.start(1)] + str(max(1, int(m[1]) + rng.choice([-1, 1, 2]))) + t[m.end(1):])

def m_rounding(t):
    return re.sub(r"\nrounding \d+", "\nrounding %d" % rng.choice([1, 8, 30, 64, 200, 5000]), t)

def m_line(t):
    rows = t.split("\n")
    i = rng.randrange(len(rows))
    k = rng.randrange(3)
    if k == 0:
        rows.pop(i)
    elif k == 1:
        rows.insert(i, rows[i])
    else:
        j = rng.randrange(len(rows))
        rows[i], rows[j] = rows[j], rows[i]
    return "\n".join(rows)

def m_character(t):
    i = rng.randrange(len(t))
    return t[:i] + rng.choice("0123456789-/ \nabc.") + t[i + rng.randrange(2):]

MUTATIONS = [m_constants, m_claim, m_claim_and_conclusion, m_conclusion, m_evidence, m_problem, m_problem_old_digest, m_radius,
             m_norm, m_verdict, m_word, m_drop, m_double, m_reorder, m_swap, m_transplant, m_bound, m_codes, m_activation,
             m_loss, m_weights, m_scale_point, m_rounding, m_line, m_character]

# Is the sentence true?  Independent of the kernel.

def unit_vector(n):
    t = [F(rng.randint(-9, 9), rng.randint(1, 6)) for _ in range(n - 1)]
    s = sum((x * x for x in t), F(0))
    return [2 * x / (1 + s) for x in t] + [(1 - s) / (1 + s)]

def mat(rows):
    return cc.from_rationals(rows)

def displacement(W, frobenius):
    """||V|| <= 1, in the Frobenius norm if asked."""
    k = rng.randrange(4)
    if k == 0 and W.r == W.c and not frobenius:
        if rng.random() < .5:
            return cc.scalar(W.r, F(-1))
        u = mat([[x] for x in unit_vector(W.r)])
        return cc.scalar(W.r).plus(F(-2), u * u.t())
    if k == 1 and not W.is_zero():
        return cc.zero(W.r, W.c).plus(-1 / cc.sqrt_upper(W.norm2()), W)
    u, v = unit_vector(W.r), unit_vector(W.c)
    s = rng.choice([F(1), F(1, 2), F(1, 10)])
    return mat([[s * x * y for y in v] for x in u])

ACTIVATION = {"tanh": math.tanh, "identity": lambda z: z, "relu": lambda z: max(z, 0.0),
              "sigmoid": lambda z: 1 / (1 + math.exp(-z)), "softplus": lambda z: math.log1p(math.exp(z))}

def float_excess(P, W, b, lam):
    """h - lambda ||gradient by the last layer||^2, relative, in doubles."""
    H = floats(P.X)
    for k, A in enumerate(W):
        c = [row[0] for row in floats(b[k])] if P.bias else [0.0] * A.r
        last, cols = H, list(zip(*H))
        H = [[sum(x * y for x, y in zip(row, col)) + c[i] for col in cols] for i, row in enumerate(floats(A))]
        if k < P.l - 1:
            name, slope = P.act[k]
            s = {"leaky-relu": lambda z: z if z > 0 else z * float(slope),
                 "smooth-leaky": lambda z: float(slope) * z + (1 - float(slope)) * math.log1p(math.exp(z))}.get(name) \
                or ACTIVATION[name]
            H = [[s(z) for z in row] for row in H]
    E = [[x - y for x, y in zip(r, t)] for r, t in zip(H, floats(P.Y))]
    h = sum(float(d) * x * x for row in E for x, d in zip(row, P.curvature())) / 2
    features = last + ([[1.0] * P.X.c] if P.bias else [])
    g2 = sum(sum(x * float(d) * y for x, d, y in zip(row, P.curvature(), f)) ** 2 for row in E for f in features)
    return (h - float(lam) * g2) / max(h, 1e-300)

def regularity_fails(P, M, c, V):
    """The displacement V is in the neighbourhood and the cone, and the condition is false there."""
    delta, alpha, beta = c.constants
    v2 = sum(v.norm2() for v in V)
    if any(v.norm2() > r * r for v, r in zip(V, c.rho)) or cc.differential_norm2(P, M, V) < delta ** 2 * v2:
        return False
    grad = cc.gradient(P.at([A.plus(F(1), v) for A, v in zip(P.W, V)], P.b), M)
    return grad is not None and sum(cc.inner(g, v) for g, v in zip(grad, V)) \
        < alpha * sum(g.norm2() for g in grad) + beta * v2

INVERSE = {"tanh": math.atanh, "sigmoid": lambda y: math.log(y / (1 - y)), "softplus": lambda y: math.log(math.expm1(y))}

def times(A, B):
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*B)] for row in A]

def regularity_fails_in_doubles(P, c, V):
    """The same for given features and square X; F, J v and the gradient from their formulas."""
    s, X, W2, Phi = ACTIVATION[P.act[0][0]], floats(P.X), floats(P.W[1]), floats(P.features)
    inverse = floats(cc.solve(P.X, cc.scalar(P.X.r)))
    W1 = times([[INVERSE[P.act[0][0]](y) for y in row] for row in Phi], inverse)
    V = [floats(v) for v in V]
    d = lambda z: (s(z + 1e-6) - s(z - 1e-6)) / 2e-6
    def at(t):
        A, B = ([[x + t * y for x, y in zip(p, q)] for p, q in zip(W, v)] for W, v in ((W1, V[0]), (W2, V[1])))
        Z = times(A, X)
        H, S = [[s(z) for z in row] for row in Z], [[d(z) for z in row] for row in Z]
        E = [[(x - y) * float(w) for x, y, w in zip(p, q, P.curvature())] for p, q in zip(times(B, H), floats(P.Y))]
        back = [[x * y for x, y in zip(p, q)] for p, q in zip(times(list(zip(*B)), E), S)]
        grad = [times(back, list(zip(*X))), times(E, list(zip(*H)))]
        Jv = [[x + y for x, y in zip(p, q)] for p, q in zip(
            times(B, [[x * y for x, y in zip(p, q)] for p, q in zip(S, times(V[0], X))]), times(V[1], H))]
        return grad, Jv
    dot = lambda A, B: sum(x * y for p, q in zip(A, B) for x, y in zip(p, q))
    delta, alpha, beta = map(float, c.constants)
    v2, Gv = sum(dot(v, v) for v in V), at(0.0)[1]
    if sum(x * x * float(w) for row in Gv for x, w in zip(row, P.curvature())) < delta ** 2 * v2 * (1 + 1e-9):
        return False
    grad = at(1.0)[0]
    return sum(dot(g, v) for g, v in zip(grad, V)) - alpha * sum(dot(g, g) for g in grad) - beta * v2 < -1e-7 * v2

def regularity_is_false(P, M, c, points, original):
    """Many displacements; the direction of the original's own witness among them."""
    directions = []
    W = re.findall(r"(?m)^matrix witness:(\d+) (\d+ \d+ \d+)\n((?:-?\d.*\n)*)", original)
    if len(W) == P.n:
        rd = cc.Reader("".join("matrix %s\n%s" % (shape, rows) for _, shape, rows in W).encode())
        Q = [rd.matrix(rd.line("matrix")) for _ in range(P.n)]
        if all((q.r, q.c) == (A.r, A.c) for q, A in zip(Q, P.W)):
            V = [q.plus(F(-1), A) for q, A in zip(Q, P.W)]
            scale = min((r / cc.sqrt_upper(v.norm2()) for v, r in zip(V, c.rho) if not v.is_zero()), default=F(1))
            directions = [[cc.zero(v.r, v.c).plus(scale * t, v) for v in V] for t in (F(1), F(1, 2), F(9, 10))]
    exact = not P.features and all(map(cc.rational_activation, P.act))
    for k in range(points + len(directions)):
        V = directions[k] if k < len(directions) else [cc.zero(A.r, A.c).plus(r * rng.choice([F(1), F(-1), F(1, 3)]), displacement(A, True))
                                                      for A, r in zip(P.W, c.rho)]
        if all(v.is_zero() for v in V):
            continue
        if exact and regularity_fails(P, M, c, V):
            return "regularity fails at a point"
        if not exact and P.X.r == P.X.c and P.act[0][0] in INVERSE and regularity_fails_in_doubles(P, c, V):
            return "regularity fails at a point in double precision"
    return None

def centre(P, text):
    """The problem at the point of the roles center:k, center-bias:k."""
    W, b = list(P.W), list(P.b) if P.bias else []
    for bias, k, shape, rows in re.findall(r"(?m)^matrix center(-bias)?:(\d+) (\d+ \d+ \d+)\n((?:-?\d.*\n)*)", text):
        rd = cc.Reader("".join("matrix %s\n%s" % (shape, rows)).encode())
        (b if bias else W)[int(k) - 1] = rd.matrix(rd.line("matrix"))
    return P.at(W, b)

def is_true(text, points, original):
    """None, or what is wrong."""
    rd = cc.Reader(text.encode())
    rd.line(), rd.line()
    P = cc.read_problem(rd)
    c = cc.read_claim(rd, P)
    proved = "\nconclusion proved" in text
    if c.kind == "regularity" and proved:
        M = None if P.kind == "feedforward" else cc.Moments(P)
        if not P.features and all(map(cc.rational_activation, P.act)):
            try:
                cc.check(text.encode())
            except cc.Reject as e:
                return str(e)
        return regularity_is_false(P, M, c, points, original)
    if c.kind != "gradient-dominance" or not proved:
        try:                # decided again by the second implementation
            cc.check(text.encode())
            return None
        except cc.Unsupported:
            if c.kind == "gradient-dominance":
                return None if proved else "unsupported refutation"
            if c.kind.endswith("-within"):
                return smooth.near_is_false(P, c, centre(P, text))
            return smooth.is_false(P, c, proved)
        except cc.Reject as e:
            return str(e)
    M = None if P.kind == "feedforward" else cc.Moments(P)
    low = M.infimum() if M else F(0)
    for _ in range(points):
        W = [A if i >= len(c.rho) else A.plus(c.rho[i] / (rng.choice([1, 10, 1000]) if c.norm == "feature" else 1), displacement(A, c.norm == "frobenius"))
             for i, A in enumerate(P.W)]
        b = list(P.b)
        if c.norm == "feature":
            s = P.act[0] if cc.rational_activation(P.act[0]) else ("identity", F(0))    # 1-Lipschitz
            H = [cc.apply(s, cc.affine(A, P.X, P.b[0] if P.bias else None)) for A in (W[0], P.W[0])]
            if H[0].plus(F(-1), H[1]).norm2() > c.rho[0] ** 2:
                W[0] = P.W[0]
        if P.kind == "feedforward":
            W[-1] = W[-1].plus(F(rng.randint(0, 3), rng.randint(1, 50)), displacement(W[-1], False))
            for i in range(len(c.rho) if P.bias and c.norm != "feature" else 0):
                b[i] = b[i].plus(c.rho[i], mat([[x] for x in unit_vector(b[i].r)]))
        if not all(map(cc.rational_activation, P.act)):
            if float_excess(P, W, b, c.lam) > 1e-6:
                return "false in double precision"
            continue
        h, g2 = cc.loss_and_gradient(P.at(W, b), M)
        if g2 is not None and h - low > c.lam * g2:
            return "h - h_inf = %g > %g" % (h - low, c.lam * g2)
    if M and M.p and all(c.rho) and P.Y.r * M.p <= 40 and cc.is_minimizer(P, M):
        best = best_constant(P, M)      # exact: no lambda below it is valid
        if best:
            ratios.append(float(c.lam / best[1]))
            if c.lam < best[1]:
                return "lambda = %g is below the best possible, %g" % (c.lam, best[1])
    lower = re.search(r"lambda_lower (\S+)", text)
    if lower and F(lower[1]) > c.lam:
        return "lambda_lower exceeds lambda"
    return None

originals = []
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name)) as f:
        text = f.read()
    if name.endswith(".cert") and len(text) < 25000:
        originals.append((name, text))
outcome, false, made, ratios = Counter(), [], 0, []
statements = {re.sub(r"(?s)\nrounding .*\nconclusion", "\nconclusion", t) for _, t in originals}
with tempfile.TemporaryDirectory() as tmp:
    while made < wanted:
        batch = []
        for _ in range(min(400, wanted - made)):
            name, text = rng.choice(originals)
            mutant = text
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                try:
                    mutant = rng.choice(MUTATIONS)(mutant) or mutant
                except (StopIteration, IndexError, AttributeError, TypeError, ValueError, ZeroDivisionError):
                    pass                # an earlier edit took away what this one edits
            batch.append((name, text, mutant))
        paths = []
        for i, (_, _, mutant) in enumerate(batch):
            paths.append(os.path.join(tmp, "%d.cert" % i))
            with open(paths[-1], "w") as f:
                f.write(mutant)
        r = subprocess.run([program, "--quiet", "--"] + paths, capture_output=True, text=True)
        lines = [x for x in r.stdout.split("\n") if ": VERIFIED" in x or ": REJECTED: " in x]
        if r.returncode not in (0, 1) or len(lines) != len(batch):
            outcome["crashed"] += 1
            false.append(("a batch", "exit status %d: %s" % (r.returncode, r.stderr[:200]), ""))
        for (name, text, mutant), line in zip(batch, lines):
            made += 1
            if mutant == text:
                outcome["unchanged"] += 1
            elif ": REJECTED: " in line:
                outcome["rejected"] += 1
            elif re.sub(r"(?s)\nrounding .*\nconclusion", "\nconclusion", mutant) in statements:
                outcome["verified, the same statement"] += 1
            else:
                wrong = is_true(mutant, 25, text)
                outcome["verified, FALSE" if wrong else "verified, another statement, true"] += 1
                if wrong:
                    false.append((name, wrong, mutant))
for key, n in sorted(outcome.items()):
    print("# %8d %s" % (n, key))
if ratios:
    print("# certified / best possible of %d verified mutants: %.9f at least, %.4f in the median"
          % (len(ratios), min(ratios), sorted(ratios)[len(ratios) // 2]))
for i, (name, wrong, mutant) in enumerate(false[:10]):
    print("# %s: %s" % (name, wrong))
    with open("false-mutant-%d.cert" % i, "w") as f:
        f.write(mutant)
enough = outcome["rejected"] > made // 2 and outcome["verified, another statement, true"] > made // 200
print("%sok 1 - %d mutants of %d certificates, no false statement verified" % ("not " if false else "", made, len(originals)))
print("%sok 2 - both verdicts occur" % ("" if enough else "not "))
print("1..2")
sys.exit(bool(false) or not enough)
