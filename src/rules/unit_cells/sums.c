/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the samples add to M and G, cell by cell, and what excludes all eigenvalues of a cell at once. */
#include <string.h>
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "unit_cells.h"

/* What sample j adds: y x^T, then x x^T, each times its factor. */
static void
set_part(fmpz *part, const fmpz *x, const qmat_t Y, slong j, const fmpz_t my, const fmpz_t gx, slong r)
{
    slong i, c, k = qmat_rows(Y);
    INTEGERS(t);

    for (i = 0; i < k; i++)
    {
        fmpz_mul(t, fmpz_mat_entry(Y->num, i, j), my);
        _fmpz_vec_scalar_mul_fmpz(part + i * r, x, r, t);
    }
    for (c = 0; c < r; c++)
    {
        fmpz_mul(t, x + c, gx);
        _fmpz_vec_scalar_mul_fmpz(part + (k + c) * r, x, r, t);
    }
}

int
cell_samples_init(cell_samples_t *s, const qmat_t X, const qmat_t Y, const fmpq *D, const fmpq_t a)
{
    slong i, j, size, w_bits = 0;
    int ok;
    INTEGERS(d, w, my, gx);

    s->n = qmat_cols(X);
    s->r = qmat_rows(X);
    s->k = qmat_rows(Y);
    s->words = s->n / 64 + 1;
    s->relu = fmpq_is_zero(a);
    size = (s->k + s->r) * s->r;
    fmpq_init(s->M_unit);
    fmpq_init(s->G_unit);
    fmpz_one(d);
    for (j = 0; j < s->n; j++)
        fmpz_lcm(d, d, fmpq_denref(D + j));
    for (j = 0; j < s->n; j++)
        w_bits = FLINT_MAX(w_bits, (slong) (fmpz_bits(fmpq_numref(D + j)) + fmpz_bits(d)));
    s->bits = w_bits + 2 * FLINT_ABS(fmpz_mat_max_bits(X->num)) + FLINT_ABS(fmpz_mat_max_bits(Y->num)) + 2 * (slong) (fmpz_bits(fmpq_numref(a)) + fmpz_bits(fmpq_denref(a)));
    ok = work_take(s->n, 4, size, s->bits, s->bits) && work_keep(s->n, 2 * size, s->bits);
    if (!ok)
        s->n = 0;                       /* nothing is formed */
    s->X = _fmpz_vec_init(s->n * s->r);
    s->up = _fmpz_vec_init(s->n * size);
    s->down = _fmpz_vec_init(s->n * size);
    for (j = 0; j < s->n && ok; j++)
    {
        fmpz *x = s->X + j * s->r;
        for (i = 0; i < s->r; i++)
            fmpz_set(x + i, fmpz_mat_entry(X->num, i, j));
        fmpz_divexact(w, d, fmpq_denref(D + j));
        fmpz_mul(w, w, fmpq_numref(D + j));             /* d D_j */
        fmpz_mul(my, w, fmpq_denref(a));
        fmpz_mul(gx, my, fmpq_denref(a));
        set_part(s->up + j * size, x, Y, j, my, gx, s->r);
        fmpz_mul(my, w, fmpq_numref(a));
        fmpz_mul(gx, my, fmpq_numref(a));
        set_part(s->down + j * size, x, Y, j, my, gx, s->r);
    }
    s->bits += FLINT_BIT_COUNT(s->n);
    fmpz_mul(fmpq_denref(s->G_unit), d, fmpq_denref(a));
    fmpz_mul(fmpq_denref(s->M_unit), fmpq_denref(s->G_unit), Y->den);
    fmpz_mul(fmpq_denref(s->G_unit), fmpq_denref(s->G_unit), fmpq_denref(a));
    fmpz_one(fmpq_numref(s->G_unit));
    fmpz_one(fmpq_numref(s->M_unit));
    return ok && fmpz_is_one(X->den);
}

void
cell_samples_clear(cell_samples_t *s)
{
    slong size = (s->k + s->r) * s->r;

    _fmpz_vec_clear(s->X, s->n * s->r);
    _fmpz_vec_clear(s->up, s->n * size);
    _fmpz_vec_clear(s->down, s->n * size);
    fmpq_clear(s->M_unit);
    fmpq_clear(s->G_unit);
}

void
cell_product(fmpq_t z, const cell_samples_t *s, slong j, const fmpq *w)
{
    slong i;
    NUMBERS(x);

    fmpq_zero(z);
    for (i = 0; i < s->r; i++)
    {
        fmpq_set_fmpz(x, s->X + j * s->r + i);
        number_addmul(z, x, w + i);
    }
}

int
cell_holds(const ulong *cell, const cell_samples_t *s, const fmpq *w)
{
    slong j;

    for (j = 0; j < s->n; j++)
    {
        NUMBERS(z);
        cell_product(z, s, j, w);
        if (work_exceeded() != NULL || fmpq_sgn(z) != (cell_has(cell, j) ? 1 : -1))
            return 0;
    }
    return 1;
}

void
cell_sums_init(cell_sums_t *t, const cell_samples_t *s)
{
    slong j, size = (s->k + s->r) * s->r;

    t->s = s;
    t->cell = flint_calloc(s->words, sizeof *t->cell);
    t->sum = _fmpz_vec_init(size);
    for (j = 0; j < s->n; j++)
        _fmpz_vec_add(t->sum, t->sum, s->down + j * size, size);
}

