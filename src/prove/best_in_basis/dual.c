/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/convex.h"
#include "algebra/outputs.h"
#include "dual.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/conjugate.h"
#include "rules/samples.h"

/* Bits of a rounded dual point, and of a member, below the largest entry. */
#define DUAL_BITS 50
#define MEMBER_BITS 40
/* The numbers of a dense basis: beyond, nothing is tried. */
#define MOST_NUMBERS 60000000.0

typedef struct
{
    const problem_t *P;
    const basis_t *basis;
    const pass_t *pass;
    double radius;              /* INFINITY: none */
    slong d, m, n, rows;        /* outputs, samples, parameters; rows of Phi */
    double *Phi;                /* rows x m; NULL for tangent */
    double *f, *B;              /* see convex_t */
    outputs_t o;
} model_t;

void
basis_point_init(basis_point_t *x)
{
    qmat_init(x->u, 0, 0);
    qmat_init(x->correction, 0, 0);
    x->member = NULL;
    x->members = 0;
}

void
basis_point_clear(basis_point_t *x)
{
    qmat_clear(x->u);
    qmat_clear(x->correction);
    if (x->member != NULL)
        qmat_vec_clear(x->member, x->members);
}

/* B := Phi^T (x) I: parameter k rows + r is entry (k, r) of A. */
static void
fill_linear(model_t *M)
{
    slong k, i, r;

    for (k = 0; k < M->d; k++)
        for (i = 0; i < M->m; i++)
            for (r = 0; r < M->rows; r++)
                M->B[(k * M->m + i) * M->n + k * M->rows + r] = M->Phi[r * M->m + i];
}

/* The rows by which members are written, those of functions too: 1 on a group of equal samples. */
static int
rows_of(qmat_t Phi, const basis_t *basis, const pass_t *pass)
{
    slong j, m = qmat_cols(pass->P->X), *group;
    qmat_t t;

    if (basis->kind != BASIS_FUNCTIONS)
        return basis_rows(Phi, basis, pass);
    group = flint_malloc(m * sizeof *group);
    qmat_init(t, samples_group(group, pass->P->X), m);
    for (j = 0; j < m; j++)
        fmpz_one(fmpz_mat_entry(t->num, group[j], j));
    qmat_swap(Phi, t);
    qmat_clear(t);
    flint_free(group);
    return 1;
}

static int
model_init(model_t *M, const basis_about_t *about)
{
    const problem_t *P = about->pass->P;
    MATRICES(Phi);

    memset(M, 0, sizeof *M);
    M->P = P;
    M->basis = about->basis;
    M->pass = about->pass;
    M->radius = about->radius == NULL ? INFINITY : fmpq_get_d(about->radius);
    outputs_init(&M->o, P);
    M->d = M->o.d;
    M->m = M->o.m;
    if (about->basis->kind == BASIS_TANGENT)
        M->n = M->o.n;
    else
    {
        if ((double) M->m * (double) M->m > MOST_NUMBERS)
            return 0;
        if (!rows_of(Phi, about->basis, about->pass))
            return 0;
        M->rows = qmat_rows(Phi);
        M->n = M->d * M->rows;
    }
    if ((double) M->n * (double) (M->d * M->m + M->n) > MOST_NUMBERS)
        return 0;
    M->B = flint_calloc(M->d * M->m * M->n + 1, sizeof(double));
    M->f = flint_calloc(M->d * M->m + 1, sizeof(double));
    if (about->basis->kind == BASIS_TANGENT)
        outputs_jacobian(M->B, &M->o);
    else
    {
        M->Phi = approx_matrix(Phi, 0);
        fill_linear(M);
    }
    if (about->basis->kind == BASIS_TANGENT || about->radius != NULL)
        memcpy(M->f, M->o.H[M->o.l], M->d * M->m * sizeof(double));
    return 1;
}

