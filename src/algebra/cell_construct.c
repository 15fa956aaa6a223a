/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A critical point in a cell: with rows w_i of the space such that the A w_i span M^T T, W_2 solves W_2 (W_1 G) = P_T M (doc/rules/critical-point-exists.md). */
#include "config.h"
#include <math.h>
#include "approx.h"
#include "cell_search.h"
#include "kernel/rank.h"
#include "kernel/scope.h"

/* B := the rows of the choice; 0 if they are rounded, for irrational eigenvectors. */
static int
set_space(qmat_t B, const cell_choice_t *c, const unit_cell_t *p)
{
    slong l, i, r = p->s->r;
    double *b = flint_calloc(c->simples * r + 1, sizeof *b);
    qmat_t rows;
    int exact = 1;
    INTEGERS(x);

    qmat_init(rows, c->simples, r);
    qmat_set(B, c->B);
    for (l = 0; l < c->simples; l++)
    {
        exact = exact && root_is_integer(x, p->root + c->simple[l]);
        cell_eigenvector(b + l * r, c, p, l);
        for (i = 0; i < r && exact; i++)
            fmpz_poly_evaluate_fmpz(fmpz_mat_entry(rows->num, l, i), c->b + l * r + i, x);
    }
    if (c->simples > 0 && exact)
        qmat_swap(B, rows);
    else if (c->simples > 0)
        approx_to_matrix(B, b, c->simples, r, 50);
    flint_free(b);
    qmat_clear(rows);
    return exact;
}

/* w := B^T y + kernel^T n; of simple eigenvalues y stands for powers of 2 with a sign, and factors. */
static int
set_member(fmpq *w, const qmat_t B, const cell_choice_t *c, const unit_cell_t *p, const fmpq *y)
{
    slong l, i, rows = qmat_rows(B);
    NUMBERS(x, factor);

    for (l = 0; l < rows + qmat_rows(p->kernel); l++)
    {
        fmpq_set(factor, y++);
        if (l < c->simples)
        {
            slong t = fmpz_get_si(fmpq_numref(factor));
            fmpq_set_si(factor, t < 0 ? -1 : 1, 1);
            fmpq_div_2exp(factor, factor, (ulong) FLINT_ABS(t) - 1);
            if (c->simples > 1)
                fmpq_mul(factor, factor, y++);
        }
        for (i = 0; i < p->s->r; i++)
        {
            qmat_get_entry(x, l < rows ? B : p->kernel, l < rows ? l : l - rows, i);
            fmpq_addmul(w + i, x, factor);
        }
    }
    return cell_holds(p->cell, p->s, w);
}

/* B := the row K^T M w: that of the eigenvector that w has, where only one of a larger eigenspace is wanted. */
static int
set_own_space(qmat_t B, const fmpq *w, const unit_cell_t *p)
{
    qmat_t W;
    MATRICES(t, Kt);

    qmat_init(W, 0, 0);
    qmat_set_entries(W, p->s->r, 1, w);
    qmat_mul(t, p->M, W);
    qmat_transpose(Kt, p->K);
    qmat_mul(t, Kt, t);
    qmat_transpose(B, t);
    qmat_clear(W);
    return !qmat_is_zero(B);
}

/* C := A (A^T A)^{-1} A^T, the projection on the columns of A, which are independent. */
static int
projection(qmat_t C, const qmat_t A)
{
    int ok;
    MATRICES(At, K, S);

    qmat_transpose(At, A);
    qmat_gram(K, A);
    ok = qmat_cols(A) == 0 || qmat_solve(S, K, At);
    if (ok && qmat_cols(A) > 0)
        qmat_mul(C, A, S);
    else
        qmat_mul(C, A, At);
    return ok;
}

/* W_1 := w, and besides it w + t b for the rows b of B in turn, t as large a power of 2 as keeps it in the cell. */
static int
set_units(qmat_t W_1, slong units, const fmpq *w, const qmat_t B, const unit_cell_t *p)
{
    slong i, l, r = p->s->r, e;
    fmpq *row = _fmpq_vec_init(units * r + 1);
    int ok = 1;
    NUMBERS(x);

    for (l = 0; l < units && ok; l++)
    {
        slong which = l - (units > qmat_rows(B));
        int holds = 0;
        for (e = 4; e > -200 && !holds; e--)
        {
            for (i = 0; i < r; i++)
            {
                fmpq_zero(x);
                if (which >= 0 && which < qmat_rows(B))
                    qmat_get_entry(x, B, which, i);
                if (e >= 0)
                    fmpq_mul_2exp(x, x, (ulong) e);
                else
                    fmpq_div_2exp(x, x, (ulong) -e);
                fmpq_add(row + l * r + i, w + i, x);
            }
            holds = cell_holds(p->cell, p->s, row + l * r);
        }
        ok = holds;
    }
    qmat_set_entries(W_1, units, r, row);
    _fmpq_vec_clear(row, units * r + 1);
    return ok;
}

/* W_2 with W_2 R = C, R of any rank whose row space contains that of C. */
static int
solve_last(qmat_t W_2, const qmat_t R, const qmat_t C)
{
    slong i, j, rank, n = qmat_rows(R), *pivots = flint_malloc((n + 1) * sizeof *pivots);
    qmat_t all;
    int ok;
    MATRICES(T, rows, Rt, K, Ct, S);

    rank = rank_factor_rows(T, rows, pivots, R, FLINT_MIN(n, qmat_cols(R)));
    ok = rank >= 0;
    qmat_init(all, qmat_rows(C), n);
    if (ok && rank > 0)
    {   /* least squares in independent rows: exact where C is in their span */
        qmat_gram_rows(K, rows);
        qmat_transpose(Rt, rows);
        qmat_mul(S, C, Rt);
        qmat_transpose(Ct, S);
        ok = qmat_solve(S, K, Ct);
        for (i = 0; ok && i < rank; i++)
            for (j = 0; j < qmat_rows(C); j++)
                fmpz_set(fmpz_mat_entry(all->num, j, pivots[i]), fmpz_mat_entry(S->num, i, j));
        if (ok)
            fmpz_set(all->den, S->den);
        qmat_canonicalise(all);
    }
    qmat_swap(W_2, all);
    qmat_clear(all);
    flint_free(pivots);
    return ok;
}

int
cell_construct(qmat_t W_1, qmat_t W_2, slong units, slong rank, const cell_choice_t *c, unit_cell_t *p, const fmpq *y)
{
    slong r = p->s->r, i;
    fmpq *w = _fmpq_vec_init(r + 1);
    double *near = flint_calloc(r + 1, sizeof *near);
    int ok;
    MATRICES(B, Bt, Q, P, R, PM);

    if (set_space(B, c, p))
        ok = set_member(w, B, c, p, y);
    else
    {
        ok = choice_point(w, near, c, p, y);
        for (i = 0; i < r; i++)
            approx_to_fmpq(w + i, near[i], 50, 0);
        ok = ok && cell_holds(p->cell, p->s, w);
    }
    if (ok && rank < qmat_rows(B))
        ok = rank == 1 && set_own_space(B, w, p);
    ok = ok && set_units(W_1, units, w, B, p);
    if (ok)
    {
        qmat_transpose(Bt, B);
        qmat_mul(Q, p->M, Bt);              /* T: M K^T = Sigma is regular on it */
        ok = projection(P, Q);
        qmat_mul(PM, P, p->M);
        qmat_mul(R, W_1, p->G);
        ok = ok && solve_last(W_2, R, PM);
    }
    _fmpq_vec_clear(w, r + 1);
    flint_free(near);
    return ok;
}
