/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The strategy for a regularity claim: which delta, alpha, beta and radius. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/jacobian.h"
#include "prove/oracle.h"
#include "certificate/certificate.h"
#include "rules/regularity/regularity.h"

typedef struct
{
    const problem_t *P;
    const claim_spec_t *spec;
    const prove_options_t *opt;
    oracle_t *o;
    slong rounding;
    fmpq_t gamma;
    char missing[300];
} rc_prover_t;

/* The bounds for the radii of c; f is initialised here and left to the caller. */
static int
bounds(rc_bounds_t *b, facts_t *f, rc_prover_t *s, const claim_t *c)
{
    int ok;

    facts_init(f, s->rounding);
    f->oracle = oracle_answer;
    f->context = s->o;
    ok = rc_bounds(b, f, s->P, c);
    if (!ok)
        snprintf(s->missing, sizeof s->missing, "%s", f->reason);
    return ok;
}

/* alpha := gamma / J2, rounded down if long. */
static void
best_alpha(claim_t *c, const rc_prover_t *s, const rc_bounds_t *b)
{
    fmpq_div(c->alpha, s->gamma, b->J2);
    if (!is_simple(c->alpha))
        decimal_round(c->alpha, c->alpha, s->opt->digits, 0);
}

/* 1 if the uniform radius rho is proved with the constants of c. */
static int
works(rc_prover_t *s, claim_t *c, const fmpq_t rho)
{
    slong i;
    facts_t f;
    rc_bounds_t b;
    int ok;

    rc_bounds_init(&b);
    for (i = 0; i < c->nradius; i++)
        fmpq_set(c->radius + i, rho);
    ok = bounds(&b, &f, s, c);
    if (ok && s->spec->alpha_best)
    {
        ok = fmpq_sgn(b.J2) > 0;
        if (ok)
            best_alpha(c, s, &b);
    }
    ok = ok && rc_holds(&b, c);
    facts_clear(&f);
    rc_bounds_clear(&b);
    return ok;
}

typedef struct
{
    rc_prover_t *s;
    claim_t *c;
} radius_t;

static int
radius_works(void *context, const fmpq_t rho)
{
    radius_t *r = context;

    return works(r->s, r->c, rho);
}

/* rho := the largest uniform radius with some digits that works, c set accordingly; 0: none. */
static int
largest(fmpq_t rho, rc_prover_t *s, claim_t *c)
{
    radius_t r = { s, c };
    fmpq_t zero;
    int ok;

    fmpq_init(zero);
    proof_progress(s->opt, "largest radius");
    ok = works(s, c, zero)              /* else not even in the limit of radius 0 */
        && largest_radius(rho, radius_works, &r, s->opt->digits, 0) && works(s, c, rho);
    fmpq_clear(zero);
    return ok;
}

/* How many starts of the search are affordable. */
static int
starts(const problem_t *P, int most)
{
    slong i;
    double n = 0, cost;

    for (i = 0; i < P->nblocks; i++)
        n += (double) qmat_rows(P->W + i) * qmat_cols(P->W + i);
    cost = 300 * (4 * n * n + 20 * n * qmat_cols(P->X));
    return (int) fmin(most, 4e9 / cost);
}

/* The factor by which the radii can at most be multiplied, with a witness. */
static void
add_radius_factor(proof_t *p, rc_prover_t *s)
{
    slong i;
    int positive = 0, ok;
    double t;
    problem_t W;
    facts_t f;
    fmpq_t x;

    for (i = 0; i < p->c.nradius; i++)
        positive |= fmpq_sgn(p->c.radius + i) > 0;
    if (!positive || starts(s->P, 400) < 1)
        return;
    proof_progress(s->opt, "sharpness");
    problem_init(&W);
    fmpq_init(x);
    t = oracle_search_regularity(&W, s->P, &p->c, starts(s->P, 400), 1e6, 0);
    if (isfinite(t))
    {
        approx_to_fmpq(x, t * (1 + 1e-8), 53, 1);
        decimal_round(x, x, s->opt->digits + 1, 1);
        s->o->witness = &W;
        facts_init(&f, s->rounding);
        f.oracle = oracle_answer;
        f.context = s->o;
        ok = rc_refute(&f, s->P, &p->c, x);
        facts_clear(&f);
        if (ok && fmpq_cmp_si(x, 1) < 0)
        {   /* cannot be, unless a rule is wrong */
            p->outcome = OUTCOME_UNDECIDED;
            snprintf(p->message, sizeof p->message, "a counterexample was found inside the "
                     "neighbourhood that was proved: please report this problem file");
        }
        else if (ok && rc_refute(&p->f, s->P, &p->c, x))
        {
            p->k.has_radius_factor = 1;
            fmpq_set(p->k.radius_factor, x);
        }
        s->o->witness = NULL;
    }
    problem_clear(&W);
    fmpq_clear(x);
}

