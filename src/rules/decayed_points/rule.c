/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* local-minimum and not-local-minimum with weight decay.  Roles, preconditions and the forgeries that try each of them:
   doc/rules/critical-point.md. */
#include <string.h>
#include "decayed_points.h"
#include "kernel/scope.h"
#include "rules/definitions.h"
#include "rules/kinks/kinks.h"

static const field_t none[] = { FIELD_END };
static const char *const findings[] = { "loss", "reason", NULL };

static int
is_decayed(const problem_t *P)
{
    return !fmpq_is_zero(P->weight_decay) && P->kind != NET_RESIDUAL;
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    (void) c;
    return pass_loss_refuses(P);
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    int reason = 0, is = -1, want = (strcmp(c->rule->name, "local-minimum") == 0) == (k->verdict == VERDICT_PROVED);
    pass_t p;

    if (pass_forward(&p, s))
        is = dp_is_minimum(&reason, &p, s);
    pass_clear(&p);
    if (is >= 0)
        conclusion_find_si(k, DP_REASON, reason);
    if (!s->f->failed && is != want)
        facts_fail(s->f, "conclusion", "the exact decision is the opposite");
    return !s->f->failed;
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    NUMBERS(high);

    (void) c;
    if (pass_loss_upper(high, s))
        conclusion_find(k, DP_LOSS, high);
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) c;
    if (conclusion_found_si(k, DP_REASON, REASON_KINKS))
        kinks_say_decision(s, f);
    else if (conclusion_found_si(k, DP_REASON, REASON_DUAL))
        say(s, "It is a global minimiser, over all numbers of hidden units, by the residual as a dual point (Vidal, Zhu and Haeffele 2020, "
            "section 1.4)");
    else if (conclusion_found_si(k, DP_REASON, REASON_ESCAPE))
        say(s, "A hidden unit is zero (after a rotation, where units are linear), and in its place a small one lowers the loss (Vidal, Zhu and "
            "Haeffele 2020, Theorems 1.5 and 1.9)");
    else if (conclusion_found_si(k, DP_REASON, REASON_GRADIENT))
        say(s, "The gradient is not zero, exactly");
    else if (conclusion_found_si(k, DP_REASON, REASON_HESSIAN))
        say(s, "The gradient is zero, and the exact Hessian is positive definite across the rotations of units that do not change $h$");
    else
        say(s, "The second derivative of $h$ along a direction is negative, so that $h$ is smaller on one side of it or the other");
}

#define RULE(id, name) const rule_t rule_decayed_##id = { \
    name, "critical-point", 2, 1, none, none, findings, NULL, NULL, is_decayed, refuses, verify, describe, say_local_minimum, say_method }

RULE(local_minimum, "local-minimum");
RULE(not_local_minimum, "not-local-minimum");