static void
model_clear(model_t *M)
{
    outputs_clear(&M->o);
    flint_free(M->B);
    flint_free(M->f);
    flint_free(M->Phi);
}

/* x := v rounded to a multiple of 2^-bits. */
static void
round_to(fmpq_t x, double v, slong bits)
{
    approx_set_fmpz(fmpq_numref(x), isfinite(v) ? nearbyint(ldexp(v, (int) FLINT_MIN(bits, 900))) : 0);
    fmpz_one(fmpq_denref(x));
    if (bits >= 0)
        fmpq_div_2exp(x, x, FLINT_MIN(bits, 900));
    else
        fmpq_mul_2exp(x, x, -bits);
}

/* Bits after the point so that the largest of n numbers has so many. */
static slong
fixed_bits(const double *v, slong n, slong bits)
{
    double top = 0;
    slong i;
    int e;

    for (i = 0; i < n; i++)
        top = fmax(top, fabs(v[i]));
    if (!(top > 0) || !isfinite(top))
        return bits;
    frexp(top, &e);
    return bits - e;
}

/* One sample of cross-entropy: u = C pi - c w y, pi a rounded distribution; what is below least
   becomes 0. */
static void
round_distribution(fmpq *u, const convex_t *c, slong i, double least)
{
    const problem_t *P = c->P;
    slong k, top = 0, d = c->d;
    NUMBERS(cw, s, C, rest);
    fmpq *y = _fmpq_vec_init(2 * d), *pi = y + d;
    double total = 0;

    fmpq_mul(cw, P->scale, P->weights + i);
    for (k = 0; k < d; k++)
    {
        qmat_get_entry(y + k, P->Y, k, i);
        fmpq_add(s, s, y + k);
    }
    fmpq_mul(C, cw, s);
    fmpq_one(rest);
    total = fmpq_get_d(C);
    for (k = 0; k < d; k++)
    {
        double p = total > 0 ? (c->u[k * c->m + i] + c->cw[i] * c->Y[k * c->m + i]) / total : 0;
        round_to(pi + k, p < least ? 0 : fmax(p, 0), DUAL_BITS);
        fmpq_sub(rest, rest, pi + k);
        if (fmpq_cmp(pi + k, pi + top) > 0)
            top = k;
    }
    fmpq_add(pi + top, pi + top, rest);         /* the largest takes what is left */
    for (k = 0; k < d; k++)
    {
        fmpq_mul(u + k * c->m + i, C, pi + k);
        fmpq_submul(u + k * c->m + i, cw, y + k);
    }
    _fmpq_vec_clear(y, 2 * d);
}

/* The dual point, rounded inside its domain. */
static void
round_dual(qmat_t U, const convex_t *c, double least)
{
    slong i, k, N = c->d * c->m, bits = fixed_bits(c->u, N, DUAL_BITS);
    fmpq *u = _fmpq_vec_init(N);
    double top = 0;
    NUMBERS(y, cw);

    for (i = 0; i < N; i++)
        top = fmax(top, fabs(c->u[i]));
    for (i = 0; i < c->m; i++)
    {
        fmpq_mul(cw, c->P->scale, c->P->weights + i);
        if (fmpq_is_zero(cw))
            continue;
        if (c->P->loss == LOSS_CROSS_ENTROPY)
        {
            round_distribution(u, c, i, least);
            continue;
        }
        for (k = 0; k < c->d; k++)
        {
            round_to(u + k * c->m + i, c->u[k * c->m + i], bits);
            qmat_get_entry(y, c->P->Y, k, i);
            if (c->P->loss != LOSS_SQUARE && (fmpq_sgn(u + k * c->m + i) * fmpq_sgn(y) >= 0
                                              || fabs(c->u[k * c->m + i]) < least * top))
                fmpq_zero(u + k * c->m + i);
            if (c->P->loss == LOSS_LOGISTIC)
            {   /* at most c w |y| */
                fmpq_mul(y, y, cw);
                fmpq_neg(y, y);
                if (fmpq_cmp(u + k * c->m + i, y) * fmpq_sgn(y) > 0)
                    fmpq_set(u + k * c->m + i, y);
            }
        }
    }
    qmat_set_entries(U, c->d, c->m, u);
    _fmpq_vec_clear(u, N);
}

