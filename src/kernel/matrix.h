/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ball matrices: an integer matrix over one denominator, and a bound on the
   Frobenius norm of the error.  Radius 0 means an exact matrix; every
   operation on exact matrices is exact. */
#ifndef CERTIFY_MATRIX_H
#define CERTIFY_MATRIX_H

#include "compat.h"

typedef struct
{
    fmpz_mat_t num;         /* the midpoint is num / den ... */
    fmpz_t den;             /* ... with den > 0, content(num, den) = 1 */
    fmpq_t rad;             /* >= 0: ||true - midpoint||_F <= rad */
} qmat_struct;

typedef qmat_struct qmat_t[1];

#define qmat_rows(A) fmpz_mat_nrows((A)->num)
#define qmat_cols(A) fmpz_mat_ncols((A)->num)

/* A := the r x c zero matrix, exact.  The caller clears it. */
void qmat_init(qmat_t A, slong r, slong c);
void qmat_clear(qmat_t A);

/* Vectors of matrices, each initialised 0 x 0. */
qmat_struct *qmat_vec_init(slong n);
void qmat_vec_clear(qmat_struct *v, slong n);

/* Copies; the shape of A becomes that of B.  Aliasing is allowed everywhere. */
void qmat_set(qmat_t A, const qmat_t B);
void qmat_swap(qmat_t A, qmat_t B);
/* A := q I (n x n), exact. */
void qmat_set_scalar(qmat_t A, slong n, const fmpq_t q);
void qmat_set_one(qmat_t A, slong n);
/* A := r x c entries 1. */
void qmat_ones(qmat_t A, slong r, slong c);
/* Puts num / den into lowest terms; den must be positive. */
void qmat_canonicalise(qmat_t A);
void qmat_get_entry(fmpq_t x, const qmat_t A, slong i, slong j);
/* A (r x c) := entries[i * c + j]. */
void qmat_set_entries(qmat_t A, slong r, slong c, const fmpq *entries);

/* About the length of the entries, denominator included, in bits. */
slong qmat_length(const qmat_t A);
int qmat_is_exact(const qmat_t A);
/* Midpoints and radii equal. */
int qmat_equal(const qmat_t A, const qmat_t B);
/* 1 only if A is exactly the zero matrix (the exact-zero rule). */
int qmat_is_zero(const qmat_t A);
int qmat_midpoint_is_symmetric(const qmat_t A);

void qmat_transpose(qmat_t B, const qmat_t A);
/* C := A B; ||C - mid|| <= ||A||_F rad(B) + rad(A) ||B||_F + rad(A) rad(B). */
void qmat_mul(qmat_t C, const qmat_t A, const qmat_t B);
/* x := that radius. */
void qmat_product_radius(fmpq_t x, const qmat_t A, const qmat_t B);
/* C := A + x B, any rational x. */
void qmat_add_scaled(qmat_t C, const qmat_t A, const fmpq_t x, const qmat_t B);
void qmat_sub(qmat_t C, const qmat_t A, const qmat_t B);
void qmat_scale(qmat_t B, const qmat_t A, const fmpq_t x);
/* C := A^T A, respectively A A^T. */
void qmat_gram(qmat_t C, const qmat_t A);
void qmat_gram_rows(qmat_t C, const qmat_t A);
/* The one of the two that is smaller: the same largest eigenvalue. */
void qmat_gram_smaller(qmat_t C, const qmat_t A);
/* C := A + b 1^T, b exact with one column. */
void qmat_add_column(qmat_t C, const qmat_t A, const qmat_t b);
/* Takes the cost of an elimination on A, of rank at most rank, with so many
   more columns; 0 if it is too much. */
int qmat_elimination_cost(const qmat_t A, slong rank, slong more);
/* X := S^{-1} B, both exact; returns 0 if S is singular, or too large. */
int qmat_solve(qmat_t X, const qmat_t S, const qmat_t B);
/* x := tr(A B^T) of the midpoints, exact. */
void qmat_inner(fmpq_t x, const qmat_t A, const qmat_t B);
/* C := the entrywise product of A and B; zero, of the right shape, beyond the limits.  With a
   and b the largest entries of the midpoints the radius is a rad(B) + b rad(A) + rad(A) rad(B). */
void qmat_mul_entries(qmat_t C, const qmat_t A, const qmat_t B);
/* x := the largest absolute entry of the midpoint. */
void qmat_largest_entry(fmpq_t x, const qmat_t A);
/* Columns scaled: B := A diag(d), d of length cols(A); the radius times the largest |d_j|. */
void qmat_scale_columns(qmat_t B, const qmat_t A, const fmpq *d);
/* C := rows of A over rows of B (same number of columns). */
void qmat_stack(qmat_t C, const qmat_t A, const qmat_t B);

/* A := n rows of B, from row i on; the same radius. */
void qmat_some_rows(qmat_t A, const qmat_t B, slong i, slong n);
/* A := n columns of B, from column j on. */
void qmat_some_columns(qmat_t A, const qmat_t B, slong j, slong n);

/* x := sum of squares of the midpoint's entries, exact. */
void qmat_frobenius2_midpoint(fmpq_t x, const qmat_t A);
/* x := an upper bound of ||A||_F, the radius included. */
void qmat_frobenius_upper(fmpq_t x, const qmat_t A);

/* If a numerator or the denominator of A is longer than bits, replaces the
   midpoint by a dyadic one whose largest entry has about that many bits
   (nearest, halves upwards) and adds the error bound to the radius. */
void qmat_round(qmat_t A, slong bits);
/* B := A rounded likewise to multiples of 2^-k, k >= 0. */
void qmat_round_to(qmat_t B, const qmat_t A, slong k);

#endif
