/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_DISTINCT_H
#define CERTIFY_DISTINCT_H

#include "network/problem.h"

/* The distinct samples of positive weight: their number, the index of one of each, twice the scale
   times the sum of its weights. */
typedef struct
{
    slong n, room, *sample;
    fmpq *D;
} distinct_t;

void distinct_init(distinct_t *g, const problem_t *P);
void distinct_clear(distinct_t *g);

#endif
