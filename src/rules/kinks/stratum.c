/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* On the stratum, the weights near the point for which w_i - w_i^0 lies in L_i = {delta : delta.x_j = 0 at all sharp kinks of unit i}, unit i is linear on
   A_i = B_i (X o s_i), the rows of B_i a basis of L_i; flat kinks have one side or the other, all of which are tried.  Tests L1 to L4 of
   doc/rules/kinks.md. */
#include "kernel/columns.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "kinks.h"
#include "rules/low_rank.h"
#include "rules/hessian/hessian.h"

/* Units with the same inputs. */
typedef struct
{
    slong n, *unit;             /* their numbers */
    qmat_t A, B;                /* A = B (X o s), r x m */
    qmat_t Z;                   /* n x m: w_i^T (X o s) */
    int sees;                   /* E D A^T != 0 */
} group_t;

typedef struct
{
    const kinks_t *T;
    slong count;
    group_t *group;             /* room for as many as units */
    fmpq *D;
    qmat_t E;                   /* the residual */
    qmat_t ones;                /* 1 x m if the last layer has a bias, without rows otherwise */
} pieces_t;

void
kinks_space(qmat_t B, const kinks_t *T, slong i)
{
    slong j, a, c, r;
    fmpz_mat_t A, N;
    MATRICES(t);

    fmpz_mat_init(A, T->m, T->d);
    fmpz_mat_init(N, T->d, T->d);
    for (j = 0; j < T->m; j++)
        for (a = 0; a < T->d && T->kink[i * T->m + j] == KINK_SHARP; a++)
            fmpz_set(fmpz_mat_entry(A, j, a), fmpz_mat_entry(T->X->num, a, j));
    if (!work_take(T->m, T->d, T->d, T->d * (FLINT_ABS(fmpz_mat_max_bits(A)) + 10), 0))
        fmpz_mat_zero(A);
    r = fmpz_mat_nullspace(N, A);
    qmat_ones(t, r, T->d);
    for (c = 0; c < r; c++)
        for (a = 0; a < T->d; a++)
            fmpz_set(fmpz_mat_entry(t->num, c, a), fmpz_mat_entry(N, a, c));
    qmat_swap(B, t);
    fmpz_mat_clear(A);
    fmpz_mat_clear(N);
}

void
kinks_sides(qmat_t S, const kinks_t *T, slong bits)
{
    slong e, b = 0, m = T->m, n = T->units * m;
    fmpq *slope = _fmpq_vec_init(n);
    char *side = flint_calloc(n + 1, 1);        /* of the first samples of lines */

    for (e = 0; e < n; e++)
    {
        slong first = e - e % m + FLINT_ABS(T->line[e]) - 1;
        qmat_get_entry(slope + e, T->slopes, e / m, e % m);
        if (T->line[e] == 0)
            continue;
        if (T->kink[e] == KINK_FLAT)
            side[e] = (char) (bits >> b++ & 1);
        if (T->kink[first] == KINK_SHARP)
            continue;
        if (side[first] == (T->line[e] > 0))
            fmpq_one(slope + e);
        else
            fmpq_set(slope + e, T->slope);
    }
    qmat_set_entries(S, T->units, m, slope);
    flint_free(side);
    _fmpq_vec_clear(slope, n);
}

/* Y := each row of A times the row s. */
static void
times_row(qmat_t Y, const qmat_t A, const qmat_t s)
{
    MATRICES(ones);

    qmat_ones(ones, qmat_rows(A), 1);
    qmat_mul(ones, ones, s);
    qmat_mul_entries(Y, A, ones);
}

/* Puts unit i into a group. */
static void
add_unit(pieces_t *G, const qmat_t S, slong i)
{
    const kinks_t *T = G->T;
    slong g;
    MATRICES(B, A, s, w);

    kinks_space(B, T, i);
    qmat_some_rows(s, S, i, 1);
    qmat_mul(A, B, T->X);
    times_row(A, A, s);
    problem_block(w, T->P, 0, 1);
    qmat_some_rows(w, w, i, 1);
    qmat_mul(w, w, T->X);
    qmat_mul_entries(w, w, s);
    for (g = 0; g < G->count; g++)
        if (qmat_equal(G->group[g].A, A) && qmat_equal(G->group[g].B, B))
            break;
    if (g == G->count)
    {
        group_t *new = G->group + G->count++;
        new->n = 0;
        new->unit = flint_malloc((T->units + 1) * sizeof *new->unit);
        qmat_init(new->A, 0, 0);
        qmat_init(new->B, 0, 0);
        qmat_init(new->Z, 0, T->m);
        qmat_set(new->A, A);
        qmat_set(new->B, B);
    }
    G->group[g].unit[G->group[g].n++] = i;
    qmat_stack(G->group[g].Z, G->group[g].Z, w);
}

