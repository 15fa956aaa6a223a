/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Floating point: first guesses, never trusted. */
#ifndef CERTIFY_APPROX_H
#define CERTIFY_APPROX_H

#include "kernel/matrix.h"

/* Row-major copies, entries times 2^-shift. */
double *approx_matrix(const qmat_t A, slong shift);
double approx_fmpq(const fmpq_t x);
/* Exponent e with max |entry| < 2^e; 0 for the zero matrix. */
slong approx_exponent(const qmat_t A);
/* n := the integer x; 0 if x is not finite (FLINT would abort). */
void approx_set_fmpz(fmpz_t n, double x);
/* q := x rounded to bits significant bits: way < 0 down, > 0 up, 0 to nearest;
   0 if x is not finite. */
void approx_to_fmpq(fmpq_t q, double x, int bits, int way);

/* A (r x c) := x by rows, each entry rounded to nearest likewise. */
void approx_to_matrix(qmat_t A, const double *x, slong r, slong c, int bits);

/* The sum of x_i y_i. */
double approx_dot(const double *x, const double *y, slong n);

/* Eigenvalues (ascending) and, if wanted, eigenvectors: row j of A afterwards
   is the j-th eigenvector.  A symmetric n x n, overwritten.  0 on failure. */
int approx_eigen(double *w, double *A, slong n, int vectors);
/* A (r x c, overwritten) = U diag(S) V with min(r, c) singular values,
   descending; U and V NULL: the values only.  0 on failure. */
int approx_svd(double *S, double *U, double *V, double *A, slong r, slong c);
/* Eigenvalues w (ascending) of the pencil A - w B, B positive definite, and eigenvector k
   (ascending) in x, if not NULL; *safe := the least pivot of B, scaled to unit diagonal: the
   errors of w are about 2^-52 max |w| / safe.  A and B are overwritten. */
int approx_pencil(double *w, double *safe, double *x, slong k, double *A, double *B, slong n);

/* B (of the shape of A) := A, rounded to prec bits, without error bounds. */
void approx_arb(arb_mat_t B, const qmat_t A, slong prec);
/* B := its lower Cholesky factor at prec bits, without error bounds.  0 if a pivot is not
   positive. */
int approx_cholesky(arb_mat_t B, slong prec);

#endif
