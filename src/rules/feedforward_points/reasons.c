/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a point is no local minimum: Kawaguchi, Huang & Kaelbling 2019, Theorems 2, 3 and 4, each
   as "at a local minimum these products with e, the gradient of the loss by the outputs, are 0",
   and one of them is not.  Proofs: doc/rules/critical-point.md, "Feedforward networks". */
#include <stdio.h>
#include "feedforward_points.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "rules/cell.h"
#include "rules/samples.h"

const char ff_about_type[] = "feedforward point";

/* 1 if no matrix of the ball A is 0. */
static int
is_off_zero(const qmat_t A)
{
    NUMBERS(x, low);

    qmat_frobenius2_midpoint(x, A);
    if (qmat_is_exact(A))
        return fmpq_sgn(x) > 0;
    number_sqrt_lower(low, x);
    return fmpq_cmp(low, A->rad) > 0;
}

/* 1 if e S^T is off 0. */
static int
sees(const qmat_t e, const qmat_t S)
{
    MATRICES(t);

    qmat_transpose(t, S);
    qmat_mul(t, e, t);
    return is_off_zero(t);
}

/* A := the rows of the input of layer k + 1, and ones if it has a bias. */
static void
inputs_of(qmat_t A, const pass_t *p, slong k)
{
    qmat_set(A, pass_input(p, k));
    if (problem_bias(p->P, k) != NULL)
        cell_append_ones(A, qmat_cols(A));
}

/* Theorem 3, for W (X + R Z), unless rank W = d_0 < d_l: e X^T = 0 and e Z^T = 0 at a local minimum.
   (Only W and R move, so that z may have kinks.) */
int
ff_refuted_by_residual(const pass_t *p, const qmat_t e)
{
    const qmat_struct *W = p->P->W + p->l - 1;

    if (p->P->kind != NET_RESNET || (qmat_cols(W) < qmat_rows(W) && rank_of(W) == qmat_cols(W)))
        return 0;
    return sees(e, p->in) || sees(e, p->in + p->l - 2);
}

/* No weight goes out from unit i of layer k + 1. */
static int
is_unseen(const pass_t *p, slong k, slong i)
{
    const qmat_struct *W = p->P->W + k + 1;
    slong r;

    for (r = 0; r < qmat_rows(W); r++)
        if (!fmpz_is_zero(fmpz_mat_entry(W->num, r, i)))
            return 0;
    return p->P->skips == 0;
}

/* Unit i of layer k + 1 has a coefficient that is not 0 in a linear dependence of the rows that
   layer k + 2 sees: exactly, or because another unit has the same weights. */
static int
is_dependent(const pass_t *p, slong k, slong i)
{
    const qmat_struct *W = p->P->W + k, *b = problem_bias(p->P, k);
    slong j, c, n = qmat_rows(W);
    MATRICES(all, rest, t);

    /* (in a resnet equal rows of R do not give equal rows of X + R Z) */
    for (j = p->P->kind == NET_RESNET && k == p->l - 2 ? n : 0; j < n; j++)
    {
        int same = j != i && (b == NULL || fmpz_equal(fmpz_mat_entry(b->num, i, 0), fmpz_mat_entry(b->num, j, 0)));
        for (c = 0; c < qmat_cols(W) && same; c++)
            same = fmpz_equal(fmpz_mat_entry(W->num, i, c), fmpz_mat_entry(W->num, j, c));
        if (same)
            return 1;
    }
    inputs_of(all, p, k + 1);
    if (!qmat_is_exact(all))
        return 0;
    qmat_some_rows(rest, all, 0, i);
    qmat_some_rows(t, all, i + 1, qmat_rows(all) - i - 1);
    if (qmat_rows(all) == 1)
        return qmat_is_zero(all);
    if (i == 0)
        qmat_set(rest, t);
    else if (qmat_rows(t) > 0)
        qmat_stack(rest, rest, t);
    return rank_of(rest) == rank_of(all);
}

/* 1 if D has a group of equal columns of H, exact, over which its sum is off 0. */
static int
sees_a_group(const qmat_t D, const qmat_t H)
{
    slong i, j, m = qmat_cols(H), *group, n;
    qmat_t indicator;
    int off;

    if (!qmat_is_exact(H))
        return 0;
    group = flint_malloc((m + 1) * sizeof *group);
    n = samples_group(group, H);
    if (!work_keep(n, m, 64))
        n = 0;
    qmat_init(indicator, n, m);
    for (i = 0; i < n; i++)
        for (j = 0; j < m; j++)
            fmpz_set_si(fmpz_mat_entry(indicator->num, i, j), group[j] == i);
    off = n > 0 && sees(D, indicator);
    qmat_clear(indicator);
    flint_free(group);
    return off;
}