/* index[0..rank) := columns of A (r x c by rows) that span its range, those of great weight
   preferred; their number. */
static slong
pivot_columns(slong *index, const double *A, const double *weight, slong r, slong c)
{
    double *Q = flint_malloc((r * c + 1) * sizeof *Q), *tau = flint_malloc((FLINT_MIN(r, c) + 1) * sizeof *tau);
    int *jpvt = flint_calloc(c + 1, sizeof *jpvt);
    slong i, j, rank = 0;

    for (i = 0; i < r; i++)
        for (j = 0; j < c; j++)
            Q[i * c + j] = A[i * c + j] * (weight == NULL ? 1 : weight[j]);
    if (r > 0 && c > 0 && LAPACKE_dgeqp3(LAPACK_ROW_MAJOR, (int) r, (int) c, Q, (int) c, jpvt, tau) == 0)
        while (rank < FLINT_MIN(r, c) && fabs(Q[rank * c + rank]) > 1e-13 * fabs(Q[0]))
        {
            index[rank] = jpvt[rank] - 1;
            rank++;
        }
    flint_free(Q);
    flint_free(tau);
    flint_free(jpvt);
    return rank;
}

/* The same, exactly rank of them: light columns are taken where the heavy ones do not suffice. */
static int
choose_columns(slong *index, const double *A, const double *weight, slong r, slong c, slong rank)
{
    double *lifted = flint_malloc((c + 1) * sizeof *lifted), top = 0, floor;
    slong j;
    int ok = 0;

    for (j = 0; j < c; j++)
        top = fmax(top, weight[j]);
    for (floor = 1e-10; !ok && floor <= 1; floor *= 1e5)
    {
        for (j = 0; j < c; j++)
            lifted[j] = top > 0 ? fmax(weight[j], floor * top) : 1;
        ok = pivot_columns(index, A, lifted, r, c) == rank;
    }
    flint_free(lifted);
    return ok;
}

static double *
transposed(const double *A, slong r, slong c)
{
    double *T = flint_malloc((r * c + 1) * sizeof *T);
    slong i, j;

    for (i = 0; i < r; i++)
        for (j = 0; j < c; j++)
            T[j * r + i] = A[i * c + j];
    return T;
}

/* Row k of correction := what makes row k of U orthogonal to the rows of Phi, on rank columns. */
static int
correct_row(fmpq *correction, const qmat_t U, const qmat_t Phi, slong k, const slong *rows,
            const slong *columns, slong rank)
{
    slong i, j, m = qmat_cols(U);
    fmpq *s = _fmpq_vec_init(rank * rank + rank), *b = s + rank * rank;
    NUMBERS(x, y);
    MATRICES(S, R, D);
    int ok;

    for (i = 0; i < rank; i++)
    {
        for (j = 0; j < rank; j++)
            qmat_get_entry(s + i * rank + j, Phi, rows[i], columns[j]);
        for (j = 0; j < m; j++)
        {
            qmat_get_entry(x, U, k, j);
            qmat_get_entry(y, Phi, rows[i], j);
            fmpq_submul(b + i, x, y);
        }
    }
    qmat_set_entries(S, rank, rank, s);
    qmat_set_entries(R, rank, 1, b);
    ok = rank == 0 || qmat_solve(D, S, R);
    for (i = 0; ok && i < rank; i++)
        qmat_get_entry(correction + k * m + columns[i], D, i, 0);
    _fmpq_vec_clear(s, rank * rank + rank);
    return ok;
}

/* The square loss, whose dual points may be anything but on samples of weight 0: one small
   system for every output. */
