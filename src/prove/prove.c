/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which prover for which claim, and whether a claim is what was asked for. */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include "prover.h"

const prover_t *
prover_of(const rule_t *rule)
{
    const prover_t *found = NULL;
    slong i;

    for (i = 0; prover_table[i] != NULL; i++)
        if (prover_table[i]->of == rule)
            return prover_table[i];
        else if (prover_table[i]->of == NULL && strcmp(prover_table[i]->rule, rule->name) == 0)
            found = prover_table[i];
    return found;
}

/* A list of one number stands for as many as are needed. */
static int
value_matches(const field_t *f, const value_t *asked, const value_t *v, const problem_t *P)
{
    return f->type == &value_list ? radii_match(asked, v) : f->type->equal(asked, v, P);
}

int
given_values_match(const claim_t *asked, const problem_t *P, const claim_t *c)
{
    slong i;
    const field_t *f = asked->rule->parameters;

    for (i = 0; f[i].name != NULL; i++)
    {
        const value_t *a = asked->value + i, *v = c->value + i;
        if (f[i].flags & FIELD_ASKED)
            continue;
        if ((f[i].flags & FIELD_MAY_BE_ABSENT) && v->given != a->given)
            return 0;
        if ((a->given && !a->word) || f[i].type == &value_choice)
            if (!value_matches(f + i, a, v, P))
                return 0;
    }
    return 1;
}

int
problem_equal(const problem_t *P, const problem_t *Q)
{
    slong i;

    if (P->kind != Q->kind || P->l != Q->l || P->r != Q->r || P->skips != Q->skips || P->loss != Q->loss
        || !fmpq_equal(P->scale, Q->scale) || P->power != Q->power
        || !fmpq_equal(P->weight_decay, Q->weight_decay) || P->decayed != Q->decayed
        || !qmat_equal(P->X, Q->X) || !qmat_equal(P->Y, Q->Y)
        || !qmat_equal(P->features, Q->features) || (P->b == NULL) != (Q->b == NULL))
        return 0;
    for (i = 0; i < qmat_cols(P->X); i++)
        if (!fmpq_equal(P->weights + i, Q->weights + i))
            return 0;
    for (i = 0; P->act != NULL && i < P->l - 1; i++)
        if (P->act[i].kind != Q->act[i].kind || !fmpq_equal(P->act[i].slope, Q->act[i].slope))
            return 0;
    for (i = 0; i < P->skips; i++)
        if (P->skip[i] != Q->skip[i])
            return 0;
    for (i = 0; i < P->nblocks; i++)
        if (!qmat_equal(P->W + i, Q->W + i) || (P->b != NULL && !qmat_equal(P->b + i, Q->b + i)))
            return 0;
    return 1;
}

/* A value that is asked for by a word, the best one, is not refuted by another. */
static int
asks_for_the_best(const claim_t *asked)
{
    slong i;
    const field_t *f = asked->rule->parameters;

    for (i = 0; f[i].name != NULL; i++)
        if (asked->value[i].word && f[i].type != &value_choice)
            return 1;
    return 0;
}

int
claim_matches(const claim_t *asked, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const prover_t *prover;

    if (asked->rule != c->rule)
        return 0;
    prover = prover_of(c->rule);
    if (!given_values_match(asked, P, c))
        return 0;
    if (prover != NULL && prover->matches != NULL)
        return prover->matches(asked, P, c, k);
    return k->verdict == VERDICT_PROVED || !asks_for_the_best(asked);
}

void
prove_by_decision(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    if (!proof_try(p, o, VERDICT_PROVED) && !proof_try(p, o, VERDICT_REFUTED))
        proof_miss(p, OUTCOME_UNDECIDED, "%s", p->f.reason);
}

/* The object of v := a copy of that of asked, by way of its canonical text. */
static void
copy_object(value_t *v, const value_t *asked, const field_t *f, const problem_t *P)
{
    text_t t;
    rejection_t why;
    cursor_t r;

    text_init(&t);
    f->type->write(&t, asked, f, P);
    text_printf(&t, "\n");
    r.p = t.data;
    r.end = t.data + t.len;
    r.line = 1;
    r.why = &why;
    if (!f->type->read(&r, v, f, P))
        flint_abort();
    text_clear(&t);
}

/* The claim as it was asked for, to begin with. */
static void
begin_with(proof_t *p, const problem_t *P, const claim_t *asked)
{
    slong i;
    const field_t *f = asked->rule->parameters;

    for (i = 0; f[i].name != NULL; i++)
    {
        value_set(p->c.value + i, asked->value + i);
        if (asked->value[i].object != NULL)
            copy_object(p->c.value + i, asked->value + i, f + i, P);
        if (!(f[i].flags & (FIELD_MAY_BE_ABSENT | FIELD_ASKED)))
            p->c.value[i].given = 1;        /* given, or to be chosen */
    }
}

/* Says so if more bits might have helped. */
static void
mention_limit(proof_t *p, const oracle_t *o)
{
    size_t len = strlen(p->message);

    if (p->outcome == OUTCOME_UNDECIDED && o->limited)
        snprintf(p->message + len, sizeof p->message - len,
                 "; the precision limit of %ld bits was reached", (long) o->precision_limit);
}

static void
run(proof_t *p, const prover_t *prover, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    if (prover != NULL && prover->prove != NULL)
        prover->prove(p, o, asked, opt);
    else
        prove_by_decision(p, o, asked, opt);
}

/* Digits of constants that quick bounds of singular values are good for; up to this order bounds through Gram matrices,
   which decide equality, do not take long. */
enum { USUAL_DIGITS = 4, QUICK_ORDER = 256 };

/* The next way to bound singular values; 0 if there is none that is worth the time. */
static int
tighten(oracle_t *o)
{
    if (o->bounds_by == GRAM_MATRICES || (o->bounds_by == TIGHT_ROOTS && o->largest_root > QUICK_ORDER))
        return 0;
    o->bounds_by++;
    o->largest_root = o->bounds_by == GRAM_MATRICES ? 0 : o->largest_root;
    oracle_forget(o);
    return 1;
}

void
claim_prove(proof_t *p, const problem_t *P, const claim_t *asked, const prove_options_t *opt)
{
    moments_t M;
    oracle_t o;
    setting_t s;
    const prover_t *prover = prover_of(asked->rule);
    const char *why = claim_refused(P, asked);

    begin_with(p, P, asked);
    if (why != NULL)
    {
        proof_miss(p, OUTCOME_BAD_DATA, "%s", why);
        return;
    }
    moments_none(&M);
    oracle_init(&o, prover, P, &M, opt->precision_limit);
    if (opt->digits > USUAL_DIGITS)
        o.bounds_by = TIGHT_ROOTS;
    run(p, prover, &o, asked, opt);
    while (p->outcome == OUTCOME_UNDECIDED && o.largest_root > 0 && tighten(&o))
    {
        proof_clear(p);
        proof_init(p, asked->rule);
        begin_with(p, P, asked);
        run(p, prover, &o, asked, opt);
    }
    p->f.oracle = NULL;
    mention_limit(p, &o);
    if (p->outcome == OUTCOME_PROVED || p->outcome == OUTCOME_REFUTED)
    {
        s = oracle_setting(&o, &p->f);
        conclusion_describe(&p->k, &s, &p->c);
    }
    oracle_clear(&o);
    moments_clear(&M);
}
