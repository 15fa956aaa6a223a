/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points from which the search for a large h / ||grad h||^2 starts.  They do not depend on
   the singular vectors that LAPACK happens to return, but for rounding. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "candidates.h"

/* x := x or -x, so that the first of the largest entries is positive. */
static void
fix_sign(double *x, slong n)
{
    slong i, top = 0;

    for (i = 1; i < n; i++)
        if (fabs(x[i]) > fabs(x[top]) * (1 + 1e-6))
            top = i;
    if (x[top] < 0)
        for (i = 0; i < n; i++)
            x[i] = -x[i];
}

/* U[t], V[t] := the part of a fixed vector in the space of the singular vectors whose
   singular value is about the least, and its partner; t is their last index. */
static void
fix_weakest(const double *S, double *U, double *V, slong r, slong c, slong k)
{
    slong a, t, last = k - 1;
    double norm = 0, *u = flint_calloc(r + c, sizeof *u), *v = u + r;

    for (t = last; t >= 0 && S[t] <= S[last] + 1e-9 * S[0]; t--)
    {
        double x = 0;
        for (a = 0; a < c; a++)
            x += V[t * c + a] / (a + 1);
        for (a = 0; a < c; a++)
            v[a] += x * V[t * c + a];
        for (a = 0; a < r; a++)
            u[a] += x * U[a * k + t];
        norm += x * x;
    }
    for (a = 0; a < c && norm > 1e-12; a++)
        V[last * c + a] = v[a] / sqrt(norm);
    for (a = 0; a < r && norm > 1e-12; a++)
        U[a * k + last] = u[a] / sqrt(norm);
    flint_free(u);
}

/* w := the centre with A subtracted, factor times what shape says. */
static void
subtract(double *w, const double *A, slong r, slong c, int shape, double rho, double factor)
{
    slong a, b, t, k = FLINT_MIN(r, c);
    double *B = flint_malloc(r * c * sizeof *B), *S = flint_malloc(k * sizeof *S);
    double *U = flint_malloc(r * k * sizeof *U), *V = flint_malloc(k * c * sizeof *V);

    memcpy(B, A, r * c * sizeof *B);
    if (approx_svd(S, U, V, B, r, c))
    {
        if (shape == 0)
            fix_weakest(S, U, V, r, c, k);
        for (t = shape == 0 ? k - 1 : 0; t < k; t++)
            for (a = 0; a < r; a++)
                for (b = 0; b < c; b++)
                    w[a * c + b] -= factor * U[a * k + t] * V[t * c + b]
                        * (shape == 2 ? rho * S[t] / fmax(S[0], 1e-300) : fmin(rho, S[t]));
    }
    flint_free(B);
    flint_free(S);
    flint_free(U);
    flint_free(V);
}

void
weak_candidate(landscape_t *s, double *w, int shape, unsigned long blocks, double factor)
{
    slong i, a;

    memcpy(w, s->centre, s->size * sizeof *w);
    for (i = 0; i < s->n; i++)
    {
        slong r = s->rows[i], c = s->cols[i];
        double *A, rho = i < s->N->n ? s->radius[i] : 1;
        if (!(blocks >> (i % 60) & 1) || !isfinite(rho))
            continue;
        A = flint_malloc(r * c * sizeof *A);
        memcpy(A, s->centre + s->start[i], r * c * sizeof *A);
        if (network_reaches_every_map(s->P) && s->P->r == 1)
            for (a = 0; a < r; a++)
                A[a * c + a] += 1;
        subtract(w + s->start[i], A, r, c, shape, rho, factor);
        flint_free(A);
    }
}

void
align_last_layer(landscape_t *s, double *w, slong unit, double size)
{
    const problem_t *P = s->P;
    slong k, t, i, j, width = s->d0, m = s->m, last = s->n - 1, dl = s->rows[last];
    double *H = flint_malloc(width * m * sizeof *H), *G, *ev, *E, *u;

    u = flint_calloc(dl, sizeof *u);
    if (unit < dl)
        u[unit] = size;
    else
    {
        double *K = flint_calloc(dl * dl, sizeof *K), *l = flint_malloc(dl * sizeof *l);
        landscape_multiply(K, s->centre + s->start[last], 0, s->centre + s->start[last], 1, dl, s->cols[last], dl);
        if (approx_eigen(l, K, dl, 1))
        {
            fix_sign(K, dl);
            for (i = 0; i < dl; i++)
                u[i] = size * K[i];
        }
        flint_free(K);
        flint_free(l);
    }
    memcpy(H, s->X, width * m * sizeof *H);
    for (k = 0; k < last; k++)
    {
        double *Z = flint_calloc(s->rows[k] * m, sizeof *Z);
        landscape_multiply(Z, w + s->start[k], 0, H, 0, s->rows[k], width, m);
        width = s->rows[k];
        for (t = 0; t < width * m; t++)
        {
            if (P->b != NULL)
                Z[t] += w[s->bstart[k] + t / m];
            Z[t] *= Z[t] < 0 ? s->slope[k] : 1;
        }
        flint_free(H);
        H = Z;
    }
    /* W = (Y - b + u v^T) H^+, by the normal equations of H^T H = V L V^T */
    G = flint_calloc(m * m, sizeof *G);
    ev = flint_malloc(m * sizeof *ev);
    E = flint_malloc(dl * m * sizeof *E);
    landscape_multiply(G, H, 1, H, 0, m, width, m);
    if (approx_eigen(ev, G, m, 1) && ev[0] > 1e-12 * ev[m - 1])
    {
        double *C = flint_calloc(dl * m, sizeof *C), *W = w + s->start[last];
        fix_sign(G, m);
        for (i = 0; i < dl; i++)
            for (j = 0; j < m; j++)
                E[i * m + j] = s->Y[i * m + j] - (P->b != NULL ? w[s->bstart[last] + i] : 0)
                    + u[i] * G[j];
        landscape_multiply(C, E, 0, G, 1, dl, m, m);          /* rows of G are eigenvectors */
        for (i = 0; i < dl; i++)
            for (j = 0; j < m; j++)
                C[i * m + j] /= ev[j];
        memset(E, 0, dl * m * sizeof *E);
        landscape_multiply(E, C, 0, G, 0, dl, m, m);
        memset(W, 0, dl * width * sizeof *W);
        landscape_multiply(W, E, 0, H, 1, dl, m, width);
        flint_free(C);
    }
    flint_free(H);
    flint_free(G);
    flint_free(ev);
    flint_free(E);
    flint_free(u);
}

void
descend(landscape_t *s, double *v, int steps)
{
    slong t;
    double *g = flint_malloc(s->size * sizeof *g), *u = flint_malloc(s->size * sizeof *u);
    double h, step = 1, next;

    memcpy(v, s->centre, s->size * sizeof *v);
    h = landscape_evaluate(s, v, g);
    for (t = 0, next = 0; t < s->size; t++)
        next += g[t] * g[t];
    if (next <= 1e-24 * h)              /* stationary: leave the point first */
    {
        for (t = 0; t < s->size; t++)
            v[t] += 0.3 * landscape_uniform(s);
        h = landscape_evaluate(s, v, g);
    }
    while (steps-- > 0 && step > 1e-18)
    {
        for (t = 0; t < s->size; t++)
            u[t] = v[t] - step * g[t];
        next = landscape_evaluate(s, u, NULL);
        if (next < h)
        {
            memcpy(v, u, s->size * sizeof *v);
            h = landscape_evaluate(s, v, g);
            step *= 2;
        }
        else
            step /= 4;
    }
    flint_free(g);
    flint_free(u);
}
