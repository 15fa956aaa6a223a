/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "approx.h"
#include "bound.h"
#include "extreme.h"
#include "factor.h"
#include "kernel/rank.h"

/* Relative slack of a bound where nothing tighter could be proved. */
#define LOOSE_BITS 12

/* M := K - mu N, or mu N - K. */
static void
form(qmat_t M, const ask_t *ask, const fmpq_t mu)
{
    fmpq_t minus;

    if (ask->bound.upper)
    {
        if (ask->bound.N != NULL)
            qmat_scale(M, ask->bound.N, mu);
        else
            qmat_set_scalar(M, qmat_rows(ask->bound.K), mu);
        qmat_sub(M, M, ask->bound.K);
        return;
    }
    fmpq_init(minus);
    fmpq_neg(minus, mu);
    if (ask->bound.N != NULL)
        qmat_set(M, ask->bound.N);
    else
        qmat_set_one(M, qmat_rows(ask->bound.K));
    qmat_add_scaled(M, ask->bound.K, minus, M);
    fmpq_clear(minus);
}

/* Tries the value exactly, then with a rounded factor. */
static int
try_value(evidence_t *e, const ask_t *ask, const fmpq_t value, int exactly, slong precision_limit)
{
    int ok;
    qmat_t M;

    if (fmpq_sgn(value) < 0)
        return 0;
    qmat_init(M, 0, 0);
    form(M, ask, value);
    ok = exactly ? factor_exact(e, M) : factor_rounded(e, M, precision_limit);
    if (ok)
        fmpq_set(e->value, value);
    qmat_clear(M);
    return ok;
}

/* A rational of small height next to mu, tried exactly: one that would hardly be so near by
   chance. */
static int
try_simple(evidence_t *e, const ask_t *ask, const fmpq_t mu, slong bits)
{
    slong near = FLINT_MAX(33, bits);
    int ok = 0;
    fmpq_t a, b, q;

    fmpq_init(a);
    fmpq_init(b);
    fmpq_init(q);
    fmpq_div_2exp(a, mu, near);
    fmpq_add(b, mu, a);
    fmpq_sub(a, mu, a);
    fmpq_simplest_between(q, a, b);
    if ((slong) (fmpz_bits(fmpq_numref(q)) + fmpz_bits(fmpq_denref(q))) <= near - 7)
        ok = try_value(e, ask, q, 1, 0);
    fmpq_clear(a);
    fmpq_clear(b);
    fmpq_clear(q);
    return ok;
}

/* q := x rounded to slack + 8 bits, towards the safe side, after the slack. */
static void
with_slack(fmpq_t q, const fmpq_t x, slong slack, int upper)
{
    slong k;
    fmpz_t n;

    fmpz_init(n);
    fmpq_div_2exp(q, x, slack);
    if (upper)
        fmpq_add(q, x, q);
    else
        fmpq_sub(q, x, q);
    k = slack + 8 - ((slong) fmpz_bits(fmpq_numref(q)) - (slong) fmpz_bits(fmpq_denref(q)));
    if (k >= 0)
        fmpz_mul_2exp(n, fmpq_numref(q), k);
    else
        fmpz_fdiv_q_2exp(n, fmpq_numref(q), -k);
    if (upper)
        fmpz_cdiv_q(n, n, fmpq_denref(q));
    else
        fmpz_fdiv_q(n, n, fmpq_denref(q));
    fmpq_set_fmpz(q, n);
    if (k >= 0)
        fmpq_div_2exp(q, q, k);
    else
        fmpq_mul_2exp(q, q, -k);
    fmpz_clear(n);
}

/* The value that is wanted, if that will do; close to mu exactly, or with more precision. */
static int
try_wanted(evidence_t *e, const ask_t *ask, const fmpq_t mu, slong bits, slong precision_limit)
{
    const fmpq *want = ask->bound.want;
    int ok = 0, upper = ask->bound.upper, side;
    fmpq_t q;

    if (want == NULL)
        return 0;
    fmpq_init(q);
    with_slack(q, mu, bits, upper);
    side = fmpq_cmp(want, q);
    if (upper ? side >= 0 : side <= 0)
        ok = try_value(e, ask, want, 0, precision_limit);
    else
    {
        with_slack(q, mu, 40, !upper);
        side = fmpq_cmp(want, q);
        if (upper ? side >= 0 : side <= 0)
            ok = try_value(e, ask, want, 1, 0)
                || try_value(e, ask, want, 0, precision_limit);
    }
    fmpq_clear(q);
    return ok;
}

static int
try_slack(evidence_t *e, const ask_t *ask, const fmpq_t mu, slong bits, slong precision_limit)
{
    fmpq_t q;
    int ok;

    fmpq_init(q);
    with_slack(q, mu, bits, ask->bound.upper);
    ok = try_value(e, ask, q, 0, precision_limit);
    fmpq_clear(q);
    return ok;
}

/* Given a good mu: the wanted value if that will do, an exact simple one, or one with a
   little slack.  Where the matrices are balls, their radii may need more of it. */
static int
around(evidence_t *e, const ask_t *ask, const fmpq_t mu, slong bits, slong precision_limit)
{
    return try_wanted(e, ask, mu, bits, precision_limit) || try_simple(e, ask, mu, bits)
        || try_slack(e, ask, mu, bits, precision_limit)
        || (!qmat_is_exact(ask->bound.K) && try_slack(e, ask, mu, LOOSE_BITS, precision_limit));
}

