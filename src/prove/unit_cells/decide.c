/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include "algebra/approx.h"
#include "algebra/simplex.h"
#include "kernel/scope.h"
#include "unit_cells.h"

/* b (r numbers) := that of the simple eigenvalue times 2^-e, at most 1 each, near enough; returns e. */
static slong
approximate(double *b, const cell_choice_t *c, const unit_cell_t *p)
{
    const root_t *x = p->root + c->simple;
    slong i, r = p->s->r, e = WORD_MIN;
    arb_ptr v = _arb_vec_init(r);

    for (i = 0; i < r; i++)
    {
        arb_fmpz_poly_evaluate_arb(v + i, c->b + i, x->x, x->prec + 64);
        if (!arf_is_zero(arb_midref(v + i)))
            e = FLINT_MAX(e, arf_abs_bound_lt_2exp_si(arb_midref(v + i)));
    }
    e = FLINT_MAX(e, 0);                    /* b is of integers, not small but for a coincidence */
    for (i = 0; i < r; i++)
    {
        arb_mul_2exp_si(v + i, v + i, -e);
        b[i] = arf_get_d(arb_midref(v + i), ARF_RND_NEAR);
    }
    _arb_vec_clear(v, r);
    return e;
}

/* value (n numbers) := s_j x_j.b. */
static void
signed_values(double *value, const double *b, const unit_cell_t *p)
{
    const cell_samples_t *s = p->s;
    slong i, j;

    for (j = 0; j < s->n; j++)
    {
        for (value[j] = 0, i = 0; i < s->r; i++)
            value[j] += b[i] * fmpz_get_d(s->X + j * s->r + i);
        value[j] *= cell_has(p->cell, j) ? 1 : -1;
    }
}

/* A := rows (B or the values, then the kernel) of s_j x_j, a column for each sample and one of slack if there are values; then sum lambda = 1. */
static void
set_program(qmat_t A, const cell_choice_t *c, const unit_cell_t *p, const double *value, int sign)
{
    const cell_samples_t *s = p->s;
    slong i, j, l, rows = (value != NULL ? 1 : c->rows) + qmat_rows(p->kernel) + 1, cols = s->n + (value != NULL);
    fmpq *entry = _fmpq_vec_init(rows * cols + 1);
    NUMBERS(t, z);

    for (j = 0; j < s->n; j++)
    {
        for (i = 0; i < rows - 1; i++)
        {
            const qmat_struct *R = value == NULL && i < c->rows ? c->B : p->kernel;
            slong row = value == NULL ? (i < c->rows ? i : i - c->rows) : i - 1;
            fmpq *e = entry + i * cols + j;
            if (value != NULL && i == 0)
            {
                approx_to_fmpq(e, sign * value[j], 40, 0);
                continue;
            }
            for (l = 0; l < s->r; l++)
            {
                qmat_get_entry(t, R, row, l);
                fmpq_set_fmpz(z, s->X + j * s->r + l);
                fmpq_addmul(e, t, z);
            }
            if (!cell_has(p->cell, j))
                fmpq_neg(e, e);
        }
        fmpq_one(entry + (rows - 1) * cols + j);
    }
    if (value != NULL)
        fmpq_one(entry + s->n);             /* slack of row 0: the sum may be negative */
    qmat_set_entries(A, rows, cols, entry);
    _fmpq_vec_clear(entry, rows * cols + 1);
}

/* The program has a solution: 1, its support; or the Farkas vector, 0. */
static int
solve(slong *subset, slong *size, fmpq *y, const qmat_t A, slong n)
{
    slong j, rows = qmat_rows(A);
    fmpq *x = _fmpq_vec_init(2 * qmat_cols(A)), *cost = x + qmat_cols(A);
    qmat_t b;
    int ok;

    qmat_init(b, rows, 1);
    fmpz_one(fmpz_mat_entry(b->num, rows - 1, 0));
    if (qmat_cols(A) > n)
        fmpq_one(cost + n);             /* the most slack: then it is in the basis, and the samples are fewer by one */
    ok = simplex(x, y, A, b, cost) != SIMPLEX_INFEASIBLE;
    for (*size = 0, j = 0; j < n && ok; j++)
        if (!fmpq_is_zero(x + j) && *size < CELL_SUBSET)
            subset[(*size)++] = j;
    qmat_clear(b);
    _fmpq_vec_clear(x, 2 * qmat_cols(A));
    return ok;
}

/* One sample with the wrong sign, where there is no kernel: the most wrong one. */
static void
wrong_sign(slong *subset, slong *size, const double *value, const cell_samples_t *s, int sign)
{
    slong j, best = 0;

    for (j = 1; j < s->n; j++)
        if (sign * value[j] < sign * value[best])
            best = j;
    subset[0] = best;
    *size = 1;
}

