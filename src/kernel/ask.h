/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions that some rules ask: words, numbers, whether a bound is there. */
#ifndef CERTIFY_ASK_H
#define CERTIFY_ASK_H

#include "facts.h"

/* mu := a verified mu with mu N - K >= 0, N positive definite.  Returns 0, and mu = 0,
   if absent. */
int fact_upper_pencil(fmpq_t mu, facts_t *f, const char *role, const char *meaning,
                      const qmat_t K, const qmat_t N, const fmpq *want);

/* 1 if the list has, or an oracle may give, a factor of order n for this role:
   worth forming the matrix for evidence that may be absent. */
int facts_has_bound(const facts_t *f, const char *role, slong n);

/* 1 if the list has, or an oracle may give, a factor of order n for this role;
   otherwise a failure.  Asked before a matrix of that order is formed, so that
   the size of the text bounds the memory taken. */
int facts_expect_bound(facts_t *f, const char *role, slong n);

/* The word given for a role, or NULL. */
const char *facts_word(const facts_t *f, const char *role);
/* The word or the numbers given for a role; NULL, and a failure if required, when absent or of another
   length.  Meaning is the rule's business. */
const char *fact_word(facts_t *f, const char *role, const about_t *about);
const fmpq *fact_numbers(facts_t *f, const char *role, slong count, const about_t *about,
                         int required);

#endif
