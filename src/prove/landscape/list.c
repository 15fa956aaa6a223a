/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All cells of the arrangement: most have no critical point for a reason that doubles find (samples whose K x_j s_j have 0 in their convex hull), by several threads
   and often the same samples as in the cell before; the others are decided in rationals. */
#include "config.h"
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/cell_search.h"
#include "kernel/scope.h"
#include "list.h"

static void
append(numbers_t *v, const fmpq_t x)
{
    if (v->n == v->room)
    {
        v->room = 2 * v->room + 64;
        v->x = flint_realloc(v->x, v->room * sizeof *v->x);
    }
    fmpq_init(v->x + v->n);
    fmpq_set(v->x + v->n++, x);
}

static void
append_si(numbers_t *v, slong x)
{
    NUMBERS(y);

    fmpq_set_si(y, x, 1);
    append(v, y);
}

static void
numbers_clear(numbers_t *v)
{
    slong i;

    for (i = 0; i < v->n; i++)
        fmpq_clear(v->x + i);
    flint_free(v->x);
}

void
list_init(list_t *l)
{
    memset(l, 0, sizeof *l);
}

void
list_clear(list_t *l)
{
    numbers_clear(&l->codes);
    numbers_clear(&l->numbers);
    numbers_clear(&l->points);
    flint_free(l->best);
}

double
list_most_cells(slong n, slong r)
{
    double sum = 0, binomial = 1;
    slong i;

    for (i = 0; i < r; i++)
    {
        sum += binomial;
        binomial *= (double) (n - 1 - i) / (double) (i + 1);
    }
    return 2 * sum;
}

static void
append_subset(numbers_t *v, const slong *subset, slong size, slong n)
{
    NUMBERS(x);

    subset_code(fmpq_numref(x), subset, size, n);
    append(v, x);
}

/* What doubles find of a cell: samples, and whether that is to be verified; size 0: nothing. */
enum { GUESS = 6, CHUNK = 2048 };
typedef struct
{
    int subset[GUESS], size, sure;
} guess_t;

typedef struct
{
    const cell_samples_t *s;
    const ulong *cells;
    slong count, next;                  /* cells without their opposites; where the next chunk starts */
    guess_t *guess;                     /* 2 count: the opposites after the others */
    double *X, *up, *down;              /* in doubles, up and down times their units */
    const prove_options_t *opt;
    pthread_mutex_t lock;
} guesses_t;

/* K (k x r) with K G = M, by elimination; 0 if G is nearly singular. */
static int
solve_K(double *K, const double *sum, slong k, slong r)
{
    double A[GUESS * (GUESS + CORRAL)];
    slong i, j, l, p, w = r + k;

    for (i = 0; i < r; i++)
    {
        for (j = 0; j < r; j++)
            A[i * w + j] = sum[(k + i) * r + j];
        for (j = 0; j < k; j++)
            A[i * w + r + j] = sum[j * r + i];
    }
    for (i = 0; i < r; i++)
    {
        for (p = i, j = i + 1; j < r; j++)
            if (fabs(A[j * w + i]) > fabs(A[p * w + i]))
                p = j;
        if (fabs(A[p * w + i]) <= 1e-9 * fabs(sum[(k + i) * r + i]))
            return 0;
        for (l = i; l < w && p != i; l++)
        {
            double t = A[p * w + l];
            A[p * w + l] = A[i * w + l];
            A[i * w + l] = t;
        }
        for (j = 0; j < r; j++)
        {
            double f = A[j * w + i] / A[i * w + i];
            for (l = i; l < w && j != i; l++)
                A[j * w + l] -= f * A[i * w + l];
        }
    }
    for (i = 0; i < r; i++)
        for (j = 0; j < k; j++)
            K[j * r + i] = A[i * w + r + j] / A[i * w + i];
    return 1;
}

/* point (n x k) := s_j K x_j, of length 1; 0 if one is nearly 0. */
static int
set_points(double *point, const double *K, const guesses_t *g, const ulong *cell)
{
    slong i, j, l, k = g->s->k, r = g->s->r;

    for (j = 0; j < g->s->n; j++)
    {
        double *p = point + j * k, norm = 0;
        for (i = 0; i < k; i++)
        {
            for (p[i] = 0, l = 0; l < r; l++)
                p[i] += K[i * r + l] * g->X[j * r + l];
            norm += p[i] * p[i];
        }
        norm = sqrt(norm) * (cell_has(cell, j) ? 1 : -1);
        if (!(fabs(norm) > 1e-100))
            return 0;
        for (i = 0; i < k; i++)
            p[i] /= norm;
    }
    return 1;
}

static void
guess_cell(guess_t *new, const guess_t *last, const double *sum, const guesses_t *g, const ulong *cell, double *point)
{
    double K[GUESS * CORRAL], weight = 0;
    int found[CORRAL], size;
    slong k = g->s->k;

    new->size = 0;
    if (!solve_K(K, sum, k, g->s->r) || !set_points(point, K, g, cell))
        return;
    if (last != NULL && last->size > 0 && corral_holds(&weight, last->subset, last->size, point, k) && weight > 1e-4)
        *new = *last;
    else
    {
        size = corral_find(found, &weight, point, g->s->n, k);
        if (size > GUESS)
            return;
        new->size = size;
        memcpy(new->subset, found, size * sizeof *found);
    }
    new->sure = new->size == k + 1 && weight > 1e-4;
}

