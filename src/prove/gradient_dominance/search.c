/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counterexamples and lower bounds for lambda: a search over the
   neighbourhood in double precision, then rounding to rationals inside it. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/landscape.h"
#include "prove.h"

static double
ratio(const landscape_t *s, const double *w, double *grad)
{
    slong t;
    double g2 = 0, h = landscape_evaluate(s, w, grad) - s->reference;

    for (t = 0; t < s->size; t++)
        g2 += grad[t] * grad[t];
    if (!(h > (s->reference == 0 ? 0 : 1e-13 * (1 + fabs(s->reference)))) || !isfinite(g2))
        return -1;
    return g2 > 0 ? fmin(h / g2, 1e300) : 1e300;
}

/* Brings w back into the neighbourhood. */
static void
project(const landscape_t *s, double *w)
{
    slong i, t, r, c;

    for (i = 0; i < s->n; i++)
    {
        double *v, norm = 0;
        double rho = i < s->N->n && s->N->norm != NORM_FEATURE ? s->radius[i] : INFINITY;
        if (!isfinite(rho))
            continue;
        r = s->rows[i];
        c = s->cols[i];
        v = flint_malloc(r * c * sizeof *v);
        for (t = 0; t < r * c; t++)
        {
            v[t] = w[s->start[i] + t] - s->centre[s->start[i] + t];
            norm += v[t] * v[t];
        }
        norm = sqrt(norm);
        if (norm > rho && s->N->norm == NORM_FROBENIUS)
            for (t = 0; t < r * c; t++)
                v[t] *= rho / norm;
        else if (norm > rho)
        {   /* clip the singular values */
            slong k = FLINT_MIN(r, c), a, b;
            double *S = flint_malloc(k * sizeof *S), *U = flint_malloc(r * k * sizeof *U);
            double *V = flint_malloc(k * c * sizeof *V);
            if (approx_svd(S, U, V, v, r, c))
            {
                memset(v, 0, r * c * sizeof *v);
                for (t = 0; t < k; t++)
                    for (a = 0; a < r; a++)
                        for (b = 0; b < c; b++)
                            v[a * c + b] += U[a * k + t] * fmin(S[t], rho) * V[t * c + b];
            }
            flint_free(S);
            flint_free(U);
            flint_free(V);
        }
        for (t = 0; t < r * c; t++)
            w[s->start[i] + t] = s->centre[s->start[i] + t] + v[t];
        flint_free(v);
        if (s->P->b != NULL)
        {
            double *b = w + s->bstart[i], *b0 = s->centre + s->bstart[i];
            for (t = 0, norm = 0; t < r; t++)
                norm += (b[t] - b0[t]) * (b[t] - b0[t]);
            norm = sqrt(norm);
            for (t = 0; t < r && norm > rho; t++)
                b[t] = b0[t] + (b[t] - b0[t]) * rho / norm;
        }
    }
}

/* Candidate k of the first kind: towards singular layers.  bits of k choose
   the blocks that move; shape: 0 smallest singular pair, 1 the polar factor,
   2 the matrix itself. */
static void
weak_candidate(landscape_t *s, double *w, int shape, unsigned long blocks, double factor)
{
    slong i, a, b, t;

    memcpy(w, s->centre, s->size * sizeof *w);
    for (i = 0; i < s->n; i++)
    {
        slong r = s->rows[i], c = s->cols[i], k = FLINT_MIN(r, c);
        double *A, *S, *U, *V, rho = i < s->N->n ? s->radius[i] : 1;
        if (!(blocks >> (i % 60) & 1) || !isfinite(rho))
            continue;
        A = flint_malloc(r * c * sizeof *A);
        S = flint_malloc(k * sizeof *S);
        U = flint_malloc(r * k * sizeof *U);
        V = flint_malloc(k * c * sizeof *V);
        memcpy(A, s->centre + s->start[i], r * c * sizeof *A);
        if (network_reaches_every_map(s->P) && s->P->r == 1)
            for (a = 0; a < r; a++)
                A[a * c + a] += 1;
        if (approx_svd(S, U, V, A, r, c))
            for (t = shape == 0 ? k - 1 : 0; t < k; t++)
                for (a = 0; a < r; a++)
                    for (b = 0; b < c; b++)
                        w[s->start[i] + a * c + b] -= factor * U[a * k + t] * V[t * c + b]
                            * (shape == 2 ? rho * S[t] / fmax(S[0], 1e-300) : fmin(rho, S[t]));
        flint_free(A);
        flint_free(S);
        flint_free(U);
        flint_free(V);
    }
}

static void
random_candidate(landscape_t *s, double *w, const double *from, double step)
{
    slong i, t;

    memcpy(w, from, s->size * sizeof *w);
    for (i = 0; i < s->n; i++)
    {
        double rho = i < s->N->n && isfinite(s->radius[i]) ? s->radius[i] : 1;
        for (t = 0; t < s->rows[i] * s->cols[i]; t++)
            w[s->start[i] + t] += step * rho * landscape_uniform(s);
        for (t = 0; s->P->b != NULL && t < s->rows[i]; t++)
            w[s->bstart[i] + t] += step * rho * landscape_uniform(s);
    }
    project(s, w);
}

