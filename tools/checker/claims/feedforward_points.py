# SPDX-License-Identifier: LGPL-2.1-or-later
"""Points of feedforward networks: global minimisers among all functions, critical points, local
minima of piecewise linear networks (doc/rules/global-minimizer.md and doc/rules/critical-point.md,
"Feedforward networks")."""
from fractions import Fraction

from basis import Basis, Pass, annihilates, lower
from cell import cell, masked, repeated, with_bias
from claims import Family, no_parameters, read_tolerance
from elimination import rank
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


def orthogonal(e, S):
    return not S.r or (e * S.t()).is_zero()


def off_zero(A):
    x = A.norm2()
    return x > 0 and (A.rad == 0 or sqrt_lower(x) > A.rad)


def sees(e, S):
    return off_zero(e * S.t())


def seen(P, p, k):
    """The input of layer k, from 0, and the row of ones of its bias."""
    return with_bias(P, p.inputs[k], k)


def refuted_by_residual(P, p, e):
    """Theorem 3."""
    W = P.W[-1]
    if P.kind != "resnet" or W.c < W.r and rank(W) == W.c:
        return False
    return sees(e, P.X) or sees(e, p.H[-2])


def has_twin(P, k, i):
    if P.kind == "resnet" and k == P.l - 2:
        return False                # equal rows of R do not give equal rows of X + R Z
    row = [P.W[k].a[i], P.bias_of(k) is not None and P.b[k].a[i]]
    return any(row == [P.W[k].a[j], P.bias_of(k) is not None and P.b[k].a[j]] for j in range(P.W[k].r) if j != i)


def refuted_by_unit(P, p, e, place):
    """(N2): a unit whose row depends on what the next layer sees besides."""
    ensure(all(x.denominator == 1 for x in place), "unit: whole numbers")
    layer, unit = (int(x) for x in place)
    ensure(1 <= layer < P.l and 1 <= unit <= P.W[layer - 1].r, "unit: there is no such one")
    k, i = layer - 1, unit - 1
    all_rows = seen(P, p, layer)
    rest = [j for j in range(all_rows.r) if j != i]
    dependent = has_twin(P, k, i) or (not any(all_rows.a[0]) if not rest else
                                      rank(all_rows.some_rows(rest)) == rank(all_rows))
    unseen = not P.skips and not any(row[i] for row in P.W[layer].a)
    D = p.derivative(e, layer + 1)
    S = seen(P, p, k)
    return (dependent or unseen) and sees(D, masked(S, p.slopes[k], i) if P.act else S)


def refuted_by_chain(P, p, e, masks):
    """Theorem 4; masks: 0 or 1 for the units of the layers l - 1, l - 2, .."""
    ensure(P.kind in ("linear", "feedforward"), "chain: without shortcuts")
    M, after = ones(1, P.X.c), None
    for k, mask in zip(range(P.l - 2, -1, -1), masks):
        units = [i for i, x in enumerate(mask) if x]
        ensure(all(x in (0, 1) for x in mask) and len(units) >= P.Y.r, "chain: as many units as outputs")
        if P.act:
            rows = [p.slopes[k].a[i] for i in units]
            ensure(all(row == rows[0] for row in rows), "chain: the slopes differ")
            M = M.times_entries(p.slopes[k].some_rows(units[:1]))
        ensure(after is None or not any(P.W[k + 1].a[i][j] for i in range(P.W[k + 1].r) if not after[i] for j in units),
               "chain: a unit goes on to others")
        S = seen(P, p, k)
        if sees(e, S.times_entries(M.some_rows([0] * S.r))):
            return True
        after = mask
    return False


def by_evidence(f, P, p, e):
    """Whether a unit or a chain refutes; None without one."""
    unit = f.numbers("unit", 2, False)
    if unit is not None:
        return refuted_by_unit(P, p, e, unit)
    masks = []
    for k in range(P.l - 1, 0, -1):
        mask = f.numbers("chain:%d" % k, P.W[k - 1].r, False)
        if mask is None:
            break
        masks.append(mask)
    return refuted_by_chain(P, p, e, masks) if masks else None


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
    shown = by_evidence(f, P, p, e)
    ensure(shown is not False, "the unit or the chain does not show it")
    if shown:
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
