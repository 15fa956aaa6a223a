/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "polar.h"

const char polar_tree_type[] = "cone tree";

const char *
polar_refuses(const problem_t *P)
{
    if (P->l != 2 || (P->kind != NET_LINEAR && P->kind != NET_FEEDFORWARD))
        return "for linear and feedforward networks of two layers";
    if (qmat_rows(P->features) > 0)
        return "a point given by features is treated by regularity only";
    if (!network_is_rational(P))
        return "for relu, leaky-relu and identity";
    if (problem_bias(P, 0) != NULL && problem_decayed_bias(P, 0) == NULL)
        return "the bias of the hidden units must be decayed like their weights: decay-biases: yes, or hidden";
    return NULL;
}

void
polar_init(units_in_t *u, const problem_t *P)
{
    slong j, m = qmat_cols(P->X);
    fmpq *live = _fmpq_vec_init(m);

    fmpq_init(u->slope);
    fmpq_one(u->slope);
    if (P->act != NULL && P->act->kind == ACT_RELU)
        fmpq_zero(u->slope);
    else if (P->act != NULL && P->act->kind == ACT_LEAKY_RELU)
        fmpq_set(u->slope, P->act->slope);
    qmat_init(u->X, 0, 0);
    qmat_set(u->X, P->X);
    if (problem_bias(P, 0) != NULL)
    {
        MATRICES(ones);
        qmat_ones(ones, 1, m);
        qmat_stack(u->X, u->X, ones);
    }
    problem_curvature(live, P);
    for (j = 0; j < m; j++)
        fmpq_set_si(live + j, fmpq_sgn(live + j) > 0, 1);
    qmat_scale_columns(u->X, u->X, live);
    _fmpq_vec_clear(live, m);
}

void
polar_clear(units_in_t *u)
{
    fmpq_clear(u->slope);
    qmat_clear(u->X);
}

int
polar_is_linear(const units_in_t *u)
{
    return fmpq_is_one(u->slope) || qmat_is_zero(u->X);
}

void
polar_outputs(qmat_t F, const units_in_t *u, const problem_t *P, const fmpq *x)
{
    MATRICES(W, U);

    problem_block(W, P, 0, 1);
    qmat_mul(W, W, u->X);
    if (P->act != NULL)
        activation_apply(W, W, P->act);
    qmat_set(U, P->W + 1);
    if (x != NULL)
        qmat_scale_columns(U, U, x);
    qmat_mul(F, U, W);
}

void
polar_squares(fmpq_t w2, fmpq_t u2, const problem_t *P, slong i)
{
    MATRICES(W, t);

    problem_block(W, P, 0, 1);
    qmat_some_rows(t, W, i, 1);
    qmat_frobenius2_midpoint(w2, t);
    qmat_some_columns(t, P->W + 1, i, 1);
    qmat_frobenius2_midpoint(u2, t);
}

int
polar_same_outputs(const units_in_t *u, const problem_t *P, const fmpq *x)
{
    slong i, n = qmat_rows(P->W);
    int ok = 1;
    MATRICES(F, G);

    for (i = 0; i < n; i++)
        ok &= fmpq_sgn(x + i) >= 0;
    polar_outputs(F, u, P, NULL);
    polar_outputs(G, u, P, x);
    qmat_sub(F, F, G);
    return ok && qmat_is_zero(F);
}

int
polar_cone_claim(cone_claim_t *c, const units_in_t *u, const qmat_t Q, const fmpq_t tau)
{
    slong d = qmat_rows(u->X), *pivots = flint_malloc((d + 1) * sizeof *pivots);
    int ok;
    MATRICES(T, Tt, rows, X, S, B, rest);
    NUMBERS(x, one);

    /* w = T c, T a basis of the column space of X in integers; what is orthogonal to it only makes |w| larger. */
    ok = rank_factor_rows(T, rows, pivots, u->X, FLINT_MIN(d, qmat_cols(u->X))) > 0;
    fmpz_one(T->den);
    qmat_transpose(Tt, T);
    qmat_mul(X, Tt, u->X);
    qmat_mul(S, Tt, T);
    qmat_transpose(B, X);
    qmat_mul(B, Q, B);
    qmat_scale(B, B, u->slope);
    fmpq_one(one);
    number_sub(x, one, u->slope);
    qmat_scale(rest, Q, x);
    flint_free(pivots);
    return cone_claim_set(c, B, rest, X, S, tau) && ok;
}

