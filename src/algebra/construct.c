/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "construct.h"
#include "eigenvalues.h"
#include "eigenvectors.h"

/* S := the r x c matrix with ones on the diagonal. */
static void
ones(qmat_t S, slong r, slong c)
{
    slong i;
    qmat_t t;

    qmat_init(t, r, c);
    for (i = 0; i < FLINT_MIN(r, c); i++)
        fmpz_one(fmpz_mat_entry(t->num, i, i));
    qmat_swap(S, t);
    qmat_clear(t);
}

/* Z := Y X^+, the least-squares map of least norm: N S^{-1} (T^T T)^{-1} T^T. */
static int
least_squares(qmat_t Z, const moments_t *M)
{
    qmat_t t, G;
    int ok = 1;

    if (M->p == 0)
    {
        qmat_init(t, qmat_rows(M->Syx), qmat_rows(M->Sxx));
        qmat_swap(Z, t);
        qmat_clear(t);
        return 1;
    }
    qmat_init(t, 0, 0);
    qmat_init(G, 0, 0);
    moments_cross(t, M);
    qmat_transpose(t, t);
    ok = qmat_solve(t, M->S, t);
    qmat_gram(G, M->T);
    ok = ok && qmat_solve(t, G, t);             /* p x d_l */
    qmat_mul(t, M->T, t);
    qmat_transpose(Z, t);
    qmat_clear(t);
    qmat_clear(G);
    return ok;
}

/* A := C^{-1} A, C = NULL for the identity. */
static int
divide(qmat_t A, const qmat_struct *C)
{
    return C == NULL || qmat_solve(A, C, A);
}

int
construct_linear(problem_t *V, const moments_t *M, const qmat_t B, const qmat_struct *C)
{
    slong k, l = V->l, p = qmat_cols(B);
    qmat_t K, t, G;
    int ok;

    qmat_init(K, 0, 0);
    qmat_init(t, 0, 0);
    qmat_init(G, 0, 0);
    ok = least_squares(K, M);
    qmat_transpose(t, B);
    qmat_mul(K, t, K);
    qmat_gram(G, B);
    ok = ok && (p == 0 || qmat_solve(K, G, K));
    for (k = 0; k < l && ok; k++)
    {
        slong rows = qmat_rows(V->W + k), cols = qmat_cols(V->W + k);
        qmat_t W;
        qmat_init(W, 0, 0);
        if (l == 1)
            qmat_mul(W, B, K);
        else if (k == l - 1)
        {
            ones(W, p, cols);
            qmat_mul(W, B, W);
        }
        else if (k == 0)
        {
            ones(W, rows, p);
            qmat_mul(W, W, K);
        }
        else
            ones(W, rows, cols);
        if (k > 0 && C != NULL)
            qmat_mul(W, W, C + k - 1);
        if (k < l - 1 && C != NULL)
            ok = divide(W, C + k);
        qmat_swap(V->W + k, W);
        qmat_clear(W);
    }
    qmat_clear(K);
    qmat_clear(t);
    qmat_clear(G);
    return ok;
}

int
construct_residual(problem_t *V, const moments_t *M, const qmat_struct *C, const qmat_struct *D)
{
    slong k, q, l = V->l, r = V->r, d = qmat_rows(V->X);
    qmat_t A, one;
    int ok = 1;

    qmat_init(A, 0, 0);
    qmat_init(one, 0, 0);
    qmat_set_one(one, d);
    for (k = 0; k < l && ok; k++)
    {
        if (k == 0)
            ok = least_squares(A, M);
        else if (C == NULL)
            qmat_set(A, one);
        else
            qmat_set(A, C + k - 1);
        ok = ok && (k == l - 1 || C == NULL || divide(A, C + k));
        qmat_sub(A, A, one);
        for (q = 0; q < r && ok; q++)
        {
            qmat_struct *W = V->W + k * r + q;
            if (q == 0)
                qmat_set(W, A);
            else if (D == NULL)
                qmat_set(W, one);
            else
                qmat_set(W, D + k * (r - 1) + q - 1);
            ok = q == r - 1 || D == NULL || divide(W, D + k * (r - 1) + q);
        }
    }
    qmat_clear(A);
    qmat_clear(one);
    return ok;
}

