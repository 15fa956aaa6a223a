/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_SOLVE_BLOCK_H
#define CERTIFY_SOLVE_BLOCK_H

#include "network/problem.h"

/* Replaces block i of P by the solution of least Frobenius norm described in
   certify-problem(5).  Returns NULL or the reason why there is none. */
const char *problem_solve_block(problem_t *P, slong i);

#endif
