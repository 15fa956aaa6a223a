/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One dialect of JSON for all commands. */
#ifndef CERTIFY_JSON_H
#define CERTIFY_JSON_H

#include "rules/rule.h"

/* The string as a JSON string. */
void json_string(text_t *t, const char *s);
/* , "KEY": {"exact": "25/81", "decimal": "0.30865"}, rounded up or down; key NULL:
   the value alone. */
void json_number(text_t *t, const char *key, const fmpq_t x, int digits, int up);
/* The parameters, constants and findings of a decided claim, each beginning with
   ", ". */
void json_claim(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k, int digits);

#endif
