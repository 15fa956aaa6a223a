# SPDX-License-Identifier: LGPL-2.1-or-later
"""The problem: a network, its data and a point (doc/certificate-format.md, "Grammar").

P.kind, P.l layers or units, P.r the depth of a unit, P.n = l r blocks P.W (and biases P.b),
P.act pairs of name and slope, data P.X, P.Y, P.w weights.  P.skips: the layers that the last one
sees, too, W_l = [W_l, S_k, ..]; the last blocks of a resnet are R and W."""
from fractions import Fraction

from activation import ACTIVATIONS, SLOPED, has_inverse
from matrix import zero
from meter import length
from moments import Moments
from verdict import ensure

KINDS = ("linear", "residual", "feedforward", "skip", "resnet")
LOSSES = ("square", "cross-entropy", "logistic", "smooth-hinge")


class Problem:
    features = None                  # or s(W_1 X), given in place of W_1
    known_moments = None
    minimizer = None                 # is_minimizer, once asked
    skips = ()

    def curvature(self):
        """D: twice the scale times the weight, of every sample."""
        m = self.X.meter
        halves = [m.product(self.scale, w) for w in self.w]
        return [m.sum(x, x) for x in halves]

    def moments(self):
        """Computed once; None for a feedforward network."""
        if self.known_moments is None and self.linear:
            self.known_moments = Moments(self)
        return self.known_moments

    def at(self, W, b):
        """The same problem at another point."""
        other = Problem()
        other.__dict__.update(self.__dict__)
        other.W, other.b = W, b
        return other

    @property
    def linear(self):
        return self.kind in ("linear", "residual")

    def bias_of(self, k):
        return self.b[k] if self.bias else None

    def decayed_bias(self, k):
        """b_{k+1} if weight decay counts it, or None."""
        counts = self.decayed == ["biases"] or self.decayed == ["hidden-biases"] and k < self.l - 1
        return self.bias_of(k) if counts else None

    def decayed_matrices(self):
        """All weights, and the biases that weight decay counts."""
        biases = [self.decayed_bias(k) for k in range(self.l)] if self.decayed else []
        return self.W + [b for b in biases if b is not None]

    def block_name(self, i):
        k, q = i // self.r + 1, i % self.r + 1
        if self.kind != "residual":
            return "W_%d" % k
        return ("A_%d%d" if self.r < 10 and self.l < 10 else "A_%d,%d") % (k, q)


def read_network(rd, P):
    words = rd.line("network")
    ensure(words and words[0] in KINDS, "unknown network")
    P.kind = words[0]
    most = rd.limits["layers"]
    P.l = rd.count(words[1], 1, most, "layers")
    P.r = rd.count(words[2], 1, most, "depth") if P.kind == "residual" else 1
    P.skips = []
    if P.kind == "skip":
        P.skips = [rd.count(w, 0, P.l - 2, "a layer") for w in words[3:]]
        ensure(len(P.skips) == rd.count(words[2], 1, 64, "skips"), "the number of skips")
        ensure(all(a < b for a, b in zip(P.skips, P.skips[1:])), "skips rise")
    else:
        ensure(len(words) == (3 if P.kind == "residual" else 2), "the network line")
    ensure(P.kind != "resnet" or P.l >= 3, "a resnet has at least one layer of z")
    P.n = P.l * P.r
    ensure(P.n <= most, "too many blocks")
    P.act = []
    for _ in range(0 if P.linear else P.l - 1):
        words = rd.line("activation")
        ensure(words and words[0] in ACTIVATIONS, "unknown activation")
        sloped = words[0] in SLOPED
        ensure(len(words) == 1 + sloped, "the activation line")
        P.act.append((words[0], rd.rational(words[1]) if sloped else Fraction(0)))
    ensure(P.kind != "resnet" or P.act[-1][0] == "identity", "the activation of X + R Z")


