/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Global minimisers near: the nearest one that differs in one layer, for linear networks; local minima that are global; the last layer. */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/solve_block.h"
#include "algebra/to_critical.h"
#include "kernel/scope.h"
#include "network/copy.h"
#include "within.h"

/* Bits of a last layer; steps of least squares, each on what the one before left. */
enum { LAYER_BITS = 80, STEPS = 3 };

int
within_nearest(problem_t *Q, const problem_t *P)
{
    problem_t R;
    slong k, best = -1;
    NUMBERS(x, least, one, minus);
    MATRICES(Z, D);

    if (!network_is_chain(P) || P->loss != LOSS_SQUARE || !fmpq_is_zero(P->weight_decay))
        return 0;
    fmpq_one(one);
    fmpq_set_si(minus, -1, 1);
    network_product(Z, P);
    qmat_mul(Z, Z, P->X);
    for (k = P->l - 1; k >= 0; k--)
    {   /* what block k must add to itself, of least norm, for the labels that are missing */
        problem_init(&R);
        problem_set(&R, P);
        qmat_add_scaled(R.Y, P->Y, minus, Z);
        if (problem_solve_block(&R, k) == NULL)
        {
            qmat_frobenius2_midpoint(x, R.W + k);
            if (best < 0 || fmpq_cmp(x, least) < 0)
            {
                best = k;
                fmpq_set(least, x);
                qmat_set(D, R.W + k);
            }
        }
        problem_clear(&R);
    }
    problem_set(Q, P);
    if (best >= 0)
        qmat_add_scaled(Q->W + best, P->W + best, one, D);
    return best >= 0;
}

/* x (n x d) := what the last layer must add, [W_l, b_l]^T, for the labels that are missing: least squares of least norm. */
static int
missing(double *x, const to_critical_t *D, slong n)
{
    const outputs_t *o = &D->o;
    slong i, k, m = o->m, d = o->d, in = o->width[o->l - 1];
    double *A = flint_malloc((m * n + 1) * sizeof *A), *B = flint_calloc(FLINT_MAX(n, m) * d + 1, sizeof *B);
    double *S = flint_malloc((FLINT_MIN(n, m) + 1) * sizeof *S);
    int rank, ok;

    for (i = 0; i < m; i++)
    {
        double root = sqrt(D->c.cw[i]);
        for (k = 0; k < n; k++)
            A[i * n + k] = root * (k < in ? o->H[o->l - 1][k * m + i] : 1);
        for (k = 0; k < d; k++)
            B[i * d + k] = root * (D->c.Y[k * m + i] - o->H[o->l][k * m + i]);
    }
    ok = LAPACKE_dgelsd(LAPACK_ROW_MAJOR, (int) m, (int) n, (int) d, A, (int) n, B, (int) d, S, 1e-13, &rank) == 0;
    memcpy(x, B, n * d * sizeof *x);
    flint_free(A);
    flint_free(B);
    flint_free(S);
    return ok;
}

/* A (d x c) += the rows from the first one on of x (by rows of d), transposed. */
static void
add_transposed(qmat_t A, const double *x, slong first)
{
    slong i, j, d = qmat_rows(A), c = qmat_cols(A);
    fmpq *y = _fmpq_vec_init(d * c);
    NUMBERS(t);

    for (i = 0; i < d; i++)
        for (j = 0; j < c; j++)
        {
            qmat_get_entry(y + i * c + j, A, i, j);
            approx_to_fmpq(t, x[(first + j) * d + i], LAYER_BITS / 2, 0);
            fmpq_add(y + i * c + j, y + i * c + j, t);
        }
    qmat_set_entries(A, d, c, y);
    qmat_round(A, LAYER_BITS);
    fmpq_zero(A->rad);
    _fmpq_vec_clear(y, d * c);
}

int
within_last_layer(problem_t *Q, const problem_t *P)
{
    slong step, k = P->l - 1, in = qmat_cols(P->W + k), n = in + (problem_bias(P, k) != NULL), d = qmat_rows(P->Y);
    double *x = flint_malloc((n * d + 1) * sizeof *x);
    int ok = 1;
    to_critical_t D;

    problem_set(Q, P);
    for (step = 0; step < STEPS && ok; step++)
    {
        to_critical_init(&D, Q);
        ok = missing(x, &D, n);
        if (ok)
        {
            add_transposed(Q->W + k, x, 0);
            if (problem_bias(Q, k) != NULL)
                add_transposed(Q->b + k, x, in);
        }
        to_critical_clear(&D);
    }
    flint_free(x);
    return ok;
}
