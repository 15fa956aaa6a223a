/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kinks, and first-order conditions.  Zhou & Liang 2018, section 4, for points off the kinks; Yun, Sra & Jadbabaie 2018 for the others. */
#include <stdio.h>
#include "kernel/ask.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "kinks.h"
#include "rules/hessian/hessian.h"

const char kinks_about_multipliers[] = "multipliers";

const char *
kinks_refuses(const problem_t *P)
{
    const char *why = pass_loss_refuses(P);

    if (why == NULL)
        why = refuse_all_but_square_loss(P);
    if (why != NULL)
        return why;
    return hessian_refuses(P) == NULL ? NULL : "the theorem treats one hidden layer of relu, leaky-relu or identity units";
}

/* a; 1 for linear units. */
static void
find_slope(fmpq_t a, const problem_t *P)
{
    fmpq_one(a);
    if (P->act != NULL)
        activation_negative_slope(a, P->act);
}

/* X' of all samples, and Z = [W_1, b_1] X'. */
static void
find_inputs(qmat_t X, qmat_t Z, const problem_t *P)
{
    MATRICES(t);

    qmat_set(X, P->X);
    if (problem_bias(P, 0) != NULL)
    {
        qmat_ones(t, 1, qmat_cols(X));
        qmat_stack(X, X, t);
    }
    problem_block(t, P, 0, 1);
    qmat_mul(Z, t, X);
}

static int
column_is_zero(const qmat_t A, slong j)
{
    slong i;

    for (i = 0; i < qmat_rows(A); i++)
        if (!fmpz_is_zero(fmpz_mat_entry(A->num, i, j)))
            return 0;
    return 1;
}

int
kinks_are_there(const problem_t *P)
{
    slong i, j;
    int there = 0;
    NUMBERS(a);
    MATRICES(X, Z);

    if (kinks_refuses(P) != NULL)
        return 0;
    find_slope(a, P);
    if (fmpq_is_one(a))
        return 0;
    find_inputs(X, Z, P);
    for (j = 0; j < qmat_cols(Z) && !there; j++)
        for (i = 0; i < qmat_rows(Z) && !there; i++)
            there = fmpz_is_zero(fmpz_mat_entry(Z->num, i, j)) && !column_is_zero(X, j);
    return there && work_exceeded() == NULL;
}

/* 1 if x_k = l x_j, neither being 0; l. */
static int
are_parallel(fmpq_t l, const qmat_t X, slong j, slong k)
{
    slong a, b = 0;
    INTEGERS(x, y);

    while (fmpz_is_zero(fmpz_mat_entry(X->num, b, j)))
        b++;
    if (fmpz_is_zero(fmpz_mat_entry(X->num, b, k)))
        return 0;
    for (a = 0; a < qmat_rows(X); a++)
    {
        fmpz_mul(x, fmpz_mat_entry(X->num, a, k), fmpz_mat_entry(X->num, b, j));
        fmpz_mul(y, fmpz_mat_entry(X->num, b, k), fmpz_mat_entry(X->num, a, j));
        if (!fmpz_equal(x, y))
            return 0;
    }
    fmpq_set_fmpz_frac(l, fmpz_mat_entry(X->num, b, k), fmpz_mat_entry(X->num, b, j));
    return 1;
}

/* Unit i at its kink on sample j, which counts: adds it to its line; c and linear: the rows of unit i. */
static void
add_kink(kinks_t *T, fmpq *c, fmpq *linear, slong i, slong j)
{
    slong k, *line = T->line + i * T->m;
    NUMBERS(l, x);

    line[j] = j + 1;
    for (k = 0; k < j; k++)
        if (line[k] == k + 1 && are_parallel(l, T->X, k, j))
            break;
    if (k == j)
        return;
    line[j] = fmpq_sgn(l) > 0 ? k + 1 : -(k + 1);
    if (fmpq_sgn(l) < 0)
    {
        fmpq_one(x);
        number_add(x, x, T->slope);
        number_mul(linear + j, x, c + j);
    }
    fmpq_abs(l, l);
    number_addmul(c + k, l, c + j);
    fmpq_zero(c + j);
}

/* Slopes, lines and what the kinks of unit i add; Z = [W_1, b_1] X'. */
static void
find_unit(kinks_t *T, fmpq *slopes, fmpq *c, fmpq *linear, const qmat_t Z, slong i)
{
    slong j;
    int *kink = T->kink + i * T->m;

    if (!work_take(T->m, T->d, 1, qmat_length(T->X), 0))
        return;
    for (j = 0; j < T->m; j++)
    {
        int sign = fmpz_sgn(fmpz_mat_entry(Z->num, i, j));
        if (column_is_zero(T->X, j))
            continue;
        if (!fmpq_is_one(T->slope) && sign == 0)
        {
            if (!work_take(j + 1, T->d, 1, qmat_length(T->X), qmat_length(T->X)))
                return;
            add_kink(T, c, linear, i, j);
            continue;
        }
        fmpq_set(slopes + j, T->slope);
        if (sign > 0)
            fmpq_one(slopes + j);
        number_mul(linear + j, c + j, slopes + j);
    }
    for (j = 0; j < T->m; j++)
        if (T->line[i * T->m + j] != 0)
            kink[j] = T->line[i * T->m + j] != j + 1 ? KINK_OTHER : fmpq_is_zero(c + j) ? KINK_FLAT : KINK_SHARP;
}

