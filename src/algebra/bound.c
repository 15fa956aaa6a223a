/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <lapacke.h>
#include "approx.h"
#include "bound.h"
#include "kernel/number.h"
#include "kernel/psd.h"

/* Relative slack of a bound that is not exact: 2^-22, far below the digits
   that are printed. */
#define SLACK_BITS 22

/* M := K - mu N, or mu N - K. */
static void
form(qmat_t M, const ask_t *ask, const fmpq_t mu)
{
    fmpq_t minus;

    if (ask->bound.upper)
    {
        if (ask->bound.N != NULL)
            qmat_scale(M, ask->bound.N, mu);
        else
            qmat_set_scalar(M, qmat_rows(ask->bound.K), mu);
        qmat_sub(M, M, ask->bound.K);
        return;
    }
    fmpq_init(minus);
    fmpq_neg(minus, mu);
    if (ask->bound.N != NULL)
        qmat_set(M, ask->bound.N);
    else
        qmat_set_one(M, qmat_rows(ask->bound.K));
    qmat_add_scaled(M, ask->bound.K, minus, M);
    fmpq_clear(minus);
}

/* Exact factorisation M = L D L^T by fraction-free elimination: column j of L
   is the j-th pivot column of integers, d_j = 1 / (p_{j-1} p_j).  0 if M is not
   positive semidefinite (or too large for this to be quick). */
static int
exact_factor(evidence_t *e, const qmat_t M)
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

/* Bits after the binary point so that rounding G, with rows of norm 2^root[i],
   moves row i of G G^T by less than a quarter of tau 4^root[i].  Logarithms:
   the rows may differ by more than the range of a double. */
