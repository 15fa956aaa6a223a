/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "approx.h"
#include "bound.h"
#include "multipliers.h"
#include "oracle.h"
#include "../kernel/number.h"

void
oracle_init(oracle_t *o, const problem_t *P, const moments_t *M, slong precision_limit)
{
    memset(o, 0, sizeof *o);
    o->P = P;
    o->M = M;
    o->precision_limit = precision_limit;
    o->bound = "block";
    facts_init(&o->cache, 0);
}

void
oracle_clear(oracle_t *o)
{
    facts_clear(&o->cache);
}

static int
cached(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    slong i;

    for (i = 0; i < o->cache.count; i++)
        if (strcmp(o->cache.evidence[i]->role, ask->role) == 0)
        {
            evidence_copy(e, o->cache.evidence[i]);
            return 1;
        }
    return 0;
}

static void
remember(oracle_t *o, const evidence_t *e)
{
    evidence_t g;

    evidence_copy(&g, e);
    facts_add(&o->cache, &g);
}

/* Numbers index, v: v nearly minimises ||A[index] v|| / ||v||. */
static int
paper_vector(const oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const qmat_struct *A = ask->payload;
    slong count = 1, k, i, d = ask->count - 1;
    qmat_t K, x;
    fmpq_t q, best, t;
    int ok = 0;

    if (strcmp(ask->role, "paper-layer") == 0)
        count = o->P->l;
    else if (strcmp(ask->role, "paper-block") == 0)
        count = o->P->nblocks;
    qmat_init(K, 0, 0);
    qmat_init(x, 0, 0);
    fmpq_init(q);
    fmpq_init(best);
    fmpq_init(t);
    evidence_init(e, EVIDENCE_NUMBERS, ask->role);
    e->nd = ask->count;
    e->d = _fmpq_vec_init(e->nd);
    for (k = 0; k < count; k++)
    {
        qmat_gram(K, A + k);
        qmat_round(K, 2048);
        fmpq_zero(K->rad);
        if (!oracle_min_vector(x, K, NULL, o->precision_limit))
            continue;
        qmat_mul(K, K, x);
        qmat_transpose(x, x);
        qmat_mul(K, x, K);
        qmat_frobenius2_midpoint(t, x);
        qmat_get_entry(q, K, 0, 0);
        fmpq_div(q, q, t);
        if (!ok || fmpq_cmp(q, best) < 0)
        {
            fmpq_set(best, q);
            fmpq_set_si(e->d, k + 1, 1);
            for (i = 0; i < d; i++)
                qmat_get_entry(e->d + 1 + i, x, 0, i);
        }
        ok = 1;
    }
    if (!ok)
        evidence_clear(e);
    qmat_clear(K);
    qmat_clear(x);
    fmpq_clear(q);
    fmpq_clear(best);
    fmpq_clear(t);
    return ok;
}

/* Suffix and prefix of every block at the point: out[i] is d_l x w, in[i]
   w' x d_0, both rounded.  Freed by the caller. */
static void
block_sides(qmat_struct *out, qmat_struct *in, const problem_t *P)
{
    slong k, q, i;
    qmat_struct *U = gd_units(P);
    qmat_t B, C;

    qmat_init(B, 0, 0);
    qmat_init(C, 0, 0);
    qmat_set_one(B, qmat_rows(P->Y));
    for (k = P->l - 1; k >= 0; k--)
    {
        qmat_set(C, B);
        for (q = P->r - 1; q >= 0; q--)
        {
            i = k * P->r + q;
            qmat_set(out + i, C);
            qmat_mul(C, C, P->W + i);
        }
        qmat_mul(B, B, U + k);
    }
    qmat_set_one(B, qmat_rows(P->X));
    for (k = 0; k < P->l; k++)
    {
        qmat_set(C, B);
        for (q = 0; q < P->r; q++)
        {
            i = k * P->r + q;
            qmat_set(in + i, C);
            qmat_mul(C, P->W + i, C);
        }
        qmat_mul(B, U + k, B);
    }
    for (i = 0; i < P->nblocks; i++)
    {
        qmat_round(out + i, 1024);
        qmat_round(in + i, 1024);
        fmpq_zero(out[i].rad);
        fmpq_zero(in[i].rad);
    }
    qmat_vec_clear(U, P->l);
    qmat_clear(B);
    qmat_clear(C);
}

/* F: the eigenvector of the joint form at the point; for large orders the best
   F = u z^T found by alternating. */
