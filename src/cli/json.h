/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pieces of JSON as text, for certify bounds and certify construct; results are records,
   see record.h.  jansson has a json_string too: here the names stand for others. */
#ifndef CERTIFY_JSON_H
#define CERTIFY_JSON_H

#include "text/text.h"

#define json_string json_text_string
#define json_number json_text_number

/* The string as a JSON string. */
void json_string(text_t *t, const char *s);
/* , "KEY": {"exact": "25/81", "decimal": "0.30865"}, rounded up or down; key NULL:
   the value alone. */
void json_number(text_t *t, const char *key, const fmpq_t x, int digits, int up);

#endif
