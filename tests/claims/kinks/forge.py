# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *


def point(claim, X, Y, W, act="relu", more="", exit_status=0):
    return prove("network: {kind: feedforward, activation: %s}\n%sdata: {X: %s, Y: %s}\npoint: {W: %s}\nclaims: [%s]\n"
                 % (act, more, X, Y, W, claim), exit_status)


# w = 0, u = 1 on (1, 0), (0, 1), (-1, -1): c = (1, 2, 3), and tau_1 = 2 tau_2 = 3 tau_3
plane = "[[1, 0, -1], [0, 1, -1]]"
three = (plane, "[[-1, -2, -3]]", "[[[0, 0]], [[1]]]")
minimum, stationary, spurious = (point(c, *three) for c in ("local-minimum", "stationary", "spurious-local-minimum"))
assert "matrix multipliers:1 1 3" in minimum and "matrix better:1" in spurious
multipliers = lambda t, row, den: sub(t, r"^matrix multipliers:1 \d+ \d+ \d+\n.*$", "matrix multipliers:1 1 %d %d\n%s" % (len(row.split()), den, row))
other_data = lambda t, new: sub(t, r"^matrix Y 1 3 1\n-1 -2 -3$", "matrix Y 1 3 1\n" + new)
forge("kinks-end-point", multipliers(minimum, "6 3 2", 6), "strictly between 0 and 1")
forge("kinks-zero", multipliers(minimum, "0 0 0", 1), "strictly between 0 and 1")
forge("kinks-unbalanced", multipliers(minimum, "1 1 1", 2), "balance the gradient")
forge("kinks-beyond", multipliers(stationary, "6 3 2", 3), "do not show it")
forge("kinks-below", multipliers(stationary, "-6 -3 -2", 6), "do not show it")
forge("kinks-few", multipliers(minimum, "1 1", 2), "multipliers:1")
forge("kinks-many", multipliers(minimum, "6 3 2 1", 7), "multipliers:1")
forge("kinks-swapped", other_data(minimum, "-2 -1 -3"), "balance the gradient")
forge("kinks-none", drop(minimum, "multipliers:1"), "multipliers:1: the evidence is missing")
forge("kinks-refuted", sub(minimum, r"^conclusion proved", "conclusion refuted"), "the exact decision is the opposite")
# the other sign: h falls on all sides
forge("kinks-concave", other_data(minimum, "1 2 3"), "3 kinks of this unit are concave")
forge("kinks-concave-stationary", other_data(stationary, "1 2 3"), "multipliers:1")
# relu -> leaky 2: (1 - a) c changes its sign; leaky 1/2: other slopes between those of the sides
forge("kinks-slope", sub(minimum, r"^activation relu", "activation leaky-relu 2"), "3 kinks of this unit are concave")
forge("kinks-other-slope", sub(minimum, r"^activation relu", "activation leaky-relu 1/2"), "balance the gradient")
# the last layer: with a second unit that is active and sees the residual
forge("kinks-last-layer", sub(sub(minimum, r"^matrix W:1 1 2 1\n0 0$", "matrix W:1 2 2 1\n0 0\n1 0"), r"^matrix W:2 1 1 1\n1$", "matrix W:2 1 2 1\n1 0"),
      "the gradient by the last layer is not zero")
# a sample that is 0 is no kink, nor is one of weight 0
forge("kinks-zero-sample", sub(minimum, r"^matrix X 2 3 1\n1 0 -1\n0 1 -1$", "matrix X 2 3 1\n1 0 0\n0 1 0"), "multipliers:1")
forge("kinks-weight-zero", sub(minimum, r"^weights one$", "weights 1 1 0"), "multipliers:1")
forge("kinks-moved", sub(minimum, r"^matrix W:1 1 2 1\n0 0$", "matrix W:1 1 2 1\n1 0"), "")
forge("kinks-gradient", sub(point("critical-point", *three, exit_status=1), r"^conclusion refuted", "conclusion proved"), "h has no gradient at this kink")
forge("kinks-saddle", sub(point("saddle", *three, exit_status=1), r"^conclusion refuted", "conclusion proved"), "the gradient is not zero, or h has none")
# kinks of one line: c = -1 and 1 cancel, h has a gradient, which is 0; on opposite samples it is not
copies = point("critical-point", "[[1, 1]]", "[[1, -1]]", "[[[0]], [[1]]]")
opposite = point("critical-point", "[[1, -1]]", "[[1, -1]]", "[[[0]], [[1]]]", exit_status=1)
forge("kinks-copies", sub(copies, r"^conclusion proved", "conclusion refuted"), "do not show it")
forge("kinks-opposite", sub(opposite, r"^conclusion refuted", "conclusion proved"), "do not show it")

# a point with a smaller loss
forge("kinks-better-same", sub(sub(spurious, r"^matrix better:1 1 2 \d+\n.*$", "matrix better:1 1 2 1\n0 0"), r"^matrix better:2 1 1 \d+\n.*$", "matrix better:2 1 1 1\n1"),
      "this point is not better")
