/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One more unit that lowers a loss with weight decay (Vidal, Zhu & Haeffele 2020, (1.42), the meta-algorithm). */
#ifndef CERTIFY_RGM_ESCAPE_H
#define CERTIFY_RGM_ESCAPE_H

#include "prove/prover.h"

/* NULL if the problem is one of regularized-global-minimum, or why not (static buffer). */
const char *escape_refuses(const problem_t *P);
/* wider := P with the unit that was found, balanced and with the best scale, rounded to 53 bits; decrease := h(P) -
   h(wider), exact.  1 if decrease > 0, 0 if no such unit was found. */
int escape_unit(problem_t *wider, fmpq_t decrease, const problem_t *P);

#endif
