/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Products by limbs of doubles against FLINT's, on both sides of every bound; and the blocks "norm" and "inverse": what the
   search finds is verified and close to the truth, and what is a little better than the truth never is. */
#define TEST_EXACT_DOUBLES              /* (the library may leave all products to FLINT) */
#include "kernel/product.c"
#include <math.h>
#include "algebra/inverse.h"
#include "prove/prover.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "kernel/threads.h"
#include "random.h"
#include "tap.h"

/* Entries of at most so many bits, a part of them 0. */
static void
fill(fmpz_mat_t A, int bits, int zeros)
{
    slong i, j;

    for (i = 0; i < fmpz_mat_nrows(A); i++)
        for (j = 0; j < fmpz_mat_ncols(A); j++)
        {
            ulong x = ((ulong) pick(1L << 31) << 31 | (ulong) pick(1L << 31)) & ((1UL << bits) - 1);
            if (pick(256) < zeros)
                x = 0;
            fmpz_set_ui(fmpz_mat_entry(A, i, j), x);
            if (pick(2))
                fmpz_neg(fmpz_mat_entry(A, i, j), fmpz_mat_entry(A, i, j));
        }
}

/* 1 if product, and product_by_limbs where it works, are FLINT's products; *limbs: whether it worked. */
static int
agrees(int *limbs, const fmpz_mat_t A, const fmpz_mat_t B, int symmetric)
{
    fmpz_mat_t C, D;
    int all;

    fmpz_mat_init(C, fmpz_mat_nrows(A), fmpz_mat_ncols(B));
    fmpz_mat_init(D, fmpz_mat_nrows(A), fmpz_mat_ncols(B));
    fmpz_mat_mul(C, A, B);
    product(D, A, B, symmetric);
    all = fmpz_mat_equal(C, D);
    fmpz_mat_one(D);
    *limbs = product_by_limbs(D, A, B, symmetric);
    all = all && (!*limbs || fmpz_mat_equal(C, D));
    fmpz_mat_clear(C);
    fmpz_mat_clear(D);
    return all;
}

static void
random_products(void)
{
    static const int bits[] = { 1, 5, 20, 26, 27, 31, 40, 52, 53, 54, 61, 62 };
    int a, b, limbs, all = 1, worked = 0, count = 0, symmetric = 1;
    slong sizes[][3] = { { 1, 1, 1 }, { 3, 7, 2 }, { 16, 1, 16 }, { 17, 33, 9 }, { 70, 100, 65 }, { 4, 3000, 8 } }, k;
    fmpz_mat_t A, B;

    for (k = 0; k < 6; k++)
        for (a = 0; a < 12; a++)
            for (b = 0; b < 12; b++)
            {
                fmpz_mat_init(A, sizes[k][0], sizes[k][1]);
                fmpz_mat_init(B, sizes[k][1], sizes[k][2]);
                fill(A, bits[a], 20 * (int) (k % 3));
                fill(B, bits[b], 100 * (int) (k % 2));
                all &= agrees(&limbs, A, B, 0);
                worked += limbs;
                count++;
                fmpz_mat_clear(A);
                fmpz_mat_clear(B);
            }
    ok(all, "%d random products are FLINT's", count);
    ok(worked > count * 9 / 10, "%d of them by limbs", worked);
    for (a = 0; a < 12; a++)
    {
        fmpz_mat_init(A, 37, 50);
        fmpz_mat_init(B, 50, 37);
        fill(A, bits[a], 0);
        fmpz_mat_transpose(B, A);
        symmetric &= agrees(&limbs, A, B, 1);
        fmpz_mat_clear(A);
        fmpz_mat_clear(B);
    }
    ok(symmetric, "products with a transpose, half of them computed");
}

/* Rows and columns whose norms multiply to just below, and just above, 2^53; all products of one sign, so that sums
   get as large as they can. */
