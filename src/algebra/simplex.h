/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linear programs in rationals. */
#ifndef CERTIFY_SIMPLEX_H
#define CERTIFY_SIMPLEX_H

#include "kernel/matrix.h"

typedef enum { SIMPLEX_OPTIMAL, SIMPLEX_INFEASIBLE, SIMPLEX_UNBOUNDED } simplex_kind;

/* Maximises cost.x over x >= 0 with A x = b, A (r x n) and b (r x 1) exact; cost NULL: any such x.
   OPTIMAL: x (n numbers) is a maximiser.  UNBOUNDED: x is feasible.  INFEASIBLE: y (r numbers) has y^T A >= 0 and y^T b < 0 (Farkas).
   The simplex method with Bland's rule (Bland 1977), which ends. */
simplex_kind simplex(fmpq *x, fmpq *y, const qmat_t A, const qmat_t b, const fmpq *cost);

#endif
