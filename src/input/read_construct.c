/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* point: {construct: ..}: a point by the formulas of the theorems. */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include "reader.h"
#include "kernel/limits.h"
#include "kernel/rank.h"
#include "algebra/construct.h"
#include "algebra/eigenvalues.h"
#include "rules/global_minimizer/global_minimizer.h"

#define ROUNDING 50             /* bits, where eigenvectors are irrational */
#define LARGEST_NETWORK 4000000 /* entries */

/* A list of whole numbers; *n = -1 and v = NULL if the key is absent. */
static int
wholes(ctx_t *c, const ynode_t *map, const char *key, slong min, slong max, slong **v, slong *n)
{
    const ynode_t *list = ynode_get(map, key);
    slong i;

    *v = NULL;
    *n = -1;
    if (list == NULL)
        return 1;
    if (list->kind != YAML_LIST)
        return yaml_bad(c, list, key, "a list of whole numbers is expected here");
    *n = list->count;
    *v = flint_malloc((*n + 1) * sizeof **v);
    for (i = 0; i < *n; i++)
        if (!yaml_whole(c, list->item[i], key, min, max, *v + i))
            return 0;
    return 1;
}

/* n invertible matrices, number i of order d[i]; NULL if the list is absent. */
static int
invertible(ctx_t *c, const ynode_t *list, const char *key, const slong *d, slong n, qmat_struct *C)
{
    slong i;
    qmat_t one;

    if (list->kind != YAML_LIST || (slong) list->count != n)
        return yaml_bad(c, list, key, "a list of %ld matrices is expected here", (long) n);
    for (i = 0; i < n; i++)
    {
        int ok = yaml_matrix(c, list->item[i], key, 0, C + i);
        if (!ok)
            return 0;
        if (qmat_rows(C + i) != d[i] || qmat_cols(C + i) != d[i])
            return yaml_bad(c, list->item[i], key, "the matrix is %ld x %ld, expected %ld x %ld", (long) qmat_rows(C + i),
                            (long) qmat_cols(C + i), (long) d[i], (long) d[i]);
        qmat_init(one, 0, 0);
        qmat_set_one(one, d[i]);
        ok = qmat_solve(one, C + i, one);
        qmat_clear(one);
        if (!ok)
            return yaml_bad(c, list->item[i], key, "the matrix is singular");
    }
    return 1;
}

/* counts[i] := how many eigenvectors of the i-th distinct eigenvalue are wanted: those at the positions
   capture: (VZH (1.24)), those of pattern: (ZL18, Theorem 1), or the largest. */
static int
captures(ctx_t *c, const ynode_t *map, const eigenvalues_t *e, slong width, slong *counts)
{
    slong i, j, d = qmat_rows(c->F->P.Y), n, total = 0, *v = NULL;
    int ok = 1, largest = 1;

    for (i = 0; i < e->n; i++)
        counts[i] = 0;
    if (ynode_get(map, "capture") != NULL && ynode_get(map, "pattern") != NULL)
        return yaml_bad(c, map, "construct", "capture and pattern exclude each other");
    ok = wholes(c, map, "capture", 1, d, &v, &n);
    n = ok ? n : -1;
    for (j = 0; j < n && ok; j++)
    {   /* position v[j] of the spectrum, with multiplicities */
        slong at = v[j];
        for (i = 0; i < j && ok; i++)
            if (v[i] == v[j])
                ok = yaml_bad(c, ynode_get(map, "capture"), "capture", "%ld occurs twice", (long) v[j]);
        for (i = 0; at > e->multiplicity[i]; i++)
            at -= e->multiplicity[i];
        counts[i]++;
    }
    largest = n < 0;
    flint_free(v);
    v = NULL;
    if (!ok || !wholes(c, map, "pattern", 0, d, &v, &n))
    {
        flint_free(v);
        return 0;
    }
    if (n >= 0)
    {
        largest = 0;
        if (n > e->n)
            ok = yaml_bad(c, ynode_get(map, "pattern"), "pattern", "Sigma has %ld distinct eigenvalues", (long) e->n);
        for (i = 0; i < n && ok; i++)
        {
            if (v[i] > e->multiplicity[i])
                ok = yaml_bad(c, ynode_get(map, "pattern"), "pattern", "eigenvalue %ld has multiplicity %ld",
                              (long) i + 1, (long) e->multiplicity[i]);
            counts[i] = v[i];
        }
    }
    flint_free(v);
    if (ok && !largest && c->F->P.l == 1)
        ok = yaml_bad(c, map, "construct", "one layer has no other critical points than minimisers; give widths");
    for (i = 0; i < e->n && ok; i++)
    {
        if (largest)
            counts[i] = FLINT_MIN(e->multiplicity[i], width - total);
        total += counts[i];
    }
    if (ok && total > width)
        ok = yaml_bad(c, map, "construct", "%ld eigenvalues are to be captured, the narrowest layer has width %ld",
                      (long) total, (long) width);
    return ok;
}

