/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bounds of omega: dual points of the problem itself, and of that whose data are the outputs of the point, with less and less weight decay; and the units of
   the point without those that are not needed. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/copy.h"
#include "omega.h"
#include "prove/regularized_global_minimum/dual.h"
#include "prove/regularized_global_minimum/multiples.h"
#include "rules/inequality/inequality.h"

/* Weight decay is lowered to so small a part 2^-k of the largest that gives units. */
enum { FINEST = 12, FINEST_LINEAR = 30 };

typedef struct
{
    const qmat_struct *Q;
    const cones_t *tree;
    const fmpq *multiples;
} omega_offer_t;

int
omega_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const omega_offer_t *offer = o->offer;

    if (offer == NULL || ask->about == NULL)
        return 0;
    if (cones_give(e, ask, offer->tree))
        return 1;
    if (ask->about != &omega_about)
        return 0;
    if (strcmp(ask->role, "omega-dual") == 0)
        return offer->Q != NULL && oracle_give_matrix(e, ask, offer->Q);
    return offer->multiples != NULL && oracle_give_numbers(e, ask, offer->multiples);
}

/* cost := |w_i| |u_i|, about. */
static void
set_costs(fmpq *cost, const problem_t *P)
{
    slong i;
    NUMBERS(w2, u2);

    for (i = 0; i < qmat_rows(P->W); i++)
    {
        polar_squares(w2, u2, P, i);
        approx_to_fmpq(cost + i, sqrt(approx_fmpq(w2) * approx_fmpq(u2)), 40, 0);
    }
}

/* The outputs of the point as data, its last bias 0. */
static void
outputs_as_data(problem_t *T, const problem_t *P, const units_in_t *in)
{
    slong j;

    problem_set(T, P);
    T->loss = LOSS_SQUARE;
    polar_outputs(T->Y, in, P, NULL);
    fmpq_set_si(T->scale, 1, 2);
    for (j = 0; j < qmat_cols(P->X); j++)
        fmpq_set_si(T->weights + j, fmpq_sgn(P->weights + j) > 0, 1);
    if (problem_bias(P, 1) != NULL)
        qmat_sub(T->b + 1, T->b + 1, T->b + 1);
}

typedef struct
{
    proof_t *p;
    oracle_t *o;
    const claim_t *asked;
    const prove_options_t *opt;
    omega_offer_t offer;
    fmpq_t best;                        /* the largest lower bound that was shown */
} attempt_t;

static int
decided(attempt_t *a)
{
    a->o->offer = &a->offer;
    oracle_forget(a->o);
    prove_by_decision(a->p, a->o, a->asked, a->opt);
    a->o->offer = NULL;
    return a->p->outcome != OUTCOME_UNDECIDED;
}

typedef enum { NO_TREE, OPEN, DECIDED } found_kind;

/* Offers Q / mu, if a tree shows it. */
static found_kind
try_dual(attempt_t *a, const units_in_t *in, const qmat_t Q, const fmpq_t mu)
{
    cones_t t;
    cone_claim_t c;
    found_kind found = OPEN;
    MATRICES(scaled, F);
    NUMBERS(x, one);

    fmpq_one(one);
    fmpq_inv(x, mu);
    qmat_scale(scaled, Q, x);
    cones_init(&t, a->opt);
    t.exactly = 1;
    if (!polar_is_linear(in))
    {
        found = polar_cone_claim(&c, in, scaled, one) && cones_search(&t, &c) == CONES_PROVED ? OPEN : NO_TREE;
        cone_claim_clear(&c);
    }
    if (found == OPEN)
    {
        a->offer.Q = scaled;
        a->offer.tree = &t;
        found = decided(a) ? DECIDED : OPEN;
        polar_outputs(F, in, a->o->P, NULL);
        qmat_inner(x, scaled, F);
        if (fmpq_cmp(x, a->best) > 0)
            fmpq_set(a->best, x);
        a->offer.Q = NULL;
        a->offer.tree = NULL;
    }
    cones_clear(&t);
    return found;
}

