/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linear units: the least 1/2 |Y - Z X|_D^2 + mu |Z|_* by accelerated proximal steps with restarts (Beck & Teboulle 2009;
   O'Donoghue & Candes 2015). */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "dual.h"
#include "kernel/scope.h"

/* C (a x b) := A B, A a x n, B n x b. */
static void
multiply(double *C, const double *A, const double *B, slong a, slong n, slong b)
{
    slong i, j, r;

    memset(C, 0, a * b * sizeof *C);
    for (i = 0; i < a; i++)
        for (r = 0; r < n; r++)
            for (j = 0; j < b; j++)
                C[i * b + j] += A[i * n + r] * B[r * b + j];
}

typedef struct
{
    slong k, d;
    double *S, *N, YY, mu, step;        /* X D X^T, Y D X^T, <Y, Y> */
    double *sigma, *U, *V;
} prox_t;

/* Z := the proximal map of step mu |.|_* at Z; U, sigma, V of the result.  0 on failure. */
static int
shrink(double *Z, prox_t *p)
{
    slong n = FLINT_MIN(p->k, p->d), i, j;
    double *A = flint_malloc(p->k * p->d * sizeof *A), *SV = flint_malloc(n * p->d * sizeof *A);
    int ok;

    memcpy(A, Z, p->k * p->d * sizeof *A);
    ok = approx_svd(p->sigma, p->U, p->V, A, p->k, p->d);
    for (i = 0; i < n && ok; i++)
    {
        p->sigma[i] = fmax(p->sigma[i] - p->step * p->mu, 0);
        for (j = 0; j < p->d; j++)
            SV[i * p->d + j] = p->sigma[i] * p->V[i * p->d + j];
    }
    if (ok)
        multiply(Z, p->U, SV, p->k, n, p->d);
    flint_free(A);
    flint_free(SV);
    return ok;
}

/* The objective at Z, whose singular values are sigma, less the value of the dual point kappa R; *kappa. */
static double
gap(double *kappa, double *loss, const prox_t *p, const double *Z)
{
    slong n = FLINT_MIN(p->k, p->d), i, size = p->k * p->d;
    double *A = flint_malloc(size * sizeof *A), *s = flint_malloc(n * sizeof *s), RY, RR, zs, nuclear = 0, x = HUGE_VAL;

    multiply(A, Z, p->S, p->k, p->d, p->d);
    RY = p->YY - approx_dot(Z, p->N, size);
    zs = approx_dot(A, Z, size);
    RR = fmax(RY - approx_dot(Z, p->N, size) + zs, 0);
    for (i = 0; i < size; i++)
        A[i] = p->N[i] - A[i];
    for (i = 0; i < n; i++)
        nuclear += p->sigma[i];
    if (approx_svd(s, NULL, NULL, A, p->k, p->d))
    {
        *kappa = fmin(RR > 0 ? fmax(RY / RR, 0) : 1, s[0] > 0 ? p->mu / s[0] : HUGE_VAL);
        *loss = RR / 2 + p->mu * nuclear;
        x = *loss - (*kappa * RY - *kappa * *kappa * RR / 2);
    }
    flint_free(A);
    flint_free(s);
    return x;
}

/* B->b := the best last bias, and Q less that. */
static void
remove_bias(best_t *B)
{
    const units_t *M = &B->M;
    slong r, j;

    for (r = 0; r < M->k && M->free > 0; r++)
    {
        for (B->b[r] = 0, j = 0; j < M->m; j++)
            B->b[r] += M->D[j] * B->Q[r * M->m + j] / M->free;
        for (j = 0; j < M->m; j++)
            B->Q[r * M->m + j] -= B->b[r];
    }
}

/* A (a x b), of inner products of rows: the bias is eliminated, f and g their sums. */
static void
eliminate_bias(double *A, const double *f, const double *g, slong a, slong b, double free)
{
    slong i, j;

    for (i = 0; i < a && free > 0; i++)
        for (j = 0; j < b; j++)
            A[i * b + j] -= f[i] * g[j] / free;
}

static void
keep(best_t *B, prox_t *p, const double *Z, double kappa, double loss)
{
    const units_t *M = &B->M;
    slong n = FLINT_MIN(p->k, p->d), i, j;
    double *f = flint_malloc(M->k * M->m * sizeof *f);

    multiply(f, Z, M->X, M->k, M->d, M->m);
    for (i = 0; i < M->k * M->m; i++)
        B->Q[i] = M->Y[i] - f[i];
    remove_bias(B);
    flint_free(f);
    B->loss = loss;
    B->excess = kappa > 0 ? fmax(1 / kappa - 1, 0) : HUGE_VAL;
    B->w = flint_realloc(B->w, (n + 1) * M->d * sizeof *B->w);
    B->u = flint_realloc(B->u, (n + 1) * M->k * sizeof *B->u);
    for (B->n = 0, i = 0; i < n; i++)
    {
        double root = sqrt(p->sigma[i]);
        for (j = 0; j < M->k && root > 0; j++)
            B->u[B->n * M->k + j] = root * p->U[j * n + i];
        for (j = 0; j < M->d && root > 0; j++)
            B->w[B->n * M->d + j] = root * p->V[i * M->d + j];
        B->n += root > 0;
    }
}

/* The steps from Z; the best dual point is kept. */
static void
iterate(best_t *B, prox_t *p, double *Z, double accuracy, const prove_options_t *opt)
{
    slong size = p->k * p->d, i, it;
    double *old = flint_malloc(3 * size * sizeof *old), *y = old + size, *g = y + size, t = 1, kappa = 0, loss = 0, best = HUGE_VAL;

    memcpy(y, Z, size * sizeof *y);
    for (it = 0; it < 5000 && !proof_is_late(opt); it++)
    {
        double next = (1 + sqrt(1 + 4 * t * t)) / 2, turn = 0;
        memcpy(old, Z, size * sizeof *old);
        multiply(g, y, p->S, p->k, p->d, p->d);
        for (i = 0; i < size; i++)
            Z[i] = y[i] - p->step * (g[i] - p->N[i]);
        if (!shrink(Z, p))
            break;
        if (it % 10 == 0)
        {
            double x = gap(&kappa, &loss, p, Z);
            if (x < best)
            {
                keep(B, p, Z, kappa, loss);
                best = x;
            }
            if (x <= accuracy * fabs(loss))
                break;
        }
        for (i = 0; i < size; i++)
            turn += (y[i] - Z[i]) * (Z[i] - old[i]);
        next = turn > 0 ? 1 : next;
        for (i = 0; i < size; i++)
            y[i] = Z[i] + (turn > 0 ? 0 : (t - 1) / next) * (Z[i] - old[i]);
        t = next;
    }
    flint_free(old);
}

void
best_linear(best_t *B, double accuracy, const prove_options_t *opt)
{
    const units_t *M = &B->M;
    slong k = M->k, d = M->d, n = FLINT_MIN(k, d), i, j, size = k * d;
    prox_t p = { k, d, NULL, NULL, 0, M->mu, 0, NULL, NULL, NULL };
    double *XD = flint_malloc(M->m * d * sizeof *XD), *Z = flint_malloc(size * sizeof *Z), *A, *sums;
    MATRICES(exact);

    proof_progress(opt, "proximal steps");
    for (i = 0; i < d; i++)
        for (j = 0; j < M->m; j++)
            XD[j * d + i] = M->D[j] * M->X[i * M->m + j];
    p.S = flint_malloc(d * d * sizeof *p.S);
    p.N = flint_malloc(size * sizeof *p.N);
    p.sigma = flint_calloc(FLINT_MAX(k, d) + 1, sizeof *p.sigma);
    p.U = flint_malloc(k * n * sizeof *p.U);
    p.V = flint_malloc(n * d * sizeof *p.V);
    multiply(p.S, M->X, XD, d, M->m, d);
    multiply(p.N, M->Y, XD, k, M->m, d);
    for (i = 0; i < k * M->m; i++)
        p.YY += M->D[i % M->m] * M->Y[i] * M->Y[i];
    sums = flint_calloc(d + k, sizeof *sums);
    for (i = 0; i < d + k; i++)
        for (j = 0; j < M->m; j++)
            sums[i] += M->D[j] * (i < d ? M->X[i * M->m + j] : M->Y[(i - d) * M->m + j]);
    eliminate_bias(p.S, sums, sums, d, d, M->free);
    eliminate_bias(p.N, sums + d, sums, k, d, M->free);
    for (i = 0; i < k; i++)
        eliminate_bias(&p.YY, sums + d + i, sums + d + i, 1, 1, M->free);
    flint_free(sums);
    A = flint_malloc(d * d * sizeof *A);
    memcpy(A, p.S, d * d * sizeof *A);
    if (approx_svd(p.sigma, NULL, NULL, A, d, d) && p.sigma[0] > 0)
    {
        p.step = 1 / p.sigma[0];
        problem_block(exact, B->r->P, 0, 1);
        qmat_mul(exact, B->r->P->W + 1, exact);
        flint_free(Z);
        Z = approx_matrix(exact, 0);
        iterate(B, &p, Z, accuracy, opt);
    }
    flint_free(A);
    flint_free(XD);
    flint_free(Z);
    flint_free(p.S);
    flint_free(p.N);
    flint_free(p.sigma);
    flint_free(p.U);
    flint_free(p.V);
}
