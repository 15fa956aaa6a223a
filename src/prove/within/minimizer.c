/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Global minimisers near: the nearest one that differs in one layer, for linear networks; local minima that are global; the last layer. */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/solve_block.h"
#include "algebra/to_critical.h"
#include "kernel/limits.h"
#include "kernel/scope.h"
#include "network/copy.h"
#include "rules/at_minimum.h"
#include "within.h"

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

/* A (n x m) := the features of the last layer, and ones. */
static double *
features(const to_critical_t *D, slong *n)
{
    slong l = D->o.l, m = D->o.m, i, d = D->o.width[l - 1];
    double *A;

    *n = d + (D->o.b[l - 1] != NULL);
    A = flint_malloc((*n * m + 1) * sizeof *A);
    memcpy(A, D->o.H[l - 1], d * m * sizeof *A);
    for (i = 0; i < m && *n > d; i++)
        A[d * m + i] = 1;
    return A;
}

int
within_last_layer(problem_t *Q, const problem_t *P)
{
    slong n, m, d = qmat_rows(P->Y), i, k, in = qmat_cols(P->W + P->l - 1), step;
    int rank = 0, ok = 1;
    double *A, *B, *S;
    to_critical_t D;
    fmpq *w, *b;
    NUMBERS(x, y);

    problem_set(Q, P);
    for (step = 0; step < 3 && ok; step++)
    {
        to_critical_init(&D, Q);
        to_critical_gradient(&D);
        m = D.o.m;
        A = features(&D, &n);
        B = flint_calloc(FLINT_MAX(n, m) * d + 1, sizeof *B);
        S = flint_malloc((FLINT_MIN(n, m) + 1) * sizeof *S);
        for (i = 0; i < m; i++)
        {   /* rows of A^T x = labels - outputs, weighted by the root of the weight */
            double root = sqrt(D.c.cw[i]);
            for (k = 0; k < d; k++)
                B[i * d + k] = root * (D.c.Y[k * m + i] - D.o.H[D.o.l][k * m + i]);
            for (k = 0; k < n; k++)
                A[k * m + i] *= root;
        }
        {
            double *T = flint_malloc((n * m + 1) * sizeof *T);
            for (i = 0; i < m; i++)
                for (k = 0; k < n; k++)
                    T[i * n + k] = A[k * m + i];
            ok = LAPACKE_dgelsd(LAPACK_ROW_MAJOR, (int) m, (int) n, (int) d, T, (int) n, B, (int) d, S, 1e-13, &rank) == 0;
            flint_free(T);
        }
        w = _fmpq_vec_init(d * in);
        b = _fmpq_vec_init(d);
        for (k = 0; ok && k < d; k++)
        {
            for (i = 0; i < in; i++)
            {
                approx_to_fmpq(x, B[i * d + k], 40, 0);
                qmat_get_entry(y, Q->W + P->l - 1, k, i);
                fmpq_add(w + k * in + i, x, y);
            }
            if (problem_bias(Q, P->l - 1) == NULL)
                continue;
            approx_to_fmpq(x, B[in * d + k], 40, 0);
            qmat_get_entry(y, problem_bias(Q, P->l - 1), k, 0);
            fmpq_add(b + k, x, y);
        }
        if (ok)
        {
            qmat_set_entries(Q->W + P->l - 1, d, in, w);
            qmat_round(Q->W + P->l - 1, 80);
            fmpq_zero(Q->W[P->l - 1].rad);
            if (problem_bias(Q, P->l - 1) != NULL)
            {
                qmat_set_entries(Q->b + P->l - 1, d, 1, b);
                qmat_round(Q->b + P->l - 1, 80);
                fmpq_zero(Q->b[P->l - 1].rad);
            }
        }
        _fmpq_vec_clear(w, d * in);
        _fmpq_vec_clear(b, d);
        flint_free(A);
        flint_free(B);
        flint_free(S);
        to_critical_clear(&D);
    }
    return ok;
}
