# SPDX-License-Identifier: LGPL-2.1-or-later
from lying import *

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

def features(name):
    """One hidden layer: the smallest singular value of the features, too large."""
    P = cc.Problem()
    P.kind, P.bias, P.b, P.loss, P.decay, P.l, P.r, P.n = "feedforward", False, [], "square", F(0), 2, 1, 2
    P.act = [(name, F(1, 10) if name == "leaky-relu" else F(0))]
    m = rng.choice([1, 2, 3])
    P.X, P.W = random_matrix(m, m, True), [random_matrix(m, m, True), random_matrix(1, m, True)]
    P.w, P.scale = [F(1)] * m, F(1, 2)
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

KINDS = {"block": lambda: dominance("block"), "joint": lambda: dominance("joint"), "data": lambda: dominance("data"),
         "lambda_lower": lambda: constants("lower"), "paper_lambda": lambda: constants("paper"), "witness": witness,
         "features": lambda: features("leaky-relu"), "ball": lambda: features("tanh")}