static void
at_the_bound(void)
{
    slong i, j, k, n = 16;
    fmpz_mat_t A, B;
    int limbs, all = 1;

    for (k = 0; k < 8; k++)
    {
        ulong x = (1UL << 24) + (k < 4 ? 0 : k), y = (1UL << 25) - (k % 2) - (k < 4 ? 1 : 0);      /* 16 x y about 2^53 */
        fmpz_mat_init(A, n, n);
        fmpz_mat_init(B, n, n);
        for (i = 0; i < n; i++)
            for (j = 0; j < n; j++)
            {
                fmpz_set_ui(fmpz_mat_entry(A, i, j), x);
                fmpz_set_ui(fmpz_mat_entry(B, i, j), y);
                if (k % 3 == 0 && i == j)
                    fmpz_neg(fmpz_mat_entry(B, i, j), fmpz_mat_entry(B, i, j));
            }
        all &= agrees(&limbs, A, B, 0);
        fmpz_mat_clear(A);
        fmpz_mat_clear(B);
    }
    ok(all, "norms about 2^53");
    all = 1;
    for (k = 0; k < 6; k++)
    {   /* words: 2^62 - 1 is the longest that is taken, 2^62 is not a word of FLINT's any more */
        int expected = k < 3;
        fmpz_mat_init(A, n, n);
        fmpz_mat_init(B, n, n);
        fill(A, 62, 0);
        fill(B, k % 3 == 0 ? 1 : 40, 0);
        for (j = 0; j < n; j++)
        {
            fmpz_one(fmpz_mat_entry(A, k, j));
            fmpz_mul_2exp(fmpz_mat_entry(A, k, j), fmpz_mat_entry(A, k, j), expected ? 62 : 62 + k);
            if (expected)
                fmpz_sub_ui(fmpz_mat_entry(A, k, j), fmpz_mat_entry(A, k, j), 1);
            if (j % 2)
                fmpz_neg(fmpz_mat_entry(A, k, j), fmpz_mat_entry(A, k, j));
        }
        all &= agrees(&limbs, A, B, 0);
        all &= limbs == expected;
        fmpz_mat_clear(A);
        fmpz_mat_clear(B);
    }
    ok(all, "words are taken, longer integers left to FLINT");
    /* sums of 2^124 times the length are beyond 127 bits from 8 on: left to FLINT as well */
    fmpz_mat_init(A, 12, 64);
    fmpz_mat_init(B, 64, 12);
    for (i = 0; i < 12; i++)
        for (j = 0; j < 64; j++)
        {
            fmpz_set_ui(fmpz_mat_entry(A, i, j), (1UL << 62) - 1);
            fmpz_set_ui(fmpz_mat_entry(B, j, i), (1UL << 62) - 1);
        }
    ok(agrees(&limbs, A, B, 0) && !limbs, "sums beyond 128 bits");
    fmpz_mat_clear(A);
    fmpz_mat_clear(B);
}

static void
with_threads(void)
{
    fmpz_mat_t A, B, C, D;
    int n, all = 1;

    fmpz_mat_init(A, 300, 120);
    fmpz_mat_init(B, 120, 90);
    fmpz_mat_init(C, 300, 90);
    fmpz_mat_init(D, 300, 90);
    fill(A, 45, 0);
    fill(B, 50, 0);
    fmpz_mat_mul(C, A, B);
    for (n = 0; n <= 5; n++)
    {
        threads_set(n);
        product(D, A, B, 0);
        all &= fmpz_mat_equal(C, D);
    }
    threads_set(1);
    ok(all, "the same product with 1 to 5 threads");
    fmpz_mat_clear(A);
    fmpz_mat_clear(B);
    fmpz_mat_clear(C);
    fmpz_mat_clear(D);
}

static void
dyadic(qmat_t A, slong m, slong n, int bits, int den)
{
    qmat_clear(A);
    qmat_init(A, m, n);
    fill(A->num, bits, 0);
    fmpz_set_ui(A->den, 1);
    fmpz_mul_2exp(A->den, A->den, den);
    qmat_canonicalise(A);
}

