/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rule asks: the bound, multipliers, a direction, vectors for the paper's
   constant. */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include "algebra/bound.h"
#include "kernel/kronecker.h"
#include "multipliers.h"
#include "prove.h"

/* Numbers index, v: v nearly minimises ||A[index] v|| / ||v||. */
static int
quotient_vector(const oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const gd_about_quotient_t *about = (const gd_about_quotient_t *) ask->about;
    const qmat_struct *A = about->A;
    slong count = about->count, k, i, d = ask->count - 1;
    qmat_t K, x;
    fmpq_t q, best, t;
    int ok = 0;

    qmat_init(K, 0, 0);
    qmat_init(x, 0, 0);
    fmpq_init(q);
    fmpq_init(best);
    fmpq_init(t);
    evidence_init(e, EVIDENCE_NUMBERS, ask->role);
    e->nd = ask->count;
    e->d = _fmpq_vec_init(e->nd);
    for (k = 0; k < count; k++)
    {
        qmat_gram(K, A + k);
        qmat_round(K, 2048);
        fmpq_zero(K->rad);
        if (!oracle_vector(x, K, NULL, 0, o->slack_bits, o->precision_limit))
            continue;
        qmat_mul(K, K, x);
        qmat_transpose(x, x);
        qmat_mul(K, x, K);
        qmat_frobenius2_midpoint(t, x);
        qmat_get_entry(q, K, 0, 0);
        fmpq_div(q, q, t);
        if (!ok || fmpq_cmp(q, best) < 0)
        {
            fmpq_set(best, q);
            fmpq_set_si(e->d, k + 1, 1);
            for (i = 0; i < d; i++)
                qmat_get_entry(e->d + 1 + i, x, 0, i);
        }
        ok = 1;
    }
    if (!ok)
        evidence_clear(e);
    qmat_clear(K);
    qmat_clear(x);
    fmpq_clear(q);
    fmpq_clear(best);
    fmpq_clear(t);
    return ok;
}

#define FORM_BITS 256
/* A direction need not be the best one: its quotient is a lower bound in any case. */
#define DIRECTION_BITS 12

/* The forms of every block at the point, rounded: out[i] := B B^T, B what follows
   block i, and in[i] := S T^T A^T A T S, A what precedes it. */
static void
block_forms(qmat_struct *out, qmat_struct *in, const problem_t *P, const moments_t *M)
{
    slong i;
    qmat_t one, t;
    walk_t w;

    qmat_init(one, 0, 0);
    qmat_init(t, 0, 0);
    qmat_set_one(one, qmat_rows(P->Y));
    walk_backwards(&w, P, one);
    for (w.rounding = FORM_BITS; w.i >= 0; walk_step_backwards(&w))
        qmat_set(out + w.i, w.at);
    walk_clear(&w);
    qmat_set_one(one, qmat_rows(P->X));
    walk_forwards(&w, P, 0, one);
    for (w.rounding = FORM_BITS; w.i < P->nblocks; walk_step_forwards(&w))
        qmat_set(in + w.i, w.at);
    walk_clear(&w);
    for (i = 0; i < P->nblocks; i++)
    {
        fmpq_zero(out[i].rad);
        fmpq_zero(in[i].rad);
        qmat_gram_rows(out + i, out + i);
        qmat_mul(t, in + i, M->T);
        qmat_mul(t, t, M->S);
        qmat_gram(in + i, t);
    }
    qmat_clear(one);
    qmat_clear(t);
}

/* K := sum_i <u, by_i u> form_i, rounded. */
static void
weighted_sum(qmat_t K, const qmat_struct *form, const qmat_struct *by, const qmat_t u, slong n)
{
    slong i, order = qmat_rows(form);
    qmat_t s, t;
    fmpq_t x;

    qmat_init(s, 0, 0);
    qmat_init(t, 0, 0);
    fmpq_init(x);
    qmat_clear(K);
    qmat_init(K, order, order);
    qmat_transpose(s, u);
    for (i = 0; i < n; i++)
    {
        qmat_mul(t, by + i, u);
        qmat_mul(t, s, t);
        qmat_get_entry(x, t, 0, 0);
        qmat_add_scaled(K, K, x, form + i);
    }
    qmat_round(K, FORM_BITS);
    fmpq_zero(K->rad);
    qmat_clear(s);
    qmat_clear(t);
    fmpq_clear(x);
}

