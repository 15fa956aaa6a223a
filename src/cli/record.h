/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One result as an object: a claim that was tried, a certificate that was checked, or
   the error that came in between.  Every format but text is made from it, and
   schemas/result.schema.json describes it. */
#ifndef CERTIFY_RECORD_H
#define CERTIFY_RECORD_H

#include <jansson.h>
#include "rules/rule.h"

/* A text; NULL is null.  JSON is UTF-8, names of files need not be: every byte that is not
   part of UTF-8 becomes U+FFFD. */
json_t *record_text(const char *s);
/* {"exact": "25/81", "decimal": "0.30865"}, the decimal rounded up or down. */
json_t *record_number(const fmpq_t x, int digits, int up);

/* Every key that a result always has, in order; what is not known is null. */
json_t *record_new(const char *problem, const char *verdict);
/* value becomes the record's. */
void record_set(json_t *record, const char *key, json_t *value);
/* The number of seconds, in thousandths. */
void record_seconds(json_t *record, double seconds);
/* The network and the shapes of its blocks, of X and of Y. */
void record_problem(json_t *record, const problem_t *P);
/* What was decided: the statement, the status of the point, and by their names the
   parameters, constants and findings. */
void record_claim(json_t *record, const problem_t *P, const claim_t *c, const conclusion_t *k,
                  int digits);
/* What went wrong; line 0 and key "" are not known. */
void record_error(json_t *record, const char *file, long line, const char *key,
                  const char *message, int status);

/* The keys that are no constants, in order, ended by NULL: those of every result, then those
   that some have. */
extern const char *const record_keys[];
int record_is_constant(const char *key);

/* The object in one line, with its newline. */
void record_write(text_t *t, const json_t *record);

#endif
