/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a certificate may cost: sizes, compared before memory is taken, and a
   meter of the arithmetic done on its behalf.  doc/certificate-format.md,
   "Limits", has the table; --limits raises them for a whole process. */
#ifndef CERTIFY_LIMITS_H
#define CERTIFY_LIMITS_H

#include <stddef.h>
#include "compat.h"

typedef enum
{
    LIMIT_BYTES,            /* of one certificate */
    LIMIT_DIGITS,           /* of one integer */
    LIMIT_LAYERS,           /* layers, units, depth of a unit, and their product */
    LIMIT_ROWS,             /* of a matrix; order of a factor */
    LIMIT_COLUMNS,          /* of a matrix */
    LIMIT_BLOCKS,           /* of evidence */
    LIMIT_ROUNDING,         /* bits */
    LIMIT_EXPANSION,        /* bits: numbers times their common denominator */
    LIMIT_MATRIX,           /* bits: entries times the longest of them, one matrix or all
                               segments of the chains */
    LIMIT_LEAVES,           /* of one tree of cones */
    LIMIT_CELLS,            /* of one arrangement, opposite ones counted once */
    LIMIT_WORK,             /* units per byte of the certificate */
    LIMIT_KINDS
} limit_kind;

slong limit(limit_kind k);
extern const char *const limit_name[LIMIT_KINDS];

/* Sets a limit; 0 if it would be below 1 or above limit_most. */
int limit_set(limit_kind k, slong x);
slong limit_most(limit_kind k);

/* Starts the meter for a certificate of so many bytes: work_limit times
   (bytes + 65536) units.  work_stop: nothing is metered (proving). */
void work_start(size_t bytes);
void work_stop(void);

/* One operation is about to cost r k c (1 + a)(1 + b) units, a and b being
   lengths in words of 64 bits, and to give an r x c matrix whose entries have
   a + b words.  Returns 0 if that exceeds LIMIT_WORK or LIMIT_MATRIX, and from
   then on; the caller then gives a zero result of the right shape (or fails),
   so that everything comes quickly to its end, where work_exceeded decides. */
int work_take(slong r, slong k, slong c, slong abits, slong bbits);

/* An r x c matrix of so many bits will be remembered to the end. */
int work_keep(slong r, slong c, slong bits);

/* NULL, or the limit that was exceeded since work_start, as a message.  What
   was computed since then means nothing. */
const char *work_exceeded(void);

#endif
