/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <string.h>
#include "approx.h"
#include "to_critical.h"

/* Steps of descent, more where one costs little (WORK numbers of a factor in all); of Newton's method. */
enum { FEWEST = 400, MOST = 6000, NEWTON_STEPS = 60 };
#define WORK 5e10

static slong
width(const to_critical_t *D, slong k)
{
    return D->o.width[k - 1] + (D->o.b[k - 1] != NULL);
}

/* Copies between x and the matrices. */
static void
spread(to_critical_t *D)
{
    slong k, r, c;
    const double *x = D->x;

    for (k = 1; k <= D->o.l; k++)
        for (r = 0; r < D->o.width[k]; r++)
        {
            for (c = 0; c < D->o.width[k - 1]; c++)
                D->o.W[k - 1][r * D->o.width[k - 1] + c] = *x++;
            if (D->o.b[k - 1] != NULL)
                D->o.b[k - 1][r] = *x++;
        }
}

static void
collect(to_critical_t *D)
{
    slong k, r, c;
    double *x = D->x, *mu = D->decay, decay = fmpq_get_d(D->P->weight_decay);

    for (k = 1; k <= D->o.l; k++)
        for (r = 0; r < D->o.width[k]; r++)
        {
            for (c = 0; c < D->o.width[k - 1]; c++)
            {
                *x++ = D->o.W[k - 1][r * D->o.width[k - 1] + c];
                *mu++ = decay;
            }
            if (D->o.b[k - 1] == NULL)
                continue;
            *x++ = D->o.b[k - 1][r];
            *mu++ = problem_decayed_bias(D->P, k - 1) != NULL ? decay : 0;
        }
}

void
to_critical_init(to_critical_t *D, const problem_t *P)
{
    memset(D, 0, sizeof *D);
    D->P = P;
    outputs_init(&D->o, P);
    D->n = D->o.n;
    D->x = flint_malloc((3 * D->n + 1) * sizeof(double));
    D->g = D->x + D->n;
    D->decay = D->g + D->n;
    collect(D);
    D->size = sqrt(approx_dot(D->x, D->x, D->n));
    convex_init(&D->c, P, D->o.H[P->l], NULL, 0);
}

void
to_critical_clear(to_critical_t *D)
{
    convex_clear(&D->c);
    outputs_clear(&D->o);
    flint_free(D->x);
    flint_free(D->H);
}

/* x[j] := entry i of row j of A. */
static void
column(double *x, const double *A, slong n, slong m, slong i)
{
    slong j;

    for (j = 0; j < n; j++)
        x[j] = A[j * m + i];
}

/* s'' of a unit, from its value and s'. */
static double
second(const problem_t *P, slong k, double h, double slope)
{
    activation_kind kind = P->act == NULL ? ACT_IDENTITY : P->act[k - 1].kind;
    double a, g;

    switch (kind)
    {
        case ACT_TANH: return -2 * h * slope;
        case ACT_SIGMOID: return (1 - 2 * h) * slope;
        case ACT_SOFTPLUS: return slope * (1 - slope);
        case ACT_SMOOTH_LEAKY:
            a = fmpq_get_d(P->act[k - 1].slope);
            g = a == 1 ? 0 : (slope - a) / (1 - a);
            return (1 - a) * g * (1 - g);
        default: return 0;
    }
}

/* R (d x d) := the Hessian of the loss of sample i, u its gradient. */
static void
loss_part(double *R, const to_critical_t *D, const double *u, slong i)
{
    slong a, b, d = D->o.d, m = D->o.m;
    double cw = D->c.cw[i], C = 0, p, q;

    memset(R, 0, d * d * sizeof *R);
    for (a = 0; a < d; a++)
        C += cw * D->c.Y[a * m + i];
    for (a = 0; a < d; a++)
    {
        double y = D->c.Y[a * m + i];
        if (D->P->loss == LOSS_SQUARE)
            R[a * d + a] = 2 * cw;
        else if (D->P->loss == LOSS_LOGISTIC)
            R[a * d + a] = cw == 0 ? 0 : -u[a] * y - u[a] * u[a] / cw;
        else
        {
            p = u[a] + cw * y;
            R[a * d + a] += p;
            for (b = 0; b < d && C > 0; b++)
            {
                q = u[b] + cw * D->c.Y[b * m + i];
                R[a * d + b] -= p * q / C;
            }
        }
    }
}