def read_loss(rd, P):
    words = rd.line("loss")
    ensure(words and words[0] in LOSSES, "unknown loss")
    P.loss = words[0]
    ensure(len(words) == (3 if P.loss == "smooth-hinge" else 2), "the loss line")
    P.scale = rd.rational(words[1])
    if P.loss == "smooth-hinge":
        P.power = rd.count(words[2], 1, 1000, "the power")
    words = rd.line("weight-decay")
    ensure(len(words) == 1 or words[1:] in (["biases"], ["hidden-biases"]), "weight-decay")
    P.decay = rd.rational(words[0])
    P.decayed = words[1:]


def read_data(rd, P):
    P.X = rd.matrix(rd.line("matrix", "X"))
    P.Y = rd.matrix(rd.line("matrix", "Y"))
    words, m = rd.line("weights"), P.X.c
    if words == ["one"]:
        P.w = [Fraction(1)] * m
    else:
        P.w = rd.rationals(words, m, m * max(m, P.X.r))
        ensure(any(w != 1 for w in P.w), "weights one")


def read_point(rd, P):
    words = rd.line("biases")
    ensure(words in (["yes"], ["no"]), "biases")
    P.bias = words == ["yes"]
    ensure(not P.bias or not P.linear, "linear and residual networks have no biases")
    ensure(not P.decayed or P.bias and P.decay, "there are no biases that weight decay could count")
    P.W, P.b, given = [], [], False
    for k in range(P.n):
        words = rd.line("matrix")
        given = given or k == 0 and words[:1] == ["features"]
        ensure(words and words[0] in ("W:%d" % (k + 1), "features" if k == 0 else ""),
               "W:%d" % (k + 1), "is expected")
        P.W.append(rd.matrix(words[1:]))
        ensure(P.W[0].r > 0, "a matrix without rows")
        if P.bias:
            bare = P.kind == "resnet" and k >= P.l - 2
            P.b.append(None if bare else rd.matrix(rd.line("matrix", "b:%d" % (k + 1))))
    if given:
        P.features = P.W[0]


def check_features(P):
    """s(W_1 X) in place of W_1."""
    ensure(P.kind == "feedforward" and P.l == 2 and not P.bias,
           "features need one hidden layer, no biases")
    P.W[0] = zero(P.features.r, P.X.r, P.X.meter)
    ensure(P.features.c == P.X.c, "the shape of the features")
    ensure(has_inverse(P.act[0]), "features need a smooth activation with an inverse")


def check_shapes(P):
    ensure(P.X.r > 0 and P.scale > 0 and P.decay >= 0, "X, scale or weight-decay")
    ensure(all(w >= 0 for w in P.w) and any(P.w), "sample weights")
    if P.features:
        check_features(P)
    widths = [P.X.r]
    for k, W in enumerate(P.W):
        width = widths[-1] + (sum(widths[j] for j in P.skips) if k == P.n - 1 else 0)
        square = P.kind == "residual" or P.kind == "resnet" and k == P.l - 2
        ensure(W.r > 0 and W.c == width and (not square or W.r == P.X.r), "the shape of W:%d" % (k + 1))
        widths.append(W.r)
        ensure(P.bias_of(k) is None or P.b[k].shape() == (W.r, 1), "the shape of b:%d" % (k + 1))
    width = widths[-1]
    ensure(P.Y.shape() == (width, P.X.c), "the shape of Y")


def read_problem(rd):
    P = Problem()
    read_network(rd, P)
    read_loss(rd, P)
    read_data(rd, P)
    read_point(rd, P)
    check_shapes(P)
    return P


def within_memory(P, limits):
    """What no product announces to the meter ("Limits", matrix): the features of all layers, kept
    at once, and one weight per sample, as long as the scale of the loss."""
    rows = P.X.r + sum(W.r for W in P.W)
    return rows * P.X.c * 256 <= limits["matrix"] and length(P.scale) * P.X.c <= limits["matrix"]
