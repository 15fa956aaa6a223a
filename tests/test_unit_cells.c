/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cells: as many as Whitney's formula says, degenerate arrangements included; signs at algebraic numbers; eigenvalues that occur twice. */
#include "kernel/limits.h"
#include "kernel/scope.h"
#include "random.h"
#include "rules/unit_cells/unit_cells.h"
#include "tap.h"

static slong
random_in(slong low, slong high)
{
    return low + pick(high - low + 1);
}

/* Samples of small integers; 0 if one is 0 or they do not span. */
static int
random_samples(cell_samples_t *s, slong r, slong n, slong k, slong most)
{
    slong i, j;
    fmpq *D = _fmpq_vec_init(n);
    qmat_t X, Y;
    int good;
    NUMBERS(a);

    qmat_init(X, r, n);
    qmat_init(Y, k, n);
    good = 1;
    for (j = 0; j < n; j++)
    {
        int zero = 1;
        for (i = 0; i < r; i++)
        {
            fmpz_set_si(fmpz_mat_entry(X->num, i, j), random_in(-most, most));
            zero &= fmpz_is_zero(fmpz_mat_entry(X->num, i, j));
        }
        good &= !zero;
        for (i = 0; i < k; i++)
            fmpz_set_si(fmpz_mat_entry(Y->num, i, j), random_in(-3, 3));
        fmpq_one(D + j);
    }
    good = fmpz_mat_rank(X->num) == r && good;
    cell_samples_init(s, X, Y, D, a);
    _fmpq_vec_clear(D, n);
    qmat_clear(X);
    qmat_clear(Y);
    return good;
}

/* sum over all sets of samples of (-1)^(size - rank): the number of cells (Whitney; Zaslavsky 1975). */
static slong
whitney(const cell_samples_t *s)
{
    slong set, i, rows, sum = 0;
    fmpz_mat_t A;

    for (set = 0; set < 1L << s->n; set++)
    {
        fmpz_mat_init(A, s->n, s->r);
        for (i = rows = 0; i < s->n; i++)
            if ((set >> i) & 1)
                _fmpz_vec_set(fmpz_mat_entry(A, rows++, 0), s->X + i * s->r, s->r);
        sum += (rows - fmpz_mat_rank(A)) % 2 == 0 ? 1 : -1;
        fmpz_mat_clear(A);
    }
    return sum;
}

static void
test_count(void)
{
    slong t, count, tried = 0, wrong = 0, unsorted = 0, i;
    const char *why;

    for (t = 0; t < 300; t++)
    {
        cell_samples_t s;
        slong r = random_in(1, 4), n = random_in(r, 8);
        if (random_samples(&s, r, n, 1, random_in(1, 3)))
        {
            ulong *cells = cells_enumerate(&count, &why, &s);
            tried++;
            wrong += cells == NULL || 2 * count != whitney(&s);
            for (i = 0; i < count; i++)
                unsorted += !cell_has(cells + i, 0) || (i > 0 && cells[i] <= cells[i - 1]);
            flint_free(cells);
        }
        cell_samples_clear(&s);
    }
    ok(tried > 150 && wrong == 0 && unsorted == 0, "%ld random arrangements have the cells of Whitney's formula", (long) tried);
}

/* e_i, e_i + e_j, e_i - e_j: every ray is on many hyperplanes; 2^r r! cells. */
static void
test_reflections(void)
{
    slong r, i, j, sign, n, count, cells, wrong = 0;
    const char *why;
    NUMBERS(a);

    for (r = 1, cells = 1; r <= 4; r++)
    {
        cell_samples_t s;
        fmpq *D = _fmpq_vec_init(r * r);
        ulong *list;
        qmat_t X, Y;
        qmat_init(X, r, r * r);
        qmat_init(Y, 1, r * r);
        for (i = n = 0; i < r; i++)
        {
            fmpz_one(fmpz_mat_entry(X->num, i, n++));
            for (j = 0; j < i; j++)
                for (sign = -1; sign <= 1; sign += 2)
                {
                    fmpz_one(fmpz_mat_entry(X->num, i, n));
                    fmpz_set_si(fmpz_mat_entry(X->num, j, n++), sign);
                }
        }
        for (j = 0; j < n; j++)
            fmpq_one(D + j);
        cell_samples_init(&s, X, Y, D, a);
        list = cells_enumerate(&count, &why, &s);
        cells *= 2 * r;
        wrong += list == NULL || 2 * count != cells || n != r * r;
        flint_free(list);
        cell_samples_clear(&s);
        _fmpq_vec_clear(D, r * r);
        qmat_clear(X);
        qmat_clear(Y);
    }
    ok(wrong == 0, "the reflection arrangements of 1 to 4 dimensions have 2, 8, 48, 384 cells");
}

/* In the plane n lines that differ have 2 n cells; more than one word of signs. */
static void
test_words(void)
{
    slong n, j, count, wrong = 0;
    const char *why;
    NUMBERS(a);

    for (n = 62; n <= 130; n++)
    {
        cell_samples_t s;
        fmpq *D = _fmpq_vec_init(n);
        qmat_t X, Y;
        ulong *cells;
        qmat_init(X, 2, n);
        qmat_init(Y, 1, n);
        for (j = 0; j < n; j++)
        {
            fmpz_set_si(fmpz_mat_entry(X->num, 0, j), j - n / 2);
            fmpz_one(fmpz_mat_entry(X->num, 1, j));
            fmpq_one(D + j);
        }
        cell_samples_init(&s, X, Y, D, a);
        cells = cells_enumerate(&count, &why, &s);
        wrong += cells == NULL || count != n;
        for (j = 0; j < count; j++)
        {   /* the opposite of the opposite; nothing beyond the samples */
            ulong copy[3] = { cells[j * s.words], cells[j * s.words + 1], s.words > 2 ? cells[j * s.words + 2] : 0 };
            cell_negate(copy, &s);
            wrong += cell_has(copy, 0) || (n % 64 != 0 && (copy[n / 64] << n % 64) != 0) || (n % 64 == 0 && copy[n / 64] != 0);
            cell_negate(copy, &s);
            wrong += copy[0] != cells[j * s.words] || copy[1] != cells[j * s.words + 1];
        }
        flint_free(cells);
        cell_samples_clear(&s);
        _fmpq_vec_clear(D, n);
        qmat_clear(X);
        qmat_clear(Y);
    }
    ok(wrong == 0, "62 to 130 lines have twice as many cells");
}

