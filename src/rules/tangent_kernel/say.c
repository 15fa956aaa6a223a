/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sentences of the tangent kernel. */
#include "rules/definitions.h"
#include "rules/standing_assumptions/data_rank.h"
#include "tangent_kernel.h"

extern const rule_t rule_feedforward_full_rank;

static void
say_rest(say_t *s, const problem_t *P)
{
    say_here(s, P);
    say(s, ", $W^0$ is the point of the problem, and $\\nabla h(W)$ is the gradient by all weights%s.\n",
        P->b != NULL ? " and biases" : "");
}

void
tk_say_no_bad(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    (void) k;
    say(s, "For ");
    say_all_near(s, P, c->value + TK_NORM, c->value + TK_RADIUS);
    say(s, ": if $\\nabla h(W) = 0$, no function of the sample at all has a smaller loss than $W$, so that $W$ is a global "
        "minimiser of $h$.\n");
    say_rest(s, P);
}

void
tk_say_dominance(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED;

    say(s, refuted ? "It is not true that $h(W) - h_{inf} \\le " : "$h(W) - h_{inf} \\le ");
    say_constant(s, c->value[TK_LAMBDA].x, !refuted);
    say(s, " \\|\\nabla h(W)\\|^2$ for ");
    say_all_near(s, P, c->value + TK_NORM, c->value + TK_RADIUS);
    say(s, ", $h_{inf}$ being the least loss of all functions of the sample, so that $h_{inf} \\le h(V)$ for every $V$.\n");
    say_rest(s, P);
    if (!refuted && k->found[TK_FOUND_LOWER])
        say_not_below(s, c->value[TK_LAMBDA].x, k->finding + TK_FOUND_LOWER);
}

/* On the distinct samples, of features or of the derivatives of the outputs. */
void
tk_say_rank(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED;

    if (!c->value[TK_OF].given)
    {
        data_say_rank(s, refuted);
        return;
    }
    if (c->value[TK_OF].n == OF_TANGENT)
        say(s, "The derivatives of the outputs on the distinct samples by all weights%s, at the point $W^0$ of the problem, are "
            "%slinearly independent%s.\n", P->b != NULL ? " and biases" : "", refuted ? "not " : "", refuted ? ""
            : "; so $\\nabla h(W^0) = 0$ only if no function of the sample at all has a smaller loss than $W^0$");
    else
        say(s, "The inputs of the last layer%s on the distinct samples, at the point $W^0$ of the problem, are %slinearly "
            "independent%s.\n", problem_bias(P, P->l - 1) != NULL ? ", with a 1 for its bias," : "", refuted ? "not " : "", refuted ? ""
            : "; so, the other layers being those of $W^0$, the derivatives of $h$ by the last layer vanish only where no function of "
            "the sample at all has a smaller loss");
    say_here(s, P);
    say(s, "; samples of weight 0 do not count, equal ones count once.\n");
}

void
tk_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) f;
    if (k->verdict == VERDICT_REFUTED && c->rule != &rule_feedforward_full_rank)
        say(s, "By loss and gradient at a point of the neighbourhood");
    else if (c->rule == &rule_feedforward_full_rank)
        say(s, c->value[TK_OF].given ? "The features, or the derivatives of the outputs, have full rank, or a combination of them is 0"
            : "Ranks are computed exactly");
    else
        say(s, "The derivatives of the outputs on the distinct samples by the parameters have full rank at the point, and move too "
        "little on the neighbourhood to lose it (after Kawaguchi, Huang and Kaelbling 2019, Examples 1 and 2)");
}
