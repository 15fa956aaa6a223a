/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include "chain.h"
#include "kernel/inverse.h"
#include "kernel/number.h"
#include "rules/about.h"
#include "kernel/scope.h"

enum { SEG = 1, NORM = 2, DEV = 4, SUP = 8, INJ = 16, NEAR = 64 };    /* INJ, NEAR: two bits */

void
chain_init(chain_t *c, facts_t *f, const char *name, slong n,
           const qmat_struct *F, const fmpq *rho, const moments_t *M)
{
    slong s = n * n, i;

    memset(c, 0, sizeof *c);
    c->f = f;
    snprintf(c->name, sizeof c->name, "%s", name);
    c->n = n;
    c->F = F;
    c->rho = rho;
    c->M = M;
    fmpq_init(c->data_norm2);
    fmpq_set_si(c->data_norm2, -1, 1);
    c->seg = qmat_vec_init(s);
    c->norm = _fmpq_vec_init(s);
    c->dev = _fmpq_vec_init(s);
    c->sup = _fmpq_vec_init(s);
    for (i = 0; i < 2; i++)
    {
        c->inj[i] = _fmpq_vec_init(s);
        c->near[i] = _fmpq_vec_init(s);
    }
    c->data_point = _fmpq_vec_init(n + 1);
    c->data = _fmpq_vec_init(n + 1);
    c->have = flint_calloc(s + 2 * (n + 1), sizeof(short));
}

void
chain_clear(chain_t *c)
{
    slong s = c->n * c->n, i;

    fmpq_clear(c->data_norm2);
    qmat_vec_clear(c->seg, s);
    _fmpq_vec_clear(c->norm, s);
    _fmpq_vec_clear(c->dev, s);
    _fmpq_vec_clear(c->sup, s);
    for (i = 0; i < 2; i++)
    {
        _fmpq_vec_clear(c->inj[i], s);
        _fmpq_vec_clear(c->near[i], s);
    }
    _fmpq_vec_clear(c->data_point, c->n + 1);
    _fmpq_vec_clear(c->data, c->n + 1);
    flint_free(c->have);
}

/* 1 if bit was set for this cell already; sets it. */
static int
known(chain_t *c, slong cell, int bit)
{
    short *h = c->have + cell;
    int old = (*h & bit) != 0;

    *h |= bit;
    return old;
}

/* "W_{3} W_{2}" for segment (1, 2); the factors of chain "A4" are A_{4,q}. */
static void
segment_text(char *buf, size_t size, const chain_t *c, slong a, slong b)
{
    size_t used = 0;
    slong k;

    buf[0] = '\0';
    for (k = b; k >= a && used + 24 < size; k--)
        used += snprintf(buf + used, size - used, "%c_{%s%s%ld}%s", c->name[0], c->name + 1,
                         c->name[1] ? "," : "", (long) k + 1, k > a ? " " : "");
}

const qmat_struct *
chain_segment(chain_t *c, slong a, slong b)
{
    qmat_struct *S = c->seg + a * c->n + b;

    if (!known(c, a * c->n + b, SEG))
    {
        if (a == b)
            qmat_set(S, c->F + a);
        else
            qmat_mul(S, chain_segment(c, b, b), chain_segment(c, a, b - 1));
        qmat_round(S, c->f->rounding);
        work_keep(qmat_rows(S), qmat_cols(S), 64 + FLINT_ABS(fmpz_mat_max_bits(S->num)));
    }
    return S;
}

void
chain_norm(fmpq_t q, chain_t *c, slong a, slong b)
{
    slong cell = a * c->n + b, k;
    char role[ROLE_SIZE], text[256], meaning[300];
    about_segment_t about = { { about_segment_type }, a + 1, b + 1, c->n };
    fmpq_t t, u;

    if (a > b)
    {
        fmpq_one(q);
        return;
    }
    if (!known(c, cell, NORM))
    {
        const qmat_struct *S = chain_segment(c, a, b);
        fmpq_init(t);
        fmpq_init(u);
        snprintf(role, sizeof role, "norm:%s:%ld:%ld", c->name, (long) a + 1, (long) b + 1);
        segment_text(text, sizeof text, c, a, b);
        snprintf(meaning, sizeof meaning, "\\|%s\\|_2^2", text);
        fact_norm2(t, c->f, role, meaning, S, 0, &about.about);
        number_sqrt_upper(t, t);
        for (k = a; k < b; k++)
        {
            NUMBERS(v);
            chain_norm(u, c, a, k);
            chain_norm(v, c, k + 1, b);
            number_mul(u, u, v);
            if (fmpq_cmp(u, t) < 0)
                fmpq_set(t, u);
        }
        number_round_up(c->norm + cell, t);
        fmpq_clear(t);
        fmpq_clear(u);
    }
    fmpq_set(q, c->norm + cell);
}

