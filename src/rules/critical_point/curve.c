/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include "curve.h"
#include "rules/global_minimizer/global_minimizer.h"
#include "kernel/limits.h"
#include "kernel/number.h"

/* Truncated polynomials in t with matrix coefficients: order + 1 of them. */

static void
multiply(qmat_struct *C, const qmat_struct *A, const qmat_struct *B, slong order)
{
    slong i, j;
    qmat_t t;
    fmpq_t one;
    qmat_struct *R = qmat_vec_init(order + 1);

    qmat_init(t, 0, 0);
    fmpq_init(one);
    fmpq_one(one);
    for (i = 0; i <= order; i++)
    {
        qmat_t zero;
        qmat_init(zero, qmat_rows(A), qmat_cols(B));
        qmat_swap(R + i, zero);
        qmat_clear(zero);
    }
    for (i = 0; i <= order; i++)
        for (j = 0; i + j <= order; j++)
            if (!qmat_is_zero(A + i) && !qmat_is_zero(B + j))
            {
                qmat_mul(t, A + i, B + j);
                qmat_add_scaled(R + i + j, R + i + j, one, t);
            }
    for (i = 0; i <= order; i++)
        qmat_swap(C + i, R + i);
    qmat_vec_clear(R, order + 1);
    qmat_clear(t);
    fmpq_clear(one);
}

void
curve_loss(fmpq *c, slong order, const problem_t *P, const moments_t *M, const qmat_struct *V,
           slong degree)
{
    slong i, j, k, q;
    fmpq_t one, x;
    qmat_t t;
    qmat_struct *Z = qmat_vec_init(order + 1), *U = qmat_vec_init(order + 1);
    qmat_struct *F = qmat_vec_init(order + 1);

    fmpq_init(one);
    fmpq_init(x);
    qmat_init(t, 0, 0);
    fmpq_one(one);
    for (k = 0; k <= order; k++)
        fmpq_zero(c + k);
    /* small products cost more than their numbers: 256 units each, and 16 per entry */
    if (!work_take(order + 1, 256 * P->nblocks + 16 * curve_parameters(P), order + 1, 0, 0))
        goto done;
    qmat_set_one(Z, qmat_rows(P->X));
    for (j = 1; j <= order; j++)
        qmat_sub(Z + j, Z, Z);                  /* zero, of the right shape */
    for (k = 0; k < P->l; k++)
    {
        for (j = 0; j <= order; j++)
            qmat_set(U + j, Z + j);
        for (q = 0; q < P->r; q++)
        {
            i = k * P->r + q;
            qmat_set(F, P->W + i);
            for (j = 1; j <= order; j++)
                if (j <= degree)
                    qmat_set(F + j, V + (j - 1) * P->nblocks + i);
                else
                    qmat_sub(F + j, F, F);
            multiply(U, F, U, order);
        }
        for (j = 0; j <= order; j++)
            if (P->kind == NET_RESIDUAL)
                qmat_add_scaled(Z + j, Z + j, one, U + j);
            else
                qmat_set(Z + j, U + j);
    }
    /* h = 1/2 (Syy - 2 <Z, Syx> + <Z Sxx, Z>) */
    for (i = 0; i <= order; i++)
    {
        qmat_mul(t, Z + i, M->Sxx);
        for (j = 0; i + j <= order; j++)
        {
            qmat_inner(x, t, Z + j);
            fmpq_add(c + i + j, c + i + j, x);
        }
        qmat_inner(x, Z + i, M->Syx);
        fmpq_sub(c + i, c + i, x);
        fmpq_sub(c + i, c + i, x);
    }
    for (k = 0; k <= order; k++)
        fmpq_div_2exp(c + k, c + k, 1);
    fmpq_zero(c);                               /* h(W + ..) - h(W) */
done:
    qmat_vec_clear(Z, order + 1);
    qmat_vec_clear(U, order + 1);
    qmat_vec_clear(F, order + 1);
    qmat_clear(t);
    fmpq_clear(one);
    fmpq_clear(x);
}

slong
curve_parameters(const problem_t *P)
{
    slong i, n = 0;

    for (i = 0; i < P->nblocks; i++)
        n += qmat_rows(P->W + i) * qmat_cols(P->W + i);
    return n;
}

