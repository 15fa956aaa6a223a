/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stationary, spurious-local-minimum, local-maximum.  Roles, preconditions and the forgeries that try each of them: doc/rules/kinks.md. */
#include <string.h>
#include "kernel/number.h"
#include "kernel/scope.h"
#include "rules/kinks/kinks.h"
#include "network/copy.h"
#include "network/loss.h"
#include "rules/definitions.h"
#include "rules/gradient_norm.h"
#include "rules/witness.h"

static const field_t none[] = { FIELD_END };
static const char *const findings[] = { "loss", "better", "kinks", "reason", NULL };
enum { FOUND_LOSS, FOUND_BETTER, FOUND_KINKS, FOUND_REASON };
enum { REASON_CURVE = 1, REASON_ZERO_LOSS, REASON_CONVEX, REASON_DEAD };

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    (void) c;
    return kinks_refuses(P);
}

/* h at the point, exact. */
static void
loss_at(fmpq_t h, const pass_t *p)
{
    NUMBERS(x);

    loss_bounds(NULL, h, p->P, pass_output(p));
    network_decay(x, p->P);
    number_add(h, h, x);
}

/* A curve along which h falls, or rises, is given. */
static int
moves(const kinks_t *T, setting_t *s, conclusion_t *k, int up)
{
    int sign = 0;
    slong order = kinks_curve(&sign, T, s, up, 1);

    if (order > 0 && sign != (up ? 1 : -1))
        facts_fail(s->f, up ? "up-degree" : "down-degree", up ? "h does not rise along this curve" : "h does not fall along this curve");
    conclusion_find_si(k, FOUND_REASON, REASON_CURVE);
    return s->f->failed ? 0 : (int) order;
}

static int
verify_stationary(const kinks_t *T, setting_t *s, conclusion_t *k)
{
    int order;

    if (k->verdict == VERDICT_PROVED)
        return kinks_are_stationary(T, s, 0);
    order = moves(T, s, k, 0);
    if (order > 1)
        facts_fail(s->f, "down-degree", "its one-sided derivative is 0");
    return order == 1;
}

/* h(V) < h(W), V the point of the roles better:i. */
static int
is_beaten(const kinks_t *T, setting_t *s, conclusion_t *k)
{
    problem_t Q;
    pass_t q;
    NUMBERS(h, v);

    problem_init(&Q);
    problem_set(&Q, s->P);
    if (witness_point(&Q, s->f, 1, 1))
    {
        setting_t other = { s->f, &Q, NULL, NULL, s->prefix, NULL };
        if (pass_forward(&q, &other))
        {
            loss_at(h, T->p);
            loss_at(v, &q);
            conclusion_find(k, FOUND_BETTER, v);
            if (fmpq_cmp(v, h) >= 0)
                facts_fail(s->f, "better:1", "this point is not better");
        }
        pass_clear(&q);
    }
    problem_clear(&Q);
    return !s->f->failed;
}

static int
verify_spurious(const kinks_t *T, setting_t *s, conclusion_t *k)
{
    NUMBERS(h);

    if (k->verdict == VERDICT_PROVED)
        return kinks_decide_minimum(T, s) == 1 && is_beaten(T, s, k);
    loss_at(h, T->p);
    if (!fmpq_is_zero(h))
        return moves(T, s, k, 0) > 0;
    conclusion_find_si(k, FOUND_REASON, REASON_ZERO_LOSS);
    return 1;
}

/* At a local maximum h is constant in the last layer: no feature is seen.  Then, off the kinks, h is constant near the point.  (Linear units have no kinks:
   they must have no data.) */
