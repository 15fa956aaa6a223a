# SPDX-License-Identifier: LGPL-2.1-or-later
"""The outputs of all networks with the activation pattern of a point: doc/rules/critical-point.md,
"Feedforward networks"."""
from elimination import independent_rows
from matrix import ones


def independent(S):
    return S.some_rows(independent_rows(S)[0]) if S.r else S


def with_bias(P, S, k=0):
    """The span of the inputs of layer k, with the row of ones of its bias."""
    if P.bias_of(k) is None:
        return S
    return S.stacked(ones(1, P.X.c)) if S.r else ones(1, P.X.c)


def repeated(slopes, i):
    return any(slopes.a[j] == slopes.a[i] for j in range(i))


def masked(S, slopes, i):
    """d o s for the rows s of S."""
    return S.times_entries(slopes.some_rows([i] * S.r))


def cell(P, p):
    """A basis of the outputs of all networks with this pattern."""
    S = independent(with_bias(P, P.X))
    spaces = [S]
    for k, slopes in enumerate(p.slopes):
        parts = [masked(S, slopes, i) for i in range(slopes.r) if not repeated(slopes, i) and S.r]
        total = parts[0] if parts else S
        for part in parts[1:]:
            total = total.stacked(part)
        S = with_bias(P, total, k + 1)
        if P.kind == "resnet" and k == P.l - 3:
            S = S.stacked(P.X)
        S = independent(S) if S.r else S
        spaces.append(S)
    for k in P.skips:
        S = S.stacked(spaces[k]) if S.r and spaces[k].r else S if S.r else spaces[k]
    return independent(S) if P.skips and S.r else S
