/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data_rank.h"
#include "kernel/rank.h"
#include "kernel/scope.h"

int
data_has_full_rank(setting_t *s)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    slong d0 = qmat_rows(P->X), dl = qmat_rows(P->Y), rank;
    int full;
    MATRICES(Yt, C);
    NUMBERS(x);

    qmat_transpose(Yt, P->Y);
    qmat_mul(C, P->X, Yt);
    rank = rank_of(P->X);                   /* = rank X X^T */
    full = rank == d0;
    fmpq_set_si(x, rank, 1);
    facts_note(f, "rank", "\\mathrm{rank}(X X^T)", "=", x);
    rank = rank_of(C);
    full &= rank == FLINT_MIN(d0, dl);
    fmpq_set_si(x, rank, 1);
    facts_note(f, "rank", "\\mathrm{rank}(X Y^T)", "=", x);
    return full;
}

const char *
data_refuses(const problem_t *P, const claim_t *c)
{
    slong i;

    for (i = 0; i < qmat_cols(P->X); i++)
        if (!fmpq_is_one(P->weights + i))
            return "not defined for weighted samples";
    return refuse_all_but_square_loss(P);
}

void
data_say_rank(say_t *s, int refuted)
{
    say(s, refuted ? "It is not true that $X X^T$ and $X Y^T$ both have full rank" : "$X X^T$ and $X Y^T$ have full rank");
    say(s, ", $X$ and $Y$ being the data of the problem.\n");
}
