/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The regularity condition for linear and residual networks: Zhou & Liang
   2017, Theorems 4 and 5.

   F = (Z - Z*) X D^{1/2} is affine in every block, so F = sum_S F_S over the
   sets S = {i_1 < .. < i_j} of perturbed blocks,
     F_S = B(i_j, n+1) V_{i_j} .. V_{i_2} B(i_1, i_2) V_{i_1} B(0, i_1) X D^{1/2},
   B(i, k) what lies between blocks i and k.  With t_ik >= ||B(i, k)||, ||F_S||_F
   is at most w_S prod ||V_i||_F, w_S the product of the t along the path S.
   Then F - G v = sum_{|S| >= 2} F_S and J v - F = sum_{|S| >= 2} (|S| - 1) F_S. */
#include <stdio.h>
#include "regularity.h"
#include "kernel/ask.h"
#include "kernel/inverse.h"
#include "kernel/number.h"
#include "kernel/limits.h"
#include "rules/about.h"
#include "rules/at_minimum.h"
#include "kernel/scope.h"

/* x >= ||B(i, k)||, at being what lies between blocks i and k (both from 1; 0 is the
   data, n + 1 the output). */
static void
between_norm(fmpq_t x, facts_t *f, const moments_t *M, const qmat_t at, slong i, slong k, slong n)
{
    char role[ROLE_SIZE], meaning[160];
    about_segment_t about = { { about_segment_type }, i + 1, k + 1, n + 2 };
    const about_t *some = n > 24 ? &about.about : NULL;
    MATRICES(K, t);

    snprintf(role, sizeof role, "between:%ld:%ld", (long) i, (long) k);
    snprintf(meaning, sizeof meaning, "\\|B(%ld, %ld)%s\\|_2^2", (long) i, (long) k,
             i == 0 ? " X D^{1/2}" : "");
    if (i == 0)
    {
        qmat_transpose(t, at);
        qmat_mul(K, at, M->Sxx);
        qmat_mul(K, K, t);
        qmat_round(K, f->rounding);
        fact_upper_about(x, f, role, meaning, K, NULL, some);
    }
    else
        fact_norm2(x, f, role, meaning, at, 1, some);
    number_sqrt_upper(x, x);
    number_round_up(x, x);
}

/* t[i * (n + 2) + k] >= ||B(i, k)||, 0 <= i < k <= n + 1; data and output ends
   included. */
static void
between(fmpq *t, facts_t *f, const problem_t *P, const moments_t *M)
{
    slong i, k, n = P->nblocks;
    MATRICES(one);
    walk_t w;

    for (i = 0; i <= n && !f->failed; i++)
    {
        qmat_set_one(one, i == 0 ? qmat_rows(P->X) : qmat_rows(P->W + i - 1));
        walk_forwards(&w, P, i, one);
        w.rounding = f->rounding;
        for (k = i + 1; k <= (i == 0 ? n : n + 1) && !f->failed; k++)
        {
            if (i > 0 && k == i + 1)
                fmpq_one(t + i * (n + 2) + k);
            else
                between_norm(t + i * (n + 2) + k, f, M, w.at, i, k, n);
            if (k <= n)
                walk_step_forwards(&w);
        }
        walk_clear(&w);
    }
}

/* x += y and x += y^2, rounded up: the sums of many layers stay short. */
static void
add_rounded(fmpq_t x, const fmpq_t y)
{
    number_add(x, x, y);
    number_round_up(x, x);
}

static void
add_square(fmpq_t x, const fmpq_t y)
{
    NUMBERS(s);

    number_mul(s, y, y);
    add_rounded(x, s);
}

/* Paths are told apart by the number of their blocks up to this one, which stands for
   itself and all above: they have many small radii as factors and hardly count, but
   their exact sums would be long. */
enum { MOST_BLOCKS = 16 };

/* head[i * (n + 1) + k]: the sum over paths from the data to block i through k
   blocks, block i included, of the t along the path times the radii of the
   blocks before i; tail the same from block i to the output.  k is at most K, which
   stands for K blocks or more. */
