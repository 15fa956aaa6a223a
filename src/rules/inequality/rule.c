/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Named quantities compared at a point.  Roles, preconditions and the forgeries that
   try each of them: doc/rules/inequality.md. */
#include <string.h>
#include <stdio.h>
#include "inequality.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "rules/definitions.h"
#include "kernel/scope.h"

const char inequality_about_vector[] = "vector";

/* Rt := the columns that span where the singular values of A live: all of the space for
   norm, the row space for eta_min (independent rows of A, transposed).  0 after a
   failure. */
static int
span(qmat_t Rt, facts_t *f, const char *role, const qmat_t A, term_kind kind)
{
    slong r, *pivots;
    MATRICES(T, R);

    if (kind == TERM_NORM)
    {
        qmat_set_one(Rt, qmat_cols(A));
        return 1;
    }
    pivots = flint_malloc((qmat_rows(A) + 1) * sizeof *pivots);
    r = rank_factor_rows(T, R, pivots, A, FLINT_MIN(qmat_rows(A), qmat_cols(A)));
    if (r <= 0)
        facts_fail(f, role, r < 0 ? "the rank could not be found" : "a zero matrix has no eta_min");
    qmat_transpose(Rt, R);
    flint_free(pivots);
    return r > 0;
}

/* x := ||B z||^2 / ||C z||^2 for the vector of the role. */
static void
quotient(fmpq_t x, facts_t *f, const char *role, const char *meaning, const qmat_t B, const qmat_t C,
         int largest)
{
    inequality_vector_t about = { { inequality_about_vector }, B, C, largest };
    const qmat_struct *z = fact_matrix(f, role, qmat_cols(C), 1, &about.about, 1);
    MATRICES(t);
    NUMBERS(q);

    if (z == NULL)
        return;
    qmat_mul(t, B, z);
    qmat_frobenius2_midpoint(x, t);
    qmat_mul(t, C, z);
    qmat_frobenius2_midpoint(q, t);
    if (fmpq_is_zero(q))
    {
        facts_fail(f, role, "the vector is zero");
        fmpq_zero(x);
    }
    else
    {
        number_div(x, x, q);
        facts_note(f, role, meaning, largest ? "\\ge" : "\\le", x);
    }
}

/* x := a lower or upper bound of the squared singular value that t names, A being its
   product. */
static void
bound_product(fmpq_t x, facts_t *f, const char *role, const char *meaning, const qmat_t A,
              term_kind kind, int upper)
{
    char vector[ROLE_SIZE + 8];
    MATRICES(Rt, K, N);

    if (kind == TERM_NORM && upper)
    {
        qmat_gram_smaller(K, A);
        fact_upper(x, f, role, meaning, K, NULL);
    }
    else if (span(Rt, f, role, A, kind))
    {
        qmat_mul(K, A, Rt);
        if (kind == TERM_ETA_MIN && !upper)
        {
            qmat_gram(K, K);
            qmat_gram(N, Rt);
            fact_lower(x, f, role, meaning, K, N, NULL, 1);
        }
        else
        {
            snprintf(vector, sizeof vector, "%s:vector", role);
            quotient(x, f, vector, meaning, K, Rt, !upper);
        }
    }
}

static void
singular_bound(fmpq_t x, facts_t *f, const char *role, const problem_t *P, const term_t *t, int upper)
{
    term_t root = *t;
    text_t meaning;
    MATRICES(A);

    root.squared = 1;
    fmpq_zero(x);
    text_init(&meaning);
    text_printf(&meaning, "\\texttt{\\detokenize{");
    inequality_term_text(&meaning, &root, P);
    text_printf(&meaning, "}}");
    factors_product(A, &t->factors, P);
    bound_product(x, f, role, meaning.data, A, t->kind, upper);
    text_clear(&meaning);
}

/* The squares of loss, h_inf and gradient, by term_kind; smooth: there is a
   gradient. */
