/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Hessian of one hidden layer: parameters to be fixed across the rotations of its units, and strict-saddle and hessian-psd. */
#include "config.h"
#include "algebra/bound.h"
#include "hessian.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "prove/feedforward_points/answer.h"
#include "rules/hessian/hessian.h"

/* T (n x q) := the directions in which rotations move the point: w_i' = w_j, w_j' = -w_i, likewise b and u, for two units i < j of a
   group. */
static void
rotations(qmat_t T, const problem_t *P, const slong *group, slong q)
{
    slong units = qmat_rows(P->W), k = qmat_rows(P->W + 1), d = qmat_cols(P->W) + (problem_bias(P, 0) != NULL), i, j, a, c = 0;
    fmpq *x = _fmpq_vec_init(hessian_order(P) * q);
    MATRICES(first);

    problem_block(first, P, 0, 1);
    for (i = 0; i < units; i++)
        for (j = i + 1; j < units; j++)
        {
            if (group[i] != group[j])
                continue;
            for (a = 0; a < d; a++)
            {
                qmat_get_entry(x + (i * d + a) * q + c, first, j, a);
                qmat_get_entry(x + (j * d + a) * q + c, first, i, a);
                fmpq_neg(x + (j * d + a) * q + c, x + (j * d + a) * q + c);
            }
            for (a = 0; a < k; a++)
            {
                fmpq *at = x + (units * d + a) * q + c;
                qmat_get_entry(at + i * k * q, P->W + 1, a, j);
                qmat_get_entry(at + j * k * q, P->W + 1, a, i);
                fmpq_neg(at + j * k * q, at + j * k * q);
            }
            c++;
        }
    qmat_set_entries(T, hessian_order(P), q, x);
    _fmpq_vec_clear(x, hessian_order(P) * q);
}

/* Parameters whose directions are transverse to the rotations. */
static int
give_fixed(evidence_t *e, const ask_t *ask, const problem_t *P)
{
    facts_t none;
    setting_t s = { &none, P, NULL, NULL, NULL };
    slong i, q = 0, units = qmat_rows(P->W), *group = flint_malloc((units + 1) * sizeof *group), *pivots;
    fmpq *x = _fmpq_vec_init(ask->count);
    pass_t p;
    int ok;
    MATRICES(T, A, B);

    facts_init(&none, 256);
    ok = pass_forward(&p, &s) && pass_slopes(&p, &s);
    if (ok)
        q = hessian_rotations(group, &p);
    ok = ok && q == ask->count;
    if (ok)
    {
        rotations(T, P, group, q);
        pivots = flint_malloc((qmat_rows(T) + 1) * sizeof *pivots);
        ok = rank_factor_rows(A, B, pivots, T, q) == q;
        for (i = 0; i < q && ok; i++)
            fmpq_set_si(x + i, pivots[i] + 1, 1);
        flint_free(pivots);
    }
    ok = ok && oracle_give_numbers(e, ask, x);
    pass_clear(&p);
    facts_clear(&none);
    _fmpq_vec_clear(x, ask->count);
    flint_free(group);
    return ok;
}

int
hessian_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    if (ask->about == &hessian_about_fixed)
        return give_fixed(e, ask, o->P);
    if (ask->about != &hessian_about_psd)
        return feedforward_answer(o, ask, e);
    evidence_init(e, EVIDENCE_BOUND, ask->role);
    if (oracle_psd(e, ask))
        return 1;
    evidence_clear(e);
    return 0;
}

#define PROVER(id, name, yaml_says) \
    static const proposal_t id##_proposals[] = { { name, yaml_says }, { NULL, NULL } }; \
    extern const rule_t rule_hessian_##id; \
    const prover_t prover_hessian_##id = { name, id##_proposals, NULL, prove_by_decision, hessian_answer, &rule_hessian_##id }

PROVER(strict_saddle, "strict-saddle", "the gradient is 0 and the curvature along some direction negative");
PROVER(psd_of_passes, "hessian-psd", "the Hessian is positive semidefinite");
