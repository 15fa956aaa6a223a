/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <lapacke.h>
#include "approx.h"
#include "inverse.h"
#include "kernel/number.h"

/* Relative slack 2^-bits: what can be had with single limbs at large orders, more where it costs nothing. */
static int
slack_bits(slong n, int tight)
{
    return tight ? 26 : n > 512 ? 15 : n > 256 ? 18 : n > 128 ? 20 : 22;
}

enum { VECTOR_BITS = 52, STEPS = 80 };         /* of vectors; of Lanczos' method */

static double
norm(const double *x, slong n)
{
    return sqrt(approx_dot(x, x, n));
}

/* y := x / |x|. */
static void
normalise(double *y, const double *x, slong n)
{
    double length = norm(x, n);
    slong i;

    for (i = 0; i < n && length > 0; i++)
        y[i] = x[i] / length;
}

/* A (r x c) := the integers nearest to x 2^bits, over 2^bits; 0 if they are beyond 62 bits. */
static int
set_integers(qmat_t A, const double *x, slong r, slong c, int bits)
{
    slong i;
    double y;
    qmat_t t;

    for (i = 0; i < r * c; i++)
        if (!(fabs(ldexp(x[i], bits)) < 0x1p61))
            return 0;
    qmat_init(t, r, c);
    for (i = 0; i < r * c; i++)
    {
        y = ldexp(x[i], bits);
        fmpz_set_si(fmpz_mat_entry(t->num, i / c, i % c), (slong) nearbyint(y));
    }
    fmpz_mul_2exp(t->den, t->den, FLINT_MAX(bits, 0));
    if (bits < 0)
        fmpz_mat_scalar_mul_2exp(t->num, t->num, -bits);
    qmat_canonicalise(t);
    qmat_swap(A, t);
    qmat_clear(t);
    return 1;
}

/* x (n numbers) := the start of an iteration, the same every time. */
static void
start(double *x, slong n)
{
    slong i;
    ulong seed = 1;

    for (i = 0; i < n; i++)
    {
        seed = seed * 6364136223846793005UL + 1442695040888963407UL;
        x[i] = 0.5 + (double) (seed >> 40) * 0x1p-24;
    }
}

/* y := the operator applied to x. */
typedef void (*operator_f)(double *y, const double *x, const void *context);

/* The largest eigenvalue of a symmetric positive semidefinite operator of order n, from below, and v (or NULL) := the vector at
   which it is taken: by Lanczos' method, every vector made orthogonal to all before. */
static double
lanczos(double *v, slong n, operator_f apply, const void *context)
{
    slong k, i, j, steps = FLINT_MIN(n, STEPS);
    double *Q = flint_malloc((steps + 1) * n * sizeof *Q), *d = flint_malloc((2 + steps) * steps * sizeof *d);
    double *e = d + steps, *Z = d + 2 * steps, value = -1, size;
    int again;

    start(Q, n);
    normalise(Q, Q, n);
    for (k = 0; k < steps; k++)
    {
        double *q = Q + k * n, *next = q + n;
        apply(next, q, context);
        d[k] = approx_dot(q, next, n);
        for (again = 0; again < 2; again++)
            for (i = 0; i <= k; i++)
            {
                size = approx_dot(Q + i * n, next, n);
                for (j = 0; j < n; j++)
                    next[j] -= size * Q[i * n + j];
            }
        e[k] = norm(next, n);
        if (!(e[k] > 1e-14 * fabs(d[0])))
            break;
        normalise(next, next, n);
    }
    k = FLINT_MIN(k + 1, steps);
    if (LAPACKE_dstev(LAPACK_COL_MAJOR, 'V', (int) k, d, e, Z, (int) k) == 0)
    {
        value = d[k - 1];
        for (j = 0; v != NULL && j < n; j++)
            for (i = 0, v[j] = 0; i < k; i++)
                v[j] += Z[(k - 1) * k + i] * Q[i * n + j];
    }
    flint_free(Q);
    flint_free(d);
    return value;
}

/* An n x n or m x n matrix by rows. */
typedef struct
{
    const double *x;
    slong m, n;
} rows_t;

static void
apply_symmetric(double *y, const double *x, const void *matrix)
{
    const rows_t *A = matrix;
    slong i;

    for (i = 0; i < A->n; i++)
        y[i] = approx_dot(A->x + i * A->n, x, A->n);
}

