/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Global minimisers: the decision, a better point, and the dual bound of h*. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/construct.h"
#include "algebra/decompose.h"
#include "prove/prover.h"
#include "kernel/rank.h"
#include "rules/global_minimizer/global_minimizer.h"
#include "network/copy.h"

/* V := the best point whose product has the column space of U (d_l x k), linear networks of width >= k
   everywhere; U = NULL: the unrestricted minimiser, for residual networks too. */
static int
best_point(problem_t *V, const problem_t *P, const moments_t *M, const qmat_struct *U)
{
    qmat_t one;
    int ok;

    problem_set(V, P);
    if (network_reaches_every_map(P))
        return construct_residual(V, M, NULL, NULL);
    qmat_init(one, 0, 0);
    qmat_set_one(one, qmat_rows(P->Y));
    ok = construct_linear(V, M, U == NULL ? one : U, NULL);
    qmat_clear(one);
    return ok;
}

/* U := the k leading eigenvectors of Sigma, to 50 bits; U+ := the positive part of
   t I - Sigma for the threshold t between eigenvalues k and k + 1, made a
   little larger so that both matrix inequalities are strict. */
static int
spectral(qmat_t U, fmpq_t t, qmat_t excess, const moments_t *M, slong k)
{
    slong i, j, a, n;
    qmat_t Sigma;
    double *A, *w, middle;
    int ok;

    qmat_init(Sigma, 0, 0);
    ok = gm_sigma(Sigma, M);
    n = qmat_rows(Sigma);
    w = flint_malloc(n * sizeof *w);
    A = approx_matrix(Sigma, approx_exponent(Sigma));
    ok = ok && approx_eigen(w, A, n, 1);
    if (ok)
    {
        fmpq *e = _fmpq_vec_init(n * n);
        double slack = 1e-14 * n * fmax(fabs(w[0]), fabs(w[n - 1]));
        for (i = 0; i < n; i++)
            for (j = 0; j < k; j++)
                approx_to_fmpq(e + i * k + j, nearbyint(ldexp(A[(n - 1 - j) * n + i], 50)), 60, 0);
        qmat_set_entries(U, n, k, e);
        middle = k < n ? (w[n - 1 - k] + w[k > 0 ? n - k : n - 1]) / 2 : 0;
        approx_to_fmpq(t, middle, 40, 0);
        middle = approx_fmpq(t);
        for (i = 0; i < n; i++)
            for (j = 0; j <= i; j++)
            {
                double sum = i == j ? slack : 0;
                for (a = 0; a < n; a++)
                    sum += fmax(middle - w[a], 0) * A[a * n + i] * A[a * n + j];
                approx_to_fmpq(e + i * n + j, sum, 53, 0);
                fmpq_set(e + j * n + i, e + i * n + j);
            }
        qmat_set_entries(excess, n, n, e);
        {   /* both are in units of 2^exponent */
            slong shift = approx_exponent(Sigma);
            fmpq_t s;
            fmpq_init(s);
            fmpq_one(s);
            if (shift >= 0)
                fmpq_mul_2exp(s, s, shift);
            else
                fmpq_div_2exp(s, s, -shift);
            fmpq_mul(t, t, s);
            qmat_scale(excess, excess, s);
            fmpq_clear(s);
        }
        _fmpq_vec_clear(e, n * n);
    }
    flint_free(A);
    flint_free(w);
    qmat_clear(Sigma);
    return ok;
}

/* U := a basis of the column space of N, of at most p columns. */
static void
column_space(qmat_t U, const moments_t *M)
{
    qmat_t N, R;
    slong *pivots = flint_malloc((qmat_rows(M->Syx) + 1) * sizeof *pivots);

    qmat_init(N, 0, 0);
    qmat_init(R, 0, 0);
    moments_cross(N, M);
    rank_factor_rows(U, R, pivots, N, qmat_rows(N));
    flint_free(pivots);
    qmat_clear(N);
    qmat_clear(R);
}

/* What is known of the dropped eigenvalues: nothing, or the threshold and the
   excess of the dual bound, in double precision or to BITS bits. */
enum { IN_DOUBLES, PRECISE, NOTHING, KINDS };

#define BITS 240
#define LARGEST_PRECISE 40      /* order of Sigma */

