/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The constants of a regularity claim that the user left out.  They are only
   numbers: whatever they are, the rule proves the inequality with them. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/jacobian.h"
#include "kernel/number.h"
#include "prove.h"
#include "text/decimal.h"

int
rc_default_delta(fmpq_t delta, const oracle_t *o, int digits, const char **why)
{
    double eta = jacobian_eta(NULL, o->P, o->M);
    fmpq_t lo, hi;

    if (!isfinite(eta))
    {
        *why = "delta: eta_min(G(W*)) could not be estimated (G is zero, or its order is above 1100); "
               "give delta";
        return 0;
    }
    fmpq_init(lo);
    fmpq_init(hi);
    approx_to_fmpq(lo, eta * (1 - 1e-11), 60, -1);
    approx_to_fmpq(hi, eta * (1 + 1e-11), 60, 1);
    fmpq_simplest_between(delta, lo, hi);
    if (fmpz_bits(fmpq_numref(delta)) + fmpz_bits(fmpq_denref(delta)) > 16)
        decimal_round(delta, lo, digits, 0);
    fmpq_clear(lo);
    fmpq_clear(hi);
    return 1;
}

void
rc_default_beta(fmpq_t beta, const fmpq_t gamma, const fmpq_t delta)
{
    fmpq_t x;

    fmpq_init(x);
    fmpq_mul(beta, delta, delta);
    fmpq_div_2exp(beta, beta, 1);
    fmpq_mul(x, gamma, beta);
    fmpq_sub(beta, beta, x);
    fmpq_clear(x);
}

/* x := an upper bound of the largest eigenvalue of K, exact where that is
   rational and simple. */
static void
largest(fmpq_t x, oracle_t *o, const qmat_t K)
{
    facts_t f;
    oracle_t own;

    oracle_init(&own, NULL, o->P, o->M, o->precision_limit);
    oracle_facts(&f, &own, 256);
    fact_upper(x, &f, "norm", "", K, NULL);
    facts_clear(&f);
    oracle_clear(&own);
}

/* The same for ||A||^2. */
static void
norm2(fmpq_t x, oracle_t *o, const qmat_t A)
{
    qmat_t K;

    qmat_init(K, 0, 0);
    qmat_gram_smaller(K, A);
    largest(x, o, K);
    qmat_clear(K);
}

int
rc_default_alpha(fmpq_t alpha, oracle_t *o, const fmpq_t gamma, int digits, const char **why)
{
    const problem_t *P = o->P;
    slong k;
    int defined;
    fmpq_t x, zeta2, tilde2, t, y;
    qmat_t A;

    fmpq_init(x);
    fmpq_init(zeta2);
    fmpq_init(tilde2);
    fmpq_init(t);
    fmpq_init(y);
    qmat_init(A, 0, 0);
    largest(x, o, o->M->Sxx);           /* ||X D^{1/2}||^2 */
    if (!network_is_linear(P))
    {   /* zeta = 2 max(||Phi*||, ||W_2*||, max |s'|); alpha = gamma / max(||X||^2 zeta^4, zeta^2) */
        if (qmat_rows(P->features) > 0)
            qmat_set(A, P->features);
        else
        {
            qmat_mul(A, P->W, P->X);
            activation_apply(A, A, P->act);
        }
        norm2(zeta2, o, A);
        norm2(t, o, P->W + 1);
        if (fmpq_cmp(t, zeta2) > 0)
            fmpq_set(zeta2, t);
        activation_lipschitz(t, P->act);        /* max |s'| is at most this */
        fmpq_mul(t, t, t);
        if (fmpq_cmp(t, zeta2) > 0)
            fmpq_set(zeta2, t);
        fmpq_mul_2exp(zeta2, zeta2, 2);
        fmpq_mul(t, x, zeta2);
        if (fmpq_cmp_si(t, 1) < 0)
            fmpq_one(t);
        fmpq_mul(t, t, zeta2);
    }
    else
    {   /* gamma / (l r zeta~^(2(r-1)) zeta^(2(l-1)) ||X||^2) */
        qmat_struct *U = network_units(P);
        for (k = 0; k < P->l; k++)
        {
            norm2(t, o, U + k);
            if (fmpq_cmp(t, zeta2) > 0)
                fmpq_set(zeta2, t);
        }
        for (k = 0; k < P->nblocks && P->r > 1; k++)
        {
            norm2(t, o, P->W + k);
            if (fmpq_cmp(t, tilde2) > 0)
                fmpq_set(tilde2, t);
        }
        qmat_vec_clear(U, P->l);
        fmpq_mul_2exp(zeta2, zeta2, 2);
        fmpq_mul_2exp(tilde2, tilde2, 2);
        fmpq_set_si(y, P->nblocks, 1);
        fmpq_mul(t, x, y);
        for (k = 1; k < P->l; k++)
            fmpq_mul(t, t, zeta2);
        for (k = 1; k < P->r; k++)
            fmpq_mul(t, t, tilde2);
    }
    defined = !fmpq_is_zero(t);
    if (defined)
    {
        fmpq_div(alpha, gamma, t);
        if (!is_simple(alpha))
            decimal_round(alpha, alpha, digits, 0);
    }
    else
        *why = "alpha: the paper's formula divides by zero here (its zeta is 0); write alpha: best, or a "
               "number";
    fmpq_clear(x);
    fmpq_clear(zeta2);
    fmpq_clear(tilde2);
    fmpq_clear(t);
    fmpq_clear(y);
    qmat_clear(A);
    return defined;
}
