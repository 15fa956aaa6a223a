/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is asked for, and a proof in the making. */
#include "config.h"
#include <string.h>
#include "oracle.h"

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
