# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bases of outputs and bounds of the least loss in them: doc/rules/best-in-basis.md."""
from fractions import Fraction

from activation import apply, has_kink, negative_slope
from cell import cell
from claims import has_shortcuts
from flat import chain_rows, flat_parts, seen
from loss import dual_value, ensure_dual, gradient as loss_gradient, phi_bounds
from matrix import Matrix, inner, ones
from network import affine, has_rational_values
from number import sqrt_upper
from verdict import Unsupported, ensure

WORDS = ("functions", "inputs", "last", "residual", "cell", "chain", "tangent", "flat")
AFFINE = ("tangent", "flat")            # f(W) + a space


class Basis:
    def __init__(self, P, text):
        self.text, parts = text, text.split(":")
        self.kind = parts[0]
        if self.kind != "layers":
            ensure(text in WORDS and (text != "residual" or P.kind == "resnet")
                   and (text != "chain" or not has_shortcuts(P)), "unknown basis")
            self.layers = [0] if self.kind == "inputs" else []
            return
        ensure(2 <= len(parts) <= 17 and all(str(int(x)) == x for x in parts[1:] if x.isdigit())
               and all(x.isdigit() for x in parts[1:]), "unknown basis")
        self.layers = [int(x) for x in parts[1:]]
        ensure(all(a < b for a, b in zip(self.layers, self.layers[1:])), "the layers rise")
        ensure(self.layers[-1] < P.l, "there is no such layer")

    def has_point(self, P):
        if self.kind not in ("inputs", "layers"):
            return True
        return self.layers[-1] == P.l - 1 and set(P.skips) <= set(self.layers)

    def has_radius(self, P):
        return self.kind in AFFINE or self.kind == "layers" and self.layers == [P.l - 1] and P.bias and not has_shortcuts(P)


def layer_input(P, H, k):
    """Of layer k, from 0: the features before it, for the last one those of the skips below."""
    x = H[k]
    for j in P.skips if k == P.l - 1 else ():
        x = x.stacked(H[j])
    return x


def forward(P):
    """The features H_0 .. H_{l-1}, inputs and pre-activations of all layers, the outputs."""
    H, inputs, pre = [P.X], [], []
    for k in range(P.l):
        inputs.append(layer_input(P, H, k))
        z = affine(P.W[k], inputs[k], P.bias_of(k))
        if P.kind == "resnet" and k == P.l - 2:
            z = z.plus(Fraction(1), P.X)
        pre.append(z)
        H.append(apply(P.act[k], z) if k < len(P.act) else z)
    return H[:-1], inputs, pre, H[-1]


class Pass:
    """Features, outputs and slopes at the point."""

    def __init__(self, P, basis):
        if not has_rational_values(P):
            raise Unsupported("transcendental activations")
        self.P = P
        self.H, self.inputs, self.pre, self.out = forward(P)
        self.slopes = None
        if basis.kind in ("cell", "chain") + AFFINE:
            self.find_slopes()

    def find_slopes(self):
        self.slopes = slopes(self.P, self.inputs, self.pre)

    def backward(self, u):
        """J^T u, by blocks and biases, the last layer first."""
        blocks, biases = [], []
        for k, u in self.derivatives(u):
            blocks.append(u * self.inputs[k].t())
            if self.P.bias_of(k) is not None:
                biases.append(u * ones(u.c, 1))
        return blocks + biases

    def gradient(self):
        """Of h by blocks, weight decay included, and biases, the last layer first."""
        P = self.P
        parts = self.backward(loss_gradient(P, self.out))
        if not P.decay:
            return parts
        biases = [P.decayed_bias(k) for k in reversed(range(P.l)) if P.bias_of(k) is not None]
        return [g if A is None else g.plus(P.decay, A) for g, A in zip(parts, P.W[::-1] + biases)]

    def pull(self, u, parts):
        """The gradients by C_i of <u, outputs of the space>; parts: a layer, from 0, and rows or None."""
        least, D = min(k for k, _ in parts), {}
        for k, D[k] in self.derivatives(u):
            if k == least:
                break
        return [D[k] * rows.t() for k, rows in parts if rows]

    def push(self, C, parts):
        """The outputs of the space."""
        P, dH = self.P, [self.P.X.minus(self.P.X)]
        for k in range(P.l):
            t = P.W[k] * layer_input(P, dH, k)
            for A, (layer, rows) in zip(C, parts):
                if layer == k and rows:
                    t = t.plus(Fraction(1), A * rows)
            dH.append(t.times_entries(self.slopes[k]) if k < P.l - 1 and P.act and self.slopes else t)
        return dH[-1]

    def derivatives(self, u):
        """Of <u, outputs> by the pre-activations of layer k, from 0, the last layer first."""
        P, aside = self.P, {}
        for k in reversed(range(P.l)):
            if k < P.l - 1 and P.act:
                u = u.times_entries(self.slopes[k])
            yield k, u
            u = P.W[k].t() * u
            if k == P.l - 1 and P.skips:
                at = self.H[k].r
                for j in P.skips:
                    aside[j] = u.some_rows(range(at, at + self.H[j].r))
                    at += self.H[j].r
                u = u.some_rows(range(self.H[k].r))
            if k in aside:
                u = u.plus(Fraction(1), aside[k])


