/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <string.h>
#include "approx.h"
#include "bound.h"
#include "enclose.h"
#include "kernel/number.h"
#include "kernel/psd.h"
#include "kernel/rank.h"

void
singular_init(singular_t *s)
{
    s->rank = 0;
    fmpq_init(s->eta_lower);
    fmpq_init(s->eta_upper);
    fmpq_init(s->norm_lower);
    fmpq_init(s->norm_upper);
}

void
singular_clear(singular_t *s)
{
    fmpq_clear(s->eta_lower);
    fmpq_clear(s->eta_upper);
    fmpq_clear(s->norm_lower);
    fmpq_clear(s->norm_upper);
}

/* q := <x, K x> / <x, N x>. */
static void
rayleigh(fmpq_t q, const qmat_t K, const qmat_t N, const qmat_t x)
{
    qmat_t t, u;
    fmpq_t d;

    qmat_init(t, 0, 0);
    qmat_init(u, 0, 0);
    fmpq_init(d);
    qmat_transpose(t, x);
    qmat_mul(u, K, x);
    qmat_mul(u, t, u);
    qmat_get_entry(q, u, 0, 0);
    if (N != NULL)
        qmat_mul(u, N, x);
    else
        qmat_set(u, x);
    qmat_mul(u, t, u);
    qmat_get_entry(d, u, 0, 0);
    fmpq_div(q, q, d);
    qmat_clear(t);
    qmat_clear(u);
    fmpq_clear(d);
}

/* The bound and a check of it: mu with K - mu N >= 0, or mu I - K >= 0. */
static int
verified_bound(fmpq_t mu, const qmat_t K, const qmat_t N, int upper, slong precision_limit)
{
    facts_t f;
    evidence_t e;
    ask_t ask = { .kind = EVIDENCE_BOUND, .role = "bound", .bound = { upper, K, N, NULL } };
    int ok;

    facts_init(&f, 0);
    evidence_init(&e, EVIDENCE_BOUND, "bound");
    ok = oracle_bound(&e, &ask, precision_limit);
    facts_add(&f, &e);
    if (ok && upper && N != NULL)
        fact_upper_pencil(mu, &f, "bound", "", K, N, NULL);
    else if (ok && upper)
        fact_upper(mu, &f, "bound", "", K, NULL);
    else if (ok)
        fact_lower(mu, &f, "bound", "", K, N, NULL, 1);
    ok = ok && !f.failed;
    facts_clear(&f);
    return ok;
}

/* B := A with the given rows, and columns if both. */
static void
pick(qmat_t B, const qmat_t A, const slong *rows, slong n, int both)
{
    slong i, j, c = both ? n : qmat_cols(A);
    qmat_t t;

    qmat_init(t, n, c);
    for (i = 0; i < n; i++)
        for (j = 0; j < c; j++)
            fmpz_set(fmpz_mat_entry(t->num, i, j),
                     fmpz_mat_entry(A->num, rows[i], both ? rows[j] : j));
    fmpz_set(t->den, A->den);
    qmat_canonicalise(t);
    qmat_swap(B, t);
    qmat_clear(t);
}

int
enclose_pencil(singular_t *s, const qmat_t K, const qmat_t N, slong precision_limit)
{
    slong n = qmat_rows(K), *pivots = flint_malloc((n + 1) * sizeof *pivots);
    qmat_t T, R, A, B, x;
    fmpq_t mu, minus;
    int ok = 1;

    qmat_init(T, 0, 0);
    qmat_init(R, 0, 0);
    qmat_init(A, 0, 0);
    qmat_init(B, 0, 0);
    qmat_init(x, 0, 0);
    fmpq_init(mu);
    fmpq_init(minus);
    s->rank = rank_factor_rows(T, R, pivots, K, n);
    if (s->rank == n)
    {
        qmat_set(A, K);
        qmat_set(B, N);
    }
    else if (s->rank > 0)
    {   /* the same non-zero eigenvalues: K N^{-1} K against K on the coordinates
           of independent rows, where K is positive definite */
        pick(R, K, pivots, s->rank, 0);
        qmat_transpose(T, R);
        ok = qmat_solve(x, N, T);
        qmat_mul(A, R, x);
        pick(B, K, pivots, s->rank, 1);
    }
    if (s->rank > 0)
    {
        ok = ok && verified_bound(mu, A, B, 0, precision_limit)
            && oracle_min_vector(x, A, B, precision_limit);
        if (ok)
        {
            fmpq_set(s->eta_lower, mu);
            rayleigh(s->eta_upper, A, B, x);
        }
        ok = ok && verified_bound(mu, K, N, 1, precision_limit);
        if (ok)
        {   /* the weakest direction of 2 mu N - K is the strongest of K */
            fmpq_set(s->norm_upper, mu);
            fmpq_add(mu, mu, mu);
            fmpq_set_si(minus, -1, 1);
            qmat_scale(A, N, mu);
            qmat_add_scaled(A, A, minus, K);
            ok = oracle_min_vector(x, A, N, precision_limit);
            if (ok)
                rayleigh(s->norm_lower, K, N, x);
        }
    }
    flint_free(pivots);
    qmat_clear(T);
    qmat_clear(R);
    qmat_clear(A);
    qmat_clear(B);
    qmat_clear(x);
    fmpq_clear(mu);
    fmpq_clear(minus);
    return ok;
}

