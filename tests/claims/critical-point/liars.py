# SPDX-License-Identifier: LGPL-2.1-or-later
from lying import *

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

KINDS = {"hessian": hessian}