static int
verify_maximum(const kinks_t *T, setting_t *s, conclusion_t *k)
{
    int rises = pass_rises_in_last_layer(T->p);

    if (k->verdict == VERDICT_PROVED)
    {
        if (rises || kinks_have(T, KINK_SHARP) || kinks_have(T, KINK_FLAT) || (fmpq_is_one(T->slope) && !qmat_is_zero(T->X)))
            facts_fail(s->f, "conclusion", "all units inactive on all samples, off their kinks, are expected");
        conclusion_find_si(k, FOUND_REASON, REASON_DEAD);
        return !s->f->failed;
    }
    if (!rises)
        return moves(T, s, k, 1) > 0;
    conclusion_find_si(k, FOUND_REASON, REASON_CONVEX);
    return 1;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    static int (*const of[3])(const kinks_t *, setting_t *, conclusion_t *) = { verify_stationary, verify_spurious, verify_maximum };
    pass_t p;
    kinks_t T;
    slong e, kinks = 0;
    int ok = 0, which = strcmp(c->rule->name, "stationary") == 0 ? 0 : strcmp(c->rule->name, "spurious-local-minimum") == 0 ? 1 : 2;

    if (pass_forward(&p, s))
    {
        ok = kinks_init(&T, &p);
        for (e = 0; ok && e < T.units * T.m; e++)
            kinks += T.kink[e] != 0;
        conclusion_find_si(k, FOUND_KINKS, kinks);
        ok = ok && of[which](&T, s, k);
        kinks_clear(&T);
    }
    pass_clear(&p);
    return ok && !s->f->failed;
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    pass_t p;
    NUMBERS(h);

    (void) c;
    if (pass_forward(&p, s))
    {
        loss_at(h, &p);
        conclusion_find(k, FOUND_LOSS, h);
    }
    pass_clear(&p);
}

static void
say_end(say_t *s, const problem_t *P)
{
    say_here(s, P);
    say(s, ", and $W^0$ is the point of the problem.\n");
}

static void
say_stationary(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    (void) c;
    say(s, k->verdict == VERDICT_PROVED ? "The point $W^0$ is stationary for $h$ as a function of all weights%s: along no line from it is the one-sided derivative "
        "of $h$ negative.\n" : "The point $W^0$ is not stationary for $h$ as a function of all weights%s: along some line from it the one-sided derivative of $h$ is "
        "negative.\n", P->b != NULL ? " and biases" : "");
    say_end(s, P);
}

static void
say_spurious(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    (void) c;
    say(s, k->verdict == VERDICT_PROVED ? "The point $W^0$ is a spurious local minimum of $h$ as a function of all weights%s: a local minimum that is no global one.\n"
        : "The point $W^0$ is not a spurious local minimum of $h$ as a function of all weights%s: not a local minimum that is no global one.\n",
        P->b != NULL ? " and biases" : "");
    if (k->verdict == VERDICT_PROVED && k->found[FOUND_BETTER])
    {
        say(s, "$h(W^0) = ");
        say_value(s, k->finding + FOUND_LOSS);
        say(s, "$, and $h(V) = ");
        say_value(s, k->finding + FOUND_BETTER);
        say(s, "$ at the point $V$ of the certificate.\n");
    }
    say_end(s, P);
}

static void
say_maximum(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    (void) c;
    say(s, "The point $W^0$ is %s local maximum of $h$ as a function of all weights%s.\n", k->verdict == VERDICT_PROVED ? "a" : "not a",
        P->b != NULL ? " and biases" : "");
    say_end(s, P);
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    if (conclusion_found_si(k, FOUND_REASON, REASON_CURVE))
        say(s, "Along a curve from the point, on one side of it, $h$ is a polynomial, whose first coefficient that is not 0 decides");
    else if (conclusion_found_si(k, FOUND_REASON, REASON_ZERO_LOSS))
        say(s, "The loss is 0: it is a global minimum");
    else if (conclusion_found_si(k, FOUND_REASON, REASON_CONVEX))
        say(s, "$h$ is convex in the last layer, and not constant there");
    else if (conclusion_found_si(k, FOUND_REASON, REASON_DEAD))
        say(s, "No unit is active on any sample that counts, nor near it: $h$ is constant near the point");
    else if (strcmp(c->rule->name, "stationary") == 0)
        say(s, facts_find(f, "down-degree") == NULL && conclusion_found_si(k, FOUND_KINKS, 0) ? "The gradient is zero, exactly"
            : "By subgradients: the gradient without the kinks is balanced at the sharp ones by multipliers between the slopes of their two sides");
    else
        say(s, "%sa point with a smaller loss is given", conclusion_found_si(k, FOUND_KINKS, 0)
            ? "The gradient is zero, and what is left of $h$ without the outputs that are free is at its minimum; "
            : "By multipliers at the kinks, strictly between the slopes of their two sides, and by the piece of $h$ on which they stay kinks; ");
}

#define RULE(id, name, verify_id) const rule_t rule_##id = { \
    name, "kinks", 2, 0, none, none, findings, NULL, NULL, NULL, refuses, verify, describe, say_##verify_id, say_method }

RULE(stationary, "stationary", stationary);
RULE(spurious_local_minimum, "spurious-local-minimum", spurious);
RULE(local_maximum, "local-maximum", maximum);
