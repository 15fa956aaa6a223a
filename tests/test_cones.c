/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees of cones: small matrices against their minors and against vectors; the integers of a claim against the rational
   one; leaves that are accepted against the points of their cones, exactly. */
#include "kernel/copositive.h"
#include "kernel/scope.h"
#include "random.h"
#include "rules/cone_tree/cone_tree.h"
#include "tap.h"

static void
random_symmetric(fmpz_mat_t M, slong n, slong size)
{
    slong i, j;

    fmpz_mat_init(M, n, n);
    for (i = 0; i < n; i++)
        for (j = 0; j <= i; j++)
        {
            fmpz_set_si(fmpz_mat_entry(M, i, j), pick(2 * size + 1) - size);
            fmpz_set(fmpz_mat_entry(M, j, i), fmpz_mat_entry(M, i, j));
        }
}

/* All principal minors are >= 0. */
static int
minors_are_positive(const fmpz_mat_t M)
{
    slong n = fmpz_mat_nrows(M), set, i, j, a, b;
    int all = 1;
    INTEGERS(det);

    for (set = 1; set < 1L << n && all; set++)
    {
        fmpz_mat_t S;
        fmpz_mat_init(S, __builtin_popcountl(set), __builtin_popcountl(set));
        for (i = 0, a = 0; i < n; i++)
            for (j = 0, b = 0; (set >> i) & 1 && j < n; a += ++j == n)
                if ((set >> j) & 1)
                    fmpz_set(fmpz_mat_entry(S, a, b++), fmpz_mat_entry(M, i, j));
        fmpz_mat_det(det, S);
        all = fmpz_sgn(det) >= 0;
        fmpz_mat_clear(S);
    }
    return all;
}

/* x := t^T M t. */
static void
form(fmpz_t x, const fmpz_mat_t M, const fmpz *t)
{
    slong i, j;
    INTEGERS(y);

    fmpz_zero(x);
    for (i = 0; i < fmpz_mat_nrows(M); i++)
        for (j = 0; j < fmpz_mat_nrows(M); j++)
        {
            fmpz_mul(y, t + i, t + j);
            fmpz_addmul(x, y, fmpz_mat_entry(M, i, j));
        }
}

static void
test_matrices(void)
{
    slong it, k, i, n, wrong = 0, negative = 0, found[2] = { 0, 0 };

    for (it = 0; it < 20000; it++)
    {
        fmpz_mat_t M;
        fmpz t[4] = { 0, 0, 0, 0 };
        INTEGERS(x);
        n = 1 + pick(4);
        random_symmetric(M, n, 1 + pick(3));
        wrong += integers_psd(M) != minors_are_positive(M);
        found[integers_psd(M)]++;
        for (k = 0; k < 30 && copositive_sufficient(M); k++)
        {
            for (i = 0; i < n; i++)
                fmpz_set_si(t + i, pick(4));
            form(x, M, t);
            negative += fmpz_sgn(x) < 0;
        }
        fmpz_mat_clear(M);
    }
    ok(wrong == 0 && found[0] > 1000 && found[1] > 1000, "semidefinite as by minors: %ld yes, %ld no", (long) found[1], (long) found[0]);
    ok(negative == 0, "copositive matrices are not negative anywhere");
}

/* n2 := |B w + sum q_j max(0, x_j.w)|^2, s2 := w^T S w. */
static void
size_at(fmpq_t n2, fmpq_t s2, const qmat_t B, const qmat_t Q, const qmat_t X, const qmat_t S, const qmat_t w)
{
    slong j;
    MATRICES(f, wt, z, q, t);
    NUMBERS(x, one);

    fmpq_one(one);
    qmat_mul(f, B, w);
    qmat_transpose(wt, w);
    qmat_mul(z, wt, X);
    for (j = 0; j < qmat_cols(X); j++)
    {
        qmat_get_entry(x, z, 0, j);
        qmat_some_columns(q, Q, j, 1);
        if (fmpq_sgn(x) > 0)
            qmat_add_scaled(f, f, x, q);
    }
    qmat_frobenius2_midpoint(n2, f);
    qmat_mul(t, S, w);
    qmat_inner(s2, t, w);
}

/* The same of the integers of a claim. */
static void
integers_at(fmpz_t n2, const cone_claim_t *c, const fmpz *w)
{
    slong i, j, r;
    fmpz *f = _fmpz_vec_init(c->k);
    INTEGERS(z);

    for (r = 0; r < c->k; r++)
        for (i = 0; i < c->d; i++)
            fmpz_addmul(f + r, fmpz_mat_entry(c->B, r, i), w + i);
    for (j = 0; j < c->m; j++)
    {
        fmpz_zero(z);
        for (i = 0; i < c->d; i++)
            fmpz_addmul(z, fmpz_mat_entry(c->X, j, i), w + i);
        for (r = 0; r < c->k && fmpz_sgn(z) > 0; r++)
            fmpz_addmul(f + r, fmpz_mat_entry(c->Q, j, r), z);
    }
    fmpz_zero(n2);
    for (r = 0; r < c->k; r++)
        fmpz_addmul(n2, f + r, f + r);
    _fmpz_vec_clear(f, c->k);
}

