/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Straight lines W + t V along which the outputs on the samples do not change: Kawaguchi, Huang &
   Kaelbling 2019, Theorem 2.  If W is a local minimum, so are the points near it on the line, and
   e, the gradient of the loss by the outputs, is orthogonal to the derivatives there, too.

   A hidden unit i of layer k is free if
     (a) it has a coefficient that is not 0 in a linear dependence n of what layer k + 1 sees (its features,
         and ones with a bias; with transcendental features only: equal units, of equal weights and bias).
         V adds a multiple of c n^T to W_{k+1};
     (b) without skips: the weights that go out from it are 0; or it is piecewise linear, and the columns of
         W_{k+1} of the units with its slopes on all samples are dependent, W_{k+1} a = 0.  V adds a b^T
         to (W_k, b_k).
   Either way the derivatives along the line see D_{k+1} (s_i' o [H_{k-1}; 1])^T, D_{k+1} the derivative of
   <e, outputs> by Z_{k+1}: it is 0 at a local minimum.  If a layer has a free unit by (b) that is analytic and
   not affine, and a bias, then D_{k+1}, summed over samples with equal H_{k-1}, is 0.  Proofs:
   doc/rules/critical-point.md, "Feedforward networks". */
#ifndef CERTIFY_FLAT_H
#define CERTIFY_FLAT_H

#include "passes.h"

/* The parts at .. at + l - 2 of T := for the free units of layer k, 1 <= k < l, the rows s_i' o [H_{k-1}; 1] in layer
   k + 1, or the indicators of the distinct columns of H_{k-1}.  p with slopes.  0 beyond the limits. */
int flat_space(space_t *T, slong at, const pass_t *p);

/* A chain: sets J_k of units of the layers k = t + 1 .. l - 1, at least d_l of each, of equal slopes d_k, without
   weights from J_k to units outside J_{k+1}.  S := the rows of [H_{l-1}; 1], and d_{k+1} o .. o d_{l-1} o [H_k; 1] for
   the layers k = t .. l - 2 of all chains, Theorem 4: orthogonal to e at a local minimum; independent rows of the
   same span where they are exact.  Units of chains are piecewise linear.  p with slopes, without shortcuts.  0 beyond 4096 chains or
   the limits; S then belongs to some of them. */
int chain_space(qmat_t S, const pass_t *p);

#endif
