/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All critical points with u != 0 where no sample is at the kink: every cell is formed, and in each one every positive eigenvalue is shown to have none, or one
   set of them, in the order of the role "cells" (doc/rules/landscape.md). */
#include <string.h>
#include "kernel/columns.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "landscape.h"

typedef struct
{
    setting_t *s;
    const cell_samples_t *samples;
    const qmat_struct *X;               /* the samples that count, with all rows */
    const fmpq *code, *number;
    slong n, at;                        /* codes, and how many are read */
    slong numbers, used;                /* numbers of points likewise */
    slong subset[CELL_SUBSET], size;    /* the last one */
    const value_t *points;
    fmpq_t norm2;
    slong seen, minima, dead;           /* so far */
} list_t;

static int
next_code(fmpz_t x, list_t *l)
{
    if (l->at == l->n)
        return 0;
    fmpz_set(x, fmpq_numref(l->code + l->at++));
    return 1;
}

/* The next set of points of the conclusion is that of eigenvalue i of this cell. */
static const char *
compare_point(list_t *l, unit_cell_t *c, slong i)
{
    slong width = LANDSCAPE_W + qmat_rows(l->X), j;
    const fmpq *point = l->points->list + l->seen * width;
    MATRICES(w, z);

    if (!l->points->given || (l->seen + 1) * width > l->points->n)
        return "a critical point is not listed";
    l->seen++;
    if (fmpq_cmp_si(point + LANDSCAPE_MINIMUM, i == 0) != 0)
        return "a point is listed with the wrong kind";
    l->minima += i == 0;
    if (!unit_cell_loss_within(c, &i, 1, l->norm2, point + LANDSCAPE_POINT_LOW, point + LANDSCAPE_POINT_HIGH))
        return "the loss of a point is not between its bounds";
    qmat_set_entries(w, 1, qmat_rows(l->X), point + LANDSCAPE_W);
    qmat_mul(z, w, l->X);
    for (j = 0; j < qmat_cols(z); j++)
        if (fmpz_sgn(fmpz_mat_entry(z->num, 0, j)) != (cell_has(c->cell, j) ? 1 : -1))
            return "the w of a point is not in its cell";
    return NULL;
}

/* Eigenvalue number i: no point, or the numbers of one. */
static const char *
read_eigenvalue(list_t *l, unit_cell_t *c, slong i)
{
    cell_choice_t choice;
    const char *wrong = NULL;
    slong numbers;
    int sign, known = cell_choice_init(&choice, c, &i, 1);
    INTEGERS(code);

    numbers = cell_choice_numbers(&choice, c);
    if (!known)
        wrong = "an eigenvalue that is irrational and not simple is not treated";
    else if (!next_code(code, l))
        wrong = "the codes end too early";
    else if (fmpz_is_zero(code))
    {
        if (l->numbers - l->used < numbers)
            wrong = "the numbers of a point are missing";
        else if (!cell_choice_contains(&choice, c, l->number + l->used))
            wrong = "the numbers of a point are not in its cell";
        else
            wrong = compare_point(l, c, i);
        l->used += numbers;
    }
    else
        for (sign = 1; wrong == NULL && sign >= (choice.simples > 0 ? -1 : 1); sign -= 2)
        {
            slong subset[CELL_SUBSET], size;
            if ((sign < 0 && !next_code(code, l)) || !cell_subset_read(subset, &size, code, l->samples->n))
                wrong = "a code is no set of samples";
            else if (!cell_choice_excludes(&choice, c, subset, size, sign))
                wrong = "a set of samples does not exclude an eigenvalue";
        }
    cell_choice_clear(&choice, c);
    return wrong;
}

static const char *
read_cell(list_t *l, const cell_sums_t *t)
{
    unit_cell_t c;
    const char *wrong = NULL;
    slong i;
    INTEGERS(code);

    if (!next_code(code, l))
        return "the codes end too early";
    if (!fmpz_is_one(code))
    {
        if (!fmpz_is_zero(code) && !cell_subset_read(l->subset, &l->size, code, l->samples->n))
            return "a code is no set of samples";
        return cell_sums_exclude(t, l->subset, l->size) ? NULL : "a set of samples does not exclude the points of its cell";
    }
    if (!unit_cell_init(&c, t, 0))
        wrong = "the matrices of a cell are beyond the limits";
    for (i = 0; i < c.count && wrong == NULL; i++)
        wrong = read_eigenvalue(l, &c, i);
    unit_cell_clear(&c);
    return wrong;
}

