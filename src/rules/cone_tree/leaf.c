/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lemma of the leaf (doc/rules/regularized-global-minimum.md), times 32 and 2^CONE_BITS, so that everything is an integer. */
#include "cone_tree.h"
#include "kernel/copositive.h"
#include "kernel/limits.h"
#include "kernel/scope.h"

void
cone_node_init(cone_node_t *node, const cone_claim_t *c, slong r)
{
    fmpz_mat_init(node->V, c->d, c->d);
    fmpz_mat_init_set(node->M, c->B);
    fmpz_mat_init_set(node->S, c->S);
    fmpz_mat_init(node->F, c->k, c->k);
    cone_root(node->V, r);
    node->n = c->m;
    node->depth = 0;
}

void
cone_node_set(cone_node_t *node, const cone_node_t *other)
{
    fmpz_mat_init_set(node->V, other->V);
    fmpz_mat_init_set(node->M, other->M);
    fmpz_mat_init_set(node->S, other->S);
    fmpz_mat_init_set(node->F, other->F);
    node->n = other->n;
    node->depth = other->depth;
}

void
cone_node_clear(cone_node_t *node)
{
    fmpz_mat_clear(node->V);
    fmpz_mat_clear(node->M);
    fmpz_mat_clear(node->S);
    fmpz_mat_clear(node->F);
}

/* z := x_j.v_1 .. x_j.v_d; max >= 0 >= min: the extreme ones, or 0. */
static void
values(fmpz *z, fmpz_t max, fmpz_t min, const cone_claim_t *c, slong j, const fmpz_mat_t V)
{
    slong i, r;

    fmpz_zero(max);
    fmpz_zero(min);
    for (i = 0; i < c->d; i++)
    {
        fmpz_zero(z + i);
        for (r = 0; r < c->d; r++)
            fmpz_addmul(z + i, fmpz_mat_entry(c->X, j, r), fmpz_mat_entry(V, i, r));
        if (fmpz_cmp(z + i, max) > 0)
            fmpz_set(max, z + i);
        if (fmpz_cmp(z + i, min) < 0)
            fmpz_set(min, z + i);
    }
}

/* M += q_j x_j^T; 0 beyond the limits. */
static int
add_active(cone_node_t *node, const cone_claim_t *c, slong j)
{
    slong r, i;

    if (!work_take(1, c->k, c->d, c->q_bits, c->x_bits))
        return 0;
    for (r = 0; r < c->k; r++)
        for (i = 0; i < c->d; i++)
            fmpz_addmul(fmpz_mat_entry(node->M, r, i), fmpz_mat_entry(c->Q, j, r), fmpz_mat_entry(c->X, j, i));
    return 1;
}

/* A += x v v^T, v a row of n integers. */
static void
add_square(fmpz_mat_t A, const fmpz *v, const fmpz_t x)
{
    slong r, i, n = fmpz_mat_nrows(A);
    INTEGERS(y);

    for (r = 0; r < n; r++)
    {
        fmpz_mul(y, x, v + r);
        for (i = 0; i < n; i++)
            fmpz_addmul(fmpz_mat_entry(A, r, i), y, v + i);
    }
}

/* A sample that has one sign now adds its square, if there are weights. */
static int
add_weight(cone_node_t *node, const cone_claim_t *c, slong j, int positive)
{
    if (c->up == NULL)
        return 1;
    if (!work_take(c->d + 1, c->d, 2, c->bits, 0) || !work_take(c->k + 1, c->k, 2, c->bits, 0))
        return 0;
    add_square(node->S, fmpz_mat_entry(c->X, j, 0), positive ? c->up + j : c->down + j);
    if (positive && c->share != NULL)
        add_square(node->F, fmpz_mat_entry(c->Q, j, 0), c->share + j);
    return 1;
}

