/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel against slow exact arithmetic. */
#include <string.h>
#include "kernel/activation.h"
#include "kernel/kronecker.h"
#include "kernel/number.h"
#include "kernel/psd.h"
#include "kernel/rank.h"
#include "kernel/spectrum.h"
#include "random.h"
#include "tap.h"

static int
parses(const char *s)
{
    fmpq_t x;
    int r;

    fmpq_init(x);
    r = number_parse(x, s, strlen(s));
    fmpq_clear(x);
    return r;
}

static void
test_numbers(void)
{
    static const char *const good[] = { "0", "1", "-1", "12345678901234567890", "1/2", "-3/7" };
    static const char *const bad[] = { "", "-", "+1", "01", "-0", "1/1", "2/4", "1/0", "1/-2", "1 2",
                                       " 1", "1.5", "1/", "/2", "0/5", "--1", "1e3", "0x10", "1/2/3" };
    size_t i;
    slong k, fails = 0;
    fmpq_t x, lo, hi, t;

    for (i = 0; i < sizeof good / sizeof *good; i++)
        ok(parses(good[i]), "canonical number %s", good[i]);
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!parses(bad[i]), "refused number \"%s\"", bad[i]);
    fmpq_init(x);
    fmpq_init(lo);
    fmpq_init(hi);
    fmpq_init(t);
    for (k = 0; k < 2000; k++)
    {
        fmpq_set_si(x, pick(100000), 1 + pick(1000));
        if (k % 3 == 0)
            fmpq_div_2exp(x, x, pick(400));
        if (k % 5 == 0)
            fmpq_mul(x, x, x);
        number_sqrt_lower(lo, x);
        number_sqrt_upper(hi, x);
        fmpq_mul(t, lo, lo);
        fails += fmpq_cmp(t, x) > 0;
        fmpq_mul(t, hi, hi);
        fails += fmpq_cmp(t, x) < 0;
        fails += k % 5 == 0 && !fmpq_equal(lo, hi);
        fmpq_sub(t, hi, lo);
        fmpq_mul_2exp(t, t, 120);
        fails += fmpq_cmp(t, lo) > 0;               /* relative error below 2^-120 */
        number_round_up(t, x);
        fails += fmpq_cmp(t, x) < 0;
        fmpq_sub(t, t, x);
        fmpq_mul_2exp(t, t, 60);
        fails += fmpq_cmp(t, x) > 0;
    }
    ok(fails == 0, "2000 directed square roots and roundings");
    fmpq_clear(x);
    fmpq_clear(lo);
    fmpq_clear(hi);
    fmpq_clear(t);
}

/* Products and sums entry by entry in fmpq. */
static void
test_arithmetic(void)
{
    slong k, i, j, t, fails = 0;
    fmpq_t a, b, s, x;
    qmat_t A, B, C, D, K;

    fmpq_init(a);
    fmpq_init(b);
    fmpq_init(s);
    fmpq_init(x);
    qmat_init(A, 0, 0);
    qmat_init(B, 0, 0);
    qmat_init(C, 0, 0);
    qmat_init(D, 0, 0);
    qmat_init(K, 0, 0);
    for (k = 0; k < 200; k++)
    {
        slong r = 1 + pick(5), n = 1 + pick(5), c = 1 + pick(5);
        random_matrix(A, r, n, 50, 1 + pick(30));
        random_matrix(B, n, c, 50, 1 + pick(30));
        random_matrix(D, r, c, 50, 1 + pick(30));
        fmpq_set_si(x, pick(19) - 9, 1 + pick(9));
        qmat_mul(C, A, B);
        qmat_add_scaled(C, D, x, C);
        qmat_kron(K, A, B);
        for (i = 0; i < r; i++)
            for (j = 0; j < c; j++)
            {
                fmpq_zero(s);
                for (t = 0; t < n; t++)
                {
                    qmat_get_entry(a, A, i, t);
                    qmat_get_entry(b, B, t, j);
                    fmpq_addmul(s, a, b);
                }
                fmpq_mul(s, s, x);
                qmat_get_entry(a, D, i, j);
                fmpq_add(s, s, a);
                qmat_get_entry(b, C, i, j);
                fails += !fmpq_equal(s, b);
            }
        for (i = 0; i < r * n; i++)
            for (j = 0; j < n * c; j++)
            {
                qmat_get_entry(a, A, i / n, j / c);
                qmat_get_entry(b, B, i % n, j % c);
                fmpq_mul(a, a, b);
                qmat_get_entry(b, K, i, j);
                fails += !fmpq_equal(a, b);
            }
        /* ball arithmetic: round A and B, the exact product stays inside */
        qmat_mul(C, A, B);
        qmat_round(A, 6);
        qmat_round(B, 6);
        qmat_mul(K, A, B);
        fmpq_set(x, K->rad);
        fmpq_zero(K->rad);
        qmat_sub(K, K, C);
        qmat_frobenius2_midpoint(s, K);
        fmpq_mul(x, x, x);
        fails += fmpq_cmp(s, x) > 0;
    }
    ok(fails == 0, "200 products, sums, Kronecker products and rounded products");
    fmpq_clear(a);
    fmpq_clear(b);
    fmpq_clear(s);
    fmpq_clear(x);
    qmat_clear(A);
    qmat_clear(B);
    qmat_clear(C);
    qmat_clear(D);
    qmat_clear(K);
}

