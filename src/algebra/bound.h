/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evidence for spectral bounds: the largest mu with K - mu N >= 0, the
   smallest with mu I - K >= 0, and triangular factors that prove them. */
#ifndef CERTIFY_BOUND_H
#define CERTIFY_BOUND_H

#include "kernel/facts.h"

/* Relative slack of a bound that is not exact: 2^-22, far below the digits of constants. */
#define SLACK_BITS 22

/* Fills the value, A and d of *e.  The value is within 2^-bits of the best one, relatively,
   if precision_limit (in bits) allows.  Returns 0 if there is no positive bound (lower), or
   K is not known well enough; -1 if only the precision limit ended the search. */
int oracle_bound(evidence_t *e, const ask_t *ask, slong bits, slong precision_limit);

/* The same, and x (n x 1), at which the best value is nearly attained. */
int oracle_enclosure(evidence_t *e, qmat_t x, const ask_t *ask, slong bits,
                     slong precision_limit);

/* The bound 0, by an exact factor: the kernel may be anything. */
int oracle_psd(evidence_t *e, const ask_t *ask);

/* x (n x 1, exact) := an approximate eigenvector of the smallest, or largest, eigenvalue of
   K - mu N (N NULL: identity), K, respectively N, positive semidefinite: its quotient is as
   precise as bits say, if precision_limit allows.  0 on failure. */
int oracle_vector(qmat_t x, const qmat_t K, const qmat_t N, int largest, slong bits,
                  slong precision_limit);

#endif
