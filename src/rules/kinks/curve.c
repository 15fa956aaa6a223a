/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Along W + t V_1 + .. + t^n V_n every z_ij(t) is a polynomial, whose sign for small t > 0 is that of its first coefficient that is not 0; where all
   are 0, s(z) is 0.  So h is one polynomial for small t >= 0. */
#include <stdio.h>
#include "kernel/ask.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "kinks.h"

const char kinks_about_curve[] = "curve";

/* Block [W_k, b_k] of coefficient power of the curve. */
static void
coefficient(qmat_t A, const problem_t *P, const qmat_struct *V, slong power, slong k)
{
    if (power > 0)
        qmat_set(A, V + 2 * (power - 1) + k);
    else
        problem_block(A, P, k, 1);
}

/* S (units x m) := the slopes of s on the side that z_ij(t) takes, Z[0] .. Z[degree] its coefficients. */
static void
find_sides(qmat_t S, const kinks_t *T, const qmat_struct *Z, slong degree)
{
    slong q, e, n = T->units * T->m;
    fmpq *slope = _fmpq_vec_init(n);

    for (e = 0; e < n; e++)
    {
        int sign = 0;
        for (q = 0; q <= degree && sign == 0; q++)
            sign = fmpz_sgn(fmpz_mat_entry(Z[q].num, e / T->m, e % T->m));
        if (sign > 0)
            fmpq_one(slope + e);
        else
            fmpq_set(slope + e, T->slope);
    }
    qmat_set_entries(S, T->units, T->m, slope);
    _fmpq_vec_clear(slope, n);
}

/* The coefficients F[0] .. F[2 degree] of the outputs minus Y, k x m. */
static void
residuals(qmat_struct *F, const kinks_t *T, const qmat_struct *V, slong degree)
{
    const problem_t *P = T->P;
    slong a, b;
    qmat_struct *Phi = qmat_vec_init(degree + 1);
    NUMBERS(one);
    MATRICES(S, A, ones);

    fmpq_one(one);
    qmat_ones(ones, 1, T->m);
    for (a = 0; a <= degree; a++)
    {
        coefficient(A, P, V, a, 0);
        qmat_mul(Phi + a, A, T->X);
    }
    find_sides(S, T, Phi, degree);
    for (a = 0; a <= 2 * degree; a++)
        qmat_sub(F + a, P->Y, P->Y);
    qmat_sub(F, F, P->Y);
    for (b = 0; b <= degree; b++)
    {
        qmat_mul_entries(Phi + b, Phi + b, S);
        if (problem_bias(P, 1) != NULL)         /* ones, which do not move */
            qmat_stack(Phi + b, Phi + b, ones);
        if (b == 0)
            qmat_sub(ones, ones, ones);
    }
    for (a = 0; a <= degree; a++)
    {
        coefficient(A, P, V, a, 1);
        for (b = 0; b <= degree; b++)
        {
            qmat_mul(S, A, Phi + b);
            qmat_add_scaled(F + a + b, F + a + b, one, S);
        }
    }
    qmat_vec_clear(Phi, degree + 1);
}

/* c[0] .. c[2 degree] += mu/2 times those of the squared norm of what weight decay counts. */
static void
add_decay(fmpq *c, const problem_t *P, const qmat_struct *V, slong degree)
{
    slong k, a, b;
    NUMBERS(x, half);
    MATRICES(A, B);

    if (fmpq_is_zero(P->weight_decay))
        return;
    fmpq_div_2exp(half, P->weight_decay, 1);
    for (k = 0; k < 2; k++)
        for (a = 0; a <= degree; a++)
            for (b = 0; b <= degree; b++)
            {
                slong counted = qmat_cols(P->W + k) + (problem_decayed_bias(P, k) != NULL);
                coefficient(A, P, V, a, k);
                coefficient(B, P, V, b, k);
                qmat_some_columns(A, A, 0, counted);
                qmat_some_columns(B, B, 0, counted);
                qmat_inner(x, A, B);
                number_addmul(c + a + b, half, x);
            }
}

