/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_LOSS_CURVATURE_H
#define CERTIFY_LOSS_CURVATURE_H

#include "problem.h"

/* high >= the limit superior of (phi(F + t A) + phi(F - t A) - 2 phi(F)) / t^2 as t goes to 0, for all matrices of
   the balls F and A (d_l x m), E being a ball with grad phi(F): the second derivative by t where there is one. */
void loss_second(fmpq_t high, const problem_t *P, const qmat_t F, const qmat_t E, const qmat_t A);

#endif
