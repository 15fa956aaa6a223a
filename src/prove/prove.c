/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which prover for which claim, and what a claim of a problem file says. */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include "oracle.h"
#include "certificate/certificate.h"

/* The text of the file, canonically written, is that of the claim. */
static int
inequality_matches(const claim_spec_t *s, const problem_t *P, const claim_t *c)
{
    int k, ok = strcmp(s->inequality[1], relation_name[c->q.relation]) == 0;
    text_t t;

    for (k = 0; k < 2; k++)
    {
        text_init(&t);
        certificate_write_side(&t, P, c->q.side + k);
        ok &= strcmp(t.data, s->inequality[2 * k]) == 0;
        text_clear(&t);
    }
    return ok;
}

/* delta, alpha and beta as given, or as gamma (1/2 if left out) makes them. */
static int
regularity_matches(const claim_spec_t *s, const problem_t *P, const claim_t *c)
{
    int ok = 1, digits;
    const char *why;
    fmpq_t gamma, x;
    moments_t M;
    oracle_t o;

    if ((s->has_delta && !fmpq_equal(s->delta, c->delta))
        || (s->has_alpha && !fmpq_equal(s->alpha, c->alpha))
        || (s->has_beta && !fmpq_equal(s->beta, c->beta)))
        return 0;
    fmpq_init(gamma);
    fmpq_init(x);
    fmpq_set_si(gamma, 1, 2);
    if (s->has_gamma)
        fmpq_set(gamma, s->gamma);
    if (!s->has_beta && !s->has_radius)
    {
        rc_default_beta(x, gamma, c->delta);
        ok = fmpq_equal(x, c->beta);
    }
    if (ok && !s->has_alpha && !s->alpha_best && !(s->has_radius && s->has_beta))
    {
        ok = moments_init(&M, P);
        oracle_init(&o, P, &M, ORACLE_PRECISION);
        for (digits = 1, ok = ok ? -1 : 0; digits <= 30 && ok < 0; digits++)
            if (!rc_default_alpha(x, &o, gamma, digits, &why))
                ok = 0;
            else if (fmpq_equal(x, c->alpha))
                ok = 1;
        oracle_clear(&o);
        moments_clear(&M);
    }
    fmpq_clear(gamma);
    fmpq_clear(x);
    return ok > 0;
}

int
claim_spec_matches(const claim_spec_t *s, const problem_t *P, const claim_t *c)
{
    slong i;

    if (s->kind != c->kind)
        return 0;
    if (s->kind == CLAIM_INEQUALITY)
        return inequality_matches(s, P, c);
    if (claim_has_tolerance(s->kind))
        return c->has_tolerance == (s->has_tolerance || s->tolerance_best)
            && (!s->has_tolerance || fmpq_equal(s->tolerance, c->tolerance));
    if (s->kind != CLAIM_GRADIENT_DOMINANCE && s->kind != CLAIM_REGULARITY)
        return 1;
    if (s->norm != c->norm || (s->has_lambda && !fmpq_equal(s->lambda, c->lambda))
        || c->nradius != claim_radius_count(P, c->kind))
        return 0;
    if (s->kind == CLAIM_GRADIENT_DOMINANCE && !s->has_radius && (s->radius_paper || !s->has_lambda)
        && !gd_is_paper_radius(P, c))
        return 0;
    if (s->kind == CLAIM_REGULARITY && !regularity_matches(s, P, c))
        return 0;
    for (i = 0; s->has_radius && i < c->nradius; i++)
        if (!fmpq_equal(s->radius + (s->nradius == 1 ? 0 : i), c->radius + i))
            return 0;
    return 1;
}

void
oracle_prove(proof_t *p, const problem_t *P, const claim_spec_t *spec, const prove_options_t *opt)
{
    moments_t M;
    oracle_t o;
    const char *why;

    p->c.kind = spec->kind;
    if (spec->kind == CLAIM_GRADIENT_DOMINANCE || spec->kind == CLAIM_REGULARITY)
    {
        claim_t probe;
        claim_init(&probe, spec->kind);
        claim_set_radii(&probe, spec->nradius > 1 ? spec->nradius
                        : claim_radius_count(P, spec->kind));
        probe.norm = spec->norm;
        why = claim_supported(P, &probe);
        claim_clear(&probe);
    }
    else
        why = claim_supported(P, &p->c);
    if (why != NULL)
    {
        p->outcome = OUTCOME_BAD_DATA;
        snprintf(p->message, sizeof p->message, "%s", why);
        return;
    }
    if (spec->kind != CLAIM_GRADIENT_DOMINANCE && spec->kind != CLAIM_REGULARITY
        && spec->kind != CLAIM_GLOBAL_MINIMIZER && !claim_is_local(spec->kind))
    {   /* decisions: try the one, then the other */
        oracle_init(&o, P, NULL, opt->precision_limit);
        if (spec->kind == CLAIM_INEQUALITY)
        {
            int k;
            for (k = 0; k < 2; k++)
                inequality_parse_side(p->c.q.side + k, spec->inequality[2 * k],
                                      strlen(spec->inequality[2 * k]), P);
            for (k = 0; k < REL_KINDS; k++)
                if (strcmp(relation_name[k], spec->inequality[1]) == 0)
                    p->c.q.relation = k;
        }
        proof_begin(p, &o, VERDICT_PROVED);
        if (!claim_verify(&p->f, P, &p->c, &p->k))
        {
            proof_begin(p, &o, VERDICT_REFUTED);
            if (!claim_verify(&p->f, P, &p->c, &p->k))
            {
                p->outcome = OUTCOME_UNDECIDED;
                snprintf(p->message, sizeof p->message, "%s", p->f.reason);
            }
        }
        p->f.oracle = NULL;
        oracle_clear(&o);
        return;
    }
    if (!moments_init(&M, P))
    {
        p->outcome = OUTCOME_UNDECIDED;
        snprintf(p->message, sizeof p->message, "the data reduction failed");
    }
    else
    {
        oracle_init(&o, P, &M, opt->precision_limit);
        if (spec->kind == CLAIM_REGULARITY)
            oracle_prove_regularity(p, &o, spec, opt);
        else if (claim_is_local(spec->kind))
            oracle_prove_local(p, &o, spec, opt);
        else if (spec->kind == CLAIM_GLOBAL_MINIMIZER)
            oracle_prove_global_minimizer(p, &o, spec, opt);
        else
            oracle_prove_gradient_dominance(p, &o, spec, opt);
        p->f.oracle = NULL;
        if (p->outcome == OUTCOME_PROVED || p->outcome == OUTCOME_REFUTED)
            conclusion_describe(&p->k, P, &p->c);
        oracle_clear(&o);
    }
    moments_clear(&M);
}
