/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Named quantities compared at a point.  Roles, preconditions and the forgeries that
   try each of them: doc/rules/inequality.md. */
#include <string.h>
#include <stdio.h>
#include "inequality.h"
#include "kernel/inverse.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "network/loss.h"
#include "rules/definitions.h"
#include "kernel/scope.h"
#include "rules/gradient_norm.h"

const char inequality_about_vector[] = "vector";

/* Rt := columns that span the row space of A: independent rows of A, transposed.  0 after a failure. */
static int
span(qmat_t Rt, facts_t *f, const char *role, const qmat_t A)
{
    slong r, *pivots;
    MATRICES(T, R);

    pivots = flint_malloc((qmat_rows(A) + 1) * sizeof *pivots);
    r = rank_factor_rows(T, R, pivots, A, FLINT_MIN(qmat_rows(A), qmat_cols(A)));
    if (r <= 0)
        facts_fail(f, role, r < 0 ? "the rank could not be found" : "a zero matrix has no eta_min");
    qmat_transpose(Rt, R);
    flint_free(pivots);
    return r > 0;
}

/* x := ||B z||^2 / ||C z||^2 (C NULL: the identity) for the vector of the role. */
static void
quotient(fmpq_t x, facts_t *f, const char *role, const char *meaning, const qmat_t B, const qmat_struct *C,
         int largest)
{
    inequality_vector_t about = { { inequality_about_vector }, B, C, largest };
    const qmat_struct *z = fact_matrix(f, role, qmat_cols(B), 1, &about.about, 1);
    MATRICES(t);
    NUMBERS(q);

    if (z == NULL)
        return;
    qmat_mul(t, B, z);
    qmat_frobenius2_midpoint(x, t);
    if (C != NULL)
        qmat_mul(t, C, z);
    else
        qmat_set(t, z);
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

/* If there is a block "inverse" about A, or its transpose if that is taller: a positive lower bound of the squares of all its
   singular values.  So the rank is full, and x := that bound, or with upper the quotient of any vector. */
static int
full_rank_bound(fmpq_t x, facts_t *f, const char *role, const char *vector, const char *meaning, const qmat_t A, int upper)
{
    const qmat_struct *tall = A;
    MATRICES(At);

    if (qmat_rows(A) < qmat_cols(A))
    {
        qmat_transpose(At, A);
        tall = At;
    }
    if (!fact_inverse(x, f, role, meaning, tall, NULL, NULL))
        return 0;
    if (fmpq_sgn(x) <= 0)
        facts_fail(f, role, "the rank may not be full");
    if (upper)
        quotient(x, f, vector, meaning, tall, NULL, 0);
    return 1;
}

/* x := a lower or upper bound of the squared singular value that t names, A being its
   product. */
static void
bound_product(fmpq_t x, facts_t *f, const char *role, const char *meaning, const qmat_t A,
              term_kind kind, int upper)
{
    char vector[ROLE_SIZE + 8];
    MATRICES(Rt, K, N);

    snprintf(vector, sizeof vector, "%s:vector", role);
    if (kind == TERM_NORM && upper)
        fact_norm2(x, f, role, meaning, A, 0, NULL);
    else if (kind == TERM_NORM)
        quotient(x, f, vector, meaning, A, NULL, 1);
    else if (!full_rank_bound(x, f, role, vector, meaning, A, upper) && span(Rt, f, role, A))
    {
        qmat_mul(K, A, Rt);
        if (upper)
            quotient(x, f, vector, meaning, K, Rt, 0);
        else
        {
            qmat_gram(K, K);
            qmat_gram(N, Rt);
            fact_lower(x, f, role, meaning, K, N, NULL, 1);
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
    bound_product(x, f, role, meaning.data, factors_product(A, &t->factors, P), t->kind, upper);
    text_clear(&meaning);
}

/* Bounds of the squares of loss, h_inf and gradient, by term_kind.  The pass is for all
   but the square loss of linear and residual networks, and for infima. */
typedef struct
{
    fmpq *low, *high;
    pass_t *pass;
    setting_t *s;
} values_t;

/* x := the square of a bound of what is not negative: that of a lower bound below 0 would bound
   nothing. */
static void
square(fmpq_t x)
{
    number_clamp(x);
    number_mul(x, x, x);
}

/* x := a bound of the square of the infimum over a basis. */
static void
infimum_bound(fmpq_t x, const values_t *v, const basis_t *b, int upper)
{
    if (basis_needs_slopes(b) && !pass_slopes(v->pass, v->s))
        return;
    if (upper)
        basis_upper(x, b, NULL, v->pass, v->s);
    else
        basis_lower(x, b, NULL, v->pass, v->s);
    square(x);
}

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
        else if (t->kind == TERM_INF)
            infimum_bound(y, v, &t->basis, upper);
        else if (t->kind == TERM_OMEGA)
        {
            omega_bound(y, f, P, upper);
            square(y);
        }
        else if (t->kind < TERM_NORM)
            fmpq_set(y, (upper ? v->high : v->low) + t->kind);
        else
            singular_bound(y, f, role, P, t, upper);
        if (t->squared)
            square(y);
        number_clamp(y);
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

/* 1 if loss and gradient are formed layer by layer; else they are those of a product. */
static int
needs_pass(const problem_t *P)
{
    return !network_has_moments(P);
}

/* NULL, or why a quantity that is asked for is not known. */
static const char *
why_not(const problem_t *P, const int *asked)
{
    if (asked[TERM_H_INF] && !network_is_linear(P))
        return "h_inf is defined for linear and residual networks; write inf(functions)";
    if (asked[TERM_H_INF] && P->loss != LOSS_SQUARE)
        return "h_inf is defined for the square loss; write inf(functions)";
    if (asked[TERM_OMEGA] && omega_refuses(P) != NULL)
        return omega_refuses(P);
    if (asked[TERM_INF] && basis_refuses(P) != NULL)
        return basis_refuses(P);
    if (network_has_shortcuts(P) && (asked[TERM_NORM] || asked[TERM_ETA_MIN]))
        return "norm and eta_min are not for networks with shortcuts";
    if (!asked[TERM_LOSS] && !asked[TERM_GRADIENT])
        return NULL;
    if (qmat_rows(P->features) > 0)
        return "loss and gradient are not known where W_1 is given by features";
    return needs_pass(P) ? pass_loss_refuses(P) : NULL;
}

/* By forward and backward passes. */
static void
values_by_pass(values_t *v, const int *asked)
{
    NUMBERS(x);

    if (asked[TERM_LOSS])
    {
        loss_bounds(v->low + TERM_LOSS, v->high + TERM_LOSS, v->pass->P, pass_output(v->pass));
        network_decay(x, v->pass->P);
        number_add(v->low + TERM_LOSS, v->low + TERM_LOSS, x);
        number_add(v->high + TERM_LOSS, v->high + TERM_LOSS, x);
    }
    if (asked[TERM_GRADIENT] && pass_slopes(v->pass, v->s))
        pass_gradient_norm2(v->low + TERM_GRADIENT, v->high + TERM_GRADIENT, v->pass, v->s);
}

/* The quantities that are asked for; 0 after a failure. */
static int
values(values_t *v, setting_t *s, const int *asked)
{
    const moments_t *M = asked[TERM_LOSS] || asked[TERM_GRADIENT] || asked[TERM_H_INF] ? setting_moments_if_linear(s) : NULL;
    int k;

    if (s->f->failed)
        return 0;
    if (asked[TERM_LOSS] && !needs_pass(s->P))
        network_loss(v->low + TERM_LOSS, s->P, M);
    if (asked[TERM_GRADIENT] && !needs_pass(s->P))
        network_gradient_norm2(v->low + TERM_GRADIENT, s->P, M);
    if (asked[TERM_H_INF])
        moments_infimum(v->low + TERM_H_INF, M);
    for (k = 0; k < TERM_KINDS; k++)
        fmpq_set(v->high + k, v->low + k);
    if (needs_pass(s->P))
        values_by_pass(v, asked);
    for (k = TERM_LOSS; k <= TERM_H_INF; k++)
    {
        square(v->low + k);
        square(v->high + k);
    }
    return !s->f->failed;
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
    values_t v = { .s = s };
    pass_t pass = { .P = NULL };

    asked_for(asked, q);
    wrong = why_not(s->P, asked);
    if (wrong != NULL)
    {
        facts_fail(s->f, "claim", "%s", wrong);
        return 0;
    }
    v.low = _fmpq_vec_init(2 * TERM_KINDS);
    v.high = v.low + TERM_KINDS;
    v.pass = asked[TERM_INF] || (needs_pass(s->P) && (asked[TERM_LOSS] || asked[TERM_GRADIENT])) ? &pass : NULL;
    ok = v.pass == NULL || pass_forward(v.pass, s);
    ok = ok && values(&v, s, asked) && holds(s->f, s->P, &v, q, k->verdict == VERDICT_PROVED);
    if (v.pass != NULL)
        pass_clear(v.pass);
    _fmpq_vec_clear(v.low, 2 * TERM_KINDS);
    return ok && !s->f->failed;
}

/* Version 1 of the format knows rational numbers of the square loss alone (and refuses those of
   a point given by features). */
static int
version_of(const problem_t *P, const claim_t *c)
{
    int asked[TERM_KINDS];

    asked_for(asked, c->value[INEQUALITY_RELATION].object);
    return asked[TERM_INF] || asked[TERM_OMEGA] || P->loss != LOSS_SQUARE
        || ((asked[TERM_LOSS] || asked[TERM_GRADIENT]) && !network_is_linear(P) && !network_is_rational(P)
            && qmat_rows(P->features) == 0) ? 2 : 1;
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    int asked[TERM_KINDS];

    asked_for(asked, c->value[INEQUALITY_RELATION].object);
    if (asked[TERM_H_INF] && !fmpq_is_zero(P->weight_decay))
        return "h_inf is not defined with weight-decay";
    return why_not(P, asked);
}

static int
uses_samples(const claim_t *c)
{
    const inequality_t *q = c->value[INEQUALITY_RELATION].object;
    slong i;
    int side;

    for (side = 0; side < 2; side++)
        for (i = 0; i < q->side[side].n; i++)
            if (q->side[side].term[i].kind == TERM_INF || q->side[side].term[i].kind == TERM_OMEGA
                || factors_use_samples(&q->side[side].term[i].factors))
                return 1;
    return 0;
}

static const char omega_meaning[] =
    "omega is the infimum, over all networks of this kind with any number of hidden units and the outputs of $W^0$ (before the last bias) on the "
    "samples of positive weight, of half the sum of squares of their weights and of the biases of hidden units";

/* What the words mean that occur. */
static void
say_words(say_t *s, const inequality_t *q)
{
    static const char *const meaning[TERM_KINDS] = {
        "", "loss is $h(W^0)$", "h\\_inf is the infimum of $h$ over all matrices in place of the product",
        "gradient is $\\|\\nabla h(W^0)\\|$, by all parameters",
        omega_meaning, "", "norm is the largest singular value of a product of matrices",
        "eta\\_min is the smallest singular value of a product of matrices that is not zero"
    };
    int kind, asked[TERM_KINDS];

    asked_for(asked, q);
    for (kind = 1; kind < TERM_KINDS; kind++)
        if (asked[kind] && kind != TERM_INF)
            say(s, ", %s", meaning[kind]);
}

/* A sentence for every basis: what its infimum is. */
static void
say_bases(say_t *s, const problem_t *P, const inequality_t *q)
{
    text_t t;
    slong i;
    int side;

    for (side = 0; side < 2; side++)
        for (i = 0; i < q->side[side].n; i++)
        {
            const term_t *term = q->side[side].term + i;
            if (term->kind != TERM_INF)
                continue;
            text_init(&t);
            basis_text(&t, &term->basis);
            say(s, "inf(\\texttt{\\detokenize{%s}}) is the infimum of $", t.data);
            say_phi(s, P, "G", "g");
            say(s, "$ over the outputs $G$ on the samples, with entries $g_{ki}$, of ");
            basis_say_members(s, &term->basis, P);
            say(s, ".\n");
            basis_say_terms(s, &term->basis, P);
            text_clear(&t);
        }
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
    say_bases(s, P, q);
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    int asked[TERM_KINDS];

    (void) P;
    asked_for(asked, c->value[INEQUALITY_RELATION].object);
    say(s, "The squares of both sides are compared: numbers, losses and gradients exactly, singular "
        "values by a matrix inequality on one side and by a vector on the other");
    if (asked[TERM_OMEGA])
        say(s, ", omega from below by a dual point with a polar condition%s, from above by the units of the point%s (Vidal, Zhu and Haeffele 2020, Proposition 1.8)",
            facts_find(f, "omega-tree") != NULL ? ", shown on a tree of cones" : "",
            facts_find(f, "omega-multiples") != NULL ? " and multiples of them with the same outputs" : "");
}

static const char *const sample[] = { "eta_min(W_2 * W_1) >= 3/5", NULL };

static const field_t parameters[] = {
    { "inequality", &value_inequality, FIELD_BARE, sample, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = { FIELD_END };
static const char *const findings[] = { NULL };

const rule_t rule_inequality = {
    "inequality", "inequality", 1, 1, parameters, constants, findings, uses_samples,
    version_of, NULL, refuses, verify, NULL, say_inequality, say_method
};
