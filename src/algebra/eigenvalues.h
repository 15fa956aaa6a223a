/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Eigenvalues of exact matrices, isolated, with their multiplicities. */
#ifndef CERTIFY_EIGENVALUES_H
#define CERTIFY_EIGENVALUES_H

#include "kernel/matrix.h"

/* Spectra are isolated up to this order. */
#define LARGEST_SPECTRUM 100

typedef struct
{
    slong n;                    /* distinct eigenvalues, largest first */
    fmpq *low, *high;           /* low < x < high, pairwise disjoint, or low = x = high;
                                   zero is in none but its own */
    int digits;                 /* significant ones: rounded outwards to so many, the intervals,
                                   also those of the exact ones, are still disjoint */
    slong *multiplicity;
    slong *factor;              /* which irreducible factor x den is a root of */
    fmpz_poly_factor_t f;
    fmpz_t den;
    fmpq *a, *b;                /* a <= x <= b, as narrow as was needed so far */
    slong room;
} eigenvalues_t;

/* A symmetric, exact.  Rational eigenvalues are exact, the others decimals of so many digits, or as
   many as keep them apart. */
void eigenvalues_init(eigenvalues_t *e, const qmat_t A, int digits);
void eigenvalues_clear(eigenvalues_t *e);

/* low and high (room for e->n) := the same for the square roots of the eigenvalues, none of
   which is negative: rational ones exact, others decimals.  Returns how many digits they have:
   as many as asked for, or as keep them apart. */
int eigenvalues_roots(fmpq *low, fmpq *high, eigenvalues_t *e, int digits);

/* x := a ball around eigenvalue i, of prec relative bits. */
void eigenvalue_ball(arb_t x, eigenvalues_t *e, slong i, slong prec);

#endif
