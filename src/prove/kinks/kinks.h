/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_PROVE_KINKS_H
#define CERTIFY_PROVE_KINKS_H

#include "prove/prover.h"
#include "rules/kinks/kinks.h"

/* Answers what rules/kinks asks. */
int kinks_answer(oracle_t *o, const ask_t *ask, evidence_t *e);

/* A (2^concave x sharp) := multipliers of unit i; strictly: as far from 0 and 1 as possible.  0 if there are none; then delta (d numbers) is a direction of
   its weights in which the one-sided derivative is negative. */
int kinks_multipliers(qmat_t A, fmpq *delta, const kinks_t *T, slong i, int strictly);

/* V[0], V[1] := a line along which h falls (or rises) on one side; 0 if none is found. */
int kinks_find_line(qmat_struct *V, const kinks_t *T, int up);

/* Q := a point whose loss seems to be below h; 0 if none is found. */
int kinks_find_better(problem_t *Q, const kinks_t *T, double h);

#endif
