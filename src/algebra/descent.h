/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local minimisation in double precision, for searches.  Never trusted. */
#ifndef CERTIFY_DESCENT_H
#define CERTIFY_DESCENT_H

#include "kernel/compat.h"

/* f at x; its gradient too. */
typedef double (*descent_f)(void *context, const double *x, double *gradient);

typedef struct
{
    int iterations;             /* at most this many */
    double tolerance;           /* stop when three steps in a row gain less, relatively */
} descent_t;

/* x (length n) := a point where f is smaller, by the method of Broyden, Fletcher,
   Goldfarb and Shanno; f there. */
double descent_minimise(double *x, slong n, descent_f f, void *context, const descent_t *how);

/* Brings x back into a convex set: the nearest point of it. */
typedef void (*descent_project_f)(void *context, double *x);

/* The same on a convex set that x is in, by spectral projected gradients (Birgin, Martinez
   and Raydan 2000): no memory beyond a few points, for many variables. */
double descent_minimise_within(double *x, slong n, descent_f f, descent_project_f project,
                               void *context, const descent_t *how);

#endif
