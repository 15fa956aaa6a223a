/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of the tangent kernel.  Roles, preconditions and the forgeries that try each of them:
   doc/rules/tangent-kernel.md. */
#include <stdio.h>
#include <string.h>
#include "kernel/ask.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/copy.h"
#include "network/loss.h"
#include "rules/gradient_norm.h"
#include "rules/samples.h"
#include "rules/witness.h"
#include "tangent_kernel.h"

#define NEIGHBOURHOOD \
    { "norm", &value_choice, 0, norm_words, NULL, NORM_FROBENIUS }, \
    { "radius", &value_list, 0, NULL, NULL, 0 }

static const field_t point_parameters[] = { NEIGHBOURHOOD, FIELD_END };
static const field_t dominance_parameters[] = {
    NEIGHBOURHOOD,
    { "lambda", &value_number, FIELD_CHOSEN | FIELD_UP, NULL, NULL, 0 },
    FIELD_END
};
static const field_t none[] = { FIELD_END };
static const char *const findings[] = { "least", "sigma", "deviation", "lambda_proved", "lambda_lower", NULL };

const char *
tk_refuses(const problem_t *P)
{
    return pass_outputs_refuses(P);
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    const char *why = tk_refuses(P);

    if (why == NULL && c->value[TK_NORM].n != NORM_FROBENIUS)
        why = "norm: the neighbourhood is that of the Frobenius norm";
    return why != NULL ? why : refuse_radius_count(c->value + TK_RADIUS, P->l, "layer");
}

static const char *
refuses_all_but_square(const problem_t *P, const claim_t *c)
{
    const char *why = refuse_all_but_square_loss(P);

    return why != NULL ? why : refuses(P, c);
}

/* x >= ||D^{1/2} (J' - J)||_F on the neighbourhood, without D if not weighted: its square is the sum over the blocks that
   count and the samples of D_i (||P_k'|| |h' - h| + ||P_k' - P_k|| |[h; 1]|)^2. */
static void
jacobian_deviation(fmpq_t x, facts_t *f, const deviation_t *d, const pass_t *p, const distinct_t *g, const char *block,
                   int weighted)
{
    slong i, k, j, m = d->m;
    char role[ROLE_SIZE], meaning[64];
    NUMBERS(t, size, one, part);

    fmpq_one(one);
    fmpq_zero(x);
    for (k = 0; k < d->l; k++)
    {
        fmpq_zero(part);
        for (i = 0; i < g->n && block[k]; i++)
        {
            j = g->sample[i];
            number_mul(size, d->eta + k * m + j, d->eta + k * m + j);
            if (deviation_bias(p, k))
                number_add(size, size, one);
            number_sqrt_upper(size, size);
            number_mul(t, d->size + (k + 1) * m + j, d->delta + k * m + j);
            number_addmul(t, d->shift + (k + 1) * m + j, size);
            number_mul(t, t, t);
            if (weighted)
                number_mul(t, t, g->D + i);
            number_add(part, part, t);
            number_round_up(part, part);
        }
        number_add(x, x, part);
        number_round_up(x, x);
        number_sqrt_upper(part, part);
        snprintf(role, sizeof role, "deviation:%ld", (long) k + 1);
        snprintf(meaning, sizeof meaning, "\\|J_{%ld}' - J_{%ld}\\|", (long) k + 1, (long) k + 1);
        if (block[k])
            facts_note(f, role, meaning, "\\le", part);
    }
    number_sqrt_upper(x, x);
    number_round_up(x, x);
}

/* block[k] := 1, or as the numbers say: 0 or 1 for every layer. */
static int
read_blocks(char *block, const pass_t *p, setting_t *s)
{
    static const about_t about = { "blocks" };
    const fmpq *x = fact_numbers(s->f, "blocks", p->l, &about, 0);
    slong k;

    memset(block, 1, p->l);
    for (k = 0; x != NULL && k < p->l; k++)
    {
        block[k] = fmpq_is_one(x + k);
        if (!block[k] && !fmpq_is_zero(x + k))
            facts_fail(s->f, "blocks", "0 or 1 is expected for each layer");
    }
    return !s->f->failed;
}

/* f2 := a lower bound of the square of the least singular value of D^{1/2} J on the neighbourhood; want: what would
   do at the point. */
