# SPDX-License-Identifier: LGPL-2.1-or-later
from lying import *

def text(slope, mu, Y, W1, W2, gap, Q, codes):
    p = ("network feedforward 2\nactivation leaky-relu %s\nloss square 1/2\nweight-decay %s\n" % (slope, mu) + matrix_text("X", cc.scalar(Y.c))
         + matrix_text("Y", Y) + "weights one\nbiases no\n" + matrix_text("W:1", W1) + matrix_text("W:2", W2))
    return ("certify-certificate 2\nproblem sha256 %s\n%sclaim regularized-global-minimum gap %s\nrounding 256\nevidence 2\n%snumbers tree %d %s\n"
            "conclusion proved\nend\n" % (hashlib.sha256(p.encode()).hexdigest(), p, gap, matrix_text("dual", Q), len(codes), " ".join(codes)))

def tree(d, depth):
    """Random splits, in the middle and elsewhere, below each root."""
    def nodes(depth):
        if depth == 0 or rng.random() < .3:
            return ["0"]
        edge, edges = rng.randrange(d * (d - 1) // 2), d * (d - 1) // 2
        head = [str(1 + edge)] if rng.random() < .7 else [str(1 + edges + edge), str(rng.randint(1, 9)), str(rng.randint(1, 9))]
        return head + nodes(depth - 1) + nodes(depth - 1)
    return [x for _ in range(2 ** d) for x in nodes(depth if d > 1 else 0)]

def diagonal(x):
    return rows_matrix([[x[i] if i == j else F(0) for j in range(len(x))] for i in range(len(x))])

def thresholds():
    """X = I, Y = diag(y) >= 0, slopes 0 to 1: the least loss is that of soft thresholding, the dual point min(y, mu)."""
    d = rng.choice([1, 2, 2, 3])
    slope, mu = rng.choice([F(0), F(1, 10), F(1, 2)]), F(rng.randint(1, 6), 4)
    y = [F(rng.randint(0, 24), 4) for _ in range(d)]
    c = F(rng.randint(0, 8), 4)
    first = [c] + [F(0)] * (d - 1)
    W1, W2 = rows_matrix([first]), rows_matrix([[x] for x in first])
    loss = (c * c - y[0]) ** 2 / 2 + sum((x * x for x in y[1:]), F(0)) / 2 + mu * c * c
    q = [min(x, mu) for x in y]
    gap = loss - sum(a * b - a * a / 2 for a, b in zip(q, y))
    if gap <= 0 or max(y) <= mu:
        return None
    codes, eps = tree(d, 3), F(1, 10 ** rng.randint(1, 30))
    # the dual point a little outside, so that its value would be enough
    top = sum(a * b - a * a for a, b in zip(q, y))
    step = 2 * eps * gap / top if top else None
    if step is None:
        return None
    Q = [a * (1 + step) for a in q]
    forged = min(gap, max(F(0), loss - sum(a * b - a * a / 2 for a, b in zip(Q, y)))) if step < F(1, 2) else gap * (1 - eps)
    if forged >= gap:
        return None
    return (text(slope, mu, diagonal(y), W1, W2, gap, diagonal(q), codes), text(slope, mu, diagonal(y), W1, W2, forged, diagonal(Q), codes),
            float(eps), float(step))

KINDS = {"thresholds": thresholds}
