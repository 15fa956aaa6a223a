/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "last_layer.h"

/* x := x or -x, so that the first of the largest entries is positive. */
static void
fix_sign(double *x, slong n)
{
    slong i, top = 0;

    for (i = 1; i < n; i++)
        if (fabs(x[i]) > fabs(x[top]) * (1 + 1e-6))
            top = i;
    if (x[top] < 0)
        for (i = 0; i < n; i++)
            x[i] = -x[i];
}

double *
last_features(slong *width, double **slope, const landscape_t *s, const double *w)
{
    slong k, t, m = s->m;
    double *H = flint_malloc(s->d0 * m * sizeof *H), *d = NULL;

    *width = s->d0;
    memcpy(H, s->X, s->d0 * m * sizeof *H);
    for (k = 0; k < s->n - 1; k++)
    {
        double *Z = flint_calloc(s->rows[k] * m, sizeof *Z);
        landscape_multiply(Z, w + s->start[k], 0, H, 0, s->rows[k], *width, m);
        *width = s->rows[k];
        flint_free(d);
        d = flint_malloc(*width * m * sizeof *d);
        for (t = 0; t < *width * m; t++)
        {
            if (s->P->b != NULL)
                Z[t] += w[s->bstart[k] + t / m];
            d[t] = Z[t] < 0 ? s->slope[k] : 1;
            Z[t] *= d[t];
        }
        flint_free(H);
        H = Z;
    }
    *slope = d;
    return H;
}

void
fit_layer(double *W, const double *T, const double *H, const double *ev, const double *V, slong dl,
          slong width, slong m)
{
    slong i;
    int k;
    double *R = flint_malloc(3 * dl * m * sizeof *R), *C = R + dl * m, *E = C + dl * m;

    memset(W, 0, dl * width * sizeof *W);
    for (k = 0; k < 3; k++)
    {
        memset(R, 0, 3 * dl * m * sizeof *R);
        landscape_multiply(R, W, 0, H, 0, dl, width, m);
        for (i = 0; i < dl * m; i++)
            R[i] = T[i] - R[i];
        landscape_multiply(C, R, 0, V, 1, dl, m, m);
        for (i = 0; i < dl * m; i++)
            C[i] /= ev[i % m];
        landscape_multiply(E, C, 0, V, 0, dl, m, m);
        landscape_multiply(W, E, 0, H, 1, dl, m, width);
    }
    flint_free(R);
}

int
gram_eigen(double *ev, double *V, const double *H, slong width, slong m)
{
    memset(V, 0, m * m * sizeof *V);
    landscape_multiply(V, H, 1, H, 0, m, width, m);
    return approx_eigen(ev, V, m, 1) && ev[0] > 1e-12 * ev[m - 1];
}

/* u := a unit vector, or the one that the layer below sees least: the weakest left
   singular vector of the last layer. */
static void
choose_unit(double *u, const landscape_t *s, slong unit)
{
    slong last = s->n - 1, dl = s->rows[last];
    const double *W = s->centre + s->start[last];
    double *K = flint_calloc(dl * dl, sizeof *K), *l = flint_malloc(dl * sizeof *l);

    memset(u, 0, dl * sizeof *u);
    landscape_multiply(K, W, 0, W, 1, dl, s->cols[last], dl);
    if (unit < dl)
        u[unit] = 1;
    else if (approx_eigen(l, K, dl, 1))
    {
        fix_sign(K, dl);
        memcpy(u, K, dl * sizeof *u);
    }
    flint_free(K);
    flint_free(l);
}

/* E (dl x m) := the residual of size 1 that the gradient sees least, W the last layer: the
   weakest eigenvector of J J^T, J the Jacobian of the weighted residual; its eigenvalue. */
static double
weakest_residual(double *E, const landscape_t *s, const double *W, const double *H,
                 const double *slope)
{
    slong a, b, i, k, q, j, m = s->m, dl = s->rows[1], width = s->rows[0], n = dl * m;
    double *K = flint_calloc(n * n, sizeof *K), *ev = flint_malloc(n * sizeof *ev), mu = 0;
    double bias = s->P->b != NULL;

    for (a = 0; a < n; a++)
        for (b = 0; b <= a; b++)
        {
            double below = 0, above = bias, inputs = bias, root;
            i = a % m;
            k = b % m;
            for (j = 0; j < s->d0; j++)
                inputs += s->X[j * m + i] * s->X[j * m + k];
            for (q = 0; q < width; q++)
            {
                above += H[q * m + i] * H[q * m + k];
                below += W[a / m * width + q] * W[b / m * width + q] * slope[q * m + i]
                    * slope[q * m + k];
            }
            root = sqrt(s->D[i] * s->D[k]);
            K[a * n + b] = K[b * n + a] = root * ((a / m == b / m ? above : 0) + inputs * below);
        }
    if (approx_eigen(ev, K, n, 1) && ev[0] > 1e-13 * ev[n - 1])
    {
        mu = ev[0];
        fix_sign(K, n);
        for (a = 0; a < n; a++)
            E[a] = K[a] / sqrt(s->D[a % m]);
    }
    flint_free(K);
    flint_free(ev);
    return mu;
}

