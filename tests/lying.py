# SPDX-License-Identifier: LGPL-2.1-or-later
"""For the liars.py of the folders of tests/claims: certificates built from the
start for claims that are known to be false, with the best fake evidence there
is.  The rules of the second checker run with an oracle that lies.  A liars.py
defines KINDS, name -> a function that returns None or (honest text, forged text,
by how much the claim is false, how large the lie is); tests/adversary.py runs them."""
import hashlib, math, os, random, sys
from numeric import F, best_constant, cc, dyadic, factor, floats, jacobi, rows_matrix, smallest

rng = random.Random(1)      # tests/adversary.py gives another seed

class Liar(cc.Facts):
    """Answers what the rules ask; greed 0 is honest."""
    def __init__(self, bits, word, greed, victims):
        super().__init__(bits)
        self.bound_word, self.greed, self.victims = word, greed, victims

    def lie(self, role):
        return self.greed if any(role.startswith(v) for v in self.victims) else F(0)

    def ensure(self, condition, role, reason):
        """His own copy of the rules does not refuse his multipliers."""
        super().ensure(condition or "exceeds 1" in reason, role, reason)

    def need(self, role, kind, required=True):
        if role == "bound":
            self.blocks[role] = ("word", self.bound_word)
        return self.blocks.get(role)

    def expect_bound(self, role, order):
        """He has bounds of every order, and gives them when he is asked."""

    def lower(self, role, K, N=None, required=False):
        N = N or cc.scalar(K.r)
        mu = smallest(K, N)[0]
        mu = F(mu * (1 - 1e-9) - 1e-11 * float(K.norm_upper() / N.norm_upper())).limit_denominator(10 ** 14)
        if mu <= F(K.norm_upper()) / 10 ** 9:       # too small for doubles
            if not self.lie(role):
                return F(0)
            mu = F(K.norm_upper()) * self.lie(role) / 10 ** 6
        mu *= 1 + self.lie(role)
        self.blocks[role] = ("bound", mu, factor(K.plus(-mu, N)), None)
        return mu

    def upper(self, role, K):
        w = max(jacobi(floats(K))[0])
        mu = F(w * (1 + 1e-9)).limit_denominator(10 ** 14) * (1 - min(self.lie(role), F(9, 10)))
        if mu <= 0:
            return K.norm_upper()
        self.blocks[role] = ("bound", mu, factor(cc.scalar(K.r, mu).plus(F(-1), K)), None)
        return mu

    def numbers(self, role, n, required):
        if role != "multipliers":
            return super().numbers(role, n, required)
        per = self.terms                # multipliers per block
        out = []
        for k in per:
            out += [(1 + self.lie(role)) / (1 + (k - 1) * self.rho)] + [1 / self.rho] * (k - 1)
        self.blocks[role] = ("numbers", out)
        return out

    def matrix(self, role, r, c, required):
        return self.blocks[role][1] if role in self.blocks else None

# Text.

def matrix_text(name, A, head="matrix"):
    return "%s %s %d %d %d\n" % (head, name, A.r, A.c, A.den) + "".join(" ".join(map(str, row)) + "\n" for row in A.a)

def problem_text(P, loss="square 1/2"):
    t = "network %s %d%s\n" % (P.kind, P.l, " %d" % P.r if P.kind == "residual" else "")
    for name, slope in P.act:
        t += "activation %s%s\n" % (name, " %s" % slope if name == "leaky-relu" else "")
    t += "loss %s\nweight-decay 0\n" % loss + matrix_text("X", P.X) + matrix_text("Y", P.Y) + "weights one\nbiases no\n"
    return t + "".join(matrix_text("W:%d" % (i + 1), W) for i, W in enumerate(P.W))

def block_text(role, b):
    if b[0] == "word":
        return "word %s %s\n" % (role, b[1])
    if b[0] == "numbers":
        return "numbers %s %d %s\n" % (role, len(b[1]), " ".join(map(str, b[1])))
    if b[0] == "matrix":
        return matrix_text(role, b[1])
    if b[0] == "ball":
        return "ball %s %d %s %d %d %d\n" % (role, b[1], b[3], b[2].r, b[2].c, b[2].den) + "".join(
            " ".join(map(str, row)) + "\n" for row in b[2].a)
    _, mu, L, _ = b
    return "bound %s %s %d %d\n" % (role, mu, L.r, L.den) + "".join(
        " ".join(map(str, row[:i + 1])) + "\n" for i, row in enumerate(L.a)) + "diagonal one\n"

def certificate(P, claim, facts, conclusion, loss="square 1/2"):
    p = problem_text(P, loss)
    blocks = "".join(block_text(role, facts.blocks[role]) for role in sorted(facts.blocks))
    version = 1 if loss.startswith("square") else 2
    return "certify-certificate %d\nproblem sha256 %s\n%s%s\nrounding %d\nevidence %d\n%sconclusion %s\nend\n" % (
        version, hashlib.sha256(p.encode()).hexdigest(), p, claim, facts.bits, len(facts.blocks), blocks, conclusion)

def dominance_text(c):
    return "claim gradient-dominance norm %s radius %d %s lambda %s" % (c.norm, len(c.rho), " ".join(map(str, c.rho)), c.lam)

# Problems whose best constant is known.

def random_matrix(r, c, near=None):
    size = rng.choice([1, 2, 10])
    return rows_matrix([[F(rng.randint(-size, size), 4 * size) + (1 if i == j and near else 0) for j in range(c)] for i in range(r)])

def linear_problem(kind):
    P = cc.Problem()
    P.kind, P.bias, P.b, P.act, P.loss, P.decay = kind, False, [], [], "square", F(0)
    P.l, P.r = rng.choice([(2, 1), (3, 1)]) if kind == "linear" else rng.choice([(2, 1), (2, 2), (1, 2)])
    P.n, d = P.l * P.r, rng.choice([1, 2, 2, 3])
    if kind == "linear":
        P.W = [random_matrix(d, d, True) for _ in range(P.l)]
    else:
        P.W = [random_matrix(d, d, False) for _ in range(P.n)]
    P.X = random_matrix(d, d + rng.randint(0, 1), True)
    P.w, P.scale = [F(1)] * P.X.c, F(1, 2)
    P.Y = cc.product(P) * P.X                    # an exact minimiser
    return P

def one_layer(W, X=None, Y=None):
    P = cc.Problem()
    P.kind, P.bias, P.b, P.act, P.loss, P.decay, P.l, P.r, P.n, P.features = "linear", False, [], [], "square", F(0), len(W), 1, len(W), None
    P.W, P.X = W, X or cc.scalar(W[0].c)
    P.w, P.scale = [F(1)] * P.X.c, F(1, 2)
    P.Y = Y or cc.product(P) * P.X
    return P
