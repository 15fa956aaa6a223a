/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "decompose.h"
#include "eigenvectors.h"
#include "kernel/spectrum.h"

void
enclosed_init(enclosed_t *A, slong r, slong c)
{
    A->exact = 1;
    qmat_init(A->q, r, c);
    arb_mat_init(A->a, r, c);
}

void
enclosed_clear(enclosed_t *A)
{
    qmat_clear(A->q);
    arb_mat_clear(A->a);
}

/* One eigenvalue x (low = x = high if rational) of C = Sigma on col(R), of multiplicity n there: columns
   at .. of B, if exact, and of U := an orthonormal basis R z of its eigenspace. */
static int
eigenspace(fmpq *B, arb_mat_t U, int *exact, slong at, slong n, const qmat_t R, const qmat_t C,
           eigenvalues_t *e, slong i, slong prec)
{
    slong a, b, j, d = qmat_rows(R), p = qmat_cols(R);
    arb_mat_t z, t, r;
    arb_t x;
    int ok;

    if (n == 0)
        return 1;
    if (*exact)
    {   /* the root of q y - p of num C */
        fmpz_poly_t f;
        fmpq *y = _fmpq_vec_init(p * n);
        fmpq_t root, term;
        fmpz_poly_init(f);
        fmpq_init(root);
        fmpq_init(term);
        fmpq_mul_fmpz(root, e->low + i, C->den);
        fmpz_poly_set_coeff_fmpz(f, 1, fmpq_denref(root));
        fmpz_neg(fmpq_numref(root), fmpq_numref(root));
        fmpz_poly_set_coeff_fmpz(f, 0, fmpq_numref(root));
        kernel_exact(y, n, 0, n, C->num, f);
        for (a = 0; a < d; a++)
            for (b = 0; b < n; b++)
            {
                fmpq_zero(B + a * d + at + b);
                for (j = 0; j < p; j++)
                {
                    qmat_get_entry(term, R, a, j);
                    fmpq_addmul(B + a * d + at + b, term, y + j * n + b);
                }
            }
        *exact = orthogonalise_exact(B, d, d, at, n);
        fmpz_poly_clear(f);
        _fmpq_vec_clear(y, p * n);
        fmpq_clear(root);
        fmpq_clear(term);
    }
    arb_init(x);
    arb_mat_init(z, p, n);
    arb_mat_init(r, d, p);
    arb_mat_init(t, d, n);
    eigenvalue_ball(x, e, i, prec);
    ok = kernel_ball(z, 0, n, C, x, n, prec);
    ball_set(r, R, prec);
    arb_mat_mul(t, r, z, prec);
    ok = ok && orthogonalise_ball(t, 0, n, prec);
    for (a = 0; a < d; a++)
        for (b = 0; b < n; b++)
            arb_set(arb_mat_entry(U, a, at + b), arb_mat_entry(t, a, b));
    arb_clear(x);
    arb_mat_clear(z);
    arb_mat_clear(r);
    arb_mat_clear(t);
    return ok;
}

int
decompose_eigenvectors(enclosed_t *U, int *captured, const qmat_t Sigma, const qmat_t B, slong prec)
{
    slong i, j, at, d = qmat_rows(Sigma), *pivots = flint_malloc((d + 1) * sizeof *pivots);
    eigenvalues_t e;
    spectrum_t inside;
    qmat_t R, C, K, D, t;
    fmpq *x = _fmpq_vec_init(d * d);
    fmpz_mat_t N;
    int ok;

    qmat_init(R, d, 0);
    qmat_init(C, 0, 0);
    qmat_init(K, 0, 0);
    qmat_init(D, 0, 0);
    qmat_init(t, 0, 0);
    if (B != NULL)
    {
        pivots = flint_realloc(pivots, (qmat_cols(B) + d + 1) * sizeof *pivots);
        ok = pattern_restriction(C, R, pivots, Sigma, B);
    }
    else
        ok = 1;
    /* K: the complement */
    if (qmat_cols(R) == 0)
        qmat_set_one(K, d);
    else
    {
        qmat_t basis;
        slong n;
        fmpz_mat_init(N, d, d);
        qmat_transpose(t, R);
        n = fmpz_mat_nullspace(N, t->num);
        qmat_init(basis, d, n);
        for (i = 0; i < d; i++)
            for (j = 0; j < n; j++)
                fmpz_set(fmpz_mat_entry(basis->num, i, j), fmpz_mat_entry(N, i, j));
        qmat_swap(K, basis);
        qmat_clear(basis);
        fmpz_mat_clear(N);
    }
    if (ok && qmat_cols(K) > 0)
        ok = pattern_restriction(D, K, pivots, Sigma, K);
    eigenvalues_init(&e, Sigma, 10);
    U->exact = 1;
    for (i = 0; i < e.n; i++)
        U->exact &= fmpq_equal(e.low + i, e.high + i);
    if (qmat_rows(C) > 0)
        spectrum_init(&inside, C);
    for (i = 0, at = 0; i < e.n && ok; i++)
    {
        slong n = qmat_rows(C) > 0 ? spectrum_multiplicity(&inside, e.low + i, e.high + i) : 0;
        ok = eigenspace(x, U->a, &U->exact, at, n, R, C, &e, i, prec)
            && eigenspace(x, U->a, &U->exact, at + n, e.multiplicity[i] - n, K, D, &e, i, prec);
        for (j = 0; j < e.multiplicity[i]; j++)
            captured[at + j] = j < n;
        at += e.multiplicity[i];
    }
    if (U->exact)
    {
        qmat_set_entries(U->q, d, d, x);
        ball_set(U->a, U->q, prec);
    }
    if (qmat_rows(C) > 0)
        spectrum_clear(&inside);
    eigenvalues_clear(&e);
    _fmpq_vec_clear(x, d * d);
    flint_free(pivots);
    qmat_clear(R);
    qmat_clear(C);
    qmat_clear(K);
    qmat_clear(D);
    qmat_clear(t);
    return ok;
}

