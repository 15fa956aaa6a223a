/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/limits.h"
#include "setting.h"

const moments_t *
setting_moments(setting_t *s)
{
    if (s->M->state == MOMENTS_NONE)
        moments_init(s->M, s->P);
    if (s->M->state == MOMENTS_READY)
        return s->M;
    facts_fail(s->f, "rank", "the data reduction failed");
    return NULL;
}

const moments_t *
setting_moments_if_linear(setting_t *s)
{
    return network_is_linear(s->P) ? setting_moments(s) : NULL;
}

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
    at = network_at_minimum(s->P, M);
    if (work_exceeded() == NULL)        /* otherwise the numbers are none */
        *s->at_minimum = at;
    return at;
}