static int
least_singular_value(fmpq_t f2, setting_t *s, conclusion_t *k, pass_t *p, const fmpq *rho, int weighted, const fmpq *want)
{
    char *block = flint_malloc(p->l + 1);
    deviation_t d = { 0 };
    distinct_t g;
    NUMBERS(mu, delta, f);
    int ok;

    distinct_init(&g, p->P);
    ok = read_blocks(block, p, s) && pass_slopes(p, s) && deviation_init(&d, p, s, rho)
        && deviation_of_derivatives(&d, p, s, rho) && tk_kernel_bound(mu, p, s, &g, block, weighted, want);
    if (ok)
    {
        jacobian_deviation(delta, s->f, &d, p, &g, block, weighted);
        fmpq_set(f2, mu);
        number_sqrt_lower(mu, mu);
        number_sub(f, mu, delta);
        conclusion_find(k, TK_FOUND_SIGMA, mu);
        conclusion_find(k, TK_FOUND_DEVIATION, delta);
        conclusion_find(k, TK_FOUND_LEAST, f);
        facts_note(s->f, "deviation", "\\|J' - J\\|", "\\le", delta);
        ok = fmpq_sgn(f) > 0;
        if (!fmpq_is_zero(delta))
            number_mul(f2, f, f);       /* (f > 0, or nothing is proved) */
        if (!ok)
            facts_fail(s->f, "kernel", "the derivatives of the outputs may lose rank on this neighbourhood");
    }
    deviation_clear(&d);
    distinct_clear(&g);
    flint_free(block);
    return ok && !s->f->failed;
}

/* x := the least square loss of all functions of the sample: c sum w |y|^2, minus |sum c w y|^2 / sum c w for every
   group of equal samples. */
static void
least_loss(fmpq_t x, const problem_t *P)
{
    slong i, k, m = qmat_cols(P->X), *group = flint_malloc((m + 1) * sizeof *group), n = samples_group(group, P->X);
    fmpq *sum = _fmpq_vec_init(2 * n), *weight = sum + n;
    NUMBERS(cw, y, t);

    fmpq_zero(x);
    for (k = 0; k < qmat_rows(P->Y); k++)
    {
        for (i = 0; i < n; i++)
        {
            fmpq_zero(sum + i);
            fmpq_zero(weight + i);
        }
        for (i = 0; i < m; i++)
        {
            number_mul(cw, P->scale, P->weights + i);
            qmat_get_entry(y, P->Y, k, i);
            number_mul(t, cw, y);
            number_addmul(x, t, y);
            number_add(sum + group[i], sum + group[i], t);
            number_add(weight + group[i], weight + group[i], cw);
        }
        for (i = 0; i < n; i++)
            if (!fmpq_is_zero(weight + i))
            {
                number_mul(t, sum + i, sum + i);
                number_div(t, t, weight + i);
                number_sub(x, x, t);
            }
    }
    flint_free(group);
    _fmpq_vec_clear(sum, 2 * n);
}

/* excess <= h - h_inf, g2 >= ||grad h||^2 at the point of p, which has slopes. */
static void
excess_and_gradient(fmpq_t excess, fmpq_t g2, const pass_t *p, setting_t *s)
{
    NUMBERS(least, low);

    loss_bounds(excess, NULL, p->P, pass_output(p));
    least_loss(least, p->P);
    number_sub(excess, excess, least);
    number_clamp(excess);
    pass_gradient_norm2(low, g2, p, s);
}

int
tk_witness(fmpq_t excess, fmpq_t g2, setting_t *s, const value_t *radius)
{
    setting_t there = *s;
    problem_t Q;
    pass_t p;
    int ok;

    problem_init(&Q);
    problem_set(&Q, s->P);
    ok = witness_point(&Q, s->f, 0, 0) && witness_blocks_within(s->f, &Q, s->P, radius->list, Q.l, NORM_FROBENIUS);
    if (ok)
    {
        there.P = &Q;
        there.prefix = "witness-";
        ok = pass_forward(&p, &there) && pass_slopes(&p, &there);
        if (ok)
            excess_and_gradient(excess, g2, &p, &there);
        pass_clear(&p);
    }
    problem_clear(&Q);
    return ok && !s->f->failed;
}

/* No valid lambda is below the larger of (h - h_inf) / ||grad h||^2 at the point and at a witness; not where the
   gradient may be 0. */
