/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <string.h>
#include "approx.h"
#include "bound.h"
#include "enclose.h"
#include "kernel/ask.h"
#include "extreme.h"
#include "inverse.h"
#include "kernel/number.h"
#include "kernel/rank.h"

void
interval_init(interval_t *x)
{
    fmpq_init(x->lower);
    fmpq_init(x->upper);
    x->known = x->tight = 0;
}

void
interval_clear(interval_t *x)
{
    fmpq_clear(x->lower);
    fmpq_clear(x->upper);
}

void
singular_init(singular_t *s)
{
    s->rank = -1;
    interval_init(&s->eta);
    interval_init(&s->norm);
}

void
singular_clear(singular_t *s)
{
    interval_clear(&s->eta);
    interval_clear(&s->norm);
}

/* Both values are zero. */
static void
all_zero(singular_t *s)
{
    s->eta.known = s->eta.tight = s->norm.known = s->norm.tight = 1;
}

/* A few bits more than so many digits and the four more that are printed. */
static slong
bits_of(int digits)
{
    return (slong) (3.33 * (digits + 5)) + 1;
}

/* The largest, or smallest, eigenvalue of K x = mu N x: a factor that is checked, and the
   exact quotient of a vector on the other side. */
static void
extreme(interval_t *mu, const qmat_t K, const qmat_struct *N, int largest, int digits, slong limit)
{
    const extreme_t p = { K, N, largest, bits_of(digits) };
    ask_t ask = { .kind = EVIDENCE_BOUND, .role = "bound", .bound = { largest, K, N, NULL } };
    fmpq *proved = largest ? mu->upper : mu->lower, *seen = largest ? mu->lower : mu->upper;
    facts_t f;
    evidence_t e;
    fmpq_t gap;
    qmat_t x;

    facts_init(&f, 0);
    evidence_init(&e, EVIDENCE_BOUND, "bound");
    qmat_init(x, 0, 0);
    fmpq_init(gap);
    mu->known = oracle_enclosure(&e, x, &ask, p.bits, limit) > 0;
    facts_add(&f, &e);
    if (mu->known && !largest)
        fact_lower(proved, &f, "bound", "", K, N, NULL, 1);
    else if (mu->known && N == NULL)
        fact_upper(proved, &f, "bound", "", K, NULL);
    else if (mu->known)
        fact_upper_pencil(proved, &f, "bound", "", K, N, NULL);
    if (mu->known)
        extreme_quotient(seen, &p, x);
    mu->known = mu->known && !f.failed && fmpq_sgn(mu->lower) > 0;
    fmpq_sub(gap, mu->upper, mu->lower);
    fmpq_mul_2exp(gap, gap, p.bits - 2);
    mu->tight = mu->known && fmpq_cmp(gap, mu->upper) <= 0;
    facts_clear(&f);
    qmat_clear(x);
    fmpq_clear(gap);
}

static void
take_roots(interval_t *x)
{
    if (x->known)
    {
        number_sqrt_lower(x->lower, x->lower);
        number_sqrt_upper(x->upper, x->upper);
    }
}

/* S := about L^-1, lower triangular, N = L L^T, such that S N S^T is about the identity, however
   ill conditioned N is; S is invertible in any case.  0 if the precision does not suffice. */
static int
orthonormaliser(qmat_t S, const qmat_t N, slong limit)
{
    slong i, j, n = qmat_rows(N), prec;
    fmpq *e = _fmpq_vec_init(n * n);
    arb_mat_t L, X;
    arf_t u;
    int ok = 0;

    arb_mat_init(L, n, n);
    arb_mat_init(X, n, n);
    arf_init(u);
    for (prec = 128; !ok && prec <= limit; prec *= 2)
    {
        approx_arb(L, N, prec);
        ok = approx_cholesky(L, prec);
    }
    if (ok)
    {
        arb_mat_one(X);
        arb_mat_approx_solve_tril(X, L, X, 0, prec);
    }
    for (i = 0; ok && i < n; i++)
        for (j = 0; j <= i; j++)
        {   /* the errors of row i, times the roots of N_jj, are small */
            const fmpz *d = fmpz_mat_entry(N->num, j, j);
            slong b = 16 + (slong) FLINT_BIT_COUNT(n)
                + ((slong) fmpz_bits(d) - (slong) fmpz_bits(N->den)) / 2;
            arf_mul_2exp_si(u, arb_midref(arb_mat_entry(X, i, j)), b);
            arf_get_fmpz(fmpq_numref(e + i * n + j), u, ARF_RND_NEAR);
            fmpq_mul_2exp(e + i * n + j, e + i * n + j, FLINT_MAX(-b, 0));
            fmpq_div_2exp(e + i * n + j, e + i * n + j, FLINT_MAX(b, 0));
            ok &= i != j || !fmpq_is_zero(e + i * n + j);
        }
    if (ok)
        qmat_set_entries(S, n, n, e);
    else
        qmat_set_one(S, n);
    arb_mat_clear(L);
    arb_mat_clear(X);
    arf_clear(u);
    _fmpq_vec_clear(e, n * n);
    return ok;
}

