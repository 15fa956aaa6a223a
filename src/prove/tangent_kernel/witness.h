/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_TANGENT_KERNEL_WITNESS_H
#define CERTIFY_TANGENT_KERNEL_WITNESS_H

#include "prove/prover.h"

/* Q, initialised, := a point within the radii (one for each layer) where the rule finds a large quotient
   (h - h_inf) / ||grad h||^2, larger than at the point itself; 0 if none is found. */
int tangent_witness(problem_t *Q, oracle_t *o, const value_t *radius);

#endif
