/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far features, outputs and derivatives of the outputs can move in a neighbourhood
   ||W_k' - W_k||_F <= rho_k, |b_k' - b_k| <= rho_k, k = 1 .. l, of a point of a network with
   layers, the last one with the blocks of its skips, sample by sample; all bounds are rounded up (doc/rules/induced-bound.md, "Proof").
   Roles: norm:W:k (bounds of ||W_k||^2, the Frobenius norm if absent). */
#ifndef CERTIFY_DEVIATION_H
#define CERTIFY_DEVIATION_H

#include "passes.h"

/* Numbers by layer k and sample i at [k m + i]. */
typedef struct
{
    slong l, m;
    fmpq *omega;                /* >= ||W_{k+1}||, k = 0 .. l - 1 */
    fmpq *eta, *delta;          /* |h_k|, |h_k' - h_k|, k = 0 .. l - 1, h_k the input of layer k + 1 */
    fmpq *zeta;                 /* |z_k' - z_k|, k = 1 .. l; those of l are the outputs' */
    /* after deviation_of_derivatives, P_k the derivative of the outputs by z_k: */
    fmpq *shift;                /* ||P_k' - P_k||, k = 1 .. l */
    fmpq *size;                 /* ||P_k'|| */
} deviation_t;

/* Features and outputs; kinks do no harm.  The caller clears it whatever is returned; 0 after a
   failure. */
int deviation_init(deviation_t *d, const pass_t *p, setting_t *s, const fmpq *rho);
/* Derivatives; p has slopes.  0, and a failure that names the unit, if a piecewise linear unit may
   reach its kink. */
int deviation_of_derivatives(deviation_t *d, const pass_t *p, setting_t *s, const fmpq *rho);
void deviation_clear(deviation_t *d);
/* x[i] >= the norm of column i of every matrix of the ball A. */
void deviation_column_norms(fmpq *x, const qmat_t A);

/* A := P_l, m times the identity of order d, one below the other; then A, P_{k+1}, becomes P_k, k >= 1,
   and M := P_{k+1} W_{k+1} (+ S): rows i d + a, a an output on sample i.  0 beyond the limits. */
void deviation_factor_last(qmat_t A, slong d, slong m);
int deviation_factor_back(qmat_t M, qmat_t A, const pass_t *p, setting_t *s, slong k);

/* 1 if layer k + 1 has a bias, as the numbers of the formulas. */
#define deviation_bias(p, k) (problem_bias((p)->P, k) != NULL)

#endif
