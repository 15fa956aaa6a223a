/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include "conjugate.h"
#include "kernel/entropy.h"
#include "kernel/number.h"
#include "kernel/scope.h"

static const char *
refuse_sample(const problem_t *P, const fmpq *u, const fmpq *y, const fmpq_t cw, slong d)
{
    slong k;
    NUMBERS(s, t, v);

    for (k = 0; k < d; k++)
    {
        if (fmpq_is_zero(cw) && !fmpq_is_zero(u + k))
            return "is not 0 on a sample of weight 0";
        number_mul(t, cw, y + k);
        if (P->loss == LOSS_CROSS_ENTROPY)
        {
            number_add(t, t, u + k);
            if (fmpq_sgn(t) < 0)
                return "u + c w y has a negative entry";
        }
        if (P->loss != LOSS_LOGISTIC && P->loss != LOSS_SMOOTH_HINGE)
            continue;
        if (fmpq_is_zero(y + k) && !fmpq_is_zero(u + k))
            return "is not 0 where the label is 0";
        if (fmpq_sgn(u + k) * fmpq_sgn(y + k) > 0)
            return "has the sign of a label";
        fmpq_abs(t, t);
        fmpq_abs(v, u + k);
        if (P->loss == LOSS_LOGISTIC && fmpq_cmp(v, t) > 0)
            return "is larger than c w |y|";
    }
    loss_sum(s, u, d);
    return P->loss == LOSS_CROSS_ENTROPY && !fmpq_is_zero(s) ? "does not sum to 0 on a sample" : NULL;
}

const char *
loss_dual_refuses(const problem_t *P, const qmat_t u)
{
    static _Thread_local char message[128];
    slong i, d = qmat_rows(P->Y), m = qmat_cols(P->Y);
    fmpq *x = _fmpq_vec_init(2 * d);
    const char *why = NULL;
    NUMBERS(cw);

    for (i = 0; i < m && why == NULL; i++)
    {
        loss_weight(cw, P, i);
        loss_column(x, u, i);
        loss_column(x + d, P->Y, i);
        why = refuse_sample(P, x, x + d, cw, d);
        if (why != NULL)
            snprintf(message, sizeof message, "sample %ld: the dual point %s", (long) i + 1, why);
    }
    _fmpq_vec_clear(x, 2 * d);
    return why == NULL ? NULL : message;
}

/* v <= V_i(u), c w_i = cw > 0. */
static void
square_value(fmpq_t v, const fmpq *u, const fmpq *y, const fmpq_t cw, slong d)
{
    NUMBERS(t, four);

    loss_inner(v, u, y, d);
    loss_inner(t, u, u, d);
    fmpq_set_si(four, 4, 1);
    number_mul(four, four, cw);
    number_div(t, t, four);
    number_add(v, v, t);
    fmpq_neg(v, v);
}

/* C entropy(pi), C = c w s, pi = (u + c w y) / C. */
static void
entropy_value(fmpq_t v, const fmpq *u, const fmpq *y, const fmpq_t cw, slong d)
{
    slong k;
    fmpq *pi = _fmpq_vec_init(d);
    NUMBERS(C);

    loss_sum(C, y, d);
    number_mul(C, C, cw);
    fmpq_zero(v);
    for (k = 0; k < d && !fmpq_is_zero(C); k++)
    {
        number_mul(pi + k, cw, y + k);
        number_add(pi + k, pi + k, u + k);
        number_div(pi + k, pi + k, C);
    }
    if (!fmpq_is_zero(C))
    {
        entropy_lower(v, pi, d);
        number_mul(v, v, C);
    }
    _fmpq_vec_clear(pi, d);
}

/* c w sum_k entropy(pi_k, 1 - pi_k), pi_k = -u_k / (c w y_k); where y_k = 0 it is c w log 2. */
static void
logistic_value(fmpq_t v, const fmpq *u, const fmpq *y, const fmpq_t cw, slong d)
{
    slong k;
    fmpq *pi = _fmpq_vec_init(2);
    NUMBERS(t);

    fmpq_zero(v);
    for (k = 0; k < d; k++)
    {
        number_mul(t, cw, y + k);
        if (fmpq_is_zero(t))
            fmpq_set_si(pi, 1, 2);
        else
            number_div(pi, u + k, t);
        fmpq_abs(pi, pi);
        fmpq_one(pi + 1);
        number_sub(pi + 1, pi + 1, pi);
        entropy_lower(t, pi, 2);
        number_addmul(v, t, cw);
    }
    _fmpq_vec_clear(pi, 2);
}

