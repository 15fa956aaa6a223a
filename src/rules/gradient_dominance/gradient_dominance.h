/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradient dominance:  h(W) - h* <= lambda ||grad h(W)||^2  on a neighbourhood
   (Zhou & Liang 2017, Theorems 1 to 3, generalised; doc/rules/gradient-dominance). */
#ifndef CERTIFY_GRADIENT_DOMINANCE_H
#define CERTIFY_GRADIENT_DOMINANCE_H

#include "rules/neighbourhood.h"

/* Parameters, constants and findings of the rule. */
enum { GD_NORM, GD_RADIUS, GD_LAMBDA };
enum { GD_LAMBDA_AGAIN, GD_LAMBDA_LOWER, GD_PAPER_LAMBDA };
enum
{
    GD_AT_MINIMUM,              /* 1 if the point attains h_inf (feedforward: has zero loss), 0 if not */
    GD_STATIONARY               /* 1 if refuted by a point with zero gradient: for every lambda */
};

/* The word for the role "bound" is asked for. */
extern const about_t gd_about_bound;

/* What "multipliers" is about.  Term t of block i stands for the form
   ||.||^2 = <vec F, Q (x) G vec F>; the first term of a block is the gradient
   at the point, the others are multiplied by coefficient. */
typedef struct
{
    const qmat_struct *Q, *G;
    fmpq_t coefficient;
    slong prefix;               /* Q is that of the first so many units, whatever the block; -1: of a block alone */
} joint_term_t;

extern const char gd_about_joint[];
typedef struct
{
    about_t about;
    slong blocks;
    slong *terms;               /* per block, the leading one included */
    joint_term_t **term;
    const qmat_struct *S;       /* the forms are compared with S (x) I */
    slong order;                /* rows of each G */
} joint_t;

/* A direction F at the minimiser, d_l x p, with a large limit of the quotient. */
extern const about_t gd_about_direction;

/* The index k (from 1) and v of a small ||A[k] v|| / ||v||. */
extern const char gd_about_quotient[];
typedef struct
{
    about_t about;
    const qmat_struct *A;
    slong count;
} gd_about_quotient_t;

/* How many radii: one per block, feedforward: one per hidden layer. */
slong gd_radius_count(const problem_t *P);

/* lambda := the constant that the evidence proves on the neighbourhood N, whose
   radii are first rounded up.  want (or NULL): a lambda that would do.
   Linear and residual networks: words for the role "bound" are
     point   all radii 0: the exact ratio at the point;
     block   lambda = 1 / (2 sum_i b_i^2 c_i^2);
     joint   the matrix inequality of order p d_l, on the neighbourhood;
     data    the same with the output side bounded by norms, order p.
   Feedforward networks: lambda = 1 / (2 f^2), Theorem 3.
   Returns 0 (and a failure is recorded) if nothing is proved. */
int gd_derive(fmpq_t lambda, setting_t *s, const neighbourhood_t *N, const fmpq *want);
int gd_linear_derive(fmpq_t lambda, setting_t *s, const neighbourhood_t *N, const fmpq *want);
int gd_feedforward_derive(fmpq_t lambda, setting_t *s, const neighbourhood_t *N, const fmpq *want);

/* lower := a number that no valid lambda is below: the larger of the limit
   along the direction F in the role "direction" (linear and residual
   networks, an exact minimiser, radii positive) and of the quotient at a
   witness.  The caller has proved a finite lambda.  Returns 0 if neither is
   given. */
int gd_lambda_lower(fmpq_t lower, setting_t *s, const neighbourhood_t *N);

/* paper := a lower bound of the constant printed in the paper's theorem, where
   its hypotheses hold (square non-singular layers, X of full row rank,
   unweighted square loss, exact minimiser).  Returns 0 if they do not. */
int gd_paper_lambda(fmpq_t paper, setting_t *s);
/* Those hypotheses. */
int gd_paper_applies(setting_t *s);

/* excess := h(W) - h(V), g2 := ||grad h(W)||^2 for the point W of the roles
   "witness:i" ("witness-bias:i"), shown to lie in the neighbourhood, and the
   point V of the roles "better:i", by default the point of P: excess <= lambda g2
   for every valid lambda.  Rational activations only. */
int gd_witness(fmpq_t excess, fmpq_t g2, setting_t *s, const neighbourhood_t *N, int required);

/* The refutation rule: a point W of the neighbourhood and a point V with
   h(W) - h(V) > lambda ||grad h(W)||^2, all exact.  stationary := 1 if the
   gradient vanishes there, so that no lambda at all is valid. */
int gd_refute(int *stationary, setting_t *s, const neighbourhood_t *N, const fmpq_t lambda);

void gd_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void gd_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
                   const facts_t *f);

#endif
