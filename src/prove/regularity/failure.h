/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far the regularity condition is from failing, in double precision, for searches:

       psi(v) = (<grad h, v> - alpha ||grad h||^2) / ||v||^2 - beta

   at W* + v, where v is given by any numbers c, one for each eigenvector of G^T G: what
   G sees less than delta is weakened until ||G v|| >= delta ||v||.  Only the direction of
   c counts; the extent of v is given. */
#ifndef CERTIFY_REGULARITY_FAILURE_H
#define CERTIFY_REGULARITY_FAILURE_H

#include "algebra/landscape.h"
#include "rules/regularity/regularity.h"

typedef struct
{
    landscape_t L;
    double alpha, beta, delta;
    slong n, size;              /* the directions that may move; all parameters */
    double *mode, *sigma2;      /* n eigenvectors of G^T G as rows, ascending */
    double *side;               /* sigma^2 - delta^2: what an eigenvector adds to the cone */
    int thin;                   /* 1 if delta = ||G||: the cone is an eigenspace */
    double extent, power;       /* of v; the norm across the layers, for the gradient */
    double *w, *g, *q, *z, *u;  /* scratch */
    double cost, work;          /* of one evaluation; of all so far */
} failure_t;

/* Returns 0 if there is nothing in the cone; clear it in any case. */
int failure_init(failure_t *s, const problem_t *P, const neighbourhood_t *N,
                 const rc_constants_t *k);
void failure_clear(failure_t *s);

/* psi at extent s->extent in the direction of c, and its gradient with respect to c: the
   f of algebra/descent.h, the context is s. */
double failure_at(void *s, const double *c, double *gradient);
/* The smallest extent found, between least and most, with psi < 0 in the direction of c;
   INFINITY if there is none. */
double failure_first(failure_t *s, const double *c, double least, double most);
/* v := the displacement of the given extent in the direction of c.  0 if there is none. */
int failure_displacement(double *v, failure_t *s, const double *c, double extent);
/* Thin cones: Q := the point at the displacement v, up to rounding, exactly in the cone if
   delta = ||G|| exactly. */
void failure_point_of_eigenspace(problem_t *Q, const failure_t *s, const double *v);

#endif
