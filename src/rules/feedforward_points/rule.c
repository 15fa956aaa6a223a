/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules about points of feedforward networks.  Roles, preconditions and the forgeries that
   try each of them: doc/rules/critical-point.md and doc/rules/global-minimizer.md. */
#include "feedforward_points.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "rules/definitions.h"
#include "rules/gradient_norm.h"
#include "rules/kinks/kinks.h"

static const char *const best_word[] = { "best", NULL };
static const field_t none[] = { FIELD_END };
static const field_t gradient[] = {
    { "gradient", &value_number, FIELD_MAY_BE_ABSENT | FIELD_UP, best_word, NULL, 0 },
    FIELD_END
};
static const field_t gap[] = {
    { "gap", &value_number, FIELD_MAY_BE_ABSENT | FIELD_UP, best_word, NULL, 0 },
    FIELD_END
};
static const char *const findings[] = { "loss", "lower", "upper", "reason", NULL };
static const basis_t functions = { BASIS_FUNCTIONS, 0, { 0 } };

/* (Local minima with weight decay: decayed_points.) */
static int
needs_passes_only(const problem_t *P)
{
    return !network_has_moments(P) && fmpq_is_zero(P->weight_decay);
}

/* Weight decay is treated. */
static const char *
refuses_point(const problem_t *P, const claim_t *c)
{
    (void) c;
    return pass_loss_refuses(P);
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    (void) c;
    return basis_refuses(P);
}

/* No function of the sample at all has a loss below that of the point, minus the gap. */
static int
verify_global_minimizer(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const value_t *most = c->value + FF_BOUND;
    NUMBERS(low, high);
    pass_t p;
    int ok = pass_forward(&p, s);

    if (k->verdict == VERDICT_REFUTED)
        facts_fail(s->f, "conclusion", "only a better point refutes it");
    if (ok && basis_annihilates_gradient(&functions, &p, s) != 1)
    {
        if (!most->given)
            facts_fail(s->f, "conclusion", "it is not exactly the best among all functions of the samples; give a gap");
        else if (basis_lower(low, &functions, NULL, &p, s))
        {
            loss_bounds(NULL, high, s->P, pass_output(&p));
            number_sub(high, high, low);
            conclusion_find(k, FF_LOWER, low);
            conclusion_find(k, FF_UPPER, high);
            if (fmpq_cmp(high, most->x) > 0)
                facts_fail(s->f, "conclusion", "the dual point does not prove so small a gap");
        }
    }
    pass_clear(&p);
    return ok && !s->f->failed;
}

/* low <= ||grad h||^2 <= high, where units are at their kinks exactly; *sharp: at some of them h has no gradient. */
static int
bound_gradient(fmpq_t low, fmpq_t high, int *sharp, pass_t *p, setting_t *s)
{
    kinks_t T;
    int ok;

    *sharp = 0;
    if (!kinks_are_there(s->P))
    {
        ok = pass_slopes(p, s);
        if (ok)
            pass_gradient_norm2(low, high, p, s);
        return ok;
    }
    ok = kinks_init(&T, p);
    *sharp = ok && kinks_have(&T, KINK_SHARP);
    if (ok && !*sharp)
        kinks_gradient_norm2(low, &T);
    fmpq_set(high, low);
    kinks_clear(&T);
    return ok;
}

static int
verify_critical_point(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const value_t *most = c->value + FF_BOUND;          /* 0 if none is given */
    NUMBERS(low, high, bound);
    pass_t p;
    int sharp = 0, ok = pass_forward(&p, s) && bound_gradient(low, high, &sharp, &p, s);

    if (ok && sharp)
    {
        conclusion_find_si(k, FF_REASON, REASON_NO_GRADIENT);
        if (k->verdict == VERDICT_PROVED)
            facts_fail(s->f, "conclusion", "h has no gradient at this kink: see stationary");
    }
    else if (ok)
    {
        conclusion_find(k, FF_LOWER, low);
        conclusion_find(k, FF_UPPER, high);
        number_mul(bound, most->x, most->x);
        ok = k->verdict == VERDICT_PROVED ? fmpq_cmp(high, bound) <= 0 : fmpq_cmp(low, bound) > 0;
        if (!ok)
            facts_fail(s->f, "conclusion", "the bounds of the gradient do not show it");
    }
    pass_clear(&p);
    return ok && !s->f->failed;
}

static int
verify_local_minimum(setting_t *s, conclusion_t *k, int want)
{
    pass_t p;
    int reason = 0, is = -1, ok = pass_forward(&p, s);

    if (ok)
        is = ff_is_local_minimum(&reason, &p, s);
    pass_clear(&p);
    if (k->verdict == VERDICT_REFUTED)
        want = !want;
    if (is >= 0)
        conclusion_find_si(k, FF_REASON, reason);
    if (!s->f->failed && is != want)
        facts_fail(s->f, "conclusion", is < 0 ? "neither the cell of the point nor its chains and free units decide it"
                   : "the exact decision is the opposite");
    return ok && !s->f->failed;
}

static int
verify_minimum(setting_t *s, const claim_t *c, conclusion_t *k)
{
    (void) c;
    return verify_local_minimum(s, k, 1);
}

static int
verify_not_minimum(setting_t *s, const claim_t *c, conclusion_t *k)
{
    (void) c;
    return verify_local_minimum(s, k, 0);
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    NUMBERS(high);

    (void) c;
    if (pass_loss_upper(high, s))
        conclusion_find(k, FF_LOSS, high);
}

#define RULE(id, name, page, treats, parameters, refuses, verify, say) const rule_t rule_feedforward_##id = { \
    name, page, 2, 1, parameters, none, findings, NULL, NULL, treats, refuses, verify, describe, say, \
    ff_say_method }

RULE(global_minimizer, "global-minimizer", "global-minimizer", network_needs_passes, gap, refuses, verify_global_minimizer,
     ff_say_global_minimizer);
RULE(critical_point, "critical-point", "critical-point", network_needs_passes, gradient, refuses_point, verify_critical_point,
     ff_say_critical_point);
RULE(local_minimum, "local-minimum", "critical-point", needs_passes_only, none, refuses, verify_minimum, say_local_minimum);
RULE(not_local_minimum, "not-local-minimum", "critical-point", needs_passes_only, none, refuses, verify_not_minimum,
     say_local_minimum);
