/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tangent kernel: which layers count, and the smallest lambda. */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include "kernel/scope.h"
#include "prove/prover.h"
#include "rules/tangent_kernel/tangent_kernel.h"
#include "witness.h"

/* Beyond, no exact null vector is tried. */
#define MOST_OUTPUTS 60

/* Column i of V over den[i] := the derivatives of output i on the distinct samples, exact. */
static void
jacobian(fmpz_mat_t V, fmpz *den, const tk_about_t *about)
{
    const pass_t *p = about->pass;
    slong d = qmat_rows(p->P->Y), n = about->samples->n, i, k, r, c, at;
    setting_t none = { &(facts_t) { .rounding = 1L << 40 }, p->P, NULL, NULL, NULL, NULL };
    qmat_struct *g = qmat_vec_init(p->l);
    space_t T;
    INTEGERS(t);
    qmat_t u;

    space_init(&T, p->l);
    space_set_tangent(&T, p);
    for (i = 0; i < d * n; i++)
    {
        qmat_init(u, d, qmat_cols(p->P->X));
        fmpz_one(fmpz_mat_entry(u->num, i / n, about->samples->sample[i % n]));
        pass_pull(g, p, &none, u, &T);
        qmat_clear(u);
        fmpz_one(den + i);
        for (k = 0; k < p->l; k++)
            fmpz_lcm(den + i, den + i, g[k].den);
        for (at = 0, k = 0; k < p->l; k++)
        {
            fmpz_divexact(t, den + i, g[k].den);
            for (r = 0; r < qmat_rows(g + k); r++)
                for (c = 0; c < qmat_cols(g + k); c++)
                    fmpz_mul(fmpz_mat_entry(V, at++, i), fmpz_mat_entry(g[k].num, r, c), t);
        }
    }
    space_clear(&T);
    qmat_vec_clear(g, p->l);
}

/* A combination that no parameter moves, of an exact network. */
static int
null_answer(evidence_t *e, const ask_t *ask, const tk_about_t *about)
{
    slong N = ask->rows * ask->cols, i, rank;
    char *block;
    fmpz *den;
    fmpz_mat_t V, W;
    qmat_t u;

    if (N > MOST_OUTPUTS || !network_is_rational(about->pass->P))
        return 0;
    block = flint_malloc(about->pass->l + 1);
    memset(block, 1, about->pass->l);
    fmpz_mat_init(V, tk_parameters(about->pass->P, block), N);
    fmpz_mat_init(W, N, N);
    den = _fmpz_vec_init(N);
    jacobian(V, den, about);
    rank = fmpz_mat_nullspace(W, V);
    qmat_init(u, ask->rows, ask->cols);
    for (i = 0; i < N && rank > 0; i++)
        fmpz_mul(fmpz_mat_entry(u->num, i / ask->cols, i % ask->cols), fmpz_mat_entry(W, i, 0), den + i);
    if (rank > 0)
    {
        qmat_canonicalise(u);
        oracle_give_matrix(e, ask, u);
    }
    qmat_clear(u);
    fmpz_mat_clear(V);
    fmpz_mat_clear(W);
    _fmpz_vec_clear(den, N);
    flint_free(block);
    return rank > 0;
}

/* The numbers that are offered for blocks; NULL: none, all layers count. */
static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    if (ask->about != NULL && ask->about->type == tk_about_type)
        return null_answer(e, ask, (const tk_about_t *) ask->about);
    if (o->offer == NULL || ask->kind != EVIDENCE_NUMBERS || strcmp(ask->role, "blocks") != 0)
        return 0;
    return oracle_give_numbers(e, ask, o->offer);
}

/* All layers; then the last ones alone, from the last on: what moves less, or is smaller.  The radii are taken;
   witness: NULL or a point near. */
