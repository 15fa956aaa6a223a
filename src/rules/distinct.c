/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "distinct.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "rules/samples.h"

void
distinct_init(distinct_t *g, const problem_t *P)
{
    slong j, m = qmat_cols(P->X), *group = flint_malloc((m + 1) * sizeof *group);
    slong all = samples_group(group, P->X), k, *index = flint_malloc((all + 1) * sizeof *index);
    NUMBERS(c);

    g->n = 0;
    g->room = all;
    g->sample = flint_malloc((all + 1) * sizeof *g->sample);
    g->D = _fmpq_vec_init(all);
    for (k = 0; k < all; k++)
        index[k] = -1;
    for (j = 0; j < m; j++)
    {
        if (fmpq_is_zero(P->weights + j))
            continue;
        k = group[j];
        if (index[k] < 0)
        {
            index[k] = g->n;
            g->sample[g->n++] = j;
        }
        number_mul(c, P->scale, P->weights + j);
        number_add(c, c, c);
        number_add(g->D + index[k], g->D + index[k], c);
    }
    flint_free(group);
    flint_free(index);
}

void
distinct_clear(distinct_t *g)
{
    _fmpq_vec_clear(g->D, g->room);
    flint_free(g->sample);
}
