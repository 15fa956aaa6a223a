# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

relu = "network: {kind: feedforward, activation: relu}\n"
decay = "regularization: {weight-decay: 1}\n"
claims = "claims: [non-increasing-path]\n"
# two equal directions; the end is a global minimiser
twins = prove(relu + decay + "data: {X: {identity: 2}, Y: {diagonal: [5, 1]}}\npoint: {W: [[[6/5, 0], [8/5, 0]], [[6/5, 8/5], [0, 0]]]}\n" + claims)
# five units, three samples
five = prove(relu + decay + "data: {X: [[1, 2, 3], [1, 1, -1]], Y: [[1, 2, 3]]}\npoint: {W: [[[1, 0], [2, 0], [1, 1], [1, 2], [-1, 3]], [[1, 1/2, 1, -1, 2]]]}\n" + claims)
plain = prove(relu + "loss: cross-entropy\ndata: {X: {identity: 2}, Y: {identity: 2}}\npoint: {W: [[[1, 0], [1, 0]], [[1, 1], [0, 0]]]}\n" + claims)
assert "word end global" in twins and "word end escape" in five and "word end zero" in plain
multiples = lambda t, new: sub(t, r"^numbers multiples .*$", "numbers multiples " + new)

forge("path-outputs", multiples(twins, "2 0 13/8"), "these multiples of the units have other outputs")
forge("path-negative", multiples(twins, "2 41/9 -1"), "these multiples of the units have other outputs, or one is negative")
forge("path-data", sub(twins, r"^matrix X 2 2 1\n1 0", "matrix X 2 2 1\n1 1"), "")
forge("path-none", multiples(twins, "2 1 1"), "no unit is 0 at the end")
# the same outputs with the second unit ten times as long in one layer: the sum of squares rises when the first one goes
forge("path-rise", multiples(sub(plain, r"^matrix W:1 2 2 1\n1 0\n1 0", "matrix W:1 2 2 1\n1 0\n10 0"), "2 0 11/10"), "the sum of squares rises")
forge("path-short", multiples(twins, "1 0"), "multiples")
forge("path-no-multiples", drop(twins, "multiples"), "multiples: the evidence is missing")
forge("path-global", sub(twins, r"^matrix Y 2 2 1\n5 0\n0 1$", "matrix Y 2 2 1\n5 0\n0 2"), "a leaf does not show the bound")
forge("path-escape", sub(five, r"^weight-decay 1$", "weight-decay 1000"), "this unit gains nothing")
forge("path-boundary", sub(drop(drop(twins, "tree"), "end"), r"^evidence 1\n(numbers multiples .*)\n", "evidence 3\nword end escape\n\\1\nnumbers unit:1 4 0 1 0 1\n"), "this unit gains nothing")
forge("path-no-unit", drop(five, "unit:1"), "unit:1: the evidence is missing")
forge("path-entropy", sub(plain, r"^word end zero", "word end global"), "does not treat this problem")
forge("path-word", sub(plain, r"^word end zero", "word end best"), "zero, global or escape is expected")
forge("path-refuted", sub(plain, r"^conclusion proved", "conclusion refuted"), "it is never refuted")
forge("path-version-1", sub(plain, r"^certify-certificate 2", "certify-certificate 1"), "version 2")
forge("path-tanh", sub(plain, r"^activation relu", "activation tanh"), "for relu, leaky-relu and identity")
forge("path-deep", sub(sub(sub(plain, r"^network feedforward 2", "network feedforward 3"), r"^activation relu", "activation relu\nactivation relu"), r"^claim", "matrix W:3 2 2 1\n1 0\n0 1\nclaim"), "two layers")
forge("path-free-bias", sub(sub(sub(plain, r"^biases no", "biases yes"), r"^matrix W:2", "matrix b:1 2 1 1\n0\n0\nmatrix W:2"), r"^claim", "matrix b:2 2 1 1\n0\n0\nclaim"), "must be decayed")
