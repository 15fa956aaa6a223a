/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sentences of critical values. */
#include "critical_value.h"
#include "rules/definitions.h"

void
cv_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const char *bias = P->b != NULL && P->kind != NET_RESNET ? " and bias" : "";

    (void) k;
    if (c->value[CV_OF].n == CV_CELL)
        say(s, "Every local minimum $W$ of $h$ with the activation pattern of $W^0$, the same units active on the same samples and "
            "none at its kink, has $");
    else
        say(s, "Every $W$ whose layers but the last are those of $W^0$, and at which the derivatives of $h$ by the last layer%s "
            "vanish, has $", bias);
    say_constant(s, c->value[CV_LOW].x, 0);
    say(s, " \\le h(W) \\le ");
    say_constant(s, c->value[CV_HIGH].x, 1);
    say(s, "$.\n");
    say_here(s, P);
    say(s, ", and $W^0$ is the point of the problem.\n");
}

void
cv_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) k;
    (void) f;
    if (c->value[CV_OF].n == CV_CELL)
        say(s, "At such a minimum the loss is the least of all combinations of outputs with this pattern (Kawaguchi, Huang and Kaelbling "
            "2019, Theorem 2), which a dual point and a member bracket");
    else
        say(s, "At such a point the loss is the least over the last layer (Kawaguchi, Huang and Kaelbling 2019, Example 3), which "
            "a dual point and a member bracket");
}
