/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The network's room against a slow second implementation (naive.h): moments,
   walks, units, products and curves of them, loss, gradient and tangent. */
#include <stdlib.h>
#include <string.h>
#include "kernel/rank.h"
#include "naive.h"
#include "network/evaluate.h"
#include "network/network.h"
#include "network/tangent.h"
#include "network/product_curve.h"
#include "tap.h"
#include "network/copy.h"

/* Linear networks of 1 to 4 layers, then residual ones of depth r = 1, 2, 3. */
static void
linear_problem(problem_t *P, slong k)
{
    if (k % 4 == 0)
        random_network(P, NET_LINEAR, 1 + pick(4), 1);
    else
        random_network(P, NET_RESIDUAL, 1 + pick(k % 4 == 3 ? 2 : 3), k % 4);
}

/* A := sum_s 2 scale w_s (column s of B) (column s of C)^T, entry by entry. */
static void
weighted_sum(qmat_t A, const problem_t *P, const qmat_t B, const qmat_t C)
{
    slong i, j, s, r = qmat_rows(B), c = qmat_rows(C);
    fmpq *a = _fmpq_vec_init(r * c);
    fmpq_t x, y;

    fmpq_init(x);
    fmpq_init(y);
    for (i = 0; i < r; i++)
        for (j = 0; j < c; j++)
            for (s = 0; s < qmat_cols(B); s++)
            {
                qmat_get_entry(x, B, i, s);
                qmat_get_entry(y, C, j, s);
                fmpq_mul(x, x, y);
                fmpq_mul(x, x, P->scale);
                fmpq_mul(x, x, P->weights + s);
                fmpq_add(x, x, x);
                fmpq_add(a + i * c + j, a + i * c + j, x);
            }
    qmat_set_entries(A, r, c, a);
    _fmpq_vec_clear(a, r * c);
    fmpq_clear(x);
    fmpq_clear(y);
}

/* The rank of the samples of positive weight. */
static slong
weighted_rank(const problem_t *P)
{
    slong rank;
    qmat_t A;

    qmat_init(A, 0, 0);
    qmat_scale_columns(A, P->X, P->weights);
    rank = rank_of(A);
    qmat_clear(A);
    return rank;
}

/* 1 if every sample of positive weight is T times its entries at the pivots. */
static int
reduces(const moments_t *M, const problem_t *P)
{
    slong i, j, s;
    int good = 1;
    fmpq_t x, y, t;

    fmpq_init(x);
    fmpq_init(y);
    fmpq_init(t);
    for (s = 0; s < qmat_cols(P->X); s++)
        for (i = 0; i < qmat_rows(P->X) && !fmpq_is_zero(P->weights + s); i++)
        {
            qmat_get_entry(x, P->X, i, s);
            for (j = 0; j < M->p; j++)
            {
                qmat_get_entry(t, M->T, i, j);
                qmat_get_entry(y, P->X, M->pivots[j], s);
                fmpq_mul(t, t, y);
                fmpq_sub(x, x, t);
            }
            good &= fmpq_is_zero(x);
        }
    fmpq_clear(x);
    fmpq_clear(y);
    fmpq_clear(t);
    return good;
}

/* The rows of A whose indices are given. */
static void
take_rows(qmat_t B, const qmat_t A, const slong *rows, slong n)
{
    slong i, j;
    fmpq *b = _fmpq_vec_init(n * qmat_cols(A));

    for (i = 0; i < n; i++)
        for (j = 0; j < qmat_cols(A); j++)
            qmat_get_entry(b + i * qmat_cols(A) + j, A, rows[i], j);
    qmat_set_entries(B, n, qmat_cols(A), b);
    _fmpq_vec_clear(b, n * qmat_cols(A));
}

