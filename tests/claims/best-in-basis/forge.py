# SPDX-License-Identifier: LGPL-2.1-or-later
import re

from forging import *

data = "data: {X: [[1, 2, -1, 3], [0, 1, 1, 1]], Y: [[1, 0, 2, 1]]}\n"
net = "network: {kind: feedforward, activation: [relu, leaky-relu 1/10]}\n"
point = "point: {W: [[[1, 1/2], [-1, 1]], [[1, -1], [2, 1]], [[1, 1]]], b: [[1/7, 1/3], [0, 1/5], [1]]}\n"

def bb(parameters, status=0, data=data, net=net, point=point):
    return prove(net + data + point + "claims: [best-in-basis: {%s}]" % parameters, status)

inputs = bb("basis: inputs, gap: best")
tangent = bb("basis: tangent, gap: best", data="data: {X: [[1, 2, -1, 3, 1, 2, 5, 7, 3, 1, 1, 4, 1, 2, 6, 2, 9, 3, 1, 1], "
             "[0, 1, 1, 1, 1, 2, 1, 3, 2, 5, 4, 1, 7, 1, 1, 3, 1, 4, 2, 9]], Y: [[1, 0, 2, 1, 3, 1, 0, 1, 2, 1, 1, 3, 0, 1, 2, 1, 4, 1, 3, 1]]}\n")
ball = bb("basis: tangent, radius: 1/10, gap: best")
outside = bb("basis: tangent, radius: 1, gap: 1/10", 1)
lowers = bb("basis: layers 2, gap: 1", 1)
exact = prove("network: {kind: feedforward, activation: relu}\ndata: {X: [[1, 2]], Y: [[1, 1]]}\npoint: {W: [[[1]], [[3/5]]]}\n"
              "claims: [best-in-basis: {basis: tangent}]")
notbest = prove("network: {kind: feedforward, activation: relu}\ndata: {X: [[1, 2]], Y: [[1, 1]]}\npoint: {W: [[[1]], [[1/2]]]}\n"
                "claims: [best-in-basis: {basis: tangent}]", 1)
entropy = prove("network: {kind: linear}\nloss: cross-entropy\ndata: {X: [[1, 2, 1]], Y: [[1, 0, 0], [0, 1, 1]]}\npoint: {W: [[[1], [-1]]]}\n"
                "claims: [best-in-basis: {basis: tangent, radius: 1, gap: best}]")
hinge = prove("network: {kind: linear}\nloss: {kind: smooth-hinge, power: 2}\ndata: {X: [[1, -1, 2]], Y: [[1, -1, 1]]}\npoint: {W: [[[1/4]]]}\n"
              "claims: [best-in-basis: {basis: tangent, radius: 1/2, gap: best}]")
logistic = prove("network: {kind: linear}\nloss: logistic\ndata: {X: [[1, -1, 2]], Y: [[1, 1, -1/2]]}\npoint: {W: [[[1/4]]]}\n"
                 "claims: [best-in-basis: {basis: tangent, radius: 1/2, gap: best}]")
weighted = prove("network: {kind: linear}\nloss: {kind: square, weights: [1, 0, 2]}\ndata: {X: [[1, -1, 2]], Y: [[1, -1, 1]]}\npoint: {W: [[[1/4]]]}\n"
                 "claims: [best-in-basis: {basis: tangent, radius: 1/2, gap: best}]")
equal = prove("network: {kind: linear}\ndata: {X: [[1, 1, 2]], Y: [[0, 2, 1]]}\npoint: {W: [[[1/4]]]}\n"
              "claims: [best-in-basis: {basis: functions, gap: best}]")

def entries(text, role):
    """The rows of a matrix block and its denominator."""
    lines = block(text, role).splitlines()
    return [[int(x) for x in line.split()] for line in lines[1:]], int(lines[0].split()[-1])

