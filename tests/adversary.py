#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Certificates built from the start for claims that are known to be false, with
the best fake evidence there is.  The rules of the second checker run with an
oracle that lies: every bound a little too good, its factor that of the nearest
positive semidefinite matrix, multipliers a little too large, balls a little too
small, witnesses a little outside.  The lie is made as small as it can be for
the claim to be false: smaller than the exact quotient at a direction or point
that no valid constant is below.  Each forgery has an honest twin, built by the
same code without the lie, that must be VERIFIED: so nothing but the lie is
refused.

usage: tests/adversary.py CERTIFY-CHECK NUMBER [SEED]"""
import hashlib, math, os, random, subprocess, sys, tempfile
from collections import Counter

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from numeric import F, best_constant, cc, dyadic, factor, floats, jacobi, rows_matrix, smallest

program, wanted = os.path.abspath(sys.argv[1]), int(sys.argv[2])
rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)

class Liar(cc.Facts):
    """Answers what the rules ask; greed 0 is honest."""
    def __init__(self, bits, word, greed, victims):
        super().__init__(bits)
        self.bound_word, self.greed, self.victims = word, greed, victims

    def lie(self, role):
        return self.greed if any(role.startswith(v) for v in self.victims) else F(0)

    def ensure(self, condition, role, reason):
        """His own copy of the rules does not refuse his multipliers."""
        super().ensure(condition or "exceeds 1" in reason, role, reason)

    def need(self, role, kind, required=True):
        if role == "bound":
            self.blocks[role] = ("word", self.bound_word)
        if role == "joint":
            return (None, None, cc.scalar(self.order))
        return self.blocks.get(role)

    def lower(self, role, K, N=None, required=False):
        N = N or cc.scalar(K.r)
        mu = smallest(K, N)[0]
        mu = F(mu * (1 - 1e-9) - 1e-11 * float(K.norm_upper() / N.norm_upper())).limit_denominator(10 ** 14)
        if mu <= F(K.norm_upper()) / 10 ** 9:       # too small for doubles
            if not self.lie(role):
                return F(0)
            mu = F(K.norm_upper()) * self.lie(role) / 10 ** 6
        mu *= 1 + self.lie(role)
        self.blocks[role] = ("bound", mu, factor(K.plus(-mu, N)), None)
        return mu

    def upper(self, role, K):
        w = max(jacobi(floats(K))[0])
        mu = F(w * (1 + 1e-9)).limit_denominator(10 ** 14) * (1 - min(self.lie(role), F(9, 10)))
        if mu <= 0:
            return K.norm_upper()
        self.blocks[role] = ("bound", mu, factor(cc.scalar(K.r, mu).plus(F(-1), K)), None)
        return mu

    def numbers(self, role, n, required):
        if role != "multipliers":
            return super().numbers(role, n, required)
        per = self.terms                # multipliers per block
        out = []
        for k in per:
            out += [(1 + self.lie(role)) / (1 + (k - 1) * self.rho)] + [1 / self.rho] * (k - 1)
        self.blocks[role] = ("numbers", out)
        return out

    def matrix(self, role, r, c, required):
        return self.blocks[role][1] if role in self.blocks else None

# Text.

def matrix_text(name, A, head="matrix"):
    return "%s %s %d %d %d\n" % (head, name, A.r, A.c, A.den) + "".join(" ".join(map(str, row)) + "\n" for row in A.a)

def problem_text(P):
    t = "network %s %d%s\n" % (P.kind, P.l, " %d" % P.r if P.kind == "residual" else "")
    for name, slope in P.act:
        t += "activation %s%s\n" % (name, " %s" % slope if name == "leaky-relu" else "")
    t += "loss square 1/2\nweight-decay 0\n" + matrix_text("X", P.X) + matrix_text("Y", P.Y) + "weights one\nbiases no\n"
    return t + "".join(matrix_text("W:%d" % (i + 1), W) for i, W in enumerate(P.W))

def block_text(role, b):
    if b[0] == "word":
        return "word %s %s\n" % (role, b[1])
    if b[0] == "numbers":
        return "numbers %s %d %s\n" % (role, len(b[1]), " ".join(map(str, b[1])))
    if b[0] == "matrix":
        return matrix_text(role, b[1])
    if b[0] == "ball":
        return "ball %s %d %s %d %d %d\n" % (role, b[1], b[3], b[2].r, b[2].c, b[2].den) + "".join(
            " ".join(map(str, row)) + "\n" for row in b[2].a)
    _, mu, L, _ = b
    return "bound %s %s %d %d\n" % (role, mu, L.r, L.den) + "".join(
        " ".join(map(str, row[:i + 1])) + "\n" for i, row in enumerate(L.a)) + "diagonal one\n"

def certificate(P, claim, facts, conclusion):
    p = problem_text(P)
    blocks = "".join(block_text(role, facts.blocks[role]) for role in sorted(facts.blocks))
    return "certify-certificate 1\nproblem sha256 %s\n%s%s\nrounding %d\nevidence %d\n%sconclusion %s\nend\n" % (
        hashlib.sha256(p.encode()).hexdigest(), p, claim, facts.bits, len(facts.blocks), blocks, conclusion)

def dominance_text(c):
    return "claim gradient-dominance norm %s radius %d %s lambda %s" % (c.norm, len(c.rho), " ".join(map(str, c.rho)), c.lam)

# Problems whose best constant is known.

def random_matrix(r, c, near=None):
    size = rng.choice([1, 2, 10])
    return rows_matrix([[F(rng.randint(-size, size), 4 * size) + (1 if i == j and near else 0) for j in range(c)] for i in range(r)])

def linear_problem(kind):
    P = cc.Problem()
    P.kind, P.bias, P.b, P.act, P.loss, P.decay = kind, False, [], [], "square", F(0)
    P.l, P.r = rng.choice([(2, 1), (3, 1)]) if kind == "linear" else rng.choice([(2, 1), (2, 2), (1, 2)])
    P.n, d = P.l * P.r, rng.choice([1, 2, 2, 3])
    if kind == "linear":
        P.W = [random_matrix(d, d, True) for _ in range(P.l)]
    else:
        P.W = [random_matrix(d, d, False) for _ in range(P.n)]
    P.X = random_matrix(d, d + rng.randint(0, 1), True)
    P.w = [F(1)] * P.X.c
    P.D = [F(1)] * P.X.c
    P.Y = cc.product(P) * P.X                    # an exact minimiser
    return P

ROLES = {"block": ["", "inj", "injt", "data", "norm", "data-norm"], "joint": ["", "joint", "multipliers", "norm"],
         "data": ["", "joint", "multipliers", "injt", "suffix"]}

def dominance(word):
    """(honest, forged) for a bound of linear or residual networks, or None."""
    P = linear_problem(rng.choice(["linear", "residual"]))
    try:
        M = cc.Moments(P)
    except cc.Reject:
        return None
    if M.p == 0:
        return None
    found = best_constant(P, M)
    if found is None:
        return None
    D, best = found
    c = cc.Claim()
    c.kind, c.norm, c.rho = "gradient-dominance", "spectral", [F(1, rng.choice([10 ** 3, 10 ** 6, 10 ** 9]))] * P.n
    victims = rng.choice(ROLES[word])
    victims = [""] if victims == "" else [victims]
    coarse = rng.choice([256, 256, 24])      # a lie of its own: the radius of rounded matrices is ignored
    def build(greed, lower=True):
        f = Liar(coarse if greed else 256, word, greed, victims)
        sides = cc.Net(f, P, M, c.rho).sides()
        f.terms = [sum(1 for w in a.weights if w) * sum(1 for w in b.weights if w) for a, b in sides]
        f.rho = c.rho[0]
        f.order = M.p * (1 if word == "data" else P.Y.r)
        f.blocks.clear()
        try:
            c.lam = cc.derive_linear(f, P, M, c)
        except cc.Reject:
            return None
        # what the rule asked but did not use is not in the certificate
        conclusion = "proved lambda %s" % c.lam
        if lower and not greed:
            f.blocks["direction"] = ("matrix", D)
            conclusion += " lambda_lower %s" % best
        return c.lam, certificate(P, dominance_text(c), f, conclusion)
    honest = build(F(0))
    if honest is None or c.lam > 10 ** 9:
        return None
    lo, hi = F(0), None
    for k in range(-12, 8):              # the smallest greed that makes the claim false
        got = build(F(10) ** k)
        if got is not None and got[0] < best:
            hi = F(10) ** k
            break
    if hi is None:
        return None
    lo = hi / 10
    for _ in range(6):
        mid = (lo + hi) / 2
        got = build(mid)
        if got is not None and got[0] < best:
            hi = mid
        else:
            lo = mid
    lam, forged = build(hi)
    assert lam < best
    return honest[1], forged, float(1 - lam / best), float(hi)

def constants(kind):
    """lambda_lower or the paper's constant, larger than the truth."""
    P = linear_problem("linear")
    M = cc.Moments(P)
    if M.p != P.X.r or any(cc.rank(W) != W.r for W in P.W):
        return None
    D, best = best_constant(P, M)
    c = cc.Claim()
    c.kind, c.norm, c.rho = "gradient-dominance", "spectral", [F(1, 10 ** 4)] * P.n
    f = Liar(256, "block", F(0), [])
    try:
        c.lam = cc.derive_linear(f, P, M, c)
    except cc.Reject:
        return None
    eps = F(1, 10 ** rng.randint(1, 30))
    if kind == "lower":
        f.blocks["direction"] = ("matrix", D)
        make = lambda x: certificate(P, dominance_text(c), f, "proved lambda %s lambda_lower %s" % (c.lam, x))
    else:
        def weakest(A):
            _, x = smallest(A.gram(), cc.scalar(A.c))
            return [F(round(v * 10 ** 6), 10 ** 6) for v in x]
        k = min(range(P.l), key=lambda k: smallest(P.W[k].gram(), cc.scalar(P.W[k].c))[0])
        f.blocks["paper-data"] = ("numbers", [F(1)] + weakest(P.X.t()))
        f.blocks["paper-layer"] = ("numbers", [F(k + 1)] + weakest(P.W[k]))
        best = cc.paper_lambda(f, P, M)
        make = lambda x: certificate(P, dominance_text(c), f, "proved lambda %s paper_lambda %s" % (c.lam, x))
    return make(best), make(best * (1 + eps)), float(eps), float(eps)

