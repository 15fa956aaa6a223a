/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The matrices by which the theorems describe a given point. */
#ifndef CERTIFY_DECOMPOSE_H
#define CERTIFY_DECOMPOSE_H

#include "eigenvalues.h"
#include "rules/critical_point/pattern.h"

/* Rational, or a ball matrix. */
typedef struct
{
    int exact;
    qmat_t q;                   /* if exact */
    arb_mat_t a;                /* always */
} enclosed_t;

void enclosed_init(enclosed_t *A, slong r, slong c);
void enclosed_clear(enclosed_t *A);

/* U (d x d) := an orthogonal matrix of eigenvectors of the symmetric Sigma, largest eigenvalues first,
   those in col(B) before the others of the same eigenvalue; captured[j] := 1 for the columns in
   col(B).  B = NULL: the zero space.  Returns 0 if col(B) is not invariant. */
int decompose_eigenvectors(enclosed_t *U, int *captured, const qmat_t Sigma, const qmat_t B, slong prec);

/* C := U^T A. */
void decompose_apply(enclosed_t *C, const enclosed_t *U, const qmat_t A, slong prec);

/* A critical point of a linear network: W_l..W_{k+2} = U V C with the matrices of Zhou & Liang 2018,
   Theorems 1 and 3 (L_{k+1} = W_{k+1} will do).  U: d_l x d_l, V: d_l x d_{k+1}, C: d_{k+1} x d_{k+1}.
   Returns 0 if the space is not invariant. */
int decompose_suffix(enclosed_t *U, qmat_t V, enclosed_t *C, const problem_t *P, const moments_t *M,
                     slong k, slong prec);

#endif
