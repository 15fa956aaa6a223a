/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "copositive.h"
#include "scope.h"

/* One step of the elimination: A := the Schur complement of pivot k times the pivot, divided by the pivot
   before, which is exact (its entries are minors of the first pivots).  0 if a row of a pivot 0 is not 0. */
static int
eliminate(fmpz_mat_t A, slong k, fmpz_t before)
{
    const fmpz *p = fmpz_mat_entry(A, k, k);
    slong i, j, n = fmpz_mat_nrows(A);

    for (i = k + 1; i < n && fmpz_is_zero(p); i++)
        if (!fmpz_is_zero(fmpz_mat_entry(A, i, k)))
            return 0;
    if (fmpz_is_zero(p))
        return 1;
    for (i = k + 1; i < n; i++)
        for (j = k + 1; j <= i; j++)
        {
            fmpz *x = fmpz_mat_entry(A, i, j);
            fmpz_mul(x, x, p);
            fmpz_submul(x, fmpz_mat_entry(A, i, k), fmpz_mat_entry(A, j, k));
            fmpz_divexact(x, x, before);
        }
    fmpz_set(before, p);
    return 1;
}

slong
integers_psd_rank(const fmpz_mat_t M)
{
    slong k, n = fmpz_mat_nrows(M), rank = 0;
    fmpz_mat_t A;
    INTEGERS(before);

    fmpz_one(before);
    fmpz_mat_init_set(A, M);
    for (k = 0; k < n && rank >= 0; k++)
    {
        int sign = fmpz_sgn(fmpz_mat_entry(A, k, k));
        rank = sign >= 0 && eliminate(A, k, before) ? rank + sign : -1;
    }
    fmpz_mat_clear(A);
    return rank;
}

int
integers_psd(const fmpz_mat_t M)
{
    return integers_psd_rank(M) >= 0;
}

int
copositive_sufficient(const fmpz_mat_t M)
{
    slong i, j, n = fmpz_mat_nrows(M);
    int negative = 0, positive = 0, ok;
    fmpz_mat_t A;

    for (i = 0; i < n; i++)
    {
        if (fmpz_sgn(fmpz_mat_entry(M, i, i)) < 0)
            return 0;
        for (j = 0; j < i; j++)
        {
            negative |= fmpz_sgn(fmpz_mat_entry(M, i, j)) < 0;
            positive |= fmpz_sgn(fmpz_mat_entry(M, i, j)) > 0;
        }
    }
    if (!negative || integers_psd(M))
        return 1;
    if (!positive)
        return 0;
    fmpz_mat_init_set(A, M);
    for (i = 0; i < n; i++)
        for (j = 0; j < n; j++)
            if (i != j && fmpz_sgn(fmpz_mat_entry(A, i, j)) > 0)
                fmpz_zero(fmpz_mat_entry(A, i, j));
    ok = integers_psd(A);
    fmpz_mat_clear(A);
    return ok;
}
