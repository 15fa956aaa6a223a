/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/arrange.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "loss.h"
#include "loss_derivatives.h"

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
        qmat_diagonals(H, Q);
    }
    else if (P->loss == LOSS_CROSS_ENTROPY)
    {   /* q = e + c w y, C times the softmax: diag q - q q^T / C */
        qmat_scale_columns(t, P->Y, cw);
        qmat_add_scaled(Q, E, one, t);
        minus_outer(t, Q, C, 1);
        qmat_diagonals(H, Q);
        qmat_add_scaled(H, H, one, t);
    }
    else
    {   /* - e y - e^2 / (c w) */
        minus_outer(H, E, cw, 0);
        qmat_mul_entries(Q, E, P->Y);
        qmat_diagonals(t, Q);
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
