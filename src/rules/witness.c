/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include "witness.h"

int
witness_point(problem_t *Q, facts_t *f, const char *role, int required)
{
    slong i;
    char name[ROLE_SIZE];
    const qmat_struct *A;

    for (i = 0; i < Q->nblocks; i++)
    {
        snprintf(name, sizeof name, "%s:%ld", role, (long) i + 1);
        A = fact_matrix(f, name, qmat_rows(Q->W + i), qmat_cols(Q->W + i), NULL,
                        required || i > 0);
        if (A == NULL)
            return 0;
        qmat_set(Q->W + i, A);
        if (Q->b == NULL)
            continue;
        snprintf(name, sizeof name, "%s-bias:%ld", role, (long) i + 1);
        A = fact_matrix(f, name, qmat_rows(Q->b + i), 1, NULL, 1);
        if (A == NULL)
            return 0;
        qmat_set(Q->b + i, A);
    }
    return 1;
}

int
witness_within(facts_t *f, const char *role, const qmat_t A, const fmpq_t rho, norm_kind norm)
{
    int ok;
    fmpq_t x, r2;
    qmat_t K;

    fmpq_init(x);
    fmpq_init(r2);
    fmpq_mul(r2, rho, rho);
    qmat_frobenius2_midpoint(x, A);
    ok = fmpq_cmp(x, r2) <= 0;
    if (!ok && norm != NORM_FROBENIUS)
    {
        qmat_init(K, 0, 0);
        qmat_gram_smaller(K, A);
        fact_upper(x, f, role, "\\|W - W^*\\|^2", K, r2);
        ok = fmpq_cmp(x, r2) <= 0;
        qmat_clear(K);
    }
    if (!ok)
        facts_fail(f, role, "the point is not shown to lie in the neighbourhood");
    fmpq_clear(x);
    fmpq_clear(r2);
    return ok;
}
