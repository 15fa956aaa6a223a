/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the regularity condition fails: a search, over the cone ||G v|| >= delta ||v||,
   for the smallest multiple t of the radii at which psi(v) < 0 (failure.h).

   From many starts psi is minimised at a fixed extent t; where it is negative, t becomes
   the first failure in that direction, and so on: Newton's method for the zero of
   min psi.  The best few are followed to the end, then left in small jumps.

   The starts depend on G^T G, not on the eigenvectors that LAPACK happens to return:
   they are made of fixed vectors and their parts in the eigenspaces.  All effort is
   counted in operations, so that the same input gives the same answer. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/descent.h"
#include "failure.h"
#include "prove.h"

#define MOST 1e6                /* extents beyond are not looked at */
enum { KEPT = 5 };

typedef struct
{
    failure_t f;
    double least, enough;       /* of the extents: none is below; one that will do */
    double budget;              /* of the work */
    int kept;
    double t[KEPT], *c[KEPT];   /* the best, ascending */
} search_t;

static int
done(const search_t *s)
{
    return s->kept > 0 && s->t[0] < s->enough;
}

/* Notes that the extent t fails in the direction of c, unless it is known. */
static void
keep(search_t *s, const double *c, double t)
{
    int i, j = s->kept;
    double *room;

    for (i = 0; i < s->kept; i++)
        if (fabs(s->t[i] - t) <= 1e-5 * t)      /* a better one of the same */
        {
            j = i;
            if (t >= s->t[i])
                return;
            break;
        }
    if (j == KEPT && t >= s->t[--j])
        return;
    s->kept += j == s->kept;
    room = s->c[j];
    for (; j > 0 && s->t[j - 1] > t; j--)
    {
        s->t[j] = s->t[j - 1];
        s->c[j] = s->c[j - 1];
    }
    s->t[j] = t;
    s->c[j] = room;
    memcpy(room, c, s->f.n * sizeof *c);
}

static void
normalise(double *c, slong n)
{
    slong i;
    double size = sqrt(approx_dot(c, c, n));

    for (i = 0; i < n && size > 0; i++)
        c[i] /= size;
}

/* Follows c: first at the extent given, if any (0: none), then, rounds times, at the first
   failure found. */
static void
follow(search_t *s, double *c, double extent, int rounds, int iterations)
{
    descent_t how = { iterations, 1e-6 };
    double t = INFINITY, next = extent;
    double *at = flint_malloc(s->f.n * sizeof *at);     /* where t was found */
    int k;

    for (k = extent > 0 ? -1 : 0; k < rounds && s->f.work < s->budget; k++)
    {
        if (k >= 0)
        {
            next = failure_first(&s->f, c, s->least, MOST);
            if (!(next < t * (1 - 1e-5)))
                break;
            t = next;
            memcpy(at, c, s->f.n * sizeof *at);
            if (t < s->enough || (k == 0 && extent > 0 && s->kept > 0 && t > 1.5 * s->t[0]))
                break;
        }
        s->f.extent = next;
        how.iterations = (int) fmin(iterations, 1 + (s->budget - s->f.work) / (6 * s->f.cost));
        normalise(c, s->f.n);
        descent_minimise(c, s->f.n, failure_at, &s->f, &how);
    }
    if (isfinite(t))
        keep(s, at, t);
    flint_free(at);
}

/* c := the parts of y in the eigenspaces, weighted in the way of number k: all as they
   are, those that G sees least or most strengthened, or one eigenspace almost alone. */
static void
weigh(search_t *s, double *c, const double *y, int k)
{
    failure_t *f = &s->f;
    slong i, n = f->n, weakest = 0, first, last;
    double top = f->sigma2[n - 1];

    for (i = 0; i < n; i++)
        c[i] = approx_dot(f->mode + i * f->size, y, f->size);
    if (k % 2 == 0)
        for (i = 0; i < n; i++)
            c[i] *= f->sigma2[i] <= 1e-9 * top ? k / 2 % 3
                : pow(f->sigma2[i] / top, 0.5 - k / 2 % 5 / 2.0);
    else
    {   /* in turn the eigenspaces seen at least delta, the weakest first */
        while (weakest < n - 1 && f->side[weakest] < 0)
            weakest++;
        for (k /= 2, first = weakest; ; k--, first = last < n ? last : weakest)
        {
            for (last = first; last < n && f->sigma2[last] <= f->sigma2[first] + 1e-6 * top; last++)
                ;
            if (k == 0)
                break;
        }
        for (i = 0; i < n; i++)
            c[i] *= i >= first && i < last ? 1 : 0.01;
    }
}

