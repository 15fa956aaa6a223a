/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims with all their parameters, and what is concluded about them. */
#ifndef CERTIFY_CLAIM_H
#define CERTIFY_CLAIM_H

#include "rules/critical_point/pattern.h"
#include "kernel/facts.h"
#include "rules/inequality/inequality.h"
#include "network/problem.h"

typedef enum
{
    CLAIM_GRADIENT_DOMINANCE,
    CLAIM_REGULARITY,
    CLAIM_INEQUALITY,
    CLAIM_GLOBAL_MINIMIZER,
    CLAIM_CRITICAL_POINT,       /* these six: linear and residual networks, no parameters */
    CLAIM_STRICT_SADDLE,
    CLAIM_SADDLE,
    CLAIM_LOCAL_MINIMUM,
    CLAIM_NOT_LOCAL_MINIMUM,
    CLAIM_HESSIAN_PSD,
    CLAIM_FULL_RANK,
    CLAIM_DISTINCT_EIGENVALUES,
    CLAIM_KINDS
} claim_kind;

typedef enum { NORM_SPECTRAL, NORM_FROBENIUS, NORM_FEATURE, NORM_KINDS } norm_kind;

extern const char *const claim_name[CLAIM_KINDS];
/* 1 for the claims from critical-point to hessian-psd. */
int claim_is_local(claim_kind kind);
/* 1 if the claim has an approximate form. */
int claim_has_tolerance(claim_kind kind);
extern const char *const norm_name[NORM_KINDS];

typedef struct
{
    claim_kind kind;
    norm_kind norm;
    slong nradius;          /* claim_radius_count; else 0 */
    fmpq *radius;
    fmpq_t lambda;          /* gradient-dominance */
    fmpq_t alpha, beta, delta;      /* regularity */
    inequality_t q;
    int has_tolerance;            /* else tolerance is 0.  global-minimizer: h(W) - h* <= tolerance;
                               critical-point: ||grad h(W)|| <= tolerance */
    fmpq_t tolerance;
} claim_t;

typedef enum { VERDICT_PROVED, VERDICT_REFUTED } verdict_kind;

typedef struct
{
    verdict_kind verdict;
    int has_lambda_lower;   /* every valid lambda is >= lambda_lower */
    fmpq_t lambda_lower;
    int has_radius_factor;  /* the regularity claim is false with all radii times this >= 1 */
    fmpq_t radius_factor;
    int has_paper_lambda;   /* the paper's constant is >= paper_lambda */
    fmpq_t paper_lambda;
    int at_minimum;         /* set by conclusion_describe, for the reader: 1 if W* attains
                               h_inf (feedforward: has zero loss), -1 if not examined */
    fmpq_t loss;            /* global-minimizer: h(W*), set by conclusion_describe */
    slong npatterns;        /* critical-point: pattern_count, or 0 if they are not stated */
    pattern_t *pattern;
    slong directions, rank; /* regularity: the number of parameters, and rank G or -1; set by
                               conclusion_describe */
} conclusion_t;

void claim_init(claim_t *c, claim_kind kind);
void claim_clear(claim_t *c);
void claim_set_radii(claim_t *c, slong n);
void conclusion_init(conclusion_t *k);
void conclusion_clear(conclusion_t *k);
/* One pattern more, of n eigenvalues. */
pattern_t *conclusion_add_pattern(conclusion_t *k, slong n);
void conclusion_drop_patterns(conclusion_t *k);

/* Radii of a claim: gradient-dominance has one per block, feedforward: one per
   hidden layer (its matrix and its bias); regularity one per block. */
slong claim_radius_count(const problem_t *P, claim_kind kind);

/* NULL if some theorem here treats this claim for this problem (network,
   loss, regularization, parameters); otherwise the reason (static buffer). */
const char *claim_supported(const problem_t *P, const claim_t *c);

void conclusion_describe(conclusion_t *k, const problem_t *P, const claim_t *c);

/* The whole of checking: 1 if the facts prove the claim, or refute it, with
   every constant of the conclusion; otherwise 0 and f->reason says why. */
int claim_verify(facts_t *f, const problem_t *P, const claim_t *c, const conclusion_t *k);

#endif
