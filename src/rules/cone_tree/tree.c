/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cone_tree.h"
#include "kernel/limits.h"
#include "kernel/scope.h"

/* A (r x c, initialised here) := the integers num x, transposed or not. */
static void
integers(fmpz_mat_t A, const qmat_t B, int transposed, const fmpz_t x)
{
    fmpz_mat_init(A, transposed ? qmat_cols(B) : qmat_rows(B), transposed ? qmat_rows(B) : qmat_cols(B));
    if (transposed)
        fmpz_mat_transpose(A, B->num);
    else
        fmpz_mat_set(A, B->num);
    fmpz_mat_scalar_mul_fmpz(A, A, x);
}

void
cone_root_up(fmpz_t r, const fmpz_t x)
{
    INTEGERS(scaled, rest);

    fmpz_mul_2exp(scaled, x, 2 * CONE_BITS);
    fmpz_sqrtrem(r, rest, scaled);
    if (!fmpz_is_zero(rest))
        fmpz_add_ui(r, r, 1);
}

/* The least integers >= 2^CONE_BITS |q_j|. */
static void
set_norms(cone_claim_t *c)
{
    slong j, r;
    INTEGERS(x);

    for (j = 0; j < c->m; j++)
    {
        fmpz_zero(x);
        for (r = 0; r < c->k; r++)
            fmpz_addmul(x, fmpz_mat_entry(c->Q, j, r), fmpz_mat_entry(c->Q, j, r));
        cone_root_up(c->norm + j, x);
    }
}

/* B, Q and tau times one positive factor, so that they are integers without a common one; X and S by factors of
   their own: max(0, .) is homogeneous, q_j loses the factor of x_j, tau that of S^{1/2} (S is integer here). */
int
cone_claim_set(cone_claim_t *c, const qmat_t B, const qmat_t Q, const qmat_t X, const qmat_t S, const fmpq_t tau)
{
    INTEGERS(one, b, q, t, g);
    int ok;

    c->d = qmat_rows(X);
    c->m = qmat_cols(X);
    c->k = qmat_rows(Q);
    ok = work_take(c->m + c->d, c->k + c->d, 8, qmat_length(B) + qmat_length(Q), qmat_length(X) + qmat_length(Q));
    fmpz_one(one);
    fmpz_mul(q, Q->den, X->den);                /* the denominator of q_j over that of x_j */
    fmpz_mul(t, q, B->den);                     /* tau' = tau t den(tau) */
    fmpz_mul(b, q, fmpq_denref(tau));
    fmpz_mul(q, B->den, fmpq_denref(tau));
    fmpz_mul(t, t, fmpq_numref(tau));
    integers(c->X, X, 1, one);
    integers(c->Q, Q, 1, q);
    integers(c->B, B, 0, b);
    integers(c->S, S, 0, one);
    fmpz_mat_content(g, c->Q);
    fmpz_mat_content(b, c->B);
    fmpz_gcd(g, g, b);
    fmpz_gcd(g, g, t);
    if (!fmpz_is_zero(g))
    {
        fmpz_mat_scalar_divexact_fmpz(c->Q, c->Q, g);
        fmpz_mat_scalar_divexact_fmpz(c->B, c->B, g);
        fmpz_divexact(t, t, g);
    }
    fmpz_init_set(c->tau, t);
    c->x_bits = FLINT_ABS(fmpz_mat_max_bits(c->X));
    c->q_bits = FLINT_ABS(fmpz_mat_max_bits(c->Q));
    c->bits = c->x_bits + c->q_bits + FLINT_ABS(fmpz_mat_max_bits(c->B)) + fmpz_bits(c->tau);
    c->norm = _fmpz_vec_init(c->m);
    set_norms(c);
    c->up = c->down = c->share = NULL;
    fmpz_init(c->whole);
    return ok && fmpz_is_one(S->den);
}

/* The shares, where only samples that are positive count in N. */
static void
set_shares(cone_claim_t *c)
{
    slong j;

    fmpz_one(c->whole);
    if (!fmpz_mat_is_zero(c->B))
        return;
    for (j = 0; j < c->m; j++)
    {
        fmpz_lcm(c->whole, c->whole, c->up + j);
        if (fmpz_bits(c->whole) > 256)
            return;
    }
    c->share = _fmpz_vec_init(c->m);
    for (j = 0; j < c->m; j++)
        fmpz_divexact(c->share + j, c->whole, c->up + j);
}

