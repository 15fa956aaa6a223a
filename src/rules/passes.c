/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "passes.h"

const char *
pass_refuses(const problem_t *P)
{
    if (P->kind == NET_RESIDUAL)
        return "for linear and feedforward networks, skips and resnets only";
    return qmat_rows(P->features) > 0 ? "a point given by features is treated by regularity only" : NULL;
}

const char *
pass_loss_refuses(const problem_t *P)
{
    const char *why = pass_refuses(P);

    return why == NULL ? loss_refuses(P) : why;
}

const char *
pass_outputs_refuses(const problem_t *P)
{
    const char *why = pass_loss_refuses(P);

    return why == NULL && !fmpq_is_zero(P->weight_decay)
        ? "not with weight-decay: the loss is then no function of the outputs" : why;
}

const qmat_struct *
pass_output(const pass_t *p)
{
    return p->pre + p->l - 1;
}

const qmat_struct *
pass_input(const pass_t *p, slong k)
{
    return k == p->l - 1 && p->P->skips > 0 ? p->last : p->in + k;
}

/* Balls are kept short; exact matrices stay exact. */
static void
shorten(qmat_t A, const setting_t *s)
{
    if (!qmat_is_exact(A))
        qmat_round(A, s->f->rounding);
}

/* Inputs and outputs of all layers stay: charged before, a long number with three words more. */
static int
keep(const qmat_t W, const qmat_t in)
{
    slong bits = FLINT_ABS(fmpz_mat_max_bits(W->num)) + FLINT_ABS(fmpz_mat_max_bits(in->num));

    return work_keep(2 * qmat_rows(W), qmat_cols(in), bits <= 62 ? 64 : bits + 192);
}

/* The input of the last layer, with skips; its entries have a common denominator. */
static int
stack_inputs(pass_t *p)
{
    const problem_t *P = p->P;
    slong i, bits = qmat_length(p->in + p->l - 1);

    for (i = 0; i < P->skips; i++)
        bits += qmat_length(p->in + P->skip[i]);
    if (!work_keep(problem_inputs(P, p->l - 1), qmat_cols(P->X), bits))
        return 0;
    qmat_set(p->last, p->in + p->l - 1);
    for (i = 0; i < P->skips; i++)
        qmat_stack(p->last, p->last, p->in + P->skip[i]);
    return 1;
}

int
pass_forward(pass_t *p, setting_t *s)
{
    const problem_t *P = s->P;
    slong k;
    char role[ROLE_SIZE] = "outputs";
    NUMBERS(one);

    p->P = P;
    p->l = P->l;
    p->in = qmat_vec_init(P->l);
    p->pre = qmat_vec_init(P->l);
    p->slope = qmat_vec_init(P->l);
    qmat_init(p->last, 0, 0);
    qmat_set(p->in, P->X);
    fmpq_one(one);
    for (k = 0; k < P->l; k++)
    {
        if ((k == P->l - 1 && P->skips > 0 && !stack_inputs(p)) || !keep(P->W + k, pass_input(p, k)))
        {
            facts_fail(s->f, role, "%s", work_exceeded());
            return 0;
        }
        qmat_mul(p->pre + k, P->W + k, pass_input(p, k));
        if (problem_bias(P, k) != NULL)
            qmat_add_column(p->pre + k, p->pre + k, problem_bias(P, k));
        if (P->kind == NET_RESNET && k == P->l - 2)
            qmat_add_scaled(p->pre + k, p->pre + k, one, P->X);
        shorten(p->pre + k, s);
        if (k == P->l - 1)
            break;
        if (P->act == NULL)
            qmat_set(p->in + k + 1, p->pre + k);
        else
        {
            snprintf(role, sizeof role, "%sfeatures:%ld", s->prefix == NULL ? "" : s->prefix, (long) k + 1);
            fact_activation(p->in + k + 1, s->f, role, p->pre + k, P->act + k);
        }
        if (s->f->failed)
            return 0;
    }
    return 1;
}

void
pass_clear(pass_t *p)
{
    qmat_vec_clear(p->in, p->l);
    qmat_vec_clear(p->pre, p->l);
    qmat_vec_clear(p->slope, p->l);
    qmat_clear(p->last);
}

int
pass_loss_upper(fmpq_t high, setting_t *s)
{
    NUMBERS(decay);
    pass_t p;
    int ok = pass_forward(&p, s);

    if (ok)
    {
        loss_bounds(NULL, high, s->P, pass_output(&p));
        network_decay(decay, s->P);
        number_add(high, high, decay);
    }
    pass_clear(&p);
    return ok;
}

/* A := 1 - H^2 for tanh, H - H^2 for the sigmoid. */
static void
slopes_from_features(qmat_t A, const qmat_t H, int tanh)
{
    NUMBERS(minus);
    MATRICES(square, ones);

    fmpq_set_si(minus, -1, 1);
    qmat_mul_entries(square, H, H);
    if (tanh)
    {
        qmat_ones(ones, qmat_rows(H), qmat_cols(H));
        qmat_add_scaled(A, ones, minus, square);
    }
    else
        qmat_add_scaled(A, H, minus, square);
}

