/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The regularity condition for one hidden layer: Zhou & Liang 2017, Theorem 6.

   F = (W_2 s(W_1 X) - Y) D^{1/2}, F(W*) = 0.  With s1 >= |s'| and s2 >= |s''|
   on every value that W_1 X takes on the neighbourhood, w = ||W_2*||,
   x = ||X D^{1/2}|| and x_max the largest norm of a sample, both F - G v and
   J v - F are at most  s2 w x x_max / 2 ||V_1||^2 + s1 x ||V_1|| ||V_2||. */
#include <stdio.h>
#include "regularity.h"
#include "kernel/ask.h"
#include "kernel/limits.h"
#include "kernel/inverse.h"
#include "kernel/number.h"
#include "kernel/preimage.h"
#include "kernel/rank.h"
#include "kernel/scope.h"

const char rc_about_range[] = "range";

/* reach[j] >= radius ||x_j||, the most that an entry of column j of W_1 X can
   move; x_max >= every ||x_j||. */
static void
sample_norms(fmpq *reach, fmpq_t x_max, const problem_t *P, const fmpq_t radius)
{
    slong i, j, bits = FLINT_ABS(fmpz_mat_max_bits(P->X->num)) + fmpz_bits(P->X->den);
    INTEGERS(sum);
    NUMBERS(x);

    fmpq_zero(x_max);
    for (j = 0; j < qmat_cols(P->X) && work_take(1, qmat_rows(P->X) + 1, 1, bits, bits); j++)
    {
        fmpz_zero(sum);
        for (i = 0; i < qmat_rows(P->X); i++)
            fmpz_addmul(sum, fmpz_mat_entry(P->X->num, i, j), fmpz_mat_entry(P->X->num, i, j));
        fmpq_set_fmpz(x, sum);
        fmpq_div_fmpz(x, x, P->X->den);
        fmpq_div_fmpz(x, x, P->X->den);
        number_sqrt_upper(x, x);
        number_round_up(x, x);
        number_mul(reach + j, x, radius);
        number_round_up(reach + j, reach + j);
        if (fmpq_cmp(x, x_max) > 0)
            fmpq_set(x_max, x);
    }
}

/* Piecewise linear s: s1 := the largest slope in use; 0 if a unit may reach
   the kink on the closed neighbourhood. */
static int
pattern(fmpq_t s1, const problem_t *P, const qmat_t Z, const fmpq *reach, const fmpq *D)
{
    slong i, j;
    int ok = 1;
    NUMBERS(z, a);

    fmpq_zero(s1);
    if (P->act->kind == ACT_IDENTITY
        || (P->act->kind == ACT_LEAKY_RELU && fmpq_is_one(P->act->slope)))
    {
        fmpq_one(s1);
        return 1;
    }
    fmpq_abs(a, P->act->slope);
    for (i = 0; i < qmat_rows(Z) && ok; i++)
        for (j = 0; j < qmat_cols(Z) && ok; j++)
        {
            if (fmpq_is_zero(D + j))
                continue;
            qmat_get_entry(z, Z, i, j);
            if (fmpq_sgn(z) > 0 && fmpq_cmp_si(s1, 1) < 0)
                fmpq_one(s1);
            else if (fmpq_sgn(z) < 0 && fmpq_cmp(s1, a) < 0)
                fmpq_set(s1, a);
            fmpq_abs(z, z);
            ok = fmpq_cmp(reach + j, z) < 0;
        }
    return ok;
}

/* 1 if (W_2 Phi - Y) vanishes exactly on the samples that count. */
static int
zero_loss(const problem_t *P, const qmat_t Phi, const fmpq *D)
{
    MATRICES(E);
    int zero;

    if (!qmat_is_exact(Phi))
        return 0;
    qmat_mul(E, P->W + 1, Phi);
    qmat_sub(E, E, P->Y);
    qmat_scale_columns(E, E, D);
    zero = qmat_is_zero(E);
    return zero;
}

