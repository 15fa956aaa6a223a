/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing text, zero-terminated at all times. */
#ifndef CERTIFY_TEXT_H
#define CERTIFY_TEXT_H

#include <stddef.h>
#include <flint/flint.h>
#include <flint/fmpz.h>
#include <flint/fmpq.h>

typedef struct
{
    char *data;
    size_t len, room;
} text_t;

void text_init(text_t *t);
void text_clear(text_t *t);
/* Appends; len characters of s, as they are. */
void text_append(text_t *t, const char *s, size_t len);
void text_printf(text_t *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "-3", "25/81": the canonical text of the format page. */
void text_fmpz(text_t *t, const fmpz_t x);
void text_fmpq(text_t *t, const fmpq_t x);

#endif
