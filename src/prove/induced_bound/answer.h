/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_INDUCED_ANSWER_H
#define CERTIFY_INDUCED_ANSWER_H

#include "prove/prover.h"

/* What is asked of the member: the least value with a slope at most, or the least slope with a value at
   most; NULL: no such limit. */
typedef struct
{
    const fmpq *value, *slope;
} induced_offer_t;

/* The member of a model that does best, by regularised minimisers of the loss. */
int induced_answer(oracle_t *o, const ask_t *ask, evidence_t *e);

#endif
