/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evidence for bounds of singular values of a matrix that is known itself: an approximate inverse of
   its triangular factor, and factors for norms, in doubles. */
#ifndef CERTIFY_ALGEBRA_INVERSE_H
#define CERTIFY_ALGEBRA_INVERSE_H

#include "kernel/inverse.h"

/* Below that order a factor of the Gram matrix is as quick, and shorter. */
#define INVERSE_ORDER 48

/* Fills *e, initialised, for an ask of its kind about ask->root.  The value is ask->bound.want if that is given,
   otherwise within about 2^-15 (2^-22 for small orders, 2^-26 if tight) of the best one, relatively.  0 if doubles do not
   suffice (a condition number above 2^30, say), or the wanted value is out of reach. */
int oracle_root(evidence_t *e, const ask_t *ask, int tight);

/* x (n x 1) := a vector at which ||A x|| / ||x|| is nearly the largest, or the smallest, singular value of A (m x n; m >= n
   for the smallest).  0 if doubles do not suffice. */
int root_vector(qmat_t x, const qmat_t A, int largest);

#endif