int
cone_claim_set_weights(cone_claim_t *c, const qmat_t B, const qmat_t Q, const qmat_t X, const fmpq *up, const fmpq *down, const fmpq_t tau)
{
    slong j, d = qmat_rows(X), bits = 0;
    int ok;
    qmat_t S;

    qmat_init(S, d, d);
    ok = cone_claim_set(c, B, Q, X, S, tau) && fmpz_is_one(X->den);
    qmat_clear(S);
    c->up = _fmpz_vec_init(c->m);
    c->down = _fmpz_vec_init(c->m);
    for (j = 0; j < c->m; j++)
    {
        fmpz_set(c->up + j, fmpq_numref(up + j));
        fmpz_set(c->down + j, fmpq_numref(down + j));
        ok &= fmpz_is_one(fmpq_denref(up + j)) && fmpz_is_one(fmpq_denref(down + j)) && fmpz_sgn(c->up + j) > 0 && fmpz_sgn(c->down + j) >= 0;
        bits = FLINT_MAX(bits, (slong) (fmpz_bits(c->up + j) + fmpz_bits(c->down + j)));
    }
    set_shares(c);
    c->bits += bits + (slong) fmpz_bits(c->whole);
    return ok;
}

void
cone_claim_clear(cone_claim_t *c)
{
    fmpz_mat_clear(c->X);
    fmpz_mat_clear(c->Q);
    fmpz_mat_clear(c->B);
    fmpz_mat_clear(c->S);
    fmpz_clear(c->tau);
    _fmpz_vec_clear(c->norm, c->m);
    if (c->up != NULL)
        _fmpz_vec_clear(c->up, c->m);
    if (c->down != NULL)
        _fmpz_vec_clear(c->down, c->m);
    if (c->share != NULL)
        _fmpz_vec_clear(c->share, c->m);
    fmpz_clear(c->whole);
}

void
cone_root(fmpz_mat_t V, slong r)
{
    slong i;

    fmpz_mat_zero(V);
    for (i = 0; i < fmpz_mat_nrows(V); i++)
        fmpz_set_si(fmpz_mat_entry(V, i, i), (r >> i) & 1 ? -1 : 1);
}

int
cone_split(fmpz *v, const fmpz_mat_t V, slong a, slong b, const fmpz_t p, const fmpz_t q)
{
    slong i, d = fmpz_mat_ncols(V);
    INTEGERS(g);

    for (i = 0; i < d; i++)
    {
        fmpz_mul(v + i, p, fmpz_mat_entry(V, a, i));
        fmpz_addmul(v + i, q, fmpz_mat_entry(V, b, i));
    }
    _fmpz_vec_content(g, v, d);
    if (fmpz_is_zero(g))
        return 0;
    _fmpz_vec_scalar_divexact_fmpz(v, v, d, g);
    return 1;
}

/* The nodes still to come: the cones of the second children, at most one a depth. */
typedef struct
{
    const fmpq *code;
    slong n, at;                                /* codes, and how many are read */
    cone_node_t node[CONE_DEPTH + 2];
    slong top, *order;
} walk_codes_t;

static int
next_integer(fmpz_t x, walk_codes_t *w)
{
    if (w->at == w->n || !fmpz_is_one(fmpq_denref(w->code + w->at)) || fmpq_sgn(w->code + w->at) < 0)
        return 0;
    fmpz_set(x, fmpq_numref(w->code + w->at++));
    return 1;
}

/* The edge and the point of a code > 0. */
static int
read_split(slong *a, slong *b, fmpz_t p, fmpz_t q, walk_codes_t *w, const fmpz_t code, slong d)
{
    slong edges = d * (d - 1) / 2, i;

    if (fmpz_cmp_si(code, 2 * edges) > 0)
        return 0;
    i = fmpz_get_si(code) - 1;
    fmpz_one(p);
    fmpz_one(q);
    if (i >= edges && !(next_integer(p, w) && next_integer(q, w) && fmpz_sgn(p) > 0 && fmpz_sgn(q) > 0))
        return 0;
    i = i >= edges ? i - edges : i;
    for (*a = 0; i >= d - 1 - *a; (*a)++)
        i -= d - 1 - *a;
    *b = *a + 1 + i;
    return 1;
}

