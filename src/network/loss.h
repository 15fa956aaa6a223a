/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loss as a function of the outputs: phi(q) = sum_i phi_i(q_i), convex and differentiable,
   with scale c, sample weights w_i, labels y_i (doc/rules/best-in-basis.md, "Losses"):

     square         c w |q - y|^2
     cross-entropy  c w (s log sum_k exp q_k - <y, q>), s = sum_k y_k, y >= 0
     logistic       c w sum_k log(1 + exp(- y_k q_k))
     smooth hinge   c w sum_k max(0, 1 - y_k q_k)^p, p >= 2

   Weight decay is left out everywhere here.  Its conjugate is in conjugate.h. */
#ifndef CERTIFY_LOSS_H
#define CERTIFY_LOSS_H

#include "loss_kind.h"

/* low <= phi(F) <= high for all matrices of the ball F (d_l x m); exact where phi is rational
   and F exact.  Either may be NULL. */
void loss_bounds(fmpq_t low, fmpq_t high, const problem_t *P, const qmat_t F);
/* E := a ball with grad phi(F) for all matrices of the ball F, d_l x m; exact likewise, and where
   all exponentials are those of 0. */
void loss_gradient(qmat_t E, const problem_t *P, const qmat_t F);

/* Pieces: cw := c w_i; x := column i of A, d_l numbers; <a, b>; the sum of n numbers; a^n,
   n >= 0. */
void loss_weight(fmpq_t cw, const problem_t *P, slong i);
void loss_column(fmpq *x, const qmat_t A, slong i);
void loss_inner(fmpq_t x, const fmpq *a, const fmpq *b, slong n);
void loss_sum(fmpq_t x, const fmpq *a, slong n);
void loss_power(fmpq_t x, const fmpq_t a, slong n);

#endif
