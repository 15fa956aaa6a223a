/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradient dominance: which radius, which bound, which lambda. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/construct.h"
#include "network/evaluate.h"
#include "prove.h"
#include "text/decimal.h"
#include "network/copy.h"

int
gd_prover_start(gd_prover_t *s, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    facts_t f;
    setting_t setting;

    memset(s, 0, sizeof *s);
    facts_init(&f, 0);
    setting = oracle_setting(o, &f);
    s->P = o->P;
    s->M = setting_moments(&setting);   /* of feedforward networks too, for searches */
    s->o = o;
    s->asked = asked;
    s->opt = opt;
    s->rounding = 128;
    s->offer.bound = "block";
    o->offer = &s->offer;
    facts_clear(&f);
    return s->M != NULL;
}

int
gd_run(fmpq_t lambda, facts_t *f, gd_prover_t *s, const neighbourhood_t *N, const fmpq *want)
{
    setting_t setting;

    oracle_facts(f, s->o, s->rounding);
    setting = oracle_setting(s->o, f);
    return gd_derive(lambda, &setting, N, want);
}

/* The bounds that may prove something for these orders. */
static int
is_worth_trying(const gd_prover_t *s, const char *word)
{
    const problem_t *P = s->P;
    slong order = s->M->p * qmat_rows(P->Y);

    if (strcmp(word, "joint") == 0)     /* two layers: "data" is the same inequality */
        return P->nblocks > 1 && order <= FULL_ORDER && !(network_is_chain(P) && P->l == 2);
    if (strcmp(word, "data") == 0)
        return P->nblocks > 1 && !(order <= 64 && P->l > 2);
    return 1;
}

/* The smallest lambda over all bounds that apply; f holds its evidence.  Exact simple
   values win over values that are smaller by less than 1e-6. */
static int
best_lambda(fmpq_t lambda, facts_t *f, gd_prover_t *s, const neighbourhood_t *N, const fmpq *want)
{
    static const char *const words[] = { "block", "joint", "data" };
    int k, found = 0;
    fmpq_t x, t;
    facts_t g;

    if (!network_is_linear(s->P) || s->M->p == 0 || neighbourhood_is_point(N))
    {
        s->offer.bound = "point";
        found = gd_run(lambda, f, s, N, want);
        if (!found)
            snprintf(s->missing, sizeof s->missing, "%s: %s", f->failed_role, f->reason);
        return found;
    }
    fmpq_init(x);
    fmpq_init(t);
    for (k = 0; k < 3; k++)
    {
        if (!is_worth_trying(s, words[k]))
            continue;
        s->offer.bound = words[k];
        proof_progress(s->opt, words[k]);
        if (!gd_run(x, &g, s, N, want))
        {
            if (!found)
                snprintf(s->missing, sizeof s->missing, "%s: %s", g.failed_role, g.reason);
            facts_clear(&g);
            continue;
        }
        fmpq_div_2exp(t, x, 20);
        fmpq_add(t, t, x);
        if (!found || (fmpq_cmp(x, lambda) < 0 && !(is_simple(lambda) && fmpq_cmp(t, lambda) > 0)))
        {
            if (found)
                facts_clear(f);
            *f = g;
            fmpq_set(lambda, x);
            found = 1;
        }
        else
            facts_clear(&g);
    }
    if (!found)
        facts_init(f, s->rounding);
    fmpq_clear(x);
    fmpq_clear(t);
    return found;
}

void
gd_set_radius(neighbourhood_t *N, const fmpq_t rho)
{
    slong i;

    for (i = 0; i < N->n; i++)
        fmpq_set(N->radius + i, rho);
}

int
gd_radius_works(gd_prover_t *s, neighbourhood_t *N, const fmpq_t rho, const fmpq *want)
{
    facts_t f;
    fmpq_t x;
    int ok;

    fmpq_init(x);
    gd_set_radius(N, rho);
    ok = best_lambda(x, &f, s, N, want) && (want == NULL || fmpq_cmp(x, want) <= 0);
    facts_clear(&f);
    fmpq_clear(x);
    return ok;
}

typedef struct
{
    gd_prover_t *s;
    neighbourhood_t *N;
    const fmpq *want;
} radius_t;

