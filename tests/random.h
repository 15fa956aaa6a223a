/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reproducible random rationals, matrices and problems for the tests. */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include "network/problem.h"

static unsigned long random_state = 1;

/* 0 .. n - 1 */
__attribute__((unused)) static slong
pick(slong n)
{
    random_state = random_state * 6364136223846793005UL + 1442695040888963407UL;
    return (slong) ((random_state >> 33) % (unsigned long) n);
}

/* numerators up to size in absolute value over a common denominator. */
__attribute__((unused)) static void
random_matrix(qmat_t A, slong r, slong c, slong size, slong den)
{
    slong i;
    qmat_t t;

    qmat_init(t, r, c);
    for (i = 0; i < r * c; i++)
        fmpz_set_si(fmpz_mat_entry(t->num, i / c, i % c), pick(2 * size + 1) - size);
    fmpz_set_si(t->den, den);
    qmat_canonicalise(t);
    qmat_swap(A, t);
    qmat_clear(t);
}

__attribute__((unused)) static void
add_to_diagonal(qmat_t A, slong num, slong den)
{
    slong i;
    qmat_t I;
    fmpq_t x;

    qmat_init(I, qmat_rows(A), qmat_cols(A));
    for (i = 0; i < FLINT_MIN(qmat_rows(A), qmat_cols(A)); i++)
        fmpz_one(fmpz_mat_entry(I->num, i, i));
    fmpq_init(x);
    fmpq_set_si(x, num, den);
    qmat_add_scaled(A, A, x, I);
    qmat_clear(I);
    fmpq_clear(x);
}

#endif
