/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact rationals: the canonical text, directed square roots, and the outward
   rounding that keeps error bounds short. */
#ifndef CERTIFY_NUMBER_H
#define CERTIFY_NUMBER_H

#include <stddef.h>
#include "limits.h"

/* Bits after the binary point of a directed square root of a number near 1. */
#define NUMBER_SQRT_BITS 128

/* x := the integer written in text[0..len): "0", or an optional minus sign and
   digits without a leading zero.  Returns 0 for anything else (FLINT's own
   reader is more generous) and for more than limit(LIMIT_DIGITS) digits. */
int number_parse_integer(fmpz_t x, const char *text, size_t len);

/* x := the rational written in text[0..len): an integer, or p/q in lowest
   terms with q >= 2.  Returns 0 for anything else. */
int number_parse(fmpq_t x, const char *text, size_t len);

/* y := a lower / an upper bound of sqrt(x), x >= 0, the same on every machine:
   exact if x is the square of a rational; otherwise floor, respectively
   ceiling, of sqrt(x 4^b), divided by 2^b, where b = NUMBER_SQRT_BITS +
   max(0, bits(denominator) - bits(numerator)). */
void number_sqrt_lower(fmpq_t y, const fmpq_t x);
void number_sqrt_upper(fmpq_t y, const fmpq_t x);

/* y := x rounded up to about 64 significant bits: ceil(x 2^k) / 2^k with
   k = 64 + bits(denominator) - bits(numerator), which may be negative; x >= 0.
   Integers of at most 128 bits, and fractions of at most 64 bits in all, are
   unchanged. */
void number_round_up(fmpq_t y, const fmpq_t x);
/* The same rounded down. */
void number_round_down(fmpq_t y, const fmpq_t x);

/* z := x y, metered like a product of matrices (limits.h): 0 once the work is
   exceeded. */
void number_mul(fmpq_t z, const fmpq_t x, const fmpq_t y);
/* z := x + y, x - y, x / y (y not 0), z + x y, metered alike: greatest common divisors
   cost about as much as a product. */
void number_add(fmpq_t z, const fmpq_t x, const fmpq_t y);
void number_sub(fmpq_t z, const fmpq_t x, const fmpq_t y);
void number_div(fmpq_t z, const fmpq_t x, const fmpq_t y);
void number_addmul(fmpq_t z, const fmpq_t x, const fmpq_t y);

/* max(0, x): lower bounds of norms are clamped before they are used. */
void number_clamp(fmpq_t x);

#endif