static int
works(void *context, const fmpq_t rho)
{
    radius_t *r = context;

    return gd_radius_works(r->s, r->N, rho, r->want);
}

/* rho := the largest uniform radius that works, exact if simple; 0 if none is found.
   Changes N. */
static int
largest(fmpq_t rho, gd_prover_t *s, neighbourhood_t *N, const fmpq *want)
{
    radius_t r = { s, N, want };

    int found;

    proof_progress(s->opt, "largest radius");
    s->o->searching = 1;
    found = largest_radius(rho, works, &r, s->opt->digits, 1);
    s->o->searching = 0;
    return found;
}

/* gd_lambda_lower with what the oracle offers at present, on scratch facts. */
static int
try_lower(fmpq_t x, gd_prover_t *s, const neighbourhood_t *N)
{
    facts_t f;
    setting_t setting;
    int ok;

    oracle_facts(&f, s->o, s->rounding);
    setting = oracle_setting(s->o, &f);
    ok = gd_lambda_lower(x, &setting, N) && !f.failed;
    facts_clear(&f);
    return ok;
}

/* 1 if the paper's constant can be stated with its evidence, on scratch facts. */
static int
try_paper(fmpq_t x, gd_prover_t *s)
{
    facts_t f;
    setting_t setting;
    int ok;

    oracle_facts(&f, s->o, s->rounding);
    setting = oracle_setting(s->o, &f);
    ok = gd_paper_lambda(x, &setting) && !f.failed;
    facts_clear(&f);
    return ok;
}

/* Candidates of the search for a witness, by what one of them costs, so that it takes a fraction of a second for any size; 0:
   too few to be of use. */
static int
effort(const gd_prover_t *s)
{
    const double work = 4e6;
    double most = work / ((double) network_parameters(s->P) * (double) qmat_cols(s->P->X));

    return most < 20 ? 0 : (int) fmin(most, 800);
}

/* Puts a point of the neighbourhood on offer if it says clearly more than the limit
   along a direction does. */
static void
offer_witness(problem_t *W, problem_t *V, gd_prover_t *s, const neighbourhood_t *N, const fmpq_t lambda)
{
    fmpq_t limit, at_point, t;
    int has_limit, ok;
    double enough = 0.9995 * fmpq_get_d(lambda);

    if (effort(s) == 0)
        return;
    fmpq_init(limit);
    fmpq_init(at_point);
    fmpq_init(t);
    s->offer.constants = 1;
    has_limit = try_lower(limit, s, N);
    s->offer.constants = 0;
    if (!(has_limit && fmpq_get_d(limit) >= enough) && search_witness(W, V, s->P, N, effort(s), has_limit ? 1.01 * fmpq_get_d(limit) : 0, enough))
    {
        s->o->witness = W;
        s->o->better = V;
        ok = try_lower(at_point, s, N);
        fmpq_set_si(t, 100, 101);
        fmpq_mul(at_point, at_point, t);
        if (!ok || (has_limit && fmpq_cmp(at_point, limit) <= 0))
            s->o->witness = s->o->better = NULL;
    }
    fmpq_clear(limit);
    fmpq_clear(at_point);
    fmpq_clear(t);
}

/* Looks for lower bounds of lambda and the paper's constant, with evidence: an extra,
   each tried on scratch facts before its evidence goes into the proof. */
static void
add_constants(proof_t *p, gd_prover_t *s, const neighbourhood_t *N)
{
    value_t *lower = p->k.constant + GD_LAMBDA_LOWER, *paper = p->k.constant + GD_PAPER_LAMBDA;
    const fmpq *lambda = p->c.value[GD_LAMBDA].x;
    setting_t setting = oracle_setting(s->o, &p->f);
    problem_t W, V;
    qmat_t direction;
    fmpq_t x;

    fmpq_init(x);
    problem_init(&W);
    problem_init(&V);
    qmat_init(direction, 0, 0);
    s->offer.direction = direction;
    proof_progress(s->opt, "constants");
    offer_witness(&W, &V, s, N, lambda);
    s->offer.constants = 1;
    p->f.aside = 1;
    if (try_lower(x, s, N) && fmpq_sgn(x) > 0 && gd_lambda_lower(x, &setting, N))
    {
        if (is_simple(x) || fmpq_equal(x, lambda))
            fmpq_set(lower->x, x);
        else
            decimal_round(lower->x, x, s->opt->digits + 2, 0);
        lower->given = 1;
    }
    if (try_paper(x, s) && gd_paper_lambda(x, &setting))
    {
        round_unless_simple(x, s->opt->digits + 2, 0);
        fmpq_set(paper->x, x);
        paper->given = 1;
    }
    p->f.aside = 0;
    s->o->witness = s->o->better = NULL;
    s->offer.constants = 0;
    s->offer.direction = NULL;
    qmat_clear(direction);
    problem_clear(&W);
    problem_clear(&V);
    fmpq_clear(x);
}

