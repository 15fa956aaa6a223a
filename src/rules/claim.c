/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include "claim.h"
#include "rules/critical_point/curve.h"
#include "rules/global_minimizer/global_minimizer.h"
#include "rules/gradient_dominance/gradient_dominance.h"
#include "rules/regularity/regularity.h"
#include "rules/standing_assumptions/standing_assumptions.h"
#include "kernel/limits.h"

const char *const claim_name[CLAIM_KINDS] = {
    "gradient-dominance", "regularity", "inequality", "global-minimizer", "critical-point",
    "strict-saddle", "saddle", "local-minimum", "not-local-minimum", "hessian-psd", "full-rank", "distinct-eigenvalues"
};
const char *const norm_name[NORM_KINDS] = { "spectral", "frobenius", "feature" };

int
claim_is_local(claim_kind kind)
{
    return kind >= CLAIM_CRITICAL_POINT && kind <= CLAIM_HESSIAN_PSD;
}

int
claim_has_tolerance(claim_kind kind)
{
    return kind == CLAIM_GLOBAL_MINIMIZER || kind == CLAIM_CRITICAL_POINT;
}

void
claim_init(claim_t *c, claim_kind kind)
{
    memset(c, 0, sizeof *c);
    c->kind = kind;
    fmpq_init(c->lambda);
    fmpq_init(c->alpha);
    fmpq_init(c->beta);
    fmpq_init(c->delta);
    inequality_init(&c->q);
    fmpq_init(c->tolerance);
}

void
claim_clear(claim_t *c)
{
    if (c->radius != NULL)
        _fmpq_vec_clear(c->radius, c->nradius);
    fmpq_clear(c->lambda);
    fmpq_clear(c->alpha);
    fmpq_clear(c->beta);
    fmpq_clear(c->delta);
    inequality_clear(&c->q);
    fmpq_clear(c->tolerance);
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
    fmpq_init(k->radius_factor);
    fmpq_init(k->loss);
}

pattern_t *
conclusion_add_pattern(conclusion_t *k, slong n)
{
    k->pattern = flint_realloc(k->pattern, (k->npatterns + 1) * sizeof *k->pattern);
    pattern_init(k->pattern + k->npatterns, n);
    return k->pattern + k->npatterns++;
}

void
conclusion_drop_patterns(conclusion_t *k)
{
    while (k->npatterns > 0)
        pattern_clear(k->pattern + --k->npatterns);
    flint_free(k->pattern);
    k->pattern = NULL;
}

void
conclusion_clear(conclusion_t *k)
{
    conclusion_drop_patterns(k);
    fmpq_clear(k->lambda_lower);
    fmpq_clear(k->paper_lambda);
    fmpq_clear(k->radius_factor);
    fmpq_clear(k->loss);
}

slong
claim_radius_count(const problem_t *P, claim_kind kind)
{
    return kind == CLAIM_GRADIENT_DOMINANCE && P->kind == NET_FEEDFORWARD ? P->l - 1 : P->nblocks;
}

/* What no product announces to the meter: the activations of a feedforward
   network, all kept at once, and one weight per sample. */
static int
within_memory(const problem_t *P)
{
    slong i, m = qmat_cols(P->X), rows = qmat_rows(P->X);

    for (i = 0; i < P->nblocks; i++)
        rows += qmat_rows(P->W + i);
    return rows <= limit(LIMIT_MATRIX) / 256 / m
        && (slong) (fmpz_bits(fmpq_numref(P->scale)) + fmpz_bits(fmpq_denref(P->scale)))
            <= limit(LIMIT_MATRIX) / m;
}

