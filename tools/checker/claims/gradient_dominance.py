# SPDX-License-Identifier: LGPL-2.1-or-later
"""gradient-dominance: h(W) - h* <= lambda ||grad h(W)||^2 on a neighbourhood (doc/mathematics.md,
"Gradient dominance, linear and residual", "Feedforward networks")."""
from fractions import Fraction

from activation import apply, lipschitz, rational_activation
from claims import Family, read_neighbourhood, square_loss_without_decay
from elimination import rank
from joint import Net
from matrix import from_rationals, inner, scalar
from neighbourhood import ensure_member, is_one_point, proof_radii, read_witness
from network import (affine, bias, gradient_norm2, has_rational_values, is_minimizer, loss,
                     pullback, units)
from number import round_up, sqrt_lower, sqrt_upper
from verdict import Unsupported, ensure


def read(rd, P, c, words):
    c.lam, = read_neighbourhood(rd, c, words, ("lambda",))


def supports(P, c, k):
    feed = P.kind == "feedforward"
    square_loss_without_decay(P)
    ensure(not feed or P.l >= 2, "a hidden layer is needed")
    ensure(not P.features, "features are not treated")
    ensure(len(c.rho) == (P.l - 1 if feed else P.n), "the number of radii")
    ensure(all(r >= 0 for r in c.rho) and c.lam >= 0, "a negative radius or lambda")
    ensure(c.norm != "feature" or (feed and P.l == 2), "norm: feature needs one hidden layer")
    ensure(k.constants.get("lambda") == c.lam, "lambda differs from the claim")


def verify(f, P, c, k):
    if not k.proved:
        ratio = witness(f, P, c, True)
        ensure(ratio and ratio[0] > f.meter.product(c.lam, ratio[1]), "this is no counterexample")
        return
    M = P.moments()
    lam = derive_feedforward(f, P, c) if M is None else derive_linear(f, P, M, c)
    ensure(lam <= c.lam, "the evidence does not prove so small a lambda")
    if "lambda_lower" in k.constants:
        x = lambda_lower(f, P, M, c)
        ensure(x is not None and k.constants["lambda_lower"] <= x, "lambda_lower is not proved")
    if "paper_lambda" in k.constants:
        x = paper_lambda(f, P, M)
        ensure(x and k.constants["paper_lambda"] <= x, "paper_lambda is not proved")


def derive_linear(f, P, M, c):
    """The lambda that the evidence proves: 1 / (2 s^2), or that of the point."""
    if M.p == 0:
        return Fraction(0)
    word = f.word("bound")
    if word == "point":
        return derive_point(f, P, M, c)
    net = Net(f, P, M, proof_radii(c))
    ensure(word in ("block", "joint", "data"), "bound: unknown", word)
    s2 = net.block_bound() if word == "block" else net.joint_bound(word == "data")
    ensure(s2 > 0, "bound: the lower bound of the gradient is 0")
    return 1 / (2 * s2)


def derive_point(f, P, M, c):
    """All radii 0: the quotient."""
    ensure(is_one_point(c), "bound: point needs radius 0")
    h, g2 = f.meter.difference(loss(P, M), M.infimum()), gradient_norm2(P, M)
    ensure(g2 or not h, "bound: the gradient is zero and h(W) > h_inf")
    return f.meter.quotient(h, g2) if h else Fraction(0)


def input_norm(f, k, H, norm):
    """What multiplies a perturbation of the layer behind the features H_k."""
    if norm == "spectral":
        return H.norm_upper()
    return sqrt_upper(f.norm2("norm:H:%d" % k, H))


def propagate(f, P, k, H, dev, rho, norm):
    """dev_k from dev_{k-1}: ||H_k - H_k*|| at most, H = H_{k-1}*."""
    m, t = f.meter, Fraction(0)
    if dev:
        w = sqrt_upper(f.norm2("norm:W:%d:%d" % (k + 1, k + 1), P.W[k], True))
        dev = m.product(dev, m.sum(w, rho))
    if rho:
        x = input_norm(f, k, H, norm)
        if P.bias:
            n = Fraction(H.c)
            x = min(m.sum(x, sqrt_upper(n)), sqrt_upper(2 * m.sum(m.square(x), n)))
        t = m.product(rho, x)
    return round_up(m.product(m.sum(dev, t), lipschitz(P.act[k])))


def hidden_features(f, P, c, keep):
    """Phi* over the samples that count, and how far it can be from Phi."""
    H, dev, rho = P.X.some_columns(keep), Fraction(0), proof_radii(c)
    for k in range(P.l - 1):
        if c.norm != "feature":
            dev = propagate(f, P, k, H, dev, rho[k], c.norm)
        Z = affine(P.W[k], H, bias(P, k)).rounded(f.bits)
        if not rational_activation(P.act[k]):
            raise Unsupported("the activation %s" % P.act[k][0])
        H = apply(P.act[k], Z)
    return (H.with_ones() if P.bias else H), (rho[0] if c.norm == "feature" else dev)


