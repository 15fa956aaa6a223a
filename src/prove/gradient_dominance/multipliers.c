/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The best multipliers are those of a saddle point: maximise over multipliers
   the smallest eigenvalue over unit F.  For a density matrix Gamma with roots
   n_t = sqrt(coefficient_t tr(Gamma form_t)) the best multipliers are explicit:
   w = (n_0 - sum n_t) / n_0, m_t = (n_0 - sum n_t) / n_t.  Gamma is found by a
   Frank-Wolfe iteration on the numbers n_t^2, which are linear in Gamma. */
#include "config.h"
#include <math.h>
#include <string.h>
#include <lapacke.h>
#include "algebra/approx.h"
#include "multipliers.h"

typedef struct
{
    slong p, g, order, terms;
    double **Q, **G, *coefficient;      /* per term, all blocks in a row */
    int *leading;
} dense_t;

/* Q := C^{-1} Q C^{-T}, Q symmetric. */
static void
congruence(double *Q, double *C, slong p)
{
    slong a, b, side;

    for (side = 0; side < 2; side++)
    {
        LAPACKE_dtrtrs(LAPACK_ROW_MAJOR, 'L', 'N', 'N', (int) p, (int) p, C, (int) p, Q, (int) p);
        for (a = 0; a < p; a++)
            for (b = 0; b < a; b++)
            {
                double x = Q[a * p + b];
                Q[a * p + b] = Q[b * p + a];
                Q[b * p + a] = x;
            }
    }
}

/* Q in coordinates where S is the identity: C^{-1} Q C^{-T}, S = C C^T. */
static int
whiten(dense_t *d, const joint_t *J)
{
    slong a, i, t, k = 0, sS = approx_exponent(J->S), p = d->p;
    double *C = approx_matrix(J->S, sS);
    int ok = LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', (int) p, C, (int) p) == 0;
    double scale = 0;

    for (i = 0; ok && i < J->blocks; i++)
        for (t = 0; t < J->terms[i]; t++, k++)
        {
            const joint_term_t *T = J->term[i] + t;
            d->Q[k] = approx_matrix(T->Q, sS);
            d->G[k] = approx_matrix(T->G, 0);
            d->coefficient[k] = approx_fmpq(T->coefficient);
            d->leading[k] = t == 0;
            congruence(d->Q[k], C, p);
            for (a = 0; a < p * p; a++)
                scale = fmax(scale, fabs(d->Q[k][a]));
        }
    d->terms = ok ? k : 0;
    for (t = 0; t < d->terms; t++)
        for (a = 0; a < p * p; a++)
            d->Q[t][a] /= scale;
    flint_free(C);
    return ok && isfinite(scale) && scale > 0;
}

/* n2[t] := x^T (Q_t (x) G_t) x; x as p columns of length g. */
static void
forms(double *n2, const dense_t *d, const double *x)
{
    slong t, a, b, i, j, p = d->p, g = d->g;
    double *y = flint_malloc(p * g * sizeof *y);

    for (t = 0; t < d->terms; t++)
    {
        double s = 0;
        for (a = 0; a < p; a++)             /* y = X Q, column a */
            for (i = 0; i < g; i++)
            {
                double z = 0;
                for (b = 0; b < p; b++)
                    z += d->Q[t][a * p + b] * x[b * g + i];
                y[a * g + i] = z;
            }
        for (a = 0; a < p; a++)
            for (i = 0; i < g; i++)
                for (j = 0; j < g; j++)
                    s += x[a * g + i] * d->G[t][i * g + j] * y[a * g + j];
        n2[t] = fmax(s, 0) * (d->leading[t] ? 1 : d->coefficient[t]);
    }
    flint_free(y);
}

/* mult := the multipliers that are best for the given n2 (see above). */
static void
best_for(double *mult, const dense_t *d, const double *n2)
{
    slong t, u;

    for (t = 0; t < d->terms; t = u)
    {
        double n0 = sqrt(n2[t]), sum = 0, rest;
        for (u = t + 1; u < d->terms && !d->leading[u]; u++)
            sum += sqrt(n2[u]);
        rest = n0 - sum;
        if (rest <= 1e-9 * n0)              /* this block is given up */
        {
            mult[t] = 0;
            for (u = t + 1; u < d->terms && !d->leading[u]; u++)
                mult[u] = 1e-12;
            continue;
        }
        mult[t] = rest / n0;
        for (u = t + 1; u < d->terms && !d->leading[u]; u++)
            mult[u] = fmin(rest / fmax(sqrt(n2[u]), 1e-300), 1e9);
    }
}

