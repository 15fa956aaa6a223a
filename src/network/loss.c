/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/entropy.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "loss.h"

void
loss_weight(fmpq_t cw, const problem_t *P, slong i)
{
    number_mul(cw, P->scale, P->weights + i);
}

void
loss_column(fmpq *x, const qmat_t A, slong i)
{
    slong k;

    for (k = 0; k < qmat_rows(A); k++)
        qmat_get_entry(x + k, A, k, i);
}

void
loss_inner(fmpq_t x, const fmpq *a, const fmpq *b, slong n)
{
    slong k;

    fmpq_zero(x);
    for (k = 0; k < n; k++)
        number_addmul(x, a + k, b + k);
}

void
loss_sum(fmpq_t x, const fmpq *a, slong n)
{
    slong k;

    fmpq_zero(x);
    for (k = 0; k < n; k++)
        number_add(x, x, a + k);
}

/* x := a^n, n >= 0. */
void
loss_power(fmpq_t x, const fmpq_t a, slong n)
{
    fmpq_one(x);
    if (n > 0)
        loss_power(x, a, n / 2);
    number_mul(x, x, x);
    if (n % 2 == 1)
        number_mul(x, x, a);
}

/* logits := 0 and - y q: a class and the other one, as logistic regression sees it. */
static void
two_logits(fmpq *logits, const fmpq_t y, const fmpq_t q)
{
    fmpq_zero(logits);
    number_mul(logits + 1, y, q);
    fmpq_neg(logits + 1, logits + 1);
}

/* t := max(0, 1 - y q). */
static void
margin(fmpq_t t, const fmpq_t y, const fmpq_t q)
{
    NUMBERS(one);

    fmpq_one(one);
    number_mul(t, y, q);
    number_sub(t, one, t);
    number_clamp(t);
}

/* phi_i(q) between low and high, up to the factor c w_i. */
static void
sample_bounds(fmpq_t low, fmpq_t high, const problem_t *P, const fmpq *q, const fmpq *y, slong d)
{
    slong k;
    fmpq *logits = _fmpq_vec_init(2);
    NUMBERS(s, t, u);

    fmpq_zero(low);
    fmpq_zero(high);
    if (P->loss == LOSS_CROSS_ENTROPY)
    {
        log_sum_exp(low, high, q, d);
        loss_sum(s, y, d);
        loss_inner(t, y, q, d);
        number_mul(low, low, s);
        number_mul(high, high, s);
        number_sub(low, low, t);
        number_sub(high, high, t);
        d = 0;
    }
    for (k = 0; k < d; k++)
    {
        if (P->loss == LOSS_SQUARE)
        {
            number_sub(t, q + k, y + k);
            number_mul(s, t, t);
            fmpq_set(u, s);
        }
        else if (P->loss == LOSS_LOGISTIC)
        {
            two_logits(logits, y + k, q + k);
            log_sum_exp(s, u, logits, 2);
        }
        else
        {
            margin(t, y + k, q + k);
            loss_power(s, t, P->power);
            fmpq_set(u, s);
        }
        number_add(low, low, s);
        number_add(high, high, u);
    }
    _fmpq_vec_clear(logits, 2);
}

void
loss_bounds(fmpq_t low, fmpq_t high, const problem_t *P, const qmat_t F)
{
    slong i, d = qmat_rows(P->Y), m = qmat_cols(P->Y);
    fmpq *q = _fmpq_vec_init(2 * d), *y = q + d;
    NUMBERS(a, b, cw, g, lo, hi);
    MATRICES(E);

    for (i = 0; i < m; i++)
    {
        loss_weight(cw, P, i);
        loss_column(q, F, i);
        loss_column(y, P->Y, i);
        sample_bounds(a, b, P, q, y, d);
        number_addmul(lo, cw, a);
        number_addmul(hi, cw, b);
    }
    if (!qmat_is_exact(F))
    {   /* mean value theorem: the gradient is bounded on the ball */
        loss_gradient(E, P, F);
        qmat_frobenius_upper(g, E);
        number_mul(g, g, F->rad);
        number_sub(lo, lo, g);
        number_add(hi, hi, g);
    }
    number_clamp(lo);           /* every phi_i >= 0 */
    if (low != NULL)
        fmpq_swap(low, lo);
    if (high != NULL)
        fmpq_swap(high, hi);
    _fmpq_vec_clear(q, 2 * d);
}