static void
set_zero(qmat_t A, slong r, slong c)
{
    qmat_t t;

    qmat_init(t, r, c);
    qmat_swap(A, t);
    qmat_clear(t);
}

static int
construct_units(ctx_t *c, const ynode_t *map)
{
    static const char *const keys[] = { "units", "depth", "C", "unit-C", NULL };
    problem_t *P = &c->F->P;
    const ynode_t *list;
    slong i, l = 1, r = 1, d = qmat_rows(P->X), *order;
    qmat_struct *C, *D;
    moments_t M;
    int ok;
    const char *wrong;

    if (!yaml_keys(c, map, "construct", keys)
        || (ynode_get(map, "units") != NULL && !yaml_whole(c, ynode_get(map, "units"), "units", 1, limit(LIMIT_LAYERS), &l))
        || (ynode_get(map, "depth") != NULL && !yaml_whole(c, ynode_get(map, "depth"), "depth", 1, limit(LIMIT_LAYERS) / l, &r)))
        return 0;
    if (l * r * d * d > LARGEST_NETWORK)
        return yaml_bad(c, map, "construct", "the blocks have %ld entries, more than %d", (long) (l * r * d * d), LARGEST_NETWORK);
    problem_set_network(P, NET_RESIDUAL, l, r);
    for (i = 0; i < l * r; i++)
        set_zero(P->W + i, d, d);
    wrong = problem_validate(P);
    if (wrong != NULL)
        return yaml_bad(c, map, "construct", "%s", wrong);
    C = qmat_vec_init(l);
    D = qmat_vec_init(l * r);
    order = flint_malloc((l + r) * sizeof *order);
    for (i = 0; i < l + r; i++)
        order[i] = d;
    list = ynode_get(map, "C");
    ok = list == NULL || invertible(c, list, "C", order, l - 1, C);
    if (ok && list == NULL)
        qmat_vec_clear(C, l), C = NULL;
    list = ynode_get(map, "unit-C");
    if (ok && list != NULL && (list->kind != YAML_LIST || (slong) list->count != l))
        ok = yaml_bad(c, list, "unit-C", "a list of %ld lists of matrices is expected here", (long) l);
    for (i = 0; i < l && ok && list != NULL; i++)
        ok = invertible(c, list->item[i], "unit-C", order, r - 1, D + i * (r - 1));
    if (ok)
    {
        ok = moments_init(&M, P) && construct_residual(P, &M, C, list == NULL ? NULL : D);
        moments_clear(&M);
        if (!ok)
            yaml_bad(c, map, "construct", "the data reduction failed");
        c->F->minimizer = 1;
    }
    if (C != NULL)
        qmat_vec_clear(C, l);
    qmat_vec_clear(D, l * r);
    flint_free(order);
    return ok;
}

/* The point of the linear network to one with the activation s: W_1 = s^{-1}(W_1 X) X^{-1}
   (ZL17, Proposition 3). */
