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

/* b (r polynomials) := a positive multiple of K^T q, q the eigenvector of a simple eigenvalue: adj(x I - S) is a multiple of q q^T there, not 0, so one entry
   of its diagonal is not 0. */
static int
set_simple(fmpz_poly_struct *b, unit_cell_t *p, slong which)
{
    const cell_samples_t *s = p->s;
    slong e, i, o, k = s->k, entry = FLINT_ABS(fmpz_mat_max_bits(p->Sigma->num)) + 10, bits = k * entry;
    fmpz_poly_struct *column = flint_malloc(k * sizeof *column);
    fmpz_poly_t f, t;
    int ok = work_take(k, 2 * k * k, k, entry, 0) && work_take(k, k * k, 2, bits, entry) && work_take(s->r, k, k, bits, FLINT_ABS(fmpz_mat_max_bits(p->K->num))), sign = 0;

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
            fmpz_poly_add(b + i, b + i, t);
        }
    for (i = 0; i < k; i++)
        fmpz_poly_clear(column + i);
    flint_free(column);
    fmpz_poly_clear(f);
    fmpz_poly_clear(t);
    return ok && sign != 0;
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

/* The rows b of n simple eigenvalues. */
static int
set_simples(cell_choice_t *c, unit_cell_t *p, const slong *which, slong n)
{
    slong i, r = p->s->r;
    int ok = 1;

    c->simples = c->rows = n;
    c->simple = flint_malloc((n + 1) * sizeof *c->simple);
    c->b = flint_malloc((n * r + 1) * sizeof *c->b);
    for (i = 0; i < n * r; i++)
        fmpz_poly_init(c->b + i);
    for (i = 0; i < n; i++)
    {
        c->simple[i] = which[i];
        ok = ok && p->root[which[i]].multiplicity == 1 && set_simple(c->b + i * r, p, which[i]);
    }
    return ok;
}

int
cell_choice_init(cell_choice_t *c, unit_cell_t *p, const slong *which, slong n)
{
    fmpz_poly_t h;
    int rational;

    c->simples = c->rows = 0;
    c->simple = NULL;
    c->b = NULL;
    qmat_init(c->B, 0, p->s->r);
    if (!work_take(1, 10000, 1, 0, 0))
        return 0;
    if (n == 1 && p->root[which[0]].multiplicity == 1)
        return set_simples(c, p, which, n);
    fmpz_poly_init(h);
    rational = unit_cell_factor(h, p, which, n);
    if (rational)
        rational = set_rational(c, p, h) ? 1 : -1;
    fmpz_poly_clear(h);
    return rational != 0 ? rational > 0 : set_simples(c, p, which, n);
}

void
cell_choice_clear(cell_choice_t *c, const unit_cell_t *p)
{
    slong i;

    for (i = 0; i < c->simples * p->s->r; i++)
        fmpz_poly_clear(c->b + i);
    if (c->b != NULL)
        flint_free(c->b);
    if (c->simple != NULL)
        flint_free(c->simple);
    qmat_clear(c->B);
}

slong
cell_choice_numbers(const cell_choice_t *c, const unit_cell_t *p)
{
    return c->rows + (c->simples > 1 ? c->simples : 0) + qmat_rows(p->kernel);
}

/* f := x.b times q, an integer polynomial; x of r integers, b that of the simple eigenvalue number l. */
static int
along(fmpz_poly_t f, const cell_choice_t *c, const unit_cell_t *p, slong l, const fmpz *x, const fmpz_t q)
{
    slong i, r = p->s->r, bits = FLINT_ABS(_fmpz_vec_max_bits(x, r)) + fmpz_bits(q), most = 0;
    const fmpz_poly_struct *b = c->b + l * r;
    fmpz_poly_t t;

    for (i = 0; i < r; i++)
        most = FLINT_MAX(most, FLINT_ABS(fmpz_poly_max_bits(b + i)));
    if (!work_take(1, r, p->s->k, most, bits))
        return 0;
    fmpz_poly_zero(f);
    fmpz_poly_init(t);
    for (i = 0; i < r; i++)
    {
        fmpz_poly_scalar_mul_fmpz(t, b + i, x + i);
        fmpz_poly_add(f, f, t);
    }
    fmpz_poly_scalar_mul_fmpz(f, f, q);
    fmpz_poly_clear(t);
    return 1;
}

/* *sign := that of sum_l y_l x.b_l + z at the simple eigenvalues; y of integers over one denominator, den(z) divides it. */
static int
sign_along(int *sign, const cell_choice_t *c, unit_cell_t *p, const fmpz *y, const fmpz_t den, const fmpz *x, const fmpq_t z)
{
    slong l, n = c->simples;
    fmpz_poly_struct *f = flint_malloc(n * sizeof *f);
    root_t **root = flint_malloc(n * sizeof *root);
    int ok = 1;
    NUMBERS(constant);
    INTEGERS(t);

    for (l = 0; l < n; l++)
    {
        fmpz_poly_init(f + l);
        root[l] = p->root + c->simple[l];
        ok = ok && along(f + l, c, p, l, x, y + l);
    }
    fmpq_mul_fmpz(constant, z, den);
    if (ok && n == 1)
    {   /* exactly */
        fmpz_poly_get_coeff_fmpz(t, f, 0);
        fmpz_add(t, t, fmpq_numref(constant));
        fmpz_poly_set_coeff_fmpz(f, 0, t);
        ok = root_sign(sign, root[0], f);
    }
    else
        ok = ok && roots_sum_sign(sign, root, f, n, constant);
    for (l = 0; l < n; l++)
        fmpz_poly_clear(f + l);
    flint_free(f);
    flint_free(root);
    return ok;
}

