/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_GRADIENT_NORM_H
#define CERTIFY_GRADIENT_NORM_H

#include "passes.h"

/* g, l matrices := balls with the gradient by [W_k, b_k], weight decay included; p with slopes. */
void pass_gradient(qmat_struct *g, const pass_t *p, setting_t *s);
/* low <= ||grad h||^2 <= high, weight decay included; equal where everything is rational. */
void pass_gradient_norm2(fmpq_t low, fmpq_t high, const pass_t *p, setting_t *s);

/* 1 if h, which is convex in the last layer, rises there strictly along some line: with weight decay, or with the square loss and inputs of the layer that
   are exact and not 0 on the samples that count. */
int pass_rises_in_last_layer(const pass_t *p);

#endif