/* All cells, those that are positive at the first sample, then their opposites. */
static const char *
walk(list_t *l, const ulong *cells, slong count)
{
    const cell_samples_t *s = l->samples;
    slong i, j;
    int opposite;
    const char *wrong = NULL;
    ulong *cell = flint_malloc(s->words * sizeof *cell);
    cell_sums_t t;

    cell_sums_init(&t, s);
    for (opposite = 0; opposite < 2; opposite++)
        for (i = 0; i < count && wrong == NULL; i++)
        {
            memcpy(cell, cells + i * s->words, s->words * sizeof *cell);
            if (opposite)
                cell_negate(cell, s);
            for (j = 0; j < s->words && cell[j] == 0; j++)
                ;
            if (s->relu && j == s->words)
                l->dead++;                      /* h is constant there */
            else if (!cell_sums_move(&t, cell))
                wrong = "the work is beyond the limits";
            else
                wrong = read_cell(l, &t);
            if (work_exceeded() != NULL)
                wrong = work_exceeded();
        }
    cell_sums_clear(&t);
    flint_free(cell);
    return wrong;
}

static int
is(const value_t *v, slong x)
{
    return v->given && fmpq_cmp_si(v->x, x) == 0;
}

void
landscape_verify_list(setting_t *s, const qmat_t X, const qmat_t Y, const fmpq *D, const fmpq_t norm2, const conclusion_t *k)
{
    ask_t ask = { .kind = EVIDENCE_CODES, .role = "cells" }, points = { .kind = EVIDENCE_NUMBERS, .role = "points" };
    list_t l = { .s = s, .points = k->constant + LANDSCAPE_POINTS };
    cell_samples_t samples;
    const evidence_t *e, *y;
    const char *wrong = NULL;
    ulong *cells = NULL;
    slong count = 0, *column = flint_malloc((qmat_cols(s->P->X) + 1) * sizeof *column);
    landscape_about_t about = { { landscape_about_type }, NULL, 1 };
    NUMBERS(a);
    MATRICES(whole);

    ask.about = points.about = &about.about;
    e = facts_ask(s->f, &ask, 1);
    y = facts_ask(s->f, &points, 0);
    activation_negative_slope(a, s->P->act);
    qmat_pick_columns(whole, s->P->X, column, cells_columns(column, s->P));
    fmpq_init(l.norm2);
    fmpq_set(l.norm2, norm2);
    if (e != NULL)
    {
        l.samples = &samples;
        l.X = whole;
        l.code = e->d;
        l.n = e->nd;
        l.number = y != NULL ? y->d : NULL;
        l.numbers = y != NULL ? y->nd : 0;
        if (!cell_samples_init(&samples, X, Y, D, a))
            wrong = "the data are beyond the limits";
        else
            cells = cells_enumerate(&count, &wrong, &samples);
        if (wrong == NULL)
            wrong = walk(&l, cells, count);
        if (wrong == NULL && (l.at < l.n || l.used < l.numbers))
            wrong = "codes or numbers are left over";
        if (wrong != NULL)
            facts_fail(s->f, "cells", "%s (code %ld)", wrong, (long) l.at);
        else if (!is(k->constant + LANDSCAPE_CELLS, 2 * count) || !is(k->constant + LANDSCAPE_DEAD, l.dead) || !is(k->constant + LANDSCAPE_CRITICAL, l.seen)
                 || !is(k->constant + LANDSCAPE_MINIMA, l.minima) || l.points->n != l.seen * (LANDSCAPE_W + qmat_rows(whole)))
            facts_fail(s->f, "conclusion", "the numbers of cells, or of critical points, are others");
        cell_samples_clear(&samples);
        flint_free(cells);
    }
    fmpq_clear(l.norm2);
    flint_free(column);
}