def witness():
    """A true claim, "refuted" by a point a little outside its neighbourhood."""
    P = linear_problem("linear")
    M = cc.Moments(P)
    if M.p == 0:
        return None
    D, best = best_constant(P, M)
    c = cc.Claim()
    c.kind, c.norm, c.rho = "gradient-dominance", rng.choice(["spectral", "frobenius"]), [F(1, 10)] * P.n
    V = [rows_matrix([[F(rng.randint(-9, 9), 9) for _ in range(W.c)] for _ in range(W.r)]) for W in P.W]
    if any(v.is_zero() for v in V):
        return None
    def point(t):
        f = Liar(256, "", F(0), [])
        W = []
        for i, A in enumerate(P.W):
            size = V[i].norm2() if c.norm == "frobenius" else F(max(jacobi(floats(V[i].smaller_gram()))[0]))
            W.append(A.plus(c.rho[i] * t / cc.sqrt_upper(size), V[i]))
            f.blocks["witness:%d" % (i + 1)] = ("matrix", W[-1])
            distance = W[-1].plus(F(-1), A)
            if c.norm == "spectral" and distance.norm2() > c.rho[i] ** 2:
                K = distance.smaller_gram()
                f.blocks["distance:%d" % (i + 1)] = ("bound", c.rho[i] ** 2, factor(cc.scalar(K.r, c.rho[i] ** 2).plus(F(-1), K)), None)
        h, g2 = cc.loss_and_gradient(P.at(W, []), M)
        return f, (h / g2 if g2 else F(0))
    eps = F(1, 10 ** rng.randint(1, 7))
    f, inside = point(1 - F(1, 10 ** 8))
    g, outside = point(1 + eps)
    if inside == 0 or outside == 0:
        return None
    c.lam = inside * (1 - F(1, 10 ** 9))
    honest = certificate(P, dominance_text(c), f, "refuted lambda %s" % c.lam)
    # the point outside refutes its own quotient: not a point of the neighbourhood
    c.lam = outside * (1 - F(1, 10 ** 9))
    return honest, certificate(P, dominance_text(c), g, "refuted lambda %s" % c.lam), float(eps), float(eps)

