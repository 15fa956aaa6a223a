/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include "kernel/number.h"
#include "kernel/scope.h"
#include "problem.h"

const char *const network_name[NET_KINDS] = { "linear", "residual", "feedforward", "skip", "resnet" };
const char *const decay_name[DECAY_KINDS] = { "", " hidden-biases", " biases" };
const char *const loss_name[LOSS_KINDS] = { "square", "cross-entropy", "logistic", "smooth-hinge" };

void
problem_init(problem_t *P)
{
    memset(P, 0, sizeof *P);
    fmpq_init(P->scale);
    fmpq_init(P->weight_decay);
    qmat_init(P->X, 0, 0);
    qmat_init(P->Y, 0, 0);
    qmat_init(P->features, 0, 0);
    fmpq_set_si(P->scale, 1, 2);
    P->power = 2;
    P->r = 1;
}

static void
clear_network(problem_t *P)
{
    slong i;

    for (i = 0; P->act != NULL && i < P->l - 1; i++)
        fmpq_clear(P->act[i].slope);
    flint_free(P->act);
    qmat_vec_clear(P->W, P->nblocks);
    qmat_vec_clear(P->b, P->l);
    P->act = NULL;
    P->W = P->b = NULL;
    flint_free(P->skip);
    P->skip = NULL;
    P->skips = 0;
}

static void
clear_weights(problem_t *P)
{
    if (P->weights != NULL)
        _fmpq_vec_clear(P->weights, P->nweights);
    P->weights = NULL;
}

void
problem_clear(problem_t *P)
{
    clear_network(P);
    clear_weights(P);
    fmpq_clear(P->scale);
    fmpq_clear(P->weight_decay);
    qmat_clear(P->X);
    qmat_clear(P->Y);
    qmat_clear(P->features);
}

void
problem_set_network(problem_t *P, network_kind kind, slong l, slong r)
{
    slong i;

    clear_network(P);
    P->kind = kind;
    P->l = l;
    P->r = r;
    P->nblocks = l * r;
    P->W = qmat_vec_init(P->nblocks);
    if (kind >= NET_FEEDFORWARD)
    {
        P->act = flint_calloc(FLINT_MAX(l - 1, 1), sizeof *P->act);
        for (i = 0; i < l - 1; i++)
            fmpq_init(P->act[i].slope);
    }
}

void
problem_set_samples(problem_t *P, slong m)
{
    slong i;

    clear_weights(P);
    P->weights = _fmpq_vec_init(P->nweights = m);
    for (i = 0; i < m; i++)
        fmpq_one(P->weights + i);
}

void
problem_add_biases(problem_t *P)
{
    if (P->b == NULL)
        P->b = qmat_vec_init(P->l);
}

void
problem_add_skips(problem_t *P, const slong *layers, slong n)
{
    slong i;

    flint_free(P->skip);
    P->skip = flint_malloc((n + 1) * sizeof *P->skip);
    P->skips = n;
    for (i = 0; i < n; i++)
        P->skip[i] = layers[i];
}

const qmat_struct *
problem_bias(const problem_t *P, slong k)
{
    return P->b == NULL || qmat_rows(P->b + k) == 0 ? NULL : P->b + k;
}

const qmat_struct *
problem_decayed_bias(const problem_t *P, slong k)
{
    return P->decayed == DECAY_BIASES || (P->decayed == DECAY_HIDDEN_BIASES && k < P->l - 1)
        ? problem_bias(P, k) : NULL;
}

void
problem_block(qmat_t A, const problem_t *P, slong k, int biases)
{
    MATRICES(t);

    qmat_transpose(A, P->W + k);
    if (problem_bias(P, k) != NULL)
    {
        qmat_transpose(t, problem_bias(P, k));
        if (!biases)
            qmat_sub(t, t, t);
        qmat_stack(A, A, t);
    }
    qmat_transpose(A, A);
}

/* The rows of the features of layer k. */
static slong
width(const problem_t *P, slong k)
{
    return k == 0 ? qmat_rows(P->X) : qmat_rows(P->W + k - 1);
}

slong
problem_inputs(const problem_t *P, slong k)
{
    slong i, n = width(P, k);

    for (i = 0; k == P->l - 1 && i < P->skips; i++)
        n += width(P, P->skip[i]);
    return n;
}

