/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Critical points and global minimisers from the formulas of the theorems. */
#ifndef CERTIFY_CONSTRUCT_H
#define CERTIFY_CONSTRUCT_H

#include "network/network.h"

/* A space spanned by eigenvectors of Sigma. */
typedef struct
{
    qmat_t B;                   /* d_l x p, a basis; orthonormal columns where that is rational */
    arb_mat_t ball;             /* if not exact: orthonormal eigenvectors, B their midpoints rounded */
    int exact;
} captured_t;

/* counts = NULL: all of them, B = I.  For counts[i] eigenvectors of the i-th distinct eigenvalue (largest first; at
   most its multiplicity) of the symmetric matrix Sigma.  bits: of the rounding. */
void captured_init(captured_t *c, const qmat_t Sigma, const slong *counts, slong bits);
void captured_clear(captured_t *c);

/* The blocks of V, a linear network with blocks of the right shapes, := the
   critical point with W_l..W_k = B S C_k, W_k = C_{k+1}^{-1} S C_k and
   W_1 = C_2^{-1} S (B^T B)^{-1} B^T Y X^+, S ones on the diagonal (Zhou & Liang 2017, Proposition 1; 2018,
   (1), (2), (4), (5) with L = 0; Vidal, Zhu & Haeffele 2020, (1.24)).  B: d_l x p, p at most every
   width; C: C_2 .. C_l, invertible, or NULL for identities.  Returns 0 if some C_k is singular. */
int construct_linear(problem_t *V, const moments_t *M, const qmat_t B, const qmat_struct *C);

/* The blocks of a residual network := the global minimiser M_l = C_l, M_k = C_{k+1}^{-1} C_k,
   M_1 = C_2^{-1} Y X^+ of units M_k = I + A_kr..A_k1, A_kr = C_kr, A_kq = C_{k,q+1}^{-1} C_kq,
   A_k1 = C_k2^{-1} (M_k - I) (Zhou & Liang 2017, Proposition 2, with U and U_k taken into the C).
   C: C_2 .. C_l; D: C_12 .. C_1r, .. C_lr; either NULL for identities. */
int construct_residual(problem_t *V, const moments_t *M, const qmat_struct *C,
                       const qmat_struct *D);

/* x := an upper bound of the largest ||W_k - W_k'||_F, W' the exact critical point
   of which construct_linear with c->B gave W.  Returns 0 if bits of precision did not suffice. */
int construct_distance(fmpq_t x, const problem_t *W, const moments_t *M, const captured_t *c,
                       const qmat_struct *C, slong prec);

#endif
