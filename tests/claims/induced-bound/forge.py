# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

def moved_entry(text, role, i, j, numerator, denominator):
    """One entry of a matrix block changed."""
    old = block(text, role)
    lines = old.splitlines()
    den = int(lines[0].split()[-1])
    rows = [[int(x) * denominator for x in line.split()] for line in lines[1:]]
    rows[i][j] += numerator * den
    from math import gcd
    g = gcd(den * denominator, *[x for r in rows for x in r])
    new = " ".join(lines[0].split()[:-1]) + " %d\n" % (den * denominator // g) + "".join(" ".join(str(x // g) for x in r) + "\n" for r in rows)
    return text.replace(old, new)

def less(text, what, factor):
    return sub(text, r" %s (\S+)" % what, lambda m: " %s %s" % (what, Fr(m.group(1)) * Fr(factor)))

net = "network: {kind: feedforward, activation: relu}\n"
data = "data: {X: [[1, 2, -1], [0, 1, 1]], Y: [[1, 0, 2]]}\n"
point = "point: {W: [[[1, 1/2], [-1, 2]], [[1, -1]]], b: [[1/7, 1/3], [1]]}\n"
last = prove(net + data + point + "claims: [induced-bound: {radius: 1/100}]")
tangent = prove(net + data + point + "claims: [induced-bound: {radius: 1/100, of: tangent}]")
nothing = prove(net + data + point + "claims: [no-critical-point: {radius: 1/100}]")
critical = prove("network: {kind: linear}\ndata: {X: [[1]], Y: [[1]]}\npoint: {W: [[[1]]]}\nclaims: [no-critical-point: {radius: 1/100}]", 1)
wrong = prove(net + data + point + "claims: [induced-bound: {radius: 1/100, value: 1/100, slope: 1/100}]", 1)
small = "does not prove so small"

forge("ib-value", less(last, "value", "999/1000"), small)
forge("ib-slope", less(last, "slope", "99/100"), small)
forge("ib-radius", sub(tangent, r"radius 2 1/100 1/100", "radius 2 1/90 1/90"), small)
forge("ib-last-radius", sub(last, r"radius 2 1/100 1/100", "radius 2 1/100 1/10"), small)
forge("ib-member-moved", moved_entry(tangent, "member:2", 0, 0, 1, 10), small)
forge("ib-other-model", sub(last, r"of last", "of tangent"), "member:1: the evidence is missing")
forge("ib-kink-in-reach", sub(tangent, r"radius 2 1/100 1/100", "radius 2 2 2"), "may reach its kink")
forge("ib-refuted", sub(last, r"^conclusion proved", "conclusion refuted"), "the bound holds at the point")
forge("ib-refutation-proved", sub(wrong, r"^conclusion refuted", "conclusion proved"), "member: the evidence is missing")
forge("ib-version-1", sub(last, r"^certify-certificate 2", "certify-certificate 1"), "belongs to version 2")
forge("ib-spectral", sub(last, r"norm frobenius", "norm spectral"), "that of the Frobenius norm")
forge("ib-radii", sub(last, r"radius 2 1/100 1/100", "radius 1 1/100"), "2 radii are needed, one per layer")
forge("ib-decay", sub(last, r"^weight-decay 0$", "weight-decay 1"), "not with weight-decay")
if "norm:W:2" in tangent:
    forge("ib-norm", sub(tangent, r"^bound norm:W:2 (\S+)", lambda m: "bound norm:W:2 %s" % (Fr(m.group(1)) * Fr(9, 10))), "does not prove this bound")
else:
    forge("ib-norm", sub(tangent, r"^evidence (\d+)$", lambda m: "evidence %d" % (int(m.group(1)) + 1)).replace("conclusion proved", "bound norm:W:2 1 1 1\n1\ndiagonal one\nconclusion proved"), "norm:W:2")
forge("ib-none-radius", sub(nothing, r"radius 2 1/100 1/100", "radius 2 2 2"), "does not lie below the least loss")
forge("ib-none-too-far", moved_entry(nothing, "member", 0, 0, 3, 1), "does not lie below the least loss")
forge("ib-none-refuted", sub(nothing, r"^conclusion proved", "conclusion refuted"), "not exactly zero")
forge("ib-critical", sub(critical, r"^conclusion refuted", "conclusion proved"), "member: the evidence is missing")
# a skip from layer 1 of a chain of numbers: the constants are exact
def skip(W, S, radius):
    return prove("network: {kind: feedforward, activation: [identity, identity], skip: [1]}\ndata: {X: [[1]], Y: [[0]]}\n"
                 "point: {W: [%s], S: [[[%s]]]}\nclaims: [tangent-dominance: {radius: %s}]" % (", ".join("[[%s]]" % x for x in W), S, radius))
forge("ib-skip-features", less(skip([1, 0, 0], 0, "[1/4, 0, 0]"), "lambda", "999/1000"), "does not prove so small a lambda")
forge("ib-skip-block", less(skip([0, 0, 1], 1, "[0, 0, 1/4]"), "lambda", "999/1000"), "does not prove so small a lambda")
