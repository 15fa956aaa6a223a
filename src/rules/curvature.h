/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The second derivative of h along a direction, in balls: doc/rules/critical-point.md, "Curvature". */
#ifndef CERTIFY_CURVATURE_H
#define CERTIFY_CURVATURE_H

#include "passes.h"

/* B := s''(Z_{k+1}); returns 0, and B is not set, where it is 0 on all samples.  p with slopes. */
int curvature_of_units(qmat_t B, const pass_t *p, slong k);
/* high >= the second derivative of h along V, l blocks [V_k, c_k], weight decay included; e a ball with the gradient
   of the loss by the outputs; p with slopes. */
void curvature_upper(fmpq_t high, const pass_t *p, setting_t *s, const qmat_t e, const qmat_struct *V);
/* A direction is given, roles curve:k, and its curvature is negative.  0 without one, or after a failure. */
int curvature_is_negative(const pass_t *p, setting_t *s, const qmat_t e);

/* What an oracle is asked for: block layer of the direction. */
extern const char curvature_about_type[];
typedef struct
{
    about_t about;
    const pass_t *pass;         /* with slopes */
    slong layer;
} curvature_about_t;

#endif