/* A := S A S^T. */
static void
congruent(qmat_t A, const qmat_t S)
{
    qmat_t t;

    qmat_init(t, 0, 0);
    qmat_transpose(t, S);
    qmat_mul(A, S, A);
    qmat_mul(A, A, t);
    qmat_clear(t);
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

/* The same non-zero eigenvalues as K x = mu N x: A = K N^-1 K against B = K on the coordinates
   of the independent rows of K, where K is positive definite. */
static int
restrict_pencil(qmat_t A, qmat_t B, const qmat_t K, const qmat_t N, const slong *pivots, slong rank,
                slong limit)
{
    qmat_t R, Rt, x, S;
    int ok;

    qmat_init(R, 0, 0);
    qmat_init(Rt, 0, 0);
    qmat_init(x, 0, 0);
    qmat_init(S, 0, 0);
    pick(R, K, pivots, rank, 0);
    qmat_transpose(Rt, R);
    ok = qmat_solve(x, N, Rt);
    if (ok)
    {
        qmat_mul(A, R, x);
        pick(B, K, pivots, rank, 1);
        orthonormaliser(S, B, limit);
        congruent(A, S);
        congruent(B, S);
    }
    qmat_clear(R);
    qmat_clear(Rt);
    qmat_clear(x);
    qmat_clear(S);
    return ok;
}

void
enclose_pencil(singular_t *s, const qmat_t K, const qmat_t N, int digits, slong limit)
{
    slong n = qmat_rows(K), *pivots = flint_malloc((n + 1) * sizeof *pivots);
    qmat_t T, R, A, B;

    qmat_init(T, 0, 0);
    qmat_init(R, 0, 0);
    qmat_init(A, 0, 0);
    qmat_init(B, 0, 0);
    s->rank = rank_factor_rows(T, R, pivots, K, n);
    if (s->rank == 0)
        all_zero(s);
    else if (s->rank == n)
        extreme(&s->eta, K, N, 0, digits, limit);
    else if (s->rank > 0 && restrict_pencil(A, B, K, N, pivots, s->rank, limit))
        extreme(&s->eta, A, B, 0, digits, limit);
    if (s->rank > 0)
        extreme(&s->norm, K, N, 1, digits, limit);
    flint_free(pivots);
    qmat_clear(T);
    qmat_clear(R);
    qmat_clear(A);
    qmat_clear(B);
}

/* eta_min(A)^2 of a matrix without full rank, on its row space: x = B^T z for B = S R, R
   independent rows of A, and B A^T A B^T - mu B B^T >= 0.  S makes B B^T nearly the identity,
   so that only the square of the condition number counts. */
static void
smallest_on_rows(interval_t *eta, const qmat_t A, const qmat_t R, int digits, slong limit)
{
    qmat_t K, N, S, Bt;

    qmat_init(K, 0, 0);
    qmat_init(N, 0, 0);
    qmat_init(S, 0, 0);
    qmat_init(Bt, 0, 0);
    qmat_gram_rows(N, R);
    orthonormaliser(S, N, limit);
    qmat_mul(Bt, S, R);
    qmat_transpose(Bt, Bt);
    qmat_mul(K, A, Bt);
    qmat_gram(K, K);
    qmat_gram(N, Bt);
    extreme(eta, K, N, 0, digits, limit);
    qmat_clear(K);
    qmat_clear(N);
    qmat_clear(S);
    qmat_clear(Bt);
}

/* One of the extreme singular values of A, m x n, m >= n, squared: a bound by its own factor, and the quotient of a vector. */
static int
extreme_of_matrix(interval_t *x, const qmat_t A, int largest, int digits)
{
    ask_t ask = { .kind = largest ? EVIDENCE_NORM : EVIDENCE_INVERSE, .role = "bound", .root = A, .bound = { .upper = largest } };
    facts_t f;
    evidence_t e;
    fmpq_t q;
    qmat_t v, t;

    facts_init(&f, 0);
    fmpq_init(q);
    qmat_init(v, 0, 0);
    qmat_init(t, 0, 0);
    evidence_init(&e, ask.kind, "bound");
    x->known = oracle_root(&e, &ask, 1) && root_vector(v, A, largest);
    facts_add(&f, &e);
    x->known = x->known && (largest ? fact_norm(x->upper, &f, "bound", "", A, NULL, NULL)
                            : fact_inverse(x->lower, &f, "bound", "", A, NULL, NULL)) && !f.failed;
    if (x->known)
    {
        qmat_mul(t, A, v);
        qmat_frobenius2_midpoint(largest ? x->lower : x->upper, t);
        qmat_frobenius2_midpoint(q, v);
        fmpq_div(largest ? x->lower : x->upper, largest ? x->lower : x->upper, q);
    }
    fmpq_sub(q, x->upper, x->lower);
    fmpq_mul_2exp(q, q, bits_of(digits) - 12);
    x->tight = x->known && fmpq_cmp(q, x->upper) <= 0;
    facts_clear(&f);
    fmpq_clear(q);
    qmat_clear(v);
    qmat_clear(t);
    return x->known && x->tight;
}

/* Orders above which the factor of the matrix itself is tried first. */
#define LARGE_ORDER 128

/* The quick way for large matrices of full rank; 0 if it does not do. */
static int
enclose_large(singular_t *s, const qmat_t A, int digits)
{
    qmat_t At;
    const qmat_struct *tall = A;
    int ok;

    if (FLINT_MIN(qmat_rows(A), qmat_cols(A)) <= LARGE_ORDER)
        return 0;
    qmat_init(At, 0, 0);
    if (qmat_rows(A) < qmat_cols(A))
    {
        qmat_transpose(At, A);
        tall = At;
    }
    ok = extreme_of_matrix(&s->eta, tall, 0, digits) && fmpq_sgn(s->eta.lower) > 0
        && extreme_of_matrix(&s->norm, tall, 1, digits);
    if (ok)
    {
        s->rank = qmat_cols(tall);
        take_roots(&s->eta);
        take_roots(&s->norm);
    }
    qmat_clear(At);
    return ok;
}

void
enclose_singular(singular_t *s, const qmat_t A, int digits, slong limit)
{
    slong *pivots, rows = FLINT_MIN(qmat_rows(A), qmat_cols(A));
    qmat_t B, T, R, K;

    if (enclose_large(s, A, digits))
        return;
    s->eta.known = s->norm.known = s->eta.tight = s->norm.tight = 0;
    pivots = flint_malloc((rows + 1) * sizeof *pivots);
    qmat_init(B, 0, 0);
    qmat_init(T, 0, 0);
    qmat_init(R, 0, 0);
    qmat_init(K, 0, 0);
    if (qmat_rows(A) > rows)
        qmat_transpose(B, A);                   /* the same singular values */
    else
        qmat_set(B, A);
    s->rank = rank_factor_rows(T, R, pivots, B, rows);
    qmat_gram_rows(K, B);
    if (s->rank == 0)
        all_zero(s);
    else if (s->rank == rows)
        extreme(&s->eta, K, NULL, 0, digits, limit);
    else if (s->rank > 0)
        smallest_on_rows(&s->eta, B, R, digits, limit);
    if (s->rank > 0)
        extreme(&s->norm, K, NULL, 1, digits, limit);
    take_roots(&s->eta);
    take_roots(&s->norm);
    flint_free(pivots);
    qmat_clear(B);
    qmat_clear(T);
    qmat_clear(R);
    qmat_clear(K);
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
