/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Zhou & Liang 2017, Propositions 1 and 2; 2018, Propositions 1 and 2.  Roles,
   preconditions and the forgeries that try each of them: doc/rules/global-minimizer.md. */
#include "global_minimizer.h"
#include "rules/at_minimum.h"
#include "kernel/ask.h"
#include "kernel/scope.h"

static const char *const best_word[] = { "best", NULL };

static const field_t parameters[] = {
    { "gap", &value_number, FIELD_MAY_BE_ABSENT | FIELD_UP, best_word, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = { FIELD_END };
static const char *const findings[] = { "loss", "excess", "at_minimum", NULL };

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const value_t *gap = c->value + GM_GAP;
    NUMBERS(excess);
    int ok;

    if (k->verdict == VERDICT_REFUTED)
        return gm_refute(s, gap->given ? gap->x : NULL);
    if (!gap->given || (fmpq_is_zero(gap->x) && !network_reaches_every_map(s->P)
                        && facts_has_bound(s->f, "captured", network_width(s->P))))
        return gm_is_minimizer(s);
    ok = gm_excess(excess, s);
    if (ok)
        conclusion_find(k, GM_EXCESS, excess);
    if (ok && fmpq_cmp(excess, gap->x) > 0)
    {
        facts_fail(s->f, "conclusion", "the evidence does not prove so small a gap");
        ok = 0;
    }
    return ok;
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const moments_t *M = setting_moments(s);
    NUMBERS(h);

    if (M == NULL)
        return;
    network_loss(h, s->P, M);
    conclusion_find(k, GM_LOSS, h);
    conclusion_find_si(k, GM_AT_MINIMUM, setting_at_minimum(s) == 1);
}

const rule_t rule_global_minimizer = {
    "global-minimizer", "global-minimizer", 1, 0, parameters, constants, findings, NULL,
    NULL, network_has_moments, refuse_all_but_linear, verify, describe, gm_say, gm_say_method
};
