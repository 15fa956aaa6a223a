/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "limits.h"
#include "matrix.h"
#include "number.h"
#include "product.h"
#include "scope.h"

void
qmat_init(qmat_t A, slong r, slong c)
{
    fmpz_mat_init(A->num, r, c);
    fmpz_init_set_ui(A->den, 1);
    fmpq_init(A->rad);
}

void
qmat_clear(qmat_t A)
{
    fmpz_mat_clear(A->num);
    fmpz_clear(A->den);
    fmpq_clear(A->rad);
}

qmat_struct *
qmat_vec_init(slong n)
{
    qmat_struct *v = flint_malloc(FLINT_MAX(n, 1) * sizeof *v);
    slong i;

    for (i = 0; i < n; i++)
        qmat_init(v + i, 0, 0);
    return v;
}

void
qmat_vec_clear(qmat_struct *v, slong n)
{
    slong i;

    if (v == NULL)
        return;
    for (i = 0; i < n; i++)
        qmat_clear(v + i);
    flint_free(v);
}

/* Gives A the shape r x c; the entries are then unspecified. */
static void
reshape(qmat_t A, slong r, slong c)
{
    if (qmat_rows(A) != r || qmat_cols(A) != c)
    {
        fmpz_mat_clear(A->num);
        fmpz_mat_init(A->num, r, c);
    }
}

void
qmat_set(qmat_t A, const qmat_t B)
{
    if (A == B)
        return;
    reshape(A, qmat_rows(B), qmat_cols(B));
    fmpz_mat_set(A->num, B->num);
    fmpz_set(A->den, B->den);
    fmpq_set(A->rad, B->rad);
}

void
qmat_swap(qmat_t A, qmat_t B)
{
    qmat_struct t = *A;
    *A = *B;
    *B = t;
}

void
qmat_set_scalar(qmat_t A, slong n, const fmpq_t q)
{
    slong i;

    reshape(A, n, n);
    fmpz_mat_zero(A->num);
    for (i = 0; i < n; i++)
        fmpz_set(fmpz_mat_entry(A->num, i, i), fmpq_numref(q));
    fmpz_set(A->den, fmpq_denref(q));
    fmpq_zero(A->rad);
    qmat_canonicalise(A);
}

void
qmat_set_one(qmat_t A, slong n)
{
    NUMBERS(one);

    fmpq_one(one);
    qmat_set_scalar(A, n, one);
}

void
qmat_ones(qmat_t A, slong r, slong c)
{
    slong i, j;

    reshape(A, r, c);
    for (i = 0; i < r; i++)
        for (j = 0; j < c; j++)
            fmpz_one(fmpz_mat_entry(A->num, i, j));
    fmpz_one(A->den);
    fmpq_zero(A->rad);
}

/* Bits of the longest numerator. */
static slong
length(const qmat_t A)
{
    return integers_bits(A->num);
}

void
qmat_canonicalise(qmat_t A)
{
    INTEGERS(g);

    if (fmpz_is_one(A->den))
        return;
    fmpz_mat_content(g, A->num);
    fmpz_gcd(g, g, A->den);
    if (!fmpz_is_one(g))
    {
        fmpz_mat_scalar_divexact_fmpz(A->num, A->num, g);
        fmpz_divexact(A->den, A->den, g);
    }
}

void
qmat_get_entry(fmpq_t x, const qmat_t A, slong i, slong j)
{
    const fmpz *a = fmpz_mat_entry(A->num, i, j);

    fmpq_zero(x);
    if (fmpz_bits(A->den) < 128 || work_take(1, 8, 1, fmpz_bits(a), fmpz_bits(A->den)))
        fmpq_set_fmpz_frac(x, a, A->den);
}

void
qmat_set_entries(qmat_t A, slong r, slong c, const fmpq *entries)
{
    slong i, n = r * c, longest = 1;
    INTEGERS(t);

    reshape(A, r, c);
    fmpz_one(A->den);
    for (i = 0; i < n && work_take(1, 4, 1, fmpz_bits(A->den), fmpz_bits(fmpq_denref(entries + i))); i++)
    {
        fmpz_lcm(A->den, A->den, fmpq_denref(entries + i));
        longest = FLINT_MAX(longest, (slong) fmpz_bits(fmpq_numref(entries + i)));
    }
    if (i < n || !work_take(r, 4, c, longest, fmpz_bits(A->den)))
        n = 0;                                  /* zero, of the right shape */
    for (i = 0; i < n; i++)
    {
        fmpz_divexact(t, A->den, fmpq_denref(entries + i));
        fmpz_mul(fmpz_mat_entry(A->num, i / c, i % c), t, fmpq_numref(entries + i));
    }
    fmpq_zero(A->rad);
    qmat_canonicalise(A);
}

