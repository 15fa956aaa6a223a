/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include "cone.h"

/* Positive semidefinite up to rounding. */
static int
nearly_psd(const double *N, slong d)
{
    double A[D * D], scale = 0;
    slong i, j, k;

    memcpy(A, N, d * d * sizeof *A);
    for (i = 0; i < d; i++)
        scale = fmax(scale, A[i * d + i]);
    for (k = 0; k < d; k++)
    {
        double p = A[k * d + k];
        if (p < -1e-10 * scale)
            return 0;
        p = fmax(p, 1e-13 * scale);
        for (i = k + 1; i < d && p > 0; i++)
            for (j = k + 1; j < d; j++)
                A[i * d + j] -= A[i * d + k] * A[k * d + j] / p;
    }
    return 1;
}

static int
nearly_copositive(const double *N, slong d)
{
    double A[D * D];
    slong i, j;
    int negative = 0;

    for (i = 0; i < d; i++)
        for (j = 0; j < d; j++)
            negative |= N[i * d + j] < 0;
    if (!negative || nearly_psd(N, d))
        return 1;
    memcpy(A, N, d * d * sizeof *A);
    for (i = 0; i < d; i++)
        for (j = 0; j < d; j++)
            if (i != j)
                A[i * d + j] = fmin(A[i * d + j], 0);
    return nearly_psd(A, d);
}

void
cone_add_square(double *A, const double *v, slong n, double x)
{
    slong i, j;

    for (i = 0; i < n; i++)
        for (j = 0; j < n; j++)
            A[i * n + j] += x * v[i] * v[j];
}

/* tau^2 I - sum q_j q_j^T / up_j >= 0, by elimination. */
static int
are_few(const cone_search_t *s, const cone_t *K)
{
    slong k = s->k, i, j, p;
    double *A;
    int ok = 1;

    if (s->share == NULL)
        return 0;
    A = flint_calloc(k * k + 1, sizeof *A);
    for (i = 0; i < K->n; i++)
        cone_add_square(A, s->Q + K->live[i] * k, k, s->share[K->live[i]]);
    for (i = 0; i < k; i++)
        for (j = 0; j < k; j++)
            A[i * k + j] = (i == j ? s->tau * s->tau : 0) - A[i * k + j] - K->F[i * k + j];
    for (p = 0; p < k && ok; p++)
    {
        ok = A[p * k + p] > 0;
        for (i = p + 1; i < k && ok; i++)
            for (j = p + 1; j < k; j++)
                A[i * k + j] -= A[i * k + p] * A[p * k + j] / A[p * k + p];
    }
    flint_free(A);
    return ok;
}

int
cone_leaf_in_doubles(const cone_search_t *s, const cone_t *K)
{
    double C[64 * D] = { 0 }, *big = s->k > 64 ? flint_calloc(s->k * s->d, sizeof *big) : C, e[D] = { 0 };
    double N1[D * D], N2[D * D], g, n[D];
    slong a, i, j, r, x, d = s->d;
    int ok;

    if (are_few(s, K))
    {
        if (big != C)
            flint_free(big);
        return 1;
    }
    for (a = 0; a < d; a++)
    {
        for (g = 0, r = 0; r < d; r++)
            for (j = 0; j < d; j++)
                g += (double) K->v[a][r] * (double) K->v[a][j] * K->S[r * d + j];
        n[a] = sqrt(fmax(g, 0)) / K->length[a];
    }
    for (r = 0; r < s->k; r++)
        for (a = 0; a < d; a++)
        {
            for (g = 0, i = 0; i < d; i++)
                g += K->M[r * d + i] * (double) K->v[a][i];
            big[r * d + a] = g / K->length[a];
        }
    for (x = 0; x < K->n; x++)
    {
        double max = 0, min = 0, lambda;
        j = K->live[x];
        for (a = 0; a < d; a++)
        {   /* as the checker: the generators as they are */
            max = fmax(max, K->z[a][j]);
            min = fmin(min, K->z[a][j]);
        }
        lambda = floor(16 * max / (max - min) + 0.5) / 16;
        for (a = 0; a < d; a++)
        {
            double z = K->z[a][j] / K->length[a], relu = fmax(z, 0);
            e[a] += s->norm[j] * (relu - lambda * z) / 2;
            for (r = 0; r < s->k; r++)
                big[r * d + a] += s->Q[j * s->k + r] * (relu + lambda * z) / 2;
        }
    }
    for (a = 0; a < d; a++)
        for (i = 0; i < d; i++)
        {
            double q = 0, c = 0;
            for (r = 0; r < d; r++)
                for (j = 0; j < d; j++)
                    q += (double) K->v[a][r] * (double) K->v[i][j] * K->S[r * d + j];
            q *= s->tau * s->tau / (K->length[a] * K->length[i]);
            for (r = 0; r < s->k; r++)
                c += big[r * d + a] * big[r * d + i];
            N1[a * d + i] = q - e[a] * e[i];
            N2[a * d + i] = q + e[a] * e[i] - s->tau * (n[i] * e[a] + n[a] * e[i]) - c;
        }
    ok = (K->n == 0 || nearly_copositive(N1, d)) && nearly_copositive(N2, d);
    if (big != C)
        flint_free(big);
    return ok;
}

void
cone_choose_edge(slong *a, slong *b, slong *only, const cone_search_t *s, const cone_t *K)
{
    double best = 0, longest = 2;
    slong p, q, x, i, j, d = s->d, changes;

    *a = 0;
    *b = 1;
    *only = -1;
    for (p = 0; p < d; p++)
        for (q = p + 1; q < d; q++)
        {
            double sum = 0;
            slong last = -1;
            for (x = 0, changes = 0; x < K->n; x++)
            {
                double u = K->z[p][j = K->live[x]] / K->length[p], v = K->z[q][j] / K->length[q];
                if (u * v < 0)
                {
                    sum += s->norm[j] * fabs(u * v) / (fabs(u) + fabs(v));
                    changes++;
                    last = j;
                }
            }
            if (sum > best)
            {
                best = sum;
                *a = p;
                *b = q;
                *only = changes == 1 ? last : -1;
            }
        }
    if (best > 0)
        return;
    for (p = 0; p < d; p++)
        for (q = p + 1; q < d; q++)
        {
            double cosine = 0;
            for (i = 0; i < d; i++)
                for (j = 0; j < d; j++)
                    cosine += (double) K->v[p][i] * (double) K->v[q][j] * s->S[i * d + j];
            cosine /= K->length[p] * K->length[q];
            if (cosine < longest)
            {
                longest = cosine;
                *a = p;
                *b = q;
            }
        }
}
