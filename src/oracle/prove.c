/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The strategy: which radius, which bound, which lambda. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "approx.h"
#include "oracle.h"
#include "../certificate/certificate.h"
#include "../kernel/number.h"

void
claim_spec_init(claim_spec_t *s)
{
    memset(s, 0, sizeof *s);
    fmpq_init(s->lambda);
    fmpq_init(s->delta);
    fmpq_init(s->gamma);
    fmpq_init(s->alpha);
    fmpq_init(s->beta);
    fmpq_init(s->tolerance);
}

void
claim_spec_clear(claim_spec_t *s)
{
    int i;

    if (s->radius != NULL)
        _fmpq_vec_clear(s->radius, s->nradius);
    fmpq_clear(s->lambda);
    fmpq_clear(s->delta);
    fmpq_clear(s->gamma);
    fmpq_clear(s->alpha);
    fmpq_clear(s->beta);
    fmpq_clear(s->tolerance);
    for (i = 0; i < 3; i++)
        flint_free(s->inequality[i]);
}

/* 1 if the radii of c are the paper's radius, rounded down to some number of
   digits. */
static int is_paper_radius(const problem_t *P, const claim_t *c);

/* The text of the file, canonically written, is that of the claim. */
static int
inequality_matches(const claim_spec_t *s, const problem_t *P, const claim_t *c)
{
    int k, ok = strcmp(s->inequality[1], relation_name[c->q.relation]) == 0;
    text_t t;

    for (k = 0; k < 2; k++)
    {
        text_init(&t);
        certificate_write_side(&t, P, c->q.side + k);
        ok &= strcmp(t.data, s->inequality[2 * k]) == 0;
        text_clear(&t);
    }
    return ok;
}

/* delta, alpha and beta as given, or as gamma (1/2 if left out) makes them. */
static int
regularity_matches(const claim_spec_t *s, const problem_t *P, const claim_t *c)
{
    int ok = 1, digits;
    const char *why;
    fmpq_t gamma, x;
    moments_t M;
    oracle_t o;

    if ((s->has_delta && !fmpq_equal(s->delta, c->delta))
        || (s->has_alpha && !fmpq_equal(s->alpha, c->alpha))
        || (s->has_beta && !fmpq_equal(s->beta, c->beta)))
        return 0;
    fmpq_init(gamma);
    fmpq_init(x);
    fmpq_set_si(gamma, 1, 2);
    if (s->has_gamma)
        fmpq_set(gamma, s->gamma);
    if (!s->has_beta && !s->has_radius)
    {
        rc_default_beta(x, gamma, c->delta);
        ok = fmpq_equal(x, c->beta);
    }
    if (ok && !s->has_alpha && !s->alpha_best && !(s->has_radius && s->has_beta))
    {
        ok = moments_init(&M, P);
        oracle_init(&o, P, &M, ORACLE_PRECISION);
        for (digits = 1, ok = ok ? -1 : 0; digits <= 30 && ok < 0; digits++)
            if (!rc_default_alpha(x, &o, gamma, digits, &why))
                ok = 0;
            else if (fmpq_equal(x, c->alpha))
                ok = 1;
        oracle_clear(&o);
        moments_clear(&M);
    }
    fmpq_clear(gamma);
    fmpq_clear(x);
    return ok > 0;
}

int
claim_spec_matches(const claim_spec_t *s, const problem_t *P, const claim_t *c)
{
    slong i;

    if (s->kind != c->kind)
        return 0;
    if (s->kind == CLAIM_INEQUALITY)
        return inequality_matches(s, P, c);
    if (claim_has_tolerance(s->kind))
        return c->has_tolerance == (s->has_tolerance || s->tolerance_best)
            && (!s->has_tolerance || fmpq_equal(s->tolerance, c->tolerance));
    if (s->kind != CLAIM_GRADIENT_DOMINANCE && s->kind != CLAIM_REGULARITY)
        return 1;
    if (s->norm != c->norm || (s->has_lambda && !fmpq_equal(s->lambda, c->lambda))
        || c->nradius != claim_radius_count(P, c->kind))
        return 0;
    if (s->kind == CLAIM_GRADIENT_DOMINANCE && !s->has_radius && (s->radius_paper || !s->has_lambda)
        && !is_paper_radius(P, c))
        return 0;
    if (s->kind == CLAIM_REGULARITY && !regularity_matches(s, P, c))
        return 0;
    for (i = 0; s->has_radius && i < c->nradius; i++)
        if (!fmpq_equal(s->radius + (s->nradius == 1 ? 0 : i), c->radius + i))
            return 0;
    return 1;
}

