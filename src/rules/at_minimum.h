/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the point is a minimiser, found out once. */
#ifndef CERTIFY_AT_MINIMUM_H
#define CERTIFY_AT_MINIMUM_H

#include "setting.h"

/* evaluate_at_minimum of the point; -1 after a failure. */
int setting_at_minimum(setting_t *s);

#endif
