/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the regularity condition fails: a search, over the cone
   ||G v|| >= delta ||v||, for the smallest multiple t of the radii at which

       psi(v) = (<grad h, v> - alpha ||grad h||^2 - beta ||v||^2) / ||v||^2

   is negative, by projected gradient descent from many starts. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/landscape.h"
#include "prove.h"

typedef struct
{
    landscape_t L;
    double alpha, beta, delta;
    double *mode, *sigma2;      /* rows: eigenvectors of G^T G, ascending; NULL: no cone */
    double *w, *g, *g2, *u;     /* scratch */
} rc_t;

static double
dot(const double *x, const double *y, slong n)
{
    slong t;
    double sum = 0;

    for (t = 0; t < n; t++)
        sum += x[t] * y[t];
    return sum;
}

/* out := the Hessian at w applied to z, by central differences. */
static void
hessian(double *out, rc_t *s, const double *w, const double *z, double step)
{
    static const double node[] = { 1, -1, 2, -2 }, weight[] = { 8, -8, -1, 1 };
    slong t, n = s->L.size;
    int k;
    double eta = step / fmax(sqrt(dot(z, z, n)), 1e-300);

    memset(out, 0, n * sizeof *out);
    for (k = 0; k < 4; k++)
    {
        for (t = 0; t < n; t++)
            s->u[t] = w[t] + node[k] * eta * z[t];
        landscape_evaluate(&s->L, s->u, s->g2);
        for (t = 0; t < n; t++)
            out[t] += weight[k] * s->g2[t] / (12 * eta);
    }
}

/* psi at the displacement v, and its gradient (NULL: not wanted). */
static double
psi(rc_t *s, const double *v, double *grad)
{
    slong t, n = s->L.size;
    double v2 = dot(v, v, n), value;

    for (t = 0; t < n; t++)
        s->w[t] = s->L.centre[t] + v[t];
    landscape_evaluate(&s->L, s->w, s->g);
    value = (dot(s->g, v, n) - s->alpha * dot(s->g, s->g, n)) / v2 - s->beta;
    if (grad != NULL)
    {
        double *z = flint_malloc(n * sizeof *z);
        for (t = 0; t < n; t++)
            z[t] = v[t] - 2 * s->alpha * s->g[t];
        hessian(grad, s, s->w, z, 1e-3 * sqrt(v2));
        for (t = 0; t < n; t++)
            grad[t] = (grad[t] + s->g[t] - 2 * (value + s->beta) * v[t]) / v2;
        flint_free(z);
    }
    return value;
}

/* max_i ||v_i||_F / radius_i; blocks of radius 0 must not move. */
static double
extent(const rc_t *s, const double *v)
{
    slong i;
    double top = 0;

    for (i = 0; i < s->L.n; i++)
        if (s->L.radius[i] > 0)
        {
            slong k = s->L.rows[i] * s->L.cols[i];
            top = fmax(top, sqrt(dot(v + s->L.start[i], v + s->L.start[i], k)) / s->L.radius[i]);
        }
    return top;
}

/* Brings v into the cone, weakening what G sees less than delta, and to
   extent t.  Returns 0 if nothing is left of it. */
static int
project(rc_t *s, double *v, double t)
{
    slong i, j, n = s->L.size, pass;
    double *c = flint_malloc(n * sizeof *c), e, limit = s->delta * s->delta * (1 + 1e-9) + 1e-13;

    for (pass = 0; pass < 4; pass++)
    {
        double above = 0, below = 0;
        for (i = 0; i < s->L.n; i++)
            for (j = 0; j < s->L.rows[i] * s->L.cols[i]; j++)
                v[s->L.start[i] + j] *= s->L.radius[i] > 0;
        for (i = 0; i < s->L.n; i++)
        {   /* no block beyond t */
            double *p = v + s->L.start[i];
            slong k = s->L.rows[i] * s->L.cols[i];
            double norm = sqrt(dot(p, p, k));
            for (j = 0; j < k && norm > t * s->L.radius[i]; j++)
                p[j] *= t * s->L.radius[i] / norm;
        }
        if (s->delta <= 0)
            break;
        for (i = 0; i < n; i++)
        {
            c[i] = dot(s->mode + i * n, v, n);
            if (s->sigma2[i] >= limit)
                above += c[i] * c[i] * (s->sigma2[i] - limit);
            else
                below += c[i] * c[i] * (limit - s->sigma2[i]);
        }
        if (below <= above)
            break;
        memset(v, 0, n * sizeof *v);
        for (i = 0; i < n; i++)
        {
            double x = c[i] * (s->sigma2[i] >= limit ? 1 : 0.999999 * sqrt(above / below));
            for (j = 0; j < n; j++)
                v[j] += x * s->mode[i * n + j];
        }
    }
    flint_free(c);
    e = extent(s, v);
    if (!(e > 1e-100))
        return 0;
    for (j = 0; j < n; j++)
        v[j] *= t / e;
    return 1;
}

/* The smallest extent along v, at most t, where psi < 0; t itself is one. */
static double
first_failure(rc_t *s, const double *v, double t)
{
    slong j, n = s->L.size;
    int k;
    double e = extent(s, v), lo = 0, hi = t, x;
    double *u = flint_malloc(n * sizeof *u);

    for (k = 1; k < 40; k++)
    {
        x = t * k / 40;
        for (j = 0; j < n; j++)
            u[j] = v[j] * x / e;
        if (psi(s, u, NULL) < 0)
        {
            hi = x;
            break;
        }
        lo = x;
    }
    for (k = 0; k < 40; k++)
    {
        x = (lo + hi) / 2;
        for (j = 0; j < n; j++)
            u[j] = v[j] * x / e;
        if (psi(s, u, NULL) < 0)
            hi = x;
        else
            lo = x;
    }
    flint_free(u);
    return hi;
}

