/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The neighbourhoods of Zhou & Liang 2017, Theorems 1 to 3, as numbers. */
#include "config.h"
#include "kernel/number.h"
#include "prove.h"
#include "text/decimal.h"

/* s := a lower bound of the smallest singular value of the square or tall A, or
   (largest) an upper bound of the largest one. */
static void
singular_value(fmpq_t s, gd_prover_t *p, const qmat_t A, int largest)
{
    facts_t f;
    qmat_t K;

    oracle_facts(&f, p->o, p->rounding);
    qmat_init(K, 0, 0);
    qmat_gram(K, A);
    if (largest)
        fact_upper(s, &f, "tau", "", K, NULL);
    else
        fact_lower(s, &f, "tau", "", K, NULL, NULL, 0);
    if (largest)
        number_sqrt_upper(s, s);
    else
        number_sqrt_lower(s, s);
    oracle_forget(p->o);
    qmat_clear(K);
    facts_clear(&f);
}

/* tau := half the least of the smallest singular values of n matrices. */
static void
half_least(fmpq_t tau, gd_prover_t *s, const qmat_struct *A, slong n)
{
    slong k;
    fmpq_t x;

    fmpq_init(x);
    for (k = 0; k < n; k++)
    {
        singular_value(x, s, A + k, 0);
        if (k == 0 || fmpq_cmp(x, tau) < 0)
            fmpq_set(tau, x);
    }
    fmpq_div_2exp(tau, tau, 1);
    fmpq_clear(x);
}

/* y := prod_q (norm[q] + t) - prod_q norm[q]: how far a unit can move. */
static void
deviation(fmpq_t y, const fmpq *norm, slong r, const fmpq_t t)
{
    slong q;
    fmpq_t base, x;

    fmpq_init(base);
    fmpq_init(x);
    fmpq_one(y);
    fmpq_one(base);
    for (q = 0; q < r; q++)
    {
        fmpq_mul(base, base, norm + q);
        fmpq_add(x, norm + q, t);
        fmpq_mul(y, y, x);
    }
    fmpq_sub(y, y, base);
    fmpq_clear(base);
    fmpq_clear(x);
}

#define BISECTIONS 48

/* hat := the largest t, within 2^-BISECTIONS of most from below, for which no unit moves
   by more than tau, (N2): at most most. */
static void
unit_radius(fmpq_t hat, gd_prover_t *s, const fmpq_t tau, const fmpq_t most)
{
    const problem_t *P = s->P;
    slong k, q;
    int it;
    fmpq *norm = _fmpq_vec_init(P->r);
    fmpq_t lo, hi, mid, y;

    fmpq_init(lo);
    fmpq_init(hi);
    fmpq_init(mid);
    fmpq_init(y);
    fmpq_set(hat, most);
    for (k = 0; k < P->l; k++)
    {
        for (q = 0; q < P->r; q++)
        {
            singular_value(norm + q, s, P->W + k * P->r + q, 1);
            number_round_up(norm + q, norm + q);
        }
        deviation(y, norm, P->r, hat);
        if (fmpq_cmp(y, tau) <= 0)
            continue;
        fmpq_zero(lo);
        fmpq_set(hi, hat);
        for (it = 0; it < BISECTIONS; it++)
        {
            fmpq_add(mid, lo, hi);
            fmpq_div_2exp(mid, mid, 1);
            deviation(y, norm, P->r, mid);
            if (fmpq_cmp(y, tau) <= 0)
                fmpq_set(lo, mid);
            else
                fmpq_set(hi, mid);
        }
        fmpq_set(hat, lo);
    }
    _fmpq_vec_clear(norm, P->r);
    fmpq_clear(lo);
    fmpq_clear(hi);
    fmpq_clear(mid);
    fmpq_clear(y);
}

