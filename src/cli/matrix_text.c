/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "matrix_text.h"
#include "kernel/scope.h"

void
qmat_text(text_t *t, const qmat_t A)
{
    slong i, j;
    NUMBERS(x);

    text_printf(t, "[");
    for (i = 0; i < qmat_rows(A); i++)
    {
        text_printf(t, i == 0 ? "[" : ", [");
        for (j = 0; j < qmat_cols(A); j++)
        {
            qmat_get_entry(x, A, i, j);
            text_printf(t, j == 0 ? "" : ", ");
            text_fmpq(t, x);
        }
        text_printf(t, "]");
    }
    text_printf(t, "]");
}
