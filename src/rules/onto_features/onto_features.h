/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One hidden layer whose features may be any matrix: Zhou & Liang 2017, Proposition 3, and Theorem D of doc/rules/global-minimizer.md.  The claims about the
   point are those of the linear network W_2 Phi on the data I. */
#ifndef CERTIFY_ONTO_FEATURES_H
#define CERTIFY_ONTO_FEATURES_H

#include "rules/rule.h"

/* 1 if the network is W_2 s(W_1 X), the range of s is R, the loss is the square one without weight decay, the samples of positive weight are linearly
   independent, and the features are exact. */
int onto_features_are_there(const problem_t *P);
/* Q := the linear network W_2 Phi with X := I, on the samples of positive weight; initialised by the caller. */
void onto_features_linear(problem_t *Q, const problem_t *P);

#endif
