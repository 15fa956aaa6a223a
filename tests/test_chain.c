/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every bound of a chain at random exact points of its neighbourhood.  Whether
   ||A||^2 <= q, or inj(A)^2 >= q, is decided exactly: by an elimination of
   q I - A^T A, or A^T A - q I, written out here. */
#include <stdlib.h>
#include <string.h>
#include "kernel/ask.h"
#include "kernel/number.h"
#include "naive.h"
#include "rules/gradient_dominance/chain.h"
#include "tap.h"

#define MOST 4                  /* factors of a chain */

/* M = L diag(d) L^T with L unit lower triangular, by rows; 0 if M, symmetric, is
   not positive semidefinite. */
static int
factor(fmpq *L, fmpq *d, const qmat_t M)
{
    slong i, j, k, n = qmat_rows(M);
    int good = 1;
    fmpq_t s, t;

    fmpq_init(s);
    fmpq_init(t);
    for (j = 0; j < n; j++)
        for (i = j; i < n; i++)
        {
            qmat_get_entry(s, M, i, j);
            for (k = 0; k < j; k++)
            {
                fmpq_mul(t, L + i * n + k, L + j * n + k);
                fmpq_mul(t, t, d + k);
                fmpq_sub(s, s, t);
            }
            if (i == j)
            {
                fmpq_set(d + j, s);
                fmpq_one(L + j * n + j);
                good &= fmpq_sgn(s) >= 0;
            }
            else if (!fmpq_is_zero(d + j))
                fmpq_div(L + i * n + j, s, d + j);
            else
                good &= fmpq_is_zero(s);
        }
    fmpq_clear(s);
    fmpq_clear(t);
    return good;
}

static int
is_psd(const qmat_t M)
{
    slong n = qmat_rows(M);
    fmpq *L = _fmpq_vec_init(n * n + 1), *d = _fmpq_vec_init(n + 1);
    int good = factor(L, d, M);

    _fmpq_vec_clear(L, n * n + 1);
    _fmpq_vec_clear(d, n + 1);
    return good;
}

/* M := K - x N, or x N - K if upper; N = I if NULL. */
static void
difference(qmat_t M, const qmat_t K, const fmpq_t x, const qmat_struct *N, int upper)
{
    qmat_t t;
    fmpq_t y;

    qmat_init(t, 0, 0);
    fmpq_init(y);
    fmpq_neg(y, x);
    if (N == NULL)
        qmat_set_one(t, qmat_rows(K));
    else
        qmat_set(t, N);
    qmat_add_scaled(M, K, y, t);
    if (upper)
    {
        fmpq_set_si(y, -1, 1);
        qmat_scale(M, M, y);
    }
    qmat_clear(t);
    fmpq_clear(y);
}

/* 1 if ||A||^2 <= q2, or inj(A)^2 >= q2. */
static int
norm_at_most(const qmat_t A, const fmpq_t q2)
{
    qmat_t K;
    int good;

    qmat_init(K, 0, 0);
    qmat_gram(K, A);
    difference(K, K, q2, NULL, 1);
    good = is_psd(K);
    qmat_clear(K);
    return good;
}

static int
inj_at_least(const qmat_t A, const fmpq_t q2, int transposed)
{
    qmat_t K;
    int good;

    qmat_init(K, 0, 0);
    if (transposed)
        qmat_gram_rows(K, A);
    else
        qmat_gram(K, A);
    difference(K, K, q2, NULL, 0);
    good = is_psd(K);
    qmat_clear(K);
    return good;
}

/* K := K - rad I, or K + rad I if upper: the worst of the ball, exact. */
static void
worst_of_ball(qmat_t K, int upper)
{
    fmpq_t x;

    fmpq_init(x);
    fmpq_set(x, K->rad);
    fmpq_zero(K->rad);
    if (upper)
        fmpq_neg(x, x);
    difference(K, K, x, NULL, 0);
    fmpq_clear(x);
}

