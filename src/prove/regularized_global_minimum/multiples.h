/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_RGM_MULTIPLES_H
#define CERTIFY_RGM_MULTIPLES_H

#include "rules/polar.h"

/* d: multiples of the units with the same outputs and sum d_i cost_i <= sum cost_i, as many of them 0 as exact dependences allow; returns how
   many. */
slong reduce_units(fmpq *d, const units_in_t *in, const problem_t *P, const fmpq *cost);

#endif
