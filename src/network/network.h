/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The network behind its own door: what kind of map it is, the matrices between
   its blocks, and exact loss, gradient and tangent at a rational point.  Nothing
   outside this room asks which kind of network it is, unless its theorem does. */
#ifndef CERTIFY_NETWORK_H
#define CERTIFY_NETWORK_H

#include "moments.h"

/* 1 if f(x) = Z x: linear and residual networks, which see the data through their
   moments only.  Otherwise a forward pass over the samples is needed. */
int network_is_linear(const problem_t *P);
/* 1 if loss and gradient are functions of Z and the moments: the square loss of these. */
int network_has_moments(const problem_t *P);
/* 1 if a forward pass is needed: h is no function of Z and the moments.  (Weight decay adds to that of a linear network what is none.) */
int network_needs_passes(const problem_t *P);
/* 1 if hidden layers are seen by others than the next one: skips and resnets. */
int network_has_shortcuts(const problem_t *P);
/* 1 if every matrix Z is the product of some parameters: residual networks. */
int network_reaches_every_map(const problem_t *P);
/* 1 if the product is a chain of matrices without shortcuts: linear networks. */
int network_is_chain(const problem_t *P);
/* 1 if loss and gradient are rational: rational activations, no features given. */
int network_is_rational(const problem_t *P);
/* The largest rank that the product Z can have, linear networks. */
slong network_width(const problem_t *P);
/* The number of entries of all blocks; biases are not counted. */
slong network_parameters(const problem_t *P);
/* LaTeX: "W_k", or "A_{kq}", for a block; its indices "k", or "k, q"; block i;
   the letter of a unit. */
const char *network_block_symbol(const problem_t *P);
const char *network_block_indices(const problem_t *P);
void network_block_latex(char *buf, size_t size, const problem_t *P, slong i);
char network_unit_symbol(const problem_t *P);

/* The factors of the product Z, l matrices for the caller to clear: W_k, or
   M_k = I + A_kr ... A_k1. */
qmat_struct *network_units(const problem_t *P);

/* A walk over the blocks of a linear or residual network: from the data to the
   output, at := the input of block i as a matrix times from; or the other way
   round, at := from times what follows block i.  Shortcuts are added at the ends of
   units, except that of a unit in which the walk began.  At the end i is nblocks,
   or -1. */
typedef struct
{
    const problem_t *P;
    slong i;
    slong rounding;             /* of at after every step; 0: exact */
    int open;                   /* the shortcut of the present unit counts */
    qmat_t at, unit;
} walk_t;

/* From block first on, resp. from the last block back. */
void walk_forwards(walk_t *w, const problem_t *P, slong first, const qmat_t from);
void walk_backwards(walk_t *w, const problem_t *P, const qmat_t from);
void walk_step_forwards(walk_t *w);
void walk_step_backwards(walk_t *w);
void walk_clear(walk_t *w);

/* Z := the product matrix Z(W), for linear and residual networks. */
void network_product(qmat_t Z, const problem_t *P);
/* x := weight_decay / 2 times the sum of the squares of all weights and of the biases that it counts. */
void network_decay(fmpq_t x, const problem_t *P);
/* h := the loss, exact: square loss of linear and residual networks. */
void network_loss(fmpq_t h, const problem_t *P, const moments_t *M);
/* g2 := the squared norm of its gradient over all blocks, and grad[i] := the gradient by block i;
   grad is a vector of nblocks matrices, or NULL. */
void network_gradient(fmpq_t g2, qmat_struct *grad, const problem_t *P, const moments_t *M);
void network_gradient_norm2(fmpq_t g2, const problem_t *P, const moments_t *M);

/* g2 := sum_i ||P_i^T E A_i^T||_F^2 for linear and residual networks, any exact E (d_l x d_0); the gradient is
   E = Z Sxx - Syx.  An upper bound where matrices longer than rounding bits are rounded on the way (0: none). */
void network_pullback_norm2(fmpq_t g2, const problem_t *P, const qmat_t E, slong rounding);

/* 1 iff Z(W) Sxx = Syx exactly: the loss is h_inf (linear and residual). */
int network_is_minimizer(const problem_t *P, const moments_t *M);

#endif