void
decompose_apply(enclosed_t *C, const enclosed_t *U, const qmat_t A, slong prec)
{
    arb_mat_t t, b;
    qmat_t q;

    C->exact = U->exact;
    if (U->exact)
    {
        qmat_init(q, 0, 0);
        qmat_transpose(q, U->q);
        qmat_mul(C->q, q, A);
        qmat_clear(q);
    }
    arb_mat_init(t, arb_mat_ncols(U->a), arb_mat_nrows(U->a));
    arb_mat_init(b, qmat_rows(A), qmat_cols(A));
    ball_set(b, A, prec);
    arb_mat_transpose(t, U->a);
    arb_mat_mul(C->a, t, b, prec);
    arb_mat_clear(t);
    arb_mat_clear(b);
}

int
decompose_suffix(enclosed_t *U, qmat_t V, enclosed_t *C, const problem_t *P, const moments_t *M,
                 slong k, slong prec)
{
    slong i, j, c, row, d = qmat_rows(P->Y), width, *pivots;
    int *captured = flint_calloc(d, sizeof *captured), ok;
    qmat_t Sigma, A, R, t, W;
    enclosed_t all;

    qmat_init(Sigma, 0, 0);
    qmat_init(A, 0, 0);
    qmat_init(R, 0, 0);
    qmat_init(t, 0, 0);
    pattern_suffix(A, P, k);
    width = qmat_cols(A);
    pivots = flint_malloc((width + 1) * sizeof *pivots);
    enclosed_init(&all, d, width);
    ok = pattern_matrices(Sigma, NULL, P, M, k) && pattern_restriction(t, R, pivots, Sigma, A)
        && decompose_eigenvectors(U, captured, Sigma, A, prec);
    if (ok)
    {
        slong p = qmat_cols(R);
        decompose_apply(&all, U, A, prec);
        C->exact = all.exact;
        qmat_init(W, width, width);
        if (all.exact)
            fmpz_set(W->den, all.q->den);
        /* the captured rows of U^T A, then units that complete them */
        for (i = 0, row = 0; i < d; i++)
            if (captured[i])
            {
                for (j = 0; j < width; j++)
                {
                    arb_set(arb_mat_entry(C->a, row, j), arb_mat_entry(all.a, i, j));
                    if (all.exact)
                        fmpz_set(fmpz_mat_entry(W->num, row, j), fmpz_mat_entry(all.q->num, i, j));
                }
                row++;
            }
        for (j = 0; j < width; j++)
        {
            for (i = 0; i < p && pivots[i] != j; i++)
                ;
            if (i < p)
                continue;
            for (c = 0; c < width; c++)
                arb_set_si(arb_mat_entry(C->a, row, c), c == j);
            fmpz_set(fmpz_mat_entry(W->num, row, j), W->den);
            row++;
        }
        qmat_canonicalise(W);
        qmat_swap(C->q, W);
        qmat_clear(W);
        qmat_init(W, d, width);
        for (i = 0, c = 0; i < d; i++)
            if (captured[i])
                fmpz_one(fmpz_mat_entry(W->num, i, c++));
        qmat_swap(V, W);
        qmat_clear(W);
    }
    flint_free(captured);
    flint_free(pivots);
    enclosed_clear(&all);
    qmat_clear(Sigma);
    qmat_clear(A);
    qmat_clear(R);
    qmat_clear(t);
    return ok;
}
