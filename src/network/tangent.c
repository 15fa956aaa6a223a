/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/derivatives.h"
#include "kernel/scope.h"
#include "tangent.h"

int
network_tangent_norm2(fmpq_t x, const problem_t *P, const moments_t *M, const qmat_struct *V)
{
    slong i, k, q;
    MATRICES(y, dy, z, dz, t);
    NUMBERS(one);
    int smooth = 1;

    fmpq_one(one);
    if (P->kind == NET_FEEDFORWARD)
        qmat_set(y, P->X);
    else
        qmat_set_one(y, qmat_rows(P->X));
    qmat_sub(dy, y, y);                 /* zero, of the right shape */
    for (k = 0; k < P->l; k++)
    {
        qmat_set(z, y);
        qmat_set(dz, dy);
        for (q = 0; q < P->r; q++)
        {   /* d(W z) = W dz + V z */
            i = k * P->r + q;
            qmat_mul(t, V + i, z);
            qmat_mul(dz, P->W + i, dz);
            qmat_add_scaled(dz, dz, one, t);
            qmat_mul(z, P->W + i, z);
        }
        if (P->kind == NET_RESIDUAL)
        {
            qmat_add_scaled(y, y, one, z);
            qmat_add_scaled(dy, dy, one, dz);
            continue;
        }
        if (P->kind == NET_FEEDFORWARD && P->b != NULL)
            qmat_add_column(z, z, P->b + k);
        if (P->kind == NET_FEEDFORWARD && k < P->l - 1)
        {
            smooth &= activation_derivative(t, z, P->act + k);
            qmat_mul_entries(dz, dz, t);
            activation_apply(z, z, P->act + k);
        }
        qmat_swap(y, z);
        qmat_swap(dy, dz);
    }
    if (P->kind == NET_FEEDFORWARD)
    {
        fmpq *D = _fmpq_vec_init(qmat_cols(P->X));
        problem_curvature(D, P);
        qmat_scale_columns(t, dy, D);
        _fmpq_vec_clear(D, qmat_cols(P->X));
    }
    else
        qmat_mul(t, dy, M->Sxx);
    qmat_inner(x, t, dy);
    return smooth;
}
