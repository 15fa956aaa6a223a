/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Quasi-Newton descent.  The line search asks for the weak Wolfe conditions alone, by
   halving and doubling, so that it also works across kinks (Lewis and Overton 2013). */
#include "config.h"
#include <math.h>
#include <string.h>
#include "approx.h"
#include "descent.h"

typedef struct
{
    slong n;
    descent_f f;
    void *context;
    double *H;                  /* the inverse Hessian, about */
    double *x, *g, value;       /* the present point */
    double *d;                  /* the direction of descent */
    double *y, *h, next;        /* the next point, its gradient and value */
    double *change;             /* scratch: H times the change of the gradient */
} bfgs_t;

static void
multiply(double *y, const double *H, const double *x, slong n)
{
    slong i;

    for (i = 0; i < n; i++)
        y[i] = approx_dot(H + i * n, x, n);
}

static void
scaled_identity(double *H, slong n, double scale)
{
    slong i;

    memset(H, 0, n * n * sizeof *H);
    for (i = 0; i < n; i++)
        H[i * n + i] = scale;
}

/* The direction; the slope along it, negative, or 0 if there is none. */
static double
direct(bfgs_t *s)
{
    slong i;
    double slope;

    multiply(s->d, s->H, s->g, s->n);
    for (i = 0; i < s->n; i++)
        s->d[i] = -s->d[i];
    slope = approx_dot(s->d, s->g, s->n);
    return slope < 0 ? slope : 0;
}

/* The next point along the direction; 0 if there is none. */
static int
step(bfgs_t *s, double slope, double length)
{
    double lo = 0, hi = INFINITY;
    slong i;
    int k;

    for (k = 0; k < 25; k++)
    {
        for (i = 0; i < s->n; i++)
            s->y[i] = s->x[i] + length * s->d[i];
        s->next = s->f(s->context, s->y, s->h);
        if (!(s->next <= s->value + 1e-4 * length * slope))
            hi = length;
        else if (approx_dot(s->h, s->d, s->n) < 0.9 * slope)
            lo = length;
        else
            return 1;
        length = isfinite(hi) ? (lo + hi) / 2 : 2 * length;
    }
    return 0;
}

/* H := the inverse Hessian after the step from x to y, which first becomes its scale. */
static void
update(bfgs_t *s, int first)
{
    slong i, j, n = s->n;
    double sy, yHy;

    for (i = 0; i < n; i++)
    {
        s->x[i] = s->y[i] - s->x[i];            /* the step, ... */
        s->g[i] = s->h[i] - s->g[i];            /* ... the change of the gradient */
    }
    sy = approx_dot(s->x, s->g, n);
    if (sy > 0)
    {
        if (first)
            scaled_identity(s->H, n, sy / approx_dot(s->g, s->g, n));
        multiply(s->change, s->H, s->g, n);
        yHy = 1 + approx_dot(s->change, s->g, n) / sy;
        for (i = 0; i < n; i++)
            for (j = 0; j < n; j++)
                s->H[i * n + j] += (yHy * s->x[i] * s->x[j] - s->x[i] * s->change[j]
                                    - s->change[i] * s->x[j]) / sy;
    }
    memcpy(s->x, s->y, n * sizeof *s->x);
    memcpy(s->g, s->h, n * sizeof *s->g);
    s->value = s->next;
}

static void
iterate(bfgs_t *s, const descent_t *how)
{
    int k, idle = 0;

    s->value = s->f(s->context, s->x, s->g);
    scaled_identity(s->H, s->n, 1);
    for (k = 0; k < how->iterations && idle < 3; k++)
    {
        double slope = direct(s), size = sqrt(approx_dot(s->x, s->x, s->n)), before = s->value;
        double first = 0.1 * size / fmax(sqrt(-slope), 1e-300);
        if (slope == 0 || !isfinite(slope) || !step(s, slope, k == 0 ? first : 1))
            break;
        update(s, k == 0);
        idle = before - s->value > how->tolerance * fabs(before) ? 0 : idle + 1;
    }
}

double
descent_minimise(double *x, slong n, descent_f f, void *context, const descent_t *how)
{
    double *memory = flint_malloc((n * n + 5 * n) * sizeof *memory), *at = memory + n * n;
    bfgs_t s = { n, f, context, memory, x, at, 0, at + n, at + 2 * n, at + 3 * n, 0, at + 4 * n };

    iterate(&s, how);
    flint_free(memory);
    return s.value;
}

/* The values of the last steps: the line search asks for less than the largest of them. */
enum { MEMORY = 8 };

typedef struct
{
    slong n;
    double *x, *g;              /* the present point, its gradient */
    double *y, *h;              /* the next */
    double *d, *best;
    double values[MEMORY], least;
    double length;              /* of the step along the gradient: Barzilai and Borwein's */
} projected_t;

static double
largest(const double *v)
{
    double x = v[0];
    int i;

    for (i = 1; i < MEMORY; i++)
        x = fmax(x, v[i]);
    return x;
}

/* The next point; 0 if there is none. */
static int
step_within(projected_t *s, descent_f f, descent_project_f project, void *context, int k)
{
    double slope, part = 1, value = INFINITY, sy, ss;
    slong i, n = s->n;
    int tries;

    for (i = 0; i < n; i++)
        s->d[i] = s->x[i] - s->length * s->g[i];
    project(context, s->d);
    for (i = 0; i < n; i++)
        s->d[i] -= s->x[i];
    slope = approx_dot(s->d, s->g, n);
    if (!(slope < 0))
        return 0;
    for (tries = 0; tries < 20; tries++, part /= 4)
    {
        for (i = 0; i < n; i++)
            s->y[i] = s->x[i] + part * s->d[i];
        value = f(context, s->y, s->h);
        if (value <= largest(s->values) + 1e-4 * part * slope)
            break;
    }
    if (tries == 20)
        return 0;
    for (i = 0; i < n; i++)
    {
        s->d[i] = s->y[i] - s->x[i];
        s->x[i] = s->h[i] - s->g[i];
    }
    ss = approx_dot(s->d, s->d, n);
    sy = approx_dot(s->d, s->x, n);
    s->length = sy > 0 ? ss / sy : 10 * s->length;
    memcpy(s->x, s->y, n * sizeof *s->x);
    memcpy(s->g, s->h, n * sizeof *s->g);
    s->values[k % MEMORY] = value;
    if (value < s->least)
    {
        s->least = value;
        memcpy(s->best, s->x, n * sizeof *s->x);
    }
    return 1;
}

double
descent_minimise_within(double *x, slong n, descent_f f, descent_project_f project, void *context,
                        const descent_t *how)
{
    double *memory = flint_malloc(6 * n * sizeof *memory), before;
    projected_t s = { n, memory, memory + n, memory + 2 * n, memory + 3 * n, memory + 4 * n,
                      memory + 5 * n, { 0 }, 0, 0 };
    int k, idle = 0;

    memcpy(s.x, x, n * sizeof *x);
    memcpy(s.best, x, n * sizeof *x);
    s.least = f(context, s.x, s.g);
    for (k = 0; k < MEMORY; k++)
        s.values[k] = s.least;
    s.length = 1 / fmax(approx_dot(s.g, s.g, n), 1e-300);
    for (k = 0; k < how->iterations && idle < MEMORY; k++)
    {
        before = s.least;
        if (!step_within(&s, f, project, context, k))
            break;
        idle = before - s.least > how->tolerance * fabs(before) ? 0 : idle + 1;
    }
    memcpy(x, s.best, n * sizeof *x);
    flint_free(memory);
    return s.least;
}