static int
direction(const oracle_t *o, evidence_t *e)
{
    const problem_t *P = o->P;
    slong i, j, n = P->nblocks, p = o->M->p, g = qmat_rows(P->Y), it;
    int ok = 1;
    qmat_struct *out = qmat_vec_init(n), *in = qmat_vec_init(n);
    qmat_t K, N, t, u, z, s;
    fmpq_t one, x;

    qmat_init(K, 0, 0);
    qmat_init(N, 0, 0);
    qmat_init(t, 0, 0);
    qmat_init(u, 0, 0);
    qmat_init(z, 0, 0);
    qmat_init(s, 0, 0);
    fmpq_init(one);
    fmpq_init(x);
    fmpq_one(one);
    block_sides(out, in, P);
    for (i = 0; i < n; i++)
    {
        qmat_gram_rows(out + i, out + i);
        qmat_mul(t, in + i, o->M->T);
        qmat_mul(t, t, o->M->S);
        qmat_gram(in + i, t);
    }
    evidence_init(e, EVIDENCE_MATRIX, "direction");
    if (p * g <= 200)
    {
        for (i = 0; i < n; i++)
        {
            qmat_kron(t, in + i, out + i);
            if (i == 0)
                qmat_swap(K, t);
            else
                qmat_add_scaled(K, K, one, t);
        }
        qmat_set_one(N, g);
        qmat_kron(N, o->M->S, N);
        ok = oracle_min_vector(u, K, N, o->precision_limit);
        if (ok)
        {
            fmpz_mat_clear(e->A->num);
            fmpz_mat_init(e->A->num, g, p);
            for (i = 0; i < g; i++)
                for (j = 0; j < p; j++)
                    fmpz_set(fmpz_mat_entry(e->A->num, i, j), fmpz_mat_entry(u->num, j * g + i, 0));
            fmpz_set(e->A->den, u->den);
        }
    }
    else
    {
        /* start from the weakest direction of the output side */
        ok = oracle_min_vector(u, n > 1 ? out : in, NULL, o->precision_limit);
        for (it = 0; ok && it < 4; it++)
        {   /* z: sum_i <u, out_i u> in_i against <u, u> S */
            qmat_clear(K);
            qmat_init(K, p, p);
            qmat_transpose(s, u);
            for (i = 0; i < n; i++)
            {
                qmat_mul(t, out + i, u);
                qmat_mul(t, s, t);
                qmat_get_entry(x, t, 0, 0);
                qmat_add_scaled(K, K, x, in + i);
            }
            qmat_round(K, 512);
            fmpq_zero(K->rad);
            ok = oracle_min_vector(z, K, o->M->S, o->precision_limit);
            if (!ok || it == 3)
                break;
            qmat_clear(K);
            qmat_init(K, g, g);
            qmat_transpose(s, z);
            for (i = 0; i < n; i++)
            {
                qmat_mul(t, in + i, z);
                qmat_mul(t, s, t);
                qmat_get_entry(x, t, 0, 0);
                qmat_add_scaled(K, K, x, out + i);
            }
            qmat_round(K, 512);
            fmpq_zero(K->rad);
            ok = oracle_min_vector(u, K, NULL, o->precision_limit);
        }
        if (ok)
        {
            qmat_transpose(z, z);
            qmat_mul(e->A, u, z);
        }
    }
    if (ok)
        qmat_canonicalise(e->A);
    else
        evidence_clear(e);
    qmat_vec_clear(out, n);
    qmat_vec_clear(in, n);
    qmat_clear(K);
    qmat_clear(N);
    qmat_clear(t);
    qmat_clear(u);
    qmat_clear(z);
    qmat_clear(s);
    fmpq_clear(one);
    fmpq_clear(x);
    return ok;
}

/* y := s^{-1}(x); not finite outside the range of s. */
void
oracle_inverse(arb_t y, const arb_t x, const activation_t *s, slong prec)
{
    arb_t t, d1, d2;
    int it;

    arb_init(t);
    arb_init(d1);
    arb_init(d2);
    switch (s->kind)
    {
        case ACT_TANH:
            arb_atanh(y, x, prec);
            break;
        case ACT_SIGMOID:
            arb_sub_ui(t, x, 1, prec);
            arb_neg(t, t);
            arb_div(t, x, t, prec);
            arb_log(y, t, prec);
            break;
        case ACT_SOFTPLUS:
            arb_expm1(t, x, prec);
            arb_log(y, t, prec);
            break;
        default:                        /* Newton, from the right: s is convex or concave */
            arb_set(y, x);
            for (it = 0; it < 400; it++)
            {
                arb_get_mid_arb(y, y);
                activation_arb(t, y, s, prec);
                arb_sub(t, t, x, prec);
                activation_derivatives_arb(d1, d2, y, s, prec);
                arb_div(t, t, d1, prec);
                arb_sub(y, y, t, prec);
                if (!arb_is_finite(y) || arf_cmpabs_2exp_si(arb_midref(t), -prec / 2 - 64) < 0)
                    break;
            }
            break;
    }
    arb_clear(t);
    arb_clear(d1);
    arb_clear(d2);
}

