/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Curves and patterns: the loss along a curve against exact losses, the Hessian
   against exact second differences, patterns of points made by hand. */
#include <stdlib.h>
#include <string.h>
#include "kernel/rank.h"
#include "naive.h"
#include "rules/critical_point/curve.h"
#include "rules/critical_point/pattern.h"
#include "tap.h"
#include "network/copy.h"

/* x := h(W + sum_j t^j V_j) */
static void
loss_at(fmpq_t x, const problem_t *P, const qmat_struct *V, slong degree, const fmpq_t t)
{
    slong i, j;
    problem_t Q;
    fmpq_t p, y, z;

    problem_init(&Q);
    fmpq_init(p);
    fmpq_init(y);
    fmpq_init(z);
    problem_set(&Q, P);
    for (i = 0; i < P->nblocks; i++)
        for (fmpq_set(p, t), j = 1; j <= degree; j++, fmpq_mul(p, p, t))
            qmat_add_scaled(Q.W + i, Q.W + i, p, V + (j - 1) * P->nblocks + i);
    naive_loss(x, y, z, &Q, NULL, NULL);
    problem_clear(&Q);
    fmpq_clear(p);
    fmpq_clear(y);
    fmpq_clear(z);
}

static qmat_struct *
random_curve(const problem_t *P, slong degree)
{
    slong i, n = P->nblocks;
    qmat_struct *V = qmat_vec_init(degree * n);

    for (i = 0; i < degree * n; i++)
        random_matrix(V + i, qmat_rows(P->W + i % n), qmat_cols(P->W + i % n), pick(4),
                      1 + pick(2));
    return V;
}

static void
small_problem(problem_t *P, slong k)
{
    if (k % 3 == 0)
        random_network(P, NET_LINEAR, 1 + pick(3), 1);
    else
        random_network(P, NET_RESIDUAL, 1 + pick(2), k % 3);
}

/* The polynomial is h(W + ..) - h(W) at more points than its degree; cut off, its
   first coefficients are the same. */
static void
test_loss(void)
{
    slong k, i, wrong = 0, cut = 0;

    for (k = 0; k < 60; k++)
    {
        slong degree = 1 + pick(2), order, shorter;
        problem_t P;
        moments_t M;
        qmat_struct *V;
        fmpq *c, *d;
        fmpq_t t, x, y, zero;
        problem_init(&P);
        small_problem(&P, k);
        order = 2 * degree * P.nblocks;
        shorter = pick(order + 1);
        moments_init(&M, &P);
        V = random_curve(&P, degree);
        c = _fmpq_vec_init(order + 1);
        d = _fmpq_vec_init(order + 1);
        fmpq_init(t);
        fmpq_init(x);
        fmpq_init(y);
        fmpq_init(zero);
        loss_at(zero, &P, V, degree, t);
        curve_loss(c, order, &P, &M, V, degree);
        wrong += !fmpq_is_zero(c);
        for (i = 0; i <= order; i++)
        {
            slong j;
            fmpq_set_si(t, i - order / 2, 1 + i % 2);
            fmpq_canonicalise(t);
            loss_at(x, &P, V, degree, t);
            fmpq_sub(x, x, zero);
            fmpq_zero(y);
            for (j = order; j >= 0; j--)
            {
                fmpq_mul(y, y, t);
                fmpq_add(y, y, c + j);
            }
            wrong += !fmpq_equal(x, y);
        }
        curve_loss(d, shorter, &P, &M, V, degree);
        for (i = 0; i <= shorter; i++)
            cut += !fmpq_equal(c + i, d + i);
        moments_clear(&M);
        qmat_vec_clear(V, degree * P.nblocks);
        problem_clear(&P);
        _fmpq_vec_clear(c, order + 1);
        _fmpq_vec_clear(d, order + 1);
        fmpq_clear(t);
        fmpq_clear(x);
        fmpq_clear(y);
        fmpq_clear(zero);
    }
    ok(wrong == 0, "the loss along 60 curves");
    ok(cut == 0, "and its first coefficients alone");
}

