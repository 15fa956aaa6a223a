/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Curves along which the loss falls or rises: the gradient, the eigenvectors of
   the Hessian, and for degenerate points lines that carry the wanted change of the
   product through random subsets of the blocks. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "prove/oracle.h"
#include "certificate/certificate.h"
#include "kernel/number.h"
#include "rules/critical_point/curve.h"

#define LARGEST_HESSIAN 400     /* parameters */

typedef struct
{
    const problem_t *P;
    const moments_t *M;
    unsigned long seed;
    slong degree[2];            /* of the curves found, down and up; 0: none */
    qmat_struct *curve[2];
} finder_t;

static int
roll(finder_t *s, int n)        /* 0 .. n - 1 */
{
    s->seed = s->seed * 6364136223846793005UL + 1442695040888963407UL;
    return (int) ((s->seed >> 33) % (unsigned long) n);
}

/* Keeps V (degree * nblocks matrices) if the loss starts in a wanted way. */
static void
consider(finder_t *s, const qmat_struct *V, slong degree)
{
    slong i, k, order, most = FLINT_MIN(CURVE_ORDER, 2 * s->P->nblocks * degree);
    fmpq *c = _fmpq_vec_init(CURVE_ORDER + 1);

    for (order = FLINT_MIN(2, most); ; order = FLINT_MIN(2 * order, most))
    {
        curve_loss(c, order, s->P, s->M, V, degree);
        for (k = 1; k <= order && fmpq_is_zero(c + k); k++)
            ;
        if (k <= order || order == most)
            break;
    }
    if (k <= order)
    {
        int up = fmpq_sgn(c + k) > 0;
        if (s->degree[up] == 0)
        {
            s->degree[up] = degree;
            s->curve[up] = qmat_vec_init(degree * s->P->nblocks);
            for (i = 0; i < degree * s->P->nblocks; i++)
                qmat_set(s->curve[up] + i, V + i);
        }
        if (k % 2 == 1 && s->degree[1 - up] == 0 && degree == 1)
        {   /* the other way round */
            fmpq_t minus;
            fmpq_init(minus);
            fmpq_set_si(minus, -1, 1);
            s->degree[1 - up] = 1;
            s->curve[1 - up] = qmat_vec_init(s->P->nblocks);
            for (i = 0; i < s->P->nblocks; i++)
                qmat_scale(s->curve[1 - up] + i, V + i, minus);
            fmpq_clear(minus);
        }
    }
    _fmpq_vec_clear(c, CURVE_ORDER + 1);
}

static void
forget(finder_t *s, int up)
{
    if (s->degree[up] > 0)
        qmat_vec_clear(s->curve[up], s->degree[up] * s->P->nblocks);
    s->degree[up] = 0;
    s->curve[up] = NULL;
}

/* V := the blocks of a parameter vector, rounded to bits. */
static void
blocks(qmat_struct *V, const problem_t *P, const double *v, int bits)
{
    slong i, t, at = 0;
    double top = 1e-300;

    for (t = 0; t < curve_parameters(P); t++)
        top = fmax(top, fabs(v[t]));
    for (i = 0; i < P->nblocks; i++)
    {
        slong r = qmat_rows(P->W + i), c = qmat_cols(P->W + i);
        fmpq *e = _fmpq_vec_init(r * c);
        for (t = 0; t < r * c; t++)
        {
            approx_set_fmpz(fmpq_numref(e + t), nearbyint(ldexp(v[at + t] / top, bits)));
            fmpq_div_2exp(e + t, e + t, bits);
        }
        qmat_set_entries(V + i, r, c, e);
        _fmpq_vec_clear(e, r * c);
        at += r * c;
    }
}

/* The eigenvectors of the extreme eigenvalues of the Hessian. */
static void
curvature(finder_t *s)
{
    slong i, n = curve_parameters(s->P);
    qmat_struct *V;
    qmat_t K;
    double *A, *w;
    int bits;

    if (n > LARGEST_HESSIAN)
        return;
    V = qmat_vec_init(s->P->nblocks);
    w = flint_malloc(n * sizeof *w);
    qmat_init(K, 0, 0);
    curve_hessian(K, s->P, s->M);
    A = approx_matrix(K, approx_exponent(K));
    if (approx_eigen(w, A, n, 1))
        for (bits = 4; bits <= 40; bits += 12)
        {
            if (w[0] < -1e-13 * fabs(w[n - 1]) && s->degree[0] == 0)
            {
                fmpq *c = _fmpq_vec_init(3);
                blocks(V, s->P, A, bits);
                curve_loss(c, 2, s->P, s->M, V, 1);
                if (fmpq_sgn(c + 2) < 0)
                {
                    s->degree[0] = 1;
                    s->curve[0] = qmat_vec_init(s->P->nblocks);
                    for (i = 0; i < s->P->nblocks; i++)
                        qmat_set(s->curve[0] + i, V + i);
                }
                _fmpq_vec_clear(c, 3);
            }
            if (w[n - 1] > 0 && s->degree[1] == 0)
            {
                blocks(V, s->P, A + (n - 1) * n, bits);
                consider(s, V, 1);
            }
        }
    flint_free(A);
    flint_free(w);
    qmat_vec_clear(V, s->P->nblocks);
    qmat_clear(K);
}