/* C := A D B^T. */
static void
mul_weighted(qmat_t C, const qmat_t A, const fmpq *D, const qmat_t B)
{
    MATRICES(AD, t);

    qmat_scale_columns(AD, A, D);
    qmat_transpose(t, B);
    qmat_mul(C, AD, t);
}

static void
pieces_init(pieces_t *G, const kinks_t *T, slong bits)
{
    slong i, j;
    MATRICES(S, t);

    G->T = T;
    G->count = 0;
    G->group = flint_malloc((T->units + 1) * sizeof *G->group);
    G->D = _fmpq_vec_init(T->m);
    qmat_init(G->E, 0, 0);
    qmat_init(G->ones, 0, T->m);
    problem_curvature(G->D, T->P);
    qmat_sub(G->E, pass_output(T->p), T->P->Y);
    if (problem_bias(T->P, 1) != NULL)
    {
        qmat_ones(G->ones, 1, T->m);
        for (j = 0; j < T->m; j++)
            if (fmpq_is_zero(G->D + j))
                fmpz_zero(fmpz_mat_entry(G->ones->num, 0, j));
    }
    kinks_sides(S, T, bits);
    for (i = 0; i < T->units; i++)
        add_unit(G, S, i);
    for (i = 0; i < G->count; i++)
    {
        mul_weighted(t, G->E, G->D, G->group[i].A);
        G->group[i].sees = !qmat_is_zero(t);
    }
}

static void
drop_last_group(pieces_t *G)
{
    group_t *g = G->group + --G->count;

    flint_free(g->unit);
    qmat_clear(g->A);
    qmat_clear(g->B);
    qmat_clear(g->Z);
}

static void
pieces_clear(pieces_t *G)
{
    while (G->count > 0)
        drop_last_group(G);
    flint_free(G->group);
    _fmpq_vec_clear(G->D, G->T->m);
    qmat_clear(G->E);
    qmat_clear(G->ones);
}

/* A := independent rows of it; 0 beyond the limits. */
static int
reduce(qmat_t A)
{
    slong *pivots = flint_malloc((qmat_rows(A) + 1) * sizeof *pivots);
    int ok = 1;
    MATRICES(T, B);

    if (qmat_rows(A) > 0)
    {
        ok = rank_factor_rows(T, B, pivots, A, FLINT_MIN(qmat_rows(A), qmat_cols(A))) >= 0;
        qmat_swap(A, B);
    }
    flint_free(pivots);
    return ok;
}

/* A := A - A D N^T (N D N^T)^{-1} N, the rows of N independent. */
static int
project(qmat_t A, const qmat_t N, const fmpq *D)
{
    MATRICES(S, C);

    if (qmat_rows(N) == 0)
        return 1;
    mul_weighted(S, N, D, N);
    mul_weighted(C, N, D, A);
    if (!qmat_solve(C, S, C))
        return 0;
    qmat_transpose(C, C);
    qmat_mul(C, C, N);
    qmat_sub(A, A, C);
    return 1;
}

/* Drops the groups that the residual does not see, and projects the others off their outputs and the ones, which may be chosen freely: what is
   left is a lower bound of h, and equal to it at the point. */
static int
leave_free_out(pieces_t *G)
{
    slong g, kept = 0;
    int ok;
    MATRICES(N);

    qmat_set(N, G->ones);
    for (g = 0; g < G->count; g++)
    {
        group_t *x = G->group + g;
        if (x->sees)
        {
            group_t t = G->group[kept];
            G->group[kept++] = *x;
            *x = t;
        }
    }
    for (g = kept; g < G->count; g++)
        qmat_stack(N, N, G->group[g].A);
    ok = reduce(N);
    for (g = 0; g < kept && ok; g++)
        ok = project(G->group[g].A, N, G->D) && project(G->group[g].Z, N, G->D) && reduce(G->group[g].A);
    while (G->count > kept)
        drop_last_group(G);
    return ok;
}

/* U (k x n) := the outgoing weights of the units of a group. */
static void
outgoing(qmat_t U, const problem_t *P, const group_t *g)
{
    qmat_pick_columns(U, P->W + 1, g->unit, g->n);
}