/* A (r x c) := B (r x k) C (k x c) S, S of c columns, or NULL. */
static void
product(double *A, const double *B, const double *C, const double *S, slong r, slong k, slong c)
{
    slong i, j, x;

    memset(A, 0, r * c * sizeof *A);
    for (i = 0; i < r; i++)
        for (x = 0; x < k; x++)
            for (j = 0; j < c; j++)
                A[i * c + j] += B[i * k + x] * C[x * c + j];
    for (i = 0; S != NULL && i < r; i++)
        for (j = 0; j < c; j++)
            A[i * c + j] *= S[j];
}

/* What one sample adds, layer by layer; the formulas are in rules/within/hessian.c. */
typedef struct
{
    to_critical_t *D;
    slong widest, *start;
    double *R, *G, *F, *t, *delta, *U;
    double **h, **s;            /* inputs of the layers, slopes of their units */
} sample_t;

/* The block of layers j <= k: G (d_k x d_j), F (d_{k-1} x d_j) or NULL. */
static void
add(sample_t *S, slong j, slong k, const double *G, const double *F)
{
    to_critical_t *D = S->D;
    slong a, b, c, d, dj = D->o.width[j], dk = D->o.width[k], wj = width(D, j), wk = width(D, k);
    const double *hj = S->h[j], *hk = S->h[k];

    for (a = 0; a < dj; a++)
        for (c = 0; c < dk; c++)
        {
            double g = G[c * dj + a];
            for (b = 0; b < wj; b++)
            {
                double *row = D->H + (S->start[j] + a * wj + b) * D->n + S->start[k] + c * wk, x = g * hj[b], y = S->delta[c] * hj[b];
                for (d = 0; d < wk; d++)
                    row[d] += x * hk[d];
                for (d = 0; F != NULL && d < D->o.width[k - 1]; d++)
                    row[d] += y * F[d * dj + a];
            }
        }
}

static void
add_sample(sample_t *S, slong i)
{
    to_critical_t *D = S->D;
    const outputs_t *o = &D->o;
    slong j, k, a, c, l = o->l, m = o->m;

    for (k = 1; k <= l; k++)
    {
        column(S->h[k], o->H[k - 1], o->width[k - 1], m, i);
        S->h[k][o->width[k - 1]] = 1;
        column(S->s[k], o->slope[k], o->width[k], m, i);
    }
    column(S->delta, D->c.u, o->d, m, i);
    loss_part(S->R, D, S->delta, i);
    for (k = l; k >= 1; k--)
    {
        slong d = o->width[k], in = o->width[k - 1];
        memcpy(S->G, S->R, d * d * sizeof *S->G);
        for (j = k; j >= 1; j--)
        {
            slong dj = o->width[j];
            if (j < k)
            {
                product(S->t, S->G, o->W[j], S->s[j], d, o->width[j + 1], dj);
                memcpy(S->G, S->t, d * dj * sizeof *S->G);
            }
            if (j == k - 1)
            {
                memset(S->F, 0, in * in * sizeof *S->F);
                for (a = 0; a < in; a++)
                    S->F[a * in + a] = S->s[j][a];
            }
            else if (j < k)
            {
                product(S->t, S->F, o->W[j], S->s[j], in, o->width[j + 1], dj);
                memcpy(S->F, S->t, in * dj * sizeof *S->F);
            }
            add(S, j, k, S->G, j < k ? S->F : NULL);
        }
        if (k == 1)
            break;
        /* R and delta of the layer below */
        product(S->t, S->R, o->W[k - 1], S->s[k - 1], d, d, in);
        for (a = 0; a < in; a++)
            for (S->U[a] = 0, c = 0; c < d; c++)
                S->U[a] += o->W[k - 1][c * in + a] * S->delta[c];
        memset(S->R, 0, in * in * sizeof *S->R);
        for (c = 0; c < d; c++)
            for (a = 0; a < in; a++)
                for (j = 0; j < in; j++)
                    S->R[a * in + j] += o->W[k - 1][c * in + a] * S->s[k - 1][a] * S->t[c * in + j];
        for (a = 0; a < in; a++)
        {
            S->R[a * in + a] += second(D->P, k - 1, o->H[k - 1][a * m + i], S->s[k - 1][a]) * S->U[a];
            S->delta[a] = S->U[a] * S->s[k - 1][a];
        }
    }
}