/* |Q X'^T| <= tau. */
static void
verify_linear(facts_t *f, const char *role, const units_in_t *u, const qmat_t Q, const fmpq_t tau)
{
    MATRICES(M, K);
    NUMBERS(square, norm2);

    qmat_transpose(M, u->X);
    qmat_mul(M, Q, M);
    qmat_gram_smaller(K, M);
    number_mul(square, tau, tau);
    fact_upper(norm2, f, role, "\\|Q X^T\\|^2", K, square);
    if (fmpq_cmp(norm2, square) > 0)
        facts_fail(f, role, "the dual point is outside: its norm with the data is not shown to be small enough");
}

/* x := an upper bound of |A|, whose smaller Gram matrix the role is about. */
static void
norm_upper(fmpq_t x, facts_t *f, const char *prefix, const char *name, const char *meaning, const qmat_t A)
{
    char role[ROLE_SIZE];
    MATRICES(K);

    snprintf(role, sizeof role, "%s%s", prefix, name);
    qmat_gram_smaller(K, A);
    fact_upper(x, f, role, meaning, K, NULL);
    number_sqrt_upper(x, x);
}

/* s(z) = (1 + a)/2 z + (1 - a)/2 |z|, and the length of |w^T X'| is that of w^T X'. */
static void
verify_by_norms(facts_t *f, const char *prefix, const units_in_t *u, const qmat_t Q, const fmpq_t tau)
{
    MATRICES(M);
    NUMBERS(one, even, odd, x, y);

    qmat_transpose(M, u->X);
    qmat_mul(M, Q, M);
    norm_upper(odd, f, prefix, "polar", "\\|Q X^T\\|^2", M);
    norm_upper(even, f, prefix, "polar-q", "\\|Q\\|^2", Q);
    norm_upper(x, f, prefix, "polar-x", "\\|X\\|^2", u->X);
    number_mul(even, even, x);
    fmpq_one(one);
    number_add(x, one, u->slope);
    number_sub(y, one, u->slope);
    fmpq_abs(x, x);
    fmpq_abs(y, y);
    number_mul(x, x, odd);
    number_addmul(x, y, even);
    fmpq_div_2exp(x, x, 1);
    if (fmpq_cmp(x, tau) > 0)
        facts_fail(f, "tree", "there is no tree, and the norms of the dual point and the data do not show the polar condition");
}

static void
verify_by_tree(cone_size_t *size, facts_t *f, const char *prefix, const units_in_t *u, const qmat_t Q, const fmpq_t tau)
{
    char role[ROLE_SIZE];
    cone_claim_t c;
    polar_about_tree_t about = { { polar_tree_type }, &c };
    ask_t ask = { .kind = EVIDENCE_NUMBERS, .role = role, .about = &about.about };

    snprintf(role, sizeof role, "%stree", prefix);
    if (!polar_cone_claim(&c, u, Q, tau))
        facts_fail(f, role, "the claim about directions is beyond the limits of the format");
    else if (facts_ask(f, &ask, 0) == NULL)
        verify_by_norms(f, prefix, u, Q, tau);
    else if (cone_tree_verify(size, f, role, &c, &about.about))
        facts_note(f, role, "\\max_w \\|Q s(w^T X)^T\\| / \\|w\\|", "\\le", tau);
    cone_claim_clear(&c);
}

int
polar_verify(cone_size_t *size, facts_t *f, const char *prefix, const units_in_t *u, const qmat_t Q, const fmpq_t tau)
{
    char role[ROLE_SIZE];

    size->leaves = size->depth = 0;
    snprintf(role, sizeof role, "%spolar", prefix);
    if (polar_is_linear(u))
        verify_linear(f, role, u, Q, tau);
    else
        verify_by_tree(size, f, prefix, u, Q, tau);
    return !f->failed;
}
