/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first standing assumption: X X^T and X Y^T have full rank. */
#ifndef CERTIFY_DATA_RANK_H
#define CERTIFY_DATA_RANK_H

#include "rules/rule.h"

/* 1 if X X^T has rank d_0 and X Y^T rank min(d_0, d_l), else 0; both exact. */
int data_has_full_rank(setting_t *s);
/* NULL, or why the data are not those of the theorem. */
const char *data_refuses(const problem_t *P, const claim_t *c);
void data_say_rank(say_t *s, int refuted);

#endif
