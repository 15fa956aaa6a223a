/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rank.h"

slong
rank_of(const qmat_t A)
{
    if (!qmat_is_exact(A))
        flint_abort();
    return fmpz_mat_rank(A->num);
}

slong
rank_factor_rows(qmat_t T, qmat_t B, slong *pivots, const qmat_t A)
{
    slong i, j, p, n = qmat_rows(A), c = qmat_cols(A);
    fmpz_mat_t At, R;
    fmpz_t den;
    qmat_t t, b, check;

    if (!qmat_is_exact(A))
        flint_abort();
    fmpz_mat_init(At, c, n);
    fmpz_mat_init(R, c, n);
    fmpz_init(den);
    fmpz_mat_transpose(At, A->num);
    p = fmpz_mat_rref(R, den, At);      /* A^T = (pivot columns of A^T) R/den */
    if (p == 0)
        fmpz_one(den);
    for (i = 0, j = 0; i < p; i++)
    {
        while (j < n && fmpz_is_zero(fmpz_mat_entry(R, i, j)))
            j++;
        pivots[i] = j;
    }
    qmat_init(t, n, p);
    qmat_init(b, p, c);
    qmat_init(check, 0, 0);
    for (i = 0; i < n; i++)
        for (j = 0; j < p; j++)
            fmpz_set(fmpz_mat_entry(t->num, i, j), fmpz_mat_entry(R, j, i));
    fmpz_set(t->den, den);
    if (fmpz_sgn(t->den) < 0)
    {
        fmpz_neg(t->den, t->den);
        fmpz_mat_neg(t->num, t->num);
    }
    qmat_canonicalise(t);
    for (i = 0; i < p; i++)
        for (j = 0; j < c; j++)
            fmpz_set(fmpz_mat_entry(b->num, i, j), fmpz_mat_entry(A->num, pivots[i], j));
    fmpz_set(b->den, A->den);
    qmat_canonicalise(b);
    qmat_mul(check, t, b);
    if (!qmat_equal(check, A))
        p = -1;
    qmat_swap(T, t);
    qmat_swap(B, b);
    qmat_clear(t);
    qmat_clear(b);
    qmat_clear(check);
    fmpz_mat_clear(At);
    fmpz_mat_clear(R);
    fmpz_clear(den);
    return p;
}

int
spectrum_is_distinct(const qmat_t A)
{
    fmpz_poly_t f;
    int distinct;

    if (!qmat_is_exact(A) || qmat_rows(A) != qmat_cols(A))
        flint_abort();
    fmpz_poly_init(f);
    fmpz_mat_charpoly(f, A->num);       /* of den A: the same multiplicities */
    distinct = fmpz_poly_is_squarefree(f);
    fmpz_poly_clear(f);
    return distinct;
}
