/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enclosures of the quantities that claims are made of, for certify bounds. */
#ifndef CERTIFY_ENCLOSE_H
#define CERTIFY_ENCLOSE_H

#include "network/problem.h"

typedef struct
{
    slong rank;                         /* exact */
    fmpq_t eta_lower, eta_upper;        /* smallest non-zero singular value; 0 if rank 0 */
    fmpq_t norm_lower, norm_upper;      /* spectral norm */
} singular_t;

void singular_init(singular_t *s);
void singular_clear(singular_t *s);

/* A exact.  Lower bounds by factorisation, upper bounds by vectors, both
   verified exactly.  Returns 0 if precision_limit did not suffice. */
int enclose_singular(singular_t *s, const qmat_t A, slong precision_limit);

/* The same for the eigenvalues (not their roots) of K x = mu N x, K positive
   semidefinite, N positive definite, both exact: rank K, the smallest non-zero
   one and the largest. */
int enclose_pencil(singular_t *s, const qmat_t K, const qmat_t N, slong precision_limit);

/* Balls around the loss, the gradient's norm and the hidden features of a
   feedforward network with any activations, by Arb at prec bits: h and g are
   initialised; features (if not NULL) has l - 1 uninitialised matrices, which
   the caller clears.  At kinks g is indeterminate. */
void enclose_feedforward(arb_t h, arb_t g, arb_mat_t *features, const problem_t *P, slong prec);

#endif
