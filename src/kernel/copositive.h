/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact tests of small symmetric integer matrices, without evidence. */
#ifndef CERTIFY_COPOSITIVE_H
#define CERTIFY_COPOSITIVE_H

#include "compat.h"

/* 1 iff the symmetric integer matrix M (n x n) is positive semidefinite: elimination without fractions
   (Bareiss), the pivots in their order; a pivot 0 asks for a row of zeros. */
int integers_psd(const fmpz_mat_t M);
/* The rank of M if it is positive semidefinite, -1 if it is not. */
slong integers_psd_rank(const fmpz_mat_t M);
/* 1 only if M (symmetric, n x n) is copositive, t^T M t >= 0 for all t >= 0: the diagonal is >= 0 and
   no entry is negative, or M is positive semidefinite, or it is so without its positive entries off the
   diagonal.  Sufficient, not necessary. */
int copositive_sufficient(const fmpz_mat_t M);

#endif
