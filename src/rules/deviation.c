/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* With omega_k >= ||W_k||, eta_k >= |h_k|, primes for another point of the neighbourhood, sample by
   sample:

     |z_k' - z_k| <= zeta_k = (omega_k + rho_k) delta_{k-1} + rho_k eta_{k-1} + [bias] rho_k
     |h_k' - h_k| <= delta_k = s1_k zeta_k,  delta_0 = 0

   s1_k bounds |s'| on what the units can reach; unit u with row w_u moves by at most reach_u =
   (|w_u| + rho_k) delta_{k-1} + rho_k eta_{k-1} + [bias] rho_k.  For the derivative P_k of the
   outputs by z_k, P_k = P_{k+1} W_{k+1} S_k with the slopes S_k, P_l = I:

     ||P_k' - P_k|| <= s1_k (shift_{k+1} (omega_{k+1} + rho_{k+1}) + ||P_{k+1}|| rho_{k+1}) + ||P_{k+1} W_{k+1}|| tau_k
     ||P_k'|| <= min(||P_k|| + shift_k, ||P_{k+1}'|| (omega_{k+1} + rho_{k+1}) s1_k)

   with tau_k = max_u sup |s''| reach_u, and 0 where no piecewise linear unit reaches its kink.  The last layer of a
   network with skips has the norms of [W_l, S, ..], and of the features above one another; if one starts at layer k, P_k =
   (P_{k+1} W_{k+1} + S) S_k, and both bounds of the sum get rho_l, or omega_l + rho_l, more. */
#include <stdio.h>
#include "deviation.h"
#include "kernel/derivatives.h"
#include "kernel/kronecker.h"
#include "kernel/limits.h"
#include "kernel/inverse.h"
#include "kernel/number.h"
#include "kernel/scope.h"

void
deviation_column_norms(fmpq *x, const qmat_t A)
{
    slong i, k;
    NUMBERS(a);

    for (i = 0; i < qmat_cols(A); i++)
    {
        fmpq_zero(x + i);
        for (k = 0; k < qmat_rows(A); k++)
        {
            qmat_get_entry(a, A, k, i);
            number_addmul(x + i, a, a);
        }
        number_sqrt_upper(x + i, x + i);
        number_add(x + i, x + i, A->rad);
        number_round_up(x + i, x + i);
    }
}

/* x >= ||W_{k+1}||. */
static void
spectral_norm(fmpq_t x, const problem_t *P, setting_t *s, slong k)
{
    char role[ROLE_SIZE], meaning[64];

    snprintf(role, sizeof role, "norm:W:%ld", (long) k + 1);
    snprintf(meaning, sizeof meaning, "\\|W_{%ld}\\|_2^2", (long) k + 1);
    fact_norm2(x, s->f, role, meaning, P->W + k, 1, NULL);
    number_sqrt_upper(x, x);
    number_round_up(x, x);
}

/* x := (w + rho) delta + rho eta + [bias] rho. */
static void
moves(fmpq_t x, const fmpq_t w, const fmpq_t rho, const fmpq_t delta, const fmpq_t eta, int bias)
{
    NUMBERS(t);

    number_add(t, w, rho);
    number_mul(x, t, delta);
    number_addmul(x, rho, eta);
    if (bias)
        number_add(x, x, rho);
    number_round_up(x, x);
}

/* The input of the last layer, with skips: the squares of the norms of its parts add. */
static void
add_skips(deviation_t *d, const pass_t *p)
{
    const problem_t *P = p->P;
    slong i, j, m = d->m;

    if (P->skips == 0)
        return;
    deviation_column_norms(d->eta + (P->l - 1) * m, pass_input(p, P->l - 1));
    for (i = 0; i < m; i++)
    {
        fmpq *delta = d->delta + (P->l - 1) * m + i;
        number_mul(delta, delta, delta);
        for (j = 0; j < P->skips; j++)
            number_addmul(delta, d->delta + P->skip[j] * m + i, d->delta + P->skip[j] * m + i);
        number_sqrt_upper(delta, delta);
        number_round_up(delta, delta);
    }
}