void
curve_hessian(qmat_t K, const problem_t *P, const moments_t *M)
{
    slong a, b, i, n = curve_parameters(P);
    qmat_struct *V = qmat_vec_init(P->nblocks);
    fmpq *e = _fmpq_vec_init(n * n), *c = _fmpq_vec_init(3);

    /* v^T H v / 2 is the coefficient of t^2: units, then sums of two */
    for (a = 0; a < n; a++)
        for (b = 0; b <= a && work_exceeded() == NULL; b++)
        {
            slong at = 0;
            for (i = 0; i < P->nblocks; i++)
            {
                slong r = qmat_rows(P->W + i), w = qmat_cols(P->W + i);
                qmat_t zero;
                qmat_init(zero, r, w);
                if (a >= at && a < at + r * w)
                    fmpz_add_ui(fmpz_mat_entry(zero->num, (a - at) / w, (a - at) % w),
                                fmpz_mat_entry(zero->num, (a - at) / w, (a - at) % w), 1);
                if (b != a && b >= at && b < at + r * w)
                    fmpz_add_ui(fmpz_mat_entry(zero->num, (b - at) / w, (b - at) % w),
                                fmpz_mat_entry(zero->num, (b - at) / w, (b - at) % w), 1);
                qmat_swap(V + i, zero);
                qmat_clear(zero);
                at += r * w;
            }
            curve_loss(c, 2, P, M, V, 1);
            fmpq_set(e + a * n + b, c + 2);     /* a = b: H_aa / 2; else the sum of three */
        }
    for (a = 0; a < n; a++)
        for (b = 0; b < a; b++)
        {   /* H_ab = q(a + b) - q(a) - q(b) */
            fmpq_sub(e + a * n + b, e + a * n + b, e + a * n + a);
            fmpq_sub(e + a * n + b, e + a * n + b, e + b * n + b);
            fmpq_set(e + b * n + a, e + a * n + b);
        }
    for (a = 0; a < n; a++)
        fmpq_mul_2exp(e + a * n + a, e + a * n + a, 1);
    qmat_set_entries(K, n, n, e);
    qmat_vec_clear(V, P->nblocks);
    _fmpq_vec_clear(e, n * n);
    _fmpq_vec_clear(c, 3);
}

/* The order at which the loss starts along the curve of the roles "NAME:j:i",
   its degree from the role "NAME-degree"; sign := that of its coefficient, x :=
   the coefficient.  0 if no curve is given, or the loss is constant up to
   order CURVE_ORDER. */
static slong
start(int *sign, fmpq_t x, facts_t *f, const char *name, const problem_t *P, const moments_t *M,
      int required)
{
    slong i, j, degree, order = 0, n = P->nblocks;
    char role[ROLE_SIZE];
    const fmpq *d;
    qmat_struct *V;
    fmpq *c;

    snprintf(role, sizeof role, "%s-degree", name);
    d = fact_numbers(f, role, 1, NULL, required);
    if (d == NULL)
        return 0;
    if (!fmpz_is_one(fmpq_denref(d)) || fmpq_cmp_si(d, 1) < 0 || fmpq_cmp_si(d, CURVE_DEGREE) > 0)
    {
        facts_fail(f, role, "a degree from 1 to %d is expected", CURVE_DEGREE);
        return 0;
    }
    degree = fmpz_get_si(fmpq_numref(d));
    V = qmat_vec_init(degree * n);
    c = _fmpq_vec_init(CURVE_ORDER + 1);
    for (j = 1; j <= degree && !f->failed; j++)
        for (i = 0; i < n; i++)
        {
            const qmat_struct *A;
            snprintf(role, sizeof role, "%s:%ld:%ld", name, (long) j, (long) i + 1);
            A = fact_matrix(f, role, qmat_rows(P->W + i), qmat_cols(P->W + i), NULL, 1);
            if (A == NULL)
                break;
            qmat_set(V + (j - 1) * n + i, A);
        }
    if (!f->failed)
    {
        slong most = FLINT_MIN(CURVE_ORDER, 2 * n * degree);
        for (order = 2; ; order = FLINT_MIN(2 * order, most))
        {   /* the first few coefficients usually decide */
            curve_loss(c, order, P, M, V, degree);
            for (i = 1; i <= order && fmpq_is_zero(c + i); i++)
                ;
            if (i <= order || order == most)
                break;
        }
        order = i <= order ? i : 0;
        if (order == 0)
            facts_fail(f, name, "the loss does not change along this curve");
        else
        {
            *sign = fmpq_sgn(c + order);
            fmpq_set(x, c + order);
            snprintf(role, sizeof role, "\\text{the coefficient of } t^{%ld} \\text{ along the curve }", (long) order);
            facts_note(f, name, role, "=", x);
        }
    }
    qmat_vec_clear(V, degree * n);
    _fmpq_vec_clear(c, CURVE_ORDER + 1);
    return order;
}

