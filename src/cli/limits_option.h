/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_LIMITS_OPTION_H
#define CERTIFY_LIMITS_OPTION_H

#include "kernel/limits.h"

/* Reads "rows=4096,work=100000".  Returns 0, with a message, for an unknown
   name or a value that is not possible; nothing is changed then. */
int limits_set(const char *text, char *message, size_t size);

#endif