/* U V^T A, the part of one group, is a global minimiser of its own. */
static int
group_is_minimizer(const pieces_t *G, const group_t *g)
{
    const problem_t *P = G->T->P;
    facts_t none;
    low_rank_t c;
    int is;
    MATRICES(S, V, N, Sigma, Z);

    mul_weighted(S, g->A, G->D, g->A);
    mul_weighted(V, g->A, G->D, g->Z);
    mul_weighted(N, P->Y, G->D, g->A);
    qmat_transpose(Sigma, N);
    if (!qmat_solve(V, S, V) || !qmat_solve(Sigma, S, Sigma))
        return 0;
    qmat_mul(Sigma, N, Sigma);
    qmat_transpose(V, V);
    outgoing(Z, P, g);
    qmat_mul(Z, Z, V);
    qmat_mul(V, Z, S);
    if (qmat_equal(V, N))
        return 1;
    facts_init(&none, 0);
    low_rank_init(&c);
    is = low_rank_find(&c, &none, Z, S, N, Sigma, FLINT_MIN(g->n, FLINT_MIN(qmat_rows(P->Y), qmat_rows(g->A)))) && low_rank_captures_largest(&c);
    low_rank_clear(&c);
    facts_clear(&none);
    return is;
}

/* L4: groups that do not see each other. */
static int
groups_are_minimizers(const pieces_t *G)
{
    slong g, k;
    int all = 1;
    MATRICES(t);

    for (g = 0; g < G->count && all; g++)
        for (k = 0; k < g && all; k++)
        {
            mul_weighted(t, G->group[g].A, G->D, G->group[k].A);
            all = qmat_is_zero(t);
        }
    for (g = 0; g < G->count && all; g++)
        all = group_is_minimizer(G, G->group + g);
    return all;
}

/* The parameters of all groups that are left: v_i by the rows of A, u_i. */
static void
hidden_of(hidden_t *h, const pieces_t *G)
{
    slong g, i, n = 0;
    MATRICES(U, Ut);

    hidden_init(h, G->T->units, G->T->P);
    qmat_transpose(Ut, h->U);
    for (g = 0; g < G->count; g++)
    {
        const group_t *x = G->group + g;
        for (i = 0; i < x->n; i++)
        {
            qmat_stack(h->A, h->A, x->A);
            h->start[++n] = qmat_rows(h->A);
        }
        qmat_stack(h->Phi, h->Phi, x->Z);
        outgoing(U, G->T->P, x);
        qmat_transpose(U, U);
        qmat_stack(Ut, Ut, U);
    }
    h->units = n;
    qmat_transpose(h->U, Ut);
    qmat_set(h->E, G->E);
}

/* What an elimination of the Hessian costs at least, before it is formed.  (Off the kinks there may be evidence for large ones.) */
static int
elimination_is_possible(const hidden_t *h, const kinks_t *T)
{
    slong n = qmat_rows(h->A) + qmat_rows(h->Phi) * qmat_rows(h->U);

    if (n > KINKS_MOST_PARAMETERS && !kinks_have(T, KINK_SHARP) && !kinks_have(T, KINK_FLAT))
        return 0;
    return work_take(n, n, n, 11 * n, 0);
}

/* H is positive semidefinite, and its kernel has dimension q: that of the symmetries. */
static int
is_positive_across(const qmat_t H, slong q)
{
    slong rank = work_exceeded() == NULL ? rank_if_psd(H) : -1;

    return rank >= 0 && rank == qmat_rows(H) - q;
}

/* L2 and L3. */
static int
hessian_is_positive(const pieces_t *G)
{
    slong g, q = 0;
    hidden_t h;
    int ok = 1;
    MATRICES(U, H);

    for (g = 0; g < G->count && ok; g++)
    {
        const group_t *x = G->group + g;
        outgoing(U, G->T->P, x);
        ok = rank_of(U) == x->n || rank_of(x->Z) == x->n;
        q += x->n * x->n;
    }
    if (!ok)
        return 0;
    hidden_of(&h, G);
    ok = elimination_is_possible(&h, G->T) && hidden_hessian(H, &h, NULL);
    hidden_clear(&h);
    return ok && is_positive_across(H, q);
}

/* C := mu B J B^T, J the identity, with 0 at a bias that is not decayed. */
static void
decay_of(qmat_t C, const qmat_t B, const problem_t *P)
{
    MATRICES(t);

    qmat_some_columns(t, B, 0, qmat_cols(P->W) + (problem_decayed_bias(P, 0) != NULL));
    qmat_gram_rows(C, t);
    qmat_scale(C, C, P->weight_decay);
}

/* H += the second derivatives of mu/2 times the squares. */
static void
add_decay(qmat_t H, const pieces_t *G)
{
    const problem_t *P = G->T->P;
    slong g, i, a, b, at = 0, n = qmat_rows(H), k = qmat_rows(P->Y), last;
    fmpq *x = _fmpq_vec_init(n * n);
    NUMBERS(one);
    MATRICES(C);

    fmpq_one(one);
    for (g = 0; g < G->count; g++)
        for (i = 0; i < G->group[g].n; i++)
        {
            decay_of(C, G->group[g].B, P);
            for (a = 0; a < qmat_rows(C); a++)
                for (b = 0; b < qmat_rows(C); b++)
                    qmat_get_entry(x + (at + a) * n + at + b, C, a, b);
            at += qmat_rows(C);
        }
    last = at + G->T->units * k;
    for (; at < n; at++)
        if (at < last || problem_decayed_bias(P, 1) != NULL)
            fmpq_set(x + at * n + at, P->weight_decay);
    qmat_set_entries(C, n, n, x);
    qmat_add_scaled(H, H, one, C);
    _fmpq_vec_clear(x, n * n);
}

