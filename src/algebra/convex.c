/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <string.h>
#include "approx.h"
#include "convex.h"

void
convex_init(convex_t *c, const problem_t *P, const double *f, const double *B, slong n)
{
    slong i;

    memset(c, 0, sizeof *c);
    c->P = P;
    c->d = qmat_rows(P->Y);
    c->m = qmat_cols(P->Y);
    c->n = n;
    c->f = f;
    c->B = B;
    c->Y = approx_matrix(P->Y, 0);
    c->cw = flint_malloc(c->m * sizeof(double));
    for (i = 0; i < c->m; i++)
        c->cw[i] = fmpq_get_d(P->scale) * fmpq_get_d(P->weights + i);
    c->beta = flint_calloc(n + 1, sizeof(double));
    c->q = flint_malloc(c->d * c->m * sizeof(double));
    c->u = flint_malloc(c->d * c->m * sizeof(double));
    memcpy(c->q, f, c->d * c->m * sizeof(double));
}

void
convex_clear(convex_t *c)
{
    flint_free(c->Y);
    flint_free(c->cw);
    flint_free(c->beta);
    flint_free(c->q);
    flint_free(c->u);
}

/* log sum_k exp q_k of sample i, and p_k. */
static double
softmax(double *p, const convex_t *c, const double *q, slong i)
{
    slong k;
    double top = q[i], sum = 0;

    for (k = 1; k < c->d; k++)
        top = fmax(top, q[k * c->m + i]);
    for (k = 0; k < c->d; k++)
        sum += p[k] = exp(q[k * c->m + i] - top);
    for (k = 0; k < c->d; k++)
        p[k] /= sum;
    return top + log(sum);
}

double
convex_loss(double *u, const convex_t *c, const double *q)
{
    slong i, k, p = c->P->power;
    double h = 0, *pi = flint_malloc(c->d * sizeof *pi);

    for (i = 0; i < c->m; i++)
    {
        double s = 0, log_sum = 0, g;
        for (k = 0; c->P->loss == LOSS_CROSS_ENTROPY && k < c->d; k++)
            s += c->Y[k * c->m + i];
        if (c->P->loss == LOSS_CROSS_ENTROPY)
            log_sum = softmax(pi, c, q, i);
        for (k = 0; k < c->d; k++)
        {
            slong at = k * c->m + i;
            double y = c->Y[at], t;
            switch (c->P->loss)
            {
                case LOSS_SQUARE:
                    h += c->cw[i] * (q[at] - y) * (q[at] - y);
                    g = 2 * (q[at] - y);
                    break;
                case LOSS_CROSS_ENTROPY:
                    h += c->cw[i] * y * (log_sum - q[at]);
                    g = s * pi[k] - y;
                    break;
                default:
                    t = fmax(0, 1 - y * q[at]);
                    h += c->cw[i] * pow(t, (double) p);
                    g = -p * y * pow(t, (double) (p - 1));
            }
            if (u != NULL)
                u[at] = c->cw[i] * g;
        }
    }
    flint_free(pi);
    return h;
}

/* A := R B, R^T R the Hessian of phi at q: rows of one sample mix under cross-entropy alone. */
static void
scale_rows(double *A, const convex_t *c)
{
    slong i, k, j, n = c->n, p = c->P->power;
    double *pi = flint_malloc(c->d * sizeof *pi), *mean = flint_malloc((n + 1) * sizeof *mean);

    for (i = 0; i < c->m; i++)
    {
        double s = 0;
        if (c->P->loss == LOSS_CROSS_ENTROPY)
        {
            softmax(pi, c, c->q, i);
            memset(mean, 0, n * sizeof *mean);
            for (k = 0; k < c->d; k++)
            {
                s += c->Y[k * c->m + i];
                for (j = 0; j < n; j++)
                    mean[j] += pi[k] * c->B[(k * c->m + i) * n + j];
            }
        }
        for (k = 0; k < c->d; k++)
        {
            slong at = k * c->m + i;
            const double *row = c->B + at * n;
            double w, y = c->Y[at];
            switch (c->P->loss)
            {
                case LOSS_SQUARE: w = sqrt(2 * c->cw[i]); break;
                case LOSS_CROSS_ENTROPY: w = sqrt(c->cw[i] * s * pi[k]); break;
                default:
                    w = fmax(0, 1 - y * c->q[at]);
                    w = sqrt(c->cw[i] * p * (p - 1) * pow(w, (double) (p - 2))) * fabs(y) * (w > 0);
            }
            for (j = 0; j < n; j++)
                A[at * n + j] = w * (c->P->loss == LOSS_CROSS_ENTROPY ? row[j] - mean[j] : row[j]);
        }
    }
    flint_free(pi);
    flint_free(mean);
}