void
to_critical_gradient(to_critical_t *D)
{
    outputs_t *o = &D->o;
    slong k, r, c, i, q, m = o->m;
    double *delta, *below;

    spread(D);
    outputs_forward(o);
    D->loss = convex_loss(D->c.u, &D->c, o->H[o->l]);
    for (q = 0; q < D->n; q++)
        D->loss += D->decay[q] / 2 * D->x[q] * D->x[q];
    delta = flint_malloc((o->d * m + 1) * sizeof *delta);
    memcpy(delta, D->c.u, o->d * m * sizeof *delta);
    q = D->n;
    for (k = o->l; k >= 1; k--)
    {
        slong in = o->width[k - 1], all = width(D, k);
        const double *H = o->H[k - 1];
        q -= o->width[k] * all;
        below = flint_calloc(in * m + 1, sizeof *below);
        for (r = 0; r < o->width[k]; r++)
            for (c = 0; c < all; c++)
            {
                double sum = 0, w = o->W[k - 1][r * in + FLINT_MIN(c, in - 1)];
                for (i = 0; i < m; i++)
                    sum += delta[r * m + i] * (c < in ? H[c * m + i] : 1);
                D->g[q + r * all + c] = sum + D->decay[q + r * all + c] * D->x[q + r * all + c];
                for (i = 0; c < in && i < m; i++)
                    below[c * m + i] += w * delta[r * m + i];
            }
        for (i = 0; k > 1 && i < in * m; i++)
            below[i] *= o->slope[k - 1][i];
        flint_free(delta);
        delta = below;
    }
    flint_free(delta);
}

void
to_critical_hessian(to_critical_t *D)
{
    sample_t S = { .D = D };
    slong k, i, j, l = D->o.l, widest = 1;

    to_critical_gradient(D);
    if (D->H == NULL)
        D->H = flint_malloc((D->n * D->n + 1) * sizeof(double));
    for (k = 0; k <= l; k++)
        widest = FLINT_MAX(widest, D->o.width[k] + 1);
    S.start = flint_malloc((l + 2) * sizeof *S.start);
    S.h = flint_calloc(l + 1, sizeof *S.h);
    S.s = flint_calloc(l + 1, sizeof *S.s);
    for (S.start[1] = 0, k = 1; k <= l; k++)
    {
        S.start[k + 1] = S.start[k] + D->o.width[k] * width(D, k);
        S.h[k] = flint_malloc(widest * sizeof(double));
        S.s[k] = flint_malloc(widest * sizeof(double));
    }
    S.R = flint_malloc(4 * widest * widest * sizeof(double));
    S.G = S.R + widest * widest;
    S.F = S.G + widest * widest;
    S.t = S.F + widest * widest;
    S.delta = flint_malloc(2 * widest * sizeof(double));
    S.U = S.delta + widest;
    memset(D->H, 0, D->n * D->n * sizeof(double));
    for (i = 0; i < D->o.m; i++)
        if (D->c.cw[i] != 0)
            add_sample(&S, i);
    for (i = 0; i < D->n; i++)
    {
        D->H[i * D->n + i] += D->decay[i];
        for (j = 0; j < i; j++)
            D->H[i * D->n + j] = D->H[j * D->n + i];
    }
    for (k = 1; k <= l; k++)
    {
        flint_free(S.h[k]);
        flint_free(S.s[k]);
    }
    flint_free(S.h);
    flint_free(S.s);
    flint_free(S.start);
    flint_free(S.R);
    flint_free(S.delta);
}

static double
norm(const double *x, slong n)
{
    return sqrt(approx_dot(x, x, n));
}

