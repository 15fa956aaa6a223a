/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/scope.h"
#include "loss_kind.h"

const char *
loss_refuses(const problem_t *P)
{
    slong j, k;
    NUMBERS(y);

    if (P->loss == LOSS_SMOOTH_HINGE && P->power < 2)
        return "the smooth hinge needs a power of at least 2 to be differentiable";
    for (k = 0; P->loss == LOSS_CROSS_ENTROPY && k < qmat_rows(P->Y); k++)
        for (j = 0; j < qmat_cols(P->Y); j++)
        {
            qmat_get_entry(y, P->Y, k, j);
            if (fmpq_sgn(y) < 0)
                return "cross-entropy needs labels >= 0";
        }
    return NULL;
}