/* min(tau^, tau~): Theorems 1 and 2. */
static void
linear_radius(fmpq_t tau, gd_prover_t *s)
{
    const problem_t *P = s->P;
    qmat_struct *U = network_units(P);
    fmpq_t least, hat;

    half_least(tau, s, U, P->l);
    qmat_vec_clear(U, P->l);
    if (P->r == 1)
        return;
    fmpq_init(least);
    fmpq_init(hat);
    half_least(least, s, P->W, P->nblocks);
    number_round_down(least, least);
    number_round_down(tau, tau);
    unit_radius(hat, s, tau, least);
    fmpq_set(tau, hat);
    fmpq_clear(least);
    fmpq_clear(hat);
}

/* tau := sigma_m(Phi*) / 2: lambda at radius 0 gives sigma_m.  0 if there is none. */
static int
feature_radius(fmpq_t tau, gd_prover_t *s, norm_kind norm)
{
    neighbourhood_t zero;
    facts_t f;
    fmpq_t x;
    int ok;

    fmpq_init(x);
    neighbourhood_init(&zero, norm, gd_radius_count(s->P));
    s->o->searching = 1;
    ok = gd_run(x, &f, s, &zero, NULL);
    s->o->searching = 0;
    if (ok)
    {
        fmpq_mul_2exp(x, x, 1);
        fmpq_inv(x, x);
        number_sqrt_lower(x, x);
        fmpq_div_2exp(tau, x, 1);
    }
    facts_clear(&f);
    neighbourhood_clear(&zero);
    fmpq_clear(x);
    return ok;
}

/* tau := the parameter radius whose features stay within tau, by halving: lambda <=
   1 / (2 tau^2) exactly when they do. */
static void
parameter_radius(fmpq_t tau, gd_prover_t *s, norm_kind norm)
{
    neighbourhood_t N;
    fmpq_t lo, hi, mid, want;
    int i;

    neighbourhood_init(&N, norm, gd_radius_count(s->P));
    fmpq_init(lo);
    fmpq_init(hi);
    fmpq_init(mid);
    fmpq_init(want);
    fmpq_mul(want, tau, tau);
    fmpq_mul_2exp(want, want, 1);
    fmpq_inv(want, want);
    fmpq_set(hi, tau);
    s->o->searching = 1;
    for (i = 0; i < 200 && gd_radius_works(s, &N, hi, want); i++)
        fmpq_mul_2exp(hi, hi, 1);
    for (i = 0; i < 70 && (i <= 45 || fmpq_is_zero(lo)); i++)
    {
        fmpq_add(mid, lo, hi);
        fmpq_div_2exp(mid, mid, 1);
        if (gd_radius_works(s, &N, mid, want))
            fmpq_set(lo, mid);
        else
            fmpq_set(hi, mid);
    }
    s->o->searching = 0;
    fmpq_set(tau, lo);
    neighbourhood_clear(&N);
    fmpq_clear(lo);
    fmpq_clear(hi);
    fmpq_clear(mid);
    fmpq_clear(want);
}

int
gd_paper_radius(fmpq_t tau, gd_prover_t *s, norm_kind norm, int digits, const char **why)
{
    facts_t f;
    setting_t setting;

    facts_init(&f, 0);
    setting = oracle_setting(s->o, &f);
    *why = NULL;
    fmpq_zero(tau);
    if (!network_is_linear(s->P))
    {
        if (!feature_radius(tau, s, norm))
            *why = "the paper's neighbourhood needs hidden features of full column rank";
        else if (norm != NORM_FEATURE)
            parameter_radius(tau, s, norm);
    }
    else if (!gd_paper_applies(&setting))
        *why = "the paper's neighbourhood exists only for square, non-singular layers, X of full "
               "row rank, the unweighted square loss and an exact minimiser; give a radius";
    else
        linear_radius(tau, s);
    if (*why == NULL)
        round_unless_simple(tau, digits, 0);
    if (*why == NULL && fmpq_is_zero(tau))
        *why = "the paper's neighbourhood is empty: a smallest singular value is 0";
    facts_clear(&f);
    return *why == NULL;
}
