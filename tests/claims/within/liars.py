# SPDX-License-Identifier: LGPL-2.1-or-later
from lying import *


def curvature():
    """One layer with weight decay: h is quadratic, the centre lies between the point and the minimum, in the direction of least curvature.  A bound of the
    Hessian a little too good puts the minimum a little nearer than it is."""
    d, m = rng.randint(1, 3), rng.randint(1, 4)
    X = rows_matrix([[F(rng.randint(-4, 4)) for _ in range(m)] for _ in range(d)])
    Y = rows_matrix([[F(rng.randint(-4, 4)) for _ in range(m)]])
    decay = F(rng.randint(1, 5), rng.randint(1, 4))
    H = X.gram_rows().plus(decay, cc.scalar(d))
    W = cc.solve(H, X * Y.t()).t()                  # the minimum
    least, v = smallest(H, cc.scalar(d))
    v = rows_matrix([[F(x).limit_denominator(1000) for x in v]])
    if v.is_zero():
        return None
    point, t = W.plus(F(1), v), rng.choice([F(1, 2), F(1, 10), F(1, 100)])
    centre = W.plus(t, v)
    distance = cc.sqrt_upper(v.norm2())
    g = cc.sqrt_upper((v * H).norm2()) * t
    lie = rng.choice([F(1, 10 ** 3), F(1, 10 ** 6), F(1, 10 ** 8)])
    # g / mu + (1 - t) |v| < |v| needs mu > |H v| / |v| >= the least eigenvalue
    greedy = g / (t * distance) * (1 + lie)

    def certificate(mu, centre, radius):
        p = ("network linear 1\nloss square 1/2\nweight-decay %s\n" % decay + matrix_text("X", X) + matrix_text("Y", Y) + "weights one\nbiases no\n"
             + matrix_text("W:1", point))
        blocks = [matrix_text("center:1", centre), block_text("hessian", ("bound", mu, factor(H.plus(-mu, cc.scalar(d))), None)), "numbers inner 1 1000000\n"]
        return ("certify-certificate 2\nproblem sha256 %s\n%sclaim local-minimum-within radius %s\nrounding 256\nevidence 3\n%sconclusion proved\nend\n"
                % (hashlib.sha256(p.encode()).hexdigest(), p, radius, "".join(blocks)))

    up = lambda x: F(-int(-x * 10 ** 14 // 1), 10 ** 14)
    honest = certificate(F(least * (1 - 1e-9)).limit_denominator(10 ** 14), W, up(distance))
    greedy = greedy.limit_denominator(10 ** 14)
    near = up((1 - t) * distance + g / greedy + F(2, 10 ** 14))
    if near >= cc.sqrt_lower(v.norm2()):
        return None
    return honest, certificate(greedy, centre, near), float(1 - near / distance), float(lie)


KINDS = {"within": curvature}
