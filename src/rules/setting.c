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
