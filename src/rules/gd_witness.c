/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One point W of the neighbourhood and one point V, exact: every lambda for
   which the claim holds satisfies h(W) - h(V) <= lambda ||grad h(W)||^2,
   because h(V) >= h*.  Refutes a lambda, or bounds it from below. */
#include <stdio.h>
#include "gradient_dominance.h"
#include "../kernel/rank.h"

/* Replaces the blocks of Q by the matrices given under a role; 0 if absent. */
static int
read_point(problem_t *Q, facts_t *f, const char *role, int required)
{
    slong i;
    char name[ROLE_SIZE];
    const qmat_struct *A;

    for (i = 0; i < Q->nblocks; i++)
    {
        snprintf(name, sizeof name, "%s:%ld", role, (long) i + 1);
        A = fact_matrix(f, name, qmat_rows(Q->W + i), qmat_cols(Q->W + i), NULL,
                        required || i > 0);
        if (A == NULL)
            return 0;
        qmat_set(Q->W + i, A);
        if (Q->b == NULL)
            continue;
        snprintf(name, sizeof name, "%s-bias:%ld", role, (long) i + 1);
        A = fact_matrix(f, name, qmat_rows(Q->b + i), 1, NULL, 1);
        if (A == NULL)
            return 0;
        qmat_set(Q->b + i, A);
    }
    return 1;
}

/* ||A|| <= rho in the claim's norm: the Frobenius norm decides, or bounds the
   spectral one, for which evidence may be given. */
static int
within(facts_t *f, const char *role, const qmat_t A, const fmpq_t rho, norm_kind norm)
{
    int ok;
    fmpq_t x, r2;
    qmat_t K;

    fmpq_init(x);
    fmpq_init(r2);
    fmpq_mul(r2, rho, rho);
    qmat_frobenius2_midpoint(x, A);
    ok = fmpq_cmp(x, r2) <= 0;
    if (!ok && norm != NORM_FROBENIUS)
    {
        qmat_init(K, 0, 0);
        qmat_gram_smaller(K, A);
        fact_upper(x, f, role, "\\|W - W^*\\|^2", K, r2);
        ok = fmpq_cmp(x, r2) <= 0;
        qmat_clear(K);
    }
    if (!ok)
        facts_fail(f, role, "the point is not shown to lie in the neighbourhood");
    fmpq_clear(x);
    fmpq_clear(r2);
    return ok;
}

/* 1 if Q lies in the neighbourhood of the claim about P. */
static int
is_member(facts_t *f, const problem_t *Q, const problem_t *P, const claim_t *c)
{
    slong i;
    char role[ROLE_SIZE];
    int ok = 1;
    qmat_t A, B;

    qmat_init(A, 0, 0);
    qmat_init(B, 0, 0);
    if (c->norm == NORM_FEATURE)
    {   /* ||s(W_1 X + b) - s(W_1* X + b*)||, one hidden layer */
        const problem_t *R[2] = { Q, P };
        qmat_struct *H[2] = { A, B };
        for (i = 0; i < 2; i++)
        {
            qmat_mul(H[i], R[i]->W, P->X);
            if (P->b != NULL)
                qmat_add_column(H[i], H[i], R[i]->b);
            activation_apply(H[i], H[i], P->act);
        }
        qmat_sub(A, A, B);
        ok = within(f, "distance", A, c->radius, NORM_SPECTRAL);
    }
    else
        for (i = 0; i < c->nradius && ok; i++)
        {
            snprintf(role, sizeof role, "distance:%ld", (long) i + 1);
            qmat_sub(A, Q->W + i, P->W + i);
            ok = within(f, role, A, c->radius + i, c->norm);
            if (ok && P->b != NULL)
            {
                qmat_sub(A, Q->b + i, P->b + i);
                ok = within(f, role, A, c->radius + i, NORM_FROBENIUS);
            }
        }
    qmat_clear(A);
    qmat_clear(B);
    return ok;
}

int
gd_witness(fmpq_t excess, fmpq_t g2, facts_t *f, const problem_t *P, const claim_t *c,
           int required)
{
    slong k;
    int ok = 0, have_moments = 0;
    problem_t Q;
    moments_t M;
    fmpq_t h;

    for (k = 0; P->act != NULL && k < P->l - 1; k++)
        if (!activation_is_rational(P->act[k].kind))
            return 0;
    problem_init(&Q);
    fmpq_init(h);
    problem_set(&Q, P);
    if (!read_point(&Q, f, "witness", required) || !is_member(f, &Q, P, c))
        goto done;
    if (P->kind != NET_FEEDFORWARD)
    {
        have_moments = 1;
        if (!moments_init(&M, P))
            goto done;
    }
    network_loss(excess, &Q, have_moments ? &M : NULL);
    if (!network_gradient_norm2(g2, &Q, have_moments ? &M : NULL))
    {
        facts_fail(f, "witness:1", "a hidden unit is at a kink: there is no gradient");
        goto done;
    }
    problem_set(&Q, P);
    read_point(&Q, f, "better", 0);     /* absent: V = W* */
    if (f->failed)
        goto done;
    network_loss(h, &Q, have_moments ? &M : NULL);
    fmpq_sub(excess, excess, h);
    ok = 1;
done:
    if (have_moments)
        moments_clear(&M);
    problem_clear(&Q);
    fmpq_clear(h);
    return ok && !f->failed;
}

int
gd_refute(facts_t *f, const problem_t *P, const claim_t *c)
{
    int ok;
    fmpq_t excess, g2;

    fmpq_init(excess);
    fmpq_init(g2);
    ok = gd_witness(excess, g2, f, P, c, 1);
    if (ok)
    {
        fmpq_mul(g2, g2, c->lambda);
        ok = fmpq_cmp(excess, g2) > 0;
        if (!ok)
            facts_fail(f, "witness:1", "h(W) - h(V) <= lambda ||grad h(W)||^2 at this point");
        else
        {
            facts_note(f, "witness:1", "h(W) - h(V)", "=", excess);
            facts_note(f, "witness:1", "\\lambda \\|\\nabla h(W)\\|^2", "=", g2);
        }
    }
    else
        facts_fail(f, "witness:1", "no counterexample is given");
    fmpq_clear(excess);
    fmpq_clear(g2);
    return ok;
}
