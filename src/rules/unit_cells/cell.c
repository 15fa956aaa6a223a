/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One cell: K, Sigma and its positive eigenvalues. */
#include "kernel/columns.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "unit_cells.h"

/* A (rows x r) := unit times the integers. */
static void
from_sums(qmat_t A, const fmpz *sum, slong rows, slong r, const fmpq_t unit)
{
    slong i, j;
    qmat_t t;

    qmat_init(t, rows, r);
    for (i = 0; i < rows; i++)
        for (j = 0; j < r; j++)
            fmpz_set(fmpz_mat_entry(t->num, i, j), sum + i * r + j);
    qmat_scale(A, t, unit);
    qmat_clear(t);
}

/* N := rows that span {v : A v = 0}, from A^T = T A^T[pivots]; 0 beyond the limits. */
static int
kernel_rows(qmat_t N, const qmat_t A, slong *pivots, slong *rank)
{
    slong i, j, c = 0, n = qmat_cols(A), p;
    qmat_t t;
    MATRICES(At, T, B);

    qmat_transpose(At, A);
    *rank = rank_factor_rows(T, B, pivots, At, FLINT_MIN(n, qmat_rows(A)));
    if (*rank < 0)
        return 0;
    qmat_init(t, n - *rank, n);
    fmpz_set(t->den, T->den);
    for (i = p = 0; i < n; i++)
    {
        if (p < *rank && pivots[p] == i)
        {
            p++;
            continue;
        }
        for (j = 0; j < *rank; j++)
            fmpz_neg(fmpz_mat_entry(t->num, c, pivots[j]), fmpz_mat_entry(T->num, i, j));
        fmpz_set(fmpz_mat_entry(t->num, c, i), T->den);
        c++;
    }
    qmat_canonicalise(t);
    qmat_swap(N, t);
    qmat_clear(t);
    return 1;
}

/* K with K G = M: the columns of independent rows of G alone. */
static int
set_K(unit_cell_t *p, const slong *pivots, slong rank)
{
    slong i, j, r = p->s->r;
    int ok;
    qmat_t K;
    MATRICES(Gp, Mp, Mt, S, check);

    qmat_pick_columns(Gp, p->G, pivots, rank);
    qmat_transpose(S, Gp);
    qmat_pick_columns(Gp, S, pivots, rank);             /* G[pivots, pivots], which is regular */
    qmat_pick_columns(Mp, p->M, pivots, rank);
    qmat_transpose(Mt, Mp);
    ok = rank == 0 || qmat_solve(S, Gp, Mt);
    qmat_init(K, p->s->k, r);
    if (ok && rank > 0)
    {
        for (i = 0; i < rank; i++)
            for (j = 0; j < p->s->k; j++)
                fmpz_set(fmpz_mat_entry(K->num, j, pivots[i]), fmpz_mat_entry(S->num, i, j));
        fmpz_set(K->den, S->den);
    }
    qmat_canonicalise(K);
    qmat_swap(p->K, K);
    qmat_clear(K);
    qmat_mul(check, p->K, p->G);
    return ok && qmat_equal(check, p->M);
}

int
unit_cell_init(unit_cell_t *p, const cell_sums_t *t, int more)
{
    const cell_samples_t *s = t->s;
    slong rank, *pivots = flint_malloc((s->r + 1) * sizeof *pivots);
    fmpz_poly_t f;
    int ok;
    MATRICES(Mt);

    p->s = s;
    p->cell = t->cell;
    qmat_init(p->M, 0, 0);
    qmat_init(p->G, 0, 0);
    qmat_init(p->K, 0, 0);
    qmat_init(p->Sigma, 0, 0);
    qmat_init(p->kernel, 0, 0);
    p->count = 0;
    p->root = NULL;
    from_sums(p->M, t->sum, s->k, s->r, s->M_unit);
    from_sums(p->G, t->sum + s->k * s->r, s->r, s->r, s->G_unit);
    ok = work_take(1, 20000, 1, 0, 0) && kernel_rows(p->kernel, p->G, pivots, &rank) && set_K(p, pivots, rank) && (!more || kernel_rows(p->kernel, p->M, pivots, &rank));
    flint_free(pivots);
    if (!ok)
        return 0;
    qmat_transpose(Mt, p->M);
    qmat_mul(p->Sigma, p->K, Mt);
    if (!work_take(s->k, 2 * s->k * s->k, s->k, FLINT_ABS(fmpz_mat_max_bits(p->Sigma->num)) + 10, 0))
        return 0;
    fmpz_poly_init(f);
    fmpz_mat_charpoly(f, p->Sigma->num);
    p->root = roots_positive(&p->count, f);
    fmpz_poly_clear(f);
    if (p->root == NULL)
        p->count = 0;
    return p->root != NULL;
}

void
unit_cell_clear(unit_cell_t *p)
{
    if (p->root != NULL)
        roots_clear(p->root, p->count);
    qmat_clear(p->M);
    qmat_clear(p->G);
    qmat_clear(p->K);
    qmat_clear(p->Sigma);
    qmat_clear(p->kernel);
}

