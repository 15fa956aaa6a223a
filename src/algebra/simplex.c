/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two phases on a full tableau: r rows of n variables, r artificial ones, which keep the inverse of the basis, and the right side; and a
   row of reduced costs. */
#include "config.h"
#include "simplex.h"
#include "kernel/scope.h"

typedef struct
{
    slong r, n, cols;           /* cols = n + r + 1 */
    fmpq *t;                    /* (r + 1) x cols; row r: reduced costs of a minimisation, and minus its value */
    slong *basis;               /* the variable of each row */
} tableau_t;

static fmpq *
entry(const tableau_t *T, slong i, slong j)
{
    return T->t + i * T->cols + j;
}

/* Row i -= x times row p. */
static void
subtract(tableau_t *T, slong i, slong p, const fmpq_t x)
{
    slong j;

    for (j = 0; j < T->cols; j++)
        if (!fmpq_is_zero(entry(T, p, j)))
            fmpq_submul(entry(T, i, j), x, entry(T, p, j));
}

static void
pivot(tableau_t *T, slong p, slong q)
{
    slong i, j;
    NUMBERS(x);

    fmpq_inv(x, entry(T, p, q));
    for (j = 0; j < T->cols; j++)
        fmpq_mul(entry(T, p, j), entry(T, p, j), x);
    for (i = 0; i <= T->r; i++)
    {
        fmpq_set(x, entry(T, i, q));
        if (i != p && !fmpq_is_zero(x))
            subtract(T, i, p, x);
    }
    T->basis[p] = q;
}

/* Pivots until no reduced cost of the n variables is negative; 0: unbounded. */
static int
run(tableau_t *T)
{
    slong i, p, q;
    NUMBERS(ratio, least);

    for (;;)
    {
        for (q = 0; q < T->n && fmpq_sgn(entry(T, T->r, q)) >= 0; q++)
            ;
        if (q == T->n)
            return 1;
        for (p = -1, i = 0; i < T->r; i++)
        {
            if (fmpq_sgn(entry(T, i, q)) <= 0)
                continue;
            fmpq_div(ratio, entry(T, i, T->cols - 1), entry(T, i, q));
            if (p < 0 || fmpq_cmp(ratio, least) < 0 || (fmpq_equal(ratio, least) && T->basis[i] < T->basis[p]))
            {
                p = i;
                fmpq_set(least, ratio);
            }
        }
        if (p < 0)
            return 0;
        pivot(T, p, q);
    }
}

/* [A, I, b] with b >= 0, the artificial variables as basis, and the reduced costs of their sum. */
static void
tableau_init(tableau_t *T, const qmat_t A, const qmat_t b, int *negated)
{
    slong i, j;

    T->r = qmat_rows(A);
    T->n = qmat_cols(A);
    T->cols = T->n + T->r + 1;
    T->t = _fmpq_vec_init((T->r + 1) * T->cols);
    T->basis = flint_malloc((T->r + 1) * sizeof *T->basis);
    for (i = 0; i < T->r; i++)
    {
        qmat_get_entry(entry(T, i, T->cols - 1), b, i, 0);
        negated[i] = fmpq_sgn(entry(T, i, T->cols - 1)) < 0;
        for (j = 0; j < T->n; j++)
            qmat_get_entry(entry(T, i, j), A, i, j);
        for (j = 0; j < T->cols && negated[i]; j++)
            fmpq_neg(entry(T, i, j), entry(T, i, j));
        fmpq_one(entry(T, i, T->n + i));
        T->basis[i] = T->n + i;
        for (j = 0; j < T->cols; j++)
            if (j < T->n || j == T->cols - 1)
                fmpq_sub(entry(T, T->r, j), entry(T, T->r, j), entry(T, i, j));
    }
}

/* After phase 1 the artificial variables that are left in the basis are 0: they are pivoted out where their row
   has another entry; a row without is 0 and stays as it is. */
static void
drop_artificial(tableau_t *T)
{
    slong i, q;

    for (i = 0; i < T->r; i++)
    {
        if (T->basis[i] < T->n)
            continue;
        for (q = 0; q < T->n && fmpq_is_zero(entry(T, i, q)); q++)
            ;
        if (q < T->n)
            pivot(T, i, q);
    }
}

static int
maximise(tableau_t *T, const fmpq *cost)
{
    slong i, j;
    NUMBERS(x);

    for (j = 0; j < T->cols; j++)
    {
        fmpq_zero(entry(T, T->r, j));
        if (j < T->n)
            fmpq_neg(entry(T, T->r, j), cost + j);
    }
    for (i = 0; i < T->r; i++)
        if (T->basis[i] < T->n)
        {
            fmpq_neg(x, cost + T->basis[i]);
            subtract(T, T->r, i, x);
        }
    return run(T);
}

simplex_kind
simplex(fmpq *x, fmpq *y, const qmat_t A, const qmat_t b, const fmpq *cost)
{
    tableau_t T;
    slong i;
    simplex_kind kind = SIMPLEX_OPTIMAL;
    int *negated = flint_malloc((qmat_rows(A) + 1) * sizeof *negated);

    tableau_init(&T, A, b, negated);
    run(&T);                                    /* a sum of numbers >= 0 is bounded */
    if (fmpq_sgn(entry(&T, T.r, T.cols - 1)) < 0)
    {
        kind = SIMPLEX_INFEASIBLE;
        for (i = 0; i < T.r; i++)
        {   /* the dual of the sum is 1 minus the reduced costs, which y is the opposite of */
            fmpq_sub_si(y + i, entry(&T, T.r, T.n + i), 1);
            if (negated[i])
                fmpq_neg(y + i, y + i);
        }
    }
    else
    {
        drop_artificial(&T);
        if (cost != NULL && !maximise(&T, cost))
            kind = SIMPLEX_UNBOUNDED;
        for (i = 0; i < T.n; i++)
            fmpq_zero(x + i);
        for (i = 0; i < T.r; i++)
            if (T.basis[i] < T.n)
                fmpq_set(x + T.basis[i], entry(&T, i, T.cols - 1));
    }
    _fmpq_vec_clear(T.t, (T.r + 1) * T.cols);
    flint_free(T.basis);
    flint_free(negated);
    return kind;
}