void
problem_block_name(char *buf, size_t size, const problem_t *P, slong i)
{
    if (P->kind == NET_RESNET && i >= P->l - 2)
        snprintf(buf, size, i == P->l - 1 ? "W" : "R");
    else if (P->kind != NET_RESIDUAL)
        snprintf(buf, size, "W_%ld", (long) i + 1);
    else if (P->r < 10 && P->l < 10)
        snprintf(buf, size, "A_%ld%ld", (long) (i / P->r) + 1, (long) (i % P->r) + 1);
    else
        snprintf(buf, size, "A_%ld,%ld", (long) (i / P->r) + 1, (long) (i % P->r) + 1);
}

static _Thread_local char message[256];

static const char *
shape_error(const char *name, const qmat_t A, slong r, slong c)
{
    snprintf(message, sizeof message, "%s is %ld x %ld, expected %ld x %ld", name,
             (long) qmat_rows(A), (long) qmat_cols(A), (long) r, (long) c);
    return message;
}

const char *
problem_validate(const problem_t *P)
{
    slong i, m = qmat_cols(P->X), out = qmat_rows(P->X);
    int positive = 0;
    char name[32];

    if (out == 0 || m == 0)
        return "X has no entries";
    if (!qmat_is_exact(P->X) || !qmat_is_exact(P->Y))
        return "the data are not exact";
    if (fmpq_sgn(P->scale) <= 0)
        return "the scale of the loss is not positive";
    if (fmpq_sgn(P->weight_decay) < 0)
        return "weight-decay is negative";
    for (i = 0; i < m; i++)
    {
        if (fmpq_sgn(P->weights + i) < 0)
            return "a sample weight is negative";
        positive |= fmpq_sgn(P->weights + i) > 0;
    }
    if (!positive)
        return "every sample weight is zero";
    if (P->kind == NET_RESNET && P->l < 3)
        return "a resnet has at least one layer of z";
    if (P->kind == NET_RESNET && P->act[P->l - 2].kind != ACT_IDENTITY)
        return "the activation of X + R Z in a resnet is identity";
    for (i = 0; i < P->skips; i++)
        if (P->kind != NET_SKIP || P->skip[i] < (i == 0 ? 0 : P->skip[i - 1] + 1) || P->skip[i] > P->l - 2)
            return "skips are layers from 0, the inputs, to l - 2, rising";
    for (i = 0; i < P->nblocks; i++)
    {
        const qmat_struct *W = P->W + i;
        slong in = P->kind == NET_RESIDUAL ? out : problem_inputs(P, i);
        int square = P->kind == NET_RESIDUAL || (P->kind == NET_RESNET && i == P->l - 2);
        problem_block_name(name, sizeof name, P, i);
        if (!qmat_is_exact(W))
            return "the point is not exact";
        if (qmat_rows(W) == 0)
        {
            snprintf(message, sizeof message, "%s has no rows", name);
            return message;
        }
        out = square ? qmat_rows(P->X) : qmat_rows(W);
        if (qmat_cols(W) != in || qmat_rows(W) != out)
            return shape_error(name, W, out, in);
        if (P->b != NULL)
        {
            snprintf(name, sizeof name, "b_%ld", (long) i + 1);
            if (!qmat_is_exact(P->b + i))
                return "the point is not exact";
            if (P->kind == NET_RESNET && i >= P->l - 2)
            {
                if (qmat_rows(P->b + i) > 0)
                    return "R and W of a resnet have no biases";
            }
            else if (qmat_rows(P->b + i) != out || qmat_cols(P->b + i) != 1)
                return shape_error(name, P->b + i, out, 1);
        }
    }
    if (qmat_rows(P->features) > 0)
    {
        if (P->kind != NET_FEEDFORWARD || P->l != 2 || P->b != NULL)
            return "features stand for W_1 of a feedforward network with one hidden layer and no "
                   "biases only";
        if (!activation_has_inverse(P->act))
            return "features need a smooth activation with an inverse";
        if (!qmat_is_exact(P->features) || !qmat_is_zero(P->W))
            return "the point is not exact";
        if (qmat_rows(P->features) != qmat_rows(P->W) || qmat_cols(P->features) != m)
            return shape_error("features", P->features, qmat_rows(P->W), m);
    }
    if (qmat_rows(P->Y) != out || qmat_cols(P->Y) != m)
        return shape_error("Y", P->Y, out, m);
    return NULL;
}

void
problem_curvature(fmpq *D, const problem_t *P)
{
    slong i;

    for (i = 0; i < qmat_cols(P->X); i++)
    {
        number_mul(D + i, P->scale, P->weights + i);
        number_add(D + i, D + i, D + i);
    }
}
