/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The problems that have such cells, and the samples that count. */
#include "kernel/columns.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "rules/definitions.h"
#include "unit_cells.h"

const char *
cells_refuse(const problem_t *P)
{
    const char *why = refuse_all_but_square_loss(P);
    NUMBERS(a);

    if (why == NULL)
        why = refuse_weight_decay(P);
    if (why != NULL)
        return why;
    if (P->kind != NET_FEEDFORWARD || P->l != 2 || !activation_is_rational(P->act->kind))
        return "for one hidden layer of relu or leaky-relu units";
    activation_negative_slope(a, P->act);
    if (fmpq_is_one(a))
        return "for one hidden layer of relu or leaky-relu units; global-minimizer and critical-point treat linear ones";
    return P->b != NULL ? "a bias of the units is given as a row of ones of X; a bias of the outputs is not treated" : NULL;
}

slong
cells_columns(slong *column, const problem_t *P)
{
    slong i, j, n = 0;
    fmpq *D = _fmpq_vec_init(qmat_cols(P->X));

    problem_curvature(D, P);
    for (j = 0; j < qmat_cols(P->X); j++)
    {
        int counts = 0;
        for (i = 0; i < qmat_rows(P->X); i++)
            counts |= !fmpz_is_zero(fmpz_mat_entry(P->X->num, i, j));
        if (counts && !fmpq_is_zero(D + j))
            column[n++] = j;
    }
    _fmpq_vec_clear(D, qmat_cols(P->X));
    return n;
}

int
cells_data(qmat_t X, qmat_t Y, fmpq *D, fmpq_t x, slong *rows, const problem_t *P)
{
    slong j, n, *pivots = flint_malloc((qmat_rows(P->X) + 1) * sizeof *pivots);
    slong *column = flint_malloc((qmat_cols(P->X) + 1) * sizeof *column);
    int ok = 1;
    MATRICES(YD, T, t);

    problem_curvature(D, P);
    qmat_scale_columns(YD, P->Y, D);
    qmat_inner(x, YD, P->Y);
    n = cells_columns(column, P);
    for (j = 0; j < n; j++)
        fmpq_set(D + j, D + column[j]);         /* j <= column[j] */
    qmat_pick_columns(X, P->X, column, n);
    qmat_pick_columns(Y, P->Y, column, n);
    flint_free(column);
    if (n > 0)
    {   /* w^T X takes the same values with the independent rows alone, and a factor of X changes nothing */
        ok = rank_factor_rows(T, t, pivots, X, FLINT_MIN(qmat_rows(X), n)) > 0;
        qmat_swap(X, t);
        fmpz_one(X->den);
        for (j = 0; j < qmat_rows(X) && rows != NULL; j++)
            rows[j] = pivots[j];
    }
    flint_free(pivots);
    return ok;
}

void
cells_say_loss(say_t *s, const fmpq_t low, const fmpq_t high)
{
    if (!fmpq_equal(low, high))
    {
        say(s, "between $");
        say_constant(s, low, 0);
        say(s, "$ and ");
    }
    say(s, "$");
    say_constant(s, high, 1);
    say(s, "$");
}

void
cells_say_here(say_t *s, const problem_t *P)
{
    say_here(s, P);
    if (!loss_is_plain(P))
    {
        say(s, ", $D$ the diagonal of $");
        say_twice_scale(s, P);
        say(s, "$ for sample $i$");
    }
}