int
oracle_psd(evidence_t *e, const ask_t *ask)
{
    fmpq_t zero;
    int ok;

    fmpq_init(zero);
    ok = try_value(e, ask, zero, 1, 0);
    fmpq_clear(zero);
    return ok;
}

/* The first guess is made in doubles, the next ones with twice the bits each time, the last
   with as many as there may be. */
#define DOUBLE_BITS 53

static slong
more_bits(slong prec, slong bits, slong limit)
{
    prec = prec == DOUBLE_BITS ? FLINT_MAX(128, bits + 64) : 2 * prec;
    return FLINT_MIN(prec, limit);
}

static int
guess(fmpq_t mu, qmat_t x, int *reliable, const extreme_t *p, slong prec)
{
    *reliable = 0;
    return prec == DOUBLE_BITS ? extreme_double(mu, x, reliable, p)
        : extreme_long(mu, x, reliable, p, prec);
}

/* 1 if K is exact and singular: it has no positive lower bound. */
static int
is_singular(const qmat_t K)
{
    return qmat_is_exact(K) && rank_of(K) < qmat_rows(K);
}

/* 1 if it is certain that there is no positive lower bound: some quotient is not positive. */
static int
has_no_bound(const extreme_t *p)
{
    int reliable, none;
    fmpq_t mu;
    qmat_t x;

    if (p->largest)
        return 0;
    fmpq_init(mu);
    qmat_init(x, 0, 0);
    none = (extreme_double(mu, x, &reliable, p) && fmpq_sgn(mu) <= 0) || is_singular(p->K);
    fmpq_clear(mu);
    qmat_clear(x);
    return none;
}

/* More bits than that are of no use: K is known no better. */
static slong
useful_bits(const qmat_t K, slong limit)
{
    slong radius = (slong) fmpz_bits(fmpq_numref(K->rad)) - (slong) fmpz_bits(fmpq_denref(K->rad));

    if (qmat_is_exact(K))
        return limit;
    return FLINT_MIN(limit, FLINT_MAX(approx_exponent(K) - radius + 64, 128));
}

int
oracle_vector(qmat_t x, const qmat_t K, const qmat_t N, int largest, slong bits, slong limit)
{
    const extreme_t p = { K, N, largest, bits };
    slong prec = DOUBLE_BITS;
    int ok, reliable, found = 0;
    fmpq_t mu;
    qmat_t y;

    fmpq_init(mu);
    qmat_init(y, 0, 0);
    for (;;)
    {
        ok = guess(mu, y, &reliable, &p, prec);
        if (ok)
            qmat_swap(x, y);
        found |= ok;
        if ((ok && reliable) || prec >= limit)
            break;
        if (prec > DOUBLE_BITS && ok && !largest && is_singular(K))
            break;
        prec = more_bits(prec, bits, limit);
    }
    fmpq_clear(mu);
    qmat_clear(y);
    return found;
}

/* A guess that is worth a factor: mu as LAPACK gives it if that is reliable, otherwise the exact
   quotient of a vector; that vector in x, if it is not NULL. */
static int
good_guess(fmpq_t mu, qmat_t x, const extreme_t *p, slong prec)
{
    int ok, reliable;
    qmat_t y;

    if (prec == DOUBLE_BITS && x == NULL && extreme_double(mu, NULL, &reliable, p) && reliable)
        return 1;
    qmat_init(y, 0, 0);
    ok = guess(mu, x == NULL ? y : x, &reliable, p, prec);
    qmat_clear(y);
    return ok;
}

/* oracle_bound, and if x is not NULL a vector whose quotient bounds the other side. */
static int
search(evidence_t *e, qmat_t x, const ask_t *ask, slong bits, slong limit)
{
    const extreme_t p = { ask->bound.K, ask->bound.N, ask->bound.upper, bits };
    slong prec = DOUBLE_BITS, most = useful_bits(p.K, limit);
    int ok = 0, any = 0, none = 0;
    fmpq_t mu;

    fmpq_init(mu);
    while (!ok && !none && prec <= most)
    {
        any = good_guess(mu, x, &p, prec) && (fmpq_sgn(mu) > 0 || (p.largest && fmpq_is_zero(mu)));
        ok = any && around(e, ask, mu, bits, FLINT_MIN(limit, FLINT_MAX(512, 2 * (prec + bits))));
        none = !ok && prec == DOUBLE_BITS && has_no_bound(&p);
        prec = prec < most ? more_bits(prec, bits, most) : most + 1;
    }
    if (!ok && !none && any)
        ok = try_slack(e, ask, mu, LOOSE_BITS, limit);
    fmpq_clear(mu);
    if (ok)
        return p.largest || !fmpq_is_zero(e->value);
    return none || most < limit ? 0 : -1;
}

int
oracle_bound(evidence_t *e, const ask_t *ask, slong bits, slong limit)
{
    if (!ask->bound.upper && ask->bound.want != NULL && fmpq_is_zero(ask->bound.want)
        && try_value(e, ask, ask->bound.want, 0, limit))
        return 1;                       /* no need to know the eigenvalue */
    return search(e, NULL, ask, bits, limit);
}

int
oracle_enclosure(evidence_t *e, qmat_t x, const ask_t *ask, slong bits, slong limit)
{
    return search(e, x, ask, bits, limit);
}