int
deviation_init(deviation_t *d, const pass_t *p, setting_t *s, const fmpq *rho)
{
    const problem_t *P = p->P;
    slong k, i, m = qmat_cols(P->X), n = (P->l + 1) * m;
    NUMBERS(c);

    d->l = P->l;
    d->m = m;
    if (!work_keep(5 * (P->l + 1), m, 256))
        n = 0;
    d->omega = _fmpq_vec_init(P->l);
    d->eta = _fmpq_vec_init(n);
    d->delta = _fmpq_vec_init(n);
    d->zeta = _fmpq_vec_init(n);
    d->shift = _fmpq_vec_init(n);
    d->size = _fmpq_vec_init(n);
    if (n == 0)
    {
        facts_fail(s->f, "limits", "%s", work_exceeded());
        d->m = 0;
        return 0;
    }
    for (k = 0; k < P->l && !s->f->failed; k++)
    {
        spectral_norm(d->omega + k, P, s, k);
        deviation_column_norms(d->eta + k * m, p->in + k);
        if (k == P->l - 1)
            add_skips(d, p);
        fmpq_one(c);
        if (k < P->l - 1 && P->act != NULL)
            activation_lipschitz(c, P->act + k);
        for (i = 0; i < m; i++)
        {
            moves(d->zeta + (k + 1) * m + i, d->omega + k, rho + k, d->delta + k * m + i, d->eta + k * m + i,
                  deviation_bias(p, k));
            number_mul(d->delta + (k + 1) * m + i, c, d->zeta + (k + 1) * m + i);
            number_round_up(d->delta + (k + 1) * m + i, d->delta + (k + 1) * m + i);
        }
    }
    return !s->f->failed;
}

void
deviation_clear(deviation_t *d)
{
    slong n = (d->l + 1) * d->m;

    _fmpq_vec_clear(d->omega, d->l);
    _fmpq_vec_clear(d->eta, n);
    _fmpq_vec_clear(d->delta, n);
    _fmpq_vec_clear(d->zeta, n);
    _fmpq_vec_clear(d->shift, n);
    _fmpq_vec_clear(d->size, n);
}

/* What the units of a layer can reach on one sample. */
typedef struct
{
    fmpq_t slope;               /* >= |s'| */
    fmpq_t turn;                /* >= |s'(z') - s'(z)| */
} range_t;

/* For layer k + 1 on sample i; rows: bounds of the norms of the rows of W_{k+1}.  0 at a kink. */
static int
unit_range(range_t *r, const deviation_t *d, const pass_t *p, setting_t *s, const fmpq *rho, const fmpq *rows, slong k,
           slong i)
{
    const activation_t *act = p->P->act + k;
    const qmat_struct *Z = p->pre + k, *S = p->slope + k;
    slong u;
    int smooth = !activation_is_rational(act->kind);
    NUMBERS(reach, z, slope, most, curve, turn);

    activation_lipschitz(most, act);
    activation_curvature(curve, act);
    fmpq_zero(r->slope);
    fmpq_zero(r->turn);
    for (u = 0; u < qmat_rows(Z); u++)
    {
        moves(reach, rows + u, rho + k, d->delta + k * d->m + i, d->eta + k * d->m + i, deviation_bias(p, k));
        qmat_get_entry(slope, S, u, i);
        fmpq_abs(slope, slope);
        number_add(slope, slope, S->rad);
        if (smooth)
        {
            number_mul(turn, curve, reach);
            number_add(slope, slope, turn);
            if (fmpq_cmp(slope, most) > 0)
                fmpq_set(slope, most);
            if (fmpq_cmp(turn, r->turn) > 0)
                fmpq_set(r->turn, turn);
        }
        else if (act->kind != ACT_IDENTITY && !fmpq_is_one(act->slope))
        {
            qmat_get_entry(z, Z, u, i);
            fmpq_abs(z, z);
            number_sub(z, z, Z->rad);
            if (fmpq_cmp(z, reach) <= 0 && !fmpq_is_zero(reach))
            {
                facts_fail(s->f, "kink", "unit %ld of layer %ld may reach its kink on sample %ld", (long) u + 1,
                           (long) k + 1, (long) i + 1);
                return 0;
            }
        }
        if (fmpq_cmp(slope, r->slope) > 0)
            fmpq_set(r->slope, slope);
    }
    number_round_up(r->slope, r->slope);
    number_round_up(r->turn, r->turn);
    return 1;
}

