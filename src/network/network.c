/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loss and gradient of linear and residual networks by the moments, exact. */
#include "kernel/number.h"
#include "network.h"
#include "kernel/scope.h"

/* in[i] := the input of block i, rounded to so many bits (0: exact). */
static void
forward(qmat_struct *in, const problem_t *P, slong rounding)
{
    slong i, k, q;
    MATRICES(x, out);
    NUMBERS(one);

    fmpq_one(one);
    qmat_set_one(out, qmat_rows(P->X));
    for (k = 0; k < P->l; k++)
    {
        qmat_set(x, out);
        for (q = 0; q < P->r; q++)
        {
            i = k * P->r + q;
            if (rounding > 0)
                qmat_round(x, rounding);
            qmat_set(in + i, x);
            if (i + 1 < P->nblocks)
                qmat_mul(x, P->W + i, x);
        }
        if (P->kind == NET_RESIDUAL)
            qmat_add_scaled(out, out, one, x);
        else
            qmat_swap(out, x);
    }
}

/* g2 := sum over blocks of ||gradient||_F^2, or an upper bound of it if in has been rounded, when delta is the derivative of
   the loss by Z and decay (NULL: 0) the weight decay, and grad[i] (NULL: not wanted) := the gradient by block i. */
static void
backward(fmpq_t g2, qmat_struct *grad, const problem_t *P, const qmat_struct *in, const qmat_t delta,
         const fmpq *decay, slong rounding)
{
    slong i, k, q;
    MATRICES(g, out, t, Wt);
    NUMBERS(x, one);

    fmpq_one(one);
    fmpq_zero(g2);
    qmat_set(out, delta);
    for (k = P->l - 1; k >= 0; k--)
    {
        qmat_set(g, out);
        for (q = P->r - 1; q >= 0; q--)
        {
            i = k * P->r + q;
            qmat_transpose(t, in + i);
            qmat_mul(t, g, t);
            if (decay != NULL && !fmpq_is_zero(decay))
                qmat_add_scaled(t, t, decay, P->W + i);
            if (qmat_is_exact(t))
                qmat_frobenius2_midpoint(x, t);
            else
            {
                qmat_frobenius_upper(x, t);
                number_mul(x, x, x);
            }
            number_add(g2, g2, x);
            if (grad != NULL)
                qmat_set(grad + i, t);
            if (i == 0)
                return;
            qmat_transpose(Wt, P->W + i);
            qmat_mul(g, Wt, g);
            if (rounding > 0)
                qmat_round(g, rounding);
        }
        if (P->kind == NET_RESIDUAL)
            qmat_add_scaled(out, out, one, g);
        else
            qmat_swap(out, g);
    }
}

void
network_product(qmat_t Z, const problem_t *P)
{
    MATRICES(one);
    walk_t w;

    if (!network_is_linear(P))
        flint_abort();
    if (qmat_length(P->W) > qmat_length(P->W + P->nblocks - 1))
    {   /* the long numbers last: a block that was solved for */
        qmat_set_one(one, qmat_rows(P->Y));
        for (walk_backwards(&w, P, one); w.i >= 0; walk_step_backwards(&w))
            ;
    }
    else
    {
        qmat_set_one(one, qmat_rows(P->X));
        for (walk_forwards(&w, P, 0, one); w.i < P->nblocks; walk_step_forwards(&w))
            ;
    }
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
        if (problem_decayed_bias(P, i) != NULL)
        {
            qmat_frobenius2_midpoint(t, problem_decayed_bias(P, i));
            number_addmul(x, P->weight_decay, t);
        }
    }
    fmpq_div_2exp(x, x, 1);
}

void
network_loss(fmpq_t h, const problem_t *P, const moments_t *M)
{
    MATRICES(Z, t);
    NUMBERS(x);

    /* 1/2 (Syy - 2 <Z, Syx> + <Z Sxx, Z>) */
    network_product(Z, P);
    fmpq_set(h, M->Syy);
    qmat_inner(x, Z, M->Syx);
    number_sub(h, h, x);
    number_sub(h, h, x);
    qmat_mul(t, Z, M->Sxx);
    qmat_inner(x, t, Z);
    number_add(h, h, x);
    fmpq_div_2exp(h, h, 1);
    network_decay(x, P);
    number_add(h, h, x);
}

void
network_pullback_norm2(fmpq_t g2, const problem_t *P, const qmat_t E, slong rounding)
{
    qmat_struct *in = qmat_vec_init(P->nblocks);

    if (!network_is_linear(P))
        flint_abort();
    forward(in, P, rounding);
    backward(g2, NULL, P, in, E, NULL, rounding);
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

void
network_gradient(fmpq_t g2, qmat_struct *grad, const problem_t *P, const moments_t *M)
{
    qmat_struct *in = qmat_vec_init(P->nblocks);
    MATRICES(E);

    residual_moment(E, P, M);
    forward(in, P, 0);
    backward(g2, grad, P, in, E, P->weight_decay, 0);
    qmat_vec_clear(in, P->nblocks);
}

void
network_gradient_norm2(fmpq_t g2, const problem_t *P, const moments_t *M)
{
    network_gradient(g2, NULL, P, M);
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
