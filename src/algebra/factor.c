/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include <lapacke.h>
#include "approx.h"
#include "factor.h"
#include "kernel/psd.h"

/* Exact factorisation M = L D L^T by fraction-free elimination: column j of L
   is the j-th pivot column of integers, d_j = 1 / (p_{j-1} p_j).  0 if M is not
   positive semidefinite (or too large for this to be quick). */
int
factor_exact(evidence_t *e, const qmat_t M)
{
    slong i, j, k, n = qmat_rows(M), bits = FLINT_ABS(fmpz_mat_max_bits(M->num));
    int ok = 1;
    fmpz_mat_t A;
    fmpz_t prev, t;
    qmat_t L;
    fmpq *d;

    if (!qmat_is_exact(M))
        return 0;
    if (n * n * (bits + 8) > 400000 && !fmpz_mat_is_zero(M->num))
        return 0;
    fmpz_mat_init_set(A, M->num);
    fmpz_init_set_ui(prev, 1);
    fmpz_init(t);
    qmat_init(L, n, n);
    d = _fmpq_vec_init(n);
    for (k = 0; k < n && ok; k++)
    {
        fmpz *p = fmpz_mat_entry(A, k, k);
        if (fmpz_sgn(p) <= 0)
        {   /* a zero pivot needs a zero column */
            ok = fmpz_is_zero(p);
            for (i = k; i < n && ok; i++)
                ok = fmpz_is_zero(fmpz_mat_entry(A, i, k));
            fmpz_one(fmpz_mat_entry(L->num, k, k));
            continue;
        }
        for (i = k; i < n; i++)
            fmpz_set(fmpz_mat_entry(L->num, i, k), fmpz_mat_entry(A, i, k));
        fmpz_mul(fmpq_denref(d + k), prev, p);
        fmpz_mul(fmpq_denref(d + k), fmpq_denref(d + k), M->den);
        fmpz_one(fmpq_numref(d + k));
        for (i = k + 1; i < n; i++)
            for (j = k + 1; j <= i; j++)
            {
                fmpz *a = fmpz_mat_entry(A, i, j);
                fmpz_mul(t, a, p);
                fmpz_submul(t, fmpz_mat_entry(L->num, i, k), fmpz_mat_entry(L->num, j, k));
                fmpz_divexact(a, t, prev);
            }
        for (i = k + 1; i < n; i++)
            for (j = i + 1; j < n; j++)
                fmpz_set(fmpz_mat_entry(A, i, j), fmpz_mat_entry(A, j, i));
        fmpz_set(prev, p);
    }
    if (ok)
    {
        for (k = 0, ok = 0; k < n; k++)
            ok |= !fmpq_is_one(d + k);
        qmat_swap(e->A, L);
        if (e->d != NULL)
            _fmpq_vec_clear(e->d, e->nd);
        e->d = ok ? d : NULL;
        e->nd = ok ? n : 0;
        if (!ok)
            _fmpq_vec_clear(d, n);
        ok = psd_check(M, e->A, e->d);
    }
    else
        _fmpq_vec_clear(d, n);
    fmpz_mat_clear(A);
    fmpz_clear(prev);
    fmpz_clear(t);
    qmat_clear(L);
    return ok;
}

/* *low and *top := the least and the largest of n numbers. */
static void
range(double *low, double *top, const double *x, slong n)
{
    slong i;

    *low = *top = x[0];
    for (i = 1; i < n; i++)
    {
        *top = fmax(*top, x[i]);
        *low = fmin(*low, x[i]);
    }
}

/* Bits after the binary point so that rounding G, with rows of norm 2^root[i],
   moves row i of G G^T by less than a quarter of tau 4^root[i].  Logarithms:
   the rows may differ by more than the range of a double. */
static slong
rounding_bits(const double *root, slong n, double log_tau)
{
    double low, top;

    range(&low, &top, root, n);
    return (slong) ceil(3 + 1.5 * log2((double) n) + top - 2 * low - log_tau);
}

