/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The symbols that sentences share, each defined for the problem at hand. */
#ifndef CERTIFY_DEFINITIONS_H
#define CERTIFY_DEFINITIONS_H

#include "rule.h"

/* "f(X) = W_2 W_1 X" */
void say_map(say_t *s, const problem_t *P);
/* "h(W) = 1/2 \|f(X) - Y\|_F^2", with scale, weights and weight decay. */
void say_loss(say_t *s, const problem_t *P);
/* The loss of the data, weight decay left out, of outputs with a name and with entries
   entry_{ki}: "1/2 \|g - Y\|_F^2". */
void say_phi(say_t *s, const problem_t *P, const char *outputs, const char *entry);
/* "2 scale w_i", the entries of D. */
void say_twice_scale(say_t *s, const problem_t *P);
/* "Here f(X) = .., h(W) = .., X and Y being the data of the problem" and what
   else follows, without the full stop. */
void say_here(say_t *s, const problem_t *P);
/* "The point W^0 is a local minimum of h ..", or not a one, as the rule local-minimum or not-local-minimum and the verdict say; and
   what the symbols are. */
void say_local_minimum(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
/* 1 if every sample has weight 1. */
int loss_is_unweighted(const problem_t *P);
/* 1 if the loss is 1/2 ||f(X) - Y||_F^2. */
int loss_is_plain(const problem_t *P);

#endif
