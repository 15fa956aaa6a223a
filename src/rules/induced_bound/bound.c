/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* phi is convex: for outputs q' = f(W') + J(W') b of the model at another point W' of the
   neighbourhood, h(W') <= phi(q') - <grad h(W'), b> <= phi(q') + ||b|| ||grad h(W')||.

   last:     (A, a) fixed, b = (A, a) - (W_l', b_l'), q' = A H' + a 1^T; the gradient is that by the
             last layer, ||A H' - A H|| <= ||A|| delta_{l-1} in each column
   tangent:  b fixed, |q_i' - q_i| <= zeta_l + sum_k shift_k |B_k h_{k-1} + b'_k| + ||P_k'|| ||B_k|| delta_{k-1} */
#include "induced_bound.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss_range.h"

int
ib_last_bound(fmpq_t value, fmpq_t slope, const pass_t *p, const deviation_t *d, const fmpq *rho, const qmat_t A)
{
    const problem_t *P = p->P;
    slong i, m = d->m, l = P->l;
    fmpq *reach = _fmpq_vec_init(m);
    MATRICES(F, W, own, rows);
    NUMBERS(size, two);

    pass_input_rows(rows, p, l - 1);
    qmat_mul(F, A, rows);
    qmat_some_columns(W, A, 0, qmat_cols(P->W + l - 1));
    problem_block(own, P, l - 1, 1);
    qmat_sub(own, own, A);
    qmat_frobenius_upper(slope, own);
    fmpq_set_si(two, problem_bias(P, l - 1) != NULL ? 2 : 1, 1);
    number_sqrt_upper(two, two);
    number_addmul(slope, two, rho + l - 1);     /* W_l and b_l move by rho each */
    number_round_up(slope, slope);
    qmat_frobenius_upper(size, W);
    for (i = 0; i < m; i++)
        number_mul(reach + i, size, d->delta + (l - 1) * m + i);
    loss_range(NULL, value, P, F, reach);
    _fmpq_vec_clear(reach, m);
    return 1;
}

int
ib_tangent_bound(fmpq_t value, fmpq_t slope, const pass_t *p, const deviation_t *d, setting_t *s,
                 const qmat_struct *V)
{
    const problem_t *P = p->P;
    slong i, k, m = d->m, l = P->l;
    fmpq *reach = _fmpq_vec_init(2 * m), *norm = reach + m;
    space_t T;
    MATRICES(F, t);
    NUMBERS(one, x, size);

    fmpq_one(one);
    fmpq_zero(slope);
    space_init(&T, l);
    space_set_tangent(&T, p);
    for (i = 0; i < m; i++)
        fmpq_set(reach + i, d->zeta + l * m + i);
    for (k = 0; k < l; k++)
    {
        qmat_frobenius2_midpoint(x, V + k);
        number_add(slope, slope, x);
        qmat_some_columns(t, V + k, 0, qmat_cols(P->W + k));
        qmat_frobenius_upper(size, t);
        qmat_mul(t, V + k, T.rows + k);
        deviation_column_norms(norm, t);
        for (i = 0; i < m; i++)
        {
            number_addmul(reach + i, d->shift + (k + 1) * m + i, norm + i);
            number_mul(x, size, d->delta + k * m + i);
            number_addmul(reach + i, d->size + (k + 1) * m + i, x);
            number_round_up(reach + i, reach + i);
        }
    }
    number_sqrt_upper(slope, slope);
    number_round_up(slope, slope);
    pass_push(F, p, s, V, &T);
    space_clear(&T);
    qmat_add_scaled(F, pass_output(p), one, F);
    loss_range(NULL, value, P, F, reach);
    _fmpq_vec_clear(reach, 2 * m);
    return 1;
}
