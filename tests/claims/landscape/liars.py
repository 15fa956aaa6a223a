# SPDX-License-Identifier: LGPL-2.1-or-later
from lying import *
from meter import Meter
from unit_cells import Samples, cells_with_points

class Unit:
    """A leaky unit with one output: in every cell one eigenvalue, w = +-K^T."""
    def __init__(self):
        d, n = rng.choice([2, 2, 3]), rng.randint(3, 6)
        self.slope = rng.choice([F(1, 2), F(1, 10), F(-1, 3), F(3)])
        self.X = rows_matrix([[F(rng.randint(-9, 9)) for _ in range(n)] for _ in range(d)])
        self.Y = rows_matrix([[F(rng.randint(-9, 9)) for _ in range(n)]])
        self.columns = list(zip(*self.X.a))
        self.good = all(any(c) for c in self.columns) and cc.rank(self.X) == d and self.X.den == self.Y.den == 1
        self.s = self.good and Samples(self.X, self.Y, [F(1)] * n, self.slope, Meter())

    def cell(self, signs):
        """The value of sigma, w, and the values s_j x_j.w, relative to the largest; None if M = 0."""
        M, G = self.s.sums(signs)
        M = [x * self.s.M_unit for x in M[0]]
        if not any(M):
            return None
        G = rows_matrix([[x * self.s.G_unit for x in row] for row in G])
        K = cc.solve(G, rows_matrix([[x] for x in M]))
        w = [K.at(i, 0) for i in range(K.r)]
        z = [sum(a * b for a, b in zip(w, self.s.signed(signs, j))) for j in range(self.s.n)]
        return sum(a * b for a, b in zip(w, M)), w, [x / max(map(abs, z)) for x in z]

    def head(self, point, claim):
        p = ("network feedforward 2\nactivation leaky-relu %s\nloss square 1/2\nweight-decay 0\n" % self.slope + matrix_text("X", self.X) + matrix_text("Y", self.Y)
             + "weights one\nbiases no\n" + matrix_text("W:1", point) + matrix_text("W:2", rows_matrix([[F(0)]])))
        return "certify-certificate 2\nproblem sha256 %s\n%sclaim %s\nrounding 256\n" % (hashlib.sha256(p.encode()).hexdigest(), p, claim)

def exclusion(z):
    """The best samples against y >= 0 and y <= 0: codes, and how far they are off."""
    j, k = min(range(len(z)), key=lambda i: z[i]), max(range(len(z)), key=lambda i: z[i])
    return [j + 2, k + 2], float(max(z[j], -z[k], 0))

def listed():
    """A point left out, or one too many."""
    u = Unit()
    if not u.good:
        return None
    inside = cells_with_points([list(c) for c in u.columns], len(u.columns[0]))
    first = 1 << (u.s.n - 1)
    order = sorted(c for c in inside if c & first)
    order += [u.s.opposite(c) for c in order]
    norm2 = sum(x * x for x in u.Y.a[0])
    found = [u.cell(c) for c in order]
    has = [f is not None and (min(f[2]) > 0 or max(f[2]) < 0) for f in found]
    lies = [i for i, f in enumerate(found) if f is not None and min(map(abs, f[2])) > 0 and (has[i] or sum(x < 0 for x in f[2]) in (1, u.s.n - 1))]
    if not lies:
        return None
    victim, size = rng.choice(lies), 0.0
    texts = []
    for lie in (False, True):
        codes, numbers, points = [], [], []
        for i, (signs, f) in enumerate(zip(order, found)):
            codes.append(1)
            if f is None:
                continue
            sigma, w, z = f
            if has[i] != (lie and i == victim):
                side = 1 if sum(x > 0 for x in z) > len(z) / 2 else -1
                size = float(min(map(abs, z))) if lie and i == victim else size
                codes.append(0)
                numbers.append(side)
                points.append([1, (norm2 - sigma) / 2, (norm2 - sigma) / 2] + inside[signs])
            else:
                fake, off = exclusion(z)
                size = off if lie and i == victim else size
                codes += fake
        point = rows_matrix([[F(1)] + [F(0)] * (len(u.columns[0]) - 1)])
        texts.append(u.head(point, "landscape") + "evidence %d\n%s%scodes cells %d %s\n%sconclusion proved low 0 high %s cells %d dead 0 critical %d minima %d points %d%s\nend\n" % (
            4 if numbers else 3, matrix_text("better:1", point), matrix_text("better:2", rows_matrix([[F(0)]])), len(codes), " ".join(map(str, codes)),
            "numbers points %d %s\n" % (len(numbers), " ".join(map(str, numbers))) if numbers else "", norm2, len(order), len(points), len(points), len(points),
            "".join(" %s" % x for p in points for x in p)))
    return texts[0], texts[1], 1.0, size

KINDS = {"listed": listed}