void
cell_sums_clear(cell_sums_t *t)
{
    flint_free(t->cell);
    _fmpz_vec_clear(t->sum, (t->s->k + t->s->r) * t->s->r);
}

int
cell_sums_move(cell_sums_t *t, const ulong *cell)
{
    const cell_samples_t *s = t->s;
    slong j, size = (s->k + s->r) * s->r;

    if (!work_take(1, s->n, size, s->bits, 0))
        return 0;
    for (j = 0; j < s->n; j++)
    {
        int positive = cell_has(cell, j);
        if (positive == cell_has(t->cell, j))
            continue;
        _fmpz_vec_add(t->sum, t->sum, (positive ? s->up : s->down) + j * size, size);
        _fmpz_vec_sub(t->sum, t->sum, (positive ? s->down : s->up) + j * size, size);
    }
    memcpy(t->cell, cell, s->words * sizeof *cell);
    return 1;
}

int
cell_gordan(fmpz *lambda, const fmpz_mat_t A, slong n)
{
    slong i, j, r, c = fmpz_mat_ncols(A), free = -1, count = 0, bits = FLINT_ABS(fmpz_mat_max_bits(A)), *pivot;
    int sign = 1;
    fmpz_mat_t R;
    INTEGERS(den);

    r = FLINT_MIN(fmpz_mat_nrows(A), c);
    if (!work_take(1, 2000, 1, 0, 0) || !work_take(fmpz_mat_nrows(A), r, c, r * (bits + 10), bits))
        return 0;
    fmpz_mat_init(R, fmpz_mat_nrows(A), c);
    pivot = flint_malloc((c + 1) * sizeof *pivot);
    r = fmpz_mat_rref(R, den, A);
    for (i = j = 0; j < c; j++)
        if (i < r && !fmpz_is_zero(fmpz_mat_entry(R, i, j)))
            pivot[i++] = j;
        else if (j >= c - n)
        {
            free = j;
            count++;
        }
    /* the vector with den at the free place: - R there at the pivots */
    for (i = 0; i < r && count == 1; i++)
        if (pivot[i] >= c - n && fmpz_sgn(fmpz_mat_entry(R, i, free)) * fmpz_sgn(den) > 0)
            sign = 0;
    if (count == 1 && sign && lambda != NULL)
    {
        _fmpz_vec_zero(lambda, n);
        fmpz_abs(lambda + free - (c - n), den);
        for (i = 0; i < r; i++)
            if (pivot[i] >= c - n)
                fmpz_abs(lambda + pivot[i] - (c - n), fmpz_mat_entry(R, i, free));
    }
    flint_free(pivot);
    fmpz_mat_clear(R);
    return count == 1 && sign;
}

void
cell_signed_samples(fmpz_mat_t A, const cell_samples_t *s, const ulong *cell, const slong *sample, slong n)
{
    slong c, i, j;

    for (c = 0; c < n; c++)
    {
        j = sample != NULL ? sample[c] : c;
        for (i = 0; i < s->r; i++)
            if (cell == NULL || cell_has(cell, j))
                fmpz_set(fmpz_mat_entry(A, i, c), s->X + j * s->r + i);
            else
                fmpz_neg(fmpz_mat_entry(A, i, c), s->X + j * s->r + i);
    }
}

int
cell_samples_are(const cell_samples_t *s, const slong *sample, slong n)
{
    slong i;

    for (i = 0; i < n; i++)
        if (sample[i] < 0 || sample[i] >= s->n || (i > 0 && sample[i] <= sample[i - 1]))
            return 0;
    return n > 0;
}

int
cell_subset_read(slong *sample, slong *size, const fmpz_t code, slong n)
{
    INTEGERS(x);

    fmpz_sub_ui(x, code, 1);
    for (*size = 0; fmpz_sgn(x) > 0 && *size < CELL_SUBSET; ++*size)
    {
        sample[*size] = (slong) fmpz_fdiv_ui(x, (ulong) n + 1) - 1;
        fmpz_fdiv_q_ui(x, x, (ulong) n + 1);
    }
    return *size > 0 && fmpz_is_zero(x);
}

int
cell_sums_exclude(const cell_sums_t *t, const slong *sample, slong n)
{
    const cell_samples_t *s = t->s;
    slong i, k = s->k, r = s->r;
    fmpz_mat_t A, x;
    int excluded;

    if (!cell_samples_are(s, sample, n) || n > r + 1)
        return 0;
    /* (M 0; G -x_j s_j) (z; lambda) = 0 */
    fmpz_mat_init(A, k + r, r + n);
    for (i = 0; i < k + r; i++)
        _fmpz_vec_set(fmpz_mat_entry(A, i, 0), t->sum + i * r, r);
    fmpz_mat_window_init(x, A, k, r, k + r, r + n);
    cell_signed_samples(x, s, t->cell, sample, n);
    fmpz_mat_neg(x, x);
    fmpz_mat_window_clear(x);
    excluded = cell_gordan(NULL, A, n);
    fmpz_mat_clear(A);
    return excluded;
}
