/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sentences about points near the point of the problem. */
#include <string.h>
#include "kernel/ask.h"
#include "rules/definitions.h"
#include "within.h"

/* "low <= h(W) <= high". */
static void
say_value_there(say_t *s, const conclusion_t *k)
{
    if (!k->found[WITHIN_LOW])
        return;
    say(s, "There, $");
    say_decimal(s, k->finding + WITHIN_LOW, 12, 0);
    say(s, " \\le h(W) \\le ");
    say_decimal(s, k->finding + WITHIN_HIGH, 12, 1);
    say(s, "$.\n");
}

/* Within r of W^0 lies .. */
static void
say_within(say_t *s, const claim_t *c, const char *what)
{
    say(s, "Within distance $");
    say_constant(s, c->value[WITHIN_RADIUS].x, 1);
    say(s, "$ of $W^0$ lies %s of $h$", what);
}

static void
say_end(say_t *s, const problem_t *P)
{
    say_here(s, P);
    say(s, ", $W^0$ is the point of the problem, and distances are those of all weights%s in one vector.\n",
        P->b != NULL ? " and biases" : "");
}

/* The symmetries that were needed. */
static void
say_symmetries(say_t *s, const conclusion_t *k)
{
    if (!k->found[WITHIN_FIXED] || fmpq_is_zero(k->finding + WITHIN_FIXED))
        return;
    say(s, "Points near $W$ with the same loss are its images under symmetries of $h$; parameters that these alone move are held fixed, ");
    say_number(s, k->finding + WITHIN_FIXED);
    say(s, " in all.\n");
}

void
within_say_minimum(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int strict = !k->found[WITHIN_FIXED] || fmpq_is_zero(k->finding + WITHIN_FIXED);

    say_within(s, c, strict ? "a strict local minimum $W$" : "a local minimum $W$");
    if (k->found[WITHIN_CURVATURE])
    {
        say(s, ": the gradient at $W$ is 0, and the Hessian, as a form on the parameters%s, is at least $", strict ? "" : " that move");
        say_decimal(s, k->finding + WITHIN_CURVATURE, 6, 0);
        say(s, "$");
    }
    say(s, ".\n");
    say_symmetries(s, k);
    say_value_there(s, k);
    say_end(s, P);
}

void
within_say_minimizer(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    say_within(s, c, "a global minimiser $W$");
    say(s, ".\n");
    say_value_there(s, k);
    say_end(s, P);
}

void
within_say_critical(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    say_within(s, c, "a critical point $W$");
    say(s, ": the gradient at $W$ is exactly 0.\n");
    say_value_there(s, k);
    say_end(s, P);
}

void
within_say_saddle(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    say_within(s, c, "a strict saddle $W$");
    say(s, ": the gradient at $W$ is exactly 0, and the Hessian there has a negative eigenvalue");
    if (k->found[WITHIN_CURVATURE])
    {
        say(s, ", at most $-");
        say_decimal(s, k->finding + WITHIN_CURVATURE, 6, 0);
        say(s, "$");
    }
    say(s, ".\n");
    say_value_there(s, k);
    say_end(s, P);
}

void
within_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    const char *by = facts_word(f, "by");

    (void) P;
    (void) c;
    (void) k;
    if (by != NULL && strcmp(by, within_by[WITHIN_BY_EXACT]) == 0)
        say(s, "The centre of the certificate is a global minimiser, exactly");
    else if (by != NULL && strcmp(by, within_by[WITHIN_BY_LAST_LAYER]) == 0)
        say(s, "The features of the last layer are independent on the distinct samples, so that weights of the last layer near those of the centre of the "
            "certificate have the outputs that no function of the samples beats");
    else if (facts_find(f, "inverse") != NULL)
        say(s, "Around the centre $W^1$ of the certificate the map from $W$ to $W - A \\nabla h(W)$ is a contraction of a ball into itself, $A$ nearly the "
            "inverse of the Hessian $H$ there (Krawczyk)");
    else
        say(s, "Around the centre $W^1$ of the certificate $h$ is strongly convex in a ball, and on its boundary the gradient points outwards: the Hessian $H$ "
            "there is bounded from below, its Lipschitz constant and the gradient at the centre from above (Newton and Kantorovich)%s",
            by == NULL ? "" : "; local minima of $h$ are global");
}