/* Phi*, and s1, s2 over the neighbourhood. */
static int
hidden_layer(qmat_t Phi, fmpq_t s1, fmpq_t s2, facts_t *f, const problem_t *P,
             const fmpq *reach, const fmpq *D)
{
    int given = qmat_rows(P->features) > 0, ok = 0;
    const fmpq *bounds;
    MATRICES(Z);
    rc_about_range_t about;
    activation_range_t *range = &about.range;

    fmpq_zero(s2);
    if (!given)
        qmat_mul(Z, P->W, P->X);
    if (!given && activation_is_rational(P->act->kind))
    {
        activation_apply(Phi, Z, P->act);
        ok = pattern(s1, P, Z, reach, D);
        if (!ok)
            facts_fail(f, "pattern", "a hidden unit may reach the kink of %s on this neighbourhood",
                       activation_name[P->act->kind]);
    }
    else if (!given)
        facts_fail(f, "point", "F(W*) = 0 cannot hold exactly at a rational W_1 with %s; give the "
                   "hidden features instead, point: {features: ..., W_2: ...}",
                   activation_name[P->act->kind]);
    else if (activation_is_rational(P->act->kind))
        facts_fail(f, "point", "features are for activations with an irrational inverse; give W");
    else if (rank_of(P->X) != qmat_cols(P->X))
        facts_fail(f, "point", "the features determine W_1 = s^-1(features) X^+ only for X of full "
                   "column rank");
    else
    {
        qmat_set(Phi, P->features);
        fact_preimage(Z, f, "preimage", Phi, P->act);
        about.about.type = rc_about_range;
        range->Z = Z;
        range->reach = reach;
        range->s = P->act;
        bounds = fact_numbers(f, "derivatives", 2, &about.about, 1);
        if (bounds != NULL && !f->failed)
        {
            fmpq_set(s1, bounds);
            fmpq_set(s2, bounds + 1);
            ok = activation_check_range(range, s1, s2);
            if (!ok)
                facts_fail(f, "derivatives", "these do not bound |s'| and |s''| on the neighbourhood");
        }
    }
    if (ok && !zero_loss(P, Phi, D))
    {
        facts_fail(f, "point", "W_2 s(W_1 X) = Y does not hold exactly: regularity needs a point of zero "
                   "loss; the last layer can be written solve");
        ok = 0;
    }
    return ok && !f->failed;
}

/* K := A D A^T, rounded; A exact. */
static void
weighted_gram(qmat_t K, const qmat_t A, const fmpq *D, slong rounding)
{
    MATRICES(t);

    qmat_transpose(t, A);
    qmat_scale_columns(K, A, D);
    qmat_mul(K, K, t);
    qmat_round(K, rounding);
}

int
rc_feedforward_bounds(rc_bounds_t *b, setting_t *s, const fmpq *radius)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    slong m = qmat_cols(P->X);
    fmpq *D = _fmpq_vec_init(m), *reach = _fmpq_vec_init(m);
    NUMBERS(s1, s2, w, x, x_max, phi, y, z);
    MATRICES(Phi, K);
    int ok;

    problem_curvature(D, P);
    sample_norms(reach, x_max, P, radius);
    ok = hidden_layer(Phi, s1, s2, f, P, reach, D);
    if (ok)
    {
        fact_norm2(w, f, "norm:W:2:2", "\\|W_2\\|_2^2", P->W + 1, 1, NULL);
        number_sqrt_upper(w, w);
        weighted_gram(K, P->X, D, f->rounding);
        fact_upper(x, f, "data-norm", "\\|X D^{1/2}\\|_2^2", K, NULL);
        number_sqrt_upper(x, x);
        weighted_gram(K, Phi, D, f->rounding);
        fact_upper(phi, f, "norm:H:1", "\\|\\Phi^* D^{1/2}\\|_2^2", K, NULL);
        number_sqrt_upper(phi, phi);
        number_round_up(w, w);
        number_round_up(x, x);
        number_round_up(phi, phi);

        /* C = [[s2 w x x_max / 2, s1 x / 2], [s1 x / 2, 0]]; R = T = ||C radius|| */
        number_mul(y, s1, x);
        fmpq_div_2exp(y, y, 1);
        number_mul(z, s2, w);
        number_mul(z, z, x);
        number_mul(z, z, x_max);
        fmpq_div_2exp(z, z, 1);
        number_mul(z, z, radius);
        number_mul(b->T, y, radius + 1);
        number_add(z, z, b->T);
        number_mul(y, y, radius);
        number_mul(z, z, z);
        number_mul(y, y, y);
        number_add(b->R, y, z);
        number_sqrt_upper(b->R, b->R);
        number_round_up(b->R, b->R);
        fmpq_set(b->T, b->R);

        /* ||J||^2 <= (||Phi*|| + s1 x radius_1)^2 + (s1 (w + radius_2) x)^2 */
        number_mul(y, s1, x);
        number_add(z, w, radius + 1);
        number_mul(z, z, y);
        number_mul(y, y, radius);
        number_add(y, y, phi);
        number_mul(z, z, z);
        number_mul(y, y, y);
        number_add(b->J2, y, z);
        number_round_up(b->J2, b->J2);
        ok = !f->failed;
        facts_note(f, "derivatives", "\\sup |s'|", "\\le", s1);
        facts_note(f, "derivatives", "\\sup |s''|", "\\le", s2);
        facts_note(f, "remainder", "\\|E - G v\\| / \\|v\\|, \\|J v - E\\| / \\|v\\|", "\\le", b->R);
        facts_note(f, "jacobian", "\\|J\\|_2^2", "\\le", b->J2);
    }
    _fmpq_vec_clear(D, m);
    _fmpq_vec_clear(reach, m);
    return ok;
}
