# SPDX-License-Identifier: LGPL-2.1-or-later
"""The least loss of one hidden unit, between two bounds: doc/rules/landscape.md."""
from activation import negative_slope, rational_activation
from claims import Family, read_tolerance, square_loss_without_decay
from cone_tree import ConeClaim, verify_tree
from elimination import independent_rows
from matrix import Matrix, inner, zero
from network import loss
from neighbourhood import read_witness
from number import common_denominator
from verdict import ensure


def read(rd, P, c, words):
    read_tolerance(rd, c, words, "gap")


def supports(P, c, k):
    square_loss_without_decay(P)
    ensure(P.kind == "feedforward" and P.l == 2 and P.W[0].r == 1 and rational_activation(P.act[0]) and negative_slope(P.act[0]) != 1
           and not P.bias, "one hidden relu or leaky-relu unit without biases")


def claim_of(P, rho):
    """What the tree has to show; None if no sample counts."""
    D = P.curvature()
    which = [j for j in range(P.X.c) if D[j] and any(row[j] for row in P.X.a)]
    if not which:
        return None
    X, Y, D, a = P.X.some_columns(which), P.Y.some_columns(which), [D[j] for j in which], negative_slope(P.act[0])
    rows = X.some_rows(independent_rows(X)[0])
    X = Matrix(rows.a, 1, meter=P.X.meter)
    Q = Y.columns_scaled(D)
    B = (Q * X.t()).kron(Matrix([[a.numerator]], a.denominator))
    Q = Q.kron(Matrix([[(1 - a).numerator]], (1 - a).denominator))
    d = common_denominator(D) * a.denominator
    claim = ConeClaim(B, Q, X, zero(X.r, X.r), rho / d, P.X.meter)
    up = [x * d * d for x in D]
    down = [x * a * a for x in up]
    ensure(all(x.denominator == 1 for x in up + down), "the weights")
    claim.set_weights([x.numerator for x in up], [x.numerator for x in down])
    return claim


def verify(f, P, c, k):
    ensure(k.proved, "it is never refuted")
    low, high = k.constants.get("low"), k.constants.get("high")
    ensure(low is not None and high is not None, "low and high are expected")
    ensure(c.gap is None or high - low <= c.gap * high, "further apart than the gap allows")
    ensure(loss(read_witness(f, P, "better", True), None) <= high, "better:1: its loss is larger than the upper bound")
    if low <= 0:
        return
    rho = f.numbers("rho", 1, True)[0]
    norm2 = inner(P.Y.columns_scaled(P.curvature()), P.Y)
    ensure(rho >= 0 and 2 * low <= norm2 - P.X.meter.square(rho), "rho: too large for this lower bound")
    claim = claim_of(P, rho)
    if claim is not None:
        verify_tree(f.need("tree", "numbers")[1], claim)


CLAIMS = {"landscape": Family(read, supports, verify, constants=("low", "high"), version=2)}
