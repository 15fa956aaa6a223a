/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "derivatives.h"
#include "limits.h"
#include "number.h"
#include "scope.h"

int
activation_derivative(qmat_t D, const qmat_t Z, const activation_t *s)
{
    slong i, j;
    int smooth = 1;
    NUMBERS(a);
    qmat_t t;

    if (!qmat_is_exact(Z))
        flint_abort();
    activation_negative_slope(a, s);
    qmat_init(t, qmat_rows(Z), qmat_cols(Z));
    for (i = 0; i < qmat_rows(Z); i++)
        for (j = 0; j < qmat_cols(Z); j++)
        {
            int sgn = fmpz_sgn(fmpz_mat_entry(Z->num, i, j));
            if (sgn == 0 && !fmpq_is_one(a))
                smooth = 0;
            fmpz_set(fmpz_mat_entry(t->num, i, j), sgn < 0 ? fmpq_numref(a) : fmpq_denref(a));
        }
    fmpz_set(t->den, fmpq_denref(a));
    qmat_canonicalise(t);
    qmat_swap(D, t);
    qmat_clear(t);
    return smooth;
}

void
activation_curvature(fmpq_t c, const activation_t *s)
{
    NUMBERS(one);

    fmpq_zero(c);
    if (s->kind == ACT_TANH)
        fmpq_set_si(c, 769801, 1000000);        /* c^2 > 16/27 */
    else if (s->kind == ACT_SIGMOID)
        fmpq_set_si(c, 96226, 1000000);         /* c^2 > 1/108 */
    else if (!activation_is_rational(s->kind))
    {
        fmpq_one(one);
        fmpq_sub(c, one, s->slope);             /* (of softplus it is 0) */
        fmpq_abs(c, c);
        fmpq_div_2exp(c, c, 2);
    }
}

void
activation_third(fmpq_t c, const activation_t *s)
{
    NUMBERS(one);

    fmpq_zero(c);
    if (s->kind == ACT_TANH)
        fmpq_set_si(c, 2, 1);
    else if (s->kind == ACT_SIGMOID)
        fmpq_set_si(c, 1, 8);
    else if (!activation_is_rational(s->kind))
    {
        fmpq_one(one);
        fmpq_sub(one, one, s->slope);
        fmpq_abs(one, one);
        fmpq_set_si(c, 96226, 1000000);         /* c^2 > 1/108 */
        fmpq_mul(c, c, one);
    }
}

void
activation_derivatives_arb(arb_t d1, arb_t d2, const arb_t x, const activation_t *s, slong prec)
{
    arb_t t, u, a;

    arb_init(t);
    arb_init(u);
    arb_init(a);
    if (s->kind == ACT_TANH)
    {   /* 1 - t^2, -2 t (1 - t^2) */
        arb_tanh(t, x, prec);
        arb_mul(u, t, t, prec);
        arb_sub_ui(u, u, 1, prec);
        arb_abs(d1, u);
        arb_mul(d2, u, t, prec);
        arb_mul_2exp_si(d2, d2, 1);
    }
    else
    {   /* t the sigmoid: t (1 - t), t (1 - t) (1 - 2 t) */
        arb_neg(t, x);
        arb_exp(t, t, prec);
        arb_add_ui(t, t, 1, prec);
        arb_inv(t, t, prec);
        arb_sub_ui(u, t, 1, prec);
        arb_mul(u, u, t, prec);
        arb_neg(u, u);
        if (s->kind == ACT_SIGMOID)
        {
            arb_abs(d1, u);
            arb_mul_2exp_si(t, t, 1);
            arb_sub_ui(t, t, 1, prec);
            arb_mul(d2, u, t, prec);
        }
        else
        {   /* the integral of the sigmoid, times 1 - slope, plus slope x */
            arb_set_fmpq(a, s->slope, prec);
            arb_sub_ui(d1, a, 1, prec);
            arb_mul(d2, d1, u, prec);
            arb_mul(d1, d1, t, prec);
            arb_sub(d1, a, d1, prec);
            arb_abs(d1, d1);
        }
    }
    arb_abs(d2, d2);
    arb_clear(t);
    arb_clear(u);
    arb_clear(a);
}

int
activation_check_range(const activation_range_t *range, const fmpq_t s1, const fmpq_t s2)
{
    enum { PIECES = 16, PRECISION = 128 };
    slong i, j, k;
    int ok = 1;
    const qmat_struct *Z = range->Z;
    NUMBERS(r);
    arb_t z, step, x, d1, d2, m1, m2;

    if (activation_is_rational(range->s->kind)
        || !work_take(qmat_rows(Z), 4 * PIECES, qmat_cols(Z), PRECISION + 512,
                      PRECISION + 512 + qmat_length(Z)))
        return 0;
    arb_init(z);
    arb_init(step);
    arb_init(x);
    arb_init(d1);
    arb_init(d2);
    arb_init(m1);
    arb_init(m2);
    activation_lipschitz(r, range->s);
    if (fmpq_cmp(s1, r) >= 0)
        arb_pos_inf(m1);                /* true everywhere */
    else
        arb_set_fmpq(m1, s1, PRECISION);
    arb_set_fmpq(m2, s2, PRECISION);
    for (j = 0; j < qmat_cols(Z) && ok; j++)
    {
        /* [z - r, z + r] in PIECES balls of radius r / PIECES */
        number_add(r, Z->rad, range->reach + j);
        number_round_up(r, r);
        arb_set_fmpq(step, r, PRECISION);
        arb_div_ui(step, step, PIECES, PRECISION);
        for (i = 0; i < qmat_rows(Z) && ok; i++)
        {
            activation_entry(z, Z, i, j, PRECISION);
            for (k = 1 - PIECES; k < PIECES && ok; k += 2)
            {
                arb_mul_si(x, step, k, PRECISION);
                arb_add(x, x, z, PRECISION);
                arb_get_mag(arb_radref(d2), step);
                mag_add(arb_radref(x), arb_radref(x), arb_radref(d2));
                activation_derivatives_arb(d1, d2, x, range->s, PRECISION);
                ok = arb_is_finite(d1) && arb_is_finite(d2) && arb_le(d1, m1) && arb_le(d2, m2);
            }
        }
    }
    arb_clear(z);
    arb_clear(step);
    arb_clear(x);
    arb_clear(d1);
    arb_clear(d2);
    arb_clear(m1);
    arb_clear(m2);
    return ok;
}
