/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Forward and backward passes of feedforward networks, exact; and the same door for all networks. */
#include "evaluate.h"
#include "kernel/derivatives.h"
#include "kernel/number.h"
#include "kernel/scope.h"

/* in[k] := the input of W_{k+1}, pre[k] := W_{k+1} in[k] + b_{k+1}, the last one the outputs. */
static void
forward(qmat_struct *in, qmat_struct *pre, const problem_t *P)
{
    slong k;

    if (network_has_shortcuts(P))
        flint_abort();
    qmat_set(in, P->X);
    for (k = 0; k < P->l; k++)
    {
        qmat_mul(pre + k, P->W + k, in + k);
        if (P->b != NULL)
            qmat_add_column(pre + k, pre + k, P->b + k);
        if (k < P->l - 1)
            activation_apply(in + k + 1, pre + k, P->act + k);
    }
}

/* As network_gradient, biases included; returns 0 at a kink. */
static int
backward(fmpq_t g2, qmat_struct *grad, const problem_t *P, const qmat_struct *in, const qmat_struct *pre,
         const qmat_t delta)
{
    slong k;
    int smooth = 1;
    MATRICES(out, t);
    NUMBERS(x);

    fmpq_zero(g2);
    qmat_set(out, delta);
    for (k = P->l - 1; k >= 0; k--)
    {
        if (k < P->l - 1)
        {
            if (!activation_derivative(t, pre + k, P->act + k))
                smooth = 0;
            qmat_mul_entries(out, out, t);
        }
        if (P->b != NULL)
        {
            qmat_ones(t, qmat_cols(out), 1);
            qmat_mul(t, out, t);
            if (problem_decayed_bias(P, k) != NULL)
                qmat_add_scaled(t, t, P->weight_decay, problem_decayed_bias(P, k));
            qmat_frobenius2_midpoint(x, t);
            number_add(g2, g2, x);
        }
        qmat_transpose(t, in + k);
        qmat_mul(t, out, t);
        if (!fmpq_is_zero(P->weight_decay))
            qmat_add_scaled(t, t, P->weight_decay, P->W + k);
        qmat_frobenius2_midpoint(x, t);
        number_add(g2, g2, x);
        if (grad != NULL)
            qmat_set(grad + k, t);
        qmat_transpose(t, P->W + k);
        qmat_mul(out, t, out);
    }
    return smooth;
}

/* E := (f(X) - Y) D, h := <f(X) - Y, E>. */
static void
residual(qmat_t E, fmpq_t h, const problem_t *P, const qmat_t F)
{
    fmpq *D = _fmpq_vec_init(qmat_cols(P->X));
    MATRICES(R);

    problem_curvature(D, P);
    qmat_sub(R, F, P->Y);
    qmat_scale_columns(E, R, D);
    qmat_inner(h, E, R);
    _fmpq_vec_clear(D, qmat_cols(P->X));
}

void
evaluate_loss(fmpq_t h, const problem_t *P, const moments_t *M)
{
    qmat_struct *in, *pre;
    NUMBERS(x);
    MATRICES(E);

    if (network_is_linear(P))
    {
        network_loss(h, P, M);
        return;
    }
    in = qmat_vec_init(P->l);
    pre = qmat_vec_init(P->l);
    forward(in, pre, P);
    residual(E, h, P, pre + P->l - 1);
    fmpq_div_2exp(h, h, 1);
    network_decay(x, P);
    number_add(h, h, x);
    qmat_vec_clear(in, P->l);
    qmat_vec_clear(pre, P->l);
}

int
evaluate_gradient(fmpq_t g2, qmat_struct *grad, const problem_t *P, const moments_t *M)
{
    qmat_struct *in, *pre;
    int smooth;
    NUMBERS(h);
    MATRICES(E);

    if (network_is_linear(P))
    {
        network_gradient(g2, grad, P, M);
        return 1;
    }
    in = qmat_vec_init(P->l);
    pre = qmat_vec_init(P->l);
    forward(in, pre, P);
    residual(E, h, P, pre + P->l - 1);
    smooth = backward(g2, grad, P, in, pre, E);
    qmat_vec_clear(in, P->l);
    qmat_vec_clear(pre, P->l);
    return smooth;
}

int
evaluate_gradient_norm2(fmpq_t g2, const problem_t *P, const moments_t *M)
{
    return evaluate_gradient(g2, NULL, P, M);
}

int
evaluate_at_minimum(const problem_t *P, const moments_t *M)
{
    NUMBERS(h);

    if (network_is_linear(P))
        return network_is_minimizer(P, M);
    if (!network_is_rational(P))
        return -1;
    evaluate_loss(h, P, NULL);
    return fmpq_is_zero(h);
}
