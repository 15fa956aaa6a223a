/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "columns.h"

void
qmat_pick_columns(qmat_t A, const qmat_t B, const slong *column, slong n)
{
    slong i, j;
    qmat_t t;

    if (!qmat_is_exact(B))
        flint_abort();
    qmat_init(t, qmat_rows(B), n);
    for (i = 0; i < qmat_rows(B); i++)
        for (j = 0; j < n; j++)
            fmpz_set(fmpz_mat_entry(t->num, i, j), fmpz_mat_entry(B->num, i, column[j]));
    fmpz_set(t->den, B->den);
    qmat_canonicalise(t);
    qmat_swap(A, t);
    qmat_clear(t);
}