/* mu := the best bound to 2^-12 of its size, by bisection below high. */
static void
bisect(fmpq_t mu, const qmat_t K, const qmat_struct *N, int upper)
{
    slong k;
    fmpq_t low, high, x;
    qmat_t M;

    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(x);
    qmat_init(M, 0, 0);
    qmat_frobenius_upper(high, K);
    if (N != NULL)
    {   /* mu <= K_11 / N_11 */
        qmat_get_entry(high, K, 0, 0);
        qmat_get_entry(x, N, 0, 0);
        fmpq_div(high, high, x);
    }
    number_round_up(high, high);
    for (k = 0; k < 12; k++)
    {
        fmpq_add(x, low, high);
        fmpq_div_2exp(x, x, 1);
        difference(M, K, x, N, upper);
        fmpq_set(is_psd(M) == upper ? high : low, x);
    }
    fmpq_set(mu, upper ? high : low);
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(x);
    qmat_clear(M);
}

/* Evidence for a bound; none if nothing can be shown about a rounded matrix. */
static int
oracle(void *context, const ask_t *ask, evidence_t *e)
{
    slong n;
    int good;
    fmpq *L;
    qmat_t K;

    if (ask->kind != EVIDENCE_BOUND)
        return 0;
    ++*(slong *) context;
    n = qmat_rows(ask->bound.K);
    L = _fmpq_vec_init(n * n);
    evidence_init(e, EVIDENCE_BOUND, ask->role);
    qmat_init(K, 0, 0);
    qmat_set(K, ask->bound.K);
    worst_of_ball(K, ask->bound.upper);
    bisect(e->value, K, ask->bound.N, ask->bound.upper);
    difference(K, K, e->value, ask->bound.N, ask->bound.upper);
    e->nd = n;
    e->d = _fmpq_vec_init(n);
    good = factor(L, e->d, K);
    qmat_set_entries(e->A, n, n, L);
    if (!good)
        evidence_clear(e);
    _fmpq_vec_clear(L, n * n);
    qmat_clear(K);
    return good;
}

/* A chain, its data and a place for another point of the neighbourhood. */
typedef struct
{
    slong n;
    qmat_struct *F, *G;
    fmpq *rho;
    problem_t P;                /* X and the weights */
    moments_t M;
    facts_t f;
    slong asked;
    chain_t c;
} test_t;

/* F_1 .. F_n, d_0 x m data, some radii 0; scalars often, as their bounds are sharp. */
static void
test_init(test_t *T, int evidence, slong rounding)
{
    slong k, d = 1 + pick(3), width, big = pick(4) > 0;

    T->n = 1 + pick(MOST);
    T->F = qmat_vec_init(T->n);
    T->G = qmat_vec_init(T->n);
    T->rho = _fmpq_vec_init(T->n);
    problem_init(&T->P);
    random_data(T->P.X, big ? d : 1, 1 + pick(4));
    random_weights(&T->P);
    random_matrix(T->P.Y, 1, qmat_cols(T->P.X), 3, 1);
    width = qmat_rows(T->P.X);
    for (k = 0; k < T->n; k++)
    {
        slong r = big ? 1 + pick(3) : 1;
        random_matrix(T->F + k, r, width, 9, 1 + pick(4));
        if (pick(2))
            add_to_diagonal(T->F + k, 3, 1);
        fmpq_set_si(T->rho + k, pick(4), 1 + pick(40));     /* above 1 now and then */
        fmpq_canonicalise(T->rho + k);
        width = r;
    }
    moments_init(&T->M, &T->P);
    facts_init(&T->f, rounding);
    T->asked = 0;
    T->f.oracle = evidence ? oracle : NULL;
    T->f.context = &T->asked;
    chain_init(&T->c, &T->f, "W", T->n, T->F, T->rho, &T->M);
}

static void
test_clear(test_t *T)
{
    chain_clear(&T->c);
    facts_clear(&T->f);
    moments_clear(&T->M);
    problem_clear(&T->P);
    qmat_vec_clear(T->F, T->n);
    qmat_vec_clear(T->G, T->n);
    _fmpq_vec_clear(T->rho, T->n);
}

