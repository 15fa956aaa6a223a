/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include "approx.h"
#include "extreme.h"

/* Bits of an eigenvector in double precision. */
#define VECTOR_BITS 52

/* q := <x, A x>, A NULL: the identity. */
static void
form_at(fmpq_t q, const qmat_struct *A, const qmat_t x)
{
    qmat_t t;

    qmat_init(t, 0, 0);
    if (A == NULL)
        qmat_frobenius2_midpoint(q, x);
    else
    {
        qmat_mul(t, A, x);
        qmat_inner(q, t, x);
    }
    qmat_clear(t);
}

void
extreme_quotient(fmpq_t q, const extreme_t *p, const qmat_t x)
{
    fmpq_t d;

    fmpq_init(d);
    form_at(d, p->N, x);
    if (fmpq_is_zero(d))
        fmpq_zero(q);
    else
    {
        form_at(q, p->K, x);
        fmpq_div(q, q, d);
    }
    fmpq_clear(d);
}

/* x := v, its largest entry scaled to 1. */
static void
set_vector(qmat_t x, const double *v, slong n)
{
    slong i;
    double big = 0;
    fmpq *e = _fmpq_vec_init(n);

    for (i = 0; i < n; i++)
        big = fmax(big, fabs(v[i]));
    for (i = 0; i < n && big > 0; i++)
    {
        approx_set_fmpz(fmpq_numref(e + i), nearbyint(ldexp(v[i] / big, VECTOR_BITS)));
        fmpq_div_2exp(e + i, e + i, VECTOR_BITS);
    }
    qmat_set_entries(x, n, 1, e);
    _fmpq_vec_clear(e, n);
}

int
extreme_double(fmpq_t mu, qmat_t x, int *reliable, const extreme_t *p)
{
    slong n = qmat_rows(p->K), shift = approx_exponent(p->K), k = p->largest ? n - 1 : 0;
    double *A = approx_matrix(p->K, shift), *B = NULL, safe = 1, largest = 0;
    double *w = flint_malloc(n * sizeof *w), *v = flint_calloc(n, sizeof *v);
    int ok;

    if (p->N == NULL)
        ok = approx_eigen(w, A, n, x != NULL);
    else
    {
        B = approx_matrix(p->N, approx_exponent(p->N));
        shift -= approx_exponent(p->N);
        ok = approx_pencil(w, &safe, x == NULL ? NULL : v, k, A, B, n);
    }
    if (ok)
    {
        largest = fmax(fabs(w[0]), fabs(w[n - 1]));
        approx_to_fmpq(mu, w[k], 53, 0);
        fmpq_mul_2exp(mu, mu, FLINT_MAX(shift, 0));
        fmpq_div_2exp(mu, mu, FLINT_MAX(-shift, 0));
    }
    *reliable = ok && fabs(w[k]) * safe > ldexp(largest, (int) p->bits - 46);
    if (ok && x != NULL)
    {
        set_vector(x, p->N == NULL ? A + k * n : v, n);
        extreme_quotient(mu, p, x);
    }
    flint_free(A);
    flint_free(B);
    flint_free(w);
    flint_free(v);
    return ok;
}

/* The part of extreme_long that is added to the diagonal of the matrix that is factored, so
   that rounding does not make it indefinite. */
static slong
lift_bits(slong prec)
{
    return prec - 24;
}

/* L := a Cholesky factor of K, or of N for the largest eigenvalue, and C := L^-1 N L^-T,
   respectively L^-1 K L^-T, whose largest eigenvalue is 1 / mu, respectively mu. */
static int
whiten(arb_mat_t C, arb_mat_t L, const extreme_t *p, slong prec)
{
    const qmat_struct *P = p->largest ? p->K : p->N, *Q = p->largest ? p->N : p->K;
    slong i;
    arb_t t;

    if (P == NULL)
        arb_mat_one(C);
    else
        approx_arb(C, P, prec);
    arb_mat_one(L);
    if (Q == NULL)
        return 1;
    approx_arb(L, Q, prec);
    arb_init(t);
    for (i = 0; i < qmat_rows(Q); i++)
    {
        arb_mul_2exp_si(t, arb_mat_entry(L, i, i), -lift_bits(prec));
        arb_add(arb_mat_entry(L, i, i), arb_mat_entry(L, i, i), t, prec);
        mag_zero(arb_radref(arb_mat_entry(L, i, i)));
    }
    arb_clear(t);
    if (!approx_cholesky(L, prec))
        return 0;
    arb_mat_approx_solve_tril(C, L, C, 0, prec);
    arb_mat_transpose(C, C);
    arb_mat_approx_solve_tril(C, L, C, 0, prec);
    return 1;
}

/* C := C / 2^e with a trace between 1/2 and 1, rounded to prec bits; r := ||C||_F^2 / trace^2.
   0 if the trace is not positive. */
static int
normalise(arb_t r, arb_mat_t C, slong prec)
{
    slong i, n = arb_mat_nrows(C);
    arb_t t;
    int ok;

    arb_init(t);
    for (i = 0; i < n; i++)
        arb_add(t, t, arb_mat_entry(C, i, i), prec);
    ok = arb_is_finite(t) && arf_sgn(arb_midref(t)) > 0;
    if (ok)
        arb_mat_scalar_mul_2exp_si(C, C, -arf_abs_bound_lt_2exp_si(arb_midref(t)));
    arb_zero(t);
    arb_zero(r);
    for (i = 0; i < n * n; i++)
    {
        arb_ptr c = arb_mat_entry(C, i / n, i % n);
        arb_set_round(c, c, prec);
        mag_zero(arb_radref(c));
        arb_addmul(r, c, c, prec);
        if (i / n == i % n)
            arb_add(t, t, c, prec);
    }
    arb_div(r, r, t, prec);
    arb_div(r, r, t, prec);
    mag_zero(arb_radref(r));
    arb_clear(t);
    return ok;
}

