/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A product of named matrices of a problem: "W_2*W_1", "X", "A_11". */
#ifndef CERTIFY_FACTORS_H
#define CERTIFY_FACTORS_H

#include "rules/rule.h"

typedef struct
{
    slong n;
    slong *factor;              /* a block's index, or FACTOR_X, FACTOR_Y */
} factors_t;

#define FACTOR_X (-1)
#define FACTOR_Y (-2)

void factors_clear(factors_t *f);
/* Reads from *p on, up to the ")" or the end behind the last name, *p then standing
   there.  *f is all zero before.  Returns NULL, or what is wrong. */
const char *factors_parse(factors_t *f, const char **p, const char *end, const problem_t *P);
/* The text that the reader gives back. */
void factors_text(text_t *t, const factors_t *f, const problem_t *P);
/* The product, exact: the one matrix of P, or A, which is made it. */
const qmat_struct *factors_product(qmat_t A, const factors_t *f, const problem_t *P);
/* 1 if X or Y is one of them. */
int factors_use_samples(const factors_t *f);

#endif