int
cone_settle(cone_node_t *node, slong *order, const cone_claim_t *c)
{
    slong a, n = 0, j;
    fmpz *z;
    int ok = work_take(node->n, c->d, c->d + 2, FLINT_ABS(fmpz_mat_max_bits(node->V)), c->x_bits);
    INTEGERS(max, min);

    if (!ok)
        return 0;
    z = _fmpz_vec_init(c->d);
    for (a = 0; a < node->n && ok; a++)
    {
        j = order[a];
        values(z, max, min, c, j, node->V);
        if (fmpz_is_zero(max))                  /* nowhere positive */
            ok = add_weight(node, c, j, 0);
        else if (fmpz_is_zero(min))
            ok = add_active(node, c, j) && add_weight(node, c, j, 1);
        else
        {
            order[a] = order[n];
            order[n++] = j;
        }
    }
    _fmpz_vec_clear(z, c->d);
    node->n = n;
    return ok;
}

/* The sums over the samples of one leaf. */
typedef struct
{
    fmpz_mat_t C;               /* k x d: 32 C */
    fmpz *e;                    /* d: 32 2^CONE_BITS e */
    fmpz *z;                    /* d: x_j.v_1 .. x_j.v_d */
} leaf_t;

/* C += weight[i] q_j in column i. */
static void
add_outputs(leaf_t *l, const cone_claim_t *c, slong j, const fmpz *weight)
{
    slong i, r;

    for (r = 0; r < c->k; r++)
        for (i = 0; i < c->d; i++)
            fmpz_addmul(fmpz_mat_entry(l->C, r, i), fmpz_mat_entry(c->Q, j, r), weight + i);
}

/* A sample that changes its sign: 16 lambda = round(16 max / (max - min)), the line lambda z below
   max(0, z), the chord max(0, z) at the generators above it. */
static void
add_ambiguous(leaf_t *l, const cone_claim_t *c, slong j, const fmpz_t max, const fmpz_t min)
{
    slong i;
    INTEGERS(lambda, x, y);

    fmpz_sub(y, max, min);
    fmpz_mul_2exp(x, max, 5);
    fmpz_add(x, x, y);
    fmpz_mul_2exp(y, y, 1);
    fmpz_fdiv_q(lambda, x, y);
    for (i = 0; i < c->d; i++)
    {
        fmpz_mul(x, lambda, l->z + i);          /* 16 lambda z */
        fmpz_zero(y);
        if (fmpz_sgn(l->z + i) > 0)
            fmpz_mul_2exp(y, l->z + i, 4);      /* 16 max(0, z) */
        fmpz_add(l->z + i, x, y);
        fmpz_sub(y, y, x);                      /* 16 d >= 0 */
        fmpz_addmul(l->e + i, c->norm + j, y);
    }
    add_outputs(l, c, j, l->z);
}

/* C := 32 M V^T. */
static void
set_linear(leaf_t *l, const cone_claim_t *c, const cone_node_t *node)
{
    fmpz_mat_t Vt;

    fmpz_mat_init(Vt, c->d, c->d);
    fmpz_mat_transpose(Vt, node->V);
    fmpz_mat_mul(l->C, node->M, Vt);
    fmpz_mat_scalar_mul_2exp(l->C, l->C, 5);
    fmpz_mat_clear(Vt);
}

/* N1 and N2 are copositive. */
static int
decide(const leaf_t *l, const cone_claim_t *c, const fmpz_mat_t G, int ambiguous)
{
    slong i, j, d = c->d;
    fmpz *n = _fmpz_vec_init(d);
    fmpz_mat_t N1, N2, Ct;
    int ok;
    INTEGERS(square, x, y);

    fmpz_mat_init(N1, d, d);
    fmpz_mat_init(N2, d, d);
    fmpz_mat_init(Ct, d, c->k);
    for (i = 0; i < d; i++)
        cone_root_up(n + i, fmpz_mat_entry(G, i, i));     /* 2^CONE_BITS n_i */
    fmpz_mul(square, c->tau, c->tau);
    fmpz_mul_2exp(square, square, 10 + 2 * CONE_BITS);
    fmpz_mat_transpose(Ct, l->C);
    fmpz_mat_mul(N2, Ct, l->C);
    for (i = 0; i < d; i++)
        for (j = 0; j < d; j++)
        {
            fmpz *a = fmpz_mat_entry(N1, i, j), *b = fmpz_mat_entry(N2, i, j);
            fmpz_mul(x, square, fmpz_mat_entry(G, i, j));
            fmpz_mul(y, l->e + i, l->e + j);
            fmpz_sub(a, x, y);
            fmpz_mul_2exp(b, b, 2 * CONE_BITS);
            fmpz_sub(b, x, b);
            fmpz_add(b, b, y);
            fmpz_mul(x, n + i, l->e + j);
            fmpz_addmul(x, l->e + i, n + j);
            fmpz_mul(x, x, c->tau);
            fmpz_mul_2exp(x, x, 5);
            fmpz_sub(b, b, x);
        }
    ok = (!ambiguous || copositive_sufficient(N1)) && copositive_sufficient(N2);
    fmpz_mat_clear(N1);
    fmpz_mat_clear(N2);
    fmpz_mat_clear(Ct);
    _fmpz_vec_clear(n, d);
    return ok;
}

