# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

DATA = "{X: [[1, 2, -1, 0, 3], [0, 1, 1, 2, -1]], Y: [[1, 0, 2, 1, -1], [2, 1, %s, 1]]}"
STILL = DATA % "4, 2"               # a critical point that captures both eigenvalues


def claim(active, units, eigenvalues, data=STILL, status=0, p=2, act="relu", more=""):
    k = data[data.index("Y:"):].count("[") - 1
    zero = "[%s, %s]" % ([[0, 0]] * p, [[0] * p] * k)
    return prove("network: {kind: feedforward, activation: %s}\n%sdata: %s\npoint: {W: %s}\nclaims: [critical-point-exists: {active: %s, units: %s, eigenvalues: %s}]\n"
                 % (act, more, data, zero, active, units, eigenvalues), status)


both = claim([1, 2, 5], [1, 2], [1, 2])
single = claim([3, 4], [1], [1])
none = claim([1, 2, 5], [1, 2], [1], DATA % "0, -1", 1)
no_dead = claim([1], [1], [1], "{X: [[1, -1, 0, 0], [0, 0, 1, -1]], Y: [[1, 2, 1, 1]]}", 1)
few = claim([3, 4], [1, 2], [1, 2], "{X: [[1, 2, -1, 0, 3], [0, 1, 1, 2, -1]], Y: [[1, 0, 2, 1, -1]]}", 1)
empty = claim([], [1, 2], [])
assert "numbers point" in both and "numbers dead" in single and "codes no-dead" in no_dead and "evidence 0" in few
numbers = lambda t, role, change: sub(t, r"^numbers %s \d+ (.*)$" % role, lambda m: "numbers %s %d %s" % (role, len(change(m.group(1).split())), " ".join(change(m.group(1).split()))))
head = lambda t, verdict: sub(t, r"^conclusion .*$", "conclusion " + verdict)

forge("exists-point", numbers(single, "point", lambda x: [str(-Fr(x[0]))] + x[1:]), "it does not have the pattern")
forge("exists-no-point", drop(both, "point"), "point: the evidence is missing")
forge("exists-pattern", sub(both, r"^claim (.*) active 3 1 2 5", "claim \\1 active 2 1 2"), "it does not have the pattern")
forge("exists-dead", numbers(single, "dead", lambda x: [str(-Fr(y)) for y in x]), "it is not negative on all samples")
forge("exists-no-dead", drop(single, "dead"), "dead: the evidence is missing")
forge("exists-too-many", head(few, "proved low 0 high 100"), "Sigma has fewer positive eigenvalues")
forge("exists-low", sub(both, r" low (\S+) high (\S+)$", lambda m: " low %s high %s" % (Fr(m.group(2)) + Fr(1, 1000), Fr(m.group(2)) + 1)), "the loss is not between the bounds")
forge("exists-high", sub(both, r" low (\S+) high (\S+)$", lambda m: " low 0 high %s" % (Fr(m.group(1)) - Fr(1, 1000))), "the loss is not between the bounds")
# one unit more than dimensions: the kernel of M, not that of G; the numbers of the point are others
forge("exists-more-units", sub(both, r"eigenvalues 2 1 2$", "eigenvalues 1 1"), "")
forge("exists-excluded", sub(none, r"^codes excluded 2 (\S+) (\S+)$", "codes excluded 2 \\2 \\1"), "these samples do not exclude the eigenvalues")
forge("exists-excluded-one", sub(none, r"^codes excluded 2 (\S+) (\S+)$", "codes excluded 1 \\1"), "these samples do not exclude the eigenvalues")
other = claim([3, 4], [1], [1], DATA % "-4, 2", 1)
forge("exists-other-labels", sub(other, r"^2 1 -4 2 1$", "2 1 4 2 1"), "these samples do not exclude the eigenvalues")
forge("exists-dead-set", sub(no_dead, r"^codes no-dead 1 \S+$", "codes no-dead 1 %d" % (1 + 1 + 5 * 3)), "no combination of these samples with weights > 0 is 0")
forge("exists-universal", head(sub(drop(drop(single, "point"), "dead"), r"^evidence 0$", "evidence 1\ncodes no-point 1 2"), "refuted"), "these samples do not exclude the pattern")
forge("exists-no-reason", drop(none, "excluded"), "no evidence that there is none")
forge("exists-order", sub(both, r"active 3 1 2 5", "active 3 2 1 5"), "in rising order")
forge("exists-units", sub(both, r"units 2 1 2", "units 2 1 3"), "units: numbers of units are expected")
forge("exists-zero-sample", sub(sub(empty, r"^1 2 -1 0 3$", "1 2 -1 0 0"), r"^0 1 1 2 -1$", "0 1 1 2 0").replace("active 0", "active 1 5"), "sample 5 is 0")
forge("exists-slope", sub(single, r"^activation relu", "activation leaky-relu 1/2"), "never inactive")
forge("exists-tanh", sub(single, r"^activation relu", "activation tanh"), "for one hidden layer of relu")
forge("exists-linear", sub(both, r"^activation relu", "activation leaky-relu 1"), "treat linear ones")
forge("exists-entropy", sub(sub(single, r"^loss square 1/2", "loss cross-entropy 1"), r"^1 0 2 1 -1\n2 1 4 2 1$", "1 0 1 1 0\n0 1 0 0 1"), "square")
forge("exists-decay", sub(single, r"^weight-decay 0", "weight-decay 1"), "weight-decay")
forge("exists-bias", sub(sub(sub(single, r"^biases no", "biases yes"), r"^matrix W:2", "matrix b:1 2 1 1\n0\n0\nmatrix W:2"), r"^claim", "matrix b:2 2 1 1\n0\n0\nclaim"), "a row of ones of X")
forge("exists-version-1", sub(both, r"^certify-certificate 2", "certify-certificate 1"), "version 2")
