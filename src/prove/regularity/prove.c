/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The strategy for a regularity claim: which delta, alpha, beta and radius. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/jacobian.h"
#include "prove.h"
#include "text/decimal.h"

int
rc_is_given(const claim_t *c, int i)
{
    return c->value[i].given && !c->value[i].word;
}

int
rc_has_radius(const rc_prover_t *s)
{
    return s->asked->value[RC_RADIUS].given;
}

/* The bounds for the radii of N; f is initialised here and left to the caller. */
static int
bounds(rc_bounds_t *b, facts_t *f, rc_prover_t *s)
{
    setting_t setting;
    int ok;

    oracle_facts(f, s->o, s->rounding);
    setting = oracle_setting(s->o, f);
    ok = rc_bounds(b, s->g2, &setting, &s->N);
    if (!ok)
    {
        snprintf(s->missing, sizeof s->missing, "%s", f->reason);
        s->final = strcmp(f->failed_role, "point") == 0;
    }
    return ok;
}

/* 1 if the bounds imply the condition, or the cone is {0}. */
static int
holds(const rc_prover_t *s, const rc_bounds_t *b)
{
    fmpq_t d2;
    int empty;

    fmpq_init(d2);
    fmpq_mul(d2, s->k.delta, s->k.delta);
    empty = fmpq_cmp(s->g2, d2) < 0;
    fmpq_clear(d2);
    return empty || rc_holds(b, &s->k);
}

/* alpha := gamma / J2, rounded down if long. */
static void
best_alpha(rc_prover_t *s, const rc_bounds_t *b)
{
    fmpq_div(s->k.alpha, s->gamma, b->J2);
    round_unless_simple(s->k.alpha, s->opt->digits, 0);
}

/* 1 if the uniform radius rho is proved with the constants of s. */
static int
works(void *context, const fmpq_t rho)
{
    rc_prover_t *s = context;
    slong i;
    facts_t f;
    rc_bounds_t b;
    int ok;

    rc_bounds_init(&b);
    for (i = 0; i < s->N.n; i++)
        fmpq_set(s->N.radius + i, rho);
    ok = bounds(&b, &f, s);
    if (ok && s->best_alpha)
    {
        ok = fmpq_sgn(b.J2) > 0;
        if (ok)
            best_alpha(s, &b);
    }
    ok = ok && rc_holds(&b, &s->k);
    facts_clear(&f);
    rc_bounds_clear(&b);
    return ok;
}

/* rho := the largest uniform radius with some digits that works, N set accordingly; 0: none. */
static int
largest(fmpq_t rho, rc_prover_t *s)
{
    fmpq_t zero;
    int ok;

    fmpq_init(zero);
    proof_progress(s->opt, "largest radius");
    s->o->searching = 1;
    ok = works(s, zero)                 /* else not even in the limit of radius 0 */
        && largest_radius(rho, works, s, s->opt->digits, 0) && works(s, rho);
    s->o->searching = 0;
    fmpq_clear(zero);
    return ok;
}

/* 1 if the point on offer violates the condition for all radii times factor; f (NULL:
   none) keeps the facts. */
static int
violated(facts_t *keep, rc_prover_t *s, const fmpq_t factor)
{
    facts_t f;
    setting_t setting;
    int ok;

    oracle_facts(&f, s->o, s->rounding);
    setting = oracle_setting(s->o, &f);
    ok = rc_refute(&setting, &s->N, &s->k, factor);
    if (ok && keep != NULL)
    {
        facts_clear(keep);
        *keep = f;
    }
    else
        facts_clear(&f);
    return ok;
}

/* The factor by which the radii can at most be multiplied, with a witness. */
static void
add_radius_factor(proof_t *p, rc_prover_t *s)
{
    value_t *factor = p->k.constant + RC_RADIUS_FACTOR;
    setting_t setting = oracle_setting(s->o, &p->f);
    double t;
    problem_t W;

    if (neighbourhood_is_point(&s->N))
        return;
    proof_progress(s->opt, "sharpness");
    problem_init(&W);
    t = search_regularity(&W, s->P, &s->N, &s->k, 0);
    if (isfinite(t))
    {
        approx_to_fmpq(factor->x, t * (1 + 1e-8), 53, 1);
        decimal_round(factor->x, factor->x, s->opt->digits + 1, 1);
        s->o->witness = &W;
        p->f.aside = 1;
        if (!violated(NULL, s, factor->x))
            ;
        else if (fmpq_cmp_si(factor->x, 1) < 0)     /* cannot be, unless a rule is wrong */
            proof_miss(p, OUTCOME_UNDECIDED, "a counterexample was found inside the neighbourhood that "
                       "was proved: please report this problem file");
        else
            factor->given = rc_refute(&setting, &s->N, &s->k, factor->x);
        p->f.aside = 0;
        s->o->witness = NULL;
    }
    problem_clear(&W);
}

