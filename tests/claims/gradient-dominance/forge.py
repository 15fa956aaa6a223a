# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

block_cert = prove(three + "claims: [gradient-dominance: {radius: 1/3}]")
joint_cert = prove(three + "claims: [gradient-dominance: {radius: 1/50}]")
assert "word bound block" in block_cert and "word bound joint" in joint_cert
two = "network: {kind: linear}\ndata: {X: [[1, 0, 2], [0, 1, 1]], Y: [[1, 0, 3]]}\npoint: {W: [solve, [[1, 1/2, 0]]]}\n"
data_cert = prove(two + "claims: [gradient-dominance: {radius: 1/20}]")
assert "word bound data" in data_cert
exact = prove(identity + "claims: [gradient-dominance: {radius: 1/10}]")
false = prove(identity + "claims: [gradient-dominance: {radius: 1/10, lambda: 1/4}]", 1)
in_residual = prove(residual + "claims: [gradient-dominance: {radius: 1/100}]")
point = prove("network: {kind: linear}\ndata: {X: [[1, 2]], Y: [[1, 1]]}\npoint: {W: [[[1]], [[1]]]}\n"
              "claims: [gradient-dominance: {radius: 0}]")
tanh = prove("network: {kind: feedforward, activation: tanh}\ndata: {X: [[1, -1], [1/2, 2]], Y: [[1, 2]]}\n"
             "point: {W: [[[1, 0], [0, 1], [1, 1]], [[1, 0, 1]]], b: [[0, 1, 0], [1]]}\n"
             "claims: [gradient-dominance: {radius: 1/100, norm: frobenius}]")
leaky_cert = prove(leaky + "claims: [gradient-dominance: {radius: 1/10, norm: feature}]")
leaky_false = prove(leaky + "claims: [gradient-dominance: {radius: 1/10, norm: feature, lambda: 1/100}]", 1)
given = prove(tanh_features + "claims: [regularity]")

def set_lambda(text, factor):
    return sub(text, r"lambda (\d\S*)", lambda m: "lambda %s" % (Fr(m.group(1)) * Fr(factor)), count=2)

# the kernel rule: K - mu N >= 0, and mu I - K >= 0
forge("bound-too-good", scale_value(exact, "inj:W:1:1", "1000001/1000000"), "does not prove this bound")
forge("joint-too-good", scale_value(joint_cert, "joint", "1001/1000"), "joint: the factor does not prove")
forge("data-too-good", scale_value(data_cert, "joint", "1001/1000"), "joint: the factor does not prove")
forge("norm-too-small", scale_value(joint_cert, "norm:W:2:2", "999/1000"), "does not prove this bound")
forge("bound-negative", sub(exact, r"^bound inj:W:1:1 1 ", "bound inj:W:1:1 -1 "), "does not prove this bound")
forge("diagonal-negative", sub(exact, r"^diagonal 0 0$", "diagonal -1 0"), "does not prove this bound")
forge("factor-of-another-matrix", joint_cert.replace(block(joint_cert, "norm:W:2:2"),
      block(joint_cert, "joint").replace("bound joint", "bound norm:W:2:2")), "norm:W:2:2: the factor does not prove")
forge("factor-edited", sub(joint_cert, r"(^bound joint .*\n)(-?\d+)", lambda m: m.group(1) + str(int(m.group(2)) * 2)),
      "joint: the factor does not prove")
forge("evidence-of-two-layers-swapped", swap_roles(block_cert, "inj:W:2:2", "inj:W:3:3"), "the factor does not prove")
forge("data-prefix-swapped", swap_roles(block_cert, "data:W:0", "data:W:1"), "the factor does not prove")
forge("kind-of-evidence", sub(exact, r"^numbers paper-layer 3 1 1 0", "word paper-layer block"), "evidence of another kind")

