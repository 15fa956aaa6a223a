#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes tests/forgeries: certificates that state something false, or true
things with evidence that does not prove them, or that are not in canonical
form.  Every one must be REJECTED; forgeries/expected has a part of the reason
for each.  The files are shipped; run this only to make them again:

    tests/make_forgeries.py ./certify
"""
import hashlib, os, re, subprocess, sys, tempfile
from fractions import Fraction as Fr

certify = os.path.abspath(sys.argv[1])
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "forgeries")
expected = []

def prove(problem, status=0):
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, "p.yaml"), "w") as f:
            f.write("certify: 1\n" + problem)
        r = subprocess.run([certify, "-q", "-o", "c", "p.yaml"], cwd=d, capture_output=True, text=True)
        assert r.returncode == status, (r, problem)
        with open(os.path.join(d, "c")) as f:
            return f.read()

def redigest(text):
    """The right digest again after the problem was edited."""
    head, rest = text.split("\n", 2)[:2], text.split("\n", 2)[2]
    problem = rest[:rest.index("\nclaim ") + 1]
    return "%s\nproblem sha256 %s\n%s" % (head[0], hashlib.sha256(problem.encode()).hexdigest(), rest)

def forge(name, text, reason, keep_digest=False):
    if not keep_digest and "\nclaim " in text:
        text = redigest(text)
    with open(os.path.join(out, name + ".cert"), "w", newline="") as f:
        f.write(text)
    expected.append("%s|%s" % (name, reason))

def sub(text, pattern, new, count=1):
    result, n = re.subn(pattern, new, text, count=count, flags=re.M)
    assert n > 0 and result != text, (pattern, text[-1500:])
    return result

def block(text, role):
    """The evidence block of a role."""
    m = re.search(r"^(bound|word|numbers|matrix|ball) %s .*\n(?:(?!bound |word |numbers |matrix [a-z]|ball |conclusion ).*\n)*"
                  % re.escape(role), text, flags=re.M)
    assert m, role
    return m.group(0)

def drop(text, role):
    text = text.replace(block(text, role), "", 1)
    return sub(text, r"^evidence (\d+)$", lambda m: "evidence %d" % (int(m.group(1)) - 1))

def scale_value(text, role, factor):
    """A bound block with its value multiplied."""
    return sub(text, r"^bound %s (\S+)" % re.escape(role),
               lambda m: "bound %s %s" % (role, Fr(m.group(1)) * Fr(factor)))

def set_lambda(text, factor):
    return sub(text, r"lambda (\d\S*)", lambda m: "lambda %s" % (Fr(m.group(1)) * Fr(factor)), count=2)

for f in os.listdir(out) if os.path.isdir(out) else []:
    os.remove(os.path.join(out, f))
os.makedirs(out, exist_ok=True)

W3 = "[[1, 1/8], [0, 1]], [[1, 0], [-1/8, 7/8]], [[9/8, 0], [1/8, 1]]"
three = "network: {kind: linear}\ndata: {X: [[2, 1], [0, 1]], Y: [[1, 0], [0, 1]]}\npoint: {W: [solve, [[1, 0], [-1/8, 7/8]], [[9/8, 0], [1/8, 1]]]}\n"
block_cert = prove(three + "claims: [gradient-dominance: {radius: 1/3}]")
joint_cert = prove(three + "claims: [gradient-dominance: {radius: 1/50}]")
assert "word bound block" in block_cert and "word bound joint" in joint_cert
two = "network: {kind: linear}\ndata: {X: [[1, 0, 2], [0, 1, 1]], Y: [[1, 0, 3]]}\npoint: {W: [solve, [[1, 1/2, 0]]]}\n"
data_cert = prove(two + "claims: [gradient-dominance: {radius: 1/20}]")
assert "word bound data" in data_cert
identity = "network: {kind: linear}\ndata: {X: {identity: 2}, Y: {identity: 2}}\npoint: {W: [{identity: 2}, {identity: 2}]}\n"
exact = prove(identity + "claims: [gradient-dominance: {radius: 1/10}]")
false = prove(identity + "claims: [gradient-dominance: {radius: 1/10, lambda: 1/4}]", 1)
residual = prove("network: {kind: residual}\ndata: {X: {identity: 2}, Y: [[2, 1], [0, 1]]}\n"
                 "point: {A: [[[[1, 0], [1/2, 1]], [[1/2, 1/4], [0, 1]]], [solve, [[1, 1/4], [0, 1]]]]}\n"
                 "claims: [gradient-dominance: {radius: 1/100}]")
point = prove("network: {kind: linear}\ndata: {X: [[1, 2]], Y: [[1, 1]]}\npoint: {W: [[[1]], [[1]]]}\n"
              "claims: [gradient-dominance: {radius: 0}]")
tanh = prove("network: {kind: feedforward, activation: tanh}\ndata: {X: [[1, -1], [1/2, 2]], Y: [[1, 2]]}\n"
             "point: {W: [[[1, 0], [0, 1], [1, 1]], [[1, 0, 1]]], b: [[0, 1, 0], [1]]}\n"
             "claims: [gradient-dominance: {radius: 1/100, norm: frobenius}]")
leaky = prove("network: {kind: feedforward, activation: leaky-relu 1/2}\ndata: {X: [[1, -1], [1/2, 2]], Y: [[1, 2]]}\n"
              "point: {W: [[[1, 0], [0, 1]], solve]}\nclaims: [gradient-dominance: {radius: 1/10, norm: feature}]")
leaky_false = prove("network: {kind: feedforward, activation: leaky-relu 1/2}\ndata: {X: [[1, -1], [1/2, 2]], Y: [[1, 2]]}\n"
                    "point: {W: [[[1, 0], [0, 1]], solve]}\nclaims: [gradient-dominance: {radius: 1/10, norm: feature, lambda: 1/100}]", 1)
rank = prove("network: {kind: linear}\ndata: {X: [[1, 2], [2, 4]], Y: [[1, 0]]}\npoint: {W: [[[1, 1]]]}\nclaims: [full-rank]", 1)
distinct = prove("network: {kind: linear}\ndata: {X: {identity: 2}, Y: {diagonal: [1, 2]}}\npoint: {W: [{identity: 2}]}\nclaims: [distinct-eigenvalues]")

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
def swap_roles(text, a, b):
    A, B = block(text, a), block(text, b)
    kind_a, kind_b = A.split()[0], B.split()[0]
    return text.replace(A, "@").replace(B, A.replace("%s %s " % (kind_a, a), "%s %s " % (kind_a, b), 1)).replace(
        "@", B.replace("%s %s " % (kind_b, b), "%s %s " % (kind_b, a), 1))
forge("evidence-of-two-layers-swapped", swap_roles(block_cert, "inj:W:2:2", "inj:W:3:3"), "the factor does not prove")
forge("data-prefix-swapped", swap_roles(block_cert, "data:W:0", "data:W:1"), "the factor does not prove")
forge("kind-of-evidence", sub(exact, r"^numbers paper-layer 3 1 1 0", "word paper-layer block"), "evidence of another kind")

# gradient dominance, linear
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
forge("scale-zero", sub(exact, r"^loss square 1/2", "loss square 0"), "scale of the loss is not positive")
forge("sample-weight-changed", sub(exact, r"^weights one", "weights 1 1/2"), "the factor does not prove")
forge("sample-weight-negative", sub(exact, r"^weights one", "weights 1 -1"), "sample weight is negative")
forge("point-moved", sub(exact, r"(matrix W:1 2 2) 1\n1 0", "\\1 1\n2 0"), "not shown to lie in the neighbourhood")
forge("data-changed", sub(exact, r"(matrix X 2 2) 1\n1 0", "\\1 2\n1 0"), "does not prove")
forge("singular-layer", sub(exact, r"(matrix W:1 2 2) 1\n1 0", "\\1 1\n0 0"), "does not prove")
forge("residual-lambda", set_lambda(residual, "99/100"), "does not prove so small a lambda")
forge("residual-radius", re.sub(r"radius 4 1/100 1/100 1/100 1/100", "radius 4 1/100 1/100 1/100 1/99", residual), "the factor does not prove")
forge("residual-as-linear", sub(residual, r"^network residual 2 2", "network linear 4"), "numbers are given")

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

# work: small texts that would take much time or memory
def deep(l, bound):
    chain = "".join("matrix W:%d 1 1 1\n2\n" % (k + 1) for k in range(l))
    return ("certify-certificate 1\nproblem sha256 x\nnetwork linear %d\nloss square 1/2\nweight-decay 0\n"
            "matrix X 1 1 1\n1\nmatrix Y 1 1 1\n1\nweights one\nbiases no\n%s"
            "claim gradient-dominance norm spectral radius %d%s lambda 1\nrounding 256\nevidence 1\n"
            "word bound %s\nconclusion proved lambda 1\nend\n" % (l, chain, l, " 1/10" * l, bound))
forge("deep-block", deep(80, "block"), "the lower bound of the gradient is 0")
forge("deep-joint", deep(80, "joint"), "multipliers: the evidence is missing")
forge("deep-data", deep(80, "data"), "multipliers: the evidence is missing")
forge("deep-too-long", re.sub(r"^2$", "1" + "0" * 3000, deep(190, "point"), flags=re.M).replace("1/10", "0"),
      "the limit \"work\" of the format")
unit = lambda n: "".join(" ".join("1" if i == j else "0" for j in range(n)) + "\n" for i in range(n))
forge("joint-of-large-order", re.sub(r"matrix (\S+) 1 1 1\n[12]\n", lambda m: "matrix %s 100 100 1\n%s" % (m.group(1), unit(100)),
      deep(2, "joint")), "multipliers: the evidence is missing")
forge("tall-output", sub(sub(deep(1, "joint"), r"matrix Y 1 1 1\n1\n", "matrix Y 1024 1 1\n" + "1\n" * 1024),
      r"matrix W:1 1 1 1\n2\n", "matrix W:1 1024 1 1\n" + "2\n" * 1024), "multipliers: the evidence is missing")
forge("tall-data", sub(sub(deep(1, "joint"), r"matrix X 1 1 1\n1\n", "matrix X 1024 1 1\n" + "1\n" * 1024),
      r"matrix W:1 1 1 1\n2\n", "matrix W:1 1 1024 1\n" + " ".join(["2"] * 1024) + "\n"), "multipliers: the evidence is missing")
forge("charpoly-of-large-entries", sub(sub(distinct, r"(matrix X 2 2) 1\n1 0\n0 1\n", "matrix X 60 60 1\n" + unit(60).replace("1", "7" * 60)),
      r"(matrix Y 2 2) 1\n1 0\n0 2\n", "matrix Y 60 60 1\n" + unit(60)).replace("matrix W:1 2 2 1\n1 0\n0 1\n", "matrix W:1 60 60 1\n" + unit(60)),
      "the exact decision is the opposite")

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
forge("leaky-lambda", set_lambda(leaky, "999/1000"), "does not prove so small a lambda")
forge("leaky-slope", sub(leaky, r"^activation leaky-relu 1/2", "activation leaky-relu 1/3"), "does not prove")
forge("leaky-radius", sub(leaky, r"radius 1 1/10", "radius 1 1/9"), "does not prove so small a lambda")
forge("fewer-features-than-samples", sub(drop(leaky, "features"), r"(matrix X 2) 2 2\n2 -2\n1 4", "\\1 3 2\n2 -2 1\n1 4 1").replace("matrix Y 1 2 1\n1 2", "matrix Y 1 3 1\n1 2 3"), "needs at least as many")
forge("frobenius-as-spectral", sub(tanh, r"norm frobenius", "norm spectral"), "")

# the regularity condition
def constants(text, **factors):
    for name, x in factors.items():
        text = sub(text, r"%s (\d\S*)" % name, lambda m: "%s %s" % (name, Fr(m.group(1)) * Fr(x)))
    return text
regular_two = prove("network: {kind: linear}\ndata: {X: [[1, 0, 2], [0, 1, 1]], Y: [[1, 0, 3], [1, 1, 1]]}\n"
                    "point: {W: [solve, [[1, 1/2], [0, 1]]]}\nclaims: [regularity]")
regular_three = prove(three + "claims: [regularity: {alpha: best}]")
regular_false = prove(three + "claims: [regularity: {radius: 1/2, delta: 1/2, alpha: 1/100, beta: 1/10}]", 1)
regular_residual = prove("network: {kind: residual}\ndata: {X: {identity: 2}, Y: [[2, 1], [0, 1]]}\n"
                         "point: {A: [[[[1, 0], [1/2, 1]], [[1/2, 1/4], [0, 1]]], [solve, [[1, 1/4], [0, 1]]]]}\n"
                         "claims: [regularity]")
regular_leaky = prove("network: {kind: feedforward, activation: leaky-relu 1/2}\ndata: {X: [[1, -1], [1/2, 2]], Y: [[1, 2]]}\n"
                      "point: {W: [[[1, 0], [0, 1]], solve]}\nclaims: [regularity]")
regular_tanh = prove("network: {kind: feedforward, activation: tanh}\ndata: {X: [[1, -1], [1/2, 2]], Y: [[1, 1/2]]}\n"
                     "point: {features: [[1/2, 0], [0, 1/2]], W_2: [[2, 1]]}\nclaims: [regularity]")
no_factor = lambda t: re.sub(r" radius_factor \S+", "", "".join(x for x in re.split(r"(?m)^(?=bound |word |numbers |matrix |ball |conclusion )", t)
                                                          if not x.startswith("matrix witness")))
def recount(t):
    return re.sub(r"(?m)^evidence \d+$", "evidence %d" % len(re.findall(r"(?m)^(?:bound|word|numbers|matrix [a-z]+:?\d* |ball) ",
                  t[t.index("\nevidence "):])), t)
plain = recount(no_factor(regular_two))
short = "does not prove these constants"
forge("regularity-beta", constants(plain, beta="1001/1000"), short)
forge("regularity-alpha", constants(plain, alpha="101/100"), short)
forge("regularity-delta", constants(plain, delta="999/1000"), short)
forge("regularity-radius", sub(plain, r"radius 2 (\S+) (\S+)", lambda m: "radius 2 %s %s" % (m.group(1), Fr(m.group(2)) * Fr("101/100"))), short)
forge("regularity-all-radii", sub(plain, r"radius 2 (\S+) (\S+)", lambda m: "radius 2 %s %s" % ((Fr(m.group(1)) * Fr("1001/1000"),) * 2)), short)
forge("regularity-alpha-huge", constants(plain, alpha="100000000"), short)
forge("regularity-delta-zero", sub(plain, r"delta \S+", "delta 0"), short)
forge("regularity-delta-negative", sub(plain, r"delta ", "delta -"), "alpha, beta or delta is negative")
forge("regularity-alpha-negative", sub(plain, r"alpha ", "alpha -"), "alpha, beta or delta is negative")
forge("regularity-radius-negative", sub(plain, r"radius 2 ", "radius 2 -"), "radius is negative")
forge("regularity-radius-huge", sub(plain, r"radius 2 \S+ \S+", "radius 2 100 100"), short)
forge("regularity-spectral", sub(plain, r"norm frobenius", "norm spectral"), "Frobenius norm")
forge("regularity-radii-too-few", sub(plain, r"radius 2 (\S+) \S+", r"radius 1 \1"), "2 radii are needed")
forge("regularity-between-too-small", scale_value(plain, "between:0:2", "99/100"), "between:0:2: the factor does not prove")
forge("regularity-jacobian-too-small", scale_value(plain, "jacobian", "99/100"), "jacobian: the factor does not prove")
forge("regularity-jacobian-dropped", drop(recount(no_factor(regular_three)), "jacobian"), short)
forge("regularity-between-dropped", drop(plain, "between:1:3"), "jacobian: the factor does not prove")
forge("regularity-between-swapped", swap_roles(plain, "between:0:1", "between:0:2"), "the factor does not prove")
forge("regularity-not-a-minimiser", sub(plain, r"(matrix Y 2 3) 1\n1 ", "\\1 1\n2 "), "does not hold exactly")
forge("regularity-weight-decay", sub(plain, r"^weight-decay 0", "weight-decay 1/10"), "does not treat weight-decay")
forge("regularity-weights", sub(plain, r"^weights one", "weights 1 1 2"), "")
forge("regularity-with-lambda", sub(plain, r"^conclusion proved", "conclusion proved lambda_lower 1"), "do not belong")
forge("regularity-factor-too-small", sub(regular_two, r"radius_factor (\S+)", lambda m: "radius_factor %s" % (Fr(m.group(1)) * Fr("99/100"))), "not shown to lie in the neighbourhood")
forge("regularity-factor-below-one", sub(regular_two, r"radius_factor \S+", "radius_factor 1/2"), "must be at least 1")
forge("regularity-factor-for-dominance", sub(exact, r"^(conclusion .*) paper_lambda", r"\1 radius_factor 2 paper_lambda"), "do not belong")
forge("regularity-three-beta", constants(recount(no_factor(regular_three)), beta="1001/1000"), short)
forge("regularity-refuted-with-a-proof", sub(plain, r"^conclusion proved", "conclusion refuted"), "witness:1: the evidence is missing")
forge("regularity-proved-with-a-refutation", sub(regular_false, r"^conclusion refuted", "conclusion proved"), short)
forge("regularity-witness-outside", sub(regular_false, r"radius 3 1/2 1/2 1/2", "radius 3 1/2 1/2 1/1000"), "not shown to lie in the neighbourhood")
forge("regularity-witness-not-in-the-cone", constants(regular_false, delta="4"), "is not in the cone")
forge("regularity-witness-harmless", sub(regular_false, r"alpha \S+ beta \S+", "alpha 0 beta 0"), "the condition holds at this point")
forge("regularity-witness-missing", drop(regular_false, "witness:2"), "witness:2: the evidence is missing")
forge("regularity-residual-beta", constants(recount(no_factor(regular_residual)), beta="1001/1000"), short)
forge("regularity-residual-as-linear", sub(recount(no_factor(regular_residual)), r"^network residual 2 2", "network linear 4"), "does not hold exactly")
leaky_plain = recount(no_factor(regular_leaky))
forge("regularity-leaky-beta", constants(leaky_plain, beta="1001/1000"), short)
forge("regularity-leaky-kink", sub(leaky_plain, r"radius 2 \S+ ", "radius 2 1 "), "may reach the kink")
forge("regularity-leaky-loss", sub(leaky_plain, r"(matrix Y 1 2) 1\n1 2", "\\1 1\n1 3"), "does not hold exactly")
forge("regularity-leaky-norm", scale_value(leaky_plain, "norm:H:1", "99/100"), "norm:H:1: the factor does not prove")
forge("regularity-leaky-biases", sub(sub(leaky_plain, r"^biases no", "biases yes"), r"(?s)(matrix W:1 2 2 \d+\n.*?\n.*?\n)(matrix W:2 1 2 \d+\n.*?\n)",
      r"\1matrix b:1 2 1 1\n0\n0\n\2matrix b:2 1 1 1\n0\n"), "without biases")
forge("regularity-derivatives", sub(regular_tanh, r"^numbers derivatives 2 (\S+) ", lambda m: "numbers derivatives 2 %s " % (Fr(m.group(1)) * Fr("99/100"))),
      "do not bound")
forge("regularity-second-derivative", sub(regular_tanh, r"^(numbers derivatives 2 \S+) (\S+)", lambda m: "%s %s" % (m.group(1), Fr(m.group(2)) * Fr("4/5"))),
      "do not bound")
forge("regularity-preimage-moved", sub(regular_tanh, r"(^ball preimage .*\n)(\d+)", lambda m: m.group(1) + str(int(m.group(2)) + 10**30)), "does not contain the preimage")
forge("regularity-preimage-radius", sub(regular_tanh, r"^(ball preimage \d+) (\S+)", lambda m: "%s %s" % (m.group(1), Fr(m.group(2)) / 1000)), "does not contain the preimage")
forge("regularity-tanh-as-sigmoid", sub(regular_tanh, r"^activation tanh", "activation sigmoid"), "does not contain the preimage")
forge("regularity-features-out-of-range", sub(regular_tanh, r"(matrix features 2 2) 2\n1 0\n0 1\n", "\\1 2\n3 0\n0 1\n"), "does not contain the preimage")
forge("regularity-features-loss", sub(regular_tanh, r"(matrix Y 1 2) 2\n2 1", "\\1 2\n2 3"), "does not hold exactly")
forge("regularity-features-dependent-data", sub(regular_tanh, r"(matrix X 2 2) 2\n2 -2\n1 4", "\\1 2\n2 -2\n1 -1"), "full column rank")
forge("features-for-dominance", sub(regular_tanh, r"^claim .*", "claim gradient-dominance norm spectral radius 1 1 lambda 1")
      .replace("conclusion proved", "conclusion proved lambda 1"), "treated by regularity only")
forge("features-for-linear", sub(sub(regular_tanh, r"^network feedforward 2", "network linear 2"), r"^activation .*\n", ""), "features stand for W_1")
forge("features-shape", sub(regular_tanh, r"matrix features 2 2 2\n1 0\n0 1\n", "matrix features 2 1 2\n1\n1\n"), "features is 2 x 1, expected 2 x 2")

# global minimisers
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
forge("gap-for-dominance", sub(exact, r"^claim gradient-dominance", "claim gradient-dominance gap 1"), "")
forge("minimizer-feedforward", sub(least, r"^network linear 2", "network feedforward 2\nactivation identity"), "linear and residual networks only")
forge("minimizer-weight-decay", sub(least, r"^weight-decay 0", "weight-decay 1"), "weight-decay")
forge("minimizer-with-constants", sub(least, r"^conclusion proved", "conclusion proved lambda_lower 1"), "do not belong")

# a point given by features has no rational W_1
given = re.sub(r"(?s)\nclaim .*", "\nclaim inequality loss >= 1/100\nrounding 256\nevidence 0\nconclusion proved\nend\n", regular_tanh)
forge("features-loss-rational", sub(given, r"^activation tanh", "activation identity"), "features need a smooth activation")
forge("features-loss-relu", sub(given, r"^activation tanh", "activation relu"), "features need a smooth activation")
forge("features-loss-unknown", given, "loss and gradient are not known where W_1 is given by features")
forge("features-gradient-unknown", given.replace("loss >=", "gradient >="), "loss and gradient are not known where W_1 is given by features")
forge("features-negative-slope", sub(regular_tanh, r"^activation tanh", "activation smooth-leaky -1"), "features need a smooth activation")

# critical points and saddles
point_of = lambda W, claim, status=0, Y="[[1]]", X="[[1]]": prove(
    "network: {kind: linear}\ndata: {X: %s, Y: %s}\npoint: {W: %s}\nclaims: [%s]\n" % (X, Y, W, claim), status)
critical = point_of("[[[0]], [[0]]]", "critical-point")
strict = point_of("[[[0]], [[0]]]", "strict-saddle")
degenerate = point_of("[[[0]], [[0]], [[0]]]", "saddle")
even = point_of("[[[0]], [[0]]]", "saddle")
lower = point_of("[[[0]], [[0]], [[0]]]", "not-local-minimum")
flat = point_of("[[[0]], [[0]], [[0]]]", "hessian-psd")
not_strict = point_of("[[[0]], [[0]], [[0]]]", "strict-saddle", 1)
minimum = point_of("[[[1]], [[1]]]", "saddle", 1)
moved = lambda t, k=1: sub(t, r"(matrix W:%d 1 1 1)\n0" % k, "\\1\n1")
forge("critical-moved", moved(critical), "the gradient is not zero")
forge("critical-refuted", sub(critical, r"^conclusion proved.*", "conclusion refuted"), "the evidence does not show it")
forge("critical-refuted-with-pattern", sub(critical, r"^conclusion proved", "conclusion refuted"), "do not belong to this conclusion")
captures = point_of("[[[1, 0, 0], [0, 0, 1]], [[3, 0], [0, 0], [0, 1]]]", "critical-point", 0, "{diagonal: [3, 2, 1]}", "{identity: 3}")
golden = point_of("[[[0,0,1,1],[0,0,0,1]], {identity: 2}, [[0,0],[0,0],[1,0],[0,1]]]", "critical-point", 0,
                  "[[1,1,0,0],[0,1,0,0],[0,0,1,1],[0,0,0,1]]", "{identity: 4}")
near = point_of("[[[1, 0, 0], [0, 0, 1]], [[3, 0], [0, 0], [0, 1]]]", "critical-point: {gradient: 1/5}", 0, "{diagonal: [3, 2, 11/10]}", "{identity: 3}")
pattern = lambda t, new: sub(t, r"^conclusion proved.*", "conclusion proved " + new)
honest = re.search(r"(?m)^conclusion proved (pattern 0 .*) pattern 1 (.*)$", golden)
assert "pattern 0 3 9 9 1 1 4 4 1 0 1 1 1 1" in captures and honest, (captures, golden)
forge("pattern-other-captured", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 1 1 1 1 0"), "pattern 0 is not that of the point")
forge("pattern-optimal", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 0 1 1 1 0"), "pattern 0 is not that of the point")
forge("pattern-rank", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 1 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-multiplicity", pattern(captures, "pattern 0 3 9 9 1 1 4 4 2 0 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-eigenvalue", pattern(captures, "pattern 0 3 8 8 1 1 4 4 1 0 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-eigenvalue-missing", pattern(captures, "pattern 0 2 9 9 1 1 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-merged", pattern(captures, "pattern 0 2 5 10 1 1 1/2 5/2 1 1"), "pattern 0 is not that of the point")
forge("pattern-wide", pattern(captures, "pattern 0 3 8 10 1 1 1/2 5 1 0 1/4 1/3 1 1"), "pattern 0 is not that of the point")
forge("pattern-order", pattern(captures, "pattern 0 3 4 4 1 0 9 9 1 1 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-overlap", pattern(captures, "pattern 0 3 8 10 1 1 8 10 1 1 1 1 1 0"), "pattern 0 is not that of the point")
forge("pattern-below-zero", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 0 -1 2 1 1"), "pattern 0 is not that of the point")
forge("pattern-reversed-interval", pattern(captures, "pattern 0 3 9 9 1 1 5 3 1 0 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-open-end", pattern(captures, "pattern 0 3 9 10 1 1 4 4 1 0 1 1 1 1"), "pattern 0 is not that of the point")
forge("pattern-index", pattern(captures, "pattern 1 3 9 9 1 1 4 4 1 0 1 1 1 1"), "the number of the pattern")
forge("pattern-twice", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 0 1 1 1 1 pattern 1 3 9 9 1 1 4 4 1 0 1 1 1 1"), "1 patterns are expected")
forge("pattern-truncated", pattern(captures, "pattern 0 3 9 9 1 1 4 4 1 0 1 1 1"), "")
forge("pattern-too-many", pattern(captures, "pattern 0 4 9 9 1 1 4 4 1 0 1 1 1 1 0 0 1 0"), "the number of eigenvalues")
forge("pattern-captured-huge", pattern(captures, "pattern 0 3 9 9 1 4 4 4 1 0 1 1 1 1"), "a captured multiplicity")
forge("pattern-of-another-point", sub(sub(captures, r"(matrix W:1 2 3 1\n1 0 0)\n0 0 1", "\\1\n0 1 0"), r"(matrix W:2 3 2 1)\n3 0\n0 0\n0 1", "\\1\n3 0\n0 2\n0 0"), "pattern 0 is not that of the point")
forge("pattern-deep-one", pattern(golden, honest[1]), "2 patterns are expected")
forge("pattern-deep-same", pattern(golden, honest[1] + " " + honest[1].replace("pattern 0", "pattern 1")), "pattern 1 is not that of the point")
forge("pattern-deep-all", pattern(golden, honest[1].replace(" 2 1", " 2 2") + " pattern 1 " + honest[2]), "pattern 0 is not that of the point")
forge("pattern-approximate", pattern(near, "pattern 0 3 9 9 1 1 4 4 1 0 121/100 121/100 1 1"), "do not belong to this conclusion")
forge("pattern-residual", point_of("[[[0]], [[0]]]", "critical-point").replace("network linear 2", "network residual 2 1"), "0 patterns are expected")
forge("gradient-too-small", sub(near, r"gradient 1/5", "gradient 1/100000"), "the evidence does not show it")
forge("gradient-negative", sub(near, r"gradient 1/5", "gradient -1"), "gradient is negative")
forge("gradient-refuted", sub(near, r"^conclusion proved", "conclusion refuted"), "the evidence does not show it")
forge("gradient-gap", sub(near, r"gradient 1/5", "gap 1/5"), "")
forge("gradient-of-a-saddle", sub(near, r"^claim critical-point", "claim saddle"), "")
forge("strict-saddle-moved", moved(strict), "the gradient is not zero")
forge("strict-saddle-flat-direction", sub(strict, r"(matrix down:1:1 1 1 \d+)\n\S+", lambda m: re.sub(r"\d+$", "1", m.group(1)) + "\n0"), "is not negative")
forge("strict-saddle-direction-missing", drop(strict, "down:1:2"), "down:1:2: the evidence is missing")
forge("strict-saddle-refuted-without-hessian", drop(not_strict, "hessian"), "hessian: the evidence is missing")
forge("strict-saddle-refuted", sub(strict, r"^conclusion proved", "conclusion refuted"), "hessian: the evidence is missing")
forge("strict-saddle-hessian-elsewhere", sub(not_strict, r"(matrix W:3 1 1 1)\n0", "\\1\n1"), "hessian: the factor does not prove")
forge("saddle-moved", moved(moved(degenerate), 2), "the gradient is not zero")
forge("saddle-no-way-up", drop(drop(drop(even, "up-degree"), "up:1:1"), "up:1:2"), "up-degree: the evidence is missing")
forge("saddle-up-is-down", sub(even, r"(matrix up:1:1 1 1 1)\n(\S+)", lambda m: m.group(1) + "\n" + str(-int(m.group(2)))), "the evidence does not show it")
forge("saddle-constant-curve", sub(degenerate, r"(matrix down:1:1 1 1 \d+)\n\S+", lambda m: re.sub(r"\d+$", "1", m.group(1)) + "\n0"), "does not change along this curve")
forge("saddle-minimum", sub(minimum, r"^conclusion refuted", "conclusion proved"), "down-degree: the evidence is missing")
forge("saddle-refuted", sub(drop(drop(drop(drop(degenerate, "down-degree"), "down:1:1"), "down:1:2"), "down:1:3"), r"^conclusion proved", "conclusion refuted"), "h(W) > h_inf")
forge("curve-degree-zero", sub(lower, r"^numbers down-degree 1 1", "numbers down-degree 1 0"), "a degree from 1 to 4")
forge("curve-degree-large", sub(lower, r"^numbers down-degree 1 1", "numbers down-degree 1 5"), "a degree from 1 to 4")
forge("curve-degree-two", sub(lower, r"^numbers down-degree 1 1", "numbers down-degree 1 2"), "down:2:1: the evidence is missing")
forge("curve-upwards", sub(lower, r"(matrix down:1:1 1 1 1)\n(\S+)", lambda m: m.group(1) + "\n" + str(-int(m.group(2)))), "the evidence does not show it")
forge("curve-refuted", sub(lower, r"^conclusion proved", "conclusion refuted"), "")
forge("hessian-not-psd", sub(flat, r"(matrix W:3 1 1 1)\n0", "\\1\n1"), "hessian: the factor does not prove")
forge("hessian-order", sub(flat, re.escape(block(flat, "hessian")), lambda m: "bound hessian 0 1 1\n0\ndiagonal one\n"), "a factor of order 3 is needed")
forge("hessian-missing", drop(flat, "hessian"), "hessian: the evidence is missing")
forge("hessian-refuted", sub(flat, r"^conclusion proved", "conclusion refuted"), "down:1:1: the evidence is missing")
forge("saddle-feedforward", sub(strict, r"^network linear 2", "network feedforward 2\nactivation identity"), "linear and residual networks only")

local = point_of("[[[1]], [[1]]]", "local-minimum")
not_local = point_of("[[[0]], [[0]]]", "local-minimum", 1)
forge("local-minimum-moved", sub(local, r"(matrix W:1 1 1 1)\n1", "\\1\n2"), "not critical")
forge("local-minimum-at-a-saddle", sub(sub(local, r"(matrix W:1 1 1 1)\n1", "\\1\n0"), r"(matrix W:2 1 1 1)\n1", "\\1\n0"), "h(W) > h_inf")
forge("local-minimum-refuted", sub(local, r"^conclusion proved", "conclusion refuted"), "down-degree: the evidence is missing")
forge("local-minimum-proved", sub(not_local, r"^conclusion refuted", "conclusion proved"), "h(W) > h_inf")

# inequalities
eta = "network: {kind: linear}\ndata: {X: [[1]], Y: [[1], [0]]}\npoint: {W: [[[3/5], [4/5]], [[1, 0], [0, 1/2]]]}\n"
ineq = lambda text, status=0: prove(eta + "claims: [inequality: \"%s\"]" % text, status)
ge = ineq("eta_min(W_2 * W_1) >= 7/10")
norm = ineq("norm(W_2) * eta_min(W_1) <= 1")
norm_low = ineq("norm(W_2) >= 1")
refuted = ineq("eta_min(W_2) > 3/4", 1)
equal = ineq("eta_min(W_2) = 1/2")
loss = ineq("loss <= 1")
forge("inequality-bound", sub(ge, r"7/10", "4/5"), "do not prove it")
forge("inequality-strict-at-equality", sub(norm, r"<= 1$", "< 1"), "do not prove it")
forge("inequality-turned", sub(ge, r" >= ", " <= "), "")
forge("inequality-evidence-too-good", scale_value(ge, "left:1", "1001/1000"), "left:1: the factor does not prove")
forge("inequality-norm-too-small", scale_value(norm, "right:1" if "bound right:1" in norm else "left:1", "999/1000"), "the factor does not prove")
forge("inequality-vector-zero", sub(norm_low, r"^(matrix left:1:vector 2 1 1)\n\S+\n\S+$", "\\1\n0\n0"), "the vector is zero")
forge("inequality-vector-weaker", sub(norm_low, r"^(matrix left:1:vector 2 1 1)\n\S+\n\S+$", "\\1\n1\n1"), "do not prove it")
forge("inequality-vector-missing", drop(norm_low, "left:1:vector"), "left:1:vector: the evidence is missing")
forge("inequality-verdict", sub(refuted, r"^conclusion refuted", "conclusion proved"), "")
forge("inequality-refuted", sub(ge, r"^conclusion proved", "conclusion refuted"), "")
forge("inequality-equality-refuted", sub(equal, r"^conclusion proved", "conclusion refuted"), "to refute an equality")
forge("inequality-equality-off", sub(equal, r"= 1/2$", "= 499999/1000000"), "do not prove it")
forge("inequality-loss", sub(loss, r"<= 1$", "<= 1/100"), "do not prove it")
forge("inequality-unknown-matrix", sub(ge, r"W_2\*W_1", "W_3*W_1"), "a matrix is expected")
forge("inequality-shapes", sub(ge, r"W_2\*W_1", "W_1*W_2"), "do not fit")
forge("inequality-negative-number", sub(ge, r" 7/10$", " -7/10"), "a number >= 0")
forge("inequality-not-reduced", sub(ge, r" 7/10$", " 14/20"), "a number >= 0")
forge("inequality-relation", sub(ge, r" >= ", " >> "), "unknown relation")
forge("inequality-rest", sub(ge, r"W_2\*W_1\)", "W_2*W_1)x"), "should end here")
forge("inequality-empty-product", sub(ge, r"eta_min\(W_2\*W_1\)", "eta_min()"), "a matrix is expected")
forge("inequality-zero-matrix", sub(ge, r"(matrix W:1 2 1 5)\n3\n4", "matrix W:1 2 1 1\n0\n0"), "a zero matrix has no eta_min")
forge("inequality-with-constants", sub(ge, r"^conclusion proved", "conclusion proved lambda_lower 1"), "do not belong")
forge("inequality-weight-decay", sub(ge, r"^weight-decay 0", "weight-decay 1"), "weight-decay")
forge("inequality-h-inf-feedforward", sub(sub(ge, r"eta_min\(W_2\*W_1\)", "h_inf"), r"^network linear 2", "network feedforward 2\nactivation relu"),
      "h_inf is defined for linear")

# standing assumptions
forge("rank-proved", sub(rank, r"^conclusion refuted", "conclusion proved"), "the exact decision is the opposite")
forge("distinct-refuted", sub(distinct, r"^conclusion proved", "conclusion refuted"), "the exact decision is the opposite")
forge("distinct-now-repeated", sub(distinct, r"(matrix Y 2 2) 1\n1 0\n0 2", "\\1 1\n1 0\n0 1"), "the exact decision is the opposite")
forge("rank-weighted", sub(rank, r"^weights one", "weights 1 2"), "not defined for weighted samples")
forge("rank-with-constants", sub(distinct, r"^conclusion proved", "conclusion proved lambda_lower 1"), "")

# the reader
forge("digest", sub(exact, r"sha256 .", "sha256 x"), "digest", True)
forge("digest-of-another-problem", exact.replace("matrix Y 2 2 1\n1 0", "matrix Y 2 2 1\n2 0"), "digest is not that", True)
forge("digest-short", sub(exact, r"sha256 ..", "sha256 "), "64 hexadecimal digits", True)
forge("version-2", exact.replace("certify-certificate 1", "certify-certificate 2"), "format version", True)
forge("number-not-reduced", sub(exact, r"radius 2 1/10", "radius 2 2/20"), "lowest terms")
forge("number-plus", sub(exact, r"radius 2 1/10", "radius 2 +1/10"), "lowest terms")
forge("number-zero-denominator", sub(exact, r"radius 2 1/10", "radius 2 1/0"), "lowest terms")
forge("number-leading-zero", sub(exact, r"radius 2 1/10", "radius 02 1/10"), "canonical form")
forge("number-minus-zero", sub(exact, r"(matrix X 2 2 1)\n1 0", "\\1\n1 -0"), "canonical form")
forge("number-decimal", sub(exact, r"radius 2 1/10", "radius 2 0.1"), "lowest terms")
forge("number-exponent", sub(exact, r"radius 2 1/10", "radius 2 1e999999999"), "lowest terms")
forge("number-one-as-fraction", sub(exact, r"paper_lambda 1$", "paper_lambda 1/1"), "lowest terms")
forge("number-too-long", sub(exact, r"(matrix X 2 2 1)\n1", "\\1\n1" + "0" * 100001), "canonical form")
forge("matrix-common-factor", sub(exact, r"matrix X 2 2 1\n1 0\n0 1", "matrix X 2 2 2\n2 0\n0 2"), "common factor")
forge("matrix-negative-denominator", sub(exact, r"matrix X 2 2 1\n", "matrix X 2 2 -1\n"), "denominator must be positive")
forge("matrix-huge", sub(exact, r"matrix X 2 2 1\n", "matrix X 1024 99999 1\n"), "larger than the rest")
forge("matrix-too-wide", sub(exact, r"matrix X 2 2 1\n", "matrix X 2 1000000000000 1\n"), "number of columns")
forge("matrix-no-rows", sub(exact, r"matrix X 2 2 1\n1 0\n0 1\n", "matrix X 0 2 1\n"), "")
forge("matrix-row-short", sub(exact, r"(matrix X 2 2 1)\n1 0\n", "\\1\n1\n"), "one space")
forge("matrix-row-long", sub(exact, r"(matrix X 2 2 1)\n1 0\n", "\\1\n1 0 0\n"), "line must end")
forge("shape-of-point", sub(exact, r"matrix W:1 2 2 1\n1 0\n0 1\n", "matrix W:1 3 2 1\n1 0\n0 1\n0 0\n"), "W_2 is 2 x 2, expected 2 x 3")
forge("shape-of-y", sub(exact, r"matrix Y 2 2 1\n1 0\n0 1\n", "matrix Y 1 2 1\n1 0\n"), "Y is 1 x 2, expected 2 x 2")
forge("space-doubled", sub(exact, r"^evidence ", "evidence  "), "a word is expected")
forge("space-at-end", sub(exact, r"^weights one$", "weights one "), "line must end")
forge("tab", sub(exact, r"^weights one$", "weights\tone"), "")
forge("carriage-returns", exact.replace("\n", "\r\n"), "", True)
forge("blank-line", sub(exact, r"^claim ", "\nclaim "), "", True)
forge("comment", sub(exact, r"^claim ", "# trust me\nclaim "), "", True)
forge("text-after-end", exact + "really\n", "text follows", True)
forge("no-newline-at-end", exact[:-1], "", True)
forge("no-end", exact[:-4], "", True)
forge("no-conclusion", sub(exact, r"^conclusion .*\n", ""), "\"conclusion\" is expected")
forge("two-conclusions", sub(exact, r"^(conclusion .*\n)", r"\1\1"), "\"end\" is expected")
forge("conclusion-lambda-differs", sub(exact, r"^conclusion proved lambda 25/81", "conclusion proved lambda 1/81"), "lambda differs from the claim")
forge("block-count-small", sub(exact, r"^evidence (\d+)", lambda m: "evidence %d" % (int(m.group(1)) - 1)), "\"conclusion\" is expected")
forge("block-count-large", sub(exact, r"^evidence (\d+)", lambda m: "evidence %d" % (int(m.group(1)) + 1)), "kind of evidence")
forge("block-count-huge", sub(exact, r"^evidence \d+", "evidence 999999999999999999999"), "number of blocks")
b = block(exact, "inj:W:1:1")
more = lambda t: sub(t, r"^evidence (\d+)", lambda m: "evidence %d" % (int(m.group(1)) + 1))
forge("block-doubled", more(exact.replace(b, b + b)), "order of their roles")
forge("block-unused", more(sub(exact, r"^conclusion", "word zzz proof\nconclusion")), "not used by the proof")
forge("blocks-out-of-order", exact.replace(block(exact, "data-norm"), "@").replace(block(exact, "data:W:0"), block(exact, "data-norm")).replace("@", block(exact, "data:W:0")), "order of their roles")
forge("role-too-long", sub(exact, r"^word bound block", "word " + "b" * 200 + " block"), "role is too long")
forge("rounding-zero", sub(exact, r"^rounding \d+", "rounding 0"), "the rounding must be")
forge("rounding-coarse", sub(joint_cert, r"^rounding \d+", "rounding 3"), "the factor does not prove")
forge("layers-many", sub(exact, r"^network linear 2", "network linear 1001"), "number of layers")
forge("network-unknown", sub(exact, r"^network linear", "network convolutional"), "unknown network")
forge("claim-unknown", sub(exact, r"^claim gradient-dominance", "claim convexity"), "unknown claim")
forge("biases-for-linear", sub(exact, r"^biases no", "biases yes"), "only feedforward networks")
forge("diagonal-of-ones", sub(exact, r"^diagonal 0 0$", "diagonal 1 1"), "written \"diagonal one\"")
primes = [p for p in range(10**6, 10**6 + 20000) if all(p % q for q in range(2, 1000))][:400]
n = len(primes)
forge("coprime-denominators", sub(exact, r"^bound inj:W:1:1 1 2 1\n.*\n.*\n.*$",
      lambda m: "bound inj:W:1:1 1 %d 1\n" % n + "".join(" ".join(["0"] * (i + 1)) + "\n" for i in range(n))
      + "diagonal " + " ".join("1/%d" % (p ** 80) for p in primes)), "common denominator of these numbers")
forge("empty", "", "", True)
forge("binary", "".join(chr(i % 256) for i in range(600)).encode("latin1").decode("latin1"), "", True)

with open(os.path.join(out, "expected"), "w") as f:
    f.write("\n".join(expected) + "\n")
print(len(expected), "forgeries")
