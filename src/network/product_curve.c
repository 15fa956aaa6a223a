/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The product of the layers along a polynomial curve. */
#include "kernel/scope.h"
#include "product_curve.h"

/* C := A B, truncated polynomials in t with matrix coefficients, order + 1 of them. */
static void
multiply(qmat_struct *C, const qmat_struct *A, const qmat_struct *B, slong order)
{
    slong i, j;
    MATRICES(t);
    NUMBERS(one);
    qmat_struct *R = qmat_vec_init(order + 1);

    fmpq_one(one);
    for (i = 0; i <= order; i++)
    {
        qmat_t zero;
        qmat_init(zero, qmat_rows(A), qmat_cols(B));
        qmat_swap(R + i, zero);
        qmat_clear(zero);
    }
    for (i = 0; i <= order; i++)
        for (j = 0; i + j <= order; j++)
            if (!qmat_is_zero(A + i) && !qmat_is_zero(B + j))
            {
                qmat_mul(t, A + i, B + j);
                qmat_add_scaled(R + i + j, R + i + j, one, t);
            }
    for (i = 0; i <= order; i++)
        qmat_swap(C + i, R + i);
    qmat_vec_clear(R, order + 1);
}

/* F := block i along the curve. */
static void
block_curve(qmat_struct *F, slong order, const problem_t *P, slong i, const qmat_struct *V,
            slong degree)
{
    slong j;

    qmat_set(F, P->W + i);
    for (j = 1; j <= order; j++)
        if (j <= degree)
            qmat_set(F + j, V + (j - 1) * P->nblocks + i);
        else
            qmat_sub(F + j, F, F);
}

void
network_product_curve(qmat_struct *Z, slong order, const problem_t *P, const qmat_struct *V,
                      slong degree)
{
    slong i, j;
    NUMBERS(one);
    qmat_struct *unit = qmat_vec_init(order + 1), *F = qmat_vec_init(order + 1);

    fmpq_one(one);
    qmat_set_one(Z, qmat_rows(P->X));
    for (j = 1; j <= order; j++)
        qmat_sub(Z + j, Z, Z);                  /* zero, of the right shape */
    for (i = 0; i < P->nblocks; i++)
    {
        for (j = 0; j <= order && i % P->r == 0; j++)
            qmat_set(unit + j, Z + j);
        block_curve(F, order, P, i, V, degree);
        multiply(Z, F, Z, order);
        for (j = 0; j <= order && P->kind == NET_RESIDUAL && (i + 1) % P->r == 0; j++)
            qmat_add_scaled(Z + j, Z + j, one, unit + j);
    }
    qmat_vec_clear(unit, order + 1);
    qmat_vec_clear(F, order + 1);
}
