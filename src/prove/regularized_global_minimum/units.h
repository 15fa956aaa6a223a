/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Floating point beside the rule: units, the group lasso over columns, the best direction.  Never trusted. */
#ifndef CERTIFY_RGM_UNITS_H
#define CERTIFY_RGM_UNITS_H

#include "rules/regularized_global_minimum/regularized_global_minimum.h"

/* The problem in doubles, row-major. */
typedef struct
{
    slong d, k, m;              /* a unit is w in R^d, u in R^k; samples */
    double *X, *Y, *D;          /* d x m, k x m, m */
    double mu, slope, free;     /* free: b is eliminated by <f, g> - <f, 1><g, 1> / free; 0: no bias */
} units_t;

void units_init(units_t *M, const rgm_t *r);
void units_clear(units_t *M);
/* phi := s(w^T X). */
void units_feature(double *phi, const units_t *M, const double *w);
/* |Q D s(w^T X)^T|, and that vector in v (k), and its gradient by w in g (d), if not NULL. */
double units_size(double *v, double *g, const units_t *M, const double *Q, const double *w);
/* Climbs units_size on the unit sphere from w, which is overwritten; returns the value. */
double units_climb(double *w, const units_t *M, const double *Q);

/* Columns of the group lasso min 1/2 |Y - b 1^T - sum u_i s(w_i^T X)|_D^2 + mu sum |u_i|, |w_i| = 1. */
typedef struct
{
    const units_t *M;
    slong n, room;
    double *w, *phi;            /* n x d, n x m */
    double *G, *C, *H;          /* room x room; n x k: <Y, phi_i>, and that less U G */
    double *u;                  /* n x k */
    double *Q, *b;              /* k x m: the residual; k */
    double value;               /* of the objective */
} lasso_t;

void lasso_init(lasso_t *L, const units_t *M);
void lasso_clear(lasso_t *L);
/* Adds w / |w|, unless there is nearly such a column or it has no feature. */
int lasso_add(lasso_t *L, const double *w);
/* Solves to the relative accuracy in the optimality conditions; then Q, b, value. */
void lasso_solve(lasso_t *L, double accuracy);
/* Removes unused columns, but for the last keep ones. */
void lasso_prune(lasso_t *L, slong keep);

#endif