int
enclose_singular(singular_t *s, const qmat_t A, slong precision_limit)
{
    slong *pivots = flint_malloc((qmat_rows(A) + 1) * sizeof *pivots), i, n;
    qmat_t T, R, K, N, x, Rt;
    fmpq_t mu;
    double *d, *w;
    int ok = 1;

    qmat_init(T, 0, 0);
    qmat_init(R, 0, 0);
    qmat_init(K, 0, 0);
    qmat_init(N, 0, 0);
    qmat_init(x, 0, 0);
    qmat_init(Rt, 0, 0);
    fmpq_init(mu);
    s->rank = rank_factor_rows(T, R, pivots, A, qmat_rows(A));
    if (s->rank > 0)
    {
        /* eta_min: on the row space, x = R^T z:
           R A^T A R^T - mu R R^T >= 0, of order rank */
        qmat_transpose(Rt, R);
        qmat_mul(K, A, Rt);
        qmat_gram(K, K);
        qmat_gram(N, Rt);
        ok = verified_bound(mu, K, N, 0, precision_limit)
            && oracle_min_vector(x, K, N, precision_limit);
        if (ok)
        {
            number_sqrt_lower(s->eta_lower, mu);
            rayleigh(mu, K, N, x);
            number_sqrt_upper(s->eta_upper, mu);
        }
        qmat_gram_smaller(K, A);
        ok = verified_bound(mu, K, NULL, 1, precision_limit) && ok;
        number_sqrt_upper(s->norm_upper, mu);
        n = qmat_rows(K);
        d = approx_matrix(K, approx_exponent(K));
        w = flint_malloc(n * sizeof *w);
        if (approx_eigen(w, d, n, 1))
        {
            fmpq *e = _fmpq_vec_init(n);
            for (i = 0; i < n; i++)
                approx_to_fmpq(e + i, d[(n - 1) * n + i] + (d[(n - 1) * n + i] == 0 ? 1e-30 : 0), 40, 0);
            qmat_set_entries(x, n, 1, e);
            rayleigh(mu, K, NULL, x);
            number_sqrt_lower(s->norm_lower, mu);
            _fmpq_vec_clear(e, n);
        }
        flint_free(d);
        flint_free(w);
    }
    flint_free(pivots);
    qmat_clear(T);
    qmat_clear(R);
    qmat_clear(K);
    qmat_clear(N);
    qmat_clear(x);
    qmat_clear(Rt);
    fmpq_clear(mu);
    return ok;
}

static void
to_arb(arb_mat_t B, const qmat_t A, slong prec)
{
    slong i, j;
    fmpq_t q;

    fmpq_init(q);
    for (i = 0; i < qmat_rows(A); i++)
        for (j = 0; j < qmat_cols(A); j++)
        {
            qmat_get_entry(q, A, i, j);
            arb_set_fmpq(arb_mat_entry(B, i, j), q, prec);
        }
    fmpq_clear(q);
}

static void
apply(arb_t y, arb_t dy, const arb_t x, const activation_t *s, slong prec)
{
    arb_t t, a;

    arb_init(t);
    arb_init(a);
    arb_set_fmpq(a, s->slope, prec);
    switch (s->kind)
    {
        case ACT_IDENTITY:
            arb_set(y, x);
            arb_one(dy);
            break;
        case ACT_RELU:
        case ACT_LEAKY_RELU:
            if (arb_is_positive(x))
            {
                arb_set(y, x);
                arb_one(dy);
            }
            else if (arb_is_negative(x))
            {
                arb_mul(y, x, a, prec);
                arb_set(dy, a);
            }
            else
            {
                arb_mul(t, x, a, prec);
                arb_union(y, x, t, prec);
                arb_indeterminate(dy);
            }
            break;
        case ACT_TANH:
            arb_tanh(y, x, prec);
            arb_mul(dy, y, y, prec);
            arb_sub_ui(dy, dy, 1, prec);
            arb_neg(dy, dy);
            break;
        case ACT_SIGMOID:
            activation_arb(y, x, s, prec);
            arb_mul(dy, y, y, prec);
            arb_sub(dy, y, dy, prec);
            break;
        default:
        {   /* softplus' is the sigmoid; smooth-leaky' = a + (1 - a) sigmoid */
            activation_t sigmoid;
            sigmoid.kind = ACT_SIGMOID;
            activation_arb(dy, x, &sigmoid, prec);
            activation_arb(y, x, s, prec);
            if (s->kind == ACT_SMOOTH_LEAKY)
            {
                arb_one(t);                     /* dy + a (1 - dy) */
                arb_sub(t, t, dy, prec);
                arb_addmul(dy, t, a, prec);
            }
        }
    }
    arb_clear(t);
    arb_clear(a);
}

