/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points of feedforward networks: critical, global minimisers among all functions, local minima
   of piecewise linear networks (doc/rules/critical-point.md, "Feedforward networks", and
   doc/rules/global-minimizer.md). */
#ifndef CERTIFY_FEEDFORWARD_POINTS_H
#define CERTIFY_FEEDFORWARD_POINTS_H

#include "rules/best_in_basis/basis.h"
#include "rules/rule.h"

/* The parameter, a bound of the gradient or a gap; findings of all of these rules. */
enum { FF_BOUND };
enum { FF_LOSS, FF_LOWER, FF_UPPER, FF_REASON };

/* Why a point is no local minimum (FF_REASON), or is one. */
enum { REASON_CELL = 1, REASON_GRADIENT, REASON_FLAT, REASON_RESIDUAL, REASON_CHAIN, REASON_GLOBAL,
       REASON_CURVATURE, REASON_HESSIAN, REASON_KINKS, REASON_STRATUM, REASON_NO_GRADIENT };

/* Decides local minimality: 1 yes, 0 no, -1 open or after a failure; *reason says how.  p gets slopes where
   they are needed.  Roles: curve:k, a direction [V_k, c_k] by [W_k, b_k] of negative curvature; hessian, fixed; at kinks those of
   kinks.h; the other reasons need no evidence. */
int ff_is_local_minimum(int *reason, pass_t *p, setting_t *s);

void ff_say_global_minimizer(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void ff_say_critical_point(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void ff_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
                   const facts_t *f);

#endif