/* 1 if the Hessian is shown to be positive semidefinite. */
static int
hessian_psd(facts_t *f, const problem_t *P, const moments_t *M)
{
    qmat_t K;
    fmpq_t mu;

    if (!facts_expect_bound(f, "hessian", curve_parameters(P)))
        return 0;
    qmat_init(K, 0, 0);
    fmpq_init(mu);
    curve_hessian(K, P, M);
    fact_lower(mu, f, "hessian", "\\text{the smallest eigenvalue of the Hessian}", K, NULL, NULL, 1);
    qmat_clear(K);
    fmpq_clear(mu);
    return !f->failed;
}

/* 1 if v^T H v < 0 for the direction of the roles "down:1:i". */
static int
negative_curvature(facts_t *f, const problem_t *P, const moments_t *M)
{
    slong i;
    char role[ROLE_SIZE];
    qmat_struct *V = qmat_vec_init(P->nblocks);
    fmpq *c = _fmpq_vec_init(3);

    for (i = 0; i < P->nblocks; i++)
    {
        const qmat_struct *A;
        snprintf(role, sizeof role, "down:1:%ld", (long) i + 1);
        A = fact_matrix(f, role, qmat_rows(P->W + i), qmat_cols(P->W + i), NULL, 1);
        if (A == NULL)
            break;
        qmat_set(V + i, A);
    }
    if (!f->failed)
    {
        curve_loss(c, 2, P, M, V, 1);
        facts_note(f, "down", "v^T \\nabla^2 h\\, v / 2", "=", c + 2);
        if (fmpq_sgn(c + 2) >= 0)
            facts_fail(f, "down:1:1", "the curvature along this direction is not negative");
    }
    qmat_vec_clear(V, P->nblocks);
    _fmpq_vec_clear(c, 3);
    return !f->failed;
}

static int
verify(facts_t *f, const problem_t *P, const moments_t *M, const claim_t *c, int proved)
{
    int critical, sign = 0, up = 0;
    int falls = c->kind == (proved ? CLAIM_NOT_LOCAL_MINIMUM : CLAIM_LOCAL_MINIMUM);
    slong order;
    fmpq_t x, g2;
    int ok = 0;

    fmpq_init(x);
    fmpq_init(g2);
    network_gradient_norm2(g2, P, M);
    critical = fmpq_is_zero(g2);
    if (c->kind == CLAIM_CRITICAL_POINT)
    {   /* the tolerance is 0 if none is claimed */
        fmpq_t bound;
        fmpq_init(bound);
        number_mul(bound, c->tolerance, c->tolerance);
        ok = (fmpq_cmp(g2, bound) <= 0) == proved;
        fmpq_clear(bound);
    }
    else if (c->kind == CLAIM_HESSIAN_PSD && proved)
        ok = hessian_psd(f, P, M);
    else if (falls)
        ok = start(&sign, x, f, "down", P, M, 1) > 0 && sign < 0;
    else if (c->kind == CLAIM_HESSIAN_PSD || (c->kind == CLAIM_STRICT_SADDLE && proved))
        ok = (critical || c->kind == CLAIM_HESSIAN_PSD) && negative_curvature(f, P, M);
    else if (c->kind == CLAIM_SADDLE && proved)
    {
        order = critical ? start(&sign, x, f, "down", P, M, 1) : 0;
        ok = order > 0 && sign < 0
            && (order % 2 == 1 || (start(&up, x, f, "up", P, M, 1) > 0 && up > 0));
    }
    else if (!critical && (c->kind == CLAIM_STRICT_SADDLE || c->kind == CLAIM_SADDLE))
        ok = 1;                         /* refuted: not even critical */
    else if (c->kind == CLAIM_STRICT_SADDLE)
        ok = hessian_psd(f, P, M);
    else
        ok = gm_verify(f, P, NULL);   /* a global minimiser is a local one, and no saddle */
    if (!ok)
        facts_fail(f, "conclusion", critical || c->has_tolerance || c->kind == CLAIM_HESSIAN_PSD || c->kind == CLAIM_LOCAL_MINIMUM
                   || c->kind == CLAIM_NOT_LOCAL_MINIMUM ? "the evidence does not show it" : "the gradient is not zero");
    fmpq_clear(x);
    fmpq_clear(g2);
    return ok && !f->failed;
}

int
curve_verify(facts_t *f, const problem_t *P, const claim_t *c, int proved)
{
    moments_t M;
    int ok = moments_init(&M, P);

    if (!ok)
        facts_fail(f, "rank", "the data reduction failed");
    ok = ok && verify(f, P, &M, c, proved);
    moments_clear(&M);
    return ok;
}
