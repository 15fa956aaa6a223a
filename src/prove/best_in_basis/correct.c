/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dual points made exactly orthogonal to a basis: a small exact system for a few entries, chosen in
   double precision. */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "kernel/scope.h"
#include "network/conjugate.h"
#include "round.h"

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
    slong i, k, r, rank, n = qmat_rows(M->T.rows), *rows = flint_malloc((n + M->m) * sizeof *rows), *columns = rows + n;
    fmpq *all = _fmpq_vec_init(M->d * M->m);
    double *used = approx_matrix(M->T.rows, 0), *turned, *few;
    int ok;

    for (r = 0; r < n; r++)
        for (i = 0; i < M->m; i++)
            used[r * M->m + i] *= c->cw[i] > 0;
    turned = transposed(used, n, M->m);
    rank = pivot_columns(rows, turned, NULL, M->m, n);
    few = flint_malloc((rank * M->m + 1) * sizeof *few);
    for (k = 0; k < rank; k++)
        memcpy(few + k * M->m, used + rows[k] * M->m, M->m * sizeof *few);
    ok = qmat_is_exact(M->T.rows) && pivot_columns(columns, few, NULL, rank, M->m) == rank;
    for (k = 0; k < M->d && ok; k++)
        ok = correct_row(all, U, M->T.rows, k, rows, columns, rank);
    if (ok)
        qmat_set_entries(correction, M->d, M->m, all);
    _fmpq_vec_clear(all, M->d * M->m);
    flint_free(rows);
    flint_free(used);
    flint_free(turned);
    flint_free(few);
    return ok;
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

/* all := the correction whose moves, of the variables chosen, make the residual of params 0. */
static int
solve_correction(fmpq *all, const model_t *M, const qmat_t U, const variable_t *v, const slong *chosen,
                 const slong *params, slong rank)
{
    slong a, j, m = M->m;
    fmpq *s = _fmpq_vec_init(rank * rank + rank), *b = s + rank * rank;
    NUMBERS(x);
    MATRICES(S, R, X);
    int ok;

    model_residual(b, M, U, params, rank);
    for (a = 0; a < rank; a++)
        for (j = 0; j < rank; j++)
        {
            const variable_t *w = v + chosen[j];
            model_entry(s + a * rank + j, M, params[a], w->output, w->sample);
            if (w->ref < 0)
                continue;
            model_entry(x, M, params[a], w->ref, w->sample);
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
correct_jointly(qmat_t correction, const qmat_t U, model_t *M, const convex_t *c, double least)
{
    variable_t *v = flint_malloc((M->d * M->m + 1) * sizeof *v);
    slong N = find_variables(v, c, U, least), i, j, rank, n = M->n;
    slong *params = flint_malloc((n + N + 1) * sizeof *params), *chosen = params + n;
    double *J = flint_malloc((N * n + 1) * sizeof *J), *weight = flint_malloc((N + 1) * sizeof *weight);
    double *few, *turned;
    fmpq *all = _fmpq_vec_init(M->d * M->m);
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
    model_derivatives(M);
    ok = choose_columns(chosen, turned, weight, rank, N, rank)
        && solve_correction(all, M, U, v, chosen, params, rank);
    if (ok)
        qmat_set_entries(correction, M->d, M->m, all);
    _fmpq_vec_clear(all, M->d * M->m);
    flint_free(v);
    flint_free(params);
    flint_free(J);
    flint_free(weight);
    flint_free(few);
    flint_free(turned);
    return ok;
}

/* The dual point made orthogonal to the basis, still in its domain.  Where the least loss is only
   approached, some pi are 0 at every dual point: then small ones become 0, which costs little. */
void
correct_dual(basis_point_t *x, model_t *M, const convex_t *c)
{
    static const double least[] = { 0, 1e-9, 1e-6, 1e-4 };
    int exact = basis_is_affine(M->basis) || qmat_is_exact(M->T.rows);
    size_t i;
    int ok = 0;
    NUMBERS(one);
    MATRICES(sum);

    fmpq_one(one);
    for (i = exact ? 0 : sizeof least / sizeof *least; !ok && i < sizeof least / sizeof *least; i++)
    {
        if (i > 0 && M->P->loss == LOSS_SQUARE)
            break;
        round_dual(x->u, c, least[i]);
        ok = M->P->loss == LOSS_SQUARE && !basis_is_affine(M->basis) ? correct_rows(x->correction, x->u, M, c)
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

