/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sentences about points of feedforward networks. */
#include "feedforward_points.h"
#include "rules/definitions.h"
#include "rules/kinks/kinks.h"

static void
say_point(say_t *s, const problem_t *P)
{
    say_here(s, P);
    say(s, ", and $W^0$ is the point of the problem.\n");
}

void
ff_say_global_minimizer(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const value_t *most = c->value + FF_BOUND;

    (void) k;
    if (most->given && !fmpq_is_zero(most->x))
    {
        say(s, "$h(W) \\ge h(W^0) - ");
        say_constant(s, most->x, 1);
        say(s, "$ for all $W$, of these widths or any other");
    }
    else
        say(s, "The point $W^0$ is a global minimiser of $h$, among weights of these widths or any other");
    say(s, ": no function of the sample has a smaller loss%s.\n", most->given && !fmpq_is_zero(most->x) ? " than that" : "");
    say_point(s, P);
}

void
ff_say_critical_point(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const value_t *most = c->value + FF_BOUND;
    int refuted = k->verdict == VERDICT_REFUTED;

    if (conclusion_found_si(k, FF_REASON, REASON_NO_GRADIENT))
        say(s, "The function $h$ has no gradient by the weights%s at $W^0$: a unit is at its kink on a sample, where the outputs should still change.\n",
            P->b != NULL ? " and biases" : "");
    else if (most->given)
    {
        say(s, "$\\|\\nabla h(W^0)\\| %s ", refuted ? ">" : "\\le");
        say_constant(s, most->x, !refuted);
        say(s, "$, the gradient by all weights%s.\n", P->b != NULL ? " and biases" : "");
    }
    else
        say(s, "The gradient of $h$ by all weights%s %s at $W^0$.\n", P->b != NULL ? " and biases" : "",
            refuted ? "does not vanish" : "vanishes");
    say_point(s, P);
}

void
ff_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) c;
    if (conclusion_found_si(k, FF_REASON, REASON_CELL))
        say(s, "The gradient of the loss by the outputs is orthogonal to all outputs that networks with this activation "
            "pattern have, exactly");
    else if (conclusion_found_si(k, FF_REASON, REASON_GRADIENT))
        say(s, "The gradient is not zero, exactly");
    else if (conclusion_found_si(k, FF_REASON, REASON_FLAT))
        say(s, "At a local minimum the gradient of the loss by the outputs would be orthogonal to the derivatives of the outputs along "
            "every line on which the outputs do not change, and along one that moves a unit whose features depend on those of "
            "others, or which the next layer does not see, it is not (Kawaguchi, Huang and Kaelbling 2019, Theorem 2)");
    else if (conclusion_found_si(k, FF_REASON, REASON_RESIDUAL))
        say(s, "At a local minimum the gradient of the loss by the outputs would be orthogonal to the inputs and to the "
            "features of the residual block, which it is not (Kawaguchi, Huang and Kaelbling 2019, Theorem 3)");
    else if (conclusion_found_si(k, FF_REASON, REASON_CHAIN))
        say(s, "At a local minimum the gradient of the loss by the outputs would be orthogonal to the inputs of a chain of "
            "units with equal slopes, which it is not (Kawaguchi, Huang and Kaelbling 2019, Theorem 4)");
    else if (conclusion_found_si(k, FF_REASON, REASON_CURVATURE))
        say(s, "The second derivative of $h$ along a direction is negative, so that $h$ is smaller on one side of it or the other");
    else if (conclusion_found_si(k, FF_REASON, REASON_HESSIAN))
        say(s, "The gradient is zero, and the exact Hessian is positive definite across the transformations of units that do not change $h$");
    else if (conclusion_found_si(k, FF_REASON, REASON_NO_GRADIENT))
        say(s, "Along some line through the point, in the weights of that unit, the one-sided derivatives of $h$ differ");
    else if (conclusion_found_si(k, FF_REASON, REASON_KINKS))
        kinks_say_decision(s, f);
    else if (conclusion_found_si(k, FF_REASON, REASON_STRATUM))
        say(s, "The gradient is zero; the outputs of the units that the residual does not see are projected out, and what is left is at its minimum: each "
            "group of units with equal slopes is, or the exact Hessian is positive definite across their transformations");
    else if (conclusion_found_si(k, FF_REASON, REASON_GLOBAL))
        say(s, "No function of the sample at all has a smaller loss: the gradient of the loss by the outputs, summed over equal "
            "samples, is zero, exactly");
    else
        say(s, "By the gradient of the loss by the outputs");
}
