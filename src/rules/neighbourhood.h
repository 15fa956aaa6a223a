/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Neighbourhoods of a point: one radius per block, or per hidden layer. */
#ifndef CERTIFY_NEIGHBOURHOOD_H
#define CERTIFY_NEIGHBOURHOOD_H

#include "rule.h"

typedef enum { NORM_SPECTRAL, NORM_FROBENIUS, NORM_FEATURE, NORM_KINDS } norm_kind;
/* Their names, ended by NULL. */
extern const char *const norm_words[NORM_KINDS + 1];

typedef struct
{
    norm_kind norm;
    slong n;
    fmpq *radius;
} neighbourhood_t;

/* n radii 0. */
void neighbourhood_init(neighbourhood_t *N, norm_kind norm, slong n);
/* The norm and the radii of a claim, as they are. */
void neighbourhood_set(neighbourhood_t *N, const value_t *norm, const value_t *radius);
/* The radii that were asked for, one for all if it is spread. */
void neighbourhood_take(neighbourhood_t *N, const value_t *asked);
void neighbourhood_clear(neighbourhood_t *N);
/* Every radius rounded up to about 64 bits (number_round_up): a larger neighbourhood.
   A proof that uses it proves the claim, and its numbers do not grow with the
   radii of the text. */
void neighbourhood_widen(neighbourhood_t *N);
/* 1 if every radius is 0, resp. positive. */
int neighbourhood_is_point(const neighbourhood_t *N);
int neighbourhood_is_open(const neighbourhood_t *N);

/* NULL, or the reason: as many radii as there are blocks (hidden layers). */
const char *refuse_radius_count(const value_t *radius, slong n, const char *what);

/* "\|W_k - W_k^*\|_2 \le 1/10 \text{ for all } k", or one for each block if
   they differ, over blocks 0 .. n - 1 and, if biases, their biases.  star: * or 0. */
void say_neighbourhood(say_t *s, const problem_t *P, const neighbourhood_t *N, int biases,
                       const char *star);

/* "all $W$ with ..$", the point being W^0, for the norm and the radii of a claim about all layers. */
void say_all_near(say_t *s, const problem_t *P, const value_t *norm, const value_t *radius);

/* "No lambda below 0.83 is valid here (verified): certified / possible <= 1.06", lower > 0. */
void say_not_below(say_t *s, const fmpq_t lambda, const fmpq_t lower);

#endif
