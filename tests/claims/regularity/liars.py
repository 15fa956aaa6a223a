# SPDX-License-Identifier: LGPL-2.1-or-later
from lying import *

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
        R, T, J2, _ = cc.linear_bounds(f, P, M, c.rho)
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

KINDS = {"regularity": regular}
