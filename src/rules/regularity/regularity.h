/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The regularity condition
     <grad h(W), v> >= alpha ||grad h(W)||^2 + beta ||v||^2,   v = vec(W - W*),
   for ||W_i - W_i*||_F <= radius_i and ||G v|| >= delta ||v||, G the Jacobian at W*
   of the weighted residual F(W) = (f(X) - Y) D^{1/2} (Zhou & Liang 2017, Theorems 4
   to 6, with an explicit neighbourhood; doc/rules/regularity). */
#ifndef CERTIFY_REGULARITY_H
#define CERTIFY_REGULARITY_H

#include "kernel/derivatives.h"
#include "rules/neighbourhood.h"

/* Parameters, constants and findings of the rule. */
enum { RC_NORM, RC_RADIUS, RC_DELTA, RC_ALPHA, RC_BETA, RC_GAMMA };
enum { RC_RADIUS_FACTOR };
enum
{
    RC_AT_MINIMUM,              /* 1 if F(W*) = 0, 0 if not */
    RC_DIRECTIONS,              /* the number of parameters */
    RC_RANK,                    /* rank G, if it is easily known */
    RC_EMPTY                    /* 1 if ||G|| < delta: the cone is {0} */
};

/* s1, s2 for the role "derivatives". */
extern const char rc_about_range[];
typedef struct
{
    about_t about;
    activation_range_t range;
} rc_about_range_t;

/* F is the weighted residual, J its Jacobian; on the whole neighbourhood
     ||F - G v|| <= R ||v||,  ||J v - F|| <= T ||v||,  ||J||^2 <= J2. */
typedef struct
{
    fmpq_t R, T, J2;
} rc_bounds_t;

void rc_bounds_init(rc_bounds_t *b);
void rc_bounds_clear(rc_bounds_t *b);

/* alpha, beta and delta. */
typedef struct
{
    fmpq_t alpha, beta, delta;
} rc_constants_t;

void rc_constants_init(rc_constants_t *k);
void rc_constants_clear(rc_constants_t *k);

/* The bounds for the radii of N, first rounded up.  Preconditions, each checked:
   F(W*) = 0 exactly; feedforward networks: no hidden unit can reach a kink.
   g2 := an upper bound of ||G||^2.
   Returns 0 (and a failure is recorded) otherwise. */
int rc_bounds(rc_bounds_t *b, fmpq_t g2, setting_t *s, const neighbourhood_t *N);
int rc_linear_bounds(rc_bounds_t *b, fmpq_t g2, setting_t *s, const fmpq *radius);
int rc_feedforward_bounds(rc_bounds_t *b, setting_t *s, const fmpq *radius);

/* The findings of a neighbourhood for which there are bounds. */
void rc_find(conclusion_t *k, const fmpq_t g2, const rc_constants_t *constants);

/* 1 if the bounds imply the condition with these constants. */
int rc_holds(const rc_bounds_t *b, const rc_constants_t *k);
/* The largest beta, and the largest alpha, that they imply with the other
   constants: 0 if none. */
void rc_best_beta(fmpq_t beta, const rc_bounds_t *b, const rc_constants_t *k);
void rc_best_alpha(fmpq_t alpha, const rc_bounds_t *b, const rc_constants_t *k);

/* 1 if the roles "witness:i" give an exact point W of the neighbourhood with
   all radii multiplied by factor, and of the cone, at which the condition
   fails.  Rational activations only. */
int rc_refute(setting_t *s, const neighbourhood_t *N, const rc_constants_t *k, const fmpq_t factor);

/* rank G at W*, exactly; -1 where it is not easily known. */
slong rc_rank(setting_t *s);

void rc_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void rc_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
                   const facts_t *f);

#endif
