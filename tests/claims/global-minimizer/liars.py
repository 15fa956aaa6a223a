# SPDX-License-Identifier: LGPL-2.1-or-later
from lying import *

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

KINDS = {"gap": gap}
