/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local minima with weight decay: Vidal, Zhu & Haeffele 2020, Theorems 1.5 and 1.9 with a unit that is 0 (local minima
   are then global, over all widths), otherwise gradient and curvature.  doc/rules/critical-point.md, "Weight decay". */
#include <string.h>
#include "decayed_points.h"
#include "kernel/ask.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "rules/curvature.h"
#include "rules/gradient_norm.h"
#include "rules/hessian/hessian.h"
#include "rules/kinks/kinks.h"
#include "rules/regularized_global_minimum/regularized_global_minimum.h"

const about_t dp_about_by = { "by" };

/* h(W) is a lower bound of the loss of all widths. */
static int
is_global(const rgm_t *r, facts_t *f)
{
    cone_size_t size;
    NUMBERS(low, h);

    rgm_loss(h, r);
    if (rgm_lower(low, &size, r, f) && fmpq_cmp(low, h) < 0)
        facts_fail(f, "by", "the dual point is not worth the loss of the point");
    return !f->failed;
}

/* 1 if a unit is 0: its weights, bias and outgoing weights. */
static int
has_zero_unit(const problem_t *P)
{
    slong i, j;
    int any = 0;

    for (i = 0; i < qmat_rows(P->W) && !any; i++)
    {
        any = problem_bias(P, 0) == NULL || fmpz_is_zero(fmpz_mat_entry(P->b->num, i, 0));
        for (j = 0; j < qmat_cols(P->W); j++)
            any &= fmpz_is_zero(fmpz_mat_entry(P->W->num, i, j));
        for (j = 0; j < qmat_rows(P->W + 1); j++)
            any &= fmpz_is_zero(fmpz_mat_entry(P->W[1].num, j, i));
    }
    return any;
}

/* 1 if e, given for linear units, is not 0, W_2 e = 0 and e^T [W_1, b_1] = 0: a unit of the rotated factors is 0. */
static int
has_common_kernel(const problem_t *P, facts_t *f)
{
    const fmpq *x = fact_numbers(f, "kernel", qmat_rows(P->W), &dp_about_by, 1);
    MATRICES(e, t);

    if (x == NULL)
        return 0;
    qmat_set_entries(e, qmat_rows(P->W), 1, x);
    qmat_mul(t, P->W + 1, e);
    if (qmat_is_zero(e) || !qmat_is_zero(t))
        return 0;
    problem_block(t, P, 0, 1);
    qmat_transpose(e, e);
    qmat_mul(t, e, t);
    return qmat_is_zero(t);
}

/* In the place of the unit that is 0, (t w, t u) lowers the loss for all small t > 0; with e, W_2 + t u e^T, W_1 + t e w^T
   does, as the outputs change by t^2 |e|^2 u w^T X. */
static int
escapes(const rgm_t *r, facts_t *f)
{
    const fmpq *x;
    NUMBERS(gain);

    if (fmpq_is_one(r->in.slope) ? !has_common_kernel(r->P, f) : !has_zero_unit(r->P))
        facts_fail(f, "by", "no unit is 0");
    x = fact_numbers(f, "unit:1", qmat_rows(r->in.X) + qmat_rows(r->R), &rgm_about_unit, 1);
    if (x == NULL)
        return 0;
    rgm_gain(gain, r, x);
    if (fmpq_sgn(gain) <= 0)
        facts_fail(f, "unit:1", "this unit gains nothing to second order");
    return !f->failed;
}

static int
by_widths(int *reason, const char *word, setting_t *s)
{
    rgm_t r;
    int is = -1, dual = strcmp(word, "dual") == 0;

    if (rgm_refuses(s->P) != NULL)
    {
        facts_fail(s->f, "by", "regularized-global-minimum does not treat this problem");
        return -1;
    }
    *reason = dual ? REASON_DUAL : REASON_ESCAPE;
    if (rgm_init(&r, s))
        is = dual ? is_global(&r, s->f) : escapes(&r, s->f) ? 0 : -1;
    rgm_clear(&r);
    return s->f->failed ? -1 : is;
}

int
dp_is_minimum(int *reason, pass_t *p, setting_t *s)
{
    const char *word = fact_word(s->f, "by", &dp_about_by);
    MATRICES(e);
    NUMBERS(low, high);

    if (word == NULL)
        return -1;
    if (strcmp(word, "dual") == 0 || strcmp(word, "escape") == 0)
        return by_widths(reason, word, s);
    if (strcmp(word, "kinks") == 0)
    {
        *reason = REASON_KINKS;
        if (kinks_refuses(s->P) != NULL)
            facts_fail(s->f, "by", "%s", kinks_refuses(s->P));
        return s->f->failed ? -1 : kinks_decide_point(p, s);
    }
    if (!pass_slopes(p, s))
        return -1;
    if (strcmp(word, "hessian") == 0)
    {
        *reason = REASON_HESSIAN;
        return hessian_is_minimum(p, s) ? 1 : -1;
    }
    *reason = REASON_GRADIENT;
    if (strcmp(word, "gradient") == 0)
    {
        pass_gradient_norm2(low, high, p, s);
        if (fmpq_sgn(low) <= 0)
            facts_fail(s->f, "by", "the gradient is not off 0");
        return s->f->failed ? -1 : 0;
    }
    *reason = REASON_CURVATURE;
    loss_gradient(e, p->P, pass_output(p));
    if (strcmp(word, "curvature") != 0)
        facts_fail(s->f, "by", "dual, escape, kinks, gradient, curvature or hessian is expected");
    else if (!curvature_is_negative(p, s, e))
        facts_fail(s->f, "by", "no direction is given");
    return s->f->failed ? -1 : 0;
}
