/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The constants of a regularity claim that the user left out.  They are only
   numbers: whatever they are, the rule proves the inequality with them. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "approx.h"
#include "oracle.h"
#include "../certificate/certificate.h"
#include "../kernel/number.h"

#define LARGEST_ORDER 1100

/* The smallest positive eigenvalue of A against B (order n, B positive
   definite), eigenvalues below 1e-11 of the largest counting as 0. */
static double
smallest_positive(double *A, double *B, slong n)
{
    slong i, j, k;
    double *w = flint_malloc(n * sizeof *w), *C = flint_calloc(n * n, sizeof *C), best = INFINITY;

    /* B = V^T diag(w) V by rows; C = B^{-1/2} A B^{-1/2} in that basis */
    if (B != NULL && approx_eigen(w, B, n, 1) && w[0] > 0)
    {
        double *T = flint_calloc(n * n, sizeof *T);
        for (i = 0; i < n; i++)
            for (k = 0; k < n; k++)
                for (j = 0; j < n; j++)
                    T[i * n + j] += B[i * n + k] * A[k * n + j];
        for (i = 0; i < n; i++)
            for (j = 0; j < n; j++)
            {
                double sum = 0;
                for (k = 0; k < n; k++)
                    sum += T[i * n + k] * B[j * n + k];
                C[i * n + j] = sum / sqrt(w[i] * w[j]);
            }
        flint_free(T);
    }
    else
        memcpy(C, A, n * n * sizeof *C);
    if (approx_eigen(w, C, n, 0))
        for (i = n - 1; i >= 0 && w[i] > 1e-11 * w[n - 1]; i--)
            best = w[i];
    flint_free(w);
    flint_free(C);
    return best;
}

/* eta_min(G)^2 of a linear or residual network.  G G^T is the pencil
   sum_i Q_i (x) O_i against S (x) I, Q_i = S T^T A_i^T A_i T S and
   O_i = P_i P_i^T.  Two blocks with O_2 = I: the eigenvalues o of O_1 split it
   into Q_2 + o Q_1 against S. */
static double
eta2_linear(const problem_t *P, const moments_t *M)
{
    slong i, j, a, b, k, q, n = P->nblocks, p = M->p, g = qmat_rows(P->Y);
    double **Q = flint_malloc(n * sizeof *Q), **O = flint_malloc(n * sizeof *O), *S, best = INFINITY;
    qmat_t A, unit, R;
    fmpq_t one;

    qmat_init(A, 0, 0);
    qmat_init(unit, 0, 0);
    qmat_init(R, 0, 0);
    fmpq_init(one);
    fmpq_one(one);
    qmat_set(A, M->T);
    qmat_set(unit, A);
    for (i = 0; i < n; i++)
    {
        qmat_mul(R, A, M->S);
        qmat_gram(R, R);
        Q[i] = approx_matrix(R, 0);
        qmat_mul(A, P->W + i, A);
        if ((i + 1) % P->r == 0)
        {
            if (P->kind == NET_RESIDUAL)
                qmat_add_scaled(A, A, one, unit);
            qmat_set(unit, A);
        }
        qmat_round(A, 256);
    }
    qmat_set_one(A, g);
    for (k = P->l - 1; k >= 0; k--)
    {
        qmat_set(unit, A);
        for (q = P->r - 1; q >= 0; q--)
        {
            qmat_gram_rows(R, A);
            O[k * P->r + q] = approx_matrix(R, 0);
            qmat_mul(A, A, P->W + k * P->r + q);
        }
        if (P->kind == NET_RESIDUAL)
            qmat_add_scaled(A, A, one, unit);
        qmat_round(A, 256);
    }
    S = approx_matrix(M->S, 0);
    if (n <= 2 && P->r == 1)
    {
        double *o = flint_malloc(g * sizeof *o), *K = flint_malloc(p * p * sizeof *K);
        double *B = flint_malloc(p * p * sizeof *B);
        if (approx_eigen(o, O[0], g, 0))
            for (i = 0; i < g; i++)
            {
                for (a = 0; a < p * p; a++)
                    K[a] = fmax(o[i], 0) * Q[0][a] + (n == 2 ? Q[1][a] : 0);
                memcpy(B, S, p * p * sizeof *B);
                best = fmin(best, smallest_positive(K, B, p));
            }
        flint_free(o);
        flint_free(K);
        flint_free(B);
    }
    else if (p * g <= LARGEST_ORDER)
    {
        slong N = p * g;
        double *K = flint_calloc(N * N, sizeof *K), *B = flint_calloc(N * N, sizeof *B);
        for (k = 0; k < n; k++)
            for (i = 0; i < p; i++)
                for (j = 0; j < p; j++)
                    for (a = 0; a < g; a++)
                        for (b = 0; b < g; b++)
                            K[(i * g + a) * N + j * g + b] += Q[k][i * p + j] * O[k][a * g + b];
        for (i = 0; i < p; i++)
            for (j = 0; j < p; j++)
                for (a = 0; a < g; a++)
                    B[(i * g + a) * N + j * g + a] = S[i * p + j];
        best = smallest_positive(K, B, N);
        flint_free(K);
        flint_free(B);
    }
    for (i = 0; i < n; i++)
    {
        flint_free(Q[i]);
        flint_free(O[i]);
    }
    flint_free(Q);
    flint_free(O);
    flint_free(S);
    qmat_clear(A);
    qmat_clear(unit);
    qmat_clear(R);
    fmpq_clear(one);
    return best;
}