# linear and residual networks
forge("lambda-too-small-block", set_lambda(block_cert, "999/1000"), "does not prove so small a lambda")
forge("lambda-too-small-joint", set_lambda(joint_cert, "999/1000"), "does not prove so small a lambda")
forge("lambda-too-small-exact", set_lambda(exact, "999999/1000000"), "does not prove so small a lambda")
forge("radius-enlarged", sub(exact, r"radius 2 1/10 1/10", "radius 2 1/9 1/10"), "does not prove so small a lambda")
forge("radius-enlarged-joint", sub(joint_cert, r"radius 3 1/50 1/50 1/50", "radius 3 1/50 1/50 1/49"), "the factor does not prove")
forge("radius-negative", sub(exact, r"radius 2 1/10 1/10", "radius 2 1/10 -1/10"), "radius is negative")
forge("radius-missing", sub(exact, r"radius 2 1/10 1/10", "radius 1 1/10"), "2 radii are needed")
forge("radius-huge-clamp", sub(exact, r"radius 2 1/10 1/10", "radius 2 3 3"), "the lower bound of the gradient is 0")
forge("norm-feature-for-linear", sub(exact, r"norm spectral", "norm feature"), "norm: feature needs")
forge("bound-unknown", sub(exact, r"^word bound block", "word bound magic"), "unknown bound")
forge("bound-point-with-radius", sub(exact, r"^word bound block", "word bound point"), "needs radius 0")
forge("bound-missing", drop(exact, "bound"), "bound: the evidence is missing")
forge("joint-missing", drop(joint_cert, "joint"), "joint: the evidence is missing")
forge("multipliers-missing", drop(joint_cert, "multipliers"), "multipliers: the evidence is missing")
forge("multiplier-too-large", sub(joint_cert, r"^(numbers multipliers \d+) (\S+)", r"\1 1"), "exceeds 1 in block 1")
forge("multiplier-negative", sub(joint_cert, r"^(numbers multipliers \d+ \S+) (\S+)", r"\1 -\2"), "a multiplier is not positive")
forge("multiplier-zero", sub(joint_cert, r"^(numbers multipliers \d+ \S+) (\S+)", r"\1 0"), "a multiplier is not positive")
forge("multipliers-too-few", sub(joint_cert, r"^numbers multipliers (\d+)(.*) \S+$",
      lambda m: "numbers multipliers %d%s" % (int(m.group(1)) - 1, m.group(2))), "numbers are given")
forge("point-at-a-critical-point", sub(point, r"(matrix W:2 1 1) 1\n1", "\\1 1\n0").replace("matrix W:1 1 1 1\n1", "matrix W:1 1 1 1\n0"), "the gradient is zero")
forge("optional-bounds-dropped", drop(drop(drop(exact, "inj:W:1:1"), "inj:W:2:2"), "data:W:0"), "does not prove so small a lambda")
forge("lambda-negative", exact.replace("lambda 25/81", "lambda -25/81"), "lambda is negative")
forge("weight-decay", sub(exact, r"^weight-decay 0", "weight-decay 1/10"), "does not treat weight-decay")
forge("loss-cross-entropy", sub(exact, r"^loss square 1/2", "loss cross-entropy 1"), "square loss only")
forge("loss-smooth-hinge", sub(exact, r"^loss square 1/2", "loss smooth-hinge 1 2"), "square loss only")
forge("scale-changed", sub(exact, r"^loss square 1/2", "loss square 1/4"), "the factor does not prove")
forge("sample-weight-changed", sub(exact, r"^weights one", "weights 1 1/2"), "the factor does not prove")
forge("point-moved", sub(exact, r"(matrix W:1 2 2) 1\n1 0", "\\1 1\n2 0"), "not shown to lie in the neighbourhood")
forge("data-changed", sub(exact, r"(matrix X 2 2) 1\n1 0", "\\1 2\n1 0"), "does not prove")
forge("singular-layer", sub(exact, r"(matrix W:1 2 2) 1\n1 0", "\\1 1\n0 0"), "does not prove")
forge("residual-lambda", set_lambda(in_residual, "99/100"), "does not prove so small a lambda")
forge("residual-radius", re.sub(r"radius 4 1/100 1/100 1/100 1/100", "radius 4 1/100 1/100 1/100 1/99", in_residual), "the factor does not prove")
forge("residual-as-linear", sub(in_residual, r"^network residual 2 2", "network linear 4"), "numbers are given")

# lambda_lower and the paper's constant
forge("lower-too-large", sub(exact, r"lambda_lower \S+", "lambda_lower 31/100"), "lambda_lower is not proved")
forge("lower-not-a-minimiser", sub(drop(drop(exact, "paper-data"), "paper-layer"), r"(matrix Y 2 2) 1\n1 0", "\\1 1\n5 0").replace(" paper_lambda 1", ""),
      "lambda_lower is not proved")