slong
qmat_length(const qmat_t A)
{
    return length(A) + fmpz_bits(A->den);
}

int
qmat_is_exact(const qmat_t A)
{
    return fmpq_is_zero(A->rad);
}

int
qmat_equal(const qmat_t A, const qmat_t B)
{
    return fmpz_mat_equal(A->num, B->num) && fmpz_equal(A->den, B->den)
        && fmpq_equal(A->rad, B->rad);
}

int
qmat_is_zero(const qmat_t A)
{
    return qmat_is_exact(A) && fmpz_mat_is_zero(A->num);
}

int
qmat_midpoint_is_symmetric(const qmat_t A)
{
    slong i, j, n = qmat_rows(A);

    if (qmat_cols(A) != n)
        return 0;
    for (i = 0; i < n; i++)
        for (j = 0; j < i; j++)
            if (!fmpz_equal(fmpz_mat_entry(A->num, i, j), fmpz_mat_entry(A->num, j, i)))
                return 0;
    return 1;
}

void
qmat_transpose(qmat_t B, const qmat_t A)
{
    qmat_t t;

    qmat_init(t, qmat_cols(A), qmat_rows(A));
    fmpz_mat_transpose(t->num, A->num);
    fmpz_set(t->den, A->den);
    fmpq_set(t->rad, A->rad);
    qmat_swap(B, t);
    qmat_clear(t);
}

/* rad(C) for a bilinear operation with ||op(A, B)||_F <= ||A||_F ||B||_F:
   (||A|| + ra) (||B|| + rb) - ||A|| ||B||, the norms being those of midpoints. */
void
qmat_product_radius(fmpq_t rad, const qmat_t A, const qmat_t B)
{
    NUMBERS(a, b, t);

    if (qmat_is_exact(A) && qmat_is_exact(B))
    {
        fmpq_zero(rad);
        return;
    }
    if (!qmat_is_exact(B))
        qmat_frobenius2_midpoint(a, A);
    number_sqrt_upper(a, a);
    if (!qmat_is_exact(A))
        qmat_frobenius2_midpoint(b, B);
    number_sqrt_upper(b, b);
    number_mul(t, a, B->rad);
    number_addmul(t, b, A->rad);
    number_addmul(t, A->rad, B->rad);
    number_round_up(rad, t);
}

static int
is_one(const qmat_t A)
{
    return qmat_rows(A) == qmat_cols(A) && qmat_is_exact(A) && fmpz_is_one(A->den) && fmpz_mat_is_one(A->num);
}

/* C := A B, or zero if that is not allowed; symmetric: the caller knows that it is. */
static void
multiply(qmat_t C, const qmat_t A, const qmat_t B, int symmetric, int allowed)
{
    qmat_t t;

    qmat_init(t, qmat_rows(A), qmat_cols(B));
    if (!allowed)
        ;
    else if (is_one(A) || is_one(B))
        qmat_set(t, is_one(A) ? B : A);
    else
    {
        product(t->num, A->num, B->num, symmetric);
        fmpz_mul(t->den, A->den, B->den);
        qmat_product_radius(t->rad, A, B);
        qmat_canonicalise(t);
    }
    qmat_swap(C, t);
    qmat_clear(t);
}

void
qmat_mul(qmat_t C, const qmat_t A, const qmat_t B)
{
    multiply(C, A, B, 0, work_take(qmat_rows(A), qmat_cols(A), qmat_cols(B), length(A), length(B)));
}