const char *
claim_supported(const problem_t *P, const claim_t *c)
{
    static char message[200];
    const char *name = claim_name[c->kind], *wrong = NULL;
    slong i;
    int gd = c->kind == CLAIM_GRADIENT_DOMINANCE;

    if (!within_memory(P))
        return "the features of all layers are larger than the limit \"matrix\" of the format";
    if (P->loss != LOSS_SQUARE)
    {
        snprintf(message, sizeof message, "%s: the theorem treats the square loss only, not %s",
                 name, loss_name[P->loss]);
        return message;
    }
    if (c->kind == CLAIM_INEQUALITY || c->kind == CLAIM_GLOBAL_MINIMIZER || claim_is_local(c->kind))
    {
        if (!fmpq_is_zero(P->weight_decay))
            wrong = "not defined with weight-decay";
        else if (c->kind != CLAIM_INEQUALITY && P->kind == NET_FEEDFORWARD)
            wrong = "decided for linear and residual networks only";
        else if (fmpq_sgn(c->tolerance) < 0 || (c->has_tolerance && !claim_has_tolerance(c->kind)))
            wrong = c->kind == CLAIM_GLOBAL_MINIMIZER ? "gap is negative" : "gradient is negative";
    }
    else if (!gd && c->kind != CLAIM_REGULARITY)
    {
        for (i = 0; i < qmat_cols(P->X); i++)
            if (!fmpq_is_one(P->weights + i))
                wrong = "not defined for weighted samples";
    }
    else if (!fmpq_is_zero(P->weight_decay))
        wrong = "the theorem does not treat weight-decay";
    else if (gd && qmat_rows(P->features) > 0)
        wrong = "a point given by features is treated by regularity only";
    else if (gd && P->kind == NET_FEEDFORWARD && P->l < 2)
        wrong = "a feedforward network needs a hidden layer; write kind: linear";
    else if (!gd && P->kind == NET_FEEDFORWARD && (P->l != 2 || P->b != NULL))
        wrong = "the theorem treats feedforward networks with one hidden layer and without biases";
    else if (c->nradius != claim_radius_count(P, c->kind))
    {
        snprintf(message, sizeof message, "%s: %ld radii are needed, one per %s", name,
                 (long) claim_radius_count(P, c->kind),
                 gd && P->kind == NET_FEEDFORWARD ? "hidden layer" : "block");
        return message;
    }
    else if (fmpq_sgn(c->lambda) < 0)
        wrong = "lambda is negative";
    else if (fmpq_sgn(c->alpha) < 0 || fmpq_sgn(c->beta) < 0 || fmpq_sgn(c->delta) < 0)
        wrong = "alpha, beta or delta is negative";
    else if (!gd && c->norm != NORM_FROBENIUS)
        wrong = "the theorem is about the Frobenius norm";
    else if (c->norm == NORM_FEATURE && (P->kind != NET_FEEDFORWARD || P->l != 2))
        wrong = "norm: feature needs a feedforward network with one hidden layer";
    for (i = 0; wrong == NULL && i < c->nradius; i++)
        if (fmpq_sgn(c->radius + i) < 0)
            wrong = "radius is negative";
    if (wrong == NULL)
        return NULL;
    snprintf(message, sizeof message, "%s: %s", name, wrong);
    return message;
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

static int
verify_regularity(facts_t *f, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    slong i;
    int ok, zero = 1;
    rc_bounds_t b;
    fmpq_t one;

    if (k->verdict == VERDICT_REFUTED)
    {
        fmpq_init(one);
        fmpq_one(one);
        ok = rc_refute(f, P, c, one);
        fmpq_clear(one);
        return ok;
    }
    rc_bounds_init(&b);
    ok = rc_bounds(&b, f, P, c);
    for (i = 0; i < c->nradius; i++)
        zero &= fmpq_is_zero(c->radius + i);
    if (ok && !zero && !rc_holds(&b, c))    /* one point: v = 0, grad h(W*) = J^T F(W*) = 0 */
    {
        facts_fail(f, "conclusion", "the evidence does not prove these constants on this neighbourhood");
        ok = 0;
    }
    if (ok && k->has_radius_factor && !rc_refute(f, P, c, k->radius_factor))
        ok = 0;
    rc_bounds_clear(&b);
    return ok;
}

static int
verify_local(facts_t *f, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    moments_t M;
    int ok = curve_verify(f, P, c, k->verdict == VERDICT_PROVED);

    if (!ok || k->npatterns == 0)
        return ok;
    ok = moments_init(&M, P) && pattern_verify(f, k->pattern, k->npatterns, P, &M);
    moments_clear(&M);
    return ok;
}

/* 1 if the conclusion states nothing but what can belong to it. */
static int
conclusion_fits(const claim_t *c, const conclusion_t *k)
{
    int proved = k->verdict == VERDICT_PROVED;

    return (!(k->has_lambda_lower || k->has_paper_lambda) || (proved && c->kind == CLAIM_GRADIENT_DOMINANCE))
        && (!k->has_radius_factor || (proved && c->kind == CLAIM_REGULARITY))
        && (k->npatterns == 0 || (proved && c->kind == CLAIM_CRITICAL_POINT && !c->has_tolerance));
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
    if (!conclusion_fits(c, k))
    {
        facts_fail(f, "conclusion", "these constants do not belong to this conclusion");
        return 0;
    }
    if (c->kind == CLAIM_GRADIENT_DOMINANCE)
        ok = verify_gradient_dominance(f, P, c, k);
    else if (c->kind == CLAIM_REGULARITY)
        ok = verify_regularity(f, P, c, k);
    else if (claim_is_local(c->kind))
        ok = verify_local(f, P, c, k);
    else if (c->kind == CLAIM_GLOBAL_MINIMIZER)
    {
        const fmpq *gap = c->has_tolerance ? c->tolerance : NULL;
        ok = k->verdict == VERDICT_PROVED ? gm_verify(f, P, gap) : gm_refute(f, P, gap);
    }
    else if (c->kind == CLAIM_INEQUALITY)
        ok = inequality_verify(f, P, &c->q, k->verdict == VERDICT_PROVED);
    else
    {
        ok = c->kind == CLAIM_FULL_RANK ? full_rank_decide(f, P)
                                        : distinct_eigenvalues_decide(f, P);
        ok = !f->failed && ok == (k->verdict == VERDICT_PROVED);
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
conclusion_describe(conclusion_t *k, const problem_t *P, const claim_t *c)
{
    slong i;
    moments_t M;
    fmpq_t h;

    k->at_minimum = -1;
    k->rank = -1;
    if (c->kind == CLAIM_REGULARITY)
    {
        for (i = 0, k->directions = 0; i < P->nblocks; i++)
            k->directions += qmat_rows(P->W + i) * qmat_cols(P->W + i);
        k->rank = rc_rank(P);
    }
    if (qmat_rows(P->features) > 0)
        return;
    if (P->kind != NET_FEEDFORWARD)
    {
        if (moments_init(&M, P))
        {
            k->at_minimum = network_is_minimizer(P, &M);
            if (c->kind == CLAIM_GLOBAL_MINIMIZER || claim_is_local(c->kind))
                network_loss(k->loss, P, &M);
        }
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