static void
test_limit(void)
{
    cell_samples_t s;
    slong count, kept = limit(LIMIT_CELLS);
    const char *why = NULL;
    ulong *cells;

    while (!random_samples(&s, 3, 8, 1, 3))
        cell_samples_clear(&s);
    limit_set(LIMIT_CELLS, 5);
    cells = cells_enumerate(&count, &why, &s);
    limit_set(LIMIT_CELLS, kept);
    ok(cells == NULL && why != NULL, "more cells than the limit are refused");
    cell_samples_clear(&s);
}

static void
set_poly(fmpz_poly_t f, const char *coefficients)
{
    fmpz_poly_set_str(f, coefficients);
}

static void
test_roots(void)
{
    fmpz_poly_t f, p;
    root_t *r;
    slong count;
    int sign, good = 1;
    INTEGERS(x);

    fmpz_poly_init(f);
    fmpz_poly_init(p);
    set_poly(f, "6  0 0 8 0 -6 1");                 /* t^2 (t^3 - 6 t^2 + 8), which has two positive roots */
    r = roots_positive(&count, f);
    good = good && count == 2 && arb_gt(r[0].x, r[1].x);
    roots_clear(r, count);
    set_poly(f, "5  4 0 -4 0 1");                   /* (t^2 - 2)^2 */
    r = roots_positive(&count, f);
    good = good && count == 1 && r[0].multiplicity == 2 && !root_is_integer(x, r);
    set_poly(p, "3  -4 0 2");                       /* 2 t^2 - 4 */
    good = good && root_sign(&sign, r, p) && sign == 0;
    set_poly(p, "2  -141421356237309504880168872420969807856967187537694 100000000000000000000000000000000000000000000000000");
    good = good && root_sign(&sign, r, p) && sign == 1;     /* the first 50 digits are a little less */
    set_poly(p, "2  -141421356237309504880168872420969807856967187537695 100000000000000000000000000000000000000000000000000");
    good = good && root_sign(&sign, r, p) && sign == -1;
    roots_clear(r, count);
    set_poly(f, "3  21 -10 1");                     /* (t - 3)(t - 7) */
    r = roots_positive(&count, f);
    good = good && count == 2 && root_is_integer(x, r) && fmpz_equal_si(x, 7) && root_is_integer(x, r + 1) && fmpz_equal_si(x, 3);
    roots_clear(r, count);
    set_poly(f, "3  0 0 1");
    r = roots_positive(&count, f);
    good = good && count == 0 && r != NULL;
    roots_clear(r, count);
    fmpz_poly_clear(f);
    fmpz_poly_clear(p);
    ok(good, "signs at algebraic numbers, exactly");
}

/* Labels diag(A, A) with all samples of the identity active: every eigenvalue of Sigma = A A^T twice, rational (choice of a space) or not (none). */
static void
test_twice(int b, int treated, const char *what)
{
    cell_samples_t s;
    cell_sums_t t;
    unit_cell_t c;
    cell_choice_t choice;
    slong i, j, first = 0, both[2] = { 0, 1 };
    fmpq *D = _fmpq_vec_init(4);
    ulong all = ~0UL << 60;
    int one, two;
    qmat_t X, Y;
    NUMBERS(a);

    qmat_init(X, 0, 0);
    qmat_set_one(X, 4);
    qmat_init(Y, 4, 4);
    for (i = 0; i < 4; i++)
    {
        fmpq_one(D + i);
        fmpz_set_si(fmpz_mat_entry(Y->num, i, i), i % 2 == 0 ? 1 : 2);
    }
    for (j = 0; j < 4; j += 2)
        fmpz_set_si(fmpz_mat_entry(Y->num, j, j + 1), b);
    cell_samples_init(&s, X, Y, D, a);
    cell_sums_init(&t, &s);
    cell_sums_move(&t, &all);
    ok(unit_cell_init(&c, &t, 0) && c.count == 2 && c.root[0].multiplicity == 2, "%s: two eigenvalues, each twice", what);
    one = cell_choice_init(&choice, &c, &first, 1);
    cell_choice_clear(&choice, &c);
    two = cell_choice_init(&choice, &c, both, 2);
    ok(one == treated && two == 1 && choice.rows == 4, "%s: one of them %s", what, treated ? "has a rational space" : "is not treated, both are");
    cell_choice_clear(&choice, &c);
    unit_cell_clear(&c);
    cell_sums_clear(&t);
    cell_samples_clear(&s);
    _fmpq_vec_clear(D, 4);
    qmat_clear(X);
    qmat_clear(Y);
}

int
main(void)
{
    work_stop();
    test_count();
    test_reflections();
    test_words();
    test_limit();
    test_roots();
    test_twice(0, 1, "rational");
    test_twice(1, 0, "irrational");
    return done();
}