def regular():
    """A regularity claim with a beta that a point of the neighbourhood and the cone contradicts; the norms lie."""
    P = linear_problem(rng.choice(["linear", "residual"]))
    try:
        M = cc.Moments(P)
    except cc.Reject:
        return None
    if M.p == 0 or P.n == 1:
        return None
    c = cc.Claim()
    c.kind, c.norm, c.rho = "regularity", "frobenius", [F(1, rng.choice([10, 100, 10 ** 4]))] * P.n
    V = [rows_matrix([[F(rng.randint(-9, 9), 9) for _ in range(W.c)] for _ in range(W.r)]) for W in P.W]
    if any(v.is_zero() for v in V):
        return None
    V = [cc.zero(v.r, v.c).plus(r / cc.sqrt_upper(v.norm2()), v) for v, r in zip(V, c.rho)]
    v2 = sum(v.norm2() for v in V)
    delta, alpha = cc.sqrt_lower(cc.differential_norm2(P, M, V) / v2), F(1, 1000)
    true = []
    for sign in (1, -1):
        grad = cc.gradient(P.at([A.plus(F(sign), v) for A, v in zip(P.W, V)], []), M)
        true.append((sign * sum(cc.inner(g, v) for g, v in zip(grad, V)) - alpha * sum(g.norm2() for g in grad)) / v2)
    best = min(true)                    # no larger beta is valid
    victim = rng.choice(["norms", "R", "T", "remainder"])
    def build(greed):
        f = Liar(256, "", greed, ["between"] if victim == "norms" else [])
        R, T, J2 = cc.linear_bounds(f, P, M, c.rho)
        R *= 1 - greed if victim in ("R", "remainder") else 1
        T *= 1 - greed if victim in ("T", "remainder") else 1
        a, b = delta - R, (1 - alpha * J2) * (delta - R) - T
        if alpha * J2 >= 1 or a <= 0 or b <= 0:
            return None
        c.constants = [delta, alpha, a * b]
        text = "claim regularity norm frobenius radius %d %s delta %s alpha %s beta %s" % (
            P.n, " ".join(map(str, c.rho)), delta, alpha, a * b)
        return a * b, certificate(P, text, f, "proved")
    honest = build(F(0))
    if honest is None:
        return None
    assert honest[0] <= best, "the honest claim is false"
    lo, hi = F(0), F(9, 10)
    got = build(hi)
    if got is None or got[0] <= best:
        return None
    for _ in range(12):
        mid = (lo + hi) / 2
        got = build(mid)
        if got is not None and got[0] > best:
            hi = mid
        else:
            lo = mid
    return honest[1], build(hi)[1], float(hi), float(hi)

