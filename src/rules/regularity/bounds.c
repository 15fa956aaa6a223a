/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the bounds to the regularity condition.

   <grad h, v> = <F, J v> = ||F||^2 + <F, J v - F> and alpha ||grad h||^2 =
   alpha ||J^T F||^2 <= a ||F||^2 with a = alpha J2.  With t = ||v||,
   ||F|| >= ||G v|| - R t >= (delta - R) t and ||J v - F|| <= T t it suffices that
   ||F|| ((1 - a) ||F|| - T t) >= beta t^2.  If a < 1, f = delta - R > 0 and
   g = (1 - a) f - T > 0, the left side grows with ||F|| from f t on, where it
   is f g t^2. */
#include "regularity.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"

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

void
rc_constants_init(rc_constants_t *k)
{
    fmpq_init(k->alpha);
    fmpq_init(k->beta);
    fmpq_init(k->delta);
}

void
rc_constants_clear(rc_constants_t *k)
{
    fmpq_clear(k->alpha);
    fmpq_clear(k->beta);
    fmpq_clear(k->delta);
}

int
rc_bounds(rc_bounds_t *b, fmpq_t g2, setting_t *s, const neighbourhood_t *N)
{
    slong i;
    neighbourhood_t wide;
    int ok;

    neighbourhood_init(&wide, N->norm, N->n);
    for (i = 0; i < N->n; i++)
        fmpq_set(wide.radius + i, N->radius + i);
    neighbourhood_widen(&wide);
    fmpq_set_si(g2, -1, 1);             /* not bounded yet */
    ok = network_is_linear(s->P) ? rc_linear_bounds(b, g2, s, wide.radius)
        : rc_feedforward_bounds(b, s, wide.radius);
    if (ok && fmpq_sgn(g2) < 0)         /* G is J at a point of the neighbourhood */
        fmpq_set(g2, b->J2);
    neighbourhood_clear(&wide);
    return ok;
}

/* beta := f g with a given; 0 if a >= 1, f <= 0 or g <= 0. */
static void
product(fmpq_t beta, const rc_bounds_t *b, const fmpq_t delta, const fmpq_t a)
{
    NUMBERS(f, g);

    fmpq_zero(beta);
    number_sub(f, delta, b->R);
    fmpq_one(g);
    number_sub(g, g, a);
    if (fmpq_sgn(f) > 0 && fmpq_sgn(g) > 0)
    {
        number_mul(g, g, f);
        number_sub(g, g, b->T);
        if (fmpq_sgn(g) > 0)
            number_mul(beta, f, g);
    }
}

void
rc_best_beta(fmpq_t beta, const rc_bounds_t *b, const rc_constants_t *k)
{
    NUMBERS(a);

    number_mul(a, k->alpha, b->J2);
    product(beta, b, k->delta, a);
}

int
rc_holds(const rc_bounds_t *b, const rc_constants_t *k)
{
    NUMBERS(x);
    int ok;

    rc_best_beta(x, b, k);
    ok = fmpq_sgn(x) > 0 && fmpq_cmp(k->beta, x) <= 0;
    return ok;
}

void
rc_best_alpha(fmpq_t alpha, const rc_bounds_t *b, const rc_constants_t *k)
{
    NUMBERS(f, a);

    /* f ((1 - a) f - T) = beta */
    fmpq_zero(alpha);
    number_sub(f, k->delta, b->R);
    if (fmpq_sgn(f) > 0 && fmpq_sgn(b->J2) > 0)
    {
        number_div(a, k->beta, f);
        number_add(a, a, b->T);
        number_div(a, a, f);
        fmpq_sub_si(a, a, 1);
        fmpq_neg(a, a);
        if (fmpq_sgn(a) > 0)
            number_div(alpha, a, b->J2);
    }
}

/* The last layer alone makes G onto if the features of the samples that count
   are independent. */
static slong
feedforward_rank(const problem_t *P)
{
    slong j, count = 0, m = qmat_cols(P->X);
    fmpq *D = _fmpq_vec_init(m);
    MATRICES(Phi);
    int known = qmat_rows(P->features) > 0 || activation_is_rational(P->act->kind);

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
    return known ? count * qmat_rows(P->Y) : -1;
}

/* For linear networks, and residual ones of depth 1, G G^T has the range
   sum_i U_i (x) V_i, U_i the row space of A_i X, V_i the column space of P_i:
   the U_i shrink and the V_i grow with i, so its dimension is
   sum_i (dim U_i - dim U_{i+1}) dim V_i.  Otherwise G is known to be onto if one
   block alone is. */
slong
rc_rank(setting_t *s)
{
    const problem_t *P = s->P;
    const moments_t *M;
    slong i, n = P->nblocks, rank = 0, full, bits = 0, rows = 0, *in, *out;
    MATRICES(one);
    walk_t w;

    /* only a remark for the reader: not at any price */
    for (i = 0; i < n; i++)
    {
        bits += FLINT_ABS(fmpz_mat_max_bits(P->W[i].num)) + 8;
        rows = FLINT_MAX(rows, FLINT_MAX(qmat_rows(P->W + i), qmat_cols(P->W + i)));
    }
    bits += FLINT_ABS(fmpz_mat_max_bits(P->X->num));
    if (10000000000 / n / rows / rows / rows / rows < bits) /* NOLINT(clang-analyzer-core.DivideZero): n, rows >= 1 */
        return -1;
    if (!network_is_linear(P))
        return feedforward_rank(P);
    M = setting_moments(s);
    if (M == NULL)
        return -1;
    full = M->p * qmat_rows(P->Y);
    in = flint_malloc((n + 1) * sizeof *in);
    out = flint_malloc((n + 1) * sizeof *out);
    qmat_set_one(one, qmat_rows(P->Y));
    for (walk_forwards(&w, P, 0, M->T); w.i < n; walk_step_forwards(&w))
        in[w.i] = rank_of(w.at);
    walk_clear(&w);
    in[n] = 0;
    for (walk_backwards(&w, P, one); w.i >= 0; walk_step_backwards(&w))
        out[w.i] = rank_of(w.at);
    walk_clear(&w);
    if (P->r == 1)
        for (i = 0; i < n; i++)
            rank += (in[i] - in[i + 1]) * out[i];
    else
        for (i = 0, rank = -1; i < n; i++)
            if (in[i] * out[i] == full)
                rank = full;
    flint_free(in);
    flint_free(out);
    return rank;
}