/* The gradient is as small as rounding lets it be: about 2^-52 times the largest curvature and the size of the point that it began with. */
static int
is_small(const to_critical_t *D, double first)
{
    slong i;
    double top = 0;

    for (i = 0; i < D->n; i++)
        top = fmax(top, fabs(D->H[i * D->n + i]));
    return norm(D->g, D->n) <= 1e-10 * fmax(1e-3, fmin(first, 1)) + 1e-13 * fabs(D->loss) + 1e-15 * top * (1 + D->size);
}

int
to_critical_minimum(to_critical_t *D, int (*late)(void *context), void *context)
{
    slong n = D->n, i, step, failures = 0, steps = (slong) fmin(fmax(FEWEST, WORK / pow((double) n + 1, 3)), MOST);
    double *A = flint_malloc((n * n + 3 * n + 1) * sizeof *A), *d = A + n * n, *was = d + n, shift = 0, least, loss, first, before;
    int small = 0;

    to_critical_hessian(D);
    first = norm(D->g, n);
    for (i = 0, least = 0; i < n; i++)
        least = fmax(least, fabs(D->H[i * n + i]));
    least = least * 1e-10 + 1e-300;
    for (step = 0; step < steps && n > 0 && !late(context); step++)
    {
        memcpy(A, D->H, n * n * sizeof *A);
        memcpy(d, D->g, n * sizeof *d);
        memcpy(was, D->x, n * sizeof *was);
        loss = D->loss;
        before = norm(D->g, n);
        for (i = 0; i < n; i++)
            A[i * n + i] += shift;
        if (LAPACKE_dposv(LAPACK_ROW_MAJOR, 'L', (int) n, 1, A, (int) n, d, 1) != 0)
        {   /* not positive definite */
            shift = fmax(4 * shift, least);
            if (shift > 1e20 * least)
                break;
            continue;
        }
        for (i = 0; i < n; i++)
            D->x[i] -= d[i];
        to_critical_gradient(D);
        if (!isfinite(D->loss) || D->loss > loss + 1e-14 * fabs(loss) || (D->loss > loss - 1e-14 * fabs(loss) && norm(D->g, n) > before))
        {
            memcpy(D->x, was, n * sizeof *was);
            to_critical_gradient(D);
            small = is_small(D, first);
            if (++failures > 60 || (small && failures > 3))
                break;
            shift = fmax(8 * shift, least);
            continue;
        }
        small = is_small(D, first);
        if (small && norm(D->g, n) > before / 4)        /* as small as it gets */
            break;
        failures = 0;
        shift = shift > least ? shift / 6 : 0;
        to_critical_hessian(D);
    }
    to_critical_hessian(D);
    flint_free(A);
    return n == 0 || is_small(D, first);
}

/* d := H^+ g, the directions of nearly no curvature left out. */
static int
newton_step(double *d, const to_critical_t *D)
{
    slong n = D->n, i, j;
    double *A = flint_malloc((n * n + n + 1) * sizeof *A), *w = A + n * n;
    int ok;

    memcpy(A, D->H, n * n * sizeof *A);
    ok = approx_eigen(w, A, n, 1);
    memset(d, 0, n * sizeof *d);
    for (j = 0; ok && j < n; j++)
    {
        double x = approx_dot(A + j * n, D->g, n);
        if (fabs(w[j]) > 1e-9 * fmax(fabs(w[0]), fabs(w[n - 1])))
            for (i = 0; i < n; i++)
                d[i] += x / w[j] * A[j * n + i];
    }
    flint_free(A);
    return ok;
}

int
to_critical_any(to_critical_t *D)
{
    slong n = D->n, i, step;
    double *d = flint_malloc((n + 1) * sizeof *d), first;
    int ok = 1;

    to_critical_hessian(D);
    first = norm(D->g, n);
    for (step = 0; step < NEWTON_STEPS && n > 0 && ok; step++)
    {
        double before = norm(D->g, n);
        ok = newton_step(d, D) && norm(d, n) < 1e6;
        for (i = 0; i < n && ok; i++)
            D->x[i] -= d[i];
        to_critical_hessian(D);
        if (is_small(D, first) && norm(D->g, n) > before / 4)
            break;
    }
    flint_free(d);
    return n == 0 || (ok && is_small(D, first));
}
