/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* strict-saddle, saddle and hessian-psd where h is no function of a product of matrices.  Roles, preconditions and the forgeries that try each
   of them: doc/rules/critical-point.md. */
#include <string.h>
#include "hessian.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "rules/curvature.h"
#include "rules/definitions.h"
#include "rules/gradient_norm.h"
#include "rules/kinks/kinks.h"

static const field_t none[] = { FIELD_END };
static const char *const findings[] = { "loss", "gradient", NULL };
enum { FOUND_LOSS, FOUND_GRADIENT };    /* h; 1 if the gradient decided, 2 if there is none, 3 if it is a local minimum, without the Hessian */

/* (The square of a hinge has no second derivative at its margin.) */
static const char *
refuses(const problem_t *P, const claim_t *c)
{
    (void) c;
    return P->loss == LOSS_SMOOTH_HINGE ? "the theorem treats losses with second derivatives, not smooth-hinge" : pass_loss_refuses(P);
}

/* A direction of negative curvature is given. */
static int
falls(const pass_t *p, setting_t *s)
{
    MATRICES(e);

    loss_gradient(e, p->P, pass_output(p));
    if (!curvature_is_negative(p, s, e))
        facts_fail(s->f, "curve:1", "no direction is given");
    return !s->f->failed;
}

/* A critical point with a direction of negative curvature; one that is not strict only needs larger values, too, in the last layer. */
static int
saddle(pass_t *p, setting_t *s, conclusion_t *k, int strict)
{
    NUMBERS(low, high);

    pass_gradient_norm2(low, high, p, s);
    if (k->verdict == VERDICT_PROVED)
    {
        if (!fmpq_is_zero(high))
            facts_fail(s->f, "conclusion", "the gradient is not shown to be zero");
        else if (!strict && !pass_rises_in_last_layer(p))
            facts_fail(s->f, "conclusion", "larger values are shown with weight decay, or the square loss and features that are not 0");
        return !s->f->failed && falls(p, s);
    }
    if (fmpq_sgn(low) <= 0)
    {
        int shown = !strict && fmpq_is_zero(high) && kinks_show_minimum(p, s->f);
        if (shown)
            conclusion_find_si(k, FOUND_GRADIENT, 3);
        return strict ? hessian_is_psd(p, s) : shown || hessian_is_minimum(p, s);
    }
    conclusion_find_si(k, FOUND_GRADIENT, 1);
    return 1;
}

/* A saddle where units are at their kinks. */
static int
saddle_at_kinks(pass_t *p, setting_t *s, conclusion_t *k)
{
    kinks_t T;
    int ok = kinks_init(&T, p), sharp = ok && kinks_have(&T, KINK_SHARP), is = -1, up = 0;
    NUMBERS(g2);

    if (sharp)
        fmpq_one(g2);
    else if (ok)
        kinks_gradient_norm2(g2, &T);
    if (ok && fmpq_is_zero(g2))
        is = kinks_decide_minimum(&T, s);
    if (is == 0 && !pass_rises_in_last_layer(p) && kinks_curve(&up, &T, s, 1, 1) > 0 && up < 0)
        is = -1;
    kinks_clear(&T);
    if (!ok)
        return 0;
    if (!fmpq_is_zero(g2))
    {
        conclusion_find_si(k, FOUND_GRADIENT, sharp ? 2 : 1);
        if (k->verdict == VERDICT_PROVED)
            facts_fail(s->f, "conclusion", "the gradient is not zero, or h has none");
        return !s->f->failed;
    }
    if (is == 1)
        conclusion_find_si(k, FOUND_GRADIENT, 3);
    if (!s->f->failed && is != (k->verdict == VERDICT_REFUTED))
        facts_fail(s->f, "conclusion", "the exact decision is the opposite, or the other curve does not rise");
    return !s->f->failed;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    pass_t p;
    int ok = pass_forward(&p, s), at_kinks = ok && strcmp(c->rule->name, "saddle") == 0 && kinks_are_there(s->P);

    ok = ok && (at_kinks || pass_slopes(&p, s));
    if (ok && at_kinks)
        ok = saddle_at_kinks(&p, s, k);
    else if (ok && strcmp(c->rule->name, "hessian-psd") != 0)
        ok = saddle(&p, s, k, strcmp(c->rule->name, "strict-saddle") == 0);
    else if (ok)
        ok = k->verdict == VERDICT_PROVED ? hessian_is_psd(&p, s) : falls(&p, s);
    pass_clear(&p);
    return ok && !s->f->failed;
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    NUMBERS(high);

    (void) c;
    if (pass_loss_upper(high, s))
        conclusion_find(k, FOUND_LOSS, high);
}

static void
say_it(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int is = k->verdict == VERDICT_PROVED;

    if (strcmp(c->rule->name, "saddle") == 0)
        say(s, is ? "The point $W^0$ is a saddle of $h$ as a function of all weights%s: a critical point with smaller and larger values of $h$ in every "
            "neighbourhood.\n" : "The point $W^0$ is not a saddle of $h$ as a function of all weights%s: not a critical point with smaller and larger values of "
            "$h$ in every neighbourhood.\n", P->b != NULL ? " and biases" : "");
    else if (strcmp(c->rule->name, "strict-saddle") == 0)
        say(s, is ? "The point $W^0$ is a strict saddle of $h$ as a function of all weights%s: a critical point with a direction of negative curvature.\n"
            : "The point $W^0$ is not a strict saddle of $h$ as a function of all weights%s: not a critical point with a direction of negative "
            "curvature.\n", P->b != NULL ? " and biases" : "");
    else
        say(s, "The Hessian of $h$ at $W^0$, by all weights%s, is %spositive semidefinite.\n", P->b != NULL ? " and biases" : "", is ? "" : "not ");
    say_here(s, P);
    say(s, ", and $W^0$ is the point of the problem.\n");
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) c;
    if (conclusion_found_si(k, FOUND_GRADIENT, 3))
        say(s, "It is a local minimum: the gradient is zero, and so is no less what is left of $h$, in the pieces that hold the point, without the outputs that are "
            "free (doc/rules/kinks.md)");
    else if (k->found[FOUND_GRADIENT])
        say(s, conclusion_found_si(k, FOUND_GRADIENT, 1) ? "The gradient is not zero, exactly" : "The function has no gradient there");
    else if (facts_find(f, "down-degree") != NULL)
        say(s, "Along a curve from the point, on one side of it, $h$ is a polynomial, whose first coefficient that is not 0 is negative; it rises in the last layer, or along another curve");
    else if (facts_find(f, "hessian") != NULL)
        say(s, "By the exact Hessian, in the piece of $h$ that holds the point");
    else
        say(s, "By the second derivative of $h$ along a direction");
}

#define RULE(id, name) const rule_t rule_hessian_##id = { \
    name, "critical-point", 2, 1, none, none, findings, NULL, NULL, network_needs_passes, refuses, verify, describe, say_it, say_method }

RULE(strict_saddle, "strict-saddle");
RULE(saddle, "saddle");
RULE(psd_of_passes, "hessian-psd");
