/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Multipliers at kinks by linear programs. */
#include "config.h"
#include "algebra/simplex.h"
#include "kernel/scope.h"
#include "kinks.h"

/* The program of one row: unknowns for kink n of count are tau_n = s + p_n with p_n + 2 s + q_n = 1 (convex kinks), or nu_n (concave ones):
   columns p_n or nu_n, q_n, and s.  Rows: d for the balance of the gradient, then one for each kink. */
typedef struct
{
    const kinks_t *T;
    slong unit, count, d, cols;
    fmpq *A, *b;
} program_t;

static fmpq *
at(program_t *L, slong r, slong c)
{
    return L->A + r * L->cols + c;
}

/* b -= y x_j; and the column += x x_j, if it is not negative. */
static void
add_sample(program_t *L, slong j, const fmpq_t y, slong column, const fmpq_t x)
{
    slong a;
    NUMBERS(v, t);

    for (a = 0; a < L->d; a++)
    {
        qmat_get_entry(v, L->T->X, a, j);
        fmpq_mul(t, v, y);
        fmpq_sub(L->b + a, L->b + a, t);
        fmpq_mul(t, v, x);
        fmpq_add(at(L, a, column), at(L, a, column), t);
    }
}

static void
add_kink(program_t *L, slong j, slong n, int concave, int minus, int strictly)
{
    slong s = 2 * L->count;
    NUMBERS(c, x, y, zero);

    qmat_get_entry(c, L->T->c, L->unit, j);
    if (concave)
    {
        fmpq_mul(y, c, L->T->slope);
        if (!minus)
            fmpq_set(y, c);
        fmpq_set_si(x, minus ? 1 : -1, 1);
        add_sample(L, j, y, n, x);
        return;
    }
    fmpq_mul(y, c, L->T->slope);
    fmpq_sub(x, c, y);
    add_sample(L, j, y, n, x);
    if (strictly)
    {
        add_sample(L, j, zero, s, x);
        fmpq_set_si(at(L, L->d + n, s), 2, 1);
    }
    fmpq_one(at(L, L->d + n, n));
    fmpq_one(at(L, L->d + n, L->count + n));
    fmpq_one(L->b + L->d + n);
}

static void
fill(program_t *L, slong r, int strictly)
{
    const kinks_t *T = L->T;
    slong j, a, n = 0, bit = 0;
    int flip = fmpq_cmp_si(T->slope, 1) > 0;
    MATRICES(g);

    kinks_unit_gradient(g, T, L->unit);
    for (a = 0; a < L->d; a++)
    {
        qmat_get_entry(L->b + a, g, 0, a);
        fmpq_neg(L->b + a, L->b + a);
    }
    for (j = 0; j < T->m; j++)
        if (T->kink[L->unit * T->m + j] == KINK_SHARP)
        {
            int concave = (fmpz_sgn(fmpz_mat_entry(T->c->num, L->unit, j)) < 0) != flip;
            add_kink(L, j, n++, concave, concave && (r >> bit & 1), strictly);
            bit += concave;
        }
}

/* row := multipliers for row r. */
static int
solve_row(fmpq *row, fmpq *delta, const kinks_t *T, slong i, slong count, slong r, int strictly)
{
    program_t L = { .T = T, .unit = i, .count = count, .d = T->d, .cols = 2 * count + 1 };
    slong n, rows = T->d + count;
    fmpq *x = _fmpq_vec_init(L.cols), *y = _fmpq_vec_init(rows), *cost = _fmpq_vec_init(L.cols);
    int ok;
    MATRICES(A, b);

    L.A = _fmpq_vec_init(rows * L.cols);
    L.b = _fmpq_vec_init(rows);
    fill(&L, r, strictly);
    qmat_set_entries(A, rows, L.cols, L.A);
    qmat_set_entries(b, rows, 1, L.b);
    fmpq_one(cost + 2 * count);
    ok = simplex(x, y, A, b, strictly ? cost : NULL) != SIMPLEX_INFEASIBLE;
    for (n = 0; n < count && ok; n++)
        fmpq_add(row + n, x + n, x + 2 * count);
    for (n = 0; n < T->d && !ok; n++)
        fmpq_neg(delta + n, y + n);
    _fmpq_vec_clear(L.A, rows * L.cols);
    _fmpq_vec_clear(L.b, rows);
    _fmpq_vec_clear(x, L.cols);
    _fmpq_vec_clear(y, rows);
    _fmpq_vec_clear(cost, L.cols);
    return ok;
}

int
kinks_multipliers(qmat_t A, fmpq *delta, const kinks_t *T, slong i, int strictly)
{
    slong r, concave, sharp = kinks_sharp(&concave, T, i), rows = WORD(1) << FLINT_MIN(concave, KINKS_MOST_CONCAVE);
    fmpq *x = _fmpq_vec_init(rows * sharp + 1);
    int ok = 1;

    for (r = 0; r < rows && ok; r++)
        ok = solve_row(x + r * sharp, delta, T, i, sharp, r, strictly && concave == 0);
    if (ok)
        qmat_set_entries(A, rows, sharp, x);
    _fmpq_vec_clear(x, rows * sharp + 1);
    return ok;
}