/* Positive semidefinite by all principal minors: slow and exact. */
static int
psd_by_minors(const qmat_t M)
{
    slong n = qmat_rows(M), i, j, k;
    ulong mask;
    int psd = 1;
    fmpz_mat_t S;
    fmpz_t d;

    fmpz_init(d);
    for (mask = 1; mask < (1UL << n) && psd; mask++)
    {
        slong idx[8], m = 0;
        for (i = 0; i < n; i++)
            if (mask >> i & 1)
                idx[m++] = i;
        fmpz_mat_init(S, m, m);
        for (j = 0; j < m; j++)
            for (k = 0; k < m; k++)
                fmpz_set(fmpz_mat_entry(S, j, k), fmpz_mat_entry(M->num, idx[j], idx[k]));
        fmpz_mat_det(d, S);
        psd = fmpz_sgn(d) >= 0;
        fmpz_mat_clear(S);
    }
    fmpz_clear(d);
    return psd;
}

/* psd_check never accepts a matrix that is not: random matrices near the
   boundary, random evidence around a true factor. */
static void
test_psd(void)
{
    slong k, accepted = 0, wrong = 0;
    qmat_t G, M, L;
    fmpq d[4];

    qmat_init(G, 0, 0);
    qmat_init(M, 0, 0);
    qmat_init(L, 0, 0);
    for (k = 0; k < 4; k++)
        fmpq_init(d + k);
    for (k = 0; k < 20000; k++)
    {
        slong n = 1 + pick(4), i;
        random_matrix(G, n, n, 4, 1);
        qmat_set(L, G);
        if (k % 2)
        {   /* a wrong factor */
            fmpz *e = fmpz_mat_entry(L->num, pick(n), pick(n));
            fmpz_add_si(e, e, pick(3) - 1);
        }
        for (i = 0; i < n; i++)
            fmpq_set_si(d + i, pick(7) - (k % 7 == 0), 1 + pick(3));
        qmat_scale_columns(M, G, d);
        qmat_transpose(G, G);
        qmat_mul(M, M, G);
        add_to_diagonal(M, pick(5) - 2, 1 + pick(4));
        if (psd_check(M, L, d))
        {
            accepted++;
            wrong += !psd_by_minors(M);
        }
    }
    ok(accepted > 1000 && wrong == 0, "psd_check: %ld accepted, %ld of them wrong", (long) accepted,
       (long) wrong);
    /* the radius counts: 1 x 1 [1] with L = 0 has slack exactly 1 */
    qmat_set_one(M, 1);
    random_matrix(L, 1, 1, 0, 1);
    fmpq_one(M->rad);
    ok(psd_check(M, L, NULL), "psd_check: slack equal to the radius");
    fmpq_set_si(M->rad, 1000001, 1000000);
    ok(!psd_check(M, L, NULL), "psd_check: slack below the radius");
    fmpq_zero(M->rad);
    fmpq_set_si(d, -1, 1);
    ok(!psd_check(M, L, d), "psd_check: a negative diagonal");
    random_matrix(L, 2, 2, 0, 1);
    ok(!psd_check(M, L, NULL), "psd_check: a factor of another order");
    random_matrix(M, 2, 2, 0, 1);
    fmpz_one(fmpz_mat_entry(M->num, 0, 1));
    ok(!psd_check(M, L, NULL), "psd_check: an asymmetric matrix");
    for (k = 0; k < 4; k++)
        fmpq_clear(d + k);
    qmat_clear(G);
    qmat_clear(M);
    qmat_clear(L);
}