/* y := A^T x. */
static void
transpose_apply(double *y, const rows_t *A, const double *x)
{
    slong i, j;

    for (j = 0; j < A->n; j++)
        y[j] = 0;
    for (i = 0; i < A->m; i++)
        for (j = 0; j < A->n; j++)
            y[j] += A->x[i * A->n + j] * x[i];
}

/* y := A^T A x. */
static void
apply_gram(double *y, const double *x, const void *matrix)
{
    const rows_t *A = matrix;
    double *t = flint_malloc(A->m * sizeof *t);
    slong i;

    for (i = 0; i < A->m; i++)
        t[i] = approx_dot(A->x + i * A->n, x, A->n);
    transpose_apply(y, A, t);
    flint_free(t);
}

/* y := A A^T x. */
static void
apply_gram_rows(double *y, const double *x, const void *matrix)
{
    const rows_t *A = matrix;
    double *t = flint_malloc(A->n * sizeof *t);
    slong i;

    transpose_apply(t, A, x);
    for (i = 0; i < A->m; i++)
        y[i] = approx_dot(A->x + i * A->n, t, A->n);
    flint_free(t);
}

/* square and factor of *e := for the norm of A rounded to multiples of 2^-bits[0]. */
static int
set_norm(evidence_t *e, const qmat_t A, int slack)
{
    slong i, j, n = FLINT_MIN(qmat_rows(A), qmat_cols(A)), shift;
    double *T, *L = flint_malloc(n * n * sizeof *L), top, square = 0, loose;
    int ok = 0, k, l = 0;
    qmat_t B, K;

    qmat_init(B, 0, 0);
    qmat_init(K, 0, 0);
    qmat_round_to(B, A, e->bits[0]);
    fmpq_zero(B->rad);
    qmat_gram_smaller(K, B);
    shift = approx_exponent(K);
    shift += shift & 1;
    T = approx_matrix(K, shift);
    top = lanczos(NULL, n, apply_symmetric, &(rows_t) { T, n, n });
    for (k = slack; k > 2 && !ok && top > 0; k--)
    {
        loose = ldexp(top, -k);
        square = top + loose;
        for (i = 0; i < n; i++)
        {
            for (j = 0; j < n; j++)
                L[i * n + j] = j > i ? 0 : -T[i * n + j];
            L[i * n + i] += square - loose / 2;
        }
        /* the lower triangle by rows is the upper one by columns */
        ok = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', (int) n, L, (int) n) == 0;
        /* n entries of a row move by about sqrt(top) 2^-l each */
        l = (int) ceil(log2(1.3 * (double) n * sqrt(top) / (loose / 2)));
    }
    ok = ok && set_integers(e->A, L, n, n, l);
    if (ok)
    {
        approx_to_fmpq(e->square, square, slack + 8, 1);
        fmpz_mul_2exp(e->A->den, e->A->den, FLINT_MAX(-shift / 2, 0));
        if (shift > 0)
        {
            fmpz_mat_scalar_mul_2exp(e->A->num, e->A->num, shift / 2);
            fmpq_mul_2exp(e->square, e->square, shift);
        }
        else
            fmpq_div_2exp(e->square, e->square, -shift);
        qmat_canonicalise(e->A);
    }
    flint_free(T);
    flint_free(L);
    qmat_clear(B);
    qmat_clear(K);
    return ok;
}

/* To how many bits after the point a matrix must be rounded for its norm: the error, at most sqrt(r c) 2^-bits / 2, is
   2^-slack of the norm. */
static slong
norm_bits(const double *x, slong r, slong c, int slack)
{
    double low = norm(x, r * c) / sqrt((double) FLINT_MIN(r, c));       /* <= the norm */

    return low > 0 ? (slong) ceil(log2(sqrt((double) r * (double) c) / 2 / low)) + slack : 0;
}

static int
find_norm(evidence_t *e, const qmat_t A, int tight, fmpq_t t)
{
    slong r = qmat_rows(A), c = qmat_cols(A), shift = approx_exponent(A);
    int slack = slack_bits(FLINT_MIN(r, c), tight);
    double *x = approx_matrix(A, shift);

    e->bits[0] = FLINT_MAX(0, norm_bits(x, r, c, slack + 1) - shift);
    flint_free(x);
    return set_norm(e, A, slack) && norm_root(t, A, e);
}

