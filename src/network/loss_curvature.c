/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The second derivative of phi_i along a is at most sum_k q_k (a_k - mu)^2, with

     square         q = 2 c w, mu = 0
     cross-entropy  q = C p, p the softmax, C p = e + c w y; any mu does (the variance of a under p)
     logistic       q = c w y^2 g (1 - g) = - e y - e^2 / (c w), e = - c w y g, mu = 0
     smooth hinge   q = c w p (p - 1) y^2 max(0, 1 - y q)^{p-2}, mu = 0; for p = 2 at the end of its margin that of
                    the side where it is larger: phi_i(q + d) <= phi_i(q) + <e, d> + c w y^2 d^2 everywhere */
#include "kernel/arrange.h"
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

/* H := row i of A at (i, i), the rest 0. */
static void
diagonal(qmat_t H, const qmat_t A)
{
    slong i, d = qmat_rows(A), *row = flint_malloc((d * d + 1) * sizeof *row);

    for (i = 0; i < d * d; i++)
        row[i] = i % d == i / d ? i % d : -1;
    qmat_pick_rows(H, A, row, d * d);
    flint_free(row);
}

/* H := A_a A_b at (a, b), divided by - x[i]; 0 where that is 0. */
static void
minus_outer(qmat_t H, const qmat_t A, const fmpq *x, int all)
{
    slong i, d = qmat_rows(A), m = qmat_cols(A), *row = flint_malloc((2 * d * d + 1) * sizeof *row);
    fmpq *y = _fmpq_vec_init(m);
    MATRICES(s, t);

    for (i = 0; i < m; i++)
        if (!fmpq_is_zero(x + i))
        {
            fmpq_inv(y + i, x + i);
            fmpq_neg(y + i, y + i);
        }
    for (i = 0; i < d * d; i++)
    {
        row[i] = all || i % d == i / d ? i / d : -1;
        row[d * d + i] = row[i] < 0 ? -1 : i % d;
    }
    qmat_pick_rows(s, A, row, d * d);
    qmat_pick_rows(t, A, row + d * d, d * d);
    qmat_mul_entries(H, s, t);
    qmat_scale_columns(H, H, y);
    _fmpq_vec_clear(y, m);
    flint_free(row);
}

void
loss_hessian(qmat_t H, const problem_t *P, const qmat_t E)
{
    slong i, d = qmat_rows(P->Y), m = qmat_cols(P->Y);
    fmpq *cw = _fmpq_vec_init(2 * m + d), *C = cw + m, *y = cw + 2 * m;
    NUMBERS(one);
    MATRICES(Q, t);

    fmpq_one(one);
    for (i = 0; i < m; i++)
    {
        loss_weight(cw + i, P, i);
        loss_column(y, P->Y, i);
        loss_sum(C + i, y, d);
        number_mul(C + i, C + i, cw + i);
        if (P->loss == LOSS_SQUARE)
            number_add(C + i, cw + i, cw + i);
    }
    if (P->loss == LOSS_SQUARE)
    {
        qmat_ones(Q, d, m);
        qmat_scale_columns(Q, Q, C);
        diagonal(H, Q);
    }
    else if (P->loss == LOSS_CROSS_ENTROPY)
    {   /* q = e + c w y, C times the softmax: diag q - q q^T / C */
        qmat_scale_columns(t, P->Y, cw);
        qmat_add_scaled(Q, E, one, t);
        minus_outer(t, Q, C, 1);
        diagonal(H, Q);
        qmat_add_scaled(H, H, one, t);
    }
    else
    {   /* - e y - e^2 / (c w) */
        minus_outer(H, E, cw, 0);
        qmat_mul_entries(Q, E, P->Y);
        diagonal(t, Q);
        fmpq_neg(one, one);
        qmat_add_scaled(H, H, one, t);
    }
    _fmpq_vec_clear(cw, 2 * m + d);
}

void
loss_derivative_norms(fmpq_t second, fmpq_t third, fmpq_t first, const problem_t *P, slong i, const qmat_t E, const fmpq_t moved)
{
    slong k, d = qmat_rows(P->Y);
    fmpq *e = _fmpq_vec_init(2 * d), *y = e + d;
    NUMBERS(cw, C, t, q, most);

    loss_weight(cw, P, i);
    loss_column(e, E, i);
    loss_column(y, P->Y, i);
    loss_inner(first, e, e, d);
    number_sqrt_upper(first, first);
    number_add(first, first, E->rad);
    fmpq_zero(third);
    if (P->loss == LOSS_SQUARE)
        number_add(second, cw, cw);
    else if (P->loss == LOSS_LOGISTIC)
    {   /* c w y^2 / 4, c w |y|^3 / (6 sqrt 3) */
        for (k = 0; k < d; k++)
        {
            fmpq_abs(t, y + k);
            if (fmpq_cmp(t, most) > 0)
                fmpq_set(most, t);
        }
        number_mul(second, cw, most);
        number_mul(second, second, most);
        number_mul(third, second, most);
        fmpq_div_2exp(second, second, 2);
        fmpq_set_si(t, 96226, 1000000);         /* its square is above 1/108 */
        number_mul(third, third, t);
    }
    else
    {
        loss_sum(C, y, d);
        number_mul(C, C, cw);
        fmpq_set_si(t, 272166, 1000000);        /* its square is above 2/27 */
        number_mul(third, C, t);
        /* a row of C (diag p - p p^T) has the absolute sum 2 q (1 - q / C), q = C p: where q is known up to r <= C / 2,
           q (1 - q / C) is up to 2 r */
        for (k = 0; k < d && fmpq_sgn(C) > 0; k++)
        {
            number_mul(q, cw, y + k);
            number_add(q, q, e + k);
            number_mul(t, q, q);
            number_div(t, t, C);
            number_sub(q, q, t);
            number_add(q, q, E->rad);
            number_add(q, q, E->rad);
            if (fmpq_cmp(q, most) > 0)
                fmpq_set(most, q);
        }
        number_add(second, most, most);
        number_addmul(second, third, moved);
        fmpq_div_2exp(t, C, 1);
        if (fmpq_cmp(second, t) > 0 || fmpq_cmp(E->rad, t) > 0)
            fmpq_set(second, t);
    }
    number_addmul(first, second, moved);
    number_round_up(first, first);
    number_round_up(second, second);
    number_round_up(third, third);
    _fmpq_vec_clear(e, 2 * d);
}
