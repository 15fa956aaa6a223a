/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* non-increasing-path: exact dependences among the outputs of the units, and what is known of the end. */
#include "config.h"
#include <string.h>
#include "algebra/approx.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "prove/regularized_global_minimum/dual.h"
#include "prove/regularized_global_minimum/multiples.h"
#include "rules/non_increasing_path/non_increasing_path.h"

typedef struct
{
    rgm_offer_t widths;         /* the first member: what rgm_answer looks at */
    const fmpq *multiples;
    const char *end;
} path_offer_t;

static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const path_offer_t *offer = o->offer;

    if (offer == NULL)
        return 0;
    if (ask->about != &path_about)
        return rgm_answer(o, ask, e);
    if (ask->kind != EVIDENCE_WORD)
        return oracle_give_numbers(e, ask, offer->multiples);
    evidence_init(e, EVIDENCE_WORD, ask->role);
    strcpy(e->word, offer->end);
    return 1;
}

static int
try_end(proof_t *p, oracle_t *o, path_offer_t *offer, const char *end)
{
    int ok;

    offer->end = end;
    o->offer = offer;
    oracle_forget(o);
    ok = proof_try(p, o, VERDICT_PROVED);
    o->offer = NULL;
    return ok;
}

/* A global minimiser, or a unit that helps. */
static int
try_widths(proof_t *p, oracle_t *o, path_offer_t *offer, const rgm_t *r, const prove_options_t *opt)
{
    slong size = qmat_rows(r->in.X) + qmat_rows(r->R);
    fmpq *unit = _fmpq_vec_init(size);
    best_t B;
    cones_t t;
    int ok = 0;

    best_init(&B, r);
    cones_init(&t, opt);
    ok = rgm_offer_escape(&offer->widths, unit, &B) && try_end(p, o, offer, "escape");
    if (!ok && polar_is_within_reach(&r->in) && rgm_exact_tree(&t, r, r->R) == CONES_PROVED)
    {
        offer->widths.units = 0;
        offer->widths.tree = &t;
        ok = try_end(p, o, offer, "global");
    }
    best_clear(&B);
    cones_clear(&t);
    _fmpq_vec_clear(unit, size);
    return ok;
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    const problem_t *P = o->P;
    slong i, n = qmat_rows(P->W);
    fmpq *d = _fmpq_vec_init(n), *cost = _fmpq_vec_init(n);
    path_offer_t offer = { { 0 }, d, NULL };
    facts_t none;
    setting_t s;
    units_in_t in;
    rgm_t r;
    int ok = 0;
    NUMBERS(w2, u2);

    (void) asked;
    polar_init(&in, P);
    for (i = 0; i < n; i++)
    {
        polar_squares(w2, u2, P, i);
        fmpq_add(cost + i, w2, u2);
    }
    proof_progress(opt, "dependences among the units");
    if (reduce_units(d, &in, P, cost) == 0)
        proof_miss(p, OUTCOME_UNDECIDED, "missing: a linear dependence among the outputs of the %ld hidden units; with more units than samples times "
                   "outputs there is one", (long) n);
    else
    {
        facts_init(&none, 256);
        s = oracle_setting(o, &none);
        if (rgm_refuses(P) == NULL)
        {
            ok = rgm_init(&r, &s) && try_widths(p, o, &offer, &r, opt);
            rgm_clear(&r);
        }
        facts_clear(&none);
        if (!ok && !try_end(p, o, &offer, "zero"))
            proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", p->f.reason);
    }
    polar_clear(&in);
    _fmpq_vec_clear(d, n);
    _fmpq_vec_clear(cost, n);
}

static const proposal_t proposals[] = {
    { "non-increasing-path",
      "a hidden unit can be scaled down to zero, with the same outputs, without raising the loss" },
    { NULL, NULL }
};

const prover_t prover_non_increasing_path = { "non-increasing-path", proposals, NULL, prove, answer, NULL };
