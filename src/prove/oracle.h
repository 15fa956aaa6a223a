/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The untrusted side: answers what rules ask, and searches for parameters and
   counterexamples.  Nothing here can make a false statement pass. */
#ifndef CERTIFY_ORACLE_H
#define CERTIFY_ORACLE_H

#include "rules/gradient_dominance/gradient_dominance.h"

/* Default limits. */
#define ORACLE_PRECISION 4096           /* bits */
#define ORACLE_FULL_ORDER 1000          /* order of the joint inequality */

typedef struct
{
    const problem_t *P;
    const moments_t *M;                 /* linear and residual networks */
    slong precision_limit;
    const char *bound;                  /* the word for the role "bound" */
    const problem_t *witness, *better;  /* points to be offered, or NULL */
    slong degree[2];                    /* of curves on offer, down and up; 0: none */
    const qmat_struct *curve[2];        /* degree * nblocks matrices each */
    const fmpq *threshold;              /* of the dual bound of h*, or NULL */
    const qmat_struct *excess;
    int constants;                      /* answer asks for lambda_lower and the paper */
    facts_t cache;                      /* facts that do not depend on radii */
} oracle_t;

void oracle_init(oracle_t *o, const problem_t *P, const moments_t *M, slong precision_limit);
void oracle_clear(oracle_t *o);

/* y := a first guess of s^{-1}(x); not finite outside the range of s. */
void oracle_inverse(arb_t y, const arb_t x, const activation_t *s, slong prec);

/* The callback of facts_t. */
int oracle_answer(void *context, const ask_t *ask, evidence_t *e);

/* Searches the neighbourhood of c for a point W with a large quotient
   (h(W) - h(V)) / ||grad h(W)||^2 and rounds it to rationals inside the
   neighbourhood.  W and V are initialised problems.  Returns 0 if nothing was
   found or the activations are not rational. */
int oracle_search_witness(problem_t *W, problem_t *V, const problem_t *P, const claim_t *c,
                          int effort);

/* The smallest t <= limit found for which some W with ||W_i - W_i*||_F <=
   t radius_i in the cone of the regularity claim c violates (RC); INFINITY if
   none is found.  W (initialised, or NULL): such a point, up to rounding.
   any: the first one will do. */
double oracle_search_regularity(problem_t *W, const problem_t *P, const claim_t *c, int starts,
                                double limit, int any);

/* What the user asked for, and what came out. */
typedef struct
{
    claim_kind kind;
    norm_kind norm;
    int has_radius;                     /* else radius: paper, or the largest */
    int radius_paper;                   /* written as such */
    slong nradius;                      /* 1: the same for every block */
    fmpq *radius;
    int has_lambda;
    fmpq_t lambda;
    int has_delta, has_gamma, has_alpha, has_beta;      /* regularity */
    int alpha_best;                     /* alpha: best */
    fmpq_t delta, gamma, alpha, beta;
    int has_tolerance, tolerance_best;  /* global-minimizer: gap; critical-point: gradient */
    fmpq_t tolerance;
    char *inequality[3];                /* left side, relation, right side, without spaces */
    slong line;                         /* in the problem file */
} claim_spec_t;

void claim_spec_init(claim_spec_t *s);
void claim_spec_clear(claim_spec_t *s);
/* 1 if the parameters given in s agree with the claim c about P. */
int claim_spec_matches(const claim_spec_t *s, const problem_t *P, const claim_t *c);

typedef enum { OUTCOME_PROVED, OUTCOME_REFUTED, OUTCOME_UNDECIDED, OUTCOME_BAD_DATA } outcome_kind;

typedef struct
{
    slong precision_limit;
    int digits;
    void (*progress)(void *context, const char *what);     /* or NULL */
    void *context;
} prove_options_t;

typedef struct
{
    outcome_kind outcome;
    claim_t c;
    conclusion_t k;
    facts_t f;
    char message[512];                  /* undecided or bad data: why */
    int has_best_radius, has_best_lambda;
    fmpq_t best_radius, best_lambda;    /* undecided: the best that was reached */
    char remark[512];                   /* proved: more for the reader, not certified */
} proof_t;

/* The constants of Zhou & Liang 2017, Theorems 4 to 6, that are left out:
   delta := eta_min(G(W*)) rounded down, alpha := gamma times the paper's
   formula, rounded down if long.  Return 0 with the reason. */
int rc_default_delta(fmpq_t delta, const problem_t *P, const moments_t *M, int digits,
                     const char **why);
int rc_default_alpha(fmpq_t alpha, oracle_t *o, const fmpq_t gamma, int digits, const char **why);
/* beta := (1 - gamma) delta^2 / 2. */
void rc_default_beta(fmpq_t beta, const fmpq_t gamma, const fmpq_t delta);

/* "simple": worth stating exactly instead of rounding. */
int is_simple(const fmpq_t x);

/* rho := the largest radius that works, searched by doubling, halving and bisection: rounded down to
   digits, or with exactly the simplest number if it is the limit.  Returns 0 if none is found. */
int largest_radius(fmpq_t rho, int (*works)(void *context, const fmpq_t rho), void *context, int digits,
                   int exactly);

/* 1 if the radii of c are the paper's radius, rounded down to some number of digits. */
int gd_is_paper_radius(const problem_t *P, const claim_t *c);

/* The gradient-dominance part of oracle_prove; o is initialised. */
void oracle_prove_gradient_dominance(proof_t *p, oracle_t *o, const claim_spec_t *spec,
                                     const prove_options_t *opt);

/* The regularity part. */
void oracle_prove_regularity(proof_t *p, oracle_t *o, const claim_spec_t *spec,
                             const prove_options_t *opt);

/* The claims from critical-point to hessian-psd. */
void oracle_prove_local(proof_t *p, oracle_t *o, const claim_spec_t *spec,
                        const prove_options_t *opt);

/* Adds to a decided critical-point claim what the point captures (critical: the gradient
   is zero), or a remark on which critical point is near.  Linear networks. */
void oracle_describe_critical(proof_t *p, const oracle_t *o, int critical);

/* The global-minimizer part. */
void oracle_prove_global_minimizer(proof_t *p, oracle_t *o, const claim_spec_t *spec,
                                   const prove_options_t *opt);

/* Tells the user what is being done. */
void proof_progress(const prove_options_t *opt, const char *what);
void proof_init(proof_t *p);
void proof_clear(proof_t *p);
/* Facts without evidence, to be answered by o, for one verdict of p. */
void proof_begin(proof_t *p, oracle_t *o, verdict_kind verdict);
/* Tries to prove, then to refute, the claim. */
void oracle_prove(proof_t *p, const problem_t *P, const claim_spec_t *s,
                  const prove_options_t *opt);

#endif
