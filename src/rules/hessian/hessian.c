/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* With the units' inputs X_i = X' o s_i (their slopes times the data), Phi the rows that the last layer sees, E = f - Y and D as everywhere:

     d2h / dw_i dw_j = (u_i . u_j) X_i D X_j^T + mu [i = j] I
     d2h / dw_i du_j = X_i D Phi_j^T u_i^T + [i = j] X_i D E^T
     d2h / du_i du_j = (Phi_i D Phi_j^T + mu [i = j]) I                                                                          */
#include "hessian.h"
#include "kernel/ask.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "rules/gradient_norm.h"

const about_t hessian_about_psd = { "hessian" }, hessian_about_fixed = { "fixed" };

const char *
hessian_refuses(const problem_t *P)
{
    const char *why = refuse_all_but_square_loss(P);

    if (why != NULL)
        return why;
    if (P->l != 2 || P->skips > 0 || (P->kind != NET_LINEAR && P->kind != NET_FEEDFORWARD) || !network_is_rational(P))
        return "the Hessian is formed for one hidden layer of relu, leaky-relu or identity units";
    return NULL;
}

slong
hessian_order(const problem_t *P)
{
    slong d = qmat_cols(P->W) + (problem_bias(P, 0) != NULL), n = qmat_rows(P->W) + (problem_bias(P, 1) != NULL);

    return qmat_rows(P->W) * d + n * qmat_rows(P->W + 1);
}

/* live (1 x m) := 1 at the samples that count, else 0. */
static void
find_live(qmat_t live, const pass_t *p)
{
    slong j, i, m = qmat_cols(p->P->X);
    fmpq *D = _fmpq_vec_init(m);
    MATRICES(X);

    problem_curvature(D, p->P);
    pass_input_rows(X, p, 0);
    for (j = 0; j < m; j++)
    {
        int counts = 0;
        for (i = 0; i < qmat_rows(X); i++)
            counts |= !fmpz_is_zero(fmpz_mat_entry(X->num, i, j));
        fmpq_set_si(D + j, counts && fmpq_sgn(D + j) > 0, 1);
    }
    qmat_set_entries(live, 1, m, D);
    _fmpq_vec_clear(D, m);
}

/* A (d x m) := X' times the slopes of unit i, 0 where a sample does not count. */
static void
inputs_where(qmat_t A, const pass_t *p, slong i, const qmat_t live)
{
    MATRICES(seen, slopes, ones);

    pass_input_rows(A, p, 0);
    qmat_ones(ones, qmat_rows(A), 1);
    qmat_set(seen, live);
    if (p->P->act != NULL)
    {
        qmat_some_rows(slopes, p->slope, i, 1);
        qmat_mul_entries(seen, seen, slopes);
    }
    qmat_mul(ones, ones, seen);
    qmat_mul_entries(A, A, ones);
}

/* A (p d x m) := these, unit by unit. */
static void
unit_inputs(qmat_t A, const pass_t *p)
{
    slong i;
    MATRICES(rows, live);

    find_live(live, p);
    for (i = 0; i < qmat_rows(p->P->W); i++)
    {
        inputs_where(rows, p, i, live);
        if (i == 0)
            qmat_set(A, rows);
        else
            qmat_stack(A, A, rows);
    }
}

void
hidden_init(hidden_t *h, slong units, const problem_t *P)
{
    h->units = units;
    h->start = flint_calloc(units + 1, sizeof *h->start);
    qmat_init(h->A, 0, qmat_cols(P->X));
    qmat_init(h->Phi, 0, qmat_cols(P->X));
    qmat_init(h->U, qmat_rows(P->Y), 0);
    qmat_init(h->E, 0, 0);
    h->D = _fmpq_vec_init(qmat_cols(P->X));
    problem_curvature(h->D, P);
}

void
hidden_clear(hidden_t *h)
{
    flint_free(h->start);
    _fmpq_vec_clear(h->D, qmat_cols(h->A));
    qmat_clear(h->A);
    qmat_clear(h->Phi);
    qmat_clear(h->U);
    qmat_clear(h->E);
}

