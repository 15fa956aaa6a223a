/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cell.h"
#include "flat.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "samples.h"

/* Chains at the most (where weights are 0 there may be as many as the product of the numbers of slopes of the
   layers), and what each costs besides, per unit and squared: small matrices. */
#define MOST_CHAINS 4096
#define CHAIN_WORK 128

static int
is_piecewise(const pass_t *p, slong k)
{
    return p->P->act == NULL || activation_is_rational(p->P->act[k].kind);
}

/* 1 if the features of the layers 1 .. k are exact. */
static int
is_exact_up_to(const pass_t *p, slong k)
{
    slong i;

    for (i = 0; i < k; i++)
        if (!is_piecewise(p, i))
            return 0;
    return 1;
}

/* 1 if units i and j of layer k + 1 have the same slopes. */
static int
is_alike(const pass_t *p, slong k, slong i, slong j)
{
    return i == j || (is_piecewise(p, k) && (p->P->act == NULL || cell_same_slopes(p->slope + k, i, j)));
}

/* 1 if rows i and j of A are equal. */
static int
same_row(const qmat_t A, slong i, slong j)
{
    slong c;

    for (c = 0; c < qmat_cols(A); c++)
        if (!fmpz_equal(fmpz_mat_entry(A->num, i, c), fmpz_mat_entry(A->num, j, c)))
            return 0;
    return 1;
}

/* (a), for transcendental features.  (Equal rows of the R of a resnet do not give equal rows of X + R Z.) */
static void
find_twins(char *is_free, const pass_t *p, slong k)
{
    const qmat_struct *W = p->P->W + k, *b = problem_bias(p->P, k);
    slong i, j, n = p->P->kind == NET_RESNET && k == p->l - 2 ? 0 : qmat_rows(W);

    for (i = 0; i < n && work_take(n, 1, qmat_cols(W), 0, 0); i++)
        for (j = 0; j < i; j++)
            if (same_row(W, i, j) && (b == NULL || same_row(b, i, j)))
                is_free[i] = is_free[j] = 1;
}

/* (a), exactly. */
static int
find_dependent(char *is_free, const pass_t *p, slong k)
{
    slong i, a, r, n = qmat_rows(p->P->W + k), *pivots;
    char *pivot;
    MATRICES(all, T, B);

    if (!is_exact_up_to(p, k + 1))
    {
        find_twins(is_free, p, k);
        return 1;
    }
    pass_input_rows(all, p, k + 1);
    pivots = flint_malloc((qmat_rows(all) + 1) * sizeof *pivots);
    pivot = flint_calloc(qmat_rows(all) + 1, 1);
    r = rank_factor_rows(T, B, pivots, all, FLINT_MIN(qmat_rows(all), qmat_cols(all)));
    for (a = 0; a < r; a++)
        pivot[pivots[a]] = 1;
    for (i = 0; r >= 0 && i < qmat_rows(all); i++)
        if (!pivot[i])
        {   /* row i is that combination of the independent ones */
            if (i < n)
                is_free[i] = 1;
            for (a = 0; a < r; a++)
                if (pivots[a] < n && !fmpz_is_zero(fmpz_mat_entry(T->num, i, a)))
                    is_free[pivots[a]] = 1;
        }
    flint_free(pivots);
    flint_free(pivot);
    return r >= 0;
}

/* 1 if an earlier unit of the layer has the slopes of unit i. */
static int
is_repeated(const pass_t *p, slong k, slong i)
{
    slong j;

    for (j = 0; j < i && work_exceeded() == NULL; j++)
        if (is_alike(p, k, i, j))
            return 1;
    return 0;
}

/* (b); 1 if there are such units. */
static int
find_unseen(char *is_free, const pass_t *p, slong k)
{
    slong i, j, n = qmat_rows(p->P->W + k), size;
    int any = 0;
    MATRICES(Wt, row);

    qmat_transpose(Wt, p->P->W + k + 1);
    for (i = 0; i < n && p->P->skips == 0; i++)
    {
        MATRICES(out);
        if (is_repeated(p, k, i))
            continue;
        for (size = 0, j = i; j < n; j++)
            if (is_alike(p, k, i, j))
            {
                qmat_some_rows(row, Wt, j, 1);
                cell_append(out, row);
                size++;
            }
        if (rank_of(out) == size)
            continue;
        any = 1;
        for (j = i; j < n; j++)
            is_free[j] |= is_alike(p, k, i, j);
    }
    return any;
}

