/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of the models that a point induces, in a neighbourhood of it.  Roles, preconditions and the
   forgeries that try each of them: doc/rules/induced-bound.md. */
#include <stdio.h>
#include "induced_bound.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss_range.h"
#include "rules/gradient_norm.h"

const char ib_about_type[] = "induced bound";

static const char *const models[] = { "last", "tangent", NULL };

#define NEIGHBOURHOOD \
    { "of", &value_choice, 0, models, NULL, MODEL_LAST }, \
    { "norm", &value_choice, 0, norm_words, NULL, NORM_FROBENIUS }, \
    { "radius", &value_list, 0, NULL, NULL, 0 }

static const field_t bound_parameters[] = {
    NEIGHBOURHOOD,
    { "value", &value_number, FIELD_CHOSEN | FIELD_UP, NULL, NULL, 0 },
    { "slope", &value_number, FIELD_CHOSEN | FIELD_UP, NULL, NULL, 0 },
    FIELD_END
};
static const field_t point_parameters[] = { NEIGHBOURHOOD, FIELD_END };
static const field_t none[] = { FIELD_END };
static const char *const findings[] = { "value", "slope", "loss", "gradient", NULL };

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    const char *why = pass_outputs_refuses(P);

    if (why == NULL && c->value[IB_NORM].n != NORM_FROBENIUS)
        why = "norm: the neighbourhood is that of the Frobenius norm";
    return why != NULL ? why : refuse_radius_count(c->value + IB_RADIUS, P->l, "layer");
}

/* V[0 .. l) := the member of the tangent model. */
static int
tangent_member(qmat_struct *V, const pass_t *p, setting_t *s, ib_about_t about)
{
    char role[ROLE_SIZE];
    const qmat_struct *A, *W;
    slong k;

    for (k = 0; k < p->l; k++)
    {
        about.layer = k + 1;
        W = p->P->W + k;
        snprintf(role, sizeof role, "member:%ld", (long) k + 1);
        A = fact_matrix(s->f, role, qmat_rows(W), qmat_cols(W) + deviation_bias(p, k), &about.about, 1);
        if (A == NULL)
            return 0;
        qmat_set(V + k, A);
    }
    return 1;
}

/* value, slope := V, R of the member that is given; 0 after a failure. */
static int
bound(fmpq_t value, fmpq_t slope, const pass_t *p, const deviation_t *d, setting_t *s, int model, const fmpq *rho)
{
    ib_about_t about = { { ib_about_type }, p, d, rho, 0 };
    const qmat_struct *last = p->P->W + p->l - 1, *A;
    qmat_struct *V;
    int ok;

    if (model == MODEL_LAST)
    {
        A = fact_matrix(s->f, "member", qmat_rows(last), qmat_cols(last) + deviation_bias(p, p->l - 1), &about.about, 1);
        return A != NULL && ib_last_bound(value, slope, p, d, rho, A);
    }
    V = qmat_vec_init(p->l);
    ok = tangent_member(V, p, s, about) && ib_tangent_bound(value, slope, p, d, s, V);
    qmat_vec_clear(V, p->l);
    return ok;
}

/* Everything about the neighbourhood; 0 after a failure. */
static int
begin(pass_t *p, deviation_t *d, setting_t *s, int model, const fmpq *rho)
{
    return deviation_init(d, p, s, rho)
        && (model == MODEL_LAST || (pass_slopes(p, s) && deviation_of_derivatives(d, p, s, rho)));
}

/* The bound is wrong at the point itself. */
static int
refute(setting_t *s, const claim_t *c, pass_t *p)
{
    NUMBERS(loss, low, high);

    if (!pass_slopes(p, s))
        return 0;
    loss_bounds(loss, NULL, p->P, pass_output(p));
    pass_gradient_norm2(low, high, p, s);
    number_sqrt_upper(high, high);
    number_mul(high, high, c->value[IB_SLOPE].x);
    number_add(high, high, c->value[IB_VALUE].x);
    if (fmpq_cmp(loss, high) <= 0)
        facts_fail(s->f, "conclusion", "the bound holds at the point");
    return !s->f->failed;
}