/* The same for one hidden layer: the blocks of G G^T are, for samples j and k,
   sqrt(D_j D_k) (<Phi_j, Phi_k> I + <x_j, x_k> W_2 diag(s'_j s'_k) W_2^T). */
static double
eta2_feedforward(const problem_t *P)
{
    slong i, j, k, a, b, m = qmat_cols(P->X), g = qmat_rows(P->Y), d = qmat_rows(P->W);
    slong d0 = qmat_rows(P->X), N = m * g;
    double *X, *W1, *W2, *Phi, *S1, *K, best, slope;
    fmpq *D;
    arb_t x, y, t;

    if (N > LARGEST_ORDER)
        return INFINITY;
    X = approx_matrix(P->X, 0);
    W1 = approx_matrix(P->W, 0);
    W2 = approx_matrix(P->W + 1, 0);
    Phi = flint_calloc(d * m, sizeof *Phi);
    S1 = flint_calloc(d * m, sizeof *S1);
    K = flint_calloc(N * N, sizeof *K);
    D = _fmpq_vec_init(m);
    arb_init(x);
    arb_init(y);
    arb_init(t);
    problem_curvature(D, P);
    slope = P->act->kind == ACT_IDENTITY ? 1 : approx_fmpq(P->act->slope);
    for (i = 0; i < d; i++)
        for (j = 0; j < m; j++)
            if (qmat_rows(P->features) > 0)
            {
                fmpq_t f;
                fmpq_init(f);
                qmat_get_entry(f, P->features, i, j);
                Phi[i * m + j] = approx_fmpq(f);
                arb_set_fmpq(x, f, 256);
                oracle_inverse(y, x, P->act, 256);
                activation_derivatives_arb(x, t, y, P->act, 256);
                S1[i * m + j] = arf_get_d(arb_midref(x), ARF_RND_NEAR);
                fmpq_clear(f);
            }
            else
            {
                double z = 0;
                for (k = 0; k < d0; k++)
                    z += W1[i * d0 + k] * X[k * m + j];
                S1[i * m + j] = z < 0 ? slope : 1;
                Phi[i * m + j] = z * S1[i * m + j];
            }
    for (j = 0; j < m; j++)
        for (k = 0; k < m; k++)
        {
            double c = 0, e = 0, w = sqrt(approx_fmpq(D + j) * approx_fmpq(D + k));
            for (i = 0; i < d; i++)
                c += Phi[i * m + j] * Phi[i * m + k];
            for (i = 0; i < d0; i++)
                e += X[i * m + j] * X[i * m + k];
            for (a = 0; a < g; a++)
                for (b = 0; b < g; b++)
                {
                    double sum = a == b ? c : 0;
                    for (i = 0; i < d; i++)
                        sum += e * W2[a * d + i] * S1[i * m + j] * S1[i * m + k] * W2[b * d + i];
                    K[(j * g + a) * N + k * g + b] = w * sum;
                }
        }
    best = smallest_positive(K, NULL, N);
    flint_free(X);
    flint_free(W1);
    flint_free(W2);
    flint_free(Phi);
    flint_free(S1);
    flint_free(K);
    _fmpq_vec_clear(D, m);
    arb_clear(x);
    arb_clear(y);
    arb_clear(t);
    return best;
}

int
rc_default_delta(fmpq_t delta, const problem_t *P, const moments_t *M, int digits, const char **why)
{
    double eta = sqrt(P->kind == NET_FEEDFORWARD ? eta2_feedforward(P) : eta2_linear(P, M));
    fmpq_t lo, hi;

    if (!isfinite(eta))
    {
        *why = "delta: eta_min(G(W*)) could not be estimated (G is zero, or its order is above 1100); "
               "give delta";
        return 0;
    }
    fmpq_init(lo);
    fmpq_init(hi);
    approx_to_fmpq(lo, eta * (1 - 1e-11), 60, -1);
    approx_to_fmpq(hi, eta * (1 + 1e-11), 60, 1);
    fmpq_simplest_between(delta, lo, hi);
    if (fmpz_bits(fmpq_numref(delta)) + fmpz_bits(fmpq_denref(delta)) > 16)
        decimal_round(delta, lo, digits, 0);
    fmpq_clear(lo);
    fmpq_clear(hi);
    return 1;
}

