/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* regularized-global-minimum: a dual point near the optimum over all widths, or the network that is better. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "algebra/approx.h"
#include "dual.h"
#include "kernel/rank.h"
#include "kernel/scope.h"

int
rgm_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const rgm_offer_t *offer = o->offer;
    slong i;

    if (offer == NULL || ask->about == NULL)
        return 0;
    if (ask->about == &rgm_about_dual)
        return offer->Q != NULL && oracle_give_matrix(e, ask, offer->Q);
    if (cones_give(e, ask, offer->tree))
        return 1;
    if (ask->about != &rgm_about_unit)
        return 0;
    if (strcmp(ask->role, "scale") == 0)
        return offer->scale != NULL && oracle_give_numbers(e, ask, offer->scale);
    if (strcmp(ask->role, "bias") == 0)
        return offer->bias != NULL && oracle_give_numbers(e, ask, offer->bias);
    i = atol(ask->role + strlen("unit:"));
    return i <= offer->units && oracle_give_numbers(e, ask, offer->unit + (i - 1) * offer->unit_size);
}

int
polar_is_within_reach(const units_in_t *in)
{
    return polar_is_linear(in) || rank_of(in->X) <= MOST_RANK;
}

int
rgm_offer_escape(rgm_offer_t *offer, fmpq *unit, const best_t *B)
{
    slong size = B->M.d + B->M.k, i;
    double *x = flint_malloc(size * sizeof *x);
    int found = best_escape(x, x + B->M.d, B) > 0;

    for (i = 0; i < size && found; i++)
        approx_to_fmpq(unit + i, x[i], 30, 0);
    offer->unit = unit;
    offer->units = found;
    offer->unit_size = size;
    flint_free(x);
    return found;
}

cones_kind
rgm_exact_tree(cones_t *t, const rgm_t *r, const qmat_t Q)
{
    cone_claim_t c;
    cones_kind found;

    if (polar_is_linear(&r->in))
        return CONES_PROVED;
    t->exactly = 1;
    t->factor = 1;
    found = rgm_cone_claim(&c, r, Q) ? cones_search(t, &c) : CONES_LIMIT;
    cone_claim_clear(&c);
    return found;
}

/* Offers Q (NULL: the residual of the point) and its tree, if it needs one. */
static int
offer_dual(proof_t *p, oracle_t *o, const qmat_struct *Q, const cones_t *t, const claim_t *asked, const prove_options_t *opt)
{
    rgm_offer_t offer = { .Q = Q, .tree = t };
    int ok;

    o->offer = &offer;
    oracle_forget(o);
    ok = asked->value[RGM_GAP].word ? proof_try_smallest(p, o, p->c.value + RGM_GAP, RGM_EXCESS, 0, opt->digits)
        : proof_try(p, o, VERDICT_PROVED);
    o->offer = NULL;
    return ok;
}

/* Looks for the tree of Q, and offers both. */
static int
try_dual(proof_t *p, oracle_t *o, const rgm_t *r, const qmat_struct *Q, const claim_t *asked, const prove_options_t *opt)
{
    cones_t t;
    int ok;

    cones_init(&t, opt);
    proof_progress(opt, "cones, exactly");
    ok = rgm_exact_tree(&t, r, Q == NULL ? r->R : Q) == CONES_PROVED;
    if (ok)
        ok = offer_dual(p, o, Q, &t, asked, opt);
    else
        facts_fail(&p->f, "tree", "no tree of cones was found within the limits");
    cones_clear(&t);
    return ok;
}

/* x rounded to 40 bits. */
static void
round_all(fmpq *q, const double *x, slong n)
{
    slong i;

    for (i = 0; i < n; i++)
        approx_to_fmpq(q + i, x[i], 40, 0);
}

static int
try_units(proof_t *p, oracle_t *o, rgm_offer_t *offer)
{
    int ok;

    o->offer = offer;
    ok = proof_try(p, o, VERDICT_REFUTED);
    o->offer = NULL;
    return ok;
}

