/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The point of least norm of a convex hull (Wolfe 1976), in doubles. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "cell_search.h"

static double
dot(const double *x, const double *y, slong k)
{
    double s = 0;
    slong i;

    for (i = 0; i < k; i++)
        s += x[i] * y[i];
    return s;
}

/* mu := the affine combination of least norm: (1 1^T + A^T A) mu = 1, then the sum 1.  0 if the points are dependent. */
static int
affine(double *mu, const int *subset, int size, const double *point, slong k)
{
    double M[CORRAL][CORRAL + 1] = { { 0 } }, sum = 0;
    int i, j, l, p;

    for (i = 0; i < size; i++)
    {
        for (j = 0; j < size; j++)
            M[i][j] = 1 + dot(point + subset[i] * k, point + subset[j] * k, k);
        M[i][size] = 1;
    }
    for (i = 0; i < size; i++)
    {
        for (p = i, j = i + 1; j < size; j++)
            if (fabs(M[j][i]) > fabs(M[p][i]))
                p = j;
        if (fabs(M[p][i]) < 1e-13)
            return 0;
        for (l = i; l <= size && p != i; l++)
        {
            double t = M[p][l];
            M[p][l] = M[i][l];
            M[i][l] = t;
        }
        for (j = i + 1; j < size; j++)
        {
            double f = M[j][i] / M[i][i];
            for (l = i; l <= size; l++)
                M[j][l] -= f * M[i][l];
        }
    }
    for (i = size - 1; i >= 0; i--)
    {
        mu[i] = M[i][size];
        for (j = i + 1; j < size; j++)
            mu[i] -= M[i][j] * mu[j];
        mu[i] /= M[i][i];
        sum += mu[i];
    }
    for (i = 0; i < size; i++)
        mu[i] /= sum;
    return isfinite(sum) && sum > 0;
}

/* x := the combination; returns its squared norm. */
static double
combine(double *x, const double *mu, const int *subset, int size, const double *point, slong k)
{
    slong i;
    int j;

    for (i = 0; i < k; i++)
        for (x[i] = 0, j = 0; j < size; j++)
            x[i] += mu[j] * point[subset[j] * k + i];
    return dot(x, x, k);
}

static double
least(const double *mu, int size)
{
    double l = 1;
    int i;

    for (i = 0; i < size; i++)
        l = fmin(l, mu[i]);
    return l;
}

enum { STEPS = 200 };

/* Steps to the nearest affine combination within the hull; 0 after trouble. */
static int
inner(double *mu, int *subset, int *size, const double *point, slong k)
{
    double next[CORRAL];
    int i, j, kept;

    for (;;)
    {
        double t = 1;
        if (!affine(next, subset, *size, point, k))
            return 0;
        for (i = 0; i < *size; i++)
            if (next[i] < 1e-12)
                t = fmin(t, mu[i] / (mu[i] - next[i]));
        for (i = kept = 0; i < *size; i++)
        {
            double m = mu[i] + t * (next[i] - mu[i]);
            if (t < 1 && m < 1e-12)
                continue;
            mu[kept] = m;
            subset[kept++] = subset[i];
        }
        if (t >= 1 || kept == *size || kept == 0)
            return kept > 0 && t >= 1;
        *size = kept;
        for (j = 0, t = 0; j < kept; j++)
            t += mu[j];
        for (j = 0; j < kept; j++)
            mu[j] /= t;
    }
}

int
corral_find(int *subset, double *weight, const double *point, slong n, slong k)
{
    double x[CORRAL], mu[CORRAL], norm = 1;
    int size = 1, step, i;
    slong j, best;

    subset[0] = 0;
    mu[0] = 1;
    for (step = 0; step < STEPS; step++)
    {
        double low = INFINITY;
        norm = combine(x, mu, subset, size, point, k);
        if (norm < 1e-24)
            break;
        for (best = j = 0; j < n; j++)
        {
            double d = dot(x, point + j * k, k);
            if (d < low)
            {
                low = d;
                best = j;
            }
        }
        if (low > norm - 1e-13 || size == CORRAL - 1)
            break;
        for (i = 0; i < size; i++)
            if (subset[i] == best)
                return 0;
        subset[size] = (int) best;
        mu[size++] = 0;
        if (!inner(mu, subset, &size, point, k))
            return 0;
    }
    if (norm >= 1e-20)
        return 0;
    *weight = least(mu, size);
    for (step = 1; step < size; step++)
        for (i = step; i > 0 && subset[i] < subset[i - 1]; i--)
        {
            int t = subset[i];
            subset[i] = subset[i - 1];
            subset[i - 1] = t;
        }
    return size;
}

int
corral_holds(double *weight, const int *subset, int size, const double *point, slong k)
{
    double mu[CORRAL], x[CORRAL];

    if (!affine(mu, subset, size, point, k))
        return 0;
    *weight = least(mu, size);
    return *weight > 0 && combine(x, mu, subset, size, point, k) < 1e-20;
}