/* The facts of p := a refutation with the points on offer; 0 if they are none. */
static int
refuted(proof_t *p, gd_prover_t *s, const neighbourhood_t *N, const fmpq_t lambda)
{
    facts_t f;
    setting_t setting;
    int ok, stationary;

    oracle_facts(&f, s->o, s->rounding);
    setting = oracle_setting(s->o, &f);
    ok = gd_refute(&stationary, &setting, N, lambda);
    if (!ok)
    {
        facts_clear(&f);
        return 0;
    }
    facts_clear(&p->f);
    p->f = f;
    p->outcome = OUTCOME_REFUTED;
    p->k.verdict = VERDICT_REFUTED;
    conclusion_find_si(&p->k, GD_STATIONARY, stationary);
    return 1;
}

/* A counterexample in N, recorded in p; 0 if none is found. */
static int
refute(proof_t *p, gd_prover_t *s, const neighbourhood_t *N, const fmpq_t lambda)
{
    problem_t W, V;
    int ok = 0, effort;

    problem_init(&W);
    problem_init(&V);
    proof_progress(s->opt, "counterexample");
    for (effort = 400; !ok && effort <= 40000; effort *= 10)
    {
        if (!search_witness(&W, &V, s->P, N, effort, 0, INFINITY))
            break;
        s->o->witness = &W;
        s->o->better = &V;
        ok = refuted(p, s, N, lambda);
        s->o->witness = s->o->better = NULL;
    }
    problem_clear(&W);
    problem_clear(&V);
    return ok;
}

/* At a point with zero gradient and a better point elsewhere no radius and no lambda
   is valid.  What is left out is set to 0 and 1. */
static int
refute_stationary(proof_t *p, gd_prover_t *s, neighbourhood_t *N)
{
    const problem_t *P = s->P;
    value_t *lambda = p->c.value + GD_LAMBDA;
    problem_t V;
    qmat_t one;
    fmpq_t g2;
    int ok;

    fmpq_init(g2);
    ok = network_is_rational(P) && evaluate_gradient_norm2(g2, P, s->M) && fmpq_is_zero(g2)
        && evaluate_at_minimum(P, s->M) == 0;
    fmpq_clear(g2);
    if (!ok)
        return 0;
    problem_init(&V);
    problem_set(&V, P);
    qmat_init(one, 0, 0);
    qmat_set_one(one, qmat_rows(P->Y));
    if (!s->asked->value[GD_LAMBDA].given)
        fmpq_one(lambda->x);
    s->o->witness = P;
    s->o->better = &V;
    /* the least-squares minimum, if some point attains it; otherwise a search */
    ok = network_is_linear(P)
        && (network_reaches_every_map(P) ? construct_residual(&V, s->M, NULL, NULL)
            : network_width(P) == qmat_rows(P->Y) && construct_linear(&V, s->M, one, NULL))
        && refuted(p, s, N, lambda->x);
    s->o->witness = s->o->better = NULL;
    problem_clear(&V);
    qmat_clear(one);
    return ok || refute(p, s, N, lambda->x);
}