/* u v^T / (1 + ..): a rational matrix of norm 1 and rank 1. */
static void
rank_one(qmat_t V, slong r, slong c)
{
    qmat_t u, v;
    fmpq_t x;

    qmat_init(u, 0, 0);
    qmat_init(v, 0, 0);
    fmpq_init(x);
    do
    {
        random_matrix(u, r, 1, 6, 1);
        random_matrix(v, 1, c, 6, 1);
        qmat_mul(V, u, v);
        qmat_frobenius_upper(x, V);
    }
    while (fmpq_is_zero(x));
    fmpq_inv(x, x);
    qmat_scale(V, V, x);
    qmat_clear(u);
    qmat_clear(v);
    fmpq_clear(x);
}

/* G_k := F_k + V_k, ||V_k|| <= rho_k: along F_k and against it, and anywhere. */
static void
choose_point(test_t *T, int kind)
{
    slong k;
    qmat_t V;
    fmpq_t x;

    qmat_init(V, 0, 0);
    fmpq_init(x);
    for (k = 0; k < T->n; k++)
    {
        rank_one(V, qmat_rows(T->F + k), qmat_cols(T->F + k));
        qmat_frobenius_upper(x, T->F + k);
        if (kind > 0 && !fmpq_is_zero(x))
        {
            fmpq_inv(x, x);
            qmat_scale(V, T->F + k, x);
        }
        fmpq_set(x, T->rho + k);
        if (kind == 2)
            fmpq_neg(x, x);
        qmat_add_scaled(T->G + k, T->F + k, x, V);
    }
    qmat_clear(V);
    fmpq_clear(x);
}

static void
segment(qmat_t S, const qmat_struct *F, slong a, slong b)
{
    qmat_set(S, F + a);
    for (a++; a <= b; a++)
        qmat_mul(S, F + a, S);
}

/* 1 if ||A X D x||^2 >= q ||D^{1/2} x||^2 on the row space of X D^{1/2}, A = F_b .. F_1:
   for D^{1/2} x = D^{1/2} X'^T u, with G = X D X'^T, (A G)^T A G - q X' D X'^T. */
static int
data_at_least(const test_t *T, const qmat_struct *F, slong b, const fmpq_t q)
{
    slong i, j, p = T->M.p;
    fmpq *e = _fmpq_vec_init(qmat_rows(T->M.Sxx) * p + 1);
    qmat_t G, A;
    int good;

    qmat_init(G, 0, 0);
    qmat_init(A, 0, 0);
    for (i = 0; i < qmat_rows(T->M.Sxx); i++)
        for (j = 0; j < p; j++)
            qmat_get_entry(e + i * p + j, T->M.Sxx, i, T->M.pivots[j]);
    qmat_set_entries(G, qmat_rows(T->M.Sxx), p, e);
    if (b > 0)
    {
        segment(A, F, 0, b - 1);
        qmat_mul(G, A, G);
    }
    qmat_gram(A, G);
    difference(A, A, q, T->M.S, 0);
    good = is_psd(A);
    _fmpq_vec_clear(e, qmat_rows(T->M.Sxx) * p + 1);
    qmat_clear(G);
    qmat_clear(A);
    return good;
}

/* How often a bound was false, and how often it was more than nothing. */
typedef struct { slong norm, dev, sup, inj, near, data, positive, refused, rounded; } counts_t;