void
enclose_feedforward(arb_t h, arb_t g, arb_mat_t *features, const problem_t *P, slong prec)
{
    slong k, i, j, m = qmat_cols(P->X), l = P->l;
    arb_mat_t *in = flint_malloc(l * sizeof *in), *der = flint_malloc(l * sizeof *der), E, W, t, u;
    fmpq *D = _fmpq_vec_init(m);
    arb_t x;

    arb_init(x);
    problem_curvature(D, P);
    arb_mat_init(in[0], qmat_rows(P->X), m);
    to_arb(in[0], P->X, prec);
    for (k = 0; k < l; k++)
    {
        slong w = qmat_rows(P->W + k);
        arb_mat_init(W, w, qmat_cols(P->W + k));
        arb_mat_init(t, w, m);
        to_arb(W, P->W + k, prec);
        arb_mat_mul(t, W, in[k], prec);
        if (P->b != NULL)
        {
            arb_mat_init(u, w, 1);
            to_arb(u, P->b + k, prec);
            for (i = 0; i < w; i++)
                for (j = 0; j < m; j++)
                    arb_add(arb_mat_entry(t, i, j), arb_mat_entry(t, i, j), arb_mat_entry(u, i, 0), prec);
            arb_mat_clear(u);
        }
        if (k < l - 1)
        {
            arb_mat_init(in[k + 1], w, m);
            arb_mat_init(der[k], w, m);
            for (i = 0; i < w; i++)
                for (j = 0; j < m; j++)
                    apply(arb_mat_entry(in[k + 1], i, j), arb_mat_entry(der[k], i, j),
                          arb_mat_entry(t, i, j), P->act + k, prec);
            if (features != NULL)
            {
                arb_mat_init(features[k], w, m);
                arb_mat_set(features[k], in[k + 1]);
            }
        }
        else
        {
            arb_mat_init(E, w, m);
            arb_mat_init(u, w, m);
            to_arb(u, P->Y, prec);
            arb_mat_sub(E, t, u, prec);
            arb_mat_clear(u);
        }
        arb_mat_clear(W);
        arb_mat_clear(t);
    }
    arb_zero(h);
    arb_zero(g);
    /* E is set in the last layer, and l >= 1 */
    for (i = 0; i < arb_mat_nrows(E); i++)  /* NOLINT(clang-analyzer-core.UndefinedBinaryOperatorResult) */
        for (j = 0; j < m; j++)
        {   /* E := e D, h = 1/2 <e, e D> */
            arb_set(x, arb_mat_entry(E, i, j));
            arb_mul_fmpz(arb_mat_entry(E, i, j), x, fmpq_numref(D + j), prec);
            arb_div_fmpz(arb_mat_entry(E, i, j), arb_mat_entry(E, i, j), fmpq_denref(D + j), prec);
            arb_addmul(h, arb_mat_entry(E, i, j), x, prec);
        }
    arb_mul_2exp_si(h, h, -1);
    for (k = l - 1; k >= 0; k--)
    {
        slong w = qmat_rows(P->W + k), c = qmat_cols(P->W + k);
        arb_mat_init(t, m, c);
        arb_mat_init(u, w, c);
        arb_mat_transpose(t, in[k]);
        arb_mat_mul(u, E, t, prec);
        for (i = 0; i < w; i++)
        {
            for (j = 0; j < c; j++)
                arb_addmul(g, arb_mat_entry(u, i, j), arb_mat_entry(u, i, j), prec);
            arb_zero(x);
            for (j = 0; j < m; j++)
                arb_add(x, x, arb_mat_entry(E, i, j), prec);
            if (P->b != NULL)
                arb_addmul(g, x, x, prec);
        }
        arb_mat_clear(t);
        arb_mat_clear(u);
        if (k > 0)
        {
            arb_mat_init(W, w, c);
            arb_mat_init(t, c, w);
            arb_mat_init(u, c, m);
            to_arb(W, P->W + k, prec);
            arb_mat_transpose(t, W);
            arb_mat_mul(u, t, E, prec);
            for (i = 0; i < c; i++)
                for (j = 0; j < m; j++)
                    arb_mul(arb_mat_entry(u, i, j), arb_mat_entry(u, i, j),
                            arb_mat_entry(der[k - 1], i, j), prec);
            arb_mat_swap(E, u);
            arb_mat_clear(W);
            arb_mat_clear(t);
            arb_mat_clear(u);
            arb_mat_clear(der[k - 1]);
        }
        arb_mat_clear(in[k]);
    }
    arb_sqrtpos(g, g, prec);
    arb_mat_clear(E);
    arb_clear(x);
    flint_free(in);
    flint_free(der);
    _fmpq_vec_clear(D, m);
}
