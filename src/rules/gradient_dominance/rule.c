/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Zhou & Liang 2017, Theorems 1 to 3.  Roles, preconditions and the forgeries that
   try each of them: doc/rules/gradient-dominance.md. */
#include "gradient_dominance.h"
#include "kernel/scope.h"
#include "rules/at_minimum.h"

static const char *const paper_word[] = { "paper", NULL };

static const field_t parameters[] = {
    { "norm", &value_choice, 0, norm_words, NULL, NORM_SPECTRAL },
    { "radius", &value_list, FIELD_CHOSEN, paper_word, NULL, 0 },
    { "lambda", &value_number, FIELD_CHOSEN | FIELD_UP, NULL, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = {
    { "lambda", &value_number, FIELD_UP, NULL, NULL, 0 },
    { "lambda_lower", &value_number, FIELD_PROVED | FIELD_POSITIVE, NULL, NULL, 0 },
    { "paper_lambda", &value_number, FIELD_PROVED | FIELD_POSITIVE, NULL, NULL, 0 },
    FIELD_END
};
static const char *const findings[] = { "at_minimum", "stationary", NULL };

slong
gd_radius_count(const problem_t *P)
{
    return network_is_linear(P) ? P->nblocks : P->l - 1;
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    const char *why = refuse_all_but_square_loss(P);
    int linear = network_is_linear(P);

    if (why == NULL)
        why = refuse_weight_decay(P);
    if (why != NULL)
        return why;
    if (qmat_rows(P->features) > 0)
        return "a point given by features is treated by regularity only";
    if (!linear && P->l < 2)
        return "a feedforward network needs a hidden layer; write kind: linear";
    if (c->value[GD_NORM].n == NORM_FEATURE && (linear || P->l != 2))
        return "norm: feature needs a feedforward network with one hidden layer";
    return refuse_radius_count(c->value + GD_RADIUS, gd_radius_count(P),
                               linear ? "block" : "hidden layer");
}

int
gd_derive(fmpq_t lambda, setting_t *s, const neighbourhood_t *N, const fmpq *want)
{
    slong i;
    neighbourhood_t wide;
    int ok;

    neighbourhood_init(&wide, N->norm, N->n);
    for (i = 0; i < N->n; i++)
        fmpq_set(wide.radius + i, N->radius + i);
    neighbourhood_widen(&wide);
    ok = network_is_linear(s->P) ? gd_linear_derive(lambda, s, &wide, want)
        : gd_feedforward_derive(lambda, s, &wide, want);
    neighbourhood_clear(&wide);
    return ok;
}

/* 1 if the constant is absent, or at most the x that is proved. */
static int
at_most(facts_t *f, const value_t *v, int proved, const fmpq_t x, const char *name)
{
    if (!v->given || (proved && fmpq_cmp(v->x, x) <= 0))
        return 1;
    facts_fail(f, "conclusion", "%s is not proved", name);
    return 0;
}

static int
prove(setting_t *s, const neighbourhood_t *N, const fmpq_t lambda, const conclusion_t *k)
{
    const value_t *lower = k->constant + GD_LAMBDA_LOWER, *paper = k->constant + GD_PAPER_LAMBDA;
    NUMBERS(x);
    int ok;

    ok = gd_derive(x, s, N, lambda);
    if (ok && fmpq_cmp(x, lambda) > 0)
    {
        facts_fail(s->f, "conclusion", "the evidence does not prove so small a lambda");
        ok = 0;
    }
    s->f->aside = 1;
    ok = ok && at_most(s->f, lower, lower->given && gd_lambda_lower(x, s, N), x, "lambda_lower")
        && at_most(s->f, paper, paper->given && gd_paper_lambda(x, s), x, "paper_lambda");
    s->f->aside = 0;
    return ok;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    neighbourhood_t N;
    int ok, stationary;

    neighbourhood_set(&N, c->value + GD_NORM, c->value + GD_RADIUS);
    if (k->verdict == VERDICT_PROVED)
        ok = prove(s, &N, c->value[GD_LAMBDA].x, k);
    else
    {
        ok = gd_refute(&stationary, s, &N, c->value[GD_LAMBDA].x);
        conclusion_find_si(k, GD_STATIONARY, stationary);
    }
    neighbourhood_clear(&N);
    return ok;
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    int at = setting_at_minimum(s);

    if (at >= 0)
        conclusion_find_si(k, GD_AT_MINIMUM, at);
}

const rule_t rule_gradient_dominance = {
    "gradient-dominance", "gradient-dominance", 1, 0, parameters, constants, findings, NULL,
    NULL, NULL, refuses, verify, describe, gd_say, gd_say_method
};