/* 1 if h_inf is attained by one matrix and undercut by none of some others. */
static int
is_infimum(const fmpq_t h_inf, const moments_t *M, const problem_t *P)
{
    slong i, k, n = qmat_rows(P->Y);
    problem_t Q;
    qmat_t N, Z;
    fmpq_t h, x, y;
    int good = 1;

    problem_init(&Q);
    problem_set(&Q, P);
    problem_set_network(&Q, NET_LINEAR, 1, 1);
    qmat_init(N, 0, 0);
    qmat_init(Z, 0, 0);
    fmpq_init(h);
    fmpq_init(x);
    fmpq_init(y);
    random_matrix(Q.W, n, qmat_rows(P->X), 0, 1);
    if (M->p > 0)
    {   /* (S^{-1} N^T)^T in the columns of the pivots */
        moments_cross(N, M);
        qmat_transpose(N, N);
        good &= qmat_solve(Z, M->S, N);
        qmat_transpose(Z, Z);
        fmpz_set(Q.W->den, Z->den);
        for (i = 0; i < n; i++)
            for (k = 0; k < M->p; k++)
                fmpz_set(fmpz_mat_entry(Q.W->num, i, M->pivots[k]), fmpz_mat_entry(Z->num, i, k));
        qmat_canonicalise(Q.W);
    }
    naive_loss(h, x, y, &Q, NULL, NULL);
    good &= fmpq_equal(h, h_inf) && network_is_minimizer(&Q, M) == 1
        && evaluate_at_minimum(&Q, M) == 1;
    for (k = 0; k < 5; k++)
    {
        random_matrix(Z, n, qmat_rows(P->X), 1, 100);
        fmpq_one(x);
        qmat_add_scaled(Q.W, Q.W, x, Z);
        naive_loss(h, x, y, &Q, NULL, NULL);
        good &= fmpq_cmp(h, h_inf) >= 0 && network_is_minimizer(&Q, M) == fmpq_equal(h, h_inf);
    }
    problem_clear(&Q);
    qmat_clear(N);
    qmat_clear(Z);
    fmpq_clear(h);
    fmpq_clear(x);
    fmpq_clear(y);
    return good;
}

/* Moments of random data, rank-deficient or with zero weights among them: the
   sums, the reduction to independent rows, the infimum of the loss. */
static void
test_moments(void)
{
    slong k, sums = 0, reduction = 0, infimum = 0, deficient = 0, none = 0;

    for (k = 0; k < 300; k++)
    {
        problem_t P;
        moments_t M;
        qmat_t A, B;
        fmpq_t h, t;
        problem_init(&P);
        qmat_init(A, 0, 0);
        qmat_init(B, 0, 0);
        fmpq_init(h);
        fmpq_init(t);
        linear_problem(&P, k);
        if (k % 50 == 7)                        /* X = 0 */
            random_matrix(P.X, qmat_rows(P.X), qmat_cols(P.X), 0, 1);
        sums += !moments_init(&M, &P) || M.state != MOMENTS_READY;
        weighted_sum(A, &P, P.X, P.X);
        sums += !qmat_equal(A, M.Sxx);
        weighted_sum(A, &P, P.Y, P.X);
        sums += !qmat_equal(A, M.Syx);
        weighted_sum(A, &P, P.Y, P.Y);
        qmat_set_one(B, qmat_rows(A));
        qmat_inner(t, A, B);
        sums += !fmpq_equal(t, M.Syy);
        deficient += M.p < FLINT_MIN(qmat_rows(P.X), qmat_cols(P.X));
        none += M.p == 0;
        reduction += M.p != weighted_rank(&P) || !reduces(&M, &P);
        if (M.p > 0)
        {
            take_rows(A, P.X, M.pivots, M.p);
            weighted_sum(B, &P, A, A);
            reduction += !qmat_equal(B, M.S) || rank_of(B) != M.p;
            weighted_sum(B, &P, P.Y, A);
            moments_cross(A, &M);
            reduction += !qmat_equal(A, B);
        }
        moments_infimum(h, &M);
        infimum += !is_infimum(h, &M, &P);
        moments_clear(&M);
        moments_clear(&M);                      /* twice does no harm */
        problem_clear(&P);
        qmat_clear(A);
        qmat_clear(B);
        fmpq_clear(h);
        fmpq_clear(t);
    }
    ok(sums == 0, "the moments of 300 data sets are the sums over the samples");
    ok(reduction == 0, "every sample of positive weight is T times its pivots; rank, S and N");
    ok(infimum == 0, "h_inf is attained, and undercut by no matrix nearby");
    ok(deficient > 30 && none > 3, "%ld of them without full rank, %ld of rank 0", (long) deficient,
       (long) none);
}