/* tau^2 I - sum q_j q_j^T / up_j >= 0 over all samples that are positive somewhere on the cone: N(w) <= tau |s| whatever the values s_j. */
static int
are_few(const cone_claim_t *c, const cone_node_t *node, const slong *order)
{
    slong a, i, j;
    fmpz_mat_t F;
    int ok;
    INTEGERS(x);

    if (c->share == NULL || !work_take(node->n + c->k, c->k, c->k, 2 * c->bits, 2 * c->bits))
        return 0;
    fmpz_mat_init_set(F, node->F);
    for (a = 0; a < node->n; a++)
        add_square(F, fmpz_mat_entry(c->Q, order[a], 0), c->share + order[a]);
    fmpz_mul(x, c->tau, c->tau);
    fmpz_mul(x, x, c->whole);
    for (i = 0; i < c->k; i++)
        for (j = 0; j < c->k; j++)
        {
            fmpz *y = fmpz_mat_entry(F, i, j);
            fmpz_neg(y, y);
            if (i == j)
                fmpz_add(y, y, x);
        }
    ok = integers_psd(F);
    fmpz_mat_clear(F);
    return ok;
}

int
cone_leaf(const cone_claim_t *c, const cone_node_t *node, const slong *order)
{
    slong a, bits = FLINT_ABS(fmpz_mat_max_bits(node->V)), long_bits = c->bits;
    leaf_t l;
    fmpz_mat_t G, Vt;
    int ok;
    INTEGERS(max, min);

    if (!work_take(node->n, c->d, c->d + 2 * c->k + 4, bits, long_bits)
        || !work_take(16 * c->d, c->d, c->d + c->k, 2 * bits + 2 * long_bits, 2 * bits + 2 * long_bits))
        return 0;
    if (are_few(c, node, order))
        return 1;
    fmpz_mat_init(l.C, c->k, c->d);
    l.e = _fmpz_vec_init(c->d);
    l.z = _fmpz_vec_init(c->d);
    fmpz_mat_init(G, c->d, c->d);
    fmpz_mat_init(Vt, c->d, c->d);
    set_linear(&l, c, node);
    for (a = 0; a < node->n; a++)
    {
        values(l.z, max, min, c, order[a], node->V);
        add_ambiguous(&l, c, order[a], max, min);
    }
    fmpz_mat_transpose(Vt, node->V);
    fmpz_mat_mul(G, node->S, Vt);
    fmpz_mat_mul(G, node->V, G);
    ok = decide(&l, c, G, node->n > 0);
    fmpz_mat_clear(l.C);
    _fmpz_vec_clear(l.e, c->d);
    _fmpz_vec_clear(l.z, c->d);
    fmpz_mat_clear(G);
    fmpz_mat_clear(Vt);
    return ok;
}

slong *
cone_order(slong m)
{
    slong j, *order = flint_malloc((m + 1) * sizeof *order);

    for (j = 0; j < m; j++)
        order[j] = j;
    return order;
}

int
cone_leaf_alone(const cone_claim_t *c, const fmpz_mat_t V)
{
    slong *order = cone_order(c->m);
    cone_node_t node;
    int ok;

    cone_node_init(&node, c, 0);
    fmpz_mat_set(node.V, V);
    ok = cone_settle(&node, order, c) && cone_leaf(c, &node, order);
    cone_node_clear(&node);
    flint_free(order);
    return ok;
}
