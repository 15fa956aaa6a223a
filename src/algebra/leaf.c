/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "kernel/derivatives.h"
#include "kernel/number.h"
#include "kernel/preimage.h"
#include "leaf.h"

/* y := s^{-1}(x); not finite outside the range of s. */
void
oracle_inverse(arb_t y, const arb_t x, const activation_t *s, slong prec)
{
    arb_t t, d1, d2;
    int it;

    arb_init(t);
    arb_init(d1);
    arb_init(d2);
    switch (s->kind)
    {
        case ACT_TANH:
            arb_atanh(y, x, prec);
            break;
        case ACT_SIGMOID:
            arb_sub_ui(t, x, 1, prec);
            arb_neg(t, t);
            arb_div(t, x, t, prec);
            arb_log(y, t, prec);
            break;
        case ACT_SOFTPLUS:
            arb_expm1(t, x, prec);
            arb_log(y, t, prec);
            break;
        default:                        /* Newton, from the right: s is convex or concave */
            arb_set(y, x);
            for (it = 0; it < 400; it++)
            {
                arb_get_mid_arb(y, y);
                activation_arb(t, y, s, prec);
                arb_sub(t, t, x, prec);
                activation_derivatives_arb(d1, d2, y, s, prec);
                arb_div(t, t, d1, prec);
                arb_sub(y, y, t, prec);
                if (!arb_is_finite(y) || arf_cmpabs_2exp_si(arb_midref(t), -prec / 2 - 64) < 0)
                    break;
            }
            break;
    }
    arb_clear(t);
    arb_clear(d1);
    arb_clear(d2);
}

/* So many entries are given with fewer bits: their text would be most of the certificate, and words hold them. */
#define LARGE 20000

/* A leaf: dyadic midpoints of Arb enclosures of s(K), or of s^{-1}(K), and a
   radius that holds. */
int
oracle_leaf(evidence_t *e, const ask_t *ask, slong precision_limit, slong bits)
{
    slong i, j, prec;
    fmpq_t q;
    arb_t x, y;
    int ok = 0, finite = 1;

    if (bits == 0 || ask->leaf.inverse)
        bits = ask->rows * ask->cols > LARGE && !ask->leaf.inverse ? 60 : 128;
    evidence_init(e, EVIDENCE_MATRIX, ask->role);
    fmpq_init(q);
    arb_init(x);
    arb_init(y);
    for (prec = ask->leaf.inverse ? 256 : bits + 64; !ok && prec <= FLINT_MIN(precision_limit, ACTIVATION_MAX_PRECISION); prec *= 2)
    {
        qmat_clear(e->A);
        qmat_init(e->A, ask->rows, ask->cols);
        for (i = 0, finite = 1; i < ask->rows && finite; i++)
            for (j = 0; j < ask->cols && finite; j++)
            {
                qmat_get_entry(q, ask->leaf.Z, i, j);
                arb_set_fmpq(x, q, prec);
                if (ask->leaf.inverse)
                    oracle_inverse(y, x, ask->leaf.act, prec);
                else
                    activation_arb(y, x, ask->leaf.act, prec);
                finite = arb_is_finite(y);
                arb_mul_2exp_si(y, y, bits);
                if (finite)
                    arf_get_fmpz(fmpz_mat_entry(e->A->num, i, j), arb_midref(y), ARF_RND_NEAR);
            }
        fmpz_mul_2exp(e->A->den, e->A->den, bits);
        /* every entry is off by at most 2^-bits; an inverse must be off by less */
        fmpq_set_si(e->A->rad, ask->rows * ask->cols, 1);
        number_sqrt_upper(e->A->rad, e->A->rad);
        number_round_up(e->A->rad, e->A->rad);
        fmpq_div_2exp(e->A->rad, e->A->rad, ask->leaf.inverse ? bits - 1 : bits);
        qmat_canonicalise(e->A);
        e->precision = prec;
        ok = finite && (ask->leaf.inverse ? activation_check_preimage(e->A, ask->leaf.Z, ask->leaf.act, prec)
                        : activation_check_ball(e->A, ask->leaf.Z, ask->leaf.act, prec));
    }
    fmpq_clear(q);
    arb_clear(x);
    arb_clear(y);
    if (!ok)
        evidence_clear(e);
    return ok;
}