/* moments_push by A gives the moments of the problem whose samples are A x. */
static void
test_push(void)
{
    slong k, wrong = 0, lower = 0;

    for (k = 0; k < 200; k++)
    {
        problem_t P;
        moments_t M, L, N;
        qmat_t A;
        fmpq_t h, g;
        problem_init(&P);
        qmat_init(A, 0, 0);
        fmpq_init(h);
        fmpq_init(g);
        linear_problem(&P, k);
        moments_init(&M, &P);
        random_data(A, 1 + pick(3), qmat_rows(P.X));
        wrong += !moments_push(&L, &M, A);
        qmat_mul(P.X, A, P.X);
        wrong += !moments_init(&N, &P) || L.p != N.p || !qmat_equal(L.Sxx, N.Sxx)
            || !qmat_equal(L.Syx, N.Syx) || !fmpq_equal(L.Syy, N.Syy) || !qmat_equal(L.S, N.S)
            || !qmat_equal(L.T, N.T);
        lower += L.p < M.p;
        moments_infimum(h, &L);
        moments_infimum(g, &N);
        wrong += !fmpq_equal(g, h);
        moments_clear(&L);
        moments_clear(&M);
        moments_clear(&N);
        problem_clear(&P);
        qmat_clear(A);
        fmpq_clear(h);
        fmpq_clear(g);
    }
    ok(wrong == 0 && lower > 20, "200 moments behind a matrix, %ld of lower rank", (long) lower);
}

/* A := A_{k,b} .. A_{k,a} from, blocks a .. b of unit k; shortcut: + from. */
static void
naive_part(qmat_t A, const problem_t *P, slong k, slong a, slong b, int shortcut, const qmat_t from)
{
    slong q;
    qmat_t x;
    fmpq_t one;

    qmat_init(x, 0, 0);
    fmpq_init(one);
    fmpq_one(one);
    qmat_set(x, from);
    for (q = a; q <= b; q++)
        qmat_mul(x, P->W + k * P->r + q, x);
    if (shortcut && P->kind == NET_RESIDUAL)
        qmat_add_scaled(x, x, one, from);
    qmat_swap(A, x);
    qmat_clear(x);
    fmpq_clear(one);
}

/* A := what stands between the input of block first and that of block i. */
static void
naive_forwards(qmat_t A, const problem_t *P, slong first, slong i, const qmat_t from)
{
    slong k, r = P->r;

    qmat_set(A, from);
    for (k = first / r; k < P->l && k * r < i; k++)
    {
        slong a = FLINT_MAX(first - k * r, 0), b = FLINT_MIN(i - k * r, r) - 1;
        naive_part(A, P, k, a, b, a == 0 && b == r - 1, A);
    }
}

/* A := from times everything behind the output of block i >= 0: the units behind
   its own, then the blocks of its own. */
static void
naive_backwards(qmat_t A, const problem_t *P, slong i, const qmat_t from)
{
    slong k, q, r = P->r;
    qmat_t x, one;

    qmat_init(x, 0, 0);
    qmat_init(one, 0, 0);
    qmat_set(A, from);
    for (k = P->l - 1; k > i / r; k--)
    {
        qmat_set_one(one, qmat_cols(P->W + k * r));
        naive_part(x, P, k, 0, r - 1, 1, one);
        qmat_mul(A, A, x);
    }
    for (q = r - 1; q > i % r; q--)
        qmat_mul(A, A, P->W + (i / r) * r + q);
    qmat_clear(x);
    qmat_clear(one);
}

