/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* best-in-basis: the smallest gap, or a member that refutes the one that was asked for. */
#include "config.h"
#include <string.h>
#include "dual.h"
#include "kernel/scope.h"
#include "rules/best_in_basis/best_in_basis.h"

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    const value_t *gap = asked->value + BB_GAP;
    char why[sizeof p->f.reason];
    int ok;

    proof_progress(opt, "dual point");
    ok = gap->word ? proof_try_smallest(p, o, p->c.value + BB_GAP, BB_EXCESS, 0, opt->digits) : proof_try(p, o, VERDICT_PROVED);
    if (ok)
        return;
    strcpy(why, p->f.reason);
    if (!gap->word && p->k.found[BB_EXCESS])
        proof_reach(p, "gap", "the smallest gap proved is ", "", p->k.finding + BB_EXCESS, 1);
    proof_progress(opt, "a better member");
    if (gap->word || !proof_try(p, o, VERDICT_REFUTED))
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", why);
}

static const proposal_t proposals[] = {
    { "best-in-basis: {basis: inputs, gap: best}",
      "no affine function of the inputs has a loss below that of the point minus the gap: the smallest gap" },
    { "best-in-basis: {basis: tangent, radius: 1, gap: best}",
      "no model linearised at the point has, with parameters within 1, a loss below that minus the gap" },
    { "best-in-basis: {basis: flat}",
      "no model linearised there, or where the outputs are the same, has a smaller loss: so it is at every local minimum" },
    { NULL, NULL }
};

const prover_t prover_best_in_basis = { "best-in-basis", proposals, NULL, prove, basis_answer, NULL };