/* sum_k v_k - (1 - 1/p) v_k (v_k / (c w p))^{1/(p-1)}, v_k = -u_k / y_k; c w where y_k = 0. */
static void
hinge_value(fmpq_t v, const problem_t *P, const fmpq *u, const fmpq *y, const fmpq_t cw, slong d)
{
    slong k, p = P->power;
    NUMBERS(t, x, part);

    fmpq_zero(v);
    for (k = 0; k < d; k++)
    {
        if (fmpq_is_zero(y + k))
        {
            number_add(v, v, cw);
            continue;
        }
        number_div(t, u + k, y + k);
        fmpq_neg(t, t);
        number_add(v, v, t);
        fmpq_set_si(x, p, 1);
        number_mul(x, x, cw);
        number_div(x, t, x);
        root_upper(x, x, p - 1);
        number_mul(x, x, t);
        fmpq_set_si(part, p - 1, p);
        number_mul(x, x, part);
        number_sub(v, v, x);
    }
}

void
loss_dual_value(fmpq_t v, const problem_t *P, const qmat_t u)
{
    slong i, d = qmat_rows(P->Y), m = qmat_cols(P->Y);
    fmpq *x = _fmpq_vec_init(2 * d), *y = x + d;
    NUMBERS(cw, t);

    fmpq_zero(v);
    for (i = 0; i < m; i++)
    {
        loss_weight(cw, P, i);
        if (fmpq_is_zero(cw))
            continue;
        loss_column(x, u, i);
        loss_column(y, P->Y, i);
        if (P->loss == LOSS_SQUARE)
            square_value(t, x, y, cw, d);
        else if (P->loss == LOSS_CROSS_ENTROPY)
            entropy_value(t, x, y, cw, d);
        else if (P->loss == LOSS_LOGISTIC)
            logistic_value(t, x, y, cw, d);
        else
            hinge_value(t, P, x, y, cw, d);
        number_add(v, v, t);
    }
    _fmpq_vec_clear(x, 2 * d);
}

/* r := how far the entries of u, d of one sample, may move inside the domain; 0 where some may not move at all. */
static void
sample_room(fmpq_t r, const problem_t *P, const fmpq *u, const fmpq *y, const fmpq_t cw, slong d)
{
    slong k;
    NUMBERS(t, v);

    for (k = 0; k < d; k++)
    {
        number_mul(t, cw, y + k);
        if (P->loss == LOSS_CROSS_ENTROPY)
            number_add(t, t, u + k);
        else
        {   /* both ends of an interval */
            fmpq_abs(t, t);
            fmpq_abs(v, u + k);
            number_sub(t, t, v);
            if (fmpq_cmp(v, t) < 0)
                fmpq_set(t, v);
        }
        if (k == 0 || fmpq_cmp(t, r) < 0)
            fmpq_set(r, t);
    }
    loss_sum(t, y, d);
    if (P->loss == LOSS_CROSS_ENTROPY && fmpq_is_zero(t))
        fmpq_zero(r);
}

/* x >= |grad V|^2 = |y + u / (2 c w)|^2 of the square loss; q >= 1 / (4 c w). */
static void
square_slope(fmpq_t x, fmpq_t q, const problem_t *P, const qmat_t u)
{
    slong i, m = qmat_cols(u);
    fmpq *v = _fmpq_vec_init(m);
    NUMBERS(half, one);
    MATRICES(t);

    fmpq_one(one);
    fmpq_zero(q);
    for (i = 0; i < m; i++)
    {
        loss_weight(half, P, i);
        number_add(half, half, half);
        fmpq_inv(v + i, half);
        number_add(half, half, half);
        fmpq_inv(half, half);
        if (fmpq_cmp(half, q) > 0)
            fmpq_set(q, half);
    }
    qmat_scale_columns(t, u, v);
    qmat_add_scaled(t, P->Y, one, t);
    qmat_frobenius2_midpoint(x, t);
    _fmpq_vec_clear(v, m);
}

const char *
loss_dual_value_near(fmpq_t v, const problem_t *P, const qmat_t u, const fmpq_t tau)
{
    slong i, d = qmat_rows(P->Y), m = qmat_cols(P->Y);
    fmpq *x = _fmpq_vec_init(2 * d), *y = x + d;
    NUMBERS(cw, r, least, q);

    for (i = 0; i < m; i++)
    {
        loss_weight(cw, P, i);
        if (fmpq_is_zero(cw))
            break;
        loss_column(x, u, i);
        loss_column(y, P->Y, i);
        if (P->loss != LOSS_SQUARE)
            sample_room(r, P, x, y, cw, d);
        if (i == 0 || fmpq_cmp(r, least) < 0)
            fmpq_set(least, r);
    }
    _fmpq_vec_clear(x, 2 * d);
    if (i < m || P->loss == LOSS_SMOOTH_HINGE)
        return i < m ? "a sample has weight 0" : "the loss is the smooth hinge";
    loss_dual_value(v, P, u);
    if (P->loss == LOSS_SQUARE)
    {
        square_slope(r, q, P, u);
        number_sqrt_upper(r, r);
        number_addmul(r, q, tau);
        number_mul(r, r, tau);
        number_sub(v, v, r);
        return NULL;
    }
    if (fmpq_cmp(least, tau) <= 0)
        return "the dual point is too near to the end of its domain";
    number_clamp(v);
    number_div(r, tau, least);
    number_mul(r, r, v);
    number_sub(v, v, r);
    return NULL;
}
