# SPDX-License-Identifier: LGPL-2.1-or-later
"""Loss and gradient at a point, exactly: doc/mathematics.md, "Networks".  M: the moments of a
linear or residual network, None for a feedforward one, whose activations are piecewise linear."""
from fractions import Fraction

from activation import apply, at_kink, rational_activation, times_derivative
from matrix import inner, ones, scalar


def affine(W, H, b):
    """W H + b 1^T."""
    Z = W * H
    return Z if b is None else Z.plus(Fraction(1), b * ones(1, H.c))


def bias(P, k):
    return P.b[k] if P.bias else None


def forward(P, x):
    """Inputs of every block, pre-activations of every layer, output."""
    inputs, pre = [], []
    for k in range(P.l):
        y = x
        for W in P.W[k * P.r:(k + 1) * P.r]:
            inputs.append(y)
            y = affine(W, y, bias(P, k))
        if P.kind == "residual":
            y = x.plus(Fraction(1), y)
        pre.append(y)
        x = apply(P.act[k], y) if k < len(P.act) else y
    return inputs, pre, x


def backward(P, inputs, pre, e):
    """The gradient by every block, that by the biases, and whether there is one (no kink); e: the
    derivative of the loss by the output."""
    blocks, biases, smooth = [], [], True
    for k in reversed(range(P.l)):
        if k < len(P.act):
            smooth = smooth and not at_kink(P.act[k], pre[k])
            e = times_derivative(P.act[k], pre[k], e)
        if P.bias:
            biases.append(e * ones(e.c, 1))
        g = e
        for i in reversed(range(k * P.r, (k + 1) * P.r)):
            blocks.append(g * inputs[i].t())
            g = P.W[i].t() * g
        e = e.plus(Fraction(1), g) if P.kind == "residual" else g
    return blocks[::-1], biases, smooth


def product(P):
    """Z, the product of all units of a linear or residual network."""
    return forward(P, scalar(P.X.r))[2]


def residual_moment(P, M):
    """Z Sxx - Syx."""
    return (product(P) * M.Sxx).minus(M.Syx)


def is_minimizer(P, M):
    """h(W) = h_inf; computed once."""
    if P.minimizer is None:
        P.minimizer = residual_moment(P, M).is_zero()
    return P.minimizer


def data_loss(P, M):
    if M is not None:
        Z, m = product(P), M.Sxx.meter
        x = inner(Z, M.Syx)
        return m.sum(m.difference(m.difference(M.Syy, x), x), inner(Z * M.Sxx, Z)) / 2
    e = forward(P, P.X)[2].minus(P.Y)
    return inner(e.columns_scaled(P.curvature()), e) / 2


def loss(P, M):
    """h, with the weight decay."""
    h = data_loss(P, M)
    if P.decay:
        m = P.X.meter
        for W in P.decayed_matrices():
            h = m.sum(h, m.product(W.norm2(), P.decay / 2))
    return h


def gradients(P, M):
    """The gradient of h by every block, that by the biases, and whether there is one."""
    if M is not None:
        e = residual_moment(P, M)
        inputs, pre = forward(P, scalar(P.X.r))[:2]
    else:
        inputs, pre, out = forward(P, P.X)
        e = out.minus(P.Y).columns_scaled(P.curvature())
    blocks, biases, smooth = backward(P, inputs, pre, e)
    if P.decay:
        blocks = [g.plus(P.decay, W) for g, W in zip(blocks, P.W)]
        biases = [g.plus(P.decay, P.decayed_bias(k)) if P.decayed_bias(k) is not None else g
                  for k, g in zip(reversed(range(P.l)), biases)]
    return blocks, biases, smooth


def norm2(matrices):
    return matrices[0].meter.sum(Fraction(0), *[A.norm2() for A in matrices])


def gradient(P, M):
    """The gradient by every block, or None at a kink."""
    blocks, _, smooth = gradients(P, M)
    return blocks if smooth else None


def gradient_norm2(P, M):
    """||grad h||^2, or None at a kink."""
    blocks, biases, smooth = gradients(P, M)
    return norm2(blocks + biases) if smooth else None


def has_moments(P):
    """The square loss of a linear or residual network."""
    return P.linear and P.loss == "square"


def has_rational_values(P):
    """Loss and gradient are rational numbers."""
    return P.features is None and all(map(rational_activation, P.act))


def loss_and_gradient(P, M):
    return loss(P, M), gradient_norm2(P, M)


def rounded_inputs(P, bits):
    """The input of every block as a matrix times the data, rounded."""
    inputs, out = [], scalar(P.X.r)
    for k in range(P.l):
        x = out
        for i in range(k * P.r, (k + 1) * P.r):
            x = x.rounded(bits)
            inputs.append(x)
            if i + 1 < P.n:
                x = P.W[i] * x
        out = out.plus(Fraction(1), x) if P.kind == "residual" else x
    return inputs


def pullback(P, E, bits):
    """>= sum_i ||P_i^T E A_i^T||^2, equal where nothing is longer than so many bits."""
    inputs, total, out, m = rounded_inputs(P, bits), Fraction(0), E, E.meter
    for k in reversed(range(P.l)):
        g = out
        for i in reversed(range(k * P.r, (k + 1) * P.r)):
            t = g * inputs[i].t()
            total = m.sum(total, m.square(t.norm_upper()) if t.rad else t.norm2())
            if i:
                g = (P.W[i].t() * g).rounded(bits)
        if k:
            out = out.plus(Fraction(1), g) if P.kind == "residual" else g
    return total


def differential_norm2(P, M, V):
    """||G v||^2, G the Jacobian at the point; None at a kink."""
    y = P.X if M is None else scalar(P.X.r, meter=P.X.meter)
    dy = y.minus(y)
    for k in range(P.l):
        z, dz = y, dy
        for i in range(k * P.r, (k + 1) * P.r):
            dz = (P.W[i] * dz).plus(Fraction(1), V[i] * z)      # d(W z) = W dz + V z
            z = affine(P.W[i], z, bias(P, k))
        if P.kind == "residual":
            z, dz = y.plus(Fraction(1), z), dy.plus(Fraction(1), dz)
        if k < len(P.act):
            if at_kink(P.act[k], z):
                return None
            dz, z = times_derivative(P.act[k], z, dz), apply(P.act[k], z)
        y, dy = z, dz
    return inner(dy.columns_scaled(P.curvature()) if M is None else dy * M.Sxx, dy)


def units(P):
    """The factors of Z: W_k, or M_k = I + A_kr .. A_k1."""
    found = []
    for k in range(P.l):
        A = scalar(P.W[k * P.r].c)
        for W in P.W[k * P.r:(k + 1) * P.r]:
            A = W * A
        found.append(A.plus(Fraction(1), scalar(A.r)) if P.kind == "residual" else A)
    return found
