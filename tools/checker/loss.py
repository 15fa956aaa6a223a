# SPDX-License-Identifier: LGPL-2.1-or-later
"""The loss as a function of the outputs, its gradient and its conjugate: doc/rules/best-in-basis.md,
"Losses".  Logarithms and exponentials are those of decimal, at 90 digits, widened at the 70th."""
from decimal import Decimal, localcontext
from fractions import Fraction

from matrix import from_rationals
from number import round_up
from verdict import ensure

DIGITS, SLACK = 90, Fraction(1, 10 ** 70)


def supports_loss(P):
    ensure(P.loss != "smooth-hinge" or P.power >= 2, "the power of the hinge")
    ensure(P.loss != "cross-entropy" or all(x >= 0 for row in P.Y.a for x in row), "labels >= 0")


def is_rational(P):
    return P.loss in ("square", "smooth-hinge")


def decimal(x):
    return Decimal(x.numerator) / Decimal(x.denominator)


def entropy_lower(m, p):
    """- sum p log p, rounded down; p >= 0."""
    m.take(len(p), 4, 1, 384, 384)
    total = Fraction(0)
    with localcontext() as context:
        context.prec = DIGITS
        for x in p:
            if x:
                part = -x * Fraction(decimal(x).ln())
                total += part - (abs(part) + x) * SLACK
    return total


def log_sum_exp(m, q):
    """log sum exp q, between two bounds."""
    m.take(len(q), 4, 1, 384, 384)
    top = max(q)
    if len(q) == 1:
        return top, top
    with localcontext() as context:
        context.prec = DIGITS
        context.Emin = -10 ** 9
        values = [Fraction(decimal(x - top).exp()) if x - top > -10 ** 6 else Fraction(0) for x in q]
        total = decimal(sum(values))
        value = Fraction(total.ln())
    return top + value - SLACK, top + value + SLACK


def weights(P):
    return [P.X.meter.product(P.scale, w) for w in P.w]


def power(m, x, n):
    y = Fraction(1)
    for bit in bin(n)[2:]:
        y = m.product(y, y)
        if bit == "1":
            y = m.product(y, x)
    return y


def margin(m, y, q):
    return max(Fraction(0), m.difference(Fraction(1), m.product(y, q)))


def phi_bounds(P, F):
    """The loss of exact outputs, between two bounds."""
    if is_rational(P):
        return (phi(P, F),) * 2
    m, low, high = P.X.meter, Fraction(0), Fraction(0)
    for i, cw in enumerate(weights(P)):
        q, y = [F.at(k, i) for k in range(F.r)], [P.Y.at(k, i) for k in range(F.r)]
        if P.loss == "logistic":
            parts = [log_sum_exp(m, two_logits(m, b, a)) for a, b in zip(q, y)]
            low, high = [m.sum(x, m.product(cw, m.sum(Fraction(0), *[part[k] for part in parts])))
                         for k, x in enumerate((low, high))]
            continue
        s, t = m.sum(Fraction(0), *y), m.sum(Fraction(0), *[m.product(a, b) for a, b in zip(q, y)])
        a, b = log_sum_exp(m, q)
        low = m.sum(low, m.product(cw, m.difference(m.product(s, a), t)))
        high = m.sum(high, m.product(cw, m.difference(m.product(s, b), t)))
    return low, high


def phi(P, F):
    """The loss of exact outputs, where it is rational."""
    m, total = P.X.meter, Fraction(0)
    for i, cw in enumerate(weights(P)):
        sample = Fraction(0)
        for k in range(P.Y.r):
            q, y = F.at(k, i), P.Y.at(k, i)
            if P.loss == "square":
                part = m.square(m.difference(q, y))
            else:
                part = power(m, margin(m, y, q), P.power)
            sample = m.sum(sample, part)
        total = m.sum(total, m.product(cw, sample))
    return total


def two_logits(m, y, q):
    """Of a class and the other one."""
    return [Fraction(0), -m.product(y, q)]


def softmax(m, q):
    """exp q_k / sum, and a bound of the error of each: 0 if all q_k are equal."""
    if all(x == q[0] for x in q):
        return [Fraction(1, len(q))] * len(q), Fraction(0)
    m.take(len(q), 4, 1, 384, 384)
    top = max(q)
    with localcontext() as context:
        context.prec, context.Emin = DIGITS, -10 ** 9
        e = [decimal(x - top).exp() if x - top > -10 ** 6 else Decimal(0) for x in q]
        total = sum(e)
        return [Fraction(round(Fraction(x / total) * 2 ** 192), 2 ** 192) for x in e], Fraction(2, 2 ** 192)


