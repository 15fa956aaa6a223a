/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Work done in a child process, so that running out of memory, or anything else
   that ends a process, is a status for the caller. */
#ifndef CERTIFY_ISOLATE_H
#define CERTIFY_ISOLATE_H

#include <stddef.h>
#include "certificate/certificate.h"

/* Does the work, leaves two texts, and returns a status. */
typedef int (*isolated_work)(const void *request, text_t *result, text_t *report);

/* Returns the status of the work, or EX_SOFTWARE or EX_OSERR (out of memory).
   *result := the first text if the status is 0 or 1, otherwise NULL; *report :=
   the second, or what happened.  result and length go together; these and report
   may be NULL. */
int isolate(isolated_work work, const void *request, char **result, size_t *length, char **report);

#endif
