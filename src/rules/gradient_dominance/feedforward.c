/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradient dominance of feedforward networks through the last layer's
   gradient: Zhou & Liang 2017, Theorem 3, and its extension to deep networks
   with biases.  doc/mathematics, "Feedforward networks".

   Phi = last hidden features, with a row of ones if the last layer has a
   bias.  grad_{W_l, b_l} = e D Phi^T, h = 1/2 ||e D^{1/2}||_F^2, so
   h <= lambda ||grad||^2 with lambda = 1 / (2 f^2) where
   ||Phi D^{1/2} x|| >= f ||x||, f > 0, on the neighbourhood. */
#include <stdio.h>
#include "gradient_dominance.h"
#include "kernel/columns.h"
#include "kernel/inverse.h"
#include "kernel/number.h"
#include "kernel/scope.h"

/* B := the columns of A whose weight D is positive, d := those weights. */
static slong
positive_columns(qmat_t B, fmpq *d, const qmat_t A, const fmpq *D)
{
    slong j, k = 0, m = qmat_cols(A), *column = flint_malloc((m + 1) * sizeof *column);

    for (j = 0; j < m; j++)
        if (!fmpq_is_zero(D + j))
        {
            fmpq_set(d + k, D + j);
            column[k++] = j;
        }
    qmat_pick_columns(B, A, column, k);
    flint_free(column);
    return k;
}

/* Bounds at the point of a network of l layers. */
typedef struct
{
    fmpq *omega;                /* of ||W_{k+1}||, 0 .. l - 2, where a deviation comes in */
    fmpq *eta;                  /* of the norm of H_k that multiplies a perturbation of layer k + 1 */
    fmpq *mu, *top;             /* a lower bound of sigma_min(Phi D^{1/2})^2, the largest weight */
} point_t;

/* eta: ||V H||_F <= ||V||_F ||H|| and <= ||V|| ||H||_F. */
static void
input_norm(fmpq_t x, facts_t *f, slong k, const qmat_t H, norm_kind norm)
{
    char role[ROLE_SIZE], meaning[64];

    if (norm == NORM_SPECTRAL)
    {
        qmat_frobenius_upper(x, H);
        return;
    }
    snprintf(role, sizeof role, "norm:H:%ld", (long) k);
    snprintf(meaning, sizeof meaning, "\\|H_{%ld}\\|_2^2", (long) k);
    fact_norm2(x, f, role, meaning, H, 0, NULL);
    number_sqrt_upper(x, x);
}

static void
layer_norm(fmpq_t x, facts_t *f, const problem_t *P, slong k)
{
    char role[ROLE_SIZE], meaning[64];

    snprintf(role, sizeof role, "norm:W:%ld:%ld", (long) k + 1, (long) k + 1);
    snprintf(meaning, sizeof meaning, "\\|W_{%ld}\\|_2^2", (long) k + 1);
    fact_norm2(x, f, role, meaning, P->W + k, 1, NULL);
    number_sqrt_upper(x, x);
}

/* dev := a bound of ||H_{k+1} - H_{k+1}*||_F from one of ||H_k - H_k*||_F, where
   H_{k+1} = s(W H_k + b 1^T), m samples: L_s times
   (||W*|| + rho) ||dH_k||_F + rho ||H_k*|| + sqrt(m) rho [bias], the last two
   terms also as sqrt(2) rho sqrt(||H_k*||^2 + m) (one matrix [V v]). */
static void
propagate(fmpq_t dev, const point_t *p, const problem_t *P, slong k, slong m, const fmpq_t rho)
{
    NUMBERS(u, x, t);

    number_add(u, p->omega + k, rho);
    number_mul(dev, dev, u);
    if (!fmpq_is_zero(rho))
    {
        fmpq_set(x, p->eta + k);
        if (P->b == NULL)
            number_mul(t, rho, x);
        else
        {
            fmpq_set_si(u, m, 1);
            number_mul(t, x, x);
            number_add(t, t, u);
            fmpq_mul_2exp(t, t, 1);
            number_sqrt_upper(t, t);            /* sqrt(2 (x^2 + m)) */
            number_sqrt_upper(u, u);
            number_add(x, x, u);                  /* x + sqrt(m) */
            if (fmpq_cmp(x, t) < 0)
                fmpq_swap(x, t);
            number_mul(t, t, rho);
        }
        number_add(dev, dev, t);
    }
    activation_lipschitz(u, P->act + k);
    number_mul(dev, dev, u);
    number_round_up(dev, dev);
}

/* dev := a bound of ||Phi - Phi*||_F on the neighbourhood. */
static void
deviation(fmpq_t dev, const point_t *p, const problem_t *P, slong m, const neighbourhood_t *V)
{
    slong k;

    fmpq_zero(dev);
    if (V->norm == NORM_FEATURE)
        fmpq_set(dev, V->radius);       /* the rule wants l = 2 */
    for (k = 0; k < P->l - 1 && V->norm != NORM_FEATURE; k++)
        propagate(dev, p, P, k, m, V->radius + k);
}