/* Why no lambda at all is proved. */
static void
what_is_missing(proof_t *p, const gd_prover_t *s)
{
    const problem_t *P = s->P;
    slong i, width = qmat_rows(P->Y), least = FLINT_MIN(s->M->p, width);

    for (i = 0; i + 1 < P->nblocks; i++)
        width = FLINT_MIN(width, qmat_rows(P->W + i));
    if (network_is_chain(P) && width < least)
        snprintf(p->message, sizeof p->message, "missing: a bottleneck of width %ld is narrower than "
                 "min(d_l, rank X) = %ld, so no layer's gradient sees every residual; the theorem "
                 "does not apply", (long) width, (long) least);
    else
        snprintf(p->message, sizeof p->message, "missing: a positive lower bound of the gradient at "
                 "this radius (%s)", s->missing);
}

/* Undecided: the best lambda at this radius, the best radius for this lambda. */
static void
undecided(proof_t *p, gd_prover_t *s, const neighbourhood_t *N)
{
    const value_t *v = s->asked->value;
    neighbourhood_t M;
    facts_t f;
    fmpq_t x;
    int found = 0;

    fmpq_init(x);
    neighbourhood_init(&M, N->norm, N->n);
    if (v[GD_RADIUS].given)
    {
        found = best_lambda(x, &f, s, N, NULL);
        facts_clear(&f);
    }
    if (found)
    {
        round_unless_simple(x, s->opt->digits, 1);
        proof_miss(p, OUTCOME_UNDECIDED,
                   "neither proved nor refuted: a larger lambda or a smaller radius is provable");
        proof_reach(p, "best_lambda", "at this radius lambda = ", " is provable", x, 1);
    }
    else
        what_is_missing(p, s);
    p->outcome = OUTCOME_UNDECIDED;
    if (largest(x, s, &M, v[GD_LAMBDA].given ? v[GD_LAMBDA].x : NULL))
        proof_reach(p, "best_radius", v[GD_LAMBDA].given ? "this lambda is provable up to radius = "
                    : "some lambda is provable up to radius = ", "", x, 0);
    neighbourhood_clear(&M);
    fmpq_clear(x);
}

/* N := the radii that were given, or the paper's, or the largest; 0, and the outcome, if
   there are none. */
static int
choose_radius(proof_t *p, gd_prover_t *s, neighbourhood_t *N)
{
    const value_t *radius = s->asked->value + GD_RADIUS, *lambda = s->asked->value + GD_LAMBDA;
    const char *why;
    fmpq_t x;
    int ok = 1;

    fmpq_init(x);
    if (radius->given && !radius->word)
        neighbourhood_take(N, radius);
    else if (radius->word || !lambda->given)
    {
        ok = gd_paper_radius(x, s, N->norm, s->opt->digits, &why);
        if (ok)
            gd_set_radius(N, x);
        else if (!refute_stationary(p, s, N))
            proof_miss(p, OUTCOME_BAD_DATA, "radius: %s", why);
    }
    else
    {
        ok = largest(x, s, N, lambda->x);
        gd_set_radius(N, x);
        if (!ok && !refute_stationary(p, s, N))
        {
            undecided(p, s, N);
            proof_miss(p, OUTCOME_UNDECIDED, "no positive radius proves this lambda%s",
                       network_is_linear(s->P) && network_is_minimizer(s->P, s->M)
                       ? "; at radius 0 it holds trivially" : "");
        }
    }
    fmpq_clear(x);
    return ok;
}

