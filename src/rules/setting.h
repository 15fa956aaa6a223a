/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one verification needs, made once: the facts, the problem, the moments, and
   whether the point is a minimiser. */
#ifndef CERTIFY_SETTING_H
#define CERTIFY_SETTING_H

#include "kernel/facts.h"
#include "network/network.h"

/* Numbers of the point that a search found in its first attempt: the same for all neighbourhoods. */
typedef struct
{
    const char *of;
    fmpq *x;
    slong n;
} kept_t;

typedef struct
{
    facts_t *f;
    const problem_t *P;
    moments_t *M;               /* made when first asked for; its owner clears it */
    int *at_minimum;            /* kept likewise; its owner sets it to NOT_ASKED */
    const char *prefix;         /* of the roles of features and slopes; NULL: none */
    kept_t *kept;               /* of a search; NULL in a check, and in the proof itself */
} setting_t;

enum { NOT_ASKED = -2 };

/* The moments of the data, NULL after a failure, which is recorded. */
const moments_t *setting_moments(setting_t *s);
/* The same for a linear or residual network; NULL, and no failure, for others,
   whose passes do without. */
const moments_t *setting_moments_if_linear(setting_t *s);

/* The numbers kept under this name, or NULL. */
const fmpq *setting_kept(const setting_t *s, const char *of);
/* Keeps n numbers, if this is a search and nothing has failed. */
void setting_keep(setting_t *s, const char *of, const fmpq *x, slong n);
void kept_clear(kept_t *k);

#endif
