/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include "curve.h"
#include "network/product_curve.h"
#include "kernel/ask.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"

const char curve_about[] = "curve";
const about_t curve_about_hessian = { "hessian" };

void
curve_loss(fmpq *c, slong order, const problem_t *P, const moments_t *M, const qmat_struct *V,
           slong degree)
{
    slong i, j, k;
    NUMBERS(x);
    MATRICES(t);
    qmat_struct *Z;

    for (k = 0; k <= order; k++)
        fmpq_zero(c + k);
    /* small products cost more than their numbers: 256 units each, and 16 per entry */
    if (!work_take(order + 1, 256 * P->nblocks + 16 * network_parameters(P), order + 1, 0, 0))
        return;
    Z = qmat_vec_init(order + 1);
    network_product_curve(Z, order, P, V, degree);
    /* h = 1/2 (Syy - 2 <Z, Syx> + <Z Sxx, Z>) */
    for (i = 0; i <= order; i++)
    {
        qmat_mul(t, Z + i, M->Sxx);
        for (j = 0; i + j <= order; j++)
        {
            qmat_inner(x, t, Z + j);
            number_add(c + i + j, c + i + j, x);
        }
        qmat_inner(x, Z + i, M->Syx);
        number_sub(c + i, c + i, x);
        number_sub(c + i, c + i, x);
    }
    for (k = 0; k <= order; k++)
        fmpq_div_2exp(c + k, c + k, 1);
    fmpq_zero(c);                               /* h(W + ..) - h(W) */
    qmat_vec_clear(Z, order + 1);
}

void
curve_hessian(qmat_t K, const problem_t *P, const moments_t *M)
{
    slong a, b, i, n = network_parameters(P);
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
            number_sub(e + a * n + b, e + a * n + b, e + a * n + a);
            number_sub(e + a * n + b, e + a * n + b, e + b * n + b);
            fmpq_set(e + b * n + a, e + a * n + b);
        }
    for (a = 0; a < n; a++)
        fmpq_mul_2exp(e + a * n + a, e + a * n + a, 1);
    qmat_set_entries(K, n, n, e);
    qmat_vec_clear(V, P->nblocks);
    _fmpq_vec_clear(e, n * n);
    _fmpq_vec_clear(c, 3);
}

/* The coefficient of t^j in block i of the curve NAME; NULL if absent. */
static const qmat_struct *
coefficient(facts_t *f, int up, slong j, slong i, const problem_t *P)
{
    char role[ROLE_SIZE];
    curve_about_t about = { { curve_about }, up, j, i };

    snprintf(role, sizeof role, "%s:%ld:%ld", up ? "up" : "down", (long) j, (long) i + 1);
    return fact_matrix(f, role, qmat_rows(P->W + i), qmat_cols(P->W + i), &about.about, 1);
}

/* The degree of the curve, 0 if absent or wrong. */
static slong
degree_of(facts_t *f, int up)
{
    const char *role = up ? "up-degree" : "down-degree";
    curve_about_t about = { { curve_about }, up, 0, 0 };
    const fmpq *d = fact_numbers(f, role, 1, &about.about, 1);

    if (d == NULL)
        return 0;
    if (fmpz_is_one(fmpq_denref(d)) && fmpq_cmp_si(d, 1) >= 0 && fmpq_cmp_si(d, CURVE_DEGREE) <= 0)
        return fmpz_get_si(fmpq_numref(d));
    facts_fail(f, role, "a degree from 1 to %d is expected", CURVE_DEGREE);
    return 0;
}

slong
curve_start(int *sign, setting_t *s, int up)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    const moments_t *M = setting_moments(s);
    slong i = 0, j, most, order = 0, n = P->nblocks, degree = M == NULL ? 0 : degree_of(f, up);
    const char *name = up ? "up" : "down";
    char meaning[100];
    qmat_struct *V;
    fmpq *c;

    if (degree == 0)
        return 0;
    V = qmat_vec_init(degree * n);
    c = _fmpq_vec_init(CURVE_ORDER + 1);
    for (j = 1; j <= degree; j++)
        for (i = 0; i < n && !f->failed; i++)
        {
            const qmat_struct *A = coefficient(f, up, j, i, P);
            if (A != NULL)
                qmat_set(V + (j - 1) * n + i, A);
        }
    most = FLINT_MIN(CURVE_ORDER, 2 * n * degree);
    for (order = 2; !f->failed; order = FLINT_MIN(2 * order, most))
    {   /* the first few coefficients usually decide */
        curve_loss(c, order, P, M, V, degree);
        for (i = 1; i <= order && fmpq_is_zero(c + i); i++)
            ;
        if (i <= order || order == most)
            break;
    }
    order = f->failed || i > order ? 0 : i;
    if (order == 0)
        facts_fail(f, name, "the loss does not change along this curve");
    else
    {
        *sign = fmpq_sgn(c + order);
        snprintf(meaning, sizeof meaning, "\\text{the coefficient of } t^{%ld} \\text{ along the curve }",
                 (long) order);
        facts_note(f, name, meaning, "=", c + order);
    }
    qmat_vec_clear(V, degree * n);
    _fmpq_vec_clear(c, CURVE_ORDER + 1);
    return order;
}

int
curve_hessian_psd(setting_t *s)
{
    const moments_t *M = setting_moments(s);
    MATRICES(K);
    NUMBERS(mu);

    if (M == NULL || !facts_expect_bound(s->f, "hessian", network_parameters(s->P)))
        return 0;
    curve_hessian(K, s->P, M);
    fact_lower_about(mu, s->f, "hessian", "\\text{the smallest eigenvalue of the Hessian}", K, NULL,
                     NULL, 1, &curve_about_hessian);
    return !s->f->failed;
}

int
curve_negative_curvature(setting_t *s)
{
    slong i;
    const problem_t *P = s->P;
    const moments_t *M = setting_moments(s);
    qmat_struct *V = qmat_vec_init(P->nblocks);
    fmpq *c = _fmpq_vec_init(3);

    for (i = 0; i < P->nblocks && !s->f->failed; i++)
    {
        const qmat_struct *A = coefficient(s->f, 0, 1, i, P);
        if (A != NULL)
            qmat_set(V + i, A);
    }
    if (!s->f->failed)
    {
        curve_loss(c, 2, P, M, V, 1);
        facts_note(s->f, "down", "v^T \\nabla^2 h\\, v / 2", "=", c + 2);
        if (fmpq_sgn(c + 2) >= 0)
            facts_fail(s->f, "down:1:1", "the curvature along this direction is not negative");
    }
    qmat_vec_clear(V, P->nblocks);
    _fmpq_vec_clear(c, 3);
    return !s->f->failed;
}
