/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The centre: Newton's method in double precision, then steps with the last Hessian and gradients in balls. */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/to_critical.h"
#include "kernel/limits.h"
#include "kernel/scope.h"
#include "network/copy.h"
#include "rules/gradient_norm.h"
#include "within.h"

/* Bits of features of a trial; bits after the point of the centre; steps of refinement; the largest Hessian that is formed. */
enum { TRIAL_BITS = 64, CENTRE_BITS = 96, REFINEMENTS = 40, MOST_PARAMETERS = 3000 };

static int
late(void *context)
{
    return proof_is_late(context);
}

/* What is known of a point: a pass over it in balls, by an oracle of its own. */
typedef struct
{
    oracle_t o;
    moments_t M;
    facts_t f;
    setting_t s;
    pass_t p;
    int ok;
} look_t;

static void
look_init(look_t *L, const problem_t *Q, const prover_t *prover, slong leaf_bits)
{
    moments_none(&L->M);
    oracle_init(&L->o, prover, Q, &L->M, ORACLE_PRECISION);
    L->o.searching = 1;
    L->o.leaf_bits = leaf_bits;
    oracle_facts(&L->f, &L->o, 256);
    L->f.trusting = 1;
    L->s = oracle_setting(&L->o, &L->f);
    L->ok = pass_forward(&L->p, &L->s) && pass_slopes(&L->p, &L->s);
}

static void
look_clear(look_t *L)
{
    pass_clear(&L->p);
    facts_clear(&L->f);
    oracle_clear(&L->o);
    moments_clear(&L->M);
}

/* Q := the point x, rounded. */
static void
set_point(problem_t *Q, const fmpq *x)
{
    slong k, r, c;

    for (k = 0; k < Q->l; k++)
    {
        slong rows = qmat_rows(Q->W + k), in = qmat_cols(Q->W + k), bias = problem_bias(Q, k) != NULL;
        fmpq *w = _fmpq_vec_init(rows * in), *b = _fmpq_vec_init(rows);
        for (r = 0; r < rows; r++)
        {
            for (c = 0; c < in; c++)
                fmpq_set(w + r * in + c, x++);
            if (bias)
                fmpq_set(b + r, x++);
        }
        qmat_set_entries(Q->W + k, rows, in, w);
        if (bias)
            qmat_set_entries(Q->b + k, rows, 1, b);
        _fmpq_vec_clear(w, rows * in);
        _fmpq_vec_clear(b, rows);
    }
}

/* x -= d, on the grid of the centre. */
static void
move(fmpq_t x, double d)
{
    fmpz_t n;
    NUMBERS(step);

    fmpz_init(n);
    approx_to_fmpq(step, d, 53, 0);
    fmpq_sub(x, x, step);
    fmpz_mul_2exp(n, fmpq_numref(x), CENTRE_BITS + 1);
    fmpz_add(n, n, fmpq_denref(x));
    fmpz_fdiv_q(n, n, fmpq_denref(x));
    fmpz_fdiv_q_2exp(n, n, 1);
    fmpq_set_fmpz(x, n);
    fmpq_div_2exp(x, x, CENTRE_BITS);
    fmpz_clear(n);
}

/* g := the gradient at the point of a look, in doubles. */
static double
gradient(double *g, look_t *L)
{
    qmat_struct *G = qmat_vec_init(L->p.l);
    slong k, r, c;
    double sum = 0;
    NUMBERS(x);

    pass_gradient(G, &L->p, &L->s);
    for (k = 0; k < L->p.l; k++)
        for (r = 0; r < qmat_rows(G + k); r++)
            for (c = 0; c < qmat_cols(G + k); c++)
            {
                qmat_get_entry(x, G + k, r, c);
                *g = approx_fmpq(x);
                sum += *g * *g;
                g++;
            }
    qmat_vec_clear(G, L->p.l);
    return sqrt(sum);
}

/* The parameters that move: free[0 .. n - 1]. */
static slong
movable(slong *free, const problem_t *Q, const prover_t *prover)
{
    slong i, n = within_order(Q), count = 0;
    char *fixed = flint_malloc(n + 1);
    look_t L;

    look_init(&L, Q, prover, 0);
    if (!L.ok || within_slice(fixed, &L.p, &L.f) < 0)
        memset(fixed, 0, n);
    look_clear(&L);
    for (i = 0; i < n; i++)
        if (!fixed[i])
            free[count++] = i;
    flint_free(fixed);
    return count;
}

/* Steps x -= H^-1 g on the parameters that move, as long as they help, none where H is singular; 0 at a kink. */
static int
refine(problem_t *Q, const to_critical_t *D, const prover_t *prover, const prove_options_t *opt)
{
    slong n = D->n, m, i, j, step, *free = flint_malloc((n + 1) * sizeof *free);
    int *pivot = flint_malloc((n + 1) * sizeof *pivot), ok = 1, regular;
    double *A = flint_malloc((n * n + 2 * n + 1) * sizeof *A), *g = A + n * n, *d = g + n, size, before = INFINITY;
    fmpq *x = _fmpq_vec_init(2 * n), *best = x + n;
    look_t L;

    for (i = 0; i < n; i++)
    {
        approx_to_fmpq(x + i, D->x[i], 53, 0);
        move(x + i, 0);
        fmpq_set(best + i, x + i);
    }
    set_point(Q, x);
    m = movable(free, Q, prover);
    for (i = 0; i < m; i++)
        for (j = 0; j < m; j++)
            A[i * m + j] = D->H[free[i] * n + free[j]];
    regular = m == 0 || LAPACKE_dsytrf(LAPACK_ROW_MAJOR, 'L', (int) m, A, (int) m, pivot) == 0;
    for (step = 0; regular && ok && step < REFINEMENTS && !proof_is_late(opt); step++)
    {
        look_init(&L, Q, prover, 0);
        ok = L.ok;
        size = ok ? gradient(g, &L) : 0;
        look_clear(&L);
        if (!ok || !(size < before / 2))
            break;
        before = size;
        for (i = 0; i < n; i++)
            fmpq_set(best + i, x + i);
        for (i = 0; i < m; i++)
            d[i] = g[free[i]];
        if (m == 0 || size == 0 || LAPACKE_dsytrs(LAPACK_ROW_MAJOR, 'L', (int) m, 1, A, (int) m, pivot, d, 1) != 0)
            break;
        for (i = 0; i < m; i++)
            move(x + free[i], d[i]);
        set_point(Q, x);
    }
    set_point(Q, best);
    _fmpq_vec_clear(x, 2 * n);
    flint_free(A);
    flint_free(pivot);
    flint_free(free);
    return ok;
}

