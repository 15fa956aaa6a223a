/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points from which the search for a large h / ||grad h||^2 starts.  They do not depend on
   the singular vectors that LAPACK happens to return, but for rounding. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "candidates.h"
#include "last_layer.h"

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
feature_candidate(landscape_t *s, double *w, double factor)
{
    slong t, width, m = s->m, d0 = s->d0, r = s->rows[0], k = FLINT_MIN(r, m);
    double *slope, *H = last_features(&width, &slope, s, s->centre);
    double *Z = flint_calloc(r * m, sizeof *Z);
    double *G = flint_malloc((m * m + m) * sizeof *G), *ev = G + m * m;

    memcpy(w, s->centre, s->size * sizeof *w);
    memcpy(Z, H, r * m * sizeof *Z);
    subtract(Z, H, r, m, 0, s->radius[0], factor);
    if (k == m && gram_eigen(ev, G, s->X, d0, m))
    {
        for (t = 0; t < r * m; t++)
        {   /* back through the units */
            Z[t] /= Z[t] < 0 && s->slope[0] > 0 ? s->slope[0] : 1;
            Z[t] -= s->P->b != NULL ? s->centre[s->bstart[0] + t / m] : 0;
        }
        fit_layer(w + s->start[0], Z, s->X, ev, G, r, d0, m);
    }
    flint_free(H);
    flint_free(slope);
    flint_free(Z);
    flint_free(G);
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
