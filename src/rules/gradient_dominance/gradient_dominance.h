/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradient dominance:  h(W) - h* <= lambda ||grad h(W)||^2  on a neighbourhood
   (Zhou & Liang 2017, Theorems 1 to 3, generalised; doc/mathematics). */
#ifndef CERTIFY_GRADIENT_DOMINANCE_H
#define CERTIFY_GRADIENT_DOMINANCE_H

#include "rules/claim.h"
#include "network/network.h"

/* Payload of the "multipliers" ask.  Term t of block i stands for the form
   ||.||^2 = <vec F, Q (x) G vec F>; the first term of a block is the gradient
   at the point, the others are multiplied by coefficient. */
typedef struct
{
    const qmat_struct *Q, *G;
    fmpq_t coefficient;
} joint_term_t;

typedef struct
{
    slong blocks;
    slong *terms;               /* per block, the leading one included */
    joint_term_t **term;
    const qmat_struct *S;       /* the forms are compared with S (x) I */
    slong order;                /* rows of each G */
} joint_t;

/* Payload of the "bound" ask: which bounds can be asked for. */
typedef struct
{
    const problem_t *P;
    const moments_t *M;
    const claim_t *c;
} gd_payload_t;

/* lambda := the constant that the evidence proves on the neighbourhood of c
   (c->lambda is not read).  want (or NULL): a lambda that would do.
   Linear and residual networks: words for the role "bound" are
     point   all radii 0: the exact ratio at the point;
     block   lambda = 1 / (2 sum_i b_i^2 c_i^2);
     joint   the matrix inequality of order p d_l, on the neighbourhood;
     data    the same with the output side bounded by norms, order p.
   Feedforward networks: lambda = 1 / (2 f^2), Theorem 3.
   Returns 0 (and a failure is recorded) if nothing is proved. */
int gd_linear_derive(fmpq_t lambda, facts_t *f, const problem_t *P, const moments_t *M,
                     const claim_t *c, const fmpq *want);
int gd_feedforward_derive(fmpq_t lambda, facts_t *f, const problem_t *P, const claim_t *c,
                          const fmpq *want);

/* lower := a number that no valid lambda is below: the larger of the limit
   along the direction F in the role "direction" (linear and residual
   networks, an exact minimiser, radii positive) and of the quotient at a
   witness.  The caller has proved a finite lambda.  Returns 0 if neither is
   given. */
int gd_lambda_lower(fmpq_t lower, facts_t *f, const problem_t *P, const moments_t *M,
                    const claim_t *c);

/* M is NULL for feedforward networks in the next three. */
/* paper := a lower bound of the constant printed in the paper's theorem, where
   its hypotheses hold (square non-singular layers, X of full row rank,
   unweighted square loss, exact minimiser).  Returns 0 if they do not. */
int gd_paper_lambda(fmpq_t paper, facts_t *f, const problem_t *P, const moments_t *M);
int gd_paper_applies(const problem_t *P, const moments_t *M);

/* excess := h(W) - h(V), g2 := ||grad h(W)||^2 for the point W of the roles
   "witness:i" ("witness-bias:i"), shown to lie in the neighbourhood, and the
   point V of the roles "better:i", by default the point of P: excess <= lambda g2
   for every valid lambda.  Rational activations only. */
int gd_witness(fmpq_t excess, fmpq_t g2, facts_t *f, const problem_t *P, const claim_t *c,
               int required);

/* The refutation rule: a point W of the neighbourhood and a point V with
   h(W) - h(V) > lambda ||grad h(W)||^2, all exact. */
int gd_refute(facts_t *f, const problem_t *P, const claim_t *c);

/* The factors of the product Z: W_k, or M_k = I + A_kr ... A_k1. */
qmat_struct *gd_units(const problem_t *P);

#endif
