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
        value_leave_open(high);
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
        value_settle(low, p->k.finding + CV_FOUND_LOW, 0, opt->digits);
    if (!given_high->given)
        value_settle(high, p->k.finding + CV_FOUND_HIGH, 1, opt->digits);
    proof_try(p, o, VERDICT_PROVED);
}

static const proposal_t proposals[] = {
    { "critical-value: {of: last}",
      "the loss of every last layer on these features at which its gradient vanishes, between two bounds" },
    { NULL, NULL }
};

const prover_t prover_critical_value = { "critical-value", proposals, NULL, prove, basis_answer, NULL };
