/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Outputs and features of feedforward (and linear) networks in double precision, and the
   Jacobian of the outputs.  Never trusted. */
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

/* J, (d m) x n by rows: row k m + i is output k of sample i; the parameters are W_1 by rows,
   b_1, W_2, .. */
void outputs_jacobian(double *J, const outputs_t *o);

#endif
