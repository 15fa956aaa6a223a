/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members of models: minimisers of phi(f0 + B beta) + nu/2 |beta|^2 for many nu, each judged by the
   rule's own bound.  The larger nu, the less the model moves with the features. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/convex.h"
#include "answer.h"
#include "kernel/scope.h"
#include "prove/best_in_basis/model.h"
#include "rules/induced_bound/induced_bound.h"

/* Bits of a rounded member: short ones may be exactly the best. */
static const int bits_tried[] = { 40, 10 };

typedef struct
{
    const ib_about_t *about;
    model_t M;
    qmat_struct *best;          /* one matrix for each part of the model */
    fmpq_t value, slope;        /* of the best */
    int found;
} search_t;

/* V := the blocks of beta. */
static void
member(qmat_struct *V, const search_t *s, const double *beta, int bits)
{
    slong k;

    for (k = 0; k < s->M.T.n; k++)
    {
        slong r = model_height(&s->M, k), c = qmat_rows(s->M.T.rows + k);
        approx_to_matrix(V + k, beta, r, c, bits);
        beta += r * c;
    }
}

static int
is_better(const search_t *s, const induced_offer_t *limits, const fmpq_t value, const fmpq_t slope)
{
    const fmpq *v = limits == NULL ? NULL : limits->value, *r = limits == NULL ? NULL : limits->slope;

    if ((v != NULL && fmpq_cmp(value, v) > 0) || (r != NULL && fmpq_cmp(slope, r) > 0))
        return 0;
    return !s->found || (v != NULL ? fmpq_cmp(slope, s->slope) < 0 : fmpq_cmp(value, s->value) < 0);
}

static void
judge_rounded(search_t *s, const induced_offer_t *limits, const double *beta, int bits)
{
    const ib_about_t *a = s->about;
    setting_t none = { &(facts_t) { .rounding = 256 }, a->pass->P, NULL, NULL, NULL, NULL };
    qmat_struct *V = qmat_vec_init(s->M.T.n);
    slong i;
    NUMBERS(value, slope);

    member(V, s, beta, bits);
    if (s->about->layer == 0)
        ib_last_bound(value, slope, a->pass, a->deviation, a->rho, V);
    else
        ib_tangent_bound(value, slope, a->pass, a->deviation, &none, V);
    if (is_better(s, limits, value, slope))
    {
        for (i = 0; i < s->M.T.n; i++)
            qmat_set(s->best + i, V + i);
        fmpq_set(s->value, value);
        fmpq_set(s->slope, slope);
        s->found = 1;
    }
    qmat_vec_clear(V, s->M.T.n);
}

static void
judge(search_t *s, const induced_offer_t *limits, const double *beta)
{
    size_t i;

    for (i = 0; i < sizeof bits_tried / sizeof *bits_tried; i++)
        judge_rounded(s, limits, beta, bits_tried[i]);
}

static int
search_init(search_t *s, const ib_about_t *about)
{
    static const basis_t last = { BASIS_LAST, 0, { 0 } }, tangent = { BASIS_TANGENT, 0, { 0 } };
    basis_about_t basis = { { basis_about_type }, about->layer == 0 ? &last : &tangent, NULL, about->pass };
    int ok;

    memset(s, 0, sizeof *s);
    s->about = about;
    ok = model_init(&s->M, &basis);
    s->best = qmat_vec_init(s->M.T.n);
    fmpq_init(s->value);
    fmpq_init(s->slope);
    return ok;
}

static void
search_clear(search_t *s)
{
    qmat_vec_clear(s->best, s->M.T.n);
    fmpq_clear(s->value);
    fmpq_clear(s->slope);
    model_clear(&s->M);
}

/* beta := (W_l, b_l) by rows. */
static void
own_layer(double *beta, const search_t *s)
{
    double *own;
    MATRICES(A);

    problem_block(A, s->M.P, s->M.P->l - 1, 1);
    own = approx_matrix(A, 0);
    memcpy(beta, own, s->M.n * sizeof *beta);
    flint_free(own);
}

static void
search(search_t *s, const induced_offer_t *limits)
{
    double *mix = flint_malloc((s->M.n + 1) * sizeof *mix), *start = flint_calloc(s->M.n + 1, sizeof *start);
    convex_t c;
    slong i;
    int k, t;

    if (s->about->layer == 0)
        own_layer(start, s);
    judge(s, limits, start);            /* what is there already: the smallest slope */
    convex_init(&c, s->M.P, s->M.f, s->M.B, s->M.n);
    for (k = -37; k <= 20; k += k < -36 || s->M.n <= 300 ? 1 : 4)
    {
        if (!convex_minimise(&c, k < -36 ? 0 : pow(10, k / 4.0)))
            continue;
        judge(s, limits, c.beta);
        for (t = 1; limits != NULL && t < 8; t++)
        {   /* between the point and the minimiser, where a slope is limited */
            for (i = 0; i < s->M.n; i++)
                mix[i] = start[i] + (c.beta[i] - start[i]) * t / 8;
            judge(s, limits, mix);
        }
    }
    convex_clear(&c);
    flint_free(mix);
    flint_free(start);
}

static void
keep(oracle_t *o, const search_t *s)
{
    char role[ROLE_SIZE];
    slong k;

    for (k = 0; k < s->M.T.n; k++)
    {
        snprintf(role, sizeof role, s->about->layer == 0 ? "member" : "member:%ld", (long) k + 1);
        oracle_keep_matrix(o, role, s->best + k);
    }
}

int
induced_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const ib_about_t *about = (const ib_about_t *) ask->about;
    search_t s;

    if (about == NULL || about->about.type != ib_about_type)
        return 0;
    if (oracle_recall(o, ask, e))
        return 1;
    if (search_init(&s, about))
    {
        search(&s, o->offer);
        if (s.found)
            keep(o, &s);
    }
    search_clear(&s);
    return oracle_recall(o, ask, e);
}