/* The products of which H consists, and where its entries are. */
typedef struct
{
    slong n, first, k;          /* parameters, those of the v_i, outputs */
    slong *unit;                /* of which unit a parameter of the v_i is */
    fmpq *h;
    qmat_t inputs, mixed, residual, last;   /* A_i D A_j^T; A_i D Phi_j^T; A_i D E^T; Phi_i D Phi_j^T */
    qmat_t outgoing;            /* u_i . u_j */
} blocks_t;

/* H_ab and H_ba := x. */
static void
set_both(const blocks_t *B, slong a, slong b, const fmpq_t x)
{
    fmpq_set(B->h + a * B->n + b, x);
    fmpq_set(B->h + b * B->n + a, x);
}

static void
set_first_layer(const blocks_t *B)
{
    slong a, b;
    NUMBERS(x, y);

    for (a = 0; a < B->first; a++)
        for (b = 0; b <= a; b++)
        {
            qmat_get_entry(x, B->outgoing, B->unit[a], B->unit[b]);
            qmat_get_entry(y, B->inputs, a, b);
            number_mul(x, x, y);
            set_both(B, a, b, x);
        }
}

/* The weights of row j of Phi with all others. */
static void
set_last_layer(const blocks_t *B, const qmat_t U, slong j)
{
    slong a, i, c, at = B->first + j * B->k;
    NUMBERS(x, y);

    for (a = 0; a < B->first; a++)
        for (c = 0; c < B->k; c++)
        {
            qmat_get_entry(x, B->mixed, a, j);
            qmat_get_entry(y, U, c, B->unit[a]);
            number_mul(x, x, y);
            if (B->unit[a] == j)
            {
                qmat_get_entry(y, B->residual, a, c);
                number_add(x, x, y);
            }
            set_both(B, at + c, a, x);
        }
    for (i = 0; i <= j; i++)
    {
        qmat_get_entry(x, B->last, i, j);
        for (c = 0; c < B->k; c++)
            set_both(B, at + c, B->first + i * B->k + c, x);
    }
}

/* 0 beyond the limits; B is to be cleared all the same. */
static int
blocks_init(blocks_t *B, const hidden_t *h)
{
    slong i, a, bits = 2 * (qmat_length(h->A) + qmat_length(h->U)) + qmat_length(h->Phi) + qmat_length(h->E);
    int ok;
    MATRICES(AD, t, PhiD);

    B->first = qmat_rows(h->A);
    B->k = qmat_rows(h->U);
    B->n = B->first + qmat_rows(h->Phi) * B->k;
    ok = work_take(B->n, 8, B->n, bits + 256, 0);
    B->n = ok ? B->n : 0;
    B->h = _fmpq_vec_init(B->n * B->n);
    B->unit = flint_malloc((B->first + 1) * sizeof *B->unit);
    for (i = 0; i < h->units; i++)
        for (a = h->start[i]; a < h->start[i + 1]; a++)
            B->unit[a] = i;
    qmat_init(B->inputs, 0, 0);
    qmat_init(B->mixed, 0, 0);
    qmat_init(B->residual, 0, 0);
    qmat_init(B->last, 0, 0);
    qmat_init(B->outgoing, 0, 0);
    qmat_scale_columns(AD, h->A, h->D);
    qmat_transpose(t, h->A);
    qmat_mul(B->inputs, AD, t);
    qmat_transpose(t, h->Phi);
    qmat_mul(B->mixed, AD, t);
    qmat_scale_columns(PhiD, h->Phi, h->D);
    qmat_mul(B->last, PhiD, t);
    qmat_transpose(t, h->E);
    qmat_mul(B->residual, AD, t);
    qmat_gram(B->outgoing, h->U);
    return ok && work_exceeded() == NULL;
}

static void
blocks_clear(blocks_t *B)
{
    _fmpq_vec_clear(B->h, B->n * B->n);
    flint_free(B->unit);
    qmat_clear(B->inputs);
    qmat_clear(B->mixed);
    qmat_clear(B->residual);
    qmat_clear(B->last);
    qmat_clear(B->outgoing);
}