/* range[i] for every sample, and the bounds of features that follow. */
static int
layer_ranges(range_t *range, deviation_t *d, const pass_t *p, setting_t *s, const fmpq *rho, slong k)
{
    slong i, u = qmat_rows(p->P->W + k);
    fmpq *rows = _fmpq_vec_init(u);
    int ok = 1;
    MATRICES(Wt);

    qmat_transpose(Wt, p->P->W + k);
    deviation_column_norms(rows, Wt);
    for (i = 0; i < d->m && ok && work_exceeded() == NULL; i++)
    {
        fmpq *delta = d->delta + (k + 1) * d->m + i;
        moves(d->zeta + (k + 1) * d->m + i, d->omega + k, rho + k, d->delta + k * d->m + i, d->eta + k * d->m + i,
              deviation_bias(p, k));
        ok = unit_range(range + i, d, p, s, rho, rows, k, i);
        number_mul(delta, range[i].slope, d->zeta + (k + 1) * d->m + i);
        number_round_up(delta, delta);
    }
    _fmpq_vec_clear(rows, u);
    return ok;
}

/* x[i] >= the norm of block i of A, of d rows: its Frobenius norm, or the root of the largest absolute
   row sum of the block times its transpose. */
static void
block_norms(fmpq *x, const qmat_t A, slong d, slong m)
{
    slong i, a, b, j;
    INTEGERS(g, sum, most, trace);

    if (!work_take(m * d, d, qmat_cols(A), FLINT_ABS(fmpz_mat_max_bits(A->num)), FLINT_ABS(fmpz_mat_max_bits(A->num))))
        return;
    for (i = 0; i < m; i++)
    {
        fmpz_zero(most);
        fmpz_zero(trace);
        for (a = 0; a < d; a++)
        {
            fmpz_zero(sum);
            for (b = 0; b < d; b++)
            {
                fmpz_zero(g);
                for (j = 0; j < qmat_cols(A); j++)
                    fmpz_addmul(g, fmpz_mat_entry(A->num, i * d + a, j), fmpz_mat_entry(A->num, i * d + b, j));
                if (a == b)
                    fmpz_add(trace, trace, g);
                fmpz_abs(g, g);
                fmpz_add(sum, sum, g);
            }
            if (fmpz_cmp(sum, most) > 0)
                fmpz_set(most, sum);
        }
        if (fmpz_cmp(trace, most) < 0)
            fmpz_set(most, trace);
        fmpz_mul(g, A->den, A->den);
        fmpq_set_fmpz_frac(x + i, most, g);
        number_sqrt_upper(x + i, x + i);
        number_add(x + i, x + i, A->rad);
        number_round_up(x + i, x + i);
    }
}

/* A := every row of the transpose of S (a sample) d times. */
static void
repeat_samples(qmat_t A, const qmat_t S, slong d)
{
    slong i, u, m = qmat_cols(S);
    NUMBERS(c);
    qmat_t t;

    qmat_init(t, m * d, qmat_rows(S));
    for (i = 0; i < m * d; i++)
        for (u = 0; u < qmat_rows(S); u++)
            fmpz_set(fmpz_mat_entry(t->num, i, u), fmpz_mat_entry(S->num, u, i / d));
    fmpz_set(t->den, S->den);
    fmpq_set_si(c, d, 1);
    number_mul(t->rad, c, S->rad);              /* (its root would do) */
    qmat_canonicalise(t);
    qmat_swap(A, t);
    qmat_clear(t);
}

void
deviation_factor_last(qmat_t A, slong d, slong m)
{
    MATRICES(ones, one);

    qmat_ones(ones, m, 1);
    qmat_set_one(one, d);
    qmat_kron(A, ones, one);
}

/* 1 if a skip starts at layer k. */
static int
has_skip(const problem_t *P, slong k)
{
    slong i;

    for (i = 0; i < P->skips; i++)
        if (P->skip[i] == k)
            return 1;
    return 0;
}

/* M += the block S of the skip that starts at layer k, once for every sample. */
static void
add_skip_block(qmat_t M, const pass_t *p, slong k)
{
    const problem_t *P = p->P;
    slong i, at = qmat_rows(p->in + P->l - 1);
    MATRICES(S, last);
    NUMBERS(one);

    for (i = 0; P->skip[i] != k; i++)
        at += qmat_rows(p->in + P->skip[i]);
    qmat_some_columns(S, P->W + P->l - 1, at, qmat_rows(p->in + k));
    deviation_factor_last(last, qmat_rows(P->Y), qmat_cols(P->X));
    qmat_mul(S, last, S);
    fmpq_one(one);
    qmat_add_scaled(M, M, one, S);
}

