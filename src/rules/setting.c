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

const fmpq *
setting_kept(const setting_t *s, const char *of)
{
    return s->kept != NULL && s->kept->x != NULL && s->kept->of == of ? s->kept->x : NULL;
}

void
setting_keep(setting_t *s, const char *of, const fmpq *x, slong n)
{
    slong i;

    if (s->kept == NULL || s->f->failed)
        return;
    kept_clear(s->kept);
    s->kept->of = of;
    s->kept->n = n;
    s->kept->x = _fmpq_vec_init(n);
    for (i = 0; i < n; i++)
        fmpq_set(s->kept->x + i, x + i);
}

void
kept_clear(kept_t *k)
{
    if (k->x != NULL)
        _fmpq_vec_clear(k->x, k->n);
    k->x = NULL;
}