static int
through_activation(ctx_t *c, const ynode_t *map)
{
    problem_t *P = &c->F->P;
    slong i, j;
    qmat_t Phi, Xt;
    int ok = 1;

    qmat_init(Phi, 0, 0);
    qmat_init(Xt, 0, 0);
    qmat_mul(Phi, P->W, P->X);
    if (!activation_is_rational(P->act->kind))
    {
        qmat_set(P->features, Phi);
        set_zero(P->W, qmat_rows(P->W), qmat_cols(P->W));
        ok = yaml_features_in_range(c, map);
    }
    else if (P->act->kind != ACT_IDENTITY && fmpq_sgn(P->act->slope) <= 0)
        ok = yaml_bad(c, map, "construct", "this activation has no inverse");
    else
    {
        fmpq *e = _fmpq_vec_init(qmat_rows(Phi) * qmat_cols(Phi));
        for (i = 0; i < qmat_rows(Phi); i++)
            for (j = 0; j < qmat_cols(Phi); j++)
            {
                fmpq *y = e + i * qmat_cols(Phi) + j;
                qmat_get_entry(y, Phi, i, j);
                if (P->act->kind == ACT_LEAKY_RELU && fmpq_sgn(y) < 0)
                    fmpq_div(y, y, P->act->slope);
            }
        qmat_set_entries(Phi, qmat_rows(Phi), qmat_cols(Phi), e);
        _fmpq_vec_clear(e, qmat_rows(Phi) * qmat_cols(Phi));
        qmat_transpose(Phi, Phi);
        qmat_transpose(Xt, P->X);
        ok = qmat_solve(Phi, Xt, Phi);
        qmat_transpose(P->W, Phi);
    }
    qmat_clear(Phi);
    qmat_clear(Xt);
    return ok;
}