/* F: the eigenvector of the joint form at the point; for large orders the best
   F = u z^T found by alternating. */
static int
direction(const oracle_t *o, evidence_t *e)
{
    const problem_t *P = o->P;
    slong i, j, n = P->nblocks, p = o->M->p, g = qmat_rows(P->Y), it;
    int ok = 1;
    qmat_struct *out = qmat_vec_init(n), *in = qmat_vec_init(n);
    qmat_t K, N, t, u, z;
    fmpq_t one;

    qmat_init(K, 0, 0);
    qmat_init(N, 0, 0);
    qmat_init(t, 0, 0);
    qmat_init(u, 0, 0);
    qmat_init(z, 0, 0);
    fmpq_init(one);
    fmpq_one(one);
    block_forms(out, in, P, o->M);
    evidence_init(e, EVIDENCE_MATRIX, "direction");
    if (p * g <= 200)
    {
        for (i = 0; i < n; i++)
        {
            qmat_kron(t, in + i, out + i);
            if (i == 0)
                qmat_swap(K, t);
            else
                qmat_add_scaled(K, K, one, t);
        }
        qmat_set_one(N, g);
        qmat_kron(N, o->M->S, N);
        ok = oracle_vector(u, K, N, 0, DIRECTION_BITS, o->precision_limit);
        if (ok)
        {
            fmpz_mat_clear(e->A->num);
            fmpz_mat_init(e->A->num, g, p);
            for (i = 0; i < g; i++)
                for (j = 0; j < p; j++)
                    fmpz_set(fmpz_mat_entry(e->A->num, i, j), fmpz_mat_entry(u->num, j * g + i, 0));
            fmpz_set(e->A->den, u->den);
        }
    }
    else
    {
        /* start from the weakest direction of the output side */
        ok = oracle_vector(u, n > 1 ? out : in, NULL, 0, DIRECTION_BITS, o->precision_limit);
        for (it = 0; ok && it < 4; it++)
        {   /* z: sum_i <u, out_i u> in_i against <u, u> S */
            weighted_sum(K, in, out, u, n);
            ok = oracle_vector(z, K, o->M->S, 0, DIRECTION_BITS, o->precision_limit);
            if (!ok || it == 3)
                break;
            weighted_sum(K, out, in, z, n);
            ok = oracle_vector(u, K, NULL, 0, DIRECTION_BITS, o->precision_limit);
        }
        if (ok)
        {
            qmat_transpose(z, z);
            qmat_mul(e->A, u, z);
        }
    }
    if (ok)
        qmat_canonicalise(e->A);
    else
        evidence_clear(e);
    qmat_vec_clear(out, n);
    qmat_vec_clear(in, n);
    qmat_clear(K);
    qmat_clear(N);
    qmat_clear(t);
    qmat_clear(u);
    qmat_clear(z);
    fmpq_clear(one);
    return ok;
}

int
gd_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const gd_offer_t *offer = o->offer;
    const about_t *about = ask->about;

    if (about == NULL || offer == NULL)
        return 0;
    if (about == &gd_about_bound)
    {
        evidence_init(e, EVIDENCE_WORD, ask->role);
        snprintf(e->word, sizeof e->word, "%s", offer->bound);
        return 1;
    }
    if (about->type == gd_about_joint)
    {
        evidence_init(e, EVIDENCE_NUMBERS, ask->role);
        e->nd = ask->count;
        e->d = _fmpq_vec_init(e->nd);
        oracle_multipliers(e->d, (const joint_t *) about);
        return 1;
    }
    if (!offer->constants)
        return 0;
    if (about->type == gd_about_quotient)
        return quotient_vector(o, ask, e);
    if (about != &gd_about_direction)
        return 0;
    if (offer->direction != NULL && qmat_rows(offer->direction) > 0)
        return oracle_give_matrix(e, ask, offer->direction);
    if (!direction(o, e))
        return 0;
    if (offer->direction != NULL)
        qmat_set(offer->direction, e->A);
    return 1;
}
