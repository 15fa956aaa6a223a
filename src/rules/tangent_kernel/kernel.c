/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* With P_k the derivatives of the outputs by z_k, rows i d + a for output a on sample i, and H_{k-1} the inputs
   of layer k on the distinct samples,

     J J^T = sum_k (P_k P_k^T) o ((H_{k-1}^T H_{k-1} + [bias] 1 1^T) (x) 1 1^T)

   which needs neither J nor its columns. */
#include "kernel/ask.h"
#include "kernel/kronecker.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "tangent_kernel.h"

/* B := the rows i d + a of A, i the distinct samples. */
static void
distinct_rows(qmat_t B, const qmat_t A, const distinct_t *g, slong d)
{
    slong i, j;
    qmat_t t;

    qmat_init(t, g->n * d, qmat_cols(A));
    for (i = 0; i < g->n * d; i++)
        for (j = 0; j < qmat_cols(A); j++)
            fmpz_set(fmpz_mat_entry(t->num, i, j), fmpz_mat_entry(A->num, g->sample[i / d] * d + i % d, j));
    fmpz_set(t->den, A->den);
    fmpq_set(t->rad, A->rad);
    qmat_canonicalise(t);
    qmat_swap(B, t);
    qmat_clear(t);
}

/* K := H^T H + [bias] 1 1^T for the input of layer k + 1, on the distinct samples. */
static void
input_gram(qmat_t K, const pass_t *p, setting_t *s, const distinct_t *g, slong k)
{
    MATRICES(H, ones);
    NUMBERS(one);

    qmat_transpose(H, pass_input(p, k));
    distinct_rows(H, H, g, 1);
    qmat_gram_rows(K, H);
    fmpq_one(one);
    if (problem_bias(p->P, k) != NULL)
    {
        qmat_ones(ones, g->n, g->n);
        qmat_add_scaled(K, K, one, ones);
    }
    qmat_round(K, s->f->rounding);
}

/* K += the part of layer k + 1, from A = P_{k+1}. */
static void
add_layer(qmat_t K, const qmat_t A, const pass_t *p, setting_t *s, const distinct_t *g, slong k)
{
    slong d = qmat_rows(p->P->Y);
    MATRICES(part, B, G, ones);
    NUMBERS(one);

    fmpq_one(one);
    distinct_rows(B, A, g, d);
    qmat_gram_rows(part, B);
    qmat_round(part, s->f->rounding);
    input_gram(G, p, s, g, k);
    qmat_ones(ones, d, d);
    qmat_kron(G, G, ones);
    qmat_mul_entries(part, part, G);
    qmat_add_scaled(K, K, one, part);
    qmat_round(K, s->f->rounding);
}

slong
tk_parameters(const problem_t *P, const char *block)
{
    slong k, n = 0;

    for (k = 0; k < P->l; k++)
        if (block[k])
            n += qmat_rows(P->W + k) * (qmat_cols(P->W + k) + (problem_bias(P, k) != NULL));
    return n;
}

int
tk_kernel_bound(fmpq_t mu, const pass_t *p, setting_t *s, const distinct_t *g, const char *block, int weighted,
                const fmpq *want)
{
    slong i, k, d = qmat_rows(p->P->Y), m = qmat_cols(p->P->X), n = g->n * d;
    fmpq *inverse;
    MATRICES(K, A, M, N);
    int ok;

    fmpq_zero(mu);
    if (tk_parameters(p->P, block) < n)
        facts_fail(s->f, "kernel", "%ld parameters cannot move %ld outputs on distinct samples independently",
                   (long) tk_parameters(p->P, block), (long) n);
    ok = facts_expect_bound(s->f, "kernel", n);
    if (!ok)
        return 0;
    if (!work_keep(4 * n, n, 2 * s->f->rounding))
    {
        facts_fail(s->f, "limits", "%s", work_exceeded());
        return 0;
    }
    qmat_ones(K, n, n);
    qmat_sub(K, K, K);
    deviation_factor_last(A, d, m);
    for (k = p->l - 1; ok && k >= 0; k--)
    {
        if (block[k])
            add_layer(K, A, p, s, g, k);
        if (k > 0)
            ok = deviation_factor_back(M, A, p, s, k);
    }
    if (!ok)
    {
        facts_fail(s->f, "limits", "%s", work_exceeded());
        return 0;
    }
    if (weighted)
    {
        inverse = _fmpq_vec_init(n);
        for (i = 0; i < n; i++)
            fmpq_inv(inverse + i, g->D + i / d);
        qmat_set_one(N, n);
        qmat_scale_columns(N, N, inverse);
        _fmpq_vec_clear(inverse, n);
    }
    else
        qmat_set_one(N, n);
    fact_lower(mu, s->f, "kernel", weighted ? "\\sigma_{\\min}(D^{1/2} J)^2" : "\\sigma_{\\min}(J)^2", K, N, want, 1);
    return !s->f->failed;
}

int
tk_features_bound(fmpq_t mu, const pass_t *p, setting_t *s, const distinct_t *g)
{
    MATRICES(K, N);

    fmpq_zero(mu);
    if (!facts_expect_bound(s->f, "features-kernel", g->n))
        return 0;
    input_gram(K, p, s, g, p->l - 1);
    qmat_set_one(N, g->n);
    fact_lower(mu, s->f, "features-kernel", "\\sigma_{\\min}(H)^2", K, N, NULL, 1);
    return !s->f->failed;
}
