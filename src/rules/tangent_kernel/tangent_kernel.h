/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tangent kernel K = J J^T of the outputs on the distinct samples: where it is positive definite, every
   critical point has the least loss of all functions (Kawaguchi, Huang & Kaelbling 2019, Example 2,
   and after Example 1), on a neighbourhood too.  doc/rules/tangent-kernel.md. */
#ifndef CERTIFY_TANGENT_KERNEL_H
#define CERTIFY_TANGENT_KERNEL_H

#include "rules/deviation.h"
#include "rules/neighbourhood.h"
#include "rules/distinct.h"

enum { TK_NORM, TK_RADIUS, TK_LAMBDA };
/* Of full-rank: what has it. */
enum { TK_OF };
enum { OF_FEATURES, OF_TANGENT };
/* Findings: f, the least singular value on the neighbourhood; at the point; the deviation; lambda; what no valid
   lambda is below, by loss and gradient at the point or a witness. */
enum { TK_FOUND_LEAST, TK_FOUND_SIGMA, TK_FOUND_DEVIATION, TK_FOUND_LAMBDA, TK_FOUND_LOWER };

/* mu := a verified bound with J J^T >= mu I, or (weighted) J J^T >= mu D^{-1} (x) I, on the distinct samples,
   by role kernel; block[k] = 0 leaves W_{k+1} and b_{k+1} out.  p has slopes. */
int tk_kernel_bound(fmpq_t mu, const pass_t *p, setting_t *s, const distinct_t *g, const char *block, int weighted,
                    const fmpq *want);
/* What an oracle is asked for: a combination of the outputs that no parameter moves. */
extern const char tk_about_type[];
typedef struct
{
    about_t about;
    const pass_t *pass;         /* with slopes */
    const distinct_t *samples;
} tk_about_t;

/* The number of parameters of the layers that count. */
slong tk_parameters(const problem_t *P, const char *block);
/* mu := the same for the last layer alone: H^T H >= mu I, H the input of the last layer and, with a bias, ones; by
   role features-kernel.  Kinks do no harm. */
int tk_features_bound(fmpq_t mu, const pass_t *p, setting_t *s, const distinct_t *g);

/* excess <= h(W) - h_inf, g2 >= ||grad h(W)||^2 at the point W of the roles witness:k, witness-bias:k, which lies within
   the radii, one for each layer; its features and slopes are witness-features:k and witness-slopes:k.  0 without one, or after a failure. */
int tk_witness(fmpq_t excess, fmpq_t g2, setting_t *s, const value_t *radius);

const char *tk_refuses(const problem_t *P);

void tk_say_rank(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void tk_say_no_bad(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void tk_say_dominance(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void tk_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f);

#endif
