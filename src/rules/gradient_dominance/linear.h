/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the bounds of linear and residual networks share; inside the family only. */
#ifndef CERTIFY_GRADIENT_DOMINANCE_LINEAR_H
#define CERTIFY_GRADIENT_DOMINANCE_LINEAR_H

#include "chain.h"
#include "gradient_dominance.h"

/* The chains of the network: the units M_k, and inside unit k the A_kq. */
typedef struct
{
    facts_t *f;
    const problem_t *P;
    const moments_t *M;
    qmat_struct *unit;
    fmpq *unit_rho;
    chain_t units;
    chain_t *inner;             /* residual, r >= 2; else NULL */
} net_t;

/* s2 from the matrix inequality.  From ||grad_i|| >= n - sum_j y_j, n the
   leading form's root and y_j^2 = coefficient_j form_j, Cauchy's inequality
   gives  ||grad_i||^2 >= w n^2 - sum_j m_j y_j^2  whenever m_j > 0 and
   w (1 + sum_j 1/m_j) <= 1:  n^2 <= (1 + sum 1/m_j) (||grad_i||^2 + sum m_j y_j^2).
   The multipliers w, m_j come from the certificate. */
void gd_joint_bound(fmpq_t s2, net_t *n, int reduced, const fmpq *want);

#endif
