/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of the prover of regularity. */
#ifndef CERTIFY_PROVE_REGULARITY_H
#define CERTIFY_PROVE_REGULARITY_H

#include "prove/prover.h"
#include "rules/regularity/regularity.h"

/* The constants of Zhou & Liang 2017, Theorems 4 to 6, that are left out:
   delta := eta_min(G(W*)) rounded down, alpha := gamma times the paper's
   formula, rounded down if long.  Return 0 with the reason. */
int rc_default_delta(fmpq_t delta, const oracle_t *o, int digits, const char **why);
int rc_default_alpha(fmpq_t alpha, oracle_t *o, const fmpq_t gamma, int digits, const char **why);
/* beta := (1 - gamma) delta^2 / 2. */
void rc_default_beta(fmpq_t beta, const fmpq_t gamma, const fmpq_t delta);

/* The smallest t found for which some W with ||W_i - W_i*||_F <= t radius_i in the cone
   violates the condition; INFINITY if none is found.  W (initialised): such a point, up to
   rounding.  The first t below enough will do. */
double search_regularity(problem_t *W, const problem_t *P, const neighbourhood_t *N,
                         const rc_constants_t *constants, double enough);

#endif