/* s := sum_k after(k + 1, b) rho_k before(a, k - 1), a <= k <= b. */
static void
telescope(fmpq_t s, chain_t *c, slong a, slong b, void (*after)(fmpq_t, chain_t *, slong, slong),
          void (*before)(fmpq_t, chain_t *, slong, slong))
{
    slong k;
    NUMBERS(t, u);

    fmpq_zero(s);
    for (k = a; k <= b; k++)
    {
        if (fmpq_is_zero(c->rho + k))
            continue;
        after(t, c, k + 1, b);
        before(u, c, a, k - 1);
        number_mul(t, t, u);
        number_mul(t, t, c->rho + k);
        number_add(s, s, t);
    }
}

void
chain_deviation(fmpq_t q, chain_t *c, slong a, slong b)
{
    slong cell = a * c->n + b;
    NUMBERS(s);

    if (a > b)
    {
        fmpq_zero(q);
        return;
    }
    if (!known(c, cell, DEV))
    {
        /* seg' - seg = sum_k (F_b .. F_{k+1}) V_k (F'_{k-1} .. F'_a), or the other way
           round: F'_b .. F'_{k+1} V_k F_{k-1} .. F_a */
        telescope(c->dev + cell, c, a, b, chain_norm, chain_sup);
        telescope(s, c, a, b, chain_sup, chain_norm);
        if (fmpq_cmp(s, c->dev + cell) < 0)
            fmpq_set(c->dev + cell, s);
        number_round_up(c->dev + cell, c->dev + cell);
    }
    fmpq_set(q, c->dev + cell);
}

void
chain_sup(fmpq_t q, chain_t *c, slong a, slong b)
{
    slong cell = a * c->n + b, k;
    fmpq_t s, t, u;

    if (a > b)
    {
        fmpq_one(q);
        return;
    }
    if (!known(c, cell, SUP))
    {
        fmpq_init(s);
        fmpq_init(t);
        fmpq_init(u);
        chain_norm(s, c, a, b);
        chain_deviation(t, c, a, b);
        number_add(s, s, t);
        for (k = a; k < b; k++)
        {
            chain_sup(t, c, a, k);
            chain_sup(u, c, k + 1, b);
            number_mul(t, t, u);
            if (fmpq_cmp(t, s) < 0)
                fmpq_set(s, t);
        }
        number_round_up(c->sup + cell, s);
        fmpq_clear(s);
        fmpq_clear(t);
        fmpq_clear(u);
    }
    fmpq_set(q, c->sup + cell);
}

void
chain_inj2(fmpq_t q, chain_t *c, slong a, slong b, int transposed)
{
    slong cell = a * c->n + b;
    const qmat_struct *S;
    char role[ROLE_SIZE], text[256], meaning[300];
    about_segment_t about = { { about_segment_type }, a + 1, b + 1, c->n };
    MATRICES(K, tall);

    if (a > b)
    {
        fmpq_one(q);
        return;
    }
    S = chain_segment(c, a, b);
    if (qmat_rows(S) == qmat_cols(S))
        transposed = 0;                 /* square: inj(A^T) = inj(A) */
    if (!known(c, cell, INJ << transposed))
    {
        fmpq_zero(c->inj[transposed] + cell);
        /* a wide matrix is not injective, whatever its rank */
        if (transposed ? qmat_rows(S) <= qmat_cols(S) : qmat_cols(S) <= qmat_rows(S))
        {
            if (transposed)
                qmat_transpose(tall, S);
            snprintf(role, sizeof role, "inj%s:%s:%ld:%ld", transposed ? "t" : "", c->name,
                     (long) a + 1, (long) b + 1);
            segment_text(text, sizeof text, c, a, b);
            snprintf(meaning, sizeof meaning, transposed ? "\\mathrm{inj}((%s)^T)^2"
                     : "\\mathrm{inj}(%s)^2", text);
            if (!fact_inverse(c->inj[transposed] + cell, c->f, role, meaning, transposed ? tall : S, NULL, &about.about))
            {
                qmat_gram(K, transposed ? tall : S);
                fact_lower_about(c->inj[transposed] + cell, c->f, role, meaning, K, NULL, NULL, 0, &about.about);
            }
        }
    }
    fmpq_set(q, c->inj[transposed] + cell);
}