/* As spectral, to about BITS bits. */
static int
spectral_precise(fmpq_t t, qmat_t excess, const moments_t *M, slong k)
{
    slong i, j, a, b, n = qmat_rows(M->Syx), shift, prec = 2 * BITS + 64;
    qmat_t Sigma;
    enclosed_t U;
    eigenvalues_t e;
    arb_ptr sigma;
    arb_mat_t E;
    arb_t x, level;
    arf_t mid;
    fmpq *y;
    int *captured, ok;

    if (n > LARGEST_PRECISE)
        return 0;
    qmat_init(Sigma, 0, 0);
    enclosed_init(&U, n, n);
    sigma = _arb_vec_init(n);
    arb_mat_init(E, n, n);
    arb_init(x);
    arb_init(level);
    arf_init(mid);
    y = _fmpq_vec_init(n * n);
    captured = flint_calloc(n, sizeof *captured);
    ok = gm_sigma(Sigma, M) && decompose_eigenvectors(&U, captured, Sigma, NULL, prec);
    if (ok)
    {
        eigenvalues_init(&e, Sigma, 20);
        for (i = 0, j = 0; i < e.n; i++)
            for (a = 0; a < e.multiplicity[i]; a++)
                eigenvalue_ball(sigma + j++, &e, i, prec);
        eigenvalues_clear(&e);
        /* between the last that can be captured and the next */
        arb_add(level, sigma + k - 1, sigma + k, prec);
        arb_mul_2exp_si(level, level, -1);
        arf_get_fmpq(t, arb_midref(level));
        for (j = k; j < n; j++)
        {
            arb_sub(level, level, sigma + j, prec);
            for (a = 0; a < n; a++)
                for (b = 0; b < n; b++)
                {
                    arb_mul(x, arb_mat_entry(U.a, a, j), arb_mat_entry(U.a, b, j), prec);
                    arb_addmul(arb_mat_entry(E, a, b), x, level, prec);
                }
            arb_add(level, level, sigma + j, prec);
        }
        shift = approx_exponent(Sigma) - BITS;
        for (a = 0; a < n; a++)
            for (b = 0; b <= a; b++)
            {   /* multiples of 2^shift, n + 1 of them added on the diagonal */
                fmpz_t z;
                fmpz_init(z);
                arf_mul_2exp_si(mid, arb_midref(arb_mat_entry(E, a, b)), -shift);
                arf_get_fmpz(z, mid, ARF_RND_NEAR);
                if (a == b)
                    fmpz_add_si(z, z, 2 * n + 2);
                fmpq_set_fmpz(y + a * n + b, z);
                if (shift >= 0)
                    fmpq_mul_2exp(y + a * n + b, y + a * n + b, shift);
                else
                    fmpq_div_2exp(y + a * n + b, y + a * n + b, -shift);
                fmpq_set(y + b * n + a, y + a * n + b);
                fmpz_clear(z);
            }
        qmat_set_entries(excess, n, n, y);
    }
    qmat_clear(Sigma);
    enclosed_clear(&U);
    _arb_vec_clear(sigma, n);
    arb_mat_clear(E);
    arb_clear(x);
    arb_clear(level);
    arf_clear(mid);
    _fmpq_vec_clear(y, n * n);
    flint_free(captured);
    return ok;
}

typedef struct
{
    int available[KINDS];       /* -1: not yet tried to form */
    fmpq_t threshold[KINDS];
    qmat_t excess[KINDS];
    slong k;
} dual_t;

/* What the rule's questions are answered with. */
typedef struct
{
    const fmpq *threshold;              /* of the dual bound of h*, or NULL */
    const qmat_struct *excess;
} offer_t;

/* Puts one kind on offer. */
static int
offer(oracle_t *o, offer_t *f, dual_t *d, int kind)
{
    if (d->available[kind] < 0)
        d->available[kind] = spectral_precise(d->threshold[kind], d->excess[kind], o->M, d->k);
    if (!d->available[kind])
        return 0;
    oracle_forget(o);                   /* factors of the excess before */
    f->threshold = kind == NOTHING ? NULL : d->threshold[kind];
    f->excess = kind == NOTHING ? NULL : d->excess[kind];
    o->offer = f;
    return 1;
}

/* gap := what the evidence on offer proves. */
static int
measure(fmpq_t gap, oracle_t *o, int digits)
{
    facts_t f;
    setting_t s;
    int ok;

    oracle_facts(&f, o, 256);
    s = oracle_setting(o, &f);
    ok = gm_excess(gap, &s);
    facts_clear(&f);
    if (ok)
        round_unless_simple(gap, digits, 1);
    return ok;
}

