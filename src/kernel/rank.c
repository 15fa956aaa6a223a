/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "copositive.h"
#include "limits.h"
#include "rank.h"
#include "scope.h"

/* 1 if the rank modulo the prime 2^61 - 1 is min(rows, columns): so is then the
   rank, because a minor that is not 0 modulo a prime is not 0.  Cheap, and
   nearly always right about matrices of full rank. */
static int
full_rank_modulo_prime(const qmat_t A)
{
    slong n = FLINT_MIN(qmat_rows(A), qmat_cols(A));
    nmod_mat_t B;
    int full;

    if (!work_take(qmat_rows(A), n, qmat_cols(A), 0, 0)
        || !work_take(qmat_rows(A), 1, qmat_cols(A), FLINT_ABS(fmpz_mat_max_bits(A->num)), 0))
        return 0;
    nmod_mat_init(B, qmat_rows(A), qmat_cols(A), (UWORD(1) << 61) - 1);
    fmpz_mat_get_nmod_mat(B, A->num);
    full = nmod_mat_rank(B) == n;
    nmod_mat_clear(B);
    return full;
}

slong
rank_of(const qmat_t A)
{
    if (!qmat_is_exact(A))
        flint_abort();
    if (full_rank_modulo_prime(A))
        return FLINT_MIN(qmat_rows(A), qmat_cols(A));
    return qmat_elimination_cost(A, FLINT_MIN(qmat_rows(A), qmat_cols(A)), 0) ? fmpz_mat_rank(A->num) : 0;
}

slong
rank_if_psd(const qmat_t A)
{
    if (!qmat_is_exact(A))
        flint_abort();
    return qmat_elimination_cost(A, qmat_rows(A), 0) ? integers_psd_rank(A->num) : -1;
}

slong
rank_factor_rows(qmat_t T, qmat_t B, slong *pivots, const qmat_t A, slong most)
{
    slong i, j, p, n = qmat_rows(A), c = qmat_cols(A);
    fmpz_mat_t At, R;
    INTEGERS(den);
    qmat_t t, b;
    MATRICES(check);

    if (!qmat_is_exact(A))
        flint_abort();
    if (n <= c && full_rank_modulo_prime(A))
    {   /* all rows are independent */
        for (i = 0; i < n; i++)
            pivots[i] = i;
        qmat_set(B, A);
        qmat_set_one(T, n);
        return n;
    }
    fmpz_mat_init(At, c, n);
    fmpz_mat_init(R, c, n);
    if (qmat_elimination_cost(A, FLINT_MIN(n, most), 0))        /* else it stays zero */
        fmpz_mat_transpose(At, A->num);
    p = fmpz_mat_rref(R, den, At);      /* A^T = (pivot columns of A^T) R/den */
    if (p == 0)
        fmpz_one(den);
    for (i = 0, j = 0; i < p; i++)
    {
        while (j < n && fmpz_is_zero(fmpz_mat_entry(R, i, j)))
            j++;
        pivots[i] = j;
    }
    qmat_init(t, n, p);
    qmat_init(b, p, c);
    for (i = 0; i < n; i++)
        for (j = 0; j < p; j++)
            fmpz_set(fmpz_mat_entry(t->num, i, j), fmpz_mat_entry(R, j, i));
    fmpz_set(t->den, den);
    if (fmpz_sgn(t->den) < 0)
    {
        fmpz_neg(t->den, t->den);
        fmpz_mat_neg(t->num, t->num);
    }
    qmat_canonicalise(t);
    for (i = 0; i < p; i++)
        for (j = 0; j < c; j++)
            fmpz_set(fmpz_mat_entry(b->num, i, j), fmpz_mat_entry(A->num, pivots[i], j));
    fmpz_set(b->den, A->den);
    qmat_canonicalise(b);
    qmat_mul(check, t, b);
    if (!qmat_equal(check, A))
        p = -1;             /* or the work was exceeded */
    qmat_swap(T, t);
    qmat_swap(B, b);
    qmat_clear(t);
    qmat_clear(b);
    fmpz_mat_clear(At);
    fmpz_mat_clear(R);
    return p;
}