/* (N3): with a bias and a smooth activation that is not affine, an unseen unit can be made any function of the
   input of its layer that the activation gives: D = 0 at a local minimum, summed over equal inputs. */
static int
is_free(const pass_t *p, slong k, slong i)
{
    return p->P->act != NULL && !activation_is_rational(p->P->act[k].kind) && problem_bias(p->P, k) != NULL
        && !(p->P->act[k].kind == ACT_SMOOTH_LEAKY && fmpq_is_one(p->P->act[k].slope)) && is_unseen(p, k, i);
}

/* (N1), (N2): (D o s_i') [H; 1]^T = 0 at a local minimum for such a unit i of layer k, 1 <= k < l, D the
   derivative by the pre-activations of layer k + 1, H the input of layer k. */
int
ff_refuted_by_unit(const pass_t *p, setting_t *s, const qmat_t e, slong layer, slong unit)
{
    MATRICES(D, S, d);

    pass_derivative(D, p, s, e, layer + 1);
    if (is_free(p, layer - 1, unit) && sees_a_group(D, p->in + layer - 1))
        return 1;
    inputs_of(S, p, layer - 1);
    if (p->P->act != NULL)
    {
        qmat_some_rows(d, p->slope + layer - 1, unit, 1);
        cell_times_row(S, S, d);
    }
    return sees(D, S) && (is_unseen(p, layer - 1, unit) || is_dependent(p, layer - 1, unit));
}

/* M := d o M, d the slopes that all units of layer k + 1 in the mask have; 0 if they differ, or are
   fewer than the outputs. */
static int
mask_slopes(qmat_t M, const pass_t *p, slong k, const fmpq *mask)
{
    slong i, first = -1, n = 0;
    MATRICES(d);

    if (p->P->act != NULL && !activation_is_rational(p->P->act[k].kind))
        return 0;
    for (i = 0; i < qmat_rows(p->P->W + k); i++)
    {
        if (fmpq_is_zero(mask + i))
            continue;
        if (!fmpq_is_one(mask + i))
            return 0;
        first = first < 0 ? i : first;
        n++;
        if (p->P->act != NULL && !cell_same_slopes(p->slope + k, first, i))
            return 0;
    }
    if (n < qmat_rows(p->P->Y))
        return 0;
    if (p->P->act == NULL)
        return 1;
    qmat_some_rows(d, p->slope + k, first, 1);
    cell_times_row(M, M, d);
    return 1;
}

/* No unit of the mask goes on to a unit outside the next one. */
static int
is_closed(const qmat_t W, const fmpq *mask, const fmpq *next)
{
    slong i, j;

    for (i = 0; i < qmat_rows(W); i++)
        for (j = 0; j < qmat_cols(W); j++)
            if (fmpq_is_zero(next + i) && !fmpq_is_zero(mask + j) && !fmpz_is_zero(fmpz_mat_entry(W->num, i, j)))
                return 0;
    return 1;
}

/* Theorem 4: with units J_k of the layers k = t + 1 .. l - 1, at least d_l of each, of equal slopes d_k,
   whose outgoing weights stay among them, e (d_{k+1} o .. o d_{l-1} o [H_k; 1])^T = 0 for k = t .. l - 1
   at a local minimum.  mask[k - 1], k = first .. l - 1, holds 1 for the units of J_k. */
int
ff_refuted_by_chain(const pass_t *p, const qmat_t e, const fmpq *const *mask, slong first)
{
    slong k;
    MATRICES(M, S, t);

    if (network_has_shortcuts(p->P))
        return 0;
    qmat_ones(M, 1, qmat_cols(p->P->X));
    for (k = p->l - 2; k >= first - 1; k--)
    {
        if (!mask_slopes(M, p, k, mask[k]) || (k < p->l - 2 && !is_closed(p->P->W + k + 1, mask[k], mask[k + 1])))
            return 0;
        inputs_of(S, p, k);
        cell_times_row(t, S, M);
        if (sees(e, t))
            return 1;
    }
    return 0;
}