/* A leaf: dyadic midpoints of Arb enclosures of s(K), or of s^{-1}(K), and a
   radius that holds. */
static int
leaf(const oracle_t *o, const ask_t *ask, evidence_t *e)
{
    slong i, j, prec, bits = 128;
    fmpq_t q;
    arb_t x, y;
    int ok = 0, finite = 1;

    evidence_init(e, EVIDENCE_MATRIX, ask->role);
    fmpq_init(q);
    arb_init(x);
    arb_init(y);
    for (prec = ask->upper ? 256 : 192; !ok && prec <= FLINT_MIN(o->precision_limit, ACTIVATION_MAX_PRECISION); prec *= 2)
    {
        qmat_clear(e->A);
        qmat_init(e->A, ask->rows, ask->cols);
        for (i = 0, finite = 1; i < ask->rows && finite; i++)
            for (j = 0; j < ask->cols && finite; j++)
            {
                qmat_get_entry(q, ask->K, i, j);
                arb_set_fmpq(x, q, prec);
                if (ask->upper)
                    oracle_inverse(y, x, ask->act, prec);
                else
                    activation_arb(y, x, ask->act, prec);
                finite = arb_is_finite(y);
                arb_mul_2exp_si(y, y, bits);
                if (finite)
                    arf_get_fmpz(fmpz_mat_entry(e->A->num, i, j), arb_midref(y), ARF_RND_NEAR);
            }
        fmpz_mul_2exp(e->A->den, e->A->den, bits);
        /* every entry is off by at most 2^-bits; an inverse must be off by less */
        fmpq_set_si(e->A->rad, ask->rows * ask->cols, 1);
        number_sqrt_upper(e->A->rad, e->A->rad);
        number_round_up(e->A->rad, e->A->rad);
        fmpq_div_2exp(e->A->rad, e->A->rad, ask->upper ? bits - 1 : bits);
        qmat_canonicalise(e->A);
        e->precision = prec;
        ok = finite && (ask->upper ? activation_check_preimage(e->A, ask->K, ask->act, prec)
                        : activation_check_ball(e->A, ask->K, ask->act, prec));
    }
    fmpq_clear(q);
    arb_clear(x);
    arb_clear(y);
    if (!ok)
        evidence_clear(e);
    return ok;
}

/* Bounds of |s'| and |s''|: the largest value in the middle of many pieces,
   then more until the check agrees. */
static int
derivatives(const ask_t *ask, evidence_t *e)
{
    const activation_range_t *range = ask->payload;
    slong i, j, k;
    int tries, ok = 0;
    double top[2] = { 0, 0 };
    fmpq_t r, q;
    arb_t x, d[2];

    fmpq_init(r);
    fmpq_init(q);
    arb_init(x);
    arb_init(d[0]);
    arb_init(d[1]);
    for (i = 0; i < qmat_rows(range->Z); i++)
        for (j = 0; j < qmat_cols(range->Z); j++)
            for (k = -32; k <= 32; k++)
            {
                int w;
                qmat_get_entry(q, range->Z, i, j);
                fmpq_set_si(r, k, 32);
                fmpq_mul(r, r, range->reach + j);
                fmpq_add(q, q, r);
                arb_set_fmpq(x, q, 64);
                activation_derivatives_arb(d[0], d[1], x, range->s, 64);
                for (w = 0; w < 2; w++)
                    top[w] = fmax(top[w], arf_get_d(arb_midref(d[w]), ARF_RND_UP));
            }
    evidence_init(e, EVIDENCE_NUMBERS, ask->role);
    e->nd = 2;
    e->d = _fmpq_vec_init(2);
    for (tries = 0; tries < 60 && !ok; tries++)
    {
        double slack = ldexp(1e-9, tries);
        approx_to_fmpq(e->d, top[0] * (1 + slack), 40, 1);
        approx_to_fmpq(e->d + 1, top[1] * (1 + slack) + 1e-12, 40, 1);
        activation_lipschitz(q, range->s);
        if (fmpq_cmp(e->d, q) > 0)
            fmpq_set(e->d, q);
        ok = activation_check_range(range, e->d, e->d + 1);
    }
    fmpq_clear(r);
    fmpq_clear(q);
    arb_clear(x);
    arb_clear(d[0]);
    arb_clear(d[1]);
    if (!ok)
        evidence_clear(e);
    return ok;
}