/* How many of the matrices that the walks over P meet are not the naive ones. */
static slong
walk_both_ways(const problem_t *P)
{
    slong first, i, wrong = 0;
    qmat_t from, A;
    walk_t w;

    qmat_init(from, 0, 0);
    qmat_init(A, 0, 0);
    for (first = 0; first < P->nblocks; first++)
    {
        random_matrix(from, qmat_cols(P->W + first), 2, 3, 2);
        walk_forwards(&w, P, first, from);
        for (i = first; ; i++)
        {
            naive_forwards(A, P, first, i, from);
            wrong += w.i != i || !qmat_equal(A, w.at);
            if (i == P->nblocks)
                break;
            walk_step_forwards(&w);
        }
        walk_clear(&w);
    }
    random_matrix(from, 2, qmat_rows(P->W + P->nblocks - 1), 3, 2);
    walk_backwards(&w, P, from);
    for (i = P->nblocks - 1; ; i--)
    {
        if (i >= 0)
            naive_backwards(A, P, i, from);
        else
        {
            naive_product(A, NULL, P, NULL);
            qmat_mul(A, from, A);
        }
        wrong += w.i != i || !qmat_equal(A, w.at);
        if (i < 0)
            break;
        walk_step_backwards(&w);
    }
    walk_clear(&w);
    qmat_clear(from);
    qmat_clear(A);
    return wrong;
}

/* A walk with rounding: a ball around the exact product. */
static int
rounded_walk(const problem_t *P)
{
    qmat_t one, Z;
    fmpq_t x, y;
    walk_t w;
    int good;

    qmat_init(one, 0, 0);
    qmat_init(Z, 0, 0);
    fmpq_init(x);
    fmpq_init(y);
    qmat_set_one(one, qmat_rows(P->X));
    walk_forwards(&w, P, 0, one);
    w.rounding = 4;
    while (w.i < P->nblocks)
        walk_step_forwards(&w);
    naive_product(Z, NULL, P, NULL);
    fmpq_mul(y, w.at->rad, w.at->rad);
    fmpq_zero(w.at->rad);
    qmat_sub(Z, Z, w.at);
    qmat_frobenius2_midpoint(x, Z);
    good = fmpq_cmp(x, y) <= 0;
    walk_clear(&w);
    qmat_clear(one);
    qmat_clear(Z);
    fmpq_clear(x);
    fmpq_clear(y);
    return good;
}

/* The units multiply to the product, each of them I + its blocks. */
static slong
wrong_units(const problem_t *P)
{
    slong k, wrong = 0;
    qmat_struct *U = network_units(P);
    qmat_t A, one;

    qmat_init(A, 0, 0);
    qmat_init(one, 0, 0);
    for (k = 0; k < P->l; k++)
    {
        qmat_set_one(one, qmat_cols(P->W + k * P->r));
        naive_part(A, P, k, 0, P->r - 1, 1, one);
        wrong += !qmat_equal(A, U + k);
    }
    qmat_vec_clear(U, P->l);
    qmat_clear(A);
    qmat_clear(one);
    return wrong;
}

static void
test_walks(void)
{
    slong k, wrong = 0, outside = 0, units = 0, products = 0;

    for (k = 0; k < 120; k++)
    {
        problem_t P;
        qmat_t A, B;
        problem_init(&P);
        qmat_init(A, 0, 0);
        qmat_init(B, 0, 0);
        linear_problem(&P, k);
        wrong += walk_both_ways(&P);
        outside += !rounded_walk(&P);
        units += wrong_units(&P);
        network_product(A, &P);
        naive_product(B, NULL, &P, NULL);
        products += !qmat_equal(A, B);
        problem_clear(&P);
        qmat_clear(A);
        qmat_clear(B);
    }
    ok(wrong == 0, "walks forwards from every block, and backwards: linear and residual");
    ok(outside == 0, "rounded walks contain the product");
    ok(units == 0, "the units of 120 networks");
    ok(products == 0, "and their products");
}

