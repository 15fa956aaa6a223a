/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pthread.h>
#include <stdatomic.h>
#include "threads.h"

enum { MOST = 64, LEAST = 200000 };

static _Thread_local int allowed = 1;

typedef struct
{
    void (*step)(void *context, slong i);
    void *context;
    slong n;
    atomic_long next;
} loop_t;

void
threads_set(int n)
{
    allowed = FLINT_MAX(1, FLINT_MIN(n, MOST));
}

int
threads_get(void)
{
    return allowed;
}

static void *
work(void *loop)
{
    loop_t *l = loop;
    slong i;

    while ((i = atomic_fetch_add(&l->next, 1)) < l->n)
        l->step(l->context, i);
    return NULL;
}

static void *
helper(void *loop)
{
    work(loop);
    flint_cleanup();                            /* what FLINT keeps for this thread */
    return NULL;
}

void
threads_loop(slong n, slong cost, void (*step)(void *context, slong i), void *context)
{
    loop_t l = { step, context, n, 0 };
    pthread_t other[MOST];
    int i, started = 0;

    for (i = 1; i < allowed && i < n && cost >= LEAST; i++)
        started += pthread_create(other + started, NULL, helper, &l) == 0;
    work(&l);                                   /* alone, if no thread could be had */
    for (i = 0; i < started; i++)
        pthread_join(other[i], NULL);
}
