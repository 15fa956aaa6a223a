/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_COLUMNS_H
#define CERTIFY_COLUMNS_H

#include "matrix.h"

/* A := the n columns of the exact B with these numbers. */
void qmat_pick_columns(qmat_t A, const qmat_t B, const slong *column, slong n);

/* B := a ball around A diag(sqrt d), d of length cols(A), not negative: exact if A is and all d are squares. */
void qmat_scale_columns_by_roots(qmat_t B, const qmat_t A, const fmpq *d);

#endif