/* The cone on top, which is settled, is split: the child with v for v_b stays, that with v for v_a goes on top of it. */
static const char *
split(walk_codes_t *w, const fmpz_t code, const cone_claim_t *c)
{
    cone_node_t *node = w->node + w->top;
    slong a, b, i, d = c->d;
    fmpz *v;
    const char *wrong = NULL;
    INTEGERS(p, q);

    if (node->depth == CONE_DEPTH)
        return "the tree is deeper than 200";
    if (!read_split(&a, &b, p, q, w, code, d))
        return "a code is no leaf and no split";
    v = _fmpz_vec_init(d);
    if (!work_take(4 * d + c->k * d, 1, 1, FLINT_ABS(fmpz_mat_max_bits(node->V)), fmpz_bits(p) + fmpz_bits(q)))
        wrong = work_exceeded();
    else if (!cone_split(v, node->V, a, b, p, q))
        wrong = "a split has the generator 0";
    else
    {
        node->depth++;
        cone_node_set(node + 1, node);
        for (i = 0; i < d; i++)
        {
            fmpz_set(fmpz_mat_entry(node[1].V, a, i), v + i);
            fmpz_set(fmpz_mat_entry(node->V, b, i), v + i);
        }
        w->top++;
    }
    _fmpz_vec_clear(v, d);
    return wrong;
}

/* All nodes below one root. */
static const char *
walk_root(cone_size_t *size, walk_codes_t *w, const cone_claim_t *c, slong r)
{
    const char *wrong = NULL;
    INTEGERS(code);

    w->top = 0;
    cone_node_init(w->node, c, r);
    while (wrong == NULL && w->top >= 0)
    {
        cone_node_t *node = w->node + w->top;
        if (!next_integer(code, w))
            wrong = "the tree ends too early, or has a number that is no code";
        else if (!cone_settle(node, w->order, c))
            wrong = work_exceeded();
        else if (!fmpz_is_zero(code))
            wrong = split(w, code, c);
        else if (!cone_leaf(c, node, w->order))
            wrong = work_exceeded() != NULL ? work_exceeded() : "a leaf does not show the bound on its cone";
        else if (++size->leaves > limit(LIMIT_LEAVES))
            wrong = "more leaves than the limit \"leaves\" of the format";
        else
        {
            size->depth = FLINT_MAX(size->depth, node->depth);
            cone_node_clear(w->node + w->top--);
        }
    }
    for (; w->top >= 0; w->top--)
        cone_node_clear(w->node + w->top);
    return wrong;
}

int
cone_tree_verify(cone_size_t *size, facts_t *f, const char *role, const cone_claim_t *c, const about_t *about)
{
    ask_t ask = { .kind = EVIDENCE_NUMBERS, .role = role, .about = about };
    const evidence_t *e;
    const char *wrong = NULL;
    walk_codes_t w;
    slong r;

    size->leaves = size->depth = 0;
    if (c->d < 1 || c->d > CONE_DIMENSIONS)
    {
        facts_fail(f, role, "a tree of cones needs between 1 and %d dimensions, not %ld", CONE_DIMENSIONS, (long) c->d);
        return 0;
    }
    e = facts_ask(f, &ask, 1);
    if (e == NULL)
        return 0;
    w.code = e->d;
    w.n = e->nd;
    w.at = 0;
    w.order = cone_order(c->m);
    if (!work_keep(c->k * (CONE_DEPTH + 2), c->d, c->q_bits + c->x_bits + 64))
        wrong = work_exceeded();
    for (r = 0; r < 1L << c->d && wrong == NULL; r++)
        wrong = walk_root(size, &w, c, r);
    if (wrong == NULL && w.at < w.n)
        wrong = "codes are left over";
    flint_free(w.order);
    if (wrong != NULL)
        facts_fail(f, role, "%s (code %ld)", wrong, (long) w.at);
    return wrong == NULL;
}
