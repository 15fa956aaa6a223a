/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Derivatives of activations: exact, and enclosures of |s'| and |s''| on ranges of values. */
#ifndef CERTIFY_DERIVATIVES_H
#define CERTIFY_DERIVATIVES_H

#include "activation.h"

/* s'(Z) entrywise for a rational s and an exact Z; returns 0 if an entry is
   at a kink. */
int activation_derivative(qmat_t D, const qmat_t Z, const activation_t *s);

/* The values that entry (i, j) of a hidden layer can take: Z_ij +- reach[j],
   for every matrix in the ball Z. */
typedef struct
{
    const qmat_struct *Z;
    const fmpq *reach;
    const activation_t *s;
} activation_range_t;
/* c >= sup |s''|, 0 for piecewise linear s: tanh 4 / (3 sqrt 3), sigmoid 1 / (6 sqrt 3), softplus 1/4,
   smooth-leaky |1 - slope| / 4. */
void activation_curvature(fmpq_t c, const activation_t *s);
/* c >= sup |s'''|: tanh 2, sigmoid 1/8, softplus 1 / (6 sqrt 3), smooth-leaky |1 - slope| / (6 sqrt 3). */
void activation_third(fmpq_t c, const activation_t *s);

/* Proves |s'| <= s1 and |s''| <= s2 on all of them, s not piecewise linear. */
int activation_check_range(const activation_range_t *range, const fmpq_t s1, const fmpq_t s2);
/* d := enclosures of |s'|, and of |s''|, on the ball x. */
void activation_derivatives_arb(arb_t d1, arb_t d2, const arb_t x, const activation_t *s, slong prec);

#endif
