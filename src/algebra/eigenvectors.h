/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels and orthonormal bases, exact or in balls. */
#ifndef CERTIFY_EIGENVECTORS_H
#define CERTIFY_EIGENVECTORS_H

#include "kernel/matrix.h"

/* B := A, exact, to prec bits. */
void ball_set(arb_mat_t B, const qmat_t A, slong prec);

/* Columns first .. first + n - 1 of B (cols columns) := vectors of a basis of the kernel of f(A), f a
   factor of the characteristic polynomial of A. */
void kernel_exact(fmpq *B, slong cols, slong first, slong n, const fmpz_mat_t A, const fmpz_poly_t f);
/* The same for A - x I, x in its ball an eigenvalue of multiplicity m of the diagonalisable A: after
   rows(A) - m steps of elimination the rest of A - x I is zero.  Returns 0 if the precision is too low. */
int kernel_ball(arb_mat_t B, slong first, slong n, const qmat_t A, const arb_t x, slong m, slong prec);
/* Gram & Schmidt on these columns.  Exact: lengths become 1 where they are rational; returns 1 if
   all are.  Ball: 0 if the precision is too low. */
int orthogonalise_exact(fmpq *B, slong rows, slong cols, slong first, slong n);
int orthogonalise_ball(arb_mat_t B, slong first, slong n, slong prec);

#endif
