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
/* The same, and whether the loss is a function phi of network/loss.h. */
const char *pass_loss_refuses(const problem_t *P);
/* The same, and whether that is all of h: no weight decay. */
const char *pass_outputs_refuses(const problem_t *P);
/* Initialises p; the caller clears it whatever is returned.  0 after a failure, which is
   recorded. */
int pass_forward(pass_t *p, setting_t *s);
/* The slopes.  0, and a failure that names the unit, if a piecewise linear unit may be at its
   kink on a sample, unless it stays at 0 there for all weights near the point: no bias, and
   every input stays at 0 likewise (a zero of X, a strictly inactive relu unit, ..). */
int pass_slopes(pass_t *p, setting_t *s);
void pass_clear(pass_t *p);
/* high >= h at the point, weight decay included; 0 after a failure, which is recorded. */
int pass_loss_upper(fmpq_t high, setting_t *s);

const qmat_struct *pass_output(const pass_t *p);
/* The input of W_{k+1}: H_k, for the last one with the features of the skips below. */
const qmat_struct *pass_input(const pass_t *p, slong k);
/* A := the rows of that input, and ones if the layer has a bias: [W_{k+1}, b_{k+1}] A = Z_{k+1}. */
void pass_input_rows(qmat_t A, const pass_t *p, slong k);

/* A space of outputs, the sum of n parts: what C R adds to Z_layer, to first order, moves the outputs, R the
   rows of the part and C any matrix of the height of Z_layer.  In layer l those are the outputs C R. */
typedef struct
{
    slong n, *layer;            /* 1 .. l */
    qmat_struct *rows;          /* without rows: 0 alone */
} space_t;

void space_init(space_t *T, slong n);
void space_clear(space_t *T);
/* The first l parts := J beta for all beta: [B_k, c_k] times the inputs of layer k, and ones. */
void space_set_tangent(space_t *T, const pass_t *p);

/* (Parts below the last layer: after pass_slopes.) */
/* g[i] := the gradient by C_i of <u, outputs of the space>. */
void pass_pull(qmat_struct *g, const pass_t *p, setting_t *s, const qmat_t u, const space_t *T);
/* y := the outputs of the space for C_1 .. C_n. */
void pass_push(qmat_t y, const pass_t *p, setting_t *s, const qmat_struct *C, const space_t *T);

#endif
