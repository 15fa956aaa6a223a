# SPDX-License-Identifier: LGPL-2.1-or-later
"""Networks whose features may be any matrix: theorem D of doc/rules/global-minimizer.md.  The claims are those of W_2 Phi on X = I."""
from activation import apply
from claims import Family, critical_point, global_minimizer, no_parameters, read_tolerance
from elimination import rank
from matrix import scalar
from network import has_rational_values
from problem import Problem
from verdict import ensure


def weighted(P):
    return [j for j, w in enumerate(P.w) if w > 0]


def is_onto(act):
    return act[0] == "identity" or act[0] in ("leaky-relu", "smooth-leaky") and act[1] > 0


def treats(P):
    if P.kind != "feedforward" or P.l != 2 or P.bias or P.loss != "square" or P.decay or not is_onto(P.act[0]):
        return False
    if not has_rational_values(P) and P.features is None:
        return False
    X = P.X.some_columns(weighted(P))
    return X.c <= X.r and rank(X) == X.c


def linear(P):
    Q, which = Problem(), weighted(P)
    Phi = P.features if P.features is not None else apply(P.act[0], P.W[0] * P.X)
    Q.kind, Q.l, Q.r, Q.n, Q.act, Q.skips, Q.bias, Q.b = "linear", 2, 1, 2, [], [], False, []
    Q.loss, Q.scale, Q.decay, Q.decayed = "square", P.scale, P.decay, []
    Q.w, Q.X, Q.Y = [P.w[j] for j in which], scalar(len(which), meter=P.X.meter), P.Y.some_columns(which)
    Q.W = [Phi.some_columns(which), P.W[1]]
    return Q


def delegated(name, module):
    family = module.CLAIMS[name]
    return lambda f, P, c, k: family.verify(f, linear(P), c, k), lambda P: family.describe(linear(P))


def supports(P, c, k):
    ensure(treats(P), "the features are not free")


def family(name, module, read):
    verify, describe = delegated(name, module)
    return Family(read, supports, verify, describe, version=2, treats=treats)


CLAIMS = {
    "global-minimizer": family("global-minimizer", global_minimizer, lambda rd, P, c, words: read_tolerance(rd, c, words, "gap")),
    "local-minimum": family("local-minimum", critical_point, no_parameters),
    "not-local-minimum": family("not-local-minimum", critical_point, no_parameters),
}
