/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a point of a network with layers to a critical point near, in double precision; never trusted.  Parameters are numbered layer
   by layer, [W_k, b_k] row by row. */
#ifndef CERTIFY_TO_CRITICAL_H
#define CERTIFY_TO_CRITICAL_H

#include "convex.h"
#include "outputs.h"

typedef struct
{
    outputs_t o;
    convex_t c;
    const problem_t *P;
    slong n;
    double *x, *g, *H;          /* the point, the gradient, the Hessian (n x n; NULL before it is asked for) */
    double loss, size;          /* size: of the point it began with */
    double *decay;              /* of each parameter */
} to_critical_t;

void to_critical_init(to_critical_t *D, const problem_t *P);
void to_critical_clear(to_critical_t *D);
/* Loss and gradient, or all three, at x. */
void to_critical_gradient(to_critical_t *D);
void to_critical_hessian(to_critical_t *D);

/* x := a point with a smaller loss whose gradient is as good as 0: Newton's method, its matrix made positive definite (Levenberg and
   Marquardt).  0 if the steps or the time until (proof_clock; 0: no end) are not enough. */
int to_critical_minimum(to_critical_t *D, int (*late)(void *context), void *context);
/* x := a point, of any kind, whose gradient is as good as 0, by Newton's method. */
int to_critical_any(to_critical_t *D);

#endif