static int
refute(proof_t *p, rc_prover_t *s)
{
    problem_t W;
    facts_t f;
    fmpq_t one;
    int ok = 0, n = starts(s->P, 1000);

    if (n < 1)
        return 0;
    proof_progress(s->opt, "counterexample");
    problem_init(&W);
    fmpq_init(one);
    fmpq_one(one);
    if (isfinite(oracle_search_regularity(&W, s->P, &p->c, n, 1 - 1e-8, 1)))
    {
        s->o->witness = &W;
        facts_init(&f, s->rounding);
        f.oracle = oracle_answer;
        f.context = s->o;
        ok = rc_refute(&f, s->P, &p->c, one);
        if (ok)
        {
            facts_clear(&p->f);
            p->f = f;
        }
        else
            facts_clear(&f);
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
    rc_default_beta(beta, s->gamma, p->c.delta);
    if (rc_default_alpha(alpha, s->o, s->gamma, s->opt->digits + 2, &why))
    {
        text_printf(&t, "Zhou & Liang 2017, Theorem %d, with gamma = ", s->P->kind == NET_LINEAR ? 4
                    : s->P->kind == NET_RESIDUAL ? 5 : 6);
        text_fmpq(&t, s->gamma);
        text_printf(&t, ": ");
        show(&t, "alpha", alpha, ", ");
        show(&t, "beta", beta, ", for some epsilon > 0 that it does not give");
    }
    eta = jacobian_eta(&norm, s->P, s->o->M);
    if (isfinite(eta) && fmpq_sgn(p->c.delta) > 0)
    {   /* eta ||u|| <= ||G v|| <= norm ||u||, u the part of v across the kernel */
        double delta = approx_fmpq(p->c.delta);
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
choose(claim_t *c, rc_prover_t *s, const rc_bounds_t *b)
{
    const claim_spec_t *spec = s->spec;

    if (spec->alpha_best)
    {
        if (fmpq_is_zero(b->J2))
        {
            snprintf(s->missing, sizeof s->missing, "the gradient vanishes on the whole neighbourhood, so "
                     "that there is no best alpha");
            return 0;
        }
        best_alpha(c, s, b);
    }
    if (!spec->has_beta)
    {
        rc_best_beta(c->beta, b, c);
        if (fmpq_is_zero(c->beta))
        {
            snprintf(s->missing, sizeof s->missing, "no beta > 0 is provable at this radius");
            return 0;
        }
        if (!is_simple(c->beta))
            decimal_round(c->beta, c->beta, s->opt->digits, 0);
    }
    else if (!spec->has_alpha && !spec->alpha_best)
    {
        rc_best_alpha(c->alpha, b, c);
        if (fmpq_is_zero(c->alpha))
        {
            snprintf(s->missing, sizeof s->missing, "no alpha > 0 is provable at this radius");
            return 0;
        }
        if (!is_simple(c->alpha))
            decimal_round(c->alpha, c->alpha, s->opt->digits, 0);
    }
    if (rc_holds(b, c))
        return 1;
    snprintf(s->missing, sizeof s->missing, "the bounds do not prove these constants at this radius");
    return 0;
}

static void
undecided(proof_t *p, rc_prover_t *s)
{
    p->outcome = OUTCOME_UNDECIDED;
    snprintf(p->message, sizeof p->message, "missing: %s", s->missing);
    p->has_best_radius = largest(p->best_radius, s, &p->c);
}

/* delta, alpha and beta as far as they do not depend on the radius. */
static int
constants(proof_t *p, rc_prover_t *s)
{
    const claim_spec_t *spec = s->spec;
    const char *why;

    if (spec->has_delta)
        fmpq_set(p->c.delta, spec->delta);
    else if (!rc_default_delta(p->c.delta, s->P, s->o->M, s->opt->digits, &why))
        goto bad;
    if (spec->has_alpha)
        fmpq_set(p->c.alpha, spec->alpha);
    else if (!spec->alpha_best && !(spec->has_radius && spec->has_beta)
             && !rc_default_alpha(p->c.alpha, s->o, s->gamma, s->opt->digits, &why))
        goto bad;
    if (spec->has_beta)
        fmpq_set(p->c.beta, spec->beta);
    else
        rc_default_beta(p->c.beta, s->gamma, p->c.delta);
    return 1;
bad:
    p->outcome = OUTCOME_BAD_DATA;
    snprintf(p->message, sizeof p->message, "regularity: %s", why);
    return 0;
}

void
oracle_prove_regularity(proof_t *p, oracle_t *o, const claim_spec_t *spec,
                        const prove_options_t *opt)
{
    rc_prover_t s;
    rc_bounds_t b;
    facts_t f;
    slong i, n = o->P->nblocks;
    int ok, zero = spec->has_radius, k;
    static const slong roundings[] = { 256, 1024, 8192 };

    memset(&s, 0, sizeof s);
    s.P = o->P;
    s.spec = spec;
    s.opt = opt;
    s.o = o;
    s.rounding = roundings[0];
    fmpq_init(s.gamma);
    fmpq_set_si(s.gamma, 1, 2);
    if (spec->has_gamma)
        fmpq_set(s.gamma, spec->gamma);
    rc_bounds_init(&b);
    claim_set_radii(&p->c, n);
    p->c.norm = NORM_FROBENIUS;
    facts_clear(&p->f);
    facts_init(&p->f, s.rounding);
    ok = bounds(&b, &f, &s, &p->c);     /* radius 0: the preconditions */
    facts_clear(&f);
    if (!ok && !(spec->has_delta && spec->has_alpha && spec->has_beta && spec->has_radius))
    {
        p->outcome = OUTCOME_UNDECIDED;
        snprintf(p->message, sizeof p->message, "missing: %s", s.missing);
        goto done;
    }
    if (!constants(p, &s))
        goto done;
    for (i = 0; i < n && spec->has_radius; i++)
    {
        fmpq_set(p->c.radius + i, spec->radius + (spec->nradius == 1 ? 0 : i));
        zero &= fmpq_is_zero(p->c.radius + i);
    }
    for (ok = 0, k = 0; k < 3 && !ok; k++)
    {   /* longer roundings help only when the short one fails */
        s.rounding = roundings[k];
        facts_clear(&o->cache);
        facts_init(&o->cache, 0);
        if (!spec->has_radius)
        {
            fmpq_t rho;
            fmpq_init(rho);
            ok = largest(rho, &s, &p->c);
            for (i = 0; i < n; i++)
                fmpq_set(p->c.radius + i, rho);
            fmpq_clear(rho);
            if (!ok && s.missing[0] == '\0')
                snprintf(s.missing, sizeof s.missing, "no positive radius proves these constants (is "
                         "alpha ||G||^2 < 1 and (1 - alpha ||G||^2) delta^2 > beta?)");
        }
        else
            ok = 1;
        if (ok)
        {
            ok = bounds(&b, &f, &s, &p->c)
                && (zero ? spec->has_beta || !fmpq_is_zero(p->c.beta)
                    : spec->has_radius ? choose(&p->c, &s, &b) : rc_holds(&b, &p->c));
            if (ok)
            {
                facts_clear(&p->f);
                p->f = f;
            }
            else
                facts_clear(&f);
        }
        if (!ok && k == 0 && spec->has_radius && (spec->has_alpha || spec->has_beta)
            && !spec->alpha_best && refute(p, &s))
        {
            p->outcome = OUTCOME_REFUTED;
            p->k.verdict = VERDICT_REFUTED;
            goto done;
        }
        if (!ok && strstr(s.missing, "exactly") != NULL)
            break;
    }
    if (!ok)
    {
        s.rounding = roundings[0];
        facts_clear(&o->cache);
        facts_init(&o->cache, 0);
        undecided(p, &s);
        goto done;
    }
    p->outcome = OUTCOME_PROVED;
    p->k.verdict = VERDICT_PROVED;
    add_radius_factor(p, &s);
    if (p->outcome == OUTCOME_PROVED)
        remark(p, &s);
done:
    fmpq_clear(s.gamma);
    rc_bounds_clear(&b);
}
