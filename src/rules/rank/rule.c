/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rank of a product of named matrices, decided exactly (kernel/rank.h): no
   evidence, no theorem beyond elimination.  doc/rules/rank.md. */
#include <string.h>
#include "kernel/limits.h"
#include "kernel/rank.h"
#include "rank.h"
#include "rules/definitions.h"
#include "kernel/scope.h"

static void
clear(void *object)
{
    factors_clear(object);
    flint_free(object);
}

/* v := the product text[0..len). */
static const char *
parse(value_t *v, const char *text, size_t len, const problem_t *P)
{
    factors_t *f = flint_calloc(1, sizeof *f);
    const char *p = text, *wrong;

    v->object = f;
    wrong = factors_parse(f, &p, text + len, P);
    return wrong != NULL || p == text + len ? wrong : "the product should end here";
}

static int
read_value(cursor_t *r, value_t *v, const field_t *f, const problem_t *P)
{
    const char *s, *wrong;
    size_t len;

    ENSURE(cursor_space(r) && cursor_token(r, &s, &len));
    wrong = parse(v, s, len, P);
    return wrong == NULL || cursor_reject(r, "%s", wrong);
}

/* The same with spaces around the matrices. */
static const char *
read_text(value_t *v, const char *text, const problem_t *P)
{
    char *canonical = flint_malloc(strlen(text) + 1), *out = canonical;
    const char *wrong;

    for (; *text != '\0'; text++)
        if (*text != ' ')
            *out++ = *text;
    wrong = parse(v, canonical, out - canonical, P);
    flint_free(canonical);
    return wrong;
}

static void
write_value(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    text_append(t, " ", 1);
    factors_text(t, v->object, P);
}

static int
equal(const value_t *a, const value_t *b, const problem_t *P)
{
    const factors_t *f = a->object, *g = b->object;

    (void) P;
    return f->n == g->n && memcmp(f->factor, g->factor, f->n * sizeof *f->factor) == 0;
}

static const value_type_t value_factors = { read_value, read_text, write_value, equal, clear, NULL };
static const char *const sample[] = { "W_2 * W_1", NULL };

static const field_t parameters[] = {
    { "of", &value_factors, 0, sample, NULL, 0 },
    { "value", &value_number, FIELD_WHOLE | FIELD_CHOSEN, NULL, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = { FIELD_END };
static const char *const findings[] = { "rank", NULL };

slong
rank_decide(const problem_t *P, const claim_t *c)
{
    MATRICES(A);
    slong rank;

    rank = rank_of(factors_product(A, c->value[RANK_OF].object, P));
    return rank;
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    (void) P;
    return NULL;                /* any network, loss and regularization */
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    slong rank = rank_decide(s->P, c);
    int equal;

    if (work_exceeded() != NULL)
        return 0;
    conclusion_find_si(k, RANK_FOUND, rank);
    equal = fmpq_cmp_si(c->value[RANK_VALUE].x, rank) == 0;
    if (equal != (k->verdict == VERDICT_PROVED))
        facts_fail(s->f, "conclusion", "the exact decision is the opposite");
    return !s->f->failed;
}

static int
uses_samples(const claim_t *c)
{
    return factors_use_samples(c->value[RANK_OF].object);
}

static void
say_rank(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    text_t t;
    int refuted = k->verdict == VERDICT_REFUTED;

    text_init(&t);
    factors_text(&t, c->value[RANK_OF].object, P);
    say(s, "The rank of \\texttt{\\detokenize{%s}} at the point of the problem is %s$", t.data,
        refuted ? "not " : "");
    say_number(s, c->value[RANK_VALUE].x);
    text_clear(&t);
    if (refuted)
    {
        say(s, "$ but $");
        say_number(s, k->finding + RANK_FOUND);
    }
    say(s, "$.\n");
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    say(s, "By exact elimination");
}

const rule_t rule_rank = {
    "rank", "rank", 2, 0, parameters, constants, findings, uses_samples,
    NULL, NULL, refuses, verify, NULL, say_rank, say_method
};
