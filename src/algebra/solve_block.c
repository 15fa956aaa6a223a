/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "solve": one block such that the point is an exact global minimiser given
   all the others. */
#include "config.h"
#include "kernel/rank.h"
#include "network/network.h"
#include "solve_block.h"

/* X := S^{-1} B, S positive definite. */
static void
solve_square(qmat_t X, const qmat_t S, const qmat_t B)
{
    if (!qmat_solve(X, S, B))
        flint_abort();
}

/* X := A^+ B: A^{-1} B where that is, and otherwise from A = T R with T of full column, R of full row rank:
   A^+ = R^T (R R^T)^{-1} (T^T T)^{-1} T^T. */
static void
pinv_mul(qmat_t X, const qmat_t A, const qmat_t B)
{
    slong *pivots, p;
    qmat_t T, R, t, G;

    if (qmat_rows(A) == qmat_cols(A) && qmat_solve(X, A, B))
        return;
    pivots = flint_malloc(qmat_rows(A) * sizeof *pivots);
    qmat_init(T, 0, 0);
    qmat_init(R, 0, 0);
    qmat_init(t, 0, 0);
    qmat_init(G, 0, 0);
    p = rank_factor_rows(T, R, pivots, A, qmat_rows(A));
    if (p > 0)
    {
        qmat_gram(G, T);
        qmat_transpose(T, T);
        qmat_mul(t, T, B);
        solve_square(t, G, t);
        qmat_gram_rows(G, R);
        solve_square(t, G, t);
        qmat_transpose(R, R);
        qmat_mul(X, R, t);
    }
    else
    {
        qmat_clear(t);
        qmat_init(t, qmat_cols(A), qmat_cols(B));
        qmat_swap(X, t);
    }
    flint_free(pivots);
    qmat_clear(T);
    qmat_clear(R);
    qmat_clear(t);
    qmat_clear(G);
}

/* X := the solution of least Frobenius norm of P X C = N; 0 if there is none. */
static int
sandwich(qmat_t X, const qmat_t P, const qmat_t C, const qmat_t N)
{
    qmat_t t, check, Ct;
    int ok;

    qmat_init(t, 0, 0);
    qmat_init(check, 0, 0);
    qmat_init(Ct, 0, 0);
    pinv_mul(t, P, N);              /* P^+ N C^+ */
    qmat_transpose(t, t);
    qmat_transpose(Ct, C);
    pinv_mul(t, Ct, t);
    qmat_transpose(t, t);
    qmat_mul(check, P, t);
    qmat_mul(check, check, C);
    ok = qmat_equal(check, N);
    qmat_swap(X, t);
    qmat_clear(t);
    qmat_clear(check);
    qmat_clear(Ct);
    return ok;
}

/* The last layer of a feedforward network with zero loss. */
static const char *
solve_last_layer(problem_t *P)
{
    slong k, i, j, m = qmat_cols(P->X);
    qmat_t H, B, one;
    int ok;

    for (k = 0; k < P->l - 1; k++)
        if (!activation_is_rational(P->act[k].kind))
            return "solve needs rational activations (identity, relu, leaky-relu)";
    qmat_init(H, 0, 0);
    qmat_init(B, 0, 0);
    qmat_init(one, 0, 0);
    qmat_set(H, P->X);
    for (k = 0; k < P->l - 1; k++)
    {
        qmat_mul(H, P->W + k, H);
        if (P->b != NULL)
            qmat_add_column(H, H, P->b + k);
        activation_apply(H, H, P->act + k);
    }
    qmat_set(B, P->Y);
    if (P->b != NULL)
    {   /* Y - b 1^T */
        fmpq_t minus;
        fmpq_init(minus);
        fmpq_set_si(minus, -1, 1);
        qmat_scale(one, P->b + P->l - 1, minus);
        qmat_add_column(B, B, one);
        fmpq_clear(minus);
    }
    for (j = 0; j < m; j++)         /* a sample of weight 0 need not be fitted */
        if (fmpq_is_zero(P->weights + j))
        {
            for (i = 0; i < qmat_rows(H); i++)
                fmpz_zero(fmpz_mat_entry(H->num, i, j));
            for (i = 0; i < qmat_rows(B); i++)
                fmpz_zero(fmpz_mat_entry(B->num, i, j));
        }
    qmat_canonicalise(H);
    qmat_canonicalise(B);
    qmat_set_one(one, qmat_rows(B));
    ok = sandwich(P->W + P->l - 1, one, H, B);
    qmat_clear(H);
    qmat_clear(B);
    qmat_clear(one);
    return ok ? NULL : "no last layer fits the data exactly: the hidden features have too small a rank";
}

const char *
problem_solve_block(problem_t *P, slong i)
{
    slong k = i / P->r, q = i % P->r, j;
    qmat_struct *U;
    qmat_t B, C, N, t;
    moments_t M;
    fmpq_t minus, plus;
    int ok;

    if (P->kind == NET_FEEDFORWARD)
        return i == P->l - 1 ? solve_last_layer(P)
            : "in a feedforward network only the last layer can be written solve";
    if (!moments_init(&M, P))
        return "the data reduction failed";
    qmat_init(B, 0, 0);
    qmat_init(C, 0, 0);
    qmat_init(N, 0, 0);
    qmat_init(t, 0, 0);
    fmpq_init(minus);
    fmpq_init(plus);
    fmpq_set_si(minus, -1, 1);
    fmpq_one(plus);
    U = network_units(P);
    qmat_set_one(B, qmat_rows(P->Y));
    for (j = P->l - 1; j > k; j--)
        qmat_mul(B, B, U + j);
    qmat_set(C, M.T);
    for (j = 0; j < k; j++)
        qmat_mul(C, U + j, C);
    /* Z T = Y D X'^T S^{-1} */
    moments_cross(N, &M);
    qmat_transpose(N, N);
    if (M.p > 0)
        solve_square(N, M.S, N);
    qmat_transpose(N, N);
    if (P->kind == NET_RESIDUAL && P->r > 1)
    {   /* B (I + O A I') C = N */
        qmat_mul(t, B, C);
        qmat_add_scaled(N, N, minus, t);
        for (j = P->r - 1; j > q; j--)
            qmat_mul(B, B, P->W + k * P->r + j);
        for (j = 0; j < q; j++)
            qmat_mul(C, P->W + k * P->r + j, C);
    }
    ok = sandwich(P->W + i, B, C, N);
    if (P->kind == NET_RESIDUAL && P->r == 1)
    {
        qmat_set_one(t, qmat_rows(P->W + i));
        qmat_add_scaled(P->W + i, P->W + i, minus, t);
    }
    qmat_vec_clear(U, P->l);
    qmat_clear(B);
    qmat_clear(C);
    qmat_clear(N);
    qmat_clear(t);
    fmpq_clear(minus);
    fmpq_clear(plus);
    moments_clear(&M);
    return ok ? NULL : "no such matrix exists: the other layers have too small a rank "
        "to reach the least-squares map (a bottleneck, or too few units)";
}
