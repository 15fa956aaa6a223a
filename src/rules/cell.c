/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cell.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"

/* A := the rows d o s for the slopes d of n units and the rows s of S. */
static void
times_slopes(qmat_t A, const qmat_t S, const qmat_t slopes, const slong *unit, slong n)
{
    slong a, i, j, r = qmat_rows(S);
    NUMBERS(rows);
    qmat_t t, d;

    if (!work_keep(2 * n * r, qmat_cols(S), 64 + FLINT_ABS(fmpz_mat_max_bits(S->num))))
        n = 0;
    qmat_init(t, n * r, qmat_cols(S));
    qmat_init(d, n * r, qmat_cols(S));
    for (a = 0; a < n; a++)
        for (i = 0; i < r; i++)
            for (j = 0; j < qmat_cols(S); j++)
            {
                fmpz_set(fmpz_mat_entry(t->num, a * r + i, j), fmpz_mat_entry(S->num, i, j));
                fmpz_set(fmpz_mat_entry(d->num, a * r + i, j), fmpz_mat_entry(slopes->num, unit[a], j));
            }
    fmpz_set(t->den, S->den);
    fmpz_set(d->den, slopes->den);
    fmpq_set_si(rows, n * r, 1);                /* (its root would do) */
    number_mul(t->rad, rows, S->rad);
    number_mul(d->rad, rows, slopes->rad);
    qmat_mul_entries(A, t, d);
    qmat_clear(t);
    qmat_clear(d);
}

void
cell_times_row(qmat_t A, const qmat_t S, const qmat_t d)
{
    slong first = 0;

    times_slopes(A, S, d, &first, 1);
}

void
cell_append(qmat_t S, const qmat_t A)
{
    if (qmat_rows(S) == 0)
        qmat_set(S, A);
    else
        qmat_stack(S, S, A);
}

void
cell_append_ones(qmat_t S, slong m)
{
    MATRICES(ones);

    qmat_ones(ones, 1, m);
    cell_append(S, ones);
}

int
cell_reduce(qmat_t S)
{
    slong *pivots = flint_malloc((qmat_rows(S) + 1) * sizeof *pivots), p;
    MATRICES(T, R);

    p = rank_factor_rows(T, R, pivots, S, FLINT_MIN(qmat_rows(S), qmat_cols(S)));
    flint_free(pivots);
    if (p > 0)
        qmat_swap(S, R);
    else if (p == 0)
        qmat_set(S, R);
    return p >= 0;
}

int
cell_same_slopes(const qmat_t slopes, slong i, slong k)
{
    slong j, m = qmat_cols(slopes);

    for (j = 0; j < m; j++)
        if (!fmpz_equal(fmpz_mat_entry(slopes->num, k, j), fmpz_mat_entry(slopes->num, i, j)))
            break;
    work_take(1, 1, j + 1, 0, 0);
    return j == m;
}

int
cell_is_repeated(const qmat_t slopes, slong i)
{
    slong k;

    for (k = 0; k < i && work_exceeded() == NULL; k++)
        if (cell_same_slopes(slopes, i, k))
            return 1;
    return 0;
}

/* all gets the rows of S, of layer k, if a skip starts there. */
static void
append_skip(qmat_t all, const qmat_t S, const problem_t *P, slong k)
{
    slong i;

    for (i = 0; i < P->skips; i++)
        if (P->skip[i] == k && qmat_rows(S) > 0)
            cell_append(all, S);
}

int
cell_space(qmat_t S, const pass_t *p)
{
    slong i, k, n, m = qmat_cols(p->P->X), *unit;
    MATRICES(next, all);
    int ok;

    qmat_set(S, p->P->X);
    if (problem_bias(p->P, 0) != NULL)
        cell_append_ones(S, m);
    ok = cell_reduce(S);
    append_skip(all, S, p->P, 0);
    for (k = 0; ok && k < p->l - 1 && p->P->act != NULL; k++)
    {
        unit = flint_malloc((qmat_rows(p->slope + k) + 1) * sizeof *unit);
        for (n = i = 0; i < qmat_rows(p->slope + k); i++)
            if (!cell_is_repeated(p->slope + k, i))
                unit[n++] = i;
        if (n > 0 && qmat_rows(S) > 0)
            times_slopes(next, S, p->slope + k, unit, n);
        flint_free(unit);
        if (problem_bias(p->P, k + 1) != NULL)
            cell_append_ones(next, m);
        if (p->P->kind == NET_RESNET && k == p->l - 3)
            cell_append(next, p->P->X);              /* the input of W is X + R H_{l-2} */
        ok = qmat_rows(next) == 0 || cell_reduce(next);
        qmat_swap(S, next);
        append_skip(all, S, p->P, k + 1);
        qmat_clear(next);
        qmat_init(next, 0, 0);
    }
    if (ok && qmat_rows(all) > 0)
    {
        if (qmat_rows(S) > 0)
            cell_append(all, S);
        qmat_swap(S, all);
        ok = cell_reduce(S);
    }
    return ok;
}
