/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Vectors at which singular values are nearly attained. */
#include "config.h"
#include "algebra/bound.h"
#include "algebra/inverse.h"
#include "prove/best_in_basis/dual.h"
#include "omega.h"
#include "rules/inequality/inequality.h"

/* If the eigenvalue of K x = mu N x next to the quotient of x is a simple
   rational, x := an exact eigenvector. */
static void
exact_vector(qmat_t x, const qmat_t K, const qmat_t N, slong bits)
{
    qmat_t t, u, xt;
    fmpq_t q, d, lo;
    fmpz_mat_t kernel;

    if (qmat_rows(K) > 64)
        return;
    qmat_init(t, 0, 0);
    qmat_init(u, 0, 0);
    qmat_init(xt, 0, 0);
    fmpq_init(q);
    fmpq_init(d);
    fmpq_init(lo);
    qmat_transpose(xt, x);
    qmat_mul(t, K, x);
    qmat_mul(u, xt, t);
    qmat_get_entry(q, u, 0, 0);
    qmat_mul(t, N, x);
    qmat_mul(u, xt, t);
    qmat_get_entry(d, u, 0, 0);
    fmpq_div(q, q, d);
    fmpq_div_2exp(d, q, FLINT_MAX(30, bits));
    fmpq_abs(d, d);
    fmpq_sub(lo, q, d);
    fmpq_add(d, q, d);
    fmpq_simplest_between(q, lo, d);
    fmpq_neg(q, q);
    qmat_add_scaled(t, K, q, N);
    fmpz_mat_init(kernel, qmat_cols(t), qmat_cols(t));
    if (fmpz_mat_nullspace(kernel, t->num) > 0)
    {
        slong i, n = qmat_cols(t);
        qmat_t v;
        qmat_init(v, n, 1);
        for (i = 0; i < n; i++)
            fmpz_set(fmpz_mat_entry(v->num, i, 0), fmpz_mat_entry(kernel, i, 0));
        qmat_canonicalise(v);
        qmat_swap(x, v);
        qmat_clear(v);
    }
    fmpz_mat_clear(kernel);
    qmat_clear(t);
    qmat_clear(u);
    qmat_clear(xt);
    fmpq_clear(q);
    fmpq_clear(d);
    fmpq_clear(lo);
}

/* z for an inequality: ||B z|| / ||C z|| extreme, B the payload; in the rule C has
   the same row space as B for eta_min, and is NULL, the identity, for norm and full rank. */
static int
extreme_vector(const oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const inequality_vector_t *v = (const inequality_vector_t *) ask->about;
    qmat_t K, N;
    int ok;

    evidence_init(e, EVIDENCE_MATRIX, ask->role);
    if (v->C == NULL && qmat_cols(v->B) >= INVERSE_ORDER && root_vector(e->A, v->B, v->largest))
        return 1;
    qmat_init(K, 0, 0);
    qmat_init(N, 0, 0);
    qmat_gram(K, v->B);
    if (v->C != NULL)
        qmat_gram(N, v->C);
    else
        qmat_set_one(N, qmat_cols(v->B));
    ok = oracle_vector(e->A, K, N, v->largest, o->slack_bits, o->precision_limit);
    if (ok)
        exact_vector(e->A, K, N, o->slack_bits);
    else
        evidence_clear(e);
    qmat_clear(K);
    qmat_clear(N);
    return ok;
}

static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    if (omega_answer(o, ask, e) || (o->offer == NULL && basis_answer(o, ask, e)))
        return 1;
    return ask->about != NULL && ask->about->type == inequality_about_vector
        && extreme_vector(o, ask, e);
}

/* 1 if there is a term of this kind or a later one, up to last. */
static int
asks_for(const inequality_t *q, term_kind first, term_kind last)
{
    slong i;
    int side;

    for (side = 0; side < 2; side++)
        for (i = 0; i < q->side[side].n; i++)
            if (q->side[side].term[i].kind >= first && q->side[side].term[i].kind <= last)
                return 1;
    return 0;
}

/* Most claims are decided by bounds that are a little loose; those that are nearly
   equalities take tighter ones. */
static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    const inequality_t *q = asked->value[INEQUALITY_RELATION].object;

    if (asks_for(q, TERM_OMEGA, TERM_OMEGA))
    {
        omega_prove(p, o, asked, opt);
        return;
    }
    prove_by_decision(p, o, asked, opt);
    while (p->outcome == OUTCOME_UNDECIDED && q->relation != REL_EQ && asks_for(q, TERM_NORM, TERM_ETA_MIN)
           && 4 * o->slack_bits <= o->precision_limit && o->largest_root == 0)     /* else claim_prove tightens first */
    {
        o->slack_bits *= 2;
        oracle_forget(o);
        prove_by_decision(p, o, asked, opt);
    }
    o->limited |= 4 * o->slack_bits > o->precision_limit;
}

static const proposal_t proposals[] = {
    { "inequality: \"loss <= 1\"",
      "the loss at the point is at most 1" },
    { "inequality: \"gradient <= 1/100\"",
      "the norm of the gradient is at most 1/100" },
    { "inequality: \"omega >= 1\"",
      "no two layers of any width with these outputs have half a sum of squares below 1" },
    { "inequality: \"norm(W_1) <= 10\"",
      "the largest singular value of W_1 is at most 10; also eta_min, the smallest that is not 0, and products" },
    { NULL, NULL }
};

const prover_t prover_inequality = { "inequality", proposals, NULL, prove, answer, NULL };
