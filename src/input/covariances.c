/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Covariances as weighted samples. */
#include "config.h"
#include "problem_file.h"

/* 1 if the symmetric R (n x n, overwritten) is positive semidefinite. */
static int
is_psd(fmpq *R, slong n)
{
    slong i, j, k;
    int ok = 1;
    fmpq_t x;

    fmpq_init(x);
    for (k = 0; k < n && ok; k++)
    {
        ok = fmpq_sgn(R + k * n + k) >= 0;
        for (i = k + 1; i < n && ok; i++)
        {
            if (fmpq_is_zero(R + k * n + k))
            {
                ok = fmpq_is_zero(R + i * n + k);
                continue;
            }
            fmpq_div(x, R + i * n + k, R + k * n + k);
            for (j = k + 1; j < n; j++)
                fmpq_submul(R + i * n + j, x, R + k * n + j);
        }
    }
    fmpq_clear(x);
    return ok;
}

const char *
problem_from_moments(problem_t *P, const qmat_t S, const qmat_t N, const qmat_t V, const char **which)
{
    slong i, j, k, n, g, m;
    fmpq *a, *y, *d;
    fmpq_t x, rest;
    const char *wrong = NULL, *key = "Sxx";

    n = qmat_rows(S);
    g = qmat_rows(N);
    a = _fmpq_vec_init(n * n);          /* L below the diagonal, D on it */
    y = _fmpq_vec_init(g * n);
    d = _fmpq_vec_init(n + 1);
    fmpq_init(x);
    fmpq_init(rest);
    if (qmat_cols(S) != n || !qmat_midpoint_is_symmetric(S))
        wrong = "a symmetric matrix is expected here";
    else if (qmat_cols(N) != n)
        key = "Syx", wrong = "it must have as many columns as Sxx";
    else if (qmat_rows(V) != g || qmat_cols(V) != g || !qmat_midpoint_is_symmetric(V))
        key = "Syy", wrong = "a symmetric matrix with as many rows as Syx is expected here";
    for (i = 0; i < n && wrong == NULL; i++)
        for (j = 0; j < n; j++)
            qmat_get_entry(a + i * n + j, S, i, j);
    for (i = 0; i < g && wrong == NULL; i++)
        for (j = 0; j < n; j++)
            qmat_get_entry(y + i * n + j, N, i, j);
    for (k = 0; k < n && wrong == NULL; k++)
    {
        if (fmpq_sgn(a + k * n + k) < 0)
            wrong = "it is not positive semidefinite";
        else if (fmpq_is_zero(a + k * n + k))
        {
            for (i = k + 1; i < n; i++)
                if (!fmpq_is_zero(a + i * n + k))
                    wrong = "it is not positive semidefinite";
            for (i = 0; i < g; i++)
                if (!fmpq_is_zero(y + i * n + k))
                    key = "Syx", wrong = "its row space is not within that of Sxx";
            continue;
        }
        fmpq_set(d + k, a + k * n + k);
        for (i = k + 1; i < n; i++)     /* column k of L */
            fmpq_div(a + i * n + k, a + i * n + k, d + k);
        for (i = 0; i < g; i++)         /* y column k := target */
            fmpq_div(y + i * n + k, y + i * n + k, d + k);
        for (j = k + 1; j < n; j++)
        {
            fmpq_mul(x, a + j * n + k, d + k);
            for (i = j; i < n; i++)
                fmpq_submul(a + i * n + j, a + i * n + k, x);
            for (i = 0; i < g; i++)
                fmpq_submul(y + i * n + j, y + i * n + k, x);
        }
    }
    if (wrong == NULL)
    {   /* what remains of Syy, a Schur complement, must be positive semidefinite */
        fmpq *R = _fmpq_vec_init(g * g);
        for (i = 0; i < g; i++)
            for (j = 0; j < g; j++)
            {
                qmat_get_entry(R + i * g + j, V, i, j);
                for (k = 0; k < n; k++)
                {
                    fmpq_mul(x, y + i * n + k, y + j * n + k);
                    fmpq_submul(R + i * g + j, x, d + k);
                }
            }
        for (i = 0; i < g; i++)
            fmpq_add(rest, rest, R + i * g + i);
        if (!is_psd(R, g))
            key = "Syy", wrong = "it is smaller than what Sxx and Syx explain";
        _fmpq_vec_clear(R, g * g);
    }
    if (wrong == NULL)
    {
        int any = 0;
        fmpq *X, *Y;
        m = n + !fmpq_is_zero(rest);
        X = _fmpq_vec_init(n * m);
        Y = _fmpq_vec_init(g * m);
        for (k = 0; k < n; k++)
        {
            for (i = k; i < n; i++)
                if (i == k)
                    fmpq_one(X + i * m + k);
                else if (!fmpq_is_zero(d + k))
                    fmpq_set(X + i * m + k, a + i * n + k);
            for (i = 0; i < g; i++)
                fmpq_set(Y + i * m + k, y + i * n + k);
            any |= !fmpq_is_zero(d + k);
        }
        if (m > n)
        {
            fmpq_one(Y + n);
            fmpq_set(d + n, rest);
            any = 1;
        }
        if (!any)
            wrong = "all moments are zero";
        else
        {
            qmat_set_entries(P->X, n, m, X);
            qmat_set_entries(P->Y, g, m, Y);
            problem_set_samples(P, m);
            for (k = 0; k < m; k++)
                fmpq_set(P->weights + k, d + k);
        }
        _fmpq_vec_clear(X, n * m);
        _fmpq_vec_clear(Y, g * m);
    }
    _fmpq_vec_clear(a, n * n);
    _fmpq_vec_clear(y, g * n);
    _fmpq_vec_clear(d, n + 1);
    fmpq_clear(x);
    fmpq_clear(rest);
    *which = key;
    return wrong;
}