/* What is left out is 0, so that every alpha and beta are refuted. */
static int
refute(proof_t *p, rc_prover_t *s)
{
    problem_t W;
    fmpq_t one;
    int ok = 0;

    if (!rc_is_given(s->asked, RC_ALPHA))
        fmpq_zero(s->k.alpha);
    if (!rc_is_given(s->asked, RC_BETA))
        fmpq_zero(s->k.beta);

    proof_progress(s->opt, "counterexample");
    problem_init(&W);
    fmpq_init(one);
    fmpq_one(one);
    if (search_regularity(&W, s->P, &s->N, &s->k, 1 - 1e-8) < 1 - 1e-8)
    {
        s->o->witness = &W;
        ok = violated(&p->f, s, one);
        s->o->witness = NULL;
    }
    problem_clear(&W);
    fmpq_clear(one);
    return ok;
}

/* "alpha = 1/16 (0.0625)" */
static void
show(text_t *t, const char *name, const fmpq_t x, const char *after)
{
    text_printf(t, "%s = ", name);
    decimal_text(t, x, 5, 0);
    text_printf(t, "%s", after);
}

/* The paper's constants beside those of the claim. */
static void
remark(proof_t *p, rc_prover_t *s)
{
    fmpq_t alpha, beta;
    const char *why;
    double eta, norm = 0;
    text_t t;

    fmpq_init(alpha);
    fmpq_init(beta);
    text_init(&t);
    rc_default_beta(beta, s->gamma, s->k.delta);
    if (rc_default_alpha(alpha, s->o, s->gamma, s->opt->digits + 2, &why))
    {
        text_printf(&t, "Zhou & Liang 2017, Theorem %d, with gamma = ", network_is_chain(s->P) ? 4
                    : network_is_linear(s->P) ? 5 : 6);
        text_fmpq(&t, s->gamma);
        text_printf(&t, ": ");
        show(&t, "alpha", alpha, ", ");
        show(&t, "beta", beta, ", for some epsilon > 0 that it does not give");
    }
    eta = jacobian_eta(&norm, s->P, s->o->M);
    if (isfinite(eta) && fmpq_sgn(s->k.delta) > 0)
    {   /* eta ||u|| <= ||G v|| <= norm ||u||, u the part of v across the kernel */
        double delta = approx_fmpq(s->k.delta);
        text_printf(&t, "%sThe cone ", t.len > 0 ? ".\n" : "");
        if (delta > norm * (1 + 1e-9))
            text_printf(&t, "is empty: delta > ||G||");
        else if (delta > eta * (1 + 1e-9))
            text_printf(&t, "leaves out part of (ker G)^perp (delta > eta_min(G) = %.4g), and all beyond "
                        "%.1f degrees from it", eta, acos(fmin(1, delta / norm)) * 180 / M_PI);
        else
            text_printf(&t, "holds all directions within %.1f degrees of (ker G)^perp, and none beyond "
                        "%.1f degrees", acos(fmin(1, delta / eta)) * 180 / M_PI,
                        acos(fmin(1, delta / norm)) * 180 / M_PI);
        text_printf(&t, " (in double precision)");
    }
    snprintf(p->remark, sizeof p->remark, "%s", t.data);
    text_clear(&t);
    fmpq_clear(alpha);
    fmpq_clear(beta);
}

