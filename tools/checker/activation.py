# SPDX-License-Identifier: LGPL-2.1-or-later
"""Activations: pairs of a name and a slope.  The piecewise linear ones are exact; a kink is where
the slopes of the two sides differ, so identity and leaky-relu 1 have none."""
from fractions import Fraction

from matrix import Matrix
from number import round_up

ACTIVATIONS = ("identity", "relu", "leaky-relu", "tanh", "sigmoid", "softplus", "smooth-leaky")
SLOPED = ("leaky-relu", "smooth-leaky")
PIECEWISE_LINEAR = ("identity", "relu", "leaky-relu")


def rational_activation(act):
    return act[0] in PIECEWISE_LINEAR


def has_inverse(act):
    return not rational_activation(act) and act[1] >= 0


def negative_slope(act):
    return {"identity": Fraction(1), "relu": Fraction(0)}.get(act[0], act[1])


def has_kink(act):
    return negative_slope(act) != 1


def lipschitz(act):
    """doc/mathematics.md, "Feedforward networks": c_s = sup |s'|."""
    if act[0] == "sigmoid":
        return Fraction(1, 4)
    return max(Fraction(1), abs(act[1])) if act[0] in SLOPED else Fraction(1)


def sloped(A, Z, a):
    """The rows of A times the denominator of a: its entries where Z >= 0, a times where Z < 0."""
    up, down = a.denominator, a.numerator
    return [[x * (down if z < 0 else up) for x, z in zip(r, s)] for r, s in zip(A.a, Z.a)]


def apply(act, Z):
    a = negative_slope(act)
    meter = Z.charge(None, Z.r, 8, Z.c, Z.bits() + Z.den.bit_length(), a.denominator.bit_length())
    rad = round_up(meter.product(Z.rad, lipschitz(act)))
    return Matrix(sloped(Z, Z, a), Z.den * a.denominator, rad, Z.c, meter)


def at_kink(act, Z):
    """There is no derivative at Z."""
    return has_kink(act) and not all(all(row) for row in Z.a)


def times_derivative(act, Z, A):
    """s'(Z) o A, entry by entry."""
    a = negative_slope(act)
    slopes = Matrix([[a.numerator if z < 0 else a.denominator for z in row] for row in Z.a],
                    a.denominator, cols=Z.c)
    A.charge(None, A.r, 1, A.c, A.bits(), slopes.bits() + slopes.den.bit_length())
    return Matrix(sloped(A, Z, a), A.den * a.denominator, cols=A.c, meter=A.meter)
