/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the bounds to the regularity condition.

   <grad h, v> = <F, J v> = ||F||^2 + <F, J v - F> and alpha ||grad h||^2 =
   alpha ||J^T F||^2 <= a ||F||^2 with a = alpha J2.  With t = ||v||,
   ||F|| >= ||G v|| - R t >= (delta - R) t and ||J v - F|| <= T t it suffices that
   ||F|| ((1 - a) ||F|| - T t) >= beta t^2.  If a < 1, f = delta - R > 0 and
   g = (1 - a) f - T > 0, the left side grows with ||F|| from f t on, where it
   is f g t^2. */
#include "regularity.h"
#include "../kernel/number.h"
#include "../kernel/rank.h"

void
rc_bounds_init(rc_bounds_t *b)
{
    fmpq_init(b->R);
    fmpq_init(b->T);
    fmpq_init(b->J2);
}

void
rc_bounds_clear(rc_bounds_t *b)
{
    fmpq_clear(b->R);
    fmpq_clear(b->T);
    fmpq_clear(b->J2);
}

int
rc_bounds(rc_bounds_t *b, facts_t *f, const problem_t *P, const claim_t *c)
{
    return P->kind == NET_FEEDFORWARD ? rc_feedforward_bounds(b, f, P, c)
        : rc_linear_bounds(b, f, P, c);
}

/* beta := f g with a given; 0 if a >= 1, f <= 0 or g <= 0. */
static void
product(fmpq_t beta, const rc_bounds_t *b, const fmpq_t delta, const fmpq_t a)
{
    fmpq_t f, g;

    fmpq_init(f);
    fmpq_init(g);
    fmpq_zero(beta);
    fmpq_sub(f, delta, b->R);
    fmpq_one(g);
    fmpq_sub(g, g, a);
    if (fmpq_sgn(f) > 0 && fmpq_sgn(g) > 0)
    {
        fmpq_mul(g, g, f);
        fmpq_sub(g, g, b->T);
        if (fmpq_sgn(g) > 0)
            fmpq_mul(beta, f, g);
    }
    fmpq_clear(f);
    fmpq_clear(g);
}

void
rc_best_beta(fmpq_t beta, const rc_bounds_t *b, const claim_t *c)
{
    fmpq_t a;

    fmpq_init(a);
    fmpq_mul(a, c->alpha, b->J2);
    product(beta, b, c->delta, a);
    fmpq_clear(a);
}

int
rc_holds(const rc_bounds_t *b, const claim_t *c)
{
    fmpq_t x;
    int ok;

    fmpq_init(x);
    rc_best_beta(x, b, c);
    ok = fmpq_sgn(x) > 0 && fmpq_cmp(c->beta, x) <= 0;
    fmpq_clear(x);
    return ok;
}

void
rc_best_alpha(fmpq_t alpha, const rc_bounds_t *b, const claim_t *c)
{
    fmpq_t f, a;

    /* f ((1 - a) f - T) = beta */
    fmpq_init(f);
    fmpq_init(a);
    fmpq_zero(alpha);
    fmpq_sub(f, c->delta, b->R);
    if (fmpq_sgn(f) > 0 && fmpq_sgn(b->J2) > 0)
    {
        fmpq_div(a, c->beta, f);
        fmpq_add(a, a, b->T);
        fmpq_div(a, a, f);
        fmpq_sub_si(a, a, 1);
        fmpq_neg(a, a);
        if (fmpq_sgn(a) > 0)
            fmpq_div(alpha, a, b->J2);
    }
    fmpq_clear(f);
    fmpq_clear(a);
}

/* The last layer alone makes G onto if the features of the samples that count
   are independent. */
static slong
feedforward_rank(const problem_t *P)
{
    slong j, count = 0, m = qmat_cols(P->X);
    fmpq *D = _fmpq_vec_init(m);
    qmat_t Phi;
    int known = qmat_rows(P->features) > 0 || activation_is_rational(P->act->kind);

    qmat_init(Phi, 0, 0);
    problem_curvature(D, P);
    for (j = 0; j < m; j++)
        count += !fmpq_is_zero(D + j);
    if (qmat_rows(P->features) > 0)
        qmat_set(Phi, P->features);
    else if (known)
    {
        qmat_mul(Phi, P->W, P->X);
        activation_apply(Phi, Phi, P->act);
    }
    if (known)
    {
        qmat_scale_columns(Phi, Phi, D);
        known = rank_of(Phi) == count;
    }
    _fmpq_vec_clear(D, m);
    qmat_clear(Phi);
    return known ? count * qmat_rows(P->Y) : -1;
}

/* For linear networks, and residual ones of depth 1, G G^T has the range
   sum_i U_i (x) V_i, U_i the row space of A_i X, V_i the column space of P_i:
   the U_i shrink and the V_i grow with i, so its dimension is
   sum_i (dim U_i - dim U_{i+1}) dim V_i.  Otherwise G is known to be onto if one
   block alone is. */
slong
rc_rank(const problem_t *P)
{
    slong i, k, q, n = P->nblocks, rank = 0, full, bits = 0, rows = 0, *in, *out;
    qmat_t A, unit;
    moments_t M;
    fmpq_t one;

    /* only a remark for the reader: not at any price */
    for (i = 0; i < n; i++)
    {
        bits += FLINT_ABS(fmpz_mat_max_bits(P->W[i].num)) + 8;
        rows = FLINT_MAX(rows, FLINT_MAX(qmat_rows(P->W + i), qmat_cols(P->W + i)));
    }
    bits += FLINT_ABS(fmpz_mat_max_bits(P->X->num));
    if (10000000000 / n / rows / rows / rows / rows < bits) /* NOLINT(clang-analyzer-core.DivideZero): n, rows >= 1 */
        return -1;
    if (P->kind == NET_FEEDFORWARD)
        return feedforward_rank(P);
    if (!moments_init(&M, P))
    {
        moments_clear(&M);
        return -1;
    }
    full = M.p * qmat_rows(P->Y);
    in = flint_malloc((n + 1) * sizeof *in);
    out = flint_malloc((n + 1) * sizeof *out);
    qmat_init(A, 0, 0);
    qmat_init(unit, 0, 0);
    fmpq_init(one);
    fmpq_one(one);
    qmat_set(A, M.T);
    qmat_set(unit, A);
    for (i = 0; i < n; i++)
    {
        in[i] = rank_of(A);
        qmat_mul(A, P->W + i, A);
        if ((i + 1) % P->r == 0)
        {
            if (P->kind == NET_RESIDUAL)
                qmat_add_scaled(A, A, one, unit);
            qmat_set(unit, A);
        }
    }
    in[n] = 0;
    qmat_set_one(A, qmat_rows(P->Y));
    for (k = P->l - 1; k >= 0; k--)
    {
        qmat_set(unit, A);
        for (q = P->r - 1; q >= 0; q--)
        {
            i = k * P->r + q;
            out[i] = rank_of(A);
            qmat_mul(A, A, P->W + i);
        }
        if (P->kind == NET_RESIDUAL)
            qmat_add_scaled(A, A, one, unit);
    }
    if (P->r == 1)
        for (i = 0; i < n; i++)
            rank += (in[i] - in[i + 1]) * out[i];
    else
        for (i = 0, rank = -1; i < n; i++)
            if (in[i] * out[i] == full)
                rank = full;
    moments_clear(&M);
    qmat_clear(A);
    qmat_clear(unit);
    fmpq_clear(one);
    flint_free(in);
    flint_free(out);
    return rank;
}
