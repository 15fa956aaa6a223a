/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The group lasso by block coordinate descent on the Gram matrix of its columns, and Newton steps over the used ones. */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "units.h"

void
lasso_init(lasso_t *L, const units_t *M)
{
    memset(L, 0, sizeof *L);
    L->M = M;
    L->Q = flint_calloc(M->k * M->m, sizeof *L->Q);
    L->b = flint_calloc(M->k, sizeof *L->b);
}

void
lasso_clear(lasso_t *L)
{
    flint_free(L->w);
    flint_free(L->phi);
    flint_free(L->G);
    flint_free(L->C);
    flint_free(L->H);
    flint_free(L->u);
    flint_free(L->Q);
    flint_free(L->b);
}

/* <f, g>_D, the bias eliminated. */
static double
inner(const units_t *M, const double *f, const double *g)
{
    double x = 0, a = 0, b = 0;
    slong j;

    for (j = 0; j < M->m; j++)
    {
        x += M->D[j] * f[j] * g[j];
        a += M->D[j] * f[j];
        b += M->D[j] * g[j];
    }
    return M->free > 0 ? x - a * b / M->free : x;
}

static void
grow(lasso_t *L)
{
    const units_t *M = L->M;
    slong i, room = 2 * L->room + 64;
    double *G = flint_calloc(room * room, sizeof *G);

    for (i = 0; i < L->n; i++)
        memcpy(G + i * room, L->G + i * L->room, L->n * sizeof *G);
    flint_free(L->G);
    L->G = G;
    L->w = flint_realloc(L->w, room * M->d * sizeof *G);
    L->phi = flint_realloc(L->phi, room * M->m * sizeof *G);
    L->C = flint_realloc(L->C, room * M->k * sizeof *G);
    L->H = flint_realloc(L->H, room * M->k * sizeof *G);
    L->u = flint_realloc(L->u, room * M->k * sizeof *G);
    L->room = room;
}

int
lasso_add(lasso_t *L, const double *w)
{
    const units_t *M = L->M;
    double x = sqrt(approx_dot(w, w, M->d)), *v;
    slong i, j, n = L->n;

    for (i = 0; i < n; i++)
        if (approx_dot(w, L->w + i * M->d, M->d) > (1 - 1e-13) * x)
            return 0;
    if (!(x > 0))
        return 0;
    if (n == L->room)
        grow(L);
    v = L->w + n * M->d;
    for (i = 0; i < M->d; i++)
        v[i] = w[i] / x;
    units_feature(L->phi + n * M->m, M, v);
    if (!(inner(M, L->phi + n * M->m, L->phi + n * M->m) > 0))
        return 0;
    L->n++;
    for (i = 0; i < L->n; i++)
        L->G[i * L->room + n] = L->G[n * L->room + i] = inner(M, L->phi + i * M->m, L->phi + n * M->m);
    for (j = 0; j < M->k; j++)
    {
        L->C[n * M->k + j] = inner(M, M->Y + j * M->m, L->phi + n * M->m);
        L->u[n * M->k + j] = 0;
    }
    return 1;
}

/* One column; returns how much its gradient misses its optimum, relative to mu. */
static double
update(lasso_t *L, slong i)
{
    const units_t *M = L->M;
    slong k = M->k, j, r;
    double g = L->G[i * L->room + i], n = 0, shrink, change = 0, *u = L->u + i * k, *H = L->H + i * k;

    for (r = 0; r < k; r++)
        n += (H[r] + g * u[r]) * (H[r] + g * u[r]);
    n = sqrt(n);
    shrink = n > M->mu ? (1 - M->mu / n) / g : 0;
    for (r = 0; r < k; r++)
    {
        double x = shrink * (H[r] + g * u[r]), d = x - u[r];
        if (d == 0)
            continue;
        change = fmax(change, fabs(d));
        for (j = 0; j < L->n; j++)
            if (j != i)
                L->H[j * k + r] -= d * L->G[i * L->room + j];
        H[r] -= d * g;
        u[r] = x;
    }
    return change * g / M->mu;
}

