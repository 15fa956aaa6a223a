/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One point W of the neighbourhood and one point V, exact: every lambda for
   which the claim holds satisfies h(W) - h(V) <= lambda ||grad h(W)||^2,
   because h(V) >= h*.  Refutes a lambda, or bounds it from below. */
#include <stdio.h>
#include "gradient_dominance.h"
#include "rules/witness.h"

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
        ok = witness_within(f, "distance", A, c->radius, NORM_SPECTRAL);
    }
    else
        for (i = 0; i < c->nradius && ok; i++)
        {
            snprintf(role, sizeof role, "distance:%ld", (long) i + 1);
            qmat_sub(A, Q->W + i, P->W + i);
            ok = witness_within(f, role, A, c->radius + i, c->norm);
            if (ok && P->b != NULL)
            {
                qmat_sub(A, Q->b + i, P->b + i);
                ok = witness_within(f, role, A, c->radius + i, NORM_FROBENIUS);
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
    if (!witness_point(&Q, f, "witness", required) || !is_member(f, &Q, P, c))
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
    witness_point(&Q, f, "better", 0);     /* absent: V = W* */
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
