/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Least squares among matrices of rank at most k: the minimisers of tr((Z - N S^{-1}) S (Z - N S^{-1})^T), S positive definite, which capture the k
   largest eigenvalues of Sigma = N S^{-1} N^T (Eckart & Young). */
#ifndef CERTIFY_LOW_RANK_H
#define CERTIFY_LOW_RANK_H

#include "kernel/facts.h"

/* Pencils with the eigenvalues of Sigma on the column space of Z, (C, G), and on its complement, (D, K); G and K positive definite. */
typedef struct
{
    qmat_t C, G, D, K;
} low_rank_t;

void low_rank_init(low_rank_t *c);
void low_rank_clear(low_rank_t *c);
/* Z (n x p) has rank k, Z S equals the projection of N onto its column space, which Sigma maps into itself: then Z is a minimiser if and only
   if the eigenvalues of (C, G) are at least those of (D, K).  Otherwise a failure, which says what is not so. */
int low_rank_find(low_rank_t *c, facts_t *f, const qmat_t Z, const qmat_t S, const qmat_t N, const qmat_t Sigma, slong k);
/* 1 if they are, without evidence, for small matrices; 0 beyond the limits, too. */
int low_rank_captures_largest(const low_rank_t *c);

#endif
