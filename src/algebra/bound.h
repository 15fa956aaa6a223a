/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evidence for spectral bounds: the largest mu with K - mu N >= 0, the
   smallest with mu I - K >= 0, and triangular factors that prove them. */
#ifndef CERTIFY_BOUND_H
#define CERTIFY_BOUND_H

#include "kernel/facts.h"

/* Fills the value, A and d of *e.  precision_limit in bits.  Returns 0 if no
   positive bound (lower), or no factor, could be found. */
int oracle_bound(evidence_t *e, const ask_t *ask, slong precision_limit);

/* The bound 0, by an exact factor: the kernel may be anything. */
int oracle_psd(evidence_t *e, const ask_t *ask);

/* x (n x 1, exact) := an approximate eigenvector of the smallest eigenvalue of
   K - mu N (N NULL: identity), as precise as it needs to be.  0 on failure. */
int oracle_min_vector(qmat_t x, const qmat_t K, const qmat_t N, slong precision_limit);

#endif
