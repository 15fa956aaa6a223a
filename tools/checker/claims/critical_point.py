# SPDX-License-Identifier: LGPL-2.1-or-later
"""critical-point with its patterns, strict-saddle, saddle, local-minimum, not-local-minimum and
hessian-psd (doc/mathematics.md, "Critical points", "What a critical point captures")."""
from claims import Family, no_parameters, read_tolerance, square_loss_without_decay
from claims.global_minimizer import proves as is_global_minimizer
from curve import has_negative_curvature, has_semidefinite_hessian, start
from elimination import independent_rows, solve
from matrix import scalar, zero
from network import gradient_norm2, has_moments, loss
from spectrum import Spectrum, distinct_roots
from verdict import ensure


def read_gradient(rd, P, c, words):
    read_tolerance(rd, c, words, "gradient")


def supports(P, c, k):
    square_loss_without_decay(P)
    ensure(P.linear, "linear and residual networks")


def supports_gradient(P, c, k):
    supports(P, c, k)
    ensure(not k.patterns or c.gap is None, "patterns of another conclusion")


class Point:
    """What the claims ask of a point; each answer is verified when it is asked for."""

    def __init__(self, f, P):
        self.f, self.P, self.M = f, P, P.moments()

    def is_critical(self):
        return gradient_norm2(self.P, self.M) == 0

    def is_minimum(self):
        """Every local minimum of these networks is global."""
        return is_global_minimizer(self.f, self.P, None)

    def falls(self):
        """The loss starts negative along down."""
        return start(self.f, self.P, self.M, "down")[1] < 0

    def is_saddle(self):
        if not self.is_critical():
            return False
        order, x = start(self.f, self.P, self.M, "down")
        return x < 0 and (order % 2 == 1 or start(self.f, self.P, self.M, "up")[1] > 0)

    def has_negative_curvature(self):
        return has_negative_curvature(self.f, self.P, self.M)

    def has_semidefinite_hessian(self):
        return has_semidefinite_hessian(self.f, self.P, self.M)


def verify_gradient(f, P, c, k):
    M = P.moments()
    small = gradient_norm2(P, M) <= (f.meter.square(c.gap) if c.gap else 0)
    ensure(small == k.proved, "it is not shown")
    if k.patterns:
        verify_patterns(P, M, k.patterns)


def decided_by(proof, refutation):
    def verify(f, P, c, k):
        ensure((proof if k.proved else refutation)(Point(f, P)), "it is not shown")
    return verify


LOCAL = {
    "strict-saddle": (lambda p: p.is_critical() and p.has_negative_curvature(),
                      lambda p: not p.is_critical() or p.has_semidefinite_hessian()),
    "saddle": (Point.is_saddle, lambda p: not p.is_critical() or p.is_minimum()),
    "local-minimum": (Point.is_minimum, Point.falls),
    "not-local-minimum": (Point.falls, Point.is_minimum),
    "hessian-psd": (Point.has_semidefinite_hessian, Point.has_negative_curvature),
}


def verify_patterns(P, M, stated):
    ensure(P.kind == "linear" and len(stated) == max(P.l - 1, 1), "the number of patterns")
    for k, rows in enumerate(stated):
        verify_pattern(P, M, k, rows)


def verify_pattern(P, M, k, rows):
    """low, high, multiplicity and captured multiplicity of every eigenvalue of Sigma_k."""
    A, B = scalar(P.X.r, meter=P.X.meter), scalar(P.Y.r, meter=P.X.meter)
    for W in P.W[:k]:
        A = W * A
    for W in reversed(P.W[k + 1:]):
        B = B * W
    L = M.behind(A)
    Sigma, R = L.sigma(), B.some_columns(independent_rows(B.t())[0])
    C = restriction(Sigma, R)
    ensure(sum(p for _, _, _, p in rows) == R.c, "the rank of the captured space")
    ensure(sum(m for _, _, m, _ in rows) == P.Y.r, "the multiplicities")
    verify_rows(Spectrum(Sigma), Spectrum(C), rows)


def verify_rows(whole, caught, rows):
    last = None
    for low, high, m, p in rows:
        ensure(0 <= low <= high and (last is None or high < last), "the intervals")
        ensure(whole.between(low, high) == m, "the multiplicity")
        ensure(caught.between(low, high) == p, "the captured multiplicity")
        last = low
    if any(low < high and m > 1 for low, high, m, _ in rows):
        ensure(distinct_roots(whole.f) == len(rows), "an interval holds several eigenvalues")


def restriction(Sigma, R):
    """C = (R^T R)^{-1} R^T Sigma R, when Sigma R = R C.  Its eigenvalues are eigenvalues of
    Sigma, so real."""
    if R.c == 0:
        return zero(0, 0)
    C = solve(R.gram(), (R.t() * Sigma) * R)
    ensure((R * C).minus(Sigma * R).is_zero(), "the captured space is not invariant")
    return C


def describe(P):
    """The loss, and whether the gradient is zero."""
    M = P.moments()
    loss(P, M)
    gradient_norm2(P, M)


def is_of_product(P):
    """h is a function of the product of the layers."""
    return has_moments(P) and (P.decay == 0 or P.kind != "linear")


CLAIMS = {name: Family(no_parameters, supports, decided_by(*how), describe,
                       treats=is_of_product)
          for name, how in LOCAL.items()}
CLAIMS["critical-point"] = Family(read_gradient, supports_gradient, verify_gradient, describe,
                                  ("pattern",), treats=is_of_product)
