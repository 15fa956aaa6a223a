/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roles, preconditions and the forgeries that try each of them: doc/rules/regularized-global-minimum.md. */
#include "kernel/number.h"
#include "kernel/scope.h"
#include "regularized_global_minimum.h"

static const char *const best_word[] = { "best", NULL };

static const field_t parameters[] = {
    { "gap", &value_number, FIELD_MAY_BE_ABSENT | FIELD_UP, best_word, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = { FIELD_END };
static const char *const findings[] = { "loss", "lower", "excess", "leaves", "depth", "decrease", "units", NULL };

const char *
rgm_refuses(const problem_t *P)
{
    const char *why = refuse_all_but_square_loss(P);

    if (why != NULL)
        return why;
    if (fmpq_is_zero(P->weight_decay))
        return "the theorem is about weight-decay > 0; global-minimizer treats linear networks without";
    return polar_refuses(P);
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    (void) c;
    return rgm_refuses(P);
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    rgm_t r;
    cone_size_t size;
    int ok = rgm_init(&r, s);
    NUMBERS(x, gap);

    if (c->value[RGM_GAP].given)
        fmpq_set(gap, c->value[RGM_GAP].x);
    if (ok)
    {
        rgm_loss(x, &r);
        conclusion_find(k, RGM_LOSS, x);
    }
    if (ok && k->verdict == VERDICT_PROVED && rgm_lower(x, &size, &r, s->f))
    {
        if (size.leaves > 0)
        {
            conclusion_find_si(k, RGM_LEAVES, size.leaves);
            conclusion_find_si(k, RGM_DEPTH, size.depth);
        }
        number_clamp(x);
        conclusion_find(k, RGM_LOWER, x);
        number_sub(x, k->finding + RGM_LOSS, x);
        conclusion_find(k, RGM_EXCESS, x);
        if (fmpq_cmp(x, gap) > 0)
            facts_fail(s->f, "conclusion", "the dual point does not prove so small a gap");
    }
    if (ok && k->verdict == VERDICT_REFUTED && rgm_decrease(x, k, &r, s->f) && fmpq_cmp(x, gap) <= 0)
        facts_fail(s->f, "conclusion", "the other network is not better by more than the gap");
    rgm_clear(&r);
    return ok && !s->f->failed;
}

const rule_t rule_regularized_global_minimum = {
    "regularized-global-minimum", "regularized-global-minimum", 2, 0, parameters, constants, findings, NULL,
    NULL, NULL, refuses, verify, NULL, rgm_say, rgm_say_method
};
