/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* point: {construct: {margin: eps}}: the construction of Kawaguchi, Huang & Kaelbling 2019, Example 2.  Samples of
   norm 1, a unit (x_i, eps - 1) of the first layer for each, identities in the later hidden layers, a last layer
   of zeros: the features are eps I where eps < 1 - <x_i, x_j> for all other samples. */
#include "config.h"
#include "kernel/limits.h"
#include "reader.h"

/* The largest inner product of two samples; 0 if one has not the norm 1. */
static int
largest_product(fmpq_t most, const qmat_t X)
{
    slong i, j;
    fmpq_t x, one;
    qmat_t K;
    int ok = 1;

    fmpq_init(x);
    fmpq_init(one);
    fmpq_one(one);
    fmpq_neg(most, one);
    qmat_init(K, 0, 0);
    qmat_gram(K, X);
    for (i = 0; i < qmat_cols(X); i++)
        for (j = 0; j <= i; j++)
        {
            qmat_get_entry(x, K, i, j);
            if (i == j)
                ok = ok && fmpq_is_one(x);
            else if (fmpq_cmp(x, most) > 0)
                fmpq_set(most, x);
        }
    qmat_clear(K);
    fmpq_clear(x);
    fmpq_clear(one);
    return ok;
}

/* b := r times the number x. */
static void
constant_column(qmat_t b, slong r, const fmpq_t x)
{
    qmat_ones(b, r, 1);
    qmat_scale(b, b, x);
}

static int
fits(ctx_t *c, const ynode_t *v, const fmpq_t eps)
{
    fmpq_t most, sum;
    int ok;

    fmpq_init(most);
    fmpq_init(sum);
    ok = largest_product(most, c->F->P.X);
    fmpq_add(sum, most, eps);
    if (!ok)
        yaml_bad(c, v, "margin", "every sample needs the norm 1 (Kawaguchi, Huang & Kaelbling 2019, Example 2)");
    else if (fmpq_sgn(eps) <= 0 || fmpq_cmp_si(sum, 1) >= 0)
        ok = yaml_bad(c, v, "margin", "a number > 0 is expected here, less than 1 minus the largest inner product of two samples");
    fmpq_clear(most);
    fmpq_clear(sum);
    return ok;
}

int
yaml_construct_features(ctx_t *c, const ynode_t *net, const ynode_t *map)
{
    static const char *const keys[] = { "margin", NULL };
    problem_t *P = &c->F->P;
    const ynode_t *v = ynode_get(net, "activation"), *margin = ynode_get(map, "margin");
    slong k, l, m = qmat_cols(P->X);
    fmpq_t eps, zero;
    int ok;

    if (!yaml_keys(c, map, "construct", keys))
        return 0;
    if (v == NULL)
        return yaml_bad(c, net, "activation", "is missing");
    l = (v->kind == YAML_LIST ? (slong) v->count : 1) + 1;
    if (l > limit(LIMIT_LAYERS) || m > limit(LIMIT_ROWS))
        return yaml_bad(c, map, "margin", "too many layers, or samples");
    fmpq_init(eps);
    fmpq_init(zero);
    ok = yaml_number(c, margin, "margin", eps) && fits(c, margin, eps);
    if (ok)
    {
        problem_set_network(P, NET_FEEDFORWARD, l, 1);
        problem_add_biases(P);
        fmpq_sub_si(eps, eps, 1);
    }
    for (k = 0; ok && k < l - 1; k++)
    {
        ok = yaml_activation(c, v->kind == YAML_LIST ? v->item[k] : v, P->act + k);
        if (ok && P->act[k].kind != ACT_RELU)
            ok = yaml_bad(c, v, "activation", "the construction is for relu in every hidden layer");
        if (k == 0)
            qmat_transpose(P->W, P->X);
        else
            qmat_set_one(P->W + k, m);
        constant_column(P->b + k, m, k == 0 ? eps : zero);
    }
    if (ok)
    {
        qmat_ones(P->W + l - 1, qmat_rows(P->Y), m);
        qmat_scale(P->W + l - 1, P->W + l - 1, zero);
        constant_column(P->b + l - 1, qmat_rows(P->Y), zero);
    }
    fmpq_clear(eps);
    fmpq_clear(zero);
    return ok;
}
