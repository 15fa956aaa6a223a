/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kronecker.h"
#include "limits.h"

void
qmat_kron(qmat_t C, const qmat_t A, const qmat_t B)
{
    qmat_t t;

    qmat_init(t, qmat_rows(A) * qmat_rows(B), qmat_cols(A) * qmat_cols(B));
    if (work_take(qmat_rows(t), 1, qmat_cols(t), qmat_length(A), qmat_length(B)))
    {
        fmpz_mat_kronecker_product(t->num, A->num, B->num);
        fmpz_mul(t->den, A->den, B->den);
        qmat_product_radius(t->rad, A, B);
        qmat_canonicalise(t);
    }
    qmat_swap(C, t);
    qmat_clear(t);
}
