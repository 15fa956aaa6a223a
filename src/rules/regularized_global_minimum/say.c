/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sentences of regularized-global-minimum. */
#include "kernel/ask.h"
#include "regularized_global_minimum.h"
#include "rules/definitions.h"

void
rgm_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const value_t *gap = c->value + RGM_GAP;
    int some = gap->given && !fmpq_is_zero(gap->x);

    say(s, "Let $W^0$ be the point of the problem and $h^*$ the infimum of $h$ over all networks of this kind with "
        "any number of hidden units (rows of $W_1$, none included).\n");
    if (k->verdict == VERDICT_REFUTED)
    {
        say(s, "There is such a network with a loss below $h(W^0)");
        if (some)
        {
            say(s, " - ");
            say_constant(s, gap->x, 0);
        }
        say(s, "$%s", some ? "" : ": $W^0$ is no global minimiser");
        if (k->found[RGM_DECREASE])
        {
            say(s, "; the loss of one is lower by $");
            say_decimal(s, k->finding + RGM_DECREASE, 6, 0);
            say(s, "$ or more");
        }
        say(s, ".\n");
    }
    else
    {
        say(s, "Then $h(W^0) - h^* \\le ");
        say_constant(s, gap->x, 1);
        say(s, "$%s", some ? "" : ": $W^0$ is a global minimiser, and so it is at every width that is not smaller");
        if (k->found[RGM_LOWER])
        {
            say(s, "; $");
            say_decimal(s, k->finding + RGM_LOWER, 10, 0);
            say(s, " \\le h^* \\le h(W^0) \\le ");
            say_decimal(s, k->finding + RGM_LOSS, 10, 1);
            say(s, "$");
        }
        say(s, ".\n");
    }
    say_here(s, P);
    say(s, ".\n");
}

void
rgm_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) c;
    if (k->verdict == VERDICT_REFUTED)
        say(s, "By the exact loss of a network with %s", k->found[RGM_UNITS] && fmpq_cmp_si(k->finding + RGM_UNITS, 1) == 0
            ? "one more unit (the meta-algorithm of Vidal, Zhu and Haeffele 2020, section 1.4)" : "other units");
    else
    {
        say(s, "By a dual point%s (Vidal, Zhu and Haeffele 2020, %s)", facts_find(f, "dual") == NULL ? ", the residual itself," : "",
            k->found[RGM_LEAVES] ? "Theorem 1.9" : "Theorem 1.5");
        if (k->found[RGM_LEAVES])
        {
            say(s, ", whose polar condition is shown on the $");
            say_number(s, k->finding + RGM_LEAVES);
            say(s, "$ leaves of a tree of cones of depth $");
            say_number(s, k->finding + RGM_DEPTH);
            say(s, "$");
        }
    }
}
