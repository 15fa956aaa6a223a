/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decimals rounded in a stated direction.  How many digits a number has is
   decided by comparison, never by an estimate of its length. */
#ifndef CERTIFY_DECIMAL_H
#define CERTIFY_DECIMAL_H

#include "text.h"

/* y := x rounded up or down to a decimal of that many significant digits. */
void decimal_round(fmpq_t y, const fmpq_t x, int digits, int up);

/* The same as plain digits ("0.30865") or, for far exponents, like "1.2e-30". */
void decimal_text(text_t *t, const fmpq_t x, int digits, int up);

/* The first digits of x > 0, none of them rounded: "3.1415", and *e := 0, or
   for far exponents "3.1415" with x = 3.1415.. times 10^*e.  At least one digit
   stands behind the point. */
void decimal_first_digits(text_t *t, slong *e, const fmpq_t x, int digits);

/* 1 if the text of x has at most that many digits. */
int decimal_is_short(const fmpq_t x, int digits);

#endif
