/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points near the point of the problem: a centre is found, and a ball around it on which the Hessian hardly changes. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include "algebra/approx.h"
#include "kernel/scope.h"
#include "within.h"

/* How tight the bound of the Hessian is: loose ones make short certificates. */
enum { SLACK_BITS = 4 };

typedef enum { CRITICAL, MINIMUM, SADDLE } kind_t;

static double
distance(const problem_t *P, const problem_t *Q)
{
    slong k;
    double sum = 0;
    NUMBERS(x);
    MATRICES(t);

    for (k = 0; k < P->l; k++)
    {
        qmat_sub(t, P->W + k, Q->W + k);
        qmat_frobenius2_midpoint(x, t);
        sum += approx_fmpq(x);
        if (problem_bias(P, k) == NULL)
            continue;
        qmat_sub(t, P->b + k, Q->b + k);
        qmat_frobenius2_midpoint(x, t);
        sum += approx_fmpq(x);
    }
    return sqrt(sum);
}

/* The claim with the centre on offer, features of so many bits; a radius that is chosen is good if it is not much more than the distance
   of the centre. */
static int
try_bits(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt, slong bits)
{
    const within_offer_t *offer = o->offer;
    value_t *radius = p->c.value + WITHIN_RADIUS;
    int given = asked->value[WITHIN_RADIUS].given && !asked->value[WITHIN_RADIUS].word, ok;

    oracle_forget(o);
    o->leaf_bits = bits;
    if (!given)
        value_leave_open(radius);
    ok = proof_try(p, o, VERDICT_PROVED);
    if (!ok || given)
        return ok;
    if (bits > 0 && approx_fmpq(p->k.finding + WITHIN_DISTANCE) > 1.004 * distance(o->P, offer->centre))
        return 0;
    value_settle(radius, p->k.finding + WITHIN_DISTANCE, 1, opt->digits);
    return proof_try(p, o, VERDICT_PROVED);
}

/* Why the Hessian is not good enough. */
static void
explain(char why[512], const problem_t *Q, const within_spectrum_t *S)
{
    const char *hint = !fmpq_is_zero(Q->weight_decay) && Q->b != NULL && Q->decayed == DECAY_WEIGHTS
        ? "; biases that weight decay does not count may be free: decay-biases: yes would hold them" : "";

    if (S->zero > 0)
        snprintf(why, 512, "%ld eigenvalues of the Hessian at the critical point found are as good as 0, beyond the %ld parameters that symmetries fix%s",
                 (long) S->zero, (long) S->fixed, hint);
    else if (S->negative > 0)
        snprintf(why, 512, "the critical point found is a saddle, with %ld negative eigenvalues", (long) S->negative);
    else
        snprintf(why, 512, "the critical point found is a minimum, as far as can be seen");
}

/* Proves the claim around this centre; 0, and why. */
static int
prove_around(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt, const problem_t *Q, kind_t kind, char why[512])
{
    within_offer_t offer = { .centre = Q, .R = { { 0, 1 } }, .by = WITHIN_BY_CURVATURE };
    within_spectrum_t S;
    slong bits = 0;
    int ok = 0;

    within_spectrum(&S, Q, o);
    offer.inverse = S.negative > 0;
    if (S.zero > 0 || (kind == MINIMUM && S.negative > 0) || (kind == SADDLE && S.negative == 0))
        explain(why, Q, &S);
    else if (!within_ball(offer.R, &bits, Q, o, &S, distance(o->P, Q)))
        snprintf(why, 512, "the third derivative is too large near the critical point");
    else
    {
        proof_progress(opt, "the Hessian");
        o->offer = &offer;
        o->slack_bits = SLACK_BITS;
        ok = try_bits(p, o, asked, opt, bits) || (bits > 0 && try_bits(p, o, asked, opt, 0));
        if (!ok && p->k.found[WITHIN_DISTANCE])
            proof_reach(p, "distance", "one lies within ", "", p->k.finding + WITHIN_DISTANCE, 1);
        if (!ok)
            snprintf(why, 512, "%s", p->f.reason);
        o->offer = NULL;
    }
    fmpq_clear(offer.R);
    return ok;
}

