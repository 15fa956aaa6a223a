/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Zhou & Liang 2017, Theorems 4 to 6.  Roles, preconditions and the forgeries that
   try each of them: doc/rules/regularity.md. */
#include "kernel/number.h"
#include "regularity.h"
#include "kernel/scope.h"

static const char *const best_word[] = { "best", NULL };
static const char *const paper_word[] = { "paper", NULL };        /* refused, with a hint */

static const field_t parameters[] = {
    { "norm", &value_choice, 0, norm_words, NULL, NORM_FROBENIUS },
    { "radius", &value_list, FIELD_CHOSEN, paper_word, "epsilon", 0 },
    { "delta", &value_number, FIELD_CHOSEN | FIELD_UP, NULL, NULL, 0 },
    { "alpha", &value_number, FIELD_CHOSEN, best_word, NULL, 0 },
    { "beta", &value_number, FIELD_CHOSEN, NULL, NULL, 0 },
    { "gamma", &value_number, FIELD_ASKED | FIELD_CHOSEN | FIELD_FRACTION, NULL, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = {
    { "radius_factor", &value_number, FIELD_PROVED | FIELD_FROM_ONE | FIELD_UP, NULL, NULL, 0 },
    FIELD_END
};
static const char *const findings[] = { "at_minimum", "directions", "rank", "empty", NULL };

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    const char *why = refuse_all_but_square_loss(P);

    if (why == NULL)
        why = refuse_weight_decay(P);
    if (why != NULL)
        return why;
    if (!network_is_linear(P) && (P->l != 2 || P->b != NULL))
        return "the theorem treats feedforward networks with one hidden layer and without biases";
    if (c->value[RC_RADIUS].word)
        return "radius: Theorems 4 to 6 give no number; leave radius out for the largest that can be "
               "certified";
    if (c->value[RC_NORM].n != NORM_FROBENIUS)
        return "norm: the theorem is about the Frobenius norm";
    if (c->value[RC_GAMMA].given && c->value[RC_ALPHA].given && !c->value[RC_ALPHA].word
        && c->value[RC_BETA].given)
        return "gamma: only chooses alpha and beta, which are both given";
    return refuse_radius_count(c->value + RC_RADIUS, P->nblocks, "block");
}

void
rc_find(conclusion_t *k, const fmpq_t g2, const rc_constants_t *constants)
{
    NUMBERS(d2);

    number_mul(d2, constants->delta, constants->delta);
    conclusion_find_si(k, RC_EMPTY, fmpq_cmp(g2, d2) < 0);
    conclusion_find_si(k, RC_AT_MINIMUM, 1);
}

/* W* + v for all v of the cone; in one point, and in the cone {0}, v = 0, and
   grad h(W*) = J^T F(W*) = 0. */
static int
prove(setting_t *s, const neighbourhood_t *N, const rc_constants_t *constants, conclusion_t *k)
{
    const value_t *factor = k->constant + RC_RADIUS_FACTOR;
    rc_bounds_t b;
    NUMBERS(g2);
    int ok;

    rc_bounds_init(&b);
    ok = rc_bounds(&b, g2, s, N);
    if (ok)
        rc_find(k, g2, constants);
    if (ok && !neighbourhood_is_point(N) && !conclusion_found_si(k, RC_EMPTY, 1)
        && !rc_holds(&b, constants))
    {
        facts_fail(s->f, "conclusion", "the evidence does not prove these constants on this "
                   "neighbourhood");
        ok = 0;
    }
    s->f->aside = 1;
    ok = ok && (!factor->given || rc_refute(s, N, constants, factor->x));
    s->f->aside = 0;
    rc_bounds_clear(&b);
    return ok;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    neighbourhood_t N;
    rc_constants_t constants;
    NUMBERS(one);
    int ok;

    neighbourhood_set(&N, c->value + RC_NORM, c->value + RC_RADIUS);
    rc_constants_init(&constants);
    fmpq_one(one);
    fmpq_set(constants.alpha, c->value[RC_ALPHA].x);
    fmpq_set(constants.beta, c->value[RC_BETA].x);
    fmpq_set(constants.delta, c->value[RC_DELTA].x);
    ok = k->verdict == VERDICT_PROVED ? prove(s, &N, &constants, k)
        : rc_refute(s, &N, &constants, one);
    neighbourhood_clear(&N);
    rc_constants_clear(&constants);
    return ok;
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    slong rank = rc_rank(s);

    conclusion_find_si(k, RC_DIRECTIONS, network_parameters(s->P));
    if (rank >= 0)
        conclusion_find_si(k, RC_RANK, rank);
}

const rule_t rule_regularity = {
    "regularity", "regularity", 1, 0, parameters, constants, findings, NULL,
    NULL, NULL, refuses, verify, describe, rc_say, rc_say_method
};