/* V := x E_a + y E_b, E_a the unit of parameter a: blocks one after the other,
   each by rows. */
static void
two_units(qmat_struct *V, const problem_t *P, slong a, slong x, slong b, slong y)
{
    slong i, j, at = 0;

    for (i = 0; i < P->nblocks; i++)
        for (j = 0; j < qmat_rows(V + i) * qmat_cols(V + i); j++, at++)
            fmpz_set_si(fmpz_mat_entry(V[i].num, j / qmat_cols(V + i), j % qmat_cols(V + i)),
                        (at == a ? x : 0) + (at == b ? y : 0));
}

/* x := the second difference of h in parameters a and b: exact, because h has degree
   at most 2 in each entry, so (h(1, 1) - h(1, -1) - h(-1, 1) + h(-1, -1)) / 4 for
   a != b and h(1) - 2 h(0) + h(-1) for a = b. */
static void
second_difference(fmpq_t x, const problem_t *P, qmat_struct *V, slong a, slong b)
{
    slong i, j;
    fmpq_t one, h;

    fmpq_init(one);
    fmpq_init(h);
    fmpq_one(one);
    fmpq_zero(x);
    for (i = -1; i <= 1; i += 2)
        for (j = -1; j <= 1; j += 2)
        {
            if (a == b)
                two_units(V, P, a, (i + j) / 2, -1, 0);
            else
                two_units(V, P, a, i, b, j);
            loss_at(h, P, V, 1, one);
            if (i * j > 0)
                fmpq_add(x, x, h);
            else
                fmpq_sub(x, x, h);
        }
    if (a != b)
        fmpq_div_2exp(x, x, 2);
    fmpq_clear(one);
    fmpq_clear(h);
}

static void
test_hessian(void)
{
    slong k, a, b, wrong = 0, asymmetric = 0;

    for (k = 0; k < 30; k++)
    {
        problem_t P;
        moments_t M;
        qmat_struct *V;
        qmat_t K;
        fmpq_t x, y;
        problem_init(&P);
        qmat_init(K, 0, 0);
        fmpq_init(x);
        fmpq_init(y);
        do
            small_problem(&P, k);
        while (network_parameters(&P) > 14);
        moments_init(&M, &P);
        V = random_direction(&P, 0);
        curve_hessian(K, &P, &M);
        wrong += qmat_rows(K) != network_parameters(&P) || !qmat_is_exact(K);
        asymmetric += !qmat_midpoint_is_symmetric(K);
        for (a = 0; a < qmat_rows(K); a++)
            for (b = 0; b <= a; b++)
            {
                second_difference(x, &P, V, a, b);
                qmat_get_entry(y, K, a, b);
                wrong += !fmpq_equal(x, y);
            }
        qmat_vec_clear(V, P.nblocks);
        moments_clear(&M);
        problem_clear(&P);
        qmat_clear(K);
        fmpq_clear(x);
        fmpq_clear(y);
    }
    ok(asymmetric == 0, "30 symmetric Hessians");
    ok(wrong == 0, "of which every entry is a second difference of the loss");
}

/* h = 1/2 (1 - w_l .. w_1)^2, all w = 0, and a curve w_i = v_{ij} t^j as evidence. */
typedef struct { problem_t P; moments_t M; facts_t f; setting_t s; int at; } scalar_t;

static void
add_numbers(facts_t *f, const char *role, slong x, slong den)
{
    evidence_t e;

    evidence_init(&e, EVIDENCE_NUMBERS, role);
    e.nd = 1;
    e.d = _fmpq_vec_init(1);
    fmpq_set_si(e.d, x, den);
    facts_add(f, &e);
}

static void
add_scalar(facts_t *f, int up, slong j, slong i, slong x)
{
    char role[ROLE_SIZE];
    evidence_t e;

    snprintf(role, sizeof role, "%s:%ld:%ld", up ? "up" : "down", (long) j, (long) i);
    evidence_init(&e, EVIDENCE_MATRIX, role);
    random_matrix(e.A, 1, 1, 0, 1);
    fmpz_set_si(fmpz_mat_entry(e.A->num, 0, 0), x);
    facts_add(f, &e);
}

