/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include "algebra/approx.h"
#include "kernel/scope.h"
#include "round.h"

/* Bits of a rounded dual point, and of a member, below the largest entry. */
#define DUAL_BITS 50
#define MEMBER_BITS 40

/* x := v rounded to a multiple of 2^-bits. */
static void
round_to(fmpq_t x, double v, slong bits)
{
    approx_set_fmpz(fmpq_numref(x), isfinite(v) ? nearbyint(ldexp(v, (int) FLINT_MIN(bits, 900))) : 0);
    fmpz_one(fmpq_denref(x));
    if (bits >= 0)
        fmpq_div_2exp(x, x, FLINT_MIN(bits, 900));
    else
        fmpq_mul_2exp(x, x, -bits);
}

/* Bits after the point so that the largest of n numbers has so many. */
static slong
fixed_bits(const double *v, slong n, slong bits)
{
    double top = 0;
    slong i;
    int e;

    for (i = 0; i < n; i++)
        top = fmax(top, fabs(v[i]));
    if (!(top > 0) || !isfinite(top))
        return bits;
    frexp(top, &e);
    return bits - e;
}

/* One sample of cross-entropy: u = C pi - c w y, pi a rounded distribution; what is below least
   becomes 0. */
static void
round_distribution(fmpq *u, const convex_t *c, slong i, double least)
{
    const problem_t *P = c->P;
    slong k, top = 0, d = c->d;
    NUMBERS(cw, s, C, rest);
    fmpq *y = _fmpq_vec_init(2 * d), *pi = y + d;
    double total = 0;

    fmpq_mul(cw, P->scale, P->weights + i);
    for (k = 0; k < d; k++)
    {
        qmat_get_entry(y + k, P->Y, k, i);
        fmpq_add(s, s, y + k);
    }
    fmpq_mul(C, cw, s);
    fmpq_one(rest);
    total = fmpq_get_d(C);
    for (k = 0; k < d; k++)
    {
        double p = total > 0 ? (c->u[k * c->m + i] + c->cw[i] * c->Y[k * c->m + i]) / total : 0;
        round_to(pi + k, p < least ? 0 : fmax(p, 0), DUAL_BITS);
        fmpq_sub(rest, rest, pi + k);
        if (fmpq_cmp(pi + k, pi + top) > 0)
            top = k;
    }
    fmpq_add(pi + top, pi + top, rest);         /* the largest takes what is left */
    for (k = 0; k < d; k++)
    {
        fmpq_mul(u + k * c->m + i, C, pi + k);
        fmpq_submul(u + k * c->m + i, cw, y + k);
    }
    _fmpq_vec_clear(y, 2 * d);
}

void
round_dual(qmat_t U, const convex_t *c, double least)
{
    slong i, k, N = c->d * c->m, bits = fixed_bits(c->u, N, DUAL_BITS);
    fmpq *u = _fmpq_vec_init(N);
    double top = 0;
    NUMBERS(y, cw);

    for (i = 0; i < N; i++)
        top = fmax(top, fabs(c->u[i]));
    for (i = 0; i < c->m; i++)
    {
        fmpq_mul(cw, c->P->scale, c->P->weights + i);
        if (fmpq_is_zero(cw))
            continue;
        if (c->P->loss == LOSS_CROSS_ENTROPY)
        {
            round_distribution(u, c, i, least);
            continue;
        }
        for (k = 0; k < c->d; k++)
        {
            round_to(u + k * c->m + i, c->u[k * c->m + i], bits);
            qmat_get_entry(y, c->P->Y, k, i);
            if (c->P->loss != LOSS_SQUARE && (fmpq_sgn(u + k * c->m + i) * fmpq_sgn(y) >= 0
                                              || fabs(c->u[k * c->m + i]) < least * top))
                fmpq_zero(u + k * c->m + i);
            if (c->P->loss == LOSS_LOGISTIC)
            {   /* at most c w |y| */
                fmpq_mul(y, y, cw);
                fmpq_neg(y, y);
                if (fmpq_cmp(u + k * c->m + i, y) * fmpq_sgn(y) > 0)
                    fmpq_set(u + k * c->m + i, y);
            }
        }
    }
    qmat_set_entries(U, c->d, c->m, u);
    _fmpq_vec_clear(u, N);
}

/* A := beta, r x c entries from at on, rounded; scaled slightly towards the centre if there is
   a radius, so that it stays inside. */
static void
round_block(qmat_t A, const double *beta, slong r, slong c, slong bits, double shrink)
{
    fmpq *x = _fmpq_vec_init(r * c);
    slong i;

    for (i = 0; i < r * c; i++)
        round_to(x + i, beta[i] * shrink, bits);
    qmat_set_entries(A, r, c, x);
    _fmpq_vec_clear(x, r * c);
}

void
round_member(basis_point_t *x, const model_t *M, const convex_t *c)
{
    slong bits = fixed_bits(c->beta, c->n, MEMBER_BITS), k;
    double shrink = 1, size = sqrt(approx_dot(c->beta, c->beta, c->n));
    const double *beta = c->beta;
    NUMBERS(one);
    MATRICES(centre);

    fmpq_one(one);
    if (isfinite(M->radius))            /* the minimiser lies inside up to a small error */
        shrink = (1 - 1e-9) * (size > M->radius ? M->radius / size : 1);
    x->members = M->T.n;
    x->member = qmat_vec_init(M->T.n);
    for (k = 0; k < M->T.n; k++)
    {
        slong height = model_height(M, k), rows = qmat_rows(M->T.rows + k);
        if (rows == 0)
            continue;
        round_block(x->member + k, beta, height, rows, bits, shrink);
        beta += height * rows;
        if (basis_is_affine(M->basis) || !isfinite(M->radius))
            continue;
        problem_block(centre, M->P, M->P->l - 1, 1);
        qmat_add_scaled(x->member + k, x->member + k, one, centre);
    }
}
