/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Forward and backward passes, exact. */
#include "kernel/number.h"
#include "network.h"
#include "kernel/scope.h"

/* One forward pass: in[i] := the input of block i; for feedforward networks
   pre[i] := W_i in[i] + b_i; out := the output. */
static void
forward(qmat_t out, qmat_struct *in, qmat_struct *pre, const problem_t *P, const qmat_t input)
{
    slong i, k, q;
    MATRICES(x);
    NUMBERS(one);

    fmpq_one(one);
    qmat_set(out, input);
    for (k = 0; k < P->l; k++)
    {
        qmat_set(x, out);
        for (q = 0; q < P->r; q++)
        {
            i = k * P->r + q;
            qmat_set(in + i, x);
            qmat_mul(x, P->W + i, x);
        }
        if (P->kind == NET_RESIDUAL)
            qmat_add_scaled(out, out, one, x);
        else if (P->kind == NET_LINEAR)
            qmat_swap(out, x);
        else
        {
            if (P->b != NULL)
                qmat_add_column(x, x, P->b + k);
            qmat_set(pre + k, x);
            if (k < P->l - 1)
                activation_apply(out, x, P->act + k);
            else
                qmat_swap(out, x);
        }
    }
}

/* g2 := sum over blocks of ||gradient||_F^2 when delta is the derivative of
   the loss by the output and decay (NULL: 0) the weight decay, and grad[i] (NULL: not wanted) := the gradient by
   block i, biases left out.  Returns 0 at a kink. */
static int
backward(fmpq_t g2, qmat_struct *grad, const problem_t *P, const qmat_struct *in,
         const qmat_struct *pre, const qmat_t delta, const fmpq *decay)
{
    slong i, k, q;
    int smooth = 1;
    MATRICES(g, out, t, Wt);
    NUMBERS(x, one);

    fmpq_one(one);
    fmpq_zero(g2);
    qmat_set(out, delta);
    for (k = P->l - 1; k >= 0; k--)
    {
        if (P->kind == NET_FEEDFORWARD && k < P->l - 1)
        {
            if (!activation_derivative(t, pre + k, P->act + k))
                smooth = 0;
            qmat_mul_entries(out, out, t);
        }
        if (P->b != NULL)
        {
            qmat_ones(t, qmat_cols(out), 1);
            qmat_mul(t, out, t);
            qmat_frobenius2_midpoint(x, t);
            number_add(g2, g2, x);
        }
        qmat_set(g, out);
        for (q = P->r - 1; q >= 0; q--)
        {
            i = k * P->r + q;
            qmat_transpose(t, in + i);
            qmat_mul(t, g, t);
            if (decay != NULL && !fmpq_is_zero(decay))
                qmat_add_scaled(t, t, decay, P->W + i);
            qmat_frobenius2_midpoint(x, t);
            number_add(g2, g2, x);
            if (grad != NULL)
                qmat_set(grad + i, t);
            qmat_transpose(Wt, P->W + i);
            qmat_mul(g, Wt, g);
        }
        if (P->kind == NET_RESIDUAL)
            qmat_add_scaled(out, out, one, g);
        else
            qmat_swap(out, g);
    }
    return smooth;
}

void
network_product(qmat_t Z, const problem_t *P)
{
    MATRICES(one);
    walk_t w;

    if (!network_is_linear(P))
        flint_abort();
    qmat_set_one(one, qmat_rows(P->X));
    walk_forwards(&w, P, 0, one);
    while (w.i < P->nblocks)
        walk_step_forwards(&w);
    qmat_swap(Z, w.at);
    walk_clear(&w);
}

void
network_decay(fmpq_t x, const problem_t *P)
{
    slong i;
    NUMBERS(t);

    fmpq_zero(x);
    for (i = 0; i < P->nblocks && !fmpq_is_zero(P->weight_decay); i++)
    {
        qmat_frobenius2_midpoint(t, P->W + i);
        number_addmul(x, P->weight_decay, t);
    }
    fmpq_div_2exp(x, x, 1);
}

