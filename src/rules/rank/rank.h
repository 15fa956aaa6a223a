/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rank of a product of named matrices (doc/rules/rank). */
#ifndef CERTIFY_RULE_RANK_H
#define CERTIFY_RULE_RANK_H

#include "rules/inequality/factors.h"
#include "rules/rule.h"

/* Parameters and findings of the rule. */
enum { RANK_OF, RANK_VALUE };
enum { RANK_FOUND };            /* the rank itself */

/* The rank of the product that the claim is about, exact. */
slong rank_decide(const problem_t *P, const claim_t *c);

#endif
