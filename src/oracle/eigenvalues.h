/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Eigenvalues of exact matrices, isolated, with their multiplicities, and
   enclosed eigenvectors. */
#ifndef CERTIFY_EIGENVALUES_H
#define CERTIFY_EIGENVALUES_H

#include "../rules/claim.h"

typedef struct
{
    slong n;                    /* distinct eigenvalues, largest first */
    fmpq *low, *high;           /* low < x < high, pairwise disjoint, or low = x = high;
                                   zero is in none but its own */
    int digits;                 /* significant ones of low and high */
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

/* x := a ball around eigenvalue i, of prec relative bits. */
void eigenvalue_ball(arb_t x, eigenvalues_t *e, slong i, slong prec);

/* The patterns of a critical point, for its certificate of so many bytes.  Returns 0, and adds
   none, if a captured space is not invariant, or checking them is beyond the limits of
   the format. */
int oracle_patterns(conclusion_t *k, const problem_t *P, const moments_t *M, size_t bytes);

#endif