void
qmat_add_scaled(qmat_t C, const qmat_t A, const fmpq_t x, const qmat_t B)
{
    qmat_t t;
    INTEGERS(a, b);
    NUMBERS(r);

    qmat_init(t, qmat_rows(A), qmat_cols(A));
    /* A/da + (p/q) B/db = (A a + B b) / lcm(da, q db) */
    fmpz_mul(b, fmpq_denref(x), B->den);
    fmpz_lcm(t->den, A->den, b);
    fmpz_divexact(a, t->den, A->den);
    fmpz_divexact(b, t->den, b);
    fmpz_mul(b, b, fmpq_numref(x));
    if (work_take(qmat_rows(A), 1, qmat_cols(A), FLINT_MAX(length(A), length(B)),
                  FLINT_MAX(fmpz_bits(a), fmpz_bits(b))))
    {
        if (fmpz_is_one(a) && fmpz_equal_si(b, -1))
            fmpz_mat_sub(t->num, A->num, B->num);
        else
        {
            fmpz_mat_scalar_mul_fmpz(t->num, A->num, a);
            fmpz_mat_scalar_addmul_fmpz(t->num, B->num, b);
        }
    }
    else
        fmpz_one(t->den);
    fmpq_abs(r, x);
    number_mul(r, r, B->rad);
    number_add(r, r, A->rad);
    number_round_up(t->rad, r);
    qmat_canonicalise(t);
    qmat_swap(C, t);
    qmat_clear(t);
}

void
qmat_sub(qmat_t C, const qmat_t A, const qmat_t B)
{
    NUMBERS(x);

    fmpq_set_si(x, -1, 1);
    qmat_add_scaled(C, A, x, B);
}

void
qmat_scale(qmat_t B, const qmat_t A, const fmpq_t x)
{
    qmat_t zero;

    qmat_init(zero, qmat_rows(A), qmat_cols(A));
    qmat_add_scaled(B, zero, x, A);
    qmat_clear(zero);
}

/* A^T A, or A A^T if rows.  It is charged before the transpose takes memory. */
static void
gram(qmat_t C, const qmat_t A, int rows)
{
    slong n = rows ? qmat_rows(A) : qmat_cols(A), k = rows ? qmat_cols(A) : qmat_rows(A);
    int allowed = work_take(n, k, n, length(A), length(A));
    qmat_t t;

    qmat_init(t, n, allowed ? 0 : n);
    if (allowed)
    {
        qmat_transpose(t, A);
        multiply(t, rows ? A : t, rows ? t : A, 1, 1);
    }
    qmat_swap(C, t);
    qmat_clear(t);
}

void
qmat_gram(qmat_t C, const qmat_t A)
{
    gram(C, A, 0);
}

void
qmat_gram_rows(qmat_t C, const qmat_t A)
{
    gram(C, A, 1);
}

void
qmat_gram_smaller(qmat_t C, const qmat_t A)
{
    if (qmat_rows(A) < qmat_cols(A))
        qmat_gram_rows(C, A);
    else
        qmat_gram(C, A);
}

void
qmat_add_column(qmat_t C, const qmat_t A, const qmat_t b)
{
    MATRICES(B);
    NUMBERS(one);

    fmpq_one(one);
    qmat_ones(B, 1, qmat_cols(A));
    qmat_mul(B, b, B);
    qmat_add_scaled(C, A, one, B);
}

int
qmat_elimination_cost(const qmat_t A, slong rank, slong more)
{
    /* minors of order rank have about rank times the bits of an entry */
    return work_take(qmat_rows(A), rank, qmat_cols(A) + more, rank * (length(A) + 10), 0);
}

int
qmat_solve(qmat_t X, const qmat_t S, const qmat_t B)
{
    qmat_t t;
    int ok;

    if (!qmat_is_exact(S) || !qmat_is_exact(B))
        flint_abort();
    if (is_one(S))
    {
        qmat_set(X, B);
        return 1;
    }
    qmat_init(t, qmat_cols(S), qmat_cols(B));
    ok = qmat_elimination_cost(S, qmat_rows(S), qmat_cols(B)) && fmpz_mat_solve(t->num, t->den, S->num, B->num);
    if (ok)
    {
        if (fmpz_sgn(t->den) < 0)
        {
            fmpz_neg(t->den, t->den);
            fmpz_mat_neg(t->num, t->num);
        }
        fmpz_mat_scalar_mul_fmpz(t->num, t->num, S->den);
        fmpz_mul(t->den, t->den, B->den);
        qmat_canonicalise(t);
        qmat_swap(X, t);
    }
    qmat_clear(t);
    return ok;
}