/* The constants for a given radius; 0 if none is positive. */
static int
choose(rc_prover_t *s, const rc_bounds_t *b)
{
    const claim_t *asked = s->asked;

    if (s->best_alpha)
    {
        if (fmpq_is_zero(b->J2))
        {
            snprintf(s->missing, sizeof s->missing, "the gradient vanishes on the whole neighbourhood, so "
                     "that there is no best alpha");
            return 0;
        }
        best_alpha(s, b);
    }
    if (!rc_is_given(asked, RC_BETA))
    {
        rc_best_beta(s->k.beta, b, &s->k);
        if (fmpq_is_zero(s->k.beta))
        {
            snprintf(s->missing, sizeof s->missing, "no beta > 0 is provable at this radius");
            return 0;
        }
        round_unless_simple(s->k.beta, s->opt->digits, 0);
    }
    else if (!rc_is_given(asked, RC_ALPHA) && !s->best_alpha)
    {
        rc_best_alpha(s->k.alpha, b, &s->k);
        if (fmpq_is_zero(s->k.alpha))
        {
            snprintf(s->missing, sizeof s->missing, "no alpha > 0 is provable at this radius");
            return 0;
        }
        round_unless_simple(s->k.alpha, s->opt->digits, 0);
    }
    if (holds(s, b))
        return 1;
    snprintf(s->missing, sizeof s->missing, "the bounds do not prove these constants at this radius");
    return 0;
}

static void
undecided(proof_t *p, rc_prover_t *s)
{
    fmpq_t rho;

    fmpq_init(rho);
    proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", s->missing);
    if (largest(rho, s))
        proof_reach(p, "best_radius", "these constants are provable up to radius = ", "", rho, 0);
    fmpq_clear(rho);
}

/* delta, alpha and beta as far as they do not depend on the radius. */
static int
constants(proof_t *p, rc_prover_t *s)
{
    const value_t *v = s->asked->value;
    const char *why;

    if (rc_is_given(s->asked, RC_DELTA))
        fmpq_set(s->k.delta, v[RC_DELTA].x);
    else if (!rc_default_delta(s->k.delta, s->o, s->opt->digits, &why))
        goto bad;
    if (rc_is_given(s->asked, RC_ALPHA))
        fmpq_set(s->k.alpha, v[RC_ALPHA].x);
    else if (!s->best_alpha && !(rc_has_radius(s) && rc_is_given(s->asked, RC_BETA))
             && !rc_default_alpha(s->k.alpha, s->o, s->gamma, s->opt->digits, &why))
        goto bad;
    if (rc_is_given(s->asked, RC_BETA))
        fmpq_set(s->k.beta, v[RC_BETA].x);
    else
        rc_default_beta(s->k.beta, s->gamma, s->k.delta);
    return 1;
bad:
    proof_miss(p, OUTCOME_BAD_DATA, "regularity: %s", why);
    return 0;
}

/* One try with one rounding; ok: the facts are left in p. */
static int
attempt(proof_t *p, rc_prover_t *s)
{
    fmpq_t rho;
    rc_bounds_t b;
    facts_t f;
    int ok = 1;
    slong i;

    oracle_forget(s->o);
    s->missing[0] = '\0';
    if (!rc_has_radius(s))
    {
        fmpq_init(rho);
        ok = largest(rho, s);
        for (i = 0; i < s->N.n; i++)
            fmpq_set(s->N.radius + i, rho);
        fmpq_clear(rho);
        if (!ok && s->missing[0] == '\0')
            snprintf(s->missing, sizeof s->missing, "no positive radius proves these constants (is "
                     "alpha ||G||^2 < 1 and (1 - alpha ||G||^2) delta^2 > beta?)");
    }
    if (!ok)
        return 0;
    rc_bounds_init(&b);
    ok = bounds(&b, &f, s);
    if (ok && neighbourhood_is_point(&s->N))
        ok = rc_is_given(s->asked, RC_BETA) || !fmpq_is_zero(s->k.beta);
    else if (ok)
        ok = rc_has_radius(s) ? choose(s, &b) : holds(s, &b);
    if (ok)
    {
        facts_clear(&p->f);
        p->f = f;
        rc_find(&p->k, s->g2, &s->k);
    }
    else
        facts_clear(&f);
    rc_bounds_clear(&b);
    return ok;
}

