/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact loss and gradient, square loss, of every network without shortcuts.  M may be NULL for
   feedforward networks, whose activations are rational. */
#ifndef CERTIFY_EVALUATE_H
#define CERTIFY_EVALUATE_H

#include "network.h"

void evaluate_loss(fmpq_t h, const problem_t *P, const moments_t *M);
/* g2 := the squared norm of the gradient over all blocks (biases included), and grad[i] := the
   gradient by block i (biases left out); grad is a vector of nblocks matrices, or NULL.  Returns 0
   if a hidden unit is at a kink, where there is no gradient. */
int evaluate_gradient(fmpq_t g2, qmat_struct *grad, const problem_t *P, const moments_t *M);
int evaluate_gradient_norm2(fmpq_t g2, const problem_t *P, const moments_t *M);
/* 1 iff the loss is h_inf (linear and residual), or 0 (feedforward); -1 if it is not rational. */
int evaluate_at_minimum(const problem_t *P, const moments_t *M);

#endif