/* v: the coefficients, l of t, then l of t^2, .. */
static void
scalar_init(scalar_t *T, slong l, int up, slong degree, const slong *v)
{
    slong i;

    problem_init(&T->P);
    qmat_set_one(T->P.X, 1);
    qmat_set_one(T->P.Y, 1);
    problem_set_samples(&T->P, 1);
    problem_set_network(&T->P, NET_LINEAR, l, 1);
    for (i = 0; i < l; i++)
        random_matrix(T->P.W + i, 1, 1, 0, 1);
    facts_init(&T->f, 4096);
    moments_none(&T->M);
    T->at = NOT_ASKED;
    T->s = (setting_t) { &T->f, &T->P, &T->M, &T->at, NULL, NULL };
    if (degree > 0)
        add_numbers(&T->f, up ? "up-degree" : "down-degree", degree, 1);
    for (i = 0; i < l * degree; i++)
        add_scalar(&T->f, up, i / l + 1, i % l + 1, v[i]);
}

static void
scalar_clear(scalar_t *T)
{
    facts_clear(&T->f);
    moments_clear(&T->M);
    problem_clear(&T->P);
}

/* -t^3 w_1 w_2 w_3 and so on: where the loss starts, and in which direction. */
static void
test_start(void)
{
    static const struct { slong l, degree, v[8], order; int up, sign; } cases[] = {
        { 2, 1, { 1, 1 }, 2, 0, -1 }, { 2, 1, { 1, -1 }, 2, 1, 1 }, { 3, 1, { 1, 1, 1 }, 3, 0, -1 },
        { 4, 1, { 1, 1, 1, 1 }, 4, 0, -1 }, { 3, 2, { 1, 1, 0, 0, 0, 1 }, 4, 0, -1 },
        { 2, 2, { 0, 0, 1, -1 }, 4, 1, 1 }, { 1, 1, { 1 }, 1, 0, -1 }, { 1, 2, { 0, -3 }, 2, 1, 1 },
        { 2, 1, { 1, 0 }, 0, 0, 0 }, { 3, 2, { 0, 0, 1, 0, 0, 1 }, 0, 1, 0 },
        { 2, 4, { 0, 0, 0, 0, 0, 0, 1, 1 }, 8, 0, -1 }
    };
    size_t i;
    int sign;

    for (i = 0; i < sizeof cases / sizeof *cases; i++)
    {
        scalar_t T;
        slong order;
        scalar_init(&T, cases[i].l, cases[i].up, cases[i].degree, cases[i].v);
        sign = 0;
        order = curve_start(&sign, &T.s, cases[i].up);
        ok(order == cases[i].order && sign == cases[i].sign && T.f.failed == (order == 0)
           && facts_unused(&T.f) == NULL, "curve %ld: order %ld, sign %d", (long) i,
           (long) order, sign);
        scalar_clear(&T);
    }
}

/* At the minimiser (1, 1) the loss along (1 + t, 1 - t) is t^4 / 2. */
static void
test_flat(void)
{
    static const slong v[] = { 1, -1 };
    scalar_t T;
    int sign = 0;

    scalar_init(&T, 2, 1, 1, v);
    qmat_set_one(T.P.W, 1);
    qmat_set_one(T.P.W + 1, 1);
    ok(curve_start(&sign, &T.s, 1) == 4 && sign == 1,
       "a loss that starts with its last coefficient");
    scalar_clear(&T);
}