static int
construct_layers(ctx_t *c, const ynode_t *net, const ynode_t *map, int kind)
{
    static const char *const keys[] = { "widths", "capture", "pattern", "C", "bits", NULL };
    problem_file_t *F = c->F;
    problem_t *P = &F->P;
    slong i, n, l, *widths, *counts = NULL, bits = ROUNDING, width = qmat_rows(P->Y);
    const ynode_t *v;
    const char *wrong;
    qmat_struct *C = NULL;
    qmat_t Sigma;
    moments_t M;
    captured_t space;
    eigenvalues_t e;
    int ok;

    if (!yaml_keys(c, map, "construct", keys))
        return 0;
    v = ynode_get(map, "bits");
    if (v != NULL && !yaml_whole(c, v, "bits", 8, 4096, &bits))
        return 0;
    ok = wholes(c, map, "widths", 1, limit(LIMIT_ROWS), &widths, &n);
    l = FLINT_MAX(n, 0) + 1;
    if (ok && (l > limit(LIMIT_LAYERS) || (kind == NET_FEEDFORWARD && l != 2)))
        ok = yaml_bad(c, map, "widths", kind == NET_FEEDFORWARD ? "one hidden width is expected here"
                      : "too many layers");
    if (!ok)
    {
        flint_free(widths);
        return 0;
    }
    for (i = 0, n = 0; i < l; i++)
        n += (i == l - 1 ? qmat_rows(P->Y) : widths[i]) * (i == 0 ? qmat_rows(P->X) : widths[i - 1]);
    if (n > LARGEST_NETWORK)
    {
        flint_free(widths);
        return yaml_bad(c, map, "widths", "the layers have %ld entries, more than %d", (long) n, LARGEST_NETWORK);
    }
    problem_set_network(P, NET_LINEAR, l, 1);
    for (i = 0; i < l; i++)
    {
        set_zero(P->W + i, i == l - 1 ? qmat_rows(P->Y) : widths[i], i == 0 ? qmat_rows(P->X) : widths[i - 1]);
        if (i < l - 1)
            width = FLINT_MIN(width, widths[i]);
    }
    wrong = problem_validate(P);
    if (wrong != NULL)
        ok = yaml_bad(c, map, "construct", "%s", wrong);
    v = ynode_get(map, "C");
    if (ok && v != NULL)
    {
        C = qmat_vec_init(l);
        ok = invertible(c, v, "C", widths, l - 1, C);
    }
    qmat_init(Sigma, 0, 0);
    if (ok)
    {
        ok = moments_init(&M, P) && gm_sigma(Sigma, &M);
        if (!ok)
            yaml_bad(c, map, "construct", "the data reduction failed");
        else
        {
            F->minimizer = ynode_get(map, "capture") == NULL && ynode_get(map, "pattern") == NULL;
            if (!F->minimizer || width < qmat_rows(P->Y))
            {   /* else everything is captured */
                if (qmat_rows(P->Y) > LARGEST_SPECTRUM)
                    ok = yaml_bad(c, map, "construct", "eigenvectors of Sigma are computed up to order %d",
                                  LARGEST_SPECTRUM);
                else
                {
                    eigenvalues_init(&e, Sigma, 10);
                    counts = flint_calloc(e.n, sizeof *counts);
                    ok = captures(c, map, &e, width, counts);
                    eigenvalues_clear(&e);
                }
            }
        }
        if (ok)
        {
            captured_init(&space, Sigma, counts, bits);
            ok = construct_linear(P, &M, space.B, C);
            F->rounded = !space.exact;
            if (ok && F->rounded)
            {   /* the last layer has short numbers already */
                qmat_round(P->W, bits + 2);
                fmpq_zero(P->W->rad);
            }
            if (ok && F->rounded)
                ok = construct_distance(F->distance, P, &M, &space, C, 2 * bits + 128);
            if (!ok)
                yaml_bad(c, map, "construct", "the precision did not suffice");
            captured_clear(&space);
        }
        moments_clear(&M);
    }
    if (ok && kind == NET_FEEDFORWARD && (counts != NULL || qmat_rows(P->X) != qmat_cols(P->X) || rank_of(P->X) < qmat_rows(P->X)))
        ok = yaml_bad(c, map, "construct", "Zhou & Liang (2017), Proposition 3, needs an invertible X and all eigenvalues captured: "
                      "a width of at least %ld, no capture and no pattern", (long) qmat_rows(P->Y));
    if (ok && kind == NET_FEEDFORWARD)
    {
        qmat_struct *W = qmat_vec_init(2);
        qmat_swap(W, P->W);
        qmat_swap(W + 1, P->W + 1);
        problem_set_network(P, kind, 2, 1);
        qmat_swap(W, P->W);
        qmat_swap(W + 1, P->W + 1);
        qmat_vec_clear(W, 2);
        v = ynode_get(net, "activation");
        if (v != NULL && v->kind == YAML_LIST && v->count == 1)
            v = v->item[0];
        ok = v == NULL ? yaml_bad(c, net, "activation", "is missing") : yaml_activation(c, v, P->act);
        ok = ok && through_activation(c, map);
    }
    if (C != NULL)
        qmat_vec_clear(C, l);
    qmat_clear(Sigma);
    flint_free(widths);
    flint_free(counts);
    return ok;
}

int
yaml_construct(ctx_t *c, const ynode_t *net, const ynode_t *map, int kind)
{
    problem_t *P = &c->F->P;

    c->F->constructed = 1;
    if (kind == NET_FEEDFORWARD && ynode_get(map, "margin") != NULL)
        return yaml_construct_features(c, net, map);
    if (kind == NET_SKIP || kind == NET_RESNET)
        return yaml_bad(c, map, "construct", "not for a %s", network_name[kind]);
    if (P->loss != LOSS_SQUARE || !fmpq_is_zero(P->weight_decay))
        return yaml_bad(c, map, "construct", "the theorems are about the square loss without weight-decay");
    if (kind == NET_FEEDFORWARD && ynode_get(map, "active") != NULL)
        return yaml_construct_cell(c, net, map);
    return kind == NET_RESIDUAL ? construct_units(c, map) : construct_layers(c, net, map, kind);
}
