# SPDX-License-Identifier: LGPL-2.1-or-later
"""Points of feedforward networks: global minimisers among all functions, critical points, local
minima of piecewise linear networks (doc/rules/global-minimizer.md and doc/rules/critical-point.md,
"Feedforward networks")."""
from fractions import Fraction

from basis import Basis, Pass, annihilates, layer_input, lower, tangent_parts
from cell import cell
from claims import Family, no_parameters, read_tolerance, regularized_global_minimum
from elimination import rank
from flat import chain_rows, flat_parts
from kinks import Kinks, are_there as are_kinks_there, shows_minimum, supports_kinks
from hessian import has_evidence, is_minimum as is_hessian_minimum, is_semidefinite
from loss import gradient, phi_bounds, supports_loss
from matrix import inner, row_matrix
from network import has_moments, has_rational_values
from number import sqrt_lower
from verdict import Unsupported, ensure


def needs_passes(P):
    """Linear networks with weight decay, too: h is then no function of the product."""
    return not has_moments(P) or P.decay != 0 and P.kind == "linear"


def supports_decay(P, c, k):
    ensure(P.features is None and P.kind != "residual", "features, residual networks")
    supports_loss(P)


def supports(P, c, k):
    supports_decay(P, c, k)
    ensure(P.decay == 0, "weight-decay")


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
    for g in p.gradient():
        x = g.norm2()
        if g.rad == 0:
            low, high = m.sum(low, x), m.sum(high, x)
        else:
            high = m.sum(high, m.square(g.norm_upper()))
            low = m.sum(low, m.square(max(Fraction(0), m.difference(sqrt_lower(x), g.rad))))
    return low, high


def verify_critical_point(f, P, c, k):
    if are_kinks_there(P):
        K = Kinks(P, Pass(P, Basis(P, "functions")).out)
        if K.sharp:
            ensure(not k.proved, "h has no gradient at this kink")
            return
        x = K.gradient_norm2()
        ensure((x <= P.X.meter.square(c.gap or Fraction(0))) == k.proved, "the gradient does not show it")
        return
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


def entry_curvature(P, cw, e, error, y, q, rad):
    """At least phi'' as doc/rules/critical-point.md has it, "Curvature", for one output of a sample."""
    m = P.X.meter
    if P.loss == "square":
        return m.sum(cw, cw)
    if P.loss == "cross-entropy":
        return max(Fraction(0), m.sum(e, m.product(cw, y), error))
    if P.loss == "logistic":
        least = max(Fraction(0), m.difference(abs(e), error))
        return max(Fraction(0), m.difference(m.sum(-m.product(e, y), m.product(error, abs(y))), m.quotient(m.square(least), cw)))
    margin = m.sum(m.difference(Fraction(1), m.product(y, q)), m.product(abs(y), rad))
    if margin < 0:
        return Fraction(0)
    factor = m.product(Fraction(P.power * (P.power - 1)), cw, y, y)
    return m.product(factor, *[margin] * (P.power - 2))