/* Feature norm: shrink the displacement of the hidden layer until inside. */
static void
project_feature(landscape_t *s, double *w)
{
    slong t, r = s->rows[0], k = FLINT_MIN(r, s->m), tries;
    double *a = flint_malloc(r * s->m * sizeof *a), *S = flint_malloc(k * sizeof *S);
    double *b = flint_malloc(r * s->m * sizeof *b);

    for (tries = 0; tries < 60; tries++)
    {
        int side;
        for (side = 0; side < 2; side++)
        {
            double *out = side ? b : a;
            const double *p = side ? s->centre : w;
            memset(out, 0, r * s->m * sizeof *out);
            landscape_multiply(out, p, 0, s->X, 0, r, s->d0, s->m);
            for (t = 0; t < r * s->m; t++)
            {
                if (s->P->b != NULL)
                    out[t] += p[s->bstart[0] + t / s->m];
                out[t] *= out[t] < 0 ? s->slope[0] : 1;
            }
        }
        for (t = 0; t < r * s->m; t++)
            a[t] -= b[t];
        if (!approx_svd(S, NULL, NULL, a, r, s->m) || S[0] <= s->radius[0] * (1 - 1e-6))
            break;
        for (t = 0; t < r * s->d0; t++)
            w[t] = s->centre[t] + (w[t] - s->centre[t]) * 0.8;
        for (t = 0; s->P->b != NULL && t < r; t++)
            w[s->bstart[0] + t] += (s->centre[s->bstart[0] + t] - w[s->bstart[0] + t]) * 0.2;
    }
    flint_free(a);
    flint_free(b);
    flint_free(S);
}

/* Feedforward networks: the last layer is free, so it can make the residual
   e = size u v^T, v the weakest right singular vector of the last features
   and u a unit vector, or (unit = d_l) the one that the layer below sees least:
   the weakest left singular vector of the last layer itself. */
static void
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
            for (i = 0; i < dl; i++)
                u[i] = size * K[i];
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

/* v := a point with a smaller loss than the centre's, by gradient descent. */
static void
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

int
search_witness(problem_t *W, problem_t *V, const problem_t *P, const neighbourhood_t *N, int effort)
{
    landscape_t s;
    int k, feature = N->norm == NORM_FEATURE, exact, linear = network_is_linear(P);
    double *w, *best, *g, *v, top = -1, value, step = 1;
    moments_t M;

    if (!network_is_rational(P))
        return 0;
    landscape_init(&s, P, N);
    if ((double) s.size * s.m * effort > 4e8)
        effort = (int) FLINT_MAX(20.0, 4e8 / ((double) s.size * s.m));
    w = flint_malloc(s.size * sizeof *w);
    best = flint_malloc(s.size * sizeof *best);
    g = flint_malloc(s.size * sizeof *g);
    v = flint_malloc(s.size * sizeof *v);
    moments_none(&M);
    exact = (!linear || moments_init(&M, P)) && network_at_minimum(P, &M) == 1;
    moments_clear(&M);
    memcpy(v, s.centre, s.size * sizeof *v);
    if (!exact)
        descend(&s, v, effort);
    s.reference = exact && !linear ? 0 : landscape_evaluate(&s, v, NULL);
    memcpy(best, s.centre, s.size * sizeof *best);
    top = ratio(&s, best, g);
    for (k = 0; k < effort; k++)
    {
        static const double factors[] = { 1, 0.5, 0.999, -1 };
        unsigned long masks = s.n < 8 ? (1UL << s.n) - 1 : 255;
        if (k < (int) masks * 12 && k < effort / 2)
        {
            unsigned long mask = 1 + k / 12;
            weak_candidate(&s, w, k % 3, s.n < 8 ? mask : mask == masks ? ~0UL : mask, factors[k / 3 % 4]);
            project(&s, w);
        }
        else if (k < effort / 2)
            random_candidate(&s, w, s.centre, pow(10, -3.0 * ((k * 7) % 20) / 20.0));
        else
        {   /* evolution with one parent: the step grows on success, shrinks on failure */
            if (step < 1e-12 || k == effort / 2)
                step = 0.3;
            random_candidate(&s, w, best, step);
        }
        if (feature)
            project_feature(&s, w);
        if (!linear && k % 2)
            align_last_layer(&s, w, (k / 2) % (s.rows[s.n - 1] + 1), pow(10, -(k / 8 % 11)));
        value = ratio(&s, w, g);
        if (k >= effort / 2)
            step *= value > top ? 2 : 0.87;
        if (value > top)
        {
            top = value;
            memcpy(best, w, s.size * sizeof *best);
        }
    }
    if (top > 0)
    {
        landscape_point(W, &s, best, feature ? 1 : 1 - ldexp(1, -26));
        landscape_point(V, &s, v, 1);
    }
    flint_free(w);
    flint_free(best);
    flint_free(g);
    flint_free(v);
    landscape_clear(&s);
    return top > 0;
}
