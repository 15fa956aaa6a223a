/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A proof in the making, and the choice of radii and decimals. */
#include "config.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "kernel/number.h"
#include "kernel/scope.h"
#include "prover.h"
#include "text/decimal.h"

void
proof_progress(const prove_options_t *opt, const char *what)
{
    if (opt->progress != NULL)
        opt->progress(opt->context, what);
}

double
proof_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

int
proof_is_late(const prove_options_t *opt)
{
    return opt->until > 0 && proof_clock() > opt->until;
}

void
proof_init(proof_t *p, const rule_t *rule)
{
    int i;

    memset(p, 0, sizeof *p);
    claim_init(&p->c, rule);
    conclusion_init(&p->k, rule);
    facts_init(&p->f, 0);
    for (i = 0; i < REACHED; i++)
        fmpq_init(p->best[i].x);
}

void
proof_clear(proof_t *p)
{
    int i;

    claim_clear(&p->c);
    conclusion_clear(&p->k);
    facts_clear(&p->f);
    for (i = 0; i < REACHED; i++)
        fmpq_clear(p->best[i].x);
}

void
proof_begin(proof_t *p, oracle_t *o, verdict_kind verdict)
{
    slong i;

    facts_clear(&p->f);
    oracle_facts(&p->f, o, 256);
    for (i = 0; p->k.rule->findings[i] != NULL; i++)
        p->k.found[i] = 0;              /* by an attempt before */
    p->k.verdict = verdict;
    p->outcome = verdict == VERDICT_PROVED ? OUTCOME_PROVED : OUTCOME_REFUTED;
}

int
proof_try(proof_t *p, oracle_t *o, verdict_kind verdict)
{
    setting_t s;

    proof_begin(p, o, verdict);
    s = oracle_setting(o, &p->f);
    return p->c.rule->verify(&s, &p->c, &p->k) && !p->f.failed;
}

void
value_leave_open(value_t *v)
{
    v->given = 1;
    v->word = 0;
    fmpq_one(v->x);
    fmpq_mul_2exp(v->x, v->x, 1000000);
}

void
value_settle(value_t *v, const fmpq_t x, int up, int digits)
{
    fmpq_set(v->x, x);
    round_unless_simple(v->x, digits, up);
}

int
proof_try_smallest(proof_t *p, oracle_t *o, value_t *bound, slong finding, int squared, int digits)
{
    NUMBERS(x);

    value_leave_open(bound);
    if (!proof_try(p, o, VERDICT_PROVED))
        return 0;
    if (p->k.found[finding])
        fmpq_set(x, p->k.finding + finding);
    number_clamp(x);                    /* the point may be better than was asked */
    if (squared)
        number_sqrt_upper(x, x);
    value_settle(bound, x, 1, digits);
    return proof_try(p, o, VERDICT_PROVED);
}

void
proof_miss(proof_t *p, outcome_kind outcome, const char *format, ...)
{
    va_list ap;

    p->outcome = outcome;
    va_start(ap, format);
    vsnprintf(p->message, sizeof p->message, format, ap);
    va_end(ap);
}

void
proof_reach(proof_t *p, const char *name, const char *before, const char *after, const fmpq_t x,
            int up)
{
    int i;

    for (i = 0; i < REACHED && p->best[i].name != NULL; i++)
        ;
    if (i == REACHED)
        return;
    p->best[i].name = name;
    p->best[i].before = before;
    p->best[i].after = after;
    p->best[i].up = up;
    fmpq_set(p->best[i].x, x);
}

void
claim_take_radii(value_t *radius, const value_t *asked, slong n)
{
    slong i;

    value_set_list(radius, n);
    for (i = 0; i < n && asked->list != NULL; i++)
        fmpq_set(radius->list + i, asked->list + (asked->spread ? 0 : i));
    radius->spread = radius->word = 0;
}

int
radii_match(const value_t *asked, const value_t *radius)
{
    slong i;

    if (!asked->spread && asked->n != radius->n)
        return 0;
    for (i = 0; i < radius->n; i++)
        if (!fmpq_equal(asked->list + (asked->spread ? 0 : i), radius->list + i))
            return 0;
    return 1;
}

void
round_unless_simple(fmpq_t x, int digits, int up)
{
    if (!is_simple(x))
        decimal_round(x, x, digits, up);
}

int
is_simple(const fmpq_t x)
{
    return fmpz_bits(fmpq_numref(x)) + fmpz_bits(fmpq_denref(x)) <= 40;
}

int
largest_radius(fmpq_t rho, int (*works)(void *context, const fmpq_t rho), void *context, int digits,
               int exactly)
{
    fmpq_t lo, hi, mid, gap;
    int k, ok;

    fmpq_init(lo);
    fmpq_init(hi);
    fmpq_init(mid);
    fmpq_init(gap);
    fmpq_one(hi);
    for (k = 0; k < 60 && works(context, hi); k++)
    {
        fmpq_set(lo, hi);
        fmpq_mul_2exp(hi, hi, 1);
    }
    for (k = 0; fmpq_is_zero(lo) && k < 100; k++)
    {
        fmpq_div_2exp(mid, hi, 1);
        if (works(context, mid))
            fmpq_set(lo, mid);
        else
            fmpq_set(hi, mid);
    }
    ok = !fmpq_is_zero(lo);
    while (ok)
    {   /* lo works, hi does not */
        fmpq_sub(gap, hi, lo);
        fmpq_mul_2exp(gap, gap, digits * 3 + 8);
        fmpq_add(mid, lo, hi);
        fmpq_div_2exp(mid, mid, 1);
        if (fmpq_cmp(gap, lo) < 0)
            break;
        if (works(context, mid))
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
        if (exactly && is_simple(mid) && works(context, mid) && !works(context, gap))
            fmpq_set(rho, mid);
        else
        {
            decimal_round(rho, hi, digits, 0);
            if (!works(context, rho))
                decimal_round(rho, lo, digits, 0);
        }
    }
    fmpq_clear(lo);
    fmpq_clear(hi);
    fmpq_clear(mid);
    fmpq_clear(gap);
    return ok;
}