static slong
rounding_bits(const double *root, slong n, double log_tau)
{
    slong i;
    double top = root[0], low = root[0];

    for (i = 1; i < n; i++)
    {
        top = fmax(top, root[i]);
        low = fmin(low, root[i]);
    }
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

/* A rounded Cholesky factor in double precision. */
static int
double_factor(evidence_t *e, const qmat_t M)
{
    slong i, j, n = qmat_rows(M), shift = approx_exponent(M), b;
    double *A = approx_matrix(M, shift), *B = flint_malloc(n * n * sizeof *B);
    double *root = flint_malloc(n * sizeof *root), tau;
    int ok = 1, k;
    qmat_t L;

    shift += shift & 1;
    flint_free(A);
    A = approx_matrix(M, shift);
    ok = diagonal_roots(root, M, shift);
    for (i = 0; ok && i < n; i++)
        ok = root[i] > -500;                    /* in the range of doubles */
    if (ok)
        for (i = 0; i < n; i++)
            for (j = 0; j < n; j++)
                A[i * n + j] /= exp2(root[i] + root[j]);
    for (k = 4; ok; k += 4)
    {
        tau = ldexp(1, -k);
        if (tau < 8.0 * n * n * 1.2e-16)
        {
            ok = 0;
            break;
        }
        for (i = 0; i < n * n; i++)
            B[i] = A[i];
        for (i = 0; i < n; i++)
            B[i * n + i] -= tau;
        if (LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', (int) n, B, (int) n) == 0)
            break;
    }
    if (ok)
    {
        b = rounding_bits(root, n, -k);
        b = FLINT_MAX(b, shift / 2);
        qmat_init(L, n, n);
        for (i = 0; i < n; i++)
            for (j = 0; j <= i; j++)
                set_scaled(fmpz_mat_entry(L->num, i, j), B[i * n + j] * exp2(root[i]), b);
        b -= shift / 2;         /* L = num 2^-b in the scale of M */
        fmpz_mul_2exp(L->den, L->den, b);
        ok = finish(e, L, M);
        qmat_clear(L);
    }
    flint_free(A);
    flint_free(B);
    flint_free(root);
    return ok;
}

/* The same with Arb: M - tau diag(M) is factored at prec bits. */
static int
arb_factor(evidence_t *e, const qmat_t M, slong tau_bits, slong prec)
{
    slong i, j, n = qmat_rows(M), shift = approx_exponent(M), b;
    double *root = flint_malloc(n * sizeof *root);
    int ok = 1;
    arb_mat_t B, G;
    arb_t t;
    fmpq_t q;
    qmat_t L;

    shift += shift & 1;
    ok = diagonal_roots(root, M, shift);
    arb_mat_init(B, n, n);
    arb_mat_init(G, n, n);
    arb_init(t);
    fmpq_init(q);
    qmat_init(L, n, n);
    for (i = 0; i < n; i++)
    {
        for (j = 0; j < n; j++)
        {
            qmat_get_entry(q, M, i, j);
            arb_set_fmpq(arb_mat_entry(B, i, j), q, prec);
            arb_mul_2exp_si(arb_mat_entry(B, i, j), arb_mat_entry(B, i, j), -shift);
        }
        arb_mul_2exp_si(t, arb_mat_entry(B, i, i), -tau_bits);
        arb_sub(arb_mat_entry(B, i, i), arb_mat_entry(B, i, i), t, prec);
    }
    if (ok)
        ok = arb_mat_cho(G, B, prec);
    if (ok)
    {
        arf_t u;
        arf_init(u);
        b = rounding_bits(root, n, -tau_bits);
        for (i = 0; i < n; i++)
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
        ok = finish(e, L, M);
    }
    flint_free(root);
    arb_mat_clear(B);
    arb_mat_clear(G);
    arb_clear(t);
    fmpq_clear(q);
    qmat_clear(L);
    return ok;
}

/* A factor that proves M >= 0, M positive definite. */
static int
factor(evidence_t *e, const qmat_t M, slong precision_limit)
{
    slong tau, prec;

    if (fmpz_mat_is_zero(M->num))
        return exact_factor(e, M);
    if (double_factor(e, M))
        return 1;
    for (tau = 24; 2 * tau + 64 <= precision_limit; tau += tau / 2)
    {
        prec = 2 * tau + 64;
        if (arb_factor(e, M, tau, prec))
            return 1;
    }
    return 0;
}

/* mu and x by inverse iteration at prec bits. */
static int
inverse_iteration(fmpq_t mu, qmat_t x, const qmat_t K, const qmat_t N, slong prec)
{
    slong i, n = qmat_rows(K), *perm, it;
    int ok, done = 0;
    arb_mat_t A, B, LU, v, w, y;
    arb_t num, den, q, old;
    fmpq_t t;

    perm = flint_malloc(n * sizeof *perm);
    for (i = 0; i < n; i++)
        perm[i] = i;
    arb_mat_init(A, n, n);
    arb_mat_init(B, n, n);
    arb_mat_init(LU, n, n);
    arb_mat_init(v, n, 1);
    arb_mat_init(w, n, 1);
    arb_mat_init(y, n, 1);
    arb_init(num);
    arb_init(den);
    arb_init(q);
    arb_init(old);
    fmpq_init(t);
    for (i = 0; i < n * n; i++)
    {
        qmat_get_entry(t, K, i / n, i % n);
        arb_set_fmpq(arb_mat_entry(A, i / n, i % n), t, prec);
        if (N != NULL)
        {
            qmat_get_entry(t, N, i / n, i % n);
            arb_set_fmpq(arb_mat_entry(B, i / n, i % n), t, prec);
        }
    }
    arb_mat_get_mid(A, A);
    arb_mat_get_mid(B, B);
    if (N == NULL)
        arb_mat_one(B);
    ok = arb_mat_approx_lu(perm, LU, A, prec);
    for (i = 0; i < n; i++)
        arb_set_si(arb_mat_entry(v, i, 0), 1 + (i * 37) % 11);
    for (it = 0; ok && it < 200 && !done; it++)
    {
        arb_mat_approx_mul(w, B, v, prec);
        arb_mat_approx_solve_lu_precomp(v, perm, LU, w, prec);
        /* normalise, Rayleigh quotient */
        arb_set(q, arb_mat_entry(v, 0, 0));
        for (i = 1; i < n; i++)
            if (arf_cmpabs(arb_midref(arb_mat_entry(v, i, 0)), arb_midref(q)) > 0)
                arb_set(q, arb_mat_entry(v, i, 0));
        ok = !arb_contains_zero(q) && arb_is_finite(q);
        if (!ok)
            break;
        for (i = 0; i < n; i++)
        {
            arb_div(arb_mat_entry(v, i, 0), arb_mat_entry(v, i, 0), q, prec);
            mag_zero(arb_radref(arb_mat_entry(v, i, 0)));
        }
        arb_mat_approx_mul(w, A, v, prec);
        arb_mat_approx_mul(y, B, v, prec);
        arb_zero(num);
        arb_zero(den);
        for (i = 0; i < n; i++)
        {
            arb_addmul(num, arb_mat_entry(v, i, 0), arb_mat_entry(w, i, 0), prec);
            arb_addmul(den, arb_mat_entry(v, i, 0), arb_mat_entry(y, i, 0), prec);
        }
        arb_div(q, num, den, prec);
        mag_zero(arb_radref(q));
        arb_sub(old, old, q, prec);
        arb_mul_2exp_si(old, old, SLACK_BITS + 12);
        done = it > 2 && arf_cmpabs(arb_midref(old), arb_midref(q)) < 0;
        arb_set(old, q);
    }
    if (ok)
    {
        arf_get_fmpq(mu, arb_midref(q));
        if (x != NULL)
        {
            fmpz_mat_clear(x->num);
            fmpz_mat_init(x->num, n, 1);
            for (i = 0; i < n; i++)
            {
                arb_mul_2exp_si(arb_mat_entry(v, i, 0), arb_mat_entry(v, i, 0), prec);
                arf_get_fmpz(fmpz_mat_entry(x->num, i, 0), arb_midref(arb_mat_entry(v, i, 0)),
                             ARF_RND_NEAR);
            }
            fmpz_one(x->den);
            fmpz_mul_2exp(x->den, x->den, prec);
            qmat_canonicalise(x);
        }
    }
    flint_free(perm);
    arb_mat_clear(A);
    arb_mat_clear(B);
    arb_mat_clear(LU);
    arb_mat_clear(v);
    arb_mat_clear(w);
    arb_mat_clear(y);
    arb_clear(num);
    arb_clear(den);
    arb_clear(q);
    arb_clear(old);
    fmpq_clear(t);
    return ok;
}

/* The extreme eigenvalue in double precision: *reliable says whether its
   relative error is small.  x (or NULL): the eigenvector. */
static int
double_extreme(fmpq_t mu, int *reliable, double *x, const qmat_t K, const qmat_t N, int upper)
{
    slong i, n = qmat_rows(K), sk = approx_exponent(K), sn = N == NULL ? 0 : approx_exponent(N);
    double *A = approx_matrix(K, sk), *B = NULL, *w = flint_malloc(n * sizeof *w);
    double value = 0, largest = 0;
    int ok;

    if (N == NULL)
    {
        ok = approx_eigen(w, A, n, x != NULL);
        value = w[upper ? n - 1 : 0];
        largest = fmax(fabs(w[0]), fabs(w[n - 1]));
        for (i = 0; ok && x != NULL && i < n; i++)
            x[i] = A[(upper ? n - 1 : 0) * n + i];
    }
    else
    {
        B = approx_matrix(N, sn);
        ok = approx_pencil(&value, &largest, x, A, B, n);
        if (upper)
            value = largest;
        largest = fmax(largest, fabs(value));
    }
    *reliable = ok && fabs(value) > 1e-7 * largest;
    if (ok)
    {
        approx_to_fmpq(mu, value, 53, 0);
        if (sk - sn >= 0)
            fmpq_mul_2exp(mu, mu, sk - sn);
        else
            fmpq_div_2exp(mu, mu, sn - sk);
    }
    flint_free(A);
    flint_free(B);
    flint_free(w);
    return ok;
}

int
oracle_min_vector(qmat_t x, const qmat_t K, const qmat_t N, slong precision_limit)
{
    slong i, n = qmat_rows(K), prec;
    double *v = flint_malloc(n * sizeof *v), big = 0;
    int reliable, ok = 0;
    fmpq_t mu, old, t;

    fmpq_init(mu);
    fmpq_init(old);
    fmpq_init(t);
    if (double_extreme(mu, &reliable, v, K, N, 0) && reliable)
    {
        fmpq *e = _fmpq_vec_init(n);
        for (i = 0; i < n; i++)
            big = fmax(big, fabs(v[i]));
        for (i = 0; i < n; i++)
        {
            approx_set_fmpz(fmpq_numref(e + i), nearbyint(ldexp(v[i] / big, 40)));
            fmpq_div_2exp(e + i, e + i, 40);
        }
        qmat_set_entries(x, n, 1, e);
        _fmpq_vec_clear(e, n);
        ok = 1;
    }
    else
        for (prec = 128; prec <= precision_limit; prec *= 2)
        {
            ok = inverse_iteration(mu, x, K, N, prec);
            fmpq_sub(t, mu, old);
            fmpq_mul_2exp(t, t, SLACK_BITS);
            fmpq_abs(t, t);
            if (ok && prec > 128 && fmpq_cmp(t, mu) < 0)
                break;
            fmpq_set(old, mu);
        }
    flint_free(v);
    fmpq_clear(mu);
    fmpq_clear(old);
    fmpq_clear(t);
    return ok;
}

/* Tries the value exactly, then with a rounded factor. */
static int
try_value(evidence_t *e, const ask_t *ask, const fmpq_t value, int exactly, slong precision_limit)
{
    int ok;
    qmat_t M;

    if (fmpq_sgn(value) < 0)
        return 0;
    qmat_init(M, 0, 0);
    form(M, ask, value);
    ok = exactly ? exact_factor(e, M) : factor(e, M, precision_limit);
    if (ok)
        fmpq_set(e->value, value);
    qmat_clear(M);
    return ok;
}

/* A rational of small height next to mu, tried exactly. */
static int
try_simple(evidence_t *e, const ask_t *ask, const fmpq_t mu)
{
    int ok = 0;
    fmpq_t a, b, q;

    fmpq_init(a);
    fmpq_init(b);
    fmpq_init(q);
    fmpq_div_2exp(a, mu, 33);
    fmpq_add(b, mu, a);
    fmpq_sub(a, mu, a);
    fmpq_simplest_between(q, a, b);
    if (fmpz_bits(fmpq_numref(q)) + fmpz_bits(fmpq_denref(q)) <= 26)
        ok = try_value(e, ask, q, 1, 0);
    fmpq_clear(a);
    fmpq_clear(b);
    fmpq_clear(q);
    return ok;
}

/* q := x rounded to 30 bits, towards the safe side, after the slack. */
static void
with_slack(fmpq_t q, const fmpq_t x, slong slack, int upper)
{
    slong k;
    fmpz_t n;

    fmpz_init(n);
    fmpq_div_2exp(q, x, slack);
    if (upper)
        fmpq_add(q, x, q);
    else
        fmpq_sub(q, x, q);
    k = slack + 8 - ((slong) fmpz_bits(fmpq_numref(q)) - (slong) fmpz_bits(fmpq_denref(q)));
    if (k >= 0)
        fmpz_mul_2exp(n, fmpq_numref(q), k);
    else
        fmpz_fdiv_q_2exp(n, fmpq_numref(q), -k);
    if (upper)
        fmpz_cdiv_q(n, n, fmpq_denref(q));
    else
        fmpz_fdiv_q(n, n, fmpq_denref(q));
    fmpq_set_fmpz(q, n);
    if (k >= 0)
        fmpq_div_2exp(q, q, k);
    else
        fmpq_mul_2exp(q, q, -k);
    fmpz_clear(n);
}

/* Given a good mu: the wanted value if that will do, an exact simple one, or
   one with a little slack. */
static int
around(evidence_t *e, const ask_t *ask, const fmpq_t mu, slong precision_limit)
{
    int ok = 0, side;
    fmpq_t q;

    fmpq_init(q);
    if (ask->bound.want != NULL)
    {
        with_slack(q, mu, SLACK_BITS, ask->bound.upper);
        side = fmpq_cmp(ask->bound.want, q);
        if (ask->bound.upper ? side >= 0 : side <= 0)
            ok = try_value(e, ask, ask->bound.want, 0, precision_limit);
        else
        {   /* tight: exactly, or with all the precision there is */
            with_slack(q, mu, 40, !ask->bound.upper);
            side = fmpq_cmp(ask->bound.want, q);
            if (ask->bound.upper ? side >= 0 : side <= 0)
                ok = try_value(e, ask, ask->bound.want, 1, 0)
                    || try_value(e, ask, ask->bound.want, 0, FLINT_MIN(precision_limit, 512));
        }
    }
    if (!ok)
        ok = try_simple(e, ask, mu);
    if (!ok)
    {
        with_slack(q, mu, SLACK_BITS, ask->bound.upper);
        ok = try_value(e, ask, q, 0, precision_limit);
    }
    if (!ok)
    {   /* mu itself may be off by more than the slack */
        with_slack(q, mu, 12, ask->bound.upper);
        ok = try_value(e, ask, q, 0, FLINT_MIN(precision_limit, 512));
    }
    fmpq_clear(q);
    return ok;
}

int
oracle_psd(evidence_t *e, const ask_t *ask)
{
    fmpq_t zero;
    int ok;

    fmpq_init(zero);
    ok = try_value(e, ask, zero, 1, 0);
    fmpq_clear(zero);
    return ok;
}

int
oracle_bound(evidence_t *e, const ask_t *ask, slong precision_limit)
{
    int ok, reliable;
    slong prec;
    fmpq_t mu, old, t;

    fmpq_init(mu);
    fmpq_init(old);
    fmpq_init(t);
    if (!ask->bound.upper && ask->bound.want != NULL && fmpq_is_zero(ask->bound.want)
        && try_value(e, ask, ask->bound.want, 0, precision_limit))
    {   /* no need to know the eigenvalue */
        fmpq_clear(mu);
        fmpq_clear(old);
        fmpq_clear(t);
        return 1;
    }
    ok = double_extreme(mu, &reliable, NULL, ask->bound.K, ask->bound.N, ask->bound.upper);
    if (ok && (reliable || ask->bound.upper))
        ok = (fmpq_sgn(mu) > 0 || (ask->bound.upper && fmpq_is_zero(mu)))
            && around(e, ask, mu, precision_limit);
    else
        for (ok = 0, prec = 128; !ok && prec <= precision_limit; prec *= 2)
        {
            if (inverse_iteration(mu, NULL, ask->bound.K, ask->bound.N, prec) && fmpq_sgn(mu) > 0)
            {
                fmpq_sub(t, mu, old);
                fmpq_mul_2exp(t, t, SLACK_BITS);
                fmpq_abs(t, t);
                if (fmpq_cmp(t, mu) < 0)        /* twice the same */
                    ok = around(e, ask, mu, precision_limit);
            }
            fmpq_set(old, mu);
        }
    if (ok && !ask->bound.upper && fmpq_is_zero(e->value))
        ok = 0;
    fmpq_clear(mu);
    fmpq_clear(old);
    fmpq_clear(t);
    return ok;
}
