/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* h - h_inf = 1/2 ||(Z T - N S^{-1}) S^{1/2}||_F^2, N = Y D X'^T, so that h* - h_inf
   is half the squared distance of N S^{-1/2} to the matrices of rank k, the
   narrowest width: half the sum of all but the k largest eigenvalues of
   Sigma = N S^{-1} N^T (Eckart & Young).  Residual networks reach every Z. */
#include "global_minimizer.h"
#include "rules/at_minimum.h"
#include "rules/low_rank.h"
#include "rules/witness.h"
#include "kernel/ask.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/copy.h"

const about_t gm_about_threshold = { "threshold" }, gm_about_excess = { "excess" };

int
gm_sigma(qmat_t Sigma, const moments_t *M)
{
    MATRICES(N, Nt);
    int ok = 1;

    moments_cross(N, M);
    if (M->p == 0)
    {
        qmat_t zero;
        qmat_init(zero, qmat_rows(M->Syx), qmat_rows(M->Syx));
        qmat_swap(Sigma, zero);
        qmat_clear(zero);
    }
    else
    {
        qmat_transpose(Nt, N);
        ok = qmat_solve(Sigma, M->S, Nt);
        if (ok)
            qmat_mul(Sigma, N, Sigma);
    }
    return ok;
}

/* W is a minimiser with h > h_inf. */
static int
captures_the_largest(facts_t *f, const problem_t *P, const moments_t *M)
{
    low_rank_t c;
    int ok;
    MATRICES(Z, Sigma, N);
    NUMBERS(low, high);

    network_product(Z, P);
    qmat_mul(Z, Z, M->T);
    moments_cross(N, M);
    low_rank_init(&c);
    ok = gm_sigma(Sigma, M);
    if (!ok)
        facts_fail(f, "rank", "the data reduction failed");
    ok = ok && low_rank_find(&c, f, Z, M->S, N, Sigma, network_width(P));
    if (ok)
    {
        fact_lower(low, f, "captured", "\\text{the smallest captured eigenvalue of } \\Sigma", c.C, c.G, NULL, 0);
        ok = fact_upper_pencil(high, f, "dropped", "\\text{the largest dropped eigenvalue of } \\Sigma", c.D, c.K, low)
            && fmpq_cmp(low, high) >= 0;
        if (!ok)
            facts_fail(f, "dropped", "the captured eigenvalues are not shown to be the largest");
    }
    low_rank_clear(&c);
    return ok && !f->failed;
}

/* x := a lower bound of h*.  By duality the sum of the d_l - k smallest
   eigenvalues of Sigma is at least (d_l - k) t - tr U for every t and every U >= 0
   with U >= t I - Sigma: the sum is tr(Sigma Q) for a projection Q of that rank, and
   tr(Sigma Q) >= t tr Q - tr(U Q) >= (d_l - k) t - tr U. */
static void
lower_bound(fmpq_t x, facts_t *f, const problem_t *P, const moments_t *M)
{
    slong i, n = qmat_rows(P->Y), k = network_width(P);
    const fmpq *threshold;
    const qmat_struct *U;
    MATRICES(Sigma, t);
    fmpq_t zero;
    NUMBERS(y, z);

    moments_infimum(x, M);
    if (k >= n || M->p <= k)
        return;
    fmpq_init(zero);                            /* the bounds need not be larger */
    if (!gm_sigma(Sigma, M))
        facts_fail(f, "rank", "the data reduction failed");
    else if ((threshold = fact_numbers(f, "threshold", 1, &gm_about_threshold, 0)) != NULL
             && (U = fact_matrix(f, "excess", n, n, &gm_about_excess, 1)) != NULL)
    {
        if (!qmat_midpoint_is_symmetric(U))
            facts_fail(f, "excess", "the matrix is not symmetric");
        fact_lower(z, f, "excess-psd", "\\text{the smallest eigenvalue of } U", U, NULL, zero, 1);
        fmpq_neg(y, threshold);
        qmat_set_scalar(t, n, y);
        fmpq_one(z);
        qmat_add_scaled(t, t, z, U);
        qmat_add_scaled(t, t, z, Sigma);
        fact_lower(z, f, "excess-dual", "\\text{the smallest eigenvalue of } U - t I + \\Sigma", t, NULL, zero, 1);
        fmpq_set_si(y, n - k, 1);
        number_mul(y, y, threshold);
        for (i = 0; i < n; i++)
        {
            qmat_get_entry(z, U, i, i);
            number_sub(y, y, z);
        }
        fmpq_div_2exp(y, y, 1);
        if (!f->failed && fmpq_sgn(y) > 0)
            number_add(x, x, y);
    }
    fmpq_clear(zero);
}

int
gm_excess(fmpq_t excess, setting_t *s)
{
    const moments_t *M = setting_moments(s);
    NUMBERS(low);

    if (M == NULL)
        return 0;
    if (setting_at_minimum(s) == 1)
    {
        fmpq_zero(excess);
        return 1;
    }
    network_loss(excess, s->P, M);
    lower_bound(low, s->f, s->P, M);
    number_sub(excess, excess, low);
    facts_note(s->f, "excess", "h(W) - h^*", "\\le", excess);
    return !s->f->failed;
}

int
gm_is_minimizer(setting_t *s)
{
    const moments_t *M = setting_moments(s);

    if (M == NULL)
        return 0;
    if (setting_at_minimum(s) == 1)
        return 1;
    if (!network_reaches_every_map(s->P))
        return captures_the_largest(s->f, s->P, M) && !s->f->failed;
    facts_fail(s->f, "point", "the least-squares minimum h_inf is not attained, and residual networks "
               "can attain it");
    return 0;
}

int
gm_refute(setting_t *s, const fmpq *gap)
{
    problem_t Q;
    const moments_t *M = setting_moments(s);
    facts_t *f = s->f;
    NUMBERS(h, v);
    int ok = 0;

    if (M == NULL)
        return 0;
    problem_init(&Q);
    problem_set(&Q, s->P);
    if (witness_point(&Q, f, 1, 1))
    {
        network_loss(h, s->P, M);
        network_loss(v, &Q, M);
        number_sub(h, h, v);
        facts_note(f, "better:1", "h(W) - h(V)", "=", h);
        ok = gap == NULL ? fmpq_sgn(h) > 0 : fmpq_cmp(h, gap) > 0;
        if (!ok)
            facts_fail(f, "better:1", "this point is not better by more than the gap");
    }
    problem_clear(&Q);
    return ok && !f->failed;
}
