/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local minima of piecewise linear networks whose pattern is constant near the point: Kawaguchi,
   Huang & Kaelbling 2019, Theorem 2, made exact on cells.  With slopes d_{k,i} of unit i of layer
   k on the samples, every network of the cell has its outputs in S_{l-1}, S_0 the rows of [X; 1],
   S_k the span of d_{k,i} o s for s in S_{k-1} and units i, and 1 with biases.  If e, the gradient
   of the loss by the outputs, is orthogonal to it, no network of the cell has a smaller loss.
   (With skips the outputs lie in the sum of S_{l-1} and the spaces of their layers; in a resnet
   the rows of X belong to S_{l-1}.)
   One hidden layer: Theorem C of doc/rules/critical-point.md. */
#include "feedforward_points.h"
#include "kernel/limits.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/loss.h"

/* A := d o s for every row s of S, d a row. */
static void
times_rows(qmat_t A, const qmat_t S, const qmat_t d)
{
    slong i, j;
    qmat_t t;

    qmat_init(t, qmat_rows(S), qmat_cols(S));
    for (i = 0; i < qmat_rows(S); i++)
        for (j = 0; j < qmat_cols(S); j++)
            fmpz_set(fmpz_mat_entry(t->num, i, j), fmpz_mat_entry(d->num, 0, j));
    fmpz_set(t->den, d->den);
    qmat_mul_entries(A, S, t);
    qmat_clear(t);
}

static void
append(qmat_t S, const qmat_t A)
{
    if (qmat_rows(S) == 0)
        qmat_set(S, A);
    else
        qmat_stack(S, S, A);
}

static void
append_ones(qmat_t S, slong m)
{
    MATRICES(ones);

    qmat_ones(ones, 1, m);
    append(S, ones);
}

/* S := independent rows of S; 0 beyond the limits. */
static int
reduce(qmat_t S)
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

/* 1 if units i and k of the layer have the same slopes. */
static int
have_same_slopes(const qmat_t slopes, slong i, slong k)
{
    slong j, m = qmat_cols(slopes);

    for (j = 0; j < m; j++)
        if (!fmpz_equal(fmpz_mat_entry(slopes->num, k, j), fmpz_mat_entry(slopes->num, i, j)))
            break;
    work_take(1, 1, j + 1, 0, 0);
    return j == m;
}

/* 1 if an earlier unit of the layer has the same slopes. */
static int
is_repeated(const qmat_t slopes, slong i)
{
    slong k;

    for (k = 0; k < i && work_exceeded() == NULL; k++)
        if (have_same_slopes(slopes, i, k))
            return 1;
    return 0;
}

/* A := d o s for every row s of S and the slopes d of n > 0 units, stacked half and half. */
static void
times_slopes(qmat_t A, const qmat_t S, const qmat_t slopes, const slong *unit, slong n)
{
    MATRICES(B, d);

    if (work_exceeded() != NULL)
        qmat_set(A, S);
    else if (n == 1)
    {
        qmat_some_rows(d, slopes, *unit, 1);
        times_rows(A, S, d);
    }
    else
    {
        times_slopes(A, S, slopes, unit, n / 2);
        times_slopes(B, S, slopes, unit + n / 2, n - n / 2);
        qmat_stack(A, A, B);
    }
}

/* all gets the rows of S, of layer k, if a skip starts there. */
static void
append_skip(qmat_t all, const qmat_t S, const problem_t *P, slong k)
{
    slong i;

    for (i = 0; i < P->skips; i++)
        if (P->skip[i] == k && qmat_rows(S) > 0)
            append(all, S);
}