/* q := max(0, sqrt(q) - d)^2, rounded down. */
static void
subtract_deviation(fmpq_t q, const fmpq_t d)
{
    if (fmpq_is_zero(d))
        return;
    number_sqrt_lower(q, q);
    number_sub(q, q, d);
    number_clamp(q);
    number_mul(q, q, q);
}

void
chain_inj2_near(fmpq_t q, chain_t *c, slong a, slong b, int transposed)
{
    slong cell = a * c->n + b, k;
    fmpq_t s, t, u;

    if (a > b)
    {
        fmpq_one(q);
        return;
    }
    if (!known(c, cell, NEAR << transposed))
    {
        fmpq_init(s);
        fmpq_init(t);
        fmpq_init(u);
        chain_inj2(s, c, a, b, transposed);
        if (!fmpq_is_zero(s))
        {
            chain_deviation(t, c, a, b);
            subtract_deviation(s, t);
        }
        for (k = a; k < b; k++)
        {
            chain_inj2_near(t, c, a, k, transposed);
            chain_inj2_near(u, c, k + 1, b, transposed);
            number_mul(t, t, u);
            if (fmpq_cmp(t, s) > 0)
                fmpq_set(s, t);
        }
        number_round_down(c->near[transposed] + cell, s);
        fmpq_clear(s);
        fmpq_clear(t);
        fmpq_clear(u);
    }
    fmpq_set(q, c->near[transposed] + cell);
}

void
chain_data2_point(fmpq_t q, chain_t *c, slong b)
{
    char role[ROLE_SIZE], text[256], meaning[300];
    qmat_t A;

    if (!known(c, c->n * c->n + b, INJ))
    {
        qmat_init(A, 0, 0);
        if (b == 0)
            qmat_set(A, c->M->T);
        else
            qmat_mul(A, chain_segment(c, 0, b - 1), c->M->T);
        if (qmat_rows(A) >= qmat_cols(A))       /* otherwise not injective */
        {
            qmat_mul(A, A, c->M->S);
            qmat_round(A, c->f->rounding);
            qmat_gram(A, A);
            snprintf(role, sizeof role, "data:%s:%ld", c->name, (long) b);
            segment_text(text, sizeof text, c, 0, b - 1);
            snprintf(meaning, sizeof meaning, "\\eta_p(%s%sX D^{1/2})^2", text, b > 0 ? " " : "");
            fact_lower(c->data_point + b, c->f, role, meaning, A, c->M->S, NULL, 0);
        }
        qmat_clear(A);
    }
    fmpq_set(q, c->data_point + b);
}

void
chain_data2(fmpq_t q, chain_t *c, slong b)
{
    slong k;
    fmpq_t s, t, u;

    if (b == 0)
    {
        chain_data2_point(q, c, 0);
        return;
    }
    if (!known(c, c->n * c->n + b, NEAR))
    {
        fmpq_init(s);
        fmpq_init(t);
        fmpq_init(u);
        chain_data2_point(s, c, b);
        chain_deviation(t, c, 0, b - 1);
        if (!fmpq_is_zero(s) && !fmpq_is_zero(t))
        {   /* ||(A - A*) X D x|| <= ||A - A*|| ||X D^{1/2}|| ||D^{1/2} x|| */
            if (fmpq_sgn(c->data_norm2) < 0)
                fact_upper(c->data_norm2, c->f, "data-norm", "\\|X D^{1/2}\\|_2^2",
                           c->M->Sxx, NULL);
            number_sqrt_upper(u, c->data_norm2);
            number_mul(t, t, u);
            subtract_deviation(s, t);
        }
        for (k = 0; k < b; k++)
        {   /* ||B A X D x|| >= inj(B) ||A X D x|| */
            chain_inj2_near(t, c, k, b - 1, 0);
            if (fmpq_is_zero(t))
                continue;
            chain_data2(u, c, k);
            number_mul(t, t, u);
            if (fmpq_cmp(t, s) > 0)
                fmpq_set(s, t);
        }
        number_round_down(c->data + b, s);
        fmpq_clear(s);
        fmpq_clear(t);
        fmpq_clear(u);
    }
    fmpq_set(q, c->data + b);
}
