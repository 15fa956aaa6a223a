/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include "about.h"
#include "kernel/number.h"
#include "witness.h"
#include "kernel/scope.h"

const char about_once_type[] = "once";
const about_t about_once = { about_once_type };
const char about_point_type[] = "point";
const char about_segment_type[] = "segment";

/* A := the block of a point that the role gives; 0 if absent. */
static int
take_block(qmat_t A, facts_t *f, int better, int bias, slong i, int required)
{
    char role[ROLE_SIZE];
    about_point_t about = { { about_point_type }, better, bias, i };
    const qmat_struct *given;

    snprintf(role, sizeof role, "%s%s:%ld", better ? "better" : "witness", bias ? "-bias" : "",
             (long) i + 1);
    given = fact_matrix(f, role, qmat_rows(A), qmat_cols(A), &about.about, required);
    if (given != NULL)
        qmat_set(A, given);
    return given != NULL;
}

int
witness_point(problem_t *Q, facts_t *f, int better, int required)
{
    slong i;

    for (i = 0; i < Q->nblocks; i++)
        if (!take_block(Q->W + i, f, better, 0, i, required || i > 0)
            || (problem_bias(Q, i) != NULL && !take_block(Q->b + i, f, better, 1, i, 1)))
            return 0;
    return 1;
}

int
witness_within(facts_t *f, const char *role, const qmat_t A, const fmpq_t rho, norm_kind norm)
{
    int ok;
    NUMBERS(x, r2);
    qmat_t K;

    number_mul(r2, rho, rho);
    qmat_frobenius2_midpoint(x, A);
    ok = fmpq_cmp(x, r2) <= 0;
    if (!ok && norm != NORM_FROBENIUS)
    {
        qmat_init(K, 0, 0);
        qmat_gram_smaller(K, A);
        fact_upper_about(x, f, role, "\\|W - W^*\\|_2^2", K, r2, &about_once);
        ok = fmpq_cmp(x, r2) <= 0;
        qmat_clear(K);
    }
    if (!ok)
        facts_fail(f, role, "the point is not shown to lie in the neighbourhood");
    return ok;
}

int
witness_blocks_within(facts_t *f, const problem_t *Q, const problem_t *P, const fmpq *rho, slong n, norm_kind norm)
{
    slong i;
    char role[ROLE_SIZE];
    int ok = 1;
    MATRICES(A);

    for (i = 0; i < n && ok; i++)
    {
        snprintf(role, sizeof role, "distance:%ld", (long) i + 1);
        qmat_sub(A, Q->W + i, P->W + i);
        ok = witness_within(f, role, A, rho + i, norm);
        if (!ok || problem_bias(P, i) == NULL)
            continue;
        qmat_sub(A, problem_bias(Q, i), problem_bias(P, i));
        ok = witness_within(f, role, A, rho + i, NORM_FROBENIUS);
    }
    return ok;
}
