/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All cells of the central arrangement of the hyperplanes x_j^perp.  A cell of an essential arrangement in k dimensions has an extreme ray, orthogonal to k - 1
   independent x_j; so each such ray is formed (by cofactors), and the cells next to it are those of the arrangement of all x_j that vanish on it, in the
   quotient by the ray, with the signs that the others have on it. */
#include <stdlib.h>
#include <string.h>
#include "kernel/limits.h"
#include "kernel/scope.h"
#include "unit_cells.h"

/* A set of patterns: a list, and a table of indices in it, -1 where it is free. */
typedef struct
{
    const cell_samples_t *s;
    ulong *list;
    slong count, room;
    slong *table, size;         /* a power of 2, at least twice the room */
    slong steps;                /* in the table, to be charged */
    const char *wrong;
} set_t;

static const char many_cells[] = "more cells than the limit \"cells\" of the format";

static ulong
bit(slong j)
{
    return 1UL << (63 - j % 64);
}

int
cell_has(const ulong *cell, slong j)
{
    return (cell[j / 64] & bit(j)) != 0;
}

void
cell_negate(ulong *cell, const cell_samples_t *s)
{
    slong i;

    for (i = 0; i < s->words; i++)
        cell[i] = ~cell[i];
    cell[s->words - 1] &= s->n % 64 == 0 ? 0 : ~0UL << (64 - s->n % 64);
}

/* Where the cell is in the table, or could be.  (Cells with few samples differ in high bits only; multiplications carry upwards, shifts bring them down.) */
static slong
slot(set_t *t, const ulong *cell)
{
    slong i, at;
    ulong h = 0;

    for (i = 0; i < t->s->words; i++)
    {
        h ^= cell[i];
        h = (h ^ h >> 32) * 0x9E3779B97F4A7C15UL;
        h = (h ^ h >> 32) * 0x9E3779B97F4A7C15UL;
    }
    for (at = (slong) (h >> 32 & (ulong) (t->size - 1)); t->table[at] >= 0; at = (at + 1) & (t->size - 1), t->steps++)
        if (memcmp(t->list + t->table[at] * t->s->words, cell, t->s->words * sizeof *cell) == 0)
            break;
    return at;
}

static void
set_grow(set_t *t)
{
    slong i;

    if (!work_keep(t->room, t->s->words + 4, 64))
    {
        t->wrong = work_exceeded();
        return;
    }
    t->room *= 2;
    t->size = 4 * t->room;
    t->list = flint_realloc(t->list, t->room * t->s->words * sizeof *t->list);
    t->table = flint_realloc(t->table, t->size * sizeof *t->table);
    for (i = 0; i < t->size; i++)
        t->table[i] = -1;
    for (i = 0; i < t->count; i++)
        t->table[slot(t, t->list + i * t->s->words)] = i;
}

/* Adds the cell, or its opposite if that is positive at the first sample. */
static void
set_add(set_t *t, ulong *cell)
{
    const cell_samples_t *s = t->s;
    slong at;
    ulong *p;

    if (t->wrong != NULL)
        return;
    if (t->count == t->room)
        set_grow(t);
    if (t->wrong != NULL)
        return;
    p = t->list + t->count * s->words;
    memcpy(p, cell, s->words * sizeof *p);
    if (!cell_has(p, 0))
        cell_negate(p, s);
    at = slot(t, p);
    if (!work_take(1, t->steps + 1, s->words, 0, 0))
        t->wrong = work_exceeded();
    t->steps = 0;
    if (t->table[at] >= 0)
        return;
    t->table[at] = t->count++;
    if (t->count > limit(LIMIT_CELLS))
        t->wrong = many_cells;
}

void
cell_set(ulong *cell, slong j, int positive)
{
    if (positive)
        cell[j / 64] |= bit(j);
    else
        cell[j / 64] &= ~bit(j);
}

/* v := orthogonal to the k - 1 rows of A, by cofactors; 0 if they are dependent. */
static int
ray(fmpz *v, const fmpz *x, const slong *rows, slong k)
{
    slong i, j, c;
    fmpz_mat_t A;

    fmpz_mat_init(A, k - 1, k - 1);
    for (c = 0; c < k; c++)
    {
        for (i = 0; i < k - 1; i++)
            for (j = 0; j < k - 1; j++)
                fmpz_set(fmpz_mat_entry(A, i, j), x + rows[i] * k + j + (j >= c));
        fmpz_mat_det(v + c, A);
        if (c % 2)
            fmpz_neg(v + c, v + c);
    }
    fmpz_mat_clear(A);
    return !_fmpz_vec_is_zero(v, k);
}

/* 1 if rows[0 .. n) are the first n independent ones of the vectors in zero: each other one before the last depends on those before it. */
static int
are_first(const fmpz *x, const slong *rows, slong n, const slong *zero, slong zeros, slong k)
{
    slong i, z, below;
    fmpz_mat_t A;
    int first = 1;

    for (z = 0; z < zeros && zero[z] < rows[n - 1] && first; z++)
    {
        for (below = 0; rows[below] < zero[z]; below++)
            ;
        if (rows[below] == zero[z])
            continue;
        fmpz_mat_init(A, below + 1, k);
        for (i = 0; i < below; i++)
            _fmpz_vec_set(fmpz_mat_entry(A, i, 0), x + rows[i] * k, k);
        _fmpz_vec_set(fmpz_mat_entry(A, below, 0), x + zero[z] * k, k);
        first = fmpz_mat_rank(A) == below;
        fmpz_mat_clear(A);
    }
    return first;
}

static void visit(set_t *t, ulong *cell, const fmpz *x, const slong *sample, slong n, slong k);

