/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_READING_H
#define CERTIFY_READING_H

#include "certify.h"

/* From reading_begins to reading_ends the time limit holds, and progress is shown, for
   the reading of a problem file, "solve" and "construct" included: at the limit the
   process says so and ends with status 2. */
void reading_begins(const options_t *opt, const char *path);
void reading_ends(void);

#endif
