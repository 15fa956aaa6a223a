/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where delta = ||G|| the cone is an eigenspace of G^T G, and a counterexample has to lie
   in it exactly.  The eigenspace of a rational eigenvalue has a rational basis, that of
   Gauss and Jordan, which is recognised from its decimals. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "failure.h"
#include "network/copy.h"

/* B (k rows of n numbers) := the basis of the same space that is the identity in the
   columns pivot; the largest entries are taken, the first ones of those about equal. */
static void
reduce(double *B, slong *pivot, slong k, slong n)
{
    slong i, j, r, row, col;

    for (r = 0; r < k; r++)
    {
        row = r;
        col = 0;
        for (j = 0; j < n; j++)
            for (i = r; i < k; i++)
                if (fabs(B[i * n + j]) > fabs(B[row * n + col]) * (1 + 1e-6))
                {
                    row = i;
                    col = j;
                }
        pivot[r] = col;
        for (j = 0; j < n; j++)
        {
            double x = B[row * n + j];
            B[row * n + j] = B[r * n + j];
            B[r * n + j] = x;
        }
        for (j = 0; j < n; j++)
            if (j != col)
                B[r * n + j] /= B[r * n + col];
        B[r * n + col] = 1;
        for (i = 0; i < k; i++)
        {
            double x = B[i * n + col];
            for (j = 0; j < n && i != r; j++)
                B[i * n + j] -= x * B[r * n + j];
        }
    }
}

/* q := the simplest rational next to x. */
static void
recognise(fmpq_t q, double x)
{
    fmpq_t lo, hi;

    fmpq_init(lo);
    fmpq_init(hi);
    approx_to_fmpq(lo, x - 1e-9, 60, -1);
    approx_to_fmpq(hi, x + 1e-9, 60, 1);
    fmpq_simplest_between(q, lo, hi);
    fmpq_clear(lo);
    fmpq_clear(hi);
}

/* e (length n) := sum_r v[pivot[r]] times row r of B. */
static void
combine(fmpq *e, const double *B, const slong *pivot, slong k, slong n, const double *v)
{
    slong r, j;
    fmpq_t x, q;

    fmpq_init(x);
    fmpq_init(q);
    for (r = 0; r < k; r++)
    {
        approx_to_fmpq(x, v[pivot[r]], 53, 0);
        for (j = 0; j < n; j++)
        {
            recognise(q, B[r * n + j]);
            fmpq_addmul(e + j, x, q);
        }
    }
    fmpq_clear(x);
    fmpq_clear(q);
}

/* Q := W* plus the displacement e. */
static void
displace(problem_t *Q, const landscape_t *L, const fmpq *e)
{
    slong i;
    qmat_t V;
    fmpq_t one;

    problem_set(Q, L->P);
    qmat_init(V, 0, 0);
    fmpq_init(one);
    fmpq_one(one);
    for (i = 0; i < L->n; i++)
    {
        qmat_set_entries(V, L->rows[i], L->cols[i], e + L->start[i]);
        qmat_add_scaled(Q->W + i, Q->W + i, one, V);
    }
    qmat_clear(V);
    fmpq_clear(one);
}

void
failure_point_of_eigenspace(problem_t *Q, const failure_t *s, const double *v)
{
    slong n = s->size, first = 0, k;
    double *B;
    slong *pivot;
    fmpq *e;

    while (s->side[first] < 0)
        first++;
    k = s->n - first;
    B = flint_malloc(k * n * sizeof *B);
    pivot = flint_malloc(k * sizeof *pivot);
    e = _fmpq_vec_init(n);
    memcpy(B, s->mode + first * n, k * n * sizeof *B);
    reduce(B, pivot, k, n);
    combine(e, B, pivot, k, n, v);
    displace(Q, &s->L, e);
    flint_free(B);
    flint_free(pivot);
    _fmpq_vec_clear(e, n);
}
