/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The conjugate of the loss as a function of the outputs: phi_i(q) >= <u, q> + V_i(u) for u in the
   domain, with equality iff u = grad phi_i(q) (Fenchel and Young; doc/rules/best-in-basis.md, "Losses"). */
#ifndef CERTIFY_CONJUGATE_H
#define CERTIFY_CONJUGATE_H

#include "loss.h"

/* NULL if u (d_l x m, exact) is in the domain of the conjugate, decided exactly; otherwise
   what is wrong (static buffer).  On samples of weight 0, u is 0. */
const char *loss_dual_refuses(const problem_t *P, const qmat_t u);
/* v <= V(u) = - phi^*(u), u in the domain; exact for square, and the hinge of power 2. */
void loss_dual_value(fmpq_t v, const problem_t *P, const qmat_t u);
/* v <= V(u') for all u' within tau of u that lie in the domain but for the bounds of its entries (sums of 0 under
   cross-entropy); NULL, or why nothing is known (static text).  V is concave: for the square loss V(u') >= V(u) - tau |grad V(u)| -
   tau^2 / (4 c w); entropies are not negative, so that V(u') >= (1 - tau / r) V(u) if all within r lie in the domain. */
const char *loss_dual_value_near(fmpq_t v, const problem_t *P, const qmat_t u, const fmpq_t tau);

#endif