def replaced(text, role, rows, den):
    old = block(text, role)
    head = old.splitlines()[0].split()
    from math import gcd
    g = gcd(den, *[x for r in rows for x in r])
    new = " ".join(head[:-1] + [str(den // g)]) + "\n" + "".join(" ".join(str(x // g) for x in r) + "\n" for r in rows)
    return text.replace(old, new)

def moved(text, role, i, j, numerator, denominator=1):
    """One entry of a matrix block changed."""
    rows, den = entries(text, role)
    rows = [[x * denominator for x in r] for r in rows]
    rows[i][j] += numerator * den
    return replaced(text, role, rows, den * denominator)

def smaller(text, what, factor):
    return sub(text, r" %s (\S+)" % what, lambda m: " %s %s" % (what, Fr(m.group(1)) * Fr(factor)))

forge("bb-gap-too-small", smaller(ball, "gap", "999/1000"), "does not prove so small a gap")
forge("bb-radius-enlarged", smaller(ball, "radius", "11/10"), "does not prove so small a gap")
forge("bb-radius-dropped", sub(ball, r" radius \S+", ""), "is not orthogonal")
forge("bb-not-orthogonal", moved(inputs, "dual:inputs", 0, 1, 1, 2 ** 60), "is not orthogonal")
if "dual-correction:tangent" in tangent:
    forge("bb-correction-dropped", drop(tangent, "dual-correction:tangent"), "is not orthogonal")
    forge("bb-correction-moved", moved(tangent, "dual-correction:tangent", 0, 0, 1, 2 ** 80), "is not orthogonal")
forge("bb-other-basis", sub(inputs, r"basis inputs", "basis layers:1"), "the evidence is missing")
forge("bb-layer", sub(inputs, r"basis inputs", "basis layers:3"), "a layer from 0")
forge("bb-layers-falling", sub(inputs, r"basis inputs", "basis layers:2:1"), "the layers rise")
forge("bb-layers-twice", sub(inputs, r"basis inputs", "basis layers:1:1"), "the layers rise")
forge("bb-layers-01", sub(inputs, r"basis inputs", "basis layers:01"), "a layer from 0")
forge("bb-unknown", sub(inputs, r"basis inputs", "basis input"), "is expected as a basis")
forge("bb-radius-of-inputs", sub(inputs, r" gap ", " radius 1 gap "), "radius")
forge("bb-no-gap", sub(inputs, r" gap \S+", ""), "gap")
forge("bb-kink", sub(exact, r"^matrix W:1 1 1 1\n1$", "matrix W:1 1 1 1\n0"), "is at its kink")
forge("bb-decay", sub(exact, r"^weight-decay 0$", "weight-decay 1"), "not with weight-decay")
forge("bb-refuted", sub(exact, r"^conclusion proved", "conclusion refuted"), "the exact decision is the opposite")
forge("bb-proved", sub(notbest, r"^conclusion refuted", "conclusion proved"), "the exact decision is the opposite")
forge("bb-version-1", sub(exact, r"^certify-certificate 2", "certify-certificate 1"), "belongs to version 2")
forge("bb-sum", moved(entropy, "dual:tangent", 0, 0, 1, 2 ** 70), "does not sum to 0")
forge("bb-negative", moved(moved(entropy, "dual:tangent", 0, 0, 2), "dual:tangent", 1, 0, -2), "negative entry")
forge("bb-labels", sub(entropy, r"^matrix Y 2 3 1\n1 0 0", "matrix Y 2 3 1\n1 0 -1"), "labels >= 0")
forge("bb-hinge-sign", moved(hinge, "dual:tangent", 0, 0, 9), "sign of a label")
forge("bb-logistic-sign", moved(logistic, "dual:tangent", 0, 0, 1), "sign of a label")
forge("bb-logistic-large", moved(logistic, "dual:tangent", 0, 2, 1), "larger than c w |y|")
forge("bb-logistic-as-hinge", sub(logistic, r"^loss logistic 1", "loss smooth-hinge 1 2"), "does not prove so small a gap")
forge("bb-logistic-gap", smaller(logistic, "gap", "999/1000"), "does not prove so small a gap")
forge("bb-power", sub(hinge, r"^loss smooth-hinge 1 2", "loss smooth-hinge 1 1"), "power of at least 2")
forge("bb-weight-0", moved(weighted, "dual:tangent", 0, 1, 1, 2 ** 60), "weight 0")
forge("bb-equal-samples", moved(equal, "dual:functions", 0, 0, 1, 2 ** 60), "is not orthogonal")
forge("bb-member-outside", smaller(outside, "radius", "1/2"), "outside the radius")
forge("bb-member-not-below", smaller(lowers, "gap", "1000000"), "does not lie so far below")
forge("bb-member-other", sub(lowers, r"basis layers:2", "basis layers:1"), "the evidence is missing")
residual = prove("network: {kind: residual}\ndata: {X: [[1]], Y: [[1]]}\npoint: {A: [[[[1]]]]}\nclaims: [rank: {of: X}]")
forge("bb-residual", sub(residual, r"^claim rank of X value 1", "claim best-in-basis basis tangent gap 9"), "linear and feedforward")
cellular = prove("network: {kind: feedforward, activation: relu}\ndata: {X: [[1, 2, -1]], Y: [[1, 1, 3]]}\npoint: {W: [[[1], [-1]], [[1, 1]]]}\nclaims: [best-in-basis: {basis: cell, gap: best}]")
forge("bb-cell-other", sub(cellular, r"^matrix W:1 2 1 1\n1\n-1$", "matrix W:1 2 1 1\n1\n1"), "")
forge("bb-cell-tanh", sub(cellular, r"^activation relu", "activation tanh"), "is for piecewise linear activations")
forge("bb-residual-basis", sub(inputs, r"basis inputs", "basis residual"), "is for resnets")
# the dual point of the tangent model, and of the last layer, for the larger bases
twins = dict(net="network: {kind: feedforward, activation: relu}\n", data="data: {X: {identity: 2}, Y: [[2, 2], [1, -1]]}\n",
             point="point: {W: [[[1, 1], [1, 1]], [[1, 1], [0, 0]]]}\n")
for basis, small in (("flat", "tangent"), ("chain", "layers:1")):
    text = bb("basis: %s, gap: best" % basis, **twins)
    forge("bb-%s-dual-of-%s" % (basis, small.split(":")[0]), smaller(replaced(text, "dual:" + basis, [[0, 0], [-1, 1]], 1), "gap", "0"), "is not orthogonal")
below = bb("basis: flat, gap: 1/2", 1, **twins)
forge("bb-flat-member-not-below", smaller(below, "gap", "3"), "does not lie so far below")
forge("bb-flat-member-shape", sub(below, r"^matrix member:flat:3 2 4 ", "matrix member:flat:3 2 2 "), "")
no_free = bb("basis: flat", net="network: {kind: feedforward, activation: leaky-relu 1/2}\n", data="data: {X: [[-1, -1], [0, 2]], Y: [[1/2, 1/2], [1, -1]]}\n",
             point="point: {W: [[[1, 0]], [[-1], [0]]]}\n")
forge("bb-flat-not-free", sub(no_free, r"^conclusion proved", "conclusion refuted"), "the exact decision is the opposite")
forge("bb-flat-exact", sub(bb("basis: tangent", **twins), r"basis tangent", "basis flat"), "the exact decision is the opposite")
forge("bb-chain-exact", sub(bb("basis: last", **twins), r"basis last", "basis chain"), "the exact decision is the opposite")
forge("bb-chain-skip", sub(prove("network: {kind: feedforward, activation: relu, skip: [0]}\ndata: {X: [[1, 2]], Y: [[1, 1]]}\n"
                                 "point: {W: [[[1]], [[1]]], S: [[[1]]]}\nclaims: [best-in-basis: {basis: cell, gap: best}]"),
                           r"basis cell", "basis chain"), "is for networks without skips")
# a dual point that is nearly orthogonal to transcendental rows
near = dict(net="network: {kind: feedforward, activation: tanh}\n", data="data: {X: [[1, 2, -1, 3, 1/2], [1, 1, 2, 0, -1]], Y: [[1, 2, 0, 1, 3]]}\n",
            point="point: {W: [[[1, 1/2], [-1, 1]], [[1, -1]]]}\n")
projected = bb("basis: last, gap: best", **near)
forge("bb-rows-sigma", scale_value(projected, "rows:last", "11/10"), "does not prove this bound")
forge("bb-rows-gap", smaller(projected, "gap", "999/1000"), "does not prove so small a gap")
forge("bb-rows-dropped", drop(projected, "rows:last"), "the evidence is missing")
forge("bb-rows-weight", sub(moved(projected, "dual:last", 0, 4, -entries(projected, "dual:last")[0][0][4], entries(projected, "dual:last")[1]),
                            r"^weights one$", "weights 1 1 1 1 0"), "a sample has weight 0")
forge("bb-rows-far", moved(projected, "dual:last", 0, 0, 1, 2), "does not prove so small a gap")
separable = prove("network: {kind: feedforward, activation: tanh}\nloss: cross-entropy\ndata: {X: [[1, 2, -1, 3], [1, 1, 2, 0]], Y: [[1, 0, 0, 1], [0, 1, 1, 0]]}\n"
                  "point: {W: [[[1, 1/2], [-1, 1]], [[1, -1], [0, 1]]]}\nclaims: [best-in-basis: {basis: last, gap: best}]")
if "rows:last" in separable:
    forge("bb-rows-edge", moved(moved(separable, "dual:last", 0, 0, -1), "dual:last", 1, 0, 1), "")
