/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "psd.h"
#include "number.h"
#include "scope.h"

/* 1 if E_ii - sum_{j != i} |E_ij| >= rad for every row of the midpoint of E. */
static int
dominates(const qmat_t E, const fmpq_t rad)
{
    slong i, j, n = qmat_rows(E);
    int ok = 1;
    INTEGERS(s, bound);

    fmpz_mul(bound, fmpq_numref(rad), E->den);
    fmpz_cdiv_q(bound, bound, fmpq_denref(rad));        /* s is an integer */
    for (i = 0; i < n && ok; i++)
    {
        fmpz_set(s, fmpz_mat_entry(E->num, i, i));
        for (j = 0; j < n; j++)
        {
            const fmpz *e = fmpz_mat_entry(E->num, i, j);
            if (j == i)
                continue;
            if (fmpz_sgn(e) < 0)
                fmpz_add(s, s, e);
            else
                fmpz_sub(s, s, e);
        }
        ok = fmpz_cmp(s, bound) >= 0;
    }
    return ok;
}

int
psd_check(const qmat_t M, const qmat_t L, const fmpq *d)
{
    slong j, n = qmat_rows(M), k = qmat_cols(L);
    int ok;
    MATRICES(P, Lt, E);

    if (!qmat_midpoint_is_symmetric(M) || qmat_rows(L) != n || !qmat_is_exact(L))
        return 0;
    for (j = 0; d != NULL && j < k; j++)
        if (fmpq_sgn(d + j) < 0)
            return 0;
    if (d == NULL)
        qmat_gram_rows(P, L);
    else
    {
        qmat_scale_columns(P, L, d);
        qmat_transpose(Lt, L);
        qmat_mul(P, P, Lt);
    }
    qmat_set(E, M);
    fmpq_zero(E->rad);
    qmat_sub(E, E, P);
    ok = dominates(E, M->rad);
    return ok;
}
