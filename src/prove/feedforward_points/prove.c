/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points of feedforward networks: decided by their facts, or with the smallest bound. */
#include "config.h"
#include "answer.h"
#include "prove/hessian/hessian.h"
#include "rules/feedforward_points/feedforward_points.h"

/* The smallest bound, or the one that is given. */
static void
prove_bound(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt, int squared)
{
    if (!asked->value[FF_BOUND].word)
        prove_by_decision(p, o, asked, opt);
    else if (!proof_try_smallest(p, o, p->c.value + FF_BOUND, FF_UPPER, squared, opt->digits))
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", p->f.reason);
}

static void
prove_gradient(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    prove_bound(p, o, asked, opt, 1);
}

static void
prove_gap(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    prove_bound(p, o, asked, opt, 0);
}

static const proposal_t global_minimizer_proposals[] = {
    { "global-minimizer: {gap: best}",
      "no weights, of any widths, have a loss below that of the point minus the gap: the smallest that is proved" },
    { NULL, NULL }
};
static const proposal_t critical_point_proposals[] = {
    { "critical-point",
      "the gradient is 0" },
    { "critical-point: {gradient: best}",
      "the norm of the gradient is at most a bound: the smallest that is proved" },
    { NULL, NULL }
};
static const proposal_t local_minimum_proposals[] = {
    { "local-minimum",
      "no point near has a smaller loss" },
    { NULL, NULL }
};
static const proposal_t not_local_minimum_proposals[] = {
    { "not-local-minimum",
      "points as near as one likes have a smaller loss" },
    { NULL, NULL }
};

#define PROVER(id, name, prove, answer) \
    extern const rule_t rule_feedforward_##id; \
    const prover_t prover_feedforward_##id = { name, id##_proposals, NULL, prove, answer, \
                                               &rule_feedforward_##id }

PROVER(global_minimizer, "global-minimizer", prove_gap, feedforward_answer);
PROVER(critical_point, "critical-point", prove_gradient, feedforward_answer);
PROVER(local_minimum, "local-minimum", prove_by_decision, hessian_answer);
PROVER(not_local_minimum, "not-local-minimum", prove_by_decision, hessian_answer);
