/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* landscape: the best of many descents from above, a tree of cones from below. */
#include "config.h"
#include <math.h>
#include "algebra/approx.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/copy.h"
#include "network/loss.h"
#include "prove/kinks/kinks.h"
#include "prove/regularized_global_minimum/cones.h"
#include "rules/landscape/landscape.h"

typedef struct
{
    const fmpq *rho;
    const cones_t *tree;
} offer_t;

static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const offer_t *offer = o->offer;
    const landscape_about_t *about = (const landscape_about_t *) ask->about;

    if (offer == NULL || about == NULL || about->about.type != landscape_about_type)
        return 0;
    if (about->claim == NULL)
        return oracle_give_numbers(e, ask, offer->rho);
    return cones_give(e, ask, offer->tree);
}

/* h := the loss of Q, exact. */
static int
loss_of(fmpq_t h, const problem_t *Q)
{
    facts_t none;
    setting_t s = { &none, Q, NULL, NULL, NULL };
    pass_t p;
    int ok;

    facts_init(&none, 256);
    ok = pass_forward(&p, &s);
    if (ok)
        loss_bounds(NULL, h, Q, pass_output(&p));
    pass_clear(&p);
    facts_clear(&none);
    return ok;
}

/* W_2 := the best one for W_1, exactly. */
static void
solve_last(problem_t *Q)
{
    fmpq *D = _fmpq_vec_init(qmat_cols(Q->X));
    NUMBERS(x);
    MATRICES(Phi, PhiD, t);

    problem_curvature(D, Q);
    qmat_mul(Phi, Q->W, Q->X);
    activation_apply(Phi, Phi, Q->act);
    qmat_scale_columns(PhiD, Phi, D);
    qmat_inner(x, PhiD, Phi);
    if (!fmpq_is_zero(x))
        fmpq_inv(x, x);
    qmat_transpose(t, PhiD);
    qmat_mul(Q->W + 1, Q->Y, t);
    qmat_scale(Q->W + 1, Q->W + 1, x);
    _fmpq_vec_clear(D, qmat_cols(Q->X));
}

/* Simple numbers in the place of W_1, its largest one 1 or -1, each within the error, with the best W_2 for them: kept if the loss is smaller. */
static void
try_simple(problem_t *Q, fmpq_t h, const double *w, double error)
{
    slong d = qmat_cols(Q->W), i;
    double most = 0;
    fmpq *y = _fmpq_vec_init(d);
    problem_t V;
    NUMBERS(x, low, high);

    for (i = 0; i < d; i++)
        most = fmax(most, fabs(w[i]));
    for (i = 0; i < d && most > 0; i++)
    {
        approx_to_fmpq(low, w[i] / most - error, 53, 0);
        approx_to_fmpq(high, w[i] / most + error, 53, 0);
        fmpq_simplest_between(y + i, low, high);
    }
    problem_init(&V);
    problem_set(&V, Q);
    qmat_set_entries(V.W, 1, d, y);
    solve_last(&V);
    if (loss_of(x, &V) && fmpq_cmp(x, h) < 0)
    {
        fmpq_set(h, x);
        problem_clear(Q);
        *Q = V;
    }
    else
        problem_clear(&V);
    _fmpq_vec_clear(y, d);
}

static void
polish_from(problem_t *Q, fmpq_t h, const double *w)
{
    static const double error[] = { 1e-2, 1e-4, 1e-6, 1e-8 };
    size_t i;

    for (i = 0; i < sizeof error / sizeof *error; i++)
        try_simple(Q, h, w, error[i]);
}

static void
polish(problem_t *Q, fmpq_t h)
{
    double *w = approx_matrix(Q->W, approx_exponent(Q->W));

    polish_from(Q, h, w);
    flint_free(w);
}

