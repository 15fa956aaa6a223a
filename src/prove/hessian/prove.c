/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Hessian of one hidden layer: parameters to be fixed across the symmetries of its units, and strict-saddle, saddle and hessian-psd. */
#include "config.h"
#include "algebra/bound.h"
#include "hessian.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "prove/feedforward_points/answer.h"
#include "prove/kinks/kinks.h"
#include "rules/hessian/hessian.h"

/* Directions in which symmetries move the point, as columns of n parameters. */
typedef struct
{
    const problem_t *P;
    slong n, d, k, units, count;
    fmpq *x;                    /* count rows of n */
    qmat_t first;               /* [W_1, b_1] */
} directions_t;

/* Of parameter a of [w_i, b_i], or of u_i, in the last direction. */
static fmpq *
at_first(directions_t *T, slong i, slong a)
{
    return T->x + T->count * T->n + i * T->d + a;
}

static fmpq *
at_last(directions_t *T, slong i, slong a)
{
    return T->x + T->count * T->n + T->units * T->d + i * T->k + a;
}

/* w_i' = - w_j and u_j' = u_i, from the transformation E_ij; rotation: and the other way round, with the other signs. */
static void
add_pair(directions_t *T, slong i, slong j, int rotation)
{
    slong a;
    NUMBERS(x);

    for (a = 0; a < T->d; a++)
    {
        qmat_get_entry(x, T->first, j, a);
        fmpq_sub(at_first(T, i, a), at_first(T, i, a), x);
        qmat_get_entry(x, T->first, i, a);
        if (rotation)
            fmpq_add(at_first(T, j, a), at_first(T, j, a), x);
    }
    for (a = 0; a < T->k; a++)
    {
        qmat_get_entry(x, T->P->W + 1, a, i);
        fmpq_add(at_last(T, j, a), at_last(T, j, a), x);
        qmat_get_entry(x, T->P->W + 1, a, j);
        if (rotation)
            fmpq_sub(at_last(T, i, a), at_last(T, i, a), x);
    }
    T->count++;
}

/* Where the inputs of unit i do not see it; all of it if they are 0. */
static void
add_unseen(directions_t *T, const pass_t *p, slong i)
{
    fmpz_mat_t N;
    slong a, c, r;
    MATRICES(X);

    hessian_inputs(X, p, i);
    qmat_transpose(X, X);
    fmpz_mat_init(N, T->d, T->d);
    r = fmpz_mat_nullspace(N, X->num);
    for (c = 0; c < r; c++)
    {
        for (a = 0; a < T->d; a++)
            fmpq_set_fmpz(at_first(T, i, a), fmpz_mat_entry(N, a, c));
        T->count++;
    }
    for (a = 0; a < T->k && r == T->d; a++)
    {
        fmpq_one(at_last(T, i, a));
        T->count++;
    }
    fmpz_mat_clear(N);
}

/* A (n x q) := the q directions; 0 if there are not so many. */
static int
symmetries(qmat_t A, const pass_t *p, const slong *group, slong q)
{
    const problem_t *P = p->P;
    int decay = !fmpq_is_zero(P->weight_decay);
    slong i, j;
    directions_t T = { .P = P, .n = hessian_order(P), .k = qmat_rows(P->W + 1), .units = qmat_rows(P->W),
                       .d = qmat_cols(P->W) + (problem_bias(P, 0) != NULL) };
    MATRICES(X);

    T.x = _fmpq_vec_init((q + T.units * T.units + T.n) * T.n);
    qmat_init(T.first, 0, 0);
    problem_block(T.first, P, 0, 1);
    for (i = 0; i < T.units; i++)
    {
        hessian_inputs(X, p, i);
        if (!decay)
            add_unseen(&T, p, i);
        for (j = 0; j < T.units; j++)
            if (group[i] == group[j] && (decay ? i < j : !qmat_is_zero(X)))
                add_pair(&T, i, j, decay);
    }
    if (T.count == q)
    {
        qmat_set_entries(A, q, T.n, T.x);
        qmat_transpose(A, A);
    }
    _fmpq_vec_clear(T.x, (q + T.units * T.units + T.n) * T.n);
    qmat_clear(T.first);
    return T.count == q;
}

/* Parameters whose directions are transverse to the symmetries. */
static int
give_fixed(evidence_t *e, const ask_t *ask, const problem_t *P)
{
    facts_t none;
    setting_t s = { &none, P, NULL, NULL, NULL, NULL };
    slong i, q = 0, units = qmat_rows(P->W), *group = flint_malloc((units + 1) * sizeof *group), *pivots;
    fmpq *x = _fmpq_vec_init(ask->count);
    pass_t p;
    int ok;
    MATRICES(T, A, B);

    facts_init(&none, 256);
    ok = pass_forward(&p, &s) && pass_slopes(&p, &s);
    if (ok)
        q = hessian_symmetries(group, &p);
    ok = ok && q == ask->count && symmetries(T, &p, group, q);
    if (ok)
    {
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
        return kinks_answer(o, ask, e) || feedforward_answer(o, ask, e);
    evidence_init(e, EVIDENCE_BOUND, ask->role);
    if (oracle_psd(e, ask))
        return 1;
    evidence_clear(e);
    return 0;
}

/* Where neither a direction nor a Hessian is known, the reason why there is none. */
static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    prove_by_decision(p, o, asked, opt);
    if (p->outcome == OUTCOME_UNDECIDED && hessian_refuses(o->P) != NULL)
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s; no direction of negative curvature is found", hessian_refuses(o->P));
}

#define PROVER(id, name, yaml_says) \
    static const proposal_t id##_proposals[] = { { name, yaml_says }, { NULL, NULL } }; \
    extern const rule_t rule_hessian_##id; \
    const prover_t prover_hessian_##id = { name, id##_proposals, NULL, prove, hessian_answer, &rule_hessian_##id }

PROVER(strict_saddle, "strict-saddle", "the gradient is 0 and the curvature along some direction negative");
PROVER(saddle, "saddle", "the gradient is 0, with smaller and larger values nearby");
PROVER(psd_of_passes, "hessian-psd", "the Hessian is positive semidefinite");
