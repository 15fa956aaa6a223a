/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The least loss over an affine space of outputs, in double precision: minimise
   phi(f + B beta) + nu/2 |beta|^2 by Newton's method.  Never trusted. */
#ifndef CERTIFY_CONVEX_H
#define CERTIFY_CONVEX_H

#include "network/problem.h"

typedef struct
{
    const problem_t *P;
    slong d, m, n;              /* outputs, samples, parameters */
    double *Y, *cw;             /* labels (d x m), scale times weight of a sample */
    const double *f;            /* d m, entry k m + i: output k of sample i */
    const double *B;            /* (d m) x n by rows */
    double *beta;               /* n: the minimiser ... */
    double *q;                  /* ... its outputs, d m, ... */
    double *u;                  /* ... and grad phi there */
    double *square;             /* B^T B, weighted, of the square loss, once it was needed */
} convex_t;

void convex_init(convex_t *c, const problem_t *P, const double *f, const double *B, slong n);
void convex_clear(convex_t *c);

/* phi(q), and the gradient u (NULL: not wanted). */
double convex_loss(double *u, const convex_t *c, const double *q);
/* The minimiser from the present beta, q and u there.  0 if it could not be found. */
int convex_minimise(convex_t *c, double nu);
/* The same with |beta| <= radius, by the right nu (INFINITY: no radius). */
int convex_minimise_within(convex_t *c, double radius);

#endif
