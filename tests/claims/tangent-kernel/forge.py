# SPDX-License-Identifier: LGPL-2.1-or-later
import re

from forging import *

def shrink(text, what, factor):
    return sub(text, r" %s (\S+)$" % what, lambda m: " %s %s" % (what, Fr(m.group(1)) * Fr(factor)))

net = "network: {kind: feedforward, activation: leaky-relu 1/10}\n"
data = "data: {X: [[1, 2, -1], [0, 1, 1]], Y: [[1, 0, 2]]}\n"
point = "point: {W: [[[1, 1/2], [-1, 2]], [[1, -1]]], b: [[1/7, 1/3], [1]]}\n"
weighted = "loss: {kind: square, scale: 1/2, weights: [1, 3, 1/2]}\n"
nobad = prove(net + data + point + "claims: [no-bad-critical-point: {radius: 1/100}]")
dominance = prove(net + weighted + data + point + "claims: [tangent-dominance: {radius: 1/1000}]")
features = prove(net + "data: {X: [[1, 2], [0, 1]], Y: [[1, 0]]}\n" + point + "claims: [full-rank: {of: features}]")
rank = prove(net + data + point + "claims: [full-rank: {of: tangent}]")
flat = prove("network: {kind: feedforward, activation: leaky-relu 1/10}\ndata: {X: [[1, 2, 3, 4], [0, 1, 1, 1]], Y: [[1, -1, 1/2, 3]]}\n"
             "point: {W: [[[1, 1/2], [1, 1], [1/3, 1/4], [1/5, 1]], [[1, 1/3, 2, 1]]]}\nclaims: [full-rank: {of: tangent}]", 1)
few = prove("network: {kind: feedforward, activation: relu}\ndata: {X: [[1, 2, 3]], Y: [[1, -1, 3]]}\npoint: {W: [[[1]], [[1]]]}\nclaims: [full-rank: {of: tangent}]", 1)
noproof = "the factor does not prove this bound"

product = prove("network: {kind: feedforward, activation: identity}\ndata: {X: [[1]], Y: [[3]]}\npoint: {W: [[[1]], [[1]]]}\nclaims: [no-bad-critical-point: {radius: 1/10}]")
forge("tk-radius", sub(product, r"radius 2 1/10 1/10", "radius 2 1 1"), "may lose rank")
forge("tk-lambda", shrink(dominance, "lambda", "999/1000"), "does not prove so small a lambda")
forge("tk-mu", sub(nobad, r"^bound kernel (\S+)", lambda m: "bound kernel %s" % (Fr(m.group(1)) * Fr(101, 100))), noproof)
forge("tk-weights", sub(dominance, r"^weights 1 3 1/2$", "weights 1 1/3 1/2"), noproof)
forge("tk-blocks", sub(sub(nobad, r"^numbers blocks 2 .*\n", "") if "numbers blocks" in nobad else nobad, r"^evidence (\d+)\n", lambda m: "evidence %d\nnumbers blocks 2 1 2\n" % (int(m.group(1)) + ("numbers blocks" not in nobad))), "blocks: 0 or 1")
forge("tk-blocks-swapped", sub(sub(nobad, r"^numbers blocks 2 .*\n", "") if "numbers blocks" in nobad else nobad, r"^evidence (\d+)\n", lambda m: "evidence %d\nnumbers blocks 2 1 0\n" % (int(m.group(1)) + ("numbers blocks" not in nobad))), "")
forge("tk-kink", sub(nobad, r"radius 2 1/100 1/100", "radius 2 3 3"), "may reach its kink")
forge("tk-spectral", sub(nobad, r"norm frobenius", "norm spectral"), "that of the Frobenius norm")
forge("tk-radii", sub(nobad, r"radius 2 1/100 1/100", "radius 1 1/100"), "2 radii are needed, one per layer")
forge("tk-decay", sub(nobad, r"^weight-decay 0$", "weight-decay 1"), "not with weight-decay")
forge("tk-loss", sub(dominance, r"^loss square 1/2", "loss smooth-hinge 1/2 2"), "the square loss only")
forge("tk-version-1", sub(nobad, r"^certify-certificate 2", "certify-certificate 1"), "belongs to version 2")
forge("tk-never", sub(nobad, r"^conclusion proved", "conclusion refuted"), "it is never refuted")
forge("tk-features-refuted", sub(features, r"^conclusion proved", "conclusion refuted"), "the exact decision is the opposite")
forge("tk-rank-refuted", sub(rank, r"^conclusion proved", "conclusion refuted"), "null: the evidence is missing")
forge("tk-rank-proved", sub(few, r"^conclusion refuted", "conclusion proved"), "the exact decision is the opposite")
forge("tk-few-parameters", sub(few, r"^claim full-rank of tangent\n", "claim no-bad-critical-point norm frobenius radius 2 0 0\n").replace("conclusion refuted", "conclusion proved"), "cannot move 3 outputs")
forge("tk-null-zero", sub(flat, re.escape(block(flat, "null")), "matrix null 1 4 1\n0 0 0 0\n"), "null: it is 0, or some parameter moves it")
forge("tk-null-moved", sub(flat, r"^(matrix null 1 4 \d+)\n(-?\d+) ", lambda m: "%s\n%d " % (m.group(1), int(m.group(2)) + 1)), "null: it is 0, or some parameter moves it")
forge("tk-rank-at-a-kink", sub(few, r"^matrix W:1 1 1 1\n1$", "matrix W:1 1 1 1\n0"), "is at its kink")
# a witness against a lambda that is too small, and one beside a lambda that is proved
false = prove("network: {kind: feedforward, activation: leaky-relu 1/2}\ndata: {X: [[1]], Y: [[3]]}\npoint: {W: [[[1]], [[1]]], b: [[0], [0]]}\n"
              "claims: [tangent-dominance: {radius: 1/10, lambda: 1/8}]", 1)
forge("tk-witness-lambda", sub(false, r"lambda 1/8", "lambda 1/4"), "h(W) - h_inf <= lambda")
forge("tk-witness-outside", sub(false, r"radius 2 1/10 1/10", "radius 2 1/100 1/100"), "not shown to lie in the neighbourhood")
forge("tk-witness-bias-outside", sub(false, re.escape(block(false, "witness-bias:1")), "matrix witness-bias:1 1 1 1\n1\n"), "not shown to lie in the neighbourhood")
forge("tk-witness-dropped", drop(false, "witness-bias:2"), "the evidence is missing")
forge("tk-witness-proved", sub(false, r"^conclusion refuted", "conclusion proved"), "kernel")
forge("tk-refuted", sub(dominance, r"^conclusion proved", "conclusion refuted"), "")
at_kink = sub(false, re.escape(block(false, "witness:1")), "matrix witness:1 1 1 1\n0\n")
forge("tk-witness-kink", sub(sub(at_kink, r"radius 2 1/10 1/10", "radius 2 2 2"), re.escape(block(false, "witness-bias:1")), "matrix witness-bias:1 1 1 1\n0\n"), "is at its kink")