int
unit_cell_factor(fmpz_poly_t h, unit_cell_t *p, const slong *which, slong n)
{
    slong i, j, l;
    int sign = 1, ok = 1, chosen;

    fmpz_poly_one(h);
    for (i = 0; i < n && ok; i++)
    {
        root_t *x = p->root + which[i];
        slong bits = FLINT_ABS(fmpz_poly_max_bits(x->f)), deg = fmpz_poly_length(x->f);
        fmpz_poly_factor_t factors;
        ok = root_sign(&sign, x, h) && work_take(deg, deg * deg, deg, deg * bits, bits);
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

/* Adds times the sum of these eigenvalues to sum, or them to the rest. */
static slong
add_group(fmpq_t sum, slong *rest, slong at, unit_cell_t *p, const slong *which, slong n, slong times)
{
    slong i, j, d;
    fmpz_poly_t h;
    int rational;
    INTEGERS(r);
    NUMBERS(x);

    fmpz_poly_init(h);
    if (n == 1)
    {   /* a rational root is an integer: the characteristic polynomial is monic */
        rational = root_is_integer(r, p->root + which[0]);
        fmpz_poly_set_coeff_si(h, 1, 1);
        fmpz_neg(r, r);
        fmpz_poly_set_coeff_fmpz(h, 0, r);
    }
    else
        rational = n > 1 && unit_cell_factor(h, p, which, n);
    d = fmpz_poly_degree(h);
    if (rational)
    {   /* the sum of the roots of h */
        fmpz_mul_si(fmpq_numref(x), h->coeffs + d - 1, -times);
        fmpz_set(fmpq_denref(x), h->coeffs + d);
        fmpq_canonicalise(x);
        fmpq_div_fmpz(x, x, p->Sigma->den);
        number_add(sum, sum, x);
    }
    for (i = 0; i < n && !rational; i++)
        for (j = 0; j < times; j++)
            rest[at++] = which[i];
    fmpz_poly_clear(h);
    return at;
}

slong
unit_cell_rational_sum(fmpq_t sum, slong *rest, unit_cell_t *p, const slong *captured, slong n)
{
    slong times, most = 1, at = 0, i, j, count, *which = flint_malloc((n + 1) * sizeof *which);

    fmpq_zero(sum);
    for (times = 1; times <= most; times++)
    {   /* those that are captured so many times */
        for (i = count = 0; i < n; i = j)
        {
            for (j = i; j < n && captured[j] == captured[i]; j++)
                ;
            most = FLINT_MAX(most, j - i);
            if (j - i == times)
                which[count++] = captured[i];
        }
        at = add_group(sum, rest, at, p, which, count, times);
    }
    flint_free(which);
    return work_exceeded() == NULL ? at : -1;
}

/* *sign := that of the sum of the eigenvalues - x; 0 if it is not known. */
static int
compare_sum(int *sign, unit_cell_t *p, const slong *captured, slong count, const fmpq_t x)
{
    slong i, n, *rest = flint_malloc((count + 1) * sizeof *rest);
    root_t **root = flint_malloc((count + 1) * sizeof *root);
    fmpz_poly_struct *f = flint_malloc((count + 1) * sizeof *f);
    int ok;
    NUMBERS(c);

    n = unit_cell_rational_sum(c, rest, p, captured, count);
    number_sub(c, c, x);
    fmpq_mul_fmpz(c, c, p->Sigma->den);
    for (i = 0; i < n; i++)
    {
        fmpz_poly_init(f + i);
        fmpz_poly_set_coeff_si(f + i, 1, 1);
        root[i] = p->root + rest[i];
    }
    ok = n >= 0;
    if (n == 0)
        *sign = fmpq_sgn(c);
    else if (n == 1)
    {   /* exactly */
        fmpz_poly_scalar_mul_fmpz(f, f, fmpq_denref(c));
        fmpz_poly_set_coeff_fmpz(f, 0, fmpq_numref(c));
        ok = root_sign(sign, root[0], f);
    }
    else if (ok)
        ok = roots_sum_sign(sign, root, f, n, c);
    for (i = 0; i < n; i++)
        fmpz_poly_clear(f + i);
    flint_free(f);
    flint_free(root);
    flint_free(rest);
    return ok && work_exceeded() == NULL;
}

int
unit_cell_loss_within(unit_cell_t *p, const slong *captured, slong n, const fmpq_t norm2, const fmpq_t low, const fmpq_t high)
{
    int sign;
    NUMBERS(x);

    fmpq_mul_2exp(x, low, 1);
    number_sub(x, norm2, x);
    if (!compare_sum(&sign, p, captured, n, x) || sign > 0)
        return 0;
    fmpq_mul_2exp(x, high, 1);
    number_sub(x, norm2, x);
    return compare_sum(&sign, p, captured, n, x) && sign >= 0;
}
