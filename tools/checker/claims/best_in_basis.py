# SPDX-License-Identifier: LGPL-2.1-or-later
"""best-in-basis: no member of a basis of outputs has a loss much below that of the point
(doc/rules/best-in-basis.md)."""
from basis import Basis, Pass, annihilates, lower, upper
from claims import Family
from loss import gradient, phi_bounds, supports_loss
from verdict import ensure


def read(rd, P, c, words):
    ensure(words, "the claim line")
    ensure(words[0] == "basis" and len(words) >= 2, "the claim line")
    c.basis, rest = Basis(P, words[1]), words[2:]
    c.radius = c.gap = None
    if rest[:1] == ["radius"]:
        ensure(len(rest) >= 2, "the claim line")
        c.radius, rest = rd.rational(rest[1]), rest[2:]
    if rest[:1] == ["gap"]:
        ensure(len(rest) == 2, "the claim line")
        c.gap, rest = rd.rational(rest[1]), []
    ensure(not rest and (c.radius or 0) >= 0 and (c.gap or 0) >= 0, "the claim line")


def supports(P, c, k):
    ensure(P.kind != "residual" and P.features is None, "linear and feedforward networks only")
    ensure(P.decay == 0, "weight-decay is not treated")
    ensure(c.radius is None or c.basis.has_radius(P), "no radius for this basis")
    ensure(c.gap is not None or c.basis.has_point(P) and c.radius != 0, "a gap is missing")
    supports_loss(P)


def is_best(c, p, P):
    """Exactly; None if the gradient is not rational."""
    e = gradient(P, p.out)
    return None if e.rad else annihilates(c.basis, p, e)


def verify(f, P, c, k):
    p = Pass(P, c.basis)
    m = P.X.meter
    if c.gap is None:
        ensure(is_best(c, p, P) == k.proved, "the exact decision is the opposite, or the gradient irrational")
        return
    low, high = phi_bounds(P, p.out)
    if not k.proved:
        ensure(upper(f, c.basis, c.radius, p) < m.difference(low, c.gap), "the member is not so far below")
        return
    if c.basis.has_point(P) and is_best(c, p, P):
        return
    ensure(m.difference(high, lower(f, c.basis, c.radius, p)) <= c.gap,
           "the dual point does not prove so small a gap")


def describe(P):
    phi_bounds(P, Pass(P, Basis(P, "functions")).out)


CLAIMS = {"best-in-basis": Family(read, supports, verify, describe=describe, version=2, shortcuts=True)}
