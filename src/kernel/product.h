/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact products of integer matrices: by limbs in doubles where that is shown to be exact,
   by FLINT otherwise (everywhere after configure --disable-exact-doubles). */
#ifndef CERTIFY_PRODUCT_H
#define CERTIFY_PRODUCT_H

#include "compat.h"

/* C (r x c) := A B, exactly, A r x k, B k x c; C is neither A nor B.  symmetric: the caller knows
   that A B is symmetric, and half of it is computed. */
void product(fmpz_mat_t C, const fmpz_mat_t A, const fmpz_mat_t B, int symmetric);

/* The same by limbs of doubles alone, if they are exact for these matrices: 0, and C unchanged, if not.
   For product and its tests. */
int product_by_limbs(fmpz_mat_t C, const fmpz_mat_t A, const fmpz_mat_t B, int symmetric);

/* Bits of the longest entry. */
slong integers_bits(const fmpz_mat_t A);

#endif