/* y := a vector of the largest eigenvalue of C >= 0, or of eigenvalues that agree with it to
   so many bits: C is squared until nothing else is left.  However close they lie, bits
   squarings are enough.  C is overwritten. */
static int
dominant(arb_mat_t y, arb_mat_t C, slong bits)
{
    slong i, k, best = 0, n = arb_mat_nrows(C), prec = 2 * bits + 64;
    arb_t r, old;
    int ok, done;

    arb_init(r);
    arb_init(old);
    ok = normalise(r, C, prec);
    for (k = 0, done = 0; ok && !done && k < bits + 12; k++)
    {
        arb_swap(r, old);
        arb_mat_approx_mul(C, C, C, prec);
        ok = normalise(r, C, prec);
        arb_sub(old, old, r, prec);
        done = arf_cmpabs_2exp_si(arb_midref(old), -(2 * bits + 16)) < 0;
    }
    for (i = 1; i < n; i++)
        if (arf_cmp(arb_midref(arb_mat_entry(C, i, i)),
                    arb_midref(arb_mat_entry(C, best, best))) > 0)
            best = i;
    for (i = 0; i < n; i++)
        arb_set(arb_mat_entry(y, i, 0), arb_mat_entry(C, i, best));
    arb_clear(r);
    arb_clear(old);
    return ok;
}

/* The exponent of sqrt(Q_ii), Q NULL: the identity. */
static slong
weight(const qmat_struct *Q, slong i)
{
    const fmpz *q;

    if (Q == NULL)
        return 0;
    q = fmpz_mat_entry(Q->num, i, i);
    return ((slong) fmpz_bits(q) - (slong) fmpz_bits(Q->den)) / 2;
}

/* x := y rounded, with so many bits where sqrt(Q_ii) y_i is largest: as <x, Q x> feels it. */
static void
round_vector(qmat_t x, const arb_mat_t y, const qmat_struct *Q, slong bits)
{
    slong i, n = arb_mat_nrows(y), top = 0;
    int any = 0;
    fmpq *e = _fmpq_vec_init(n);
    arf_t u;

    arf_init(u);
    for (i = 0; i < n; i++)
        if (!arf_is_zero(arb_midref(arb_mat_entry(y, i, 0))))
        {
            slong size = weight(Q, i)
                + arf_abs_bound_lt_2exp_si(arb_midref(arb_mat_entry(y, i, 0)));
            top = any ? FLINT_MAX(top, size) : size;
            any = 1;
        }
    for (i = 0; i < n; i++)
    {
        slong b = bits - top + weight(Q, i);
        arf_mul_2exp_si(u, arb_midref(arb_mat_entry(y, i, 0)), b);
        arf_get_fmpz(fmpq_numref(e + i), u, ARF_RND_NEAR);
        fmpq_div_2exp(e + i, e + i, FLINT_MAX(b, 0));
        fmpq_mul_2exp(e + i, e + i, FLINT_MAX(-b, 0));
    }
    qmat_set_entries(x, n, 1, e);
    arf_clear(u);
    _fmpq_vec_clear(e, n);
}

/* 1 if what was added to the diagonal of Q is not felt: 2^-lift sum Q_ii x_i^2 is less than
   2^-bits <x, Q x> / 4. */
static int
is_settled(const qmat_struct *Q, const qmat_t x, slong bits, slong lift)
{
    slong i;
    fmpq_t sum, q, t;
    int settled;

    if (Q == NULL)
        return 1;
    fmpq_init(sum);
    fmpq_init(q);
    fmpq_init(t);
    for (i = 0; i < qmat_rows(Q); i++)
    {
        qmat_get_entry(t, x, i, 0);
        fmpq_mul(t, t, t);
        qmat_get_entry(q, Q, i, i);
        fmpq_addmul(sum, t, q);
    }
    fmpq_div_2exp(sum, sum, lift);
    form_at(q, Q, x);
    fmpq_div_2exp(q, q, bits + 2);
    settled = fmpq_cmp(sum, q) < 0;
    fmpq_clear(sum);
    fmpq_clear(q);
    fmpq_clear(t);
    return settled;
}

int
extreme_long(fmpq_t mu, qmat_t x, int *reliable, const extreme_t *p, slong prec)
{
    const qmat_struct *Q = p->largest ? p->N : p->K;
    slong n = qmat_rows(p->K);
    arb_mat_t C, L, y;
    int ok;

    arb_mat_init(C, n, n);
    arb_mat_init(L, n, n);
    arb_mat_init(y, n, 1);
    ok = whiten(C, L, p, prec) && dominant(y, C, p->bits);
    if (ok)
    {
        arb_mat_transpose(L, L);
        arb_mat_approx_solve_triu(y, L, y, 0, prec);
        round_vector(x, y, Q, (prec + p->bits) / 2 + 32);
        extreme_quotient(mu, p, x);
        *reliable = is_settled(Q, x, p->bits, lift_bits(prec));
    }
    arb_mat_clear(C);
    arb_mat_clear(L);
    arb_mat_clear(y);
    return ok;
}
