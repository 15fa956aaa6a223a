/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificate writer: what it writes is read and checked again. */
#ifndef CERTIFY_WRITE_H
#define CERTIFY_WRITE_H

#include "rules/rule.h"

/* The canonical problem text. */
void certificate_write_problem(text_t *t, const problem_t *P);

/* The whole certificate; evidence that no rule used is left out. */
void certificate_write(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k,
                       const facts_t *f);

#endif
