/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One emitter for text and LaTeX: a sentence is written once, as LaTeX, and
   either kept or turned into plain text. */
#ifndef CERTIFY_SAY_H
#define CERTIFY_SAY_H

#include "text.h"

typedef struct
{
    text_t *t;
    int latex;
} say_t;

/* Appends the LaTeX source that format gives.  As plain text: without dollars;
   \le, \ge, \|, \nabla, .. become <=, >=, ||, grad, ..; a displayed formula stands
   on a line of its own; braces stay where an exponent or index needs them. */
void say(say_t *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* In a formula: x exactly; a decimal rounded up or down. */
void say_number(say_t *s, const fmpq_t x);
void say_decimal(say_t *s, const fmpq_t x, int digits, int up);
/* x exactly and, unless it is an integer, "(= 0.33333 rounded up)". */
void say_constant(say_t *s, const fmpq_t x, int up);
/* x >= 0 exactly if it is short, otherwise its first digits and dots. */
void say_value(say_t *s, const fmpq_t x);
void say_first_digits(say_t *s, const fmpq_t x, int digits);

#endif
