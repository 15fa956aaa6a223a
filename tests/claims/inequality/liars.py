# SPDX-License-Identifier: LGPL-2.1-or-later
from decimal import Decimal, localcontext
from lying import *

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

def smallness(q, y):
    """log sum_k e^q_k - q_y to a relative error far below 1e-40, however small it is."""
    with localcontext() as context:
        context.prec = 60
        q = [Decimal(x.numerator) / Decimal(x.denominator) for x in q]
        top = max(range(len(q)), key=lambda k: q[k])
        s = sum(((x - q[top]).exp() for k, x in enumerate(q) if k != top), Decimal(0))
        log = s - s * s / 2 if s < Decimal(10) ** -30 else (1 + s).ln()
        return F(q[top] - q[y] + log)

def cross_entropy():
    """A cross-entropy said to be a little larger or smaller than it is, were it 1e-1000 of a huge scale."""
    d, m, size = rng.choice([2, 3]), rng.choice([1, 2, 3]), 10 ** rng.randint(0, 4)
    labels = [rng.randrange(d) for _ in range(m)]
    X = random_matrix(2, m)
    P = one_layer([rows_matrix([[F(rng.randint(-8, 8) * size, 8) for _ in range(2)] for _ in range(d)])], X,
                  rows_matrix([[F(k == y) for y in labels] for k in range(d)]))
    scale = 10 ** rng.choice([0, 0, 5, 60])
    out = P.W[0] * X
    loss = sum(smallness([F(row[i], out.den) for row in out.a], y) for i, y in enumerate(labels))
    below = rng.random() < .5
    eps = F(1, 10 ** rng.randint(6, 40)) if below else F(1, 10 ** rng.randint(2, 7))
    step = max(loss * eps, F(1, 2 ** rng.randint(150, 185)))     # values are enclosed to about 2^-190
    if below and loss < F(1, 2 ** 300):                         # and their lower bound may be below 0
        step = F(1, 2 ** rng.randint(186, 250))
    def build(x):
        x = F(int(max(x, F(0)) * scale * 2 ** 400) if below else -int(-x * scale * 2 ** 400), 2 ** 400)
        return certificate(P, "claim inequality loss %s %s" % (">=" if below else "<=", x), Liar(256, "", F(0), []),
                           "proved", "cross-entropy %d" % scale)
    if below:
        return build(loss - step), build(loss + step), float(eps), float(eps)
    if loss <= 2 * step:
        return None
    return build(loss + step), build(loss - step), float(eps), float(eps)

KINDS = {"inequality": inequality, "cross-entropy": cross_entropy}
