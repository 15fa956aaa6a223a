/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No member of a basis has a loss much below that of the point (doc/rules/best-in-basis.md). */
#ifndef CERTIFY_BEST_IN_BASIS_H
#define CERTIFY_BEST_IN_BASIS_H

#include "basis.h"
#include "rules/rule.h"

/* Parameters and findings of the rule; the object of BB_BASIS is a basis_t. */
enum { BB_BASIS, BB_RADIUS, BB_GAP };
enum { BB_LOSS, BB_LOWER, BB_EXCESS };

/* 1 if the claim is decided by orthogonality alone. */
int bb_is_exact(const claim_t *c);

void bb_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void bb_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
                   const facts_t *f);

#endif
