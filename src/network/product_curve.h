/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_PRODUCT_CURVE_H
#define CERTIFY_PRODUCT_CURVE_H

#include "network.h"

/* Z[k] := the coefficient of t^k, k <= order, of the product at W + sum_j t^j V_j;
   V[(j - 1) nblocks + i] is the coefficient of t^j in block i, 1 <= j <= degree. */
void network_product_curve(qmat_struct *Z, slong order, const problem_t *P, const qmat_struct *V,
                           slong degree);

#endif
