/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "failure.h"

/* out := the Hessian at w applied to z, by central differences: exact for linear networks
   of up to two layers but for rounding. */
static void
hessian(double *out, failure_t *s, const double *w, const double *z, double step)
{
    static const double node[] = { 1, -1, 2, -2 }, weight[] = { 8, -8, -1, 1 };
    slong t, n = s->size;
    int k;
    double eta = step / fmax(sqrt(approx_dot(z, z, n)), 1e-300);

    memset(out, 0, n * sizeof *out);
    for (k = 0; k < 4; k++)
    {
        for (t = 0; t < n; t++)
            s->u[t] = w[t] + node[k] * eta * z[t];
        landscape_evaluate(&s->L, s->u, s->g);
        s->work += s->cost;
        for (t = 0; t < n; t++)
            out[t] += weight[k] * s->g[t] / (12 * eta);
    }
}

/* psi at the displacement v, and its gradient (NULL: not wanted). */
static double
psi(failure_t *s, const double *v, double *grad)
{
    slong t, n = s->size;
    double v2 = approx_dot(v, v, n), value;

    for (t = 0; t < n; t++)
        s->w[t] = s->L.centre[t] + v[t];
    landscape_evaluate(&s->L, s->w, s->g);
    s->work += s->cost;
    value = (approx_dot(s->g, v, n) - s->alpha * approx_dot(s->g, s->g, n)) / v2;
    if (grad != NULL)
    {
        for (t = 0; t < n; t++)
        {
            grad[t] = s->g[t] - 2 * value * v[t];
            s->z[t] = v[t] - 2 * s->alpha * s->g[t];
        }
        hessian(s->q, s, s->w, s->z, 1e-3 * sqrt(v2));
        for (t = 0; t < n; t++)
            grad[t] = (grad[t] + s->q[t]) / v2;
    }
    return value - s->beta;
}

/* The largest ||v_i||_F / radius_i, or if v is to have a gradient (not NULL), the p-norm
   of all: smooth where two layers are equally large. */
static double
extent(double *grad, const failure_t *s, const double *v)
{
    slong i, j, n = s->L.n;
    double *size = flint_calloc(n, sizeof *size), top = 0, sum = 0;

    for (i = 0; i < n; i++)
        if (s->L.radius[i] > 0)
        {
            slong k = s->L.rows[i] * s->L.cols[i];
            size[i] = sqrt(approx_dot(v + s->L.start[i], v + s->L.start[i], k)) / s->L.radius[i];
            top = fmax(top, size[i]);
        }
    if (grad != NULL && top > 0)
    {
        for (i = 0; i < n; i++)
            sum += pow(size[i] / top, s->power);
        top *= pow(sum, 1 / s->power);
        for (i = 0; i < n; i++)
            for (j = 0; j < s->L.rows[i] * s->L.cols[i]; j++)
                grad[s->L.start[i] + j] = size[i] == 0 ? 0 : v[s->L.start[i] + j]
                    * pow(size[i] / top, s->power - 2) / (top * s->L.radius[i] * s->L.radius[i]);
    }
    flint_free(size);
    return top;
}

/* How much of what G sees less than delta may stay, and what c adds on either side. */
static double
weakening(double *above, double *below, const failure_t *s, const double *c)
{
    slong i;

    *above = *below = 0;
    for (i = 0; i < s->n; i++)
        *(s->side[i] >= 0 ? above : below) += c[i] * c[i] * fabs(s->side[i]);
    if (s->thin)
        return 0;
    return *below <= *above ? 1 : (1 - 1e-9) * sqrt(*above / *below);
}

/* v := the vector of the cone that c stands for. */
static double
embed(double *v, const failure_t *s, const double *c, double *above, double *below)
{
    slong i, j;
    double x = weakening(above, below, s, c);

    memset(v, 0, s->size * sizeof *v);
    for (i = 0; i < s->n; i++)
    {
        double a = c[i] * (s->side[i] >= 0 ? 1 : x);
        for (j = 0; j < s->size && a != 0; j++)
            v[j] += a * s->mode[i * s->size + j];
    }
    return x;
}

/* gradient := that with respect to c, from grad, that with respect to the vector of c. */
static void
pull_back(double *gradient, const failure_t *s, const double *c, const double *grad, double x,
          double above, double below)
{
    slong i;
    double lost = 0;            /* the derivative with respect to x */

    for (i = 0; i < s->n; i++)
    {
        gradient[i] = approx_dot(s->mode + i * s->size, grad, s->size);
        if (s->side[i] < 0)
        {
            lost += gradient[i] * c[i];
            gradient[i] *= x;
        }
    }
    for (i = 0; i < s->n && x > 0 && x < 1; i++)
        gradient[i] += lost * x * s->side[i] * c[i] / (s->side[i] >= 0 ? above : below);
}

double
failure_at(void *context, const double *c, double *gradient)
{
    failure_t *s = context;
    slong j;
    double *v = flint_malloc(3 * s->size * sizeof *v), *grad = v + s->size, *slope = grad + s->size;
    double above, below, x = embed(v, s, c, &above, &below), e = extent(slope, s, v);
    double value = INFINITY;

    memset(gradient, 0, s->n * sizeof *gradient);
    s->work += 10.0 * s->n * s->size;           /* the modes twice, and a step of the descent */
    if (e > 1e-100)
    {
        double scale = s->extent / e, along;
        for (j = 0; j < s->size; j++)
            v[j] *= scale;
        value = psi(s, v, grad);
        along = approx_dot(grad, v, s->size);
        for (j = 0; j < s->size; j++)
            grad[j] = scale * grad[j] - along * slope[j] / e;
        for (j = 0; j < s->size; j++)
            if (!isfinite(grad[j]))
                grad[j] = 0;
        pull_back(gradient, s, c, grad, x, above, below);
    }
    flint_free(v);
    return value;
}