/* S (n x n by rows) := the inverse of the triangular factor of A (m x n by rows), upper triangular. */
static int
invert_factor(double *S, const double *A, slong m, slong n)
{
    slong i, j;
    double *R = flint_malloc(m * n * sizeof *R), *tau = flint_malloc(n * sizeof *tau);
    int ok;

    for (i = 0; i < m; i++)
        for (j = 0; j < n; j++)
            R[j * m + i] = A[i * n + j];
    ok = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (int) m, (int) n, R, (int) m, tau) == 0
        && LAPACKE_dtrtri(LAPACK_COL_MAJOR, 'U', 'N', (int) n, R, (int) m) == 0;
    for (i = 0; i < n; i++)
        for (j = 0; j < n; j++)
            S[i * n + j] = ok && j >= i ? R[j * m + i] : 0;
    flint_free(R);
    flint_free(tau);
    return ok;
}

static int
find_inverse(evidence_t *e, const qmat_t A, int tight, fmpq_t c, fmpq_t t)
{
    slong m = qmat_rows(A), n = qmat_cols(A), shift = approx_exponent(A);
    int slack = slack_bits(n, tight), bits, ok;
    double *x = approx_matrix(A, shift), *S = flint_malloc(n * n * sizeof *S), a = norm(x, m * n), s, rows = sqrt((double) n);

    ok = invert_factor(S, x, m, n);
    s = norm(S, n * n);
    ok = ok && a * s < 0x1p30;
    if (ok)
    {
        /* errors of A S: sqrt(m n) 2^-bits |S|; n columns of length |A| / sqrt(n) times 2^-bits; of Q: n 2^-bits */
        e->bits[1] = FLINT_MAX(0, (slong) ceil(log2(sqrt((double) m) * rows * s)) + slack - shift);
        e->bits[2] = (slong) ceil(log2(sqrt((double) m) * rows)) + slack;
        bits = (int) ceil(log2(a * rows)) + slack;
        e->bits[0] = norm_bits(S, n, n, slack + 1);
        ok = set_integers(e->S, S, n, n, bits);
        /* S is in units of 2^-shift */
        if (shift >= 0)
            fmpz_mul_2exp(e->S->den, e->S->den, shift);
        else
            fmpz_mat_scalar_mul_2exp(e->S->num, e->S->num, -shift);
        qmat_canonicalise(e->S);
        e->bits[0] = FLINT_MAX(0, e->bits[0] + shift);
    }
    ok = ok && set_norm(e, e->S, slack) && inverse_root(c, t, A, e);
    flint_free(x);
    flint_free(S);
    return ok;
}

int
oracle_root(evidence_t *e, const ask_t *ask, int tight)
{
    const qmat_struct *A = ask->root;
    const fmpq *want = ask->bound.want;
    int upper = ask->kind == EVIDENCE_NORM, ok;
    fmpq_t c, t;

    if (FLINT_MIN(qmat_rows(A), qmat_cols(A)) < INVERSE_ORDER || (!upper && qmat_rows(A) < qmat_cols(A)))
        return 0;
    fmpq_init(c);
    fmpq_init(t);
    ok = upper ? find_norm(e, A, tight, t) : find_inverse(e, A, tight, c, t);
    if (ok)
    {
        fmpq_mul(t, t, t);
        fmpq_mul(c, c, c);
        if (upper)
            number_round_up(e->value, t);
        else
        {
            fmpq_div(t, c, t);
            number_round_down(e->value, t);
        }
        if (want != NULL)
        {
            ok = upper ? fmpq_cmp(e->value, want) <= 0 : fmpq_cmp(e->value, want) >= 0;
            fmpq_set(e->value, want);
        }
    }
    fmpq_clear(c);
    fmpq_clear(t);
    return ok;
}

int
root_vector(qmat_t x, const qmat_t A, int largest)
{
    slong m = qmat_rows(A), n = qmat_cols(A);
    double *B = approx_matrix(A, approx_exponent(A)), *S = flint_malloc(n * n * sizeof *S);
    double *v = flint_malloc(n * sizeof *v), value = -1;
    int ok;

    if (largest)
        value = lanczos(v, n, apply_gram, &(rows_t) { B, m, n });
    else if (invert_factor(S, B, m, n))
        value = lanczos(v, n, apply_gram_rows, &(rows_t) { S, n, n });
    ok = value > 0 && set_integers(x, v, n, 1, VECTOR_BITS);
    flint_free(B);
    flint_free(S);
    flint_free(v);
    return ok;
}
