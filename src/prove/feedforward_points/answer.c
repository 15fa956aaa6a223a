/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Units and chains that show that a point is no local minimum: found by trying them. */
#include "config.h"
#include <string.h>
#include "answer.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "prove/best_in_basis/dual.h"
#include "rules/cell.h"
#include "rules/feedforward_points/feedforward_points.h"

static void
numbers(evidence_t *e, const char *role, const fmpq *x, slong n)
{
    slong i;

    evidence_init(e, EVIDENCE_NUMBERS, role);
    e->nd = n;
    e->d = _fmpq_vec_init(n);
    for (i = 0; i < n; i++)
        fmpq_set(e->d + i, x + i);
}

static int
find_unit(evidence_t *x, const ff_about_t *about, const qmat_t e)
{
    fmpq *place = _fmpq_vec_init(2);
    slong layer, i;
    int ok = 0;

    for (layer = about->pass->l - 1; !ok && layer >= 1; layer--)
        for (i = 0; !ok && i < qmat_rows(about->pass->P->W + layer - 1); i++)
        {
            ok = ff_refuted_by_unit(about->pass, about->s, e, layer, i);
            fmpq_set_si(place, layer, 1);
            fmpq_set_si(place + 1, i + 1, 1);
        }
    if (ok)
        numbers(x, "unit", place, 2);
    _fmpq_vec_clear(place, 2);
    return ok;
}

/* mask := units of layer k + 1 that go on to units of next alone (NULL: to all outputs) and have the
   slopes of unit i; their number. */
static slong
collect(fmpq *mask, const pass_t *p, slong k, slong i, const fmpq *next)
{
    const qmat_struct *W = p->P->W + k + 1;
    slong j, a, n = 0;

    for (j = 0; j < qmat_rows(p->P->W + k); j++)
    {
        int in = p->P->act == NULL || cell_same_slopes(p->slope + k, i, j);
        for (a = 0; in && next != NULL && a < qmat_rows(W); a++)
            in = !fmpq_is_zero(next + a) || fmpz_is_zero(fmpz_mat_entry(W->num, a, j));
        fmpq_set_si(mask + j, in, 1);
        n += in;
    }
    return n;
}

/* The largest such set with a unit of its own, at least d_l units. */
static int
extend(fmpq *mask, const pass_t *p, slong k, const fmpq *next)
{
    slong i, n, best = -1, most = qmat_rows(p->P->Y) - 1, width = qmat_rows(p->P->W + k);

    for (i = 0; i < width; i++)
    {
        if (p->P->act != NULL && cell_is_repeated(p->slope + k, i))
            continue;
        n = collect(mask, p, k, i, next);
        if (n > most)
        {
            most = n;
            best = i;
        }
    }
    return best >= 0 && collect(mask, p, k, best, next) > 0;
}

/* A chain that begins with the units of the last hidden layer that have the slopes of unit i. */
static int
find_chain_from(fmpq **mask, slong *first, const pass_t *p, const qmat_t e, slong i)
{
    slong k = p->l - 2;

    if (collect(mask[k], p, k, i, NULL) < qmat_rows(p->P->Y))
        return 0;
    for (;; k--)
    {
        *first = k + 1;
        if (ff_refuted_by_chain(p, e, (const fmpq *const *) mask, k + 1))
            return 1;
        if (k == 0 || !extend(mask[k - 1], p, k - 1, mask[k]))
            return 0;
    }
}

static int
find_chain(evidence_t *x, const ff_about_t *about, const qmat_t e, const char *role)
{
    const pass_t *p = about->pass;
    fmpq **mask = flint_calloc(p->l, sizeof *mask);
    slong k, i, first = 0;
    int ok = 0;

    for (k = 0; k < p->l - 1; k++)
        mask[k] = _fmpq_vec_init(qmat_rows(p->P->W + k));
    for (i = 0; !ok && p->l >= 2 && i < qmat_rows(p->P->W + p->l - 2); i++)
        if (p->P->act == NULL ? i == 0 : !cell_is_repeated(p->slope + p->l - 2, i))
            ok = find_chain_from(mask, &first, p, e, i);
    ok = ok && about->layer >= first;
    if (ok)
        numbers(x, role, mask[about->layer - 1], qmat_rows(p->P->W + about->layer - 1));
    for (k = 0; k < p->l - 1; k++)
        _fmpq_vec_clear(mask[k], qmat_rows(p->P->W + k));
    flint_free(mask);
    return ok;
}

int
feedforward_answer(oracle_t *o, const ask_t *ask, evidence_t *x)
{
    const ff_about_t *about = (const ff_about_t *) ask->about;
    MATRICES(e);

    if (about == NULL || about->about.type != ff_about_type)
        return basis_answer(o, ask, x);
    loss_gradient(e, about->pass->P, pass_output(about->pass));
    return about->layer == 0 ? find_unit(x, about, e) : find_chain(x, about, e, ask->role);
}