/* Curves that are not given, or not in full, or of an impossible degree. */
static void
test_wrong_curves(void)
{
    static const slong v[] = { 1, 1, 1, 1 };
    static const struct { slong degree, den; } degrees[] = {
        { 0, 1 }, { 5, 1 }, { -1, 1 }, { 3, 2 }
    };
    size_t i;
    int sign;
    scalar_t T;

    scalar_init(&T, 2, 0, 1, v);
    ok(curve_start(&sign, &T.s, 1) == 0 && strcmp(T.f.failed_role, "up-degree") == 0,
       "a curve down is no curve up");
    scalar_clear(&T);
    for (i = 0; i < sizeof degrees / sizeof *degrees; i++)
    {
        scalar_init(&T, 2, 0, 0, v);
        add_numbers(&T.f, "down-degree", degrees[i].degree, degrees[i].den);
        add_scalar(&T.f, 0, 1, 1, 1);
        add_scalar(&T.f, 0, 1, 2, 1);
        ok(curve_start(&sign, &T.s, 0) == 0 && strcmp(T.f.failed_role, "down-degree") == 0,
           "no curve has degree %ld/%ld", (long) degrees[i].degree, (long) degrees[i].den);
        scalar_clear(&T);
    }
    scalar_init(&T, 2, 0, 0, v);
    add_numbers(&T.f, "down-degree", 1, 1);
    add_scalar(&T.f, 0, 1, 1, 1);
    ok(curve_start(&sign, &T.s, 0) == 0 && strcmp(T.f.failed_role, "down:1:2") == 0,
       "a curve without its second block");
    scalar_clear(&T);
}

/* x := the 1 x 1 or n x n factor of a bound 0 of the Hessian. */
static void
add_hessian_factor(facts_t *f, const qmat_t L)
{
    evidence_t e;

    evidence_init(&e, EVIDENCE_BOUND, "hessian");
    qmat_set(e.A, L);
    facts_add(f, &e);
}

static void
test_curvature(void)
{
    static const slong down[] = { 1, 1 }, flat[] = { 1, 0 };
    scalar_t T;
    qmat_t L;

    qmat_init(L, 0, 0);
    scalar_init(&T, 2, 0, 1, down);
    ok(curve_negative_curvature(&T.s) && T.f.note_count == 1,
       "at 0 the curvature along (1, 1) is negative");
    scalar_clear(&T);
    scalar_init(&T, 2, 0, 1, flat);
    ok(!curve_negative_curvature(&T.s) && T.f.failed, "along (1, 0) it is not");
    scalar_clear(&T);
    scalar_init(&T, 2, 0, 0, down);
    ok(!curve_negative_curvature(&T.s), "no direction shows nothing");
    scalar_clear(&T);
    scalar_init(&T, 2, 0, 0, down);             /* the Hessian is [0, -1; -1, 0] */
    qmat_set_one(L, 2);
    add_hessian_factor(&T.f, L);
    ok(!curve_hessian_psd(&T.s), "at 0 the Hessian is not positive semidefinite");
    scalar_clear(&T);
    scalar_init(&T, 2, 0, 0, down);
    qmat_set_one(T.P.W, 1);
    qmat_set_one(T.P.W + 1, 1);                 /* now it is [1, 1; 1, 1] */
    random_matrix(L, 2, 2, 0, 1);
    fmpz_one(fmpz_mat_entry(L->num, 0, 0));
    fmpz_one(fmpz_mat_entry(L->num, 1, 0));
    add_hessian_factor(&T.f, L);
    ok(curve_hessian_psd(&T.s), "at (1, 1) it is");
    scalar_clear(&T);
    scalar_init(&T, 2, 0, 0, down);
    ok(!curve_hessian_psd(&T.s), "no factor shows nothing");
    scalar_clear(&T);
    qmat_clear(L);
}

/* A := the r x c matrix of these integers. */
static void
set(qmat_t A, slong r, slong c, const slong *x)
{
    slong i;
    fmpq *e = _fmpq_vec_init(r * c);

    for (i = 0; i < r * c; i++)
        fmpq_set_si(e + i, x[i], 1);
    qmat_set_entries(A, r, c, e);
    _fmpq_vec_clear(e, r * c);
}

/* X = I, Y = diag(3, 2, 1): Sigma = diag(9, 4, 1); W_2 takes axes a and b (-1: none)
   and W_1 = W_2^T Y. */