/* All cells next to the rays v and -v, v given by its rows.  (The cells next to -v are the opposites, if all samples are here; otherwise both are needed.) */
static void
visit_ray(set_t *t, ulong *cell, const fmpz *x, const slong *sample, slong n, slong k, const slong *rows)
{
    slong i, j, p, zeros = 0, *zero = flint_malloc(2 * (n + 1) * sizeof *zero), *which = zero + n + 1;
    fmpz *v = _fmpz_vec_init(k), *dot = _fmpz_vec_init(n), *y = NULL;
    int side, found = ray(v, x, rows, k);

    for (i = 0; i < n && found; i++)
    {
        _fmpz_vec_dot(dot + i, x + i * k, v, k);
        if (fmpz_is_zero(dot + i))
            zero[zeros++] = i;
    }
    if (found && (zeros == k - 1 || are_first(x, rows, k - 1, zero, zeros, k)))
    {
        for (p = 0; fmpz_is_zero(v + p); p++)
            ;
        y = _fmpz_vec_init(zeros * (k - 1));
        for (i = 0; i < zeros; i++)
        {   /* in the quotient: coordinate p of every vector is made 0 by the ray */
            for (j = 0; j < k - 1; j++)
                fmpz_set(y + i * (k - 1) + j, x + zero[i] * k + j + (j >= p));
            which[i] = sample[zero[i]];
        }
        for (side = 1; side >= (n == t->s->n ? 1 : -1); side -= 2)
        {
            for (i = 0; i < n; i++)
                if (!fmpz_is_zero(dot + i))
                    cell_set(cell, sample[i], fmpz_sgn(dot + i) == side);
            visit(t, cell, y, which, zeros, k - 1);
        }
        _fmpz_vec_clear(y, zeros * (k - 1));
    }
    _fmpz_vec_clear(v, k);
    _fmpz_vec_clear(dot, n);
    flint_free(zero);
}

/* The next k - 1 of n indices, ascending; 0 after the last. */
static int
next_subset(slong *rows, slong size, slong n)
{
    slong i = size - 1, j;

    while (i >= 0 && rows[i] == n - size + i)
        i--;
    if (i < 0)
        return 0;
    rows[i]++;
    for (j = i + 1; j < size; j++)
        rows[j] = rows[j - 1] + 1;
    return 1;
}

/* Takes the cost of all subsets of k - 1 of n > k samples. */
static int
take_subsets(slong n, slong k, slong bits)
{
    slong i, subsets = 1;

    for (i = 0; i < FLINT_MIN(k - 1, n - k + 1); i++)
    {
        if (i >= n || subsets > (1L << 40) / (n - i))
            return 0;
        subsets = subsets * (n - i) / (i + 1);
    }
    return work_take(1, subsets, n * k + k * k * k, k * bits, bits);
}

/* All cells of n vectors of k numbers, which have rank k, with the signs of the other samples. */
static void
visit(set_t *t, ulong *cell, const fmpz *x, const slong *sample, slong n, slong k)
{
    slong i, c, *rows;

    if (t->wrong != NULL)
        return;
    if (k > 60 || 1L << (k - 1) > limit(LIMIT_CELLS))
    {   /* k independent hyperplanes alone have 2^k cells */
        t->wrong = many_cells;
        return;
    }
    if (n == k || k == 1)
    {   /* independent vectors: all signs; or one dimension: two */
        if (!work_take(1L << k, t->s->words + n, 2, 0, 0))
            t->wrong = work_exceeded();
        for (c = 0; c < 1L << k && t->wrong == NULL; c++)
        {
            for (i = 0; i < n; i++)
                cell_set(cell, sample[i], n == k ? (c >> i) & 1 : (fmpz_sgn(x + i) > 0) == c);
            set_add(t, cell);
        }
        return;
    }
    if (!take_subsets(n, k, t->s->bits))
    {
        t->wrong = work_exceeded() != NULL ? work_exceeded() : "too many subsets of samples";
        return;
    }
    rows = flint_malloc(k * sizeof *rows);
    for (i = 0; i < k - 1; i++)
        rows[i] = i;
    do
        visit_ray(t, cell, x, sample, n, k, rows);
    while (t->wrong == NULL && next_subset(rows, k - 1, n));
    flint_free(rows);
}

static _Thread_local slong words_compared;

static int
compare(const void *a, const void *b)
{
    const ulong *x = a, *y = b;
    slong i;

    for (i = 0; i < words_compared - 1 && x[i] == y[i]; i++)
        ;
    return (x[i] > y[i]) - (x[i] < y[i]);
}

ulong *
cells_enumerate(slong *count, const char **wrong, const cell_samples_t *s)
{
    set_t t = { .s = s, .room = 64 };
    ulong *cell = flint_calloc(s->words, sizeof *cell);
    slong j, *sample = flint_malloc((s->n + 1) * sizeof *sample);

    t.size = 4 * t.room;
    t.list = flint_malloc(t.room * s->words * sizeof *t.list);
    t.table = flint_malloc(t.size * sizeof *t.table);
    for (j = 0; j < t.size; j++)
        t.table[j] = -1;
    for (j = 0; j < s->n; j++)
        sample[j] = j;
    visit(&t, cell, s->X, sample, s->n, s->r);
    flint_free(t.table);
    flint_free(sample);
    flint_free(cell);
    *count = t.count;
    *wrong = t.wrong;
    if (t.wrong == NULL)
    {
        words_compared = s->words;
        qsort(t.list, t.count, s->words * sizeof *t.list, compare);
        return t.list;
    }
    flint_free(t.list);
    return NULL;
}
