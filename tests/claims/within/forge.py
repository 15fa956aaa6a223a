# SPDX-License-Identifier: LGPL-2.1-or-later
import os
from forging import *

cases = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")

def case(name, claim):
    """The certificate of a case with this claim alone."""
    with open(os.path.join(cases, name + ".yaml")) as f:
        text = f.read()
    text = re.sub(r"^certify: 1\n", "", re.sub(r"^claims:.*", "claims: [%s]" % claim, text, flags=re.M))
    return prove(text)

decay = case("decay", "local-minimum-within")
orbit = case("orbit", "local-minimum-within")
saddle = case("saddle", "strict-saddle-within")
critical = case("saddle", "critical-point-within")
bottleneck = case("bottleneck-inputs", "local-minimum-within")
leaky = case("leaky", "local-minimum-within")
dead = case("dead-unit", "local-minimum-within")
tanh = case("tanh", "local-minimum-within")
softmax = case("softmax", "local-minimum-within")
translation = case("translation", "local-minimum-within")
assert "numbers fixed:1 1 0" in orbit and "matrix inverse " in critical and "bound hessian" not in critical

radius = lambda t, r: sub(t, r"^(claim \S+ radius) .*$", r"\1 " + r)
inner = lambda t, r: sub(t, r"^numbers inner 1 .*$", "numbers inner 1 " + r)
less = lambda t, q: radius(t, str(Fr(re.search(r"^claim \S+ radius (\S+)", t, re.M)[1]) * Fr(q)))

def rows(t, role, new):
    """The matrix of a role with other rows of integers."""
    old = block(t, role)
    return t.replace(old, " ".join(old.split("\n")[0].split()[:4] + ["1"]) + "\n" + new + "\n", 1)

small = "so small a radius"
forge("within-radius", radius(decay, "7071/500000"), small)
forge("within-radius-saddle", radius(saddle, "7071/500000"), small)
forge("within-radius-tanh", less(tanh, "999/1000"), small)
# the centre is the minimum itself, so that the ball around it is a point; its distance counts
forge("within-distance", radius(decay, "0"), small)
forge("within-distance-bias", less(dead, "99/100"), small)
# 1, 1 is critical, 2, 1 is not
forge("within-centre", drop(drop(scale_value(rows(decay, "center:1", "101").replace("matrix center:1 1 1 1\n", "matrix center:1 1 1 100\n"), "hessian", "1/10"), "norm:W:1"), "norm:W:2"),
      "the gradient is too large")
