/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_COPY_H
#define CERTIFY_COPY_H

#include "problem.h"

/* P := a copy of Q, for another point. */
void problem_set(problem_t *P, const problem_t *Q);

#endif
