/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loops whose steps do not depend on each other, on several processors: nothing that is
   computed depends on how many. */
#ifndef CERTIFY_THREADS_H
#define CERTIFY_THREADS_H

#include "compat.h"

/* How many threads loops of this thread may use from now on, at least 1 (as it is at first). */
void threads_set(int n);
int threads_get(void);

/* step(context, i) for i = 0 .. n - 1, in any order and by any thread: a step uses no meter and
   writes what no other step reads or writes.  cost: about how many operations on words all of it takes; a short loop
   is not worth a thread. */
void threads_loop(slong n, slong cost, void (*step)(void *context, slong i), void *context);

#endif