/* num (one for each simple eigenvalue) over den := the numbers y that t, or t and a factor, stand for. */
static int
read_factors(fmpz *num, fmpz_t den, const cell_choice_t *c, const fmpq *y)
{
    slong l;
    int ok = 1;
    fmpq *x = _fmpq_vec_init(c->simples);

    fmpz_one(den);
    for (l = 0; l < c->simples && ok; l++)
    {
        const fmpq *t = y + (c->simples > 1 ? 2 * l : l);
        ok = fmpz_is_one(fmpq_denref(t)) && !fmpq_is_zero(t) && fmpz_bits(fmpq_numref(t)) <= CELL_BITS && (c->simples == 1 || fmpq_sgn(t + 1) > 0);
        if (!ok)
            break;
        fmpq_set_si(x + l, fmpq_sgn(t), 1);
        fmpq_div_2exp(x + l, x + l, (ulong) FLINT_ABS(fmpz_get_si(fmpq_numref(t))) - 1);
        if (c->simples > 1)
            number_mul(x + l, x + l, t + 1);
        fmpz_lcm(den, den, fmpq_denref(x + l));
    }
    for (l = 0; l < c->simples && ok; l++)
    {
        fmpz_divexact(num + l, den, fmpq_denref(x + l));
        fmpz_mul(num + l, num + l, fmpq_numref(x + l));
    }
    _fmpq_vec_clear(x, c->simples);
    return ok;
}

/* The same for w = sum y_l b_l + x, x (r numbers) rational. */
static int
simples_contain(const cell_choice_t *c, unit_cell_t *p, const fmpq *y, const fmpq *x)
{
    const cell_samples_t *s = p->s;
    slong j;
    fmpz *num = _fmpz_vec_init(c->simples), *scaled = _fmpz_vec_init(c->simples);
    int contains, sign = 0;
    INTEGERS(den, all);

    contains = read_factors(num, den, c, y);
    for (j = 0; j < s->n && contains; j++)
    {
        NUMBERS(z);
        cell_product(z, s, j, x);
        fmpz_lcm(all, den, fmpq_denref(z));
        fmpz_divexact(all, all, den);
        _fmpz_vec_scalar_mul_fmpz(scaled, num, c->simples, all);
        fmpz_mul(all, all, den);
        contains = sign_along(&sign, c, p, scaled, all, s->X + j * s->r, z) && sign == (cell_has(p->cell, j) ? 1 : -1);
    }
    _fmpz_vec_clear(num, c->simples);
    _fmpz_vec_clear(scaled, c->simples);
    return contains;
}

int
cell_choice_contains(const cell_choice_t *c, unit_cell_t *p, const fmpq *y)
{
    slong i, r = p->s->r, n = qmat_rows(p->kernel);
    int contains;
    fmpq *x = _fmpq_vec_init(r);
    NUMBERS(one);
    MATRICES(v, w, Y);

    /* the rational part of w */
    qmat_set_entries(v, 1, n, y + cell_choice_numbers(c, p) - n);
    qmat_mul(w, v, p->kernel);
    if (c->simples == 0)
    {
        fmpq_one(one);
        qmat_set_entries(Y, 1, c->rows, y);
        qmat_mul(v, Y, c->B);
        qmat_add_scaled(w, w, one, v);
    }
    for (i = 0; i < r; i++)
        qmat_get_entry(x + i, w, 0, i);
    contains = c->simples > 0 ? simples_contain(c, p, y, x) : cell_holds(p->cell, p->s, x);
    _fmpq_vec_clear(x, r);
    return contains && work_exceeded() == NULL;
}

int
cell_choice_excludes(const cell_choice_t *c, unit_cell_t *p, const slong *sample, slong n, int sign)
{
    const cell_samples_t *s = p->s;
    slong i, j;
    fmpz *lambda = _fmpz_vec_init(n + 1), *v = _fmpz_vec_init(s->r);
    int excluded, side = 0;
    qmat_t x;
    NUMBERS(zero);
    INTEGERS(one);
    MATRICES(A);

    fmpz_one(one);
    qmat_init(x, s->r, n);
    excluded = c->simples <= 1 && cell_samples_are(s, sample, n) && n <= qmat_rows(p->kernel) + qmat_rows(c->B) + 1;
    if (excluded)
        cell_signed_samples(x->num, s, p->cell, sample, n);
    qmat_stack(A, p->kernel, c->B);             /* B has no rows for a simple eigenvalue */
    if (excluded)
        qmat_mul(A, A, x);
    excluded = excluded && cell_gordan(lambda, A->num, n);
    if (excluded && c->simples == 1)
    {
        for (j = 0; j < n; j++)
            for (i = 0; i < s->r; i++)
                fmpz_addmul(v + i, lambda + j, fmpz_mat_entry(x->num, i, j));
        excluded = sign_along(&side, c, p, one, one, v, zero) && sign * side <= 0;
    }
    _fmpz_vec_clear(lambda, n + 1);
    _fmpz_vec_clear(v, s->r);
    qmat_clear(x);
    return excluded && work_exceeded() == NULL;
}
