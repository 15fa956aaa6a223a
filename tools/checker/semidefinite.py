# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lemma 1 of doc/mathematics.md: the kernel rule, from which every spectral fact follows."""
from matrix import Matrix


def is_shown_semidefinite(M, L, d):
    """1 if E = mid M - L D L^T has E_ii - sum |E_ij| >= rad M in every row; d None: D = I."""
    if not M.is_symmetric() or L.r != M.r or any(x < 0 for x in d or ()):
        return False
    product = (L if d is None else L.columns_scaled(d)) * L.t()
    E = Matrix(M.a, M.den, meter=M.meter).minus(product)
    bound = M.rad * E.den
    return all(row[i] + abs(row[i]) - sum(map(abs, row)) >= bound for i, row in enumerate(E.a))
