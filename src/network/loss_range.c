/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* With q the outputs of a sample and Q the distance:

     square         c w max(0, |q - y| -+ Q)^2
     cross-entropy  c w sum_j y_j log(1 + sum_{k != j} exp(q_k - q_j -+ sqrt(2) Q)), since d -> d_k - d_j
                    has the norm sqrt(2)
     logistic       c w sum_k log(1 + exp(- y_k q_k -+ |y_k| Q))
     smooth hinge   c w sum_k max(0, 1 - y_k q_k -+ |y_k| Q)^p */
#include "kernel/entropy.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "loss_range.h"

/* A number rounded to the side of the end. */
static void
shorten(fmpq_t x, int lower)
{
    if (lower)
        number_round_down(x, x);
    else
        number_round_up(x, x);
}

/* x := max(0, |q - y| + Q)^2.  Here and below Q <= 0 for the lower end, >= 0 for the upper one. */
static void
square(fmpq_t x, const fmpq *q, const fmpq *y, const fmpq_t Q, slong d, int lower)
{
    slong k;
    NUMBERS(t, s);

    for (k = 0; k < d; k++)
    {
        number_sub(t, q + k, y + k);
        number_addmul(s, t, t);
    }
    if (lower)
        number_sqrt_lower(t, s);
    else
        number_sqrt_upper(t, s);
    number_add(t, t, Q);
    number_clamp(t);
    number_mul(x, t, t);
}

static void
cross_entropy(fmpq_t x, const fmpq *q, const fmpq *y, const fmpq_t Q, slong d, int lower)
{
    slong j, k;
    fmpq *logit = _fmpq_vec_init(d);
    NUMBERS(low, high, step);

    fmpq_set_si(step, 2, 1);
    number_sqrt_upper(step, step);
    number_mul(step, step, Q);
    fmpq_zero(x);
    for (j = 0; j < d; j++)
    {
        if (fmpq_is_zero(y + j))
            continue;
        for (k = 0; k < d; k++)
        {
            number_sub(logit + k, q + k, q + j);
            if (k != j)
                number_add(logit + k, logit + k, step);
        }
        log_sum_exp(low, high, logit, d);
        number_addmul(x, y + j, lower ? low : high);
    }
    _fmpq_vec_clear(logit, d);
}

/* x := log(1 + e^t), or max(0, 1 + t)^p. */
static void
margin_loss(fmpq_t x, const problem_t *P, const fmpq_t t, int lower)
{
    slong p;
    fmpq *logit = _fmpq_vec_init(2);
    NUMBERS(low, high, one);

    fmpq_one(one);
    fmpq_set(logit + 1, t);
    if (P->loss == LOSS_LOGISTIC)
    {
        log_sum_exp(low, high, logit, 2);
        fmpq_set(x, lower ? low : high);
    }
    else
    {
        number_add(one, one, t);
        number_clamp(one);
        fmpq_one(x);
        for (p = 0; p < P->power; p++)
        {
            number_mul(x, x, one);
            shorten(x, lower);
        }
    }
    _fmpq_vec_clear(logit, 2);
}

/* One end for a sample, up to the factor c w_i. */
static void
end_of(fmpq_t x, const problem_t *P, const fmpq *q, const fmpq *y, const fmpq_t Q, slong d, int lower)
{
    slong k;
    NUMBERS(t, step, part);

    fmpq_zero(x);
    if (P->loss == LOSS_SQUARE)
        square(x, q, y, Q, d, lower);
    else if (P->loss == LOSS_CROSS_ENTROPY)
        cross_entropy(x, q, y, Q, d, lower);
    else
        for (k = 0; k < d; k++)
        {
            number_mul(t, y + k, q + k);
            fmpq_abs(step, y + k);
            number_mul(step, step, Q);
            number_sub(t, step, t);
            margin_loss(part, P, t, lower);
            number_add(x, x, part);
        }
    number_clamp(x);
}

/* x := the sum of one end over the samples. */
static void
total(fmpq_t x, const problem_t *P, const qmat_t F, const fmpq *reach, int lower)
{
    slong i, k, d = qmat_rows(P->Y), m = qmat_cols(P->Y);
    fmpq *q = _fmpq_vec_init(2 * d), *y = q + d;
    NUMBERS(cw, Q, part);

    fmpq_zero(x);
    for (i = 0; i < m; i++)
    {
        number_mul(cw, P->scale, P->weights + i);
        if (fmpq_is_zero(cw))
            continue;
        for (k = 0; k < d; k++)
        {
            qmat_get_entry(q + k, F, k, i);
            qmat_get_entry(y + k, P->Y, k, i);
        }
        number_add(Q, reach + i, F->rad);
        if (lower)
            fmpq_neg(Q, Q);
        end_of(part, P, q, y, Q, d, lower);
        number_mul(part, part, cw);
        shorten(part, lower);
        number_add(x, x, part);
    }
    _fmpq_vec_clear(q, 2 * d);
}

void
loss_range(fmpq_t low, fmpq_t high, const problem_t *P, const qmat_t F, const fmpq *reach)
{
    if (low != NULL)
        total(low, P, F, reach, 1);
    if (high != NULL)
        total(high, P, F, reach, 0);
}