int
hidden_hessian(qmat_t H, const hidden_t *h, const fmpq *x)
{
    blocks_t B;
    slong a, j;
    int ok = blocks_init(&B, h);

    if (ok)
    {
        set_first_layer(&B);
        for (j = 0; j < qmat_rows(h->Phi); j++)
            set_last_layer(&B, h->U, j);
        for (a = 0; a < B.n && x != NULL; a++)
            number_add(B.h + a * B.n + a, B.h + a * B.n + a, x + a);
    }
    qmat_set_entries(H, B.n, B.n, B.h);
    blocks_clear(&B);
    return ok;
}

/* x := mu, but for the biases that are not decayed. */
static void
find_decay(fmpq *x, slong n, const problem_t *P)
{
    slong a, d = qmat_cols(P->W) + (problem_bias(P, 0) != NULL), split = qmat_rows(P->W) * d;

    for (a = 0; a < n; a++)
    {
        int bias = a < split ? a % d == qmat_cols(P->W) : a >= split + qmat_rows(P->W) * qmat_rows(P->Y);
        if (!bias || problem_decayed_bias(P, a >= split) != NULL)
            fmpq_set(x + a, P->weight_decay);
    }
}

void
hessian_form(qmat_t H, const pass_t *p)
{
    const problem_t *P = p->P;
    slong i, n = hessian_order(P), units = qmat_rows(P->W), d = qmat_cols(P->W) + (problem_bias(P, 0) != NULL);
    fmpq *x = _fmpq_vec_init(n);
    hidden_t h;

    hidden_init(&h, units, P);
    unit_inputs(h.A, p);
    for (i = 0; i <= units; i++)
        h.start[i] = i * d;
    pass_input_rows(h.Phi, p, 1);
    qmat_set(h.U, P->W + 1);
    qmat_sub(h.E, pass_output(p), P->Y);
    find_decay(x, n, P);
    hidden_hessian(H, &h, x);
    hidden_clear(&h);
    _fmpq_vec_clear(x, n);
}

/* 1 if units i and j have the same slopes on every sample that counts: of positive weight, and not 0 without a bias. */
static int
same_slopes(const pass_t *p, slong i, slong j, const qmat_t live)
{
    MATRICES(a, b);

    if (p->P->act == NULL)
        return 1;
    qmat_some_rows(a, p->slope, i, 1);
    qmat_some_rows(b, p->slope, j, 1);
    qmat_sub(a, a, b);
    qmat_mul_entries(a, a, live);
    return qmat_is_zero(a);
}

/* group[i] := the first unit with the slopes of unit i on every sample that counts. */
static void
find_groups(slong *group, const pass_t *p)
{
    slong i, j;
    MATRICES(live);

    find_live(live, p);
    for (i = 0; i < qmat_rows(p->P->W); i++)
    {
        for (j = 0; j < i && !(group[j] == j && same_slopes(p, i, j, live)); j++)
            ;
        group[i] = j;
    }
}

void
hessian_inputs(qmat_t A, const pass_t *p, slong j)
{
    MATRICES(live);

    find_live(live, p);
    inputs_where(A, p, j, live);
}

/* How many symmetries the group of unit j has, whose n units are the rows (w_i, b_i, u_i) of members; -1 if they do not move the
   point in as many directions. */
static slong
group_symmetries(const pass_t *p, const qmat_t members, slong j)
{
    slong n = qmat_rows(members), k = qmat_rows(p->P->W + 1), d = qmat_cols(members) - k, rank;
    MATRICES(X, V, U);

    if (!fmpq_is_zero(p->P->weight_decay))      /* a skew matrix that is not 0 has rank 2 or more: two dependences */
        return n > 1 && rank_of(members) < n - 1 ? -1 : n * (n - 1) / 2;
    hessian_inputs(X, p, j);
    rank = rank_of(X);
    if (rank == 0)
        return n * (d + k);
    qmat_some_columns(V, members, 0, d);
    qmat_mul(V, V, X);
    qmat_some_columns(U, members, d, k);
    return rank_of(V) < n && rank_of(U) < n ? -1 : n * n + n * (d - rank);
}