/* All bounds of segment (a, b) at the point F and at the point G. */
static void
check_segment(counts_t *n, test_t *T, slong a, slong b)
{
    qmat_t S, G;
    fmpq_t q;
    int t;

    qmat_init(S, 0, 0);
    qmat_init(G, 0, 0);
    fmpq_init(q);
    segment(S, T->F, a, b);
    segment(G, T->G, a, b);
    n->rounded += !qmat_is_exact(chain_segment(&T->c, a, b));
    chain_norm(q, &T->c, a, b);
    fmpq_mul(q, q, q);
    n->norm += !norm_at_most(S, q);
    chain_sup(q, &T->c, a, b);
    fmpq_mul(q, q, q);
    n->sup += !norm_at_most(G, q);
    for (t = 0; t < 2; t++)
    {
        chain_inj2(q, &T->c, a, b, t);
        n->inj += fmpq_sgn(q) < 0 || (fmpq_sgn(q) > 0 && !inj_at_least(S, q,
            t && qmat_rows(S) != qmat_cols(S)));
        chain_inj2_near(q, &T->c, a, b, t);
        n->near += fmpq_sgn(q) < 0 || (fmpq_sgn(q) > 0 && !inj_at_least(G, q, t));
        n->positive += fmpq_sgn(q) > 0;
    }
    chain_deviation(q, &T->c, a, b);
    fmpq_mul(q, q, q);
    qmat_sub(G, G, S);
    n->dev += !norm_at_most(G, q);
    qmat_clear(S);
    qmat_clear(G);
    fmpq_clear(q);
}

static void
check_data(counts_t *n, test_t *T)
{
    slong b;
    fmpq_t q;

    fmpq_init(q);
    for (b = 0; b <= T->n; b++)
    {
        chain_data2_point(q, &T->c, b);
        n->data += fmpq_sgn(q) < 0 || (T->M.p > 0 && !data_at_least(T, T->F, b, q));
        chain_data2(q, &T->c, b);
        n->data += fmpq_sgn(q) < 0 || (T->M.p > 0 && !data_at_least(T, T->G, b, q));
        n->positive += fmpq_sgn(q) > 0;
    }
    fmpq_clear(q);
}

/* count random chains, three points of each neighbourhood. */
static void
check_chains(slong count, int evidence, slong rounding, const char *name)
{
    slong k, a, b, asked = 0;
    int kind;
    counts_t n = { 0 };

    for (k = 0; k < count; k++)
    {
        test_t T;
        test_init(&T, evidence, rounding);
        for (kind = 0; kind < 3; kind++)
        {
            choose_point(&T, kind);
            for (a = 0; a < T.n; a++)
                for (b = a; b < T.n; b++)
                    check_segment(&n, &T, a, b);
            if (T.M.p > 0)
                check_data(&n, &T);
        }
        n.refused += T.f.failed;
        asked += T.asked;
        test_clear(&T);
    }
    ok(n.refused == 0 && (asked > 0) == evidence,
       "%s: %ld chains, evidence for %ld facts, %ld refused", name, (long) count, (long) asked,
       (long) n.refused);
    ok(n.norm == 0, "%s: norm >= ||segment||", name);
    ok(n.dev == 0, "%s: deviation >= ||segment' - segment||", name);
    ok(n.sup == 0, "%s: sup >= ||segment'||", name);
    ok(n.inj == 0, "%s: inj2 <= inj(segment)^2, and of the transpose", name);
    ok(n.near == 0, "%s: inj2_near <= inj(segment')^2, and of the transpose", name);
    ok(n.data == 0, "%s: data2 at the point and on the neighbourhood", name);
    ok((n.positive > count) == evidence && (n.rounded > 0) == (rounding < 100),
       "%s: %ld lower bounds are positive; %ld segments rounded",
       name, (long) n.positive, (long) n.rounded);
}

/* 1 if q is x / den up to 2^-20 of it, on the stated side. */
static int
close_to(const fmpq_t q, slong x, slong den, int above)
{
    fmpq_t y, d;
    int good;

    fmpq_init(y);
    fmpq_init(d);
    fmpq_set_si(y, x, den);
    fmpq_canonicalise(y);
    fmpq_sub(d, q, y);
    good = above ? fmpq_sgn(d) >= 0 : fmpq_sgn(d) <= 0;
    fmpq_abs(d, d);
    fmpq_mul_2exp(d, d, 10);
    good &= fmpq_cmp(d, y) <= 0;
    fmpq_clear(y);
    fmpq_clear(d);
    return good;
}

