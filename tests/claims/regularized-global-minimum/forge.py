# SPDX-License-Identifier: LGPL-2.1-or-later
import math
from forging import *

def codes(text, change):
    """The tree with its list of codes changed."""
    m = re.search(r"^numbers tree (\d+) (.*)$", text, re.M)
    new = change(m.group(2).split())
    return text[:m.start()] + "numbers tree %d %s" % (len(new), " ".join(map(str, new))) + text[m.end():]

def times(text, role, factor):
    """A matrix times a number, over its old denominator times that of the number."""
    B = block(text, role)
    head, *rows = B.rstrip("\n").split("\n")
    words, f = head.split(), Fr(factor)
    A = [[Fr(int(x), int(words[-1])) * f for x in row.split()] for row in rows]
    den = 1
    for row in A:
        for x in row:
            den = den * x.denominator // math.gcd(den, x.denominator)
    return text.replace(B, "%s %d\n%s\n" % (" ".join(words[:-1]), den, "\n".join(" ".join(str(int(x * den)) for x in row) for row in A)))

def gap(text, factor):
    return sub(text, r"^(claim regularized-global-minimum gap) (\S+)$", lambda m: "%s %s" % (m.group(1), Fr(m.group(2)) * Fr(factor)))

def price(text):
    """|Q D 1|^2 / (2 mu) for D = 1, mu = 1."""
    head, *rows = block(text, "dual").rstrip("\n").split("\n")
    return sum(Fr(sum(map(int, row.split())), int(head.split()[-1])) ** 2 for row in rows) / 2

relu = "network: {kind: feedforward, activation: relu}\nregularization: {weight-decay: 1%s}\n"
data = "data: {X: [[1, 2, -1], [1, -1, 2]], Y: [[3, 0, 1], [1, 2, -1]]}\n"
point = "point: {W: [[[1, 1/2], [-1, 1]], [[1, 0], [0, 1]]]%s}\n"
best = "claims: [regularized-global-minimum: {gap: best}]"
near = prove(relu % "" + data + point % "" + best)
free = prove(relu % ", decay-biases: hidden" + data + point % ", b: [[1/2, 0], [1, 1]]" + best)
decayed = prove(relu % ", decay-biases: yes" + data + point % ", b: [[1/2, 0], [1, 1]]" + best)
leaky = prove(relu.replace("relu", "leaky-relu 1/4") % "" + data + point % "" + best)
weighted = prove(relu % "" + "loss: {kind: square, weights: [2, 1, 1]}\n" + data + point % "" + best)
exact = prove(relu % "" + "data: {X: {identity: 2}, Y: {diagonal: [5, 1]}}\npoint: {W: [[[2, 0]], [[2], [0]]]}\nclaims: [regularized-global-minimum]")
linear = prove("network: {kind: linear}\nregularization: {weight-decay: 1}\n" + data + point % "" + best)
boundary = prove("network: {kind: linear}\nregularization: {weight-decay: 1}\ndata: {X: {identity: 2}, Y: {diagonal: [5, 1]}}\n"
                 "point: {U: [[2, 0], [0, 0]], V: [[2, 0], [0, 0]]}\nclaims: [regularized-global-minimum]")
worse = prove(relu % "" + "data: {X: {identity: 2}, Y: {diagonal: [5, 1]}}\npoint: {W: [[[1, 0]], [[1], [0]]]}\n"
              "claims: [regularized-global-minimum: {gap: 4}]", 1)
worse_bias = prove(relu % ", decay-biases: hidden" + data + point % ", b: [[1/2, 0], [1, 1]]" + "claims: [regularized-global-minimum: {gap: 1/4}]", 1)
leaf = "a leaf does not show the bound"

# a bound a little too good, a dual point a little outside
forge("rgm-gap", gap(near, "99/100"), "does not prove so small a gap")
forge("rgm-exact", sub(near, r"^(claim regularized-global-minimum) gap .*$", "\\1"), "does not prove so small a gap")
forge("rgm-scaled", times(near, "dual", "21/20"), leaf)
forge("rgm-dual-moved", sub(near, r"^(matrix dual 2 3 \d+)\n(-?\d+) ", lambda m: "%s\n%d " % (m.group(1), int(m.group(2)) * 2 + 1000001)), leaf)
forge("rgm-linear-scaled", times(linear, "dual", "21/20"), "polar")
forge("rgm-polar", scale_value(boundary, "polar", "99/100"), "the factor does not prove this bound")
forge("rgm-polar-other", sub(boundary, r"^matrix Y 2 2 1\n5 0\n0 1$", "matrix Y 2 2 1\n5 0\n0 2"), "polar")
# the tree
tree = lambda m: codes(near, m)
forge("rgm-tree-missing", tree(lambda c: c[:-1]), "the tree ends too early")
forge("rgm-tree-more", tree(lambda c: c + ["0"]), "codes are left over")
forge("rgm-tree-leaf", codes(exact, lambda c: c).replace("matrix Y 2 2 1\n5 0\n0 1", "matrix Y 2 2 1\n5 1\n0 1"), leaf)
forge("rgm-no-tree", drop(near, "tree"), "there is no tree, and the norms")
# rank 7 > 6, by norms: mu = 6
seven = prove("network: {kind: feedforward, activation: leaky-relu 1/2}\nregularization: {weight-decay: 6}\ndata: {X: {identity: 7}, Y: {diagonal: [9, 8, 7, 1, 1, 1, 1]}}\n"
              "point: {W: [[[1, 0, 0, 0, 0, 0, 0]], [[1], [0], [0], [0], [0], [0], [0]]]}\n" + best)
