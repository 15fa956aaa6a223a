# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

gm = "network: {kind: linear}\ndata: {X: {identity: 3}, Y: {diagonal: [3, 2, %s]}}\npoint: {W: [[[1, 0, 0], [0, 1, 0]], [[%s, 0], [0, 2], [0, 0]]]}\nclaims: [%s]\n"
least = prove(gm % (1, 3, "global-minimizer"))
tie = prove(gm % (2, 3, "global-minimizer"))
near = prove(gm % (1, "3001/1000", "{global-minimizer: {gap: best}}"))
off = prove(gm % (1, "3001/1000", "global-minimizer"), 1)
square = prove(identity + "claims: [global-minimizer]")

forge("minimizer-moved", sub(least, r"(matrix W:2 3 2 1)\n3 0", "\\1\n4 0"), "not critical")
forge("minimizer-saddle", sub(sub(least, r"(matrix W:1 2 3 1)\n1 0 0\n0 1 0", "\\1\n1 0 0\n0 0 1"), r"(matrix W:2 3 2 1)\n3 0\n0 2\n0 0", "\\1\n3 0\n0 0\n0 1"), "does not prove")
forge("minimizer-captures-the-wrong-one", sub(tie, r"(matrix Y 3 3 1)\n3 0 0\n0 2 0\n0 0 2", "\\1\n3 0 0\n0 2 0\n0 0 3"), "does not prove")
forge("minimizer-rank-too-low", sub(sub(least, r"(matrix W:1 2 3 1)\n1 0 0\n0 1 0", "\\1\n1 0 0\n0 0 0"), r"(matrix W:2 3 2 1)\n3 0\n0 2", "\\1\n3 0\n0 0"), "has rank 1, less than the narrowest width 2")
forge("minimizer-not-invariant", sub(least, r"(matrix Y 3 3 1)\n3 0 0\n0 2 0\n0 0 1", "\\1\n3 0 0\n0 2 0\n0 1 1"), "not an invariant subspace")
forge("minimizer-captured-too-good", scale_value(least, "captured", "1001/1000") if "captured 4 " in least else scale_value(least, "captured", "2"), "captured: the factor does not prove")
forge("minimizer-dropped-too-good", scale_value(least, "dropped", "1/2"), "dropped: the factor does not prove")
forge("minimizer-dropped-missing", drop(least, "dropped"), "not shown to be the largest")
forge("minimizer-captured-missing", drop(least, "captured"), "not shown to be the largest")
no_gap = sub(least, r"^claim global-minimizer$", "claim global-minimizer gap 0")
forge("gap-zero-dropped-too-good", scale_value(no_gap, "dropped", "1/2"), "dropped: the factor does not prove")
forge("gap-zero-dropped-missing", drop(no_gap, "dropped"), "not shown to be the largest")
forge("gap-zero-captured-missing", drop(no_gap, "captured"), "so small a gap")
forge("gap-zero-not-the-largest", sub(no_gap, r"1 0 0\n0 1 0\nmatrix W:2 3 2 1\n3 0\n0 2\n0 0", "1 0 0\n0 0 1\nmatrix W:2 3 2 1\n3 0\n0 0\n0 1"), "captured: the factor does not prove")
forge("minimizer-wider", sub(drop(drop(least, "captured"), "dropped"), r"(matrix W:1) 2 3 1\n1 0 0\n0 1 0\nmatrix W:2 3 2 1\n3 0\n0 2\n0 0", "\\1 3 3 1\n1 0 0\n0 1 0\n0 0 0\nmatrix W:2 3 3 1\n3 0 0\n0 2 0\n0 0 0"),
      "less than the narrowest width 3")
forge("minimizer-square-moved", sub(square, r"(matrix W:1 2 2 1)\n1 0", "\\1\n2 0"), "not critical")
forge("minimizer-refuted", sub(least, r"^conclusion proved", "conclusion refuted"), "better:1: the evidence is missing")
forge("minimizer-proved-with-a-refutation", sub(off, r"^conclusion refuted", "conclusion proved"), "not critical")
forge("minimizer-better-is-the-point", sub(off, re.escape(block(off, "better:2")), lambda m: block(off, "better:2").split("\n")[0].rsplit(" ", 1)[0] + " 1000\n3001 0\n0 2000\n0 0\n")
      if "better:1 2 3 1\n1 0 0\n0 1 0" in off else drop(off, "better:2"), "")
forge("gap-too-small", sub(near, r"gap (\S+)", lambda m: "gap %s" % (Fr(m.group(1)) * Fr("999/1000"))), "does not prove so small a gap")
forge("gap-negative", sub(near, r"gap ", "gap -"), "gap is negative")
forge("gap-zero", sub(near, r"gap \S+", "gap 0"), "does not prove so small a gap")
forge("gap-threshold", sub(near, r"^numbers threshold 1 (\S+)", lambda m: "numbers threshold 1 %s" % (Fr(m.group(1)) * 2)), "excess-dual: the factor does not prove")
forge("gap-excess-not-symmetric", sub(near, r"(?m)^(matrix excess 3 3 \d+)\n(\S+) (\S+)", lambda m: "%s\n%s %d" % (m.group(1), m.group(2), int(m.group(3)) + 10**9)), "not symmetric")
forge("gap-dual-missing", drop(near, "excess-dual"), "excess-dual: the evidence is missing")
forge("gap-psd-missing", drop(near, "excess-psd"), "excess-psd: the evidence is missing")
forge("minimizer-feedforward", sub(least, r"^network linear 2", "network feedforward 2\nactivation identity"), "belongs to version 2")
forge("minimizer-weight-decay", sub(least, r"^weight-decay 0", "weight-decay 1"), "weight-decay")
forge("minimizer-with-constants", sub(least, r"^conclusion proved", "conclusion proved lambda_lower 1"), "do not belong")

# feedforward networks
both = "network: {kind: feedforward, activation: relu}\ndata: {X: [[1, 1]], Y: [[0, 2]]}\npoint: {W: [[[1]], [[1]]]}\nclaims: [global-minimizer]"
exact = prove(both)
within = prove(both.replace("[[1, 1]], Y: [[0, 2]]", "[[1, 2]], Y: [[0, 2]]").replace("global-minimizer", "global-minimizer: {gap: best}"))
forge("ff-minimizer-exact", sub(exact, r"^matrix W:2 1 1 1\n1$", "matrix W:2 1 1 1\n2"), "not exactly the best")
forge("ff-minimizer-gap", sub(within, r"gap (\S+)", lambda m: "gap %s" % (Fr(m.group(1)) * Fr(99, 100))), "does not prove so small a gap")
forge("ff-minimizer-refuted", sub(exact, r"^conclusion proved", "conclusion refuted"), "only a better point refutes it")