/* 1 if the gap is no more than what doubles lose. */
static int
is_rounding(const fmpq_t gap, const moments_t *M)
{
    fmpq_t h;
    double most;

    fmpq_init(h);
    moments_infimum(h, M);
    most = 1e-10 * qmat_rows(M->Syx) * (approx_fmpq(M->Syy) / 2 - approx_fmpq(h));
    fmpq_clear(h);
    return approx_fmpq(gap) < most;
}

/* p's gap := the smallest that is proved. */
static int
best_gap(proof_t *p, oracle_t *o, offer_t *f, dual_t *d, int digits)
{
    int kind, chosen = -1;
    fmpq_t x, *best = &p->c.value[GM_GAP].x;

    fmpq_init(x);
    for (kind = 0; kind < KINDS; kind++)
    {
        if ((kind == NOTHING && chosen >= 0) || (kind == PRECISE && chosen >= 0 && !is_rounding(*best, o->M)))
            continue;
        if (offer(o, f, d, kind) && measure(x, o, digits) && (chosen < 0 || fmpq_cmp(x, *best) < 0))
        {
            chosen = kind;
            fmpq_set(*best, x);
        }
    }
    fmpq_clear(x);
    return chosen >= 0 && offer(o, f, d, chosen) && proof_try(p, o, VERDICT_PROVED);
}

static void
dual_init(dual_t *d, qmat_t U, const oracle_t *o, slong k, int restricted)
{
    int kind;

    for (kind = 0; kind < KINDS; kind++)
    {
        fmpq_init(d->threshold[kind]);
        qmat_init(d->excess[kind], 0, 0);
    }
    d->k = k;
    d->available[IN_DOUBLES] = restricted
        && spectral(U, d->threshold[IN_DOUBLES], d->excess[IN_DOUBLES], o->M, k);
    d->available[PRECISE] = restricted ? -1 : 0;
    d->available[NOTHING] = 1;
}

static void
dual_clear(dual_t *d)
{
    int kind;

    for (kind = 0; kind < KINDS; kind++)
    {
        fmpq_clear(d->threshold[kind]);
        qmat_clear(d->excess[kind]);
    }
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    const problem_t *P = o->P;
    const value_t *gap = asked->value + GM_GAP;
    slong k = network_width(P);
    setting_t s = oracle_setting(o, &p->f);
    const moments_t *M = setting_moments(&s);
    problem_t V;
    qmat_t U;
    dual_t d;
    offer_t f = { NULL, NULL };
    int restricted, ok = 0, kind;

    if (M == NULL)
    {
        proof_miss(p, OUTCOME_UNDECIDED, "%s", p->f.reason);
        return;
    }
    restricted = network_is_chain(P) && k < FLINT_MIN(M->p, qmat_rows(P->Y));
    problem_init(&V);
    qmat_init(U, 0, 0);
    dual_init(&d, U, o, k, restricted);
    if (gap->word)
        ok = best_gap(p, o, &f, &d, opt->digits);
    else
        for (kind = gap->given ? IN_DOUBLES : NOTHING; kind < KINDS && !ok; kind++)
            ok = offer(o, &f, &d, kind) && proof_try(p, o, VERDICT_PROVED);
    if (!ok)
    {
        char why[sizeof p->f.reason];
        strcpy(why, p->f.reason);
        if (network_is_chain(P) && !restricted && k < qmat_rows(P->Y))
            column_space(U, M);
        ok = best_point(&V, P, M, qmat_rows(U) > 0 ? U : NULL);
        o->better = &V;
        if (!ok || !proof_try(p, o, VERDICT_REFUTED))
            proof_miss(p, OUTCOME_UNDECIDED, "missing: %s; no better point was found either", why);
        o->better = NULL;
    }
    o->offer = NULL;
    problem_clear(&V);
    qmat_clear(U);
    dual_clear(&d);
}

static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const offer_t *f = o->offer;

    if (f == NULL || f->threshold == NULL)
        return 0;
    if (ask->about == &gm_about_threshold)
        return oracle_give_numbers(e, ask, f->threshold);
    return ask->about == &gm_about_excess && oracle_give_matrix(e, ask, f->excess);
}

static const proposal_t proposals[] = {
    { "global-minimizer",
      "the loss at the point is the least possible, decided exactly" },
    { "global-minimizer: {gap: best}",
      "the loss exceeds the least possible by at most the gap: the smallest that is proved" },
    { NULL, NULL }
};

const prover_t prover_global_minimizer = { "global-minimizer", proposals, NULL, prove, answer, NULL };
