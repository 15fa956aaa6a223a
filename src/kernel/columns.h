/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_COLUMNS_H
#define CERTIFY_COLUMNS_H

#include "matrix.h"

/* A := the n columns of the exact B with these numbers. */
void qmat_pick_columns(qmat_t A, const qmat_t B, const slong *column, slong n);

#endif