static int
correct_rows(qmat_t correction, const qmat_t U, const model_t *M, const convex_t *c)
{
    slong i, k, r, rank, *rows = flint_malloc((M->rows + M->m) * sizeof *rows), *columns = rows + M->rows;
    fmpq *all = _fmpq_vec_init(M->d * M->m);
    double *used = flint_malloc((M->rows * M->m + 1) * sizeof *used), *turned, *few;
    MATRICES(Phi);
    int ok;

    for (r = 0; r < M->rows; r++)
        for (i = 0; i < M->m; i++)
            used[r * M->m + i] = c->cw[i] > 0 ? M->Phi[r * M->m + i] : 0;
    rows_of(Phi, M->basis, M->pass);
    turned = transposed(used, M->rows, M->m);
    rank = pivot_columns(rows, turned, NULL, M->m, M->rows);
    few = flint_malloc((rank * M->m + 1) * sizeof *few);
    for (k = 0; k < rank; k++)
        memcpy(few + k * M->m, used + rows[k] * M->m, M->m * sizeof *few);
    ok = qmat_is_exact(Phi) && pivot_columns(columns, few, NULL, rank, M->m) == rank;
    for (k = 0; k < M->d && ok; k++)
        ok = correct_row(all, U, Phi, k, rows, columns, rank);
    if (ok)
        qmat_set_entries(correction, M->d, M->m, all);
    _fmpq_vec_clear(all, M->d * M->m);
    flint_free(rows);
    flint_free(used);
    flint_free(turned);
    flint_free(few);
    return ok;
}

/* D[k] (width_{k+1} x m) := the derivative of an output by Z_{k+1}, on all samples, exact. */
static void
derivatives(qmat_struct *D, const pass_t *p, slong output)
{
    slong k, i, j, d = qmat_rows(p->P->Y), m = qmat_cols(p->P->Y);
    MATRICES(t, last, part);
    NUMBERS(x);
    qmat_t one;

    qmat_init(one, d, m);
    for (i = 0; i < m; i++)
        fmpz_one(fmpz_mat_entry(one->num, output, i));
    qmat_swap(D + p->l - 1, one);
    qmat_clear(one);
    for (k = p->l - 1; k > 0; k--)
    {
        qmat_transpose(t, p->P->W + k);
        qmat_mul(t, t, D + k);
        if (k == p->l - 1)
            qmat_set(last, t);
        qmat_some_rows(D + k - 1, t, 0, qmat_rows(p->in + k));
        fmpq_one(x);
        for (i = 0, j = qmat_rows(p->in + p->l - 1); i < p->P->skips; j += qmat_rows(p->in + p->P->skip[i++]))
            if (p->P->skip[i] == k)
            {
                qmat_some_rows(part, last, j, qmat_rows(p->in + k));
                qmat_add_scaled(D + k - 1, D + k - 1, x, part);
            }
        if (p->P->act != NULL)
            qmat_mul_entries(D + k - 1, D + k - 1, p->slope + k - 1);
    }
}

/* Parameter q of the network as (layer, row, column); column -1: a bias. */
static void
locate(slong place[3], const pass_t *p, slong q)
{
    slong k;

    for (k = 0; k < p->l; k++)
    {
        slong r = qmat_rows(p->P->W + k), c = qmat_cols(p->P->W + k), biases = problem_bias(p->P, k) != NULL ? r : 0;
        if (q < r * c + biases)
        {
            place[0] = k;
            place[1] = q < r * c ? q / c : q - r * c;
            place[2] = q < r * c ? q % c : -1;
            return;
        }
        q -= r * c + biases;
    }
}

/* x := the derivative of the output that D belongs to, on sample i, by a parameter. */
static void
derivative(fmpq_t x, const qmat_struct *D, const pass_t *p, const slong place[3], slong i)
{
    NUMBERS(h);

    qmat_get_entry(x, D + place[0], place[1], i);
    if (place[2] < 0)
        return;
    qmat_get_entry(h, pass_input(p, place[0]), place[2], i);
    fmpq_mul(x, x, h);
}