def entropy_gradient(P, F):
    """A ball: cross-entropy and logistic loss."""
    m, columns, rad = P.X.meter, [], Fraction(0)
    for i, cw in enumerate(weights(P)):
        y = [P.Y.at(k, i) for k in range(P.Y.r)]
        if P.loss == "logistic":
            parts = [softmax(m, two_logits(m, b, F.at(k, i))) for k, b in enumerate(y)]
            columns.append([-m.product(cw, b, part[0][1]) for b, part in zip(y, parts)])
            s, error = Fraction(1), max(m.product(abs(b), part[1]) for b, part in zip(y, parts))
        else:
            s = m.sum(Fraction(0), *y)
            p, error = softmax(m, [F.at(k, i) for k in range(F.r)])
            columns.append([m.product(cw, m.difference(m.product(s, a), b)) for a, b in zip(p, y)])
        rad = m.sum(rad, m.product(cw, s, error, Fraction(F.r)))
    E = from_rationals([list(row) for row in zip(*columns)], m)
    E.rad = round_up(rad)
    return E


def gradient(P, F):
    if not is_rational(P):
        return entropy_gradient(P, F)
    m, rows = P.X.meter, []
    cw = weights(P)
    for k in range(P.Y.r):
        row = []
        for i in range(P.X.c):
            q, y = F.at(k, i), P.Y.at(k, i)
            if P.loss == "square":
                e = m.difference(q, y)
                e = m.sum(e, e)
            else:
                e = m.product(-P.power, y, power(m, margin(m, y, q), P.power - 1))
            row.append(m.product(e, cw[i]))
        rows.append(row)
    return from_rationals(rows, m)


def ensure_dual(P, u):
    """u lies in the domain of the conjugate."""
    for i, cw in enumerate(weights(P)):
        for k in range(P.Y.r):
            x, y = u.at(k, i), P.Y.at(k, i)
            ensure(cw or not x, "the dual point is not 0 on a sample of weight 0")
            if P.loss in ("logistic", "smooth-hinge"):
                ensure(x * y <= 0 and (y or not x), "the dual point has the sign of a label")
            ensure(P.loss != "logistic" or abs(x) <= P.X.meter.product(cw, abs(y)), "the dual point is too large")
            if P.loss == "cross-entropy":
                ensure(P.X.meter.sum(P.X.meter.product(cw, y), x) >= 0, "u + c w y is negative")
        if P.loss == "cross-entropy":
            ensure(P.X.meter.sum(Fraction(0), *[u.at(k, i) for k in range(P.Y.r)]) == 0,
                   "the dual point does not sum to 0")


def root_upper(m, x, n):
    """y >= x^(1/n), as the first checker rounds it."""
    if n == 1 or not x:
        return x
    shift = 64 + x.denominator.bit_length() // n + 1
    m.take(1, 8, 1, n * shift, n * shift)
    v = -((-x.numerator << n * shift) // x.denominator)
    low, high = 0, 1 << (v.bit_length() // n + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle ** n <= v else (low, middle)
    return Fraction(low + 1, 1 << shift)


def dual_value(P, u):
    """V(u), or a lower bound of it."""
    m, total = P.X.meter, Fraction(0)
    for i, cw in enumerate(weights(P)):
        if not cw:
            continue
        value = Fraction(0)
        if P.loss == "cross-entropy":
            C = m.product(m.sum(Fraction(0), *[P.Y.at(k, i) for k in range(P.Y.r)]), cw)
            if C:
                pi = [m.quotient(m.sum(m.product(cw, P.Y.at(k, i)), u.at(k, i)), C) for k in range(P.Y.r)]
                total = m.sum(total, m.product(entropy_lower(m, pi), C))
            continue
        for k in range(P.Y.r):
            x, y = u.at(k, i), P.Y.at(k, i)
            if P.loss == "square":
                part = m.sum(m.product(x, y), m.quotient(m.square(x), 4 * cw))
                value = m.difference(value, part)
            elif P.loss == "logistic":
                t = m.product(cw, y)
                pi = abs(m.quotient(x, t)) if t else Fraction(1, 2)
                value = m.sum(value, m.product(cw, entropy_lower(m, [pi, m.difference(Fraction(1), pi)])))
            elif not y:
                value = m.sum(value, cw)
            else:
                v = -m.quotient(x, y)
                root = root_upper(m, m.quotient(v, m.product(Fraction(P.power), cw)), P.power - 1)
                part = m.product(v, root, Fraction(P.power - 1, P.power))
                value = m.sum(value, m.difference(v, part))
        total = m.sum(total, value)
    return total
