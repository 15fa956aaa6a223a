/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "at_minimum.h"
#include "kernel/limits.h"
#include "network/evaluate.h"

int
setting_at_minimum(setting_t *s)
{
    const moments_t *M;
    int at = *s->at_minimum;

    if (at != NOT_ASKED)
        return at;
    M = setting_moments_if_linear(s);
    if (s->f->failed)
        return -1;
    at = evaluate_at_minimum(s->P, M);
    if (work_exceeded() == NULL)        /* otherwise the numbers are none */
        *s->at_minimum = at;
    return at;
}