forge("paper-too-large", sub(exact, r"paper_lambda 1$", "paper_lambda 2"), "paper_lambda is not proved")
forge("paper-index", sub(exact, r"^numbers paper-layer 3 1 1 0", "numbers paper-layer 3 3 1 0"), "index from 1 to 2")
forge("paper-vector-zero", sub(exact, r"^numbers paper-layer 3 1 1 0", "numbers paper-layer 3 1 0 0"), "the vector is zero")
forge("paper-for-non-square", sub(data_cert, r"^(conclusion .*)$", r"\1 paper_lambda 1"), "paper_lambda is not proved")
forge("lower-zero", sub(exact, r"lambda_lower \S+", "lambda_lower 0"), "lambda_lower must be positive")
forge("lower-negative", sub(exact, r"lambda_lower \S+", "lambda_lower -1"), "lambda_lower must be positive")
forge("paper-zero", sub(exact, r"paper_lambda 1$", "paper_lambda 0"), "paper_lambda must be positive")

# refutation
forge("witness-outside", sub(false, r"radius 2 1/10 1/10", "radius 2 1/100 1/100"), "not shown to lie in the neighbourhood")
forge("witness-not-a-counterexample", set_lambda(false, "2"), "<= lambda ||grad h(W)||^2")
forge("witness-missing", drop(false, "witness:1"), "witness:1")
forge("witness-partly-missing", drop(false, "witness:2"), "witness:2: the evidence is missing")
forge("proved-with-a-refutation", sub(false, r"^conclusion refuted", "conclusion proved"), "bound: the evidence is missing")
forge("refuted-with-a-proof", sub(exact, r"^conclusion proved (lambda \S+).*", r"conclusion refuted \1"), "witness:1")
forge("witness-of-features-outside", sub(leaky_false, r"radius 1 1/10", "radius 1 1/100000"), "not shown to lie in the neighbourhood")
kink = sub(leaky_false, r"^matrix witness:1 2 2 \d+\n.*\n.*$", "matrix witness:1 2 2 2\n2 1\n0 2")
forge("witness-at-a-kink", sub(kink, r"radius 1 1/10", "radius 1 10"), "at a kink")

# feedforward
forge("features-ball-too-small", sub(tanh, r"^(ball features:1 \d+) (\S+)", lambda m: "%s %s" % (m.group(1), Fr(m.group(2)) / 1000)), "does not contain the activations")
forge("features-ball-moved", sub(tanh, r"(^ball features:1 .*\n)(\d+)", lambda m: m.group(1) + str(int(m.group(2)) + 10**30)), "does not contain the activations")
forge("features-ball-imprecise", sub(tanh, r"^ball features:1 \d+", "ball features:1 20"), "does not contain the activations")
forge("features-precision-limit", sub(tanh, r"^ball features:1 \d+", "ball features:1 4097"), "precision must be")
forge("features-radius-negative", sub(tanh, r"^(ball features:1 \d+) (\S+)", r"\1 -\2"), "radius is negative")
forge("features-exact-matrix", sub(tanh, r"^ball features:1 \d+ \S+", "matrix features:1"), "does not contain the activations")
forge("features-missing", drop(tanh, "features:1"), "features:1: ")
forge("features-bound-too-good", scale_value(tanh, "features", "1001/1000"), "the factor does not prove")
forge("tanh-as-sigmoid", sub(tanh, r"^activation tanh", "activation sigmoid"), "does not contain the activations")
forge("tanh-radius-enlarged", sub(tanh, r"radius 1 1/100", "radius 1 1/90"), "does not prove so small a lambda")
forge("tanh-lambda", set_lambda(tanh, "999/1000"), "does not prove so small a lambda")
forge("leaky-lambda", set_lambda(leaky_cert, "999/1000"), "does not prove so small a lambda")
forge("leaky-slope", sub(leaky_cert, r"^activation leaky-relu 1/2", "activation leaky-relu 1/3"), "does not prove")
forge("leaky-radius", sub(leaky_cert, r"radius 1 1/10", "radius 1 1/9"), "does not prove so small a lambda")
forge("fewer-features-than-samples", sub(drop(leaky_cert, "features"), r"(matrix X 2) 2 2\n2 -2\n1 4", "\\1 3 2\n2 -2 1\n1 4 1").replace("matrix Y 1 2 1\n1 2", "matrix Y 1 3 1\n1 2 3"), "needs at least as many")
forge("frobenius-as-spectral", sub(tanh, r"norm frobenius", "norm spectral"), "")
forge("regularity-factor-for-dominance", sub(exact, r"^(conclusion .*) paper_lambda", r"\1 radius_factor 2 paper_lambda"), "do not belong")
forge("features-for-dominance", sub(given, r"^claim .*", "claim gradient-dominance norm spectral radius 1 1 lambda 1")
      .replace("conclusion proved", "conclusion proved lambda 1"), "treated by regularity only")