/* If the eigenvalue of K x = mu N x next to the quotient of x is a simple
   rational, x := an exact eigenvector. */
static void
exact_vector(qmat_t x, const qmat_t K, const qmat_t N)
{
    qmat_t t, u, xt;
    fmpq_t q, d, lo;
    fmpz_mat_t kernel;

    if (qmat_rows(K) > 64)
        return;
    qmat_init(t, 0, 0);
    qmat_init(u, 0, 0);
    qmat_init(xt, 0, 0);
    fmpq_init(q);
    fmpq_init(d);
    fmpq_init(lo);
    qmat_transpose(xt, x);
    qmat_mul(t, K, x);
    qmat_mul(u, xt, t);
    qmat_get_entry(q, u, 0, 0);
    qmat_mul(t, N, x);
    qmat_mul(u, xt, t);
    qmat_get_entry(d, u, 0, 0);
    fmpq_div(q, q, d);
    fmpq_div_2exp(d, q, 30);
    fmpq_abs(d, d);
    fmpq_sub(lo, q, d);
    fmpq_add(d, q, d);
    fmpq_simplest_between(q, lo, d);
    fmpq_neg(q, q);
    qmat_add_scaled(t, K, q, N);
    fmpz_mat_init(kernel, qmat_cols(t), qmat_cols(t));
    if (fmpz_mat_nullspace(kernel, t->num) > 0)
    {
        slong i, n = qmat_cols(t);
        qmat_t v;
        qmat_init(v, n, 1);
        for (i = 0; i < n; i++)
            fmpz_set(fmpz_mat_entry(v->num, i, 0), fmpz_mat_entry(kernel, i, 0));
        qmat_canonicalise(v);
        qmat_swap(x, v);
        qmat_clear(v);
    }
    fmpz_mat_clear(kernel);
    qmat_clear(t);
    qmat_clear(u);
    qmat_clear(xt);
    fmpq_clear(q);
    fmpq_clear(d);
    fmpq_clear(lo);
}

/* z for an inequality: ||B z|| / ||C z|| extreme, B the payload; in the rule C has
   the same row space as B for eta_min and is the identity for norm. */
static int
extreme_vector(const oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const inequality_vector_t *v = ask->payload;
    qmat_t K, N;
    fmpq_t mu, x;
    int ok;

    evidence_init(e, EVIDENCE_MATRIX, ask->role);
    qmat_init(K, 0, 0);
    qmat_init(N, 0, 0);
    fmpq_init(mu);
    fmpq_init(x);
    qmat_gram(K, v->B);
    qmat_gram(N, v->C);
    if (v->largest)
    {   /* the weakest direction of 2 ||B||_F^2 N - K */
        qmat_frobenius2_midpoint(mu, v->B);
        fmpq_add(mu, mu, mu);
        if (fmpq_is_zero(mu))
            fmpq_one(mu);
        fmpq_set_si(x, -1, 1);
        qmat_scale(N, N, mu);
        qmat_add_scaled(K, N, x, K);
        qmat_gram(N, v->C);
    }
    ok = oracle_min_vector(e->A, K, N, o->precision_limit);
    if (ok)
        exact_vector(e->A, K, N);
    qmat_clear(K);
    qmat_clear(N);
    fmpq_clear(mu);
    fmpq_clear(x);
    if (!ok)
        evidence_clear(e);
    return ok;
}

/* "witness:3", "better-bias:1": a block of one of the points on offer. */
static int
point(const oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const char *colon = strchr(ask->role, ':');
    const problem_t *Q;
    long i = colon == NULL ? 0 : strtol(colon + 1, NULL, 10);

    Q = strncmp(ask->role, "witness", 7) == 0 ? o->witness
        : strncmp(ask->role, "better", 6) == 0 ? o->better : NULL;
    if (Q == NULL || i < 1 || i > Q->nblocks)
        return 0;
    evidence_init(e, EVIDENCE_MATRIX, ask->role);
    qmat_set(e->A, strstr(ask->role, "-bias") != NULL ? Q->b + i - 1 : Q->W + i - 1);
    return 1;
}