/* The used columns; how many. */
static slong
used_columns(slong *at, const lasso_t *L)
{
    slong i, r, n = 0;

    for (i = 0; i < L->n; i++)
    {
        at[n] = i;
        for (r = 0; r < L->M->k && L->u[i * L->M->k + r] == 0; r++)
            ;
        n += r < L->M->k;
    }
    return n;
}

/* x := the Newton step of the n used columns; 0 on failure. */
static int
newton_step(double *x, const lasso_t *L, const slong *at, slong n)
{
    slong k = L->M->k, N = n * k, a, b, r, s;
    double *A = flint_calloc(N * N + 1, sizeof *A), top = 0;
    int ok;

    for (a = 0; a < n; a++)
        top = fmax(top, L->G[at[a] * L->room + at[a]]);
    for (a = 0; a < n; a++)
    {
        const double *u = L->u + at[a] * k, *H = L->H + at[a] * k;
        double size = sqrt(approx_dot(u, u, k)), c = L->M->mu / size;
        for (r = 0; r < k; r++)
        {
            x[a * k + r] = H[r] - c * u[r];
            for (b = 0; b < n; b++)
                A[(a * k + r) * N + b * k + r] = L->G[at[a] * L->room + at[b]];
            for (s = 0; s < k; s++)
                A[(a * k + r) * N + a * k + s] += c * ((r == s) - u[r] * u[s] / (size * size));
            A[(a * k + r) * N + a * k + r] += 1e-13 * top;
        }
    }
    ok = LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', (int) N, 1, A, (int) N, x, (int) N) == 0;
    flint_free(A);
    return ok;
}

/* The change of the objective along t x. */
static double
change_along(const lasso_t *L, const slong *at, slong n, const double *x, double t)
{
    slong k = L->M->k, a, b, r;
    double sum = 0;

    for (a = 0; a < n; a++)
    {
        const double *u = L->u + at[a] * k;
        double before = 0, after = 0;
        for (r = 0; r < k; r++)
        {
            double d = t * x[a * k + r], g = 0;
            for (b = 0; b < n; b++)
                g += L->G[at[a] * L->room + at[b]] * x[b * k + r];
            sum += d * (t * g / 2 - L->H[at[a] * k + r]);
            before += u[r] * u[r];
            after += (u[r] + d) * (u[r] + d);
        }
        sum += L->M->mu * (sqrt(after) - sqrt(before));
    }
    return sum;
}

/* The first t <= 1 where the part of u + t x along u is 0 for a group, which is then *which, or -1; that group
   of x is changed so that it vanishes there. */
static double
first_zero(slong *which, double *x, const lasso_t *L, const slong *at, slong n)
{
    slong k = L->M->k, a, r;
    double t = 1;

    *which = -1;
    for (a = 0; a < n; a++)
    {
        const double *u = L->u + at[a] * k;
        double along = approx_dot(u, x + a * k, k), size = approx_dot(u, u, k);
        if (-along * t > size)
        {
            t = -size / along;
            *which = a;
        }
    }
    for (r = 0; *which >= 0 && r < k; r++)
        x[*which * k + r] = -L->u[at[*which] * k + r] / t;
    return t;
}

/* u += t x; the group which, if any, becomes 0. */
static void
move(lasso_t *L, const slong *at, slong n, const double *x, double t, slong which)
{
    slong k = L->M->k, a, i, r;

    for (a = 0; a < n; a++)
        for (r = 0; r < k; r++)
        {
            double *u = L->u + at[a] * k + r, d = a == which ? -*u : t * x[a * k + r];
            *u = a == which ? 0 : *u + d;
            for (i = 0; i < L->n; i++)
                L->H[i * k + r] -= d * L->G[at[a] * L->room + i];
        }
}

