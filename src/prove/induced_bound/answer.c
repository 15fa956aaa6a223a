/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members of models: minimisers of phi(f0 + B beta) + nu/2 |beta|^2 for many nu, each judged by the
   rule's own bound.  The larger nu, the less the model moves with the features. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/convex.h"
#include "algebra/outputs.h"
#include "answer.h"
#include "kernel/scope.h"
#include "rules/induced_bound/induced_bound.h"

/* Bits of a rounded member: short ones may be exactly the best. */
static const int bits_tried[] = { 40, 10 };
/* The numbers of a dense basis: beyond, nothing is tried. */
#define MOST_NUMBERS 60000000.0

typedef struct
{
    const ib_about_t *about;
    outputs_t o;
    slong n, blocks;            /* parameters; matrices of a member */
    double *B, *zero;
    qmat_struct *best;
    fmpq_t value, slope;        /* of the best */
    int found;
} search_t;

static void
round_block(qmat_t A, const double *x, slong r, slong c, int bits)
{
    fmpq *y = _fmpq_vec_init(r * c);
    slong i;

    for (i = 0; i < r * c; i++)
        approx_to_fmpq(y + i, x[i], bits, 0);
    qmat_set_entries(A, r, c, y);
    _fmpq_vec_clear(y, r * c);
}

/* V := the blocks of beta: (A, a) by rows, or W_1 by rows, b_1, W_2, .. */
static void
member(qmat_struct *V, const search_t *s, const double *beta, int bits)
{
    const problem_t *P = s->about->pass->P;
    slong k, l = P->l;

    if (s->blocks == 1)
    {
        round_block(V, beta, s->o.d, s->n / s->o.d, bits);
        return;
    }
    for (k = 0; k < l; k++)
    {
        slong r = qmat_rows(P->W + k), c = qmat_cols(P->W + k);
        round_block(V + k, beta, r, c, bits);
        beta += r * c;
        if (problem_bias(P, k) == NULL)
            continue;
        round_block(V + l + k, beta, r, 1, bits);
        beta += r;
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
    setting_t none = { &(facts_t) { .rounding = 256 }, a->pass->P, NULL, NULL };
    qmat_struct *V = qmat_vec_init(s->blocks);
    slong i;
    NUMBERS(value, slope);

    member(V, s, beta, bits);
    if (s->blocks == 1)
        ib_last_bound(value, slope, a->pass, a->deviation, a->rho, V);
    else
        ib_tangent_bound(value, slope, a->pass, a->deviation, &none, V);
    if (is_better(s, limits, value, slope))
    {
        for (i = 0; i < s->blocks; i++)
            qmat_set(s->best + i, V + i);
        fmpq_set(s->value, value);
        fmpq_set(s->slope, slope);
        s->found = 1;
    }
    qmat_vec_clear(V, s->blocks);
}

static void
judge(search_t *s, const induced_offer_t *limits, const double *beta)
{
    size_t i;

    for (i = 0; i < sizeof bits_tried / sizeof *bits_tried; i++)
        judge_rounded(s, limits, beta, bits_tried[i]);
}

/* B := Phi^T (x) I, Phi the last features and, with a bias, ones. */
static void
fill_last(search_t *s)
{
    slong k, i, r, rows = s->n / s->o.d, width = s->o.width[s->o.l - 1];

    for (k = 0; k < s->o.d; k++)
        for (i = 0; i < s->o.m; i++)
            for (r = 0; r < rows; r++)
                s->B[(k * s->o.m + i) * s->n + k * rows + r] = r < width ? s->o.H[s->o.l - 1][r * s->o.m + i] : 1;
}

static int
search_init(search_t *s, const ib_about_t *about)
{
    const problem_t *P = about->pass->P;
    int last = about->layer == 0;

    memset(s, 0, sizeof *s);
    s->about = about;
    outputs_init(&s->o, P);
    s->blocks = last ? 1 : 2 * P->l;
    s->best = qmat_vec_init(s->blocks);
    fmpq_init(s->value);
    fmpq_init(s->slope);
    s->n = last ? s->o.d * (s->o.width[P->l - 1] + (problem_bias(P, P->l - 1) != NULL)) : s->o.n;
    if ((double) s->n * (double) (s->o.d * s->o.m + s->n) > MOST_NUMBERS)
        return 0;
    s->B = flint_calloc(s->o.d * s->o.m * s->n + 1, sizeof(double));
    s->zero = flint_calloc(s->o.d * s->o.m + 1, sizeof(double));
    if (last)
        fill_last(s);
    else
        outputs_jacobian(s->B, &s->o);
    return 1;
}

static void
search_clear(search_t *s)
{
    qmat_vec_clear(s->best, s->blocks);
    fmpq_clear(s->value);
    fmpq_clear(s->slope);
    outputs_clear(&s->o);
    flint_free(s->B);
    flint_free(s->zero);
}

/* beta := (W_l, b_l) by rows. */
static void
own_layer(double *beta, const search_t *s)
{
    slong a, j, rows = s->n / s->o.d, width = s->o.width[s->o.l - 1];

    for (a = 0; a < s->o.d; a++)
        for (j = 0; j < rows; j++)
            beta[a * rows + j] = j < width ? s->o.W[s->o.l - 1][a * width + j] : s->o.b[s->o.l - 1][a];
}

static void
search(search_t *s, const induced_offer_t *limits)
{
    const double *f = s->blocks == 1 ? s->zero : s->o.H[s->o.l];
    double *mix = flint_malloc((s->n + 1) * sizeof *mix), *start = flint_calloc(s->n + 1, sizeof *start);
    convex_t c;
    slong i;
    int k, t;

    if (s->blocks == 1)
        own_layer(start, s);
    judge(s, limits, start);            /* what is there already: the smallest slope */
    convex_init(&c, s->about->pass->P, f, s->B, s->n);
    for (k = -37; k <= 20; k += k < -36 || s->n <= 300 ? 1 : 4)
    {
        if (!convex_minimise(&c, k < -36 ? 0 : pow(10, k / 4.0)))
            continue;
        judge(s, limits, c.beta);
        for (t = 1; limits != NULL && t < 8; t++)
        {   /* between the point and the minimiser, where a slope is limited */
            for (i = 0; i < s->n; i++)
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
    slong k, l = s->about->pass->l;

    for (k = 0; k < s->blocks; k++)
    {
        if (s->blocks == 1)
            snprintf(role, sizeof role, "member");
        else
            snprintf(role, sizeof role, k < l ? "member:%ld" : "member-bias:%ld", (long) (k % l) + 1);
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
