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
#include "kernel/number.h"
#include "kernel/limits.h"
#include "rules/about.h"
#include "kernel/scope.h"

/* x >= ||B(i, k)||, at being what lies between blocks i and k (both from 1; 0 is the
   data, n + 1 the output). */
static void
between_norm(fmpq_t x, facts_t *f, const moments_t *M, const qmat_t at, slong i, slong k, slong n)
{
    char role[ROLE_SIZE], meaning[160];
    about_segment_t about = { { about_segment_type }, i + 1, k + 1, n + 2 };
    MATRICES(K, t);

    snprintf(role, sizeof role, "between:%ld:%ld", (long) i, (long) k);
    snprintf(meaning, sizeof meaning, "\\|B(%ld, %ld)%s\\|_2^2", (long) i, (long) k,
             i == 0 ? " X D^{1/2}" : "");
    if (i == 0)
    {
        qmat_transpose(t, at);
        qmat_mul(K, at, M->Sxx);
        qmat_mul(K, K, t);
    }
    else
        qmat_gram_smaller(K, at);
    qmat_round(K, f->rounding);
    fact_upper_about(x, f, role, meaning, K, NULL, n > 24 ? &about.about : NULL);
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

/* head[i * (n + 1) + k]: the sum over paths from the data to block i through k
   blocks, block i included, of the t along the path times the radii of the
   blocks before i; tail the same from block i to the output. */
static void
path_sums(fmpq *head, fmpq *tail, const fmpq *t, const fmpq *rho, slong n)
{
    slong i, h, k;
    NUMBERS(x, sum);

    for (i = 1; i <= n; i++)
    {
        fmpq_set(head + i * (n + 1) + 1, t + i);
        for (k = 2; k <= i; k++)
        {
            fmpq_zero(sum);
            for (h = k - 1; h < i; h++)
            {
                number_mul(x, head + h * (n + 1) + k - 1, rho + h - 1);
                number_mul(x, x, t + h * (n + 2) + i);
                number_add(sum, sum, x);
                number_round_up(sum, sum);
            }
            fmpq_set(head + i * (n + 1) + k, sum);
        }
    }
    for (i = n; i >= 1; i--)
    {
        fmpq_set(tail + i * (n + 1) + 1, t + i * (n + 2) + n + 1);
        for (k = 2; k <= n - i + 1; k++)
        {
            fmpq_zero(sum);
            for (h = i + 1; h <= n - k + 2; h++)
            {
                number_mul(x, tail + h * (n + 1) + k - 1, rho + h - 1);
                number_mul(x, x, t + i * (n + 2) + h);
                number_add(sum, sum, x);
                number_round_up(sum, sum);
            }
            fmpq_set(tail + i * (n + 1) + k, sum);
        }
    }
}

/* x += y^2, rounded up. */
static void
add_square(fmpq_t x, const fmpq_t y)
{
    NUMBERS(s);

    number_mul(s, y, y);
    number_add(x, x, s);
    number_round_up(x, x);
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

int
rc_linear_bounds(rc_bounds_t *b, fmpq_t g2, setting_t *s, const fmpq *radius)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    const moments_t *M = setting_moments(s);
    slong i, j, k, n = P->nblocks;
    fmpq *t = _fmpq_vec_init((n + 2) * (n + 2)), *head = _fmpq_vec_init((n + 1) * (n + 1));
    fmpq *tail = _fmpq_vec_init((n + 1) * (n + 1));
    NUMBERS(D, x, r, q, u, dev, near, in, out);
    int ok = 0;

    fmpq_zero(b->R);
    fmpq_zero(b->T);
    if (M == NULL)
        ;
    else if (!network_is_minimizer(P, M))
        facts_fail(f, "point", "Z(W*) X D X^T = Y D X^T does not hold exactly, so the residual map "
                   "does not vanish at W*: regularity needs a global minimiser that attains the "
                   "least-squares minimum; one layer can be written solve");
    else
    {
        between(t, f, P, M);
        path_sums(head, tail, t, radius, n);
        for (i = 1; i <= n && !f->failed; i++)
        {
            /* D_ij: the sum over |S| = j, i in S, of w_S times the other radii */
            fmpq_zero(r);
            fmpq_zero(q);
            fmpq_zero(u);
            for (j = 2; j <= n; j++)
            {
                fmpq_zero(D);
                for (k = FLINT_MAX(1, j - (n - i)); k <= FLINT_MIN(i, j); k++)
                {
                    number_mul(x, head + i * (n + 1) + k, tail + i * (n + 1) + j - k + 1);
                    number_add(D, D, x);
                    number_round_up(D, D);
                }
                fmpq_set_si(x, j, 1);
                number_div(x, D, x);
                number_add(r, r, x);
                number_sub(x, D, x);          /* (j - 1) / j D */
                number_add(q, q, x);
                number_add(u, u, D);
            }
            add_square(b->R, r);
            add_square(b->T, q);
            add_square(dev, u);
            fmpq_zero(in);
            fmpq_zero(out);
            for (k = 1; k <= n; k++)
            {
                number_add(in, in, head + i * (n + 1) + k);
                number_add(out, out, tail + i * (n + 1) + k);
            }
            number_mul(x, in, out);         /* >= sup ||P_i|| sup ||A_i X D^{1/2}|| */
            add_square(near, x);
        }
        number_sqrt_upper(b->R, b->R);
        number_sqrt_upper(b->T, b->T);
        jacobian_at_point(x, f, P, M, t);
        fmpq_set(g2, x);
        number_sqrt_upper(x, x);
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
        facts_note(f, "remainder", "\\|E - G v\\| / \\|v\\|", "\\le", b->R);
        facts_note(f, "remainder", "\\|J v - E\\| / \\|v\\|", "\\le", b->T);
        facts_note(f, "jacobian", "\\|J\\|_2^2", "\\le", b->J2);
    }
    _fmpq_vec_clear(t, (n + 2) * (n + 2));
    _fmpq_vec_clear(head, (n + 1) * (n + 1));
    _fmpq_vec_clear(tail, (n + 1) * (n + 1));
    return ok;
}
