/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The regularity condition
     <grad h(W), v> >= alpha ||grad h(W)||^2 + beta ||v||^2,   v = vec(W - W*),
   for ||W_i - W_i*||_F <= radius_i and ||G v|| >= delta ||v||, G the Jacobian
   of the residual at W* (Zhou & Liang 2017, Theorems 4 to 6, with an explicit
   neighbourhood; doc/mathematics, "Regularity condition"). */
#ifndef CERTIFY_REGULARITY_H
#define CERTIFY_REGULARITY_H

#include "rules/claim.h"
#include "network/network.h"

/* F is the weighted residual, J its Jacobian; on the whole neighbourhood
     ||F - G v|| <= R ||v||,  ||J v - F|| <= T ||v||,  ||J||^2 <= J2. */
typedef struct
{
    fmpq_t R, T, J2;
} rc_bounds_t;

void rc_bounds_init(rc_bounds_t *b);
void rc_bounds_clear(rc_bounds_t *b);

/* The bounds for the radii of c; nothing else of c is read.  Preconditions,
   each checked: F(W*) = 0 exactly; feedforward networks: no hidden unit can
   reach a kink.  Returns 0 (and a failure is recorded) otherwise. */
int rc_bounds(rc_bounds_t *b, facts_t *f, const problem_t *P, const claim_t *c);
int rc_linear_bounds(rc_bounds_t *b, facts_t *f, const problem_t *P, const claim_t *c);
int rc_feedforward_bounds(rc_bounds_t *b, facts_t *f, const problem_t *P, const claim_t *c);

/* 1 if the bounds imply the condition with the constants of c. */
int rc_holds(const rc_bounds_t *b, const claim_t *c);
/* The largest beta, and the largest alpha, that they imply with the other
   constants of c: 0 if none. */
void rc_best_beta(fmpq_t beta, const rc_bounds_t *b, const claim_t *c);
void rc_best_alpha(fmpq_t alpha, const rc_bounds_t *b, const claim_t *c);

/* 1 if the roles "witness:i" give an exact point W of the neighbourhood with
   all radii multiplied by factor, and of the cone, at which the condition
   fails.  Rational activations only. */
int rc_refute(facts_t *f, const problem_t *P, const claim_t *c, const fmpq_t factor);

/* rank G at W*, exactly; -1 where it is not easily known. */
slong rc_rank(const problem_t *P);

#endif