static int
shown(const ask_t *ask, const evidence_t *e)
{
    facts_t f;
    evidence_t g;
    fmpq_t mu;
    int all;

    facts_init(&f, 128);
    fmpq_init(mu);
    oracle_copy(&g, e);
    facts_add(&f, &g);
    all = ask->kind == EVIDENCE_NORM ? fact_norm(mu, &f, ask->role, "", ask->root, NULL, NULL)
        : fact_inverse(mu, &f, ask->role, "", ask->root, NULL, NULL);
    all = all && !f.failed && fmpq_equal(mu, e->value);
    fmpq_clear(mu);
    facts_clear(&f);
    return all;
}

/* The square of the singular value at a vector: no smaller than the least, no larger than the largest. */
static void
quotient(fmpq_t q, const qmat_t A, const qmat_t x)
{
    MATRICES(t);
    NUMBERS(d);

    qmat_mul(t, A, x);
    qmat_frobenius2_midpoint(q, t);
    qmat_frobenius2_midpoint(d, x);
    fmpq_div(q, q, d);
}

static void
bounds(slong m, slong n, int bits, int den, int tight)
{
    MATRICES(A, x);
    NUMBERS(q, slack);
    int upper, all = 1, close = 1, refused = 1, changed = 1;

    dyadic(A, m, n, bits, den);
    for (upper = 0; upper < 2; upper++)
    {
        ask_t ask = { .kind = upper ? EVIDENCE_NORM : EVIDENCE_INVERSE, .role = "a", .root = A, .bound = { .upper = upper } };
        evidence_t e;
        evidence_init(&e, ask.kind, "a");
        all &= oracle_root(&e, &ask, tight) && shown(&ask, &e) && root_vector(x, A, upper);
        quotient(q, A, x);
        /* the quotient is on the other side, and close */
        close &= upper ? fmpq_cmp(q, e.value) <= 0 : fmpq_cmp(q, e.value) >= 0;
        fmpq_sub(slack, q, e.value);
        fmpq_abs(slack, slack);
        fmpq_mul_2exp(slack, slack, tight ? 20 : 12);
        close &= fmpq_cmp(slack, q) < 0;
        /* a value beyond the quotient is false, so nothing may show it */
        fmpq_div_2exp(slack, q, 30);
        if (upper)
            fmpq_sub(e.value, q, slack);
        else
            fmpq_add(e.value, q, slack);
        refused &= !shown(&ask, &e);
        /* nor with a smaller square */
        fmpq_div_2exp(e.square, e.square, 1);
        refused &= !shown(&ask, &e);
        fmpq_mul_2exp(e.square, e.square, 1);
        /* evidence for another matrix */
        fmpq_set(e.value, q);
        fmpz_mul_2exp(fmpz_mat_entry(A->num, 0, 0), fmpz_mat_entry(A->num, 0, 0), upper ? bits : 0);
        if (!upper)
            fmpz_add_ui(fmpz_mat_entry(A->num, n - 1, n - 1), fmpz_mat_entry(A->num, n - 1, n - 1), 1UL << bits);
        changed &= !shown(&ask, &e);
        evidence_clear(&e);
        dyadic(A, m, n, bits, den);
    }
    ok(all, "%ld x %ld, %d bits: found and verified", (long) m, (long) n, bits);
    ok(close, "  close to the truth, on the safe side");
    ok(refused, "  values beyond it are refused");
    ok(changed, "  and for another matrix");
}

int
main(void)
{
    random_products();
    at_the_bound();
    with_threads();
    bounds(48, 48, 20, 20, 0);
    bounds(90, 60, 52, 30, 0);
    bounds(60, 50, 3, 0, 1);
    bounds(130, 130, 60, 90, 0);
    flint_cleanup();
    return done();
}