/* A := a + (1 - a) S, S the slopes of softplus: those of smooth-leaky a. */
static void
mix_slopes(qmat_t A, const fmpq_t a)
{
    NUMBERS(rest);
    MATRICES(ones);

    fmpq_one(rest);
    number_sub(rest, rest, a);
    qmat_scale(A, A, rest);
    qmat_ones(ones, qmat_rows(A), qmat_cols(A));
    qmat_add_scaled(A, A, a, ones);
}

/* still[i m + j] := 1 if input i of layer k stays at 0 on sample j for all weights near. */
static void
first_still(unsigned char *still, const problem_t *P)
{
    slong i, j, m = qmat_cols(P->X);

    for (i = 0; i < qmat_rows(P->X); i++)
        for (j = 0; j < m; j++)
            still[i * m + j] = fmpz_is_zero(fmpz_mat_entry(P->X->num, i, j));
}

/* Slopes of a piecewise linear layer, and still for the next one.  0 at a kink. */
static int
slopes_piecewise(qmat_t A, unsigned char *still, const pass_t *p, setting_t *s, slong k)
{
    const qmat_struct *Z = p->pre + k;
    const activation_t *act = p->P->act + k;
    slong i, j, d = qmat_rows(Z), m = qmat_cols(Z), in = qmat_rows(p->in + k);
    unsigned char *next = flint_malloc(d * m + 1);
    int ok = 1, kinked = act->kind != ACT_IDENTITY && !fmpq_is_one(act->slope);
    NUMBERS(z, slope);
    qmat_t t;

    qmat_init(t, d, m);
    if (act->kind == ACT_LEAKY_RELU)
        fmpq_set(slope, act->slope);
    else if (act->kind == ACT_IDENTITY)
        fmpq_one(slope);
    for (j = 0; j < m; j++)
    {
        int all = problem_bias(p->P, k) == NULL;
        for (i = 0; i < in && all; i++)
            all = still[i * m + j];
        for (i = 0; i < d; i++)
        {
            int sign;
            qmat_get_entry(z, Z, i, j);
            sign = fmpq_sgn(z);
            fmpq_abs(z, z);
            next[i * m + j] = all || (act->kind == ACT_RELU && sign < 0);
            fmpz_set(fmpz_mat_entry(t->num, i, j), sign < 0 ? fmpq_numref(slope) : fmpq_denref(slope));
            if (!kinked || (sign != 0 && fmpq_cmp(z, Z->rad) > 0))
                continue;
            if (all)            /* it stays at 0 whatever the slope */
                fmpz_zero(fmpz_mat_entry(t->num, i, j));
            else if (ok)
            {
                facts_fail(s->f, "kink", "unit %ld of layer %ld is at its kink on sample %ld", (long) i + 1,
                           (long) k + 1, (long) j + 1);
                ok = 0;
            }
        }
    }
    fmpz_set(t->den, fmpq_denref(slope));
    qmat_canonicalise(t);
    qmat_swap(A, t);
    qmat_clear(t);
    memcpy(still, next, d * m);
    flint_free(next);
    return ok;
}

/* The same for a smooth layer: 0 stays at 0 under tanh alone. */
static void
slopes_smooth(qmat_t A, unsigned char *still, const pass_t *p, setting_t *s, slong k)
{
    const activation_t *act = p->P->act + k;
    activation_t sigmoid = { ACT_SIGMOID, { { 0, 1 } } };
    slong i, j, d = qmat_rows(p->pre + k), m = qmat_cols(p->pre + k), in = qmat_rows(p->in + k);
    char role[ROLE_SIZE];

    if (act->kind == ACT_TANH || act->kind == ACT_SIGMOID)
        slopes_from_features(A, p->in + k + 1, act->kind == ACT_TANH);
    else
    {
        snprintf(role, sizeof role, "%sslopes:%ld", s->prefix == NULL ? "" : s->prefix, (long) k + 1);
        fact_activation(A, s->f, role, p->pre + k, &sigmoid);
        if (act->kind == ACT_SMOOTH_LEAKY && !s->f->failed)
            mix_slopes(A, act->slope);
    }
    for (j = 0; j < m; j++)
    {
        char all = problem_bias(p->P, k) == NULL && act->kind == ACT_TANH;
        for (i = 0; i < in && all; i++)
            all = still[i * m + j];
        for (i = 0; i < d; i++)
            still[i * m + j] = all;
    }
}

