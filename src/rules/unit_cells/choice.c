/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which w belong to some eigenvalues of Sigma, and whether one of them has the pattern. */
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "unit_cells.h"

/* column (k polynomials) := column e of adj(x I - S), S the integers of Sigma: sum_i x^i C_i with C_{k-1} = I, C_{i-1} = S C_i + c_i I, c_i the coefficients of
   the characteristic polynomial (Faddeev & LeVerrier). */
static void
adjugate_column(fmpz_poly_struct *column, const fmpz_mat_t S, const fmpz_poly_t f, slong e)
{
    slong i, j, k = fmpz_mat_nrows(S);
    fmpz_mat_t c, t;

    fmpz_mat_init(c, k, 1);
    fmpz_mat_init(t, k, 1);
    fmpz_one(fmpz_mat_entry(c, e, 0));
    for (i = k - 1; i >= 0; i--)
    {
        for (j = 0; j < k; j++)
            fmpz_poly_set_coeff_fmpz(column + j, i, fmpz_mat_entry(c, j, 0));
        fmpz_mat_mul(t, S, c);
        fmpz_mat_swap(t, c);
        fmpz_add(fmpz_mat_entry(c, e, 0), fmpz_mat_entry(c, e, 0), f->coeffs + i);
    }
    fmpz_mat_clear(c);
    fmpz_mat_clear(t);
}

/* b := a positive multiple of K^T q, q the eigenvector of a simple eigenvalue: adj(x I - S) is a multiple of q q^T there, not 0, so one entry of its
   diagonal is not 0. */
static int
set_simple(cell_choice_t *c, unit_cell_t *p, slong which)
{
    const cell_samples_t *s = p->s;
    slong e, i, o, k = s->k, bits = k * (FLINT_ABS(fmpz_mat_max_bits(p->Sigma->num)) + 10);
    fmpz_poly_struct *column = flint_malloc(k * sizeof *column);
    fmpz_poly_t f, t;
    int ok = work_take(k, k * k, k, bits, bits) && work_take(s->r, k, k, bits, FLINT_ABS(fmpz_mat_max_bits(p->K->num))), sign = 0;

    fmpz_poly_init(f);
    fmpz_poly_init(t);
    for (i = 0; i < k; i++)
        fmpz_poly_init(column + i);
    if (ok)
        fmpz_mat_charpoly(f, p->Sigma->num);
    for (e = 0; e < k && ok && sign == 0; e++)
    {
        adjugate_column(column, p->Sigma->num, f, e);
        ok = root_sign(&sign, p->root + which, column + e);
    }
    for (i = 0; i < s->r && ok && sign != 0; i++)
        for (o = 0; o < k; o++)
        {
            fmpz_poly_scalar_mul_fmpz(t, column + o, fmpz_mat_entry(p->K->num, o, i));
            fmpz_poly_add(c->b + i, c->b + i, t);
        }
    for (i = 0; i < k; i++)
        fmpz_poly_clear(column + i);
    flint_free(column);
    fmpz_poly_clear(f);
    fmpz_poly_clear(t);
    return ok && sign != 0;
}

/* h := the product of the irreducible factors of the chosen eigenvalues; 1 if no other eigenvalue is a root of it. */
static int
rational_factor(fmpz_poly_t h, unit_cell_t *p, const slong *which, slong n)
{
    slong i, j, l;
    int sign = 1, ok = 1, chosen;

    fmpz_poly_one(h);
    for (i = 0; i < n && ok; i++)
    {
        root_t *x = p->root + which[i];
        slong bits = FLINT_ABS(fmpz_poly_max_bits(x->f)), deg = fmpz_poly_length(x->f);
        fmpz_poly_factor_t factors;
        ok = root_sign(&sign, x, h) && work_take(deg * deg, deg * deg, deg, deg * bits, deg * bits);
        if (!ok || sign == 0)
            continue;
        fmpz_poly_factor_init(factors);
        fmpz_poly_factor(factors, x->f);
        for (j = 0; j < factors->num && ok; j++)
        {
            ok = root_sign(&sign, x, factors->p + j);
            if (ok && sign == 0)
                fmpz_poly_mul(h, h, factors->p + j);
        }
        fmpz_poly_factor_clear(factors);
    }
    for (i = 0; i < p->count && ok; i++)
    {
        for (chosen = 0, l = 0; l < n; l++)
            chosen |= which[l] == i;
        ok = root_sign(&sign, p->root + i, h) && (sign == 0) == chosen;
    }
    return ok;
}