/* Q := the best point that descent finds, the point of the problem if there is none; h its loss. */
static int
find_point(problem_t *Q, fmpq_t h, const problem_t *P)
{
    facts_t none;
    setting_t s = { &none, P, NULL, NULL, NULL };
    pass_t p;
    kinks_t T;
    int ok = loss_of(h, P), better = 0;

    facts_init(&none, 256);
    if (ok && pass_forward(&p, &s))
    {
        if (kinks_init(&T, &p))
            better = kinks_find_better(Q, &T, approx_fmpq(h));
        kinks_clear(&T);
        pass_clear(&p);
    }
    if (!better)
        problem_set(Q, P);
    facts_clear(&none);
    ok = ok && loss_of(h, Q);
    if (ok)
        polish(Q, h);
    return ok;
}

/* The data, and what is asked for. */
typedef struct
{
    proof_t *p;
    problem_t *best;            /* the point with loss high, which trees may still improve so many times */
    int more;
    oracle_t *o;
    const prove_options_t *opt;
    qmat_t X, Y;
    fmpq *D;
    fmpq_t norm2, high;         /* sum D_j |y_j|^2 */
} search_t;

/* So many digits that rounding does not spoil the gap. */
static int
digits_for(const search_t *S, double gap)
{
    return S->opt->digits + 3 + (int) fmax(0, -log10(gap));
}

/* rho for a lower bound of about (1 - gap) high, and the exact lower bound that it gives, rounded down. */
static void
choose(fmpq_t rho, fmpq_t low, const search_t *S, double gap)
{
    double want = approx_fmpq(S->norm2) - 2 * approx_fmpq(S->high) * (1 - gap);
    NUMBERS(x);

    approx_to_fmpq(rho, sqrt(fmax(want, 0)), 45, 0);
    number_mul(x, rho, rho);
    number_sub(low, S->norm2, x);
    fmpq_div_2exp(low, low, 1);
    number_clamp(low);
    round_unless_simple(low, digits_for(S, gap), 0);
}

/* The same for the gap 0: 1 if rho is rational. */
static int
choose_exactly(fmpq_t rho, fmpq_t low, const search_t *S)
{
    NUMBERS(x, y);

    fmpq_set(low, S->high);
    number_sub(x, S->norm2, S->high);
    number_sub(x, x, S->high);
    if (fmpq_sgn(x) < 0)
        return 0;
    number_sqrt_lower(rho, x);
    number_mul(y, rho, rho);
    return fmpq_equal(x, y);
}

enum { EXACT_LEAVES = 20000 };

/* A direction of the independent rows of X in which there is a smaller loss: the best point, if it is better indeed. */
static int
take_witness(search_t *S, const double *c)
{
    slong d = qmat_cols(S->best->W), i, r = 0;
    double *w = flint_calloc(d + 1, sizeof *w);
    problem_t V;
    int better;
    NUMBERS(h);
    MATRICES(rows, one);

    /* the same rows as those of landscape_data: the first independent ones */
    qmat_some_rows(rows, S->o->P->X, 0, 0);
    for (i = 0; i < d && r < qmat_rows(S->X); i++)
    {
        qmat_some_rows(one, S->o->P->X, i, 1);
        qmat_stack(one, rows, one);
        if (rank_of(one) == r + 1)
        {
            qmat_set(rows, one);
            w[i] = c[r++];
        }
    }
    problem_init(&V);
    problem_set(&V, S->best);
    fmpq_set(h, S->high);
    polish_from(&V, h, w);
    better = fmpq_cmp(h, S->high) < 0;
    if (better)
    {
        fmpq_set(S->high, h);
        problem_clear(S->best);
        *S->best = V;
    }
    else
        problem_clear(&V);
    flint_free(w);
    return better;
}