static void
test_rank(void)
{
    slong k, fails = 0, pivots[8], p;
    qmat_t A, B, T, R;

    qmat_init(A, 0, 0);
    qmat_init(B, 0, 0);
    qmat_init(T, 0, 0);
    qmat_init(R, 0, 0);
    for (k = 0; k < 500; k++)
    {
        slong r = 1 + pick(6), c = 1 + pick(6), m = pick(4);
        random_matrix(A, r, FLINT_MAX(m, 1), m == 0 ? 0 : 3, 1 + pick(5));
        random_matrix(B, FLINT_MAX(m, 1), c, 3, 1 + pick(5));
        qmat_mul(A, A, B);
        p = rank_factor_rows(T, R, pivots, A, 1000);
        fails += p != rank_of(A) || qmat_cols(T) != p || qmat_rows(R) != p;
        qmat_mul(B, T, R);
        fails += !qmat_equal(A, B);
        fails += p > 0 && (rank_of(T) != p || rank_of(R) != p);
    }
    ok(fails == 0, "500 full-rank factorisations");
    qmat_set_one(A, 3);
    ok(!spectrum_is_distinct(A), "the identity has a repeated eigenvalue");
    fmpz_set_si(fmpz_mat_entry(A->num, 1, 1), 2);
    fmpz_set_si(fmpz_mat_entry(A->num, 2, 2), 3);
    ok(spectrum_is_distinct(A), "diag(1, 2, 3) does not");
    fmpz_set_si(fmpz_mat_entry(A->num, 2, 2), 2);
    ok(!spectrum_is_distinct(A), "diag(1, 2, 2) does");
    qmat_clear(A);
    qmat_clear(B);
    qmat_clear(T);
    qmat_clear(R);
}

/* T diag(..) T^{-1} with eigenvalues -3 .. 3 over den, any multiplicities. */
static void
test_spectrum(void)
{
    slong k, i, j, v, fails = 0, count[7];
    qmat_t T, A, D;
    spectrum_t s;
    fmpq_t low, high;

    qmat_init(T, 0, 0);
    qmat_init(A, 0, 0);
    qmat_init(D, 0, 0);
    fmpq_init(low);
    fmpq_init(high);
    for (k = 0; k < 300; k++)
    {
        slong n = 1 + pick(6), den = 1 + pick(4), distinct = 0;
        qmat_t t;
        qmat_init(t, n, n);
        for (v = 0; v < 7; v++)
            count[v] = 0;
        for (i = 0; i < n; i++)
        {
            v = pick(7);
            count[v]++;
            fmpz_set_si(fmpz_mat_entry(t->num, i, i), v - 3);
        }
        fmpz_set_si(t->den, den);
        qmat_canonicalise(t);
        qmat_swap(D, t);
        qmat_clear(t);
        do
            random_matrix(T, n, n, 3, 1);
        while (rank_of(T) < n);
        qmat_mul(A, T, D);
        qmat_transpose(A, A);
        qmat_transpose(T, T);
        qmat_solve(A, T, A);                    /* (T D T^{-1})^T */
        fails += !spectrum_init(&s, A);
        for (v = 0; v < 7; v++)
        {
            distinct += count[v] > 0;
            for (j = 0; j < 3; j++)
            {   /* as a point, from outside, and with the eigenvalue at an end */
                fmpq_set_si(low, 4 * (v - 3) - (j == 1), 4 * den);
                fmpq_set_si(high, 4 * (v - 3) + (j > 0), 4 * den);
                fails += spectrum_multiplicity(&s, low, high) != (j == 2 ? 0 : count[v]);
            }
        }
        fails += s.distinct != distinct || spectrum_is_distinct(A) != (distinct == n);
        spectrum_clear(&s);
    }
    ok(fails == 0, "300 random spectra");
    /* x^2 - 2, twice */
    qmat_clear(A);
    qmat_init(A, 4, 4);
    for (i = 0; i < 4; i += 2)
    {
        fmpz_set_si(fmpz_mat_entry(A->num, i, i + 1), 2);
        fmpz_set_si(fmpz_mat_entry(A->num, i + 1, i), 1);
    }
    spectrum_init(&s, A);
    fmpq_set_si(low, 1414, 1000);
    fmpq_set_si(high, 1415, 1000);
    ok(s.distinct == 2 && spectrum_multiplicity(&s, low, high) == 2, "sqrt 2 is a double eigenvalue");
    fmpq_neg(low, high);
    ok(spectrum_multiplicity(&s, low, high) == 0, "two eigenvalues in one interval are not seen as one");
    fmpq_set_si(low, 1415, 1000);
    fmpq_set_si(high, 2, 1);
    ok(spectrum_multiplicity(&s, low, high) == 0, "none between 1.415 and 2");
    spectrum_clear(&s);
    qmat_clear(T);
    qmat_clear(A);
    qmat_clear(D);
    fmpq_clear(low);
    fmpq_clear(high);
}

