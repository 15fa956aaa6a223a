/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The derivative of the outputs along a direction, exact. */
#ifndef CERTIFY_TANGENT_H
#define CERTIFY_TANGENT_H

#include "network.h"

/* x := ||J(W) v||^2, J the Jacobian of the weighted residual, v the blocks V
   (biases stay).  Returns 0 at a kink.  Rational activations only. */
int network_tangent_norm2(fmpq_t x, const problem_t *P, const moments_t *M, const qmat_struct *V);

#endif