/* An entry of the dual point that may move: that of an output on a sample, by about slack.  Under
   cross-entropy the entry of output ref moves the other way, so that the sum stays 0. */
typedef struct
{
    slong output, sample, ref;
    double slack;
} variable_t;

/* Those of cross-entropy: distributions with at least two entries above least. */
static slong
distribution_variables(variable_t *v, const convex_t *c, slong i, double least)
{
    slong k, ref = 0, n = 0;
    double total = 0, *p = flint_malloc(c->d * sizeof *p);

    for (k = 0; k < c->d; k++)
    {
        p[k] = c->u[k * c->m + i] + c->cw[i] * c->Y[k * c->m + i];
        total += c->cw[i] * c->Y[k * c->m + i];
        ref = p[k] > p[ref] ? k : ref;
    }
    for (k = 0; k < c->d; k++)
        if (k != ref && p[k] > least * total && p[k] > 0)
            v[n++] = (variable_t) { k, i, ref, p[k] };
    flint_free(p);
    return n;
}

/* Room for d m of them; their number. */
static slong
find_variables(variable_t *v, const convex_t *c, const qmat_t U, double least)
{
    slong i, k, n = 0;

    for (i = 0; i < c->m; i++)
    {
        if (!(c->cw[i] > 0))
            continue;
        if (c->P->loss == LOSS_CROSS_ENTROPY)
            n += distribution_variables(v + n, c, i, least);
        for (k = 0; c->P->loss != LOSS_CROSS_ENTROPY && k < c->d; k++)
            if (c->P->loss == LOSS_SQUARE || !fmpz_is_zero(fmpz_mat_entry(U->num, k, i)))
                v[n++] = (variable_t) { k, i, -1, c->P->loss == LOSS_SQUARE ? 1 : fabs(c->u[k * c->m + i]) };
    }
    return n;
}

/* What is exact about a basis: derivatives of the outputs by its parameters. */
typedef struct
{
    const model_t *M;
    qmat_struct *D;             /* tangent: see derivatives, l of every output */
    qmat_t Phi;                 /* the others */
} exact_t;

static void
exact_init(exact_t *e, const model_t *M)
{
    slong k;

    e->M = M;
    e->D = qmat_vec_init(M->d * M->pass->l);
    qmat_init(e->Phi, 0, 0);
    if (M->basis->kind != BASIS_TANGENT)
        rows_of(e->Phi, M->basis, M->pass);
    for (k = 0; M->basis->kind == BASIS_TANGENT && k < M->d; k++)
        derivatives(e->D + k * M->pass->l, M->pass, k);
}

static void
exact_clear(exact_t *e)
{
    qmat_vec_clear(e->D, e->M->d * e->M->pass->l);
    qmat_clear(e->Phi);
}

/* x := the derivative of an output on a sample by parameter q. */
static void
exact_entry(fmpq_t x, const exact_t *e, slong q, slong output, slong sample)
{
    slong place[3];

    if (e->M->basis->kind == BASIS_TANGENT)
    {
        locate(place, e->M->pass, q);
        derivative(x, e->D + output * e->M->pass->l, e->M->pass, place, sample);
    }
    else if (q / e->M->rows == output)
        qmat_get_entry(x, e->Phi, q % e->M->rows, sample);
    else
        fmpq_zero(x);
}