def slopes(P, inputs, pre):
    """Of every hidden layer; a unit at its kink is refused unless it stays at 0 for all weights near."""
    still = [[not x for x in row] for row in P.X.a]
    result = []
    for k, act in enumerate(P.act):
        a, Z = negative_slope(act), pre[k]
        all_still = [P.bias_of(k) is None and all(row[j] for row in still) for j in range(Z.c)]
        rows = []
        for row in Z.a:
            ensure(not has_kink(act) or all(z or s for z, s in zip(row, all_still)),
                   "a unit is at its kink")
            rows.append([0 if has_kink(act) and not z and s else a.numerator if z < 0 else a.denominator
                         for z, s in zip(row, all_still)])
        still = [[s or act[0] == "relu" and z < 0 for z, s in zip(row, all_still)] for row in Z.a]
        result.append(Matrix(rows, a.denominator, cols=Z.c))
    return result


def groups(X):
    """The number of its group for every sample, equal samples together in the order of their
    columns, and how many there are."""
    X.meter.take(X.c, X.r, 64, X.bits(), 0)
    columns = list(zip(*X.a))
    number = {column: k for k, column in enumerate(sorted(set(columns)))}
    return [number[column] for column in columns], len(number)


def group_sums(X, u):
    """Of the columns of u over equal samples."""
    group, n = groups(X)
    u.charge(None, u.r, 1, u.c, u.bits(), 64)
    rows = [[0] * n for _ in u.a]
    for row, sums in zip(u.a, rows):
        for k, x in zip(group, row):
            sums[k] += x
    return Matrix(rows, u.den, cols=n, meter=u.meter)


def spread(X, A):
    """The column of its group for every sample."""
    group, n = groups(X)
    A.charge(None, A.r, 1, X.c, A.bits(), 64)
    return Matrix([[row[k] for k in group] for row in A.a], A.den, cols=X.c, meter=A.meter)


def rows_of(basis, p):
    if basis.kind == "cell":
        return cell(p.P, p)
    if basis.kind == "chain":
        S, all_of_them = chain_rows(p.P, p)
        ensure(all_of_them, "chain: the basis is beyond the limits")
        return S
    if basis.kind == "last":
        return seen(p.P, p, p.P.l - 1)
    if basis.kind == "residual":
        return p.H[0].stacked(p.H[-2])
    Phi = p.H[basis.layers[0]]
    for k in basis.layers[1:]:
        Phi = Phi.stacked(p.H[k])
    return Phi.stacked(ones(1, Phi.c))


def tangent_parts(P, p):
    return [(k, seen(P, p, k)) for k in range(P.l)]


def space(basis, p):
    """The parts of all bases but functions."""
    if basis.kind not in AFFINE:
        Phi = rows_of(basis, p)
        return [(p.P.l - 1, Phi if Phi.r else None)]
    return tangent_parts(p.P, p) + (flat_parts(p.P, p) if basis.kind == "flat" else [])


def pullback(basis, p, u):
    return [group_sums(p.P.X, u)] if basis.kind == "functions" else p.pull(u, space(basis, p))


def annihilates(basis, p, u):
    return not u.rad and all(g.is_zero() for g in pullback(basis, p, u))


def lower(f, basis, radius, p):
    """A bound of the least loss, by the dual point."""
    P, role = p.P, "dual:" + basis.text
    u = f.matrix(role, P.Y.r, P.X.c, True)
    extra = f.matrix("dual-correction:" + basis.text, P.Y.r, P.X.c, False)
    if extra:
        u = u.plus(Fraction(1), extra)
    ensure_dual(P, u)
    m = P.X.meter
    low = dual_value(P, u)
    if basis.kind in AFFINE or radius is not None:
        low = m.sum(low, inner(u, p.out))
    parts = pullback(basis, p, u) if radius != 0 else []
    if radius is None:
        ensure(all(g.is_zero() for g in parts), role + ": the dual point is not orthogonal to the basis")
    elif radius:
        size = sqrt_upper(m.sum(Fraction(0), *[m.square(g.norm_upper()) for g in parts]))
        low = m.difference(low, m.product(size, radius))
    return low


def upper(f, basis, radius, p):
    """A bound of the loss of a member."""
    P, m, role = p.P, p.P.X.meter, "member:" + basis.text
    if basis.kind == "functions":
        C = [f.matrix(role, P.Y.r, groups(P.X)[1], True)]
        F = spread(P.X, C[0])
    else:
        parts = space(basis, p)
        C = [rows and f.matrix(role + (":%d" % (i + 1) if basis.kind in AFFINE else ""), P.W[k].r, rows.r, True)
             for i, (k, rows) in enumerate(parts)]
        F = p.push(C, parts)
    distance = Fraction(0)
    if basis.kind in AFFINE:
        F = p.out.plus(Fraction(1), F)
        distance = m.sum(distance, *[A.norm2() for A in C if A])
    elif radius is not None:
        distance = P.W[-1].t().stacked(P.b[-1].t()).t().minus(C[0]).norm2()
    ensure(radius is None or distance <= m.square(radius), "member: it lies outside the radius")
    return phi_bounds(P, F)[1]
