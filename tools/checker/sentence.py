# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the sentence of a verified certificate says of the point: whether it is a minimiser, its
loss, the rank of G.  The first checker prints it; here it is computed to be charged alike
(doc/certificate-format.md, "Work")."""
from fractions import Fraction

from activation import apply, rational_activation
from elimination import rank
from matrix import scalar
from moments import Moments
from network import is_minimizer, loss


def describe(P, sentence):
    """sentence: what the family of the claim says besides, "loss" or "rank"."""
    if "rank" in sentence and is_short(P):
        rank_of_differential(P)
    if P.features:
        return
    if P.kind != "feedforward":
        M = Moments(P)
        is_minimizer(P, M)
        if "loss" in sentence:
            loss(P, M)
    elif all(map(rational_activation, P.act)):
        loss(P, None)


def is_short(P):
    """The rank is only a remark, left out where it would be long."""
    bits = sum(W.bits() + 8 for W in P.W) + P.X.bits()
    return 10 ** 10 // (P.n * max(max(W.shape()) for W in P.W) ** 4) >= bits


def rank_of_differential(P):
    """The ranks of what is before and behind every block ("The cone"), or of the features."""
    if P.kind == "feedforward":
        if P.features or rational_activation(P.act[0]):
            rank((P.features or apply(P.act[0], P.W[0] * P.X)).columns_scaled(P.D))
        return
    A = unit = Moments(P).T
    for i, W in enumerate(P.W):
        rank(A)
        A = W * A
        if (i + 1) % P.r == 0:
            A = unit = A.plus(Fraction(1), unit) if P.kind == "residual" else A
    A = scalar(P.Y.r)
    for k in reversed(range(P.l)):
        unit = A
        for W in reversed(P.W[k * P.r:(k + 1) * P.r]):
            rank(A)
            A = A * W
        A = A.plus(Fraction(1), unit) if P.kind == "residual" else A