/* The same for all units; on entry c is D_j u_i.e_j everywhere. */
static void
find_units(kinks_t *T, const qmat_t Z)
{
    slong i, e, m = T->m, n = T->units * m;
    fmpq *slopes = _fmpq_vec_init(n), *c = _fmpq_vec_init(n), *linear = _fmpq_vec_init(n);

    for (e = 0; e < n; e++)
        qmat_get_entry(c + e, T->c, e / m, e % m);
    for (i = 0; i < T->units && work_exceeded() == NULL; i++)
        find_unit(T, slopes + i * m, c + i * m, linear + i * m, Z, i);
    qmat_set_entries(T->slopes, T->units, m, slopes);
    qmat_set_entries(T->c, T->units, m, c);
    qmat_set_entries(T->linear, T->units, m, linear);
    _fmpq_vec_clear(slopes, n);
    _fmpq_vec_clear(c, n);
    _fmpq_vec_clear(linear, n);
}

int
kinks_init(kinks_t *T, pass_t *p)
{
    const problem_t *P = p->P;
    slong j, m = qmat_cols(P->X);
    fmpq *D = _fmpq_vec_init(m);
    MATRICES(Z, t);

    T->p = p;
    T->P = P;
    T->units = qmat_rows(P->W);
    T->m = m;
    fmpq_init(T->slope);
    find_slope(T->slope, P);
    qmat_init(T->X, 0, 0);
    qmat_init(T->slopes, 0, 0);
    qmat_init(T->residual, 0, 0);
    qmat_init(T->c, 0, 0);
    qmat_init(T->linear, 0, 0);
    find_inputs(T->X, Z, P);
    T->d = qmat_rows(T->X);
    problem_curvature(D, P);
    qmat_sub(T->residual, pass_output(p), P->Y);
    qmat_scale_columns(T->residual, T->residual, D);
    qmat_transpose(t, P->W + 1);
    qmat_mul(T->c, t, T->residual);
    for (j = 0; j < m; j++)
        fmpq_set_si(D + j, fmpq_sgn(D + j) > 0, 1);
    qmat_scale_columns(T->X, T->X, D);
    T->kink = flint_calloc(T->units * m + 1, sizeof *T->kink);
    T->line = flint_calloc(T->units * m + 1, sizeof *T->line);
    find_units(T, Z);
    _fmpq_vec_clear(D, m);
    return work_exceeded() == NULL;
}

void
kinks_clear(kinks_t *T)
{
    fmpq_clear(T->slope);
    qmat_clear(T->X);
    qmat_clear(T->slopes);
    qmat_clear(T->residual);
    qmat_clear(T->c);
    qmat_clear(T->linear);
    flint_free(T->kink);
    flint_free(T->line);
}

slong
kinks_count(const kinks_t *T, int which)
{
    slong i, n = 0;

    for (i = 0; i < T->units * T->m; i++)
        n += T->kink[i] == which;
    return n;
}

int
kinks_have(const kinks_t *T, int which)
{
    return kinks_count(T, which) > 0;
}

/* g += mu [W_k, b_k], biases as they are decayed; row: one row of it, or -1. */
static void
add_decay(qmat_t g, const problem_t *P, slong k, slong row)
{
    MATRICES(w);

    if (fmpq_is_zero(P->weight_decay))
        return;
    problem_block(w, P, k, problem_decayed_bias(P, k) != NULL);
    if (row >= 0)
        qmat_some_rows(w, w, row, 1);
    qmat_add_scaled(g, g, P->weight_decay, w);
}

void
kinks_unit_gradient(qmat_t g, const kinks_t *T, slong i)
{
    MATRICES(t);

    qmat_some_rows(g, T->linear, i, 1);
    qmat_transpose(t, T->X);
    qmat_mul(g, g, t);
    add_decay(g, T->P, 0, i);
}

void
kinks_last_gradient(qmat_t g, const kinks_t *T)
{
    MATRICES(Phi);

    pass_input_rows(Phi, T->p, 1);
    qmat_transpose(Phi, Phi);
    qmat_mul(g, T->residual, Phi);
    add_decay(g, T->P, 1, -1);
}

void
kinks_gradient_norm2(fmpq_t g2, const kinks_t *T)
{
    slong i;
    NUMBERS(x);
    MATRICES(g);

    kinks_last_gradient(g, T);
    qmat_frobenius2_midpoint(g2, g);
    for (i = 0; i < T->units; i++)
    {
        kinks_unit_gradient(g, T, i);
        qmat_frobenius2_midpoint(x, g);
        number_add(g2, g2, x);
    }
}