/* A random line or parabola: small integers, whole blocks left out. */
static void
random_curve(finder_t *s, int k)
{
    slong i, j, degree = k % 4 == 3 ? 2 : 1, n = s->P->nblocks, t;
    qmat_struct *V = qmat_vec_init(degree * n);

    for (j = 0; j < degree; j++)
        for (i = 0; i < n; i++)
        {
            slong r = qmat_rows(s->P->W + i), c = qmat_cols(s->P->W + i);
            qmat_t A;
            int rank_one = roll(s, 2), still = roll(s, 4) == 0;
            slong a = roll(s, r), b = roll(s, c);
            qmat_init(A, r, c);
            for (t = 0; t < r * c && !still; t++)
                if (!rank_one)
                    fmpz_set_si(fmpz_mat_entry(A->num, t / c, t % c), roll(s, 3) - 1);
                else if (t / c == a && t % c == b)
                    fmpz_set_si(fmpz_mat_entry(A->num, a, b), roll(s, 2) ? 1 : -1);
            qmat_swap(V + j * n + i, A);
            qmat_clear(A);
        }
    consider(s, V, degree);
    qmat_vec_clear(V, degree * n);
}

static int
try(proof_t *p, oracle_t *o, verdict_kind verdict)
{
    proof_begin(p, o, verdict);
    return curve_verify(&p->f, o->P, &p->c, verdict == VERDICT_PROVED);
}

/* With the curves found so far. */
static int
decided(proof_t *p, oracle_t *o, const finder_t *s)
{
    int ok;

    memcpy(o->degree, s->degree, sizeof o->degree);
    o->curve[0] = s->curve[0];
    o->curve[1] = s->curve[1];
    ok = try(p, o, VERDICT_PROVED) || try(p, o, VERDICT_REFUTED);
    o->degree[0] = o->degree[1] = 0;
    return ok;
}

void
oracle_prove_local(proof_t *p, oracle_t *o, const claim_spec_t *spec, const prove_options_t *opt)
{
    finder_t s;
    slong i, n = o->P->nblocks, size = curve_parameters(o->P);
    int k, ok = 0, most;
    int minimum = p->c.kind == CLAIM_LOCAL_MINIMUM || p->c.kind == CLAIM_NOT_LOCAL_MINIMUM;
    qmat_struct *grad = qmat_vec_init(n);
    fmpq_t g2, minus;

    memset(&s, 0, sizeof s);
    s.P = o->P;
    s.M = o->M;
    s.seed = 1;
    fmpq_init(g2);
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    proof_progress(opt, "curves");
    network_gradient(g2, grad, o->P, o->M);
    p->c.has_tolerance = spec->has_tolerance || spec->tolerance_best;
    fmpq_set(p->c.tolerance, spec->tolerance);
    if (spec->tolerance_best)
    {
        number_sqrt_upper(p->c.tolerance, g2);
        if (!is_simple(p->c.tolerance))
            decimal_round(p->c.tolerance, p->c.tolerance, opt->digits, 1);
    }
    if (size > LARGEST_HESSIAN && (p->c.kind == CLAIM_HESSIAN_PSD
                                   || (p->c.kind == CLAIM_STRICT_SADDLE && fmpq_is_zero(g2))))
    {
        p->outcome = OUTCOME_UNDECIDED;
        snprintf(p->message, sizeof p->message, "missing: the Hessian; it is formed for at most %d "
                 "parameters, here are %ld", LARGEST_HESSIAN, (long) size);
        goto done;
    }
    if (minimum && !fmpq_is_zero(g2))
    {
        for (i = 0; i < n; i++)
            qmat_scale(grad + i, grad + i, minus);
        consider(&s, grad, 1);
    }
    else if (p->c.kind != CLAIM_CRITICAL_POINT
             && (fmpq_is_zero(g2) || p->c.kind == CLAIM_HESSIAN_PSD))
        curvature(&s);
    ok = decided(p, o, &s);
    most = (int) fmin(20000, 2e7 / ((double) size * n + 1));
    if (p->c.kind != CLAIM_SADDLE && !minimum)
        most = 0;                       /* only these have degenerate cases */
    for (k = 0; k < most && !ok; k++)
    {
        slong before = s.degree[0] + s.degree[1];
        random_curve(&s, k);
        if (s.degree[0] + s.degree[1] != before)
            ok = decided(p, o, &s);
    }
    if (!ok)
    {
        p->outcome = OUTCOME_UNDECIDED;
        snprintf(p->message, sizeof p->message, "missing: %s", p->f.reason);
    }
    else if (p->c.kind == CLAIM_CRITICAL_POINT)
        oracle_describe_critical(p, o, fmpq_is_zero(g2));
done:
    forget(&s, 0);
    forget(&s, 1);
    qmat_vec_clear(grad, n);
    fmpq_clear(g2);
    fmpq_clear(minus);
}