/* The claim := the radii and constants of s. */
static void
state(proof_t *p, const rc_prover_t *s)
{
    slong i;
    value_t *v = p->c.value;

    value_set_list(v + RC_RADIUS, s->N.n);
    v[RC_RADIUS].spread = 0;
    for (i = 0; i < s->N.n; i++)
        fmpq_set(v[RC_RADIUS].list + i, s->N.radius + i);
    fmpq_set(v[RC_ALPHA].x, s->k.alpha);
    fmpq_set(v[RC_BETA].x, s->k.beta);
    fmpq_set(v[RC_DELTA].x, s->k.delta);
    if (!(rc_is_given(s->asked, RC_ALPHA) && rc_is_given(s->asked, RC_BETA)))
    {   /* it had a part in the choice */
        fmpq_set(v[RC_GAMMA].x, s->gamma);
        v[RC_GAMMA].given = 1;
    }
}

static void
run(proof_t *p, rc_prover_t *s)
{
    static const slong roundings[] = { 256, 1024, 8192 };
    const claim_t *asked = s->asked;
    rc_bounds_t b;
    facts_t f;
    int ok, k;

    s->rounding = roundings[0];
    rc_bounds_init(&b);
    ok = bounds(&b, &f, s);             /* radius 0: the preconditions */
    facts_clear(&f);
    rc_bounds_clear(&b);
    if (!ok && !(rc_is_given(asked, RC_DELTA) && rc_is_given(asked, RC_ALPHA) && rc_is_given(asked, RC_BETA)
                 && rc_has_radius(s)))
    {
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", s->missing);
        return;
    }
    if (!constants(p, s))
        return;
    if (rc_has_radius(s))
        neighbourhood_take(&s->N, asked->value + RC_RADIUS);
    for (ok = 0, k = 0; k < 3 && !ok; k++)
    {   /* longer roundings help only when the short one fails */
        s->rounding = roundings[k];
        ok = attempt(p, s);
        if (!ok && k == 0 && rc_has_radius(s) && (rc_is_given(asked, RC_ALPHA) || rc_is_given(asked, RC_BETA))
            && !s->best_alpha && refute(p, s))
        {
            p->outcome = OUTCOME_REFUTED;
            p->k.verdict = VERDICT_REFUTED;
            state(p, s);
            return;
        }
        if (!ok && s->final)
            break;
    }
    if (!ok)
    {
        s->rounding = roundings[0];
        oracle_forget(s->o);
        undecided(p, s);
        return;
    }
    p->outcome = OUTCOME_PROVED;
    p->k.verdict = VERDICT_PROVED;
    state(p, s);
    add_radius_factor(p, s);
    if (p->outcome == OUTCOME_PROVED)
        remark(p, s);
}

void
rc_prover_start(rc_prover_t *s, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    memset(s, 0, sizeof *s);
    s->P = o->P;
    s->asked = asked;
    s->opt = opt;
    s->o = o;
    neighbourhood_init(&s->N, NORM_FROBENIUS, o->P->nblocks);
    rc_constants_init(&s->k);
    fmpq_init(s->gamma);
    fmpq_init(s->g2);
    if (rc_is_given(asked, RC_GAMMA))
        fmpq_set(s->gamma, asked->value[RC_GAMMA].x);
    else
        fmpq_set_si(s->gamma, 1, 2);
    s->best_alpha = asked->value[RC_ALPHA].word != 0;
}

void
rc_prover_stop(rc_prover_t *s)
{
    neighbourhood_clear(&s->N);
    rc_constants_clear(&s->k);
    fmpq_clear(s->gamma);
    fmpq_clear(s->g2);
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    rc_prover_t s;
    facts_t f;
    setting_t setting;
    const moments_t *M;

    facts_init(&f, 0);
    setting = oracle_setting(o, &f);
    M = setting_moments(&setting);      /* of feedforward networks too, for their norms */
    facts_clear(&f);
    if (M == NULL)
    {
        proof_miss(p, OUTCOME_UNDECIDED, "the data reduction failed");
        return;
    }
    rc_prover_start(&s, o, asked, opt);
    run(p, &s);
    rc_prover_stop(&s);
}

static const proposal_t proposals[] = {
    { "regularity",
      "<grad h(W), W - W*> >= alpha ||W - W*||^2 + beta ||grad h(W)||^2 on a cone near the point: the largest radius" },
    { NULL, NULL }
};

const prover_t prover_regularity = { "regularity", proposals, rc_matches, prove, rc_answer, NULL };
