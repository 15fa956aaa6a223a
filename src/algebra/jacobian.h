/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* G G^T for the Jacobian G of the residual (equations (17), (21) and (24) of
   Zhou & Liang 2017: the Hessian at a minimiser is G^T G).  G itself is never
   formed. */
#ifndef CERTIFY_JACOBIAN_H
#define CERTIFY_JACOBIAN_H

#include "network/network.h"

/* K x = mu N x has the eigenvalues of G G^T, but for zeros; N is positive
   definite.  Linear and residual networks: K = sum_i Q_i (x) O_i, N = S (x) I with
   Q_i = S T^T A_i^T A_i T S, O_i = P_i P_i^T, order p d_l.  One hidden layer with
   rational s: blocks <Phi_j, Phi_k> I + <x_j, x_k> W_2 diag(s'_j s'_k) W_2^T and
   N = D^{-1} (x) I, over the samples that count.  Returns 0 if the order is above
   most, at a kink, or for other networks. */
int jacobian_form(qmat_t K, qmat_t N, const problem_t *P, const moments_t *M, slong most);

/* The Q_i and O_i above, exact; vectors of nblocks matrices. */
void jacobian_factors(qmat_struct *Q, qmat_struct *O, const problem_t *P, const moments_t *M);

/* About the smallest non-zero singular value of G, and its norm (NULL: not
   wanted), in double precision; INFINITY if G is zero or too large. */
double jacobian_eta(double *norm, const problem_t *P, const moments_t *M);

#endif