/* p := the smallest lambda, or the one that was given, on N. */
static void
decide(proof_t *p, gd_prover_t *s, neighbourhood_t *N)
{
    static const slong roundings[] = { 128, 1024, 8192 };
    const value_t *asked = s->asked->value + GD_LAMBDA;
    value_t *lambda = p->c.value + GD_LAMBDA;
    fmpq_t x;
    int ok = 0, k;

    fmpq_init(x);
    for (k = 0; k < 3 && !ok; k++)
    {   /* longer roundings help only when the short one fails */
        if (s->rounding != roundings[k])
            oracle_forget(s->o);
        s->rounding = roundings[k];
        facts_clear(&p->f);
        ok = best_lambda(x, &p->f, s, N, asked->given ? asked->x : NULL)
            && (!asked->given || fmpq_cmp(x, asked->x) <= 0);
        if (!ok && k == 0 && (asked->given ? refute(p, s, N, asked->x) : refute_stationary(p, s, N)))
            break;
    }
    if (!ok && p->outcome != OUTCOME_REFUTED)
    {
        if (s->rounding != roundings[0])
            oracle_forget(s->o);
        s->rounding = roundings[0];
        undecided(p, s, N);
    }
    if (ok)
    {
        if (!asked->given)
        {
            round_unless_simple(x, s->opt->digits, 1);
            fmpq_set(lambda->x, x);
        }
        p->outcome = OUTCOME_PROVED;
        p->k.verdict = VERDICT_PROVED;
        add_constants(p, s, N);
    }
    fmpq_clear(x);
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    gd_prover_t s;
    neighbourhood_t N;
    slong i, n = gd_radius_count(o->P);
    value_t *radius = p->c.value + GD_RADIUS;

    if (!gd_prover_start(&s, o, asked, opt))
    {
        proof_miss(p, OUTCOME_UNDECIDED, "the data reduction failed");
        return;
    }
    p->outcome = OUTCOME_UNDECIDED;
    neighbourhood_init(&N, asked->value[GD_NORM].n, n);
    if (choose_radius(p, &s, &N))
        decide(p, &s, &N);
    value_set_list(radius, n);
    radius->spread = 0;
    for (i = 0; i < n; i++)
        fmpq_set(radius->list + i, N.radius + i);
    neighbourhood_clear(&N);
    o->offer = NULL;
}

/* 1 if the radii are the paper's, rounded down to some number of digits. */
static int
is_paper_radius(gd_prover_t *s, const value_t *radius, norm_kind norm)
{
    const char *why;
    fmpq_t tau, x;
    slong i;
    int digits, ok = 0;

    fmpq_init(tau);
    fmpq_init(x);
    if (gd_paper_radius(tau, s, norm, 30, &why))
        for (digits = 1; digits <= 30 && !ok; digits++)
        {
            decimal_round(x, tau, digits, 0);
            ok = fmpq_equal(x, radius->list) || fmpq_equal(tau, radius->list);
        }
    for (i = 1; i < radius->n; i++)
        ok &= fmpq_equal(radius->list, radius->list + i);
    fmpq_clear(tau);
    fmpq_clear(x);
    return ok;
}

extern const prover_t prover_gradient_dominance;

/* What is left out: the paper's radius, or with lambda given a positive one; in a
   refutation radius 0 and a vanishing gradient, which refute every radius and lambda. */
static int
matches(const claim_t *asked, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const value_t *radius = asked->value + GD_RADIUS, *lambda = asked->value + GD_LAMBDA;
    gd_prover_t s;
    oracle_t o;
    moments_t M;
    neighbourhood_t N;
    prove_options_t opt = { ORACLE_PRECISION, 30, NULL, NULL, 0, 1 };
    int ok = 1, zero;

    neighbourhood_set(&N, c->value + GD_NORM, c->value + GD_RADIUS);
    zero = neighbourhood_is_point(&N);
    neighbourhood_clear(&N);
    if (k->verdict == VERDICT_REFUTED && !lambda->given && !conclusion_found_si(k, GD_STATIONARY, 1))
        return 0;
    if (radius->given && !radius->word)
        return 1;
    if (k->verdict == VERDICT_REFUTED && zero && conclusion_found_si(k, GD_STATIONARY, 1))
        return 1;
    if (!radius->word && lambda->given)
        return k->verdict == VERDICT_PROVED && !zero;
    moments_none(&M);
    oracle_init(&o, &prover_gradient_dominance, P, &M, ORACLE_PRECISION);
    ok = gd_prover_start(&s, &o, asked, &opt)
        && is_paper_radius(&s, c->value + GD_RADIUS, c->value[GD_NORM].n);
    oracle_clear(&o);
    moments_clear(&M);
    return ok;
}

static const proposal_t proposals[] = {
    { "gradient-dominance: {radius: 1/1000}",
      "within distance 1/1000 of the point, h(W) - h* <= lambda ||grad h(W)||^2: the smallest lambda that is proved" },
    { "gradient-dominance",
      "the same on the theorem's own neighbourhood, whose radius is computed" },
    { NULL, NULL }
};

const prover_t prover_gradient_dominance = { "gradient-dominance", proposals, matches, prove, gd_answer, NULL };
