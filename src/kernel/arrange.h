/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Balls with the same entries in other places.  Beyond the limits the midpoint is 0. */
#ifndef CERTIFY_ARRANGE_H
#define CERTIFY_ARRANGE_H

#include "matrix.h"

/* B (n x cols(A)) := row row[i] of A for each i, a row of zeros where it is -1; the radius times the largest number
   of times that a row is taken. */
void qmat_pick_rows(qmat_t B, const qmat_t A, const slong *row, slong n);

/* B (n^2 x cols(A)) := row y of A (n x m) at y n + y, rows of zeros elsewhere: on each column a diagonal matrix. */
void qmat_diagonals(qmat_t B, const qmat_t A);

/* A stack of x matrices of y rows, row (i, j) at i y + j, side by side, and back: B (y x (x m)) has block i of A
   (x y x m) at its columns i m .. i m + m - 1.  The same radius. */
void qmat_lay_side_by_side(qmat_t B, const qmat_t A, slong x);
void qmat_stack_up(qmat_t A, const qmat_t B, slong x);

#endif