/* B := rows that span K^T T, T = ker h(S). */
static int
set_rational(cell_choice_t *c, const unit_cell_t *p, const fmpz_poly_t h)
{
    slong i, j, deg = fmpz_poly_degree(h), k = p->s->k, bits = FLINT_ABS(fmpz_mat_max_bits(p->Sigma->num)), nullity;
    int ok = work_take(k, k * (deg + 1), k, deg * (bits + 10) + FLINT_ABS(fmpz_poly_max_bits(h)), bits)
             && work_take(k, k, k, k * (deg * (bits + 10) + FLINT_ABS(fmpz_poly_max_bits(h))), 0);
    fmpz_mat_t H, N;
    qmat_t Q;
    INTEGERS(content);

    if (!ok)
        return 0;
    fmpz_mat_init(H, k, k);
    fmpz_mat_init(N, k, k);
    for (i = deg; i >= 0; i--)
    {
        fmpz_mat_mul(H, H, p->Sigma->num);
        for (j = 0; j < k; j++)
            fmpz_add(fmpz_mat_entry(H, j, j), fmpz_mat_entry(H, j, j), h->coeffs + i);
    }
    nullity = fmpz_mat_nullspace(N, H);
    qmat_init(Q, nullity, k);
    for (i = 0; i < nullity; i++)
    {   /* in lowest terms, the last entry that is not 0 positive */
        fmpz *q = fmpz_mat_entry(Q->num, i, 0);
        for (j = 0; j < k; j++)
            fmpz_set(q + j, fmpz_mat_entry(N, j, i));
        _fmpz_vec_content(content, q, k);
        for (j = k - 1; j > 0 && fmpz_is_zero(q + j); j--)
            ;
        if (fmpz_sgn(q + j) < 0)
            fmpz_neg(content, content);
        _fmpz_vec_scalar_divexact_fmpz(q, q, k, content);
    }
    qmat_mul(c->B, Q, p->K);
    c->rows = nullity;
    qmat_clear(Q);
    fmpz_mat_clear(H);
    fmpz_mat_clear(N);
    return 1;
}

int
cell_choice_init(cell_choice_t *c, unit_cell_t *p, const slong *which, slong n)
{
    slong i;
    fmpz_poly_t h;
    int ok;

    c->simple = n == 1 && p->root[which[0]].multiplicity == 1 ? which[0] : -1;
    c->rows = 1;
    qmat_init(c->B, 0, p->s->r);
    c->b = flint_malloc((p->s->r + 1) * sizeof *c->b);
    for (i = 0; i < p->s->r; i++)
        fmpz_poly_init(c->b + i);
    if (c->simple >= 0)
        return set_simple(c, p, which[0]);
    fmpz_poly_init(h);
    ok = rational_factor(h, p, which, n) && set_rational(c, p, h);
    fmpz_poly_clear(h);
    return ok;
}

void
cell_choice_clear(cell_choice_t *c, const unit_cell_t *p)
{
    slong i;

    for (i = 0; i < p->s->r; i++)
        fmpz_poly_clear(c->b + i);
    flint_free(c->b);
    qmat_clear(c->B);
}

/* f := x.b + y, x of r integers, y rational, times a positive number. */
static int
along(fmpz_poly_t f, const cell_choice_t *c, const unit_cell_t *p, const fmpz *x, const fmpq_t y)
{
    slong i, bits = FLINT_ABS(_fmpz_vec_max_bits(x, p->s->r)) + fmpz_bits(fmpq_numref(y)) + fmpz_bits(fmpq_denref(y)), most = 0;
    fmpz_poly_t t;
    INTEGERS(z);

    for (i = 0; i < p->s->r; i++)
        most = FLINT_MAX(most, FLINT_ABS(fmpz_poly_max_bits(c->b + i)));
    if (!work_take(1, p->s->r, p->s->k, most, bits))
        return 0;
    fmpz_poly_zero(f);
    fmpz_poly_init(t);
    for (i = 0; i < p->s->r; i++)
    {
        fmpz_poly_scalar_mul_fmpz(t, c->b + i, x + i);
        fmpz_poly_add(f, f, t);
    }
    fmpz_poly_scalar_mul_fmpz(f, f, fmpq_denref(y));
    fmpz_poly_get_coeff_fmpz(z, f, 0);
    fmpz_add(z, z, fmpq_numref(y));
    fmpz_poly_set_coeff_fmpz(f, 0, z);
    fmpz_poly_clear(t);
    return 1;
}

