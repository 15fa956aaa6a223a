# SPDX-License-Identifier: LGPL-2.1-or-later
"""How far features, outputs and derivatives of the outputs move in a neighbourhood, for piecewise linear
activations: doc/rules/induced-bound.md, "Proof".  Layers from 0, numbers by layer and sample."""
from fractions import Fraction

from activation import has_kink, lipschitz
from matrix import ones, scalar
from number import round_up, sqrt_upper
from verdict import ensure


def column_norms(m, A):
    return [round_up(m.sum(sqrt_upper(m.sum(Fraction(0), *[m.square(A.at(k, i)) for k in range(A.r)])), A.rad))
            for i in range(A.c)]


def repeated(S, d):
    """Every sample of S as d rows."""
    columns = S.t()
    return columns.some_rows([i // d for i in range(columns.r * d)])


def factor_back(P, p, A, k, bits):
    """P_k, the derivative of the outputs by the pre-activations of layer k - 1, from that of layer k, layers from 0."""
    M = A * P.W[k].some_columns(range(p.H[k].r))
    at = p.H[-1].r
    for j in P.skips:
        if j == k:
            S = P.W[-1].some_columns(range(at, at + p.H[j].r))
            M = M.plus(Fraction(1), ones(P.X.c, 1).kron(scalar(P.Y.r)) * S)
        at += p.H[j].r
    M = M.rounded(bits)
    return M.times_entries(repeated(p.slopes[k - 1], P.Y.r)).rounded(bits) if P.act else M


class Deviation:
    def __init__(self, f, P, p, rho):
        self.P, self.p, self.rho, self.m = P, p, rho, f.meter
        self.omega = [round_up(sqrt_upper(f.norm2("norm:W:%d" % (k + 1), W, True)))
                      for k, W in enumerate(P.W)]
        self.eta = [column_norms(self.m, H) for H in p.inputs]
        self.bits = f.bits
        self.delta, self.zeta = [[Fraction(0)] * P.X.c], []
        for k in range(P.l):
            if k == P.l - 1:
                self.add_skips()
            self.zeta.append(self.moves(self.omega[k], k))
            c = lipschitz(P.act[k]) if k < len(P.act) else Fraction(1)
            self.delta.append([round_up(self.m.product(c, z)) for z in self.zeta[-1]])

    def add_skips(self):
        """The input of the last layer: the squares of the norms of its parts add."""
        if self.P.skips:
            m, parts = self.m, [self.delta[k] for k in (self.P.l - 1,) + tuple(self.P.skips)]
            self.delta[self.P.l - 1] = [round_up(sqrt_upper(m.sum(Fraction(0), *map(m.square, x)))) for x in zip(*parts)]

    def moves(self, w, k):
        """(w + rho) delta + rho eta + [bias] rho, on every sample."""
        m, rho = self.m, self.rho[k]
        bias = rho if self.P.bias_of(k) is not None else Fraction(0)
        return [round_up(m.sum(m.product(m.sum(w, rho), d), m.product(rho, e), bias))
                for d, e in zip(self.delta[k], self.eta[k])]

    def slopes_in_reach(self, k):
        """The largest slope on every sample; no unit reaches its kink."""
        P, Z, S = self.P, self.p.pre[k], self.p.slopes[k]
        rows = column_norms(self.m, P.W[k].t())
        reach = [self.moves(w, k) for w in rows]
        if has_kink(P.act[k]):
            ensure(all(not reach[u][i] or abs(Z.at(u, i)) > reach[u][i] for u in range(Z.r) for i in range(Z.c)),
                   "a unit may reach its kink")
        return [round_up(max(abs(S.at(u, i)) for u in range(Z.r))) for i in range(Z.c)]

    def block_norms(self, A):
        """Of the d rows of every sample."""
        d, found = self.P.Y.r, []
        A.charge(None, A.r, d, A.c, A.bits(), A.bits())
        for i in range(self.P.X.c):
            rows = A.a[i * d:(i + 1) * d]
            G = [[sum(x * y for x, y in zip(a, b)) for b in rows] for a in rows]
            most = max(sum(map(abs, row)) for row in G)
            trace = sum(G[a][a] for a in range(d))
            found.append(round_up(sqrt_upper(Fraction(min(most, trace), A.den ** 2)) + A.rad))
        return found

    def derivatives(self):
        """self.shift[k] >= ||P_k' - P_k||, self.size[k] >= ||P_k'||, layers from 0."""
        P, m, p = self.P, self.m, self.p
        slope = [[Fraction(1)] * P.X.c for _ in range(P.l)]
        for k in range(len(P.act)):
            self.zeta[k] = self.moves(self.omega[k], k)
            slope[k] = self.slopes_in_reach(k)
            self.delta[k + 1] = [round_up(m.product(s, z)) for s, z in zip(slope[k], self.zeta[k])]
        self.add_skips()
        self.zeta[P.l - 1] = self.moves(self.omega[P.l - 1], P.l - 1)
        A = ones(P.X.c, 1).kron(scalar(P.Y.r))
        one = [Fraction(1)] * P.X.c
        self.shift, self.size, size = [[Fraction(0)] * P.X.c], [one], one
        for k in range(P.l - 1, 0, -1):
            w = m.sum(self.omega[k], self.rho[k])
            turned, whole = ((self.rho[-1], m.sum(self.omega[-1], self.rho[-1])) if k in P.skips else
                             (Fraction(0), Fraction(0)))
            A = factor_back(P, p, A, k, self.bits)
            shift = [round_up(m.product(m.sum(m.product(a, w), m.product(b, self.rho[k]), turned), s))
                     for a, b, s in zip(self.shift[0], size, slope[k - 1])]
            size = self.block_norms(A)
            now = [round_up(min(m.sum(a, b), m.product(m.sum(m.product(c, w), whole), s)))
                   for a, b, c, s in zip(size, shift, self.size[0], slope[k - 1])]
            self.shift.insert(0, shift)
            self.size.insert(0, now)
