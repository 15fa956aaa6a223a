# SPDX-License-Identifier: LGPL-2.1-or-later
"""The loss of all outputs within a distance of given ones, one end of it."""
from fractions import Fraction

from loss import log_sum_exp, weights
from number import round_down, round_up, sqrt_lower, sqrt_upper


def sample_end(P, m, q, y, Q, lower):
    d = range(len(q))
    if P.loss == "square":
        s = m.sum(Fraction(0), *[m.square(m.difference(a, b)) for a, b in zip(q, y)])
        return m.square(max(Fraction(0), m.sum((sqrt_lower if lower else sqrt_upper)(s), Q)))
    if P.loss == "cross-entropy":
        step = m.product(sqrt_upper(Fraction(2)), Q)
        return m.sum(Fraction(0), *[m.product(y[j], log_sum_exp(m, [
            m.sum(m.difference(q[k], q[j]), step if k != j else Fraction(0)) for k in d])[not lower]) for j in d if y[j]])
    total = Fraction(0)
    for a, b in zip(q, y):
        t = m.difference(m.product(abs(b), Q), m.product(a, b))
        if P.loss == "logistic":
            part = log_sum_exp(m, [Fraction(0), t])[not lower]
        else:
            part, base = Fraction(1), max(Fraction(0), m.sum(Fraction(1), t))
            for _ in range(P.power):
                part = (round_down if lower else round_up)(m.product(part, base))
        total = m.sum(total, part)
    return total


def loss_range(P, F, reach, lower):
    m, total = P.X.meter, Fraction(0)
    for i, cw in enumerate(weights(P)):
        if cw:
            q, y = [F.at(k, i) for k in range(F.r)], [P.Y.at(k, i) for k in range(F.r)]
            Q = m.sum(reach[i], F.rad)
            end = max(Fraction(0), sample_end(P, m, q, y, -Q if lower else Q, lower))
            total = m.sum(total, (round_down if lower else round_up)(m.product(end, cw)))
    return total
