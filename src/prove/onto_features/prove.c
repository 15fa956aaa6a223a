/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The linear network is proved, and its evidence given. */
#include "config.h"
#include "prove/prover.h"
#include "rules/onto_features/onto_features.h"

extern const rule_t rule_onto_global_minimizer, rule_onto_local_minimum, rule_onto_not_local_minimum;

/* What is on offer: the facts about the linear network. */
static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const evidence_t *known = o->offer == NULL ? NULL : facts_find(o->offer, ask->role);

    if (known == NULL)
        return 0;
    oracle_copy(e, known);
    return 1;
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    problem_t Q;
    claim_t c;
    proof_t q;
    value_t *gap = claim_value(&p->c, "gap");

    problem_init(&Q);
    onto_features_linear(&Q, o->P);
    claim_init(&c, rule_named(asked->rule->name, &Q));
    if (gap != NULL)
        value_set(c.value, asked->value);
    proof_init(&q, c.rule);
    claim_prove(&q, &Q, &c, opt);
    if (q.outcome == OUTCOME_PROVED || q.outcome == OUTCOME_REFUTED)
    {
        if (gap != NULL)
            value_set(gap, q.c.value);
        o->offer = &q.f;
        if (!proof_try(p, o, q.outcome == OUTCOME_PROVED ? VERDICT_PROVED : VERDICT_REFUTED))
            proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", p->f.reason);
        o->offer = NULL;
    }
    else
        proof_miss(p, OUTCOME_UNDECIDED, "%s", q.message);
    proof_clear(&q);
    claim_clear(&c);
    problem_clear(&Q);
}

static const proposal_t minimizer_proposals[] = {
    { "global-minimizer", "the loss at the point is the least possible, decided exactly" },
    { "global-minimizer: {gap: best}", "the loss exceeds the least possible by at most the gap: the smallest that is proved" },
    { NULL, NULL }
};
static const proposal_t minimum_proposals[] = { { "local-minimum", "no point near has a smaller loss" }, { NULL, NULL } };
static const proposal_t not_minimum_proposals[] = {
    { "not-local-minimum", "points as near as one likes have a smaller loss" },
    { NULL, NULL }
};

#define PROVER(id, name, proposals) \
    const prover_t prover_onto_##id = { name, proposals, NULL, prove, answer, &rule_onto_##id }

PROVER(global_minimizer, "global-minimizer", minimizer_proposals);
PROVER(local_minimum, "local-minimum", minimum_proposals);
PROVER(not_local_minimum, "not-local-minimum", not_minimum_proposals);
