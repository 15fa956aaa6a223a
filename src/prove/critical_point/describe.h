/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_DESCRIBE_H
#define CERTIFY_DESCRIBE_H

#include "prove/prover.h"
#include "rules/critical_point/critical_point.h"

/* Adds to a decided critical-point claim what the point captures (critical: the gradient
   is zero), or a remark on which critical point is near.  Linear networks. */
void describe_critical(proof_t *p, const oracle_t *o, int critical);

#endif