assert "tree" not in seven
forge("rgm-norms", sub(seven, r"^weight-decay 6$", "weight-decay 5"), "there is no tree, and the norms")
forge("rgm-norms-slope", sub(seven, r"^activation leaky-relu 1/2$", "activation leaky-relu 6/5"), "there is no tree, and the norms")
forge("rgm-code", tree(lambda c: ["3"] + c), "a code is no leaf and no split")
forge("rgm-code-fraction", tree(lambda c: ["1/2"] + c[1:]), "a number that is no code")
forge("rgm-split-zero", tree(lambda c: ["2", "0", "1", "0"] + c), "a code is no leaf and no split")
forge("rgm-split-negative", tree(lambda c: ["2", "-1", "1", "0"] + c), "a code is no leaf and no split")
forge("rgm-deep", tree(lambda c: ["1"] * 201 + c), "deeper than 200")
# the polar set of another problem
forge("rgm-slope", sub(leaky, r"^activation leaky-relu 1/4$", "activation leaky-relu -2"), "")
forge("rgm-weight", sub(weighted, r"^weights 2 1 1$", "weights 3 1 1"), leaf)
forge("rgm-data", sub(near, r"^matrix X 2 3 1\n1 2 -1$", "matrix X 2 3 1\n1 3 -1"), leaf)
forge("rgm-rank-9", sub(sub(sub(near, r"^matrix X 2 3 1\n1 2 -1\n1 -1 2$", "matrix X 9 9 1\n" + "\n".join(" ".join(str(int(i == j)) for j in range(9)) for i in range(9))),
    r"^matrix Y 2 3 1\n3 0 1\n1 2 -1$", "matrix Y 2 9 1\n3 0 1 0 0 0 0 0 0\n1 2 -1 0 0 0 0 0 0"),
    r"^matrix W:1 2 2 2\n2 1\n-2 2$", "matrix W:1 2 9 2\n2 1 0 0 0 0 0 0 0\n-2 2 0 0 0 0 0 0 0").replace(
        block(near, "dual"), "matrix dual 2 9 1\n" + "0 0 0 0 0 0 0 0 0\n" * 2), "between 1 and 8 dimensions")
# biases
forge("rgm-free-bias", sub(decayed, r"^weight-decay 1 biases$", "weight-decay 1 hidden-biases"), "Q D 1 is not 0")
forge("rgm-decayed-bias", sub(decayed, r"^(claim regularized-global-minimum gap) (\S+)$", lambda m: "%s %s" % (m.group(1), Fr(m.group(2)) - price(decayed) / 2)), "does not prove so small a gap")
forge("rgm-free-hidden-bias", sub(free, r"^weight-decay 1 hidden-biases$", "weight-decay 1"), "must be decayed")
forge("rgm-decayed-no-bias", sub(near, r"^weight-decay 1$", "weight-decay 1 biases"), "there are no biases that weight decay could count")
# what the theorem does not treat
forge("rgm-no-decay", sub(near, r"^weight-decay 1$", "weight-decay 0"), "is about weight-decay > 0")
forge("rgm-cross-entropy", sub(near, r"^loss square 1/2$", "loss cross-entropy 1/2"), "square loss only")
forge("rgm-tanh", sub(near, r"^activation relu$", "activation tanh"), "for relu, leaky-relu and identity")
forge("rgm-three-layers", sub(sub(near, r"^network feedforward 2\nactivation relu$", "network feedforward 3\nactivation relu\nactivation relu"),
                              r"^(matrix W:2 .*\n.*\n.*\n)", "\\1matrix W:3 2 2 1\n1 0\n0 1\n"), "two layers")
# refutations
forge("rgm-not-better", sub(worse, r"^(claim regularized-global-minimum gap) 4$", "\\1 5"), "not better by more than the gap")
forge("rgm-better-gap", sub(worse, r"^(claim regularized-global-minimum gap) 4$", "\\1 9/2"), "not better by more than the gap")
forge("rgm-unbalanced", sub(worse, r"^numbers unit:1 4 .*$", "numbers unit:1 4 10 0 1/5 0"), "not better by more than the gap")
forge("rgm-new-bias", more(sub(worse, r"^(numbers unit:1)", "numbers bias 2 1 1\n\\1")), "not used")
forge("rgm-refuted", sub(near, r"^conclusion proved", "conclusion refuted"), "not better by more than the gap")
forge("rgm-version-1", sub(near, r"^certify-certificate 2", "certify-certificate 1"), "belongs to version 2")
