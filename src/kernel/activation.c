/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "activation.h"
#include "limits.h"
#include "number.h"
#include "scope.h"

const char *const activation_name[ACT_KINDS] = {
    "identity", "relu", "leaky-relu", "tanh", "sigmoid", "softplus", "smooth-leaky"
};

int
activation_has_slope(activation_kind kind)
{
    return kind == ACT_LEAKY_RELU || kind == ACT_SMOOTH_LEAKY;
}

int
activation_is_rational(activation_kind kind)
{
    return kind == ACT_IDENTITY || kind == ACT_RELU || kind == ACT_LEAKY_RELU;
}

void
activation_lipschitz(fmpq_t c, const activation_t *s)
{
    fmpq_one(c);
    if (s->kind == ACT_SIGMOID)
        fmpq_set_si(c, 1, 4);
    if (activation_has_slope(s->kind))
    {
        fmpq_abs(c, s->slope);
        if (fmpq_cmp_si(c, 1) < 0)
            fmpq_one(c);
    }
}

void
activation_negative_slope(fmpq_t a, const activation_t *s)
{
    if (s->kind == ACT_IDENTITY)
        fmpq_one(a);
    else if (s->kind == ACT_RELU)
        fmpq_zero(a);
    else if (s->kind == ACT_LEAKY_RELU)
        fmpq_set(a, s->slope);
    else
        flint_abort();
}

void
activation_apply(qmat_t H, const qmat_t Z, const activation_t *s)
{
    slong i, j;
    NUMBERS(a, c);

    activation_negative_slope(a, s);
    if (!work_take(qmat_rows(Z), 8, qmat_cols(Z), qmat_length(Z), fmpz_bits(fmpq_denref(a))))
    {   /* zero, of the right shape */
        qmat_t zero;
        qmat_init(zero, qmat_rows(Z), qmat_cols(Z));
        qmat_swap(H, zero);
        qmat_clear(zero);
        return;
    }
    qmat_set(H, Z);
    for (i = 0; i < qmat_rows(H); i++)
        for (j = 0; j < qmat_cols(H); j++)
        {
            fmpz *e = fmpz_mat_entry(H->num, i, j);
            fmpz_mul(e, e, fmpz_sgn(e) < 0 ? fmpq_numref(a) : fmpq_denref(a));
        }
    fmpz_mul(H->den, H->den, fmpq_denref(a));
    qmat_canonicalise(H);
    activation_lipschitz(c, s);
    number_mul(H->rad, H->rad, c);
    number_round_up(H->rad, H->rad);
}

void
activation_arb(arb_t y, const arb_t x, const activation_t *s, slong prec)
{
    arb_t t, a;

    arb_init(t);
    arb_init(a);
    switch (s->kind)
    {
        case ACT_TANH:
            arb_tanh(y, x, prec);
            break;
        case ACT_SIGMOID:                       /* (1 + tanh(x/2)) / 2 would lose bits */
            arb_neg(t, x);
            arb_exp(t, t, prec);
            arb_add_ui(t, t, 1, prec);
            arb_inv(y, t, prec);
            break;
        case ACT_SOFTPLUS:
        case ACT_SMOOTH_LEAKY:
            arb_exp(t, x, prec);
            arb_log1p(t, t, prec);
            if (s->kind == ACT_SMOOTH_LEAKY)
            {
                arb_set_fmpq(a, s->slope, prec);
                arb_sub(y, x, t, prec);         /* slope (x - t) + t */
                arb_mul(y, y, a, prec);
                arb_add(y, y, t, prec);
            }
            else
                arb_set(y, t);
            break;
        default:
            flint_abort();
    }
    arb_clear(t);
    arb_clear(a);
}

void
activation_entry(arb_t x, const qmat_t A, slong i, slong j, slong prec)
{
    slong power = fmpz_val2(A->den);

    arb_set_fmpz(x, fmpz_mat_entry(A->num, i, j));
    if ((slong) fmpz_bits(A->den) == power + 1)
        arb_mul_2exp_si(x, x, -power);
    else
        arb_div_fmpz(x, x, A->den, prec);
}

int
activation_check_ball(const qmat_t H, const qmat_t Z, const activation_t *s, slong prec)
{
    slong i, j;
    int ok;
    NUMBERS(q);
    arb_t x, y, sum;
    arf_t u;

    if (qmat_rows(H) != qmat_rows(Z) || qmat_cols(H) != qmat_cols(Z)
        || prec < 2 || prec > ACTIVATION_MAX_PRECISION || fmpq_sgn(H->rad) < 0)
        return 0;
    /* a value costs about as much as 4 products of such numbers */
    if (!work_take(qmat_rows(H), 4, qmat_cols(H), prec + 512, prec + 512 + qmat_length(H) + qmat_length(Z)))
        return 0;
    arb_init(x);
    arb_init(y);
    arb_init(sum);
    arf_init(u);
    for (i = 0; i < qmat_rows(H); i++)
        for (j = 0; j < qmat_cols(H); j++)
        {
            activation_entry(x, Z, i, j, prec);
            activation_arb(y, x, s, prec);
            activation_entry(x, H, i, j, prec);
            arb_sub(y, y, x, prec);
            arb_get_abs_ubound_arf(u, y, prec);
            arb_set_arf(x, u);
            arb_addmul(sum, x, x, prec);
        }
    number_mul(q, H->rad, H->rad);
    arb_set_fmpq(x, q, prec);
    ok = arb_is_finite(sum) && arb_le(sum, x);
    arb_clear(x);
    arb_clear(y);
    arb_clear(sum);
    arf_clear(u);
    return ok;
}

int
activation_has_inverse(const activation_t *s)
{
    return s->kind == ACT_TANH || s->kind == ACT_SIGMOID || s->kind == ACT_SOFTPLUS
        || (s->kind == ACT_SMOOTH_LEAKY && fmpq_sgn(s->slope) >= 0);
}
