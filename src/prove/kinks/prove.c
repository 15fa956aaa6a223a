/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stationary, spurious-local-minimum and local-maximum: decided by their facts; a better point by descent. */
#include "config.h"
#include <stdio.h>
#include "algebra/approx.h"
#include "kernel/scope.h"
#include "kinks.h"
#include "prove/hessian/hessian.h"

/* The tests of the rule show a local minimum: no line is to be looked for. */
static int
is_shown(const kinks_t *T)
{
    const char *undecided;
    fmpq *delta = _fmpq_vec_init(T->d);
    slong i, concave;
    int shown = 1;
    NUMBERS(x, one);
    MATRICES(A);

    fmpq_one(one);
    kinks_gradient_norm2(x, T);
    if (!kinks_have(T, KINK_SHARP))
        shown = fmpq_is_zero(x);
    for (i = 0; i < T->units && shown; i++)
    {
        if (kinks_sharp(&concave, T, i) == 0)
            continue;
        shown = concave == 0 && kinks_multipliers(A, delta, T, i, 1);
        if (shown)
            qmat_get_entry(x, A, 0, 0);
        shown = shown && fmpq_sgn(x) > 0 && fmpq_cmp(x, one) < 0;
    }
    _fmpq_vec_clear(delta, T->d);
    return shown && kinks_is_minimum_on_stratum(&undecided, T);
}

/* The blocks of a line are kept. */
static int
give_line(oracle_t *o, const kinks_about_t *about, const ask_t *ask, evidence_t *e)
{
    qmat_struct *V;
    char role[ROLE_SIZE];
    slong k;

    if (about->power > 0)
        return oracle_recall(o, ask, e);
    if (!about->up && is_shown(about->T))
        return 0;
    V = qmat_vec_init(2);
    if (!kinks_find_line(V, about->T, about->up))
    {
        qmat_vec_clear(V, 2);
        return 0;
    }
    for (k = 0; k < 2; k++)
    {
        snprintf(role, sizeof role, "%s:1:%ld", about->up ? "up" : "down", (long) k + 1);
        oracle_keep_matrix(o, role, V + k);
    }
    qmat_vec_clear(V, 2);
    return oracle_give_number_si(e, ask, 1);
}

static int
give_multipliers(const kinks_about_t *about, const ask_t *ask, evidence_t *e)
{
    fmpq *delta = _fmpq_vec_init(about->T->d);
    int ok;
    MATRICES(A);

    ok = kinks_multipliers(A, delta, about->T, about->unit, about->strictly) && oracle_give_matrix(e, ask, A);
    _fmpq_vec_clear(delta, about->T->d);
    return ok;
}

int
kinks_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const kinks_about_t *about = (const kinks_about_t *) ask->about;

    if (about != NULL && about->about.type == kinks_about_curve)
        return give_line(o, about, ask, e);
    return about != NULL && about->about.type == kinks_about_multipliers && give_multipliers(about, ask, e);
}

/* For the claim that a local minimum is spurious. */
static void
prove_spurious(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    facts_t none;
    setting_t s;
    pass_t pass;
    kinks_t T;
    problem_t better;
    NUMBERS(h);

    (void) asked;
    if (proof_try(p, o, VERDICT_REFUTED))
        return;
    facts_init(&none, 256);
    s = oracle_setting(o, &none);
    problem_init(&better);
    proof_progress(opt, "looking for a better point");
    if (pass_forward(&pass, &s))
    {
        if (kinks_init(&T, &pass) && pass_loss_upper(h, &s) && kinks_find_better(&better, &T, approx_fmpq(h)))
            o->better = &better;
        kinks_clear(&T);
    }
    pass_clear(&pass);
    facts_clear(&none);
    prove_by_decision(p, o, asked, opt);
    if (p->outcome == OUTCOME_UNDECIDED && o->better == NULL)
        proof_miss(p, OUTCOME_UNDECIDED, "missing: no point with a smaller loss is found, and no curve on which h falls");
    o->better = NULL;
    problem_clear(&better);
}

#define PROVER(id, name, prove, answer, yaml_says) \
    static const proposal_t id##_proposals[] = { { name, yaml_says }, { NULL, NULL } }; \
    extern const rule_t rule_##id; \
    const prover_t prover_##id = { name, id##_proposals, NULL, prove, answer, &rule_##id }

PROVER(stationary, "stationary", prove_by_decision, kinks_answer, "no one-sided derivative is negative");
PROVER(spurious_local_minimum, "spurious-local-minimum", prove_spurious, hessian_answer, "no point near has a smaller loss, and another point has");
PROVER(local_maximum, "local-maximum", prove_by_decision, kinks_answer, "no point near has a larger loss");