static void
guess_chunk(guesses_t *g, slong start, slong end)
{
    const cell_samples_t *s = g->s;
    slong size = (s->k + s->r) * s->r, i, j, l;
    double *sum = flint_malloc(size * sizeof *sum), *point = flint_malloc(s->n * s->k * sizeof *point);
    ulong *cell = flint_malloc(s->words * sizeof *cell);
    int opposite;

    for (opposite = 0; opposite < 2; opposite++)
        for (i = start; i < end; i++)
        {
            guess_t *new = g->guess + opposite * g->count + i;
            memcpy(cell, g->cells + i * s->words, s->words * sizeof *cell);
            if (opposite)
                cell_negate(cell, s);
            memset(sum, 0, size * sizeof *sum);
            for (j = 0; j < s->n; j++)
                for (l = 0; l < size; l++)
                    sum[l] += (cell_has(cell, j) ? g->up : g->down)[j * size + l];
            guess_cell(new, i > start ? new - 1 : NULL, sum, g, cell, point);
        }
    flint_free(sum);
    flint_free(point);
    flint_free(cell);
}

static void *
guess_worker(void *context)
{
    guesses_t *g = context;

    for (;;)
    {
        char what[80];
        slong start;
        pthread_mutex_lock(&g->lock);
        start = g->next;
        g->next = FLINT_MIN(start + CHUNK, g->count);
        if (start / (16 * CHUNK) != g->next / (16 * CHUNK))
        {
            snprintf(what, sizeof what, "cells: %.0f %% of %ld", 50.0 * (double) start / (double) g->count, (long) (2 * g->count));
            proof_progress(g->opt, what);
        }
        pthread_mutex_unlock(&g->lock);
        if (start >= g->count || proof_is_late(g->opt))
            return NULL;
        guess_chunk(g, start, FLINT_MIN(start + CHUNK, g->count));
    }
}

/* n x size doubles := the integers times a unit: M, then G. */
static double *
parts(const fmpz *x, const cell_samples_t *s)
{
    slong i, size = (s->k + s->r) * s->r, m = s->k * s->r;
    double M = approx_fmpq(s->M_unit), G = approx_fmpq(s->G_unit), *y = flint_malloc((s->n * size + 1) * sizeof *y);

    for (i = 0; i < s->n * size; i++)
        y[i] = fmpz_get_d(x + i) * (i % size < m ? M : G);
    return y;
}

static void
guess_all(guesses_t *g, const cell_samples_t *s, const ulong *cells, slong count, const prove_options_t *opt)
{
    pthread_t id[64];
    slong i;
    int started = 1, t, n = FLINT_MAX(FLINT_MIN(opt->threads, 64), 1);

    *g = (guesses_t) { .s = s, .cells = cells, .count = count, .opt = opt };
    g->guess = flint_calloc(2 * count, sizeof *g->guess);
    if (s->r > GUESS || s->k >= CORRAL - 1)
        return;
    g->X = flint_malloc((s->n * s->r + 1) * sizeof *g->X);
    for (i = 0; i < s->n * s->r; i++)
        g->X[i] = fmpz_get_d(s->X + i);
    g->up = parts(s->up, s);
    g->down = parts(s->down, s);
    pthread_mutex_init(&g->lock, NULL);
    for (t = 1; t < n; t++)
        if (pthread_create(id + started, NULL, guess_worker, g) == 0)
            started++;
    guess_worker(g);
    for (t = 1; t < started; t++)
        pthread_join(id[t], NULL);
    pthread_mutex_destroy(&g->lock);
    flint_free(g->X);
    flint_free(g->up);
    flint_free(g->down);
}

typedef struct
{
    list_t *l;
    const problem_t *P;
    const cell_samples_t *s;
    const fmpq *norm2;
    int digits;
    const slong *row;                       /* of X, which the rows of the samples are */
} finder_t;

/* What the conclusion says of a point. */
static int
add_point(finder_t *f, const cell_choice_t *choice, unit_cell_t *c, slong i, const fmpq *y)
{
    slong d = qmat_rows(f->P->X), j, r = f->s->r;
    fmpq *w = _fmpq_vec_init(r + d), *all = w + r;
    double *near = flint_calloc(r + 1, sizeof *near);
    int ok = choice_point(w, near, choice, c, y);
    NUMBERS(low, high);

    cell_loss(low, high, c, &i, 1, f->norm2);
    round_unless_simple(low, f->digits, 0);
    round_unless_simple(high, f->digits, 1);
    if (f->l->best == NULL || approx_fmpq(high) < f->l->best_loss)
    {
        flint_free(f->l->best);
        f->l->best = flint_calloc(d + 1, sizeof *near);
        f->l->best_loss = approx_fmpq(high);
        for (j = 0; j < r; j++)
            f->l->best[f->row[j]] = near[j];
    }
    flint_free(near);
    for (j = 0; j < r; j++)
        fmpq_set(all + f->row[j], w + j);
    append_si(&f->l->points, i == 0);
    append(&f->l->points, low);
    append(&f->l->points, high);
    for (j = 0; j < d; j++)
        append(&f->l->points, all + j);
    f->l->critical++;
    f->l->minima += i == 0;
    _fmpq_vec_clear(w, r + d);
    return ok;
}