typedef struct
{
    fmpq *exact;
    int smooth;
} values_t;

/* x := a lower or upper bound of the square of a side. */
static void
side_bound(fmpq_t x, facts_t *f, const problem_t *P, const values_t *v, const product_t *s,
           const char *name, int upper)
{
    slong i;
    char role[ROLE_SIZE];
    NUMBERS(y);

    fmpq_one(x);
    for (i = 0; i < s->n && !f->failed; i++)
    {
        const term_t *t = s->term + i;
        snprintf(role, sizeof role, "%s:%ld", name, (long) i + 1);
        if (t->kind == TERM_NUMBER)
            number_mul(y, t->number, t->number);
        else if (t->kind < TERM_NORM)
        {
            fmpq_set(y, v->exact + t->kind);
            if (t->kind == TERM_GRADIENT && !v->smooth)
                facts_fail(f, role, "a hidden unit is at a kink: there is no gradient");
        }
        else
            singular_bound(y, f, role, P, t, upper);
        if (t->squared)
            number_mul(y, y, y);
        number_mul(x, x, y);
    }
}

/* 1 if a REL b follows for the sides a = first, b = 1 - first, REL being >=,
   or > if strict. */
static int
at_least(facts_t *f, const problem_t *P, const values_t *v, const inequality_t *q, int first,
         int strict)
{
    static const char *const name[] = { "left", "right" };
    NUMBERS(x, y);
    int c;

    side_bound(x, f, P, v, q->side + first, name[first], 0);
    side_bound(y, f, P, v, q->side + 1 - first, name[1 - first], 1);
    c = fmpq_cmp(x, y);
    if (!f->failed && c < strict)
        facts_fail(f, "conclusion", "the bounds of the two sides do not prove it");
    return !f->failed;
}

/* NULL, or why a quantity that is asked for is not known. */
/* The kinds of terms that occur. */
static void
asked_for(int asked[TERM_KINDS], const inequality_t *q)
{
    slong i;
    int side;

    memset(asked, 0, TERM_KINDS * sizeof *asked);
    for (side = 0; side < 2; side++)
        for (i = 0; i < q->side[side].n; i++)
            asked[q->side[side].term[i].kind] = 1;
}

static const char *
why_not(const problem_t *P, const int *asked)
{
    slong i;

    if (asked[TERM_H_INF] && !network_is_linear(P))
        return "h_inf is defined for linear and residual networks";
    if (!asked[TERM_LOSS] && !asked[TERM_GRADIENT])
        return NULL;
    if (qmat_rows(P->features) > 0)
        return "loss and gradient are not known where W_1 is given by features";
    for (i = 0; P->act != NULL && i < P->l - 1; i++)
        if (!activation_is_rational(P->act[i].kind))
            return "loss and gradient need rational activations here";
    return NULL;
}

/* The quantities that are asked for; 0 after a failure. */
static int
values(values_t *v, setting_t *s, const int *asked)
{
    const moments_t *M = setting_moments_if_linear(s);

    if (s->f->failed)
        return 0;
    if (asked[TERM_LOSS])
        network_loss(v->exact + TERM_LOSS, s->P, M);
    if (asked[TERM_H_INF])
        moments_infimum(v->exact + TERM_H_INF, M);
    if (asked[TERM_GRADIENT])
        v->smooth = network_gradient_norm2(v->exact + TERM_GRADIENT, s->P, M);
    number_mul(v->exact + TERM_LOSS, v->exact + TERM_LOSS, v->exact + TERM_LOSS);
    number_mul(v->exact + TERM_H_INF, v->exact + TERM_H_INF, v->exact + TERM_H_INF);
    return 1;
}