def derive_feedforward(f, P, c):
    """lambda = 1 / (2 f^2), f the smallest singular value of the features."""
    D, m = P.curvature(), f.meter
    keep = [j for j, x in enumerate(D) if x]
    d = [D[j] for j in keep]
    H, dev = hidden_features(f, P, c, keep)
    ensure(H.r >= len(keep), "features: fewer features than samples")
    mu = f.least2("features", H.columns_scaled_by_roots(d))
    if mu is None:
        K = H.gram().rounded(f.bits)
        N = scalar(len(keep), meter=m)
        mu = f.lower("features", K, N.columns_scaled([1 / x for x in d]), True)
    if dev:
        loss_of_rank = m.product(dev, sqrt_upper(max(d)))
        mu = m.square(max(Fraction(0), m.difference(sqrt_lower(mu), loss_of_rank)))
    ensure(mu > 0, "features: they may lose rank on this neighbourhood")
    return 1 / (2 * mu)


def witness(f, P, c, required):
    """h(W) - h(V) and ||grad h(W)||^2 at the roles witness:i and better:i, or None."""
    if not has_rational_values(P):
        return None
    Q = read_witness(f, P, "witness", required)
    if Q is None:
        return None
    ensure_member(f, Q, P, c)
    M = P.moments()
    h, g2 = loss(Q, M), gradient_norm2(Q, M)
    ensure(g2 is not None, "the witness is at a kink")
    return f.meter.difference(h, loss(read_witness(f, P, "better", False) or P, M)), g2


def limit_direction(f, P, M, c):
    """The quotient along the role direction, at an exact minimiser; or None."""
    if M is None or M.p == 0 or not all(c.rho) or not is_minimizer(P, M):
        return None
    D = f.matrix("direction", P.Y.r, M.p, False)
    if D is None:
        return None
    FS = D * M.S
    n, g2 = inner(FS, D), pullback(P, FS * M.T.t(), f.bits)
    ensure(n > 0 and g2 > 0, "direction: degenerate")
    return f.meter.quotient(n, g2) / 2


def lambda_lower(f, P, M, c):
    """A number that no valid lambda is below, or None."""
    best, ratio = limit_direction(f, P, M, c), witness(f, P, c, False)
    if ratio and ratio[1] > 0:
        x = f.meter.quotient(*ratio)
        best = x if best is None else max(x, best)
    return best


def quotient(f, role, matrices):
    """||A v||^2 / ||v||^2 for the index and vector of the role, or None."""
    v = f.numbers(role, matrices[0].c + 1, False)
    if v is None:
        return None
    ensure(v[0].denominator == 1 and 1 <= v[0] <= len(matrices), role, "the index")
    n = f.meter.sum(Fraction(0), *[f.meter.square(x) for x in v[1:]])
    ensure(n, role, "the vector is zero")
    A, v = matrices[int(v[0]) - 1], from_rationals([[x] for x in v[1:]], f.meter)
    return f.meter.quotient((A * v).norm2(), n)


def paper_features(f, P):
    """Theorem 3: 1 / (2 tau^2)."""
    a = P.act[0]
    onto = a[0] == "identity" or (a[0] == "leaky-relu" and a[1] > 0)
    if P.l != 2 or P.bias or P.W[0].r != P.X.c or not onto:
        return None
    H = apply(a, P.W[0] * P.X)
    q = quotient(f, "paper-features", [H]) if rank(H) == P.X.c else None
    return q and 2 / q


def paper_applies(P, M):
    """Theorem 1 or 2 treats this network and point."""
    d = P.X.r
    if any(W.r != d or ((P.kind == "linear" or P.r > 1) and rank(W) != d) for W in P.W):
        return False
    return M.p == d and is_minimizer(P, M) and all(rank(A) == d for A in units(P))


def paper_lambda(f, P, M):
    """A lower bound of the constant of the paper, or None where it has none."""
    if any(d != 1 for d in P.curvature()):
        return None
    if P.kind == "feedforward":
        return paper_features(f, P)
    if not paper_applies(P, M):
        return None
    U, total = units(P), Fraction(2 * P.n)
    parts = [("paper-data", [P.X.t()], 1), ("paper-layer", U, P.l - 1)]
    parts += [("paper-block", P.W, P.r - 1)] if P.r > 1 else []
    for role, matrices, power in parts:
        q = quotient(f, role, matrices)
        if q is None:
            return None
        q = q if role == "paper-data" else q / 4
        total = f.meter.product(total, *[q] * power)
    return 1 / total if total else None


def describe(P):
    """Whether the point is a minimiser."""
    if P.kind != "feedforward":
        is_minimizer(P, P.moments())
    elif has_rational_values(P):
        loss(P, None)


CLAIMS = {"gradient-dominance": Family(read, supports, verify, describe,
                                       ("lambda", "lambda_lower", "paper_lambda"))}