/* One more unit, if that is enough; otherwise the best network that was found in the place of the point. */
static int
refute(proof_t *p, oracle_t *o, const best_t *B, const prove_options_t *opt)
{
    const units_t *M = &B->M;
    slong size = M->d + M->k, i, n = FLINT_MAX(B->n, 1);
    fmpq *unit = _fmpq_vec_init(n * size), *b = _fmpq_vec_init(M->k);
    double *x = flint_malloc(size * sizeof *x);
    rgm_offer_t offer = { 0 };
    int ok = 0;
    NUMBERS(zero);

    proof_progress(opt, "a better network");
    offer.unit = unit;
    offer.unit_size = size;
    offer.units = 1;
    if (best_escape(x, x + M->d, B) > 0)
    {
        round_all(unit, x, size);
        ok = try_units(p, o, &offer);
    }
    if (!ok)
    {
        for (i = 0; i < B->n; i++)
        {
            round_all(unit + i * size, B->w + i * M->d, M->d);
            round_all(unit + i * size + M->d, B->u + i * M->k, M->k);
        }
        round_all(b, B->b, M->k);
        offer.units = B->n;
        offer.scale = zero;
        offer.bias = B->r->bias ? b : NULL;
        ok = try_units(p, o, &offer);
    }
    _fmpq_vec_clear(unit, n * size);
    _fmpq_vec_clear(b, M->k);
    flint_free(x);
    return ok;
}

/* Without a search: the network without units, or one more unit. */
static int
refute_quickly(proof_t *p, oracle_t *o, const best_t *B, const prove_options_t *opt)
{
    rgm_offer_t offer = { 0 };
    NUMBERS(zero);

    offer.scale = zero;
    return try_units(p, o, &offer) || refute(p, o, B, opt);
}

/* The dual point 0, if nothing else is found: a loss is not negative. */
static int
try_zero(proof_t *p, oracle_t *o, const rgm_t *r, const claim_t *asked, const prove_options_t *opt)
{
    int ok;
    MATRICES(Q);

    qmat_sub(Q, r->R, r->R);
    ok = try_dual(p, o, r, Q, asked, opt);
    return ok;
}

/* The largest excess whose dual point is good enough, down to that of B; < 0: none. */
static double
enough(const best_t *B, double loss, double want)
{
    double e;
    int k;

    for (k = 5; (e = ldexp(1, -k)) > B->excess && k < 60; k++)
        if (loss - units_dual(&B->M, B->Q, 1 / (1 + e)) <= want * (1 - 1e-6))
            return e;
    return loss - units_dual(&B->M, B->Q, 1 / (1 + B->excess)) <= want ? B->excess : -1;
}

/* Q := simple numbers next to the dual point of B, which may be the optimum exactly; 0 if one is not simple, or they are worth less. */
static int
simple_dual(qmat_t Q, const best_t *B)
{
    slong i, n = B->M.k * B->M.m;
    double top = 0, near;
    int ok = n <= 1000;
    fmpq *q = _fmpq_vec_init(n);
    NUMBERS(x, width, low, high);

    for (i = 0; i < n; i++)
        top = fmax(top, fabs(B->Q[i]));
    near = top * fmax(2 * B->excess, 1e-5);
    approx_to_fmpq(width, near, 20, 1);
    for (i = 0; i < n && ok; i++)
    {
        if (fabs(B->Q[i]) <= near || B->M.D[i % B->M.m] == 0)
            continue;
        approx_to_fmpq(x, B->Q[i], 53, 0);
        fmpq_sub(low, x, width);
        fmpq_add(high, x, width);
        fmpq_simplest_between(q + i, low, high);
        ok = fmpz_cmp_si(fmpq_denref(q + i), 100) <= 0;
    }
    qmat_set_entries(Q, B->M.k, B->M.m, q);
    _fmpq_vec_clear(q, n);
    if (ok)
    {
        double *exact = approx_matrix(Q, 0);
        ok = units_dual(&B->M, exact, 1) >= units_dual(&B->M, B->Q, 1 / (1 + B->excess));
        flint_free(exact);
    }
    return ok;
}

/* The dual point of B with an excess, or with more of it where rounding bites. */
static int
try_best(proof_t *p, oracle_t *o, const best_t *B, double excess, const claim_t *asked, const prove_options_t *opt)
{
    int i;
    MATRICES(Q);

    if (simple_dual(Q, B) && try_dual(p, o, B->r, Q, asked, opt))
        return 1;
    for (i = 0; i < 6; i++)
    {
        best_dual(Q, B, ldexp(excess, i) + ldexp(1, (fmpq_is_one(B->r->in.slope) ? -46 : -30) + 4 * i));
        if (try_dual(p, o, B->r, Q, asked, opt))
            return 1;
    }
    return 0;
}