static void
axes_problem(problem_t *P, slong a, slong b)
{
    static const slong y[] = { 3, 0, 0, 0, 2, 0, 0, 0, 1 };
    slong k;

    problem_init(P);
    qmat_set_one(P->X, 3);
    set(P->Y, 3, 3, y);
    problem_set_samples(P, 3);
    problem_set_network(P, NET_LINEAR, 2, 1);
    random_matrix(P->W + 1, 3, 2, 0, 1);
    for (k = 0; k < 3; k++)
    {
        fmpz_set_si(fmpz_mat_entry(P->W[1].num, k, 0), k == a);
        fmpz_set_si(fmpz_mat_entry(P->W[1].num, k, 1), k == b);
    }
    qmat_transpose(P->W, P->W + 1);
    qmat_mul(P->W, P->W, P->Y);
}

/* The pattern of those axes; number: the eigenvalue 4 lies between 4 +- 1/number, or
   is given exactly if number is 0. */
static void
axes_pattern(pattern_t *p, slong a, slong b, slong number)
{
    static const slong sigma[] = { 9, 4, 1 };
    slong i;

    pattern_init(p, 3);
    for (i = 0; i < 3; i++)
    {
        fmpq_set_si(p->low + i, sigma[i], 1);
        fmpq_set_si(p->high + i, sigma[i], 1);
        p->multiplicity[i] = 1;
        p->captured[i] = i == a || i == b;
    }
    if (number > 0)
    {
        fmpq_set_si(p->low + 1, 4 * number - 1, number);
        fmpq_set_si(p->high + 1, 4 * number + 1, number);
    }
}

static int
verifies(const problem_t *P, const pattern_t *p, slong count)
{
    facts_t f;
    moments_t M;
    int good, at = NOT_ASKED;
    setting_t s = { &f, P, &M, &at, NULL, NULL };

    facts_init(&f, 4096);
    moments_none(&M);
    good = pattern_verify(&s, p, count);
    good &= f.failed == !good;
    facts_clear(&f);
    moments_clear(&M);
    return good;
}

/* Which axes are captured decides pattern and class; anything else is refused. */
static void
test_axes(void)
{
    static const struct { slong a, b; critical_class class; } cases[] = {
        { 0, 1, CRITICAL_MINIMIZER }, { 1, 0, CRITICAL_MINIMIZER }, { 0, 2, CRITICAL_NON_OPTIMAL },
        { 1, 2, CRITICAL_NON_OPTIMAL }, { 1, -1, CRITICAL_NON_OPTIMAL },
        { 0, -1, CRITICAL_OPTIMAL },
        { -1, -1, CRITICAL_OPTIMAL }
    };
    size_t i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++)
    {
        problem_t P;
        pattern_t p;
        slong rank = (cases[i].a >= 0) + (cases[i].b >= 0);
        int right, wrong;
        axes_problem(&P, cases[i].a, cases[i].b);
        axes_pattern(&p, cases[i].a, cases[i].b, i % 2 ? 7 : 0);
        right = pattern_count(&P) == 1 && pattern_rank(&p) == rank && verifies(&P, &p, 1);
        ok(right && pattern_class(&p, &P) == cases[i].class, "axes %ld and %ld: %s",
           (long) cases[i].a, (long) cases[i].b, critical_name[pattern_class(&p, &P)]);
        wrong = verifies(&P, &p, 0) || verifies(&P, &p, 2);
        p.captured[2] = !p.captured[2];
        wrong |= verifies(&P, &p, 1);
        p.captured[2] = !p.captured[2];
        if (rank > 0)
        {   /* the same rank, another axis */
            slong c = p.captured[0];
            memmove(p.captured, p.captured + 1, 2 * sizeof *p.captured);
            p.captured[2] = c;
            wrong |= verifies(&P, &p, 1);
            memmove(p.captured + 1, p.captured, 2 * sizeof *p.captured);
            p.captured[0] = c;
        }
        p.multiplicity[2] = 2;
        wrong |= verifies(&P, &p, 1);
        p.multiplicity[2] = 1;
        fmpq_set_si(p.high + 1, 9, 1);          /* touches the larger one */
        wrong |= verifies(&P, &p, 1);
        fmpq_set_si(p.high + 1, 7, 2);          /* below low */
        wrong |= verifies(&P, &p, 1);
        fmpq_set_si(p.low + 1, 3, 1);           /* beside the eigenvalue */
        wrong |= verifies(&P, &p, 1);
        ok(!wrong, "and no other pattern");
        pattern_clear(&p);
        problem_clear(&P);
    }
}