const char *
within_find(problem_t *Q, oracle_t *o, int minimum, const prove_options_t *opt)
{
    const char *why = NULL;
    to_critical_t D;

    problem_set(Q, o->P);
    if (within_order(Q) > MOST_PARAMETERS)
        return "too many parameters for the search";
    proof_progress(opt, "a critical point near");
    to_critical_init(&D, o->P);
    if (!(minimum ? to_critical_minimum(&D, late, (void *) opt) : to_critical_any(&D)))
        why = minimum ? "no local minimum was found: the loss still falls, or units end at their kinks" : "Newton's method finds no critical point near";
    else if (!refine(Q, &D, o->prover, opt))
        why = "a unit is at its kink at the critical point";
    to_critical_clear(&D);
    return why;
}

/* The bits of features with which the errors of the gradient and the Hessian are so small that 2 g M <= mu^2 / 8, the distance of the
   critical point from the centre is no part of that from the point, and the Hessian is known up to some hundredth of mu: from what they
   are at TRIAL_BITS. */
static slong
needed_bits(const problem_t *Q, oracle_t *o, double mu, double M, double distance)
{
    qmat_struct *g = qmat_vec_init(Q->l);
    double error = 0, size = 0, much;
    slong k, bits = 0;
    look_t L;
    MATRICES(H);
    NUMBERS(x);

    look_init(&L, Q, o->prover, TRIAL_BITS);
    if (L.ok)
    {
        pass_gradient(g, &L.p, &L.s);
        for (k = 0; k < Q->l; k++)
        {
            qmat_frobenius_upper(x, g + k);
            size += approx_fmpq(x);
        }
        if (within_hessian(H, &L.p, &L.s, NULL))
            error = approx_fmpq(H->rad);
        much = fmax(size / fmin(mu * mu / (16 * M + 1e-300), distance * mu / 1000 + 1e-30), error / (mu / 128));
        bits = TRIAL_BITS + 1 + (slong) fmax(-40, ceil(log2(fmax(much, 1e-20))));
    }
    look_clear(&L);
    qmat_vec_clear(g, Q->l);
    return bits <= 120 ? FLINT_MAX(bits, 30) : 0;
}

void
within_spectrum(within_spectrum_t *S, const problem_t *Q, oracle_t *o)
{
    slong n = within_order(Q), m, i, j, *free = flint_malloc((n + 1) * sizeof *free);
    double *A, *w, top;
    to_critical_t D;

    to_critical_init(&D, Q);
    to_critical_hessian(&D);
    m = movable(free, Q, o->prover);
    *S = (within_spectrum_t) { .moving = m, .fixed = n - m };
    A = flint_malloc((m * m + m + 1) * sizeof *A);
    w = A + m * m;
    for (i = 0; i < m; i++)
        for (j = 0; j < m; j++)
            A[i * m + j] = D.H[free[i] * n + free[j]];
    if (m > 0 && approx_eigen(w, A, m, 0))
        for (top = fmax(fabs(w[0]), fabs(w[m - 1])), S->least = INFINITY, i = 0; i < m; i++)
        {
            S->zero += fabs(w[i]) <= 1e-10 * top;
            S->negative += w[i] < -1e-10 * top;
            S->least = fmin(S->least, fabs(w[i]));
        }
    to_critical_clear(&D);
    flint_free(A);
    flint_free(free);
}

int
within_ball(fmpq_t R, slong *bits, const problem_t *Q, oracle_t *o, const within_spectrum_t *S, double distance)
{
    slong k, e;
    double mu = S->least, third = 0;
    fmpq *rho = _fmpq_vec_init(Q->l);
    int found = 0;
    NUMBERS(M);

    for (e = S->moving == 0 ? 40 : 4; e < 100 && !found; e += 2)
    {
        look_t L;
        deviation_t d;
        fmpq_one(R);
        fmpq_div_2exp(R, R, e);
        for (k = 0; k < Q->l; k++)
            fmpq_set(rho + k, R);
        look_init(&L, Q, o->prover, TRIAL_BITS);
        if (L.ok)
        {
            found = deviation_init(&d, &L.p, &L.s, rho) && deviation_of_derivatives(&d, &L.p, &L.s, rho);
            if (found)
            {
                double change;
                (void) within_third(M, &L.p, &d, R);           /* (proving, nothing is charged) */
                change = approx_fmpq(M) * ldexp(1, (int) -e);
                found = S->moving == 0 || change < mu / 2;
                third = approx_fmpq(M);
                if (!found && change > 16 * mu)
                    e += (slong) (log2(change / mu) / 2) / 2 * 2;
            }
            deviation_clear(&d);
        }
        look_clear(&L);
    }
    if (found)
        *bits = needed_bits(Q, o, mu, third, distance);
    _fmpq_vec_clear(rho, Q->l);
    return found;
}