def curvature(P, p, e, V):
    """At least the second derivative of the loss along V, for piecewise linear networks."""
    m, zero = P.X.meter, P.X.minus(P.X)
    first, second = [zero], [zero]
    for k, (_, rows) in enumerate(tangent_parts(P, p)):
        one, two = layer_input(P, first, k), layer_input(P, second, k)
        W = V[k].some_columns(range(P.W[k].c))
        a = (P.W[k] * one).plus(Fraction(1), V[k] * rows)
        b = (P.W[k] * two).plus(Fraction(2), W * one)
        hidden = k < P.l - 1 and P.act
        first.append(a.times_entries(p.slopes[k]) if hidden else a)
        second.append(b.times_entries(p.slopes[k]) if hidden else b)
    total = m.sum(inner(e, second[-1]), m.product(second[-1].norm_upper(), e.rad))
    for i, w in enumerate(P.w):
        cw = m.product(P.scale, w)
        if not cw:
            continue
        a, y, q, g = ([A.at(k, i) for k in range(P.Y.r)] for A in (first[-1], P.Y, p.out, e))
        mu, s = Fraction(0), m.product(cw, m.sum(Fraction(0), *y))
        if P.loss == "cross-entropy":
            mu = m.sum(Fraction(0), *[m.product(m.sum(x, m.product(cw, z)), b) for x, z, b in zip(g, y, a)])
            mu = m.quotient(mu, s) if s else mu
        for b, z, x, h in zip(a, y, q, g):
            total = m.sum(total, m.product(entry_curvature(P, cw, h, e.rad, z, x, p.out.rad), m.square(m.difference(b, mu))))
    for k, A in enumerate(V if P.decay else []):
        counted = A.some_columns(range(P.W[k].c + (P.decayed_bias(k) is not None)))
        total = m.sum(total, m.product(P.decay, counted.norm2()))
    return total


def refuted_by_curvature(f, P, p, e):
    """False where a direction of negative curvature is given; None without one."""
    shapes = [(W.r, W.c + (P.bias_of(k) is not None)) for k, W in enumerate(P.W)]
    V = []
    for k, (r, c) in enumerate(shapes):
        A = f.matrix("curve:%d" % (k + 1), r, c, k > 0)
        if A is None:
            return None
        V.append(A)
    ensure(curvature(P, p, e, V) < 0, "curve:1: the curvature along it is not shown to be negative")
    return False


def is_local_minimum(f, P):
    p = Pass(P, Basis(P, "functions"))
    e = gradient(P, p.out)
    if not e.rad and annihilates(Basis(P, "functions"), p, e):
        return True
    if refuted_by_residual(P, p, e):
        return False
    if are_kinks_there(P):
        return Kinks(P, p.out).decide(f)
    p.find_slopes()
    low, high = gradient_norm2(P, p)
    if low > 0:
        return False
    parts = flat_parts(P, p)
    if parts and any(off_zero(g) for g in p.pull(e, parts)):
        return False
    if P.kind in ("linear", "feedforward") and sees(e, chain_rows(P, p)[0]):
        return False
    if high == 0 and e.rad == 0 and orthogonal(e, cell(P, p)):
        return True
    if high == 0 and e.rad == 0 and shows_minimum(f, P, p.out):
        return True
    falls = refuted_by_curvature(f, P, p, e)
    if falls is None and high == 0 and e.rad == 0 and has_evidence(f, P, p):
        return is_hessian_minimum(f, P, p, True)
    return falls


def has_zero_unit(f, P, linear):
    """A unit is 0, or for linear ones a rotation makes one 0: W_2 e = 0, e^T [W_1, b_1] = 0."""
    first = P.W[0].t().stacked(P.b[0].t()) if P.bias else P.W[0].t()
    columns = first.stacked(P.W[1])
    if not linear:
        return any(not any(column) for column in zip(*columns.a))
    e = row_matrix(f.numbers("kernel", P.W[0].r, True)).t()
    return not e.is_zero() and (columns * e).is_zero()


def is_decayed_minimum(f, P):
    """With weight decay, for the reason of the word."""
    by = f.word("by")
    if by in ("dual", "escape"):
        regularized_global_minimum.supports(P)
        w = regularized_global_minimum.Widths(P)
        if by == "dual":
            ensure(w.lower(f) >= w.loss(), "by: the dual point is not worth the loss of the point")
            return True
        ensure(has_zero_unit(f, P, w.slope == 1), "by: no unit is 0")
        ensure(w.gain(f.numbers("unit:1", w.d + w.k, True)) > 0, "unit:1: this unit gains nothing to second order")
        return False
    p = Pass(P, Basis(P, "functions"))
    if by == "kinks":
        supports_kinks(P)
        return Kinks(P, p.out).decide(f)
    p.find_slopes()
    if by == "gradient":
        ensure(gradient_norm2(P, p)[0] > 0, "by: the gradient is not off 0")
        return False
    if by == "hessian":
        return is_hessian_minimum(f, P, p, gradient_norm2(P, p)[1] == 0)
    ensure(by == "curvature", "by: dual, escape, kinks, gradient, curvature or hessian is expected")
    return refuted_by_curvature(f, P, p, gradient(P, p.out))


