/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "regularity.h"
#include "rules/definitions.h"

/* What the cone is like; delta = 0: it is the whole space. */
static void
say_cone(say_t *s, const fmpq_t delta, const conclusion_t *k)
{
    slong kernel;
    fmpq_t x;

    if (conclusion_found_si(k, RC_EMPTY, 1))
        say(s, "Here $\\|G\\|_2 < \\delta$: no $v$ but 0 satisfies $\\|G v\\| \\ge \\delta \\|v\\|$, the "
            "statement is empty.\n");
    else if (k->found[RC_RANK])
    {
        fmpq_init(x);
        fmpq_sub(x, k->finding + RC_DIRECTIONS, k->finding + RC_RANK);
        kernel = fmpz_get_si(fmpq_numref(x));
        if (kernel == 0)
            say(s, "The kernel of $G$ is zero");
        else
            say(s, "The kernel of $G$ has dimension %ld of %ld", (long) kernel,
                (long) fmpz_get_si(fmpq_numref(k->finding + RC_DIRECTIONS)));
        if (fmpq_is_zero(delta))
            say(s, "; with $\\delta = 0$ the cone is the whole space");
        else if (kernel != 0)
            say(s, ": the cone leaves out the directions near it");
        say(s, ".\n");
        fmpq_clear(x);
    }
}

void
rc_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED, given = qmat_rows(P->features) > 0;
    const char *star = conclusion_found_si(k, RC_AT_MINIMUM, 1) ? "*" : "0";
    const value_t *factor = k->constant + RC_RADIUS_FACTOR;
    neighbourhood_t N;

    neighbourhood_set(&N, c->value + RC_NORM, c->value + RC_RADIUS);
    say(s, refuted ? "It is not true that for every $W$ with $" : "For every $W$ with $");
    say_neighbourhood(s, P, &N, 0, star);
    neighbourhood_clear(&N);
    say(s, "$ and $\\|G v\\| \\ge \\delta \\|v\\|$, $v = \\mathrm{vec}(W - W^%s)$,"
        "\\[ \\langle \\nabla h(W), v \\rangle \\ge \\alpha \\|\\nabla h(W)\\|^2 + \\beta \\|v\\|^2, "
        "\\qquad\\delta = ", star);
    say_constant(s, c->value[RC_DELTA].x, 1);
    say(s, ", \\alpha = ");
    say_constant(s, c->value[RC_ALPHA].x, 0);
    say(s, ", \\beta = ");
    say_constant(s, c->value[RC_BETA].x, 0);
    say(s, ". \\]\n");
    say_here(s, P);
    if (given)
        say(s, ", $W^*$ is $W_1^* = s^{-1}(\\Phi^*) X^{+}$, for the features $\\Phi^*$ of the problem, "
            "$s^{-1}$ entrywise and $X^{+}$ the pseudoinverse, and the $W_2$ of the problem");
    else
        say(s, ", $W^%s$ is the point of the problem%s", star, refuted ? "" : ", an exact global minimiser");
    say(s, ", $G$ the Jacobian at $W^%s$ of the residual $F(W) = (f(X) - Y) D^{1/2}$", star);
    if (loss_is_plain(P))
        say(s, ", $D = I$");
    else
    {
        say(s, ", $D$ the diagonal of $");
        say_twice_scale(s, P);
        say(s, "$ for sample $i$");
    }
    say(s, ", so that $h = 1/2 \\|F\\|_F^2$; $\\nabla h$ is the gradient by all blocks, $\\|.\\|_F$ the "
        "Frobenius norm, $\\|.\\|$ the Euclidean one.\n");
    say_cone(s, c->value[RC_DELTA].x, k);
    if (refuted)
        say(s, "The certificate holds a point of the neighbourhood and the cone where this fails.\n");
    if (factor->given)
    {
        say(s, "With every radius multiplied by $");
        say_decimal(s, factor->x, 5, 1);
        say(s, "$ it is false (verified): possible / certified radius $\\le ");
        say_decimal(s, factor->x, 5, 1);
        say(s, "$.\n");
    }
}

void
rc_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
              const facts_t *f)
{
    neighbourhood_t N;
    int point;

    (void) P;
    neighbourhood_set(&N, c->value + RC_NORM, c->value + RC_RADIUS);
    point = neighbourhood_is_point(&N);
    neighbourhood_clear(&N);
    if (k->verdict == VERDICT_REFUTED)
        say(s, "By a counterexample");
    else if (point || conclusion_found_si(k, RC_EMPTY, 1))
        say(s, "%s only $v = 0$ is left, where both sides vanish, as $\\nabla h(W^*) = 0$", point
            ? "In the point $W^*$" : "By a bound of $\\|G\\|_2$ below $\\delta$");
    else
        say(s, "By bounds $R$ and $T$ of the Taylor remainder and a bound of the Jacobian $J$ on the "
            "neighbourhood: with $E = F - F(W^*)$, $\\|E - G v\\| \\le R \\|v\\|$ and $\\|J v - E\\| \\le T \\|v\\|$, and with "
            "$a = \\alpha \\|J\\|_2^2 < 1$, $\\phi = \\delta - R$, $\\gamma = (1 - a) \\phi - T > 0$ "
            "the condition follows from $\\phi \\gamma \\ge \\beta$ ($B(i, k)$ is the product of what stands "
            "between blocks $i$ and $k$, 0 being the data and the number after the last block the output)");
}
