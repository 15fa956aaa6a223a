/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dual bound: h >= <Q, Y> - 1/2 |Q|^2 for every width as soon as |Q D s(w^T X)^T| <= mu |w| for all w. */
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "regularized_global_minimum.h"

const about_t rgm_about_dual = { "dual" };
const char rgm_tree_type[] = "cone tree";

int
rgm_init(rgm_t *r, setting_t *s)
{
    const problem_t *P = s->P;
    slong j, m = qmat_cols(P->X);
    fmpq *live = _fmpq_vec_init(m);
    pass_t p;
    int ok;

    r->P = P;
    r->D = _fmpq_vec_init(m);
    fmpq_init(r->slope);
    qmat_init(r->X, 0, 0);
    qmat_init(r->R, 0, 0);
    problem_curvature(r->D, P);
    fmpq_one(r->slope);
    if (P->act != NULL && P->act->kind == ACT_RELU)
        fmpq_zero(r->slope);
    else if (P->act != NULL && P->act->kind == ACT_LEAKY_RELU)
        fmpq_set(r->slope, P->act->slope);
    r->bias = problem_decayed_bias(P, 1) != NULL ? 2 : problem_bias(P, 1) != NULL;
    ok = pass_forward(&p, s);
    if (ok)
        qmat_sub(r->R, P->Y, pass_output(&p));
    pass_clear(&p);
    qmat_set(r->X, P->X);
    if (problem_bias(P, 0) != NULL)
    {
        MATRICES(ones);
        qmat_ones(ones, 1, m);
        qmat_stack(r->X, r->X, ones);
    }
    for (j = 0; j < m; j++)
        fmpq_set_si(live + j, fmpq_sgn(r->D + j) > 0, 1);
    qmat_scale_columns(r->X, r->X, live);
    _fmpq_vec_clear(live, m);
    return ok && !s->f->failed;
}

void
rgm_clear(rgm_t *r)
{
    _fmpq_vec_clear(r->D, qmat_cols(r->P->X));
    fmpq_clear(r->slope);
    qmat_clear(r->X);
    qmat_clear(r->R);
}

void
rgm_loss(fmpq_t h, const rgm_t *r)
{
    MATRICES(t);
    NUMBERS(x);

    qmat_scale_columns(t, r->R, r->D);
    qmat_inner(h, t, r->R);
    fmpq_div_2exp(h, h, 1);
    network_decay(x, r->P);
    number_add(h, h, x);
}

/* t := Q D 1. */
static void
row_sums(qmat_t t, const qmat_t QD)
{
    MATRICES(ones);

    qmat_ones(ones, qmat_cols(QD), 1);
    qmat_mul(t, QD, ones);
}

void
rgm_dual_value(fmpq_t x, const rgm_t *r, const qmat_t Q)
{
    MATRICES(QD, t);
    NUMBERS(y);

    qmat_scale_columns(QD, Q, r->D);
    qmat_inner(x, QD, r->P->Y);
    qmat_inner(y, QD, Q);
    fmpq_div_2exp(y, y, 1);
    number_sub(x, x, y);
    if (r->bias == 2)
    {
        row_sums(t, QD);
        qmat_frobenius2_midpoint(y, t);
        number_div(y, y, r->P->weight_decay);
        fmpq_div_2exp(y, y, 1);
        number_sub(x, x, y);
    }
}

int
rgm_is_tight(const rgm_t *r)
{
    NUMBERS(h, x);

    rgm_loss(h, r);
    rgm_dual_value(x, r, r->R);
    return fmpq_equal(h, x);
}

int
rgm_cone_claim(cone_claim_t *c, const rgm_t *r, const qmat_t Q)
{
    slong d = qmat_rows(r->X), *pivots = flint_malloc((d + 1) * sizeof *pivots);
    int ok;
    MATRICES(T, Tt, rows, X, S, B, QD);
    NUMBERS(rest, one);

    /* w = T c, T a basis of the column space of X in integers; what is orthogonal to it only makes |w| larger. */
    ok = rank_factor_rows(T, rows, pivots, r->X, FLINT_MIN(d, qmat_cols(r->X))) > 0;
    fmpz_one(T->den);
    qmat_transpose(Tt, T);
    qmat_mul(X, Tt, r->X);
    qmat_mul(S, Tt, T);
    qmat_scale_columns(QD, Q, r->D);
    qmat_transpose(B, X);
    qmat_mul(B, QD, B);
    qmat_scale(B, B, r->slope);
    fmpq_one(one);
    number_sub(rest, one, r->slope);
    qmat_scale(QD, QD, rest);
    flint_free(pivots);
    return cone_claim_set(c, B, QD, X, S, r->P->weight_decay) && ok;
}

/* |Q D X^T| <= mu for linear units. */
static int
linear_polar(facts_t *f, const rgm_t *r, const qmat_t QD)
{
    MATRICES(M, K);
    NUMBERS(square, norm2);

    qmat_transpose(M, r->X);
    qmat_mul(M, QD, M);
    qmat_gram_smaller(K, M);
    number_mul(square, r->P->weight_decay, r->P->weight_decay);
    fact_upper(norm2, f, "polar", "\\|Q D X^T\\|^2", K, square);
    if (fmpq_cmp(norm2, square) > 0)
        facts_fail(f, "polar", "the dual point is outside: |Q D X^T| is not shown to be at most mu");
    return !f->failed;
}

static int
tree_polar(cone_size_t *size, facts_t *f, const rgm_t *r, const qmat_t Q)
{
    cone_claim_t c;
    rgm_about_tree_t about = { { rgm_tree_type }, &c };
    int ok = rgm_cone_claim(&c, r, Q);

    if (!ok)
        facts_fail(f, "tree", "the claim about directions is beyond the limits of the format");
    else if (cone_tree_verify(size, f, "tree", &c, &about.about))
        facts_note(f, "tree", "\\max_w \\|Q D s(w^T X)^T\\| / \\|w\\|", "\\le", r->P->weight_decay);
    cone_claim_clear(&c);
    return !f->failed;
}

int
rgm_lower(fmpq_t low, cone_size_t *size, const rgm_t *r, facts_t *f)
{
    const qmat_struct *Q = fact_matrix(f, "dual", qmat_rows(r->R), qmat_cols(r->R), &rgm_about_dual, 0);
    MATRICES(QD, t);

    size->leaves = size->depth = 0;
    if (f->failed)
        return 0;
    Q = Q == NULL ? r->R : Q;
    qmat_scale_columns(QD, Q, r->D);
    if (r->bias == 1)
    {
        row_sums(t, QD);
        if (!qmat_is_zero(t))
            facts_fail(f, "dual", "the last bias is free, and Q D 1 is not 0");
    }
    if (!f->failed && (fmpq_is_one(r->slope) || qmat_is_zero(r->X)))
        linear_polar(f, r, QD);
    else if (!f->failed)
        tree_polar(size, f, r, Q);
    rgm_dual_value(low, r, Q);
    return !f->failed;
}
