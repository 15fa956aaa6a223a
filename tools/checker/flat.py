# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the derivatives of the outputs see along lines on which the outputs do not change, and at the ends of
chains of units with equal slopes, for piecewise linear networks: doc/rules/critical-point.md,
"Feedforward networks"."""
from cell import independent, masked, with_bias
from elimination import independent_rows, rank
from matrix import ones

MOST_CHAINS = 4096
CHAIN_WORK = 128                # what a chain costs besides, per unit and squared


def classes(P, p, k):
    """Lists of the units of layer k, from 0, with the same slopes."""
    found = {}
    for i in range(P.W[k].r):
        found.setdefault(tuple(p.slopes[k].a[i]) if P.act else (), []).append(i)
    return list(found.values())


def seen(P, p, k):
    """The input of layer k, from 0, and the row of ones of its bias."""
    return with_bias(P, p.inputs[k], k)


def dependent(P, p, k):
    """Units of layer k with a coefficient in a dependence of what the next layer sees."""
    pivots, T = independent_rows(seen(P, p, k + 1))
    rest = [i for i in range(T.r) if i not in set(pivots)]
    return set(rest) | {j for at, j in enumerate(pivots) if any(T.a[i][at] for i in rest)}


def free_units(P, p, k):
    units = {i for i in dependent(P, p, k) if i < P.W[k].r}
    if not P.skips:
        outgoing = P.W[k + 1].t()
        for group in classes(P, p, k):
            if rank(outgoing.some_rows(group)) < len(group):
                units |= set(group)
    return units


def times_slopes(P, p, k, S, i):
    return masked(S, p.slopes[k], i) if P.act else S


def flat_parts(P, p):
    """A layer, from 0, and the rows that move its pre-activations, for every hidden layer with free units."""
    parts = []
    for k in range(P.l - 1):
        units, F = free_units(P, p, k), None
        for i in sorted(units):
            rows = times_slopes(P, p, k, seen(P, p, k), i)
            F = F.stacked(rows) if F else rows
        parts.append((k + 1, F))
    return parts


def chain_rows(P, p):
    """Theorem 4: [H_{l-1}; 1], and m o [H_k; 1] for every chain that begins behind layer k; and whether these are all."""
    S, left = independent(seen(P, p, P.l - 1)), MOST_CHAINS

    def extend(k, M, after):
        nonlocal S, left
        groups = {group[0]: group for group in classes(P, p, k)}
        for i in range(P.W[k].r):
            if S.r == S.c or not left:
                return
            P.X.meter.take(P.W[k].r + CHAIN_WORK, P.W[k].r + CHAIN_WORK, 1, 0, 0)
            group = groups.get(i)
            if group is None:
                continue
            units = [j for j in group
                     if after is None or not any(P.W[k + 1].a[i][j] for i in range(P.W[k + 1].r) if i not in after)]
            if len(units) < P.Y.r:
                continue
            slopes = M.times_entries(p.slopes[k].some_rows(group[:1])) if P.act else M
            left -= 1
            rows = seen(P, p, k)
            S = independent(S.stacked(rows.times_entries(slopes.some_rows([0] * rows.r))))
            if k:
                extend(k - 1, slopes, set(units))

    if P.l > 1:
        extend(P.l - 2, ones(1, P.X.c), None)
    return S, left > 0