/* A := sum_k t^k Z[k] */
static void
evaluate(qmat_t A, const qmat_struct *Z, slong order, const fmpq_t t)
{
    slong k;
    fmpq_t one;

    fmpq_init(one);
    fmpq_one(one);
    qmat_set(A, Z + order);
    for (k = order - 1; k >= 0; k--)
    {
        qmat_scale(A, A, t);
        qmat_add_scaled(A, A, one, Z + k);
    }
    fmpq_clear(one);
}

/* The product at W + sum_j t^j V_j. */
static void
product_at(qmat_t A, const problem_t *P, const qmat_struct *V, slong degree, const fmpq_t t)
{
    slong i, j;
    problem_t Q;
    fmpq_t p;

    problem_init(&Q);
    fmpq_init(p);
    problem_set(&Q, P);
    for (i = 0; i < P->nblocks; i++)
        for (fmpq_set(p, t), j = 1; j <= degree; j++, fmpq_mul(p, p, t))
            qmat_add_scaled(Q.W + i, Q.W + i, p, V + (j - 1) * P->nblocks + i);
    naive_product(A, NULL, &Q, NULL);
    problem_clear(&Q);
    fmpq_clear(p);
}

/* The polynomial of the product takes the right value at 25 rational t, more than its
   degree; cut off, its first coefficients are the same. */
static void
test_product_curves(void)
{
    slong k, i, wrong = 0, cut = 0;

    for (k = 0; k < 60; k++)
    {
        slong degree = 1 + pick(3), order, shorter;
        problem_t P;
        qmat_struct *V, *Z, *C;
        qmat_t A, B;
        fmpq_t t;
        problem_init(&P);
        linear_problem(&P, k);
        order = degree * P.nblocks;
        shorter = pick(order + 1);
        V = qmat_vec_init(degree * P.nblocks);
        Z = qmat_vec_init(order + 1);
        C = qmat_vec_init(shorter + 1);
        qmat_init(A, 0, 0);
        qmat_init(B, 0, 0);
        fmpq_init(t);
        for (i = 0; i < degree * P.nblocks; i++)
            random_matrix(V + i, qmat_rows(P.W + i % P.nblocks), qmat_cols(P.W + i % P.nblocks),
                          pick(4), 1 + pick(2));
        network_product_curve(Z, order, &P, V, degree);
        for (i = 0; i < 25; i++)
        {
            fmpq_set_si(t, i - 12, 1 + i % 3);
            fmpq_canonicalise(t);
            evaluate(A, Z, order, t);
            product_at(B, &P, V, degree, t);
            wrong += !qmat_equal(A, B);
        }
        network_product_curve(C, shorter, &P, V, degree);
        for (i = 0; i <= shorter; i++)
            cut += !qmat_equal(C + i, Z + i);
        qmat_vec_clear(V, degree * P.nblocks);
        qmat_vec_clear(Z, order + 1);
        qmat_vec_clear(C, shorter + 1);
        problem_clear(&P);
        qmat_clear(A);
        qmat_clear(B);
        fmpq_clear(t);
    }
    ok(wrong == 0, "60 products along curves, at 25 points each");
    ok(cut == 0, "and their first coefficients alone");
}

/* The gradient by directions of one entry each: grad against network_gradient's,
   x := the sum of all squares, biases included. */
static slong
naive_gradient(fmpq_t x, const problem_t *P, const qmat_struct *grad)
{
    slong i, j, wrong = 0;
    fmpq_t h, d, t;
    qmat_struct *V = random_direction(P, 0), *u = qmat_vec_init(P->l);

    fmpq_init(h);
    fmpq_init(d);
    fmpq_init(t);
    fmpq_zero(x);
    for (i = 0; i < P->l; i++)
        if (P->b != NULL)
            random_matrix(u + i, qmat_rows(P->b + i), 1, 0, 1);
    for (i = 0; i < P->nblocks; i++)
        for (j = 0; j < qmat_rows(V + i) * qmat_cols(V + i); j++)
        {
            slong a = j / qmat_cols(V + i), b = j % qmat_cols(V + i);
            fmpz_one(fmpz_mat_entry(V[i].num, a, b));
            naive_loss(h, d, t, P, V, NULL);
            fmpz_zero(fmpz_mat_entry(V[i].num, a, b));
            qmat_get_entry(t, grad + i, a, b);
            wrong += !fmpq_equal(t, d);
            fmpq_addmul(x, d, d);
        }
    for (i = 0; P->b != NULL && i < P->l; i++)
        for (j = 0; j < qmat_rows(u + i); j++)
        {
            fmpz_one(fmpz_mat_entry(u[i].num, j, 0));
            naive_loss(h, d, t, P, NULL, u);
            fmpz_zero(fmpz_mat_entry(u[i].num, j, 0));
            fmpq_addmul(x, d, d);
        }
    qmat_vec_clear(V, P->nblocks);
    qmat_vec_clear(u, P->l);
    fmpq_clear(h);
    fmpq_clear(d);
    fmpq_clear(t);
    return wrong;
}