/* 1 if the units of layer k + 1 are analytic and not affine, and have a bias. */
static int
is_curved(const pass_t *p, slong k)
{
    return !is_piecewise(p, k) && problem_bias(p->P, k) != NULL
        && !(p->P->act[k].kind == ACT_SMOOTH_LEAKY && fmpq_is_one(p->P->act[k].slope));
}

static int
layer_space(qmat_t F, const pass_t *p, slong k)
{
    slong i, n = qmat_rows(p->P->W + k);
    char *is_free = flint_calloc(n, 1);
    MATRICES(S, d);
    int ok = 1;

    if (find_unseen(is_free, p, k) && is_curved(p, k) && is_exact_up_to(p, k))
        samples_indicators(F, p->in + k);
    else
    {
        ok = find_dependent(is_free, p, k);
        pass_input_rows(S, p, k);
        for (i = 0; ok && i < n; i++)
        {
            if (!is_free[i])
                continue;
            if (p->P->act == NULL)
                qmat_set(d, S);
            else
            {
                qmat_some_rows(d, p->slope + k, i, 1);
                cell_times_row(d, S, d);
            }
            cell_append(F, d);
        }
    }
    flint_free(is_free);
    return ok;
}

int
flat_space(space_t *T, slong at, const pass_t *p)
{
    slong k;
    int ok = 1;

    for (k = 0; k < p->l - 1; k++)
    {
        T->layer[at + k] = k + 2;
        ok = ok && layer_space(T->rows + at + k, p, k);
    }
    return ok && work_exceeded() == NULL;
}

/* 1 if unit j of layer k + 1 goes on to none outside next (NULL: there is none). */
static int
is_closed(const qmat_t W, slong j, const char *next)
{
    slong i;

    for (i = 0; next != NULL && i < qmat_rows(W); i++)
        if (!next[i] && !fmpz_is_zero(fmpz_mat_entry(W->num, i, j)))
            return 0;
    return 1;
}

/* S, of independent rows if it is exact, gets the rows of A; 1 if it spans everything. */
static int
append_reduced(qmat_t S, const qmat_t A)
{
    cell_append(S, A);
    return qmat_is_exact(S) && cell_reduce(S) && qmat_rows(S) == qmat_cols(S);
}

/* The chains whose units in layer k + 2 are next: M, the product of the slopes so far; left: how many more may be
   added.  1 if S spans everything. */
static int
add_chains(qmat_t S, slong *left, const pass_t *p, slong k, const qmat_t M, const char *next)
{
    slong i, j, size, n = qmat_rows(p->P->W + k);
    char *chosen = flint_malloc(n + 1);
    int all = 0;
    MATRICES(t, d, in);

    pass_input_rows(in, p, k);
    for (i = 0; is_piecewise(p, k) && !all && i < n && *left > 0 && work_take(n + CHAIN_WORK, n + CHAIN_WORK, 1, 0, 0); i++)
    {
        if (is_repeated(p, k, i))
            continue;
        for (size = j = 0; j < n; j++)
        {
            chosen[j] = is_alike(p, k, i, j) && is_closed(p->P->W + k + 1, j, next);
            size += chosen[j];
        }
        if (size < qmat_rows(p->P->Y))
            continue;
        qmat_set(d, M);
        if (p->P->act != NULL)
        {
            qmat_some_rows(d, p->slope + k, i, 1);
            qmat_mul_entries(d, M, d);
        }
        cell_times_row(t, in, d);
        --*left;
        all = append_reduced(S, t) || (k > 0 && add_chains(S, left, p, k - 1, d, chosen));
    }
    flint_free(chosen);
    return all;
}

int
chain_space(qmat_t S, const pass_t *p)
{
    slong left = MOST_CHAINS;
    MATRICES(M, d);

    pass_input_rows(d, p, p->l - 1);
    qmat_ones(M, 1, qmat_cols(p->P->X));
    if (!append_reduced(S, d) && p->l >= 2)
        add_chains(S, &left, p, p->l - 2, M, NULL);
    return left > 0 && work_exceeded() == NULL;
}
