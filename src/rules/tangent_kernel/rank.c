/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* full-rank for networks with layers: that of the data, the features or the derivatives of the outputs.
   doc/rules/tangent-kernel.md. */
#include <string.h>
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "rules/standing_assumptions/data_rank.h"
#include "tangent_kernel.h"

const char tk_about_type[] = "tangent kernel";

/* A combination of the outputs on distinct samples that no parameter moves. */
static int
is_degenerate(const pass_t *p, setting_t *s, const distinct_t *g)
{
    tk_about_t about = { { tk_about_type }, p, g };
    const qmat_struct *u = fact_matrix(s->f, "null", qmat_rows(p->P->Y), g->n, &about.about, 1);
    qmat_struct *J;
    slong i, k;
    space_t T;
    qmat_t spread;
    int ok;

    if (u == NULL)
        return 0;
    qmat_init(spread, qmat_rows(u), qmat_cols(p->P->X));
    for (k = 0; k < qmat_rows(u); k++)
        for (i = 0; i < g->n; i++)
            fmpz_set(fmpz_mat_entry(spread->num, k, g->sample[i]), fmpz_mat_entry(u->num, k, i));
    ok = !qmat_is_zero(spread);
    J = qmat_vec_init(p->l);
    space_init(&T, p->l);
    space_set_tangent(&T, p);
    pass_pull(J, p, s, spread, &T);
    for (i = 0; i < p->l; i++)
        ok &= qmat_is_zero(J + i);              /* (a ball is not) */
    space_clear(&T);
    qmat_vec_clear(J, p->l);
    qmat_clear(spread);
    if (!ok)
        facts_fail(s->f, "null", "it is 0, or some parameter moves it");
    return ok;
}

/* The rank of features whose entries are rational is decided. */
static int
features_have_full_rank(const pass_t *p, const distinct_t *g)
{
    slong i;
    MATRICES(H, Ht, rows, row);

    pass_input_rows(H, p, p->l - 1);
    qmat_transpose(Ht, H);
    for (i = 0; i < g->n; i++)
    {
        qmat_some_rows(row, Ht, g->sample[i], 1);
        if (i == 0)
            qmat_set(rows, row);
        else
            qmat_stack(rows, rows, row);
    }
    return rank_of(rows) == g->n;
}

/* The rank is full, or is not, as proved says. */
static int
decide_rank(setting_t *s, pass_t *p, const distinct_t *g, int of, int proved)
{
    char *block = flint_malloc(p->l + 1);
    NUMBERS(mu);
    int ok;

    memset(block, 1, p->l);
    if (of == OF_TANGENT && !pass_slopes(p, s))
        ok = 0;                 /* at a kink there are no derivatives */
    else if (of == OF_FEATURES ? qmat_rows(pass_input(p, p->l - 1)) + (problem_bias(p->P, p->l - 1) != NULL) < g->n
        : tk_parameters(p->P, block) < g->n * qmat_rows(p->P->Y))
    {   /* too few to be independent */
        ok = !proved;
        if (!ok)
            facts_fail(s->f, "conclusion", "the exact decision is the opposite");
    }
    else if (of == OF_FEATURES && qmat_is_exact(pass_input(p, p->l - 1)))
    {
        ok = features_have_full_rank(p, g) == proved;
        if (!ok)
            facts_fail(s->f, "conclusion", "the exact decision is the opposite");
    }
    else if (of == OF_FEATURES && !proved)
    {
        facts_fail(s->f, "conclusion", "transcendental features have no exact rank");
        ok = 0;
    }
    else
    {
        ok = of == OF_FEATURES ? tk_features_bound(mu, p, s, g)
            : proved ? tk_kernel_bound(mu, p, s, g, block, 0, NULL) : is_degenerate(p, s, g);
        if (ok && proved && fmpq_sgn(mu) <= 0)
            facts_fail(s->f, of == OF_FEATURES ? "features-kernel" : "kernel", "the bound is 0");
    }
    flint_free(block);
    return ok && !s->f->failed;
}

static int
verify_rank(setting_t *s, const claim_t *c, conclusion_t *k)
{
    int proved = k->verdict == VERDICT_PROVED, ok;
    distinct_t g;
    pass_t p;

    if (!c->value[TK_OF].given)
    {
        ok = data_has_full_rank(s) == proved;
        if (!ok)
            facts_fail(s->f, "conclusion", "the exact decision is the opposite");
        return ok && !s->f->failed;
    }
    distinct_init(&g, s->P);
    ok = pass_forward(&p, s) && decide_rank(s, &p, &g, (int) c->value[TK_OF].n, proved);
    pass_clear(&p);
    distinct_clear(&g);
    return ok;
}

static const char *
refuses_rank(const problem_t *P, const claim_t *c)
{
    return c->value[TK_OF].given ? tk_refuses(P) : data_refuses(P, c);
}

static int
rank_version(const problem_t *P, const claim_t *c)
{
    (void) P;
    return c->value[TK_OF].given ? 2 : 1;
}

static int
uses_samples(const claim_t *c)
{
    (void) c;
    return 1;
}

static int
is_feedforward(const problem_t *P)
{
    return !network_is_linear(P);
}

static const char *const of_words[] = { "features", "tangent", NULL };
static const field_t rank_parameters[] = {
    { "of", &value_choice, FIELD_MAY_BE_ABSENT, of_words, NULL, 0 },
    FIELD_END
};
static const field_t none[] = { FIELD_END };
static const char *const findings[] = { NULL };

const rule_t rule_feedforward_full_rank = {
    "full-rank", "tangent-kernel", 1, 1, rank_parameters, none, findings, uses_samples,
    rank_version, is_feedforward, refuses_rank, verify_rank, NULL, tk_say_rank, tk_say_method
};
