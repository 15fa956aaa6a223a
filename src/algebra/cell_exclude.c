/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What excludes a whole cell, and the loss in one. */
#include "config.h"
#include "kernel/scope.h"
#include "cell_search.h"

void
subset_code(fmpz_t code, const slong *subset, slong size, slong n)
{
    slong i;

    fmpz_zero(code);
    for (i = size - 1; i >= 0; i--)
    {
        fmpz_mul_si(code, code, n + 1);
        fmpz_add_si(code, code, subset[i] + 1);
    }
    fmpz_add_ui(code, code, 1);
}

/* lambda >= 0 with rows.lambda = 0, sum 1: its support, 1; or 0, y (a number for each row, then one more) with rows^T y + y_last >= 0 > y_last. */
static int
combine(slong *subset, slong *size, fmpq *y, const qmat_t rows)
{
    qmat_t one;
    MATRICES(A);

    qmat_init(one, 0, 0);
    qmat_ones(one, 1, qmat_cols(rows));
    qmat_stack(A, rows, one);
    qmat_clear(one);
    return cell_program(subset, size, y, A, qmat_cols(rows));
}

/* A (r x n) := the samples, each times its sign in the cell; cell NULL: as they are. */
static void
set_samples(qmat_t A, const cell_samples_t *s, const ulong *cell)
{
    qmat_t t;

    qmat_init(t, s->r, s->n);
    cell_signed_samples(t->num, s, cell, NULL, s->n);
    qmat_swap(A, t);
    qmat_clear(t);
}

int
cell_exclude(slong *subset, slong *size, const cell_sums_t *t)
{
    unit_cell_t c;
    fmpq *y = _fmpq_vec_init(t->s->k + t->s->r + 2);
    int found = 0;
    MATRICES(A, rows);

    if (unit_cell_init(&c, t, 0))
    {   /* orthogonal to all rows of K, and to ker G */
        set_samples(A, t->s, t->cell);
        qmat_stack(rows, c.K, c.kernel);
        qmat_mul(rows, rows, A);
        found = combine(subset, size, y, rows) && cell_sums_exclude(t, subset, *size);
    }
    unit_cell_clear(&c);
    _fmpq_vec_clear(y, t->s->k + t->s->r + 2);
    return found;
}

int
dead_exclude(slong *subset, slong *size, const cell_samples_t *s)
{
    fmpq *y = _fmpq_vec_init(s->r + 1);
    int found;
    MATRICES(A);

    set_samples(A, s, NULL);
    found = combine(subset, size, y, A);
    _fmpq_vec_clear(y, s->r + 1);
    return found;
}

int
dead_point(fmpq *w, const cell_samples_t *s)
{
    slong subset[CELL_SUBSET], size, i;
    fmpq *y = _fmpq_vec_init(s->r + 1);
    int found;
    MATRICES(A);

    set_samples(A, s, NULL);
    found = !combine(subset, &size, y, A);      /* y.x_j >= - y_last > 0 for all j */
    for (i = 0; i < s->r; i++)
        fmpq_neg(w + i, y + i);
    _fmpq_vec_clear(y, s->r + 1);
    return found;
}

void
cell_loss(fmpq_t low, fmpq_t high, unit_cell_t *c, const slong *captured, slong n, const fmpq_t norm2)
{
    slong i, count, *rest = flint_malloc((n + 1) * sizeof *rest);
    arb_t x, y;
    arf_t e;
    NUMBERS(sum);

    arb_init(x);
    arb_init(y);
    arf_init(e);
    count = unit_cell_rational_sum(sum, rest, c, captured, n);
    fmpq_sub(sum, norm2, sum);
    if (count == 0)
    {
        fmpq_div_2exp(low, sum, 1);
        fmpq_set(high, low);
    }
    else
    {
        arb_set_fmpq(x, sum, 128);
        for (i = 0; i < count; i++)
        {
            arb_div_fmpz(y, c->root[rest[i]].x, c->Sigma->den, 128);
            arb_sub(x, x, y, 128);
        }
        arb_mul_2exp_si(x, x, -1);
        arb_get_lbound_arf(e, x, 128);
        arf_get_fmpq(low, e);
        arb_get_ubound_arf(e, x, 128);
        arf_get_fmpq(high, e);
    }
    flint_free(rest);
    arb_clear(x);
    arb_clear(y);
    arf_clear(e);
    if (fmpq_sgn(low) < 0)
        fmpq_zero(low);
}