void
proof_init(proof_t *p)
{
    memset(p, 0, sizeof *p);
    claim_init(&p->c, CLAIM_GRADIENT_DOMINANCE);
    conclusion_init(&p->k);
    facts_init(&p->f, 0);
    p->remark[0] = '\0';
    fmpq_init(p->best_radius);
    fmpq_init(p->best_lambda);
}

void
proof_clear(proof_t *p)
{
    claim_clear(&p->c);
    conclusion_clear(&p->k);
    facts_clear(&p->f);
    fmpq_clear(p->best_radius);
    fmpq_clear(p->best_lambda);
}

void
proof_begin(proof_t *p, oracle_t *o, verdict_kind verdict)
{
    facts_clear(&p->f);
    facts_init(&p->f, 256);
    p->f.oracle = oracle_answer;
    p->f.context = o;
    p->k.verdict = verdict;
    p->outcome = verdict == VERDICT_PROVED ? OUTCOME_PROVED : OUTCOME_REFUTED;
}

typedef struct
{
    const problem_t *P;
    const prove_options_t *opt;
    moments_t M;
    oracle_t o;
    slong rounding;
    char missing[400];          /* the last reason for which nothing was proved */
} prover_t;

static void
say(prover_t *s, const char *what)
{
    if (s->opt->progress != NULL)
        s->opt->progress(s->opt->context, what);
}

/* One run of the rule with the bound s->o.bound; f is initialised here and
   left for the caller whatever the outcome. */
static int
derive(fmpq_t lambda, facts_t *f, prover_t *s, const claim_t *c, const fmpq *want)
{
    facts_init(f, s->rounding);
    f->oracle = oracle_answer;
    f->context = &s->o;
    if (s->P->kind == NET_FEEDFORWARD)
        return gd_feedforward_derive(lambda, f, s->P, c, want);
    return gd_linear_derive(lambda, f, s->P, &s->M, c, want);
}

int
is_simple(const fmpq_t x)
{
    return fmpz_bits(fmpq_numref(x)) + fmpz_bits(fmpq_denref(x)) <= 40;
}

/* The smallest lambda over all bounds that apply; f holds its evidence, word
   its bound.  Exact simple values win over values that are smaller by less
   than 1e-6. */
