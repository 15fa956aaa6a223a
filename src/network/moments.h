/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Second moments of the data.  Linear and residual networks see the data through
   Sxx = X D X^T, Syx = Y D X^T and tr(Y D Y^T) only, D = diag(2 scale w_i); nothing
   there depends on the number of samples. */
#ifndef CERTIFY_MOMENTS_H
#define CERTIFY_MOMENTS_H

#include "problem.h"

typedef enum { MOMENTS_NONE, MOMENTS_READY, MOMENTS_FAILED } moments_state;

typedef struct
{
    moments_state state;
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

/* An M without moments, which takes no memory. */
void moments_none(moments_t *M);
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


#endif