/* S := a basis of the space of the outputs; 0 beyond the limits. */
static int
cell_space(qmat_t S, const pass_t *p)
{
    slong i, k, n, m = qmat_cols(p->P->X), *unit;
    MATRICES(next, all);
    int ok;

    qmat_set(S, p->P->X);
    if (problem_bias(p->P, 0) != NULL)
        append_ones(S, m);
    ok = reduce(S);
    append_skip(all, S, p->P, 0);
    for (k = 0; ok && k < p->l - 1 && p->P->act != NULL; k++)
    {
        unit = flint_malloc((qmat_rows(p->slope + k) + 1) * sizeof *unit);
        for (n = i = 0; i < qmat_rows(p->slope + k); i++)
            if (!is_repeated(p->slope + k, i))
                unit[n++] = i;
        if (n > 0 && qmat_rows(S) > 0)
            times_slopes(next, S, p->slope + k, unit, n);
        flint_free(unit);
        if (problem_bias(p->P, k + 1) != NULL)
            append_ones(next, m);
        if (p->P->kind == NET_RESNET && k == p->l - 3)
            append(next, p->P->X);              /* the input of W is X + R H_{l-2} */
        ok = qmat_rows(next) == 0 || reduce(next);
        qmat_swap(S, next);
        append_skip(all, S, p->P, k + 1);
        qmat_clear(next);
        qmat_init(next, 0, 0);
    }
    if (ok && qmat_rows(all) > 0)
    {
        if (qmat_rows(S) > 0)
            append(all, S);
        qmat_swap(S, all);
        ok = reduce(S);
    }
    return ok;
}

/* 1 if e is orthogonal to the rows of S. */
static int
is_orthogonal(const qmat_t e, const qmat_t S)
{
    MATRICES(t);

    if (qmat_rows(S) == 0)
        return 1;
    qmat_transpose(t, S);
    qmat_mul(t, e, t);
    return qmat_is_zero(t);
}

/* W and H := the columns of W_2, the rows of H_1, and Phi := d o [X; 1], of the units with the
   slopes of unit i; their number. */
static slong
group_of(qmat_t W, qmat_t H, qmat_t Phi, const pass_t *p, slong i)
{
    const qmat_struct *D = p->slope;
    slong k, n = 0;
    MATRICES(Wt, d, r, e);

    qmat_transpose(Wt, p->P->W + 1);
    for (k = 0; k < qmat_rows(D); k++)
    {
        if (!have_same_slopes(D, i, k))
            continue;
        qmat_some_rows(r, Wt, k, 1);
        append(W, r);
        qmat_some_rows(e, p->in + 1, k, 1);
        append(H, e);
        n++;
    }
    qmat_some_rows(d, D, i, 1);
    qmat_set(r, p->P->X);
    if (problem_bias(p->P, 0) != NULL)
        append_ones(r, qmat_cols(D));
    times_rows(Phi, r, d);
    return n;
}

/* Theorem C: at a local minimum e is orthogonal to Phi. */
static int
is_settled(const qmat_t W, const qmat_t H, const qmat_t Phi, slong n)
{
    return n >= FLINT_MIN(qmat_cols(W), rank_of(Phi)) || rank_of(W) < n || rank_of(H) < n;
}

int
ff_is_local_minimum(int *reason, const pass_t *p, setting_t *s)
{
    slong i;
    MATRICES(e, S);
    NUMBERS(low, high);

    pass_gradient_norm2(low, high, p, s);
    *reason = REASON_GRADIENT;
    if (fmpq_sgn(low) > 0)
        return 0;
    loss_gradient(e, p->P, pass_output(p));
    if (!fmpq_is_zero(high) || !qmat_is_exact(e) || !network_is_rational(p->P))
    {
        facts_fail(s->f, "gradient", "it is not off 0, and %s", network_is_rational(p->P)
                   ? "not exact" : "local minima are decided for piecewise linear activations only");
        return -1;
    }
    *reason = REASON_CELL;
    if (!cell_space(S, p))
        facts_fail(s->f, "cell", "the span of the cell is beyond the limits");
    if (s->f->failed)
        return -1;
    if (is_orthogonal(e, S))
        return 1;
    *reason = REASON_SETTLED;
    for (i = 0; p->P->kind == NET_FEEDFORWARD && p->l == 2 && i < qmat_rows(p->slope); i++)
    {
        MATRICES(W, H, Phi);
        slong n = is_repeated(p->slope, i) ? 0 : group_of(W, H, Phi, p, i);
        if (n > 0 && is_settled(W, H, Phi, n) && !is_orthogonal(e, Phi))
            return 0;
    }
    return -1;
}
