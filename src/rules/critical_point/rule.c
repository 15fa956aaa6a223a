/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Zhou & Liang 2018, sections 2 and 3; Vidal, Zhu & Haeffele 2020, section 1.3.  Roles,
   preconditions and the forgeries that try each of them: doc/rules/critical-point.md. */
#include "critical_point.h"
#include "kernel/number.h"
#include "rules/global_minimizer/global_minimizer.h"
#include "kernel/scope.h"

static const char *const best_word[] = { "best", NULL };

static const field_t none[] = { FIELD_END };
static const field_t gradient[] = {
    { "gradient", &value_number, FIELD_MAY_BE_ABSENT | FIELD_UP, best_word, NULL, 0 },
    FIELD_END
};
static const field_t pattern[] = {
    { "pattern", &value_patterns, FIELD_PROVED, NULL, NULL, 0 },
    FIELD_END
};
static const char *const findings[] = { "loss", "critical", "global_minimum", "curve", NULL };

/* g2 := ||grad h(W)||^2. */
static int
gradient_norm2(fmpq_t g2, setting_t *s)
{
    const moments_t *M = setting_moments(s);

    if (M != NULL)
        network_gradient_norm2(g2, s->P, M);
    return M != NULL;
}

/* 1 iff the gradient is exactly zero. */
static int
is_critical(setting_t *s)
{
    NUMBERS(g2);
    int zero;

    zero = gradient_norm2(g2, s) && fmpq_is_zero(g2);
    return zero;
}

/* The same, a failure otherwise. */
static int
expect_critical(setting_t *s)
{
    int critical = is_critical(s);

    if (!critical)
        facts_fail(s->f, "conclusion", "the gradient is not zero");
    return critical;
}

/* ok, which decided the claim: the finding says how. */
static int
decided(conclusion_t *k, int finding, int ok)
{
    if (ok)
        conclusion_find_si(k, finding, 1);
    return ok;
}

/* 1 if a curve is given along which the loss falls. */
static int
falls(setting_t *s, conclusion_t *k)
{
    int sign;

    return decided(k, CP_CURVE, curve_start(&sign, s, 0) > 0 && sign < 0);
}

static int
is_minimum(setting_t *s, conclusion_t *k)
{
    return decided(k, CP_GLOBAL_MINIMUM, gm_is_minimizer(s));
}

static int
hessian_psd(setting_t *s, conclusion_t *k)
{
    return decided(k, CP_CURVE, curve_hessian_psd(s));
}

static int
negative_curvature(setting_t *s, conclusion_t *k)
{
    return decided(k, CP_CURVE, curve_negative_curvature(s));
}

static int
verify_critical_point(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const value_t *most = c->value + CP_GRADIENT;       /* 0 if none is claimed */
    const patterns_t *p = patterns_of(k->constant + CP_PATTERN);
    NUMBERS(g2, bound);
    int within;

    number_mul(bound, most->x, most->x);
    within = gradient_norm2(g2, s) && fmpq_cmp(g2, bound) <= 0;
    if (p != NULL && most->given)
        facts_fail(s->f, "conclusion", "these constants do not belong to this conclusion");
    if (s->f->failed || k->verdict == VERDICT_REFUTED)
        return !s->f->failed && !within;
    if (!within)
        facts_fail(s->f, "conclusion", most->given ? "the evidence does not show it"
                   : "the gradient is not zero");
    return within && (p == NULL || pattern_verify(s, p->pattern, p->n));
}

static int
verify_strict_saddle(setting_t *s, const claim_t *c, conclusion_t *k)
{
    if (k->verdict == VERDICT_PROVED)
        return expect_critical(s) && negative_curvature(s, k);
    return !is_critical(s) || hessian_psd(s, k);
}

/* Smaller values along one curve, larger ones along another, or both along one
   whose loss starts at an odd order. */
static int
verify_saddle(setting_t *s, const claim_t *c, conclusion_t *k)
{
    slong order;
    int down = 0, up = 0;

    if (k->verdict == VERDICT_REFUTED)
        return !is_critical(s) || is_minimum(s, k);
    order = expect_critical(s) ? curve_start(&down, s, 0) : 0;
    return decided(k, CP_CURVE, order > 0 && down < 0
                   && (order % 2 == 1 || (curve_start(&up, s, 1) > 0 && up > 0)));
}

/* A global minimiser is a local one; nothing else is proved to be one here. */
static int
verify_local_minimum(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return k->verdict == VERDICT_PROVED ? is_minimum(s, k) : falls(s, k);
}

static int
verify_not_local_minimum(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return k->verdict == VERDICT_PROVED ? falls(s, k) : is_minimum(s, k);
}

static int
verify_hessian_psd(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return k->verdict == VERDICT_PROVED ? hessian_psd(s, k) : negative_curvature(s, k);
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const moments_t *M = setting_moments(s);
    NUMBERS(h);

    if (M == NULL)
        return;
    network_loss(h, s->P, M);
    conclusion_find(k, CP_LOSS, h);
    conclusion_find_si(k, CP_CRITICAL, is_critical(s));
}

static void
say_strict_saddle(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    cp_say(s, P, k, "# is a strict saddle: a critical point with a direction of negative curvature",
           "# is not a strict saddle: not a critical point with a direction of negative curvature");
}

static void
say_saddle(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    cp_say(s, P, k, "# is a saddle: a critical point with smaller and larger values of $h$ in every "
           "neighbourhood", "# is not a saddle: not a critical point with smaller and larger values of "
           "$h$ in every neighbourhood");
}

static void
say_local_minimum(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    cp_say(s, P, k, "# is a local minimum, and a global one",
           "# is not a local minimum: $h$ decreases along a polynomial curve from it");
}

static void
say_not_local_minimum(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    cp_say(s, P, k, "# is not a local minimum: $h$ decreases along a polynomial curve from it",
           "It is not true that # is not a local minimum: it is a global minimum");
}

static void
say_hessian_psd(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    cp_say(s, P, k, "The Hessian of $h$ at # is positive semidefinite",
           "The Hessian of $h$ at # is not positive semidefinite");
}

static int
is_of_product(const problem_t *P)
{
    return !network_needs_passes(P);
}

#define RULE(id, name, parameters, constants, verify, say) const rule_t id = { \
    name, "critical-point", 1, 0, parameters, constants, findings, NULL, NULL, is_of_product, \
    refuse_all_but_linear, verify, describe, say, cp_say_method }

RULE(rule_critical_point, "critical-point", gradient, pattern, verify_critical_point, cp_say_gradient);
RULE(rule_strict_saddle, "strict-saddle", none, none, verify_strict_saddle, say_strict_saddle);
RULE(rule_saddle, "saddle", none, none, verify_saddle, say_saddle);
RULE(rule_local_minimum, "local-minimum", none, none, verify_local_minimum, say_local_minimum);
RULE(rule_not_local_minimum, "not-local-minimum", none, none, verify_not_local_minimum,
     say_not_local_minimum);
RULE(rule_hessian_psd, "hessian-psd", none, none, verify_hessian_psd, say_hessian_psd);
