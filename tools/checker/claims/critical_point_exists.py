# SPDX-License-Identifier: LGPL-2.1-or-later
"""Critical points of one hidden layer with an activation pattern that capture given eigenvalues, or none: doc/rules/critical-point-exists.md."""
from activation import negative_slope
from claims import Family
from matrix import inner
from unit_cells import Cell, Choice, Samples, data, excludes_all, gordan, one_hidden_layer_with_kinks, read_subset
from verdict import ensure


def read(rd, P, c, words):
    lists = {}
    for name in ("active", "units", "eigenvalues"):
        ensure(len(words) >= 2 and words[0] == name, name, "is expected")
        n = rd.count(words[1], 0, rd.limits["columns"], "the length of the list")
        x = rd.rationals(words[2:2 + n], n, 1)
        ensure(all(y.denominator == 1 and y >= 1 for y in x), name, "whole numbers are expected")
        lists[name], words = [int(y) for y in x], words[2 + n:]
    ensure(not words, "the claim line")
    c.active, c.units, c.eigenvalues = lists["active"], lists["units"], lists["eigenvalues"]


def rises(x, most):
    return all(a < b for a, b in zip(x, x[1:])) and (not x or x[-1] <= most)


def supports(P, c, k):
    one_hidden_layer_with_kinks(P)
    p = P.W[0].r
    D = P.curvature()
    count = [j + 1 for j in range(P.X.c) if D[j] and any(row[j] for row in P.X.a)]
    ensure(count, "a sample that counts")
    ensure(rises(c.active, P.X.c) and set(c.active) <= set(count), "active")
    ensure(rises(c.units, p) and c.units, "units")
    ensure(rises(c.eigenvalues, P.X.meter.limits["rows"]) and len(c.eigenvalues) <= len(c.units), "eigenvalues")
    ensure(negative_slope(P.act[0]) == 0 or len(c.units) == p, "units of another slope than 0 are never inactive")


def eigenvalues(cell, places):
    """The numbers of the distinct eigenvalues at these places; None if there are not so many."""
    all_of_them = [i for i, root in enumerate(cell.roots) for _ in range(root.multiplicity)]
    return [all_of_them[e - 1] for e in places] if not places or places[-1] <= len(all_of_them) else None


def verify_there(f, P, c, k, s, cell, captured, norm2):
    ensure(captured is not None, "Sigma has fewer positive eigenvalues")
    low, high = k.constants.get("low"), k.constants.get("high")
    ensure(low is not None and high is not None, "low and high are expected")
    choice = Choice(cell, sorted(set(captured)))
    n = choice.numbers()
    ensure(choice.contains(f.numbers("point", n, True) if n else []), "point: it does not have the pattern")
    ensure(cell.loss_is_within(captured, norm2, low, high), "the loss")
    if len(c.units) < P.W[0].r:
        w = f.numbers("dead", s.r, True)
        ensure(all(sum(a * b for a, b in zip(w, x)) < 0 for x in s.x), "dead: it is not negative on all samples")


def subsets(f, role, n):
    block = f.need(role, "codes", False)
    if block is None:
        return None
    codes = block[1]
    ensure(len(codes) <= 2, role, "one code is expected, or two")
    return [read_subset(x, n) for x in codes]


def verify_none(f, P, c, k, s, sums, signs, cell, captured):
    if captured is None:
        return
    found = subsets(f, "no-dead", s.n) if len(c.units) < P.W[0].r else None
    if found:
        ensure(len(found) == 1 and len(found[0]) <= s.r + 1, "no-dead")
        rows = [[s.x[j][i] for j in found[0]] for i in range(s.r)]
        ensure(gordan(rows, len(found[0]), len(found[0]), s.meter), "no-dead: no combination of these samples is 0")
        return
    found = subsets(f, "no-point", s.n) if len(captured) == len(c.units) else None
    if found:
        ensure(len(found) == 1 and excludes_all(s, signs, *sums, found[0]), "no-point: these samples do not exclude the pattern")
        return
    found = subsets(f, "excluded", s.n)
    ensure(found, "excluded: no evidence that there is none")
    choice = Choice(cell, sorted(set(captured)))
    ensure(len(found) == (2 if choice.simple else 1) and choice.excludes(found[0], 1) and (not choice.simple or choice.excludes(found[1], -1)),
           "excluded: these samples do not exclude the eigenvalues")


def verify(f, P, c, k):
    X, Y, D, which = data(P)
    s = Samples(X, Y, D, negative_slope(P.act[0]), P.X.meter)
    signs = 0
    for j in which:
        signs = signs << 1 | (j + 1 in c.active)
    sums = s.sums(signs)
    cell = Cell(s, signs, *sums, more=len(c.eigenvalues) < len(c.units))
    captured = eigenvalues(cell, c.eigenvalues)
    if k.proved:
        verify_there(f, P, c, k, s, cell, captured, inner(P.Y.columns_scaled(P.curvature()), P.Y))
    else:
        verify_none(f, P, c, k, s, sums, signs, cell, captured)


CLAIMS = {"critical-point-exists": Family(read, supports, verify, constants=("low", "high"), version=2)}
