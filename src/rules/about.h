/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What rules of several families ask about. */
#ifndef CERTIFY_ABOUT_H
#define CERTIFY_ABOUT_H

#include "kernel/facts.h"

/* A bound that belongs to this neighbourhood or point only, so that its evidence
   is of no use for another one. */
extern const char about_once_type[];
extern const about_t about_once;

/* Block number block (its bias) of an exact point: the witness, or the better one. */
extern const char about_point_type[];
typedef struct
{
    about_t about;
    int better, bias;
    slong block;
} about_point_t;

/* A product of factors a .. b of n, both counted from 1: bounds of long inner
   products of deep chains are worth little, and there are many of them. */
extern const char about_segment_type[];
typedef struct
{
    about_t about;
    slong a, b, n;
} about_segment_t;

#endif
