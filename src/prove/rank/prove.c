/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rank where the value is left out; it is then the only one that matches. */
#include "config.h"
#include "prove/prover.h"
#include "rules/rank/rank.h"

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    if (!asked->value[RANK_VALUE].given)
        fmpq_set_si(p->c.value[RANK_VALUE].x, rank_decide(o->P, asked), 1);
    prove_by_decision(p, o, asked, opt);
}

static int
matches(const claim_t *asked, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    (void) P;
    return asked->value[RANK_VALUE].given || k->verdict == VERDICT_PROVED;
}

static const proposal_t proposals[] = {
    { "rank: {of: X}",
      "the exact rank of X, or of a product of named matrices such as W_2*W_1" },
    { NULL, NULL }
};

const prover_t prover_rank = { "rank", proposals, matches, prove, NULL, NULL };