static void
test_activations(void)
{
    slong i;
    int kind;
    activation_t s;
    qmat_t Z, H;
    arb_t x, y;
    fmpq_t q;

    fmpq_init(s.slope);
    fmpq_init(q);
    qmat_init(Z, 0, 0);
    qmat_init(H, 0, 0);
    arb_init(x);
    arb_init(y);
    for (kind = ACT_TANH; kind < ACT_KINDS; kind++)
    {
        s.kind = kind;
        fmpq_set_si(s.slope, activation_has_slope(kind) ? 1 : 0, 10);
        random_matrix(Z, 2, 3, 40, 7);
        qmat_set(H, Z);
        for (i = 0; i < 6; i++)
        {
            qmat_get_entry(q, Z, i / 3, i % 3);
            arb_set_fmpq(x, q, 200);
            activation_arb(y, x, &s, 200);
            arb_mul_2exp_si(y, y, 100);
            arf_get_fmpz(fmpz_mat_entry(H->num, i / 3, i % 3), arb_midref(y), ARF_RND_NEAR);
        }
        fmpz_one(H->den);
        fmpz_mul_2exp(H->den, H->den, 100);
        fmpq_one(H->rad);
        fmpq_div_2exp(H->rad, H->rad, 98);
        ok(activation_check_ball(H, Z, &s, 200), "%s: a ball that contains", activation_name[kind]);
        ok(!activation_check_ball(H, Z, &s, 40), "%s: not at 40 bits", activation_name[kind]);
        ok(!activation_check_ball(H, Z, &s, 5000), "%s: not at 5000 bits", activation_name[kind]);
        fmpz_add_ui(fmpz_mat_entry(H->num, 1, 2), fmpz_mat_entry(H->num, 1, 2), 5);
        ok(!activation_check_ball(H, Z, &s, 200), "%s: off by 5 units in one entry", activation_name[kind]);
        fmpq_zero(H->rad);
        ok(!activation_check_ball(H, Z, &s, 200), "%s: radius 0", activation_name[kind]);
    }
    /* exp overflows at any precision: no proof, no crash */
    s.kind = ACT_SOFTPLUS;
    random_matrix(Z, 1, 1, 0, 1);
    fmpz_one(fmpz_mat_entry(Z->num, 0, 0));
    fmpz_mul_2exp(fmpz_mat_entry(Z->num, 0, 0), fmpz_mat_entry(Z->num, 0, 0), 300);
    qmat_set(H, Z);
    ok(activation_check_ball(H, Z, &s, 64) == 0, "softplus of 2^300");
    s.kind = ACT_LEAKY_RELU;
    fmpq_set_si(s.slope, -3, 2);
    random_matrix(Z, 1, 2, 0, 3);
    fmpz_set_si(fmpz_mat_entry(Z->num, 0, 0), -4);
    fmpz_set_si(fmpz_mat_entry(Z->num, 0, 1), 4);
    fmpz_set_si(Z->den, 3);
    activation_apply(H, Z, &s);
    qmat_get_entry(q, H, 0, 0);
    ok(fmpq_cmp_si(q, 2) == 0, "leaky-relu -3/2 of -4/3 is 2");
    activation_lipschitz(q, &s);
    fmpq_mul_2exp(q, q, 1);
    ok(fmpq_cmp_si(q, 3) == 0, "its Lipschitz constant is 3/2");
    fmpq_clear(s.slope);
    fmpq_clear(q);
    qmat_clear(Z);
    qmat_clear(H);
    arb_clear(x);
    arb_clear(y);
}

int
main(void)
{
    test_numbers();
    test_arithmetic();
    test_psd();
    test_rank();
    test_spectrum();
    test_activations();
    flint_cleanup();
    return done();
}
