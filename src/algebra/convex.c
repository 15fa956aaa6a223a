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
    flint_free(c->square);
}

/* log sum_k exp q_k of sample i, and p_k. */
static double
softmax(double *p, const convex_t *c, const double *q, slong i)
{
    slong k;
    double top = q[i], sum = 0;         /* the largest term of it is 1 */

    for (k = 1; k < c->d; k++)
        top = fmax(top, q[k * c->m + i]);
    for (k = 0; k < c->d; k++)
        sum += p[k] = exp(q[k * c->m + i] - top);
    for (k = 0; k < c->d; k++)
        p[k] /= sum;
    return top + log(fmax(sum, 1));
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
                case LOSS_LOGISTIC:
                    t = -y * q[at];
                    h += c->cw[i] * (fmax(t, 0) + log1p(exp(-fabs(t))));
                    g = -y / (1 + exp(-t));
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
                case LOSS_LOGISTIC:
                    w = exp(-fabs(y * c->q[at]));
                    w = sqrt(c->cw[i] * w) * fabs(y) / (1 + w);
                    break;
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

/* G := A^T A, the upper triangle: four rows at a time. */
static void
gram(double *G, const double *A, slong rows, slong n)
{
    slong r, i, j;

    memset(G, 0, n * n * sizeof *G);
    for (r = 0; r < rows; r += 4)
    {
        const double *a = A + r * n, *b = r + 1 < rows ? a + n : NULL;
        const double *c = r + 2 < rows ? a + 2 * n : NULL, *d = r + 3 < rows ? a + 3 * n : NULL;
        for (i = 0; i < n; i++)
        {
            double x = a[i], y = b ? b[i] : 0, z = c ? c[i] : 0, w = d ? d[i] : 0, *g = G + i * n;
            if (d != NULL && (x != 0 || y != 0 || z != 0 || w != 0))
                for (j = i; j < n; j++)
                    g[j] += x * a[j] + y * b[j] + z * c[j] + w * d[j];
            else if (d == NULL)
                for (j = i; j < n; j++)
                    g[j] += x * a[j] + (b ? y * b[j] : 0) + (c ? z * c[j] : 0);
        }
    }
}

/* H := the Hessian at q plus nu I, the upper triangle; A is scratch. */
static void
hessian(double *H, double *A, convex_t *c, double nu)
{
    slong i, n = c->n, N = c->d * c->m;

    if (c->square == NULL)
    {
        scale_rows(A, c);
        gram(H, A, N, n);
        if (c->P->loss == LOSS_SQUARE)
        {   /* it is the same everywhere */
            c->square = flint_malloc((n * n + 1) * sizeof *c->square);
            memcpy(c->square, H, n * n * sizeof *H);
        }
    }
    else
        memcpy(H, c->square, n * n * sizeof *H);
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
        hessian(H, A, c, nu);
        gain = step(c, H, g, g + n, &value, nu);
        convex_loss(c->u, c, c->q);
        idle = gain > 1e-14 * (1e-300 + fabs(value)) ? 0 : idle + 1;
    }
    flint_free(A);
    flint_free(H);
    flint_free(g);
    return isfinite(value);
}

/* |beta(nu)|, beta(nu) = Q (Lambda + nu)^{-1} b in the basis of the eigenvectors. */
static double
size_at(const double *lambda, const double *b, slong n, double nu)
{
    slong j;
    double s = 0;

    for (j = 0; j < n; j++)
    {
        double x = b[j] / (fmax(lambda[j], 0) + nu);
        s += x * x;
    }
    return sqrt(s);
}

/* The square loss, whose Hessian is the same everywhere: one eigendecomposition serves for all
   nu.  beta has more than the radius at nu = 0. */
static int
square_within(convex_t *c, double radius)
{
    slong i, j, n = c->n;
    double *Q = flint_malloc((n * n + 3 * n + 1) * sizeof *Q), *lambda = Q + n * n, *b = lambda + n, *g = b + n;
    double low, high, nu;
    int k, ok;

    for (i = 0; i < n; i++)
        for (j = 0; j < n; j++)
            Q[i * n + j] = c->square[FLINT_MIN(i, j) * n + FLINT_MAX(i, j)];
    ok = approx_eigen(lambda, Q, n, 1);
    memset(c->beta, 0, n * sizeof *c->beta);
    move(c->q, c, c->beta);
    convex_loss(c->u, c, c->q);
    gradient(g, c, 0);
    for (j = 0; ok && j < n; j++)
        b[j] = -approx_dot(Q + j * n, g, n);
    high = ok ? 1e-12 * fmax(lambda[n - 1], 1e-300) : 1;
    for (low = high; ok && size_at(lambda, b, n, high) > radius && high < 1e300; high *= 4)
        low = high;
    for (k = 0; ok && k < 60; k++)
    {
        nu = sqrt(low * high);
        if (size_at(lambda, b, n, nu) > radius)
            low = nu;
        else
            high = nu;
    }
    for (j = 0; ok && j < n; j++)
        for (i = 0; i < n; i++)
            c->beta[i] += Q[j * n + i] * b[j] / (fmax(lambda[j], 0) + high);
    move(c->q, c, c->beta);
    convex_loss(c->u, c, c->q);
    flint_free(Q);
    return ok && high < 1e300;
}

int
convex_minimise_within(convex_t *c, double radius)
{
    double low = 0, high = 0, nu, size;
    int k, ok = convex_minimise(c, 0);

    size = sqrt(approx_dot(c->beta, c->beta, c->n));
    if (ok && size <= radius)
        return 1;
    if (c->square != NULL)
        return square_within(c, radius);
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