/* One random claim: its integers at random points, and random cones whose leaves are accepted. */
static void
test_claim(slong *scaled, slong *accepted, slong *above)
{
    slong d = 1 + pick(3), m = 1 + pick(4), k = 1 + pick(2), i, a, it;
    fmpz w[3] = { 0, 0, 0 };
    fmpz_mat_t V;
    cone_claim_t c;
    MATRICES(B, Q, X, S, T, p);
    NUMBERS(tau, n2, s2, x, y);
    INTEGERS(n);

    random_matrix(B, k, d, 5, 1 + pick(6));
    random_matrix(Q, k, m, 5, 1 + pick(6));
    random_matrix(X, d, m, 4, 1 + pick(6));
    random_matrix(T, d, d, 3, 1);
    qmat_gram(S, T);
    add_to_diagonal(S, 1, 1);
    fmpq_set_si(tau, 1 + pick(60), 1 + pick(4));
    fmpq_canonicalise(tau);
    cone_claim_set(&c, B, Q, X, S, tau);
    fmpz_mat_init(V, d, d);
    for (it = 0; it < 20; it++)
    {
        int leaf;
        for (i = 0; i < d; i++)
            for (a = 0; a < d; a++)
                fmpz_set_si(fmpz_mat_entry(V, i, a), pick(15) - 7);
        leaf = cone_leaf_alone(&c, V);
        *accepted += leaf;
        for (a = 0; a < 20; a++)
        {
            slong t[3] = { pick(5), pick(5), pick(5) };
            qmat_t q;
            qmat_init(q, d, 1);
            for (i = 0; i < d; i++)
            {
                fmpz_zero(w + i);
                for (slong r = 0; r < d; r++)
                    fmpz_addmul_ui(w + i, fmpz_mat_entry(V, r, i), (ulong) t[r]);
                fmpz_set(fmpz_mat_entry(q->num, i, 0), w + i);
            }
            qmat_swap(p, q);
            qmat_clear(q);
            size_at(n2, s2, B, Q, X, S, p);
            fmpq_mul(x, tau, tau);
            fmpq_mul(y, x, s2);
            *above += leaf && fmpq_cmp(n2, y) > 0;
            integers_at(n, &c, w);              /* n2 / tau^2 as integers */
            fmpq_mul_fmpz(n2, n2, c.tau);
            fmpq_mul_fmpz(n2, n2, c.tau);
            fmpq_mul_fmpz(x, x, n);
            *scaled += !fmpq_equal(n2, x);
        }
    }
    fmpz_mat_clear(V);
    for (i = 0; i < 3; i++)
        fmpz_clear(w + i);
    cone_claim_clear(&c);
}

/* The middle of two bounds far apart is 0, and N2 alone would accept it: (e - tau)^2 >= 0. */
static void
test_first_matrix(void)
{
    fmpz_mat_t V;
    cone_claim_t c;
    MATRICES(B, Q, X, S);
    NUMBERS(tau);
    fmpq q[2], x[2], b[2];
    int i;

    for (i = 0; i < 2; i++)
    {
        fmpq_init(q + i);
        fmpq_init(x + i);
        fmpq_init(b + i);
    }
    fmpq_set_si(q, 100, 1);
    fmpq_set_si(x, 1, 1);
    fmpq_set_si(x + 1, -1, 1);
    fmpq_set_si(b, -75, 1);                     /* - q (lambda z + r) / 2 at e_1 and e_2, lambda = 1/2 */
    fmpq_set_si(b + 1, 25, 1);
    qmat_set_entries(Q, 1, 1, q);
    qmat_set_entries(X, 2, 1, x);
    qmat_set_entries(B, 1, 2, b);
    qmat_set_one(S, 2);
    fmpq_one(tau);
    cone_claim_set(&c, B, Q, X, S, tau);
    fmpz_mat_init(V, 2, 2);
    cone_root(V, 0);
    ok(!cone_leaf_alone(&c, V), "a leaf whose error is larger than tau is refused");
    fmpz_mat_clear(V);
    cone_claim_clear(&c);
    for (i = 0; i < 2; i++)
    {
        fmpq_clear(q + i);
        fmpq_clear(x + i);
        fmpq_clear(b + i);
    }
}

int
main(void)
{
    slong it, scaled = 0, accepted = 0, above = 0;

    test_matrices();
    for (it = 0; it < 1500; it++)
        test_claim(&scaled, &accepted, &above);
    ok(scaled == 0, "the integers of a claim say what the rationals say");
    ok(above == 0 && accepted > 1000, "%ld cones accepted, no point of them above", (long) accepted);
    test_first_matrix();
    flint_cleanup();
    return done();
}
