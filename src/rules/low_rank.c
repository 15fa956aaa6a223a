/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "low_rank.h"
#include "kernel/kronecker.h"
#include "kernel/rank.h"
#include "kernel/scope.h"

void
low_rank_init(low_rank_t *c)
{
    qmat_init(c->C, 0, 0);
    qmat_init(c->G, 0, 0);
    qmat_init(c->D, 0, 0);
    qmat_init(c->K, 0, 0);
}

void
low_rank_clear(low_rank_t *c)
{
    qmat_clear(c->C);
    qmat_clear(c->G);
    qmat_clear(c->D);
    qmat_clear(c->K);
}

/* K := the complement of the column space of T (n x k, the identity in the rows
   pivots): column j is e_j - sum_i T_ji e_{pivot i} for the other rows j. */
static void
complement(qmat_t K, const qmat_t T, const slong *pivots)
{
    slong n = qmat_rows(T), k = qmat_cols(T), i, j, c = 0;
    MATRICES(t);
    fmpq *e = _fmpq_vec_init(n * (n - k) + 1);

    for (j = 0; j < n; j++)
    {
        for (i = 0; i < k && pivots[i] != j; i++)
            ;
        if (i < k)
            continue;
        fmpq_one(e + j * (n - k) + c);
        for (i = 0; i < k; i++)
        {
            fmpq *x = e + pivots[i] * (n - k) + c;
            qmat_get_entry(x, T, j, i);
            fmpq_neg(x, x);
        }
        c++;
    }
    qmat_set_entries(t, n, n - k, e);
    qmat_swap(K, t);
    _fmpq_vec_clear(e, n * (n - k) + 1);
}

/* C := A^T B. */
static void
mul_transposed(qmat_t C, const qmat_t A, const qmat_t B)
{
    MATRICES(t);

    qmat_transpose(t, A);
    qmat_mul(C, t, B);
}

/* P := A^T Sigma A, G := A^T A. */
static void
pencil(qmat_t P, qmat_t G, const qmat_t Sigma, const qmat_t A)
{
    qmat_mul(P, Sigma, A);
    mul_transposed(P, A, P);
    qmat_gram(G, A);
}

int
low_rank_find(low_rank_t *c, facts_t *f, const qmat_t Z, const qmat_t S, const qmat_t N, const qmat_t Sigma, slong k)
{
    slong p, *pivots = flint_malloc((qmat_rows(Z) + 1) * sizeof *pivots);
    MATRICES(B, R, K, t);

    p = rank_factor_rows(B, R, pivots, Z, FLINT_MIN(qmat_rows(Z), qmat_cols(Z)));
    if (p < 0)
        facts_fail(f, "rank", "the data reduction failed");
    else if (p != k)
        facts_fail(f, "point", "h(W) > h_inf although the product has rank %ld, less than the narrowest width %ld", (long) p, (long) k);
    else
    {
        qmat_mul(t, Z, S);
        qmat_sub(t, t, N);
        mul_transposed(t, B, t);
        if (!qmat_is_zero(t))
            facts_fail(f, "point", "the point is not critical: Z differs from the projection of the least-squares solution onto its own column space");
        complement(K, B, pivots);
        qmat_mul(t, Sigma, B);
        mul_transposed(t, K, t);
        if (!qmat_is_zero(t))
            facts_fail(f, "point", "the column space of the product is not an invariant subspace of Sigma");
        pencil(c->C, c->G, Sigma, B);
        pencil(c->D, c->K, Sigma, K);
    }
    flint_free(pivots);
    return !f->failed;
}

/* Of C (x) K - G (x) D the eigenvalues are, up to congruence, the differences. */
int
low_rank_captures_largest(const low_rank_t *c)
{
    MATRICES(A, B);

    qmat_kron(A, c->C, c->K);
    qmat_kron(B, c->G, c->D);
    qmat_sub(A, A, B);
    return rank_if_psd(A) >= 0;
}
