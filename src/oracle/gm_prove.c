/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Global minimisers: the decision, a better point, and the dual bound of h*. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "approx.h"
#include "construct.h"
#include "oracle.h"
#include "../certificate/certificate.h"
#include "../kernel/rank.h"
#include "../rules/global_minimizer.h"

/* V := the best point whose product has the column space of U (d_l x k), linear networks of width >= k
   everywhere; U = NULL: the unrestricted minimiser, for residual networks too. */
static int
best_point(problem_t *V, const problem_t *P, const moments_t *M, const qmat_struct *U)
{
    qmat_t one;
    int ok;

    problem_set(V, P);
    if (P->kind == NET_RESIDUAL)
        return construct_residual(V, M, NULL, NULL);
    qmat_init(one, 0, 0);
    qmat_set_one(one, qmat_rows(P->Y));
    ok = construct_linear(V, M, U == NULL ? one : U, NULL);
    qmat_clear(one);
    return ok;
}

/* U := the k leading eigenvectors of Sigma, to 50 bits; U+ := the positive part of
   t I - Sigma for the threshold t between eigenvalues k and k + 1, made a
   little larger so that both matrix inequalities are strict. */
static int
spectral(qmat_t U, fmpq_t t, qmat_t excess, const moments_t *M, slong k)
{
    slong i, j, a, n;
    qmat_t Sigma;
    double *A, *w, middle;
    int ok;

    qmat_init(Sigma, 0, 0);
    ok = gm_sigma(Sigma, M);
    n = qmat_rows(Sigma);
    w = flint_malloc(n * sizeof *w);
    A = approx_matrix(Sigma, approx_exponent(Sigma));
    ok = ok && approx_eigen(w, A, n, 1);
    if (ok)
    {
        fmpq *e = _fmpq_vec_init(n * n);
        double slack = 1e-14 * n * fmax(fabs(w[0]), fabs(w[n - 1]));
        for (i = 0; i < n; i++)
            for (j = 0; j < k; j++)
                approx_to_fmpq(e + i * k + j, nearbyint(ldexp(A[(n - 1 - j) * n + i], 50)), 60, 0);
        qmat_set_entries(U, n, k, e);
        middle = k < n ? (w[n - 1 - k] + w[k > 0 ? n - k : n - 1]) / 2 : 0;
        approx_to_fmpq(t, middle, 40, 0);
        middle = approx_fmpq(t);
        for (i = 0; i < n; i++)
            for (j = 0; j <= i; j++)
            {
                double sum = i == j ? slack : 0;
                for (a = 0; a < n; a++)
                    sum += fmax(middle - w[a], 0) * A[a * n + i] * A[a * n + j];
                approx_to_fmpq(e + i * n + j, sum, 53, 0);
                fmpq_set(e + j * n + i, e + i * n + j);
            }
        qmat_set_entries(excess, n, n, e);
        {   /* both are in units of 2^exponent */
            slong shift = approx_exponent(Sigma);
            fmpq_t s;
            fmpq_init(s);
            fmpq_one(s);
            if (shift >= 0)
                fmpq_mul_2exp(s, s, shift);
            else
                fmpq_div_2exp(s, s, -shift);
            fmpq_mul(t, t, s);
            qmat_scale(excess, excess, s);
            fmpq_clear(s);
        }
        _fmpq_vec_clear(e, n * n);
    }
    flint_free(A);
    flint_free(w);
    qmat_clear(Sigma);
    return ok;
}

/* U := a basis of the column space of N, of at most p columns. */
static void
column_space(qmat_t U, const moments_t *M)
{
    qmat_t N, R;
    slong *pivots = flint_malloc((qmat_rows(M->Syx) + 1) * sizeof *pivots);

    qmat_init(N, 0, 0);
    qmat_init(R, 0, 0);
    moments_cross(N, M);
    rank_factor_rows(U, R, pivots, N, qmat_rows(N));
    flint_free(pivots);
    qmat_clear(N);
    qmat_clear(R);
}

static int
try(proof_t *p, oracle_t *o, verdict_kind verdict)
{
    proof_begin(p, o, verdict);
    return verdict == VERDICT_PROVED ? gm_verify(&p->f, o->P, p->c.has_tolerance ? p->c.tolerance : NULL)
        : gm_refute(&p->f, o->P, p->c.has_tolerance ? p->c.tolerance : NULL);
}

void
oracle_prove_global_minimizer(proof_t *p, oracle_t *o, const claim_spec_t *spec,
                              const prove_options_t *opt)
{
    const problem_t *P = o->P;
    slong k = gm_width(P);
    problem_t V;
    qmat_t U, excess;
    fmpq_t t;
    int restricted = P->kind == NET_LINEAR && k < FLINT_MIN(o->M->p, qmat_rows(P->Y)), ok, round;

    problem_init(&V);
    qmat_init(U, 0, 0);
    qmat_init(excess, 0, 0);
    fmpq_init(t);
    p->c.has_tolerance = spec->has_tolerance || spec->tolerance_best;
    fmpq_set(p->c.tolerance, spec->tolerance);
    ok = !restricted || spectral(U, t, excess, o->M, k);
    if (ok && restricted)
    {
        o->threshold = t;
        o->excess = excess;
    }
    for (round = 0; round < 2 && spec->tolerance_best; round++)
    {   /* with the dual bound, or with h_inf alone; what the evidence proves, the last note of the rule */
        fmpz_one_2exp(fmpq_numref(p->c.tolerance), 1000000);
        fmpz_one(fmpq_denref(p->c.tolerance));
        if (try(p, o, VERDICT_PROVED))
        {
            fmpq_zero(p->c.tolerance);
            if (p->f.note_count > 0 && strcmp(p->f.notes[p->f.note_count - 1].role, "excess") == 0)
                fmpq_set(p->c.tolerance, p->f.notes[p->f.note_count - 1].value);
            if (!is_simple(p->c.tolerance))
                decimal_round(p->c.tolerance, p->c.tolerance, opt->digits, 1);
            break;
        }
        o->threshold = NULL;
    }
    ok = ok && try(p, o, VERDICT_PROVED);
    if (!ok && p->c.has_tolerance && o->threshold != NULL)
    {
        o->threshold = NULL;
        ok = try(p, o, VERDICT_PROVED);
    }
    if (!ok)
    {
        char why[sizeof p->f.reason];
        strcpy(why, p->f.reason);
        if (P->kind == NET_LINEAR && !restricted && k < qmat_rows(P->Y))
            column_space(U, o->M);
        ok = best_point(&V, P, o->M, qmat_rows(U) > 0 ? U : NULL);
        o->better = &V;
        if (!ok || !try(p, o, VERDICT_REFUTED))
        {
            p->outcome = OUTCOME_UNDECIDED;
            snprintf(p->message, sizeof p->message, "missing: %s; no better point was found either", why);
        }
        o->better = NULL;
    }
    o->threshold = NULL;
    o->excess = NULL;
    problem_clear(&V);
    qmat_clear(U);
    qmat_clear(excess);
    fmpq_clear(t);
}
