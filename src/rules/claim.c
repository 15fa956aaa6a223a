/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include "claim.h"
#include "gradient_dominance.h"
#include "standing_assumptions.h"
#include "../kernel/limits.h"

const char *const claim_name[CLAIM_KINDS] = {
    "gradient-dominance", "full-rank", "distinct-eigenvalues"
};
const char *const norm_name[NORM_KINDS] = { "spectral", "frobenius", "feature" };

void
claim_init(claim_t *c, claim_kind kind)
{
    memset(c, 0, sizeof *c);
    c->kind = kind;
    fmpq_init(c->lambda);
}

void
claim_clear(claim_t *c)
{
    if (c->radius != NULL)
        _fmpq_vec_clear(c->radius, c->nradius);
    fmpq_clear(c->lambda);
}

void
claim_set_radii(claim_t *c, slong n)
{
    c->nradius = n;
    c->radius = _fmpq_vec_init(n);
}

void
conclusion_init(conclusion_t *k)
{
    memset(k, 0, sizeof *k);
    fmpq_init(k->lambda_lower);
    fmpq_init(k->paper_lambda);
}

void
conclusion_clear(conclusion_t *k)
{
    fmpq_clear(k->lambda_lower);
    fmpq_clear(k->paper_lambda);
}

slong
claim_radius_count(const problem_t *P)
{
    return P->kind == NET_FEEDFORWARD ? P->l - 1 : P->nblocks;
}

/* What no product announces to the meter: the activations of a feedforward
   network, all kept at once, and one weight per sample. */
static int
within_memory(const problem_t *P)
{
    slong i, m = qmat_cols(P->X), rows = qmat_rows(P->X);

    for (i = 0; i < P->nblocks; i++)
        rows += qmat_rows(P->W + i);
    return rows <= limit(LIMIT_MATRIX) / 64 / m
        && (slong) (fmpz_bits(fmpq_numref(P->scale)) + fmpz_bits(fmpq_denref(P->scale)))
            <= limit(LIMIT_MATRIX) / m;
}

const char *
claim_supported(const problem_t *P, const claim_t *c)
{
    static char message[200];
    slong i;
    int gd = c->kind == CLAIM_GRADIENT_DOMINANCE;

    if (!within_memory(P))
        return "the features of all layers are larger than the limit \"matrix\" of the format";
    if (P->loss != LOSS_SQUARE)
    {
        snprintf(message, sizeof message, "%s: the theorem treats the square loss only, not %s",
                 claim_name[c->kind], loss_name[P->loss]);
        return message;
    }
    if (gd && !fmpq_is_zero(P->weight_decay))
        return "gradient-dominance: the theorem does not treat weight-decay";
    if (!gd)
    {
        for (i = 0; i < qmat_cols(P->X); i++)
            if (!fmpq_is_one(P->weights + i))
            {
                snprintf(message, sizeof message, "%s: not defined for weighted samples",
                         claim_name[c->kind]);
                return message;
            }
        return NULL;
    }
    if (P->kind == NET_FEEDFORWARD && P->l < 2)
        return "gradient-dominance: a feedforward network needs a hidden layer; "
               "write kind: linear";
    if (c->nradius != claim_radius_count(P))
    {
        snprintf(message, sizeof message, "gradient-dominance: %ld radii are needed, one per %s",
                 (long) claim_radius_count(P),
                 P->kind == NET_FEEDFORWARD ? "hidden layer" : "block");
        return message;
    }
    for (i = 0; i < c->nradius; i++)
        if (fmpq_sgn(c->radius + i) < 0)
            return "gradient-dominance: radius is negative";
    if (fmpq_sgn(c->lambda) < 0)
        return "gradient-dominance: lambda is negative";
    if (c->norm == NORM_FEATURE && (P->kind != NET_FEEDFORWARD || P->l != 2))
        return "gradient-dominance: norm: feature needs a feedforward network with one hidden layer";
    return NULL;
}

static int
verify_gradient_dominance(facts_t *f, const problem_t *P, const claim_t *c,
                          const conclusion_t *k)
{
    int ok, linear = P->kind != NET_FEEDFORWARD;
    fmpq_t x;
    moments_t M;

    if (k->verdict == VERDICT_REFUTED)
    {
        if (k->has_lambda_lower || k->has_paper_lambda)
        {
            facts_fail(f, "conclusion", "a refutation has no further constants");
            return 0;
        }
        return gd_refute(f, P, c);
    }
    if (linear && !moments_init(&M, P))
    {
        facts_fail(f, "rank", "the data reduction failed");
        moments_clear(&M);
        return 0;
    }
    fmpq_init(x);
    ok = linear ? gd_linear_derive(x, f, P, &M, c, c->lambda)
        : gd_feedforward_derive(x, f, P, c, c->lambda);
    if (ok && fmpq_cmp(x, c->lambda) > 0)
    {
        facts_fail(f, "conclusion", "the evidence does not prove so small a lambda");
        ok = 0;
    }
    if (ok && k->has_lambda_lower
        && (!gd_lambda_lower(x, f, P, linear ? &M : NULL, c) || fmpq_cmp(k->lambda_lower, x) > 0))
    {
        facts_fail(f, "conclusion", "lambda_lower is not proved");
        ok = 0;
    }
    if (ok && k->has_paper_lambda
        && (!gd_paper_lambda(x, f, P, linear ? &M : NULL) || fmpq_cmp(k->paper_lambda, x) > 0))
    {
        facts_fail(f, "conclusion", "paper_lambda is not proved");
        ok = 0;
    }
    fmpq_clear(x);
    if (linear)
        moments_clear(&M);
    return ok;
}

int
claim_verify(facts_t *f, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const char *why = problem_validate(P);
    const evidence_t *unused;
    int ok;

    if (why == NULL)
        why = claim_supported(P, c);
    if (why != NULL)
    {
        facts_fail(f, "claim", "%s", why);
        return 0;
    }
    if (c->kind == CLAIM_GRADIENT_DOMINANCE)
        ok = verify_gradient_dominance(f, P, c, k);
    else
    {
        ok = c->kind == CLAIM_FULL_RANK ? full_rank_decide(f, P)
                                        : distinct_eigenvalues_decide(f, P);
        ok = !f->failed && ok == (k->verdict == VERDICT_PROVED);
        if (k->has_lambda_lower || k->has_paper_lambda)
            ok = 0;
        if (!ok)
            facts_fail(f, "conclusion", "the exact decision is the opposite");
    }
    if (work_exceeded() != NULL)
    {   /* whatever failed before, this is why */
        f->failed = 0;
        facts_fail(f, "limits", "%s", work_exceeded());
    }
    unused = facts_unused(f);
    if (unused != NULL)
        facts_fail(f, unused->role, "this block is not used by the proof");
    return ok && !f->failed;
}

void
conclusion_describe(conclusion_t *k, const problem_t *P)
{
    slong i;
    moments_t M;
    fmpq_t h;

    k->at_minimum = -1;
    if (P->kind != NET_FEEDFORWARD)
    {
        if (moments_init(&M, P))
            k->at_minimum = network_is_minimizer(P, &M);
        moments_clear(&M);
        return;
    }
    for (i = 0; i < P->l - 1; i++)
        if (!activation_is_rational(P->act[i].kind))
            return;
    fmpq_init(h);
    network_loss(h, P, NULL);
    k->at_minimum = fmpq_is_zero(h);
    fmpq_clear(h);
}
