/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The standing assumptions of Zhou & Liang (2017): decided by their facts alone. */
#include "config.h"
#include "prove/prover.h"

static const proposal_t full_rank_proposals[] = {
    { "full-rank",
      "X X^T and X Y^T have full rank" },
    { NULL, NULL }
};
static const proposal_t distinct_eigenvalues_proposals[] = {
    { "distinct-eigenvalues",
      "Sigma = Y X^+ X Y^T has distinct eigenvalues" },
    { NULL, NULL }
};

const prover_t prover_full_rank = { "full-rank", full_rank_proposals, NULL, prove_by_decision, NULL, NULL };
const prover_t prover_distinct_eigenvalues = { "distinct-eigenvalues", distinct_eigenvalues_proposals,
                                               NULL, prove_by_decision, NULL, NULL };
