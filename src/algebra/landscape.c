/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include "approx.h"
#include "landscape.h"
#include "network/copy.h"

double
landscape_uniform(landscape_t *s)            /* (-1, 1), the same on every machine */
{
    s->seed = s->seed * 6364136223846793005UL + 1442695040888963407UL;
    return (double) (s->seed >> 11) * (2.0 / 9007199254740992.0) - 1;
}

void
landscape_multiply(double *C, const double *A, int ta, const double *B, int tb, slong r, slong k, slong c)
{
    slong i, j, t;

    for (i = 0; i < r; i++)
        for (t = 0; t < k; t++)
        {
            double a = ta ? A[t * r + i] : A[i * k + t];
            if (a != 0)
                for (j = 0; j < c; j++)
                    C[i * c + j] += a * (tb ? B[j * k + t] : B[t * c + j]);
        }
}

double
landscape_evaluate(const landscape_t *s, const double *w, double *grad)
{
    const problem_t *P = s->P;
    slong i, j, k, q, t, width = s->d0, m = s->m;
    double **in = flint_malloc(s->n * sizeof *in), **pre = flint_calloc(s->n, sizeof *pre);
    double *x = flint_malloc(width * m * sizeof *x), *e, *g, h = 0;

    memcpy(x, s->X, width * m * sizeof *x);
    for (k = 0; k < P->l; k++)
    {
        double *unit = x, *y = x;
        for (q = 0; q < P->r; q++)
        {
            i = k * P->r + q;
            in[i] = y;
            y = flint_calloc(s->rows[i] * m, sizeof *y);
            landscape_multiply(y, w + s->start[i], 0, in[i], 0, s->rows[i], s->cols[i], m);
            width = s->rows[i];
        }
        if (network_reaches_every_map(P))
            for (t = 0; t < width * m; t++)
                y[t] += unit[t];
        if (P->b != NULL)
            for (t = 0; t < width * m; t++)
                y[t] += w[s->bstart[k] + t / m];
        if (P->act != NULL && k < P->l - 1)
        {
            pre[k] = flint_malloc(width * m * sizeof *y);
            for (t = 0; t < width * m; t++)
            {
                pre[k][t] = y[t];
                y[t] *= y[t] < 0 ? s->slope[k] : 1;
            }
        }
        x = y;
    }
    e = flint_malloc(width * m * sizeof *e);
    for (t = 0; t < width * m; t++)
    {
        double r = x[t] - s->Y[t];
        e[t] = r * s->D[t % m];
        h += 0.5 * r * e[t];
    }
    flint_free(x);
    if (grad != NULL)
        memset(grad, 0, s->size * sizeof *grad);
    for (i = 0; grad == NULL && i < s->n; i++)
    {
        flint_free(in[i]);
        flint_free(pre[i]);
    }
    for (k = P->l - 1; grad != NULL && k >= 0; k--)
    {
        width = s->rows[k * P->r + P->r - 1];
        if (pre[k] != NULL)
            for (t = 0; t < width * m; t++)
                e[t] *= pre[k][t] < 0 ? s->slope[k] : 1;
        if (P->b != NULL)
            for (t = 0; t < width * m; t++)
                grad[s->bstart[k] + t / m] += e[t];
        g = flint_malloc(width * m * sizeof *g);
        memcpy(g, e, width * m * sizeof *g);
        for (q = P->r - 1; q >= 0; q--)
        {
            double *y;
            i = k * P->r + q;
            y = flint_calloc(s->cols[i] * m, sizeof *y);
            landscape_multiply(grad + s->start[i], g, 0, in[i], 1, s->rows[i], m, s->cols[i]);
            landscape_multiply(y, w + s->start[i], 1, g, 0, s->cols[i], s->rows[i], m);
            flint_free(g);
            g = y;
            flint_free(in[i]);
        }
        if (network_reaches_every_map(P))
            for (j = 0; j < s->cols[k * P->r] * m; j++)
                e[j] += g[j];
        else
        {
            flint_free(e);
            e = g;
            g = NULL;
        }
        flint_free(g);
        flint_free(pre[k]);
    }
    flint_free(e);
    flint_free(in);
    flint_free(pre);
    return h;
}

static void
gather(landscape_t *s, double *w, const problem_t *P)
{
    slong i;

    for (i = 0; i < s->n; i++)
    {
        double *d = approx_matrix(P->W + i, 0);
        memcpy(w + s->start[i], d, s->rows[i] * s->cols[i] * sizeof *d);
        flint_free(d);
        if (P->b != NULL)
        {
            d = approx_matrix(P->b + i, 0);
            memcpy(w + s->bstart[i], d, s->rows[i] * sizeof *d);
            flint_free(d);
        }
    }
}

/* Reflects the samples (columns) of Z, r x m, so that row i is zero beyond column i from
   column k = i on. */
static void
reflect(double *Z, slong r, slong m, slong k)
{
    slong i, t;
    double norm = 0, u2, *u = flint_malloc(m * sizeof *u);

    memcpy(u, Z + k * m, m * sizeof *u);
    for (t = k; t < m; t++)
        norm += u[t] * u[t];
    u[k] += u[k] < 0 ? -sqrt(norm) : sqrt(norm);
    for (t = k, u2 = 0; t < m; t++)
        u2 += u[t] * u[t];
    for (i = k; i < r && u2 > 0; i++)
    {
        double x = 0;
        for (t = k; t < m; t++)
            x += 2 * Z[i * m + t] * u[t] / u2;
        for (t = k; t < m; t++)
            Z[i * m + t] -= x * u[t];
    }
    flint_free(u);
}