slong
hessian_symmetries(slong *group, const pass_t *p)
{
    slong i, j, n, q = 0, units = qmat_rows(p->P->W);
    MATRICES(all, members, one);

    find_groups(group, p);
    problem_block(all, p->P, 0, 1);
    qmat_transpose(all, all);
    qmat_stack(all, all, p->P->W + 1);
    qmat_transpose(all, all);                   /* row i: w_i, b_i, u_i */
    for (j = 0; j < units; j++)
    {
        qmat_some_rows(members, all, 0, 0);
        for (i = j; i < units; i++)
            if (group[i] == j)
            {
                qmat_some_rows(one, all, i, 1);
                qmat_stack(members, members, one);
            }
        n = qmat_rows(members) > 0 ? group_symmetries(p, members, j) : 0;
        if (n < 0)
            return -1;
        q += n;
    }
    return q;
}

/* The rows and columns of H whose numbers are not among the q that are given. */
static int
leave_out(qmat_t H, const fmpq *fixed, slong q)
{
    slong a, b, n = qmat_rows(H), kept = n - q, *keep = flint_malloc((n + 1) * sizeof *keep), i = 0;
    fmpz_mat_t K;

    for (a = b = 0; a < n; a++)
        if (i < q && fmpz_is_one(fmpq_denref(fixed + i)) && fmpz_equal_si(fmpq_numref(fixed + i), a + 1))
            i++;
        else if (b < kept)
            keep[b++] = a;
    if (i == q)
    {
        fmpz_mat_init(K, kept, kept);
        for (a = 0; a < kept; a++)
            for (b = 0; b < kept; b++)
                fmpz_set(fmpz_mat_entry(K, a, b), fmpz_mat_entry(H->num, keep[a], keep[b]));
        fmpz_mat_swap(K, H->num);
        fmpz_mat_clear(K);
        qmat_canonicalise(H);
    }
    flint_free(keep);
    return i == q;
}

/* The gradient is 0. */
static int
is_critical(const pass_t *p, setting_t *s)
{
    NUMBERS(low, high);

    pass_gradient_norm2(low, high, p, s);
    if (!fmpq_is_zero(high))
        facts_fail(s->f, "hessian", "the gradient is not shown to be 0");
    return !s->f->failed;
}

int
hessian_is_minimum(const pass_t *p, setting_t *s)
{
    const problem_t *P = p->P;
    slong q, *group;
    const fmpq *fixed = NULL;
    MATRICES(H);
    NUMBERS(mu);

    if (hessian_refuses(P) != NULL)
    {
        facts_fail(s->f, "hessian", "%s", hessian_refuses(P));
        return 0;
    }
    if (!is_critical(p, s))
        return 0;
    group = flint_malloc((qmat_rows(P->W) + 1) * sizeof *group);
    q = hessian_symmetries(group, p);
    flint_free(group);
    if (q < 0)
        facts_fail(s->f, "fixed", "the symmetries do not move the point in as many directions as they have");
    else if (q > 0)
        fixed = fact_numbers(s->f, "fixed", q, &hessian_about_fixed, 1);
    if (s->f->failed || !facts_expect_bound(s->f, "hessian", hessian_order(P) - q))
        return 0;
    hessian_form(H, p);
    if (q > 0 && !leave_out(H, fixed, q))
        facts_fail(s->f, "fixed", "numbers of parameters, ascending, are expected");
    else
        fact_lower(mu, s->f, "hessian", "\\text{the smallest eigenvalue of the Hessian across the symmetries}", H, NULL, NULL, 1);
    if (!s->f->failed && fmpq_sgn(mu) <= 0)
        facts_fail(s->f, "hessian", "the Hessian is not shown to be positive definite there");
    return !s->f->failed;
}

int
hessian_is_psd(const pass_t *p, setting_t *s)
{
    MATRICES(H);
    NUMBERS(mu);

    if (hessian_refuses(p->P) != NULL)
        facts_fail(s->f, "hessian", "%s", hessian_refuses(p->P));
    if (s->f->failed || !facts_expect_bound(s->f, "hessian", hessian_order(p->P)))
        return 0;
    hessian_form(H, p);
    fact_lower_about(mu, s->f, "hessian", "\\text{the smallest eigenvalue of the Hessian}", H, NULL, NULL, 1, &hessian_about_psd);
    return !s->f->failed;
}
