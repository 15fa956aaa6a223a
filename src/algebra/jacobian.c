/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include "approx.h"
#include "kernel/derivatives.h"
#include "kernel/kronecker.h"
#include "jacobian.h"
#include "leaf.h"

#define LARGEST_ORDER 1100

void
jacobian_factors(qmat_struct *Q, qmat_struct *O, const problem_t *P, const moments_t *M)
{
    qmat_t one;
    walk_t w;

    for (walk_forwards(&w, P, 0, M->T); w.i < P->nblocks; walk_step_forwards(&w))
    {
        qmat_mul(Q + w.i, w.at, M->S);
        qmat_gram(Q + w.i, Q + w.i);
    }
    walk_clear(&w);
    qmat_init(one, 0, 0);
    qmat_set_one(one, qmat_rows(P->Y));
    for (walk_backwards(&w, P, one); w.i >= 0; walk_step_backwards(&w))
        qmat_gram_rows(O + w.i, w.at);
    walk_clear(&w);
    qmat_clear(one);
}

/* One hidden layer, rational activation. */
static int
hidden_form(qmat_t K, qmat_t N, const problem_t *P, slong most)
{
    slong i, j, k, a, b, m = 0, cols = qmat_cols(P->X), g = qmat_rows(P->Y), d = qmat_rows(P->W);
    slong *which = flint_malloc(cols * sizeof *which);
    fmpq *D = _fmpq_vec_init(cols), *e;
    fmpq_t x, y, z;
    qmat_t Z, S1, Phi, PP, XX, W2;
    int ok;

    qmat_init(Z, 0, 0);
    qmat_init(S1, 0, 0);
    qmat_init(Phi, 0, 0);
    qmat_init(PP, 0, 0);
    qmat_init(XX, 0, 0);
    qmat_init(W2, 0, 0);
    fmpq_init(x);
    fmpq_init(y);
    fmpq_init(z);
    problem_curvature(D, P);
    for (j = 0; j < cols; j++)
        if (!fmpq_is_zero(D + j))
            which[m++] = j;
    ok = m * g <= most;
    if (ok)
    {
        qmat_mul(Z, P->W, P->X);
        ok = activation_derivative(S1, Z, P->act);
    }
    if (ok)
    {
        activation_apply(Phi, Z, P->act);
        qmat_gram(PP, Phi);
        qmat_gram(XX, P->X);
        e = _fmpq_vec_init(m * g * m * g);
        for (j = 0; j < m; j++)
            for (k = 0; k <= j; k++)
            {
                /* W2 := W_2 diag(s'_j s'_k) W_2^T */
                fmpq *s = _fmpq_vec_init(d);
                qmat_t R;
                qmat_init(R, 0, 0);
                for (i = 0; i < d; i++)
                {
                    qmat_get_entry(x, S1, i, which[j]);
                    qmat_get_entry(y, S1, i, which[k]);
                    fmpq_mul(s + i, x, y);
                }
                qmat_scale_columns(W2, P->W + 1, s);
                qmat_transpose(R, P->W + 1);
                qmat_mul(W2, W2, R);
                qmat_get_entry(x, XX, which[j], which[k]);
                qmat_get_entry(y, PP, which[j], which[k]);
                for (a = 0; a < g; a++)
                    for (b = 0; b < g; b++)
                    {
                        fmpq *cell = e + (j * g + a) * m * g + k * g + b;
                        qmat_get_entry(z, W2, a, b);
                        fmpq_mul(cell, x, z);
                        if (a == b)
                            fmpq_add(cell, cell, y);
                        fmpq_set(e + (k * g + b) * m * g + j * g + a, cell);
                    }
                qmat_clear(R);
                _fmpq_vec_clear(s, d);
            }
        qmat_set_entries(K, m * g, m * g, e);
        _fmpq_vec_clear(e, m * g * m * g);
        e = _fmpq_vec_init(m * g * m * g);
        for (j = 0; j < m; j++)
            for (a = 0; a < g; a++)
                fmpq_inv(e + (j * g + a) * (m * g + 1), D + which[j]);
        qmat_set_entries(N, m * g, m * g, e);
        _fmpq_vec_clear(e, m * g * m * g);
    }
    _fmpq_vec_clear(D, cols);
    flint_free(which);
    fmpq_clear(x);
    fmpq_clear(y);
    fmpq_clear(z);
    qmat_clear(Z);
    qmat_clear(S1);
    qmat_clear(Phi);
    qmat_clear(PP);
    qmat_clear(XX);
    qmat_clear(W2);
    return ok;
}