forge("within-no-centre", drop(orbit, "center:2"), "")
forge("within-centre-of-others", sub(decay, r"^matrix Y 1 1 1\n2$", "matrix Y 1 1 1\n3"), "")
forge("within-centre-ball", sub(decay, r"^matrix center:1 ", "ball center:1 64 1/1000 "), "an exact matrix is needed")
forge("within-curvature", scale_value(decay, "hessian", "101/100"), "the factor does not prove this bound")
forge("within-curvature-saddle", sub(radius(decay, "3"), r"(?s)(^matrix center:1 1 1 1\n)1\n(matrix center:2 1 1 1\n)1$", r"\g<1>0\n\g<2>0"), "the factor does not prove this bound")
forge("within-no-decay", sub(decay, r"^weight-decay 1$", "weight-decay 0"), "")
forge("within-free-biases", sub(tanh, r"^weight-decay 1/20 biases", "weight-decay 1/20"), "")
forge("within-decayed-biases", sub(softmax, r"^weight-decay 1/10 hidden-biases", "weight-decay 1/10 biases"), "hessian: a factor of order")
forge("within-other-activation", sub(tanh, r"^activation tanh", "activation sigmoid"), "features:1")
forge("within-features-of-the-point", rows(tanh, "center:1", "1\n1"), "features:1")
forge("within-inner", inner(orbit, "0"), "the critical point is not shown to lie in this ball")
forge("within-inner-negative", inner(orbit, "-1/8"), "the radius is negative")
forge("within-inner-large", inner(orbit, "1" + 40 * "0"), "the gradient is too large")
forge("within-inner-kink", inner(leaky, "5"), "may reach its kink")
forge("within-no-inner", drop(orbit, "inner"), "inner: the evidence is missing")
forge("within-slice-left-out", drop(orbit, "fixed:1"), "hessian: a factor of order")
forge("within-slice-decay", sub(orbit, r"^weight-decay 0$", "weight-decay 1"), "")
forge("within-slice-column", sub(orbit, r"^numbers fixed:1 1 0", "numbers fixed:1 1 1"), "these entries cannot be fixed")
forge("within-slice-singular", rows(drop(orbit, "norm:W:1"), "center:1", "0"), "these entries cannot be fixed")
forge("within-slice-zero", sub(rows(leaky, "center:1", "0 1"), r"^numbers fixed:1 1 \d", "numbers fixed:1 1 0"), "these entries cannot be fixed")
# the third input depends on the others: W_1 counts by its effective columns, of which there are two
forge("within-slice-input", sub(bottleneck, r"^numbers fixed:1 1 \d", "numbers fixed:1 1 2"), "these entries cannot be fixed")
forge("within-slice-bias", sub(translation, r"^numbers fixed:1 1 \d", "numbers fixed:1 1 2"), "these entries cannot be fixed")
forge("within-slice-tanh", sub(tanh, r"^evidence (\d+)$", lambda m: "evidence %d" % (int(m[1]) + 1)).replace("bound hessian", "numbers fixed:1 2 0 0\nbound hessian", 1), "not used by the proof")
forge("within-slice-alive", sub(dead, r"^matrix X 1 4 1\n1 2 3 4$", "matrix X 1 4 1\n1 2 3 -4"), "")
forge("within-inverse", rows(saddle, "inverse", "1 0\n0 1"), "not near enough")
forge("within-down", rows(saddle, "down:1", "1\n-1"), "the curvature along it is not shown")
forge("within-down-zero", rows(saddle, "down:1", "0\n0"), "the vector is 0")
forge("within-saddle-as-minimum", sub(saddle, r"^claim strict-saddle-within", "claim local-minimum-within"), "hessian: the evidence is missing")
forge("within-minimum-as-saddle", sub(decay, r"^claim local-minimum-within", "claim strict-saddle-within"), "inverse: the evidence is missing")
forge("within-critical-as-minimum", sub(critical, r"^claim critical-point-within", "claim local-minimum-within"), "hessian: the evidence is missing")
forge("within-refuted", sub(decay, r"^conclusion proved", "conclusion refuted"), "it is never refuted")
forge("within-version-1", sub(decay, r"^certify-certificate 2", "certify-certificate 1"), "version 2")
forge("within-hinge", sub(tanh, r"^loss square 1/2", "loss smooth-hinge 1/2 4"), "has no third derivative")

nearest = case("nearest", "minimizer-within")
twins = case("twins", "minimizer-within")
bottleneck_global = case("bottleneck", "minimizer-within")
assert "word by exact" in nearest and "word by last-layer" in twins and "word by curvature" in bottleneck_global
forge("minimizer-radius", less(nearest, "999/1000"), small)
forge("minimizer-radius-last", less(twins, "999/1000"), small)
forge("minimizer-centre", rows(nearest, re.search(r"^matrix (center:\d)", nearest, re.M)[1], "1 1\n0 1"), "the centre is not a global minimiser")
forge("minimizer-word", sub(nearest, r"^word by exact", "word by better"), "exact, curvature or last-layer is expected")
forge("minimizer-local", sub(tanh, r"^claim local-minimum-within", "claim minimizer-within"), "for one layer; for more")
forge("minimizer-decay", sub(twins, r"^weight-decay 0", "weight-decay 1"), "for one layer; for more")
forge("minimizer-features", scale_value(twins, "features", "11/10"), "does not prove this bound")
# a third label for equal samples: the mean is another
forge("minimizer-samples", sub(twins, r"^matrix Y 1 4 1\n1 3 2 4$", "matrix Y 1 4 1\n1 5 2 4"), small)
# the local minimum of a relu network need not be global
forge("minimizer-kinks", sub(sub(leaky, r"^claim local-minimum-within", "claim minimizer-within"), r"^evidence (\d+)\n", lambda m: "evidence %d\nword by curvature\n" % (int(m[1]) + 1)),
      "local minima of this function need not be global")