/* Start k. */
static void
start(search_t *s, double *c, double *y, int k)
{
    landscape_t *L = &s->f.L;
    slong i, j, n = s->f.size;
    int kind = k % 4;

    for (j = 0; j < n; j++)
        y[j] = landscape_uniform(L) + landscape_uniform(L) + landscape_uniform(L);
    if (kind == 1)              /* the layers themselves, grown and shrunk */
        for (i = 0; i < L->n; i++)
            for (j = 0; j < L->rows[i] * L->cols[i]; j++)
                y[L->start[i] + j] = 1e-2 * y[L->start[i] + j]
                    + L->centre[L->start[i] + j] * L->radius[i] * (k / 4 >> i % 16 & 1 ? -1 : 1);
    if (kind == 2)              /* one parameter almost alone */
        y[k / 4 % n] += 10;
    weigh(s, c, y, k / 2);
}

/* c := the best but i, with noise. */
static void
jump(search_t *s, double *c, double *y, int k)
{
    slong i;
    double noise = pow(0.1, 0.3 + k % 7 / 4.0);
    const double *from = s->c[k % 3 < s->kept ? k % 3 : 0];
    double *at = flint_malloc(s->f.n * sizeof *at);

    memcpy(at, from, s->f.n * sizeof *at);
    start(s, c, y, k);
    normalise(c, s->f.n);
    normalise(at, s->f.n);
    for (i = 0; i < s->f.n; i++)
        c[i] = at[i] + noise * c[i];
    flint_free(at);
}

/* From start after start, at extents about the best one, until the budget is reached; or
   a part of it without any failure, which in some networks no extent brings about. */
static void
explore(search_t *s, double *c, double *y, double part)
{
    static const double power[] = { 0.97, 0.5, 0.8, 1.05, 0.3 };
    slong i;
    int k, steps = (int) fmax(5, fmin(60, 4000.0 / s->f.n));     /* few are affordable */
    double *opposite = flint_malloc(s->f.n * sizeof *c), t, floor;

    for (k = 0; s->f.work < s->budget && !done(s); k++)
    {
        floor = k % 4 == 3 && s->enough > 0 ? 0.3 : 1;
        t = s->kept == 0 ? floor * pow(1.5, k % 20) : fmax(floor, pow(s->t[0], power[k % 5]));
        if (k % 2 == 0)
            start(s, c, y, k / 2);
        else
            memcpy(c, opposite, s->f.n * sizeof *c);
        for (i = 0; i < s->f.n; i++)
            opposite[i] = -c[i];
        follow(s, c, t, 240 / steps, steps);
        if (s->kept == 0 && s->f.work > part * s->budget)
            break;
    }
    flint_free(opposite);
}

static void
search(search_t *s)
{
    double *c = flint_malloc(2 * s->f.size * sizeof *c), *y = c + s->f.size, all = s->budget;
    int k, i;

    s->budget = 0.6 * all;
    explore(s, c, y, 0.4);
    s->budget = all;
    s->f.power = 64;
    for (i = 0; i < s->kept && !done(s); i++)
    {
        memcpy(c, s->c[i], s->f.n * sizeof *c);
        follow(s, c, 0, 20, 100);
    }
    for (k = 0; s->kept > 0 && s->f.work < all && !done(s); k++)
    {
        s->f.power = 32 << k % 3;
        jump(s, c, y, k);
        follow(s, c, s->t[0], 8, 20);
    }
    flint_free(c);
}

/* About the operations before the search: the modes. */
static double
preparation(const problem_t *P)
{
    double n = network_parameters(P), m = qmat_cols(P->X);

    if (network_is_linear(P))
        m = fmin(m, qmat_rows(P->X));
    return 24 * n * n * m + 5 * n * n * n;
}

/* W := the best point. */
static void
take(problem_t *W, search_t *s)
{
    slong i;
    double *v = flint_malloc(s->f.size * sizeof *v), out = 1 + 1e-9;    /* where it fails clearly */

    failure_displacement(v, &s->f, s->c[0], s->t[0] * (s->f.thin ? out : 1));
    if (s->f.thin)
        failure_point_of_eigenspace(W, &s->f, v);
    else
    {
        for (i = 0; i < s->f.size; i++)
            v[i] += s->f.L.centre[i];
        landscape_point(W, &s->f.L, v, out);
    }
    flint_free(v);
}

double
search_regularity(problem_t *W, const problem_t *P, const neighbourhood_t *N,
                  const rc_constants_t *constants, double enough)
{
    search_t s;
    slong i, n = network_parameters(P);
    double t = INFINITY;
    int ok;

    if (!network_is_rational(P) || P->b != NULL || preparation(P) > 4e9)
        return INFINITY;
    memset(&s, 0, sizeof s);
    ok = failure_init(&s.f, P, N, constants);
    s.f.work = 0;
    s.least = enough > 0 ? 1e-3 * enough : 0.5;
    s.enough = enough;
    s.budget = fmin(1.3e8 + 1.3e7 * n, 3e9);
    for (i = 0; i < KEPT; i++)
        s.c[i] = flint_malloc(n * sizeof *s.c[i]);
    if (ok)
        search(&s);
    if (s.kept > 0)
    {
        t = s.t[0];
        take(W, &s);
    }
    for (i = 0; i < KEPT; i++)
        flint_free(s.c[i]);
    failure_clear(&s.f);
    return t;
}
