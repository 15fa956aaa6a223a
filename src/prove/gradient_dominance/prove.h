/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of the prover of gradient dominance. */
#ifndef CERTIFY_PROVE_GRADIENT_DOMINANCE_H
#define CERTIFY_PROVE_GRADIENT_DOMINANCE_H

#include "prove/prover.h"
#include "rules/gradient_dominance/gradient_dominance.h"

/* Default limit of the order of the joint inequality. */
#define FULL_ORDER 1000

/* What the rule's questions are answered with. */
typedef struct
{
    const char *bound;          /* the word */
    int constants;              /* answer what lambda_lower and the paper's constant ask */
    qmat_struct *direction;     /* keeps the direction once found; empty before; or NULL */
} gd_offer_t;

int gd_answer(oracle_t *o, const ask_t *ask, evidence_t *e);

typedef struct
{
    const problem_t *P;
    const claim_t *asked;
    const prove_options_t *opt;
    const moments_t *M;
    oracle_t *o;
    gd_offer_t offer;
    slong rounding;
    char missing[400];          /* the last reason for which nothing was proved */
} gd_prover_t;

/* 0 after a failure of the data reduction. */
int gd_prover_start(gd_prover_t *s, oracle_t *o, const claim_t *asked, const prove_options_t *opt);

/* One run of the rule with the bound on offer; f is initialised here and left for
   the caller whatever the outcome. */
int gd_run(fmpq_t lambda, facts_t *f, gd_prover_t *s, const neighbourhood_t *N, const fmpq *want);
/* 1 if the uniform radius rho proves a lambda <= want (want NULL: any).  Changes N. */
int gd_radius_works(gd_prover_t *s, neighbourhood_t *N, const fmpq_t rho, const fmpq *want);
/* Every radius of N := rho. */
void gd_set_radius(neighbourhood_t *N, const fmpq_t rho);

/* tau := the radius of the paper's neighbourhood, exact if simple, otherwise
   rounded down.  Returns 0 with the reason if its hypotheses do not hold. */
int gd_paper_radius(fmpq_t tau, gd_prover_t *s, norm_kind norm, int digits, const char **why);

/* Searches the neighbourhood N for a point W with a large quotient
   (h(W) - h(V)) / ||grad h(W)||^2 and rounds it to rationals inside the
   neighbourhood, until one is at least enough.  W and V are initialised problems.  Returns 0 if none above least was
   found or the activations are not rational. */
int search_witness(problem_t *W, problem_t *V, const problem_t *P, const neighbourhood_t *N, int effort, double least,
                   double enough);

#endif
