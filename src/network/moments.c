/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include "kernel/number.h"
#include "kernel/limits.h"
#include "kernel/rank.h"
#include "moments.h"
#include "kernel/scope.h"

/* An empty M for m samples. */
static void
start(moments_t *M, slong m)
{
    M->state = MOMENTS_FAILED;
    M->pivots = NULL;
    M->m = m;
    M->D = _fmpq_vec_init(m);
    qmat_init(M->Sxx, 0, 0);
    qmat_init(M->Syx, 0, 0);
    qmat_init(M->T, 0, 0);
    qmat_init(M->S, 0, 0);
    fmpq_init(M->Syy);
}

/* The reduction of Sxx, of rank at most most. */
static void
reduce(moments_t *M, slong most)
{
    slong i, j;
    qmat_t S;
    MATRICES(B);

    M->pivots = flint_malloc(qmat_rows(M->Sxx) * sizeof(slong));
    M->p = rank_factor_rows(M->T, B, M->pivots, M->Sxx, most);
    if (M->p >= 0)
    {
        qmat_init(S, M->p, M->p);
        for (i = 0; i < M->p; i++)
            for (j = 0; j < M->p; j++)
                fmpz_set(fmpz_mat_entry(S->num, i, j),
                         fmpz_mat_entry(M->Sxx->num, M->pivots[i], M->pivots[j]));
        fmpz_set(S->den, M->Sxx->den);
        qmat_canonicalise(S);
        qmat_swap(M->S, S);
        qmat_clear(S);
    }
}

int
moments_push(moments_t *L, const moments_t *M, const qmat_t A)
{
    MATRICES(t);

    start(L, 0);
    qmat_transpose(t, A);
    qmat_mul(L->Syx, M->Syx, t);
    qmat_mul(t, M->Sxx, t);
    qmat_mul(L->Sxx, A, t);
    fmpq_set(L->Syy, M->Syy);
    reduce(L, M->p);
    L->state = L->p >= 0 ? MOMENTS_READY : MOMENTS_FAILED;
    return L->state == MOMENTS_READY;
}

int
moments_init(moments_t *M, const problem_t *P)
{
    MATRICES(t, XD);

    start(M, qmat_cols(P->X));
    problem_curvature(M->D, P);

    qmat_scale_columns(XD, P->X, M->D);
    qmat_transpose(t, P->X);
    qmat_mul(M->Sxx, XD, t);
    qmat_scale_columns(XD, P->Y, M->D);
    qmat_mul(M->Syx, XD, t);
    qmat_inner(M->Syy, XD, P->Y);               /* XD is Y D now */
    reduce(M, M->m);
    M->state = M->p >= 0 ? MOMENTS_READY : MOMENTS_FAILED;
    return M->state == MOMENTS_READY;
}

void
moments_none(moments_t *M)
{
    memset(M, 0, sizeof *M);
}

void
moments_clear(moments_t *M)
{
    if (M->state == MOMENTS_NONE)
        return;
    _fmpq_vec_clear(M->D, M->m);
    qmat_clear(M->Sxx);
    qmat_clear(M->Syx);
    qmat_clear(M->T);
    qmat_clear(M->S);
    fmpq_clear(M->Syy);
    flint_free(M->pivots);
    moments_none(M);
}

void
moments_cross(qmat_t N, const moments_t *M)
{
    slong i, j;
    qmat_t t;

    qmat_init(t, qmat_rows(M->Syx), M->p);
    for (i = 0; i < qmat_rows(t); i++)
        for (j = 0; j < M->p; j++)
            fmpz_set(fmpz_mat_entry(t->num, i, j),
                     fmpz_mat_entry(M->Syx->num, i, M->pivots[j]));
    fmpz_set(t->den, M->Syx->den);
    qmat_canonicalise(t);
    qmat_swap(N, t);
    qmat_clear(t);
}

void
moments_infimum(fmpq_t h, const moments_t *M)
{
    qmat_t Z;
    MATRICES(N, Nt);
    NUMBERS(t);

    fmpq_set(h, M->Syy);
    if (M->p > 0)
    {
        moments_cross(N, M);
        qmat_transpose(Nt, N);
        qmat_init(Z, 0, 0);
        /* S Z = N^T; S is positive definite, so the solution exists, within
           the limits */
        if (qmat_solve(Z, M->S, Nt))
            qmat_inner(t, Nt, Z);
        else if (work_exceeded() == NULL)
            flint_abort();
        number_sub(h, h, t);
        qmat_clear(Z);
    }
    fmpq_div_2exp(h, h, 1);
}
