/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of the prover of regularity. */
#ifndef CERTIFY_PROVE_REGULARITY_H
#define CERTIFY_PROVE_REGULARITY_H

#include "prove/prover.h"
#include "rules/regularity/regularity.h"

/* A claim that is being proved. */
typedef struct
{
    const problem_t *P;
    const claim_t *asked;
    const prove_options_t *opt;
    oracle_t *o;
    slong rounding;
    fmpq_t g2;                  /* an upper bound of ||G||^2, with the bounds */
    neighbourhood_t N;
    rc_constants_t k;
    fmpq_t gamma;
    int best_alpha;             /* alpha: best */
    char missing[300];
    int final;                  /* no other rounding will do: a precondition fails exactly */
} rc_prover_t;

void rc_prover_start(rc_prover_t *s, oracle_t *o, const claim_t *asked, const prove_options_t *opt);
void rc_prover_stop(rc_prover_t *s);
/* 1 if the parameter, or any radius, is given as numbers. */
int rc_is_given(const claim_t *c, int i);
int rc_has_radius(const rc_prover_t *s);

/* As prover_t has them. */
int rc_matches(const claim_t *asked, const problem_t *P, const claim_t *c, const conclusion_t *k);
int rc_answer(oracle_t *o, const ask_t *ask, evidence_t *e);

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