void
network_loss(fmpq_t h, const problem_t *P, const moments_t *M)
{
    MATRICES(Z, t);
    NUMBERS(x);

    if (P->kind != NET_FEEDFORWARD)
    {   /* 1/2 (Syy - 2 <Z, Syx> + <Z Sxx, Z>) */
        network_product(Z, P);
        fmpq_set(h, M->Syy);
        qmat_inner(x, Z, M->Syx);
        number_sub(h, h, x);
        number_sub(h, h, x);
        qmat_mul(t, Z, M->Sxx);
        qmat_inner(x, t, Z);
        number_add(h, h, x);
    }
    else
    {
        qmat_struct *in = qmat_vec_init(P->nblocks), *pre = qmat_vec_init(P->nblocks);
        fmpq *D = _fmpq_vec_init(qmat_cols(P->X));
        problem_curvature(D, P);
        forward(Z, in, pre, P, P->X);
        qmat_sub(Z, Z, P->Y);
        qmat_scale_columns(t, Z, D);
        qmat_inner(h, t, Z);
        _fmpq_vec_clear(D, qmat_cols(P->X));
        qmat_vec_clear(in, P->nblocks);
        qmat_vec_clear(pre, P->nblocks);
    }
    fmpq_div_2exp(h, h, 1);
    network_decay(x, P);
    number_add(h, h, x);
}

void
network_pullback_norm2(fmpq_t g2, const problem_t *P, const qmat_t E)
{
    qmat_struct *in = qmat_vec_init(P->nblocks);
    MATRICES(one, Z);

    if (P->kind == NET_FEEDFORWARD)
        flint_abort();
    qmat_set_one(one, qmat_rows(P->X));
    forward(Z, in, NULL, P, one);
    backward(g2, NULL, P, in, NULL, E, NULL);
    qmat_vec_clear(in, P->nblocks);
}

/* E := Z Sxx - Syx. */
static void
residual_moment(qmat_t E, const problem_t *P, const moments_t *M)
{
    network_product(E, P);
    qmat_mul(E, E, M->Sxx);
    qmat_sub(E, E, M->Syx);
}

int
network_gradient(fmpq_t g2, qmat_struct *grad, const problem_t *P, const moments_t *M)
{
    qmat_struct *in = qmat_vec_init(P->nblocks), *pre = qmat_vec_init(P->nblocks);
    fmpq *D = _fmpq_vec_init(qmat_cols(P->X));
    MATRICES(E, Z, one);
    int smooth;

    if (P->kind != NET_FEEDFORWARD)
    {
        residual_moment(E, P, M);
        qmat_set_one(one, qmat_rows(P->X));
        forward(Z, in, NULL, P, one);
        smooth = backward(g2, grad, P, in, NULL, E, P->weight_decay);
    }
    else
    {
        problem_curvature(D, P);
        forward(E, in, pre, P, P->X);
        qmat_sub(E, E, P->Y);
        qmat_scale_columns(E, E, D);
        smooth = backward(g2, grad, P, in, pre, E, P->weight_decay);
    }
    _fmpq_vec_clear(D, qmat_cols(P->X));
    qmat_vec_clear(in, P->nblocks);
    qmat_vec_clear(pre, P->nblocks);
    return smooth;
}

int
network_gradient_norm2(fmpq_t g2, const problem_t *P, const moments_t *M)
{
    return network_gradient(g2, NULL, P, M);
}

int
network_is_minimizer(const problem_t *P, const moments_t *M)
{
    MATRICES(E);
    int zero;

    residual_moment(E, P, M);
    zero = qmat_is_zero(E);
    return zero;
}

int
network_at_minimum(const problem_t *P, const moments_t *M)
{
    NUMBERS(h);
    int zero;

    if (network_is_linear(P))
        return network_is_minimizer(P, M);
    if (!network_is_rational(P))
        return -1;
    network_loss(h, P, NULL);
    zero = fmpq_is_zero(h);
    return zero;
}
