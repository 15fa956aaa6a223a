# SPDX-License-Identifier: LGPL-2.1-or-later
"""Points of feedforward networks: global minimisers among all functions, critical points, local
minima of piecewise linear networks (doc/rules/global-minimizer.md and doc/rules/critical-point.md,
"Feedforward networks")."""
from fractions import Fraction

from basis import Basis, Pass, annihilates, lower
from cell import cell
from claims import Family, no_parameters, read_tolerance
from elimination import rank
from flat import chain_rows, flat_parts
from loss import gradient, phi_bounds, supports_loss
from network import has_moments, has_rational_values
from number import sqrt_lower
from verdict import Unsupported, ensure


def needs_passes(P):
    return not has_moments(P)


def supports(P, c, k):
    ensure(P.features is None and P.decay == 0 and P.kind != "residual", "features, weight-decay, residual networks")
    supports_loss(P)


def verify_global_minimizer(f, P, c, k):
    ensure(k.proved, "only a better point refutes it")
    basis = Basis(P, "functions")
    p, m = Pass(P, basis), P.X.meter
    if annihilates(basis, p, gradient(P, p.out)):
        return
    ensure(c.gap is not None, "it is not exactly the best")
    high = phi_bounds(P, p.out)[1]
    ensure(m.difference(high, lower(f, basis, None, p)) <= c.gap, "the dual point does not prove so small a gap")


def gradient_norm2(P, p):
    """Bounds of its square."""
    m, low, high = P.X.meter, Fraction(0), Fraction(0)
    for g in p.backward(gradient(P, p.out)):
        x = g.norm2()
        if g.rad == 0:
            low, high = m.sum(low, x), m.sum(high, x)
        else:
            high = m.sum(high, m.square(g.norm_upper()))
            low = m.sum(low, m.square(max(Fraction(0), m.difference(sqrt_lower(x), g.rad))))
    return low, high


def verify_critical_point(f, P, c, k):
    low, high = gradient_norm2(P, Pass(P, Basis(P, "tangent")))
    bound = P.X.meter.square(c.gap or Fraction(0))
    ensure(high <= bound if k.proved else low > bound, "the bounds of the gradient do not show it")


def orthogonal(e, S):
    return not S.r or (e * S.t()).is_zero()


def off_zero(A):
    x = A.norm2()
    return x > 0 and (A.rad == 0 or sqrt_lower(x) > A.rad)


def sees(e, S):
    return off_zero(e * S.t())


def refuted_by_residual(P, p, e):
    """Theorem 3."""
    W = P.W[-1]
    if P.kind != "resnet" or W.c < W.r and rank(W) == W.c:
        return False
    return sees(e, P.X) or sees(e, p.H[-2])


def is_local_minimum(f, P):
    p = Pass(P, Basis(P, "functions"))
    e = gradient(P, p.out)
    if not e.rad and annihilates(Basis(P, "functions"), p, e):
        return True
    if refuted_by_residual(P, p, e):
        return False
    p.find_slopes()
    low, high = gradient_norm2(P, p)
    if low > 0:
        return False
    parts = flat_parts(P, p)
    if parts and any(off_zero(g) for g in p.pull(e, parts)):
        return False
    if P.kind in ("linear", "feedforward") and sees(e, chain_rows(P, p)):
        return False
    ensure(high == 0 and e.rad == 0, "the gradient is not off 0, and not exact")
    return True if orthogonal(e, cell(P, p)) else None


def verify_minimum(wanted):
    def verify(f, P, c, k):
        found = is_local_minimum(f, P)
        ensure(found is not None and found == (wanted == k.proved), "the exact decision is the opposite, or open")
    return verify


def describe(P):
    if not has_rational_values(P):
        raise Unsupported("transcendental activations")
    phi_bounds(P, Pass(P, Basis(P, "functions")).out)


def family(read, supports, verify):
    return Family(read, supports, verify, describe=describe, version=2, treats=needs_passes, shortcuts=True)


CLAIMS = {
    "global-minimizer": family(lambda rd, P, c, words: read_tolerance(rd, c, words, "gap"), supports,
                               verify_global_minimizer),
    "critical-point": family(lambda rd, P, c, words: read_tolerance(rd, c, words, "gradient"), supports,
                             verify_critical_point),
    "local-minimum": family(no_parameters, supports, verify_minimum(True)),
    "not-local-minimum": family(no_parameters, supports, verify_minimum(False)),
}
