/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/copy.h"
#include "within.h"

const char within_about_type[] = "within";

/* A := the block of the role, if it is given, and distance2 += the square of how far it is from what A was; 0 if it is no exact matrix. */
static int
take(qmat_t A, fmpq_t distance2, facts_t *f, int bias, slong k)
{
    within_about_t about = { .about = { within_about_type }, .what = WITHIN_ASKS_CENTRE, .bias = bias, .block = k };
    const qmat_struct *given;
    char role[ROLE_SIZE];
    MATRICES(t);
    NUMBERS(x);

    snprintf(role, sizeof role, "center%s:%ld", bias ? "-bias" : "", (long) k + 1);
    given = fact_matrix(f, role, qmat_rows(A), qmat_cols(A), &about.about, 0);
    if (given == NULL)
        return !f->failed;
    if (!qmat_is_exact(given))
        facts_fail(f, role, "the point is not exact");
    else
    {
        qmat_sub(t, given, A);
        qmat_frobenius2_midpoint(x, t);
        number_add(distance2, distance2, x);
        qmat_set(A, given);
    }
    return !f->failed;
}

int
within_centre(problem_t *Q, fmpq_t distance, const problem_t *P, facts_t *f)
{
    slong k;
    int ok = 1;

    problem_set(Q, P);
    fmpq_zero(distance);
    for (k = 0; k < Q->l && ok; k++)
        ok = take(Q->W + k, distance, f, 0, k) && (problem_bias(Q, k) == NULL || take(Q->b + k, distance, f, 1, k));
    number_sqrt_upper(distance, distance);
    return ok;
}
