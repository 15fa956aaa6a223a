/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "copy.h"

void
problem_set(problem_t *P, const problem_t *Q)
{
    slong i;

    problem_set_network(P, Q->kind, Q->l, Q->r);
    problem_add_skips(P, Q->skip, Q->skips);
    for (i = 0; Q->act != NULL && i < Q->l - 1; i++)
    {
        P->act[i].kind = Q->act[i].kind;        /* NOLINT(clang-analyzer-core.NullDereference): made for Q's kind */
        fmpq_set(P->act[i].slope, Q->act[i].slope);
    }
    P->loss = Q->loss;
    P->power = Q->power;
    fmpq_set(P->scale, Q->scale);
    fmpq_set(P->weight_decay, Q->weight_decay);
    P->decayed = Q->decayed;
    problem_set_samples(P, qmat_cols(Q->X));
    for (i = 0; i < qmat_cols(Q->X); i++)
        fmpq_set(P->weights + i, Q->weights + i);
    qmat_set(P->X, Q->X);
    qmat_set(P->Y, Q->Y);
    qmat_set(P->features, Q->features);
    if (Q->b != NULL)
        problem_add_biases(P);
    for (i = 0; i < Q->nblocks; i++)
    {
        qmat_set(P->W + i, Q->W + i);
        if (Q->b != NULL)
            qmat_set(P->b + i, Q->b + i);
    }
}
