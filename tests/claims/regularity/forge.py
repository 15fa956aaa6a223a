# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

two = prove("network: {kind: linear}\ndata: {X: [[1, 0, 2], [0, 1, 1]], Y: [[1, 0, 3], [1, 1, 1]]}\n"
            "point: {W: [solve, [[1, 1/2], [0, 1]]]}\nclaims: [regularity]")
in_three = prove(three + "claims: [regularity: {alpha: best}]")
false = prove(three + "claims: [regularity: {radius: 1/2, delta: 1/2, alpha: 1/100, beta: 1/10}]", 1)
in_residual = prove(residual + "claims: [regularity]")
in_leaky = prove(leaky + "claims: [regularity]")
in_tanh = prove(tanh_features + "claims: [regularity]")

def constants(text, **factors):
    for name, x in factors.items():
        text = sub(text, r"%s (\d\S*)" % name, lambda m: "%s %s" % (name, Fr(m.group(1)) * Fr(x)))
    return text

def without_factor(text):
    """Without radius_factor and its witness."""
    text = re.sub(r" radius_factor \S+", "", "".join(
        x for x in re.split(r"(?m)^(?=bound |word |numbers |matrix |ball |conclusion )", text) if not x.startswith("matrix witness")))
    blocks = re.findall(r"(?m)^(?:bound|word|numbers|matrix [a-z]+:?\d* |ball) ", text[text.index("\nevidence "):])
    return re.sub(r"(?m)^evidence \d+$", "evidence %d" % len(blocks), text)

plain, leaky_plain = without_factor(two), without_factor(in_leaky)
short = "does not prove these constants"

forge("regularity-beta", constants(plain, beta="1001/1000"), short)
forge("regularity-alpha", constants(plain, alpha="101/100"), short)
forge("regularity-delta", constants(plain, delta="999/1000"), short)
forge("regularity-radius", sub(plain, r"radius 2 (\S+) (\S+)", lambda m: "radius 2 %s %s" % (m.group(1), Fr(m.group(2)) * Fr("101/100"))), short)
forge("regularity-all-radii", sub(plain, r"radius 2 (\S+) (\S+)", lambda m: "radius 2 %s %s" % ((Fr(m.group(1)) * Fr("1001/1000"),) * 2)), short)
forge("regularity-alpha-huge", constants(plain, alpha="100000000"), short)
forge("regularity-delta-zero", sub(plain, r"delta \S+", "delta 0"), short)
empty = prove("network: {kind: linear}\ndata: {X: {identity: 2}, Y: {identity: 2}}\npoint: {W: [{identity: 2}, {identity: 2}]}\n"
              "claims: [regularity: {radius: 1/100, delta: 3/2, alpha: 1, beta: 1}]")