/* Loss, gradient, tangent and kinks of one problem; counts of what is wrong. */
typedef struct { slong loss, gradient, tangent, kink, kinks; } passes_t;

static void
check_passes(passes_t *n, const problem_t *P)
{
    moments_t M;
    fmpq_t h, x, y, z;
    qmat_struct *V = random_direction(P, 3), *grad = qmat_vec_init(P->nblocks);
    int smooth;

    fmpq_init(h);
    fmpq_init(x);
    fmpq_init(y);
    fmpq_init(z);
    moments_init(&M, P);
    smooth = naive_loss(h, x, y, P, V, NULL);
    n->kinks += !smooth;
    evaluate_loss(z, P, &M);
    n->loss += !fmpq_equal(h, z);
    n->kink += network_tangent_norm2(z, P, &M, V) != smooth;
    n->tangent += smooth && !fmpq_equal(y, z);
    n->kink += evaluate_gradient(x, grad, P, &M) != smooth;
    n->kink += evaluate_gradient_norm2(z, P, &M) != smooth;
    if (smooth)
    {
        n->gradient += naive_gradient(y, P, grad);
        n->gradient += !fmpq_equal(x, y) || !fmpq_equal(z, y);
    }
    if (network_is_linear(P))
    {
        moments_infimum(x, &M);
        n->loss += network_is_minimizer(P, &M) != fmpq_equal(x, h);
        n->loss += evaluate_at_minimum(P, &M) != fmpq_equal(x, h);
    }
    else
        n->loss += evaluate_at_minimum(P, &M) != fmpq_is_zero(h);
    moments_clear(&M);
    qmat_vec_clear(V, P->nblocks);
    qmat_vec_clear(grad, P->nblocks);
    fmpq_clear(h);
    fmpq_clear(x);
    fmpq_clear(y);
    fmpq_clear(z);
}

static void
test_passes(void)
{
    slong k, kind;

    for (kind = 0; kind < NET_KINDS; kind++)
    {
        passes_t n = { 0, 0, 0, 0, 0 };
        for (k = 0; k < 120; k++)
        {
            problem_t P;
            problem_init(&P);
            if (kind == NET_FEEDFORWARD)
                random_network(&P, kind, 1 + pick(3), 1);
            else
                linear_problem(&P, kind == NET_LINEAR ? 0 : 1 + k % 3);
            check_passes(&n, &P);
            problem_clear(&P);
        }
        ok(n.loss == 0, "%s: 120 losses, and whether they are the least", network_name[kind]);
        ok(n.gradient == 0, "%s: gradients, entry by entry", network_name[kind]);
        ok(n.tangent == 0, "%s: tangents", network_name[kind]);
        ok(n.kink == 0 && (n.kinks > 10) == (kind == NET_FEEDFORWARD), "%s: %ld kinks reported",
           network_name[kind], (long) n.kinks);
    }
}

