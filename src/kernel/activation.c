/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "activation.h"
#include "limits.h"
#include "number.h"

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

/* The slope of a piecewise linear s on the negative side. */
static void
negative_slope(fmpq_t a, const activation_t *s)
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
    fmpq_t a, c;

    fmpq_init(a);
    fmpq_init(c);
    negative_slope(a, s);
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
    fmpq_mul(H->rad, H->rad, c);
    number_round_up(H->rad, H->rad);
    fmpq_clear(a);
    fmpq_clear(c);
}

int
activation_derivative(qmat_t D, const qmat_t Z, const activation_t *s)
{
    slong i, j;
    int smooth = 1;
    fmpq_t a;
    qmat_t t;

    if (!qmat_is_exact(Z))
        flint_abort();
    fmpq_init(a);
    negative_slope(a, s);
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
    fmpq_clear(a);
    return smooth;
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

int
activation_check_ball(const qmat_t H, const qmat_t Z, const activation_t *s, slong prec)
{
    slong i, j;
    int ok;
    fmpq_t q;
    arb_t x, y, sum;
    arf_t u;

    if (qmat_rows(H) != qmat_rows(Z) || qmat_cols(H) != qmat_cols(Z)
        || prec < 2 || prec > ACTIVATION_MAX_PRECISION || fmpq_sgn(H->rad) < 0)
        return 0;
    /* a value costs about as much as 16 products of prec + 512 bits */
    if (!work_take(qmat_rows(H), 4, qmat_cols(H), prec + 512, prec + 512))
        return 0;
    fmpq_init(q);
    arb_init(x);
    arb_init(y);
    arb_init(sum);
    arf_init(u);
    for (i = 0; i < qmat_rows(H); i++)
        for (j = 0; j < qmat_cols(H); j++)
        {
            qmat_get_entry(q, Z, i, j);
            arb_set_fmpq(x, q, prec);
            activation_arb(y, x, s, prec);
            qmat_get_entry(q, H, i, j);
            arb_set_fmpq(x, q, prec);
            arb_sub(y, y, x, prec);
            arb_get_abs_ubound_arf(u, y, prec);
            arb_set_arf(x, u);
            arb_addmul(sum, x, x, prec);
        }
    fmpq_mul(q, H->rad, H->rad);
    arb_set_fmpq(x, q, prec);
    ok = arb_is_finite(sum) && arb_le(sum, x);
    fmpq_clear(q);
    arb_clear(x);
    arb_clear(y);
    arb_clear(sum);
    arf_clear(u);
    return ok;
}