static void
find_lower(setting_t *s, const claim_t *c, conclusion_t *k, const pass_t *p)
{
    NUMBERS(excess, g2, best);

    excess_and_gradient(excess, g2, p, s);
    if (!fmpq_is_zero(g2))
    {
        number_div(best, excess, g2);
        facts_note(s->f, "quotient", "(h(W^0) - h_{inf}) / \\|\\nabla h(W^0)\\|^2", "\\ge", best);
    }
    if (tk_witness(excess, g2, s, c->value + TK_RADIUS) && !fmpq_is_zero(g2))
    {
        number_div(excess, excess, g2);
        facts_note(s->f, "witness:1", "(h(W) - h_{inf}) / \\|\\nabla h(W)\\|^2", "\\ge", excess);
        if (fmpq_cmp(excess, best) > 0)
            fmpq_swap(excess, best);
    }
    if (!fmpq_is_zero(best))
        conclusion_find(k, TK_FOUND_LOWER, best);
}

/* At the witness, or at the point itself, h - h_inf > lambda ||grad h||^2. */
static int
refute_dominance(setting_t *s, const claim_t *c, pass_t *p)
{
    NUMBERS(excess, g2);

    if (!tk_witness(excess, g2, s, c->value + TK_RADIUS))
    {
        if (s->f->failed || !pass_slopes(p, s))
            return 0;
        excess_and_gradient(excess, g2, p, s);
    }
    number_mul(g2, g2, c->value[TK_LAMBDA].x);
    if (fmpq_cmp(excess, g2) <= 0)
        facts_fail(s->f, "witness:1", "h(W) - h_inf <= lambda ||grad h(W)||^2 at this point");
    facts_note(s->f, "witness:1", "h(W) - h_{inf}", "\\ge", excess);
    facts_note(s->f, "witness:1", "\\lambda \\|\\nabla h(W)\\|^2", "\\le", g2);
    return !s->f->failed;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k, int dominance)
{
    neighbourhood_t N;
    NUMBERS(f2, lambda, want);
    pass_t p;
    int ok;

    if (k->verdict == VERDICT_REFUTED && dominance)
    {
        ok = pass_forward(&p, s) && refute_dominance(s, c, &p);
        pass_clear(&p);
        return ok && !s->f->failed;
    }
    if (k->verdict == VERDICT_REFUTED)
        facts_fail(s->f, "conclusion", "it is never refuted");
    neighbourhood_set(&N, c->value + TK_NORM, c->value + TK_RADIUS);
    neighbourhood_widen(&N);
    if (dominance && neighbourhood_is_point(&N) && fmpq_sgn(c->value[TK_LAMBDA].x) > 0
        && fmpz_bits(fmpq_numref(c->value[TK_LAMBDA].x)) < 10000)       /* (a hint: equality is proved, too) */
    {
        number_add(want, c->value[TK_LAMBDA].x, c->value[TK_LAMBDA].x);
        fmpq_inv(want, want);
    }
    ok = pass_forward(&p, s) && least_singular_value(f2, s, k, &p, N.radius, dominance,
                                                     fmpq_sgn(want) > 0 ? want : NULL);
    if (ok && dominance)
    {   /* 1 / (2 f^2) */
        number_add(lambda, f2, f2);
        fmpq_inv(lambda, lambda);
        conclusion_find(k, TK_FOUND_LAMBDA, lambda);
        if (fmpq_cmp(lambda, c->value[TK_LAMBDA].x) > 0)
            facts_fail(s->f, "conclusion", "the evidence does not prove so small a lambda");
        find_lower(s, c, k, &p);
    }
    pass_clear(&p);
    neighbourhood_clear(&N);
    return ok && !s->f->failed;
}

static int
verify_no_bad(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return verify(s, c, k, 0);
}

static int
verify_dominance(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return verify(s, c, k, 1);
}

const rule_t rule_no_bad_critical_point = {
    "no-bad-critical-point", "tangent-kernel", 2, 1, point_parameters, none, findings, NULL,
    NULL, NULL, refuses, verify_no_bad, NULL, tk_say_no_bad, tk_say_method
};
const rule_t rule_tangent_dominance = {
    "tangent-dominance", "tangent-kernel", 2, 1, dominance_parameters, none, findings, NULL,
    NULL, NULL, refuses_all_but_square, verify_dominance, NULL, tk_say_dominance, tk_say_method
};
