/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Critical points of linear and residual networks and what their neighbourhood
   looks like, shown by polynomial curves W + t V_1 + t^2 V_2 + .. along which the
   loss is an exact polynomial (doc/mathematics, "Critical points"). */
#ifndef CERTIFY_CURVE_H
#define CERTIFY_CURVE_H

#include "rules/claim.h"
#include "network/network.h"

/* Largest degree of a curve and largest order at which its loss may start. */
#define CURVE_DEGREE 4
#define CURVE_ORDER 24

/* c[k] := the coefficient of t^k of h(W + sum_j t^j V_j) - h(W), k <= order;
   V[(j - 1) * nblocks + i] is the coefficient of t^j in block i. */
void curve_loss(fmpq *c, slong order, const problem_t *P, const moments_t *M,
                const qmat_struct *V, slong degree);

/* K := the Hessian of h at W, exact, blocks one after the other, entries of a
   block by rows. */
void curve_hessian(qmat_t K, const problem_t *P, const moments_t *M);
slong curve_parameters(const problem_t *P);

/* The claims critical-point, strict-saddle, saddle, local-minimum,
   not-local-minimum and hessian-psd: 1 if the facts prove the claim (proved) or its negation. */
int curve_verify(facts_t *f, const problem_t *P, const claim_t *c, int proved);

#endif