/* L2 with weight decay: only rotations are symmetries. */
static int
decayed_is_positive(const pieces_t *G)
{
    slong g, q = 0;
    hidden_t h;
    int ok = 1;
    MATRICES(H, all, members);

    problem_block(all, G->T->P, 0, 1);
    qmat_transpose(all, all);
    qmat_stack(all, all, G->T->P->W + 1);       /* column i: w_i, b_i, u_i */
    for (g = 0; g < G->count && ok; g++)
    {
        const group_t *x = G->group + g;
        qmat_pick_columns(members, all, x->unit, x->n);
        ok = x->n == 1 || rank_of(members) >= x->n - 1;
        q += x->n * (x->n - 1) / 2;
    }
    if (!ok)
        return 0;
    hidden_of(&h, G);
    qmat_stack(h.Phi, h.Phi, G->ones);
    ok = elimination_is_possible(&h, G->T) && hidden_hessian(H, &h, NULL);
    hidden_clear(&h);
    if (ok)
        add_decay(H, G);
    return ok && is_positive_across(H, q);
}

/* One piece; the gradient along the stratum is 0. */
static int
is_minimum_of_piece(const char **undecided, const kinks_t *T, slong bits)
{
    pieces_t G;
    int is;

    pieces_init(&G, T, bits);
    *undecided = "the kernel of the Hessian is larger than the symmetries, or the Hessian is not positive semidefinite";
    if (!fmpq_is_zero(T->P->weight_decay))
        is = decayed_is_positive(&G);
    else if (!leave_free_out(&G))
        is = 0;
    else
        is = G.count == 0 || groups_are_minimizers(&G) || hessian_is_positive(&G);
    pieces_clear(&G);
    return is && work_exceeded() == NULL;
}

int
kinks_is_minimum_on_stratum(const char **undecided, const kinks_t *T)
{
    slong flat = kinks_count(T, KINK_FLAT), bits;
    int all = 1;

    *undecided = "too many kinks have a gradient all the same: all their sides are tried";
    if (flat > KINKS_MOST_FLAT)
        return 0;
    for (bits = 0; bits < WORD(1) << flat && all; bits++)
        all = is_minimum_of_piece(undecided, T, bits);
    return all;
}

int
kinks_decide_minimum(const kinks_t *T, setting_t *s)
{
    int sign;
    const char *undecided;

    if (kinks_curve(&sign, T, s, 0, 0) > 0)
    {
        if (sign > 0)
            facts_fail(s->f, "down-degree", "h rises along this curve");
        return sign < 0 ? 0 : -1;
    }
    if (s->f->failed || !kinks_are_stationary(T, s, 1))
        return -1;
    if (kinks_is_minimum_on_stratum(&undecided, T))
        return 1;
    if (!kinks_have(T, KINK_SHARP) && !kinks_have(T, KINK_FLAT) && hessian_order(T->P) > KINKS_MOST_PARAMETERS)
        return pass_slopes(T->p, s) && hessian_is_minimum(T->p, s) ? 1 : -1;
    facts_fail(s->f, "hessian", "%s", undecided);
    return -1;
}

void
kinks_say_decision(say_t *s, const facts_t *f)
{
    if (facts_find(f, "down-degree") != NULL)
        say(s, "Along a curve from the point, on one side of it, $h$ is a polynomial, whose first coefficient that is not 0 is negative");
    else
        say(s, "Off the kinks by the derivatives, at the kinks by multipliers strictly between the slopes of their two sides, and by the piece of $h$ "
            "on which they stay kinks (doc/rules/kinks.md)");
}

int
kinks_decide_point(pass_t *p, setting_t *s)
{
    kinks_t T;
    int is = -1;

    if (kinks_init(&T, p))
        is = kinks_decide_minimum(&T, s);
    else
        facts_fail(s->f, "conclusion", "the kinks are beyond the limits");
    kinks_clear(&T);
    return is;
}

int
kinks_show_minimum(pass_t *p, const facts_t *f)
{
    kinks_t T;
    const char *undecided;
    int is;

    if (kinks_refuses(p->P) != NULL || hessian_order(p->P) > KINKS_MOST_PARAMETERS || facts_find(f, "hessian") != NULL
        || facts_find(f, "curve:1") != NULL)
        return 0;
    is = kinks_init(&T, p) && kinks_is_minimum_on_stratum(&undecided, &T);
    kinks_clear(&T);
    return is;
}