/* mu <= sigma_min(H D^{1/2})^2, large enough for lambda = want if that is not NULL. */
static void
features_bound(fmpq_t mu, facts_t *f, const qmat_t H, const fmpq *d, const fmpq *want)
{
    static const char meaning[] = "\\sigma_m(\\Phi^* D^{1/2})^2";
    slong j, m = qmat_cols(H);
    fmpq *inverse = _fmpq_vec_init(m);
    MATRICES(K, N);
    NUMBERS(w);

    if (want != NULL)
    {
        fmpq_inv(w, want);
        fmpq_div_2exp(w, w, 1);
        want = w;
    }
    qmat_scale_columns_by_roots(K, H, d);
    if (!fact_inverse(mu, f, "features", meaning, K, want, NULL))
    {
        qmat_gram(K, H);
        qmat_round(K, f->rounding);
        for (j = 0; j < m; j++)
            fmpq_inv(inverse + j, d + j);
        qmat_set_one(N, m);
        qmat_scale_columns(N, N, inverse);
        fact_lower(mu, f, "features", meaning, K, N, want, 1);
    }
    _fmpq_vec_clear(inverse, m);
}

/* 0 after a failure.  A bound that no radius of V needs is not asked for, and 0. */
static int
at_point(point_t *p, setting_t *s, const neighbourhood_t *V, const fmpq *want)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    slong j, k, m = qmat_cols(P->X), moved = 0;
    char role[ROLE_SIZE];
    fmpq *D = _fmpq_vec_init(m), *d = _fmpq_vec_init(m);
    MATRICES(H, Z, ones);

    problem_curvature(D, P);
    m = positive_columns(H, d, P->X, D);
    for (k = 0; k < P->l - 1 && !f->failed; k++)
    {
        if (moved && V->norm != NORM_FEATURE)
            layer_norm(p->omega + k, f, P, k);
        if (!fmpq_is_zero(V->radius + (V->norm == NORM_FEATURE ? 0 : k)))
        {
            if (V->norm != NORM_FEATURE)
                input_norm(p->eta + k, f, k, H, V->norm);
            moved |= V->norm == NORM_FEATURE || P->b != NULL || !fmpq_is_zero(p->eta + k);
        }
        qmat_mul(Z, P->W + k, H);
        if (P->b != NULL)
            qmat_add_column(Z, Z, P->b + k);
        qmat_round(Z, f->rounding);
        snprintf(role, sizeof role, "features:%ld", (long) k + 1);
        fact_activation(H, f, role, Z, P->act + k);
    }
    if (P->b != NULL)
    {
        qmat_ones(ones, 1, m);
        qmat_stack(H, H, ones);
    }
    if (!f->failed && qmat_rows(H) < m)
        facts_fail(f, "features", "the last hidden layer has %ld features%s for %ld samples; "
                   "the theorem needs at least as many (tangent-dominance uses all layers)", (long) qmat_rows(H),
                   P->b != NULL ? ", bias included," : "", (long) m);
    for (j = 0; j < m; j++)
        if (fmpq_cmp(d + j, p->top) > 0)
            fmpq_set(p->top, d + j);
    if (!f->failed)
        features_bound(p->mu, f, H, d, want != NULL && fmpq_sgn(want) > 0 && !moved ? want : NULL);
    _fmpq_vec_clear(D, qmat_cols(P->X));
    _fmpq_vec_clear(d, qmat_cols(P->X));
    return !f->failed;
}

/* What a search keeps, where all radii are positive, by the norm. */
static const char *
name_of(const neighbourhood_t *V)
{
    static const char name[][24] = { "features, spectral", "features, frobenius" };
    slong k;

    for (k = 0; k < V->n; k++)
        if (fmpq_is_zero(V->radius + k))
            return NULL;
    return V->norm == NORM_FEATURE ? NULL : name[V->norm == NORM_FROBENIUS];
}

int
gd_feedforward_derive(fmpq_t lambda, setting_t *s, const neighbourhood_t *V, const fmpq *want)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    slong j, l = P->l, m = 0, size = 2 * l + 2;
    fmpq *x = _fmpq_vec_init(size), *D = _fmpq_vec_init(qmat_cols(P->X));
    point_t p = { x, x + l, x + 2 * l, x + 2 * l + 1 };
    const char *name = name_of(V);
    const fmpq *kept = name == NULL ? NULL : setting_kept(s, name);
    NUMBERS(dev, t);
    int ok = 1;

    problem_curvature(D, P);
    for (j = 0; j < qmat_cols(P->X); j++)
        m += !fmpq_is_zero(D + j);
    for (j = 0; kept != NULL && j < size; j++)
        fmpq_set(x + j, kept + j);
    if (kept == NULL)
        ok = at_point(&p, s, V, want);
    if (ok && kept == NULL && name != NULL)
        setting_keep(s, name, x, size);
    if (ok)
        deviation(dev, &p, P, m, V);
    if (ok && !fmpq_is_zero(dev))
    {   /* ||(Phi - Phi*) D^{1/2}|| <= sqrt(max D) ||Phi - Phi*|| */
        facts_note(f, "deviation", "\\|\\Phi - \\Phi^*\\|_F", "\\le", dev);
        number_sqrt_lower(p.mu, p.mu);
        number_sqrt_upper(t, p.top);
        number_mul(dev, dev, t);
        number_sub(p.mu, p.mu, dev);
        number_clamp(p.mu);
        number_mul(p.mu, p.mu, p.mu);
    }
    if (ok && fmpq_is_zero(p.mu))
        facts_fail(f, "features", "the features may lose rank on this neighbourhood");
    ok = ok && !f->failed;
    if (ok)
    {
        fmpq_mul_2exp(t, p.mu, 1);
        fmpq_inv(lambda, t);
    }
    _fmpq_vec_clear(x, size);
    _fmpq_vec_clear(D, qmat_cols(P->X));
    return ok;
}
