#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A second checker of certify certificates, independent of the C code: written
from doc/certificate-format.md and doc/mathematics.md, Python standard library
only.  It covers every rule that uses exact arithmetic, rounded matrices
included; certificates with enclosures of transcendental functions are
UNSUPPORTED.

usage: certcheck.py [--limits NAME=N,...] CERTIFICATE...

Exit status: 0 VERIFIED, 1 REJECTED, 64 usage, 66 no such file,
69 UNSUPPORTED (some certificate, none rejected)."""
import hashlib, re, sys
from fractions import Fraction as F
from math import gcd, isqrt

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)
sys.setrecursionlimit(20000)     # chains of 200 layers

LIMIT = {"bytes": 256 << 20, "digits": 100000, "layers": 200, "rows": 1024, "columns": 100000, "blocks": 20000,
         "rounding": 10**6, "expansion": 1 << 29, "matrix": 1 << 32, "work": 1 << 14}
MAX_NAME = 95
left = None                      # the meter of doc/certificate-format.md, "Limits"

class Reject(Exception): pass
class Unsupported(Exception): pass

def ensure(condition, *reason):
    if not condition:
        raise Reject(" ".join(str(r) for r in reason))

def work(r, k, c, a, b):
    """r k c products of numbers of a and b bits, r c of them to be kept."""
    global left
    if left is not None:
        left -= r * k * c * (1 + a // 64) * (1 + b // 64)
        ensure(left >= 0 and r * c * (a + b) <= LIMIT["matrix"], "beyond the limits of the format")

# Numbers.

INTEGER = re.compile(r"(?:0|-?[1-9][0-9]*)\Z")

def integer(s):
    ensure(INTEGER.match(s) and len(s.lstrip("-")) <= LIMIT["digits"], "an integer in canonical form is expected")
    return int(s)

def rational(s):
    p, slash, q = s.partition("/")
    p, q = integer(p), integer(q) if slash else 1
    ensure(not slash or (q >= 2 and gcd(p, q) == 1), "a rational in lowest terms is expected")
    return F(p, q)

def count(s, low, high, what):
    n = integer(s)
    ensure(low <= n <= high, what, "must be from", low, "to", high)
    return n

def sqrt_directed(x, up):
    n, d = x.numerator, x.denominator
    ensure(n >= 0, "the root of a negative number")
    if isqrt(n) ** 2 == n and isqrt(d) ** 2 == d:
        return F(isqrt(n), isqrt(d))
    b = 128 + max(0, d.bit_length() - n.bit_length())
    v = -((-n << 2 * b) // d) if up else (n << 2 * b) // d
    s = isqrt(v)
    return F(s + (up and s * s != v), 1 << b)

sqrt_lower, sqrt_upper = (lambda x: sqrt_directed(x, False)), (lambda x: sqrt_directed(x, True))

def round_directed(x, up):
    n, d = x.numerator, x.denominator
    if n.bit_length() <= 128 if d == 1 else n.bit_length() + d.bit_length() <= 64:
        return x
    k = 64 + d.bit_length() - n.bit_length()
    n, d = n << max(k, 0), d << max(-k, 0)
    return F((-(-n // d) if up else n // d) << max(-k, 0), 1 << max(k, 0))

round_down, round_up = (lambda x: round_directed(x, False)), (lambda x: round_directed(x, True))

# Ball matrices: integer rows over a denominator, and a Frobenius radius.

class Mat:
    def __init__(self, rows, den=1, rad=F(0), cols=None):
        self.a, self.den, self.rad = rows, den, rad
        self.r = len(rows)
        self.c = len(rows[0]) if rows else (cols or 0)
        if den != 1:
            g = den
            for row in rows:
                for x in row:
                    g = gcd(g, x)
                    if g == 1:
                        return
            self.a, self.den = [[x // g for x in row] for row in rows], den // g

    at = lambda self, i, j: F(self.a[i][j], self.den)
    t = lambda self: Mat([list(c) for c in zip(*self.a)], self.den, self.rad, self.r)
    norm2 = lambda self: F(sum(x * x for row in self.a for x in row), self.den ** 2)
    mid_norm = lambda self: sqrt_upper(self.norm2())
    norm_upper = lambda self: self.mid_norm() + self.rad
    bits = lambda self: max((abs(x).bit_length() for row in self.a for x in row), default=0)
    is_zero = lambda self: self.rad == 0 and not any(x for row in self.a for x in row)
    same = lambda self, other: (self.a, self.den, self.rad) == (other.a, other.den, other.rad)

    def bilinear_rad(self, other):
        if self.rad == other.rad == 0:
            return F(0)
        return round_up(self.mid_norm() * other.rad + other.mid_norm() * self.rad + self.rad * other.rad)

    def __mul__(self, other):
        ensure(self.c == other.r, "shapes do not fit")
        work(self.r, self.c, other.c, self.bits(), other.bits())
        columns = list(zip(*other.a)) if other.a else [()] * other.c
        rows = [[sum(map(lambda x, y: x * y, row, col)) for col in columns] for row in self.a]
        return Mat(rows, self.den * other.den, self.bilinear_rad(other), other.c)

    def plus(self, x, other):
        """self + x other"""
        ensure((self.r, self.c) == (other.r, other.c), "shapes do not fit")
        b = x.denominator * other.den
        den = self.den * b // gcd(self.den, b)
        u, v = den // self.den, den // b * x.numerator
        rows = [[p * u + q * v for p, q in zip(r, s)] for r, s in zip(self.a, other.a)]
        return Mat(rows, den, round_up(abs(x) * other.rad + self.rad), self.c)

    def kron(self, other):
        work(self.r * other.r, 1, self.c * other.c, self.bits(), other.bits())
        rows = [[p * q for p in r for q in s] for r in self.a for s in other.a]
        return Mat(rows, self.den * other.den, self.bilinear_rad(other))

    gram = lambda self: self.t() * self
    gram_rows = lambda self: self * self.t()
    smaller_gram = lambda self: self.gram_rows() if self.r < self.c else self.gram()

    def columns_scaled(self, d):
        den = 1
        for x in d:
            den = den * x.denominator // gcd(den, x.denominator)
        n = [x.numerator * (den // x.denominator) for x in d]
        return Mat([[p * q for p, q in zip(row, n)] for row in self.a], self.den * den)

    def rounded(self, bits):
        s, t = self.bits(), self.den.bit_length()
        if max(s, t) <= bits or self.den == 1:
            return self
        k = max(0, bits - s + t)
        rows = [[((x << (k + 1)) + self.den) // (2 * self.den) for x in row] for row in self.a]
        err = sqrt_upper(F(self.r * self.c)) / (1 << (k + 1)) + self.rad
        return Mat(rows, 1 << k, round_up(err), self.c)

def scalar(n, x=F(1)):
    return Mat([[x.numerator if i == j else 0 for j in range(n)] for i in range(n)], x.denominator)

def zero(r, c):
    return Mat([[0] * c for _ in range(r)])

def inner(A, B):
    return F(sum(p * q for r, s in zip(A.a, B.a) for p, q in zip(r, s)), A.den * B.den)

def eliminate(rows, cols):
    """Fraction-free Gauss-Jordan: pivot columns, reduced rows, denominator."""
    A, pivots, prev, r = [row[:] for row in rows], [], 1, 0
    for c in range(cols):
        p = next((i for i in range(r, len(A)) if A[i][c]), None)
        if p is None:
            continue
        A[r], A[p] = A[p], A[r]
        pivot = A[r][c]
        for i in range(len(A)):
            if i != r:
                f = A[i][c]
                A[i] = [(pivot * x - f * y) // prev for x, y in zip(A[i], A[r])]
        prev, r = pivot, r + 1
        pivots.append(c)
    return pivots, A[:r], prev

def cost_of_elimination(A, n, more=0):
    work(A.r, n, A.c + more, n * (A.bits() + 10), 0)

def full_rank_modulo_prime(A):
    p, r = (1 << 61) - 1, 0
    rows = [[x % p for x in row] for row in A.a]
    for c in range(A.c):
        i = next((i for i in range(r, A.r) if rows[i][c]), None)
        if i is None:
            continue
        rows[r], rows[i] = rows[i], rows[r]
        inverse = pow(rows[r][c], -1, p)
        for i in range(r + 1, A.r):
            f = rows[i][c] * inverse % p
            if f:
                rows[i] = [(x - f * y) % p for x, y in zip(rows[i], rows[r])]
        r += 1
    return r == min(A.r, A.c)

def rank(A):
    if full_rank_modulo_prime(A):
        return min(A.r, A.c)
    cost_of_elimination(A, min(A.r, A.c))
    return len(eliminate(A.a, A.c)[0])

def solve(S, B):
    """S^{-1} B for an invertible S."""
    n = S.r
    cost_of_elimination(S, n, B.c)
    pivots, rows, den = eliminate([r + s for r, s in zip(S.a, B.a)], n)
    ensure(len(pivots) == n, "a singular system")
    sign = -1 if den < 0 else 1
    return Mat([[sign * x * S.den for x in row[n:]] for row in rows], abs(den) * B.den, cols=B.c)

# The kernel rule (Lemma 1).

def psd(M, L, d):
    n = M.r
    if M.c != n or L.r != n or any(M.a[i][j] != M.a[j][i] for i in range(n) for j in range(i)):
        return False
    if d is not None and any(x < 0 for x in d):
        return False
    E = Mat(M.a, M.den).plus(F(-1), (L if d is None else L.columns_scaled(d)) * L.t())
    return all(E.a[i][i] - sum(abs(x) for j, x in enumerate(E.a[i]) if j != i) >= M.rad * E.den for i in range(n))

# Reading.

ACTIVATIONS = ("identity", "relu", "leaky-relu", "tanh", "sigmoid", "softplus", "smooth-leaky")

class Reader:
    def __init__(self, data):
        ensure(len(data) <= LIMIT["bytes"], "too long")
        ensure(not re.search(rb"[^\n -~]", data), "a character that is not allowed")
        ensure(data.endswith(b"\n"), "the text must end with a newline")
        self.lines = data.decode("ascii").split("\n")[:-1]
        self.i = 0

    def line(self, *start):
        """The words of the next line after the given ones."""
        ensure(self.i < len(self.lines), "the text ends here")
        words = self.lines[self.i].split(" ")
        ensure(all(words), "words are separated by one space")
        ensure(words[:len(start)] == list(start), " ".join(start), "is expected")
        self.i += 1
        return words[len(start):]

    def peek(self):
        return self.lines[self.i].split(" ")[0] if self.i < len(self.lines) else ""

    def rows(self, r, c, den, triangular=False, rad=F(0)):
        ensure(den > 0, "the denominator must be positive")
        rows, g = [], den
        for i in range(r):
            words = self.line()
            ensure(len(words) == (i + 1 if triangular else c), "a row of another length")
            row = [integer(w) for w in words]
            g = gcd(g, *row)
            rows.append(row + [0] * (r - i - 1) if triangular else row)
        ensure(g == 1, "a common factor")
        return Mat(rows, den, rad, c)

    def matrix(self, words):
        ensure(len(words) == 3, "rows, columns and denominator are expected")
        r = count(words[0], 0, LIMIT["rows"], "rows")
        c = count(words[1], 1, LIMIT["columns"], "columns")
        return self.rows(r, c, integer(words[2]))

    @staticmethod
    def rationals(words, n, area):
        ensure(len(words) == n, n, "numbers are expected")
        x = [rational(w) for w in words]
        limit, den, num = LIMIT["expansion"] // max(area, 1), 1, 1
        for q in x:
            den = den * q.denominator // gcd(den, q.denominator)
            if q:
                num = num * abs(q.numerator) // gcd(num, q.numerator)
            ensure(max(den.bit_length(), num.bit_length()) <= limit, "common denominator too long")
        return x

LOCAL = ("critical-point", "strict-saddle", "saddle", "local-minimum", "not-local-minimum", "hessian-psd")
TOLERANCE = {"global-minimizer": "gap", "critical-point": "gradient"}

class Problem: pass
class Claim: pass

def read_problem(rd):
    P = Problem()
    words = rd.line("network")
    ensure(words and words[0] in ("linear", "residual", "feedforward"), "unknown network")
    P.kind = words[0]
    ensure(len(words) == (3 if P.kind == "residual" else 2), "the network line")
    P.l = count(words[1], 1, LIMIT["layers"], "layers")
    P.r = count(words[2], 1, LIMIT["layers"], "depth") if P.kind == "residual" else 1
    P.n = P.l * P.r
    ensure(P.n <= LIMIT["layers"], "too many blocks")
    P.act = []
    for _ in range(P.l - 1 if P.kind == "feedforward" else 0):
        words = rd.line("activation")
        ensure(words and words[0] in ACTIVATIONS, "unknown activation")
        sloped = words[0] in ("leaky-relu", "smooth-leaky")
        ensure(len(words) == 1 + sloped, "the activation line")
        P.act.append((words[0], rational(words[1]) if sloped else F(0)))
    words = rd.line("loss")
    ensure(words and words[0] in ("square", "cross-entropy", "smooth-hinge"), "unknown loss")
    P.loss = words[0]
    ensure(len(words) == (3 if P.loss == "smooth-hinge" else 2), "the loss line")
    P.scale = rational(words[1])
    if P.loss == "smooth-hinge":
        count(words[2], 1, 1000, "the power")
    words = rd.line("weight-decay")
    ensure(len(words) == 1, "weight-decay")
    P.decay = rational(words[0])
    P.X = rd.matrix(rd.line("matrix", "X"))
    P.Y = rd.matrix(rd.line("matrix", "Y"))
    words, m = rd.line("weights"), P.X.c
    if words == ["one"]:
        P.w = [F(1)] * m
    else:
        P.w = rd.rationals(words, m, m * max(m, P.X.r))
        ensure(any(w != 1 for w in P.w), "weights one")
    words = rd.line("biases")
    ensure(words in (["yes"], ["no"]), "biases")
    P.bias = words == ["yes"]
    ensure(not P.bias or P.kind == "feedforward", "only feedforward networks have biases")
    P.W, P.b, P.features = [], [], None
    for k in range(P.n):
        words = rd.line("matrix")
        P.features = P.features or k == 0 and words[:1] == ["features"]
        ensure(words and words[0] in ("W:%d" % (k + 1), "features" if k == 0 else ""), "W:%d" % (k + 1), "is expected")
        P.W.append(rd.matrix(words[1:]))
        ensure(P.W[0].r > 0, "a matrix without rows")
        if P.bias:
            P.b.append(rd.matrix(rd.line("matrix", "b:%d" % (k + 1))))
    # shapes
    ensure(P.X.r > 0 and P.scale > 0 and P.decay >= 0, "X, scale or weight-decay")
    ensure(all(w >= 0 for w in P.w) and any(P.w), "sample weights")
    width = P.X.r
    if P.features:                          # s(W_1 X) in place of W_1
        ensure(P.kind == "feedforward" and P.l == 2 and not P.bias, "features need one hidden layer, no biases")
        P.features, P.W[0] = P.W[0], zero(P.W[0].r, width)
        ensure(P.features.c == m, "the shape of the features")
        ensure(not rational_activation(P.act[0]) and P.act[0][1] >= 0, "features need a smooth activation with an inverse")
    for k, W in enumerate(P.W):
        ensure(W.r > 0 and W.c == width and (P.kind != "residual" or W.r == width), "the shape of W:%d" % (k + 1))
        width = W.r
        ensure(not P.bias or (P.b[k].r, P.b[k].c) == (width, 1), "the shape of b:%d" % (k + 1))
    ensure((P.Y.r, P.Y.c) == (width, m), "the shape of Y")
    P.D = [2 * P.scale * w for w in P.w]
    return P

def read_side(text, P):
    """The terms: a number, or (name, matrices, squared)."""
    names = {"X": P.X, "Y": P.Y}
    for i, A in enumerate(P.W):
        k, q = i // P.r + 1, i % P.r + 1
        names[("A_%d%d" if P.r < 10 and P.l < 10 else "A_%d,%d") % (k, q) if P.kind == "residual" else "W_%d" % k] = A
    if P.features:
        del names["W_1"]
    side = []
    for term in re.findall(r"(?:\([^()]*\)|[^()*])+", text):
        m = re.match(r"(loss|h_inf|gradient|(norm|eta_min)\(([^()]+)\))(\^2)?\Z", term)
        if m is None:
            side.append(rational(term))
            ensure(side[-1] >= 0, "a negative number")
            continue
        factors = m[3].split("*") if m[2] else []
        ensure(all(x in names for x in factors) and len(factors) <= 64, "an unknown matrix")
        A = [names[x] for x in factors]
        ensure(all(p.c == q.r for p, q in zip(A, A[1:])), "shapes that do not fit")
        side.append((m[2] or m[1], A, bool(m[4])))
    ensure("*".join(re.findall(r"(?:\([^()]*\)|[^()*])+", text)) == text and 1 <= len(side) <= 8, "the expression")
    return side

def read_claim(rd, P):
    words, c = rd.line("claim"), Claim()
    ensure(words and words[0] in ("gradient-dominance", "regularity", "inequality", "global-minimizer", "full-rank",
                                  "distinct-eigenvalues", *LOCAL), "unknown claim")
    c.kind = words[0]
    if c.kind in TOLERANCE:
        ensure(len(words) == 1 or (len(words) == 3 and words[1] == TOLERANCE[c.kind]), "the claim line")
        c.gap = rational(words[2]) if len(words) == 3 else None
        return c
    if c.kind == "inequality":
        ensure(len(words) == 4 and words[2] in (">=", ">", "<=", "<", "="), "the claim line")
        c.sides, c.relation = (read_side(words[1], P), read_side(words[3], P)), words[2]
        return c
    if c.kind not in ("gradient-dominance", "regularity"):
        ensure(len(words) == 1, "the claim line")
        return c
    names = ("lambda",) if c.kind == "gradient-dominance" else ("delta", "alpha", "beta")
    constants, end = words[-2 * len(names):], len(words) - 2 * len(names)
    ensure(end >= 5 and words[1] == "norm" and words[3] == "radius" and constants[::2] == list(names), "the claim line")
    ensure(words[2] in ("spectral", "frobenius", "feature"), "unknown norm")
    c.norm = words[2]
    n = count(words[4], 0, LIMIT["layers"], "radii")
    c.rho = rd.rationals(words[5:end], n, 1)
    c.constants = [rational(w) for w in constants[1::2]]
    c.lam = c.constants[0]
    return c

class Facts:
    """Evidence by role; every answer is verified before it is returned."""
    def __init__(self, bits):
        self.bits, self.blocks, self.used = bits, {}, set()

    def get(self, role, kind):
        if role not in self.blocks:
            return None
        self.used.add(role)
        ensure(self.blocks[role][0] == kind, role, "evidence of another kind is needed")
        return self.blocks[role]

    def need(self, role, kind, required=True):
        block = self.get(role, kind)
        ensure(block or not required, role, "the evidence is missing")
        return block

    def bound(self, role, K, N, upper, required=False):
        """mu with K - mu N >= 0, or mu N - K >= 0."""
        block = self.need(role, "bound", required)
        if block is None:
            return K.norm_upper() if upper else F(0)
        _, mu, L, d = block
        ensure(mu >= 0 and L.r == K.r, role, "not of this order")
        M = zero(K.r, K.r).plus(mu, N or scalar(K.r)).plus(F(-1), K) if upper else K.plus(-mu, N or scalar(K.r))
        ensure(psd(M, L, d), role, "the factor does not prove this bound")
        return mu

    def lower(self, role, K, N=None, required=False):
        return self.bound(role, K, N, False, required)

    def upper(self, role, K):
        return self.bound(role, K, None, True)

    def matrix(self, role, r, c, required):
        block = self.need(role, "matrix", required)
        ensure(not block or (block[1].r, block[1].c) == (r, c), role, "the shape")
        return block and block[1]

    def numbers(self, role, n, required):
        block = self.need(role, "numbers", required)
        ensure(not block or len(block[1]) == n, role, "how many numbers")
        return block and block[1]

def read_block(rd, facts, previous):
    words = rd.line()
    kind = words[0]
    ensure(len(words) >= 3 and kind in ("bound", "word", "numbers", "matrix", "ball"), "a block is expected")
    role, rest = words[1], words[2:]
    ensure(len(role) <= MAX_NAME and role > previous, "the role, or the order of roles")
    if kind == "word":
        ensure(len(rest) == 1 and len(rest[0]) <= MAX_NAME, "one word is expected")
        facts.blocks[role] = (kind, rest[0])
    elif kind == "numbers":
        n = count(rest[0], 1, LIMIT["bytes"], "how many")
        facts.blocks[role] = (kind, rd.rationals(rest[1:], n, n))
    elif kind == "matrix":
        facts.blocks[role] = (kind, rd.matrix(rest))
    elif kind == "ball":
        ensure(len(rest) == 5, "the ball line")
        count(rest[0], 2, 4096, "the precision")
        ensure(rational(rest[1]) >= 0, "the radius is negative")
        facts.blocks[role] = (kind, rd.matrix(rest[2:]))
    else:
        ensure(len(rest) == 3, "the bound line")
        mu, n = rational(rest[0]), count(rest[1], 1, LIMIT["rows"], "the order")
        L = rd.rows(n, n, integer(rest[2]), True)
        words = rd.line("diagonal")
        d = None
        if words != ["one"]:
            d = rd.rationals(words, n, n * n)
            ensure(any(x != 1 for x in d), "diagonal one")
        facts.blocks[role] = (kind, mu, L, d)
    return role

# Networks.

class Moments:
    def __init__(self, P):
        XD = P.X.columns_scaled(P.D)
        YD = P.Y.columns_scaled(P.D)
        self.Sxx = XD * P.X.t()
        self.Syx = YD * P.X.t()
        self.Syy = inner(YD, P.Y)
        # Sxx^T = (pivot columns) R / den, so Sxx = T Sxx[pivots]
        d = self.Sxx.r
        if full_rank_modulo_prime(self.Sxx):
            self.pivots, R, den = list(range(d)), scalar(d).a, 1
        else:
            cost_of_elimination(self.Sxx, min(d, P.X.c))
            self.pivots, R, den = eliminate(self.Sxx.t().a, d)
        self.p, sign = len(self.pivots), -1 if den < 0 else 1
        self.T = Mat([[sign * R[j][i] for j in range(self.p)] for i in range(self.Sxx.r)], abs(den), cols=self.p)
        B = Mat([self.Sxx.a[i] for i in self.pivots], self.Sxx.den, cols=self.Sxx.c)
        ensure(self.p == 0 and self.Sxx.is_zero() or (self.T * B).same(self.Sxx), "the data reduction failed")
        self.S = Mat([[self.Sxx.a[i][j] for j in self.pivots] for i in self.pivots], self.Sxx.den, cols=self.p)
        self.N = Mat([[row[j] for j in self.pivots] for row in self.Syx.a], self.Syx.den, cols=self.p)

    def infimum(self):
        if self.p == 0:
            return self.Syy / 2
        return (self.Syy - inner(self.N.t(), solve(self.S, self.N.t()))) / 2

rational_activation = lambda act: act[0] in ("identity", "relu", "leaky-relu")
negative_slope = lambda act: {"identity": F(1), "relu": F(0)}.get(act[0], act[1])
lipschitz = lambda act: F(1, 4) if act[0] == "sigmoid" else max(F(1), abs(act[1]))

def apply(act, Z):
    a = negative_slope(act)
    work(Z.r, 8, Z.c, Z.bits() + Z.den.bit_length(), a.denominator.bit_length())
    rows = [[x * (a.numerator if x < 0 else a.denominator) for x in row] for row in Z.a]
    return Mat(rows, Z.den * a.denominator, round_up(Z.rad * lipschitz(act)), Z.c)

def affine(W, H, b):
    Z = W * H
    return Z if b is None else Z.plus(F(1), b * Mat([[1] * H.c]))

def forward(P, x):
    """Inputs of every block, pre-activations, output."""
    ins, pre = [], []
    for k in range(P.l):
        y = x
        for q in range(P.r):
            ins.append(y)
            y = P.W[k * P.r + q] * y
        if P.kind == "residual":
            y = x.plus(F(1), y)
        if P.kind == "feedforward":
            if P.bias:
                y = y.plus(F(1), P.b[k] * Mat([[1] * y.c]))
            pre.append(y)
            if k < P.l - 1:
                y = apply(P.act[k], y)
        x = y
    return ins, pre, x

def backward(P, ins, pre, e, grad=None):
    """The squared norm of the gradient, None at a kink; its blocks go to grad, the last one first."""
    g2, smooth = F(0), True
    for k in reversed(range(P.l)):
        if P.kind == "feedforward" and k < P.l - 1:
            a = negative_slope(P.act[k])
            smooth &= a == 1 or all(x for row in pre[k].a for x in row)
            rows = [[x * (a.numerator if z < 0 else a.denominator) for x, z in zip(r, s)] for r, s in zip(e.a, pre[k].a)]
            e = Mat(rows, e.den * a.denominator)
        if P.bias:
            g2 += (e * Mat([[1]] * e.c)).norm2()
        g = e
        for q in reversed(range(P.r)):
            i = k * P.r + q
            block = g * ins[i].t()
            g2 += block.norm2()
            if grad is not None:
                grad.append(block)
            g = P.W[i].t() * g
        e = e.plus(F(1), g) if P.kind == "residual" else g
    return g2 if smooth else None

product = lambda P: forward(P, scalar(P.X.r))[2]
pullback = lambda P, E, grad=None: backward(P, forward(P, scalar(P.X.r))[0], [], E, grad)

def loss_and_gradient(P, M, grad=None):
    if M is not None:
        Z = product(P)
        ZS = Z * M.Sxx
        return (M.Syy - 2 * inner(Z, M.Syx) + inner(ZS, Z)) / 2, pullback(P, ZS.plus(F(-1), M.Syx), grad)
    ins, pre, out = forward(P, P.X)
    e = out.plus(F(-1), P.Y)
    eD = e.columns_scaled(P.D)
    return inner(eD, e) / 2, backward(P, ins, pre, eD, grad)

def is_minimizer(P, M):
    return (product(P) * M.Sxx).plus(F(-1), M.Syx).is_zero()

def units(P):
    U = []
    for k in range(P.l):
        A = P.W[k * P.r]
        for q in range(1, P.r):
            A = P.W[k * P.r + q] * A
        U.append(A.plus(F(1), scalar(A.r)) if P.kind == "residual" else A)
    return U

# Chains.

def segment(empty):
    """Remembers what a method says of segment (a, b); empty is its value if a > b."""
    def decorate(method):
        def remembered(self, a, b, *rest):
            if a > b:
                return F(empty)
            key = (method.__name__, a, b, *rest)
            if key not in self.memo:
                self.memo[key] = method(self, a, b, *rest)
            return self.memo[key]
        return remembered
    return decorate

class Chain:
    def __init__(self, facts, name, factors, rho, M=None):
        self.f, self.name, self.F, self.rho, self.M, self.memo = facts, name, factors, rho, M, {}

    @segment(0)
    def seg(self, a, b):
        return (self.F[a] if a == b else self.seg(b, b) * self.seg(a, b - 1)).rounded(self.f.bits)

    @segment(1)
    def norm(self, a, b):
        t = sqrt_upper(self.f.upper("norm:%s:%d:%d" % (self.name, a + 1, b + 1), self.seg(a, b).smaller_gram()))
        return round_up(min([t] + [self.norm(a, k) * self.norm(k + 1, b) for k in range(a, b)]))

    @segment(0)
    def dev(self, a, b):
        moving = [k for k in range(a, b + 1) if self.rho[k]]
        return round_up(min(sum((self.norm(k + 1, b) * self.sup(a, k - 1) * self.rho[k] for k in moving), F(0)),
                            sum((self.sup(k + 1, b) * self.norm(a, k - 1) * self.rho[k] for k in moving), F(0))))

    @segment(1)
    def sup(self, a, b):
        return round_up(min([self.norm(a, b) + self.dev(a, b)] + [self.sup(a, k) * self.sup(k + 1, b) for k in range(a, b)]))

    @segment(1)
    def inj2(self, a, b, transposed):
        S = self.seg(a, b)
        if transposed and S.r == S.c:
            return self.inj2(a, b, False)
        if (S.r > S.c) if transposed else (S.c > S.r):
            return F(0)
        role = "inj%s:%s:%d:%d" % ("t" if transposed else "", self.name, a + 1, b + 1)
        return self.f.lower(role, S.gram_rows() if transposed else S.gram())

    @staticmethod
    def less(q, d):
        return q if d == 0 else max(F(0), sqrt_lower(q) - d) ** 2

    @segment(1)
    def near2(self, a, b, transposed):
        s = self.inj2(a, b, transposed)
        s = self.less(s, self.dev(a, b)) if s else s
        return round_down(max([s] + [self.near2(a, k, transposed) * self.near2(k + 1, b, transposed) for k in range(a, b)]))

    @segment(0)
    def data2_point(self, _, b):
        A = self.M.T if b == 0 else self.seg(0, b - 1) * self.M.T
        if A.r < A.c:
            return F(0)
        return self.f.lower("data:%s:%d" % (self.name, b), (A * self.M.S).rounded(self.f.bits).gram(), self.M.S)

    @segment(0)
    def data_norm(self, a, b):
        return sqrt_upper(self.f.upper("data-norm", self.M.Sxx))

    @segment(0)
    def data2(self, _, b):
        s, d = self.data2_point(0, b), self.dev(0, b - 1)
        if b == 0:
            return s
        if s and d:
            s = self.less(s, d * self.data_norm(0, 0))
        for k in range(b):
            t = self.near2(k, b - 1, False)
            s = max(s, t * self.data2(0, k)) if t else s
        return round_down(s)

# Gradient dominance.

class Net:
    def __init__(self, facts, P, M, c):
        self.f, self.P, self.M = facts, P, M
        self.inner = None
        rho = c.rho
        if P.kind == "residual" and P.r > 1:
            self.inner = [Chain(facts, "A%d" % (k + 1), P.W[k * P.r:(k + 1) * P.r], c.rho[k * P.r:(k + 1) * P.r])
                          for k in range(P.l)]
            rho = [chain.dev(0, P.r - 1) for chain in self.inner]
        self.units = Chain(facts, "M" if P.kind == "residual" else "W", units(P), rho, M)

    def block_bound(self):
        s2, l, r = F(0), self.P.l, self.P.r
        for k, q in ((k, q) for k in range(l) for q in range(r)):
            b = self.units.near2(k + 1, l - 1, True)
            if self.inner:
                b *= self.inner[k].near2(q + 1, r - 1, True) * self.inner[k].near2(0, q - 1, False)
            s2 += b * self.units.data2(0, k) if b else 0
        return s2

    def side(self, k, q, output):
        """Weights of the terms of one side of block (k, q), from the outside in;
        how many have no inner factor; and a function for the products."""
        P, l, U, I = self.P, self.P.l, self.units, self.inner and self.inner[k]
        n_units = l - 1 - k if output else k
        n_inner = 0 if not I else P.r - 1 - q if output else q
        weights = []
        for t in range(n_units + n_inner):
            i = t - n_units
            if t < n_units:
                nxt = l - 1 - t if output else t
                w = U.sup(k + 1, nxt - 1) if output else U.sup(nxt + 1, k - 1)
                w *= U.rho[nxt]
                if n_inner:
                    w *= I.sup(q + 1, P.r - 1) if output else I.sup(0, q - 1)
            else:
                nxt = P.r - 1 - i if output else i
                w = (I.sup(q + 1, nxt - 1) if output else I.sup(nxt + 1, q - 1)) * I.rho[nxt]
            weights.append(w)
        weights.append(F(1))
        def products():
            out = []
            for t in range(len(weights)):
                i = t - n_units
                if t == 0:
                    out.append(scalar(P.Y.r if output else P.X.r))
                elif t <= n_units:
                    out.append(U.seg(l - t, l - 1) if output else U.seg(0, t - 1))
                elif output:
                    out.append(out[-1] * I.seg(P.r - i, P.r - i))
                else:
                    out.append(I.seg(i - 1, i - 1) * out[-1])
            return out
        return weights, n_units, products

    def reduced_form(self, k, t, n_units, B, leading):
        l = self.P.l
        if t == 0:
            return F(1)
        if t <= n_units:
            return self.units.inj2(l - t, l - 1, True) if leading else self.units.norm(l - t, l - 1) ** 2
        role = "%s:%d:%d" % ("suffix-inj" if leading else "suffix-norm", k + 1, t - n_units)
        G = B.gram_rows().rounded(self.f.bits)
        return self.f.lower(role, G) if leading else self.f.upper(role, G)

    def joint_bound(self, reduced):
        P, M, f = self.P, self.M, self.f
        order = 1 if reduced else P.Y.r
        sides = [(i // P.r, self.side(i // P.r, i % P.r, True), self.side(i // P.r, i % P.r, False)) for i in range(P.n)]
        wanted = sum(sum(1 for w in o[0] if w) * sum(1 for w in d[0] if w) for _, o, d in sides)
        m = iter(f.numbers("multipliers", wanted, True))
        ensure(f.need("joint", "bound")[2].r == M.p * order, "joint: the order")
        K = zero(M.p * order, M.p * order)
        for k, (beta, n_units, out), (alpha, _, data) in sides:
            B = out() if not reduced or len(beta) > n_units + 1 else [None] * len(beta)
            G = []
            for t in range(len(beta) + 1):
                leading = t == len(beta)
                u = t - leading
                G.append(scalar(1, self.reduced_form(k, u, n_units, B[u], leading)) if reduced
                         else B[u].gram_rows().rounded(f.bits))
            Q = [(R * M.T * M.S).rounded(f.bits).gram() for R in data()]
            w, total = None, F(1)
            for j in reversed(range(len(alpha))):
                for t in reversed(range(len(beta))):
                    coefficient = (alpha[j] * beta[t]) ** 2
                    if not coefficient:
                        continue
                    if w is None:
                        w = next(m)
                        ensure(w >= 0, "multipliers: a weight is negative")
                        K = K.plus(w, Q[j].kron(G[-1]))
                        continue
                    x = next(m)
                    ensure(x > 0, "multipliers: a multiplier is not positive")
                    total += 1 / x
                    K = K.plus(-x * coefficient, Q[j].kron(G[t]))
            ensure(w * total <= 1, "multipliers: w (1 + sum 1/m) exceeds 1")
        return f.lower("joint", K.rounded(f.bits), M.S.kron(scalar(order)), True)

def derive_linear(f, P, M, c):
    if M.p == 0:
        return F(0)
    word = f.need("bound", "word")[1]
    if word == "point":
        ensure(not any(c.rho), "bound: point needs radius 0")
        h, g2 = loss_and_gradient(P, M)
        h -= M.infimum()
        ensure(g2 or not h, "bound: the gradient is zero and h(W) > h_inf")
        return h / g2 if h else F(0)
    net = Net(f, P, M, c)
    ensure(word in ("block", "joint", "data"), "bound: unknown", word)
    s2 = net.block_bound() if word == "block" else net.joint_bound(word == "data")
    ensure(s2 > 0, "bound: the lower bound of the gradient is 0")
    return 1 / (2 * s2)

def derive_feedforward(f, P, c):
    keep = [j for j, d in enumerate(P.D) if d]
    d, m = [P.D[j] for j in keep], len(keep)
    H, dev = Mat([[row[j] for j in keep] for row in P.X.a], P.X.den), F(0)
    for k in range(P.l - 1):
        if c.norm != "feature":
            t = F(0)
            if dev:
                K = P.W[k].smaller_gram().rounded(f.bits)
                dev *= sqrt_upper(f.upper("norm:W:%d:%d" % (k + 1, k + 1), K)) + c.rho[k]
            if c.rho[k]:
                x = H.norm_upper() if c.norm == "spectral" else sqrt_upper(f.upper("norm:H:%d" % k, H.smaller_gram()))
                if P.bias:
                    x = min(x + sqrt_upper(F(m)), sqrt_upper(2 * (x * x + m)))
                t = c.rho[k] * x
            dev = round_up((dev + t) * lipschitz(P.act[k]))
        Z = affine(P.W[k], H, P.b[k] if P.bias else None).rounded(f.bits)
        if not rational_activation(P.act[k]):
            raise Unsupported("the activation %s" % P.act[k][0])
        H = apply(P.act[k], Z)
    if c.norm == "feature":
        dev = c.rho[0]
    if P.bias:
        H = Mat([[x for x in row] for row in H.a] + [[H.den] * m], H.den, round_up(H.rad))
    ensure(H.r >= m, "features: fewer features than samples")
    K = H.gram().rounded(f.bits)
    mu = f.lower("features", K, scalar(m).columns_scaled([1 / x for x in d]), True)
    if dev:
        mu = max(F(0), sqrt_lower(mu) - dev * sqrt_upper(max(d))) ** 2
    ensure(mu > 0, "features: they may lose rank on this neighbourhood")
    return 1 / (2 * mu)

def at_point(P, W, b):
    Q = Problem()
    Q.__dict__.update(P.__dict__)
    Q.W, Q.b = W, b
    return Q

def read_point(f, P, role, required):
    W, b = [], []
    for i, A in enumerate(P.W):
        B = f.matrix("%s:%d" % (role, i + 1), A.r, A.c, required or i > 0)
        if B is None:
            return None
        W.append(B)
        if P.bias:
            b.append(f.matrix("%s-bias:%d" % (role, i + 1), A.r, 1, True))
    return at_point(P, W, b)

def within(f, role, A, rho, norm):
    if A.norm2() <= rho * rho:
        return True
    return norm != "frobenius" and f.upper(role, A.smaller_gram()) <= rho * rho

def witness(f, P, M, c, required):
    """h(W) - h(V) and ||grad h(W)||^2, or None."""
    if not all(rational_activation(a) for a in P.act):
        return None
    Q = read_point(f, P, "witness", required)
    if Q is None:
        return None
    if c.norm == "feature":
        H = [apply(P.act[0], affine(R.W[0], P.X, R.b[0] if P.bias else None)) for R in (Q, P)]
        inside = within(f, "distance", H[0].plus(F(-1), H[1]), c.rho[0], "spectral")
    else:
        inside = all(within(f, "distance:%d" % (i + 1), Q.W[i].plus(F(-1), P.W[i]), rho, c.norm)
                     and (not P.bias or Q.b[i].plus(F(-1), P.b[i]).norm2() <= rho * rho)
                     for i, rho in enumerate(c.rho))
    ensure(inside, "the witness is not shown to lie in the neighbourhood")
    h, g2 = loss_and_gradient(Q, M)
    ensure(g2 is not None, "the witness is at a kink")
    return h - loss_and_gradient(read_point(f, P, "better", False) or P, M)[0], g2

def lambda_lower(f, P, M, c):
    best = None
    if M is not None and M.p > 0 and all(c.rho) and is_minimizer(P, M):
        D = f.matrix("direction", P.Y.r, M.p, False)
        if D is not None:
            FS = D * M.S
            n, g2 = inner(FS, D), pullback(P, FS * M.T.t())
            ensure(n > 0 and g2 > 0, "direction: degenerate")
            best = n / g2 / 2
    w = witness(f, P, M, c, False)
    if w and w[1] > 0:
        best = max(w[0] / w[1], best) if best is not None else w[0] / w[1]
    return best

def quotient(f, role, matrices):
    v = f.numbers(role, matrices[0].c + 1, False)
    if v is None:
        return None
    ensure(v[0].denominator == 1 and 1 <= v[0] <= len(matrices), role, "the index")
    n = sum(x * x for x in v[1:])
    ensure(n, role, "the vector is zero")
    A = matrices[int(v[0]) - 1]
    return sum(sum(A.at(i, j) * v[1 + j] for j in range(A.c)) ** 2 for i in range(A.r)) / n

def paper_lambda(f, P, M):
    if any(d != 1 for d in P.D):
        return None
    d = P.X.r
    if P.kind == "feedforward":
        a = P.act[0]
        if P.l != 2 or P.bias or P.W[0].r != P.X.c or not (a[0] == "identity" or (a[0] == "leaky-relu" and a[1] > 0)):
            return None
        H = apply(a, P.W[0] * P.X)
        q = quotient(f, "paper-features", [H]) if rank(H) == P.X.c else None
        return q and 2 / q
    if any(W.r != d or ((P.kind == "linear" or P.r > 1) and rank(W) != d) for W in P.W):
        return None
    U = units(P)
    if M.p != d or not is_minimizer(P, M) or any(rank(A) != d for A in U):
        return None
    total = F(2 * P.n)
    for role, A, power in (("paper-data", [P.X.t()], 1), ("paper-layer", U, P.l - 1), ("paper-block", P.W, P.r - 1)):
        if role == "paper-block" and P.r == 1:
            continue
        q = quotient(f, role, A)
        if q is None:
            return None
        total *= (q if role == "paper-data" else q / 4) ** power
    return 1 / total if total else None

# The regularity condition.

def regularity_linear(f, P, M, c):
    """R, T and J2 of doc/mathematics."""
    ensure(is_minimizer(P, M), "point: the residual map does not vanish at W*")
    n, residual = P.n, P.kind == "residual"
    t = [[F(1)] * (n + 2) for _ in range(n + 2)]
    for i in range(n + 1):
        shortcut = residual and i % P.r == 0
        unit = cur = scalar(P.W[i - 1].r if i else P.X.r)
        for k in range(i + 1, n + 2 if i else n + 1):
            if i == 0 or k > i + 1:
                K = cur * M.Sxx * cur.t() if i == 0 else cur.smaller_gram()
                t[i][k] = round_up(sqrt_upper(f.upper("between:%d:%d" % (i, k), K.rounded(f.bits))))
            if k > n:
                break
            cur = P.W[k - 1] * cur
            if k % P.r == 0 and shortcut:
                cur = cur.plus(F(1), unit)
            cur = cur.rounded(f.bits)
            if k % P.r == 0:
                unit, shortcut = cur, residual
    head, tail = [[F(0)] * (n + 2) for _ in range(n + 2)], [[F(0)] * (n + 2) for _ in range(n + 2)]
    for i in range(1, n + 1):
        head[i][1] = t[0][i]
        for k in range(2, i + 1):
            for h in range(k - 1, i):
                head[i][k] = round_up(head[i][k] + head[h][k - 1] * c.rho[h - 1] * t[h][i])
    for i in range(n, 0, -1):
        tail[i][1] = t[i][n + 1]
        for k in range(2, n - i + 2):
            for h in range(i + 1, n - k + 3):
                tail[i][k] = round_up(tail[i][k] + tail[h][k - 1] * c.rho[h - 1] * t[i][h])
    R2 = T2 = dev2 = near = F(0)
    for i in range(1, n + 1):
        r = s = u = F(0)
        for j in range(2, n + 1):
            D = F(0)
            for k in range(max(1, j - (n - i)), min(i, j) + 1):
                D = round_up(D + head[i][k] * tail[i][j - k + 1])
            r, s, u = r + D / j, s + D - D / j, u + D
        R2, T2, dev2 = round_up(R2 + r * r), round_up(T2 + s * s), round_up(dev2 + u * u)
        near = round_up(near + (sum(head[i]) * sum(tail[i])) ** 2)
    j2 = F(0)
    for i in range(1, n + 1):
        j2 = round_up(j2 + (t[0][i] * t[i][n + 1]) ** 2)
    block = f.blocks.get("jacobian")
    if M.p and n > 1 and block and block[0] == "bound" and block[2].r == M.p:
        K, unit = zero(M.p, M.p), M.T
        cur = unit
        for i in range(1, n + 1):
            K = K.plus(t[i][n + 1] ** 2, (cur * M.S).gram().rounded(f.bits))
            cur = P.W[i - 1] * cur
            if i % P.r == 0 and residual:
                cur = cur.plus(F(1), unit)
            cur = cur.rounded(f.bits)
            if i % P.r == 0:
                unit = cur
        j2 = min(j2, f.bound("jacobian", K.rounded(f.bits), M.S, True))
    return sqrt_upper(R2), sqrt_upper(T2), round_up(min((sqrt_upper(j2) + sqrt_upper(dev2)) ** 2, near))

def regularity_feedforward(f, P, c):
    if P.features or not rational_activation(P.act[0]):
        raise Unsupported("the activation %s" % P.act[0][0])
    b = P.X.bits() + P.X.den.bit_length()
    work(P.X.c, P.X.r + 1, 1, b, b)
    norms = [round_up(sqrt_upper(F(sum(row[j] ** 2 for row in P.X.a), P.X.den ** 2))) for j in range(P.X.c)]
    Z = P.W[0] * P.X
    name, slope = P.act[0]
    linear = name == "identity" or (name == "leaky-relu" and slope == 1)
    s1 = F(1) if linear else F(0)
    for j, d in enumerate(P.D):
        for i in range(Z.r if d and not linear else 0):
            z = Z.at(i, j)
            s1 = max(s1, F(1) if z > 0 else abs(slope) if z < 0 else s1)
            ensure(round_up(norms[j] * c.rho[0]) < abs(z), "pattern: a hidden unit may reach the kink")
    Phi = apply(P.act[0], Z)
    ensure((P.W[1] * Phi).plus(F(-1), P.Y).columns_scaled(P.D).is_zero(), "point: the loss is not zero")
    w, x, phi = (round_up(sqrt_upper(f.upper(role, K.rounded(f.bits)))) for role, K in (
        ("norm:W:2:2", P.W[1].smaller_gram()), ("data-norm", P.X.columns_scaled(P.D) * P.X.t()),
        ("norm:H:1", Phi.columns_scaled(P.D) * Phi.t())))
    r1, r2 = c.rho
    R = round_up(sqrt_upper((s1 * x / 2 * r2) ** 2 + (s1 * x / 2 * r1) ** 2))
    return R, R, round_up((phi + s1 * x * r1) ** 2 + ((w + r2) * s1 * x) ** 2)

def gradient(P, M):
    """The blocks of the gradient, or None at a kink."""
    grad = []
    return None if loss_and_gradient(P, M, grad)[1] is None else grad[::-1]

def differential_norm2(P, M, V):
    """||G v||^2 at the point of P, or None at a kink."""
    y = P.X if P.kind == "feedforward" else scalar(P.X.r)
    dy = zero(y.r, y.c)
    for k in range(P.l):
        z, dz = y, dy
        for i in range(k * P.r, (k + 1) * P.r):
            dz = (P.W[i] * dz).plus(F(1), V[i] * z)
            z = P.W[i] * z
        if P.kind == "residual":
            z, dz = y.plus(F(1), z), dy.plus(F(1), dz)
        if P.kind == "feedforward" and k < P.l - 1:
            name, slope = P.act[k]
            if name != "identity" and not all(x for row in z.a for x in row):
                return None
            a = slope if name != "identity" else F(1)
            dz = Mat([[x * (a.numerator if p < 0 else a.denominator) for x, p in zip(r, s)] for r, s in zip(dz.a, z.a)],
                     dz.den * a.denominator)
            z = apply(P.act[k], z)
        y, dy = z, dz
    return inner(dy.columns_scaled(P.D) if P.kind == "feedforward" else dy * M.Sxx, dy)

def violates(f, P, M, c, factor):
    """The witness refutes the claim with all radii multiplied by factor."""
    delta, alpha, beta = c.constants
    if P.features or not all(rational_activation(a) for a in P.act):
        return False
    Q = read_point(f, P, "witness", True)
    V = [A.plus(F(-1), B) for A, B in zip(Q.W, P.W)]
    ensure(all(v.norm2() <= (r * factor) ** 2 for v, r in zip(V, c.rho)), "the witness is not in the neighbourhood")
    v2, gv = sum(v.norm2() for v in V), differential_norm2(P, M, V)
    ensure(gv is not None and gv >= delta ** 2 * v2, "the witness is not in the cone")
    grad = gradient(Q, M)
    ensure(grad is not None, "the witness is at a kink")
    return sum(inner(g, v) for g, v in zip(grad, V)) < alpha * sum(g.norm2() for g in grad) + beta * v2

def regularity(f, P, M, c):
    R, T, J2 = regularity_feedforward(f, P, c) if M is None else regularity_linear(f, P, M, c)
    delta, alpha, beta = c.constants
    if not any(c.rho):
        return True                         # v = 0, and the gradient vanishes at W*
    a, b = delta - R, (1 - alpha * J2) * (delta - R) - T
    return alpha * J2 < 1 and a > 0 and b > 0 and a * b >= beta

# Inequalities between named quantities.

def term_bound(f, P, M, role, term, upper):
    """A bound of the square of a term."""
    if isinstance(term, F):
        return term ** 2
    name, factors, squared = term
    if name in ("loss", "gradient"):
        h, x = loss_and_gradient(P, M)
        ensure(name == "loss" or x is not None, "no gradient at a kink")
        x = h ** 2 if name == "loss" else x
    elif name == "h_inf":
        x = M.infimum() ** 2
    else:
        A = factors[0]
        for B in factors[1:]:
            A = A * B
        if name == "norm" and upper:
            x = f.upper(role, A.smaller_gram())
        else:
            Rt = scalar(A.c)
            if name == "eta_min":           # x = R^T z on the row space
                rows = list(range(A.r))
                if not (full_rank_modulo_prime(A) and A.r <= A.c):
                    cost_of_elimination(A, min(A.r, A.c))
                    rows = eliminate(A.t().a, A.r)[0]
                ensure(rows, "a zero matrix has no eta_min")
                Rt = Mat([A.a[i] for i in rows], A.den).t()
            B = A * Rt
            if name == "eta_min" and not upper:
                x = f.lower(role, B.gram(), Rt.gram(), True)
            else:
                z = f.matrix(role + ":vector", Rt.c, 1, True)
                n = (Rt * z).norm2()
                ensure(n, "the vector is zero")
                x = (B * z).norm2() / n
    return x ** 2 if squared else x

def inequality(f, P, c, proved):
    words = [t[0] for side in c.sides for t in side if not isinstance(t, F)]
    feed = P.kind == "feedforward"
    ensure(not (feed and "h_inf" in words), "h_inf is for linear and residual networks")
    ensure(not (feed and {"loss", "gradient"} & set(words)) or (all(map(rational_activation, P.act)) and not P.features),
           "loss and gradient need rational activations")
    M = None if feed else Moments(P)
    def at_least(first, strict):
        values = []
        for k in (first, 1 - first):
            x = F(1)
            for i, term in enumerate(c.sides[k]):
                x *= term_bound(f, P, M, "%s:%d" % (("left", "right")[k], i + 1), term, k != first)
            values.append(x)
        return values[0] > values[1] if strict else values[0] >= values[1]
    if c.relation == "=":
        return proved and at_least(0, False) and at_least(1, False)
    strict = (c.relation in "><") == proved         # the negation of >= is <
    return at_least(int((c.relation[0] == "<") == proved), strict)

# Global minimisers.

def independent_rows(A):
    """Their indices, and T with A = T (those rows)."""
    if A.r <= A.c and full_rank_modulo_prime(A):
        return list(range(A.r)), scalar(A.r)
    cost_of_elimination(A, min(A.r, A.c))
    pivots, R, den = eliminate(A.t().a, A.r)
    sign = -1 if den < 0 else 1
    return pivots, Mat([[sign * R[j][i] for j in range(len(pivots))] for i in range(A.r)], abs(den), cols=len(pivots))

def width(P):
    return min([P.X.r, P.Y.r] + [W.r for W in P.W])

def sigma(M):
    return M.N * solve(M.S, M.N.t()) if M.p else zero(M.Syx.r, M.Syx.r)

def captures_the_largest(f, P, M):
    Z, k = product(P) * M.T, width(P)
    pivots, B = independent_rows(Z)
    ensure(len(pivots) == k, "point: the rank of the product")
    ensure((B.t() * (Z * M.S).plus(F(-1), M.N)).is_zero(), "point: not critical")
    others = [j for j in range(B.r) if j not in pivots]
    K = Mat([[1 if j == o else 0 for o in others] for j in range(B.r)]).plus(F(-1),
        Mat([[B.a[o][pivots.index(j)] if j in pivots else 0 for o in others] for j in range(B.r)], B.den))
    S = sigma(M)
    ensure((K.t() * (S * B)).is_zero(), "point: not an invariant subspace of Sigma")
    low = f.lower("captured", B.t() * (S * B), B.gram())
    f.need("dropped", "bound")
    return low >= f.bound("dropped", K.t() * (S * K), K.gram(), True)

def lower_bound(f, P, M):
    h, n = M.infimum(), P.Y.r
    k = n if P.kind == "residual" else width(P)
    t = None if k >= n or M.p <= k else f.numbers("threshold", 1, False)
    if t is None:
        return h
    U = f.matrix("excess", n, n, True)
    ensure(all(U.a[i][j] == U.a[j][i] for i in range(n) for j in range(i)), "excess: not symmetric")
    f.lower("excess-psd", U, None, True)
    f.lower("excess-dual", U.plus(F(1), sigma(M)).plus(-t[0], scalar(n)), None, True)
    return h + max(F(0), ((n - k) * t[0] - sum(U.at(i, i) for i in range(n))) / 2)

def global_minimizer(f, P, c, proved):
    M = Moments(P)
    loss = lambda Q: loss_and_gradient(Q, M)[0]
    if not proved:
        return loss(P) - loss(read_point(f, P, "better", True)) > (c.gap or 0)
    if is_minimizer(P, M):
        return True
    if c.gap is not None:
        return loss(P) - lower_bound(f, P, M) <= c.gap
    return P.kind == "linear" and captures_the_largest(f, P, M)

# Critical points, by curves.

def curve_loss(P, M, V, order):
    """Coefficients of h(W + t V_1 + t^2 V_2 + ..) - h(W); V[j - 1][i] belongs to t^j and block i."""
    def multiply(A, B):
        C = [None] * (order + 1)
        for i, p in enumerate(A):
            for j, q in enumerate(B[:order + 1 - i]):
                if p is not None and q is not None and not p.is_zero() and not q.is_zero():
                    C[i + j] = p * q if C[i + j] is None else C[i + j].plus(F(1), p * q)
        return C
    work(order + 1, 256 * P.n + 16 * sum(W.r * W.c for W in P.W), order + 1, 0, 0)
    Z = [scalar(P.X.r)] + [None] * order
    for k in range(P.l):
        U = Z
        for i in range(k * P.r, (k + 1) * P.r):
            U = multiply([P.W[i]] + [v[i] for v in V[:order]] + [None] * (order - len(V)), U)
        Z = U if P.kind == "linear" else [u if z is None else z if u is None else z.plus(F(1), u) for z, u in zip(Z, U)]
    c = [F(0)] * (order + 1)
    for i, p in enumerate(Z):
        if p is None:
            continue
        ZS = p * M.Sxx
        for j, q in enumerate(Z[:order + 1 - i]):
            if q is not None:
                c[i + j] += inner(ZS, q) / 2
        c[i] -= inner(p, M.Syx)
    return [F(0)] + c[1:]

def start(f, P, M, name):
    """The order at which the loss starts along a curve, and its coefficient."""
    d = f.numbers(name + "-degree", 1, True)[0]
    ensure(d in (1, 2, 3, 4), name, "the degree")
    V = [[f.matrix("%s:%d:%d" % (name, j + 1, i + 1), W.r, W.c, True) for i, W in enumerate(P.W)] for j in range(int(d))]
    most = min(24, 2 * P.n * int(d))
    order = min(2, most)
    while True:
        c = curve_loss(P, M, V, order)
        found = next((k for k, x in enumerate(c) if x), 0)
        if found or order == most:
            ensure(found, name, "the loss does not change along this curve")
            return found, c[found]
        order = min(2 * order, most)

def curvature(f, P, M):
    V = [f.matrix("down:1:%d" % (i + 1), W.r, W.c, True) for i, W in enumerate(P.W)]
    return curve_loss(P, M, [V], 2)[2] < 0

def hessian_psd(f, P, M):
    where = [(i, a, b) for i, W in enumerate(P.W) for a in range(W.r) for b in range(W.c)]
    ensure(f.need("hessian", "bound")[2].r == len(where), "hessian: the order")
    def q(*entries):
        V = [[[0] * W.c for _ in range(W.r)] for W in P.W]
        for i, a, b in entries:
            V[i][a][b] += 1
        return curve_loss(P, M, [[Mat(v) for v in V]], 2)[2]
    d = [q(x) for x in where]
    H = [[2 * d[a] if a == b else None for b in range(len(where))] for a in range(len(where))]
    for a in range(len(where)):
        for b in range(a):
            H[a][b] = H[b][a] = q(where[a], where[b]) - d[a] - d[b]
    den = 1
    for row in H:
        for x in row:
            den = den * x.denominator // gcd(den, x.denominator)
    f.lower("hessian", Mat([[int(x * den) for x in row] for row in H], den), None, True)
    return True

def local(f, P, c, proved):
    M = Moments(P)
    g2 = loss_and_gradient(P, M)[1]
    critical = g2 == 0
    minimum = lambda: is_minimizer(P, M) or (P.kind == "linear" and captures_the_largest(f, P, M))
    if c.kind == "critical-point":
        return (g2 <= (c.gap or 0) ** 2) == proved
    if c.kind == "hessian-psd":
        return hessian_psd(f, P, M) if proved else curvature(f, P, M)
    if c.kind.endswith("local-minimum"):
        return start(f, P, M, "down")[1] < 0 if proved == (c.kind[0] == "n") else minimum()
    if not proved:
        return not critical or (hessian_psd(f, P, M) if c.kind == "strict-saddle" else minimum())
    if c.kind == "strict-saddle":
        return critical and curvature(f, P, M)
    if not critical:
        return False
    order, x = start(f, P, M, "down")
    return x < 0 and (order % 2 == 1 or start(f, P, M, "up")[1] > 0)

# The standing assumptions.

def full_rank(P):
    return rank(P.X) == P.X.r and rank(P.X * P.Y.t()) == min(P.X.r, P.Y.r)

def work_of_spectrum(n, bits):
    work(n, 2 * n * n, n, bits + 10, 0)
    work(n, 2 * n, n, bits + 10, bits + 10)
    work(1, n, 1, n * (bits + 10), n * (bits + 10))

def characteristic(A):
    """The characteristic polynomial of the integers A.a, highest power first, by Faddeev and LeVerrier."""
    n, f, B, A = A.r, [1], zero(A.r, A.r), Mat(A.a)
    for k in range(1, n + 1):
        B = (A * B).plus(F(f[-1]), scalar(n))
        f.append(-inner(A, B.t()) / k)
    return f

def distinct_roots(f):
    """How many distinct complex roots f has: its degree less that of gcd(f, f')."""
    n = len(f) - 1
    a, b = [F(x) for x in f], [F(x) * (n - i) for i, x in enumerate(f[:-1])]
    while b and any(b):
        while b[0] == 0:
            b.pop(0)
        while len(a) >= len(b):
            q = a[0] / b[0]
            a = [x - q * (b[i] if i < len(b) else 0) for i, x in enumerate(a)][1:]
        a, b = b, a
    return n - (len(a) - 1)

def distinct_eigenvalues(P):
    S = sigma(Moments(P))
    work_of_spectrum(S.r, S.bits())
    return distinct_roots(characteristic(S)) == P.Y.r

# What a critical point captures.

def inertia(M):
    """The number of positive eigenvalues of the symmetric integers M, and its rank, by symmetric elimination
    without fractions (Sylvester, Bareiss)."""
    M, n, prev, positive = [row[:] for row in M], len(M), 1, 0
    for k in range(n):
        i = next((i for i in range(k, n) if M[i][i]), None)
        if i is None:                           # a zero diagonal: add a row and its column to another
            i, j = next(((i, j) for i in range(k, n) for j in range(i + 1, n) if M[i][j]), (None, None))
            if i is None:
                return positive, k
            M[i] = [x + y for x, y in zip(M[i], M[j])]
            for row in M:
                row[i] += row[j]
        M[k], M[i] = M[i], M[k]
        for row in M:
            row[k], row[i] = row[i], row[k]
        p, top = M[k][k], M[k]
        positive += (p > 0) == (prev > 0)
        for i in range(k + 1, n):
            a, row = M[i][k], M[i]
            for j in range(i, n):
                row[j] = (p * row[j] - a * top[j]) // prev
            for j in range(i):
                row[j] = M[j][i]
        prev = p
    return positive, n

class Pencil:
    """The eigenvalues of K z = x S z, K >= 0, S > 0: those of Sigma = N S^-1 N^T that are not zero, K = N^T N, and those of
    Sigma on a column space, K = N^T P N, P the projection onto it."""
    def __init__(self, K, S, order):
        self.K, self.S, self.order = K, S, order
    def count(self, t):
        """How many exceed t, and how many equal it."""
        if self.K.r == 0:
            return (0, self.order if t == 0 else 0)
        a, b = t.denominator * self.S.den, t.numerator * self.K.den
        above, rank = inertia([[a * x - b * y for x, y in zip(k, s)] for k, s in zip(self.K.a, self.S.a)])
        return above, (self.order - above if t == 0 else self.K.r - rank)
    def between(self, low, high):
        above, at = self.count(high)
        return at if low == high else self.count(low)[0] - above - at

def patterns(P, M, stated):
    ensure(P.kind == "linear" and len(stated) == max(P.l - 1, 1), "the number of patterns")
    for k, rows in enumerate(stated):
        L, A, B = Problem(), scalar(P.X.r), scalar(P.Y.r)
        for W in P.W[:k]:
            A = W * A
        for W in reversed(P.W[k + 1:]):
            B = B * W
        L.X, L.Y, L.D = A * P.X, P.Y, P.D
        L = Moments(L)
        Sigma = sigma(L)
        pivots, _ = independent_rows(B.t())
        R = Mat([[row[j] for j in pivots] for row in B.a], B.den, cols=len(pivots))
        work_of_spectrum(Sigma.r, Sigma.bits())
        all_of, caught = Pencil(L.N.t() * L.N, L.S, P.Y.r), Pencil(zero(L.p, L.p), L.S, 0)
        if pivots:
            C = solve(R.gram(), R.t() * (Sigma * R))
            ensure((Sigma * R).same(R * C), "the captured space is not invariant")
            work_of_spectrum(C.r, C.bits())
            PN = R * solve(R.gram(), R.t() * L.N) if L.p else zero(P.Y.r, 0)
            caught = Pencil(L.N.t() * PN, L.S, len(pivots))
        ensure(sum(p for _, _, _, p in rows) == len(pivots), "the rank of the captured space")
        ensure(sum(m for _, _, m, _ in rows) == P.Y.r, "the multiplicities")
        last = None
        for low, high, m, p in rows:
            ensure(0 <= low <= high and (last is None or high < last), "the intervals")
            for t in {low, high}:
                b = t.numerator.bit_length() + t.denominator.bit_length()
                work(1, Sigma.r + 1, 1, Sigma.r * (Sigma.bits() + b), b)
            ensure(all_of.between(low, high) == m, "the multiplicity")
            ensure(caught.between(low, high) == p, "the captured multiplicity")
            last = low
        if any(low < high and m > 1 for low, high, m, _ in rows):
            ensure(distinct_roots(characteristic(Sigma)) == len(rows), "an interval holds several eigenvalues")

# The whole.

def check(data):
    global left
    left = None
    rd = Reader(data)
    ensure(rd.line("certify-certificate") == ["1"], "the format version")
    stated = rd.line("problem", "sha256")
    start = rd.i
    P = read_problem(rd)
    digest = hashlib.sha256(("\n".join(rd.lines[start:rd.i]) + "\n").encode()).hexdigest()
    ensure(stated == [digest], "the digest is not that of the problem")
    c = read_claim(rd, P)
    words = rd.line("rounding")
    ensure(len(words) == 1, "rounding")
    f = Facts(count(words[0], 1, LIMIT["rounding"], "rounding"))
    words = rd.line("evidence")
    ensure(len(words) == 1, "evidence")
    role = ""
    for _ in range(count(words[0], 0, LIMIT["blocks"], "blocks")):
        role = read_block(rd, f, role)
    words = rd.line("conclusion")
    ensure(words and words[0] in ("proved", "refuted"), "unknown verdict")
    proved, words, constants = words[0] == "proved", words[1:], {}
    for name in ("lambda", "lambda_lower", "radius_factor", "paper_lambda"):
        if (name != "lambda" or c.kind == "gradient-dominance") and (name == "lambda" or words[:1] == [name]):
            ensure(len(words) >= 2 and words[0] == name, name, "is expected")
            constants[name], words = rational(words[1]), words[2:]
            ensure(name == "lambda" or constants[name] >= (1 if name == "radius_factor" else 0) and constants[name],
                   name, "is too small")
    stated_patterns = []
    while words[:1] == ["pattern"]:
        ensure(len(words) > 2, "the pattern")
        count(words[1], len(stated_patterns), len(stated_patterns), "the number of the pattern")
        n = count(words[2], 1, P.Y.r, "the number of eigenvalues")
        ensure(len(words) >= 3 + 4 * n, "the pattern")
        stated_patterns.append([(rational(words[i]), rational(words[i + 1]), count(words[i + 2], 1, P.Y.r, "a multiplicity"),
                                 count(words[i + 3], 0, P.Y.r, "a captured multiplicity")) for i in range(3, 3 + 4 * n, 4)])
        words = words[3 + 4 * n:]
    ensure(not words, "the line must end")
    ensure(rd.line("end") == [] and rd.i == len(rd.lines), "the end")

    ensure((P.X.r + sum(W.r for W in P.W)) * P.X.c * 256 <= LIMIT["matrix"], "features beyond the limits of the format")
    left = LIMIT["work"] * (len(data) + 65536)
    ensure(not stated_patterns or (proved and c.kind == "critical-point"), "patterns of another conclusion")
    ensure(P.loss == "square", "square loss only")
    if c.kind == "regularity":
        ensure(P.decay == 0, "weight-decay is not treated")
        ensure(P.kind != "feedforward" or (P.l == 2 and not P.bias), "one hidden layer without biases is needed")
        ensure(len(c.rho) == P.n and min(c.rho + c.constants) >= 0 and c.norm == "frobenius", "the claim's parameters")
        ensure(set(constants) <= ({"radius_factor"} if proved else set()), "constants of another conclusion")
        M = None if P.kind == "feedforward" else Moments(P)
        if proved:
            ensure(regularity(f, P, M, c), "the evidence does not prove these constants")
            if "radius_factor" in constants:
                ensure(violates(f, P, M, c, constants["radius_factor"]), "radius_factor is not proved")
        else:
            ensure(violates(f, P, M, c, F(1)), "this is no counterexample")
    elif c.kind == "global-minimizer":
        ensure(P.decay == 0 and not constants, "weight-decay, or constants of another claim")
        ensure(P.kind != "feedforward" and (c.gap is None or c.gap >= 0), "linear and residual networks, gap >= 0")
        ensure(global_minimizer(f, P, c, proved), "it is not proved")
    elif c.kind in LOCAL:
        ensure(P.decay == 0 and not constants and P.kind != "feedforward", "linear and residual networks")
        ensure(c.kind != "critical-point" or (c.gap or 0) >= 0, "gradient >= 0")
        ensure(not stated_patterns or c.gap is None, "patterns of another conclusion")
        ensure(local(f, P, c, proved), "it is not shown")
        if stated_patterns:
            patterns(P, Moments(P), stated_patterns)
    elif c.kind == "inequality":
        ensure(P.decay == 0 and not constants, "weight-decay, or constants of another claim")
        ensure(inequality(f, P, c, proved), "the bounds of the two sides do not prove it")
    elif c.kind != "gradient-dominance":
        ensure(all(w == 1 for w in P.w), "not defined for weighted samples")
        ensure(not constants, "no constants here")
        truth = full_rank(P) if c.kind == "full-rank" else distinct_eigenvalues(P)
        ensure(truth == proved, "the exact decision is the opposite")
    else:
        feed = P.kind == "feedforward"
        ensure(P.decay == 0, "weight-decay is not treated")
        ensure(not feed or P.l >= 2, "a hidden layer is needed")
        ensure(not P.features and "radius_factor" not in constants, "features, or a constant of another claim")
        ensure(len(c.rho) == (P.l - 1 if feed else P.n), "the number of radii")
        ensure(all(r >= 0 for r in c.rho) and c.lam >= 0, "a negative radius or lambda")
        ensure(c.norm != "feature" or (feed and P.l == 2), "norm: feature needs one hidden layer")
        ensure(constants["lambda"] == c.lam, "lambda differs from the claim")
        M = None if feed else Moments(P)
        if proved:
            ensure((derive_feedforward(f, P, c) if feed else derive_linear(f, P, M, c)) <= c.lam,
                   "the evidence does not prove so small a lambda")
            if "lambda_lower" in constants:
                x = lambda_lower(f, P, M, c)
                ensure(x is not None and constants["lambda_lower"] <= x, "lambda_lower is not proved")
            if "paper_lambda" in constants:
                x = paper_lambda(f, P, M)
                ensure(x and constants["paper_lambda"] <= x, "paper_lambda is not proved")
        else:
            ensure(len(constants) == 1, "a refutation has no further constants")
            w = witness(f, P, M, c, True)
            ensure(w and w[0] > c.lam * w[1], "this is no counterexample")
    unused = sorted(set(f.blocks) - f.used)
    ensure(not unused, unused and unused[0], "is not used by the proof")
    return proved

def main(names):
    if names[:1] == ["--limits"] and len(names) > 1:
        try:
            LIMIT.update({k: int(LIMIT[k] and v) for k, v in (x.split("=") for x in names[1].split(","))})
        except (KeyError, ValueError):
            names = [""]
        names = names[2:]
    if not names or names[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if names else 64
    rejected = unsupported = missing = False
    for name in names:
        try:
            with open(name, "rb") as file:
                data = file.read(LIMIT["bytes"] + 1)
        except OSError as e:
            print("certcheck: %s: %s" % (name, e.strerror), file=sys.stderr)
            missing = True
            continue
        try:
            print("%s: VERIFIED%s" % (name, "" if check(data) else ": the claim is false"))
        except Reject as e:
            rejected = True
            print("%s: REJECTED: %s" % (name, e))
        except Unsupported as e:
            unsupported = True
            print("%s: UNSUPPORTED: %s" % (name, e))
    return 66 if missing else 1 if rejected else 69 if unsupported else 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
