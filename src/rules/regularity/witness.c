/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One exact point of the neighbourhood and of the cone at which the regularity
   condition fails.  Nothing is assumed about W*. */
#include <stdio.h>
#include "kernel/number.h"
#include "network/evaluate.h"
#include "network/tangent.h"
#include "regularity.h"
#include "rules/witness.h"
#include "kernel/scope.h"
#include "network/copy.h"

/* 1 if the condition is false for the displacement V = W - W*, W = Q. */
static int
violates(setting_t *s, const problem_t *Q, const qmat_struct *V, const rc_constants_t *k)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    const moments_t *M = setting_moments_if_linear(s);
    slong i;
    int ok = 0;
    qmat_struct *grad = qmat_vec_init(P->nblocks);
    NUMBERS(v2, g2, x, lhs);

    if (f->failed)
        goto done;
    for (i = 0; i < P->nblocks; i++)
    {
        qmat_frobenius2_midpoint(x, V + i);
        number_add(v2, v2, x);
    }
    /* the cone, at W* */
    if (!network_tangent_norm2(x, P, M, V))
    {
        facts_fail(f, "point", "a hidden unit is at a kink at W*: there is no Jacobian");
        goto done;
    }
    number_mul(lhs, k->delta, k->delta);
    number_mul(lhs, lhs, v2);
    if (fmpq_cmp(x, lhs) < 0)
    {
        facts_fail(f, "witness:1", "the point is not in the cone ||G v|| >= delta ||v||");
        goto done;
    }
    if (!evaluate_gradient(g2, grad, Q, M))
    {
        facts_fail(f, "witness:1", "a hidden unit is at a kink: there is no gradient");
        goto done;
    }
    fmpq_zero(lhs);
    for (i = 0; i < P->nblocks; i++)
    {
        qmat_inner(x, grad + i, V + i);
        number_add(lhs, lhs, x);
    }
    number_mul(g2, g2, k->alpha);
    number_mul(v2, v2, k->beta);
    number_add(x, g2, v2);
    ok = fmpq_cmp(lhs, x) < 0;
    if (!ok)
        facts_fail(f, "witness:1", "the condition holds at this point");
    else
    {
        facts_note(f, "witness:1", "\\langle \\nabla h(W), v \\rangle", "=", lhs);
        facts_note(f, "witness:1", "\\alpha \\|\\nabla h(W)\\|^2 + \\beta \\|v\\|^2", "=", x);
    }
done:
    qmat_vec_clear(grad, P->nblocks);
    return ok;
}

int
rc_refute(setting_t *s, const neighbourhood_t *N, const rc_constants_t *k, const fmpq_t factor)
{
    slong i;
    int ok;
    facts_t *f = s->f;
    const problem_t *P = s->P;
    problem_t Q;
    qmat_struct *V;
    NUMBERS(rho);
    char role[ROLE_SIZE];

    if (!network_is_rational(P))
    {
        facts_fail(f, "witness:1", "a counterexample needs rational activations");
        return 0;
    }
    problem_init(&Q);
    V = qmat_vec_init(P->nblocks);
    problem_set(&Q, P);
    ok = witness_point(&Q, f, 0, 1);
    for (i = 0; i < P->nblocks && ok; i++)
    {
        qmat_sub(V + i, Q.W + i, P->W + i);
        number_mul(rho, N->radius + i, factor);
        snprintf(role, sizeof role, "witness:%ld", (long) i + 1);
        ok = witness_within(f, role, V + i, rho, NORM_FROBENIUS);
    }
    ok = ok && violates(s, &Q, V, k);
    qmat_vec_clear(V, P->nblocks);
    problem_clear(&Q);
    return ok && !f->failed;
}
