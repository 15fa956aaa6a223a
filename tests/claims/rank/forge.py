# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

head = ("network: {kind: linear}\ndata: {X: {identity: 3}, Y: {diagonal: [1, 2, 3]}}\n"
        "point: {W: [[[1, 2, 3], [2, 4, 6]], [[1, 0], [0, 1], [1, 1]]]}\n")
one = prove(head + "claims: [rank: {of: W_2 * W_1, value: 1}]")
features = prove("network: {kind: feedforward, activation: tanh}\ndata: {X: [[1, 0], [0, 1]], Y: [[1, 5/6]]}\n"
                 "point: {features: [[1/2, 1/3], [1/2, 1/2]], W_2: [[1, 1]]}\nclaims: [rank: {of: W_2, value: 1}]")
opposite = "the exact decision is the opposite"

forge("rank-too-large", sub(one, r"value 1", "value 2"), opposite)
forge("rank-of-another", sub(one, r"of W_2\*W_1", "of W_2"), opposite)
forge("rank-refuted", sub(one, r"^conclusion proved", "conclusion refuted"), opposite)
forge("rank-value-fraction", sub(one, r"value 1", "value 1/2"), "must be a whole number")
forge("rank-of-unknown", sub(one, r"of W_2\*W_1", "of W_3"), "a matrix is expected")
forge("rank-of-shapes", sub(one, r"of W_2\*W_1", "of W_1*W_1"), "do not fit")
forge("rank-of-features", sub(features, r"of W_2", "of W_1"), "not rational where features are given")
forge("rank-with-lambda", sub(one, r"^conclusion proved", "conclusion proved lambda_lower 1"), "do not belong")
forge("rank-version-1", sub(one, r"^certify-certificate 2", "certify-certificate 1"), "belongs to version 2")
