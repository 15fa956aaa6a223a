/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "eigenvectors.h"
#include "kernel/number.h"

void
ball_set(arb_mat_t B, const qmat_t A, slong prec)
{
    arb_mat_set_fmpz_mat(B, A->num);
    arb_mat_scalar_div_fmpz(B, B, A->den, prec);
}

int
orthogonalise_exact(fmpq *B, slong rows, slong cols, slong first, slong n)
{
    slong i, j, k;
    fmpq_t x, y;
    int rational = 1;

    fmpq_init(x);
    fmpq_init(y);
    for (j = first; j < first + n; j++)
        for (k = first; k <= j; k++)
        {
            fmpq_zero(x);
            fmpq_zero(y);
            for (i = 0; i < rows; i++)
            {
                fmpq_addmul(x, B + i * cols + j, B + i * cols + k);
                fmpq_addmul(y, B + i * cols + k, B + i * cols + k);
            }
            if (k < j)
            {
                fmpq_div(x, x, y);
                for (i = 0; i < rows; i++)
                    fmpq_submul(B + i * cols + j, x, B + i * cols + k);
                continue;
            }
            number_sqrt_lower(x, y);
            fmpq_mul(x, x, x);
            if (fmpq_equal(x, y))
                number_sqrt_lower(x, y);
            else
            {
                rational = 0;
                fmpq_one(x);
            }
            for (i = 0; i < rows && fmpq_is_zero(B + i * cols + j); i++)
                ;
            if (fmpq_sgn(B + i * cols + j) < 0)
                fmpq_neg(x, x);                 /* the first entry is positive */
            for (i = 0; i < rows; i++)
                fmpq_div(B + i * cols + j, B + i * cols + j, x);
        }
    fmpq_clear(x);
    fmpq_clear(y);
    return rational;
}

void
kernel_exact(fmpq *B, slong cols, slong first, slong n, const fmpz_mat_t A, const fmpz_poly_t f)
{
    slong i, j, rows = fmpz_mat_nrows(A);
    fmpz_mat_t K, N;

    fmpz_mat_init(K, rows, rows);
    fmpz_mat_init(N, rows, rows);
    for (i = fmpz_poly_degree(f); i >= 0; i--)
    {   /* Horner */
        fmpz_mat_mul(K, K, A);
        for (j = 0; j < rows; j++)
            fmpz_add(fmpz_mat_entry(K, j, j), fmpz_mat_entry(K, j, j), f->coeffs + i);
    }
    fmpz_mat_nullspace(N, K);
    for (j = 0; j < n; j++)
        for (i = 0; i < rows; i++)
            fmpq_set_fmpz(B + i * cols + first + j, fmpz_mat_entry(N, i, j));
    fmpz_mat_clear(K);
    fmpz_mat_clear(N);
}

int
orthogonalise_ball(arb_mat_t B, slong first, slong n, slong prec)
{
    slong c, i, k, rows = arb_mat_nrows(B);
    arb_t y;
    int ok = 1;

    arb_init(y);
    for (c = first; c < first + n; c++)
    {
        for (k = first; k <= c; k++)
        {
            arb_zero(y);
            for (i = 0; i < rows; i++)
                arb_addmul(y, arb_mat_entry(B, i, c), arb_mat_entry(B, i, k), prec);
            if (k == c)
                arb_sqrtpos(y, y, prec);
            for (i = 0; i < rows; i++)
                if (k < c)
                    arb_submul(arb_mat_entry(B, i, c), y, arb_mat_entry(B, i, k), prec);
                else
                    arb_div(arb_mat_entry(B, i, c), arb_mat_entry(B, i, c), y, prec);
        }
        for (i = 0; i < rows; i++)
            ok &= arb_is_finite(arb_mat_entry(B, i, c));
    }
    arb_clear(y);
    return ok;
}

int
kernel_ball(arb_mat_t B, slong first, slong n, const qmat_t A, const arb_t x, slong m, slong prec)
{
    slong i, j, k, t, rows = qmat_rows(A), rank = rows - m;
    slong *order = flint_malloc(rows * sizeof *order);
    arb_mat_t K;
    arf_t best, a;
    int ok = 1;

    arb_mat_init(K, rows, rows);
    arf_init(best);
    arf_init(a);
    for (i = 0; i < rows; i++)
        order[i] = i;
    for (i = 0; i < rows; i++)
        for (j = 0; j < rows; j++)
        {
            arb_set_fmpz(arb_mat_entry(K, i, j), fmpz_mat_entry(A->num, i, j));
            arb_div_fmpz(arb_mat_entry(K, i, j), arb_mat_entry(K, i, j), A->den, prec);
            if (i == j)
                arb_sub(arb_mat_entry(K, i, j), arb_mat_entry(K, i, j), x, prec);
        }
    for (k = 0; k < rank && ok; k++)
    {   /* Gauss & Jordan, the largest pivot of all */
        slong pi = k, pj = k;
        arf_zero(best);
        for (i = k; i < rows; i++)
            for (j = k; j < rows; j++)
            {
                arb_get_abs_lbound_arf(a, arb_mat_entry(K, i, j), prec);
                if (arf_cmp(a, best) > 0)
                {
                    arf_swap(a, best);
                    pi = i;
                    pj = j;
                }
            }
        ok = !arf_is_zero(best);
        for (j = 0; j < rows; j++)
            arb_swap(arb_mat_entry(K, k, j), arb_mat_entry(K, pi, j));
        for (i = 0; i < rows; i++)
            arb_swap(arb_mat_entry(K, i, k), arb_mat_entry(K, i, pj));
        t = order[k];
        order[k] = order[pj];
        order[pj] = t;
        for (j = rows - 1; j >= k; j--)
            arb_div(arb_mat_entry(K, k, j), arb_mat_entry(K, k, j), arb_mat_entry(K, k, k), prec);
        for (i = 0; i < rows; i++)
            for (j = rows - 1; j >= k && i != k; j--)
                arb_submul(arb_mat_entry(K, i, j), arb_mat_entry(K, i, k), arb_mat_entry(K, k, j), prec);
    }
    for (t = 0; t < n && ok; t++)
    {
        slong c = first + t;
        for (i = 0; i < rows; i++)
            if (i < rank)
                arb_neg(arb_mat_entry(B, order[i], c), arb_mat_entry(K, i, rank + t));
            else
                arb_set_si(arb_mat_entry(B, order[i], c), i == rank + t);
    }
    flint_free(order);
    arb_mat_clear(K);
    arf_clear(best);
    arf_clear(a);
    return ok;
}