void
rc_default_beta(fmpq_t beta, const fmpq_t gamma, const fmpq_t delta)
{
    fmpq_t x;

    fmpq_init(x);
    fmpq_mul(beta, delta, delta);
    fmpq_div_2exp(beta, beta, 1);
    fmpq_mul(x, gamma, beta);
    fmpq_sub(beta, beta, x);
    fmpq_clear(x);
}

/* x := an upper bound of ||A||^2, exact where that is rational and simple. */
static void
norm2(fmpq_t x, oracle_t *o, const qmat_t A)
{
    facts_t f;
    oracle_t own;
    qmat_t K;

    oracle_init(&own, o->P, o->M, o->precision_limit);
    facts_init(&f, 256);
    f.oracle = oracle_answer;
    f.context = &own;
    qmat_init(K, 0, 0);
    qmat_gram_smaller(K, A);
    fact_upper(x, &f, "norm", "", K, NULL);
    qmat_clear(K);
    facts_clear(&f);
    oracle_clear(&own);
}

int
rc_default_alpha(fmpq_t alpha, oracle_t *o, const fmpq_t gamma, int digits, const char **why)
{
    const problem_t *P = o->P;
    slong k, d = qmat_cols(P->X);
    fmpq_t x, zeta2, tilde2, t, y;
    fmpq *D = _fmpq_vec_init(d);
    qmat_t A;

    fmpq_init(x);
    fmpq_init(zeta2);
    fmpq_init(tilde2);
    fmpq_init(t);
    fmpq_init(y);
    qmat_init(A, 0, 0);
    /* ||X D^{1/2}||^2 */
    problem_curvature(D, P);
    {
        facts_t f;
        oracle_t own;
        qmat_t K;
        oracle_init(&own, P, o->M, o->precision_limit);
        facts_init(&f, 256);
        f.oracle = oracle_answer;
        f.context = &own;
        qmat_init(K, 0, 0);
        qmat_transpose(A, P->X);
        qmat_scale_columns(K, P->X, D);
        qmat_mul(K, K, A);
        fact_upper(x, &f, "norm", "", K, NULL);
        qmat_clear(K);
        facts_clear(&f);
        oracle_clear(&own);
    }
    if (P->kind == NET_FEEDFORWARD)
    {   /* zeta = 2 max(||Phi*||, ||W_2*||, max |s'|); alpha = gamma / max(||X||^2 zeta^4, zeta^2) */
        if (qmat_rows(P->features) > 0)
            qmat_set(A, P->features);
        else
        {
            qmat_mul(A, P->W, P->X);
            activation_apply(A, A, P->act);
        }
        norm2(zeta2, o, A);
        norm2(t, o, P->W + 1);
        if (fmpq_cmp(t, zeta2) > 0)
            fmpq_set(zeta2, t);
        activation_lipschitz(t, P->act);        /* max |s'| is at most this */
        fmpq_mul(t, t, t);
        if (fmpq_cmp(t, zeta2) > 0)
            fmpq_set(zeta2, t);
        fmpq_mul_2exp(zeta2, zeta2, 2);
        fmpq_mul(t, x, zeta2);
        if (fmpq_cmp_si(t, 1) < 0)
            fmpq_one(t);
        fmpq_mul(t, t, zeta2);
    }
    else
    {   /* gamma / (l r zeta~^(2(r-1)) zeta^(2(l-1)) ||X||^2) */
        qmat_struct *U = gd_units(P);
        for (k = 0; k < P->l; k++)
        {
            norm2(t, o, U + k);
            if (fmpq_cmp(t, zeta2) > 0)
                fmpq_set(zeta2, t);
        }
        for (k = 0; k < P->nblocks && P->r > 1; k++)
        {
            norm2(t, o, P->W + k);
            if (fmpq_cmp(t, tilde2) > 0)
                fmpq_set(tilde2, t);
        }
        qmat_vec_clear(U, P->l);
        fmpq_mul_2exp(zeta2, zeta2, 2);
        fmpq_mul_2exp(tilde2, tilde2, 2);
        fmpq_set_si(y, P->nblocks, 1);
        fmpq_mul(t, x, y);
        for (k = 1; k < P->l; k++)
            fmpq_mul(t, t, zeta2);
        for (k = 1; k < P->r; k++)
            fmpq_mul(t, t, tilde2);
    }
    if (!fmpq_is_zero(t))
    {
        fmpq_div(alpha, gamma, t);
        if (!is_simple(alpha))
            decimal_round(alpha, alpha, digits, 0);
    }
    else
        *why = "alpha: the paper's formula divides by zero here (its zeta is 0); write alpha: best, or a "
               "number";
    d = fmpq_is_zero(t) ? 0 : 1;
    _fmpq_vec_clear(D, qmat_cols(P->X));
    fmpq_clear(x);
    fmpq_clear(zeta2);
    fmpq_clear(tilde2);
    fmpq_clear(t);
    fmpq_clear(y);
    qmat_clear(A);
    return (int) d;
}
