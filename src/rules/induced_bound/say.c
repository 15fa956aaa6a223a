/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sentences of the bounds by induced models. */
#include "induced_bound.h"
#include "rules/definitions.h"

/* "\nabla_{W_2, b_2} h(W)" */
static void
say_gradient(say_t *s, const problem_t *P, const claim_t *c)
{
    if (c->value[IB_MODEL].n == MODEL_TANGENT)
        say(s, "\\nabla h(W)");
    else if (P->kind == NET_RESNET)
        say(s, "\\nabla_W h(W)");
    else if (P->b != NULL)
        say(s, "\\nabla_{W_{%ld}, b_{%ld}} h(W)", (long) P->l, (long) P->l);
    else
        say(s, "\\nabla_{W_{%ld}} h(W)", (long) P->l);
}

static void
say_rest(say_t *s, const problem_t *P, const claim_t *c)
{
    say_here(s, P);
    say(s, ", $W^0$ is the point of the problem, and $");
    say_gradient(s, P, c);
    say(s, c->value[IB_MODEL].n == MODEL_TANGENT ? "$ is the gradient by all weights%s.\n"
        : "$ is the gradient by the last layer%s alone.\n", P->b != NULL && c->value[IB_MODEL].n == MODEL_TANGENT
        ? " and biases" : "");
}

void
ib_say_bound(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED;

    if (refuted)
        say(s, "It is not true that $h(W) \\le ");
    else
        say(s, "$h(W) \\le ");
    say_constant(s, c->value[IB_VALUE].x, !refuted);
    say(s, " + ");
    say_constant(s, c->value[IB_SLOPE].x, !refuted);
    say(s, " \\|");
    say_gradient(s, P, c);
    say(s, "\\|$ for ");
    say_all_near(s, P, c->value + IB_NORM, c->value + IB_RADIUS);
    if (refuted)
        say(s, ": it does not hold for $W = W^0$");
    else
    {
        say(s, "; so the loss of each of them at which this gradient vanishes is at most $");
        say_constant(s, c->value[IB_VALUE].x, 1);
        say(s, "$");
    }
    say(s, ".\n");
    say_rest(s, P, c);
}

void
ib_say_no_critical_point(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED;

    say(s, refuted ? "It is not true that $" : "$");
    say_gradient(s, P, c);
    say(s, " \\ne 0$ for ");
    say_all_near(s, P, c->value + IB_NORM, c->value + IB_RADIUS);
    say(s, refuted ? ": it is $0$ for $W = W^0$.\n" : ": none of them is a critical point of $h$.\n");
    say_rest(s, P, c);
}

void
ib_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) f;
    if (k->verdict == VERDICT_REFUTED)
        say(s, "By loss and gradient at the point itself");
    else if (c->value[IB_MODEL].n == MODEL_LAST)
        say(s, "By a fixed last layer on the features, which move little (Kawaguchi, Huang and Kaelbling 2019, Theorem 1, "
            "on a neighbourhood)");
    else
        say(s, "By a fixed member of the model linearised at the point, whose derivatives move little (Kawaguchi, Huang and "
            "Kaelbling 2019, Theorem 1, on a neighbourhood)");
}