/* The relation holds, or its negation does. */
static int
holds(facts_t *f, const problem_t *P, const values_t *v, const inequality_t *q, int proved)
{
    switch (q->relation)
    {
        case REL_GE:
            return proved ? at_least(f, P, v, q, 0, 0) : at_least(f, P, v, q, 1, 1);
        case REL_GT:
            return proved ? at_least(f, P, v, q, 0, 1) : at_least(f, P, v, q, 1, 0);
        case REL_LE:
            return proved ? at_least(f, P, v, q, 1, 0) : at_least(f, P, v, q, 0, 1);
        case REL_LT:
            return proved ? at_least(f, P, v, q, 1, 1) : at_least(f, P, v, q, 0, 0);
        default:
            break;
    }
    if (proved && at_least(f, P, v, q, 0, 0) && at_least(f, P, v, q, 1, 0))
        return 1;
    facts_fail(f, "conclusion", "to refute an equality, claim < or > instead");
    return 0;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const inequality_t *q = c->value[INEQUALITY_RELATION].object;
    int ok, asked[TERM_KINDS];
    const char *wrong;
    values_t v;

    asked_for(asked, q);
    wrong = why_not(s->P, asked);
    if (wrong != NULL)
    {
        facts_fail(s->f, "claim", "%s", wrong);
        return 0;
    }
    v.exact = _fmpq_vec_init(TERM_KINDS);
    v.smooth = 1;
    ok = values(&v, s, asked) && holds(s->f, s->P, &v, q, k->verdict == VERDICT_PROVED);
    _fmpq_vec_clear(v.exact, TERM_KINDS);
    return ok;
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    const char *why = refuse_all_but_square_loss(P);
    int asked[TERM_KINDS];

    if (why != NULL || fmpq_is_zero(P->weight_decay))
        return why;
    asked_for(asked, c->value[INEQUALITY_RELATION].object);
    return asked[TERM_H_INF] ? "h_inf is not defined with weight-decay" : NULL;
}

static int
uses_samples(const claim_t *c)
{
    const inequality_t *q = c->value[INEQUALITY_RELATION].object;
    slong i;
    int side;

    for (side = 0; side < 2; side++)
        for (i = 0; i < q->side[side].n; i++)
            if (factors_use_samples(&q->side[side].term[i].factors))
                return 1;
    return 0;
}

/* What the words mean that occur. */
static void
say_words(say_t *s, const inequality_t *q)
{
    static const char *const meaning[TERM_KINDS] = {
        "", "loss is $h(W^0)$", "h\\_inf is the infimum of $h$ over all matrices in place of the product",
        "gradient is $\\|\\nabla h(W^0)\\|$, by all parameters", "norm is the largest singular value of a product of matrices",
        "eta\\_min is the smallest singular value of a product of matrices that is not zero"
    };
    int kind, asked[TERM_KINDS];

    asked_for(asked, q);
    for (kind = 1; kind < TERM_KINDS; kind++)
        if (asked[kind])
            say(s, ", %s", meaning[kind]);
}

static void
say_inequality(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const inequality_t *q = c->value[INEQUALITY_RELATION].object;
    int refuted = k->verdict == VERDICT_REFUTED;
    text_t t;

    text_init(&t);
    inequality_text(&t, q, P);
    say(s, refuted ? "It is not true that \\texttt{\\detokenize{%s}} at this point.\n"
        : "At this point \\texttt{\\detokenize{%s}}.\n", t.data);
    text_clear(&t);
    say_here(s, P);
    say(s, ", $W^0$ is the point of the problem");
    say_words(s, q);
    say(s, ".\n");
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    say(s, "The squares of both sides are compared: numbers, losses and gradients exactly, singular "
        "values by a matrix inequality on one side and by a vector on the other");
}

static const char *const sample[] = { "eta_min(W_2 * W_1) >= 3/5", NULL };

static const field_t parameters[] = {
    { "inequality", &value_inequality, FIELD_BARE, sample, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = { FIELD_END };
static const char *const findings[] = { NULL };

const rule_t rule_inequality = {
    "inequality", "inequality", 1, parameters, constants, findings, uses_samples,
    refuses, verify, NULL, say_inequality, say_method
};