/* The dual point near the optimum of a problem with weight decay; bias: it has its last bias. */
static int
try_problem(attempt_t *a, const units_in_t *in, const problem_t *T, int bias)
{
    facts_t none;
    setting_t s = { &none, T, NULL, NULL, NULL, NULL };
    best_t B;
    rgm_t r;
    found_kind found = NO_TREE;
    int i;
    MATRICES(Q);

    facts_init(&none, 256);
    if (rgm_init(&r, &s))
    {
        if (!bias)
            r.bias = 0;
        best_init(&B, &r);
        if (polar_is_linear(in))
            best_linear(&B, 1e-9, a->opt);
        if (polar_is_linear(in) || best_by_columns(&B, 1.0 / 32, 1e-5, 0, -1, a->opt))
            for (i = 0; i < 6 && found == NO_TREE && !proof_is_late(a->opt); i++)
            {
                best_dual(Q, &B, ldexp(B.excess, i) + ldexp(1, (polar_is_linear(in) ? -46 : -30) + 4 * i));
                qmat_scale_columns(Q, Q, r.D);
                found = try_dual(a, in, Q, T->weight_decay);
            }
        best_clear(&B);
    }
    rgm_clear(&r);
    facts_clear(&none);
    return found == DECIDED;
}

/* At a minimiser with weight decay R D / mu is the best dual point. */
static int
try_residual(attempt_t *a, const units_in_t *in)
{
    const problem_t *P = a->o->P;
    facts_t none;
    setting_t s = { &none, P, NULL, NULL, NULL, NULL };
    rgm_t r;
    int ok = 0;
    MATRICES(Q);

    if (P->loss != LOSS_SQUARE || fmpq_is_zero(P->weight_decay))
        return 0;
    facts_init(&none, 256);
    if (rgm_init(&r, &s))
    {
        qmat_scale_columns(Q, r.R, r.D);
        ok = try_dual(a, in, Q, P->weight_decay) == DECIDED;
    }
    rgm_clear(&r);
    facts_clear(&none);
    return ok;
}

/* The largest weight decay with which units are worth their cost, about. */
static double
largest_decay(const problem_t *T, const units_in_t *in)
{
    double sum = 0, *X = approx_matrix(in->X, 0), *Y = approx_matrix(T->Y, 0);
    slong i, j, m = qmat_cols(T->X);

    for (j = 0; j < m; j++)
    {
        double x = 0, y = 0;
        for (i = 0; i < qmat_rows(in->X); i++)
            x += X[i * m + j] * X[i * m + j];
        for (i = 0; i < qmat_rows(T->Y); i++)
            y += Y[i * m + j] * Y[i * m + j];
        sum += sqrt(x * y);
    }
    flint_free(X);
    flint_free(Y);
    return sum;
}

/* The bounds that were found, where they do not decide. */
static void
reach(attempt_t *a)
{
    facts_t none;
    NUMBERS(x);

    facts_init(&none, 256);
    if (fmpq_sgn(a->best) > 0)
        proof_reach(a->p, "omega_lower", "omega is at least about ", "", a->best, 0);
    if (omega_bound(x, &none, a->o->P, 1))
        proof_reach(a->p, "omega_upper", "omega is at most about ", "", x, 1);
    facts_clear(&none);
}

void
omega_prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    const problem_t *P = o->P;
    slong n = qmat_rows(P->W);
    int k, ok;
    fmpq *d = _fmpq_vec_init(n), *cost = _fmpq_vec_init(n);
    attempt_t a = { p, o, asked, opt, { 0 }, { { 0, 1 } } };
    problem_t T;
    units_in_t in;
    double largest;
    MATRICES(zero);

    problem_init(&T);
    polar_init(&in, P);
    set_costs(cost, P);
    ok = decided(&a);
    if (!ok && reduce_units(d, &in, P, cost) > 0)
    {
        a.offer.multiples = d;
        ok = decided(&a);
    }
    if (!ok)
    {   /* omega >= 0, which needs no tree */
        polar_outputs(zero, &in, P, NULL);
        qmat_sub(zero, zero, zero);
        a.offer.Q = zero;
        ok = decided(&a);
        a.offer.Q = NULL;
    }
    if (!ok && polar_is_within_reach(&in))
    {
        ok = try_residual(&a, &in) || (rgm_refuses(P) == NULL && try_problem(&a, &in, P, 1));
        outputs_as_data(&T, P, &in);
        largest = largest_decay(&T, &in);       /* 0: the outputs are 0 */
        for (k = 1; largest > 0 && k <= (polar_is_linear(&in) ? FINEST_LINEAR : FINEST) && !ok && !proof_is_late(opt); k += 2)
        {
            approx_to_fmpq(T.weight_decay, ldexp(largest, -k), 20, 0);
            ok = try_problem(&a, &in, &T, 0);
        }
    }
    if (!ok)
        reach(&a);
    fmpq_clear(a.best);
    polar_clear(&in);
    problem_clear(&T);
    _fmpq_vec_clear(d, n);
    _fmpq_vec_clear(cost, n);
}