void
kinks_curve_loss(fmpq *c, const kinks_t *T, const qmat_struct *V, slong degree)
{
    slong a, b, n = 2 * degree;
    fmpq *D = _fmpq_vec_init(T->m);
    qmat_struct *F = qmat_vec_init(n + 1);
    NUMBERS(x, half);
    MATRICES(A);

    fmpq_set_si(half, 1, 2);
    for (a = 0; a <= 2 * n; a++)
        fmpq_zero(c + a);
    problem_curvature(D, T->P);
    residuals(F, T, V, degree);
    for (a = 0; a <= n; a++)
    {
        qmat_scale_columns(A, F + a, D);
        for (b = 0; b <= n; b++)
        {
            qmat_inner(x, A, F + b);
            number_addmul(c + a + b, half, x);
        }
    }
    add_decay(c, T->P, V, degree);
    qmat_vec_clear(F, n + 1);
    _fmpq_vec_clear(D, T->m);
}

/* V := the blocks of the roles NAME:k:i; 0 after a failure. */
static int
take_curve(qmat_struct *V, slong degree, const kinks_t *T, facts_t *f, kinks_about_t *about)
{
    char role[ROLE_SIZE];
    slong k;

    for (about->power = 1; about->power <= degree; about->power++)
        for (k = 0; k < 2; k++)
        {
            const qmat_struct *A, *W = T->P->W + k;
            snprintf(role, sizeof role, "%s:%ld:%ld", about->up ? "up" : "down", (long) about->power, (long) k + 1);
            about->block = k;
            A = fact_matrix(f, role, qmat_rows(W), qmat_cols(W) + (problem_bias(T->P, k) != NULL), &about->about, 1);
            if (A != NULL && !qmat_is_exact(A))
                facts_fail(f, role, "an exact matrix is expected");
            if (f->failed)
                return 0;
            qmat_set(V + 2 * (about->power - 1) + k, A);
        }
    return 1;
}

slong
kinks_curve(int *sign, const kinks_t *T, setting_t *s, int up, int required)
{
    facts_t *f = s->f;
    const char *role = up ? "up-degree" : "down-degree";
    kinks_about_t about = { .about = { kinks_about_curve }, .T = T, .up = up };
    const fmpq *given = fact_numbers(f, role, 1, &about.about, required);
    slong degree = 0, order = 0;
    qmat_struct *V = qmat_vec_init(2 * KINKS_MOST_DEGREE);
    fmpq *c = _fmpq_vec_init(4 * KINKS_MOST_DEGREE + 1);
    char meaning[100];

    if (given != NULL)
        for (degree = KINKS_MOST_DEGREE; degree > 0 && fmpq_cmp_si(given, degree) != 0; degree--)
            ;
    if (given != NULL && degree == 0)
        facts_fail(f, role, "a degree from 1 to %d is expected", KINKS_MOST_DEGREE);
    if (degree > 0 && take_curve(V, degree, T, f, &about))
    {
        kinks_curve_loss(c, T, V, degree);
        for (order = 1; order <= 4 * degree && fmpq_is_zero(c + order); order++)
            ;
        if (order > 4 * degree)
        {
            facts_fail(f, role, "h does not change along this curve");
            order = 0;
        }
        else
        {
            *sign = fmpq_sgn(c + order);
            snprintf(meaning, sizeof meaning, "\\text{the coefficient of } t^{%ld} \\text{ of } h \\text{ along the curve}", (long) order);
            facts_note(f, role, meaning, "=", c + order);
        }
    }
    qmat_vec_clear(V, 2 * KINKS_MOST_DEGREE);
    _fmpq_vec_clear(c, 4 * KINKS_MOST_DEGREE + 1);
    return f->failed ? 0 : order;
}