def verify_minimum(wanted):
    def verify(f, P, c, k):
        found = is_decayed_minimum(f, P) if P.decay else is_local_minimum(f, P)
        ensure(found is not None and found == (wanted == k.proved), "the exact decision is the opposite, or open")
    return verify


def with_slopes(P):
    p = Pass(P, Basis(P, "functions"))
    p.find_slopes()
    return p


def falls(f, P, p):
    ensure(refuted_by_curvature(f, P, p, gradient(P, p.out)) is False, "curve:1: no direction is given")


def verify_strict_saddle(f, P, c, k):
    p = with_slopes(P)
    low, high = gradient_norm2(P, p)
    if k.proved:
        ensure(high == 0, "the gradient is not shown to be zero")
        falls(f, P, p)
    else:
        ensure(low > 0 or is_semidefinite(f, P, p), "hessian")


def rises(P, p):
    """Strictly, in the last layer."""
    if P.decay:
        return True
    return P.loss == "square" and not layer_rows(P, p).columns_scaled(P.curvature()).is_zero()


def layer_rows(P, p):
    return tangent_parts(P, p)[-1][1]


def verify_saddle_at_kinks(f, P, k):
    p = Pass(P, Basis(P, "functions"))
    K = Kinks(P, p.out)
    if not K.gradient_is_zero():
        ensure(not k.proved, "the gradient is not zero, or h has none")
        return
    falls = not K.decide(f)
    if falls and not rises(P, p):
        ensure(K.curve(f, "up", True)[1] > 0, "up-degree: h does not rise along this curve")
    ensure(falls == k.proved, "the exact decision is the opposite")


def verify_saddle(f, P, c, k):
    if are_kinks_there(P):
        verify_saddle_at_kinks(f, P, k)
        return
    p = with_slopes(P)
    low, high = gradient_norm2(P, p)
    if k.proved:
        ensure(rises(P, p), "larger values")
        ensure(high == 0, "the gradient is not shown to be zero")
        falls(f, P, p)
    else:
        ensure(low > 0 or high == 0 and shows_minimum(f, P, p.out) or is_hessian_minimum(f, P, p, high == 0), "hessian")


def verify_hessian_psd(f, P, c, k):
    p = with_slopes(P)
    if k.proved:
        is_semidefinite(f, P, p)
    else:
        falls(f, P, p)


def supports_hessian(P, c, k):
    ensure(P.loss != "smooth-hinge", "losses with second derivatives")
    supports_decay(P, c, k)


def describe(P):
    if not has_rational_values(P):
        raise Unsupported("transcendental activations")
    phi_bounds(P, Pass(P, Basis(P, "functions")).out)


def family(read, supports, verify):
    return Family(read, supports, verify, describe=describe, version=2, treats=needs_passes, shortcuts=True)


CLAIMS = {
    "global-minimizer": family(lambda rd, P, c, words: read_tolerance(rd, c, words, "gap"), supports,
                               verify_global_minimizer),
    "critical-point": family(lambda rd, P, c, words: read_tolerance(rd, c, words, "gradient"), supports_decay,
                             verify_critical_point),
    "strict-saddle": family(no_parameters, supports_hessian, verify_strict_saddle),
    "saddle": family(no_parameters, supports_hessian, verify_saddle),
    "hessian-psd": family(no_parameters, supports_hessian, verify_hessian_psd),
    "local-minimum": family(no_parameters, supports_decay, verify_minimum(True)),
    "not-local-minimum": family(no_parameters, supports_decay, verify_minimum(False)),
}