static int
best_lambda(fmpq_t lambda, facts_t *f, prover_t *s, const claim_t *c, const fmpq *want)
{
    static const char *const words[] = { "block", "joint", "data" };
    slong i, order = s->M.p * qmat_rows(s->P->Y);
    int k, found = 0, zero = 1;
    fmpq_t x, t;
    facts_t g;

    for (i = 0; i < c->nradius; i++)
        zero &= fmpq_is_zero(c->radius + i);
    if (s->P->kind == NET_FEEDFORWARD || s->M.p == 0 || zero)
    {
        s->o.bound = "point";
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
        s->o.bound = words[k];
        say(s, words[k]);
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

/* rho := the largest uniform radius with digits significant digits that
   radius_works; 0 if none is found.  Changes c->radius. */
static int
largest_radius(fmpq_t rho, prover_t *s, claim_t *c, const fmpq *want, int digits)
{
    fmpq_t lo, hi, mid, gap;
    int k, ok;

    fmpq_init(lo);
    fmpq_init(hi);
    fmpq_init(mid);
    fmpq_init(gap);
    say(s, "largest radius");
    fmpq_one(hi);
    if (radius_works(s, c, hi, want))
    {
        for (k = 0; k < 40 && radius_works(s, c, hi, want); k++)
        {
            fmpq_set(lo, hi);
            fmpq_mul_2exp(hi, hi, 1);
        }
    }
    else
        for (k = 0; k < 60; k++)
        {
            fmpq_div_2exp(lo, hi, 1);
            if (radius_works(s, c, lo, want))
                break;
            fmpq_set(hi, lo);
            fmpq_zero(lo);
        }
    ok = !fmpq_is_zero(lo);
    while (ok)
    {   /* lo works, hi does not */
        fmpq_sub(gap, hi, lo);
        fmpq_mul_2exp(gap, gap, digits * 3 + 4);
        fmpq_add(mid, lo, hi);
        fmpq_div_2exp(mid, mid, 1);
        if (fmpq_cmp(gap, lo) < 0)
            break;
        if (radius_works(s, c, mid, want))
            fmpq_set(lo, mid);
        else
            fmpq_set(hi, mid);
    }
    if (ok)
    {   /* the simplest number in between, then the digits */
        fmpq_sub(gap, hi, lo);
        fmpq_sub(mid, lo, gap);
        fmpq_simplest_between(mid, mid, hi);
        fmpq_div_2exp(gap, mid, 30);
        fmpq_add(gap, gap, mid);
        if (is_simple(mid) && radius_works(s, c, mid, want) && !radius_works(s, c, gap, want))
            fmpq_set(rho, mid);             /* the exact value */
        else
        {
            decimal_round(rho, hi, digits, 0);
            if (!radius_works(s, c, rho, want))
                decimal_round(rho, lo, digits, 0);
        }
    }
    fmpq_clear(lo);
    fmpq_clear(hi);
    fmpq_clear(mid);
    fmpq_clear(gap);
    return ok;
}

/* s := a lower bound of the smallest singular value of the square or tall A. */
static void
smallest_singular(fmpq_t s, prover_t *p, const qmat_t A, const qmat_t N)
{
    facts_t f;
    qmat_t K;

    facts_init(&f, p->rounding);
    f.oracle = oracle_answer;
    f.context = &p->o;
    qmat_init(K, 0, 0);
    qmat_gram(K, A);
    fact_lower(s, &f, "tau", "", K, N, NULL, 0);
    number_sqrt_lower(s, s);
    facts_clear(&p->o.cache);
    facts_init(&p->o.cache, 0);
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
    else if (!gd_paper_applies(P, &s->M))
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
    f.context = &s->o;
    ok = gd_lambda_lower(x, &f, s->P, &s->M, c) && !f.failed;
    facts_clear(&f);
    return ok;
}

static int
is_paper_radius(const problem_t *P, const claim_t *c)
{
    prove_options_t opt = { ORACLE_PRECISION, 30, NULL, NULL };
    prover_t s;
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
    if (!moments_init(&s.M, P))
    {
        moments_clear(&s.M);
        return 0;
    }
    fmpq_init(tau);
    fmpq_init(x);
    oracle_init(&s.o, P, &s.M, opt.precision_limit);
    if (paper_radius(tau, &s, c, &why))
        for (digits = 1; digits <= 30 && !ok; digits++)
        {
            decimal_round(x, tau, digits, 0);
            ok = fmpq_equal(x, c->radius) || fmpq_equal(tau, c->radius);
        }
    oracle_clear(&s.o);
    moments_clear(&s.M);
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
    say(s, "constants");
    for (i = 0; i < s->P->nblocks; i++)
        size += qmat_rows(s->P->W + i) * qmat_cols(s->P->W + i);
    s->o.constants = 1;
    limit = try_lower(x, s, &p->c);
    s->o.constants = 0;
    if (size * qmat_cols(s->P->X) <= 100000 && oracle_search_witness(&W, &V, s->P, &p->c, 1500))
    {   /* a point of the neighbourhood, if it says clearly more than the limit */
        s->o.witness = &W;
        s->o.better = &V;
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
            s->o.witness = s->o.better = NULL;
    }
    s->o.constants = 1;
    if (gd_lambda_lower(x, &p->f, s->P, &s->M, &p->c) && fmpq_sgn(x) > 0)
    {
        if (is_simple(x) || fmpq_cmp(x, p->c.lambda) == 0)
            fmpq_set(p->k.lambda_lower, x);
        else
            decimal_round(p->k.lambda_lower, x, s->opt->digits + 2, 0);
        p->k.has_lambda_lower = 1;
    }
    if (!p->f.failed && gd_paper_lambda(x, &p->f, s->P, &s->M))
    {
        if (is_simple(x))
            fmpq_set(p->k.paper_lambda, x);
        else
            decimal_round(p->k.paper_lambda, x, s->opt->digits + 2, 0);
        p->k.has_paper_lambda = 1;
    }
    s->o.witness = s->o.better = NULL;
    s->o.constants = 0;
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
    say(s, "counterexample");
    for (effort = 400; !ok && effort <= 40000; effort *= 10)
    {
        if (!oracle_search_witness(&W, &V, s->P, &p->c, effort))
            break;
        s->o.witness = &W;
        s->o.better = &V;
        facts_init(&f, s->rounding);
        f.oracle = oracle_answer;
        f.context = &s->o;
        ok = gd_refute(&f, s->P, &p->c);
        if (ok)
        {
            facts_clear(&p->f);
            p->f = f;
        }
        else
            facts_clear(&f);
        s->o.witness = s->o.better = NULL;
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
    slong i, width = qmat_rows(P->Y), least = FLINT_MIN(s->M.p, width);

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
    p->has_best_radius = largest_radius(p->best_radius, s, &c,
                                        spec->has_lambda ? spec->lambda : NULL, s->opt->digits);
    claim_clear(&c);
}

static void
prove_gradient_dominance(proof_t *p, prover_t *s, const claim_spec_t *spec)
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
        if (!largest_radius(x, s, &p->c, spec->lambda, s->opt->digits))
        {
            undecided(p, s, spec);
            snprintf(p->message, sizeof p->message, "no positive radius proves this lambda%s",
                     s->P->kind != NET_FEEDFORWARD && network_is_minimizer(s->P, &s->M)
                     ? "; at radius 0 it holds trivially" : "");
            goto done;
        }
        set_radius(&p->c, x);
    }
    for (ok = 0, k = 0; k < 3 && !ok; k++)
    {   /* longer roundings help only when the short one fails */
        s->rounding = roundings[k];
        facts_clear(&s->o.cache);
        facts_init(&s->o.cache, 0);
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
        facts_clear(&s->o.cache);
        facts_init(&s->o.cache, 0);
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
oracle_prove(proof_t *p, const problem_t *P, const claim_spec_t *spec, const prove_options_t *opt)
{
    prover_t s;
    const char *why;

    p->c.kind = spec->kind;
    memset(&s, 0, sizeof s);
    s.P = P;
    s.opt = opt;
    s.rounding = 256;
    if (spec->kind == CLAIM_GRADIENT_DOMINANCE || spec->kind == CLAIM_REGULARITY)
    {
        claim_t probe;
        claim_init(&probe, spec->kind);
        claim_set_radii(&probe, spec->nradius > 1 ? spec->nradius
                        : claim_radius_count(P, spec->kind));
        probe.norm = spec->norm;
        why = claim_supported(P, &probe);
        claim_clear(&probe);
    }
    else
        why = claim_supported(P, &p->c);
    if (why != NULL)
    {
        p->outcome = OUTCOME_BAD_DATA;
        snprintf(p->message, sizeof p->message, "%s", why);
        return;
    }
    if (spec->kind != CLAIM_GRADIENT_DOMINANCE && spec->kind != CLAIM_REGULARITY
        && spec->kind != CLAIM_GLOBAL_MINIMIZER && !claim_is_local(spec->kind))
    {   /* decisions: try the one, then the other */
        oracle_init(&s.o, P, NULL, opt->precision_limit);
        if (spec->kind == CLAIM_INEQUALITY)
        {
            int k;
            for (k = 0; k < 2; k++)
                inequality_parse_side(p->c.q.side + k, spec->inequality[2 * k],
                                      strlen(spec->inequality[2 * k]), P);
            for (k = 0; k < REL_KINDS; k++)
                if (strcmp(relation_name[k], spec->inequality[1]) == 0)
                    p->c.q.relation = k;
        }
        proof_begin(p, &s.o, VERDICT_PROVED);
        if (!claim_verify(&p->f, P, &p->c, &p->k))
        {
            proof_begin(p, &s.o, VERDICT_REFUTED);
            if (!claim_verify(&p->f, P, &p->c, &p->k))
            {
                p->outcome = OUTCOME_UNDECIDED;
                snprintf(p->message, sizeof p->message, "%s", p->f.reason);
            }
        }
        p->f.oracle = NULL;
        oracle_clear(&s.o);
        return;
    }
    if (!moments_init(&s.M, P))
    {
        p->outcome = OUTCOME_UNDECIDED;
        snprintf(p->message, sizeof p->message, "the data reduction failed");
    }
    else
    {
        oracle_init(&s.o, P, &s.M, opt->precision_limit);
        if (spec->kind == CLAIM_REGULARITY)
            oracle_prove_regularity(p, &s.o, spec, opt);
        else if (claim_is_local(spec->kind))
            oracle_prove_local(p, &s.o, spec, opt);
        else if (spec->kind == CLAIM_GLOBAL_MINIMIZER)
            oracle_prove_global_minimizer(p, &s.o, spec, opt);
        else
            prove_gradient_dominance(p, &s, spec);
        p->f.oracle = NULL;
        if (p->outcome == OUTCOME_PROVED || p->outcome == OUTCOME_REFUTED)
            conclusion_describe(&p->k, P, &p->c);
        oracle_clear(&s.o);
    }
    moments_clear(&s.M);
}
