/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bounds of singular values of a matrix that is known itself, not only its Gram matrix: the condition number enters
   once instead of twice, and all integers stay short.  Proofs: doc/certificate-format.md, "What the evidence means". */
#ifndef CERTIFY_INVERSE_H
#define CERTIFY_INVERSE_H

#include "facts.h"

/* t >= ||A|| for every matrix of the ball A: with A' = A rounded to multiples of 2^-bits, K the smaller Gram matrix of its
   midpoint and square I - K >= 0 shown by the factor, t = sqrt(square) + rad A'.  0 if that is not shown. */
int norm_root(fmpq_t t, const qmat_t A, const evidence_t *e);
/* ||A x|| >= (c / t) ||x|| for every matrix of the ball A (m x n, m >= n), c > 0: with A' = A rounded, Q = A' S rounded and
   r = ||Q^T Q - I||_inf, of midpoints, c = sqrt(1 - r) - rad Q, and t >= ||S|| as above.  0 if that is not shown. */
int inverse_root(fmpq_t c, fmpq_t t, const qmat_t A, const evidence_t *e);

/* mu := a verified mu with A^T A - mu I >= 0, respectively mu I - A^T A >= 0, and a note of it, from a block of the kind
   "inverse", respectively "norm", for the role.  Returns 0 without one (another kind of block may be there): nothing
   has happened then.  After a failure mu = 0. */
int fact_inverse(fmpq_t mu, facts_t *f, const char *role, const char *meaning, const qmat_t A, const fmpq *want, const about_t *about);
int fact_norm(fmpq_t mu, facts_t *f, const char *role, const char *meaning, const qmat_t A, const fmpq *want, const about_t *about);

/* mu := a verified mu with mu I - A^T A >= 0 from a block "norm", or else from one "bound" about the smaller Gram matrix,
   rounded if round, or else from its Frobenius norm: fact_upper. */
void fact_norm2(fmpq_t mu, facts_t *f, const char *role, const char *meaning, const qmat_t A, int round, const about_t *about);

#endif