void
captured_init(captured_t *c, const qmat_t Sigma, const slong *counts, slong bits)
{
    slong i, j, g, at, n = qmat_rows(Sigma), p = 0, prec;
    eigenvalues_t e;
    fmpq *B;
    arb_t x;
    fmpz_t z;

    if (counts == NULL)
    {
        c->exact = 1;
        qmat_init(c->B, 0, 0);
        qmat_set_one(c->B, n);
        arb_mat_init(c->ball, 0, 0);
        return;
    }
    eigenvalues_init(&e, Sigma, 10);
    for (i = 0; i < e.n; i++)
        p += counts[i];
    c->exact = 1;
    qmat_init(c->B, 0, 0);
    arb_mat_init(c->ball, n, p);
    B = _fmpq_vec_init(n * p);
    arb_init(x);
    fmpz_init(z);
    if (p == n)
        for (i = 0; i < n; i++)
            fmpq_one(B + i * n + i);            /* all of the space */
    for (g = 0, at = 0; g < e.f->num && p < n; g++)
    {   /* the eigenvalues of one irreducible factor are conjugate */
        slong sum = 0, all = fmpz_poly_degree(e.f->p + g) * e.f->exp[g];
        for (i = 0; i < e.n; i++)
            if (e.factor[i] == g)
                sum += counts[i];
        if (sum == all || fmpz_poly_degree(e.f->p + g) == 1)
        {
            if (sum > 0)
            {
                kernel_exact(B, p, at, sum, Sigma->num, e.f->p + g);
                orthogonalise_exact(B, n, p, at, sum);
            }
            for (i = 0; i < n; i++)
                for (j = at; j < at + sum; j++)
                    arb_set_fmpq(arb_mat_entry(c->ball, i, j), B + i * p + j, bits + 128);
            at += sum;
            continue;
        }
        for (i = 0; i < e.n; i++)
            if (e.factor[i] == g && counts[i] > 0)
            {
                for (prec = 2 * bits + 128; ; prec *= 2)
                {
                    eigenvalue_ball(x, &e, i, prec);
                    if (kernel_ball(c->ball, at, counts[i], Sigma, x, e.multiplicity[i], prec)
                        && orthogonalise_ball(c->ball, at, counts[i], prec))
                        break;
                }
                at += counts[i];
                c->exact = 0;
            }
        for (i = 0; i < n; i++)
            for (j = at - sum; j < at; j++)
            {   /* the nearest multiple of 2^-bits */
                arf_t a;
                arf_init(a);
                arf_mul_2exp_si(a, arb_midref(arb_mat_entry(c->ball, i, j)), bits);
                arf_get_fmpz(z, a, ARF_RND_NEAR);
                fmpq_set_fmpz(B + i * p + j, z);
                fmpq_div_2exp(B + i * p + j, B + i * p + j, bits);
                arf_clear(a);
            }
    }
    if (p > 0)
        qmat_set_entries(c->B, n, p, B);
    else
    {
        qmat_t empty;
        qmat_init(empty, n, 0);
        qmat_swap(c->B, empty);
        qmat_clear(empty);
    }
    _fmpq_vec_clear(B, n * p);
    arb_clear(x);
    fmpz_clear(z);
    eigenvalues_clear(&e);
}

void
captured_clear(captured_t *c)
{
    qmat_clear(c->B);
    arb_mat_clear(c->ball);
}

/* x := max(x, an upper bound of ||A - B||_F). */
static void
enlarge(fmpq_t x, const arb_mat_t A, const qmat_t B, slong prec)
{
    arb_mat_t t;
    arb_t norm;
    arf_t a;
    fmpq_t y;

    arb_mat_init(t, arb_mat_nrows(A), arb_mat_ncols(A));
    arb_init(norm);
    arf_init(a);
    fmpq_init(y);
    ball_set(t, B, prec);
    arb_mat_sub(t, A, t, prec);
    arb_mat_frobenius_norm(norm, t, prec);
    arb_get_ubound_arf(a, norm, 64);
    arf_get_fmpq(y, a);
    if (fmpq_cmp(y, x) > 0)
        fmpq_set(x, y);
    arb_mat_clear(t);
    arb_clear(norm);
    arf_clear(a);
    fmpq_clear(y);
}

int
construct_distance(fmpq_t x, const problem_t *W, const moments_t *M, const captured_t *c,
                   const qmat_struct *C, slong prec)
{
    slong l = W->l, p = qmat_cols(c->B), n = qmat_rows(c->B), d = qmat_rows(W->X);
    arb_mat_t Bt, G, K, Z, u, v;
    qmat_t t;
    int ok;

    arb_mat_init(Bt, p, n);
    arb_mat_init(G, p, p);
    arb_mat_init(K, p, d);
    arb_mat_init(Z, n, d);
    qmat_init(t, 0, 0);
    fmpq_zero(x);
    ok = least_squares(t, M);
    ball_set(Z, t, prec);
    arb_mat_transpose(Bt, c->ball);
    arb_mat_mul(G, Bt, c->ball, prec);
    arb_mat_mul(K, Bt, Z, prec);
    ok = ok && arb_mat_solve(K, G, K, prec);
    if (l == 1)
    {
        arb_mat_mul(Z, c->ball, K, prec);
        enlarge(x, Z, W->W, prec);
    }
    else if (ok)
    {   /* the last layer, then the first */
        slong width = qmat_rows(W->W);
        qmat_struct *last = W->W + l - 1;
        ones(t, p, qmat_cols(last));
        if (C != NULL)
            qmat_mul(t, t, C + l - 2);
        arb_mat_init(u, p, qmat_cols(last));
        arb_mat_init(v, n, qmat_cols(last));
        ball_set(u, t, prec);
        arb_mat_mul(v, c->ball, u, prec);
        enlarge(x, v, last, prec);
        arb_mat_clear(u);
        arb_mat_clear(v);
        ones(t, width, p);
        if (C != NULL)
            ok = divide(t, C);
        arb_mat_init(u, width, p);
        arb_mat_init(v, width, d);
        ball_set(u, t, prec);
        arb_mat_mul(v, u, K, prec);
        enlarge(x, v, W->W, prec);
        arb_mat_clear(u);
        arb_mat_clear(v);
    }
    arb_mat_clear(Bt);
    arb_mat_clear(G);
    arb_mat_clear(K);
    arb_mat_clear(Z);
    qmat_clear(t);
    return ok;
}
