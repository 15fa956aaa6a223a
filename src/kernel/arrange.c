/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>
#include "arrange.h"
#include "limits.h"
#include "number.h"
#include "scope.h"

static int
compare(const void *a, const void *b)
{
    slong x = *(const slong *) a, y = *(const slong *) b;

    return (x > y) - (x < y);
}

/* The most that a number >= 0 stands in a list. */
static slong
most_often(const slong *x, slong n)
{
    slong i, run = 0, most = 0, *sorted = flint_malloc((n + 1) * sizeof *sorted);

    memcpy(sorted, x, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare);
    for (i = 0; i < n; i++)
    {
        run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
        if (sorted[i] >= 0)
            most = FLINT_MAX(most, run);
    }
    flint_free(sorted);
    return most;
}

void
qmat_pick_rows(qmat_t B, const qmat_t A, const slong *row, slong n)
{
    slong i, j, c = qmat_cols(A), bits = 0;
    NUMBERS(x);
    qmat_t t;

    for (i = 0; i < n; i++)                     /* (A may have many more rows) */
        for (j = 0; j < c && row[i] >= 0; j++)
            bits = FLINT_MAX(bits, (slong) fmpz_bits(fmpz_mat_entry(A->num, row[i], j)));
    qmat_init(t, n, c);
    if (work_take(n, 1, c, bits, 0))
    {
        for (i = 0; i < n; i++)
        {
            if (row[i] < 0)
                continue;
            for (j = 0; j < c; j++)
                fmpz_set(fmpz_mat_entry(t->num, i, j), fmpz_mat_entry(A->num, row[i], j));
        }
        fmpz_set(t->den, A->den);
        fmpq_set_si(x, most_often(row, n), 1);
        number_mul(t->rad, A->rad, x);
        qmat_canonicalise(t);
    }
    qmat_swap(B, t);
    qmat_clear(t);
}

void
qmat_diagonals(qmat_t B, const qmat_t A)
{
    slong i, n = qmat_rows(A), *row = flint_malloc((n * n + 1) * sizeof *row);

    for (i = 0; i < n * n; i++)
        row[i] = i % n == i / n ? i % n : -1;
    qmat_pick_rows(B, A, row, n * n);
    flint_free(row);
}

static void
relay(qmat_t B, const qmat_t A, slong x, int up)
{
    slong y = up ? qmat_rows(A) : qmat_rows(A) / x, m = up ? qmat_cols(A) / x : qmat_cols(A), i, j, k;
    qmat_t t;

    qmat_init(t, up ? x * y : y, up ? m : x * m);
    if (work_take(qmat_rows(A), 1, qmat_cols(A), qmat_length(A), 0))
    {
        for (i = 0; i < x; i++)
            for (j = 0; j < y; j++)
                for (k = 0; k < m; k++)
                    if (up)
                        fmpz_set(fmpz_mat_entry(t->num, i * y + j, k), fmpz_mat_entry(A->num, j, i * m + k));
                    else
                        fmpz_set(fmpz_mat_entry(t->num, j, i * m + k), fmpz_mat_entry(A->num, i * y + j, k));
        fmpz_set(t->den, A->den);
        fmpq_set(t->rad, A->rad);
    }
    qmat_swap(B, t);
    qmat_clear(t);
}

void
qmat_lay_side_by_side(qmat_t B, const qmat_t A, slong x)
{
    relay(B, A, x, 0);
}

void
qmat_stack_up(qmat_t A, const qmat_t B, slong x)
{
    relay(A, B, x, 1);
}