/* b[a] := minus the derivative of <u, outputs> by parameter params[a]. */
static void
exact_residual(fmpq *b, const exact_t *e, const qmat_t U, const slong *params, slong rank)
{
    const pass_t *p = e->M->pass;
    setting_t none = { &(facts_t) { .rounding = 1L << 40 }, e->M->P, NULL, NULL };
    qmat_struct *g = qmat_vec_init(2 * p->l);
    slong a, place[3] = { 0, 0, 0 };

    basis_pullback(g, e->M->basis, p, &none, U);
    for (a = 0; a < rank; a++)
    {
        if (e->M->basis->kind != BASIS_TANGENT)
            qmat_get_entry(b + a, g, params[a] / e->M->rows, params[a] % e->M->rows);
        else
        {
            locate(place, p, params[a]);
            qmat_get_entry(b + a, g + place[0] + (place[2] < 0 ? p->l : 0), place[1],
                           place[2] < 0 ? 0 : place[2]);
        }
        fmpq_neg(b + a, b + a);
    }
    qmat_vec_clear(g, 2 * p->l);
}

/* all := the correction whose moves, of the variables chosen, make the residual of params 0. */
static int
solve_correction(fmpq *all, const exact_t *e, const qmat_t U, const variable_t *v, const slong *chosen,
                 const slong *params, slong rank)
{
    slong a, j, m = e->M->m;
    fmpq *s = _fmpq_vec_init(rank * rank + rank), *b = s + rank * rank;
    NUMBERS(x);
    MATRICES(S, R, X);
    int ok;

    exact_residual(b, e, U, params, rank);
    for (a = 0; a < rank; a++)
        for (j = 0; j < rank; j++)
        {
            const variable_t *w = v + chosen[j];
            exact_entry(s + a * rank + j, e, params[a], w->output, w->sample);
            if (w->ref < 0)
                continue;
            exact_entry(x, e, params[a], w->ref, w->sample);
            fmpq_sub(s + a * rank + j, s + a * rank + j, x);
        }
    qmat_set_entries(S, rank, rank, s);
    qmat_set_entries(R, rank, 1, b);
    ok = rank == 0 || qmat_solve(X, S, R);
    for (j = 0; ok && j < rank; j++)
    {
        const variable_t *w = v + chosen[j];
        qmat_get_entry(x, X, j, 0);
        fmpq_add(all + w->output * m + w->sample, all + w->output * m + w->sample, x);
        if (w->ref >= 0)
            fmpq_sub(all + w->ref * m + w->sample, all + w->ref * m + w->sample, x);
    }
    _fmpq_vec_clear(s, rank * rank + rank);
    return ok;
}

/* One system for all outputs, on the entries that may move. */
static int
correct_jointly(qmat_t correction, const qmat_t U, const model_t *M, const convex_t *c, double least)
{
    variable_t *v = flint_malloc((M->d * M->m + 1) * sizeof *v);
    slong N = find_variables(v, c, U, least), i, j, rank, n = M->n;
    slong *params = flint_malloc((n + N + 1) * sizeof *params), *chosen = params + n;
    double *J = flint_malloc((N * n + 1) * sizeof *J), *weight = flint_malloc((N + 1) * sizeof *weight);
    double *few, *turned;
    fmpq *all = _fmpq_vec_init(M->d * M->m);
    exact_t e;
    int ok;

    for (i = 0; i < N; i++)
    {
        weight[i] = v[i].slack;
        for (j = 0; j < n; j++)
            J[i * n + j] = M->B[(v[i].output * M->m + v[i].sample) * n + j]
                - (v[i].ref < 0 ? 0 : M->B[(v[i].ref * M->m + v[i].sample) * n + j]);
    }
    rank = pivot_columns(params, J, NULL, N, n);
    few = flint_malloc((N * rank + 1) * sizeof *few);
    for (i = 0; i < N; i++)
        for (j = 0; j < rank; j++)
            few[i * rank + j] = J[i * n + params[j]];
    turned = transposed(few, N, rank);
    exact_init(&e, M);
    ok = choose_columns(chosen, turned, weight, rank, N, rank)
        && solve_correction(all, &e, U, v, chosen, params, rank);
    if (ok)
        qmat_set_entries(correction, M->d, M->m, all);
    exact_clear(&e);
    _fmpq_vec_clear(all, M->d * M->m);
    flint_free(v);
    flint_free(params);
    flint_free(J);
    flint_free(weight);
    flint_free(few);
    flint_free(turned);
    return ok;
}