def features(name):
    """One hidden layer: the smallest singular value of the features, too large."""
    P = cc.Problem()
    P.kind, P.bias, P.b, P.loss, P.decay, P.l, P.r, P.n = "feedforward", False, [], "square", F(0), 2, 1, 2
    P.act = [(name, F(1, 10) if name == "leaky-relu" else F(0))]
    m = rng.choice([1, 2, 3])
    P.X, P.W = random_matrix(m, m, True), [random_matrix(m, m, True), random_matrix(1, m, True)]
    P.w = P.D = [F(1)] * m
    P.Y = rows_matrix([[F(0)] * m])
    Z = P.W[0] * P.X
    c = cc.Claim()
    c.kind, c.norm, c.rho = "gradient-dominance", "spectral", [F(0)]
    if name == "tanh":
        H = rows_matrix([[dyadic(math.tanh(x)) for x in row] for row in floats(Z)])
    else:
        H = cc.apply(P.act[0], Z)
    if cc.rank(H) < m:
        return None
    mu, x = smallest(H.gram(), cc.scalar(m))
    if mu < 1e-6:
        return None
    # W_2 far away along the weakest direction: there lambda >= 1 / (2 mu) up to the other layers' gradients, which
    # vanish with W_2, so W_2 = t u, t -> 0 and Y = -e: e fixed; the quotient tends to |e|^2 / (2 |e H^T|^2) at W_2 = 0
    e = [F(round(v * 10 ** 9), 10 ** 9) for v in x]
    P.Y = rows_matrix([[-v for v in e]])
    P.W[1] = rows_matrix([[F(0)] * m])
    best = F(1) / (2 * F(mu))
    def build(greed, shift):
        f = Liar(256, "", greed, [""])
        G = H
        if name == "tanh":
            radius = F(m, 1 << 50)
            if shift:                    # move the features by more than the radius, to the better side
                G = rows_matrix([[F(v) * (1 + shift) for v in row] for row in floats(H)])
            G = cc.Matrix(G.a, G.den)
            f.blocks["features:1"] = ("ball", 192, G, radius)
            G = cc.Matrix(G.a, G.den, radius)
        K = G.gram().rounded(256)
        value = F(smallest(K, cc.scalar(m))[0] * (1 - 1e-9)).limit_denominator(10 ** 14) * (1 + greed)
        f.blocks["features"] = ("bound", value, factor(K.plus(-value, cc.scalar(m))), None)
        c.lam = 1 / (2 * value)
        return certificate(P, dominance_text(c), f, "proved lambda %s" % c.lam)
    eps = F(1, 10 ** rng.randint(1, 7))
    if name == "tanh" and rng.random() < .5:
        return build(F(0), F(0)), build(F(0), eps), float(eps), float(eps)
    return build(F(0), F(0)), build(eps, F(0)), float(eps), float(eps)

