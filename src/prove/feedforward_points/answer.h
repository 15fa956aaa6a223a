/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_FEEDFORWARD_ANSWER_H
#define CERTIFY_FEEDFORWARD_ANSWER_H

#include "prove/prover.h"

int feedforward_answer(oracle_t *o, const ask_t *ask, evidence_t *e);

#endif
