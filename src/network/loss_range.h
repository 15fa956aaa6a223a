/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loss of all outputs that lie within a distance of given ones, sample by sample. */
#ifndef CERTIFY_LOSS_RANGE_H
#define CERTIFY_LOSS_RANGE_H

#include "loss.h"

/* low <= phi(F + d) <= high for all matrices of the ball F (d_l x m) and all d with |d_i| <= reach[i]
   in every column i, reach of length m.  Either may be NULL. */
void loss_range(fmpq_t low, fmpq_t high, const problem_t *P, const qmat_t F, const fmpq *reach);

#endif