def spectrum():
    """Equal eigenvalues, or a deficient rank, said not to be; entries around the prime of the rank test."""
    p, d = (1 << 61) - 1, rng.choice([2, 3, 4])
    P = cc.Problem()
    P.kind, P.bias, P.b, P.act, P.loss, P.decay, P.l, P.r, P.n = "linear", False, [], [], "square", F(0), 1, 1, 1
    s = rng.choice([1, p, p - 1, p * p, 10 ** 30])
    A = [[rng.randint(-9, 9) * s + (i == j) for j in range(d)] for i in range(d)]
    f = Liar(256, "", F(0), [])
    P.W, P.w = [cc.scalar(d)], [F(1)] * d
    P.D = P.w
    if rng.random() < .5:
        A[0] = [x + y for x, y in zip(A[0], A[1])] if d < 3 else A[0]
        P.X, P.Y = cc.Matrix(A), cc.scalar(d)
        truth = cc.full_rank(P)
        claim = "claim full-rank"
    else:
        Q = cc.Matrix([[int(i == j) for j in range(d)] for i in range(d)])
        eps = rng.choice([0, 1])
        values = [F(s)] * (d - 1) + [F(s) + eps * F(1, 10 ** rng.randint(1, 40))]
        P.X, P.Y = Q, rows_matrix([[values[i] if i == j else F(0) for j in range(d)] for i in range(d)])
        claim, truth = "claim distinct-eigenvalues", cc.distinct_eigenvalues(P)
    words = ("refuted", "proved")
    return certificate(P, claim, f, words[truth]), certificate(P, claim, f, words[not truth]), 0.0, 0.0

def one_layer(W, X=None, Y=None):
    P = cc.Problem()
    P.kind, P.bias, P.b, P.act, P.loss, P.decay, P.l, P.r, P.n, P.features = "linear", False, [], [], "square", F(0), len(W), 1, len(W), None
    P.W, P.X = W, X or cc.scalar(W[0].c)
    P.w = P.D = [F(1)] * P.X.c
    P.Y = Y or cc.product(P) * P.X
    return P

