# SPDX-License-Identifier: LGPL-2.1-or-later
"""Points of feedforward networks: global minimisers among all functions, critical points, local
minima of piecewise linear networks (doc/rules/global-minimizer.md and doc/rules/critical-point.md,
"Feedforward networks")."""
from fractions import Fraction

from basis import Basis, Pass, annihilates, lower
from claims import Family, no_parameters, read_tolerance
from elimination import independent_rows, rank
from loss import gradient, phi_bounds, supports_loss
from matrix import ones
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


def independent(S):
    return S.some_rows(independent_rows(S)[0]) if S.r else S


def with_bias(P, S, k=0):
    """The span of the inputs of layer k, with the row of ones of its bias."""
    if P.bias_of(k) is None:
        return S
    return S.stacked(ones(1, P.X.c)) if S.r else ones(1, P.X.c)


def repeated(slopes, i):
    return any(slopes.a[j] == slopes.a[i] for j in range(i))


def masked(S, slopes, i):
    """d o s for the rows s of S."""
    return S.times_entries(slopes.some_rows([i] * S.r))


def cell(P, p):
    """A basis of the outputs of all networks with this pattern."""
    S = independent(with_bias(P, P.X))
    spaces = [S]
    for k, slopes in enumerate(p.slopes):
        parts = [masked(S, slopes, i) for i in range(slopes.r) if not repeated(slopes, i) and S.r]
        total = parts[0] if parts else S
        for part in parts[1:]:
            total = total.stacked(part)
        S = with_bias(P, total, k + 1)
        if P.kind == "resnet" and k == P.l - 3:
            S = S.stacked(P.X)
        S = independent(S) if S.r else S
        spaces.append(S)
    for k in P.skips:
        S = S.stacked(spaces[k]) if S.r and spaces[k].r else S if S.r else spaces[k]
    return independent(S) if P.skips and S.r else S


def orthogonal(e, S):
    return not S.r or (e * S.t()).is_zero()


def is_local_minimum(P, p):
    e = gradient(P, p.out)
    low, high = gradient_norm2(P, p)
    if low > 0:
        return False
    ensure(high == 0 and e.rad == 0, "the gradient is not off 0, and not exact")
    if orthogonal(e, cell(P, p)):
        return True
    if P.l != 2 or P.kind != "feedforward":
        return None
    slopes, W = p.slopes[0], P.W[1].t()
    for i in range(slopes.r):
        if repeated(slopes, i):
            continue
        group = [k for k in range(slopes.r) if slopes.a[k] == slopes.a[i]]
        Phi, n = masked(with_bias(P, P.X), slopes, i), len(group)
        settled = (n >= min(W.c, rank(Phi)) or rank(W.some_rows(group)) < n
                   or rank(p.inputs[1].some_rows(group)) < n)
        if settled and not orthogonal(e, Phi):
            return False
    return None


def verify_minimum(wanted):
    def verify(f, P, c, k):
        found = is_local_minimum(P, Pass(P, Basis(P, "tangent")))
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