int
jacobian_form(qmat_t K, qmat_t N, const problem_t *P, const moments_t *M, slong most)
{
    slong i, n = P->nblocks, g = qmat_rows(P->Y);
    qmat_struct *Q, *O;
    qmat_t t;
    fmpq_t one;

    if (!network_is_linear(P))
        return P->l == 2 && P->b == NULL && qmat_rows(P->features) == 0
            && activation_is_rational(P->act->kind) && hidden_form(K, N, P, most);
    if (M->p == 0 || M->p * g > most)
        return 0;
    Q = qmat_vec_init(n);
    O = qmat_vec_init(n);
    qmat_init(t, 0, 0);
    fmpq_init(one);
    fmpq_one(one);
    jacobian_factors(Q, O, P, M);
    for (i = 0; i < n; i++)
    {
        qmat_kron(t, Q + i, O + i);
        if (i == 0)
            qmat_swap(K, t);
        else
            qmat_add_scaled(K, K, one, t);
    }
    qmat_set_one(t, g);
    qmat_kron(N, M->S, t);
    qmat_vec_clear(Q, n);
    qmat_vec_clear(O, n);
    qmat_clear(t);
    fmpq_clear(one);
    return 1;
}

/* The smallest positive eigenvalue of A against B (order n, B positive
   definite, NULL: the identity), and the largest if above *largest, eigenvalues below 1e-11 of the largest counting as 0. */
static double
smallest_positive(double *largest, double *A, double *B, slong n)
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
    {
        *largest = fmax(*largest, w[n - 1]);
        for (i = n - 1; i >= 0 && w[i] > 1e-11 * w[n - 1]; i--)
            best = w[i];
    }
    flint_free(w);
    flint_free(C);
    return best;
}

/* Two blocks of a linear network, or of a residual one with r = 1: O_2 = I, so
   the eigenvalues o of O_1 split the pencil into Q_2 + o Q_1 against S. */
static double
eta2_two(double *largest, const problem_t *P, const moments_t *M)
{
    slong i, a, n = P->nblocks, p = M->p, g = qmat_rows(P->Y);
    qmat_struct *Q = qmat_vec_init(n), *O = qmat_vec_init(n);
    double best = INFINITY, *S, *Q1, *Q2, *O1, *o, *K, *B;

    jacobian_factors(Q, O, P, M);
    S = approx_matrix(M->S, 0);
    Q1 = approx_matrix(Q, 0);
    Q2 = n == 2 ? approx_matrix(Q + 1, 0) : flint_calloc(p * p, sizeof *Q2);
    O1 = approx_matrix(O, 0);
    o = flint_malloc(g * sizeof *o);
    K = flint_malloc(p * p * sizeof *K);
    B = flint_malloc(p * p * sizeof *B);
    if (approx_eigen(o, O1, g, 0))
        for (i = 0; i < g; i++)
        {
            for (a = 0; a < p * p; a++)
                K[a] = (o[i] > 1e-13 * o[g - 1] ? o[i] : 0) * Q1[a] + Q2[a];
            memcpy(B, S, p * p * sizeof *B);
            best = fmin(best, smallest_positive(largest, K, B, p));
        }
    flint_free(S);
    flint_free(Q1);
    flint_free(Q2);
    flint_free(O1);
    flint_free(o);
    flint_free(K);
    flint_free(B);
    qmat_vec_clear(Q, n);
    qmat_vec_clear(O, n);
    return best;
}

/* One hidden layer, any activation, in doubles: the blocks of G G^T are
   sqrt(D_j D_k) (<Phi_j, Phi_k> I + <x_j, x_k> W_2 diag(s'_j s'_k) W_2^T). */
static double
eta2_feedforward(double *largest, const problem_t *P)
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
    best = smallest_positive(largest, K, NULL, N);
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

double
jacobian_eta(double *norm, const problem_t *P, const moments_t *M)
{
    double eta2 = INFINITY, largest = 0, *A, *B;
    qmat_t K, N;

    if (!network_is_linear(P))
        eta2 = eta2_feedforward(&largest, P);
    else if (M->p == 0)
        ;                               /* G = 0 */
    else if (P->nblocks <= 2 && P->r == 1)
        eta2 = eta2_two(&largest, P, M);
    else
    {
        qmat_init(K, 0, 0);
        qmat_init(N, 0, 0);
        if (jacobian_form(K, N, P, M, LARGEST_ORDER))
        {
            A = approx_matrix(K, 0);
            B = approx_matrix(N, 0);
            eta2 = smallest_positive(&largest, A, B, qmat_rows(K));
            flint_free(A);
            flint_free(B);
        }
        qmat_clear(K);
        qmat_clear(N);
    }
    if (norm != NULL)
        *norm = sqrt(largest);
    return sqrt(eta2);
}
