/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local minima of piecewise linear networks whose pattern is constant near the point: Kawaguchi,
   Huang & Kaelbling 2019, Theorem 2, made exact on cells (rules/cell.h).  If e, the gradient of
   the loss by the outputs, is orthogonal to the outputs of all networks of the cell, none of them
   has a smaller loss.  One hidden layer: Theorem C of doc/rules/critical-point.md. */
#include <stdio.h>
#include "feedforward_points.h"
#include "kernel/ask.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "rules/cell.h"
#include "rules/gradient_norm.h"

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
        if (!cell_same_slopes(D, i, k))
            continue;
        qmat_some_rows(r, Wt, k, 1);
        cell_append(W, r);
        qmat_some_rows(e, p->in + 1, k, 1);
        cell_append(H, e);
        n++;
    }
    qmat_some_rows(d, D, i, 1);
    qmat_set(r, p->P->X);
    if (problem_bias(p->P, 0) != NULL)
        cell_append_ones(r, qmat_cols(D));
    cell_times_row(Phi, r, d);
    return n;
}

/* Theorem C: at a local minimum e is orthogonal to Phi. */
static int
is_settled(const qmat_t W, const qmat_t H, const qmat_t Phi, slong n)
{
    return n >= FLINT_MIN(qmat_cols(W), rank_of(Phi)) || rank_of(W) < n || rank_of(H) < n;
}

/* 1 or 0: a unit or a chain is given, and refutes or does not; -1: none is given. */
static int
by_evidence(int *reason, const pass_t *p, setting_t *s, const qmat_t e)
{
    ff_about_t about = { { ff_about_type }, p, s, 0 };
    const fmpq *unit = fact_numbers(s->f, "unit", 2, &about.about, 0), **mask;
    char role[ROLE_SIZE];
    slong k, layer, i;
    int ok;

    if (unit != NULL)
    {
        *reason = REASON_UNIT;
        for (layer = 1; layer < p->l; layer++)
            for (i = 0; fmpq_cmp_si(unit, layer) == 0 && i < qmat_rows(p->P->W + layer - 1); i++)
                if (fmpq_cmp_si(unit + 1, i + 1) == 0)
                    return ff_refuted_by_unit(p, s, e, layer, i);
        return 0;
    }
    mask = flint_calloc(p->l, sizeof *mask);
    for (k = p->l - 1; k >= 1; k--)
    {
        snprintf(role, sizeof role, "chain:%ld", (long) k);
        about.layer = k;
        mask[k - 1] = fact_numbers(s->f, role, qmat_rows(p->P->W + k - 1), &about.about, 0);
        if (mask[k - 1] == NULL)
            break;
    }
    *reason = REASON_CHAIN;
    ok = k == p->l - 1 ? -1 : ff_refuted_by_chain(p, e, mask, k + 1);
    flint_free(mask);
    return ok;
}

static const basis_t functions = { BASIS_FUNCTIONS, 0, { 0 } };

int
ff_is_local_minimum(int *reason, pass_t *p, setting_t *s)
{
    slong i;
    MATRICES(e, S);
    NUMBERS(low, high);
    int shown;

    loss_gradient(e, p->P, pass_output(p));
    *reason = REASON_GLOBAL;
    if (basis_annihilates_gradient(&functions, p, s) == 1)
        return 1;
    *reason = REASON_RESIDUAL;
    if (ff_refuted_by_residual(p, e))
        return 0;
    *reason = REASON_GRADIENT;
    if (!pass_slopes(p, s))
        return -1;
    pass_gradient_norm2(low, high, p, s);
    if (fmpq_sgn(low) > 0)
        return 0;
    shown = by_evidence(reason, p, s, e);
    if (shown == 0)
        facts_fail(s->f, *reason == REASON_UNIT ? "unit" : "chain", "it does not show that the point is no local minimum");
    if (shown >= 0 || s->f->failed)
        return s->f->failed ? -1 : 0;
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
        slong n = cell_is_repeated(p->slope, i) ? 0 : group_of(W, H, Phi, p, i);
        if (n > 0 && is_settled(W, H, Phi, n) && !is_orthogonal(e, Phi))
            return 0;
    }
    return -1;
}
