/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loss as a function of the outputs: phi(q) = sum_i phi_i(q_i), convex and differentiable,
   with scale c, sample weights w_i, labels y_i (doc/rules/best-in-basis.md, "Losses"):

     square         c w |q - y|^2
     cross-entropy  c w (s log sum_k exp q_k - <y, q>), s = sum_k y_k, y >= 0
     logistic       c w sum_k log(1 + exp(- y_k q_k))
     smooth hinge   c w sum_k max(0, 1 - y_k q_k)^p, p >= 2

   and its conjugate: phi_i(q) >= <u, q> + V_i(u) for u in the domain, with equality iff
   u = grad phi_i(q) (Fenchel and Young).  Weight decay is left out everywhere here. */
#ifndef CERTIFY_LOSS_H
#define CERTIFY_LOSS_H

#include "loss_kind.h"

/* low <= phi(F) <= high for all matrices of the ball F (d_l x m); exact where phi is rational
   and F exact.  Either may be NULL. */
void loss_bounds(fmpq_t low, fmpq_t high, const problem_t *P, const qmat_t F);
/* E := a ball with grad phi(F) for all matrices of the ball F, d_l x m; exact likewise, and where
   all exponentials are those of 0. */
void loss_gradient(qmat_t E, const problem_t *P, const qmat_t F);

/* NULL if u (d_l x m, exact) is in the domain of the conjugate, decided exactly; otherwise
   what is wrong (static buffer).  On samples of weight 0, u is 0. */
const char *loss_dual_refuses(const problem_t *P, const qmat_t u);
/* v <= V(u) = - phi^*(u), u in the domain; exact for square, and the hinge of power 2. */
void loss_dual_value(fmpq_t v, const problem_t *P, const qmat_t u);

#endif
