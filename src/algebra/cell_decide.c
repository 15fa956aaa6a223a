/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include "approx.h"
#include "simplex.h"
#include "kernel/scope.h"
#include "cell_search.h"

slong
cell_eigenvector(double *b, const cell_choice_t *c, const unit_cell_t *p, slong l)
{
    const root_t *x = p->root + c->simple[l];
    slong i, r = p->s->r, e = 0;                /* b is of integers: not small but for a coincidence */
    arb_ptr v = _arb_vec_init(r);

    for (i = 0; i < r; i++)
    {
        arb_fmpz_poly_evaluate_arb(v + i, c->b + l * r + i, x->x, x->prec + 64);
        if (arb_contains_zero(v + i))
            arb_zero(v + i);                    /* most likely */
        if (!arf_is_zero(arb_midref(v + i)))
            e = FLINT_MAX(e, arf_abs_bound_lt_2exp_si(arb_midref(v + i)));
    }
    for (i = 0; i < r; i++)
    {
        arb_mul_2exp_si(v + i, v + i, -e);
        b[i] = arf_get_d(arb_midref(v + i), ARF_RND_NEAR);
    }
    _arb_vec_clear(v, r);
    return e;
}

/* value (n numbers) := s_j x_j.b, 0 where doubles do not tell it from 0. */
static void
signed_values(double *value, const double *b, const unit_cell_t *p)
{
    const cell_samples_t *s = p->s;
    slong i, j;

    for (j = 0; j < s->n; j++)
    {
        double size = 0;
        for (value[j] = 0, i = 0; i < s->r; i++)
        {
            double t = b[i] * fmpz_get_d(s->X + j * s->r + i);
            value[j] += t;
            size += fabs(t);
        }
        if (fabs(value[j]) < 1e-13 * size)
            value[j] = 0;
        value[j] *= cell_has(p->cell, j) ? 1 : -1;
    }
}

/* e := s_j x_j.(row of R). */
static void
signed_entry(fmpq_t e, const qmat_t R, slong row, const unit_cell_t *p, slong j)
{
    slong l;
    NUMBERS(t, z);

    fmpq_zero(e);
    for (l = 0; l < p->s->r; l++)
    {
        qmat_get_entry(t, R, row, l);
        fmpq_set_fmpz(z, p->s->X + j * p->s->r + l);
        fmpq_addmul(e, t, z);
    }
    if (!cell_has(p->cell, j))
        fmpq_neg(e, e);
}

/* A := rows (B, or the values of simple eigenvalues; then the kernel) of s_j x_j, a column for each sample, and one of slack for a single simple eigenvalue; then
   sum lambda = 1. */
static void
set_program(qmat_t A, const cell_choice_t *c, const unit_cell_t *p, const double *value, int sign)
{
    slong i, j, m = p->s->n, rows = c->rows + qmat_rows(p->kernel) + 1, cols = m + (c->simples == 1);
    fmpq *entry = _fmpq_vec_init(rows * cols + 1);

    for (j = 0; j < m; j++)
    {
        for (i = 0; i < rows - 1; i++)
            if (i >= c->rows)
                signed_entry(entry + i * cols + j, p->kernel, i - c->rows, p, j);
            else if (c->simples == 0)
                signed_entry(entry + i * cols + j, c->B, i, p, j);
            else
                approx_to_fmpq(entry + i * cols + j, sign * value[i * m + j], 40, 0);
        fmpq_one(entry + (rows - 1) * cols + j);
    }
    if (c->simples == 1)
        fmpq_one(entry + m);                /* slack of row 0: the sum may be negative */
    qmat_set_entries(A, rows, cols, entry);
    _fmpq_vec_clear(entry, rows * cols + 1);
}

int
cell_program(slong *subset, slong *size, fmpq *y, const qmat_t A, slong n)
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

/* z := the numbers of the evidence for y, then n, with so many bits (0: all): of a simple eigenvalue t, with several of them a factor; e: the exponents of b. */
static void
encode(fmpq *z, const fmpq *y, const cell_choice_t *c, const unit_cell_t *p, const slong *e, int bits, int sign)
{
    slong i, at = 0, most = 0, n = c->rows + qmat_rows(p->kernel);
    NUMBERS(a, b);

    for (i = 1; i < n && c->simples != 1; i++)
    {
        fmpq_abs(a, y + i);
        fmpq_abs(b, y + most);
        most = fmpq_cmp(a, b) > 0 ? i : most;
    }
    fmpq_abs(a, y + most);
    for (i = 0; i < n && !fmpq_is_zero(a); i++)
    {
        fmpq_div(b, y + i, a);
        if (i < c->simples)
            fmpq_set_si(z + at++, (fmpq_sgn(b) < 0 ? -1 : 1) * sign * (e[i] + 1), 1);
        if (i < c->simples && c->simples == 1)
            continue;
        if (i < c->simples && fmpq_is_zero(b))
            fmpq_set_si(b, 1, 1L << 30);
        if (i < c->simples)
            fmpq_abs(b, b);
        if (bits > 0)
            approx_to_fmpq(z + at++, approx_fmpq(b), bits, 0);
        else
            fmpq_set(z + at++, b);
    }
}

