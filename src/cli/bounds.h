/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of certify bounds, as text or JSON. */
#ifndef CERTIFY_BOUNDS_H
#define CERTIFY_BOUNDS_H

#include "algebra/enclose.h"
#include "certify.h"

/* What is asked for, and the exit status: 2 once something is not known. */
typedef struct
{
    const options_t *opt;
    int status;
} bounds_t;

/* lower <= name <= upper, rounded outwards to so many digits; row: to those that are asked for
   and four more. */
void bounds_row_digits(const bounds_t *b, const char *name, const fmpq_t lower, const fmpq_t upper,
                       int digits);
void bounds_row(const bounds_t *b, const char *name, const fmpq_t lower, const fmpq_t upper);

/* what(name) = n, exactly. */
void bounds_count_row(const bounds_t *b, const char *what, const char *name, slong n);

/* There is no value, for that reason. */
void bounds_empty_row(const bounds_t *b, const char *name, const char *why);
/* Nothing was proved about a value. */
void bounds_unknown_row(bounds_t *b, const char *name, const char *why);

/* what(name), as far as it is known. */
void bounds_interval_row(bounds_t *b, const char *what, const char *name, const interval_t *x);

/* rank(name), eta_min(name) and norm(name). */
void bounds_singular_rows(bounds_t *b, const char *name, const singular_t *s);

/* The same of a matrix, and with --spectrum its singular values and eigenvalues. */
void bounds_matrix_rows(bounds_t *b, const char *name, const qmat_t A);

/* Of a point from training, where passes go through the network: loss and gradient, if values; the distance to the next kink, the least
   eigenvalue of the Hessian beside symmetries. */
void bounds_checkpoint_rows(bounds_t *b, const problem_t *P, int values);

/* Tells what went wrong, in JSON too; its status becomes that of b. */
void bounds_fault(bounds_t *b, const fault_t *fault);
/* The bounds of a file that holds a matrix, or the list of its arrays; 0 if it is none by its
   name. */
int bounds_file(bounds_t *b, const char *path);

#endif