static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt, int dominance, const problem_t *witness)
{
    slong l = o->P->l, first, best = -1;
    fmpq *block = _fmpq_vec_init(l);
    NUMBERS(most);
    value_t *lambda = p->c.value + TK_LAMBDA;
    char why[sizeof p->f.reason];


    o->witness = witness;
    if (dominance && !asked->value[TK_LAMBDA].given)
        value_leave_open(lambda);
    for (first = l - 1; first >= -1; first--)
    {   /* -1: all layers, last tried, so that its failure is what is reported */
        slong from = first == -1 ? 0 : first, k;
        if (first == 0)
            continue;
        for (k = 0; k < l; k++)
            fmpq_set_si(block + k, k >= from, 1);
        o->offer = from == 0 ? NULL : block;
        proof_progress(opt, "tangent kernel");
        if (proof_try(p, o, VERDICT_PROVED) && fmpq_cmp(p->k.finding + TK_FOUND_LEAST, most) > 0)
        {
            fmpq_set(most, p->k.finding + TK_FOUND_LEAST);
            best = from;
        }
        oracle_forget(o);
    }
    if (best < 0)
    {
        if (p->k.found[TK_FOUND_SIGMA])
        {
            proof_reach(p, "sigma", "the least singular value is at least ", " at the point", p->k.finding + TK_FOUND_SIGMA, 0);
            proof_reach(p, "deviation", "and may fall by ", "", p->k.finding + TK_FOUND_DEVIATION, 1);
        }
        strcpy(why, p->f.reason);
        if (!dominance || !asked->value[TK_LAMBDA].given || !proof_try(p, o, VERDICT_REFUTED))
            proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", why);
    }
    else
    {
        slong k;
        for (k = 0; k < l; k++)
            fmpq_set_si(block + k, k >= best, 1);
        o->offer = best == 0 ? NULL : block;
        proof_try(p, o, VERDICT_PROVED);
        if (dominance && !asked->value[TK_LAMBDA].given)
        {
            value_settle(lambda, p->k.finding + TK_FOUND_LAMBDA, 1, opt->digits);
            proof_try(p, o, VERDICT_PROVED);
        }
    }
    o->offer = NULL;
    o->witness = NULL;
    _fmpq_vec_clear(block, l);
}

static void
prove_no_bad(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    claim_take_radii(p->c.value + TK_RADIUS, asked->value + TK_RADIUS, o->P->l);
    prove(p, o, asked, opt, 0, NULL);
}

static void
prove_dominance(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    problem_t witness;
    int found;

    claim_take_radii(p->c.value + TK_RADIUS, asked->value + TK_RADIUS, o->P->l);
    problem_init(&witness);
    proof_progress(opt, "witness");
    found = tangent_witness(&witness, o, p->c.value + TK_RADIUS);
    prove(p, o, asked, opt, 1, found ? &witness : NULL);
    problem_clear(&witness);
}

static const proposal_t full_rank_proposals[] = {
    { "full-rank",
      "X X^T and X Y^T have full rank" },
    { "full-rank: {of: features}",
      "the inputs of the last layer are linearly independent: with them the last layer has no bad critical point" },
    { "full-rank: {of: tangent}",
      "the derivatives of the outputs are linearly independent: the point is critical only if it is a global minimiser" },
    { NULL, NULL }
};
static const proposal_t no_bad_proposals[] = {
    { "no-bad-critical-point: {radius: 1/1000}",
      "every critical point of a neighbourhood is a global minimiser" },
    { NULL, NULL }
};
static const proposal_t dominance_proposals[] = {
    { "tangent-dominance: {radius: 1/1000}",
      "on a neighbourhood the loss above its infimum is at most lambda times the squared norm of the gradient" },
    { NULL, NULL }
};

const prover_t prover_no_bad_critical_point = { "no-bad-critical-point", no_bad_proposals, NULL, prove_no_bad, answer, NULL };
const prover_t prover_tangent_dominance = { "tangent-dominance", dominance_proposals, NULL, prove_dominance, answer, NULL };

extern const rule_t rule_feedforward_full_rank;
const prover_t prover_feedforward_full_rank = { "full-rank", full_rank_proposals, NULL, prove_by_decision, answer,
                                                &rule_feedforward_full_rank };
