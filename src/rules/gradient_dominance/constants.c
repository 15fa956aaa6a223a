/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The constants printed beside lambda: a lower bound for every valid lambda,
   and the paper's constant. */
#include <stdio.h>
#include "kernel/ask.h"
#include "kernel/number.h"
#include "gradient_dominance.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "rules/at_minimum.h"

const about_t gd_about_direction = { "direction" };
const char gd_about_quotient[] = "quotient";

/* mathematics.md, "No better constant".  At an exact minimiser with
   sum_i ||P_i^T F S (A_i T)^T||^2 >= s^2 ||F X' D^{1/2}||^2, s > 0, the
   Jacobian is onto {vec(F X')}; moving along v with G v = vec(F X') and letting
   the step go to 0, h - h* over ||grad h||^2 tends to the quotient below. */
static int
limit_direction(fmpq_t lower, setting_t *s, const neighbourhood_t *N)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    const moments_t *M = setting_moments(s);
    const qmat_struct *F;
    MATRICES(FS, E);
    NUMBERS(num, g2);
    int ok = 0;

    if (M == NULL || !neighbourhood_is_open(N) || M->p == 0 || setting_at_minimum(s) != 1)
        return 0;
    F = fact_matrix(f, "direction", qmat_rows(P->Y), M->p, &gd_about_direction, 0);
    if (F == NULL)
        return 0;
    qmat_mul(FS, F, M->S);
    qmat_inner(num, FS, F);                         /* <F S, F> = ||F X' D^{1/2}||^2 */
    qmat_transpose(E, M->T);
    qmat_mul(E, FS, E);
    network_pullback_norm2(g2, P, E, f->rounding);
    if (fmpq_sgn(num) > 0 && fmpq_sgn(g2) > 0)
    {
        number_div(lower, num, g2);
        fmpq_div_2exp(lower, lower, 1);
        ok = 1;
    }
    else
        facts_fail(f, "direction", "the direction is degenerate");
    return ok;
}

int
gd_lambda_lower(fmpq_t lower, setting_t *s, const neighbourhood_t *N)
{
    facts_t *f = s->f;
    NUMBERS(excess, g2);
    int ok = network_is_linear(s->P) && limit_direction(lower, s, N);

    if (gd_witness(excess, g2, s, N, 0) && fmpq_sgn(g2) > 0)
    {
        number_div(excess, excess, g2);
        if (!ok || fmpq_cmp(excess, lower) > 0)
            fmpq_set(lower, excess);
        ok = 1;
    }
    if (ok)
        facts_note(f, "lambda-lower", "\\lambda_{\\text{best}}", "\\ge", lower);
    return ok && !f->failed;
}

/* x := ||A v||^2 / ||v||^2 >= sigma_min(A)^2, for the matrix A[index] and the
   vector v given in a role as numbers index (from 1), v. */
static int
quotient(fmpq_t x, facts_t *f, const char *role, const qmat_struct *A, slong count)
{
    slong i, k, d = qmat_cols(A);
    gd_about_quotient_t about = { { gd_about_quotient }, A, count };
    const fmpq *v = fact_numbers(f, role, d + 1, &about.about, 0);
    MATRICES(w);
    NUMBERS(norm2);
    int ok = 0;

    if (v == NULL)
        return 0;
    if (!fmpz_is_one(fmpq_denref(v)) || fmpq_cmp_si(v, 1) < 0 || fmpq_cmp_si(v, count) > 0)
    {
        facts_fail(f, role, "the first number must be an index from 1 to %ld", (long) count);
        return 0;
    }
    k = fmpz_get_si(fmpq_numref(v)) - 1;
    qmat_set_entries(w, d, 1, v + 1);
    for (i = 0; i < d; i++)
        number_addmul(norm2, v + 1 + i, v + 1 + i);
    if (fmpq_is_zero(norm2))
        facts_fail(f, role, "the vector is zero");
    else
    {
        qmat_mul(w, A + k, w);
        qmat_frobenius2_midpoint(x, w);
        number_div(x, x, norm2);
        ok = 1;
    }
    return ok;
}

int
gd_paper_applies(setting_t *s)
{
    const problem_t *P = s->P;
    const moments_t *M = setting_moments_if_linear(s);
    slong k, d = qmat_rows(P->X), m = qmat_cols(P->X);
    int ok = 1;
    qmat_struct *U;
    fmpq *D = _fmpq_vec_init(m);

    problem_curvature(D, P);
    for (k = 0; k < m; k++)
        ok &= fmpq_is_one(D + k);
    _fmpq_vec_clear(D, m);
    if (!ok)
        return 0;
    if (!network_is_linear(P))              /* range(s) = R, and Phi* is square */
        return P->l == 2 && P->b == NULL && qmat_rows(P->W) == m
            && (P->act->kind == ACT_IDENTITY
                || (P->act->kind == ACT_LEAKY_RELU && fmpq_sgn(P->act->slope) > 0));
    for (k = 0; k < P->nblocks; k++)
        if (qmat_rows(P->W + k) != d
            || ((network_is_chain(P) || P->r > 1) && rank_of(P->W + k) != d))
            return 0;
    if (M == NULL || M->p != d || setting_at_minimum(s) != 1)
        return 0;
    U = network_units(P);
    for (k = 0, ok = 1; k < P->l; k++)
        ok &= rank_of(U + k) == d;
    qmat_vec_clear(U, P->l);
    return ok;
}

/* lambda_h = 1 / (2 l tau^(2(l-1)) eta_min(X)^2), tau = half the smallest
   sigma_min(W_k*); residual networks: 1 / (2 l r tau~^(2(r-1)) ...).
   Upper bounds of tau, tau~ and eta give the lower bound that is returned.
   One hidden layer: lambda_g = 1 / (2 tau^2), tau = eta_min(Phi*) / 2. */
int
gd_paper_lambda(fmpq_t paper, setting_t *s)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    slong k;
    int ok = 0;
    qmat_struct *U;
    qmat_t Xt;
    NUMBERS(t);

    if (f->failed || !gd_paper_applies(s))
        return 0;
    if (!network_is_linear(P))
    {
        qmat_init(Xt, 0, 0);
        qmat_mul(Xt, P->W, P->X);
        activation_apply(Xt, Xt, P->act);
        ok = rank_of(Xt) == qmat_cols(P->X) && quotient(paper, f, "paper-features", Xt, 1)
            && !fmpq_is_zero(paper);
        if (ok)
        {
            fmpq_inv(paper, paper);
            fmpq_mul_2exp(paper, paper, 1);
        }
        qmat_clear(Xt);
        return ok;
    }
    U = network_units(P);
    qmat_init(Xt, 0, 0);
    qmat_transpose(Xt, P->X);
    fmpq_set_si(paper, 2 * P->nblocks, 1);
    if (!quotient(t, f, "paper-data", Xt, 1))
        goto done;
    number_mul(paper, paper, t);
    if (!quotient(t, f, "paper-layer", U, P->l))
        goto done;
    fmpq_div_2exp(t, t, 2);
    for (k = 1; k < P->l; k++)
        number_mul(paper, paper, t);
    if (P->r > 1)
    {
        if (!quotient(t, f, "paper-block", P->W, P->nblocks))
            goto done;
        fmpq_div_2exp(t, t, 2);
        for (k = 1; k < P->r; k++)
            number_mul(paper, paper, t);
    }
    ok = !fmpq_is_zero(paper);
    if (ok)
        fmpq_inv(paper, paper);
done:
    qmat_vec_clear(U, P->l);
    qmat_clear(Xt);
    return ok;
}
