/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include <lapacke.h>
#include "approx.h"

static double
fraction(const fmpz_t num, const fmpz_t den, slong shift)
{
    slong a, b;
    double x = fmpz_get_d_2exp(&a, num), y = fmpz_get_d_2exp(&b, den);
    slong e = a - b - shift;

    return ldexp(x / y, (int) FLINT_MAX(-2000, FLINT_MIN(2000, e)));
}

double *
approx_matrix(const qmat_t A, slong shift)
{
    slong i, r = qmat_rows(A), c = qmat_cols(A);
    double *d = flint_malloc(FLINT_MAX(1, r * c) * sizeof *d);

    for (i = 0; i < r * c; i++)
        d[i] = fraction(fmpz_mat_entry(A->num, i / c, i % c), A->den, shift);
    return d;
}

double
approx_fmpq(const fmpq_t x)
{
    return fraction(fmpq_numref(x), fmpq_denref(x), 0);
}

slong
approx_exponent(const qmat_t A)
{
    slong bits = FLINT_ABS(fmpz_mat_max_bits(A->num));

    return bits == 0 ? 0 : bits - (slong) fmpz_bits(A->den) + 1;
}

void
approx_set_fmpz(fmpz_t n, double x)
{
    if (isfinite(x))
        fmpz_set_d(n, x);
    else
        fmpz_zero(n);
}

void
approx_to_fmpq(fmpq_t q, double x, int bits, int way)
{
    int e = 0;
    double m = isfinite(x) ? ldexp(frexp(x, &e), bits) : 0;

    m = way < 0 ? floor(m) : way > 0 ? ceil(m) : nearbyint(m);
    e -= bits;
    approx_set_fmpz(fmpq_numref(q), m);
    fmpz_one(fmpq_denref(q));
    if (e >= 0)
        fmpz_mul_2exp(fmpq_numref(q), fmpq_numref(q), e);
    else
        fmpz_mul_2exp(fmpq_denref(q), fmpq_denref(q), -e);
    fmpq_canonicalise(q);
}

void
approx_to_matrix(qmat_t A, const double *x, slong r, slong c, int bits)
{
    fmpq *y = _fmpq_vec_init(r * c);
    slong i;

    for (i = 0; i < r * c; i++)
        approx_to_fmpq(y + i, x[i], bits, 0);
    qmat_set_entries(A, r, c, y);
    _fmpq_vec_clear(y, r * c);
}

double
approx_dot(const double *x, const double *y, slong n)
{
    double a = 0, b = 0, c = 0, d = 0;  /* four sums at a time: they do not wait for each other */
    slong i;

    for (i = 0; i + 4 <= n; i += 4)
    {
        a += x[i] * y[i];
        b += x[i + 1] * y[i + 1];
        c += x[i + 2] * y[i + 2];
        d += x[i + 3] * y[i + 3];
    }
    for (; i < n; i++)
        a += x[i] * y[i];
    return (a + b) + (c + d);
}

/* LAPACK may loop for ever on infinities and NaNs. */
static int
usable(const double *A, slong n)
{
    slong i;

    for (i = 0; i < n; i++)
        if (!(fabs(A[i]) < 1e150))
            return 0;
    return 1;
}

int
approx_svd(double *S, double *U, double *V, double *A, slong r, slong c)
{
    slong k = FLINT_MIN(r, c);

    return usable(A, r * c)
        && LAPACKE_dgesdd(LAPACK_ROW_MAJOR, U == NULL ? 'N' : 'S', (int) r, (int) c, A, (int) c, S,
                          U, (int) (U == NULL ? r : k), V, (int) c) == 0;
}

int
approx_eigen(double *w, double *A, slong n, int vectors)
{
    /* column-major storage of a symmetric matrix: eigenvectors become rows */
    return n == 0 || (usable(A, n * n)
                      && LAPACKE_dsyevd(LAPACK_COL_MAJOR, vectors ? 'V' : 'N', 'L', (int) n, A, (int) n, w) == 0);
}

int
approx_pencil(double *w, double *safe, double *x, slong k, double *A, double *B, slong n)
{
    slong i, j;
    double *s = flint_malloc(n * sizeof *s);
    int ok = 1;

    /* scale B to unit diagonal: the congruence leaves the eigenvalues alone */
    for (i = 0; i < n; i++)
    {
        ok &= B[i * n + i] > 0;
        s[i] = 1 / sqrt(B[i * n + i]);
    }
    for (i = 0; i < n; i++)
        for (j = 0; j < n; j++)
        {
            A[i * n + j] *= s[i] * s[j];
            B[i * n + j] *= s[i] * s[j];
        }
    ok = ok && usable(A, n * n) && usable(B, n * n)
        && LAPACKE_dsygvd(LAPACK_COL_MAJOR, 1, x != NULL ? 'V' : 'N', 'L', (int) n, A, (int) n,
                              B, (int) n, w) == 0;
    for (i = 0, *safe = 1; ok && i < n; i++)
    {
        *safe = fmin(*safe, B[i * n + i] * B[i * n + i]);
        if (x != NULL)
            x[i] = A[k * n + i] * s[i];
    }
    flint_free(s);
    return ok;
}

void
approx_arb(arb_mat_t B, const qmat_t A, slong prec)
{
    slong i, j;
    arb_t den;

    arb_init(den);
    arb_set_round_fmpz(den, A->den, prec + 8);
    mag_zero(arb_radref(den));
    for (i = 0; i < qmat_rows(A); i++)
        for (j = 0; j < qmat_cols(A); j++)
        {
            arb_ptr b = arb_mat_entry(B, i, j);
            arb_set_round_fmpz(b, fmpz_mat_entry(A->num, i, j), prec + 8);
            arb_div(b, b, den, prec);
            mag_zero(arb_radref(b));
        }
    arb_clear(den);
}

int
approx_cholesky(arb_mat_t B, slong prec)
{
    slong i, j;

    for (i = 0; i < arb_mat_nrows(B); i++)
        for (j = 0; j < arb_mat_ncols(B); j++)
        {
            arb_ptr b = arb_mat_entry(B, i, j);
            if (j > i)
            {
                arb_zero(b);
                continue;
            }
            arb_approx_dot(b, b, 1, arb_mat_entry(B, i, 0), 1, arb_mat_entry(B, j, 0), 1, j, prec);
            if (j < i)
                arb_div(b, b, arb_mat_entry(B, j, j), prec);
            else if (arf_sgn(arb_midref(b)) <= 0)
                return 0;
            else
                arb_sqrt(b, b, prec);
            mag_zero(arb_radref(b));
        }
    return 1;
}