int
failure_displacement(double *v, failure_t *s, const double *c, double t)
{
    slong j;
    double above, below, e;

    embed(v, s, c, &above, &below);
    e = extent(NULL, s, v);
    for (j = 0; j < s->size && e > 1e-100; j++)
        v[j] *= t / e;
    return e > 1e-100;
}

/* psi at t times v, u scratch. */
static double
along(failure_t *s, double *u, const double *v, double t)
{
    slong j;

    for (j = 0; j < s->size; j++)
        u[j] = t * v[j];
    return psi(s, u, NULL);
}

double
failure_first(failure_t *s, const double *c, double least, double most)
{
    double *v = flint_malloc(2 * s->size * sizeof *v), *u = v + s->size;
    double lo = least, hi = least, found = INFINITY;
    int k;

    if (failure_displacement(v, s, c, 1))
        while (hi < most && !isfinite(found))
        {
            lo = hi;
            hi = fmin(hi * 1.1, most);
            if (along(s, u, v, hi) < 0)
                found = hi;
        }
    for (k = 0; k < 40 && isfinite(found) && found - lo > 1e-10 * found; k++)
    {
        double x = (lo + found) / 2;
        if (along(s, u, v, x) < 0)
            found = x;
        else
            lo = x;
    }
    flint_free(v);
    return found;
}

/* G^T G at the centre, which is the Hessian there, over what may move: its eigenvectors
   to fixed parameters are told by the eigenvalue -1 and dropped. */
static int
modes(failure_t *s)
{
    slong i, j, n = s->size;
    double *z = flint_calloc(n, sizeof *z), *moves = flint_calloc(n, sizeof *moves), x;
    int ok;

    for (i = 0; i < s->L.n; i++)
        for (j = 0; j < s->L.rows[i] * s->L.cols[i]; j++)
            moves[s->L.start[i] + j] = s->L.radius[i] > 0;
    for (i = 0; i < n; i++)
    {
        z[i] = 1;
        hessian(s->mode + i * n, s, s->L.centre, z, 1e-3);
        z[i] = 0;
    }
    for (i = 0; i < n; i++)
        for (j = 0; j <= i; j++)
        {
            x = (s->mode[i * n + j] + s->mode[j * n + i]) / 2 * moves[i] * moves[j];
            s->mode[i * n + j] = s->mode[j * n + i] = i == j && moves[i] == 0 ? -1 : x;
        }
    ok = approx_eigen(s->sigma2, s->mode, n, 1);
    for (i = 0; ok && i < n && s->sigma2[i] < -0.5; i++)
        ;
    s->n = ok ? n - i : 0;
    memmove(s->mode, s->mode + (n - s->n) * n, s->n * n * sizeof *s->mode);
    memmove(s->sigma2, s->sigma2 + (n - s->n), s->n * sizeof *s->sigma2);
    for (i = 0; i < s->n; i++)
        for (j = 0; j < n; j++)
            s->mode[i * n + j] *= moves[j];
    flint_free(z);
    flint_free(moves);
    return s->n > 0;
}

/* The cone.  In double precision its boundary cannot be told from what is outside, so it
   is made a little smaller, unless nothing would be left. */
static int
cone(failure_t *s)
{
    slong i;
    double d2 = s->delta * s->delta, limit = d2 * (1 + 1e-9) + 1e-13, top;

    for (i = 0; i < s->n; i++)
        s->sigma2[i] = fmax(s->sigma2[i], 0);
    top = s->sigma2[s->n - 1];
    s->thin = d2 > 0 && top < limit;
    for (i = 0; i < s->n; i++)
        s->side[i] = d2 <= 0 ? 1 : !s->thin ? s->sigma2[i] - limit
            : s->sigma2[i] >= top * (1 - 1e-8) ? 1 : -1;
    return !s->thin || top >= d2 * (1 - 1e-8);
}

int
failure_init(failure_t *s, const problem_t *P, const neighbourhood_t *N,
             const rc_constants_t *k)
{
    slong n;

    landscape_init(&s->L, P, N);
    n = s->size = s->L.size;
    s->alpha = approx_fmpq(k->alpha);
    s->beta = approx_fmpq(k->beta);
    s->delta = approx_fmpq(k->delta);
    s->extent = 1;
    s->power = 32;
    s->mode = flint_malloc(n * n * sizeof *s->mode);
    s->sigma2 = flint_malloc(7 * n * sizeof *s->sigma2);
    s->side = s->sigma2 + n;
    s->w = s->side + n;
    s->g = s->w + n;
    s->q = s->g + n;
    s->z = s->q + n;
    s->u = s->z + n;
    s->cost = 6.0 * n * s->L.m + 1000;
    s->work = 0;
    return modes(s) && cone(s);
}

void
failure_clear(failure_t *s)
{
    flint_free(s->mode);
    flint_free(s->sigma2);
    landscape_clear(&s->L);
}
