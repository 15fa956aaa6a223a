/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local minima with weight decay: which reason, and its evidence. */
#include "config.h"
#include <string.h>
#include "algebra/approx.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "prove/hessian/hessian.h"
#include "prove/kinks/kinks.h"
#include "prove/regularized_global_minimum/dual.h"
#include "rules/curvature.h"
#include "rules/decayed_points/decayed_points.h"

typedef struct
{
    rgm_offer_t widths;         /* the first member: what rgm_answer looks at */
    const char *by;
    const fmpq *kernel;         /* or NULL */
    int falls;                  /* kinks refute it */
} decayed_offer_t;

static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const decayed_offer_t *offer = o->offer;

    if (offer == NULL)
        return hessian_answer(o, ask, e);
    if (ask->about == &dp_about_by && ask->kind == EVIDENCE_WORD)
    {
        evidence_init(e, EVIDENCE_WORD, ask->role);
        strcpy(e->word, offer->by);
        return 1;
    }
    if (ask->about == &dp_about_by)
        return offer->kernel != NULL && oracle_give_numbers(e, ask, offer->kernel);
    return hessian_answer(o, ask, e) || rgm_answer(o, ask, e);
}

static int
try_reason(proof_t *p, oracle_t *o, decayed_offer_t *offer, const char *by)
{
    int is = strcmp(by, "dual") == 0 || strcmp(by, "hessian") == 0 || (strcmp(by, "kinks") == 0 && !offer->falls), negated = strcmp(p->c.rule->name, "not-local-minimum") == 0, ok;

    offer->by = by;
    o->offer = offer;
    ok = proof_try(p, o, is != negated ? VERDICT_PROVED : VERDICT_REFUTED);
    o->offer = NULL;
    return ok;
}

/* x := e != 0 with W_2 e = 0 and e^T [W_1, b_1] = 0; 0 if there is none. */
static int
common_kernel(fmpq *x, const problem_t *P)
{
    slong i, n = qmat_rows(P->W);
    int found;
    fmpz_mat_t kernel;
    MATRICES(A);

    problem_block(A, P, 0, 1);
    qmat_transpose(A, A);
    qmat_stack(A, A, P->W + 1);
    fmpz_mat_init(kernel, n, n);
    found = fmpz_mat_nullspace(kernel, A->num) > 0;
    for (i = 0; i < n && found; i++)
        fmpq_set_fmpz(x + i, fmpz_mat_entry(kernel, i, 0));
    fmpz_mat_clear(kernel);
    return found;
}

/* The reasons that compare with all widths. */
static int
try_widths(proof_t *p, oracle_t *o, const rgm_t *r, const prove_options_t *opt)
{
    slong size = qmat_rows(r->in.X) + qmat_rows(r->R), n = qmat_rows(r->P->W);
    fmpq *unit = _fmpq_vec_init(size), *e = _fmpq_vec_init(n);
    decayed_offer_t offer = { { 0 }, NULL, NULL, 0 };
    best_t B;
    cones_t t;
    int ok = 0;

    cones_init(&t, opt);
    best_init(&B, r);
    if (rgm_is_tight(r) && rgm_exact_tree(&t, r, r->R) == CONES_PROVED)
    {
        offer.widths.tree = &t;
        ok = try_reason(p, o, &offer, "dual");
    }
    if (!ok && rgm_offer_escape(&offer.widths, unit, &B))
    {
        offer.widths.tree = NULL;
        offer.kernel = fmpq_is_one(r->in.slope) && common_kernel(e, r->P) ? e : NULL;
        ok = try_reason(p, o, &offer, "escape");
    }
    best_clear(&B);
    cones_clear(&t);
    _fmpq_vec_clear(unit, size);
    _fmpq_vec_clear(e, n);
    return ok;
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    decayed_offer_t offer = { { 0 }, NULL, NULL, 0 };
    facts_t none;
    setting_t s;
    rgm_t r;
    int ok = 0;

    (void) asked;
    if (rgm_refuses(o->P) == NULL)
    {
        facts_init(&none, 256);
        s = oracle_setting(o, &none);
        ok = rgm_init(&r, &s) && polar_is_within_reach(&r.in) && try_widths(p, o, &r, opt);
        rgm_clear(&r);
        facts_clear(&none);
    }
    if (!ok && kinks_are_there(o->P))
    {
        offer.falls = 0;
        if (!try_reason(p, o, &offer, "kinks"))
        {
            offer.falls = 1;
            if (!try_reason(p, o, &offer, "kinks"))
                proof_miss(p, OUTCOME_UNDECIDED, "missing: no curve on which h falls is found, and it is not shown to be a local minimum (%.300s)", p->f.reason);
        }
    }
    else if (!ok && !try_reason(p, o, &offer, "curvature") && !try_reason(p, o, &offer, "gradient")
        && !try_reason(p, o, &offer, "hessian"))
        proof_miss(p, OUTCOME_UNDECIDED, "missing: it is not shown to be a global minimiser over all widths, no unit that is 0 gains, and neither gradient "
                   "nor curvature refutes it (%.200s)", strcmp(p->f.failed_role, "hessian") == 0 && strstr(p->f.reason, "gradient") == NULL
                   ? "the kernel of the Hessian is larger than the symmetries" : p->f.reason);
}

#define PROVER(id, name, yaml_says) \
    static const proposal_t id##_proposals[] = { { name, yaml_says }, { NULL, NULL } }; \
    extern const rule_t rule_decayed_##id; \
    const prover_t prover_decayed_##id = { name, id##_proposals, NULL, prove, answer, &rule_decayed_##id }

PROVER(local_minimum, "local-minimum", "no point near has a smaller loss");
PROVER(not_local_minimum, "not-local-minimum", "points as near as one likes have a smaller loss");
