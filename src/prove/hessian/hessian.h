/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_PROVE_HESSIAN_H
#define CERTIFY_PROVE_HESSIAN_H

#include "prove/prover.h"

/* Answers what rules/hessian asks, directions of negative curvature included. */
int hessian_answer(oracle_t *o, const ask_t *ask, evidence_t *e);

#endif
