/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The evidence that regularity alone asks for. */
#include "config.h"
#include <math.h>
#include "algebra/approx.h"
#include "prove.h"

/* Bounds of |s'| and |s''|: the largest value in the middle of many pieces,
   then more until the check agrees. */
static int
derivatives(const ask_t *ask, evidence_t *e)
{
    const activation_range_t *range = &((const rc_about_range_t *) ask->about)->range;
    slong i, j, k;
    int tries, ok = 0;
    double top[2] = { 0, 0 };
    fmpq_t r, q;
    arb_t x, d[2];

    fmpq_init(r);
    fmpq_init(q);
    arb_init(x);
    arb_init(d[0]);
    arb_init(d[1]);
    for (i = 0; i < qmat_rows(range->Z); i++)
        for (j = 0; j < qmat_cols(range->Z); j++)
            for (k = -32; k <= 32; k++)
            {
                int w;
                qmat_get_entry(q, range->Z, i, j);
                fmpq_set_si(r, k, 32);
                fmpq_mul(r, r, range->reach + j);
                fmpq_add(q, q, r);
                arb_set_fmpq(x, q, 64);
                activation_derivatives_arb(d[0], d[1], x, range->s, 64);
                for (w = 0; w < 2; w++)
                    top[w] = fmax(top[w], arf_get_d(arb_midref(d[w]), ARF_RND_UP));
            }
    evidence_init(e, EVIDENCE_NUMBERS, ask->role);
    e->nd = 2;
    e->d = _fmpq_vec_init(2);
    for (tries = 0; tries < 60 && !ok; tries++)
    {
        double slack = ldexp(1e-9, tries);
        approx_to_fmpq(e->d, top[0] * (1 + slack), 40, 1);
        approx_to_fmpq(e->d + 1, top[1] * (1 + slack) + 1e-12, 40, 1);
        activation_lipschitz(q, range->s);
        if (fmpq_cmp(e->d, q) > 0)
            fmpq_set(e->d, q);
        ok = activation_check_range(range, e->d, e->d + 1);
    }
    fmpq_clear(r);
    fmpq_clear(q);
    arb_clear(x);
    arb_clear(d[0]);
    arb_clear(d[1]);
    if (!ok)
        evidence_clear(e);
    return ok;
}

int
rc_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    return ask->about != NULL && ask->about->type == rc_about_range && derivatives(ask, e);
}