static void
search(proof_t *p, oracle_t *o, const rgm_t *r, const claim_t *asked, const prove_options_t *opt)
{
    const value_t *gap = asked->value + RGM_GAP;
    int linear = polar_is_linear(&r->in), found;
    double want = gap->word ? 0 : gap->given ? approx_fmpq(gap->x) : 0, loss, e;
    best_t B;
    MATRICES(Q);
    NUMBERS(h);

    rgm_loss(h, r);
    loss = approx_fmpq(h);
    best_init(&B, r);
    if (!gap->word && refute_quickly(p, o, &B, opt))
    {
        best_clear(&B);
        return;
    }
    if (linear)
        best_linear(&B, 1e-9, opt);
    found = linear || best_by_columns(&B, 1.0 / 32, ldexp(1, -19), loss, gap->word ? -1 : want, opt);
    if (!found && (gap->word || !(loss - B.loss > want) || !refute(p, o, &B, opt)) && !try_zero(p, o, r, asked, opt))
        proof_miss(p, OUTCOME_UNDECIDED, "missing: a tree of cones within the limits");
    else if (!found)
        ;                               /* refuted, or proved by 0 */
    else if (gap->word)
    {
        if (!try_best(p, o, &B, B.excess, asked, opt) && !try_zero(p, o, r, asked, opt))
            proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", p->f.reason);
    }
    else if (want > 0 && ((e = enough(&B, loss, want)) >= 0 || simple_dual(Q, &B)) && try_best(p, o, &B, e >= 0 ? e : B.excess, asked, opt))
        ;
    else if ((loss - B.loss > want * (1 - 1e-9) && refute(p, o, &B, opt)) || (loss <= want && try_zero(p, o, r, asked, opt)))
        ;
    else
    {
        fmpq_t x;
        fmpq_init(x);
        approx_to_fmpq(x, loss - units_dual(&B.M, B.Q, 1 / (1 + B.excess)), 30, 1);
        proof_reach(p, "gap", "the smallest gap found is about ", ", with gap: best it is proved", x, 1);
        fmpq_clear(x);
        proof_miss(p, OUTCOME_UNDECIDED, gap->given ? "missing: a dual point for so small a gap"
                   : "missing: the point is no exact minimiser, and no better network was found; give a gap");
    }
    best_clear(&B);
}

/* What needs no tree: a better network, and a dual point by norms, or 0. */
static int
without_tree(proof_t *p, oracle_t *o, const rgm_t *r, const claim_t *asked, const prove_options_t *opt)
{
    best_t B;
    int ok = 0, i;
    MATRICES(Q);

    best_init(&B, r);
    if (!asked->value[RGM_GAP].word)
        ok = refute_quickly(p, o, &B, opt);
    if (!ok && best_by_norms(&B) > 0)
        for (i = 0; i < 5 && !ok; i++)
        {
            best_dual(Q, &B, ldexp(1, 6 * i - 30));
            ok = offer_dual(p, o, Q, NULL, asked, opt);
        }
    if (!ok && asked->value[RGM_GAP].given)
    {
        qmat_sub(Q, r->R, r->R);
        ok = offer_dual(p, o, Q, NULL, asked, opt);
    }
    best_clear(&B);
    return ok;
}

static void
remark_norms(proof_t *p, slong rank)
{
    if (p->outcome == OUTCOME_PROVED)
        snprintf(p->remark, sizeof p->remark, "the data have rank %ld: by norms alone; up to rank %d a tree of cones would give a better bound", (long) rank, MOST_RANK);
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    facts_t none;
    setting_t s;
    slong rank;
    rgm_t r;

    facts_init(&none, 256);
    s = oracle_setting(o, &none);
    if (rgm_init(&r, &s))
    {
        rank = rank_of(r.in.X);
        if (rgm_is_tight(&r) && polar_is_within_reach(&r.in) && try_dual(p, o, &r, NULL, asked, opt))
            ;
        else if (!polar_is_within_reach(&r.in) && without_tree(p, o, &r, asked, opt))
            remark_norms(p, rank);
        else if (!polar_is_within_reach(&r.in))
            proof_miss(p, OUTCOME_UNDECIDED, "missing: a tree of cones; the data have rank %ld, and above %d it is hours of work, "
                       "about 12 times as many cones for every dimension: fewer features, or their projection on %d "
                       "directions, would do", (long) rank, MOST_RANK, MOST_RANK);
        else
            search(p, o, &r, asked, opt);
    }
    else
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", none.reason);
    rgm_clear(&r);
    facts_clear(&none);
}

static const proposal_t proposals[] = {
    { "regularized-global-minimum: {gap: best}",
      "how far the loss is at most from the least that any number of hidden units could reach with this weight decay" },
    { NULL, NULL }
};

const prover_t prover_regularized_global_minimum = { "regularized-global-minimum", proposals, NULL, prove, rgm_answer, NULL };