/* root[i] := log2 sqrt(M_ii) - shift / 2; 0 if an entry is not positive. */
static int
diagonal_roots(double *root, const qmat_t M, slong shift)
{
    slong i;

    for (i = 0; i < qmat_rows(M); i++)
    {
        const fmpz *e = fmpz_mat_entry(M->num, i, i);
        if (fmpz_sgn(e) <= 0)
            return 0;
        root[i] = (fmpz_dlog(e) - fmpz_dlog(M->den)) / (2 * log(2.0)) - shift / 2;     /* NOLINT(bugprone-integer-division): it is even */
    }
    return 1;
}

static int
finish(evidence_t *e, qmat_t L, const qmat_t M)
{
    if (e->d != NULL)
        _fmpq_vec_clear(e->d, e->nd);
    e->d = NULL;
    e->nd = 0;
    qmat_canonicalise(L);
    qmat_swap(e->A, L);
    return psd_check(M, e->A, NULL);
}

static void
set_scaled(fmpz_t x, double v, slong bits)
{
    int ex;
    double m = frexp(isfinite(v) ? v : 0, &ex);

    if (v == 0 || bits + ex < -60)
        fmpz_zero(x);
    else
    {
        approx_set_fmpz(x, ldexp(m, 60));
        if (bits + ex - 60 >= 0)
            fmpz_mul_2exp(x, x, bits + ex - 60);
        else
        {   /* to nearest */
            slong s = 60 - bits - ex;
            fmpz_t half;
            fmpz_init_set_ui(half, 1);
            fmpz_mul_2exp(half, half, s - 1);
            fmpz_add(x, x, half);
            fmpz_fdiv_q_2exp(x, x, s);
            fmpz_clear(half);
        }
    }
}

/* B := the Cholesky factor of A, entries divided by 2^root of row and column, minus tau I for the largest tau = 2^-k that leaves it
   positive definite; the bits to which it may be rounded, or -1. */
