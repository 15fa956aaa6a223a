/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is asked for, and a proof in the making. */
#include "config.h"
#include <string.h>
#include "oracle.h"
#include "certificate/certificate.h"

void
claim_spec_init(claim_spec_t *s)
{
    memset(s, 0, sizeof *s);
    fmpq_init(s->lambda);
    fmpq_init(s->delta);
    fmpq_init(s->gamma);
    fmpq_init(s->alpha);
    fmpq_init(s->beta);
    fmpq_init(s->tolerance);
}

void
claim_spec_clear(claim_spec_t *s)
{
    int i;

    if (s->radius != NULL)
        _fmpq_vec_clear(s->radius, s->nradius);
    fmpq_clear(s->lambda);
    fmpq_clear(s->delta);
    fmpq_clear(s->gamma);
    fmpq_clear(s->alpha);
    fmpq_clear(s->beta);
    fmpq_clear(s->tolerance);
    for (i = 0; i < 3; i++)
        flint_free(s->inequality[i]);
}

void
proof_progress(const prove_options_t *opt, const char *what)
{
    if (opt->progress != NULL)
        opt->progress(opt->context, what);
}

void
proof_init(proof_t *p)
{
    memset(p, 0, sizeof *p);
    claim_init(&p->c, CLAIM_GRADIENT_DOMINANCE);
    conclusion_init(&p->k);
    facts_init(&p->f, 0);
    p->remark[0] = '\0';
    fmpq_init(p->best_radius);
    fmpq_init(p->best_lambda);
}

void
proof_clear(proof_t *p)
{
    claim_clear(&p->c);
    conclusion_clear(&p->k);
    facts_clear(&p->f);
    fmpq_clear(p->best_radius);
    fmpq_clear(p->best_lambda);
}

void
proof_begin(proof_t *p, oracle_t *o, verdict_kind verdict)
{
    facts_clear(&p->f);
    facts_init(&p->f, 256);
    p->f.oracle = oracle_answer;
    p->f.context = o;
    p->k.verdict = verdict;
    p->outcome = verdict == VERDICT_PROVED ? OUTCOME_PROVED : OUTCOME_REFUTED;
}

int
is_simple(const fmpq_t x)
{
    return fmpz_bits(fmpq_numref(x)) + fmpz_bits(fmpq_denref(x)) <= 40;
}

int
largest_radius(fmpq_t rho, int (*works)(void *context, const fmpq_t rho), void *context, int digits,
               int exactly)
{
    fmpq_t lo, hi, mid, gap;
    int k, ok;

    fmpq_init(lo);
    fmpq_init(hi);
    fmpq_init(mid);
    fmpq_init(gap);
    fmpq_one(hi);
    for (k = 0; k < 60 && works(context, hi); k++)
    {
        fmpq_set(lo, hi);
        fmpq_mul_2exp(hi, hi, 1);
    }
    for (k = 0; fmpq_is_zero(lo) && k < 100; k++)
    {
        fmpq_div_2exp(mid, hi, 1);
        if (works(context, mid))
            fmpq_set(lo, mid);
        else
            fmpq_set(hi, mid);
    }
    ok = !fmpq_is_zero(lo);
    while (ok)
    {   /* lo works, hi does not */
        fmpq_sub(gap, hi, lo);
        fmpq_mul_2exp(gap, gap, digits * 3 + 8);
        fmpq_add(mid, lo, hi);
        fmpq_div_2exp(mid, mid, 1);
        if (fmpq_cmp(gap, lo) < 0)
            break;
        if (works(context, mid))
            fmpq_set(lo, mid);
        else
            fmpq_set(hi, mid);
    }
    if (ok)
    {   /* the simplest number in between, then the digits */
        fmpq_sub(gap, hi, lo);
        fmpq_sub(mid, lo, gap);
        fmpq_simplest_between(mid, mid, hi);
        fmpq_div_2exp(gap, mid, 30);
        fmpq_add(gap, gap, mid);
        if (exactly && is_simple(mid) && works(context, mid) && !works(context, gap))
            fmpq_set(rho, mid);
        else
        {
            decimal_round(rho, hi, digits, 0);
            if (!works(context, rho))
                decimal_round(rho, lo, digits, 0);
        }
    }
    fmpq_clear(lo);
    fmpq_clear(hi);
    fmpq_clear(mid);
    fmpq_clear(gap);
    return ok;
}