int
cell_choice_contains(const cell_choice_t *c, unit_cell_t *p, const fmpq *y)
{
    const cell_samples_t *s = p->s;
    slong i, j, n = qmat_rows(p->kernel), rows = c->simple >= 0 ? 1 : c->rows;
    int contains = 1, sign, side = fmpq_sgn(y);
    ulong exponent = 0;
    fmpq *x = _fmpq_vec_init(s->r);
    NUMBERS(one);
    MATRICES(v, w, Y);

    /* the rational part of w */
    qmat_set_entries(v, 1, n, y + rows);
    qmat_mul(w, v, p->kernel);
    if (c->simple < 0)
    {
        fmpq_one(one);
        qmat_set_entries(Y, 1, rows, y);
        qmat_mul(v, Y, c->B);
        qmat_add_scaled(w, w, one, v);
    }
    for (i = 0; i < s->r; i++)
        qmat_get_entry(x + i, w, 0, i);
    if (c->simple < 0)
        contains = cell_holds(p->cell, s, x);
    else if (side == 0 || !fmpz_is_one(fmpq_denref(y)) || fmpz_bits(fmpq_numref(y)) > CELL_BITS)
        contains = 0;
    else
        exponent = (ulong) FLINT_ABS(fmpz_get_si(fmpq_numref(y))) - 1;
    for (j = 0; j < s->n && contains && c->simple >= 0; j++)
    {
        fmpz_poly_t f;
        NUMBERS(z, t);
        for (i = 0; i < s->r; i++)
        {
            fmpq_set_fmpz(t, s->X + j * s->r + i);
            number_addmul(z, t, x + i);
        }
        fmpq_mul_2exp(z, z, exponent);          /* side w / |y| = b + .. */
        if (side < 0)
            fmpq_neg(z, z);
        fmpz_poly_init(f);
        contains = along(f, c, p, s->X + j * s->r, z) && root_sign(&sign, p->root + c->simple, f)
                   && sign * side == (cell_has(p->cell, j) ? 1 : -1);
        fmpz_poly_clear(f);
    }
    _fmpq_vec_clear(x, s->r);
    return contains && work_exceeded() == NULL;
}

int
cell_choice_excludes(const cell_choice_t *c, unit_cell_t *p, const slong *sample, slong n, int sign)
{
    const cell_samples_t *s = p->s;
    slong i, j, rows;
    fmpz *lambda = _fmpz_vec_init(n + 1), *v = _fmpz_vec_init(s->r);
    fmpz_poly_t f;
    int excluded, side = 0;
    qmat_t x;
    NUMBERS(zero);
    MATRICES(A);

    qmat_init(x, s->r, n);
    excluded = cell_samples_are(s, sample, n);
    for (j = 0; j < n && excluded; j++)
        for (i = 0; i < s->r; i++)
            if (cell_has(p->cell, sample[j]))
                fmpz_set(fmpz_mat_entry(x->num, i, j), s->X + sample[j] * s->r + i);
            else
                fmpz_neg(fmpz_mat_entry(x->num, i, j), s->X + sample[j] * s->r + i);
    rows = qmat_rows(p->kernel);
    if (c->simple < 0)
        qmat_stack(A, p->kernel, c->B);
    else
        qmat_set(A, p->kernel);
    excluded = excluded && n <= rows + (c->simple < 0 ? c->rows : 0) + 1;
    if (excluded)
        qmat_mul(A, A, x);
    excluded = excluded && cell_gordan(lambda, A->num, n);
    if (excluded && c->simple >= 0)
    {
        for (j = 0; j < n; j++)
            for (i = 0; i < s->r; i++)
                fmpz_addmul(v + i, lambda + j, fmpz_mat_entry(x->num, i, j));
        fmpz_poly_init(f);
        excluded = along(f, c, p, v, zero) && root_sign(&side, p->root + c->simple, f) && sign * side <= 0;
        fmpz_poly_clear(f);
    }
    _fmpz_vec_clear(lambda, n + 1);
    _fmpz_vec_clear(v, s->r);
    qmat_clear(x);
    return excluded && work_exceeded() == NULL;
}
