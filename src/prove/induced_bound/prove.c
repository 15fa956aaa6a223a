/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bounds by induced models: the constants that are left out are the best that the members found prove. */
#include "config.h"
#include <stdio.h>
#include "answer.h"
#include "kernel/scope.h"
#include "rules/induced_bound/induced_bound.h"

static void
take_or_leave_open(value_t *v, const value_t *asked)
{
    value_leave_open(v);
    if (asked->given)
        fmpq_set(v->x, asked->x);
}

static void
prove_bound(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    const value_t *value = asked->value + IB_VALUE, *slope = asked->value + IB_SLOPE;
    char why[sizeof p->f.reason];
    induced_offer_t limits = { value->given ? value->x : NULL, slope->given ? slope->x : NULL };

    claim_take_radii(p->c.value + IB_RADIUS, asked->value + IB_RADIUS, o->P->l);
    take_or_leave_open(p->c.value + IB_VALUE, value);
    take_or_leave_open(p->c.value + IB_SLOPE, slope);
    proof_progress(opt, "a model that does better");
    o->offer = value->given || slope->given ? &limits : NULL;
    if (proof_try(p, o, VERDICT_PROVED))
    {
        if (!value->given)
            value_settle(p->c.value + IB_VALUE, p->k.finding + IB_FOUND_VALUE, 1, opt->digits);
        if (!slope->given)
            value_settle(p->c.value + IB_SLOPE, p->k.finding + IB_FOUND_SLOPE, 1, opt->digits);
        proof_try(p, o, VERDICT_PROVED);
        return;
    }
    snprintf(why, sizeof why, "%s", p->f.reason);
    if (!p->k.found[IB_FOUND_VALUE] && o->offer != NULL)
    {   /* what could be claimed instead */
        value_leave_open(p->c.value + IB_VALUE);
        value_leave_open(p->c.value + IB_SLOPE);
        oracle_forget(o);
        o->offer = NULL;
        if (proof_try(p, o, VERDICT_PROVED))
            snprintf(why, sizeof why, "no member was found that proves the bound asked for");
        oracle_forget(o);
        take_or_leave_open(p->c.value + IB_VALUE, value);
        take_or_leave_open(p->c.value + IB_SLOPE, slope);
    }
    if (p->k.found[IB_FOUND_VALUE])
    {
        proof_reach(p, "value", "the member found has value ", "", p->k.finding + IB_FOUND_VALUE, 1);
        proof_reach(p, "slope", "and slope ", "", p->k.finding + IB_FOUND_SLOPE, 1);
    }
    if (!value->given || !slope->given || !proof_try(p, o, VERDICT_REFUTED))
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", why);
}

static void
prove_none(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    char why[sizeof p->f.reason];

    claim_take_radii(p->c.value + IB_RADIUS, asked->value + IB_RADIUS, o->P->l);
    proof_progress(opt, "a model that does better");
    if (proof_try(p, o, VERDICT_PROVED))
        return;
    snprintf(why, sizeof why, "%s", p->f.reason);
    if (p->k.found[IB_FOUND_LOSS])
    {
        proof_reach(p, "loss", "the loss is at least ", " on the neighbourhood", p->k.finding + IB_FOUND_LOSS, 0);
        proof_reach(p, "value", "and at critical points at most ", "", p->k.finding + IB_FOUND_VALUE, 1);
    }
    if (!proof_try(p, o, VERDICT_REFUTED))
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", why);
}

static const proposal_t bound_proposals[] = {
    { "induced-bound: {radius: 1/1000}",
      "on a neighbourhood the loss is at most V + R times the norm of its gradient, so that critical points have at most V" },
    { NULL, NULL }
};
static const proposal_t none_proposals[] = {
    { "no-critical-point: {radius: 1/1000}",
      "no point of a neighbourhood is critical" },
    { NULL, NULL }
};

const prover_t prover_induced_bound = { "induced-bound", bound_proposals, NULL, prove_bound, induced_answer, NULL };
const prover_t prover_no_critical_point = { "no-critical-point", none_proposals, NULL, prove_none, induced_answer, NULL };