/* Looks for a tree; -1: a better point was found instead. */
static int
find_tree(search_t *S, cones_t *t, const fmpq_t rho)
{
    cone_claim_t c;
    cones_kind found = CONES_LIMIT;

    if (landscape_claim(&c, S->X, S->Y, S->D, S->o->P, rho))
    {
        found = cones_search(t, &c);
        t->exactly = 1;
        if (found == CONES_PROVED)
            found = cones_search(t, &c);
    }
    cone_claim_clear(&c);
    return found == CONES_WITNESS && S->more-- > 0 && take_witness(S, t->w) ? -1 : found == CONES_PROVED;
}

/* 1 if a relative gap is proved; 0: exactly, the upper bound is the least loss. */
static int
try_gap(search_t *S, double gap)
{
    offer_t offer;
    cones_t t;
    conclusion_t *k = &S->p->k;
    int ok;
    NUMBERS(rho, low);

    if (gap > 0 && gap < 1)
        choose(rho, low, S, 0.999 * gap);
    else if (gap == 0 && !choose_exactly(rho, low, S) && !fmpq_is_zero(S->high))
        return 0;
    ok = qmat_cols(S->X) == 0 || fmpq_is_zero(low);
    cones_init(&t, S->opt);
    if (gap == 0)
        t.most_leaves = EXACT_LEAVES;
    if (!ok)
        ok = find_tree(S, &t, rho);
    if (ok < 0)
    {
        cones_clear(&t);
        return try_gap(S, gap);
    }
    if (ok)
    {
        offer.rho = rho;
        offer.tree = &t;
        S->o->offer = &offer;
        k->constant[LANDSCAPE_LOW].given = k->constant[LANDSCAPE_HIGH].given = 1;
        fmpq_set(k->constant[LANDSCAPE_LOW].x, low);
        fmpq_set(k->constant[LANDSCAPE_HIGH].x, S->high);
        if (gap > 0)
            round_unless_simple(k->constant[LANDSCAPE_HIGH].x, digits_for(S, gap), 1);
        if (S->p->c.value[LANDSCAPE_GAP].word)
            approx_to_fmpq(S->p->c.value[LANDSCAPE_GAP].x, gap, 30, 1);
        ok = proof_try(S->p, S->o, VERDICT_PROVED);
        S->o->offer = NULL;
    }
    cones_clear(&t);
    return ok;
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    static const double gaps[] = { 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1 };
    const value_t *gap = asked->value + LANDSCAPE_GAP;
    problem_t Q;
    search_t S = { .p = p, .o = o, .opt = opt, .best = &Q, .more = 20 };
    int i, ok, found;

    problem_init(&Q);
    qmat_init(S.X, 0, 0);
    qmat_init(S.Y, 0, 0);
    S.D = _fmpq_vec_init(qmat_cols(o->P->X));
    fmpq_init(S.norm2);
    fmpq_init(S.high);
    proof_progress(opt, "descents");
    ok = landscape_data(S.X, S.Y, S.D, S.norm2, o->P) && find_point(&Q, S.high, o->P);
    o->better = &Q;
    found = ok && try_gap(&S, 0);
    if (ok && !found && gap->given && !gap->word)
        found = fmpq_sgn(gap->x) > 0 && try_gap(&S, approx_fmpq(gap->x));
    else if (ok)
        for (i = gap->word ? 0 : 2; i < 7 && !found; i++)
            found = try_gap(&S, gaps[i]);
    if (!found)
        proof_miss(p, OUTCOME_UNDECIDED, "missing: no tree of cones is found, within the limits, that shows %s", gap->given && !gap->word
                   ? "so small a gap" : "a lower bound");
    o->better = NULL;
    problem_clear(&Q);
    qmat_clear(S.X);
    qmat_clear(S.Y);
    _fmpq_vec_clear(S.D, qmat_cols(o->P->X));
    fmpq_clear(S.norm2);
    fmpq_clear(S.high);
}

static const proposal_t proposals[] = {
    { "landscape", "one hidden unit: the least loss of all, between two bounds" },
    { NULL, NULL }
};

const prover_t prover_landscape = { "landscape", proposals, NULL, prove, answer, NULL };
