/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_KRONECKER_H
#define CERTIFY_KRONECKER_H

#include "matrix.h"

/* C := A (x) B; the same radius as for the product (||A (x) B||_F = ||A||_F ||B||_F). */
void qmat_kron(qmat_t C, const qmat_t A, const qmat_t B);

#endif
