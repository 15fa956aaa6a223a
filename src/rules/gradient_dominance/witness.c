/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One point W of the neighbourhood and one point V, exact: every lambda for
   which the claim holds satisfies h(W) - h(V) <= lambda ||grad h(W)||^2,
   because h(V) >= h*.  Refutes a lambda, or bounds it from below. */
#include "gradient_dominance.h"
#include "kernel/number.h"
#include "network/evaluate.h"
#include "rules/witness.h"
#include "kernel/scope.h"
#include "network/copy.h"

/* 1 if Q lies in the neighbourhood of the claim about P. */
static int
is_member(facts_t *f, const problem_t *Q, const problem_t *P, const neighbourhood_t *N)
{
    slong i;
    int ok;
    MATRICES(A, B);

    if (N->norm == NORM_FEATURE)
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
        ok = witness_within(f, "distance", A, N->radius, NORM_SPECTRAL);
    }
    else
        ok = witness_blocks_within(f, Q, P, N->radius, N->n, N->norm);
    return ok;
}

int
gd_witness(fmpq_t excess, fmpq_t g2, setting_t *s, const neighbourhood_t *N, int required)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    const moments_t *M;
    int ok = 0;
    problem_t Q;
    NUMBERS(h);

    if (!network_is_rational(P))
        return 0;
    problem_init(&Q);
    problem_set(&Q, P);
    if (!witness_point(&Q, f, 0, required) || !is_member(f, &Q, P, N))
        goto done;
    M = setting_moments_if_linear(s);
    if (f->failed)
        goto done;
    evaluate_loss(excess, &Q, M);
    if (!evaluate_gradient_norm2(g2, &Q, M))
    {
        facts_fail(f, "witness:1", "a hidden unit is at a kink: there is no gradient");
        goto done;
    }
    problem_set(&Q, P);
    witness_point(&Q, f, 1, 0);     /* absent: V = W* */
    if (f->failed)
        goto done;
    evaluate_loss(h, &Q, M);
    number_sub(excess, excess, h);
    ok = 1;
done:
    problem_clear(&Q);
    return ok && !f->failed;
}

int
gd_refute(int *stationary, setting_t *s, const neighbourhood_t *N, const fmpq_t lambda)
{
    facts_t *f = s->f;
    int ok;
    NUMBERS(excess, g2);

    ok = gd_witness(excess, g2, s, N, 1);
    *stationary = ok && fmpq_is_zero(g2);
    if (ok)
    {
        number_mul(g2, g2, lambda);
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
    return ok;
}
