/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A slow second implementation for the tests: one sample at a time, entry by
   entry in fmpq, derivatives carried along in every number (x + d e, e^2 = 0), no
   backward pass and no moments.  And random problems, points and directions. */
#ifndef TEST_NAIVE_H
#define TEST_NAIVE_H

#include "network/copy.h"
#include "random.h"

#define UNUSED __attribute__((unused))

typedef struct { slong n; fmpq *x, *d; } dual_t;

UNUSED static void
dual_init(dual_t *v, slong n)
{
    v->n = n;
    v->x = _fmpq_vec_init(n);
    v->d = _fmpq_vec_init(n);
}

UNUSED static void
dual_clear(dual_t *v)
{
    _fmpq_vec_clear(v->x, v->n);
    _fmpq_vec_clear(v->d, v->n);
}

/* v := v + w */
UNUSED static void
dual_add(dual_t *v, const dual_t *w)
{
    slong j;

    for (j = 0; j < v->n; j++)
    {
        fmpq_add(v->x + j, v->x + j, w->x + j);
        fmpq_add(v->d + j, v->d + j, w->d + j);
    }
}

/* v := (W + e V) v; V may be NULL. */
UNUSED static void
dual_apply(dual_t *v, const qmat_t W, const qmat_struct *V)
{
    slong i, j;
    dual_t y;
    fmpq_t w;

    fmpq_init(w);
    dual_init(&y, qmat_rows(W));
    for (i = 0; i < y.n; i++)
        for (j = 0; j < v->n; j++)
        {
            qmat_get_entry(w, W, i, j);
            fmpq_addmul(y.x + i, w, v->x + j);
            fmpq_addmul(y.d + i, w, v->d + j);
            if (V == NULL)
                continue;
            qmat_get_entry(w, V, i, j);
            fmpq_addmul(y.d + i, w, v->x + j);
        }
    dual_clear(v);
    *v = y;
    fmpq_clear(w);
}

/* v := s(v), s piecewise linear; 0 at a kink. */
UNUSED static int
dual_activate(dual_t *v, const activation_t *s)
{
    slong j;
    int smooth = 1;

    for (j = 0; j < v->n; j++)
    {
        if (s->kind == ACT_IDENTITY || fmpq_sgn(v->x + j) > 0)
            continue;
        smooth &= fmpq_sgn(v->x + j) < 0;
        if (s->kind == ACT_RELU)
        {
            fmpq_zero(v->x + j);
            fmpq_zero(v->d + j);
        }
        else
        {
            fmpq_mul(v->x + j, v->x + j, s->slope);
            fmpq_mul(v->d + j, v->d + j, s->slope);
        }
    }
    return smooth;
}

/* v := f(column s of input) and its derivative along V (blocks; NULL: 0) and u
   (biases; NULL: 0); 0 at a kink. */
UNUSED static int
naive_column(dual_t *v, const problem_t *P, const qmat_t input, slong s, const qmat_struct *V,
             const qmat_struct *u)
{
    slong k, q, j;
    int smooth = 1;
    fmpq_t t;

    fmpq_init(t);
    dual_init(v, qmat_rows(input));
    for (j = 0; j < v->n; j++)
        qmat_get_entry(v->x + j, input, j, s);
    for (k = 0; k < P->l; k++)
    {
        dual_t before;
        dual_init(&before, v->n);
        dual_add(&before, v);
        for (q = 0; q < P->r; q++)
            dual_apply(v, P->W + k * P->r + q, V == NULL ? NULL : V + k * P->r + q);
        if (P->kind == NET_RESIDUAL)
            dual_add(v, &before);
        for (j = 0; P->b != NULL && j < v->n; j++)
        {
            qmat_get_entry(t, P->b + k, j, 0);
            fmpq_add(v->x + j, v->x + j, t);
            if (u == NULL)
                continue;
            qmat_get_entry(t, u + k, j, 0);
            fmpq_add(v->d + j, v->d + j, t);
        }
        if (P->kind == NET_FEEDFORWARD && k < P->l - 1)
            smooth &= dual_activate(v, P->act + k);
        dual_clear(&before);
    }
    fmpq_clear(t);
    return smooth;
}

/* h := the loss, dh := its derivative along V and u, j2 := sum_i 2 scale w_i
   ||d f(x_i)||^2; 0 at a kink. */
UNUSED static int
naive_loss(fmpq_t h, fmpq_t dh, fmpq_t j2, const problem_t *P, const qmat_struct *V,
           const qmat_struct *u)
{
    slong s, j;
    int smooth = 1;
    fmpq_t c, e, t;

    fmpq_init(c);
    fmpq_init(e);
    fmpq_init(t);
    fmpq_zero(h);
    fmpq_zero(dh);
    fmpq_zero(j2);
    for (s = 0; s < qmat_cols(P->X); s++)
    {
        dual_t v;
        smooth &= naive_column(&v, P, P->X, s, V, u);
        fmpq_mul(c, P->scale, P->weights + s);
        for (j = 0; j < v.n; j++)
        {
            qmat_get_entry(e, P->Y, j, s);
            fmpq_sub(e, v.x + j, e);
            fmpq_mul(t, c, e);
            fmpq_addmul(h, t, e);
            fmpq_add(t, t, t);
            fmpq_addmul(dh, t, v.d + j);
            fmpq_mul(t, c, v.d + j);
            fmpq_add(t, t, t);
            fmpq_addmul(j2, t, v.d + j);
        }
        dual_clear(&v);
    }
    fmpq_clear(c);
    fmpq_clear(e);
    fmpq_clear(t);
    return smooth;
}