forge("gap-for-dominance", sub(exact, r"^claim gradient-dominance", "claim gradient-dominance gap 1"), "")

# Two matrices whose balls are equal are not one matrix.  Every unit but the first is I (its last block is 0 and does not move), and only that
# block has a gradient.  Rounded to one bit the inputs of all these blocks are the same ball, so that what one unit loses would be what
# the unit before it gains, and every unit would gain cos^-2 of the angle that the rounding hides.  In truth all gradients can vanish.
def equal_balls(units=40, small=12):
    step, scale = 2**small, 2**small
    as_matrix = lambda role, a: "matrix %s %d %d %d\n" % (role, len(a), len(a[0]), (den := max(Fr(x).denominator for r in a for x in r))) + "".join(
        " ".join(str(int(Fr(x) * den)) for x in r) + "\n" for r in a)
    one = lambda x: [[x, 0], [0, 0]]
    blocks, radii, numbers, weight = [one(1), one(1), one(-1)], [Fr(0)] * 3, [Fr(0)] * 3, Fr(1)
    for k in range(units + 1):
        size, reach = Fr(1, step) if k < 2 else Fr(1), step if k == 1 else 1
        blocks += [[[0, 0 if k == 0 else -size / 2], [0, size * Fr(7, 2)]], [[0, 0], [0, reach]], [[0, 0], [0, 0]]]
        radii += [Fr(0), Fr(0) if k == 0 else Fr(507, 512) * reach, Fr(0)]
        if k == 0:
            numbers += [Fr(0), Fr(0), Fr(1)]
        else:
            other = weight / radii[-2]**2
            weight = 1 / (1 + 1 / other)
            if k == units:
                weight = Fr(int(weight * scale**4), scale**4)
            numbers += [Fr(0), Fr(1), Fr(0), weight, other]
    l, value = units + 2, weight * 16 * scale**2 * (1 - Fr(2, 4) - Fr(1, 16))
    bound = lambda role, x, n: (role, "bound %s %s %d 1\n%sdiagonal one\n" % (role, x, n, "".join(" ".join("0" * (i + 1)) + "\n" for i in range(n))))
    evidence = dict([("bound", "word bound data\n"), ("multipliers", "numbers multipliers %d %s\n" % (len(numbers), " ".join(map(str, numbers)))),
                     bound("joint", value, 1)] + [bound("inj:M:%d:%d" % (k + 1, l), 1, 2) for k in range(1, l)]
                    + [bound("norm:M:%d:%d" % (k + 1, k + 1), 1, 2) for k in range(1, l)])
    return ("certify-certificate 1\nproblem sha256 0\nnetwork residual %d 3\nloss square 1/2\nweight-decay 0\n" % l
            + as_matrix("X", [[0], [scale]]) + as_matrix("Y", [[0], [scale - 1]]) + "weights one\nbiases no\n"
            + "".join(as_matrix("W:%d" % (i + 1), a) for i, a in enumerate(blocks))
            + "claim gradient-dominance norm frobenius radius %d %s lambda %s\nrounding 1\nevidence %d\n" % (len(radii), " ".join(map(str, radii)), 1 / (2 * value), len(evidence))
            + "".join(evidence[role] for role in sorted(evidence)) + "conclusion proved lambda %s\nend\n" % (1 / (2 * value)))
forge("joint-equal-balls", equal_balls(), "joint: the factor does not prove this bound")