/* From the nearest of the points found. */
static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt, kind_t kind)
{
    char why[512] = "";
    problem_t Q[2];
    int i, n = 0, done = 0;
    const char *none;

    for (i = 0; i < 2; i++)
    {
        if (kind == (i == 0 ? SADDLE : MINIMUM))
            continue;
        problem_init(Q + n);
        none = within_find(Q + n, o, i == 0, opt);
        if (none == NULL)
            n++;
        else
        {
            snprintf(why, sizeof why, "%s", none);
            problem_clear(Q + n);
        }
    }
    i = n == 2 && distance(o->P, Q + 1) < distance(o->P, Q);
    if (n > 0)
        done = prove_around(p, o, asked, opt, Q + i, kind, why);
    if (!done && n == 2)
        done = prove_around(p, o, asked, opt, Q + 1 - i, kind, why);
    if (!done)
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", why);
    while (n > 0)
        problem_clear(Q + --n);
}

/* Around this point, by this way, without derivatives; 0, and why. */
static int
prove_by(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt, const problem_t *Q, int by, char why[512])
{
    within_offer_t offer = { .centre = Q, .R = { { 0, 1 } }, .by = by };
    int ok;

    o->offer = &offer;
    ok = try_bits(p, o, asked, opt, 0);
    o->offer = NULL;
    snprintf(why, 512, "%s", p->f.reason);
    if (!ok && p->k.found[WITHIN_DISTANCE])
        proof_reach(p, "distance", "one lies within ", "", p->k.finding + WITHIN_DISTANCE, 1);
    return ok;
}

/* Exactly, by a local minimum that is global, by the last layer. */
static void
prove_minimizer(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    char why[512] = "";
    problem_t Q;
    int done;

    problem_init(&Q);
    proof_progress(opt, "a global minimiser near");
    done = within_nearest(&Q, o->P) && prove_by(p, o, asked, opt, &Q, WITHIN_BY_EXACT, why);
    if (!done && why[0] == '\0' && within_minima_are_global(o->P))
    {
        prove(p, o, asked, opt, MINIMUM);
        problem_clear(&Q);
        return;
    }
    if (!done && why[0] == '\0' && within_last_layer(&Q, o->P))
        done = prove_by(p, o, asked, opt, &Q, WITHIN_BY_LAST_LAYER, why);
    if (!done)
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", why);
    problem_clear(&Q);
}

static void
prove_critical(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    prove(p, o, asked, opt, CRITICAL);
}

static void
prove_minimum(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    prove(p, o, asked, opt, MINIMUM);
}

static void
prove_saddle(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    prove(p, o, asked, opt, SADDLE);
}

static const proposal_t critical_proposals[] = {
    { "critical-point-within",
      "an exact critical point lies near: how near" },
    { NULL, NULL }
};
static const proposal_t minimum_proposals[] = {
    { "local-minimum-within",
      "an exact local minimum lies near the point: how near, and what its loss is" },
    { NULL, NULL }
};
static const proposal_t saddle_proposals[] = {
    { "strict-saddle-within",
      "an exact critical point with a direction of negative curvature lies near: how near" },
    { NULL, NULL }
};

static const proposal_t minimizer_proposals[] = {
    { "minimizer-within",
      "an exact global minimiser lies near: how near" },
    { NULL, NULL }
};

#define PROVER(id, name, proposals, prove) \
    const prover_t prover_##id = { name, proposals, NULL, prove, within_answer, NULL }

PROVER(critical_point_within, "critical-point-within", critical_proposals, prove_critical);
PROVER(local_minimum_within, "local-minimum-within", minimum_proposals, prove_minimum);
PROVER(strict_saddle_within, "strict-saddle-within", saddle_proposals, prove_saddle);
PROVER(minimizer_within, "minimizer-within", minimizer_proposals, prove_minimizer);
