# SPDX-License-Identifier: LGPL-2.1-or-later
"""The data of linear and residual networks: doc/mathematics.md, "Data reduction"."""
from elimination import independent_rows, solve
from matrix import inner, zero


class Moments:
    """Sxx = X D X^T, Syx = Y D X^T, Syy = tr Y D Y^T; p pivot rows X', S = X' D X'^T, T with
    Sxx = T Sxx[pivots,:], N = Y D X'^T."""

    def __init__(self, P):
        Xt, D = P.X.t(), P.curvature()
        self.Sxx = P.X.columns_scaled(D) * Xt
        YD = P.Y.columns_scaled(D)
        self.Syx = YD * Xt
        self.Syy = inner(YD, P.Y)
        self.reduce(P.X.c)

    def reduce(self, most):
        self.pivots, self.T = independent_rows(self.Sxx, most)
        self.p = len(self.pivots)
        self.S = self.Sxx.some_rows(self.pivots).some_columns(self.pivots)
        self.N = self.Syx.some_columns(self.pivots)

    def behind(self, A):
        """The moments of the data A X."""
        L, At = Moments.__new__(Moments), A.t()
        L.Syx, L.Sxx, L.Syy = self.Syx * At, A * (self.Sxx * At), self.Syy
        L.reduce(self.p)
        return L

    def infimum(self):
        """h_inf, the minimum of the loss over all matrices Z."""
        if self.p == 0:
            return self.Syy / 2
        Nt = self.N.t()
        return self.N.meter.difference(self.Syy, inner(Nt, solve(self.S, Nt))) / 2

    def sigma(self):
        """Sigma = N S^{-1} N^T, "Global minimisers"."""
        if self.p == 0:
            return zero(self.Syx.r, self.Syx.r, self.Syx.meter)
        return self.N * solve(self.S, self.N.t())