int
pass_slopes(pass_t *p, setting_t *s)
{
    const problem_t *P = p->P;
    slong k, m = qmat_cols(P->X), widest = qmat_rows(P->X);
    unsigned char *still;
    int ok = 1;

    if (P->act == NULL)
        return 1;
    for (k = 0; k < P->l; k++)
        widest = FLINT_MAX(widest, qmat_rows(P->W + k));
    still = flint_malloc(widest * m + 1);
    first_still(still, P);
    for (k = 0; k < P->l - 1 && ok; k++)
    {
        if (activation_is_rational(P->act[k].kind))
            ok = slopes_piecewise(p->slope + k, still, p, s, k);
        else
            slopes_smooth(p->slope + k, still, p, s, k);
        ok = ok && !s->f->failed;
        if (ok)
            shorten(p->slope + k, s);
    }
    flint_free(still);
    return ok;
}

/* D := the part of D, a derivative by the input of the last layer, by H_{l-1}; side[i] := the
   part by the features of skip i. */
static void
split_inputs(qmat_t D, qmat_struct *side, const pass_t *p)
{
    slong i, at = qmat_rows(p->in + p->l - 1);

    for (i = 0; i < p->P->skips; i++)
    {
        slong n = qmat_rows(p->in + p->P->skip[i]);
        qmat_some_rows(side + i, D, at, n);
        at += n;
    }
    qmat_some_rows(D, D, 0, qmat_rows(p->in + p->l - 1));
}

/* D, a derivative by Z_{k+1}, becomes that by Z_k, k >= 1. */
static void
step_back(qmat_t D, qmat_struct *side, const pass_t *p, setting_t *s, slong k)
{
    slong i;
    MATRICES(t);
    NUMBERS(one);

    fmpq_one(one);
    qmat_transpose(t, p->P->W + k);
    qmat_mul(D, t, D);
    if (k == p->l - 1 && p->P->skips > 0)
        split_inputs(D, side, p);
    for (i = 0; i < p->P->skips; i++)
        if (p->P->skip[i] == k)
            qmat_add_scaled(D, D, one, side + i);
    shorten(D, s);
    if (p->P->act == NULL)
        return;
    qmat_mul_entries(D, D, p->slope + k - 1);
    shorten(D, s);
}

void
space_init(space_t *T, slong n)
{
    T->n = n;
    T->layer = flint_calloc(n + 1, sizeof *T->layer);
    T->rows = qmat_vec_init(n);
}

void
space_clear(space_t *T)
{
    qmat_vec_clear(T->rows, T->n);
    flint_free(T->layer);
}

void
pass_input_rows(qmat_t A, const pass_t *p, slong k)
{
    MATRICES(ones);

    qmat_set(A, pass_input(p, k));
    if (problem_bias(p->P, k) == NULL)
        return;
    qmat_ones(ones, 1, qmat_cols(A));
    qmat_stack(A, A, ones);
}

void
space_set_tangent(space_t *T, const pass_t *p)
{
    slong k;

    for (k = 0; k < p->l; k++)
    {
        T->layer[k] = k + 1;
        pass_input_rows(T->rows + k, p, k);
    }
}

void
pass_pull(qmat_struct *g, const pass_t *p, setting_t *s, const qmat_t u, const space_t *T)
{
    qmat_struct *side = qmat_vec_init(p->P->skips + 1);
    slong i, k;
    int more = 1;
    MATRICES(D, t);

    qmat_set(D, u);
    for (k = p->l; more; k--)
    {
        for (more = i = 0; i < T->n; i++)
        {
            more |= T->layer[i] < k;
            if (T->layer[i] != k || qmat_rows(T->rows + i) == 0)
                continue;
            qmat_transpose(t, T->rows + i);
            qmat_mul(g + i, D, t);
        }
        if (more)
            step_back(D, side, p, s, k - 1);
    }
    qmat_vec_clear(side, p->P->skips + 1);
}

void
pass_push(qmat_t y, const pass_t *p, setting_t *s, const qmat_struct *C, const space_t *T)
{
    qmat_struct *dh = qmat_vec_init(p->l + 1);          /* dh[k] = H_k', dh[l] the outputs */
    slong i, k;
    MATRICES(t);
    NUMBERS(one);

    fmpq_one(one);
    qmat_sub(dh, p->P->X, p->P->X);
    for (k = 0; k < p->l; k++)
    {   /* Z' = W H' and what the parts of the layer add */
        for (i = 0; k == p->l - 1 && i < p->P->skips; i++)
            qmat_stack(dh + k, dh + k, dh + p->P->skip[i]);
        qmat_mul(dh + k + 1, p->P->W + k, dh + k);
        for (i = 0; i < T->n; i++)
        {
            if (T->layer[i] != k + 1 || qmat_rows(T->rows + i) == 0)
                continue;
            qmat_mul(t, C + i, T->rows + i);
            qmat_add_scaled(dh + k + 1, dh + k + 1, one, t);
        }
        if (k < p->l - 1 && p->P->act != NULL && qmat_rows(p->slope + k) > 0)
            qmat_mul_entries(dh + k + 1, dh + k + 1, p->slope + k);
        shorten(dh + k + 1, s);
    }
    qmat_swap(y, dh + p->l);
    qmat_vec_clear(dh, p->l + 1);
}
