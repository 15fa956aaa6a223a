/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dual bound: h >= <Q, Y> - 1/2 |Q|^2 for every width as soon as |Q D s(w^T X)^T| <= mu |w| for all w. */
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "regularized_global_minimum.h"

const about_t rgm_about_dual = { "dual" };

int
rgm_init(rgm_t *r, setting_t *s)
{
    const problem_t *P = s->P;
    pass_t p;
    int ok;

    r->P = P;
    r->D = _fmpq_vec_init(qmat_cols(P->X));
    qmat_init(r->R, 0, 0);
    problem_curvature(r->D, P);
    polar_init(&r->in, P);
    r->bias = problem_decayed_bias(P, 1) != NULL ? 2 : problem_bias(P, 1) != NULL;
    ok = pass_forward(&p, s);
    if (ok)
        qmat_sub(r->R, P->Y, pass_output(&p));
    pass_clear(&p);
    return ok && !s->f->failed;
}

void
rgm_clear(rgm_t *r)
{
    _fmpq_vec_clear(r->D, qmat_cols(r->P->X));
    polar_clear(&r->in);
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
    MATRICES(QD);

    qmat_scale_columns(QD, Q, r->D);
    return polar_cone_claim(c, &r->in, QD, r->P->weight_decay);
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
    if (!f->failed)
        polar_verify(size, f, "", &r->in, QD, r->P->weight_decay);
    rgm_dual_value(low, r, Q);
    return !f->failed;
}