/* y, n numbers, of a simple eigenvalue the first one fixed: short ones near them that are a point of the cell, or themselves. */
static int
shorten(fmpq *y, slong n, const cell_choice_t *c, unit_cell_t *p)
{
    static const int bits[] = { 12, 24, 48, 0 };
    slong i, l, most = 0;
    int contained = 0;
    fmpq *z = _fmpq_vec_init(n + 1);
    NUMBERS(a, b);

    fmpq_one(a);
    for (i = 1; i < n && c->simple < 0; i++)
    {
        fmpq_abs(a, y + i);
        fmpq_abs(b, y + most);
        most = fmpq_cmp(a, b) > 0 ? i : most;
    }
    if (c->simple < 0)
        fmpq_abs(a, y + most);
    for (l = 0; l < 4 && !contained && !fmpq_is_zero(a); l++)
    {
        for (i = 0; i < n; i++)
        {
            fmpq_div(z + i, y + i, a);
            if (bits[l] > 0 && (c->simple < 0 || i > 0))
                approx_to_fmpq(z + i, approx_fmpq(z + i), bits[l], 0);
        }
        contained = cell_choice_contains(c, p, z);
    }
    for (i = 0; i < n; i++)
        fmpq_swap(y + i, z + i);
    _fmpq_vec_clear(z, n + 1);
    return contained;
}

int
choice_decide(decision_t *d, const cell_choice_t *c, unit_cell_t *p)
{
    const cell_samples_t *s = p->s;
    slong kernel = qmat_rows(p->kernel), i, e = 0;
    double *value = flint_calloc(s->n + s->r + 1, sizeof *value);
    int sign, excluded = 0, found = 0, simple = c->simple >= 0;
    fmpq *y = _fmpq_vec_init(c->rows + kernel + 2);
    MATRICES(A);

    d->n = c->rows + kernel;
    d->y = _fmpq_vec_init(d->n + 1);
    if (simple)
    {
        e = approximate(value + s->n, c, p);
        signed_values(value, value + s->n, p);
    }
    for (sign = 1; sign >= (simple ? -1 : 1) && !found; sign -= 2)
    {
        slong *subset = d->subset[sign < 0], *size = d->size + (sign < 0);
        int solved = 1;
        fmpq_one(y);
        if (simple && kernel == 0)
            wrong_sign(subset, size, value, s, sign);
        else
        {
            set_program(A, c, p, simple ? value : NULL, sign);
            solved = solve(subset, size, y, A, s->n);
        }
        if (solved && cell_choice_excludes(c, p, subset, *size, sign))
        {
            excluded++;
            continue;
        }
        for (i = 0; i < d->n; i++)
            fmpq_set(d->y + i, y + i);
        for (i = 1; i < d->n && simple && !fmpq_is_zero(y); i++)
            fmpq_div(d->y + i, d->y + i, y);
        if (simple)
            fmpq_set_si(d->y, sign * (e + 1), 1);
        found = shorten(d->y, d->n, c, p);
    }
    flint_free(value);
    _fmpq_vec_clear(y, c->rows + kernel + 2);
    return found ? 1 : excluded == (simple ? 2 : 1) ? 0 : -1;
}

void
decision_clear(decision_t *d)
{
    _fmpq_vec_clear(d->y, d->n + 1);
}

int
choice_point(fmpq *w, double *near, const cell_choice_t *c, unit_cell_t *p, const fmpq *y)
{
    static const double error[] = { 3e-2, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12 };
    slong r = p->s->r, i, j, n = qmat_rows(p->kernel);
    double *v = near, most = 0;
    size_t l;
    int holds = 0;
    NUMBERS(t, low, high);

    for (i = 0; i < r; i++)
        v[i] = 0;
    if (c->simple >= 0)
    {
        slong e = approximate(v, c, p);
        for (i = 0; i < r; i++)
            v[i] *= ldexp(fmpq_sgn(y), (int) (e + 1 - FLINT_ABS(fmpz_get_si(fmpq_numref(y)))));
    }
    for (j = 0; j < n + (c->simple >= 0 ? 0 : c->rows); j++)
        for (i = 0; i < r; i++)
        {
            const qmat_struct *R = j < n ? p->kernel : c->B;
            qmat_get_entry(t, R, j < n ? j : j - n, i);
            v[i] += approx_fmpq(t) * approx_fmpq(y + (j < n ? c->rows + j : j - n));
        }
    for (i = 0; i < r; i++)
        most = fmax(most, fabs(v[i]));
    for (i = 0; i < r && most > 0; i++)
        v[i] /= most;
    for (l = 0; l < sizeof error / sizeof *error && !holds && most > 0 && isfinite(most); l++)
    {
        for (i = 0; i < r; i++)
        {
            approx_to_fmpq(low, v[i] - error[l], 53, 0);
            approx_to_fmpq(high, v[i] + error[l], 53, 0);
            fmpq_simplest_between(w + i, low, high);
        }
        holds = cell_holds(p->cell, p->s, w);
    }
    return holds;
}