/* The smallest eigenvalue of sum mult form, and its eigenvector. */
static double
smallest(double *x, const dense_t *d, const double *mult)
{
    slong t, a, b, i, j, p = d->p, g = d->g, n = p * g;
    double *K = flint_calloc(n * n, sizeof *K), *w = flint_malloc(n * sizeof *w), mu;

    for (t = 0; t < d->terms; t++)
    {
        double c = d->leading[t] ? mult[t] : -mult[t] * d->coefficient[t];
        if (c == 0)
            continue;
        for (a = 0; a < p; a++)
            for (b = 0; b < p; b++)
            {
                double q = c * d->Q[t][a * p + b];
                for (i = 0; i < g; i++)
                    for (j = 0; j < g; j++)
                        K[(a * g + i) * n + b * g + j] += q * d->G[t][i * g + j];
            }
    }
    mu = approx_eigen(w, K, n, 1) ? w[0] : -INFINITY;
    memcpy(x, K, n * sizeof *x);
    flint_free(K);
    flint_free(w);
    return mu;
}

/* Dyadic multipliers of 20 bits; the leading ones exact where short. */
static void
round_multipliers(fmpq *out, const dense_t *d, const double *mult)
{
    slong t, u;
    fmpq_t sum, x;

    fmpq_init(sum);
    fmpq_init(x);
    for (t = 0; t < d->terms; t = u)
    {
        fmpq_one(sum);
        for (u = t + 1; u < d->terms && !d->leading[u]; u++)
        {
            approx_to_fmpq(out + u, mult[u], 20, 0);
            if (fmpq_sgn(out + u) <= 0)
                fmpq_set_si(out + u, 1, 1 << 20);
            fmpq_inv(x, out + u);
            fmpq_add(sum, sum, x);
        }
        if (mult[t] == 0)
        {
            fmpq_zero(out + t);
            continue;
        }
        fmpq_inv(x, sum);
        if (fmpz_bits(fmpq_denref(x)) > 40)
        {   /* 40 bits, rounded down */
            fmpz_mul_2exp(fmpq_numref(x), fmpq_numref(x), 40);
            fmpz_fdiv_q(fmpq_numref(x), fmpq_numref(x), fmpq_denref(x));
            fmpz_one(fmpq_denref(x));
            fmpq_div_2exp(x, x, 40);
        }
        fmpq_set(out + t, x);
    }
    fmpq_clear(sum);
    fmpq_clear(x);
}

void
oracle_multipliers(fmpq *out, const joint_t *J)
{
    slong i, t, k = 0, steps;
    dense_t d;
    double *n2, *new2, *mult, *best, *x, value, top = -INFINITY, last = -INFINITY;

    for (i = 0; i < J->blocks; i++)
        k += J->terms[i];
    d.p = qmat_rows(J->S);
    d.g = J->order;
    d.order = d.p * d.g;
    d.terms = 0;
    d.Q = flint_calloc(k, sizeof *d.Q);
    d.G = flint_calloc(k, sizeof *d.G);
    d.coefficient = flint_calloc(k, sizeof *d.coefficient);
    d.leading = flint_calloc(k, sizeof *d.leading);
    n2 = flint_calloc(k, sizeof *n2);
    new2 = flint_calloc(k, sizeof *new2);
    mult = flint_calloc(k, sizeof *mult);
    best = flint_calloc(k, sizeof *best);
    x = flint_calloc(d.order, sizeof *x);
    if (!whiten(&d, J))
    {   /* no numbers to go by: split evenly with small perturbations in mind */
        k = 0;
        for (i = 0; i < J->blocks; i++)
            for (t = 0; t < J->terms[i]; t++, k++)
            {
                d.leading[k] = t == 0;
                best[k] = t == 0 ? 0.5 : (double) J->terms[i];
            }
        d.terms = k;
    }
    else
    {
        for (t = 0; t < d.terms; t++)
            mult[t] = d.leading[t] ? 1 : 1e-12;
        smallest(x, &d, mult);
        forms(n2, &d, x);
        best_for(best, &d, n2);
        steps = d.order <= 32 ? 150 : d.order <= 128 ? 40 : d.order <= 300 ? 12 : 4;
        for (i = 0; i < steps; i++)
        {
            best_for(mult, &d, n2);
            value = smallest(x, &d, mult);
            if (value > top)
            {
                top = value;
                memcpy(best, mult, d.terms * sizeof *best);
            }
            forms(new2, &d, x);
            for (t = 0; t < d.terms; t++)
                n2[t] += (new2[t] - n2[t]) * 2 / (i + 3);
            if (i > 3 && fabs(value - last) <= 1e-12 * fabs(top))
                break;
            last = value;
        }
    }
    round_multipliers(out, &d, best);
    for (t = 0; t < k; t++)
    {
        flint_free(d.Q[t]);
        flint_free(d.G[t]);
    }
    flint_free(d.Q);
    flint_free(d.G);
    flint_free(d.coefficient);
    flint_free(d.leading);
    flint_free(n2);
    flint_free(new2);
    flint_free(mult);
    flint_free(best);
    flint_free(x);
}
