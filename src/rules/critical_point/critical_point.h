/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Critical points of linear and residual networks and what their neighbourhood looks
   like: the claims critical-point, strict-saddle, saddle, local-minimum,
   not-local-minimum and hessian-psd (doc/rules/critical-point). */
#ifndef CERTIFY_CRITICAL_POINT_H
#define CERTIFY_CRITICAL_POINT_H

#include "curve.h"
#include "pattern.h"

/* The parameter and the constant of critical-point; the others have none. */
enum { CP_GRADIENT };
enum { CP_PATTERN };
/* Findings of all six. */
enum
{
    CP_LOSS,                    /* h at the point */
    CP_CRITICAL,                /* 1 if its gradient is zero */
    CP_GLOBAL_MINIMUM,          /* 1 if that decided the claim */
    CP_CURVE                    /* 1 if a curve or the Hessian did */
};

extern const rule_t rule_critical_point, rule_strict_saddle, rule_saddle, rule_local_minimum,
    rule_not_local_minimum, rule_hessian_psd;

/* "h(W^*) = .." and the definitions; star: the point's mark. */
void cp_say_gradient(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
/* what: the statement, refuted: its negation, in which ## stands for the point. */
void cp_say(say_t *s, const problem_t *P, const conclusion_t *k, const char *proved,
            const char *refuted);
void cp_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
                   const facts_t *f);

#endif
