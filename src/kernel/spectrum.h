/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact spectra of rational matrices: the distinct eigenvalues are the roots of
   the square-free factors of the characteristic polynomial, and a change of sign
   between two rationals shows a root between them. */
#ifndef CERTIFY_SPECTRUM_H
#define CERTIFY_SPECTRUM_H

#include "matrix.h"

typedef struct
{
    fmpz_poly_factor_t f;   /* of the characteristic polynomial of den A: square-free,
                               pairwise coprime; the exponent is the multiplicity */
    fmpz_t den;
    slong distinct;         /* number of distinct eigenvalues over the complex numbers */
} spectrum_t;

/* The spectrum of an exact square matrix.  Returns 0, and an empty spectrum,
   beyond the limits; the caller clears it either way. */
int spectrum_init(spectrum_t *s, const qmat_t A);
void spectrum_clear(spectrum_t *s);

/* The multiplicity of an eigenvalue x with low < x < high, or x = low = high,
   shown by exactly one square-free factor that changes its sign, or is zero; 0 if
   there is none.  If as many disjoint intervals as there are distinct eigenvalues
   give a multiplicity, then each holds exactly one eigenvalue, of that
   multiplicity. */
slong spectrum_multiplicity(const spectrum_t *s, const fmpq_t low, const fmpq_t high);

/* 1 iff the eigenvalues of the exact square matrix A are pairwise distinct. */
int spectrum_is_distinct(const qmat_t A);

#endif