void
qmat_scale_columns(qmat_t B, const qmat_t A, const fmpq *d)
{
    slong i, j, r = qmat_rows(A), c = qmat_cols(A);
    NUMBERS(most);
    qmat_t D;

    qmat_init(D, 1, c);
    qmat_set_entries(D, 1, c, d);
    qmat_largest_entry(most, D);
    qmat_set(B, A);
    if (!work_take(r, 1, c, length(A), length(D)))
        fmpz_mat_zero(B->num);
    for (i = 0; i < r; i++)
        for (j = 0; j < c; j++)
            fmpz_mul(fmpz_mat_entry(B->num, i, j), fmpz_mat_entry(B->num, i, j),
                     fmpz_mat_entry(D->num, 0, j));
    fmpz_mul(B->den, B->den, D->den);
    number_mul(B->rad, B->rad, most);
    number_round_up(B->rad, B->rad);
    qmat_canonicalise(B);
    qmat_clear(D);
}

void
qmat_some_rows(qmat_t A, const qmat_t B, slong i, slong n)
{
    slong r, j;
    qmat_t t;

    qmat_init(t, n, qmat_cols(B));
    for (r = 0; r < n; r++)
        for (j = 0; j < qmat_cols(B); j++)
            fmpz_set(fmpz_mat_entry(t->num, r, j), fmpz_mat_entry(B->num, i + r, j));
    fmpz_set(t->den, B->den);
    fmpq_set(t->rad, B->rad);
    qmat_canonicalise(t);
    qmat_swap(A, t);
    qmat_clear(t);
}

void
qmat_some_columns(qmat_t A, const qmat_t B, slong j, slong n)
{
    qmat_transpose(A, B);
    qmat_some_rows(A, A, j, n);
    qmat_transpose(A, A);
}

void
qmat_stack(qmat_t C, const qmat_t A, const qmat_t B)
{
    slong i, j, ra = qmat_rows(A), rb = qmat_rows(B), c = qmat_cols(A);
    INTEGERS(a, b);
    qmat_t t;

    qmat_init(t, ra + rb, c);
    fmpz_lcm(t->den, A->den, B->den);
    fmpz_divexact(a, t->den, A->den);
    fmpz_divexact(b, t->den, B->den);
    if (!work_take(ra + rb, 1, c, FLINT_MAX(length(A), length(B)), FLINT_MAX(fmpz_bits(a), fmpz_bits(b))))
        ra = rb = 0;                            /* zero, of the right shape */
    for (i = 0; i < ra + rb; i++)
        for (j = 0; j < c; j++)
        {
            if (i < ra)
                fmpz_mul(fmpz_mat_entry(t->num, i, j), fmpz_mat_entry(A->num, i, j), a);
            else
                fmpz_mul(fmpz_mat_entry(t->num, i, j), fmpz_mat_entry(B->num, i - ra, j), b);
        }
    number_add(t->rad, A->rad, B->rad);
    number_round_up(t->rad, t->rad);
    qmat_canonicalise(t);
    qmat_swap(C, t);
    qmat_clear(t);
}

void
qmat_inner(fmpq_t x, const qmat_t A, const qmat_t B)
{
    slong i, j;
    INTEGERS(s, d);

    fmpq_zero(x);
    if (!work_take(qmat_rows(A), 1, qmat_cols(A), length(A), length(B))
        || !work_take(1, 1, 1, fmpz_bits(A->den), fmpz_bits(B->den)))
        return;
    for (i = 0; i < qmat_rows(A); i++)
        for (j = 0; j < qmat_cols(A); j++)
            fmpz_addmul(s, fmpz_mat_entry(A->num, i, j), fmpz_mat_entry(B->num, i, j));
    fmpz_mul(d, A->den, B->den);
    fmpq_set_fmpz_frac(x, s, d);
}

void
qmat_frobenius2_midpoint(fmpq_t x, const qmat_t A)
{
    qmat_inner(x, A, A);
}

void
qmat_frobenius_upper(fmpq_t x, const qmat_t A)
{
    qmat_frobenius2_midpoint(x, A);
    number_sqrt_upper(x, x);
    number_add(x, x, A->rad);
}