/* Z := the product of a linear or residual network, column by column, and dZ
   (may be NULL) := its derivative along V. */
UNUSED static void
naive_product(qmat_t Z, qmat_struct *dZ, const problem_t *P, const qmat_struct *V)
{
    slong s, j, d = qmat_rows(P->X), n = qmat_rows(P->W + P->nblocks - 1);
    fmpq *z = _fmpq_vec_init(n * d), *dz = _fmpq_vec_init(n * d);
    qmat_t one;

    qmat_init(one, 0, 0);
    qmat_set_one(one, d);
    for (s = 0; s < d; s++)
    {
        dual_t v;
        naive_column(&v, P, one, s, V, NULL);
        for (j = 0; j < n; j++)
        {
            fmpq_set(z + j * d + s, v.x + j);
            fmpq_set(dz + j * d + s, v.d + j);
        }
        dual_clear(&v);
    }
    qmat_set_entries(Z, n, d, z);
    if (dZ != NULL)
        qmat_set_entries(dZ, n, d, dz);
    _fmpq_vec_clear(z, n * d);
    _fmpq_vec_clear(dz, n * d);
    qmat_clear(one);
}

/* Blocks of zeros, or random ones, of the shapes of P's. */
UNUSED static qmat_struct *
random_direction(const problem_t *P, slong size)
{
    slong i;
    qmat_struct *V = qmat_vec_init(P->nblocks);

    for (i = 0; i < P->nblocks; i++)
        random_matrix(V + i, qmat_rows(P->W + i), qmat_cols(P->W + i), size, 1 + pick(3));
    return V;
}

/* Q := P at W + x V. */
UNUSED static void
move(problem_t *Q, const problem_t *P, const fmpq_t x, const qmat_struct *V)
{
    slong i;

    problem_set(Q, P);
    for (i = 0; i < P->nblocks; i++)
        qmat_add_scaled(Q->W + i, P->W + i, x, V + i);
}

/* X := a random matrix, of lower rank now and then. */
UNUSED static void
random_data(qmat_t X, slong d, slong m)
{
    qmat_t A, B;

    random_matrix(X, d, m, 5, 1 + pick(3));
    if (pick(3) > 0)
        return;
    qmat_init(A, 0, 0);
    qmat_init(B, 0, 0);
    random_matrix(A, d, 1, 4, 1);
    random_matrix(B, 1, m, 4, 1 + pick(3));
    qmat_mul(X, A, B);
    qmat_clear(A);
    qmat_clear(B);
}

/* Some weights 0, 1/2, .. at least one of them positive, and a scale. */
UNUSED static void
random_weights(problem_t *P)
{
    slong i, m = qmat_cols(P->X);

    problem_set_samples(P, m);
    if (pick(3) == 0)
        return;
    for (i = 0; i < m; i++)
        fmpq_set_si(P->weights + i, pick(4), 2);
    fmpq_set_si(P->weights + pick(m), 1 + pick(3), 1 + pick(3));
    fmpq_canonicalise(P->weights);
    for (i = 0; i < m; i++)
        fmpq_canonicalise(P->weights + i);
    fmpq_set_si(P->scale, 1 + pick(5), 1 + 2 * pick(3));
    fmpq_canonicalise(P->scale);
}

/* A random problem with l layers or units of depth r. */
UNUSED static void
random_network(problem_t *P, network_kind kind, slong l, slong r)
{
    slong i, d = 1 + pick(3), m = 1 + pick(4), width = d, out;

    random_data(P->X, d, m);
    random_weights(P);
    problem_set_network(P, kind, l, r);
    if (kind == NET_FEEDFORWARD && pick(2))
        problem_add_biases(P);
    for (i = 0; i < P->nblocks; i++)
    {
        out = kind == NET_RESIDUAL ? d : 1 + pick(3);
        random_matrix(P->W + i, out, width, 3, 1 + pick(3));
        if (P->b != NULL)
            random_matrix(P->b + i, out, 1, 3, 2);
        if (kind == NET_FEEDFORWARD && i < l - 1)
        {
            P->act[i].kind = pick(3);
            if (P->act[i].kind == ACT_LEAKY_RELU)
                fmpq_set_si(P->act[i].slope, 2 * pick(4) - 3, 2);
        }
        width = out;
    }
    random_matrix(P->Y, width, m, 5, 1 + pick(3));
}

#endif