/* A := beta, r x c entries from at on, rounded; scaled slightly towards the centre if there is
   a radius, so that it stays inside. */
static void
round_block(qmat_t A, const double *beta, slong r, slong c, slong bits, double shrink)
{
    fmpq *x = _fmpq_vec_init(r * c);
    slong i;

    for (i = 0; i < r * c; i++)
        round_to(x + i, beta[i] * shrink, bits);
    qmat_set_entries(A, r, c, x);
    _fmpq_vec_clear(x, r * c);
}

static void
round_member(basis_point_t *x, const model_t *M, const convex_t *c)
{
    slong bits = fixed_bits(c->beta, c->n, MEMBER_BITS), k, at = 0, l = M->P->l;
    double shrink = 1, size = sqrt(approx_dot(c->beta, c->beta, c->n));
    const double *beta = c->beta;

    if (isfinite(M->radius))            /* the minimiser lies inside up to a small error */
        shrink = (1 - 1e-9) * (size > M->radius ? M->radius / size : 1);

    if (M->basis->kind != BASIS_TANGENT)
    {
        NUMBERS(one);
        MATRICES(centre);
        x->members = 1;
        x->member = qmat_vec_init(1);
        round_block(x->member, beta, M->d, M->rows, bits, shrink);
        if (!isfinite(M->radius))
            return;
        fmpq_one(one);
        basis_centre(centre, M->P);
        qmat_add_scaled(x->member, x->member, one, centre);
        return;
    }
    x->members = 2 * l;
    x->member = qmat_vec_init(2 * l);
    for (k = 0; k < l; k++)
    {
        slong r = qmat_rows(M->P->W + k), w = qmat_cols(M->P->W + k);
        round_block(x->member + k, beta + at, r, w, bits, shrink);
        at += r * w;
        if (problem_bias(M->P, k) == NULL)
            continue;
        round_block(x->member + l + k, beta + at, r, 1, bits, shrink);
        at += r;
    }
}

/* The dual point made orthogonal to the basis, still in its domain.  Where the least loss is only
   approached, some pi are 0 at every dual point: then small ones become 0, which costs little. */
static void
correct(basis_point_t *x, const model_t *M, const convex_t *c)
{
    static const double least[] = { 0, 1e-9, 1e-6, 1e-4 };
    size_t i;
    int ok = 0;
    NUMBERS(one);
    MATRICES(sum);

    fmpq_one(one);
    for (i = 0; !ok && i < sizeof least / sizeof *least; i++)
    {
        if (i > 0 && M->P->loss == LOSS_SQUARE)
            break;
        round_dual(x->u, c, least[i]);
        ok = M->P->loss == LOSS_SQUARE && M->basis->kind != BASIS_TANGENT ? correct_rows(x->correction, x->u, M, c)
            : correct_jointly(x->correction, x->u, M, c, least[i]);
        if (!ok)
            continue;
        qmat_add_scaled(sum, x->u, one, x->correction);
        ok = loss_dual_refuses(M->P, sum) == NULL;
    }
    if (ok)
        return;
    /* 0 is a dual point in any case: no loss is negative */
    qmat_clear(sum);
    qmat_init(sum, M->d, M->m);
    qmat_swap(x->u, sum);
    qmat_sub(x->correction, x->u, x->u);
}

/* The exact minimiser of the square loss over a basis of few rows: the member, and the gradient there, which
   is orthogonal to the basis. */
