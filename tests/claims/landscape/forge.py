# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *


def unit(X, Y, W="[[[1, 1]], [[1], [1]]]", act="relu", claim="{landscape: {list: no}}", more=""):
    return prove("network: {kind: feedforward, activation: %s}\n%sdata: {X: %s, Y: %s}\npoint: {W: %s}\nclaims: [%s]\n" % (act, more, X, Y, W, claim))


plain = unit("{identity: 2}", "{diagonal: [2, 1]}")
close = unit("[[1, 0, -1], [0, 1, 2]]", "[[2, 0, 1], [0, 1, -1]]", claim="{landscape: {gap: 1/100, list: no}}")
weighted = unit("[[1, 0, -1], [0, 1, 2]]", "[[2, 0, 1], [0, 1, -1]]", more="loss: {kind: square, weights: [1, 1/2, 2]}\n")
assert "low 1/2 high 1/2" in plain and "numbers rho 1 2" in plain
larger = lambda t, name, factor: sub(t, r"\b%s (\S+)" % name, lambda m: "%s %s" % (name, Fr(m.group(1)) * Fr(factor)))
rho = lambda t, factor: sub(t, r"^numbers rho 1 (\S+)", lambda m: "numbers rho 1 %s" % (Fr(m.group(1)) * Fr(factor)))

forge("landscape-low", larger(plain, "low", "101/100"), "too large for this lower bound")
forge("landscape-high", larger(plain, "high", "99/100"), "larger than the upper bound")
forge("landscape-gap", sub(unit("[[1, 0, -1], [0, 1, 2]]", "[[2, 0, 1], [0, 1, -1]]", act="leaky-relu 1/2", claim="{landscape: {gap: 1/100, list: no}}"), r"^claim landscape gap 1/100$", "claim landscape gap 1/1000000"), "further apart than the gap allows")
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
forge("landscape-two-units", sub(sub(plain, r"^matrix W:1 1 2 1\n1 1$", "matrix W:1 2 2 1\n1 1\n1 1"), r"^matrix W:2 2 1 1\n1\n1$", "matrix W:2 2 2 1\n1 1\n1 1"), "for one hidden unit")
forge("landscape-tanh", sub(plain, r"^activation relu", "activation tanh"), "for one hidden layer of relu")
forge("landscape-linear", sub(plain, r"^activation relu", "activation leaky-relu 1"), "treat linear ones")
forge("landscape-decay", sub(plain, r"^weight-decay 0", "weight-decay 1"), "weight-decay")
forge("landscape-entropy", sub(plain, r"^loss square 1/2", "loss logistic 1"), "square")
forge("landscape-bias", sub(sub(sub(plain, r"^biases no", "biases yes"), r"^matrix W:2", "matrix b:1 1 1 1\n0\nmatrix W:2"), r"^claim", "matrix b:2 2 1 1\n0\n0\nclaim"), "a row of ones of X")

# the list of all critical points off the kinks
listed = unit("[[1, 2, -1, 0, 3], [0, 1, 1, 2, -1]]", "[[1, 0, 2, 1, -1], [2, 1, 0, -1, 1]]", claim="{landscape: {list: yes}}")
wide = unit("[[1, 2, -1, 0, 3, 1], [0, 1, 1, 2, -1, 5], [1, 0, 0, 1, 1, -1]]", "[[1, 0, 2, 1, -1, 1]]", "[[[1, 1, 1]], [[1]]]", "leaky-relu 1/4", "{landscape: {list: yes, gap: 1/10}}")
tie = unit("{identity: 2}", "{identity: 2}", claim="{landscape: {list: yes}}")     # Sigma = I where both samples are active


def codes(t, change, role="codes cells"):
    """The list of a role changed."""
    def new(m):
        x = change(m.group(1).split()[1:])
        return "%s %d%s" % (role, len(x), "".join(" " + y for y in x))
    return sub(t, r"^%s (.*)$" % role, new)


def conclusion_points(t, change, width=5):
    head, tail = t.rsplit(" points ", 1)
    x = tail.split("\n")[0].split()[1:]
    p = change([x[i:i + width] for i in range(0, len(x), width)])
    return "%s points %d%s\nend\n" % (head, len(p), "".join(" " + y for q in p for y in q))