/* Axis 0 captured: no pattern that captures nothing, leaves an eigenvalue out, or has
   them in another order. */
static void
test_false_patterns(void)
{
    problem_t P;
    pattern_t p;

    axes_problem(&P, 0, -1);
    axes_pattern(&p, -1, -1, 0);
    ok(!verifies(&P, &p, 1), "a pattern of rank 0");
    pattern_clear(&p);
    axes_pattern(&p, 0, -1, 0);
    p.n = 2;
    ok(!verifies(&P, &p, 1), "a pattern of two of three eigenvalues");
    p.n = 3;
    fmpq_swap(p.low, p.low + 1);
    fmpq_swap(p.high, p.high + 1);
    p.captured[0] = 0;
    p.captured[1] = 1;
    ok(!verifies(&P, &p, 1), "the eigenvalues 4, 9, 1 in this order");
    pattern_clear(&p);
    problem_clear(&P);
}

/* W_2 takes a line that is no eigenvector: not invariant, not critical. */
static void
test_not_invariant(void)
{
    problem_t P;
    moments_t M;
    pattern_t p;
    qmat_t Sigma, C, A;
    fmpq_t x;

    qmat_init(Sigma, 0, 0);
    qmat_init(C, 0, 0);
    qmat_init(A, 0, 0);
    fmpq_init(x);
    axes_problem(&P, 0, -1);
    axes_pattern(&p, 0, -1, 0);
    moments_init(&M, &P);
    ok(pattern_matrices(Sigma, C, &P, &M, 0) && qmat_rows(C) == 1 && qmat_rows(Sigma) == 3,
       "an axis is invariant");
    qmat_get_entry(x, C, 0, 0);
    ok(fmpq_cmp_si(x, 9) == 0, "with eigenvalue 9");
    qmat_mul(A, P.Y, P.Y);
    ok(qmat_equal(A, Sigma), "and Sigma is Y Y^T");
    fmpz_one(fmpz_mat_entry(P.W[1].num, 1, 0));
    ok(!pattern_matrices(Sigma, C, &P, &M, 0), "the line between two axes is not");
    ok(!verifies(&P, &p, 1), "and has no pattern");
    pattern_suffix(A, &P, 0);
    ok(qmat_equal(A, P.W + 1), "B_0 is W_2");
    pattern_suffix(A, &P, 1);
    qmat_set_one(C, 3);
    ok(qmat_equal(A, C), "B_1 is the identity");
    moments_clear(&M);
    pattern_clear(&p);
    problem_clear(&P);
    qmat_clear(Sigma);
    qmat_clear(C);
    qmat_clear(A);
    fmpq_clear(x);
}

static int
same_column(const qmat_t A, slong a, const qmat_t B, slong b)
{
    slong i;
    int same = 1;
    fmpq_t x, y;

    fmpq_init(x);
    fmpq_init(y);
    for (i = 0; i < qmat_rows(A); i++)
    {
        qmat_get_entry(x, A, i, a);
        qmat_get_entry(y, B, i, b);
        same &= fmpq_equal(x, y);
    }
    fmpq_clear(x);
    fmpq_clear(y);
    return same;
}

