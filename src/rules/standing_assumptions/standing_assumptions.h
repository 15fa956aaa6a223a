/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_STANDING_ASSUMPTIONS_H
#define CERTIFY_STANDING_ASSUMPTIONS_H

#include "kernel/facts.h"
#include "network/problem.h"

/* 1 if X X^T has rank d_0 and X Y^T rank min(d_0, d_l), else 0; both exact. */
int full_rank_decide(facts_t *f, const problem_t *P);

/* 1 if the eigenvalues of Sigma = Y X^+ X Y^T are pairwise distinct, else 0:
   its characteristic polynomial is square-free, or not. */
int distinct_eigenvalues_decide(facts_t *f, const problem_t *P);

#endif
