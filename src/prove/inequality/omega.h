/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_PROVE_OMEGA_H
#define CERTIFY_PROVE_OMEGA_H

#include "prove/prover.h"

/* Answers from what o offers. */
int omega_answer(oracle_t *o, const ask_t *ask, evidence_t *e);
/* Inequalities with omega. */
void omega_prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt);

#endif
