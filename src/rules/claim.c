/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims and conclusions by the description of their rule. */
#include <stdio.h>
#include <string.h>
#include "kernel/limits.h"
#include "rule.h"

const rule_t *
rule_named(const char *name, const problem_t *P)
{
    const rule_t *first = NULL;
    slong i;

    for (i = 0; rule_table[i] != NULL; i++)
    {
        const rule_t *rule = rule_table[i];
        if (strcmp(rule->name, name) != 0)
            continue;
        if (rule->treats == NULL || rule->treats(P))
            return rule;
        first = first == NULL ? rule : first;
    }
    return first;
}

void
claim_init(claim_t *c, const rule_t *rule)
{
    memset(c, 0, sizeof *c);
    if (rule != NULL)
        claim_set_rule(c, rule);
}

void
claim_set_rule(claim_t *c, const rule_t *rule)
{
    c->rule = rule;
    c->value = values_init(rule->parameters);
}

void
claim_clear(claim_t *c)
{
    if (c->rule != NULL)
        values_clear(c->value, c->rule->parameters);
    memset(c, 0, sizeof *c);
}

value_t *
claim_value(const claim_t *c, const char *name)
{
    slong i;

    for (i = 0; c->rule->parameters[i].name != NULL; i++)
        if (strcmp(c->rule->parameters[i].name, name) == 0)
            return c->value + i;
    return NULL;
}

int
claim_equal(const claim_t *a, const claim_t *b, const problem_t *P)
{
    slong i;
    const field_t *f = a->rule->parameters;

    if (a->rule != b->rule)
        return 0;
    for (i = 0; f[i].name != NULL; i++)
        if (!(f[i].flags & FIELD_ASKED) && (a->value[i].given != b->value[i].given
            || (a->value[i].given && !f[i].type->equal(a->value + i, b->value + i, P))))
            return 0;
    return 1;
}

void
conclusion_init(conclusion_t *k, const rule_t *rule)
{
    memset(k, 0, sizeof *k);
    if (rule != NULL)
        conclusion_set_rule(k, rule);
}

static slong
count_findings(const rule_t *rule)
{
    slong n = 0;

    while (rule->findings[n] != NULL)
        n++;
    return n;
}

void
conclusion_set_rule(conclusion_t *k, const rule_t *rule)
{
    k->rule = rule;
    k->constant = values_init(rule->constants);
    k->finding = _fmpq_vec_init(count_findings(rule) + 1);
    k->found = flint_calloc(count_findings(rule) + 1, sizeof *k->found);
}

void
conclusion_clear(conclusion_t *k)
{
    if (k->rule != NULL)
    {
        values_clear(k->constant, k->rule->constants);
        _fmpq_vec_clear(k->finding, count_findings(k->rule) + 1);
        flint_free(k->found);
    }
    memset(k, 0, sizeof *k);
}

void
conclusion_find(conclusion_t *k, slong i, const fmpq_t x)
{
    fmpq_set(k->finding + i, x);
    k->found[i] = 1;
}

void
conclusion_find_si(conclusion_t *k, slong i, slong x)
{
    fmpq_set_si(k->finding + i, x, 1);
    k->found[i] = 1;
}

int
conclusion_found_si(const conclusion_t *k, slong i, slong x)
{
    return k->found[i] && fmpq_cmp_si(k->finding + i, x) == 0;
}

void
claim_write(text_t *t, const problem_t *P, const claim_t *c)
{
    slong i;
    const field_t *f = c->rule->parameters;

    text_printf(t, "claim %s", c->rule->name);
    for (i = 0; f[i].name != NULL; i++)
    {
        if ((f[i].flags & FIELD_ASKED) || !c->value[i].given)
            continue;
        if (!(f[i].flags & FIELD_BARE))
            text_printf(t, " %s", f[i].name);
        f[i].type->write(t, c->value + i, f + i, P);
    }
}

void
conclusion_write(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    slong i;
    const field_t *f = k->rule->constants;

    text_printf(t, "conclusion %s", k->verdict == VERDICT_PROVED ? "proved" : "refuted");
    for (i = 0; f[i].name != NULL; i++)
    {
        const value_t *repeated = claim_value(c, f[i].name);
        const value_t *v = repeated != NULL ? repeated : k->constant + i;
        if (!v->given)
            continue;
        text_printf(t, " %s", f[i].name);
        f[i].type->write(t, v, f + i, P);
    }
}

const char *
refuse_all_but_square_loss(const problem_t *P)
{
    static _Thread_local char message[100];

    if (P->loss == LOSS_SQUARE)
        return NULL;
    snprintf(message, sizeof message, "the theorem treats the square loss only, not %s",
             loss_name[P->loss]);
    return message;
}

const char *
refuse_weight_decay(const problem_t *P)
{
    return fmpq_is_zero(P->weight_decay) ? NULL : "the theorem does not treat weight-decay";
}

const char *
refuse_all_but_linear(const problem_t *P, const claim_t *c)
{
    const char *why = refuse_all_but_square_loss(P);

    (void) c;
    if (why == NULL && !fmpq_is_zero(P->weight_decay))
        why = "not defined with weight-decay";
    if (why == NULL && !network_is_linear(P))
        why = "decided for linear and residual networks only";
    return why;
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

int
claim_version(const problem_t *P, const claim_t *c)
{
    if (network_has_shortcuts(P) || P->decayed != DECAY_WEIGHTS)
        return 2;               /* version 1 does not know them */
    return c->rule->version_of == NULL ? c->rule->version : c->rule->version_of(P, c);
}

const char *
claim_refused(const problem_t *P, const claim_t *c)
{
    static _Thread_local char message[300];
    const char *wrong;

    if (!within_memory(P))
        return "the features of all layers are larger than the limit \"matrix\" of the format";
    wrong = network_has_shortcuts(P) && !c->rule->shortcuts ? "the theorem does not treat skips and resnets"
        : c->rule->refuses(P, c);
    if (wrong == NULL)
        return NULL;
    snprintf(message, sizeof message, "%s: %s", c->rule->name, wrong);
    return message;
}

/* Every constant that is there belongs to this verdict. */
static int
conclusion_fits(const conclusion_t *k)
{
    slong i;

    for (i = 0; k->rule->constants[i].name != NULL; i++)
        if (k->constant[i].given && k->verdict != VERDICT_PROVED
            && (k->rule->constants[i].flags & FIELD_PROVED))
            return 0;
    return 1;
}

int
claim_verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const char *why = problem_validate(s->P);
    const evidence_t *unused;
    facts_t *f = s->f;
    int ok;

    if (why == NULL)
        why = claim_refused(s->P, c);
    if (why != NULL)
    {
        facts_fail(f, "claim", "%s", why);
        return 0;
    }
    if (!conclusion_fits(k))
    {
        facts_fail(f, "conclusion", "these constants do not belong to this conclusion");
        return 0;
    }
    ok = c->rule->verify(s, c, k);
    if (!ok)
        facts_fail(f, "conclusion", "the evidence does not show it");
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
conclusion_describe(conclusion_t *k, setting_t *s, const claim_t *c)
{
    if (c->rule->describe != NULL)
        c->rule->describe(s, c, k);
}