/* y := floor(x / 2^shift + 1/2), shift > 0; in two words where they hold it. */
static void
nearest(fmpz_t y, const fmpz_t x, slong shift)
{
    ulong high, low;
    __int128 v;

    if (shift < FLINT_BITS && !COEFF_IS_MPZ(*x))
    {
        fmpz_set_si(y, ((*x >> (shift - 1)) + 1) >> 1);
        return;
    }
    if (shift <= 120 && fmpz_bits(x) <= 120)
    {
        fmpz_get_signed_uiui(&high, &low, x);
        v = (__int128) ((unsigned __int128) high << 64 | low);
        v = (v + ((__int128) 1 << (shift - 1))) >> shift;
        fmpz_set_signed_uiui(y, (ulong) (v >> 64), (ulong) v);
        return;
    }
    fmpz_fdiv_q_2exp(y, x, shift - 1);
    fmpz_add_ui(y, y, 1);
    fmpz_fdiv_q_2exp(y, y, 1);
}

void
qmat_round_to(qmat_t B, const qmat_t A, slong k)
{
    slong i, j, power = fmpz_val2(A->den), shift = power - k, r = qmat_rows(A), c = qmat_cols(A);
    int dyadic = (slong) fmpz_bits(A->den) == power + 1;
    INTEGERS(t, divisor);
    NUMBERS(err);
    qmat_t b;

    qmat_init(b, r, c);
    fmpz_mul_2exp(divisor, A->den, 1);
    for (i = 0; i < r; i++)
        for (j = 0; j < c; j++)
        {
            const fmpz *e = fmpz_mat_entry(A->num, i, j);
            if (!dyadic)
            {
                fmpz_mul_2exp(t, e, k + 1);
                fmpz_add(t, t, A->den);
                fmpz_fdiv_q(fmpz_mat_entry(b->num, i, j), t, divisor);
            }
            else if (shift > 0)
                nearest(fmpz_mat_entry(b->num, i, j), e, shift);
            else
                fmpz_set(fmpz_mat_entry(b->num, i, j), e);
        }
    fmpz_mul_2exp(b->den, b->den, dyadic && shift <= 0 ? power : k);
    /* every entry moved by at most 2^-(k+1) */
    fmpq_set_si(err, r * c, 1);
    number_sqrt_upper(err, err);
    fmpq_div_2exp(err, err, k + 1);
    number_add(err, err, A->rad);
    number_round_up(b->rad, err);
    qmat_canonicalise(b);
    qmat_swap(B, b);
    qmat_clear(b);
}

void
qmat_round(qmat_t A, slong bits)
{
    slong size = length(A), den = fmpz_bits(A->den);

    if (FLINT_MAX(size, den) > bits && den > 1)
        qmat_round_to(A, A, FLINT_MAX(0, bits - (size - den)));
}

void
qmat_largest_entry(fmpq_t x, const qmat_t A)
{
    slong i, j;
    INTEGERS(top);

    for (i = 0; i < qmat_rows(A); i++)
        for (j = 0; j < qmat_cols(A); j++)
            if (fmpz_cmpabs(fmpz_mat_entry(A->num, i, j), top) > 0)
                fmpz_abs(top, fmpz_mat_entry(A->num, i, j));
    fmpq_set_fmpz_frac(x, top, A->den);
}

void
qmat_mul_entries(qmat_t C, const qmat_t A, const qmat_t B)
{
    slong i, j, r = qmat_rows(A), c = qmat_cols(A);
    NUMBERS(a, b, rad);
    qmat_t t;

    qmat_init(t, r, c);
    if (work_take(r, 1, c, length(A), qmat_length(B)))
    {
        for (i = 0; i < r; i++)
            for (j = 0; j < c; j++)
                fmpz_mul(fmpz_mat_entry(t->num, i, j), fmpz_mat_entry(A->num, i, j),
                         fmpz_mat_entry(B->num, i, j));
        fmpz_mul(t->den, A->den, B->den);
        qmat_canonicalise(t);
        if (!qmat_is_exact(A) || !qmat_is_exact(B))
        {
            qmat_largest_entry(a, A);
            qmat_largest_entry(b, B);
            number_mul(rad, A->rad, B->rad);
            number_addmul(rad, a, B->rad);
            number_addmul(rad, b, A->rad);
            number_round_up(t->rad, rad);
        }
    }
    qmat_swap(C, t);
    qmat_clear(t);
}
