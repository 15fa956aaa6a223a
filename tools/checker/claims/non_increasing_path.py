# SPDX-License-Identifier: LGPL-2.1-or-later
"""Units that can be scaled down to 0: doc/rules/non-increasing-path.md."""
from fractions import Fraction

from claims import Family, no_parameters, regularized_global_minimum
from loss import supports_loss
from verdict import ensure


def supports(P, c, k):
    regularized_global_minimum.supports_units(P)
    supports_loss(P)


def verify(f, P, c, k):
    ensure(k.proved, "it is never refuted")
    w, m = regularized_global_minimum.Widths(P), P.X.meter
    d, end = f.numbers("multiples", P.W[0].r, True), f.word("end")
    ensure(end in ("zero", "global", "escape"), "end: zero, global or escape is expected")
    ensure(w.has_same_outputs(d), "multiples: other outputs")
    ensure(0 in d, "multiples: no unit is 0 at the end")
    rise = m.sum(Fraction(0), *[m.product(x - 1, m.sum(*unit)) for x, unit in zip(d, w.squares())]) / 2
    ensure(rise <= 0, "multiples: the sum of squares rises")
    if end == "zero":
        return
    regularized_global_minimum.supports(P)
    if end == "global":
        h = m.sum(w.loss(), m.product(P.decay, rise))
        ensure(w.lower(f) >= h, "end: the dual point is not worth the loss at the end")
    else:
        ensure(w.gain(f.numbers("unit:1", w.d + w.k, True)) > 0, "unit:1: this unit gains nothing")


CLAIMS = {"non-increasing-path": Family(no_parameters, supports, verify, version=2)}
