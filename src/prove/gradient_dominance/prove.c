/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradient dominance: which radius, which bound, which lambda. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "prove/oracle.h"
#include "certificate/certificate.h"
#include "kernel/number.h"

typedef struct
{
    const problem_t *P;
    const prove_options_t *opt;
    const moments_t *M;
    oracle_t *o;
    slong rounding;
    char missing[400];          /* the last reason for which nothing was proved */
} prover_t;

/* One run of the rule with the bound s->o->bound; f is initialised here and
   left for the caller whatever the outcome. */
static int
derive(fmpq_t lambda, facts_t *f, prover_t *s, const claim_t *c, const fmpq *want)
{
    facts_init(f, s->rounding);
    f->oracle = oracle_answer;
    f->context = s->o;
    if (s->P->kind == NET_FEEDFORWARD)
        return gd_feedforward_derive(lambda, f, s->P, c, want);
    return gd_linear_derive(lambda, f, s->P, s->M, c, want);
}

/* The smallest lambda over all bounds that apply; f holds its evidence, word
   its bound.  Exact simple values win over values that are smaller by less
   than 1e-6. */
static int
best_lambda(fmpq_t lambda, facts_t *f, prover_t *s, const claim_t *c, const fmpq *want)
{
    static const char *const words[] = { "block", "joint", "data" };
    slong i, order = s->M->p * qmat_rows(s->P->Y);
    int k, found = 0, zero = 1;
    fmpq_t x, t;
    facts_t g;

    for (i = 0; i < c->nradius; i++)
        zero &= fmpq_is_zero(c->radius + i);
    if (s->P->kind == NET_FEEDFORWARD || s->M->p == 0 || zero)
    {
        s->o->bound = "point";
        found = derive(lambda, f, s, c, want);
        if (!found)
            snprintf(s->missing, sizeof s->missing, "%s: %s", f->failed_role, f->reason);
        return found;
    }
    fmpq_init(x);
    fmpq_init(t);
    for (k = 0; k < 3; k++)
    {
        if (k == 1 && (s->P->nblocks == 1 || order > ORACLE_FULL_ORDER
                       || (s->P->kind == NET_LINEAR && s->P->l == 2)))
            continue;       /* two layers: "data" is the same inequality */
        if (k == 2 && (s->P->nblocks == 1 || (order <= 64 && s->P->l > 2)))
            continue;
        s->o->bound = words[k];
        proof_progress(s->opt, words[k]);
        if (!derive(x, &g, s, c, want))
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

static void
set_radius(claim_t *c, const fmpq_t rho)
{
    slong i;

    for (i = 0; i < c->nradius; i++)
        fmpq_set(c->radius + i, rho);
}

/* 1 if the uniform radius rho proves a lambda <= want (want NULL: any). */
static int
radius_works(prover_t *s, claim_t *c, const fmpq_t rho, const fmpq *want)
{
    facts_t f;
    fmpq_t x;
    int ok;

    fmpq_init(x);
    set_radius(c, rho);
    ok = best_lambda(x, &f, s, c, want) && (want == NULL || fmpq_cmp(x, want) <= 0);
    facts_clear(&f);
    fmpq_clear(x);
    return ok;
}

typedef struct
{
    prover_t *s;
    claim_t *c;
    const fmpq *want;
} radius_t;

static int
works(void *context, const fmpq_t rho)
{
    radius_t *r = context;

    return radius_works(r->s, r->c, rho, r->want);
}

/* rho := the largest uniform radius that radius_works, exact if simple; 0 if none is found.  Changes
   c->radius. */
static int
largest(fmpq_t rho, prover_t *s, claim_t *c, const fmpq *want, int digits)
{
    radius_t r = { s, c, want };

    proof_progress(s->opt, "largest radius");
    return largest_radius(rho, works, &r, digits, 1);
}

/* s := a lower bound of the smallest singular value of the square or tall A. */
static void
smallest_singular(fmpq_t s, prover_t *p, const qmat_t A, const qmat_t N)
{
    facts_t f;
    qmat_t K;

    facts_init(&f, p->rounding);
    f.oracle = oracle_answer;
    f.context = p->o;
    qmat_init(K, 0, 0);
    qmat_gram(K, A);
    fact_lower(s, &f, "tau", "", K, N, NULL, 0);
    number_sqrt_lower(s, s);
    facts_clear(&p->o->cache);
    facts_init(&p->o->cache, 0);
    qmat_clear(K);
    facts_clear(&f);
}

/* tau := the radius of the paper's neighbourhood, exact if simple, otherwise
   rounded down.  Returns 0 with the reason if its hypotheses do not hold. */
static int
paper_radius(fmpq_t tau, prover_t *s, const claim_t *c, const char **why)
{
    slong k, q;
    fmpq_t x, a, b, bound;
    const problem_t *P = s->P;

    fmpq_init(x);
    fmpq_init(a);
    fmpq_init(b);
    fmpq_init(bound);
    fmpq_zero(tau);
    *why = NULL;
    if (P->kind == NET_FEEDFORWARD)
    {
        /* tau = sigma_m(Phi*) / 2: lambda at radius 0 gives sigma_m */
        claim_t zero;
        facts_t f;
        claim_init(&zero, CLAIM_GRADIENT_DOMINANCE);
        claim_set_radii(&zero, c->nradius);
        zero.norm = c->norm;
        if (derive(x, &f, s, &zero, NULL))
        {
            fmpq_mul_2exp(x, x, 1);
            fmpq_inv(x, x);
            number_sqrt_lower(x, x);
            fmpq_div_2exp(tau, x, 1);
        }
        else
            *why = "the paper's neighbourhood needs hidden features of full column rank";
        facts_clear(&f);
        claim_clear(&zero);
        if (*why == NULL && c->norm != NORM_FEATURE)
        {   /* the parameter radius whose features stay within tau, by halving:
               lambda <= 1 / (2 tau^2) exactly when they do */
            claim_t t;
            fmpq_t lo, hi, want;
            int i;
            claim_init(&t, CLAIM_GRADIENT_DOMINANCE);
            claim_set_radii(&t, c->nradius);
            t.norm = c->norm;
            fmpq_init(lo);
            fmpq_init(hi);
            fmpq_init(want);
            fmpq_mul(want, tau, tau);
            fmpq_mul_2exp(want, want, 1);
            fmpq_inv(want, want);
            fmpq_set(hi, tau);
            for (i = 0; i < 200 && radius_works(s, &t, hi, want); i++)
                fmpq_mul_2exp(hi, hi, 1);
            for (i = 0; i < 70; i++)
            {
                fmpq_add(x, lo, hi);
                fmpq_div_2exp(x, x, 1);
                if (radius_works(s, &t, x, want))
                    fmpq_set(lo, x);
                else
                    fmpq_set(hi, x);
                fmpq_mul_2exp(x, lo, 30);
                if (i > 30 && !fmpq_is_zero(lo) && i > 45)
                    break;
            }
            fmpq_set(tau, lo);
            fmpq_clear(lo);
            fmpq_clear(hi);
            fmpq_clear(want);
            claim_clear(&t);
        }
    }
    else if (!gd_paper_applies(P, s->M))
        *why = "the paper's neighbourhood exists only for square, non-singular layers, X of full "
               "row rank, the unweighted square loss and an exact minimiser; give a radius";
    else
    {
        qmat_struct *U = gd_units(P);
        for (k = 0; k < P->l; k++)
        {
            smallest_singular(x, s, U + k, NULL);
            if (k == 0 || fmpq_cmp(x, tau) < 0)
                fmpq_set(tau, x);
        }
        fmpq_div_2exp(tau, tau, 1);
        qmat_vec_clear(U, P->l);
        if (P->r > 1)
        {   /* min(tau^, tau~): tau^ from (N2), by bisection in doubles */
            double hat = INFINITY, t = approx_fmpq(tau);
            for (k = 0; k < P->nblocks; k++)
            {
                smallest_singular(x, s, P->W + k, NULL);
                fmpq_div_2exp(x, x, 1);
                if (k == 0 || fmpq_cmp(x, b) < 0)
                    fmpq_set(b, x);
            }
            for (k = 0; k < P->l; k++)
            {
                double norm[64], base = 1, lo = 0, hi = approx_fmpq(b) + 1;
                int it;
                for (q = 0; q < P->r && q < 64; q++)
                {
                    qmat_t K;
                    double *A, *w = flint_malloc(qmat_rows(P->X) * sizeof *w);
                    slong d = qmat_rows(P->X);
                    qmat_init(K, 0, 0);
                    qmat_gram(K, P->W + k * P->r + q);
                    A = approx_matrix(K, 0);
                    approx_eigen(w, A, d, 0);
                    norm[q] = sqrt(fmax(w[d - 1], 0)) * (1 + 1e-12);
                    base *= norm[q];
                    flint_free(A);
                    flint_free(w);
                    qmat_clear(K);
                }
                for (it = 0; it < 100; it++)
                {
                    double mid = (lo + hi) / 2, prod = 1;
                    for (q = 0; q < P->r && q < 64; q++)
                        prod *= norm[q] + mid;
                    if (prod - base <= t)
                        lo = mid;
                    else
                        hi = mid;
                }
                hat = fmin(hat, lo * (1 - 1e-12));
            }
            approx_to_fmpq(tau, hat, 50, -1);
            if (fmpq_cmp(b, tau) < 0)
                fmpq_set(tau, b);
        }
    }
    if (*why == NULL && !is_simple(tau))
        decimal_round(tau, tau, s->opt->digits, 0);
    if (*why == NULL && fmpq_is_zero(tau))
        *why = "the paper's neighbourhood is empty: a smallest singular value is 0";
    fmpq_clear(x);
    fmpq_clear(a);
    fmpq_clear(b);
    fmpq_clear(bound);
    return *why == NULL;
}

/* gd_lambda_lower with what the oracle offers at present, on scratch facts. */
static int
try_lower(fmpq_t x, prover_t *s, const claim_t *c)
{
    facts_t f;
    int ok;

    facts_init(&f, s->rounding);
    f.oracle = oracle_answer;
    f.context = s->o;
    ok = gd_lambda_lower(x, &f, s->P, s->M, c) && !f.failed;
    facts_clear(&f);
    return ok;
}

int
gd_is_paper_radius(const problem_t *P, const claim_t *c)
{
    prove_options_t opt = { ORACLE_PRECISION, 30, NULL, NULL };
    prover_t s;
    moments_t M;
    oracle_t o;
    fmpq_t tau, x;
    const char *why;
    int digits, ok = 0;
    slong i;

    for (i = 1; i < c->nradius; i++)
        if (!fmpq_equal(c->radius, c->radius + i))
            return 0;
    memset(&s, 0, sizeof s);
    s.P = P;
    s.opt = &opt;
    s.rounding = 256;
    s.M = &M;
    s.o = &o;
    if (!moments_init(&M, P))
    {
        moments_clear(&M);
        return 0;
    }
    fmpq_init(tau);
    fmpq_init(x);
    oracle_init(&o, P, &M, opt.precision_limit);
    if (paper_radius(tau, &s, c, &why))
        for (digits = 1; digits <= 30 && !ok; digits++)
        {
            decimal_round(x, tau, digits, 0);
            ok = fmpq_equal(x, c->radius) || fmpq_equal(tau, c->radius);
        }
    oracle_clear(&o);
    moments_clear(&M);
    fmpq_clear(tau);
    fmpq_clear(x);
    return ok;
}

/* Looks for lower bounds of lambda and the paper's constant, with evidence. */
static void
add_constants(proof_t *p, prover_t *s)
{
    slong i, size = 0;
    fmpq_t x, y;
    problem_t W, V;
    int limit;

    fmpq_init(x);
    fmpq_init(y);
    problem_init(&W);
    problem_init(&V);
    proof_progress(s->opt, "constants");
    for (i = 0; i < s->P->nblocks; i++)
        size += qmat_rows(s->P->W + i) * qmat_cols(s->P->W + i);
    s->o->constants = 1;
    limit = try_lower(x, s, &p->c);
    s->o->constants = 0;
    if (size * qmat_cols(s->P->X) <= 100000 && oracle_search_witness(&W, &V, s->P, &p->c, 1500))
    {   /* a point of the neighbourhood, if it says clearly more than the limit */
        s->o->witness = &W;
        s->o->better = &V;
        if (try_lower(y, s, &p->c))
        {
            fmpq_t t;
            fmpq_init(t);
            fmpq_set_si(t, 100, 101);
            fmpq_mul(y, y, t);
            fmpq_clear(t);
        }
        else
            fmpq_zero(y);
        if (limit && fmpq_cmp(y, x) <= 0)
            s->o->witness = s->o->better = NULL;
    }
    s->o->constants = 1;
    if (gd_lambda_lower(x, &p->f, s->P, s->M, &p->c) && fmpq_sgn(x) > 0)
    {
        if (is_simple(x) || fmpq_cmp(x, p->c.lambda) == 0)
            fmpq_set(p->k.lambda_lower, x);
        else
            decimal_round(p->k.lambda_lower, x, s->opt->digits + 2, 0);
        p->k.has_lambda_lower = 1;
    }
    if (!p->f.failed && gd_paper_lambda(x, &p->f, s->P, s->M))
    {
        if (is_simple(x))
            fmpq_set(p->k.paper_lambda, x);
        else
            decimal_round(p->k.paper_lambda, x, s->opt->digits + 2, 0);
        p->k.has_paper_lambda = 1;
    }
    s->o->witness = s->o->better = NULL;
    s->o->constants = 0;
    problem_clear(&W);
    problem_clear(&V);
    fmpq_clear(x);
    fmpq_clear(y);
}

/* The constants are an extra: if their evidence fails, drop them all. */
static void
conclude(proof_t *p, prover_t *s)
{
    static const char *const extra[] = { "direction", "witness", "better", "distance", "paper" };
    slong i;
    size_t k;

    add_constants(p, s);
    if (!p->f.failed)
        return;
    for (i = 0; i < p->f.count; i++)
        for (k = 0; k < sizeof extra / sizeof *extra; k++)
            if (strncmp(p->f.evidence[i]->role, extra[k], strlen(extra[k])) == 0)
                p->f.evidence[i]->used = 0;
    p->f.failed = 0;
    p->k.has_lambda_lower = p->k.has_paper_lambda = 0;
}

/* A counterexample to p->c, recorded in p->f; 0 if none is found. */
static int
refute(proof_t *p, prover_t *s)
{
    problem_t W, V;
    facts_t f;
    int ok = 0, effort;

    problem_init(&W);
    problem_init(&V);
    proof_progress(s->opt, "counterexample");
    for (effort = 400; !ok && effort <= 40000; effort *= 10)
    {
        if (!oracle_search_witness(&W, &V, s->P, &p->c, effort))
            break;
        s->o->witness = &W;
        s->o->better = &V;
        facts_init(&f, s->rounding);
        f.oracle = oracle_answer;
        f.context = s->o;
        ok = gd_refute(&f, s->P, &p->c);
        if (ok)
        {
            facts_clear(&p->f);
            p->f = f;
        }
        else
            facts_clear(&f);
        s->o->witness = s->o->better = NULL;
    }
    problem_clear(&W);
    problem_clear(&V);
    return ok;
}

/* Why no lambda at all is proved. */
static void
what_is_missing(proof_t *p, const prover_t *s)
{
    const problem_t *P = s->P;
    slong i, width = qmat_rows(P->Y), least = FLINT_MIN(s->M->p, width);

    for (i = 0; i + 1 < P->nblocks; i++)
        width = FLINT_MIN(width, qmat_rows(P->W + i));
    if (P->kind == NET_LINEAR && width < least)
        snprintf(p->message, sizeof p->message, "missing: a bottleneck of width %ld is narrower than "
                 "min(d_l, rank X) = %ld, so no layer's gradient sees every residual; the theorem "
                 "does not apply", (long) width, (long) least);
    else
        snprintf(p->message, sizeof p->message, "missing: a positive lower bound of the gradient at "
                 "this radius (%s)", s->missing);
}

static void
undecided(proof_t *p, prover_t *s, const claim_spec_t *spec)
{
    facts_t f;
    claim_t c;

    p->outcome = OUTCOME_UNDECIDED;
    claim_init(&c, CLAIM_GRADIENT_DOMINANCE);
    claim_set_radii(&c, p->c.nradius);
    c.norm = p->c.norm;
    if (spec->has_radius || spec->radius_paper)
    {
        slong i;
        for (i = 0; i < c.nradius; i++)
            fmpq_set(c.radius + i, p->c.radius + i);
        p->has_best_lambda = best_lambda(p->best_lambda, &f, s, &c, NULL);
        if (p->has_best_lambda && !is_simple(p->best_lambda))
            decimal_round(p->best_lambda, p->best_lambda, s->opt->digits, 1);
        facts_clear(&f);
    }
    if (p->has_best_lambda)
        snprintf(p->message, sizeof p->message,
                 "neither proved nor refuted: a larger lambda or a smaller radius is provable");
    else
        what_is_missing(p, s);
    p->has_best_radius = largest(p->best_radius, s, &c,
                                        spec->has_lambda ? spec->lambda : NULL, s->opt->digits);
    claim_clear(&c);
}

static void
prove(proof_t *p, prover_t *s, const claim_spec_t *spec)
{
    slong i, n = claim_radius_count(s->P, CLAIM_GRADIENT_DOMINANCE);
    const char *why;
    fmpq_t x;
    int paper = !spec->has_radius && (spec->radius_paper || !spec->has_lambda), ok, k;
    static const slong roundings[] = { 256, 1024, 8192 };

    fmpq_init(x);
    claim_set_radii(&p->c, n);
    p->c.norm = spec->norm;
    if (spec->has_lambda)
        fmpq_set(p->c.lambda, spec->lambda);
    for (i = 0; spec->has_radius && i < n; i++)
        fmpq_set(p->c.radius + i, spec->radius + (spec->nradius == 1 ? 0 : i));
    if (paper)
    {
        if (!paper_radius(x, s, &p->c, &why))
        {
            p->outcome = OUTCOME_BAD_DATA;
            snprintf(p->message, sizeof p->message, "radius: %s", why);
            goto done;
        }
        set_radius(&p->c, x);
    }
    else if (!spec->has_radius)
    {
        if (!largest(x, s, &p->c, spec->lambda, s->opt->digits))
        {
            undecided(p, s, spec);
            snprintf(p->message, sizeof p->message, "no positive radius proves this lambda%s",
                     s->P->kind != NET_FEEDFORWARD && network_is_minimizer(s->P, s->M)
                     ? "; at radius 0 it holds trivially" : "");
            goto done;
        }
        set_radius(&p->c, x);
    }
    for (ok = 0, k = 0; k < 3 && !ok; k++)
    {   /* longer roundings help only when the short one fails */
        s->rounding = roundings[k];
        facts_clear(&s->o->cache);
        facts_init(&s->o->cache, 0);
        facts_clear(&p->f);
        ok = best_lambda(x, &p->f, s, &p->c, spec->has_lambda ? p->c.lambda : NULL)
            && (!spec->has_lambda || fmpq_cmp(x, p->c.lambda) <= 0);
        if (!ok && k == 0 && spec->has_lambda && refute(p, s))
        {
            p->outcome = OUTCOME_REFUTED;
            p->k.verdict = VERDICT_REFUTED;
            goto done;
        }
    }
    if (!ok)
    {
        s->rounding = roundings[0];
        facts_clear(&s->o->cache);
        facts_init(&s->o->cache, 0);
        undecided(p, s, spec);
        goto done;
    }
    if (!spec->has_lambda)
    {
        if (is_simple(x))
            fmpq_set(p->c.lambda, x);
        else
            decimal_round(p->c.lambda, x, s->opt->digits, 1);
    }
    p->outcome = OUTCOME_PROVED;
    p->k.verdict = VERDICT_PROVED;
    conclude(p, s);
done:
    fmpq_clear(x);
}

void
oracle_prove_gradient_dominance(proof_t *p, oracle_t *o, const claim_spec_t *spec,
                                const prove_options_t *opt)
{
    prover_t s;

    memset(&s, 0, sizeof s);
    s.P = o->P;
    s.M = o->M;
    s.o = o;
    s.opt = opt;
    s.rounding = 256;
    prove(p, &s, spec);
}
