# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a model with fixed parameters says of all points near: doc/rules/induced-bound.md."""
from fractions import Fraction

from basis import Basis, Pass, tangent_parts
from claims import Family
from claims.feedforward_points import gradient_norm2
from deviation import Deviation
from flat import seen
from loss import phi_bounds, supports_loss
from loss_range import loss_range
from number import round_up, sqrt_upper
from verdict import ensure


def read_neighbourhood(rd, P, c, words):
    """of MODEL norm frobenius radius n q*n; the words that follow."""
    ensure(len(words) >= 6 and words[0] == "of" and words[1] in ("last", "tangent") and words[2] == "norm"
           and words[4] == "radius", "the claim line")
    c.model, c.norm = words[1], words[3]
    n = rd.count(words[5], 0, rd.limits["layers"], "radii")
    ensure(len(words) >= 6 + n, "radii are missing")
    c.rho = rd.rationals(words[6:6 + n], n, 1)
    return words[6 + n:]


def read_bound(rd, P, c, words):
    rest = read_neighbourhood(rd, P, c, words)
    ensure(len(rest) == 4 and rest[0] == "value" and rest[2] == "slope", "the claim line")
    c.value, c.slope = rd.rational(rest[1]), rd.rational(rest[3])
    ensure(c.value >= 0 and c.slope >= 0, "value or slope is negative")


def read_none(rd, P, c, words):
    ensure(not read_neighbourhood(rd, P, c, words), "the claim line")


def supports(P, c, k):
    ensure(P.kind != "residual" and P.features is None and P.decay == 0, "linear and feedforward networks, no decay")
    ensure(c.norm == "frobenius" and len(c.rho) == P.l and all(r >= 0 for r in c.rho), "the neighbourhood")
    supports_loss(P)


def last_bound(f, P, p, d):
    m, W, b = f.meter, P.W[-1], P.bias_of(P.l - 1)
    A = f.matrix("member", W.r, W.c + (b is not None), True)
    own = W.t().stacked(b.t()).t() if b is not None else W
    H = seen(P, p, P.l - 1)
    two = sqrt_upper(Fraction(2 if b is not None else 1))
    slope = round_up(m.sum(own.minus(A).norm_upper(), m.product(two, d.rho[-1])))
    size = A.t().some_rows(range(W.c)).norm_upper()
    return loss_range(P, A * H, [m.product(size, x) for x in d.delta[P.l - 1]], False), slope


def column_norm(m, A, i):
    return round_up(sqrt_upper(m.sum(Fraction(0), *[m.square(A.at(k, i)) for k in range(A.r)])))


def tangent_bound(f, P, p, d):
    m = f.meter
    parts = tangent_parts(P, p)
    V = [f.matrix("member:%d" % (k + 1), P.W[k].r, rows.r, True) for k, rows in parts]
    reach = list(d.zeta[P.l - 1])
    for k, rows in parts:
        t = V[k] * rows
        size = V[k].t().some_rows(range(P.W[k].c)).norm_upper()
        for i in range(P.X.c):
            reach[i] = round_up(m.sum(reach[i], m.product(d.shift[k][i], column_norm(m, t, i)),
                                      m.product(d.size[k][i], size, d.delta[k][i])))
    slope = round_up(sqrt_upper(m.sum(Fraction(0), *[A.norm2() for A in V])))
    F = p.out.plus(Fraction(1), p.push(V, parts))
    return loss_range(P, F, reach, False), slope


def bounds(f, P, c):
    """Value, slope and the least loss of the neighbourhood."""
    p = Pass(P, Basis(P, "tangent" if c.model == "tangent" else "functions"))
    d = Deviation(f, P, p, [round_up(r) for r in c.rho])
    if c.model == "tangent":
        d.derivatives()
    value, slope = (tangent_bound if c.model == "tangent" else last_bound)(f, P, p, d)
    return value, slope, loss_range(P, p.out, d.zeta[P.l - 1], True)


def verify_bound(f, P, c, k):
    m = f.meter
    if k.proved:
        value, slope, _ = bounds(f, P, c)
        ensure(value <= c.value and slope <= c.slope, "the member does not prove so small a value and slope")
        return
    p = Pass(P, Basis(P, "tangent"))
    high = sqrt_upper(gradient_norm2(P, p)[1])
    ensure(phi_bounds(P, p.out)[0] > m.sum(c.value, m.product(high, c.slope)), "the bound holds at the point")


def verify_none(f, P, c, k):
    if k.proved:
        value, _, low = bounds(f, P, c)
        ensure(value < low, "the member does not lie below the least loss of the neighbourhood")
    else:
        ensure(gradient_norm2(P, Pass(P, Basis(P, "tangent")))[1] == 0, "the gradient at the point is not exactly zero")


CLAIMS = {"induced-bound": Family(read_bound, supports, verify_bound, version=2, shortcuts=True),
          "no-critical-point": Family(read_none, supports, verify_none, version=2, shortcuts=True)}