static void
path_sums(fmpq *head, fmpq *tail, const fmpq *t, const fmpq *rho, slong n, slong K)
{
    slong i, h, k, before;
    NUMBERS(x, sum);

    for (i = 1; i <= n; i++)
    {
        fmpq_set(head + i * (n + 1) + 1, t + i);
        for (k = 2; k <= FLINT_MIN(i, K); k++)
        {
            fmpq_zero(sum);
            for (before = k - 1; before <= (k < K ? k - 1 : K); before++)
                for (h = before; h < i; h++)
                {
                    number_mul(x, head + h * (n + 1) + before, rho + h - 1);
                    number_mul(x, x, t + h * (n + 2) + i);
                    add_rounded(sum, x);
                }
            fmpq_set(head + i * (n + 1) + k, sum);
        }
    }
    for (i = n; i >= 1; i--)
    {
        fmpq_set(tail + i * (n + 1) + 1, t + i * (n + 2) + n + 1);
        for (k = 2; k <= FLINT_MIN(n - i + 1, K); k++)
        {
            fmpq_zero(sum);
            for (before = k - 1; before <= (k < K ? k - 1 : K); before++)
                for (h = i + 1; h <= n - before + 1; h++)
                {
                    number_mul(x, tail + h * (n + 1) + before, rho + h - 1);
                    number_mul(x, x, t + i * (n + 2) + h);
                    add_rounded(sum, x);
                }
            fmpq_set(tail + i * (n + 1) + k, sum);
        }
    }
}

/* With D_j the sum over |S| = j, i in S, of w_S times the radii of S but i:
   r >= sum_j D_j / j, q >= sum_j (1 - 1/j) D_j, u >= sum_j D_j, j = 2 .. n. */
static void
sums_through(fmpq_t r, fmpq_t q, fmpq_t u, const fmpq *head, const fmpq *tail, slong i, slong n, slong K)
{
    slong j, k, l;
    NUMBERS(x, D);

    fmpq_zero(r);
    fmpq_zero(q);
    fmpq_zero(u);
    for (j = 2; j <= K; j++)
    {
        fmpq_zero(D);
        for (k = 1; k <= FLINT_MIN(i, j); k++)
            for (l = j - k + 1; l <= (j < K ? j - k + 1 : K) && l <= n - i + 1; l++)
            {
                number_mul(x, head + i * (n + 1) + k, tail + i * (n + 1) + l);
                add_rounded(D, x);
            }
        fmpq_set_si(x, j, 1);
        number_div(x, D, x);
        add_rounded(r, x);
        if (j < K || K == n)
            number_sub(x, D, x);
        else
            fmpq_set(x, D);
        add_rounded(q, x);
        add_rounded(u, D);
    }
}

/* j2 >= ||G||^2: G G^T = sum_i (X^T A_i^T A_i X) (x) (P_i P_i^T) is at most
   sum_i t_{i,n+1}^2 (X^T A_i^T A_i X) (x) I, compared on the row space of X:
   mu S - sum_i t_{i,n+1}^2 S T^T A_i^T A_i T S >= 0.  Or the sum of the block
   norms. */
static void
jacobian_at_point(fmpq_t j2, facts_t *f, const problem_t *P, const moments_t *M, const fmpq *t)
{
    slong i, n = P->nblocks;
    NUMBERS(x);
    qmat_t K, R;
    walk_t w;

    fmpq_zero(j2);
    for (i = 1; i <= n; i++)
    {
        number_mul(x, t + i, t + i * (n + 2) + n + 1);
        add_square(j2, x);
    }
    if (M->p > 0 && n > 1 && facts_has_bound(f, "jacobian", M->p))
    {
        qmat_init(K, M->p, M->p);
        qmat_init(R, 0, 0);
        walk_forwards(&w, P, 0, M->T);
        w.rounding = f->rounding;
        for (i = 1; i <= n; i++)
        {
            qmat_mul(R, w.at, M->S);
            qmat_gram(R, R);
            qmat_round(R, f->rounding);
            number_mul(x, t + i * (n + 2) + n + 1, t + i * (n + 2) + n + 1);
            qmat_add_scaled(K, K, x, R);
            walk_step_forwards(&w);
        }
        walk_clear(&w);
        qmat_round(K, f->rounding);
        if (fact_upper_pencil(x, f, "jacobian", "\\|G\\|_2^2", K, M->S, NULL) && fmpq_cmp(x, j2) < 0)
            fmpq_set(j2, x);
        qmat_clear(K);
        qmat_clear(R);
    }
}

