/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The second derivative of phi_i along a is at most sum_k q_k (a_k - mu)^2, with

     square         q = 2 c w, mu = 0
     cross-entropy  q = C p, p the softmax, C p = e + c w y; any mu does (the variance of a under p)
     logistic       q = c w y^2 g (1 - g) = - e y - e^2 / (c w), e = - c w y g, mu = 0
     smooth hinge   q = c w p (p - 1) y^2 max(0, 1 - y q)^{p-2}, mu = 0; for p = 2 at the end of its margin that of
                    the side where it is larger: phi_i(q + d) <= phi_i(q) + <e, d> + c w y^2 d^2 everywhere */
#include "kernel/number.h"
#include "kernel/scope.h"
#include "loss.h"
#include "loss_curvature.h"

/* x >= q for an entry with gradient e, an error of at most error, label y and output q up to rad. */
static void
entry_curvature(fmpq_t x, const problem_t *P, const fmpq_t cw, const fmpq_t e, const fmpq_t error, const fmpq_t y, const fmpq_t q,
                const fmpq_t rad)
{
    NUMBERS(t, u, size);

    fmpq_abs(size, y);
    if (P->loss == LOSS_SQUARE)
        number_add(x, cw, cw);
    else if (P->loss == LOSS_CROSS_ENTROPY)
    {
        number_mul(t, cw, y);
        number_add(x, e, t);
        number_add(x, x, error);
    }
    else if (P->loss == LOSS_LOGISTIC)
    {
        number_mul(x, e, y);
        fmpq_neg(x, x);
        number_addmul(x, error, size);
        fmpq_abs(t, e);
        number_sub(t, t, error);
        number_clamp(t);
        number_mul(t, t, t);
        number_div(t, t, cw);
        number_sub(x, x, t);
    }
    else
    {
        fmpq_one(t);
        number_mul(u, y, q);
        number_sub(t, t, u);
        number_addmul(t, size, rad);        /* >= 1 - y q */
        fmpq_zero(x);
        if (fmpq_sgn(t) < 0)
            return;
        loss_power(x, t, P->power - 2);
        fmpq_set_si(u, P->power * (P->power - 1), 1);
        number_mul(u, u, cw);
        number_mul(u, u, y);
        number_mul(u, u, y);
        number_mul(x, x, u);
    }
    number_clamp(x);
}

/* mu := sum_k (e_k + c w y_k) a_k / sum_k c w y_k, 0 if there is none: the mean of a. */
static void
mean(fmpq_t mu, const fmpq_t cw, const fmpq *e, const fmpq *y, const fmpq *a, slong d)
{
    NUMBERS(s, t);

    loss_sum(s, y, d);
    number_mul(s, s, cw);
    loss_inner(mu, y, a, d);
    number_mul(mu, mu, cw);
    loss_inner(t, e, a, d);
    number_add(mu, mu, t);
    if (!fmpq_is_zero(s))
        number_div(mu, mu, s);
}

void
loss_second(fmpq_t high, const problem_t *P, const qmat_t F, const qmat_t E, const qmat_t A)
{
    slong i, k, d = qmat_rows(P->Y), m = qmat_cols(P->Y);
    fmpq *q = _fmpq_vec_init(4 * d), *y = q + d, *e = q + 2 * d, *a = q + 3 * d;
    NUMBERS(cw, x, t, mu);

    fmpq_zero(high);
    for (i = 0; i < m; i++)
    {
        loss_weight(cw, P, i);
        if (fmpq_is_zero(cw))
            continue;
        loss_column(q, F, i);
        loss_column(y, P->Y, i);
        loss_column(e, E, i);
        loss_column(a, A, i);
        if (P->loss == LOSS_CROSS_ENTROPY)
            mean(mu, cw, e, y, a, d);
        for (k = 0; k < d; k++)
        {
            entry_curvature(x, P, cw, e + k, E->rad, y + k, q + k, F->rad);
            number_sub(t, a + k, mu);
            fmpq_abs(t, t);
            number_add(t, t, A->rad);
            number_mul(t, t, t);
            number_addmul(high, x, t);
        }
    }
    _fmpq_vec_clear(q, 4 * d);
}
