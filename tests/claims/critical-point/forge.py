# SPDX-License-Identifier: LGPL-2.1-or-later
import re

from forging import *

point_of = lambda W, claim, status=0, Y="[[1]]", X="[[1]]": prove(
    "network: {kind: linear}\ndata: {X: %s, Y: %s}\npoint: {W: %s}\nclaims: [%s]\n" % (X, Y, W, claim), status)
critical = point_of("[[[0]], [[0]]]", "critical-point")
strict = point_of("[[[0]], [[0]]]", "strict-saddle")
degenerate = point_of("[[[0]], [[0]], [[0]]]", "saddle")
even = point_of("[[[0]], [[0]]]", "saddle")
lower = point_of("[[[0]], [[0]], [[0]]]", "not-local-minimum")
flat = point_of("[[[0]], [[0]], [[0]]]", "hessian-psd")
not_strict = point_of("[[[0]], [[0]], [[0]]]", "strict-saddle", 1)
minimum = point_of("[[[1]], [[1]]]", "saddle", 1)
local = point_of("[[[1]], [[1]]]", "local-minimum")
not_local = point_of("[[[0]], [[0]]]", "local-minimum", 1)
captures = point_of("[[[1, 0, 0], [0, 0, 1]], [[3, 0], [0, 0], [0, 1]]]", "critical-point", 0, "{diagonal: [3, 2, 1]}", "{identity: 3}")
golden = point_of("[[[0,0,1,1],[0,0,0,1]], {identity: 2}, [[0,0],[0,0],[1,0],[0,1]]]", "critical-point", 0,
                  "[[1,1,0,0],[0,1,0,0],[0,0,1,1],[0,0,0,1]]", "{identity: 4}")
near = point_of("[[[1, 0, 0], [0, 0, 1]], [[3, 0], [0, 0], [0, 1]]]", "critical-point: {gradient: 1/5}", 0, "{diagonal: [3, 2, 11/10]}", "{identity: 3}")
moved = lambda t, k=1: sub(t, r"(matrix W:%d 1 1 1)\n0" % k, "\\1\n1")
pattern = lambda t, new: sub(t, r"^conclusion proved.*", "conclusion proved " + new)
honest = re.search(r"(?m)^conclusion proved (pattern 0 .*) pattern 1 (.*)$", golden)
assert "pattern 0 3 9 9 1 1 4 4 1 0 1 1 1 1" in captures and honest, (captures, golden)