/* Long inner segments of deep chains add little and there are many of them. */
static int
is_long_segment(const ask_t *ask, slong n)
{
    const char *c = strchr(ask->role, ':');
    long a, b;

    if (sscanf(ask->role, "between:%ld:%ld", &a, &b) == 2)
        return n > 24 && b - a > 5 && a > 0 && b <= n;
    return (strncmp(ask->role, "norm:", 5) == 0 || strncmp(ask->role, "inj", 3) == 0)
        && c != NULL && (c = strchr(c + 1, ':')) != NULL
        && sscanf(c, ":%ld:%ld", &a, &b) == 2 && b - a > 5 && a > 1 && b < n;
}

int
oracle_answer(void *context, const ask_t *ask, evidence_t *e)
{
    oracle_t *o = context;
    int keep = strcmp(ask->role, "joint") != 0 && strncmp(ask->role, "distance", 8) != 0;

    switch (ask->kind)
    {
        case EVIDENCE_WORD:
            evidence_init(e, EVIDENCE_WORD, ask->role);
            snprintf(e->word, sizeof e->word, "%s", o->bound);
            return 1;
        case EVIDENCE_NUMBERS:
            if (strcmp(ask->role, "multipliers") == 0)
            {
                evidence_init(e, EVIDENCE_NUMBERS, ask->role);
                e->nd = ask->count;
                e->d = _fmpq_vec_init(e->nd);
                oracle_multipliers(e->d, ask->payload);
                return 1;
            }
            if (strcmp(ask->role, "derivatives") == 0)
                return derivatives(ask, e);
            if (strcmp(ask->role, "down-degree") == 0 || strcmp(ask->role, "up-degree") == 0)
            {
                if (o->degree[ask->role[0] == 'u'] == 0)
                    return 0;
                evidence_init(e, EVIDENCE_NUMBERS, ask->role);
                e->nd = 1;
                e->d = _fmpq_vec_init(1);
                fmpq_set_si(e->d, o->degree[ask->role[0] == 'u'], 1);
                return 1;
            }
            if (strcmp(ask->role, "threshold") == 0)
            {
                if (o->threshold == NULL)
                    return 0;
                evidence_init(e, EVIDENCE_NUMBERS, ask->role);
                e->nd = 1;
                e->d = _fmpq_vec_init(1);
                fmpq_set(e->d, o->threshold);
                return 1;
            }
            return o->constants && paper_vector(o, ask, e);
        case EVIDENCE_MATRIX:
            if (strcmp(ask->role, "direction") == 0)
                return o->constants && direction(o, e);
            if (strncmp(ask->role, "down:", 5) == 0 || strncmp(ask->role, "up:", 3) == 0)
            {
                long j, i;
                int up = ask->role[0] == 'u';
                if (o->degree[up] == 0 || sscanf(strchr(ask->role, ':'), ":%ld:%ld", &j, &i) != 2)
                    return 0;
                evidence_init(e, EVIDENCE_MATRIX, ask->role);
                qmat_set(e->A, o->curve[up] + (j - 1) * o->P->nblocks + i - 1);
                return 1;
            }
            if (strcmp(ask->role, "excess") == 0 && o->excess != NULL)
            {
                evidence_init(e, EVIDENCE_MATRIX, ask->role);
                qmat_set(e->A, o->excess);
                return 1;
            }
            if (strstr(ask->role, ":vector") != NULL)
                return extreme_vector(o, ask, e);
            if (ask->act != NULL)
            {
                if (cached(o, ask, e))
                    return 1;
                if (!leaf(o, ask, e))
                    return 0;
                remember(o, e);
                return 1;
            }
            return point(o, ask, e);
        case EVIDENCE_BOUND:
            if (is_long_segment(ask, o->P->nblocks))
                return 0;
            if (keep && cached(o, ask, e))
                return 1;
            evidence_init(e, EVIDENCE_BOUND, ask->role);
            if (strcmp(ask->role, "hessian") == 0 && oracle_psd(e, ask))
                return 1;
            if (!oracle_bound(e, ask, o->precision_limit))
            {
                evidence_clear(e);
                return 0;
            }
            if (keep)
                remember(o, e);
            return 1;
    }
    return 0;
}