/* H := A^T A + nu I, the upper triangle. */
static void
hessian(double *H, const double *A, slong rows, slong n, double nu)
{
    slong r, i, j;

    memset(H, 0, n * n * sizeof *H);
    for (r = 0; r < rows; r++)
    {
        const double *a = A + r * n;
        for (i = 0; i < n; i++)
        {
            double x = a[i], *h = H + i * n;
            if (x != 0)
                for (j = i; j < n; j++)
                    h[j] += x * a[j];
        }
    }
    for (i = 0; i < n; i++)
        H[i * n + i] += nu;
}

/* g := B^T u + nu beta; its norm. */
static double
gradient(double *g, const convex_t *c, double nu)
{
    slong r, j, n = c->n;

    for (j = 0; j < n; j++)
        g[j] = nu * c->beta[j];
    for (r = 0; r < c->d * c->m; r++)
        if (c->u[r] != 0)
            for (j = 0; j < n; j++)
                g[j] += c->u[r] * c->B[r * n + j];
    return sqrt(approx_dot(g, g, n));
}

/* q := f + B beta. */
static void
move(double *q, const convex_t *c, const double *beta)
{
    slong r;

    for (r = 0; r < c->d * c->m; r++)
        q[r] = c->f[r] + approx_dot(c->B + r * c->n, beta, c->n);
}

/* One step of Newton, halved until the objective falls; the gain, 0 if there is none. */
static double
step(convex_t *c, double *H, double *g, double *next, double *value, double nu)
{
    slong j, n = c->n;
    double part = 1, now, before = *value, ridge = 0;
    int tries;

    for (j = 0; j < n; j++)
        ridge = fmax(ridge, H[j * n + j]);
    for (j = 0; j < n; j++)
        H[j * n + j] += 1e-13 * ridge;
    if (LAPACKE_dposv(LAPACK_ROW_MAJOR, 'U', (int) n, 1, H, (int) n, g, 1) != 0)
        return 0;
    for (tries = 0; tries < 40; tries++, part /= 2)
    {
        for (j = 0; j < n; j++)
            next[j] = c->beta[j] - part * g[j];
        move(c->q, c, next);
        now = convex_loss(NULL, c, c->q) + nu / 2 * approx_dot(next, next, n);
        if (now < before)
        {
            memcpy(c->beta, next, n * sizeof *next);
            *value = now;
            return before - now;
        }
    }
    move(c->q, c, c->beta);
    return 0;
}

int
convex_minimise(convex_t *c, double nu)
{
    slong n = c->n, N = c->d * c->m;
    double *A = flint_malloc((N * n + 1) * sizeof *A), *H = flint_malloc((n * n + 1) * sizeof *H);
    double *g = flint_malloc((2 * n + 1) * sizeof *g), value, gain;
    int k, idle = 0;

    move(c->q, c, c->beta);
    value = convex_loss(c->u, c, c->q) + nu / 2 * approx_dot(c->beta, c->beta, n);
    for (k = 0; k < 100 && idle < 2 && n > 0; k++)
    {
        if (gradient(g, c, nu) == 0)
            break;
        scale_rows(A, c);
        hessian(H, A, N, n, nu);
        gain = step(c, H, g, g + n, &value, nu);
        convex_loss(c->u, c, c->q);
        idle = gain > 1e-14 * (1e-300 + fabs(value)) ? 0 : idle + 1;
    }
    flint_free(A);
    flint_free(H);
    flint_free(g);
    return isfinite(value);
}

int
convex_minimise_within(convex_t *c, double radius)
{
    double low = 0, high = 0, nu, size;
    int k, ok = convex_minimise(c, 0);

    size = sqrt(approx_dot(c->beta, c->beta, c->n));
    if (ok && size <= radius)
        return 1;
    for (nu = 1e-6, k = 0; k < 60 && high == 0; k++, nu *= 100)
    {
        ok = convex_minimise(c, nu);
        if (!ok)
            return 0;
        if (sqrt(approx_dot(c->beta, c->beta, c->n)) <= radius)
            high = nu;
        else
            low = nu;
    }
    for (k = 0; k < 24 && high > 0; k++)
    {
        nu = low > 0 ? sqrt(low * high) : high / 1e4;
        ok = convex_minimise(c, nu);
        size = sqrt(approx_dot(c->beta, c->beta, c->n));
        if (size <= radius)
            high = nu;
        else
            low = nu;
        if (fabs(size - radius) <= 1e-4 * radius)
            break;
    }
    return ok && high > 0;
}
