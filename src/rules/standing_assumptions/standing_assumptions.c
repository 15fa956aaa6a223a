/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The standing assumptions of Zhou & Liang 2017, section 2, decided exactly:
   X X^T and X Y^T have full rank; Sigma = Y X^T (X X^T)^{-1} X Y^T has distinct
   eigenvalues. */
#include "standing_assumptions.h"
#include "network/network.h"
#include "kernel/limits.h"
#include "kernel/rank.h"
#include "kernel/spectrum.h"

int
full_rank_decide(facts_t *f, const problem_t *P)
{
    slong d0 = qmat_rows(P->X), dl = qmat_rows(P->Y), rank;
    int full;
    qmat_t Yt, C;
    fmpq_t x;

    qmat_init(Yt, 0, 0);
    qmat_init(C, 0, 0);
    fmpq_init(x);
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
    qmat_clear(Yt);
    qmat_clear(C);
    fmpq_clear(x);
    return full;
}

int
distinct_eigenvalues_decide(facts_t *f, const problem_t *P)
{
    int distinct;
    moments_t M;
    qmat_t N, Nt, Z;
    fmpq_t x;

    if (!moments_init(&M, P))
    {
        facts_fail(f, "rank", "the data reduction failed");
        moments_clear(&M);
        return 0;
    }
    qmat_init(N, 0, 0);
    qmat_init(Nt, 0, 0);
    qmat_init(Z, qmat_rows(P->Y), qmat_rows(P->Y));
    fmpq_init(x);
    if (M.p > 0)
    {   /* Sigma = N S^{-1} N^T, N = Y X'^T: the same for X of any rank */
        moments_cross(N, &M);
        qmat_transpose(Nt, N);
        if (qmat_solve(Z, M.S, Nt))
            qmat_mul(Z, N, Z);
        else if (work_exceeded() == NULL)
            flint_abort();
    }
    distinct = spectrum_is_distinct(Z);
    fmpq_set_si(x, qmat_rows(P->Y), 1);
    facts_note(f, "spectrum", "\\text{order of } \\Sigma", "=", x);
    qmat_clear(N);
    qmat_clear(Nt);
    qmat_clear(Z);
    fmpq_clear(x);
    moments_clear(&M);
    return distinct;
}
