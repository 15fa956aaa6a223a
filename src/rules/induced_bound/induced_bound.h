/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a model with fixed parameters, induced by the features or the derivatives of the outputs,
   says of all points near: h(W) <= V + R ||grad h(W)||, and that no point near is critical
   (doc/rules/induced-bound.md). */
#ifndef CERTIFY_INDUCED_BOUND_H
#define CERTIFY_INDUCED_BOUND_H

#include "rules/deviation.h"
#include "rules/neighbourhood.h"

/* The model: the last layer on the features, or f + J beta. */
enum { MODEL_LAST, MODEL_TANGENT };
/* The parameters, the same for all claims of the family as far as they go. */
enum { IB_MODEL, IB_NORM, IB_RADIUS, IB_VALUE, IB_SLOPE };
/* Findings: V; R; a lower bound of h on the neighbourhood; one of ||grad h|| there. */
enum { IB_FOUND_VALUE, IB_FOUND_SLOPE, IB_FOUND_LOSS, IB_FOUND_GRADIENT };

/* What an oracle is asked for: the member of the model, one matrix (last), or one for [W_layer, b_layer]. */
extern const char ib_about_type[];
typedef struct
{
    about_t about;
    const pass_t *pass;
    const deviation_t *deviation;
    const fmpq *rho;
    slong layer;                /* 0: that of the model last */
} ib_about_t;

/* value, slope := V, R for a member; 0 after a failure.  A: (A, a) of the last layer. */
int ib_last_bound(fmpq_t value, fmpq_t slope, const pass_t *p, const deviation_t *d, const fmpq *rho, const qmat_t A);
/* V: l blocks, by [W_k, b_k].  p has slopes, d the derivatives. */
int ib_tangent_bound(fmpq_t value, fmpq_t slope, const pass_t *p, const deviation_t *d, setting_t *s,
                     const qmat_struct *V);

void ib_say_bound(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void ib_say_no_critical_point(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void ib_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f);

#endif
