/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points near at which (h - h_inf) / ||grad h||^2 is large: residuals along the weakest left singular vectors u of the
   weighted Jacobian, W + J^+ (c u - r), by linearisation. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/copy.h"
#include "prove/best_in_basis/model.h"
#include "rules/tangent_kernel/tangent_kernel.h"
#include "witness.h"

#define MOST_NUMBERS 4000000.0
#define WEAKEST 3
#define DISPLACEMENT_BITS 40

typedef struct
{
    oracle_t *o;
    const value_t *radius;
    const model_t *M;
    double quotient;            /* the largest so far */
    problem_t *best;
    int found;
} search_t;

/* x := the largest factor, at most 1, with which the step d stays within the radii. */
static double
fit(const search_t *s, const double *d)
{
    double factor = 1;
    slong k, r, c;

    for (k = 0; k < s->M->T.n; k++)
    {
        slong rows = model_height(s->M, k), cols = qmat_rows(s->M->T.rows + k);
        slong weights = qmat_cols(s->M->P->W + k);
        double w = 0, b = 0, rho = fmpq_get_d(s->radius->list + k) * (1 - 1e-9);
        for (r = 0; r < rows; r++)
            for (c = 0; c < cols; c++, d++)
                *(c < weights ? &w : &b) += *d * *d;
        w = sqrt(fmax(w, b));
        if (w * factor > rho)
            factor = rho / w;
    }
    return factor;
}

/* Q := the point plus factor d. */
static void
displace(problem_t *Q, const search_t *s, const double *d, double factor)
{
    slong k, r, c;
    NUMBERS(x, y);

    for (k = 0; k < s->M->T.n; k++)
    {
        slong rows = model_height(s->M, k), cols = qmat_rows(s->M->T.rows + k), weights = qmat_cols(Q->W + k);
        fmpq *w = _fmpq_vec_init(rows * weights), *b = _fmpq_vec_init(rows);
        for (r = 0; r < rows; r++)
            for (c = 0; c < cols; c++, d++)
            {
                approx_to_fmpq(x, *d * factor, DISPLACEMENT_BITS, 0);
                if (c < weights)
                    qmat_get_entry(y, s->M->P->W + k, r, c);
                else
                    qmat_get_entry(y, s->M->P->b + k, r, 0);
                fmpq_add(c < weights ? w + r * weights + c : b + r, x, y);
            }
        qmat_set_entries(Q->W + k, rows, weights, w);
        if (problem_bias(Q, k) != NULL)
            qmat_set_entries(Q->b + k, rows, 1, b);
        _fmpq_vec_clear(w, rows * weights);
        _fmpq_vec_clear(b, rows);
    }
}

/* The quotient at the witness on offer, as the rule finds it; -1 if it finds none. */
static double
judge(oracle_t *o, const value_t *radius)
{
    facts_t f;
    setting_t s;
    double q = -1;
    NUMBERS(excess, g2);

    oracle_facts(&f, o, 256);
    s = oracle_setting(o, &f);
    if (tk_witness(excess, g2, &s, radius) && fmpq_sgn(g2) > 0)
        q = approx_fmpq(excess) / approx_fmpq(g2);
    facts_clear(&f);
    return isfinite(q) ? q : -1;
}

static void
consider(search_t *s, const double *d)
{
    problem_t Q;
    double q, factor = fit(s, d);

    if (!(factor > 0))
        return;
    problem_init(&Q);
    problem_set(&Q, s->o->P);
    displace(&Q, s, d, factor);
    s->o->witness = &Q;
    q = judge(s->o, s->radius);
    s->o->witness = NULL;
    if (q > s->quotient * (1 + 1e-6))
    {
        s->quotient = q;
        s->found = 1;
        problem_set(s->best, &Q);
    }
    problem_clear(&Q);
}

/* d := J^+ (c u_j - r), from J = U S V, N x n, of that rank; u_j the j-th weakest; r NULL: 0. */
static void
step(double *d, const double *U, const double *S, const double *V, slong N, slong n, slong rank, const double *r, slong j, double c)
{
    slong i, a, least = FLINT_MIN(N, n);

    memset(d, 0, n * sizeof *d);
    for (a = 0; a < rank; a++)
    {
        double x = a == rank - 1 - j ? c : 0;
        for (i = 0; r != NULL && i < N; i++)
            x -= U[i * least + a] * r[i];
        for (i = 0; i < n; i++)
            d[i] += x / S[a] * V[a * n + i];
    }
}

/* Steps to residuals along the weakest directions, of several sizes. */
static void
try_steps(search_t *s, double *J, const double *r, slong N, slong n)
{
    slong least = FLINT_MIN(N, n), rank = 0, j, t;
    double *U = flint_malloc((N * least + 1) * sizeof *U), *S = flint_malloc((least + 1) * sizeof *S);
    double *V = flint_malloc((least * n + 1) * sizeof *V), *d = flint_malloc((n + 1) * sizeof *d);

    if (least > 0 && approx_svd(S, U, V, J, N, n))
        while (rank < least && S[rank] > 1e-10 * S[0])
            rank++;
    for (j = 0; j < FLINT_MIN(rank, WEAKEST); j++)
        for (t = -9; t <= 9; t++)
        {   /* (a step beyond the radii is shortened) */
            double c = t == 0 ? 0 : copysign(pow(8, 1 - labs(t)) * S[rank - 1 - j], (double) t);
            step(d, U, S, V, N, n, rank, r, j, c);
            consider(s, d);
            step(d, U, S, V, N, n, rank, NULL, j, c);
            consider(s, d);
        }
    flint_free(U);
    flint_free(S);
    flint_free(V);
    flint_free(d);
}

int
tangent_witness(problem_t *Q, oracle_t *o, const value_t *radius)
{
    static const basis_t tangent = { BASIS_TANGENT, 0, { 0 } };
    search_t s = { o, radius, NULL, 0, Q, 0 };
    model_t M;
    facts_t f;
    setting_t set;
    pass_t p;
    slong i, k, q, N = qmat_rows(o->P->Y) * qmat_cols(o->P->Y);

    oracle_facts(&f, o, 256);
    set = oracle_setting(o, &f);
    if (pass_forward(&p, &set) && pass_slopes(&p, &set))
    {
        basis_about_t about = { { basis_about_type }, &tangent, NULL, &p };
        if (model_init(&M, &about) && (double) (N + M.n) * (double) (N + M.n) <= MOST_NUMBERS)
        {
            double *r = flint_malloc((N + 1) * sizeof *r);
            s.M = &M;
            o->witness = o->P;
            s.quotient = judge(o, radius);      /* at the point itself */
            o->witness = NULL;
            for (k = 0; k < M.d; k++)
                for (i = 0; i < M.m; i++)
                {
                    double root = sqrt(2 * fmpq_get_d(o->P->scale) * fmpq_get_d(o->P->weights + i));
                    NUMBERS(y);
                    qmat_get_entry(y, o->P->Y, k, i);
                    r[k * M.m + i] = root * (M.f[k * M.m + i] - fmpq_get_d(y));
                    for (q = 0; q < M.n; q++)
                        M.B[(k * M.m + i) * M.n + q] *= root;
                }
            s.quotient = fmax(s.quotient, 0);
            try_steps(&s, M.B, r, N, M.n);
            flint_free(r);
        }
        model_clear(&M);
    }
    pass_clear(&p);
    facts_clear(&f);
    return s.found;
}
