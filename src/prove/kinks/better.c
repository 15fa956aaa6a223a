/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A point with a smaller loss, by descent from random starts. */
#include "config.h"
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/descent.h"
#include "kernel/scope.h"
#include "kinks.h"
#include "network/copy.h"

enum { MOST_STARTS = 40, LEAST_STARTS = 3, ITERATIONS = 400, BITS = 24 };
/* Products, about, that all starts together may take. */
#define BUDGET 1e8

/* h in double precision: n parameters, [W_1, b_1] by rows, then [W_2, b_2] by rows. */
typedef struct
{
    slong units, d, k, m, cols, n;      /* cols: of [W_2, b_2] */
    double slope, decay, *X, *Y, *D, *z, *e;
    int decays_first, decays_last;      /* biases */
} loss_t;

static double
weight_of(const loss_t *L, slong q)
{
    slong first = L->units * L->d;

    if (q < first)
        return L->decays_first || q % L->d < L->d - 1 ? L->decay : 0;
    return L->decays_last || (q - first) % L->cols < L->units ? L->decay : 0;
}

static double
value(void *context, const double *x, double *g)
{
    loss_t *L = context;
    const double *U = x + L->units * L->d;
    double h = 0, *gU = g == NULL ? NULL : g + L->units * L->d;
    slong i, j, a, c, q;

    if (g != NULL)
        memset(g, 0, L->n * sizeof *g);
    for (j = 0; j < L->m; j++)
    {
        for (i = 0; i < L->units; i++)
        {
            L->z[i] = 0;
            for (a = 0; a < L->d; a++)
                L->z[i] += x[i * L->d + a] * L->X[a * L->m + j];
        }
        for (c = 0; c < L->k; c++)
        {
            double f = L->cols > L->units ? U[c * L->cols + L->units] : 0;
            for (i = 0; i < L->units; i++)
                f += U[c * L->cols + i] * (L->z[i] > 0 ? L->z[i] : L->slope * L->z[i]);
            L->e[c] = (f - L->Y[c * L->m + j]) * L->D[j];
            h += L->e[c] * (f - L->Y[c * L->m + j]) / 2;
        }
        for (i = 0; i < L->units && g != NULL; i++)
        {
            double s = L->z[i] > 0 ? 1 : L->slope, t = 0;
            for (c = 0; c < L->k; c++)
            {
                t += U[c * L->cols + i] * L->e[c];
                gU[c * L->cols + i] += L->e[c] * s * L->z[i];
            }
            for (a = 0; a < L->d; a++)
                g[i * L->d + a] += t * s * L->X[a * L->m + j];
        }
        for (c = 0; c < L->k && g != NULL && L->cols > L->units; c++)
            gU[c * L->cols + L->units] += L->e[c];
    }
    for (q = 0; q < L->n && L->decay > 0; q++)
    {
        h += weight_of(L, q) * x[q] * x[q] / 2;
        if (g != NULL)
            g[q] += weight_of(L, q) * x[q];
    }
    return h;
}

static void
loss_init(loss_t *L, const kinks_t *T)
{
    const problem_t *P = T->P;
    fmpq *D = _fmpq_vec_init(T->m);
    slong j;

    L->units = T->units;
    L->d = T->d;
    L->m = T->m;
    L->k = qmat_rows(P->Y);
    L->cols = L->units + (problem_bias(P, 1) != NULL);
    L->n = L->units * L->d + L->k * L->cols;
    L->slope = approx_fmpq(T->slope);
    L->decay = approx_fmpq(P->weight_decay);
    L->decays_first = problem_bias(P, 0) == NULL || problem_decayed_bias(P, 0) != NULL;
    L->decays_last = problem_bias(P, 1) == NULL || problem_decayed_bias(P, 1) != NULL;
    L->X = approx_matrix(T->X, 0);
    L->Y = approx_matrix(P->Y, 0);
    L->D = flint_malloc((T->m + 1) * sizeof *L->D);
    L->z = flint_malloc((L->units + 1) * sizeof *L->z);
    L->e = flint_malloc((L->k + 1) * sizeof *L->e);
    problem_curvature(D, P);
    for (j = 0; j < T->m; j++)
        L->D[j] = approx_fmpq(D + j);
    _fmpq_vec_clear(D, T->m);
}

static void
loss_clear(loss_t *L)
{
    flint_free(L->X);
    flint_free(L->Y);
    flint_free(L->D);
    flint_free(L->z);
    flint_free(L->e);
}

/* -1 .. 1, the same on every machine. */
static double
uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double) (*state >> 11) / 4503599627370496.0 - 1;
}

/* [W_k, b_k] := the numbers x. */
static void
set_block(problem_t *Q, slong k, const double *x)
{
    slong r = qmat_rows(Q->W + k), c = qmat_cols(Q->W + k), all = c + (problem_bias(Q, k) != NULL);
    MATRICES(A);

    approx_to_matrix(A, x, r, all, BITS);
    qmat_some_columns(Q->W + k, A, 0, c);
    if (all > c)
        qmat_some_columns(Q->b + k, A, c, 1);
}

int
kinks_find_better(problem_t *Q, const kinks_t *T, double h)
{
    loss_t L;
    descent_t how = { ITERATIONS, 1e-12 };
    double *x, *best, low = h, scale = 0;
    uint64_t state = 1;
    slong start, starts, q;

    loss_init(&L, T);
    starts = (slong) fmax(LEAST_STARTS, fmin(MOST_STARTS, BUDGET / (2.0 * ITERATIONS * (double) (L.m * L.units * (L.d + L.k)))));
    x = flint_malloc((2 * L.n + 1) * sizeof *x);
    best = x + L.n;
    for (q = 0; q < L.d * L.m; q++)
        scale = fmax(scale, fabs(L.X[q]));
    for (start = 0; start < starts && scale > 0; start++)
    {
        for (q = 0; q < L.n; q++)
            x[q] = uniform(&state) * (q < L.units * L.d ? 2 / scale : 2);
        if (descent_minimise(x, L.n, value, &L, &how) < low * (1 - 1e-9))
        {
            low = value(&L, x, NULL);
            memcpy(best, x, L.n * sizeof *x);
        }
    }
    if (low < h)
    {
        problem_set(Q, T->P);
        set_block(Q, 0, best);
        set_block(Q, 1, best + L.units * L.d);
    }
    flint_free(x);
    loss_clear(&L);
    return low < h;
}
