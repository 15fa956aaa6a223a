/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_LOSS_KIND_H
#define CERTIFY_LOSS_KIND_H

#include "problem.h"

/* phi: the loss of network/loss.h. */
/* NULL, or why phi is not such a function for this problem: labels, power (static text). */
const char *loss_refuses(const problem_t *P);

#endif
