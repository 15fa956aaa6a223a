/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact loss and gradient at a rational point.

   Linear and residual networks see the data through their second moments
   only, Sxx = X D X^T, Syx = Y D X^T and tr(Y D Y^T), D = diag(2 scale w_i);
   nothing there depends on the number of samples. */
#ifndef CERTIFY_NETWORK_H
#define CERTIFY_NETWORK_H

#include "problem.h"

typedef struct
{
    fmpq *D;            /* m entries */
    slong m;
    qmat_t Sxx;         /* d_0 x d_0 */
    qmat_t Syx;         /* d_l x d_0 */
    fmpq_t Syy;         /* tr(Y D Y^T) */
    slong p;            /* rank of Sxx = rank of the samples of positive weight */
    slong *pivots;      /* p independent rows of X */
    qmat_t T;           /* d_0 x p with X D^{1/2} = T X' D^{1/2}, X' those rows */
    qmat_t S;           /* p x p: X' D X'^T, positive definite */
} moments_t;

/* The data reduction of doc/mathematics: X = T X' on the weighted samples.
   T comes from Sxx = T Sxx[pivots,:], which implies
   (X - T X') D (X - T X')^T = 0.  Returns 0 on a failed re-multiplication
   or beyond the limits; the caller clears M either way. */
int moments_init(moments_t *M, const problem_t *P);
void moments_clear(moments_t *M);
/* L := the moments of A X in place of X: what the layers above A see.  As
   moments_init; L->D is empty. */
int moments_push(moments_t *L, const moments_t *M, const qmat_t A);
/* h := h_inf = 1/2 (Syy - tr(Syx Sxx^+ Syx^T)), the infimum over all matrices. */
void moments_infimum(fmpq_t h, const moments_t *M);
/* N := Syx restricted to the pivots, d_l x p (= Y D X'^T). */
void moments_cross(qmat_t N, const moments_t *M);

/* Z := the product matrix Z(W), for linear and residual networks. */
void network_product(qmat_t Z, const problem_t *P);

/* h := the loss, exact: linear and residual networks, and feedforward ones
   with rational activations.  M may be NULL for feedforward networks. */
void network_loss(fmpq_t h, const problem_t *P, const moments_t *M);

/* g2 := the squared norm of the gradient over all blocks (biases included).
   Returns 0 if a hidden unit is at a kink, where there is no gradient. */
int network_gradient_norm2(fmpq_t g2, const problem_t *P, const moments_t *M);

/* The same, and grad[i] := the gradient by block i (biases left out); grad
   is a vector of nblocks matrices, or NULL. */
int network_gradient(fmpq_t g2, qmat_struct *grad, const problem_t *P, const moments_t *M);

/* x := ||J(W) v||^2, J the Jacobian of the weighted residual, v the blocks V
   (biases stay).  Returns 0 at a kink.  Rational activations only. */
int network_differential_norm2(fmpq_t x, const problem_t *P, const moments_t *M,
                               const qmat_struct *V);

/* g2 := sum_i ||P_i^T E A_i^T||_F^2 for linear and residual networks, any
   exact E (d_l x d_0); the gradient is E = Z Sxx - Syx. */
void network_pullback_norm2(fmpq_t g2, const problem_t *P, const qmat_t E);

/* 1 iff Z(W) Sxx = Syx exactly: the loss is h_inf (linear and residual). */
int network_is_minimizer(const problem_t *P, const moments_t *M);

#endif