/* Linear networks: as many samples as there are inputs will do.  X D^{1/2} = L Q, L square
   and Q with orthonormal rows, becomes L, and Y D^{1/2} becomes Y D^{1/2} Q^T: the loss
   changes by a constant. */
static void
compress(landscape_t *s, slong outputs)
{
    slong i, t, d = s->d0, m = s->m, r = d + outputs;
    double *Z = flint_malloc(r * m * sizeof *Z);

    memcpy(Z, s->X, d * m * sizeof *Z);
    memcpy(Z + d * m, s->Y, outputs * m * sizeof *Z);
    for (i = 0; i < r * m; i++)
        Z[i] *= sqrt(s->D[i % m]);
    for (i = 0; i < d; i++)
        reflect(Z, r, m, i);
    for (i = 0; i < r; i++)
        for (t = 0; t < d; t++)
            (i < d ? s->X + i * d : s->Y + (i - d) * d)[t] = i < d && t > i ? 0 : Z[i * m + t];
    for (t = 0; t < d; t++)
        s->D[t] = 1;
    s->m = d;
    flint_free(Z);
}

void
landscape_init(landscape_t *s, const problem_t *P, const neighbourhood_t *N)
{
    slong i, t, at = 0;
    fmpq *D = _fmpq_vec_init(qmat_cols(P->X));

    s->P = P;
    s->N = N;
    s->d0 = qmat_rows(P->X);
    s->m = qmat_cols(P->X);
    s->n = P->nblocks;
    s->seed = 1;
    s->rows = flint_malloc(s->n * sizeof(slong));
    s->cols = flint_malloc(s->n * sizeof(slong));
    s->start = flint_malloc(s->n * sizeof(slong));
    s->bstart = flint_malloc(s->n * sizeof(slong));
    for (i = 0; i < s->n; i++)
    {
        s->rows[i] = qmat_rows(P->W + i);
        s->cols[i] = qmat_cols(P->W + i);
        s->start[i] = at;
        at += s->rows[i] * s->cols[i];
    }
    for (i = 0; i < s->n; i++)
    {
        s->bstart[i] = at;
        at += P->b != NULL ? s->rows[i] : 0;
    }
    s->size = at;
    s->X = approx_matrix(P->X, 0);
    s->Y = approx_matrix(P->Y, 0);
    s->D = flint_malloc(s->m * sizeof *s->D);
    problem_curvature(D, P);
    for (t = 0; t < s->m; t++)
        s->D[t] = approx_fmpq(D + t);
    _fmpq_vec_clear(D, s->m);
    if (network_is_linear(P) && P->b == NULL && s->m > s->d0)
        compress(s, qmat_rows(P->Y));
    s->slope = flint_malloc(FLINT_MAX(1, P->l) * sizeof *s->slope);
    for (i = 0; P->act != NULL && i < P->l - 1; i++)
        s->slope[i] = P->act[i].kind == ACT_IDENTITY ? 1 : approx_fmpq(P->act[i].slope);
    s->radius = flint_malloc(FLINT_MAX(1, N->n) * sizeof *s->radius);
    for (i = 0; i < N->n; i++)        /* feature: the layer itself is free */
        s->radius[i] = approx_fmpq(N->radius + i);
    s->centre = flint_calloc(s->size, sizeof *s->centre);
    gather(s, s->centre, P);
}

void
landscape_clear(landscape_t *s)
{
    flint_free(s->rows);
    flint_free(s->cols);
    flint_free(s->start);
    flint_free(s->bstart);
    flint_free(s->X);
    flint_free(s->Y);
    flint_free(s->D);
    flint_free(s->slope);
    flint_free(s->radius);
    flint_free(s->centre);
}

void
landscape_point(problem_t *Q, const landscape_t *s, const double *w, double shrink)
{
    slong i, t, k, count;
    fmpq_t one;

    problem_set(Q, s->P);
    fmpq_init(one);
    fmpq_one(one);
    for (i = 0; i < s->n; i++)
        for (k = 0; k < (s->P->b != NULL ? 2 : 1); k++)
        {
            slong at = k == 0 ? s->start[i] : s->bstart[i], c = k == 0 ? s->cols[i] : 1;
            qmat_struct *A = k == 0 ? Q->W + i : Q->b + i;
            qmat_t V;
            fmpq *e;
            count = s->rows[i] * c;
            e = _fmpq_vec_init(count);
            for (t = 0; t < count; t++)
            {
                double v = (w[at + t] - s->centre[at + t]) * shrink;
                approx_set_fmpz(fmpq_numref(e + t), nearbyint(ldexp(v, 80)));
                fmpq_div_2exp(e + t, e + t, 80);
            }
            qmat_init(V, 0, 0);
            qmat_set_entries(V, s->rows[i], c, e);
            qmat_add_scaled(A, A, one, V);
            qmat_clear(V);
            _fmpq_vec_clear(e, count);
        }
    fmpq_clear(one);
}

