/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* minimizer-within: a global minimiser near the point.  Word "by":

     exact        the centre is one, Z Sxx = Syx exactly (linear networks, square loss)
     curvature    Theorem N, and local minima are global: one layer, where h is convex, or a linear network with the square loss
     last-layer   the features of the last layer are independent on the distinct samples: with f^2 <= the least eigenvalue of their
                  Gram matrix some W_l', |W_l' - W_l| <= |R|_F / f, has the outputs that no function beats, R the distance of the outputs from
                  the weighted means of the labels of equal samples */
#include <string.h>
#include "kernel/arrange.h"
#include "kernel/ask.h"
#include "kernel/inverse.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "rules/distinct.h"
#include "rules/samples.h"
#include "within.h"

const char *const within_by[] = { "exact", "curvature", "last-layer", NULL };

static int
is_plain_linear(const problem_t *P)
{
    return network_is_chain(P) && P->loss == LOSS_SQUARE && fmpq_is_zero(P->weight_decay);
}

const char *
within_minimizer_refuses(const problem_t *P)
{
    const char *why = within_refuses(P);

    if (why == NULL && P->l > 1 && !is_plain_linear(P) && (P->loss != LOSS_SQUARE || !fmpq_is_zero(P->weight_decay)))
        why = "for one layer; for more, with the square loss and without weight decay";
    return why;
}

int
within_minima_are_global(const problem_t *P)
{
    return P->l == 1 || is_plain_linear(P);
}

/* S (m x n): sample i in group g, 1 / D_g. */
static void
averages(qmat_t S, const distinct_t *g, const problem_t *P)
{
    slong m = qmat_cols(P->X), i, k, *group = flint_malloc((m + 1) * sizeof *group);
    fmpq *x = _fmpq_vec_init(m * g->n);

    samples_group(group, P->X);
    for (k = 0; k < g->n; k++)
        for (i = 0; i < m; i++)
            if (group[i] == group[g->sample[k]])
                fmpq_inv(x + i * g->n + k, g->D + k);
    qmat_set_entries(S, m, g->n, x);
    _fmpq_vec_clear(x, m * g->n);
    flint_free(group);
}

/* f2 := the square of a lower bound of the least singular value of A, by an inverse or its Gram matrix. */
static int
least2(fmpq_t f2, facts_t *f, const qmat_t A)
{
    const char *meaning = "\\sigma_{\\min}(H)^2";
    MATRICES(K);

    if (fact_inverse(f2, f, "features", meaning, A, NULL, NULL) || f->failed || !facts_expect_bound(f, "features", qmat_cols(A)))
        return !f->failed;
    qmat_gram(K, A);
    fact_lower(f2, f, "features", meaning, K, NULL, NULL, 1);
    return !f->failed;
}

/* r >= the distance of W_l from one with the best outputs; value := their loss, rounded up. */
static int
last_layer(fmpq_t r, fmpq_t low, fmpq_t high, const pass_t *p, setting_t *s)
{
    const problem_t *P = p->P;
    distinct_t g;
    slong k;
    int ok;
    NUMBERS(f2, x, y, excess);
    MATRICES(A, At, R, S);

    distinct_init(&g, P);
    pass_input_rows(A, p, P->l - 1);
    qmat_transpose(At, A);
    qmat_pick_rows(At, At, g.sample, g.n);
    qmat_transpose(A, At);
    ok = g.n > 0 && g.n <= qmat_rows(A);
    if (!ok)
        facts_fail(s->f, "features", "more distinct samples than features, or none");
    ok = ok && least2(f2, s->f, A);
    if (ok && fmpq_sgn(f2) <= 0)
        facts_fail(s->f, "features", "the features are not shown to be independent");
    if (ok && !s->f->failed)
    {
        loss_gradient(R, P, pass_output(p));
        averages(S, &g, P);
        qmat_mul(R, R, S);
        qmat_frobenius_upper(r, R);
        number_mul(x, r, r);
        number_div(x, x, f2);
        number_sqrt_upper(r, x);
        number_round_up(r, r);
        /* h - h_inf = 1/2 sum_g D_g |R_g|^2 >= 0 */
        loss_bounds(low, high, P, pass_output(p));
        qmat_frobenius_upper(x, R);
        for (k = 0; k < g.n; k++)
            if (fmpq_cmp(g.D + k, y) > 0)
                fmpq_set(y, g.D + k);
        number_mul(excess, x, x);
        number_mul(excess, excess, y);
        fmpq_div_2exp(excess, excess, 1);
        number_sub(low, low, excess);
    }
    distinct_clear(&g);
    return ok && !s->f->failed;
}

int
within_minimizer(fmpq_t r, fmpq_t low, fmpq_t high, int by, const pass_t *p, setting_t *s)
{
    const moments_t *M;

    fmpq_zero(r);
    if (by == WITHIN_BY_LAST_LAYER)
    {
        if (p->P->loss != LOSS_SQUARE || !fmpq_is_zero(p->P->weight_decay))
            facts_fail(s->f, "by", "for the square loss without weight decay");
        return !s->f->failed && last_layer(r, low, high, p, s);
    }
    M = is_plain_linear(p->P) ? setting_moments(s) : NULL;
    if (M == NULL || !network_is_minimizer(p->P, M))
        facts_fail(s->f, "by", "the centre is not a global minimiser");
    else
        loss_bounds(low, high, p->P, pass_output(p));
    return !s->f->failed;
}

int
within_word(facts_t *f)
{
    static const about_t about = { "within by" };
    const char *word = fact_word(f, "by", &about);
    int k;

    for (k = 0; word != NULL && within_by[k] != NULL; k++)
        if (strcmp(word, within_by[k]) == 0)
            return k;
    facts_fail(f, "by", "exact, curvature or last-layer is expected");
    return -1;
}
