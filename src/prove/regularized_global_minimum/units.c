/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "units.h"

void
units_init(units_t *M, const rgm_t *r)
{
    slong j;

    M->d = qmat_rows(r->in.X);
    M->k = qmat_rows(r->R);
    M->m = qmat_cols(r->R);
    M->X = approx_matrix(r->in.X, 0);
    M->Y = approx_matrix(r->P->Y, 0);
    M->D = flint_malloc(M->m * sizeof *M->D);
    M->mu = approx_fmpq(r->P->weight_decay);
    M->slope = approx_fmpq(r->in.slope);
    M->free = r->bias == 2 ? M->mu : 0;
    for (j = 0; j < M->m; j++)
    {
        M->D[j] = approx_fmpq(r->D + j);
        M->free += r->bias ? M->D[j] : 0;
    }
}

void
units_clear(units_t *M)
{
    flint_free(M->X);
    flint_free(M->Y);
    flint_free(M->D);
}

/* z := w^T X. */
static void
inputs(double *z, const units_t *M, const double *w)
{
    slong i, j;

    for (j = 0; j < M->m; j++)
        z[j] = 0;
    for (i = 0; i < M->d; i++)
        for (j = 0; j < M->m; j++)
            z[j] += w[i] * M->X[i * M->m + j];
}

void
units_feature(double *phi, const units_t *M, const double *w)
{
    slong j;

    inputs(phi, M, w);
    for (j = 0; j < M->m; j++)
        phi[j] *= phi[j] > 0 ? 1 : M->slope;
}

double
units_size(double *v, double *g, const units_t *M, const double *Q, const double *w)
{
    double *z = flint_malloc(M->m * sizeof *z), n = 0;
    slong i, j, r;

    inputs(z, M, w);
    memset(v, 0, M->k * sizeof *v);
    for (r = 0; r < M->k; r++)
    {
        for (j = 0; j < M->m; j++)
            v[r] += Q[r * M->m + j] * M->D[j] * z[j] * (z[j] > 0 ? 1 : M->slope);
        n += v[r] * v[r];
    }
    n = sqrt(n);
    if (g != NULL && n > 0)
    {
        for (j = 0; j < M->m; j++)
        {
            double q = 0;
            for (r = 0; r < M->k; r++)
                q += v[r] * Q[r * M->m + j];
            z[j] = q * M->D[j] / n * (z[j] > 0 ? 1 : M->slope);
        }
        for (i = 0; i < M->d; i++)
            g[i] = approx_dot(M->X + i * M->m, z, M->m);
    }
    flint_free(z);
    return n;
}

/* w /= |w|; 0 if it is 0. */
static int
normalise(double *w, slong n)
{
    double x = sqrt(approx_dot(w, w, n));
    slong i;

    for (i = 0; i < n && x > 0; i++)
        w[i] /= x;
    return x > 0;
}

double
units_climb(double *w, const units_t *M, const double *Q)
{
    double *v = flint_malloc((M->k + 3 * M->d + 1) * sizeof *v), *g = v + M->k, *w2 = g + M->d, *g2 = w2 + M->d;
    double f, f2, step = 1;
    slong it, i;

    if (!normalise(w, M->d))
    {
        flint_free(v);
        return 0;
    }
    f = units_size(v, g, M, Q, w);
    for (it = 0; it < 300 && f > 0 && step > 1e-12; it++)
    {   /* towards the gradient, whose direction is w at a maximum */
        for (i = 0; i < M->d; i++)
            w2[i] = (1 - step) * w[i] + step * g[i] / f;
        if (!normalise(w2, M->d))
            break;
        f2 = units_size(v, g2, M, Q, w2);
        if (f2 > f)
        {
            int small = f2 - f < 1e-14 * f;
            memcpy(w, w2, M->d * sizeof *w);
            memcpy(g, g2, M->d * sizeof *g);
            f = f2;
            step = fmin(1, 2 * step);
            if (small)
                break;
        }
        else
            step /= 4;
    }
    flint_free(v);
    return f;
}
