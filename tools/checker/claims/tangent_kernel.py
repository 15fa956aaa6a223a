# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tangent kernel: where the derivatives of the outputs on the distinct samples are linearly independent,
critical points are global minimisers (doc/rules/tangent-kernel.md)."""
from fractions import Fraction

from basis import Basis, Pass, groups
from claims import Family, square_loss_only
from claims.feedforward_points import gradient_norm2
from claims.standing_assumptions import data_has_full_rank, supports as supports_data
from deviation import Deviation, factor_back
from elimination import rank
from loss import phi_bounds, supports_loss
from matrix import Matrix, ones, scalar
from neighbourhood import blocks_within, read_witness
from number import round_up, sqrt_lower, sqrt_upper
from verdict import ensure


def supports_layers(P, c, k):
    ensure(P.kind != "residual" and P.features is None and P.decay == 0, "layers, no decay")
    supports_loss(P)


def supports_neighbourhood(P, c, k):
    supports_layers(P, c, k)
    ensure(c.norm == "frobenius" and len(c.rho) == P.l and all(r >= 0 for r in c.rho), "the neighbourhood")


def supports_dominance(P, c, k):
    square_loss_only(P)
    supports_neighbourhood(P, c, k)


def supports_rank(P, c, k):
    (supports_layers if c.of else supports_data)(P, c, k)


def read_neighbourhood(rd, P, c, words):
    ensure(len(words) >= 4 and words[0] == "norm" and words[2] == "radius", "the claim line")
    c.norm = words[1]
    n = rd.count(words[3], 0, rd.limits["layers"], "radii")
    ensure(len(words) >= 4 + n, "radii are missing")
    c.rho = rd.rationals(words[4:4 + n], n, 1)
    return words[4 + n:]


def read_no_bad(rd, P, c, words):
    ensure(not read_neighbourhood(rd, P, c, words), "the claim line")


def read_dominance(rd, P, c, words):
    rest = read_neighbourhood(rd, P, c, words)
    ensure(len(rest) == 2 and rest[0] == "lambda", "the claim line")
    c.lam = rd.rational(rest[1])
    ensure(c.lam >= 0, "lambda is negative")


def read_rank(rd, P, c, words):
    ensure(not words or len(words) == 2 and words[0] == "of" and words[1] in ("features", "tangent"), "the claim line")
    c.of = words[1] if words else None


def distinct(P):
    """One sample for each distinct one of positive weight, and twice the scale times the weights of all of them."""
    m, found = P.X.meter, {}
    number = groups(P.X)[0]
    for j, w in enumerate(P.w):
        if w:
            first, D = found.get(number[j], (j, Fraction(0)))
            half = m.product(P.scale, w)
            found[number[j]] = first, m.sum(D, half, half)
    return sorted(found.values(), key=lambda x: x[0])


def rows_of_samples(A, samples, d):
    return A.some_rows([j * d + a for j, _ in samples for a in range(d)])


def kernel(f, P, p, samples, block):
    """J J^T on the distinct samples, the layers of the mask alone."""
    d, n = P.Y.r, len(samples) * P.Y.r
    K = Matrix([[0] * n for _ in range(n)], cols=n, meter=f.meter)
    A = ones(P.X.c, 1).kron(scalar(d))
    for k in range(P.l - 1, -1, -1):
        if block[k]:
            H = rows_of_samples(p.inputs[k].t(), samples, 1)
            G = H.gram_rows()
            if P.bias_of(k) is not None:
                G = G.plus(Fraction(1), ones(G.r, 1) * ones(1, G.r))
            B = rows_of_samples(A, samples, d)
            part = B.gram_rows().times_entries(G.kron(ones(d, 1) * ones(1, d)))
            K = K.plus(Fraction(1), part).rounded(f.bits)
        if k:
            A = factor_back(P, p, A, k, f.bits)
    return K


def kernel_bound(f, P, p, samples, block, weighted):
    n = len(samples) * P.Y.r
    f.expect_bound("kernel", n)
    N = scalar(n, meter=f.meter)
    if weighted:
        N = N.columns_scaled([1 / D for _, D in samples for _ in range(P.Y.r)])
    return f.lower("kernel", kernel(f, P, p, samples, block), N, True)


def jacobian_deviation(P, m, d, samples, block, weighted):
    total = Fraction(0)
    for k in range(P.l):
        for j, D in samples if block[k] else ():
            one = Fraction(P.bias_of(k) is not None)
            size = sqrt_upper(m.sum(m.square(d.eta[k][j]), one))
            t = m.square(m.sum(m.product(d.size[k][j], d.delta[k][j]), m.product(d.shift[k][j], size)))
            total = round_up(m.sum(total, m.product(t, D) if weighted else t))
    return round_up(sqrt_upper(total))


def least_square(f, P, c, weighted):
    """A bound of the square of the least singular value on the neighbourhood."""
    m = f.meter
    block = f.numbers("blocks", P.l, False) or [Fraction(1)] * P.l
    ensure(all(x in (0, 1) for x in block), "blocks: 0 or 1")
    p = Pass(P, Basis(P, "tangent"))
    d = Deviation(f, P, p, [round_up(r) for r in c.rho])
    d.derivatives()
    samples = distinct(P)
    mu = kernel_bound(f, P, p, samples, block, weighted)
    delta = jacobian_deviation(P, m, d, samples, block, weighted)
    least = m.difference(sqrt_lower(mu), delta)
    ensure(least > 0, "the derivatives of the outputs may lose rank on this neighbourhood")
    return m.square(least) if delta else mu


def verify_no_bad(f, P, c, k):
    ensure(k.proved, "it is never refuted")
    least_square(f, P, c, False)


def least_loss(P):
    """Of all functions of the sample."""
    m, number = P.X.meter, groups(P.X)[0]
    total = Fraction(0)
    for k in range(P.Y.r):
        sums = {}
        for i, w in enumerate(P.w):
            cw, y = m.product(P.scale, w), P.Y.at(k, i)
            total = m.sum(total, m.product(cw, y, y))
            a, b = sums.get(number[i], (Fraction(0), Fraction(0)))
            sums[number[i]] = m.sum(a, m.product(cw, y)), m.sum(b, cw)
        for a, b in sums.values():
            if b:
                total = m.difference(total, m.quotient(m.square(a), b))
    return total


def excess_and_gradient(P):
    p = Pass(P, Basis(P, "tangent"))
    excess = P.X.meter.difference(phi_bounds(P, p.out)[0], least_loss(P))
    return max(Fraction(0), excess), gradient_norm2(P, p)[1]


def witness(f, P, c):
    """Loss above the least one, and the square of the gradient, at a point of the neighbourhood, or None."""
    Q = read_witness(f, P, "witness", False)
    if Q is None:
        return None
    ensure(blocks_within(f, Q, P, c), "witness:1: the point is not shown to lie in the neighbourhood")
    return excess_and_gradient(Q)


def verify_dominance(f, P, c, k):
    there = witness(f, P, c)
    if not k.proved:
        excess, g2 = there or excess_and_gradient(P)
        ensure(excess > f.meter.product(g2, c.lam), "witness:1: the inequality holds at this point")
        return
    ensure(1 / (2 * least_square(f, P, c, True)) <= c.lam, "the evidence does not prove so small a lambda")


def verify_rank(f, P, c, k):
    if not c.of:
        ensure(data_has_full_rank(P) == k.proved, "the exact decision is the opposite")
        return
    p, samples = Pass(P, Basis(P, "tangent" if c.of == "tangent" else "functions")), distinct(P)
    few = (p.inputs[-1].r + (P.bias_of(P.l - 1) is not None) < len(samples) if c.of == "features" else
           sum(W.r * (W.c + (P.bias_of(k) is not None)) for k, W in enumerate(P.W)) < len(samples) * P.Y.r)
    if few:
        ensure(not k.proved, "the exact decision is the opposite")
    elif c.of == "features":
        H = p.inputs[-1].with_ones() if P.bias_of(P.l - 1) is not None else p.inputs[-1]
        ensure((rank(rows_of_samples(H.t(), samples, 1)) == len(samples)) == k.proved, "the exact decision is the opposite")
    elif k.proved:
        ensure(kernel_bound(f, P, p, samples, [1] * P.l, False) > 0, "kernel: the bound is 0")
    else:
        u = f.matrix("null", P.Y.r, len(samples), True)
        rows = [[0] * P.X.c for _ in range(P.Y.r)]
        for i, (j, _) in enumerate(samples):
            for a in range(P.Y.r):
                rows[a][j] = u.a[a][i]
        spread = Matrix(rows, u.den, cols=P.X.c, meter=u.meter)
        ensure(not spread.is_zero() and all(g.is_zero() for g in p.backward(spread)), "null: it is 0, or some parameter moves it")


CLAIMS = {
    "no-bad-critical-point": Family(read_no_bad, supports_neighbourhood, verify_no_bad, version=2, shortcuts=True),
    "tangent-dominance": Family(read_dominance, supports_dominance, verify_dominance, version=2, shortcuts=True),
    "full-rank": Family(read_rank, supports_rank, verify_rank, version_of=lambda P, c: 2 if c.of else 1,
                        treats=lambda P: not P.linear, shortcuts=True),
}
