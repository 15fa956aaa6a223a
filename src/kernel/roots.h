/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Real algebraic numbers: the positive roots of an integer polynomial, and exact signs of polynomials there. */
#ifndef CERTIFY_ROOTS_H
#define CERTIFY_ROOTS_H

#include "compat.h"

typedef struct
{
    fmpz_poly_t f;              /* square-free, and the number is one of its roots: */
    slong index;                /* this many of its real roots are smaller */
    arb_t x;                    /* a ball that contains it, and no other root of f */
    slong prec;                 /* bits of the ball */
    slong multiplicity;         /* in the polynomial it comes from */
} root_t;

/* The positive roots of f, largest first: *count of them.  All roots of f are real (the caller's business: a characteristic polynomial of a matrix
   that is similar to a symmetric one).  NULL, and *count = -1, beyond the limits. */
root_t *roots_positive(slong *count, const fmpz_poly_t f);
void roots_clear(root_t *r, slong count);

/* *sign := that of p at the root, exactly.  0 beyond the limits. */
int root_sign(int *sign, root_t *r, const fmpz_poly_t p);
/* *sign := that of c + the sum of p_i at the n roots, if it is not 0; 0 if balls of the most bits do not show it, or beyond the limits. */
int roots_sum_sign(int *sign, root_t **r, const fmpz_poly_struct *p, slong n, const fmpq_t c);
/* 1 if the root is an integer, x. */
int root_is_integer(fmpz_t x, root_t *r);

#endif
