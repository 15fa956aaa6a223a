/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_FEEDFORWARD_ANSWER_H
#define CERTIFY_FEEDFORWARD_ANSWER_H

#include "prove/prover.h"

/* Units and chains against local minima, and what bases need. */
int feedforward_answer(oracle_t *o, const ask_t *ask, evidence_t *x);

#endif
