/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kawaguchi, Huang & Kaelbling 2019, Theorem 1 and Examples 1 and 3, as an equivalence and with
   a gap.  Roles, preconditions and the forgeries that try each of them: doc/rules/best-in-basis.md. */
#include <string.h>
#include "best_in_basis.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"

static int
read_value(cursor_t *r, value_t *v, const field_t *f, const problem_t *P)
{
    const char *s, *wrong, *p;
    size_t len;

    (void) f;
    ENSURE(cursor_space(r) && cursor_token(r, &s, &len));
    v->object = flint_malloc(sizeof(basis_t));
    p = s;
    wrong = basis_parse(v->object, &p, s + len, P);
    if (wrong == NULL && p != s + len)
        wrong = "the basis should end here";
    return wrong == NULL || cursor_reject(r, "%s", wrong);
}

/* "layers 1 2" for "layers:1:2", too. */
static const char *
read_text(value_t *v, const char *text, const problem_t *P)
{
    char canonical[200], *q;
    const char *p = canonical, *wrong;
    size_t n = strlen(text);

    v->object = flint_malloc(sizeof(basis_t));
    memset(v->object, 0, sizeof(basis_t));
    if (n >= sizeof canonical)
        return BASIS_WORDS;
    strcpy(canonical, text);
    for (q = canonical; *q != '\0'; q++)
        if (*q == ' ')
            *q = ':';
    wrong = basis_parse(v->object, &p, canonical + n, P);
    return wrong == NULL && *p != '\0' ? "the basis should end here" : wrong;
}

static void
write_value(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    (void) f;
    (void) P;
    text_append(t, " ", 1);
    basis_text(t, v->object);
}

static int
equal(const value_t *a, const value_t *b, const problem_t *P)
{
    (void) P;
    return basis_equal(a->object, b->object);
}

static const value_type_t value_basis = { read_value, read_text, write_value, equal, flint_free, NULL };
static const char *const sample[] = { "tangent", NULL };
static const char *const best_word[] = { "best", NULL };

static const field_t parameters[] = {
    { "basis", &value_basis, 0, sample, NULL, 0 },
    { "radius", &value_number, FIELD_MAY_BE_ABSENT, NULL, NULL, 0 },
    { "gap", &value_number, FIELD_MAY_BE_ABSENT | FIELD_UP, best_word, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = { FIELD_END };
static const char *const findings[] = { "loss", "lower", "excess", NULL };

int
bb_is_exact(const claim_t *c)
{
    return !c->value[BB_GAP].given;
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    const char *why = basis_refuses(P);
    const basis_t *b = c->value[BB_BASIS].object;

    if (why != NULL)
        return why;
    if (c->value[BB_RADIUS].given && !basis_has_radius(b, P))
        return "radius: for the bases tangent and flat, and the last hidden layer of a network with biases, only";
    if (bb_is_exact(c) && !basis_has_point(b, P))
        return "gap: is missing; the point is no member of inputs (but for one layer), and of layers without the last one or a skip";
    if (bb_is_exact(c) && c->value[BB_RADIUS].given && fmpq_is_zero(c->value[BB_RADIUS].x))
        return "radius: 0 leaves the point alone";
    return NULL;
}

/* Decided by orthogonality.  (Within a positive radius no other answer is possible: the loss
   is convex on the basis.) */
static int
decide(setting_t *s, const basis_t *b, const pass_t *p, conclusion_t *k)
{
    int best = basis_annihilates_gradient(b, p, s);

    if (s->f->failed)
        return 0;
    if (best < 0)
        facts_fail(s->f, "gradient", "it is not rational; give a gap");
    else if (best != (k->verdict == VERDICT_PROVED))
        facts_fail(s->f, "conclusion", "the exact decision is the opposite");
    return !s->f->failed;
}

static int
prove_gap(setting_t *s, const claim_t *c, const pass_t *p, conclusion_t *k)
{
    const basis_t *b = c->value[BB_BASIS].object;
    const fmpq *radius = c->value[BB_RADIUS].given ? c->value[BB_RADIUS].x : NULL;
    NUMBERS(low, high);

    loss_bounds(NULL, high, p->P, pass_output(p));
    if (basis_has_point(b, p->P) && basis_annihilates_gradient(b, p, s) == 1)
    {   /* exactly the best */
        loss_bounds(low, NULL, p->P, pass_output(p));
        fmpq_zero(high);
    }
    else if (!basis_lower(low, b, radius, p, s))
        return 0;
    else
        number_sub(high, high, low);
    conclusion_find(k, BB_LOWER, low);
    conclusion_find(k, BB_EXCESS, high);
    if (fmpq_cmp(high, c->value[BB_GAP].x) > 0)
        facts_fail(s->f, "conclusion", "the dual point does not prove so small a gap");
    return !s->f->failed;
}

/* A member with a loss below that of the point minus the gap. */
static int
refute_gap(setting_t *s, const claim_t *c, const pass_t *p)
{
    const fmpq *radius = c->value[BB_RADIUS].given ? c->value[BB_RADIUS].x : NULL;
    NUMBERS(low, high);

    loss_bounds(low, NULL, p->P, pass_output(p));
    if (!basis_upper(high, c->value[BB_BASIS].object, radius, p, s))
        return 0;
    number_sub(low, low, c->value[BB_GAP].x);
    if (fmpq_cmp(high, low) >= 0)
        facts_fail(s->f, "conclusion", "the member does not lie so far below the point");
    return !s->f->failed;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const basis_t *b = c->value[BB_BASIS].object;
    pass_t p;
    int ok = pass_forward(&p, s) && (!basis_needs_slopes(b) || pass_slopes(&p, s));

    if (ok && bb_is_exact(c))
        ok = decide(s, b, &p, k);
    else if (ok)
        ok = k->verdict == VERDICT_PROVED ? prove_gap(s, c, &p, k) : refute_gap(s, c, &p);
    pass_clear(&p);
    return ok && !s->f->failed;
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    NUMBERS(high);

    (void) c;
    if (pass_loss_upper(high, s))
        conclusion_find(k, BB_LOSS, high);
}

const rule_t rule_best_in_basis = {
    "best-in-basis", "best-in-basis", 2, 1, parameters, constants, findings, NULL,
    NULL, NULL, refuses, verify, describe, bb_say, bb_say_method
};