static const char between_kept[] = "between";

int
rc_linear_bounds(rc_bounds_t *b, fmpq_t g2, setting_t *s, const fmpq *radius)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    const moments_t *M = setting_moments(s);
    slong i, k, n = P->nblocks, K = FLINT_MIN(n, MOST_BLOCKS), size = (n + 2) * (n + 2);
    const fmpq *kept;
    fmpq *t = _fmpq_vec_init(size), *head = _fmpq_vec_init((n + 1) * (n + 1));
    fmpq *tail = _fmpq_vec_init((n + 1) * (n + 1));
    NUMBERS(x, r, q, u, dev, near, in, out);
    int ok = 0;

    fmpq_zero(b->R);
    fmpq_zero(b->T);
    if (M == NULL)
        ;
    else if (setting_at_minimum(s) != 1)
        facts_fail(f, "point", "Z(W*) X D X^T = Y D X^T does not hold exactly, so the residual map "
                   "does not vanish at W*: regularity needs a global minimiser that attains the "
                   "least-squares minimum; one layer can be written solve");
    else
    {
        kept = setting_kept(s, between_kept);
        if (kept != NULL)
            for (i = 0; i < size; i++)
                fmpq_set(t + i, kept + i);
        else
        {
            between(t, f, P, M);
            jacobian_at_point(t, f, P, M, t);           /* t[0] is free */
            setting_keep(s, between_kept, t, size);
        }
        path_sums(head, tail, t, radius, n, K);
        for (i = 1; i <= n && !f->failed; i++)
        {
            sums_through(r, q, u, head, tail, i, n, K);
            add_square(b->R, r);
            add_square(b->T, q);
            add_square(dev, u);
            fmpq_zero(in);
            fmpq_zero(out);
            for (k = 1; k <= K; k++)
            {
                add_rounded(in, head + i * (n + 1) + k);
                add_rounded(out, tail + i * (n + 1) + k);
            }
            number_mul(x, in, out);         /* >= sup ||P_i|| sup ||A_i X D^{1/2}|| */
            add_square(near, x);
        }
        number_sqrt_upper(b->R, b->R);
        number_sqrt_upper(b->T, b->T);
        fmpq_set(g2, t);
        number_sqrt_upper(x, g2);
        number_sqrt_upper(dev, dev);
        number_add(x, x, dev);
        number_mul(b->J2, x, x);
        if (fmpq_cmp(near, b->J2) < 0)
            fmpq_set(b->J2, near);
        number_round_up(b->J2, b->J2);
        ok = !f->failed;
    }
    if (ok)
    {
        if (n == 1 || !facts_has_bound(f, "jacobian", M->p))
            facts_note(f, "jacobian", "\\|G\\|_2^2", "\\le", g2);
        facts_note(f, "remainder", "\\|E - G v\\| / \\|v\\|", "\\le", b->R);
        facts_note(f, "remainder", "\\|J v - E\\| / \\|v\\|", "\\le", b->T);
        facts_note(f, "jacobian", "\\|J\\|_2^2", "\\le", b->J2);
    }
    _fmpq_vec_clear(t, size);
    _fmpq_vec_clear(head, (n + 1) * (n + 1));
    _fmpq_vec_clear(tail, (n + 1) * (n + 1));
    return ok;
}
