# SPDX-License-Identifier: LGPL-2.1-or-later
"""stationary, spurious-local-minimum, local-maximum: doc/rules/kinks.md."""
from basis import Basis, Pass
from claims import Family, no_parameters
from kinks import Kinks, supports_kinks
from network import loss
from neighbourhood import read_witness
from verdict import ensure


def supports(P, c, k):
    supports_kinks(P)


def at_point(P):
    return Kinks(P, Pass(P, Basis(P, "functions")).out)


def falls(f, K):
    curve = K.curve(f, "down", True)
    ensure(curve[1] < 0, "down-degree: h does not fall along this curve")
    return curve[0]


def verify_stationary(f, P, c, k):
    K = at_point(P)
    if k.proved:
        K.ensure_stationary(f, False)
    else:
        ensure(falls(f, K) == 1, "down-degree: its one-sided derivative is 0")


def exact_loss(P):
    """h; the network may be linear, whose units are then its layers."""
    return loss(P, P.moments())


def verify_spurious(f, P, c, k):
    K = at_point(P)
    if k.proved:
        ensure(K.decide(f), "it is not a local minimum")
        ensure(exact_loss(read_witness(f, P, "better", True)) < exact_loss(P), "better:1: this point is not better")
    elif exact_loss(P):
        falls(f, K)


def verify_maximum(f, P, c, k):
    K = at_point(P)
    rises = P.decay or not K.hidden().columns_scaled(K.D).is_zero()
    if k.proved:
        ensure(not rises and not K.sharp and not K.flat and (K.a != 1 or K.X.is_zero()), "units that are inactive on all samples")
    elif not rises:
        curve = K.curve(f, "up", True)
        ensure(curve[1] > 0, "up-degree: h does not rise along this curve")


def family(verify):
    return Family(no_parameters, supports, verify, describe=exact_loss, version=2)


CLAIMS = {"stationary": family(verify_stationary), "spurious-local-minimum": family(verify_spurious),
          "local-maximum": family(verify_maximum)}