/* 1 x 1 factors 2, 3, 5 that move by 1/10, 1/5, 0: every bound is the true value,
   or next to it where the evidence rounds. */
static void
test_scalars(void)
{
    static const slong value[] = { 2, 3, 5 };
    slong k, asked = 0;
    qmat_struct *F = qmat_vec_init(3);
    fmpq *rho = _fmpq_vec_init(3);
    facts_t f;
    chain_t c;
    fmpq_t q;

    fmpq_init(q);
    facts_init(&f, 4096);
    f.oracle = oracle;
    f.context = &asked;
    for (k = 0; k < 3; k++)
    {
        random_matrix(F + k, 1, 1, 0, 1);
        fmpz_set_si(fmpz_mat_entry(F[k].num, 0, 0), value[k]);
    }
    fmpq_set_si(rho, 1, 10);
    fmpq_set_si(rho + 1, 1, 5);
    chain_init(&c, &f, "W", 3, F, rho, NULL);
    chain_norm(q, &c, 0, 2);
    ok(close_to(q, 30, 1, 1), "norm 30");
    chain_sup(q, &c, 0, 2);
    ok(close_to(q, 336, 10, 1), "sup 2.1 * 3.2 * 5");
    chain_deviation(q, &c, 0, 2);
    ok(close_to(q, 36, 10, 1), "deviation 2.1 * 3.2 * 5 - 30");
    chain_deviation(q, &c, 2, 2);
    ok(fmpq_is_zero(q), "a factor that stays does not deviate");
    chain_inj2(q, &c, 0, 2, 0);
    ok(close_to(q, 900, 1, 0), "inj^2 900");
    chain_inj2_near(q, &c, 0, 2, 0);
    ok(close_to(q, 266 * 266, 100, 0), "inj^2 (1.9 * 2.8 * 5)^2 nearby");
    chain_norm(q, &c, 2, 1);
    ok(fmpq_is_one(q), "the empty product has norm 1");
    chain_sup(q, &c, 3, 2);
    ok(fmpq_is_one(q), "on the neighbourhood too");
    chain_deviation(q, &c, 1, 0);
    ok(fmpq_is_zero(q), "does not deviate");
    chain_inj2(q, &c, 1, 0, 1);
    ok(fmpq_is_one(q), "has inj 1");
    chain_inj2_near(q, &c, 1, 0, 0);
    ok(fmpq_is_one(q), "everywhere");
    chain_clear(&c);
    facts_clear(&f);
    qmat_vec_clear(F, 3);
    _fmpq_vec_clear(rho, 3);
    fmpq_clear(q);
}

/* What cannot be injective is not asked for; a square matrix and its transpose
   are the same question. */
static void
test_questions(void)
{
    slong asked = 0;
    qmat_struct *F = qmat_vec_init(2);
    fmpq *rho = _fmpq_vec_init(2);
    facts_t f;
    chain_t c;
    problem_t P;
    moments_t M;
    fmpq_t q;

    fmpq_init(q);
    problem_init(&P);
    qmat_set_one(P.X, 2);
    qmat_set_one(P.Y, 2);
    problem_set_samples(&P, 2);
    moments_init(&M, &P);
    facts_init(&f, 4096);
    f.oracle = oracle;
    f.context = &asked;
    qmat_set_one(F, 2);
    random_matrix(F + 1, 1, 2, 0, 1);
    fmpz_one(fmpz_mat_entry(F[1].num, 0, 1));
    chain_init(&c, &f, "W", 2, F, rho, &M);
    chain_inj2(q, &c, 0, 1, 0);
    ok(fmpq_is_zero(q) && asked == 0, "a wide matrix has inj 0");
    chain_data2(q, &c, 2);
    ok(fmpq_is_zero(q) && asked == 1, "and gives no data bound: %ld questions on the way",
       (long) asked);
    asked = 0;
    chain_inj2(q, &c, 1, 1, 1);
    ok(!fmpq_is_zero(q) && asked == 1, "its transpose has");
    chain_inj2(q, &c, 0, 0, 1);
    chain_inj2(q, &c, 0, 0, 0);
    chain_inj2_near(q, &c, 0, 0, 1);
    ok(!fmpq_is_zero(q) && facts_has_bound(&f, "inj:W:1:1", 2) && asked == 1,
       "a square matrix is asked about once");
    f.oracle = NULL;
    ok(!facts_has_bound(&f, "injt:W:1:1", 2), "and its transpose not by itself");
    chain_clear(&c);
    facts_clear(&f);
    moments_clear(&M);
    problem_clear(&P);
    qmat_vec_clear(F, 2);
    _fmpq_vec_clear(rho, 2);
    fmpq_clear(q);
}

