# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

def shrink(text, what, factor):
    return sub(text, r" %s (\S+)" % what, lambda m: " %s %s" % (what, Fr(m.group(1)) * Fr(factor)))

plain = "network: {kind: feedforward, activation: relu}\ndata: {X: [[1, 2]], Y: [[1, 1]]}\npoint: {W: [[[1]], [[1]]]}\n"
last = prove(plain + "claims: [critical-value: {of: last}]")
cell = prove(plain + "claims: [critical-value: {of: cell}]")
wide = prove("network: {kind: feedforward, activation: relu}\ndata: {X: [[1, 2, 3], [0, 1, 1]], Y: [[1, 1, 0], [0, 1, 2]]}\n"
             "point: {W: [[[1, 1], [1, 2]], [[1, 0], [0, 1]]]}\nclaims: [critical-value: {of: cell}]")
small = "do not prove such bounds"

forge("cv-low", shrink(last, "low", "101/100"), small)
forge("cv-high", shrink(last, "high", "99/100"), small)
forge("cv-dual-moved", sub(last, r"^(matrix dual:last 1 2 \d+)\n(-?\d+) (-?\d+)$", lambda m: "%s\n%s %s" % (m.group(1), int(m.group(2)) + 2, m.group(3))), "")
forge("cv-bias", sub(sub(last, r"^biases no", "biases yes"), r"^matrix W:2 1 1 1\n1$", "matrix b:1 1 1 1\n0\nmatrix W:2 1 1 1\n1\nmatrix b:2 1 1 1\n0"), "")
forge("cv-refuted", sub(last, r"^conclusion proved", "conclusion refuted"), "it is never refuted")
forge("cv-version-1", sub(last, r"^certify-certificate 2", "certify-certificate 1"), "belongs to version 2")
forge("cv-decay", sub(last, r"^weight-decay 0$", "weight-decay 1"), "not with weight-decay")
forge("cv-kink", sub(cell, r"^matrix W:1 1 1 1\n1$", "matrix W:1 1 1 1\n0"), "is at its kink")
forge("cv-cell-as-last", sub(cell, r"of cell", "of last"), "dual:last: the evidence is missing")
# two units of one pattern, two outputs; then one of them sees the samples otherwise
forge("cv-few-units", sub(wide, r"^(matrix W:1 2 2 1)\n1 1\n1 2$", "\\1\n1 1\n-1 4"), "too few units")
deep = prove("network: {kind: feedforward, activation: [relu, relu]}\ndata: {X: [[1, 2]], Y: [[1, 1]]}\npoint: {W: [[[1]], [[1]], [[1]]]}\nclaims: [critical-value: {of: last}]")
forge("cv-cell-deep", sub(deep, r"of last", "of cell"), "one hidden layer")
