/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local minima with weight decay: doc/rules/critical-point.md, "Weight decay". */
#ifndef CERTIFY_DECAYED_POINTS_H
#define CERTIFY_DECAYED_POINTS_H

#include "rules/passes.h"
#include "rules/rule.h"

/* Findings: h(W), and why it is, or is not, a local minimum. */
enum { DP_LOSS, DP_REASON };
enum { REASON_DUAL = 1, REASON_ESCAPE, REASON_GRADIENT, REASON_CURVATURE, REASON_HESSIAN, REASON_KINKS };

/* 1 or 0 by the word of the role "by": dual (a global minimiser over all widths, roles of regularized-global-minimum), escape (a unit
   is 0; roles unit:1, kernel), gradient, curvature (roles curve:k), hessian (roles hessian, fixed), kinks (roles of
   kinks.h).  -1 after a failure. */
int dp_is_minimum(int *reason, pass_t *p, setting_t *s);

/* The word, and the kernel, are asked for with this. */
extern const about_t dp_about_by;

#endif