static int
least_squares(basis_point_t *x, const model_t *M)
{
    slong *pivots, i, k, p, m = M->m;
    fmpq *cw = _fmpq_vec_init(m);
    MATRICES(Phi, rows, T, t, G, N, A, F);
    int ok = M->P->loss == LOSS_SQUARE && M->basis->kind != BASIS_TANGENT && !isfinite(M->radius) && M->rows > 0
        && M->rows <= 24 && rows_of(Phi, M->basis, M->pass) && qmat_is_exact(Phi)
        && M->rows * (FLINT_ABS(fmpz_mat_max_bits(Phi->num)) + FLINT_ABS(fmpz_mat_max_bits(M->P->Y->num))) <= 600;

    pivots = flint_malloc((M->rows + 1) * sizeof *pivots);
    p = ok ? rank_factor_rows(T, rows, pivots, Phi, FLINT_MIN(M->rows, m)) : 0;
    ok = ok && p > 0;
    if (ok)
    {   /* A (R D R^T) = Y D R^T */
        problem_curvature(cw, M->P);
        qmat_scale_columns(t, rows, cw);
        qmat_transpose(T, rows);
        qmat_mul(G, t, T);
        qmat_transpose(A, M->P->Y);
        qmat_mul(N, t, A);
        ok = qmat_solve(A, G, N);               /* p x d */
    }
    if (ok)
    {
        fmpq *all = _fmpq_vec_init(M->d * M->rows);
        for (i = 0; i < p; i++)
            for (k = 0; k < M->d; k++)
                qmat_get_entry(all + k * M->rows + pivots[i], A, i, k);
        x->members = 1;
        x->member = qmat_vec_init(1);
        qmat_set_entries(x->member, M->d, M->rows, all);
        _fmpq_vec_clear(all, M->d * M->rows);
        qmat_mul(F, x->member, Phi);
        loss_gradient(x->u, M->P, F);
    }
    _fmpq_vec_clear(cw, m);
    flint_free(pivots);
    return ok;
}

int
basis_point_find(basis_point_t *x, const basis_about_t *about)
{
    model_t M;
    convex_t c;
    int ok = model_init(&M, about);

    if (ok && least_squares(x, &M))
        ;
    else if (ok)
    {
        convex_init(&c, M.P, M.f, M.B, M.n);
        ok = isfinite(M.radius) ? convex_minimise_within(&c, M.radius) : convex_minimise(&c, 0);
        if (ok)
        {
            round_dual(x->u, &c, 0);
            round_member(x, &M, &c);
        }
        /* transcendental slopes: orthogonality is never exact */
        if (ok && about->radius == NULL && (M.basis->kind != BASIS_TANGENT || network_is_rational(M.P)))
            correct(x, &M, &c);
        convex_clear(&c);
    }
    model_clear(&M);
    return ok;
}

/* Keeps what was found under the roles that ask for it. */
static void
keep(oracle_t *o, const basis_about_t *about, const basis_point_t *x)
{
    char role[ROLE_SIZE];
    slong i, l = about->pass->l;

    basis_role(role, "dual", about->basis, 0);
    oracle_keep_matrix(o, role, x->u);
    basis_role(role, "dual-correction", about->basis, 0);
    if (qmat_rows(x->correction) > 0 && !qmat_is_zero(x->correction))
        oracle_keep_matrix(o, role, x->correction);
    for (i = 0; i < x->members; i++)
    {
        if (x->members == 1)
            basis_role(role, "member", about->basis, 0);
        else
            basis_role(role, i < l ? "member" : "member-bias", about->basis, i % l + 1);
        oracle_keep_matrix(o, role, x->member + i);
    }
}

int
basis_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const basis_about_t *about = (const basis_about_t *) ask->about;
    basis_point_t x;
    ask_t first = *ask;
    char role[ROLE_SIZE];
    evidence_t before;

    if (about == NULL || about->about.type != basis_about_type)
        return 0;
    basis_role(role, "dual", about->basis, 0);
    first.role = role;
    if (oracle_recall(o, &first, &before))
        evidence_clear(&before);
    else
    {   /* everything about this basis at once */
        basis_point_init(&x);
        if (basis_point_find(&x, about))
            keep(o, about, &x);
        basis_point_clear(&x);
    }
    return oracle_recall(o, ask, e);
}