forge("regularity-cone-not-empty", sub(empty, r"delta 3/2", "delta 7/5"), short)     # ||G||^2 = 2
forge("regularity-delta-negative", sub(plain, r"delta ", "delta -"), "delta is negative")
forge("regularity-alpha-negative", sub(plain, r"alpha ", "alpha -"), "alpha is negative")
forge("regularity-radius-negative", sub(plain, r"radius 2 ", "radius 2 -"), "radius is negative")
forge("regularity-radius-huge", sub(plain, r"radius 2 \S+ \S+", "radius 2 100 100"), short)
forge("regularity-spectral", sub(plain, r"norm frobenius", "norm spectral"), "Frobenius norm")
forge("regularity-radii-too-few", sub(plain, r"radius 2 (\S+) \S+", r"radius 1 \1"), "2 radii are needed")
forge("regularity-between-too-small", scale_value(plain, "between:0:2", "99/100"), "between:0:2: the factor does not prove")
forge("regularity-jacobian-too-small", scale_value(plain, "jacobian", "99/100"), "jacobian: the factor does not prove")
forge("regularity-jacobian-dropped", drop(without_factor(in_three), "jacobian"), short)
forge("regularity-between-dropped", drop(plain, "between:1:3"), "jacobian: the factor does not prove")
forge("regularity-between-swapped", swap_roles(plain, "between:0:1", "between:0:2"), "the factor does not prove")
forge("regularity-not-a-minimiser", sub(plain, r"(matrix Y 2 3) 1\n1 ", "\\1 1\n2 "), "does not hold exactly")
forge("regularity-weight-decay", sub(plain, r"^weight-decay 0", "weight-decay 1/10"), "does not treat weight-decay")
forge("regularity-weights", sub(plain, r"^weights one", "weights 1 1 2"), "")
forge("regularity-with-lambda", sub(plain, r"^conclusion proved", "conclusion proved lambda_lower 1"), "do not belong")
forge("regularity-factor-too-small", sub(two, r"radius_factor (\S+)", lambda m: "radius_factor %s" % (Fr(m.group(1)) * Fr("99/100"))), "not shown to lie in the neighbourhood")
forge("regularity-factor-below-one", sub(two, r"radius_factor \S+", "radius_factor 1/2"), "must be at least 1")
forge("regularity-three-beta", constants(without_factor(in_three), beta="1001/1000"), short)
forge("regularity-refuted-with-a-proof", sub(plain, r"^conclusion proved", "conclusion refuted"), "witness:1: the evidence is missing")
forge("regularity-proved-with-a-refutation", sub(false, r"^conclusion refuted", "conclusion proved"), short)
forge("regularity-witness-outside", sub(false, r"radius 3 1/2 1/2 1/2", "radius 3 1/2 1/2 1/1000"), "not shown to lie in the neighbourhood")
forge("regularity-witness-not-in-the-cone", constants(false, delta="4"), "is not in the cone")
forge("regularity-witness-harmless", sub(false, r"alpha \S+ beta \S+", "alpha 0 beta 0"), "the condition holds at this point")
forge("regularity-witness-missing", drop(false, "witness:2"), "witness:2: the evidence is missing")
forge("regularity-residual-beta", constants(without_factor(in_residual), beta="1001/1000"), short)
forge("regularity-residual-as-linear", sub(without_factor(in_residual), r"^network residual 2 2", "network linear 4"), "does not hold exactly")
forge("regularity-leaky-beta", constants(leaky_plain, beta="1001/1000"), short)
forge("regularity-leaky-kink", sub(leaky_plain, r"radius 2 \S+ ", "radius 2 1 "), "may reach the kink")
forge("regularity-leaky-loss", sub(leaky_plain, r"(matrix Y 1 2) 1\n1 2", "\\1 1\n1 3"), "does not hold exactly")
forge("regularity-leaky-norm", scale_value(leaky_plain, "norm:H:1", "99/100"), "norm:H:1: the factor does not prove")
forge("regularity-leaky-biases", sub(sub(leaky_plain, r"^biases no", "biases yes"), r"(?s)(matrix W:1 2 2 \d+\n.*?\n.*?\n)(matrix W:2 1 2 \d+\n.*?\n)",
      r"\1matrix b:1 2 1 1\n0\n0\n\2matrix b:2 1 1 1\n0\n"), "without biases")
forge("regularity-derivatives", sub(in_tanh, r"^numbers derivatives 2 (\S+) ", lambda m: "numbers derivatives 2 %s " % (Fr(m.group(1)) * Fr("99/100"))),
      "do not bound")
forge("regularity-second-derivative", sub(in_tanh, r"^(numbers derivatives 2 \S+) (\S+)", lambda m: "%s %s" % (m.group(1), Fr(m.group(2)) * Fr("4/5"))),
      "do not bound")
forge("regularity-preimage-moved", sub(in_tanh, r"(^ball preimage .*\n)(\d+)", lambda m: m.group(1) + str(int(m.group(2)) + 10**30)), "does not contain the preimage")
forge("regularity-preimage-radius", sub(in_tanh, r"^(ball preimage \d+) (\S+)", lambda m: "%s %s" % (m.group(1), Fr(m.group(2)) / 1000)), "does not contain the preimage")
forge("regularity-tanh-as-sigmoid", sub(in_tanh, r"^activation tanh", "activation sigmoid"), "does not contain the preimage")
forge("regularity-features-out-of-range", sub(in_tanh, r"(matrix features 2 2) 2\n1 0\n0 1\n", "\\1 2\n3 0\n0 1\n"), "does not contain the preimage")
forge("regularity-features-loss", sub(in_tanh, r"(matrix Y 1 2) 2\n2 1", "\\1 2\n2 3"), "does not hold exactly")
forge("regularity-features-dependent-data", sub(in_tanh, r"(matrix X 2 2) 2\n2 -2\n1 4", "\\1 2\n2 -2\n1 -1"), "full column rank")
forge("features-for-linear", sub(sub(in_tanh, r"^network feedforward 2", "network linear 2"), r"^activation .*\n", ""), "features stand for W_1")
forge("features-shape", sub(in_tanh, r"matrix features 2 2 2\n1 0\n0 1\n", "matrix features 2 1 2\n1\n1\n"), "features is 2 x 1, expected 2 x 2")
forge("features-negative-slope", sub(in_tanh, r"^activation tanh", "activation smooth-leaky -1"), "features need a smooth activation")
