/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enclosures of the quantities that claims are made of, for certify bounds. */
#ifndef CERTIFY_ENCLOSE_H
#define CERTIFY_ENCLOSE_H

#include "network/problem.h"

typedef struct
{
    fmpq_t lower, upper;
    int known;                          /* 0: there is nothing in lower and upper */
    int tight;                          /* the digits that were asked for are all correct */
} interval_t;

typedef struct
{
    slong rank;                         /* exact; -1: not known */
    interval_t eta, norm;               /* the smallest non-zero singular value, the spectral norm;
                                           both 0 if the rank is 0 */
} singular_t;

void interval_init(interval_t *x);
void interval_clear(interval_t *x);
void singular_init(singular_t *s);
void singular_clear(singular_t *s);

/* A exact.  One side by factorisation, the other by a vector, both verified exactly: that many
   significant digits and a few more, with at most precision_limit bits. */
void enclose_singular(singular_t *s, const qmat_t A, int digits, slong precision_limit);

/* The same for the eigenvalues (not their roots) of K x = mu N x, K positive
   semidefinite, N positive definite, both exact: rank K, the smallest non-zero
   one and the largest. */
void enclose_pencil(singular_t *s, const qmat_t K, const qmat_t N, int digits,
                    slong precision_limit);

/* Balls around the loss, the gradient's norm and the hidden features of a
   feedforward network with any activations, by Arb at prec bits: h and g are
   initialised; features (if not NULL) has l - 1 uninitialised matrices, which
   the caller clears.  At kinks g is indeterminate. */
void enclose_feedforward(arb_t h, arb_t g, arb_mat_t *features, const problem_t *P, slong prec);

#endif
