/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a certified claim is what a problem file asks for where it leaves out the
   radius, delta, alpha or beta. */
#include "config.h"
#include "prove.h"

/* x agrees with a number rounded to some number of digits, or exact, as number(digits)
   gives it. */
static int
is_default(const fmpq_t x, rc_prover_t *s, int (*number)(fmpq_t y, rc_prover_t *s, int digits))
{
    int digits, ok = 0;
    fmpq_t y;

    fmpq_init(y);
    for (digits = 1; digits <= 30 && !ok; digits++)
    {
        if (!number(y, s, digits))
            break;
        ok = fmpq_equal(y, x);
    }
    fmpq_clear(y);
    return ok;
}

static int
number_delta(fmpq_t y, rc_prover_t *s, int digits)
{
    const char *why;

    return rc_default_delta(y, s->o, digits, &why);
}

static int
number_alpha(fmpq_t y, rc_prover_t *s, int digits)
{
    const char *why;

    return rc_default_alpha(y, s->o, s->gamma, digits, &why);
}

/* Radius, delta, alpha and beta, as far as what is given determines them.  A
   refutation is one of the radius that is asked for and, where alpha or beta is left
   out, of all. */
static int
matches_left_out(rc_prover_t *s, const claim_t *c, int refuted)
{
    const claim_t *asked = s->asked;
    fmpq_t x;
    int ok = 1;

    if (refuted)
        return rc_has_radius(s)
            && (rc_is_given(asked, RC_DELTA) || is_default(c->value[RC_DELTA].x, s, number_delta))
            && (rc_is_given(asked, RC_ALPHA) || fmpq_is_zero(c->value[RC_ALPHA].x))
            && (rc_is_given(asked, RC_BETA) || fmpq_is_zero(c->value[RC_BETA].x));
    if (!rc_has_radius(s))
    {   /* the largest radius is not 0 */
        neighbourhood_t N;
        neighbourhood_set(&N, c->value + RC_NORM, c->value + RC_RADIUS);
        ok = !neighbourhood_is_point(&N);
        neighbourhood_clear(&N);
    }
    if (ok && !rc_is_given(asked, RC_DELTA))
        ok = is_default(c->value[RC_DELTA].x, s, number_delta);
    if (ok && !rc_is_given(asked, RC_BETA) && !rc_has_radius(s))
    {
        fmpq_init(x);
        rc_default_beta(x, s->gamma, c->value[RC_DELTA].x);
        ok = fmpq_equal(x, c->value[RC_BETA].x);
        fmpq_clear(x);
    }
    if (ok && !rc_is_given(asked, RC_ALPHA) && !s->best_alpha && !(rc_has_radius(s) && rc_is_given(asked, RC_BETA)))
        ok = is_default(c->value[RC_ALPHA].x, s, number_alpha);
    /* chosen at a given radius, or best: positive, or nothing is said */
    if (ok && !rc_is_given(asked, RC_BETA))
        ok = fmpq_sgn(c->value[RC_BETA].x) > 0;
    if (ok && !rc_is_given(asked, RC_ALPHA))
        ok = fmpq_sgn(c->value[RC_ALPHA].x) > 0;
    return ok;
}

int
rc_matches(const claim_t *asked, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    rc_prover_t s;
    oracle_t o;
    moments_t M;
    prove_options_t opt = { ORACLE_PRECISION, 30, NULL, NULL, 0, 1 };
    int ok;

    moments_none(&M);
    ok = moments_init(&M, P);
    oracle_init(&o, NULL, P, &M, ORACLE_PRECISION);
    rc_prover_start(&s, &o, asked, &opt);
    ok = ok && matches_left_out(&s, c, k->verdict == VERDICT_REFUTED);
    rc_prover_stop(&s);
    oracle_clear(&o);
    moments_clear(&M);
    return ok;
}
