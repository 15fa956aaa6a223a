# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bounds of the gradient of linear and residual networks on a neighbourhood: doc/mathematics.md,
"Gradient dominance, linear and residual"."""
from fractions import Fraction

from chain import Chain
from matrix import scalar, zero
from meter import length
from network import units


class Side:
    """The factors of one side of block (k, q), from the outside in: weights bound the perturbed
    rest, the first unit_count + 1 products have no inner factor."""

    def __init__(self, net, k, q, output):
        self.net, self.k, self.q, self.output = net, k, q, output
        l, r = net.P.l, net.P.r
        self.unit_count = l - 1 - k if output else k
        self.inner = net.inner and net.inner[k]
        self.inner_count = 0 if not self.inner else r - 1 - q if output else q
        self.weights = [self.weight(t) for t in range(self.unit_count + self.inner_count)]
        self.weights.append(Fraction(1))

    def weight(self, t):
        """alpha_t or beta_t."""
        U, I, k, q, r = self.net.units, self.inner, self.k, self.q, self.net.P.r
        product = self.net.meter.product
        if t >= self.unit_count:
            i = t - self.unit_count
            nxt = r - 1 - i if self.output else i
            rest = I.sup(q + 1, nxt - 1) if self.output else I.sup(nxt + 1, q - 1)
            return product(rest, I.rho[nxt])
        nxt = self.net.P.l - 1 - t if self.output else t
        rest = U.sup(k + 1, nxt - 1) if self.output else U.sup(nxt + 1, k - 1)
        w = product(rest, U.rho[nxt])
        if self.inner_count:
            w = product(w, I.sup(q + 1, r - 1) if self.output else I.sup(0, q - 1))
        return w

    def products(self):
        """B_t or R_t."""
        P, U, I, found = self.net.P, self.net.units, self.inner, []
        for t in range(len(self.weights)):
            i = t - self.unit_count
            if t == 0:
                found.append(scalar(P.Y.r if self.output else P.X.r, meter=self.net.meter))
            elif i <= 0:
                found.append(U.seg(P.l - t, P.l - 1) if self.output else U.seg(0, t - 1))
            elif self.output:
                found.append(found[-1] * I.seg(P.r - i, P.r - i))
            else:
                found.append(I.seg(i - 1, i - 1) * found[-1])
        return found


class Net:
    """The chains of a network: its units, and inside each unit of a residual network its blocks;
    rho: the radii that the proof uses."""

    def __init__(self, facts, P, M, rho):
        self.f, self.P, self.M, self.meter, self.inner = facts, P, M, facts.meter, None
        if P.kind == "residual" and P.r > 1:
            parts = [slice(k * P.r, (k + 1) * P.r) for k in range(P.l)]
            self.inner = [Chain(facts, "A%d" % (k + 1), P.W[s], rho[s])
                          for k, s in enumerate(parts)]
            rho = [chain.dev(0, P.r - 1) for chain in self.inner]
        name = "M" if P.kind == "residual" else "W"
        self.units = Chain(facts, name, units(P), rho, M)

    def block_bound(self):
        """s^2 = sum_i b_i^2 c_i^2."""
        s2, l, r, m = Fraction(0), self.P.l, self.P.r, self.meter
        for k, q in ((k, q) for k in range(l) for q in range(r)):
            b = self.units.near2(k + 1, l - 1, True)
            if self.inner:
                b = m.product(b, self.inner[k].near2(q + 1, r - 1, True),
                              self.inner[k].near2(0, q - 1, False))
            if b:
                s2 = m.sum(s2, m.product(b, self.units.data2(0, k)))
        return s2

    def sides(self):
        """The output and the data side of every block."""
        where = [(i // self.P.r, i % self.P.r) for i in range(self.P.n)]
        return [(Side(self, k, q, True), Side(self, k, q, False)) for k, q in where]

    def reduced_form(self, side, t, B, leading):
        """"data": the bound that stands for B_t B_t^T."""
        l = self.P.l
        if t == 0:
            return Fraction(1)
        if t <= side.unit_count:
            if leading:
                return self.units.inj2(l - t, l - 1, True)
            return self.meter.square(self.units.norm(l - t, l - 1))
        role = "%s:%d:%d" % ("suffix-inj" if leading else "suffix-norm", side.k + 1,
                             t - side.unit_count)
        G = B.gram_rows().rounded(self.f.bits)
        return self.f.lower(role, G) if leading else self.f.upper(role, G)

    def output_forms(self, side, reduced):
        """B_t B_t^T or what stands for it, then the leading one."""
        n = len(side.weights)
        needed = not reduced or n > side.unit_count + 1
        B = side.products() if needed else [None] * n
        which = [(t, False) for t in range(n)] + [(n - 1, True)]
        if not reduced:
            return [A.gram_rows().rounded(self.f.bits) for A in B + B[-1:]]
        return [scalar(1, self.reduced_form(side, t, B[t], leading)) for t, leading in which]

    def data_forms(self, side):
        """Q(R_t)."""
        M = self.M
        return [(R * M.T * M.S).rounded(self.f.bits).gram() for R in side.products()]

    def terms(self, out, data, reduced):
        """Coefficient, prefix, Q and G of every term of a block, the leading one first."""
        G, Q, found = self.output_forms(out, reduced), self.data_forms(data), []
        for j in reversed(range(len(data.weights))):
            for t in reversed(range(len(out.weights))):
                root = self.meter.product(data.weights[j], out.weights[t])
                coefficient = self.meter.square(root)
                if root:
                    self.meter.keep(1, 1, length(coefficient))
                    prefix = j if j <= data.unit_count else None
                    found.append((coefficient, prefix, Q[j], G[t if found else -1]))
        return found

    def add_block(self, sums, terms, multipliers):
        """w times the leading form less the others, added to sums: Lemma 2."""
        m, w, total = self.meter, next(multipliers), Fraction(1)
        self.f.ensure(w >= 0, "multipliers", "a weight is negative")
        for coefficient, prefix, Q, G in terms[1:]:
            x = next(multipliers)
            self.f.ensure(x > 0, "multipliers", "a multiplier is not positive")
            total = m.sum(total, 1 / x)
            self.add(sums, -m.product(x, coefficient), prefix, Q, G)
        self.f.ensure(m.product(w, total) <= 1, "multipliers", "w (1 + sum 1/m) exceeds 1")
        self.add(sums, w, *terms[0][1:])

    def add(self, sums, x, prefix, Q, G):
        """x Q (x) G: one sum of multiples of G for the Q of every prefix of the chain (equal balls
        are not enough), and one for every other Q."""
        for known in sums:
            if prefix is not None and known[0] == prefix:
                known[2] = known[2].plus(x, G)
                return
        sums.append([prefix, Q, zero(G.r, G.c, self.meter).plus(x, G)])

    def joint_bound(self, reduced):
        """The largest s^2 that the role joint proves; reduced: "data"."""
        order, sides = 1 if reduced else self.P.Y.r, self.sides()
        wanted = sum(sum(map(bool, o.weights)) * sum(map(bool, d.weights)) for o, d in sides)
        multipliers = iter(self.f.numbers("multipliers", wanted, True))
        self.f.expect_bound("joint", self.M.p * order)
        K, sums = self.M.S.kron(zero(order, order)), []
        for out, data in sides:
            self.add_block(sums, self.terms(out, data, reduced), multipliers)
        for _, Q, G in sums:
            K = K.plus(Fraction(1), Q.kron(G))
        N = self.M.S.kron(scalar(order))
        return self.f.lower("joint", K.rounded(self.f.bits), N, True)
