# SPDX-License-Identifier: LGPL-2.1-or-later
"""regularity: <grad h(W), v> >= alpha ||grad h(W)||^2 + beta ||v||^2 in a cone and a neighbourhood
(doc/mathematics.md, "Regularity condition")."""
from fractions import Fraction

from activation import apply, has_kink, negative_slope, rational_activation
from claims import Family, read_neighbourhood, square_loss_without_decay
from elimination import rank
from matrix import inner, scalar
from neighbourhood import displacement, is_one_point, proof_radii, read_witness
from network import differential_norm2, gradient, has_rational_values, is_minimizer, norm2
from number import round_up, sqrt_upper
from remainder import linear_bounds
from verdict import Unsupported, ensure


def read(rd, P, c, words):
    c.constants = read_neighbourhood(rd, c, words, ("delta", "alpha", "beta"))


def supports(P, c, k):
    square_loss_without_decay(P)
    ensure(P.kind != "feedforward" or (P.l == 2 and not P.bias),
           "one hidden layer without biases is needed")
    ensure(len(c.rho) == P.n and min(c.rho + c.constants) >= 0 and c.norm == "frobenius",
           "the claim's parameters")


def verify(f, P, c, k):
    M = P.moments()
    if not k.proved:
        ensure(violates(f, P, M, c, Fraction(1)), "this is no counterexample")
        return
    R, T, J2, g2 = feedforward_bounds(f, P, c) if M is None else minimizer_bounds(f, P, M, c)
    empty = g2 < f.meter.square(c.constants[0])         # the cone is {0}
    ensure(empty or is_one_point(c) or follows(f.meter, R, T, J2, c),
           "the evidence does not prove these constants")
    if "radius_factor" in k.constants:
        ensure(violates(f, P, M, c, k.constants["radius_factor"]), "radius_factor is not proved")


def follows(m, R, T, J2, c):
    """Theorem R."""
    delta, alpha, beta = c.constants
    a, f = m.product(alpha, J2), m.difference(delta, R)
    g = m.difference(m.product(1 - a, f), T)
    return a < 1 and f > 0 and g > 0 and m.product(f, g) >= beta


def minimizer_bounds(f, P, M, c):
    ensure(is_minimizer(P, M), "point: the residual map does not vanish at W*")
    return linear_bounds(f, P, M, proof_radii(c))


def reaches(f, P, radius):
    """radius ||x_j|| for every sample, norms and products rounded up."""
    X, found = P.X, []
    bits = X.bits() + X.den.bit_length()
    for column in zip(*X.a):
        f.meter.take(1, X.r + 1, 1, bits, bits)
        x = round_up(sqrt_upper(Fraction(sum(v * v for v in column), X.den ** 2)))
        found.append(round_up(f.meter.product(x, radius)))
    return found


def largest_slope(f, P, Z, D, radius):
    """s1, when no unit reaches a kink on the neighbourhood."""
    reach, act = reaches(f, P, radius), P.act[0]
    if not has_kink(act):
        return Fraction(1)
    s1, down = Fraction(0), abs(negative_slope(act))
    for j, d in enumerate(D):
        for i in range(Z.r if d else 0):
            z = Z.at(i, j)
            s1 = max(s1, 1 if z > 0 else down if z < 0 else s1)
            ensure(reach[j] < abs(z), "pattern: a hidden unit may reach the kink")
    return Fraction(s1)


def feedforward_bounds(f, P, c):
    """R = T, J2, and J2 again as the bound of ||G||^2, of "One hidden layer"; piecewise linear
    units: s2 = 0."""
    if P.features or not rational_activation(P.act[0]):
        raise Unsupported("the activation %s" % P.act[0][0])
    m, D, (r1, r2) = f.meter, P.curvature(), proof_radii(c)
    Z = P.W[0] * P.X
    s1, Phi = largest_slope(f, P, Z, D, r1), apply(P.act[0], Z)
    ensure((P.W[1] * Phi).minus(P.Y).columns_scaled(D).is_zero(), "point: the loss is not zero")
    w = round_up(sqrt_upper(f.norm2("norm:W:2:2", P.W[1], True)))
    x = root_bound(f, "data-norm", P.X.columns_scaled(D) * P.X.t())
    phi = root_bound(f, "norm:H:1", Phi.columns_scaled(D) * Phi.t())
    y = m.product(s1, x)
    R2 = m.sum(m.square(m.product(y / 2, r2)), m.square(m.product(y / 2, r1)))
    J2 = m.sum(m.square(m.sum(phi, m.product(y, r1))), m.square(m.product(m.sum(w, r2), y)))
    R, J2 = round_up(sqrt_upper(R2)), round_up(J2)
    return R, R, J2, J2


def root_bound(f, role, K):
    return round_up(sqrt_upper(f.upper(role, K.rounded(f.bits))))


def violates(f, P, M, c, factor):
    """The witness refutes the claim with all radii multiplied by factor."""
    delta, alpha, beta = c.constants
    if not has_rational_values(P):
        return False
    Q, m = read_witness(f, P, "witness", True), f.meter
    V = displacement(f, P, Q, c, factor)
    v2, gv = norm2(V), differential_norm2(P, M, V)
    cone = m.product(m.square(delta), v2)
    ensure(gv is not None and gv >= cone, "the witness is not in the cone")
    grad = gradient(Q, M)
    ensure(grad is not None, "the witness is at a kink")
    right = m.sum(m.product(alpha, norm2(grad)), m.product(beta, v2))
    return m.sum(Fraction(0), *[inner(g, v) for g, v in zip(grad, V)]) < right


def is_short(P):
    """The rank of G is only a remark, left out where it would be long."""
    bits = sum(W.bits() + 8 for W in P.W) + P.X.bits()
    return 10 ** 10 // (P.n * max(max(W.shape()) for W in P.W) ** 4) >= bits


def describe(P):
    """The rank of G ("The kernel of G"): the ranks of what is before and behind every block, or of
    the features."""
    if not is_short(P):
        return
    if P.kind == "feedforward":
        D = P.curvature()
        if P.features or rational_activation(P.act[0]):
            rank((P.features or apply(P.act[0], P.W[0] * P.X)).columns_scaled(D))
        return
    A = unit = P.moments().T
    for i, W in enumerate(P.W):
        rank(A)
        A = W * A
        if (i + 1) % P.r == 0:
            A = unit = A.plus(Fraction(1), unit) if P.kind == "residual" else A
    A = scalar(P.Y.r, meter=P.X.meter)
    for k in reversed(range(P.l)):
        unit = A
        for W in reversed(P.W[k * P.r:(k + 1) * P.r]):
            rank(A)
            A = A * W
        A = A.plus(Fraction(1), unit) if P.kind == "residual" else A


CLAIMS = {"regularity": Family(read, supports, verify, describe, ("radius_factor",))}