/* d->y := short numbers near y that are a point of the cell. */
static int
find_numbers(decision_t *d, const fmpq *y, const cell_choice_t *c, unit_cell_t *p, const slong *e, int sign)
{
    static const int bits[] = { 12, 24, 48, 0 };
    size_t l;

    for (l = 0; l < sizeof bits / sizeof *bits; l++)
    {
        encode(d->y, y, c, p, e, bits[l], sign);
        if (cell_choice_contains(c, p, d->y))
            return 1;
    }
    return 0;
}

int
choice_decide(decision_t *d, const cell_choice_t *c, unit_cell_t *p)
{
    const cell_samples_t *s = p->s;
    slong kernel = qmat_rows(p->kernel), l, *e = flint_calloc(c->simples + 1, sizeof *e);
    double *value = flint_calloc((c->simples + 1) * s->n + 1, sizeof *value), *b = flint_calloc(s->r + 1, sizeof *b);
    int sign, excluded = 0, found = 0, single = c->simples == 1;
    fmpq *y = _fmpq_vec_init(c->rows + kernel + 2);
    MATRICES(A);

    d->n = cell_choice_numbers(c, p);
    d->y = _fmpq_vec_init(d->n + 1);
    for (l = 0; l < c->simples; l++)
    {
        e[l] = cell_eigenvector(b, c, p, l);
        signed_values(value + l * s->n, b, p);
    }
    for (sign = 1; sign >= (single ? -1 : 1) && !found; sign -= 2)
    {
        slong *subset = d->subset[sign < 0], *size = d->size + (sign < 0);
        int solved = 1;
        fmpq_one(y);
        if (single && kernel == 0)
            wrong_sign(subset, size, value, s, sign);
        else
        {
            set_program(A, c, p, value, sign);
            solved = cell_program(subset, size, y, A, s->n);
        }
        if (solved && cell_choice_excludes(c, p, subset, *size, sign))
            excluded++;
        else if (!solved && single && fmpq_is_zero(y))
        {   /* the kernel alone gives a w with all margins >= - y_last: a little of b changes nothing */
            fmpq_neg(y, y + c->rows + kernel);
            fmpq_div_2exp(y, y, 20);
            found = find_numbers(d, y, c, p, e, sign);
        }
        else if (!solved || (single && kernel == 0))
            found = find_numbers(d, y, c, p, e, sign);
    }
    flint_free(value);
    flint_free(b);
    flint_free(e);
    _fmpq_vec_clear(y, c->rows + kernel + 2);
    return found ? 1 : excluded == (single ? 2 : 1) ? 0 : -1;
}

void
decision_clear(decision_t *d)
{
    _fmpq_vec_clear(d->y, d->n + 1);
}

/* near := about w, its largest entry 1 or -1. */
static void
about(double *near, const cell_choice_t *c, const unit_cell_t *p, const fmpq *y)
{
    slong r = p->s->r, i, l, n = qmat_rows(p->kernel), at = 0;
    double *b = flint_calloc(r + 1, sizeof *b), most = 0, factor;
    NUMBERS(t);

    for (i = 0; i < r; i++)
        near[i] = 0;
    for (l = 0; l < c->rows + n; l++)
    {
        if (l < c->simples)
        {
            slong e = cell_eigenvector(b, c, p, l), exponent = FLINT_ABS(fmpz_get_si(fmpq_numref(y + at)));
            factor = ldexp(fmpq_sgn(y + at++), (int) (e + 1 - exponent));
            factor *= c->simples > 1 ? approx_fmpq(y + at++) : 1;
        }
        else
        {
            for (i = 0; i < r; i++)
            {
                qmat_get_entry(t, l < c->rows ? c->B : p->kernel, l < c->rows ? l : l - c->rows, i);
                b[i] = approx_fmpq(t);
            }
            factor = approx_fmpq(y + at++);
        }
        for (i = 0; i < r; i++)
            near[i] += factor * b[i];
    }
    for (i = 0; i < r; i++)
        most = fmax(most, fabs(near[i]));
    for (i = 0; i < r && most > 0; i++)
        near[i] /= most;
    flint_free(b);
}

int
choice_point(fmpq *w, double *near, const cell_choice_t *c, unit_cell_t *p, const fmpq *y)
{
    static const double error[] = { 3e-2, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12 };
    slong r = p->s->r, i;
    size_t l;
    int holds = 0;
    NUMBERS(low, high);

    about(near, c, p, y);
    for (l = 0; l < sizeof error / sizeof *error && !holds; l++)
    {
        for (i = 0; i < r; i++)
        {
            approx_to_fmpq(low, near[i] - error[l], 53, 0);
            approx_to_fmpq(high, near[i] + error[l], 53, 0);
            fmpq_simplest_between(w + i, low, high);
        }
        holds = cell_holds(p->cell, p->s, w);
    }
    return holds;
}
