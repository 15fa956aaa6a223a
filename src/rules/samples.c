/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include "kernel/limits.h"
#include "samples.h"

/* The matrix whose columns are compared. */
static _Thread_local const qmat_struct *sorted;

static int
compare_columns(const void *a, const void *b)
{
    slong i = *(const slong *) a, j = *(const slong *) b, k;
    int c = 0;

    for (k = 0; k < qmat_rows(sorted) && c == 0; k++)
        c = fmpz_cmp(fmpz_mat_entry(sorted->num, k, i), fmpz_mat_entry(sorted->num, k, j));
    return c;
}

slong
samples_group(slong *group, const qmat_t X)
{
    slong j, m = qmat_cols(X), n = 0, *order = flint_malloc(m * sizeof *order);

    for (j = 0; j < m; j++)
        order[j] = j;
    if (work_take(m, qmat_rows(X), 64, FLINT_ABS(fmpz_mat_max_bits(X->num)), 0))
    {   /* (sorting looks at 64 columns for each, at most) */
        sorted = X;
        qsort(order, m, sizeof *order, compare_columns);
        for (j = 0; j < m; j++)
            group[order[j]] = j == 0 || compare_columns(order + j - 1, order + j) != 0 ? n++ : n - 1;
    }
    else
        for (j = 0; j < m; j++)
            group[j] = 0;
    flint_free(order);
    return FLINT_MAX(n, 1);
}

slong
samples_count(const qmat_t X)
{
    slong *group = flint_malloc(qmat_cols(X) * sizeof *group), n = samples_group(group, X);

    flint_free(group);
    return n;
}

void
samples_indicators(qmat_t A, const qmat_t X)
{
    slong j, m = qmat_cols(X), *group = flint_malloc((m + 1) * sizeof *group), n = samples_group(group, X);
    qmat_t t;

    if (!work_keep(n, m, 64))
        n = 0;
    qmat_init(t, n, m);
    for (j = 0; j < m && n > 0; j++)
        fmpz_one(fmpz_mat_entry(t->num, group[j], j));
    qmat_swap(A, t);
    qmat_clear(t);
    flint_free(group);
}
