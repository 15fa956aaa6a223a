/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Triangular factors that prove M >= 0 (kernel/psd.h). */
#ifndef CERTIFY_FACTOR_H
#define CERTIFY_FACTOR_H

#include "kernel/facts.h"

/* Fill A and d of *e, such that psd_check accepts them for M; 0 if that failed. */

/* M = L D L^T exactly: also where M is singular.  Only while that is quick. */
int factor_exact(evidence_t *e, const qmat_t M);

/* A rounded factor of a positive definite M, in double precision first, with at most
   precision_limit bits then, beside what the scales of the rows take. */
int factor_rounded(evidence_t *e, const qmat_t M, slong precision_limit);

#endif
