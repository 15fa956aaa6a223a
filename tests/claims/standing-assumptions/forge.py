# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

rank = prove("network: {kind: linear}\ndata: {X: [[1, 2], [2, 4]], Y: [[1, 0]]}\npoint: {W: [[[1, 1]]]}\nclaims: [full-rank]", 1)
distinct = prove("network: {kind: linear}\ndata: {X: {identity: 2}, Y: {diagonal: [1, 2]}}\npoint: {W: [{identity: 2}]}\nclaims: [distinct-eigenvalues]")

forge("rank-proved", sub(rank, r"^conclusion refuted", "conclusion proved"), "the exact decision is the opposite")
forge("distinct-refuted", sub(distinct, r"^conclusion proved", "conclusion refuted"), "the exact decision is the opposite")
forge("distinct-now-repeated", sub(distinct, r"(matrix Y 2 2) 1\n1 0\n0 2", "\\1 1\n1 0\n0 1"), "the exact decision is the opposite")
forge("rank-weighted", sub(rank, r"^weights one", "weights 1 2"), "not defined for weighted samples")
forge("rank-with-constants", sub(distinct, r"^conclusion proved", "conclusion proved lambda_lower 1"), "")