static slong
scaled_factor(double *B, const double *A, const double *root, slong n)
{
    slong i, j;
    int k;

    for (k = 4; ldexp(1, -k) >= 8.0 * (double) n * (double) n * 1.2e-16; k += 2)
    {
        for (i = 0; i < n; i++)
            for (j = 0; j < n; j++)
                B[i * n + j] = A[i * n + j] / exp2(root[i] + root[j]);
        for (i = 0; i < n; i++)
            B[i * n + i] -= ldexp(1, -k);
        if (LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', (int) n, B, (int) n) == 0)
            return rounding_bits(root, n, -k);
    }
    return -1;
}

/* The bits of the worst case are FEWER too many as a rule: tried without them up to this order, where a try costs little. */
enum { SMALL = 300, FEWER = 4 };

/* A rounded Cholesky factor in double precision: with every row at its own scale, or all at the largest, whatever needs fewer bits. */
static int
double_factor(evidence_t *e, const qmat_t M)
{
    slong i, j, n = qmat_rows(M), shift = approx_exponent(M), b, flat, less;
    double *A, *B = flint_malloc(n * n * sizeof *B), *C = flint_malloc(n * n * sizeof *C);
    double *root = flint_malloc(n * sizeof *root), *one = flint_calloc(n, sizeof *one);
    int ok;
    qmat_t L;

    shift += shift & 1;
    A = approx_matrix(M, shift);
    ok = diagonal_roots(root, M, shift);
    for (i = 0; ok && i < n; i++)
        ok = root[i] > -500;                    /* in the range of doubles */
    b = ok ? scaled_factor(B, A, root, n) : -1;
    flat = ok ? scaled_factor(C, A, one, n) : -1;
    if (flat >= 0 && (b < 0 || flat < b))
    {
        double *t = B;
        B = C;
        C = t;
        memset(root, 0, n * sizeof *root);
        b = flat;
    }
    ok = 0;
    for (less = b >= 0 && n <= SMALL ? FEWER : 0; !ok && b >= 0 && less >= 0; less -= FEWER)
    {
        slong bits = FLINT_MAX(b - less, shift / 2);
        qmat_init(L, n, n);
        for (i = 0; i < n; i++)
            for (j = 0; j <= i; j++)
                set_scaled(fmpz_mat_entry(L->num, i, j), B[i * n + j] * exp2(root[i]), bits);
        bits -= shift / 2;      /* L = num 2^-bits in the scale of M */
        fmpz_mul_2exp(L->den, L->den, bits);
        ok = finish(e, L, M);
        qmat_clear(L);
    }
    flint_free(A);
    flint_free(B);
    flint_free(C);
    flint_free(root);
    flint_free(one);
    return ok;
}

/* B := M 2^-shift - tau diag(M) 2^-shift, rounded to prec bits. */
static void
shifted(arb_mat_t B, const qmat_t M, slong shift, slong tau_bits, slong prec)
{
    slong i;
    arb_t t;

    arb_init(t);
    approx_arb(B, M, prec);
    arb_mat_scalar_mul_2exp_si(B, B, -shift);
    for (i = 0; i < qmat_rows(M); i++)
    {
        arb_ptr d = arb_mat_entry(B, i, i);
        arb_mul_2exp_si(t, d, -tau_bits);
        arb_sub(d, d, t, prec);
        mag_zero(arb_radref(d));
    }
    arb_clear(t);
}

/* L := the midpoints of G, rounded to b bits after the binary point, times 2^(shift / 2). */
static void
round_factor(qmat_t L, const arb_mat_t G, slong b, slong shift)
{
    slong i, j;
    arf_t u;

    arf_init(u);
    for (i = 0; i < arb_mat_nrows(G); i++)
        for (j = 0; j <= i; j++)
        {
            arf_mul_2exp_si(u, arb_midref(arb_mat_entry(G, i, j)), b);
            arf_get_fmpz(fmpz_mat_entry(L->num, i, j), u, ARF_RND_NEAR);
        }
    arf_clear(u);
    b -= shift / 2;
    if (b >= 0)
        fmpz_mul_2exp(L->den, L->den, b);
    else
        fmpz_mat_scalar_mul_2exp(L->num, L->num, -b);
}

/* The same with more bits: M - tau diag(M), tau = 2^-tau_bits.  Errors of an entry are relative
   to the roots of both diagonal entries, and must be small beside either of these. */
static int
long_factor(evidence_t *e, const qmat_t M, slong tau_bits)
{
    slong n = qmat_rows(M), shift = approx_exponent(M), prec = tau_bits + 64;
    double *root = flint_malloc(n * sizeof *root), low, top;
    int ok;
    arb_mat_t B;
    qmat_t L;

    shift += shift & 1;
    arb_mat_init(B, n, n);
    qmat_init(L, n, n);
    ok = diagonal_roots(root, M, shift);
    if (ok)
    {
        range(&low, &top, root, n);
        prec += (slong) (top - low);
        shifted(B, M, shift, tau_bits, prec);
        ok = approx_cholesky(B, prec);
    }
    if (ok)
    {
        round_factor(L, B, rounding_bits(root, n, -tau_bits), shift);
        ok = finish(e, L, M);
    }
    flint_free(root);
    arb_mat_clear(B);
    qmat_clear(L);
    return ok;
}

int
factor_rounded(evidence_t *e, const qmat_t M, slong precision_limit)
{
    slong tau;

    if (fmpz_mat_is_zero(M->num))
        return factor_exact(e, M);
    if (double_factor(e, M))
        return 1;
    for (tau = 24; tau + 64 <= precision_limit; tau += tau / 2)
        if (long_factor(e, M, tau))
            return 1;
    return 0;
}