/* Start k: in turn a mode that G sees at least delta, the weakest first, with a
   little of everything, and a mixture of all. */
static void
start(rc_t *s, double *v, int k)
{
    slong i, j, n = s->L.size, first = 0, mode;
    double p = (k / 2 % 5) - 1;

    while (first < n - 1 && s->sigma2[first] < s->delta * s->delta * (1 - 1e-6))
        first++;
    mode = k % 2 == 0 && first + k / 2 < n ? first + k / 2 : -1;
    memset(v, 0, n * sizeof *v);
    for (i = 0; i < n; i++)
    {
        double x = landscape_uniform(&s->L) + landscape_uniform(&s->L) + landscape_uniform(&s->L);
        if (mode >= 0)
            x = i == mode ? 1 : 1e-3 * x;
        else if (s->sigma2[i] > 1e-12)
            x *= pow(s->sigma2[n - 1] / s->sigma2[i], p / 2);
        for (j = 0; j < n; j++)
            v[j] += x * s->mode[i * n + j];
    }
}

static int
rc_init(rc_t *s, const problem_t *P, const neighbourhood_t *N, const rc_constants_t *k)
{
    slong i, j, n;
    double *z;
    int ok;

    landscape_init(&s->L, P, N);
    n = s->L.size;
    s->alpha = approx_fmpq(k->alpha);
    s->beta = approx_fmpq(k->beta);
    s->delta = approx_fmpq(k->delta);
    s->mode = flint_malloc(n * n * sizeof *s->mode);
    s->sigma2 = flint_malloc(n * sizeof *s->sigma2);
    s->w = flint_malloc(n * sizeof *s->w);
    s->g = flint_malloc(n * sizeof *s->g);
    s->g2 = flint_malloc(n * sizeof *s->g2);
    s->u = flint_malloc(n * sizeof *s->u);
    z = flint_calloc(n, sizeof *z);
    for (i = 0; i < n; i++)
    {
        z[i] = 1;
        hessian(s->mode + i * n, s, s->L.centre, z, 1e-3);
        z[i] = 0;
    }
    for (i = 0; i < n; i++)
        for (j = 0; j < i; j++)
            s->mode[i * n + j] = s->mode[j * n + i] = (s->mode[i * n + j] + s->mode[j * n + i]) / 2;
    flint_free(z);
    ok = approx_eigen(s->sigma2, s->mode, n, 1);
    for (i = 0; i < n; i++)
        s->sigma2[i] = fmax(s->sigma2[i], 0);
    return ok;
}

static void
rc_clear(rc_t *s)
{
    flint_free(s->mode);
    flint_free(s->sigma2);
    flint_free(s->w);
    flint_free(s->g);
    flint_free(s->g2);
    flint_free(s->u);
    landscape_clear(&s->L);
}

double
search_regularity(problem_t *W, const problem_t *P, const neighbourhood_t *N, const rc_constants_t *constants,
                  int starts, double limit, int any)
{
    rc_t s;
    slong j, n;
    int k, it;
    double *v, *u, *grad, *best, top = limit;

    n = network_parameters(P);
    if (!network_is_rational(P) || P->b != NULL || n > 800 || !rc_init(&s, P, N, constants))
        return INFINITY;
    v = flint_malloc(n * sizeof *v);
    u = flint_malloc(n * sizeof *u);
    grad = flint_malloc(n * sizeof *grad);
    best = flint_malloc(n * sizeof *best);
    for (k = 0; k < starts; k++)
    {   /* from the best extent so far, or from further out */
        static const double ahead[] = { 1, 1.5, 3 };
        double t = fmin(limit, top * ahead[k % 3]), step = 0.1, value;
        start(&s, v, k);
        if (k > starts / 2 && top < limit)
        {   /* near the best direction so far */
            double size = sqrt(dot(best, best, n)), noise = pow(0.1, 0.5 + (k % 7) / 3.0);
            noise *= size / fmax(sqrt(dot(v, v, n)), 1e-300);
            for (j = 0; j < n; j++)
                v[j] = best[j] + noise * v[j];
        }
        if (!project(&s, v, t))
            continue;
        value = psi(&s, v, grad);
        for (it = 0; it < 150 && step > 1e-7; it++)
        {
            double size = sqrt(dot(grad, grad, n)), length = sqrt(dot(v, v, n));
            if (value < 0 && any)
            {
                top = t * (1 - 1e-12);
                memcpy(best, v, n * sizeof *v);
                starts = 0;
                break;
            }
            if (value < 0)
            {
                double found = first_failure(&s, v, t);
                if (found < top)
                {
                    top = found;
                    for (j = 0; j < n; j++)
                        best[j] = v[j] * top / t;
                }
                t = found * 0.99;
                step = fmax(step, 1e-2);
                if (!project(&s, v, t))
                    break;
                value = psi(&s, v, grad);
                continue;
            }
            for (j = 0; j < n; j++)
                u[j] = v[j] - step * length * grad[j] / fmax(size, 1e-300);
            if (project(&s, u, t) && psi(&s, u, NULL) < value)
            {
                memcpy(v, u, n * sizeof *v);
                value = psi(&s, v, grad);
                step = fmin(1, step * 1.5);
            }
            else
                step *= 0.5;
        }
    }
    if (top < limit && W != NULL)
    {
        for (j = 0; j < n; j++)
            u[j] = s.L.centre[j] + best[j];
        landscape_point(W, &s.L, u, 1 + 1e-9);
    }
    flint_free(v);
    flint_free(u);
    flint_free(grad);
    flint_free(best);
    rc_clear(&s);
    return top < limit ? top : INFINITY;
}
