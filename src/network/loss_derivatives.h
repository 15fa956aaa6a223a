/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_LOSS_DERIVATIVES_H
#define CERTIFY_LOSS_DERIVATIVES_H

#include "problem.h"

/* The three losses with three derivatives (LOSS_SQUARE, LOSS_CROSS_ENTROPY, LOSS_LOGISTIC), E a ball with the gradient at the
   outputs.  H (d^2 x m): row (a, b) of a d + b has the entries (a, b) of the Hessians of phi_i. */
void loss_hessian(qmat_t H, const problem_t *P, const qmat_t E);
/* Bounds of the norms of the derivatives of phi_i, as multilinear forms, where the outputs moved by at most moved. */
void loss_derivative_norms(fmpq_t second, fmpq_t third, fmpq_t first, const problem_t *P, slong i, const qmat_t E, const fmpq_t moved);

#endif
