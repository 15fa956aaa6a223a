/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loss at all critical points that share something with the point: Kawaguchi, Huang & Kaelbling
   2019, Example 3 (the hidden layers) and Theorem 2 (the activation pattern).  doc/rules/critical-value.md. */
#ifndef CERTIFY_CRITICAL_VALUE_H
#define CERTIFY_CRITICAL_VALUE_H

#include "rules/best_in_basis/basis.h"
#include "rules/rule.h"

enum { CV_OF, CV_LOW, CV_HIGH };
/* Of the last layer, or of the cell. */
enum { CV_LAST, CV_CELL };
/* Findings: the bounds that the evidence shows. */
enum { CV_FOUND_LOW, CV_FOUND_HIGH };

void cv_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void cv_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f);

#endif
