/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "columns.h"
#include "number.h"
#include "scope.h"

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

void
qmat_scale_columns_by_roots(qmat_t B, const qmat_t A, const fmpq *d)
{
    slong j, c = qmat_cols(A);
    fmpq *root;
    NUMBERS(high, most, error, norm, radius);
    MATRICES(M);

    for (j = 0; j < c && fmpq_is_one(d + j); j++)
        ;
    if (j == c)
    {   /* the usual weights */
        qmat_set(B, A);
        return;
    }
    root = _fmpq_vec_init(c);
    for (j = 0; j < c; j++)
    {
        number_sqrt_lower(root + j, d + j);
        number_round_down(root + j, root + j);
        number_sqrt_upper(high, d + j);
        if (fmpq_cmp(high, most) > 0)
            fmpq_set(most, high);
        number_sub(high, high, root + j);
        if (fmpq_cmp(high, error) > 0)
            fmpq_set(error, high);
    }
    /* |A| (largest error of a root) + rad A (largest root) */
    number_mul(radius, most, A->rad);
    if (!fmpq_is_zero(error))
    {
        qmat_frobenius2_midpoint(norm, A);
        number_sqrt_upper(norm, norm);
        number_addmul(radius, norm, error);
    }
    number_round_up(radius, radius);
    qmat_set(M, A);
    fmpq_zero(M->rad);
    qmat_scale_columns(B, M, root);
    fmpq_swap(B->rad, radius);
    _fmpq_vec_clear(root, c);
}
