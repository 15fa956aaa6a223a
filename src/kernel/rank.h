/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact rank of rational matrices. */
#ifndef CERTIFY_RANK_H
#define CERTIFY_RANK_H

#include "matrix.h"

/* The rank of an exact matrix (fraction-free or multi-modular elimination of
   FLINT, which is exact). */
slong rank_of(const qmat_t A);

/* The rank of the symmetric exact matrix A if it is positive semidefinite; -1 if it is not, or beyond the limits.  Without evidence, for
   small matrices. */
slong rank_if_psd(const qmat_t A);

/* Full-rank factorisation by rows: pivots := the indices of p independent
   rows of the exact matrix A (room for rows(A)), B := those rows (p x c),
   T (rows(A) x p) with A = T B.  The rank is known to be at most most, from
   which the cost is estimated.  The factorisation is re-multiplied before
   it is returned; returns p, or -1 if that check fails (the limits of the
   format, or a library bug). */
slong rank_factor_rows(qmat_t T, qmat_t B, slong *pivots, const qmat_t A, slong most);

#endif