/* e := grad phi_i(q) up to the factor c w_i; error bounds every entry. */
static void
sample_gradient(fmpq *e, fmpq_t error, const problem_t *P, const fmpq *q, const fmpq *y, slong d)
{
    slong k;
    fmpq *pi = _fmpq_vec_init(4), *logits = pi + 2;
    NUMBERS(s, t, u);

    fmpq_zero(error);
    if (P->loss == LOSS_CROSS_ENTROPY)
    {
        softmax(e, error, q, d);
        loss_sum(s, y, d);
        number_mul(error, error, s);
    }
    for (k = 0; k < d; k++)
        if (P->loss == LOSS_CROSS_ENTROPY)
        {
            number_mul(e + k, e + k, s);
            number_sub(e + k, e + k, y + k);
        }
        else if (P->loss == LOSS_SQUARE)
        {
            number_sub(e + k, q + k, y + k);
            number_add(e + k, e + k, e + k);
        }
        else if (P->loss == LOSS_LOGISTIC)
        {   /* - y / (1 + exp(y q)) */
            two_logits(logits, y + k, q + k);
            softmax(pi, t, logits, 2);
            number_mul(e + k, pi + 1, y + k);
            fmpq_neg(e + k, e + k);
            fmpq_abs(u, y + k);
            number_mul(t, t, u);
            if (fmpq_cmp(t, error) > 0)
                fmpq_set(error, t);
        }
        else
        {   /* - p y max(0, 1 - y q)^{p-1} */
            margin(t, y + k, q + k);
            loss_power(u, t, P->power - 1);
            number_mul(u, u, y + k);
            fmpq_set_si(t, -P->power, 1);
            number_mul(e + k, u, t);
        }
    _fmpq_vec_clear(pi, 4);
}

/* x >= a Lipschitz constant of grad phi on the ball F, in the Frobenius norm, the largest over the
   samples: square 2 c w; cross-entropy c w s / 2 (the Hessian of log-sum-exp is
   diag p - p p^T <= 1/2); logistic c w max_k y_k^2 / 4; hinge c w p (p - 1) max_k y_k^2 t_k^{p-2}, t_k the margin on the ball. */
static void
gradient_lipschitz(fmpq_t x, const problem_t *P, const qmat_t F)
{
    slong i, k;
    NUMBERS(cw, y, q, t, bound, factor);

    fmpq_set_si(factor, P->power * (P->power - 1), 1);
    if (P->loss == LOSS_LOGISTIC)
        fmpq_set_si(factor, 1, 4);
    fmpq_zero(x);
    for (i = 0; i < qmat_cols(F); i++)
    {
        fmpq_set_si(bound, P->loss == LOSS_SQUARE ? 2 : 0, 1);
        for (k = 0; k < qmat_rows(F) && P->loss != LOSS_SQUARE; k++)
        {
            qmat_get_entry(y, P->Y, k, i);
            qmat_get_entry(q, F, k, i);
            margin(t, y, q);
            fmpq_abs(y, y);
            number_addmul(t, y, F->rad);
            loss_power(q, t, P->loss == LOSS_SMOOTH_HINGE ? P->power - 2 : 0);
            number_mul(q, q, factor);
            number_mul(q, q, y);
            number_mul(q, q, y);
            if (P->loss == LOSS_CROSS_ENTROPY)
                number_add(bound, bound, y);
            else if (fmpq_cmp(q, bound) > 0)
                fmpq_set(bound, q);
        }
        if (P->loss == LOSS_CROSS_ENTROPY)
            fmpq_div_2exp(bound, bound, 1);
        loss_weight(cw, P, i);
        number_mul(bound, bound, cw);
        if (fmpq_cmp(bound, x) > 0)
            fmpq_set(x, bound);
    }
}

void
loss_gradient(qmat_t E, const problem_t *P, const qmat_t F)
{
    slong i, k, d = qmat_rows(P->Y), m = qmat_cols(P->Y);
    fmpq *all = _fmpq_vec_init(d * m), *q = _fmpq_vec_init(3 * d), *y = q + d, *e = q + 2 * d;
    NUMBERS(cw, error, radius, x, ball);

    fmpq_set(ball, F->rad);
    if (!fmpq_is_zero(ball))
        gradient_lipschitz(radius, P, F);
    number_mul(radius, radius, ball);
    fmpq_set_si(x, d, 1);       /* a column of d errors is at most sqrt d times one, so at most d */
    for (i = 0; i < m; i++)
    {
        loss_weight(cw, P, i);
        loss_column(q, F, i);
        loss_column(y, P->Y, i);
        sample_gradient(e, error, P, q, y, d);
        for (k = 0; k < d; k++)
            number_mul(all + k * m + i, e + k, cw);
        number_mul(error, error, cw);
        number_addmul(radius, error, x);
    }
    qmat_set_entries(E, d, m, all);
    number_round_up(E->rad, radius);
    _fmpq_vec_clear(all, d * m);
    _fmpq_vec_clear(q, 3 * d);
}
