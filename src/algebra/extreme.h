/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guesses of the smallest or largest eigenvalue mu of K x = mu N x, and of its vector:
   what they are good for is shown by exact arithmetic afterwards. */
#ifndef CERTIFY_EXTREME_H
#define CERTIFY_EXTREME_H

#include "kernel/matrix.h"

/* K and N symmetric, of one order; N NULL: the identity. */
typedef struct
{
    const qmat_struct *K, *N;
    int largest;
    slong bits;                 /* how precise mu should be, relatively */
} extreme_t;

/* q := <x, K x> / <x, N x>, exactly: never below the smallest eigenvalue, nor above the
   largest; 0 if x = 0. */
void extreme_quotient(fmpq_t q, const extreme_t *p, const qmat_t x);

/* In double precision: x (n x 1) and mu, its quotient; x NULL: mu alone, as LAPACK gives it.
   *reliable says whether its relative error should be small.  0 on failure. */
int extreme_double(fmpq_t mu, qmat_t x, int *reliable, const extreme_t *p);

/* The same at prec bits; x is not NULL.  *reliable: its relative error is below 2^-bits,
   whatever the condition number.  Needs K (smallest), respectively N (largest), positive
   semidefinite. */
int extreme_long(fmpq_t mu, qmat_t x, int *reliable, const extreme_t *p, slong prec);

#endif