int
has_residual_limit(const landscape_t *s)
{
    slong t;

    for (t = 0; t < s->m; t++)
        if (s->D[t] <= 0)
            return 0;
    return s->n == 2 && s->P->act != NULL && s->rows[1] * s->m <= 60;
}

/* T := Y - b. */
static void
target(double *T, const landscape_t *s, const double *w)
{
    slong i, last = s->n - 1;

    for (i = 0; i < s->rows[last] * s->m; i++)
        T[i] = s->Y[i] - (s->P->b != NULL ? w[s->bstart[last] + i / s->m] : 0);
}

double
residual_limit(double *E, landscape_t *s, double *w)
{
    slong width, m = s->m, dl = s->rows[1];
    double *slope, *H = last_features(&width, &slope, s, w), mu = 0;
    double *G = flint_malloc((m * m + m + dl * m) * sizeof *G), *ev = G + m * m, *T = ev + m;

    if (gram_eigen(ev, G, H, width, m))
    {
        target(T, s, w);
        fit_layer(w + s->start[1], T, H, ev, G, dl, width, m);
        mu = weakest_residual(E, s, w + s->start[1], H, slope);
    }
    flint_free(H);
    flint_free(slope);
    flint_free(G);
    return mu > 0 ? 1 / (2 * mu) : -1;
}

void
align_last_layer(landscape_t *s, double *w, slong way, double size)
{
    slong i, width, m = s->m, last = s->n - 1, dl = s->rows[last];
    double *slope, *H = last_features(&width, &slope, s, w);
    double *G = flint_malloc((m * m + m + dl * m + dl) * sizeof *G), *ev = G + m * m, *T = ev + m;
    double *u = T + dl * m;

    if (gram_eigen(ev, G, H, width, m))
    {
        fix_sign(G, m);
        target(T, s, w);
        choose_unit(u, s, way);
        for (i = 0; i < dl * m; i++)
            T[i] += size * u[i / m] * G[i % m];
        fit_layer(w + s->start[last], T, H, ev, G, dl, width, m);
    }
    flint_free(H);
    flint_free(slope);
    flint_free(G);
}

/* X := H^+ for the features H of Q, one hidden layer. */
static int
exact_pseudoinverse(qmat_t X, const problem_t *Q)
{
    qmat_t H, G, T;
    int ok;

    qmat_init(H, 0, 0);
    qmat_init(G, 0, 0);
    qmat_init(T, 0, 0);
    qmat_mul(H, Q->W, Q->X);
    if (Q->b != NULL)
        qmat_add_column(H, H, Q->b);
    activation_apply(H, H, Q->act);
    qmat_gram(G, H);
    qmat_transpose(T, H);
    ok = qmat_solve(X, G, T);
    qmat_clear(H);
    qmat_clear(G);
    qmat_clear(T);
    return ok;
}

/* The entries of A := the nearest multiples of 2^-bits. */
static void
round_entries(qmat_t A, slong bits)
{
    slong i, r = qmat_rows(A), c = qmat_cols(A);
    fmpq *e = _fmpq_vec_init(r * c);

    for (i = 0; i < r * c; i++)
    {
        qmat_get_entry(e + i, A, i / c, i % c);
        fmpz_mul_2exp(fmpq_numref(e + i), fmpq_numref(e + i), bits);
        fmpz_fdiv_q(fmpq_numref(e + i), fmpq_numref(e + i), fmpq_denref(e + i));
        fmpz_one(fmpq_denref(e + i));
        fmpq_div_2exp(e + i, e + i, bits);
    }
    qmat_set_entries(A, r, c, e);
    _fmpq_vec_clear(e, r * c);
}

void
make_residual(problem_t *Q, const double *E)
{
    slong i, dl = qmat_rows(Q->Y), m = qmat_cols(Q->Y);
    fmpq *e = _fmpq_vec_init(dl * m);
    fmpq_t one;
    qmat_t X, T, B;

    fmpq_init(one);
    fmpq_one(one);
    qmat_init(X, 0, 0);
    qmat_init(T, 0, 0);
    qmat_init(B, 0, 0);
    for (i = 0; i < dl * m; i++)
    {
        approx_to_fmpq(e + i, E[i], 53, 0);
        fmpq_div_2exp(e + i, e + i, 40);
    }
    qmat_set_entries(T, dl, m, e);
    qmat_add_scaled(T, T, one, Q->Y);
    if (Q->b != NULL)
    {
        fmpq_neg(one, one);
        qmat_scale(B, Q->b + 1, one);
        qmat_add_column(T, T, B);
    }
    if (exact_pseudoinverse(X, Q))
    {
        qmat_mul(Q->W + 1, T, X);
        round_entries(Q->W + 1, 120);
    }
    qmat_clear(X);
    qmat_clear(T);
    qmat_clear(B);
    fmpq_clear(one);
    _fmpq_vec_clear(e, dl * m);
}
