# SPDX-License-Identifier: LGPL-2.1-or-later
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

KINDS = {"inequality": inequality}