/* The sign of (1 - a) c_ij. */
static int
sign_of(const kinks_t *T, slong i, slong j)
{
    return fmpz_sgn(fmpz_mat_entry(T->c->num, i, j)) * (fmpq_cmp_si(T->slope, 1) < 0 ? 1 : -1);
}

slong
kinks_sharp(slong *concave, const kinks_t *T, slong i)
{
    slong j, sharp = 0;

    *concave = 0;
    for (j = 0; j < T->m; j++)
        if (T->kink[i * T->m + j] == KINK_SHARP)
        {
            sharp++;
            *concave += sign_of(T, i, j) < 0;
        }
    return sharp;
}

/* g += y x_j. */
static void
add_sample(qmat_t g, const kinks_t *T, slong j, const fmpq_t y)
{
    MATRICES(x);

    qmat_some_columns(x, T->X, j, 1);
    qmat_transpose(x, x);
    qmat_add_scaled(g, g, y, x);
}

/* Row r of the multipliers A of unit i: on the cone where delta.x_j has the sign + or - of bit b of r for the b-th concave kink, the derivative along
   delta is g.delta + sum c_ij s(delta.x_j), and at least g + sum c_ij (a + (1 - a) tau_j) x_j (convex kinks) + sum c_ij (1 or a) x_j - nu_j (+-) x_j
   (concave ones), times delta, for 0 <= tau_j <= 1 and nu_j >= 0.  1 if that is 0. */
static int
row_is_right(const kinks_t *T, slong i, const qmat_t A, slong r, int strictly)
{
    slong j, n = 0, bit = 0;
    int ok = 1;
    NUMBERS(x, y, c, one);
    MATRICES(g);

    fmpq_one(one);
    kinks_unit_gradient(g, T, i);
    for (j = 0; j < T->m && ok; j++)
    {
        if (T->kink[i * T->m + j] != KINK_SHARP)
            continue;
        qmat_get_entry(x, A, r, n++);
        qmat_get_entry(c, T->c, i, j);
        if (sign_of(T, i, j) > 0)
        {
            ok = strictly ? fmpq_sgn(x) > 0 && fmpq_cmp(x, one) < 0 : fmpq_sgn(x) >= 0 && fmpq_cmp(x, one) <= 0;
            number_sub(y, one, T->slope);
            number_mul(y, y, x);
            number_add(y, y, T->slope);
            number_mul(y, y, c);
        }
        else
        {
            int minus = (int) (r >> bit++ & 1);
            ok = !strictly && fmpq_sgn(x) >= 0;
            number_mul(y, minus ? T->slope : one, c);
            if (minus)
                number_add(y, y, x);
            else
                number_sub(y, y, x);
        }
        add_sample(g, T, j, y);
    }
    return ok && qmat_is_zero(g);
}

/* Unit i, which has sharp kinks. */
static int
unit_is_stationary(const kinks_t *T, facts_t *f, slong i, int strictly)
{
    slong r, concave, sharp = kinks_sharp(&concave, T, i);
    char role[ROLE_SIZE];
    kinks_about_t about = { .about = { kinks_about_multipliers }, .T = T, .unit = i, .strictly = strictly };
    const qmat_struct *A;

    snprintf(role, sizeof role, "multipliers:%ld", (long) i + 1);
    if (concave > (strictly ? 0 : KINKS_MOST_CONCAVE))
    {
        facts_fail(f, role, strictly ? "%ld kinks of this unit are concave: where h has no gradient it has a minimum at convex ones only"
                   : "%ld kinks of this unit are concave, too many for all their signs", (long) concave);
        return 0;
    }
    A = fact_matrix(f, role, WORD(1) << concave, sharp, &about.about, 1);
    if (A == NULL)
        return 0;
    for (r = 0; r < qmat_rows(A) && !f->failed; r++)
        if (!qmat_is_exact(A) || !row_is_right(T, i, A, r, strictly))
            facts_fail(f, role, strictly ? "multipliers strictly between 0 and 1 that balance the gradient are expected" : "these multipliers do not show it");
    return !f->failed;
}

int
kinks_are_stationary(const kinks_t *T, setting_t *s, int strictly)
{
    slong i, concave;
    MATRICES(g);

    kinks_last_gradient(g, T);
    if (!qmat_is_zero(g))
        facts_fail(s->f, "conclusion", "the gradient by the last layer is not zero");
    for (i = 0; i < T->units && !s->f->failed; i++)
    {
        kinks_unit_gradient(g, T, i);
        if (kinks_sharp(&concave, T, i) > 0)
            unit_is_stationary(T, s->f, i, strictly);
        else if (!qmat_is_zero(g))
            facts_fail(s->f, "conclusion", "the gradient by the weights of unit %ld is not zero", (long) i + 1);
    }
    return !s->f->failed;
}
