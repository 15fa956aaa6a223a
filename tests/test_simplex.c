/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linear programs: solutions are feasible and no vertex is better, Farkas vectors are ones, what is unbounded has a ray. */
#include "algebra/simplex.h"
#include "kernel/scope.h"
#include "random.h"
#include "tap.h"

static void
inner(fmpq_t x, const fmpq *a, const fmpq *b, slong n)
{
    slong j;

    fmpq_zero(x);
    for (j = 0; j < n; j++)
        fmpq_addmul(x, a + j, b + j);
}

static int
is_feasible(const fmpq *x, const qmat_t A, const qmat_t b)
{
    slong j, n = qmat_cols(A);
    int all = 1;
    MATRICES(v);

    for (j = 0; j < n; j++)
        all &= fmpq_sgn(x + j) >= 0;
    qmat_set_entries(v, n, 1, x);
    qmat_mul(v, A, v);
    qmat_sub(v, v, b);
    return all && qmat_is_zero(v);
}

static int
is_farkas(const fmpq *y, const qmat_t A, const qmat_t b)
{
    slong j;
    int all;
    NUMBERS(x);
    MATRICES(v, t);

    qmat_set_entries(v, 1, qmat_rows(A), y);
    qmat_mul(t, v, b);
    qmat_get_entry(x, t, 0, 0);
    all = fmpq_sgn(x) < 0;
    qmat_mul(t, v, A);
    for (j = 0; j < qmat_cols(A); j++)
    {
        qmat_get_entry(x, t, 0, j);
        all &= fmpq_sgn(x) >= 0;
    }
    return all;
}

/* No feasible vertex, of r columns that are independent, is worth more than best; A has full row rank, otherwise nothing is tried. */
static int
no_better_vertex(const qmat_t A, const qmat_t b, const fmpq *cost, const fmpq_t best)
{
    slong set, r = qmat_rows(A), n = qmat_cols(A), i, j, c;
    fmpq *x = _fmpq_vec_init(n);
    int all = 1;
    NUMBERS(value);

    for (set = 0; set < 1L << n; set++)
    {
        MATRICES(S, v, one);
        qmat_some_columns(S, A, 0, 0);
        qmat_transpose(S, S);
        for (j = c = 0; j < n; j++)
            if (set >> j & 1)
            {
                qmat_some_columns(one, A, j, 1);
                qmat_transpose(one, one);
                if (c++ == 0)
                    qmat_set(S, one);
                else
                    qmat_stack(S, S, one);
            }
        qmat_transpose(S, S);
        if (c != r || r == 0 || !qmat_solve(v, S, b))
            continue;
        for (j = i = 0; j < n; j++)
        {
            fmpq_zero(x + j);
            if (set >> j & 1)
                qmat_get_entry(x + j, v, i++, 0);
        }
        inner(value, cost, x, n);
        all &= !is_feasible(x, A, b) || fmpq_cmp(value, best) <= 0;
    }
    _fmpq_vec_clear(x, n);
    return all;
}

/* A ray d >= 0, A d = 0, of positive gain. */
static int
has_ray(const qmat_t A, const fmpq *cost)
{
    slong r = qmat_rows(A), n = qmat_cols(A);
    fmpq *d = _fmpq_vec_init(n), *y = _fmpq_vec_init(r + 1);
    int has;
    MATRICES(B, c, zero);

    qmat_set_entries(c, 1, n, cost);
    qmat_stack(B, A, c);
    random_matrix(zero, r + 1, 1, 0, 1);
    fmpz_one(fmpz_mat_entry(zero->num, r, 0));
    has = simplex(d, y, B, zero, NULL) == SIMPLEX_OPTIMAL && is_feasible(d, B, zero);
    _fmpq_vec_clear(d, n);
    _fmpq_vec_clear(y, r + 1);
    return has;
}

static void
test_random(void)
{
    slong trial, n, r, j, seen[3] = { 0 };
    int right = 1;
    NUMBERS(best);

    for (trial = 0; trial < 3000; trial++)
    {
        fmpq *x, *y, *cost;
        simplex_kind kind;
        MATRICES(A, b);
        r = 1 + pick(3);
        n = 1 + pick(6);
        random_matrix(A, r, n, 1 + pick(4), 1 + pick(3));
        random_matrix(b, r, 1, pick(4), 1 + pick(2));
        if (pick(4) == 0 && r > 1)              /* dependent rows */
        {
            MATRICES(t);
            qmat_some_rows(t, A, 0, r - 1);
            qmat_some_rows(A, A, 0, 1);
            qmat_stack(A, t, A);
        }
        x = _fmpq_vec_init(n);
        y = _fmpq_vec_init(r);
        cost = _fmpq_vec_init(n);
        for (j = 0; j < n; j++)
            fmpq_set_si(cost + j, pick(7) - 3, 1);
        kind = simplex(x, y, A, b, cost);
        seen[kind]++;
        inner(best, cost, x, n);
        if (kind == SIMPLEX_INFEASIBLE)
            right &= is_farkas(y, A, b);
        else
            right &= is_feasible(x, A, b) && (kind == SIMPLEX_UNBOUNDED ? has_ray(A, cost) : no_better_vertex(A, b, cost, best));
        _fmpq_vec_clear(x, n);
        _fmpq_vec_clear(y, r);
        _fmpq_vec_clear(cost, n);
    }
    ok(right, "3000 random programs: %ld optimal, %ld infeasible, %ld unbounded", (long) seen[0], (long) seen[1], (long) seen[2]);
    ok(seen[0] > 300 && seen[1] > 300 && seen[2] > 300, "of every kind many");
}

/* Beale's example, on which the method goes round for ever with the largest reduced cost first: the optimum is 5/4. */
static void
test_cycling(void)
{
    static const slong a[3][7] = { { 1, 0, 0, 1, -32, -4, 36 }, { 0, 1, 0, 1, -24, -1, 6 }, { 0, 0, 1, 0, 0, 1, 0 } };
    static const slong c[7][2] = { { 0, 1 }, { 0, 1 }, { 0, 1 }, { 3, 4 }, { -20, 1 }, { 1, 2 }, { -6, 1 } };
    static const slong den[3] = { 4, 2, 1 };
    fmpq *x = _fmpq_vec_init(7), *y = _fmpq_vec_init(3), *cost = _fmpq_vec_init(7), *t = _fmpq_vec_init(24);
    slong i, j;
    NUMBERS(best);
    MATRICES(A, b);

    for (i = 0; i < 3; i++)
        for (j = 0; j < 7; j++)
            fmpq_set_si(t + i * 7 + j, a[i][j], j > 2 ? den[i] : 1);
    qmat_set_entries(A, 3, 7, t);
    for (i = 0; i < 3; i++)
        fmpq_set_si(t + i, i == 2, 1);
    qmat_set_entries(b, 3, 1, t);
    for (j = 0; j < 7; j++)
        fmpq_set_si(cost + j, c[j][0], (ulong) c[j][1]);
    ok(simplex(x, y, A, b, cost) == SIMPLEX_OPTIMAL && is_feasible(x, A, b), "a degenerate program is solved");
    inner(best, cost, x, 7);
    fmpq_mul_2exp(best, best, 2);
    ok(fmpq_cmp_si(best, 5) == 0, "... with the right optimum");
    _fmpq_vec_clear(x, 7);
    _fmpq_vec_clear(y, 3);
    _fmpq_vec_clear(cost, 7);
    _fmpq_vec_clear(t, 24);
}

int
main(void)
{
    test_random();
    test_cycling();
    flint_cleanup();
    return done();
}
