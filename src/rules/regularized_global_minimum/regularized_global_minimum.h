/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Vidal, Zhu & Haeffele 2020, Theorems 1.5 and 1.9, Corollary 1.6: two layers with weight decay against all
   networks of this kind with any number of units.  doc/rules/regularized-global-minimum.md. */
#ifndef CERTIFY_REGULARIZED_GLOBAL_MINIMUM_H
#define CERTIFY_REGULARIZED_GLOBAL_MINIMUM_H

#include "rules/passes.h"
#include "rules/polar.h"
#include "rules/rule.h"

enum { RGM_GAP };
/* Findings: h(W); the lower bound of h*, and their difference; of the tree; h(W) less that of the better
   network, and its units beside those of the point. */
enum { RGM_LOSS, RGM_LOWER, RGM_EXCESS, RGM_LEAVES, RGM_DEPTH, RGM_DECREASE, RGM_UNITS };

/* W_2 s(W_1 X + b_1) + b_2 with its data, as the theorems see it: a unit is (w, b) in R^d0 and u in R^k. */
typedef struct
{
    const problem_t *P;
    units_in_t in;              /* X' (d x m) and the slope of the units */
    qmat_t R;                   /* k x m: Y - f(W) */
    fmpq *D;                    /* m: h = 1/2 sum_j D_j |R_j|^2 + decay */
    int bias;                   /* of the last layer: 0 none, 1 free, 2 decayed */
} rgm_t;

extern const about_t rgm_about_dual, rgm_about_unit;

/* The caller clears it whatever is returned; 0 after a failure, which is recorded. */
int rgm_init(rgm_t *r, setting_t *s);
void rgm_clear(rgm_t *r);
/* h := h(W). */
void rgm_loss(fmpq_t h, const rgm_t *r);
/* x := <Q, Y> - 1/2 |Q|^2, less |Q D 1|^2 / (2 mu) where the last bias is decayed. */
void rgm_dual_value(fmpq_t x, const rgm_t *r, const qmat_t Q);
/* NULL if the theorem treats the problem, or why not. */
const char *rgm_refuses(const problem_t *P);
/* 1 if h(W) is the dual value of R, as at every minimiser. */
int rgm_is_tight(const rgm_t *r);
/* low <= h* by the dual point of the evidence, or by R if there is none; size: of the tree, without leaves if there is none.  0
   after a failure. */
int rgm_lower(fmpq_t low, cone_size_t *size, const rgm_t *r, facts_t *f);
/* What the tree for Q has to show, for rank X >= 1 and a unit that is not linear; the caller clears it whatever is
   returned.  0 beyond the limits. */
int rgm_cone_claim(cone_claim_t *c, const rgm_t *r, const qmat_t Q);
/* h(W) less that of the better network of the evidence; 0 after a failure. */
int rgm_decrease(fmpq_t x, conclusion_t *k, const rgm_t *r, facts_t *f);

/* gain := what the unit x = (w, u) gains to second order where a unit is 0: h falls by t^2 gain - O(t^4) along (t w, t u). */
void rgm_gain(fmpq_t gain, const rgm_t *r, const fmpq *x);

void rgm_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void rgm_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f);

#endif