/* q := bound number which of segment (a, b). */
static void
ask_one(fmpq_t q, chain_t *c, slong which, slong a, slong b)
{
    if (which == 0)
        chain_norm(q, c, a, b);
    else if (which == 1)
        chain_deviation(q, c, a, b);
    else if (which == 2)
        chain_sup(q, c, a, b);
    else if (which < 5)
        chain_inj2(q, c, a, b, which == 4);
    else if (which < 7)
        chain_inj2_near(q, c, a, b, which == 6);
    else if (which == 7)
        chain_data2_point(q, c, b);
    else
        chain_data2(q, c, b);
}

/* What is remembered is what would be derived: the order of the questions and
   asking twice change nothing. */
static void
test_memory(void)
{
    slong k, i, wrong = 0;

    for (k = 0; k < 60; k++)
    {
        test_t T;
        fmpq_t x, y;
        fmpq_init(x);
        fmpq_init(y);
        test_init(&T, 1, 4096);
        for (i = 0; i < 40; i++)
        {
            slong which = pick(T.M.p > 0 ? 9 : 7), a = pick(T.n), b = a + pick(T.n - a);
            chain_t fresh;
            chain_init(&fresh, &T.f, "W", T.n, T.F, T.rho, &T.M);
            ask_one(x, &T.c, which, a, b);
            ask_one(y, &fresh, which, a, b);
            wrong += !fmpq_equal(x, y);
            chain_clear(&fresh);
        }
        test_clear(&T);
        fmpq_clear(x);
        fmpq_clear(y);
    }
    ok(wrong == 0, "2400 bounds remembered are those of a fresh chain");
}

/* The decision itself, on matrices of which the norm is known. */
static void
test_decision(void)
{
    qmat_t A;
    fmpq_t q;

    qmat_init(A, 0, 0);
    fmpq_init(q);
    qmat_set_one(A, 2);
    fmpz_set_si(fmpz_mat_entry(A->num, 0, 0), 3);
    fmpz_set_si(fmpz_mat_entry(A->num, 1, 0), 4);       /* [3, 0; 4, 1] */
    fmpq_set_si(q, 26, 1);
    ok(norm_at_most(A, q) && !inj_at_least(A, q, 0), "its singular values are at most sqrt(26)");
    fmpq_set_si(q, 256, 10);
    ok(!norm_at_most(A, q), "not sqrt(25.6)");
    fmpq_set_si(q, 34, 100);
    ok(inj_at_least(A, q, 0) && inj_at_least(A, q, 1), "and at least sqrt(0.34)");
    fmpq_set_si(q, 36, 100);
    ok(!inj_at_least(A, q, 0) && !inj_at_least(A, q, 1), "not sqrt(0.36)");
    qmat_clear(A);
    fmpq_clear(q);
}

int
main(void)
{
    test_decision();
    test_scalars();
    test_questions();
    check_chains(150, 1, 4096, "with evidence");
    check_chains(150, 0, 4096, "without");
    check_chains(150, 1, 7, "rounded to 7 bits");
    test_memory();
    flint_cleanup();
    return done();
}
