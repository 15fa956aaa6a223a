/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The general answers: bounds by factorisation, leaves by Arb, points on offer. */
#include "config.h"
#include <string.h>
#include "algebra/bound.h"
#include "algebra/inverse.h"
#include "algebra/leaf.h"
#include "prover.h"
#include "rules/about.h"

void
oracle_init(oracle_t *o, const prover_t *prover, const problem_t *P, moments_t *M,
            slong precision_limit)
{
    memset(o, 0, sizeof *o);
    o->prover = prover;
    o->P = P;
    o->M = M;
    o->at_minimum = NOT_ASKED;
    o->precision_limit = precision_limit;
    o->slack_bits = SLACK_BITS;
    facts_init(&o->cache, 0);
}

void
oracle_clear(oracle_t *o)
{
    kept_clear(&o->kept);
    facts_clear(&o->cache);
}

void
oracle_forget(oracle_t *o)
{
    kept_clear(&o->kept);
    facts_clear(&o->cache);
    facts_init(&o->cache, 0);
}

void
oracle_facts(facts_t *f, oracle_t *o, slong rounding)
{
    facts_init(f, rounding);
    f->oracle = oracle_answer;
    f->trusting = o->searching;
    f->context = o;
}

setting_t
oracle_setting(oracle_t *o, facts_t *f)
{
    setting_t s = { f, o->P, o->M, &o->at_minimum, NULL, o->searching ? &o->kept : NULL };

    return s;
}

int
oracle_give_numbers(evidence_t *e, const ask_t *ask, const fmpq *x)
{
    slong i;

    evidence_init(e, ask->kind, ask->role);
    e->nd = ask->count;
    e->d = _fmpq_vec_init(e->nd);
    for (i = 0; i < e->nd; i++)
        fmpq_set(e->d + i, x + i);
    return 1;
}

int
oracle_give_number_si(evidence_t *e, const ask_t *ask, slong x)
{
    fmpq_t q;

    fmpq_init(q);
    fmpq_set_si(q, x, 1);
    oracle_give_numbers(e, ask, q);
    fmpq_clear(q);
    return 1;
}

int
oracle_give_matrix(evidence_t *e, const ask_t *ask, const qmat_t A)
{
    evidence_init(e, EVIDENCE_MATRIX, ask->role);
    qmat_set(e->A, A);
    return 1;
}

void
oracle_copy(evidence_t *e, const evidence_t *g)
{
    slong i;

    evidence_init(e, g->kind, g->role);
    fmpq_set(e->value, g->value);
    fmpq_set(e->square, g->square);
    qmat_set(e->A, g->A);
    qmat_set(e->S, g->S);
    memcpy(e->bits, g->bits, sizeof e->bits);
    e->nd = g->nd;
    e->precision = g->precision;
    memcpy(e->word, g->word, sizeof e->word);
    if (g->d != NULL)
    {
        e->d = _fmpq_vec_init(g->nd);
        for (i = 0; i < g->nd; i++)
            fmpq_set(e->d + i, g->d + i);
    }
}

int
oracle_recall(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    slong i;

    for (i = 0; i < o->cache.count; i++)
        if (strcmp(o->cache.evidence[i]->role, ask->role) == 0 && o->cache.evidence[i]->kind == ask->kind)
        {
            oracle_copy(e, o->cache.evidence[i]);
            return 1;
        }
    return 0;
}

static void
remember(oracle_t *o, const evidence_t *e)
{
    evidence_t g;

    oracle_copy(&g, e);
    if (!facts_add(&o->cache, &g))
        evidence_clear(&g);
}

void
oracle_keep_matrix(oracle_t *o, const char *role, const qmat_t A)
{
    evidence_t e;

    evidence_init(&e, EVIDENCE_MATRIX, role);
    qmat_set(e.A, A);
    if (!facts_add(&o->cache, &e))
        evidence_clear(&e);
}

/* A block of one of the points on offer. */
static int
point(const oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const about_point_t *about = (const about_point_t *) ask->about;
    const problem_t *Q = about->better ? o->better : o->witness;

    return Q != NULL && oracle_give_matrix(e, ask, about->bias ? Q->b + about->block : Q->W + about->block);
}

/* Long inner segments of deep chains add little and there are many of them. */
static int
is_long_segment(const ask_t *ask)
{
    const about_segment_t *s = (const about_segment_t *) ask->about;

    return s != NULL && s->about.type == about_segment_type && s->b - s->a > 5 && s->a > 1
        && s->b < s->n;
}

static int
bound(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    int once = ask->about != NULL && ask->about->type == about_once_type, by_root = ask->root != NULL, found;

    if (is_long_segment(ask) || (by_root && o->bounds_by == GRAM_MATRICES))
        return 0;
    if (!once && oracle_recall(o, ask, e))
        return 1;
    evidence_init(e, ask->kind, ask->role);
    found = by_root ? oracle_root(e, ask, o->bounds_by == TIGHT_ROOTS)
        : oracle_bound(e, ask, o->slack_bits, o->precision_limit);
    o->limited |= found < 0;
    if (found <= 0)
    {
        evidence_clear(e);
        return 0;
    }
    if (by_root)
        o->largest_root = FLINT_MAX(o->largest_root, qmat_rows(e->A));
    if (!once)
        remember(o, e);
    return 1;
}

static int
leaf(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    if (oracle_recall(o, ask, e))
        return 1;
    if (!oracle_leaf(e, ask, o->precision_limit, o->leaf_bits))
        return 0;
    remember(o, e);
    return 1;
}

int
oracle_answer(void *context, const ask_t *ask, evidence_t *e)
{
    oracle_t *o = context;

    if (o->prover != NULL && o->prover->answer != NULL && o->prover->answer(o, ask, e))
        return 1;
    if (ask->kind == EVIDENCE_BOUND || ask->kind == EVIDENCE_NORM || ask->kind == EVIDENCE_INVERSE)
        return bound(o, ask, e);
    if (ask->kind == EVIDENCE_MATRIX && ask->leaf.act != NULL)
        return leaf(o, ask, e);
    return ask->kind == EVIDENCE_MATRIX && ask->about != NULL && ask->about->type == about_point_type
        && point(o, ask, e);
}