forge("critical-moved", moved(critical), "the gradient is not zero")
forge("critical-refuted", sub(critical, r"^conclusion proved.*", "conclusion refuted"), "the evidence does not show it")
forge("critical-refuted-with-pattern", sub(critical, r"^conclusion proved", "conclusion refuted"), "do not belong to this conclusion")
forge("pattern-other-captured", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 1 1 1 1 0"), "pattern 0 is not that of the point")
forge("pattern-optimal", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 0 1 1 1 0"), "pattern 0 is not that of the point")
forge("pattern-rank", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 1 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-multiplicity", pattern(captures, "pattern 0 3 9 9 1 1 4 4 2 0 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-eigenvalue", pattern(captures, "pattern 0 3 8 8 1 1 4 4 1 0 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-eigenvalue-missing", pattern(captures, "pattern 0 2 9 9 1 1 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-merged", pattern(captures, "pattern 0 2 5 10 1 1 1/2 5/2 1 1"), "pattern 0 is not that of the point")
forge("pattern-wide", pattern(captures, "pattern 0 3 8 10 1 1 1/2 5 1 0 1/4 1/3 1 1"), "pattern 0 is not that of the point")
forge("pattern-order", pattern(captures, "pattern 0 3 4 4 1 0 9 9 1 1 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-overlap", pattern(captures, "pattern 0 3 8 10 1 1 8 10 1 1 1 1 1 0"), "pattern 0 is not that of the point")
forge("pattern-below-zero", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 0 -1 2 1 1"), "pattern 0 is not that of the point")
forge("pattern-reversed-interval", pattern(captures, "pattern 0 3 9 9 1 1 5 3 1 0 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-open-end", pattern(captures, "pattern 0 3 9 10 1 1 4 4 1 0 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-index", pattern(captures, "pattern 1 3 9 9 1 1 4 4 1 0 1 1 1 1"), "the number of the pattern")
forge("pattern-twice", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 0 1 1 1 1 pattern 1 3 9 9 1 1 4 4 1 0 1 1 1 1"), "1 patterns are expected")
forge("pattern-truncated", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 0 1 1 1"), "")
forge("pattern-too-many", pattern(captures, "pattern 0 4 9 9 1 1 4 4 1 0 1 1 1 1 0 0 1 0"), "the number of eigenvalues")
forge("pattern-captured-huge", pattern(captures, "pattern 0 3 9 9 1 4 4 4 1 0 1 1 1 1"), "a captured multiplicity")
forge("pattern-of-another-point", sub(sub(captures, r"(matrix W:1 2 3 1\n1 0 0)\n0 0 1", "\\1\n0 1 0"), r"(matrix W:2 3 2 1)\n3 0\n0 0\n0 1", "\\1\n3 0\n0 2\n0 0"), "pattern 0 is not that of the point")
forge("pattern-deep-one", pattern(golden, honest[1]), "2 patterns are expected")
forge("pattern-deep-same", pattern(golden, honest[1] + " " + honest[1].replace("pattern 0", "pattern 1")), "pattern 1 is not that of the point")
forge("pattern-deep-all", pattern(golden, honest[1].replace(" 2 1", " 2 2") + " pattern 1 " + honest[2]), "pattern 0 is not that of the point")
forge("pattern-approximate", pattern(near, "pattern 0 3 9 9 1 1 4 4 1 0 121/100 121/100 1 1"), "do not belong to this conclusion")
forge("pattern-residual", point_of("[[[0]], [[0]]]", "critical-point").replace("network linear 2", "network residual 2 1"), "0 patterns are expected")
forge("gradient-too-small", sub(near, r"gradient 1/5", "gradient 1/100000"), "the evidence does not show it")
forge("gradient-negative", sub(near, r"gradient 1/5", "gradient -1"), "gradient is negative")
forge("gradient-refuted", sub(near, r"^conclusion proved", "conclusion refuted"), "the evidence does not show it")
forge("gradient-gap", sub(near, r"gradient 1/5", "gap 1/5"), "")
forge("gradient-of-a-saddle", sub(near, r"^claim critical-point", "claim saddle"), "")
forge("strict-saddle-moved", moved(strict), "the gradient is not zero")
forge("strict-saddle-flat-direction", sub(strict, r"(matrix down:1:1 1 1 \d+)\n\S+", lambda m: re.sub(r"\d+$", "1", m.group(1)) + "\n0"), "is not negative")
forge("strict-saddle-direction-missing", drop(strict, "down:1:2"), "down:1:2: the evidence is missing")
forge("strict-saddle-refuted-without-hessian", drop(not_strict, "hessian"), "hessian: the evidence is missing")
forge("strict-saddle-refuted", sub(strict, r"^conclusion proved", "conclusion refuted"), "hessian: the evidence is missing")
forge("strict-saddle-hessian-elsewhere", sub(not_strict, r"(matrix W:3 1 1 1)\n0", "\\1\n1"), "hessian: the factor does not prove")
forge("saddle-moved", moved(moved(degenerate), 2), "the gradient is not zero")
forge("saddle-no-way-up", drop(drop(drop(even, "up-degree"), "up:1:1"), "up:1:2"), "up-degree: the evidence is missing")
forge("saddle-up-is-down", sub(even, r"(matrix up:1:1 1 1 1)\n(\S+)", lambda m: m.group(1) + "\n" + str(-int(m.group(2)))), "the evidence does not show it")
forge("saddle-constant-curve", sub(degenerate, r"(matrix down:1:1 1 1 \d+)\n\S+", lambda m: re.sub(r"\d+$", "1", m.group(1)) + "\n0"), "does not change along this curve")
forge("saddle-minimum", sub(minimum, r"^conclusion refuted", "conclusion proved"), "down-degree: the evidence is missing")
forge("saddle-refuted", sub(drop(drop(drop(drop(degenerate, "down-degree"), "down:1:1"), "down:1:2"), "down:1:3"), r"^conclusion proved", "conclusion refuted"), "h(W) > h_inf")
forge("curve-degree-zero", sub(lower, r"^numbers down-degree 1 1", "numbers down-degree 1 0"), "a degree from 1 to 4")
forge("curve-degree-large", sub(lower, r"^numbers down-degree 1 1", "numbers down-degree 1 5"), "a degree from 1 to 4")
forge("curve-degree-two", sub(lower, r"^numbers down-degree 1 1", "numbers down-degree 1 2"), "down:2:1: the evidence is missing")
forge("curve-upwards", sub(lower, r"(matrix down:1:1 1 1 1)\n(\S+)", lambda m: m.group(1) + "\n" + str(-int(m.group(2)))), "the evidence does not show it")
forge("curve-refuted", sub(lower, r"^conclusion proved", "conclusion refuted"), "")
forge("hessian-not-psd", sub(flat, r"(matrix W:3 1 1 1)\n0", "\\1\n1"), "hessian: the factor does not prove")
forge("hessian-order", sub(flat, re.escape(block(flat, "hessian")), lambda m: "bound hessian 0 1 1\n0\ndiagonal one\n"), "a factor of order 3 is needed")
forge("hessian-missing", drop(flat, "hessian"), "hessian: the evidence is missing")
forge("hessian-refuted", sub(flat, r"^conclusion proved", "conclusion refuted"), "down:1:1: the evidence is missing")
forge("local-minimum-moved", sub(local, r"(matrix W:1 1 1 1)\n1", "\\1\n2"), "not critical")
forge("local-minimum-at-a-saddle", sub(sub(local, r"(matrix W:1 1 1 1)\n1", "\\1\n0"), r"(matrix W:2 1 1 1)\n1", "\\1\n0"), "h(W) > h_inf")
forge("local-minimum-refuted", sub(local, r"^conclusion proved", "conclusion refuted"), "down-degree: the evidence is missing")
forge("local-minimum-proved", sub(not_local, r"^conclusion refuted", "conclusion proved"), "h(W) > h_inf")

# feedforward networks
def ff(claim, W="[[[1]], [[3/5]]]", X="[[1, 2]]", Y="[[1, 1]]", act="relu", status=0):
    return prove("network: {kind: feedforward, activation: %s}\ndata: {X: %s, Y: %s}\npoint: {W: %s}\nclaims: [%s]" % (act, X, Y, W, claim), status)

minimum, zero = ff("local-minimum"), ff("critical-point")
nearly = ff("critical-point: {gradient: best}", W="[[[1]], [[1/2]]]")
plateau = ff("not-local-minimum", W="[[[1, 1]], [[0]]]", X="[[1, 0], [0, 1]]", Y="[[1, -1]]")
forge("ff-critical-moved", sub(zero, r"^matrix W:2 1 1 5\n3$", "matrix W:2 1 1 5\n4"), "do not show it")
forge("ff-critical-gradient", sub(nearly, r"gradient (\S+)", lambda m: "gradient %s" % (Fr(m.group(1)) * Fr(99, 100))), "do not show it")
forge("ff-critical-kink", sub(zero, r"^matrix W:1 1 1 1\n1$", "matrix W:1 1 1 1\n0"), "h has no gradient at this kink")
forge("ff-critical-version", sub(zero, r"^certify-certificate 2", "certify-certificate 1"), "belongs to version 2")
forge("ff-minimum-refuted", sub(minimum, r"^conclusion proved", "conclusion refuted"), "the exact decision is the opposite")
forge("ff-minimum-moved", sub(minimum, r"^matrix W:2 1 1 5\n3$", "matrix W:2 1 1 5\n4"), "the exact decision is the opposite")
forge("ff-not-minimum", sub(plateau, r"^claim not-local-minimum", "claim local-minimum"), "the exact decision is the opposite")
# two outputs, one unit: n = 1 < min(2, p), full ranks, the gradient is zero, and e Phi^T is not
forge("ff-minimum-unsettled", sub(ff("critical-point", W="[[[1, 1]], [[1], [0]]]", X="[[1, 0], [0, 1]]", Y="[[1, 1], [3, -3]]"), r"^claim critical-point", "claim local-minimum"),
      "neither the cell of the point nor its chains")
forge("ff-minimum-slope", sub(ff("local-minimum", act="leaky-relu 1/2", X="[[1, -2]]", Y="[[1, 1]]", W="[[[1]], [[0]]]"), r"^activation leaky-relu 1/2", "activation leaky-relu 1/3"),
      "the exact decision is the opposite")

# critical points that no reason decides, where e sees what it would if a precondition were dropped
def undecided(act, X, W, Y, more=""):
    text = prove("network: {kind: feedforward, activation: [%s]%s}\ndata: {X: %s, Y: %s}\npoint: {W: %s}\nclaims: [critical-point]"
                 % (act, ", skip: [1]" if more else "", X, Y, W + more))
    return sub(text, r"^claim critical-point", "claim not-local-minimum")
neither = "neither the cell of the point nor its chains"
forge("ff-unit-not-free", undecided("leaky-relu 1/2", "[[-1, -1, 0], [0, 2, 0]]", "[[[1, 0]], [[-1], [0]]]", "[[1/2, 1/2, 0], [1, -1, 0]]"), neither)
forge("ff-unit-group", undecided("relu", "[[2, 2], [2, 1]]", "[[[-1, -1], [2, 1]], [[0, -1], [0, 0]]]", "[[-6, -5], [-5, 6]]"), "the exact decision is the opposite")
forge("ff-unit-with-skip", undecided("relu, identity", "{identity: 2}", "[[[1, 1]], [[0]], [[0], [1]]]", "[[1, 1], [-1, 1]]", ", S: [[[1], [0]]]"), neither)
forge("ff-chain-few", undecided("identity, identity", "[[1, 2]]", "[[[0]], [[-1]], [[0], [0]]]", "[[1, 1], [-1, -2]]"), neither)
forge("ff-chain-outgoing", undecided("identity, relu", "[[1, 2], [1, 0]]", "[[[1, 0]], [[1], [-1]], [[0, -1]]]", "[[-2, 1]]"), neither)
forge("ff-chain-slopes", undecided("relu, leaky-relu 1/2", "[[2, 2], [-1, 0]]", "[[[2, 2]], [[-1], [2]], [[0, 0]]]", "[[2, -1]]"), neither)
# (c) needs a bias, a curved activation, and sums over equal inputs: these points are local minima
def smooth(act, X, Y, b):
    text = prove("network: {kind: feedforward, activation: %s}\ndata: {X: %s, Y: %s}\npoint: {W: [[[1]], [[0]]]%s}\nclaims: [critical-point: {gradient: best}]"
                 % (act, X, Y, ", b: [[0], [0]]" if b else ""))
    return sub(text, r"^claim critical-point gradient \S+$", "claim not-local-minimum")
forge("ff-curved-no-bias", smooth("tanh", "[[1, -1]]", "[[1, 1]]", 0), "is not off 0")
forge("ff-curved-equal-inputs", sub(prove("network: {kind: feedforward, activation: [relu, tanh]}\ndata: {X: [[-1, -2]], Y: [[1, -1]]}\n"
                                          "point: {W: [[[1]], [[1]], [[0]]], b: [[0], [0], [0]]}\nclaims: [critical-point: {gradient: best}]"),
                                    r"^claim critical-point gradient \S+$", "claim not-local-minimum"), "is not off 0")
forge("ff-curved-affine", smooth("smooth-leaky 1", "[[1, 2, 3]]", "[[1, -2, 1]]", 1), "is not off 0")
forge("ff-unit-proved", sub(ff("not-local-minimum", W="[[[1, 1], [1, 1]], [[1, 1], [0, 0]]]", X="[[1, 0], [0, 1]]", Y="[[2, 2], [1, -1]]"),
                            r"^claim not-local-minimum", "claim local-minimum"), "the exact decision is the opposite")
chain = prove("network: {kind: linear}\nloss: smooth-hinge\ndata: {X: [[1, -2]], Y: [[1, -1]]}\npoint: {W: [[[0], [0]], [[0, 0], [0, 0]], [[0, 0]]]}\nclaims: [not-local-minimum]")
forge("ff-chain-proved", sub(chain, r"^claim not-local-minimum", "claim local-minimum"), "the exact decision is the opposite")
bent = ff("not-local-minimum", W="[[[1, 1]], [[1], [0]]]", X="[[1, 0], [0, 1]]", Y="[[1, 1], [10, -10]]")
forge("ff-curve-zero", sub(sub(bent, re.escape(block(bent, "curve:1")), "matrix curve:1 1 2 1\n0 0\n"), re.escape(block(bent, "curve:2")), "matrix curve:2 2 1 1\n0\n0\n"),
      "not shown to be negative")
forge("ff-curve-sign", sub(bent, re.escape(block(bent, "curve:2")), "matrix curve:2 2 1 1\n0\n%d\n" % (1 if "-" in block(bent, "curve:2").split("\n")[2] else -1)),
      "not shown to be negative")
forge("ff-curve-boundary", sub(sub(sub(bent, r"^1 1\n10 -10$", "1 1\n1 -1"), re.escape(block(bent, "curve:1")), "matrix curve:1 1 2 1\n1 -1\n"),
                              re.escape(block(bent, "curve:2")), "matrix curve:2 2 1 1\n0\n1\n"), "not shown to be negative")
forge("ff-curve-half", drop(bent, "curve:2"), "the evidence is missing")
forge("ff-curve-proved", sub(bent, r"^claim not-local-minimum", "claim local-minimum"), "the exact decision is the opposite")
forge("ff-evidence", sub(chain, r"^evidence 0$", "evidence 1\nnumbers unit 2 1 1"), "not used by the proof")
# W = (1, 0)^T is injective and not onto: Theorem 3 does not speak, and the point is a global minimum
block_ = prove("network: {kind: resnet, activation: relu}\ndata: {X: [[1, 0]], Y: [[1, 0], [0, 1]]}\npoint: {W: [[1], [0]], R: [[0]], z: {W: [[[-1]]], b: [[2]]}}\nclaims: [critical-point: {gradient: 9}]")
forge("ff-residual-onto", sub(block_, r"^claim critical-point gradient 9", "claim not-local-minimum"), "")
forge("resnet-short", sub(block_, r"^network resnet 3\nactivation relu\n", "network resnet 2\n"), '"W:2" is expected')
forge("resnet-version", sub(block_, r"^certify-certificate 2", "certify-certificate 1"), "belongs to version 2")
forge("resnet-r-shape", sub(block_, r"^matrix W:2 1 1 1\n0$", "matrix W:2 2 1 1\n0\n1"), "expected 1 x 1")
skips = prove("network: {kind: feedforward, activation: [relu, relu], skip: [0, 1]}\ndata: {X: [[1, 2]], Y: [[1, 1]]}\npoint: {W: [[[1]], [[2]], [[3]]], S: [[[1]], [[1/2]]]}\nclaims: [critical-point: {gradient: best}]")
forge("skip-falling", sub(skips, r"^network skip 3 2 0 1$", "network skip 3 2 1 0"), "rising")
forge("skip-last", sub(skips, r"^network skip 3 2 0 1$", "network skip 3 2 0 2"), "rising")
forge("skip-dropped", sub(skips, r"^network skip 3 2 0 1$", "network skip 3 1 1"), "W_3 is 1 x 3, expected 1 x 2")
forge("skip-as-feedforward", sub(skips, r"^network skip 3 2 0 1$", "network feedforward 3"), "W_3 is 1 x 3, expected 1 x 1")
forge("skip-version", sub(skips, r"^certify-certificate 2", "certify-certificate 1"), "belongs to version 2")
forge("skip-gradient-dominance", sub(skips, r"^claim critical-point gradient \S+$", "claim distinct-eigenvalues"), "does not treat skips and resnets")
# equal rows of R, W injective with three outputs: a global minimum
same = prove("network: {kind: resnet, activation: relu}\ndata: {X: [[1, 0, 0], [0, 1, 0]], Y: {identity: 3}}\n"
             "point: {W: [[1, 0], [0, 1], [0, 0]], R: [[0], [0]], z: {W: [[[-2, -2]]], b: [[1]]}}\nclaims: [critical-point]")
forge("ff-unit-equal-rows-of-r", sub(same, r"^claim critical-point", "claim not-local-minimum"), neither)
forge("resnet-activation", sub(block_, r"^activation identity", "activation relu"), "in a resnet is identity")
forge("resnet-activation-slope", sub(block_, r"^activation identity", "activation leaky-relu 0"), "in a resnet is identity")

# weight decay
decay = "regularization: {weight-decay: 1%s}\n"
zero = prove("network: {kind: feedforward, activation: relu}\n" + decay % "" + "data: {X: {identity: 2}, Y: {diagonal: [5, 4]}}\n"
             "point: {W: [[[2, 0], [0, 0]], [[2, 0], [0, 0]]]}\nclaims: [not-local-minimum]")
least = prove("network: {kind: feedforward, activation: relu}\n" + decay % "" + "data: {X: {identity: 2}, Y: {diagonal: [5, 1]}}\n"
              "point: {W: [[[2, 0], [0, 0]], [[2, 0], [0, 0]]]}\nclaims: [local-minimum]")
rotated = prove("network: {kind: linear}\n" + decay % "" + "data: {X: {identity: 2}, Y: {diagonal: [5, 4]}}\n"
                "point: {U: [[1, 1], [0, 0]], V: [[1, 1], [0, 0]]}\nclaims: [not-local-minimum]")
bowl = prove("network: {kind: feedforward, activation: leaky-relu 1/2}\n" + decay % "" + "data: {X: [[1, 2]], Y: [[3, 3]]}\npoint: {W: [[[1]], [[1]]]}\nclaims: [not-local-minimum]")
forge("ff-decay-dual", sub(least, r"^matrix Y 2 2 1\n5 0\n0 1$", "matrix Y 2 2 1\n4 0\n0 1"), "the dual point is not worth the loss")
forge("ff-decay-tree", sub(least, r"^matrix Y 2 2 1\n5 0\n0 1$", "matrix Y 2 2 1\n5 0\n0 2"), "a leaf does not show the bound")
forge("ff-decay-unit", sub(zero, r"^(matrix W:1 2 2 1\n2 0)\n0 0$", "\\1\n0 -1"), "no unit is 0")
forge("ff-decay-outgoing", sub(zero, r"^(matrix W:2 2 2 1\n2 0)\n0 0$", "\\1\n0 1"), "no unit is 0")
forge("ff-decay-gain", sub(zero, r"^numbers unit:1 4 .*$", "numbers unit:1 4 0 10 0 1"), "gains nothing")
forge("ff-decay-boundary", sub(sub(zero, r"^matrix Y 2 2 1\n5 0\n0 4$", "matrix Y 2 2 1\n5 0\n0 1"), r"^numbers unit:1 4 .*$", "numbers unit:1 4 0 1 0 1"), "gains nothing")
forge("ff-decay-kernel", sub(rotated, r"^numbers kernel 2 1 -1$", "numbers kernel 2 1 1"), "no unit is 0")
forge("ff-decay-kernel-zero", sub(rotated, r"^numbers kernel 2 1 -1$", "numbers kernel 2 0 0"), "no unit is 0")
forge("ff-decay-proved", sub(zero, r"^claim not-local-minimum", "claim local-minimum"), "the exact decision is the opposite")
forge("ff-decay-word", sub(zero, r"^word by escape$", "word by cell"), "")
forge("ff-decay-none", drop(bowl, "by"), "by: the evidence is missing")
# (1, 1) with Y = (5, 8) / 2: the derivatives of the loss are -1, those of the decay 1
forge("ff-decay-gradient", sub(bowl, r"^matrix Y 1 2 1\n3 3$", "matrix Y 1 2 5\n6 12"), "the gradient is not off 0")
forge("ff-decay-tanh", sub(sub(least, r"^activation relu$", "activation tanh"), r"^matrix W:1 2 2 1\n2 0\n0 0$", "matrix W:1 2 2 1\n0 0\n0 0"), "")
sloping = prove("network: {kind: feedforward, activation: tanh}\n" + decay % "" + "data: {X: [[1, -1]], Y: [[9, -9]]}\npoint: {W: [[[0]], [[0]]]}\nclaims: [not-local-minimum]")
forge("ff-decay-curvature", sub(sloping, r"^weight-decay 1$", "weight-decay 100"), "not shown to be negative")

# Hessians of one hidden layer
decayed = lambda claim, Y="[[104/17, 70/17, 99/17], [70/17, 104/17, 99/17], [99/17, 99/17, 315/34]]", status=0: prove(
    "network: {kind: feedforward, activation: relu}\n" + decay % "" + "data: {X: {identity: 3}, Y: %s}\n"
    "point: {W: [[[1, 2, 2], [2, 1, 2]], [[1, 2], [2, 1], [2, 2]]]}\nclaims: [%s]" % (Y, claim), status)
apart = decayed("local-minimum")
forge("ff-hessian-fixed", sub(apart, r"^numbers fixed 1 1$", "numbers fixed 1 3"), "the factor does not prove")
forge("ff-hessian-fixed-zero", sub(apart, r"^numbers fixed 1 1$", "numbers fixed 1 0"), "numbers of parameters, ascending")
forge("ff-hessian-fixed-large", sub(apart, r"^numbers fixed 1 1$", "numbers fixed 1 13"), "numbers of parameters, ascending")
forge("ff-hessian-fixed-fraction", sub(apart, r"^numbers fixed 1 1$", "numbers fixed 1 3/2"), "numbers of parameters, ascending")
forge("ff-hessian-fixed-two", sub(apart, r"^numbers fixed 1 1$", "numbers fixed 2 1 2"), "numbers")
forge("ff-hessian-fixed-none", drop(apart, "fixed"), "fixed: the evidence is missing")
forge("ff-hessian-decay", sub(apart, r"^weight-decay 1$", "weight-decay 2"), "the gradient is not shown to be 0")
forge("ff-hessian-no-decay", sub(sub(apart, r"^weight-decay 1$", "weight-decay 0"), r"^matrix Y 3 3 34\n.*\n.*\n.*$", "matrix Y 3 3 1\n5 4 6\n4 5 6\n6 6 8"), "")
forge("ff-hessian-too-good", sub(apart, r"^bound hessian \d+", "bound hessian 1033498947"), "the factor does not prove")
forge("ff-hessian-missing", drop(apart, "hessian"), "hessian")
forge("ff-hessian-kink", sub(sub(apart, r"^matrix W:1 2 3 1\n1 2 2", "matrix W:1 2 3 1\n0 2 2"), r"^matrix W:2 3 2 1\n1 2", "matrix W:2 3 2 1\n0 2"), "kink")
forge("ff-hessian-refuted", sub(apart, r"^conclusion proved", "conclusion refuted"), "the exact decision is the opposite")
# the eigenvalue 3/2 of R becomes 5/2 > 1 + 1: no minimum
forge("ff-hessian-data", sub(apart, r"^matrix Y 3 3 34\n208 140 198\n140 208 198\n198 198 315", "matrix Y 3 3 34\n216 148 186\n148 216 186\n186 186 333"), "the factor does not prove")
flat_ = prove("network: {kind: linear}\n" + decay % "" + "data: {X: {identity: 2}, Y: {diagonal: [5, 5]}}\npoint: {W: [[[2, 0]], [[2], [0]]]}\nclaims: [hessian-psd]")
forge("ff-hessian-boundary", sub(sub(flat_, r"^claim hessian-psd", "claim local-minimum"), r"^evidence 1\n", "evidence 2\nword by hessian\n"), "not shown to be positive definite")
forge("ff-hessian-psd-data", sub(flat_, r"^matrix Y 2 2 1\n5 0\n0 5$", "matrix Y 2 2 1\n5 0\n0 6"), "the factor does not prove")
forge("ff-hessian-psd-refuted", sub(flat_, r"^conclusion proved", "conclusion refuted"), "no direction is given")
forge("ff-hessian-of-logits", sub(flat_, r"^loss square 1/2", "loss cross-entropy 1/2"), "the square loss only")
steep = prove("network: {kind: linear}\n" + decay % "" + "data: {X: {identity: 2}, Y: {diagonal: [5, 6]}}\npoint: {W: [[[2, 0]], [[2], [0]]]}\nclaims: [strict-saddle]")
forge("ff-strict-saddle-moved", sub(steep, r"^matrix Y 2 2 1\n5 0", "matrix Y 2 2 1\n4 0"), "the gradient is not shown to be zero")
forge("ff-strict-saddle-boundary", sub(steep, r"^matrix Y 2 2 1\n5 0\n0 6", "matrix Y 2 2 1\n5 0\n0 5"), "not shown to be negative")
forge("ff-strict-saddle-refuted", sub(drop(drop(steep, "curve:1"), "curve:2"), r"^conclusion proved", "conclusion refuted"), "hessian")
forge("ff-strict-saddle-none", drop(drop(steep, "curve:1"), "curve:2"), "no direction is given")
# three linear units of rank 1 rotate in two directions, not in three
forge("ff-hessian-rotations", sub(sub(sub(apart, r"^activation relu\n", "activation identity\n"), r"^matrix W:1 2 3 1\n1 2 2\n2 1 2", "matrix W:1 2 3 1\n0 0 0\n0 0 0"), r"^matrix W:2 3 2 1\n1 2\n2 1\n2 2", "matrix W:2 3 2 1\n0 0\n0 0\n0 0"), "the symmetries do not move")
# without weight decay: one active unit, scaled against its column; a dead one
# (sixty outputs, so that the Hessian needs evidence)
zeros = ", [0, 0]" * 58
outgoing = lambda *first: "[%s%s]" % (", ".join(first), ", [%s]" % ", ".join(["0"] * (first[0].count(",") + 1)) * 58)
scaled = prove("network: {kind: feedforward, activation: relu}\ndata: {X: {identity: 2}, Y: [[5/2, 3/2], [0, 2]%s]}\npoint: {W: [[[1, 1]], %s]}\nclaims: [local-minimum]"
               % (zeros, outgoing("[2]", "[1]")))
dead = prove("network: {kind: feedforward, activation: relu}\ndata: {X: [[1, 0], [0, 1], [1, 1]], Y: [[5/2, 3/2], [0, 2]%s]}\n"
             "point: {W: [[[1, 1, 0], [-1, -2, -1]], %s]}\nclaims: [local-minimum]" % (zeros, outgoing("[2, 7]", "[1, 5]").replace(", [0]", ", [0, 0]")))
assert "numbers fixed 1 1" in scaled and "numbers fixed 65 1 3 4 5 6 " in dead
# (c |n| |m| = 5 > |u| |v| = 10^{1/2}: a saddle; and at equality the kernel is larger)
forge("ff-hessian-scalings", sub(scaled, r"^matrix Y 60 2 2\n5 3\n0 4$", "matrix Y 60 2 1\n4 0\n-3 5"), "the factor does not prove")
forge("ff-hessian-scaled-boundary", sub(sub(scaled, r"^matrix Y 60 2 2\n5 3\n0 4$", "matrix Y 60 2 1\n3 1\n-1 3"), r"^bound hessian \S+", "bound hessian 0"), "")
forge("ff-hessian-scaled-none", drop(scaled, "fixed"), "fixed: the evidence is missing")
forge("ff-hessian-dead", sub(dead, r"^numbers fixed 65 1 3 4 ", "numbers fixed 65 1 2 4 "), "the factor does not prove")
forge("ff-hessian-dead-few", sub(dead, r"^numbers fixed 65 (.*) \d+$", "numbers fixed 64 \\1"), "numbers")
saddle_ = prove("network: {kind: feedforward, activation: relu}\ndata: {X: {identity: 2}, Y: [[4, 0], [-3, 5]]}\npoint: {W: [[[1, 1]], [[2], [1]]]}\nclaims: [saddle]")
none_ = prove("network: {kind: feedforward, activation: relu}\ndata: {X: {identity: 2}, Y: [[5/2, 3/2], [0, 2]]}\npoint: {W: [[[1, 1]], [[2], [1]]]}\nclaims: [saddle]", 1)
logits = prove("network: {kind: linear}\nloss: cross-entropy\ndata: {X: [[1, 2]], Y: [[1, 0], [0, 1]]}\npoint: {W: [[[0]], [[0], [0]]]}\nclaims: [strict-saddle]")
origin = prove("network: {kind: linear}\nregularization: {weight-decay: 1}\ndata: {X: [[1]], Y: [[3]]}\npoint: {W: [[[0]], [[0]]]}\nclaims: [saddle]")
forge("ff-saddle-moved", sub(saddle_, r"^matrix Y 2 2 1\n4 0", "matrix Y 2 2 1\n5 0"), "the gradient is not shown to be zero")
forge("ff-saddle-entropy", sub(logits, r"^claim strict-saddle", "claim saddle"), "larger values are shown")
forge("ff-saddle-unseen", sub(sub(origin, r"^weight-decay 1$", "weight-decay 0"), r"^network linear 2", "network feedforward 2\nactivation identity"), "larger values are shown")
forge("ff-saddle-refuted", sub(none_, r"^conclusion refuted", "conclusion proved"), "no direction is given")
