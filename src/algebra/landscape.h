/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loss, its gradient and points of the parameter space in double
   precision, for searches.  Rational activations only.  Never trusted. */
#ifndef CERTIFY_LANDSCAPE_H
#define CERTIFY_LANDSCAPE_H

#include "rules/neighbourhood.h"

typedef struct
{
    const problem_t *P;
    const neighbourhood_t *N;
    slong d0, m, n, size;       /* n blocks; all parameters in one array */
    slong *rows, *cols, *start, *bstart;
    double *X, *Y, *D, *slope, *centre, *radius;
    double reference;           /* the loss at the better point */
    unsigned long seed;
} landscape_t;


void landscape_init(landscape_t *s, const problem_t *P, const neighbourhood_t *N);
void landscape_clear(landscape_t *s);

/* A number in (-1, 1), the same on every machine. */
double landscape_uniform(landscape_t *s);
/* C (r x c) += A (r x k) B (k x c), or with A or B transposed. */
void landscape_multiply(double *C, const double *A, int ta, const double *B, int tb,
                        slong r, slong k, slong c);
/* h and the gradient (NULL: not wanted) at w, size numbers each. */
double landscape_evaluate(const landscape_t *s, const double *w, double *grad);
/* Q := the centre plus shrink times the displacement of w, rounded to 80 bits
   after the point: exactly the centre where w is. */
void landscape_point(problem_t *Q, const landscape_t *s, const double *w, double shrink);

#endif
