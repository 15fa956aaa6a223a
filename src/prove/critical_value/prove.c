/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Critical values: the bounds that dual point and member show, where none are given. */
#include "config.h"
#include "kernel/scope.h"
#include "prove/best_in_basis/dual.h"
#include "rules/critical_value/critical_value.h"
#include "text/decimal.h"

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    value_t *low = p->c.value + CV_LOW, *high = p->c.value + CV_HIGH;
    const value_t *given_low = asked->value + CV_LOW, *given_high = asked->value + CV_HIGH;

    low->given = high->given = 1;
    if (!given_high->given)
    {
        fmpq_one(high->x);
        fmpq_mul_2exp(high->x, high->x, 1000000);
    }
    proof_progress(opt, "dual point and member");
    if (!proof_try(p, o, VERDICT_PROVED))
    {
        if (p->k.found[CV_FOUND_LOW])
        {
            proof_reach(p, "low", "the value is at least ", "", p->k.finding + CV_FOUND_LOW, 0);
            proof_reach(p, "high", "and at most ", "", p->k.finding + CV_FOUND_HIGH, 1);
        }
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", p->f.reason);
        return;
    }
    if (!given_low->given)
    {
        fmpq_set(low->x, p->k.finding + CV_FOUND_LOW);
        round_unless_simple(low->x, opt->digits, 0);
    }
    if (!given_high->given)
    {
        fmpq_set(high->x, p->k.finding + CV_FOUND_HIGH);
        round_unless_simple(high->x, opt->digits, 1);
    }
    proof_try(p, o, VERDICT_PROVED);
}

static const proposal_t proposals[] = {
    { "critical-value: {of: last}",
      "the loss of every last layer on these features at which its gradient vanishes, between two bounds" },
    { NULL, NULL }
};

const prover_t prover_critical_value = { "critical-value", proposals, NULL, prove, basis_answer, NULL };