number = lambda t, name, by: sub(t, r"\b%s (\d+)" % name, lambda m: "%s %d" % (name, int(m.group(1)) + by))
cells = lambda t: re.search(r"^codes cells \d+ (.*)$", t, re.M).group(1).split()
assert cells(wide)[:4] == ["23", "0", "0", "30"] and " critical 3 " in tie
replaced = lambda x, i, y: x[:i] + [y] + x[i + 1:]

forge("landscape-list-cells", sub(listed, r" cells 10 dead", " cells 12 dead"), "the numbers of cells, or of critical points, are others")
forge("landscape-list-short", codes(listed, lambda x: x[:-1]), "cells: ")
forge("landscape-list-more", codes(listed, lambda x: x + ["0"]), "codes or numbers are left over")
forge("landscape-list-wrong-set", codes(wide, lambda x: replaced(x, 0, "2")), "a set of samples does not exclude the points of its cell")
forge("landscape-list-same-set", codes(wide, lambda x: replaced(x, 3, "0")), "a set of samples does not exclude the points of its cell")
forge("landscape-list-critical", number(listed, "critical", 1), "the numbers of cells, or of critical points, are others")
forge("landscape-list-minima", number(listed, "minima", -1), "the numbers of cells, or of critical points, are others")
forge("landscape-list-dead", number(listed, "dead", -1), "the numbers of cells, or of critical points, are others")
forge("landscape-list-unlisted", conclusion_points(listed, lambda p: p[:-1]), "a critical point is not listed")
forge("landscape-list-kind", conclusion_points(listed, lambda p: [[str(1 - int(p[0][0]))] + p[0][1:]] + p[1:]), "a point is listed with the wrong kind")
forge("landscape-list-loss", conclusion_points(listed, lambda p: [p[0][:2] + [str(Fr(p[0][2]) * Fr(99, 100))] + p[0][3:]] + p[1:]), "the loss of a point is not between its bounds")
forge("landscape-list-loss-below", conclusion_points(listed, lambda p: [p[0][:1] + [str(Fr(p[0][1]) + Fr(1, 100)), str(Fr(p[0][2]) + 1)] + p[0][3:]] + p[1:]), "the loss of a point is not between its bounds")
forge("landscape-list-w", conclusion_points(listed, lambda p: [p[0][:3] + [str(-Fr(x)) for x in p[0][3:]]] + p[1:]), "the w of a point is not in its cell")
forge("landscape-list-point", codes(listed, lambda x: [str(-Fr(x[0]))] + x[1:], "numbers points"), "the numbers of a point are not in its cell")
forge("landscape-list-sign", codes(listed, lambda x: ["0"] + x[1:], "numbers points"), "the numbers of a point are not in its cell")
# where there is a point (codes 1 0), one sample for y >= 0 and the same for y <= 0
i = next(i for i in range(99) if cells(wide)[i:i + 2] == ["1", "0"])
forge("landscape-list-one-sign", codes(wide, lambda x: x[:i + 1] + ["2", "2"] + x[i + 2:]), "a set of samples does not exclude an eigenvalue")
forge("landscape-list-left-out", codes(wide, lambda x: x[:i] + ["0"] + x[i + 2:]), "a set of samples does not exclude the points of its cell")
forge("landscape-list-tie", codes(tie, lambda x: [x[0], str(-Fr(x[1]))] + x[2:], "numbers points"), "the numbers of a point are not in its cell")
# 2^64 cells: neither more than a word nor few
many = unit("{identity: 64}", "[[%s]]" % ", ".join(["1"] * 64), "[[[%s]], [[1]]]" % ", ".join(["1"] * 64))
forge("landscape-list-word", sub(sub(sub(many, r"^evidence (\d+)$", lambda m: "evidence %d" % (int(m.group(1)) + 2)), r"^(numbers rho|conclusion)", "codes cells 3 1 0 1\nnumbers points 1 1\n\\1"),
                                 r"^(conclusion .*)$", "\\1 cells 2 dead 0 critical 1 minima 1 points 1 1 0 32 " + " ".join(["1"] * 64)), "more cells than the limit")
none_listed = unit("[[1, 1], [0, 1]]", "[[0, 0]]", "[[[1, 1]], [[1]]]", claim="{landscape: {list: yes}}")
assert " points 0" in none_listed
forge("landscape-list-no-points", none_listed.replace(" points 0\n", "\n"), "are expected together")
