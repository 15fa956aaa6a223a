/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Networks with shortcuts: feedforward with skip: [k, ..] and S, and resnets. */
#include "config.h"
#include <stdio.h>
#include "kernel/limits.h"
#include "reader.h"

/* A := A beside B, of the same number of rows. */
static void
beside(qmat_t A, const qmat_t B)
{
    qmat_t t;

    qmat_init(t, 0, 0);
    qmat_transpose(t, B);
    qmat_transpose(A, A);
    qmat_stack(A, A, t);
    qmat_transpose(A, A);
    qmat_clear(t);
}

static slong
features_of(const problem_t *P, slong k)
{
    return k == 0 ? qmat_rows(P->X) : qmat_rows(P->W + k - 1);
}

/* layer[0 .. n) := the list, place[i] := which entry of it is the i-th in rising order. */
static int
read_list(ctx_t *c, const ynode_t *skip, slong *layer, slong *place, slong l)
{
    slong i, j, k, n = (slong) skip->count;

    for (i = 0; i < n; i++)
    {
        if (!yaml_whole(c, skip->item[i], "skip", 0, l - 2, &k))
            return 0;
        for (j = i; j > 0 && layer[j - 1] > k; j--)
        {
            layer[j] = layer[j - 1];
            place[j] = place[j - 1];
        }
        if (j > 0 && layer[j - 1] == k)
            return yaml_bad(c, skip->item[i], "skip", "layer %ld is there twice", (long) k);
        layer[j] = k;
        place[j] = i;
    }
    return 1;
}

int
yaml_skips(ctx_t *c, const ynode_t *net, const ynode_t *point)
{
    enum { MOST = 64 };
    problem_t *P = &c->F->P;
    const ynode_t *skip = ynode_get(net, "skip"), *S = ynode_get(point, "S");
    slong layer[MOST] = { 0 }, place[MOST] = { 0 }, i, n, l = P->l;
    qmat_struct *last = P->W + l - 1;
    int ok = 1;

    if (skip == NULL && S == NULL)
        return 1;
    if (skip == NULL || S == NULL)
        return yaml_bad(c, skip == NULL ? net : point, skip == NULL ? "skip" : "S", "is missing: skip: [k, ..] in the "
                        "network names layers (0: the inputs), S: [S_k, ..] in the point has a matrix for each");
    if (skip->kind != YAML_LIST || skip->count == 0 || skip->count > MOST)
        return yaml_bad(c, skip, "skip", "a list of 1 to %d layers is expected here, each from 0 to %ld", MOST, (long) l - 2);
    n = (slong) skip->count;
    if (l < 2)
        return yaml_bad(c, skip, "skip", "a network of one layer has nothing to skip");
    if (S->kind != YAML_LIST || (slong) S->count != n)
        return yaml_bad(c, S, "S", "a list of %ld matrices is expected here, one for each layer of skip", (long) n);
    if (c->F->solved >= 0)
        return yaml_bad(c, point, "W", "solve is not possible in a network with skips");
    if (!read_list(c, skip, layer, place, l))
        return 0;
    if (qmat_cols(last) != features_of(P, l - 1))
        return yaml_bad(c, point, "W", "W_%ld is %ld x %ld, the layer before it has %ld units", (long) l,
                        (long) qmat_rows(last), (long) qmat_cols(last), (long) features_of(P, l - 1));
    for (i = 0; ok && i < n; i++)
    {
        char name[32];
        qmat_t A;
        qmat_init(A, 0, 0);
        snprintf(name, sizeof name, "S_%ld", (long) layer[i]);
        ok = yaml_matrix(c, S->item[place[i]], name, 0, A);
        if (ok && (qmat_rows(A) != qmat_rows(last) || qmat_cols(A) != features_of(P, layer[i])))
            ok = yaml_bad(c, S->item[place[i]], name, "is %ld x %ld, expected %ld x %ld", (long) qmat_rows(A),
                          (long) qmat_cols(A), (long) qmat_rows(last), (long) features_of(P, layer[i]));
        if (ok)
            beside(last, A);
        qmat_clear(A);
    }
    P->kind = NET_SKIP;
    problem_add_skips(P, layer, n);
    return ok;
}

static int
read_one(ctx_t *c, const ynode_t *point, const char *name, qmat_t A)
{
    const ynode_t *v = ynode_get(point, name);

    return v == NULL ? yaml_bad(c, point, name, "is missing: the network is W (X + R z(X))")
        : yaml_matrix(c, v, name, 0, A);
}

int
yaml_resnet(ctx_t *c, const ynode_t *net, const ynode_t *point)
{
    static const char *const z_keys[] = { "W", "b", NULL };
    problem_t *P = &c->F->P;
    const ynode_t *z = ynode_get(point, "z"), *W = ynode_get(z, "W"), *b = ynode_get(z, "b"), *v = ynode_get(net, "activation");
    slong i, n;
    char name[32];

    if (z == NULL)
        return yaml_bad(c, point, "z", "is missing: z: {W: [W_1, ..], b: [..]}, an activation after each layer");
    if (!yaml_keys(c, z, "z", z_keys))
        return 0;
    if (W == NULL || W->kind != YAML_LIST || W->count == 0)
        return yaml_bad(c, W == NULL ? z : W, "z: W", "a list of matrices is expected here");
    n = (slong) W->count;
    if (n + 2 > limit(LIMIT_LAYERS))
        return yaml_bad(c, W, "z: W", "more than %ld layers", (long) limit(LIMIT_LAYERS));
    if (b != NULL && (b->kind != YAML_LIST || (slong) b->count != n))
        return yaml_bad(c, b, "z: b", "a list of %ld biases is expected here, one per layer", (long) n);
    if (v == NULL)
        return yaml_bad(c, net, "activation", "is missing");
    if (v->kind == YAML_LIST && (slong) v->count != n)
        return yaml_bad(c, v, "activation", "%ld layers of z need %ld entries", (long) n, (long) n);
    problem_set_network(P, NET_RESNET, n + 2, 1);
    if (b != NULL)
        problem_add_biases(P);
    for (i = 0; i < n; i++)
    {
        snprintf(name, sizeof name, "W_%ld", (long) i + 1);
        if (!yaml_activation(c, v->kind == YAML_LIST ? v->item[i] : v, P->act + i)
            || !yaml_matrix(c, W->item[i], name, 0, P->W + i))
            return 0;
        snprintf(name, sizeof name, "b_%ld", (long) i + 1);
        if (b != NULL && !yaml_matrix(c, b->item[i], name, 1, P->b + i))
            return 0;
    }
    P->act[n].kind = ACT_IDENTITY;
    return read_one(c, point, "R", P->W + n) && read_one(c, point, "W", P->W + n + 1);
}