/* Newton steps; a group that would pass through 0 leaves there. */
static void
newton(lasso_t *L)
{
    slong *at = flint_malloc((L->n + 1) * sizeof *at), n = used_columns(at, L), k = L->M->k, step, which, most = n;
    double *x = flint_malloc((n * k + 1) * sizeof *x), t, change;

    for (step = 0; step < most + 5 && n > 0 && n * k <= 1500 && newton_step(x, L, at, n); step++)
    {
        t = first_zero(&which, x, L, at, n);
        change = change_along(L, at, n, x, t);
        if (!(change < 0))
        {
            for (which = -1; t > 1e-4 && !(change < 0); change = change_along(L, at, n, x, t))
                t /= 2;
            if (!(change < 0))
                break;
        }
        move(L, at, n, x, t, which);
        if (which < 0 && -change < 1e-15 * fabs(L->value))
            break;
        n = used_columns(at, L);
    }
    flint_free(at);
    flint_free(x);
}

/* Q, b and the value from u. */
static void
residual(lasso_t *L)
{
    const units_t *M = L->M;
    slong i, j, r;
    double n;

    memcpy(L->Q, M->Y, M->k * M->m * sizeof *L->Q);
    L->value = 0;
    for (i = 0; i < L->n; i++)
    {
        for (n = 0, r = 0; r < M->k; r++)
        {
            double u = L->u[i * M->k + r];
            n += u * u;
            for (j = 0; u != 0 && j < M->m; j++)
                L->Q[r * M->m + j] -= u * L->phi[i * M->m + j];
        }
        L->value += M->mu * sqrt(n);
    }
    for (r = 0; r < M->k; r++)
    {
        double *q = L->Q + r * M->m;
        L->b[r] = 0;
        for (j = 0; j < M->m && M->free > 0; j++)
            L->b[r] += M->D[j] * q[j] / M->free;
        for (j = 0; j < M->m; j++)
        {
            q[j] -= L->b[r];
            L->value += M->D[j] * q[j] * q[j] / 2;
        }
    }
}

void
lasso_solve(lasso_t *L, double accuracy)
{
    const units_t *M = L->M;
    slong i, j, r, sweep, k = M->k;
    double worst = 1;

    for (i = 0; i < L->n; i++)
        for (r = 0; r < k; r++)
        {
            double h = L->C[i * k + r];
            for (j = 0; j < L->n; j++)
                h -= L->u[j * k + r] * L->G[i * L->room + j];
            L->H[i * k + r] = h;
        }
    for (sweep = 0; sweep < 4000 && worst > accuracy; sweep++)
    {   /* the used columns mostly, all of them now and then */
        int all = sweep % 20 == 0;
        double most = 0;
        for (i = 0; i < L->n; i++)
        {
            int used = 0;
            for (r = 0; r < k; r++)
                used |= L->u[i * k + r] != 0;
            if (all || used)
                most = fmax(most, update(L, i));
        }
        worst = all ? most : worst;
        if (!all && most < accuracy)
            sweep += 19 - sweep % 20;
        if (sweep % 20 == 19)
            newton(L);
    }
    residual(L);
}

void
lasso_prune(lasso_t *L, slong keep)
{
    const units_t *M = L->M;
    slong i, j, r, n = 0, *at = flint_malloc((L->n + 1) * sizeof *at);

    for (i = 0; i < L->n; i++)
    {
        int used = i >= L->n - keep;
        for (r = 0; r < M->k; r++)
            used |= L->u[i * M->k + r] != 0;
        if (used)
            at[n++] = i;
    }
    for (i = 0; i < n; i++)
    {
        for (j = 0; j < n; j++)
            L->G[i * L->room + j] = L->G[at[i] * L->room + at[j]];
        memmove(L->w + i * M->d, L->w + at[i] * M->d, M->d * sizeof(double));
        memmove(L->phi + i * M->m, L->phi + at[i] * M->m, M->m * sizeof(double));
        memmove(L->C + i * M->k, L->C + at[i] * M->k, M->k * sizeof(double));
        memmove(L->u + i * M->k, L->u + at[i] * M->k, M->k * sizeof(double));
    }
    L->n = n;
    flint_free(at);
}
