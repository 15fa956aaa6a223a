# SPDX-License-Identifier: LGPL-2.1-or-later
"""The neighbourhood of a claim, and points shown to lie in it.

A proof uses every radius rounded up (doc/certificate-format.md, "Radii"): it then holds on
a neighbourhood that is no smaller.  Refutations, witnesses and lower bounds keep the exact one."""
from activation import apply
from network import affine, bias
from number import round_up
from verdict import ensure


def proof_radii(claim):
    return [round_up(r) for r in claim.rho]


def is_one_point(claim):
    return not any(claim.rho)


def read_witness(f, P, role, required):
    """The point of the roles ROLE:i, ROLE-bias:i, or None."""
    W, b = [], []
    for i, A in enumerate(P.W):
        B = f.matrix("%s:%d" % (role, i + 1), A.r, A.c, required or i > 0)
        if B is None:
            return None
        W.append(B)
        if P.bias:
            b.append(f.matrix("%s-bias:%d" % (role, i + 1), A.r, 1, True) if P.bias_of(i) is not None else P.b[i])
    return P.at(W, b)


def within(f, role, A, rho, norm):
    """||A||_F <= rho, or the spectral norm by the role."""
    square = f.meter.square(rho)
    if A.norm2() <= square:
        return True
    return norm != "frobenius" and f.upper(role, A.smaller_gram()) <= square


def features_within(f, Q, P, rho):
    """norm feature: the hidden features of Q and P are at most rho apart."""
    H = [apply(P.act[0], affine(R.W[0], P.X, bias(R, 0))) for R in (Q, P)]
    return within(f, "distance", H[0].minus(H[1]), rho, "spectral")


def blocks_within(f, Q, P, c):
    for i, rho in enumerate(c.rho):
        role = "distance:%d" % (i + 1)
        if not within(f, role, Q.W[i].minus(P.W[i]), rho, c.norm):
            return False
        if P.bias_of(i) is not None and not within(f, role, Q.b[i].minus(P.b[i]), rho, "frobenius"):
            return False
    return True


def ensure_member(f, Q, P, c):
    """doc/mathematics.md, "Gradient dominance", Membership."""
    inside = features_within(f, Q, P, c.rho[0]) if c.norm == "feature" \
        else blocks_within(f, Q, P, c)
    ensure(inside, "the witness is not shown to lie in the neighbourhood")


def displacement(f, P, Q, c, factor):
    """The blocks of v = W - W*, at most factor times the radii."""
    V = [A.minus(B) for A, B in zip(Q.W, P.W)]
    ensure(all(within(f, "", v, f.meter.product(r, factor), "frobenius")
               for v, r in zip(V, c.rho)), "the witness is not in the neighbourhood")
    return V