int
deviation_factor_back(qmat_t M, qmat_t A, const pass_t *p, setting_t *s, slong k)
{
    slong d = qmat_rows(p->P->Y), m = qmat_cols(p->P->X);
    MATRICES(S);

    if (!work_keep(3 * m * d, qmat_cols(p->P->W + k), 2 * s->f->rounding + 64))
        return 0;
    qmat_some_columns(S, p->P->W + k, 0, qmat_rows(p->in + k));
    qmat_mul(M, A, S);
    if (has_skip(p->P, k))
        add_skip_block(M, p, k);
    qmat_round(M, s->f->rounding);
    qmat_set(A, M);
    if (p->P->act == NULL)
        return 1;
    repeat_samples(S, p->slope + k - 1, d);
    qmat_mul_entries(A, M, S);
    qmat_round(A, s->f->rounding);
    return 1;
}

int
deviation_of_derivatives(deviation_t *d, const pass_t *p, setting_t *s, const fmpq *rho)
{
    const problem_t *P = p->P;
    slong k, i, m = d->m, dy = qmat_rows(P->Y);
    range_t *range = flint_calloc(P->l * m + 1, sizeof *range);
    fmpq *size = _fmpq_vec_init(2 * m), *through = size + m;
    MATRICES(A, M);
    NUMBERS(w, t, skip);
    int ok = 1;

    for (i = 0; i < P->l * m; i++)
    {
        fmpq_init(range[i].slope);
        fmpq_init(range[i].turn);
        fmpq_one(range[i].slope);
    }
    for (k = 0; ok && k < P->l - 1 && P->act != NULL; k++)
        ok = layer_ranges(range + k * m, d, p, s, rho, k);
    if (P->act != NULL)
        add_skips(d, p);
    /* the outputs, from the features that moved less than the Lipschitz constants say */
    for (i = 0; ok && i < m; i++)
        moves(d->zeta + P->l * m + i, d->omega + P->l - 1, rho + P->l - 1, d->delta + (P->l - 1) * m + i,
              d->eta + (P->l - 1) * m + i, deviation_bias(p, P->l - 1));
    deviation_factor_last(A, dy, m);
    for (i = 0; i < m; i++)
    {
        fmpq_one(size + i);
        fmpq_one(d->size + P->l * m + i);
        fmpq_zero(d->shift + P->l * m + i);
    }
    for (k = P->l - 1; ok && k >= 1; k--)
    {   /* P_k from P_{k+1} by W_{k+1} */
        ok = deviation_factor_back(M, A, p, s, k);
        if (!ok)
            facts_fail(s->f, "limits", "%s", work_exceeded());
        block_norms(through, M, dy, m);
        number_add(w, d->omega + k, rho + k);
        number_add(skip, d->omega + P->l - 1, rho + P->l - 1);
        for (i = 0; ok && i < m; i++)
        {
            const range_t *r = range + (k - 1) * m + i;
            fmpq *shift = d->shift + k * m + i, *now = d->size + k * m + i;
            number_mul(shift, d->shift + (k + 1) * m + i, w);
            number_addmul(shift, size + i, rho + k);
            if (has_skip(P, k))
                number_add(shift, shift, rho + P->l - 1);
            number_mul(shift, shift, r->slope);
            number_addmul(shift, through + i, r->turn);
            number_round_up(shift, shift);
            number_mul(now, d->size + (k + 1) * m + i, w);
            if (has_skip(P, k))
                number_add(now, now, skip);
            number_mul(now, now, r->slope);
        }
        block_norms(size, A, dy, m);
        for (i = 0; ok && i < m; i++)
        {
            number_add(t, size + i, d->shift + k * m + i);
            if (fmpq_cmp(t, d->size + k * m + i) < 0)
                fmpq_set(d->size + k * m + i, t);
            number_round_up(d->size + k * m + i, d->size + k * m + i);
        }
    }
    for (i = 0; i < P->l * m; i++)
    {
        fmpq_clear(range[i].slope);
        fmpq_clear(range[i].turn);
    }
    flint_free(range);
    _fmpq_vec_clear(size, 2 * m);
    return ok && !s->f->failed;
}