def inequality():
    """eta_min, or a norm, said to be a little larger or smaller than it is."""
    d = rng.choice([2, 3, 4])
    P = one_layer([random_matrix(d, d, True)])
    if cc.rank(P.W[0]) < d:
        return None
    K = P.W[0].gram()
    w = sorted(jacobi(floats(K))[0])
    if w[0] < 1e-6:
        return None
    eta, eps = rng.random() < .5, F(1, 10 ** rng.randint(2, 7))
    def build(greed):
        f = Liar(256, "", F(0), [])
        if eta:
            R = P.W[0].t()
            N, M = R.gram(), (P.W[0] * R).gram()
            mu = F(w[0] * (1 - 1e-9)).limit_denominator(10 ** 14) * (1 + greed)
            f.blocks["left:1"] = ("bound", mu, factor(M.plus(-mu, N)), None)
            return certificate(P, "claim inequality eta_min(W_1) >= %s" % cc.sqrt_lower(mu), f, "proved")
        mu = F(w[-1] * (1 + 1e-9)).limit_denominator(10 ** 14) * (1 - greed)
        f.blocks["left:1"] = ("bound", mu, factor(cc.scalar(d, mu).plus(F(-1), P.W[0].smaller_gram())), None)
        return certificate(P, "claim inequality norm(W_1) <= %s" % cc.sqrt_upper(mu), f, "proved")
    return build(F(0)), build(eps), float(eps), float(eps)

def gap():
    """A gap to the global minimum that is smaller than the true one."""
    d, eps = rng.choice([2, 3]), F(1, 10 ** rng.randint(2, 7))
    W = [random_matrix(1, d), random_matrix(d, 1)]
    Y = random_matrix(d, d, True)
    P = one_layer(W, cc.scalar(d), Y)
    S = P.Y * P.Y.t()
    w, V = jacobi(floats(S))
    top, second = sorted(w)[-1], sorted(w)[-2]
    if top - second < 1e-3 or cc.rank(Y) < d:
        return None
    t = F((top + second) / 2).limit_denominator(10 ** 6)
    def build(greed):
        f = Liar(256, "", F(0), [])
        slack = 1e-9 if greed == 0 else 0
        U = [[sum(max(float(t) - x, 0) * v[i] * v[j] for x, v in zip(w, V)) * (1 - float(greed)) + (slack if i == j else 0)
              for j in range(d)] for i in range(d)]
        U = rows_matrix([[F(U[max(i, j)][min(i, j)]).limit_denominator(10 ** 15) for j in range(d)] for i in range(d)])
        f.blocks["threshold"], f.blocks["excess"] = ("numbers", [t]), ("matrix", U)
        f.blocks["excess-psd"] = ("bound", F(0), factor(U.plus(F(1, 10 ** 12), cc.scalar(d))), None)
        dual = U.plus(F(1), S).plus(-t, cc.scalar(d))
        f.blocks["excess-dual"] = ("bound", F(0), factor(dual.plus(F(1, 10 ** 12), cc.scalar(d))), None)
        M = cc.Moments(P)
        low = M.infimum() + ((d - 1) * t - sum(U.at(i, i) for i in range(d))) / 2
        g = cc.loss_and_gradient(P, M)[0] - low
        return low, certificate(P, "claim global-minimizer gap %s" % g, f, "proved")
    best = sum(sorted(w)[:-1]) / 2
    honest, forged = build(F(0)), build(eps)
    if float(forged[0]) - best < 1e-8:          # the lie must show
        return None
    return honest[1], forged[1], float(eps), float(eps)

def hessian():
    """A Hessian with a small negative eigenvalue, said to be positive semidefinite."""
    eps = F(1, 10 ** rng.randint(2, 12))
    def build(y):
        P = one_layer([cc.zero(1, 1), cc.zero(1, 1)], cc.scalar(1), rows_matrix([[y]]))
        f = Liar(256, "", F(0), [])
        H = rows_matrix([[F(0), -y], [-y, F(0)]])
        f.blocks["hessian"] = ("bound", F(0), factor(H.plus(abs(y), cc.scalar(2))) if y else cc.zero(2, 2), None)
        return certificate(P, "claim hessian-psd", f, "proved")
    return build(F(0)), build(eps * rng.choice([1, -1])), float(eps), float(eps)

KINDS = {"inequality": inequality, "gap": gap, "hessian": hessian, "block": lambda: dominance("block"), "joint": lambda: dominance("joint"), "data": lambda: dominance("data"),
         "lambda_lower": lambda: constants("lower"), "paper_lambda": lambda: constants("paper"), "witness": witness,
         "features": lambda: features("leaky-relu"), "ball": lambda: features("tanh"), "regularity": regular, "spectrum": spectrum}

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