forge("kinks-better-none", drop(spurious, "better:1"), "better:1")
forge("kinks-spurious-refuted", sub(spurious, r"^conclusion proved", "conclusion refuted"), "down-degree: the evidence is missing")
forge("kinks-spurious-zero-loss", sub(point("spurious-local-minimum", "[[1]]", "[[1]]", "[[[1]], [[1]]]", exit_status=1), r"^conclusion refuted", "conclusion proved"),
      "better:1")

# curves
falling = point("not-local-minimum", "[[1, -1]]", "[[1, 2]]", "[[[0]], [[1]]]")
never = point("stationary", "[[1, -1]]", "[[1, 2]]", "[[[0]], [[1]]]", exit_status=1)
assert "numbers down-degree 1 1" in falling
forge("kinks-curve-up", sub(falling, r"^matrix Y 1 2 1\n1 2$", "matrix Y 1 2 1\n-1 -2"), "h rises along this curve")
forge("kinks-curve-still", sub(falling, r"^(matrix down:1:1 1 1 \d+)\n.*$", "\\1\n0"), "")
forge("kinks-curve-degree", sub(falling, r"^numbers down-degree 1 1$", "numbers down-degree 1 2"), "down:2:1")
forge("kinks-curve-degree-4", sub(falling, r"^numbers down-degree 1 1$", "numbers down-degree 1 4"), "a degree from 1 to 3")
forge("kinks-curve-degree-0", sub(falling, r"^numbers down-degree 1 1$", "numbers down-degree 1 0"), "a degree from 1 to 3")
forge("kinks-curve-half", sub(falling, r"^numbers down-degree 1 1$", "numbers down-degree 1 1/2"), "a degree from 1 to 3")
forge("kinks-curve-short", drop(falling, "down:1:2"), "down:1:2: the evidence is missing")
forge("kinks-curve-proved", sub(falling, r"^claim not-local-minimum", "claim local-minimum"), "the exact decision is the opposite")
forge("kinks-stationary-proved", sub(never, r"^conclusion refuted", "conclusion proved"), "multipliers:1: the evidence is missing")
# its one-sided derivative is 0: a second-order curve at a zero unit
zero = point("not-local-minimum", "[[1, -1]]", "[[1, 2]]", "[[[0]], [[0]]]")
forge("kinks-second-order", sub(sub(zero, r"^claim not-local-minimum", "claim stationary"), r"^conclusion proved", "conclusion refuted"), "its one-sided derivative is 0")

# maxima
dead = point("local-maximum", "[[1, 2]]", "[[1, 2]]", "[[[-1]], [[1]]]")
forge("kinks-maximum-active", sub(dead, r"^matrix X 1 2 1\n1 2$", "matrix X 1 2 1\n1 -2"), "all units inactive")
forge("kinks-maximum-kink", sub(dead, r"^matrix W:1 1 1 1\n-1$", "matrix W:1 1 1 1\n0"), "all units inactive")
forge("kinks-maximum-leaky", sub(dead, r"^activation relu", "activation leaky-relu 1/2"), "all units inactive")
# a linear unit with w = 0 has no kinks, but h moves with w
forge("kinks-maximum-linear", sub(sub(dead, r"^matrix W:1 1 1 1\n-1$", "matrix W:1 1 1 1\n0"), r"^activation relu", "activation leaky-relu 1"), "all units inactive")
forge("kinks-maximum-decay", sub(dead, r"^weight-decay 0$", "weight-decay 1"), "all units inactive")
forge("kinks-maximum-refuted", sub(dead, r"^conclusion proved", "conclusion refuted"), "up-degree: the evidence is missing")
forge("kinks-maximum-bias", sub(sub(sub(dead, r"^biases no", "biases yes"), r"^matrix W:2", "matrix b:1 1 1 1\n0\nmatrix W:2"), r"^claim", "matrix b:2 1 1 1\n0\nclaim"),
      "all units inactive")
# X = Y = 1, u = 1, w = 0 is a maximum that is not strict: no curve rises
boundary = point("not-local-minimum", "[[1]]", "[[1]]", "[[[0]], [[1]]]")
forge("kinks-maximum-boundary", sub(sub(boundary, r"^claim not-local-minimum", "claim local-maximum"), r"^conclusion proved", "conclusion refuted").replace("down", "up"),
      "h does not rise along this curve")

# other problems
forge("kinks-tanh", sub(stationary, r"^activation relu", "activation tanh"), "one hidden layer of relu, leaky-relu or identity")
forge("kinks-entropy", sub(dead, r"^loss square 1/2", "loss logistic 1"), "square")
forge("kinks-deep", sub(sub(sub(dead, r"^network feedforward 2", "network feedforward 3"), r"^activation relu", "activation relu\nactivation relu"), r"^claim", "matrix W:3 1 1 1\n1\nclaim"), "one hidden layer")
forge("kinks-version-1", sub(stationary, r"^certify-certificate 2", "certify-certificate 1"), "version 2")