static int
find_eigenvalue(finder_t *f, unit_cell_t *c, slong i)
{
    cell_choice_t choice;
    decision_t d = { .y = NULL };
    numbers_t *codes = &f->l->codes;
    slong j;
    int decided = -1, known = cell_choice_init(&choice, c, &i, 1);

    if (!known)
        f->l->missing = "an eigenvalue of a cell is irrational and not simple";
    else
        decided = choice_decide(&d, &choice, c);
    if (known && decided < 0)
        f->l->missing = "an eigenvalue of a cell is not decided";
    if (decided == 0)
        for (j = 0; j < (choice.simples > 0 ? 2 : 1); j++)
            append_subset(codes, d.subset[j], d.size[j], f->s->n);
    if (decided == 1)
    {
        append_si(codes, 0);
        for (j = 0; j < d.n; j++)
            append(&f->l->numbers, d.y + j);
        if (!add_point(f, &choice, c, i, d.y))
            f->l->missing = "no rational point is found in a cell";
    }
    if (d.y != NULL)
        decision_clear(&d);
    cell_choice_clear(&choice, c);
    return f->l->missing == NULL;
}

/* One cell whose sums are there. */
static int
find_cell(finder_t *f, const cell_sums_t *t, const guess_t *g, guess_t *last, int careful)
{
    unit_cell_t c;
    slong subset[GUESS], i;
    int ok;

    for (i = 0; i < g->size; i++)
        subset[i] = g->subset[i];
    if (g->size > 0 && ((g->sure && !careful) || cell_sums_exclude(t, subset, g->size)))
    {
        if (last->size == g->size && memcmp(last->subset, g->subset, g->size * sizeof *g->subset) == 0)
            append_si(&f->l->codes, 0);
        else
            append_subset(&f->l->codes, subset, g->size, f->s->n);
        *last = *g;
        return 1;
    }
    append_si(&f->l->codes, 1);
    ok = unit_cell_init(&c, t, 0);
    for (i = 0; i < c.count && ok; i++)
        ok = find_eigenvalue(f, &c, i);
    unit_cell_clear(&c);
    return ok;
}

static int
find_all(finder_t *f, const guesses_t *g, int careful)
{
    const cell_samples_t *s = f->s;
    slong i, j;
    int opposite, ok = 1;
    ulong *cell = flint_malloc(s->words * sizeof *cell);
    guess_t last = { .size = 0 };
    cell_sums_t t;

    cell_sums_init(&t, s);
    for (opposite = 0; opposite < 2; opposite++)
        for (i = 0; i < g->count && ok; i++)
        {
            memcpy(cell, g->cells + i * s->words, s->words * sizeof *cell);
            if (opposite)
                cell_negate(cell, s);
            for (j = 0; j < s->words && cell[j] == 0; j++)
                ;
            if (s->relu && j == s->words)
                f->l->dead++;
            else
                ok = cell_sums_move(&t, cell) && find_cell(f, &t, g->guess + opposite * g->count + i, &last, careful);
            if (i % 4096 == 0 && proof_is_late(g->opt))
            {
                f->l->missing = "the time is over";
                ok = 0;
            }
        }
    cell_sums_clear(&t);
    flint_free(cell);
    return ok;
}

int
list_find(list_t *l, const problem_t *P, const qmat_t X, const qmat_t Y, const fmpq *D, const fmpq_t norm2, const slong *rows,
          const prove_options_t *opt, int careful)
{
    cell_samples_t s;
    finder_t f = { .l = l, .P = P, .s = &s, .norm2 = norm2, .row = rows, .digits = opt->digits + 3 };
    guesses_t g;
    ulong *cells;
    slong count;
    int ok;
    const char *wrong = NULL;
    NUMBERS(a);

    activation_negative_slope(a, P->act);
    ok = cell_samples_init(&s, X, Y, D, a);
    proof_progress(opt, "cells: rays");
    cells = ok ? cells_enumerate(&count, &wrong, &s) : NULL;
    if (cells != NULL)
    {
        l->cells = 2 * count;
        guess_all(&g, &s, cells, count, opt);
        proof_progress(opt, "cells: those with several possibilities");
        ok = find_all(&f, &g, careful);
        flint_free(g.guess);
    }
    else
        l->missing = wrong != NULL ? wrong : "the data are beyond the limits";
    flint_free(cells);
    cell_samples_clear(&s);
    return ok && cells != NULL;
}
