/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Outputs and features of networks with layers in double precision, and the derivatives of the
   outputs.  Never trusted. */
#ifndef CERTIFY_OUTPUTS_H
#define CERTIFY_OUTPUTS_H

#include "network/problem.h"

/* Matrices by rows: entry (i, j) of an r x m one at i m + j. */
typedef struct
{
    const problem_t *P;
    slong l, m, d, n;           /* layers, samples, outputs, parameters (biases included) */
    slong *width;               /* 0 .. l */
    double **W, **b;            /* b[k] NULL without biases */
    double **H;                 /* H[0] = X, .., H[l] = the outputs */
    double *last;               /* the input of the last layer, the features of skips included */
    double **slope;             /* of the hidden layers 1 .. l - 1, at index k */
} outputs_t;

void outputs_init(outputs_t *o, const problem_t *P);
void outputs_clear(outputs_t *o);
/* H, last and slope again, after a change of W or b. */
void outputs_forward(outputs_t *o);

/* D[k] (width x m) := the derivative of an output by Z_k, k = 1 .. l. */
double **outputs_derivatives_init(const outputs_t *o);
void outputs_derivatives_clear(double **D, const outputs_t *o);
void outputs_derivatives(double **D, const outputs_t *o, slong output);

#endif
