/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include "approx.h"
#include "outputs.h"

static double
sigmoid(double x)
{
    return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

static double
softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* s(x) and s'(x). */
static double
value(double *slope, double x, activation_kind kind, double a)
{
    double y;

    switch (kind)
    {
        case ACT_IDENTITY:
            *slope = 1;
            return x;
        case ACT_RELU:
        case ACT_LEAKY_RELU:
            *slope = x >= 0 ? 1 : a;
            return x * *slope;
        case ACT_TANH:
            y = tanh(x);
            *slope = 1 - y * y;
            return y;
        case ACT_SIGMOID:
            y = sigmoid(x);
            *slope = y * (1 - y);
            return y;
        case ACT_SOFTPLUS:
            *slope = sigmoid(x);
            return softplus(x);
        default:
            *slope = a + (1 - a) * sigmoid(x);
            return a * x + (1 - a) * softplus(x);
    }
}

/* Z := W H + b, r x m. */
static void
layer(double *Z, const double *W, const double *b, const double *H, slong r, slong c, slong m)
{
    slong i, k, j;

    for (i = 0; i < r; i++)
    {
        for (j = 0; j < m; j++)
            Z[i * m + j] = b == NULL ? 0 : b[i];
        for (k = 0; k < c; k++)
            for (j = 0; j < m; j++)
                Z[i * m + j] += W[i * c + k] * H[k * m + j];
    }
}

/* The input of the last layer: H_{l-1} over the features of the skips. */
static double *
stacked(const outputs_t *o)
{
    slong i, rows = o->width[o->l - 1], at = rows * o->m;
    double *x;

    for (i = 0; i < o->P->skips; i++)
        rows += o->width[o->P->skip[i]];
    x = flint_malloc((rows * o->m + 1) * sizeof *x);
    memcpy(x, o->H[o->l - 1], at * sizeof *x);
    for (i = 0; i < o->P->skips; i++)
    {
        slong k = o->P->skip[i];
        memcpy(x + at, o->H[k], o->width[k] * o->m * sizeof *x);
        at += o->width[k] * o->m;
    }
    return x;
}

/* The input of layer k. */
static const double *
input(const outputs_t *o, slong k)
{
    return k == o->l ? o->last : o->H[k - 1];
}

void
outputs_forward(outputs_t *o)
{
    const problem_t *P = o->P;
    slong k, j;

    for (k = 1; k <= o->l; k++)
    {
        slong r = o->width[k], c = qmat_cols(P->W + k - 1), size = r * o->m;
        activation_kind kind = P->act == NULL || k == o->l ? ACT_IDENTITY : P->act[k - 1].kind;
        double a = kind == ACT_IDENTITY ? 1 : fmpq_get_d(P->act[k - 1].slope);
        if (k == o->l)
        {
            flint_free(o->last);
            o->last = stacked(o);
        }
        layer(o->H[k], o->W[k - 1], o->b[k - 1], input(o, k), r, c, o->m);
        for (j = 0; P->kind == NET_RESNET && k == o->l - 1 && j < size; j++)
            o->H[k][j] += o->H[0][j];
        for (j = 0; j < size; j++)
            o->H[k][j] = value(o->slope[k] + j, o->H[k][j], kind, a);
    }
}

void
outputs_init(outputs_t *o, const problem_t *P)
{
    slong k;

    memset(o, 0, sizeof *o);
    o->P = P;
    o->l = P->l;
    o->m = qmat_cols(P->X);
    o->d = qmat_rows(P->Y);
    o->width = flint_malloc((P->l + 1) * sizeof *o->width);
    o->W = flint_calloc(P->l + 1, sizeof *o->W);
    o->b = flint_calloc(P->l + 1, sizeof *o->b);
    o->H = flint_calloc(P->l + 1, sizeof *o->H);
    o->slope = flint_calloc(P->l + 1, sizeof *o->slope);
    o->width[0] = qmat_rows(P->X);
    o->H[0] = approx_matrix(P->X, 0);
    for (k = 1; k <= P->l; k++)
    {
        slong r = qmat_rows(P->W + k - 1), c = qmat_cols(P->W + k - 1);
        o->width[k] = r;
        o->n += r * c + (problem_bias(P, k - 1) != NULL ? r : 0);
        o->W[k - 1] = approx_matrix(P->W + k - 1, 0);
        o->b[k - 1] = problem_bias(P, k - 1) == NULL ? NULL : approx_matrix(problem_bias(P, k - 1), 0);
        o->H[k] = flint_malloc(r * o->m * sizeof(double));
        o->slope[k] = flint_malloc(r * o->m * sizeof(double));
    }
    outputs_forward(o);
}

void
outputs_clear(outputs_t *o)
{
    slong k;

    for (k = 0; k <= o->l; k++)
    {
        flint_free(o->W[k]);
        flint_free(o->b[k]);
        flint_free(o->H[k]);
        flint_free(o->slope[k]);
    }
    flint_free(o->W);
    flint_free(o->b);
    flint_free(o->H);
    flint_free(o->slope);
    flint_free(o->width);
    flint_free(o->last);
}

double **
outputs_derivatives_init(const outputs_t *o)
{
    slong k;
    double **D = flint_calloc(o->l + 1, sizeof *D);

    for (k = 1; k <= o->l; k++)
        D[k] = flint_malloc(o->width[k] * o->m * sizeof **D);
    return D;
}

void
outputs_derivatives_clear(double **D, const outputs_t *o)
{
    slong k;

    for (k = 1; k <= o->l; k++)
        flint_free(D[k]);
    flint_free(D);
}

void
outputs_derivatives(double **D, const outputs_t *o, slong output)
{
    slong k, i, j, a, b, at, m = o->m;

    for (k = 1; k <= o->l; k++)
        memset(D[k], 0, o->width[k] * m * sizeof **D);
    for (i = 0; i < m; i++)
        D[o->l][output * m + i] = 1;
    for (k = o->l; k >= 1; k--)
    {
        slong c = qmat_cols(o->P->W + k - 1);
        for (j = 0; k < o->l && j < o->width[k] * m; j++)
            D[k][j] *= o->slope[k][j];
        for (b = 0; b < c; b++)
        {   /* input b of the layer is unit b - at of layer j */
            j = k - 1;
            at = 0;
            for (i = -1; k == o->l && b >= at + o->width[j]; )
            {
                at += o->width[j];
                j = o->P->skip[++i];
            }
            for (a = 0; j > 0 && a < o->width[k]; a++)
                for (i = 0; i < m; i++)
                    D[j][(b - at) * m + i] += o->W[k - 1][a * c + b] * D[k][a * m + i];
        }
    }
}
