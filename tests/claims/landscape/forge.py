# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *


def unit(X, Y, W="[[[1, 1]], [[1], [1]]]", act="relu", claim="landscape", more=""):
    return prove("network: {kind: feedforward, activation: %s}\n%sdata: {X: %s, Y: %s}\npoint: {W: %s}\nclaims: [%s]\n" % (act, more, X, Y, W, claim))


plain = unit("{identity: 2}", "{diagonal: [2, 1]}")
close = unit("[[1, 0, -1], [0, 1, 2]]", "[[2, 0, 1], [0, 1, -1]]", claim="{landscape: {gap: 1/100}}")
weighted = unit("[[1, 0, -1], [0, 1, 2]]", "[[2, 0, 1], [0, 1, -1]]", more="loss: {kind: square, weights: [1, 1/2, 2]}\n")
assert "low 1/2 high 1/2" in plain and "numbers rho 1 2" in plain
larger = lambda t, name, factor: sub(t, r"\b%s (\S+)" % name, lambda m: "%s %s" % (name, Fr(m.group(1)) * Fr(factor)))
rho = lambda t, factor: sub(t, r"^numbers rho 1 (\S+)", lambda m: "numbers rho 1 %s" % (Fr(m.group(1)) * Fr(factor)))

forge("landscape-low", larger(plain, "low", "101/100"), "too large for this lower bound")
forge("landscape-high", larger(plain, "high", "99/100"), "larger than the upper bound")
forge("landscape-gap", sub(unit("[[1, 0, -1], [0, 1, 2]]", "[[2, 0, 1], [0, 1, -1]]", act="leaky-relu 1/2", claim="{landscape: {gap: 1/100}}"), r"^claim landscape gap 1/100$", "claim landscape gap 1/1000000"), "further apart than the gap allows")
forge("landscape-rho", rho(larger(close, "low", "102/100"), "98/100"), "a leaf does not show the bound")
forge("landscape-rho-negative", rho(plain, "-1"), "a number >= 0 is expected")
forge("landscape-no-rho", drop(plain, "rho"), "rho: the evidence is missing")
forge("landscape-no-point", drop(plain, "better:1"), "better:1: the evidence is missing")
forge("landscape-tree-missing", drop(plain, "tree"), "tree: the evidence is missing")
forge("landscape-tree-short", sub(plain, r"^numbers tree (\d+) (.*) \S+$", lambda m: "numbers tree %d %s" % (int(m.group(1)) - 1, m.group(2))), "")
forge("landscape-tree-more", sub(plain, r"^numbers tree (\d+) (.*)$", lambda m: "numbers tree %d %s 0" % (int(m.group(1)) + 1, m.group(2))), "codes are left over")
forge("landscape-data", sub(close, r"^(matrix Y 2 3 1)\n2 0 1$", "\\1\n2 0 -3"), "")
forge("landscape-weights", sub(weighted, r"^weights 1 1/2 2$", "weights 1 1/2 1"), "")
# features >= 0 see the labels (1, -1) with rho = 1; with a slope > 0 they may be (1, -1)
opposite = {act: unit("{identity: 2}", "[[1, -1]]", "[[[1, 1]], [[1]]]", act) for act in ("relu", "leaky-relu -1/2")}
forge("landscape-slope", sub(sub(opposite["leaky-relu -1/2"], r"high \S+$", "high 100"), r"^activation leaky-relu -1/2", "activation leaky-relu 1/2"), "a leaf does not show the bound")
forge("landscape-few", sub(opposite["relu"], r"^activation relu", "activation leaky-relu 1/1000"), "a leaf does not show the bound")
# both samples change their sign on two of the four orthants, where both may be positive
mixed = unit("[[1, -1], [-1, 2]]", "[[1, -1]]", "[[[1, 1]], [[1]]]")
forge("landscape-few-mixed", sub(sub(sub(mixed, r"^matrix Y 1 2 1\n1 -1$", "matrix Y 1 2 1\n1 1"), r"^numbers tree .*$", "numbers tree 4 0 0 0 0"), r"high \S+$", "high 100"),
      "a leaf does not show the bound")
forge("landscape-no-low", sub(plain, r" low \S+ high", " high"), "low and high are expected")
forge("landscape-refuted", sub(plain, r"^conclusion proved low \S+ high \S+$", "conclusion refuted"), "it is never refuted")
forge("landscape-version-1", sub(plain, r"^certify-certificate 2", "certify-certificate 1"), "version 2")
forge("landscape-two-units", sub(sub(plain, r"^matrix W:1 1 2 1\n1 1$", "matrix W:1 2 2 1\n1 1\n1 1"), r"^matrix W:2 2 1 1\n1\n1$", "matrix W:2 2 2 1\n1 1\n1 1"), "for one hidden relu")
forge("landscape-tanh", sub(plain, r"^activation relu", "activation tanh"), "for one hidden relu")
forge("landscape-linear", sub(plain, r"^activation relu", "activation leaky-relu 1"), "global-minimizer treats linear ones")
forge("landscape-decay", sub(plain, r"^weight-decay 0", "weight-decay 1"), "weight-decay")
forge("landscape-entropy", sub(plain, r"^loss square 1/2", "loss logistic 1"), "square")
forge("landscape-bias", sub(sub(sub(plain, r"^biases no", "biases yes"), r"^matrix W:2", "matrix b:1 1 1 1\n0\nmatrix W:2"), r"^claim", "matrix b:2 2 1 1\n0\n0\nclaim"), "a row of ones of X")