/* sum over the blocks of ||P_i^T E A_i^T||^2: <E, dZ> along every single entry. */
static void
test_pullback(void)
{
    slong k, i, j, wrong = 0;

    for (k = 0; k < 80; k++)
    {
        problem_t P;
        qmat_struct *V;
        qmat_t E, Z, dZ;
        fmpq_t g2, x, t;
        problem_init(&P);
        linear_problem(&P, k);
        V = random_direction(&P, 0);
        qmat_init(E, 0, 0);
        qmat_init(Z, 0, 0);
        qmat_init(dZ, 0, 0);
        fmpq_init(g2);
        fmpq_init(x);
        fmpq_init(t);
        random_matrix(E, qmat_rows(P.Y), qmat_rows(P.X), 4, 1 + pick(4));
        for (i = 0; i < P.nblocks; i++)
            for (j = 0; j < qmat_rows(V + i) * qmat_cols(V + i); j++)
            {
                fmpz *e = fmpz_mat_entry(V[i].num, j / qmat_cols(V + i), j % qmat_cols(V + i));
                fmpz_one(e);
                naive_product(Z, dZ, &P, V);
                fmpz_zero(e);
                qmat_inner(t, E, dZ);
                fmpq_addmul(x, t, t);
            }
        network_pullback_norm2(g2, &P, E, 0);
        wrong += !fmpq_equal(x, g2);
        qmat_vec_clear(V, P.nblocks);
        problem_clear(&P);
        qmat_clear(E);
        qmat_clear(Z);
        qmat_clear(dZ);
        fmpq_clear(g2);
        fmpq_clear(x);
        fmpq_clear(t);
    }
    ok(wrong == 0, "80 norms of pulled back matrices");
}

/* What a network is, on three small ones. */
static void
test_kinds(void)
{
    problem_t P;
    char name[32];

    problem_init(&P);
    random_matrix(P.X, 3, 4, 5, 1);
    random_matrix(P.Y, 3, 4, 5, 1);
    problem_set_samples(&P, 4);
    problem_set_network(&P, NET_LINEAR, 2, 1);
    random_matrix(P.W, 2, 3, 5, 1);
    random_matrix(P.W + 1, 3, 2, 5, 1);
    ok(network_is_linear(&P) && network_is_chain(&P) && !network_reaches_every_map(&P)
       && network_is_rational(&P) && network_width(&P) == 2 && network_parameters(&P) == 12,
       "a linear network 3-2-3");
    network_block_latex(name, sizeof name, &P, 1);
    ok(strcmp(name, "W_{2}") == 0 && network_unit_symbol(&P) == 'W'
       && strcmp(network_block_symbol(&P), "W_k") == 0
       && strcmp(network_block_indices(&P), "k") == 0,
       "its names: %s", name);
    problem_set_network(&P, NET_FEEDFORWARD, 2, 1);
    random_matrix(P.W, 2, 3, 5, 1);
    random_matrix(P.W + 1, 3, 2, 5, 1);
    ok(!network_is_linear(&P) && !network_is_chain(&P) && network_is_rational(&P),
       "a feedforward network of identities is rational");
    P.act[0].kind = ACT_TANH;
    ok(!network_is_rational(&P) && evaluate_at_minimum(&P, NULL) == -1, "one with tanh is not");
    problem_set_network(&P, NET_RESIDUAL, 2, 2);
    random_matrix(P.W, 3, 3, 5, 1);
    random_matrix(P.W + 1, 3, 3, 5, 1);
    random_matrix(P.W + 2, 3, 3, 5, 1);
    random_matrix(P.W + 3, 3, 3, 5, 1);
    ok(network_is_linear(&P) && !network_is_chain(&P) && network_reaches_every_map(&P)
       && network_width(&P) == 3 && network_parameters(&P) == 36, "a residual network");
    network_block_latex(name, sizeof name, &P, 2);
    ok(strcmp(name, "A_{21}") == 0 && network_unit_symbol(&P) == 'M'
       && strcmp(network_block_symbol(&P), "A_{kq}") == 0
       && strcmp(network_block_indices(&P), "k, q") == 0, "its names: %s", name);
    problem_clear(&P);
}

int
main(void)
{
    test_moments();
    test_push();
    test_walks();
    test_product_curves();
    test_passes();
    test_pullback();
    test_kinds();
    flint_cleanup();
    return done();
}
