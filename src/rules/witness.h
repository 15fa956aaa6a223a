/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact points given as evidence, for refutations and for bounds that no
   valid constant can pass. */
#ifndef CERTIFY_WITNESS_H
#define CERTIFY_WITNESS_H

#include "neighbourhood.h"

/* Replaces the blocks of Q by the matrices of the roles "witness:i" or "better:i"
   (and its biases by "witness-bias:i"); 0 if absent. */
int witness_point(problem_t *Q, facts_t *f, int better, int required);

/* 1 if ||A|| <= rho in the norm: the Frobenius norm decides, or bounds the
   spectral one, for which evidence may be given.  Otherwise a failure. */
int witness_within(facts_t *f, const char *role, const qmat_t A, const fmpq_t rho, norm_kind norm);

/* 1 if the first n blocks of Q, and their biases, lie within the radii of those of P: roles distance:k as above. */
int witness_blocks_within(facts_t *f, const problem_t *Q, const problem_t *P, const fmpq *rho, slong n, norm_kind norm);

#endif
