/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kind of map a network is, and the matrices between its blocks. */
#include <stdio.h>
#include "kernel/limits.h"
#include "network.h"
#include "kernel/scope.h"

int
network_is_linear(const problem_t *P)
{
    return P->kind < NET_FEEDFORWARD;
}

int
network_has_moments(const problem_t *P)
{
    return network_is_linear(P) && P->loss == LOSS_SQUARE;
}

int
network_needs_passes(const problem_t *P)
{
    return !network_has_moments(P) || (!fmpq_is_zero(P->weight_decay) && network_is_chain(P));
}

int
network_has_shortcuts(const problem_t *P)
{
    return P->kind > NET_FEEDFORWARD;
}

int
network_reaches_every_map(const problem_t *P)
{
    return P->kind == NET_RESIDUAL;
}

int
network_is_chain(const problem_t *P)
{
    return P->kind == NET_LINEAR;
}

int
network_is_rational(const problem_t *P)
{
    slong i;

    for (i = 0; P->act != NULL && i < P->l - 1; i++)
        if (!activation_is_rational(P->act[i].kind))
            return 0;
    return qmat_rows(P->features) == 0;
}

slong
network_width(const problem_t *P)
{
    slong i, k = FLINT_MIN(qmat_rows(P->X), qmat_rows(P->Y));

    for (i = 0; i < P->nblocks; i++)    /* of a residual network: all d x d */
        k = FLINT_MIN(k, qmat_rows(P->W + i));
    return k;
}

slong
network_parameters(const problem_t *P)
{
    slong i, n = 0;

    for (i = 0; i < P->nblocks; i++)
        n += qmat_rows(P->W + i) * qmat_cols(P->W + i);
    return n;
}

const char *
network_block_symbol(const problem_t *P)
{
    return P->kind == NET_RESIDUAL ? "A_{kq}" : "W_k";
}

const char *
network_block_indices(const problem_t *P)
{
    return P->kind == NET_RESIDUAL ? "k, q" : "k";
}

void
network_block_latex(char *buf, size_t size, const problem_t *P, slong i)
{
    char name[32];

    problem_block_name(name, sizeof name, P, i);
    if (name[1] == '\0')
        snprintf(buf, size, "%s", name);
    else
        snprintf(buf, size, "%c_{%s}", name[0], name + 2);
}

char
network_unit_symbol(const problem_t *P)
{
    return P->kind == NET_RESIDUAL ? 'M' : 'W';
}

static void
walk_start(walk_t *w, const problem_t *P, slong i, const qmat_t from)
{
    w->P = P;
    w->i = i;
    w->rounding = 0;
    qmat_init(w->at, 0, 0);
    qmat_init(w->unit, 0, 0);
    qmat_set(w->at, from);
    qmat_set(w->unit, from);
}

void
walk_forwards(walk_t *w, const problem_t *P, slong first, const qmat_t from)
{
    walk_start(w, P, first, from);
    w->open = P->kind == NET_RESIDUAL && first % P->r == 0;
}

void
walk_backwards(walk_t *w, const problem_t *P, const qmat_t from)
{
    walk_start(w, P, P->nblocks - 1, from);
    w->open = P->kind == NET_RESIDUAL;
}

/* Behind a step: the end of a unit, if it is one. */
static void
walk_end_unit(walk_t *w, int end)
{
    fmpq_t one;

    if (end && w->open)
    {
        fmpq_init(one);
        fmpq_one(one);
        qmat_add_scaled(w->at, w->at, one, w->unit);
        fmpq_clear(one);
    }
    if (w->rounding > 0)
        qmat_round(w->at, w->rounding);
    if (end)
    {
        qmat_set(w->unit, w->at);
        w->open = w->P->kind == NET_RESIDUAL;
    }
}

void
walk_step_forwards(walk_t *w)
{
    qmat_mul(w->at, w->P->W + w->i, w->at);
    w->i++;
    walk_end_unit(w, w->i % w->P->r == 0);
}

void
walk_step_backwards(walk_t *w)
{
    qmat_mul(w->at, w->at, w->P->W + w->i);
    walk_end_unit(w, w->i % w->P->r == 0);
    w->i--;
}

void
walk_clear(walk_t *w)
{
    qmat_clear(w->at);
    qmat_clear(w->unit);
}

qmat_struct *
network_units(const problem_t *P)
{
    qmat_struct *U = qmat_vec_init(P->l);
    slong k, q;
    MATRICES(one);
    walk_t w;

    for (k = 0; k < P->l; k++)
    {
        qmat_set_one(one, qmat_cols(P->W + k * P->r));
        walk_forwards(&w, P, k * P->r, one);
        for (q = 0; q < P->r; q++)
            walk_step_forwards(&w);
        qmat_swap(U + k, w.at);
        walk_clear(&w);
    }
    return U;
}
