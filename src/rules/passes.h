/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Forward and backward passes of networks with layers (linear ones are those without
   activations; skips; resnets, whose last layers are X + R z(X) and W) in balls: exact where everything is rational.  Transcendental features are
   leaves, roles features:k; so are the slopes of softplus and smooth-leaky units, slopes:k. */
#ifndef CERTIFY_PASSES_H
#define CERTIFY_PASSES_H

#include "setting.h"

typedef struct
{
    const problem_t *P;
    slong l;
    qmat_struct *in;            /* H_0 = X, .., H_{l-1}: the inputs of the layers */
    qmat_struct *pre;           /* Z_1 .. Z_l, the last one the outputs f(W) */
    qmat_struct *slope;         /* s_k'(Z_k), k = 1 .. l - 1, after pass_slopes */
    qmat_t last;                /* H_{l-1} over the features of the skips, if there are any */
} pass_t;

/* Whether the network has such passes; NULL, or why not. */
const char *pass_refuses(const problem_t *P);
/* Initialises p; the caller clears it whatever is returned.  0 after a failure, which is
   recorded. */
int pass_forward(pass_t *p, setting_t *s);
/* The slopes.  0, and a failure that names the unit, if a piecewise linear unit may be at its
   kink on a sample, unless it stays at 0 there for all weights near the point: no bias, and
   every input stays at 0 likewise (a zero of X, a strictly inactive relu unit, ..). */
int pass_slopes(pass_t *p, setting_t *s);
void pass_clear(pass_t *p);

const qmat_struct *pass_output(const pass_t *p);
/* The input of W_{k+1}: H_k, for the last one with the features of the skips below. */
const qmat_struct *pass_input(const pass_t *p, slong k);
/* weight[k], bias[k] := the parts of J^T u by W_{k+1} and b_{k+1}, u of the shape of the outputs;
   bias NULL, or without biases: left out.  After pass_slopes. */
void pass_backward(qmat_struct *weight, qmat_struct *bias, const pass_t *p, setting_t *s,
                   const qmat_t u);
/* D := the derivative of <u, outputs> by Z_layer, 1 <= layer <= l. */
void pass_derivative(qmat_t D, const pass_t *p, setting_t *s, const qmat_t u, slong layer);
/* y := J v, v the blocks V and (with biases) c. */
void pass_tangent(qmat_t y, const pass_t *p, setting_t *s, const qmat_struct *V,
                  const qmat_struct *c);

#endif
