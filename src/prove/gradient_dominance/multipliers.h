/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_MULTIPLIERS_H
#define CERTIFY_MULTIPLIERS_H

#include "rules/gradient_dominance/gradient_dominance.h"

/* out[count] := good multipliers w, m_j for the joint bound, block by block
   (always admissible: w (1 + sum 1/m) <= 1). */
void oracle_multipliers(fmpq *out, const joint_t *J);

#endif