/* Sigma R = R C for random bases of invariant subspaces; random lines are none. */
static void
test_restriction(void)
{
    slong k, i, wrong = 0, lines = 0, pivots[8];
    qmat_t D, T, B, R, C, t, u;

    qmat_init(D, 0, 0);
    qmat_init(T, 0, 0);
    qmat_init(B, 0, 0);
    qmat_init(R, 0, 0);
    qmat_init(C, 0, 0);
    qmat_init(t, 0, 0);
    qmat_init(u, 0, 0);
    for (k = 0; k < 100; k++)
    {
        slong n = 2 + pick(3), p = 1 + pick(n - 1);
        random_matrix(D, n, n, 0, 1);
        for (i = 0; i < n; i++)
            fmpz_set_si(fmpz_mat_entry(D->num, i, i), i + 1);
        do                                      /* B := the first p axes times T, of rank p */
            random_matrix(T, p, p + pick(2), 3, 2);
        while (rank_of(T) < p);
        random_matrix(B, n, p, 0, 1);
        for (i = 0; i < p; i++)
            fmpz_one(fmpz_mat_entry(B->num, i, i));
        qmat_mul(B, B, T);
        wrong += !pattern_restriction(C, R, pivots, D, B) || qmat_rows(C) != p || qmat_cols(C) != p
            || qmat_cols(R) != p;
        qmat_mul(t, D, R);
        qmat_mul(u, R, C);
        wrong += !qmat_equal(t, u);
        for (i = 0; i < p; i++)                 /* R are columns of B */
            wrong += !same_column(R, i, B, pivots[i]);
        random_matrix(B, n, 1, 0, 1);
        fmpz_one(fmpz_mat_entry(B->num, pick(n - 1), 0));
        fmpz_set_si(fmpz_mat_entry(B->num, n - 1, 0), 2);
        lines += pattern_restriction(C, R, pivots, D, B);
    }
    ok(wrong == 0, "100 restrictions to invariant subspaces");
    ok(lines == 0, "lines across the axes are refused");
    qmat_clear(D);
    qmat_clear(T);
    qmat_clear(B);
    qmat_clear(R);
    qmat_clear(C);
    qmat_clear(t);
    qmat_clear(u);
}

/* The deep classes, by patterns alone: widths 3-3-3-3. */
static void
test_deep_classes(void)
{
    static const struct { slong a0, b0, a1, b1; critical_class class; } cases[] = {
        { 0, 2, 0, 1, CRITICAL_DEEP_NON_OPTIMAL }, { 0, -1, 0, 2, CRITICAL_DEEP_NON_OPTIMAL },
        { 0, -1, 0, 1, CRITICAL_DEEP_OPTIMAL }, { 0, -1, 0, -1, CRITICAL_DEEP_OPTIMAL }
    };
    size_t i;
    slong k;
    problem_t P;
    pattern_t p[2];

    axes_problem(&P, 0, 1);
    problem_set_network(&P, NET_LINEAR, 3, 1);
    for (k = 0; k < 3; k++)
        qmat_set_one(P.W + k, 3);
    ok(pattern_count(&P) == 2, "three layers have two patterns");
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
    {
        axes_pattern(p, cases[i].a0, cases[i].b0, 0);
        axes_pattern(p + 1, cases[i].a1, cases[i].b1, 0);
        ok(pattern_class(p, &P) == cases[i].class, "three layers: %s",
           critical_name[pattern_class(p, &P)]);
        pattern_clear(p);
        pattern_clear(p + 1);
    }
    axes_pattern(p, 0, 1, 0);
    axes_pattern(p + 1, 0, 1, 0);
    p[1].captured[2] = 1;
    ok(pattern_class(p, &P) == CRITICAL_OPEN, "W_3 of full rank, the rest not: open");
    p[0].captured[2] = 1;
    ok(pattern_class(p, &P) == CRITICAL_MINIMIZER, "all captured: a minimiser");
    pattern_clear(p);
    pattern_clear(p + 1);
    problem_set_network(&P, NET_LINEAR, 1, 1);
    ok(pattern_count(&P) == 1, "a single layer has one pattern");
    problem_clear(&P);
}

int
main(void)
{
    test_loss();
    test_hessian();
    test_start();
    test_flat();
    test_wrong_curves();
    test_curvature();
    test_axes();
    test_false_patterns();
    test_not_invariant();
    test_restriction();
    test_deep_classes();
    flint_cleanup();
    return done();
}
