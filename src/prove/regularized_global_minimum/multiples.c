/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Units that are not needed: the outputs of hidden units as vectors, and exact linear dependences among them. */
#include "config.h"
#include "kernel/scope.h"
#include "multiples.h"

/* Column i of A (k m x n): the outputs u_i s(w_i^T X') of unit i of those that are kept. */
static void
unit_outputs(qmat_t A, const units_in_t *in, const problem_t *P)
{
    slong i, j, r, n = qmat_rows(P->W), k = qmat_rows(P->W + 1), m = qmat_cols(P->X);
    fmpq *x = _fmpq_vec_init(n), *a = _fmpq_vec_init(k * m * n + 1);
    MATRICES(F);

    for (i = 0; i < n; i++)
    {
        fmpq_one(x + i);
        polar_outputs(F, in, P, x);
        fmpq_zero(x + i);
        for (r = 0; r < k; r++)
            for (j = 0; j < m; j++)
                qmat_get_entry(a + (r * m + j) * n + i, F, r, j);
    }
    qmat_set_entries(A, k * m, n, a);
    _fmpq_vec_clear(x, n);
    _fmpq_vec_clear(a, k * m * n + 1);
}

/* c := a dependence of the columns of A whose d_i > 0, 0 elsewhere; 0 if there is none. */
static int
dependence(fmpq *c, const qmat_t A, const fmpq *d)
{
    slong i, j, n = qmat_cols(A), used = 0, *at = flint_malloc((n + 1) * sizeof *at);
    fmpz_mat_t B, N;
    int found;

    for (i = 0; i < n; i++)
    {
        fmpq_zero(c + i);
        if (fmpq_sgn(d + i) > 0)
            at[used++] = i;
    }
    fmpz_mat_init(B, qmat_rows(A), used);
    fmpz_mat_init(N, used, used);
    for (i = 0; i < qmat_rows(A); i++)
        for (j = 0; j < used; j++)
            fmpz_set(fmpz_mat_entry(B, i, j), fmpz_mat_entry(A->num, i, at[j]));
    found = used > 0 && fmpz_mat_nullspace(N, B) > 0;
    for (j = 0; found && j < used; j++)
        fmpq_set_fmpz(c + at[j], fmpz_mat_entry(N, j, 0));
    fmpz_mat_clear(B);
    fmpz_mat_clear(N);
    flint_free(at);
    return found;
}

/* d := d + t c with the largest t for which it stays >= 0; 0 if t is not bounded. */
static int
step(fmpq *d, const fmpq *c, slong n)
{
    slong i;
    int bounded = 0;
    NUMBERS(t, x);

    for (i = 0; i < n; i++)
        if (fmpq_sgn(c + i) < 0)
        {
            fmpq_div(x, d + i, c + i);
            fmpq_neg(x, x);
            if (!bounded || fmpq_cmp(x, t) < 0)
                fmpq_set(t, x);
            bounded = 1;
        }
    for (i = 0; bounded && i < n; i++)
        fmpq_addmul(d + i, t, c + i);
    return bounded;
}

slong
reduce_units(fmpq *d, const units_in_t *in, const problem_t *P, const fmpq *cost)
{
    slong i, n = qmat_rows(P->W), zeros = 0;
    fmpq *c = _fmpq_vec_init(n);
    MATRICES(A);
    NUMBERS(sum);

    for (i = 0; i < n; i++)
        fmpq_one(d + i);
    unit_outputs(A, in, P);
    while (dependence(c, A, d))
    {
        fmpq_zero(sum);
        for (i = 0; i < n; i++)
            fmpq_addmul(sum, c + i, cost + i);
        for (i = 0; fmpq_sgn(sum) > 0 && i < n; i++)
            fmpq_neg(c + i, c + i);
        if (step(d, c, n))
            continue;
        for (i = 0; i < n; i++)         /* c >= 0 costs nothing: these units are 0 */
            fmpq_neg(c + i, c + i);
        if (!step(d, c, n))
            break;
    }
    for (i = 0; i < n; i++)
        zeros += fmpq_is_zero(d + i);
    _fmpq_vec_clear(c, n);
    return zeros;
}
