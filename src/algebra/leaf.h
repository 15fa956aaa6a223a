/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enclosures of activations and of their inverses. */
#ifndef CERTIFY_LEAF_H
#define CERTIFY_LEAF_H

#include "kernel/facts.h"

/* y := a first guess of s^{-1}(x); not finite outside the range of s. */
void oracle_inverse(arb_t y, const arb_t x, const activation_t *s, slong prec);

/* *e := a ball matrix for the leaf that is asked for, which the kernel accepts, of so many bits after the point (0: as usual).
   Returns 0, *e not initialised, if the precision limit does not suffice. */
int oracle_leaf(evidence_t *e, const ask_t *ask, slong precision_limit, slong bits);

#endif
