/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Equal samples: functions of the sample have equal outputs on them. */
#ifndef CERTIFY_SAMPLES_H
#define CERTIFY_SAMPLES_H

#include "kernel/matrix.h"

/* group[j] := a number from 0 for every sample (column of X), the same for equal ones; how many there
   are. */
slong samples_group(slong *group, const qmat_t X);
slong samples_count(const qmat_t X);
/* A := a row for every group, 1 on its samples and 0 elsewhere; no rows beyond the limits. */
void samples_indicators(qmat_t A, const qmat_t X);

#endif