static int
prove_bound(setting_t *s, const claim_t *c, conclusion_t *k, const pass_t *p, const deviation_t *d, const fmpq *rho)
{
    NUMBERS(value, slope);

    if (!bound(value, slope, p, d, s, (int) c->value[IB_MODEL].n, rho))
        return 0;
    conclusion_find(k, IB_FOUND_VALUE, value);
    conclusion_find(k, IB_FOUND_SLOPE, slope);
    if (fmpq_cmp(value, c->value[IB_VALUE].x) > 0 || fmpq_cmp(slope, c->value[IB_SLOPE].x) > 0)
        facts_fail(s->f, "conclusion", "the member does not prove so small a value and slope");
    return !s->f->failed;
}

/* V < the least loss on the neighbourhood: where the gradient vanishes, the loss is at most V. */
static int
prove_none(setting_t *s, const claim_t *c, conclusion_t *k, const pass_t *p, const deviation_t *d, const fmpq *rho)
{
    NUMBERS(value, slope, low, gradient);

    loss_range(low, NULL, p->P, pass_output(p), d->zeta + p->l * d->m);
    if (!bound(value, slope, p, d, s, (int) c->value[IB_MODEL].n, rho))
        return 0;
    conclusion_find(k, IB_FOUND_VALUE, value);
    conclusion_find(k, IB_FOUND_SLOPE, slope);
    conclusion_find(k, IB_FOUND_LOSS, low);
    number_sub(gradient, low, value);
    if (fmpq_sgn(gradient) <= 0)
    {
        facts_fail(s->f, "conclusion", "the member does not lie below the least loss of the neighbourhood");
        return 0;
    }
    /* (slope 0 would make h(W) <= V everywhere) */
    if (fmpq_sgn(slope) > 0)
        number_div(gradient, gradient, slope);
    conclusion_find(k, IB_FOUND_GRADIENT, gradient);
    return !s->f->failed;
}

/* The point itself is critical. */
static int
refute_none(setting_t *s, pass_t *p)
{
    NUMBERS(low, high);

    if (!pass_slopes(p, s))
        return 0;
    pass_gradient_norm2(low, high, p, s);
    if (!fmpq_is_zero(high))
        facts_fail(s->f, "conclusion", "the gradient at the point is not exactly zero");
    return !s->f->failed;
}

typedef int (*prove_t)(setting_t *s, const claim_t *c, conclusion_t *k, const pass_t *p, const deviation_t *d,
                       const fmpq *rho);

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k, prove_t prove)
{
    neighbourhood_t N;
    deviation_t d = { 0 };
    pass_t p;
    int ok;

    neighbourhood_set(&N, c->value + IB_NORM, c->value + IB_RADIUS);
    neighbourhood_widen(&N);
    ok = pass_forward(&p, s);
    if (ok && k->verdict == VERDICT_PROVED)
        ok = begin(&p, &d, s, (int) c->value[IB_MODEL].n, N.radius) && prove(s, c, k, &p, &d, N.radius);
    else if (ok)
        ok = prove == prove_bound ? refute(s, c, &p) : refute_none(s, &p);
    deviation_clear(&d);
    pass_clear(&p);
    neighbourhood_clear(&N);
    return ok && !s->f->failed;
}

static int
verify_bound(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return verify(s, c, k, prove_bound);
}

static int
verify_none(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return verify(s, c, k, prove_none);
}

const rule_t rule_induced_bound = {
    "induced-bound", "induced-bound", 2, 1, bound_parameters, none, findings, NULL,
    NULL, NULL, refuses, verify_bound, NULL, ib_say_bound, ib_say_method
};
const rule_t rule_no_critical_point = {
    "no-critical-point", "induced-bound", 2, 1, point_parameters, none, findings, NULL,
    NULL, NULL, refuses, verify_none, NULL, ib_say_no_critical_point, ib_say_method
};
