/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "dual.h"
#include "kernel/rank.h"
#include "kernel/scope.h"

void
best_init(best_t *B, const rgm_t *r)
{
    memset(B, 0, sizeof *B);
    B->r = r;
    units_init(&B->M, r);
    B->Q = approx_matrix(r->R, 0);
    B->b = flint_calloc(B->M.k, sizeof *B->b);
}

void
best_clear(best_t *B)
{
    units_clear(&B->M);
    flint_free(B->Q);
    flint_free(B->w);
    flint_free(B->u);
    flint_free(B->b);
}

double
units_dual(const units_t *M, const double *Q, double factor)
{
    double x = 0, s;
    slong r, j;

    for (r = 0; r < M->k; r++)
    {
        for (s = 0, j = 0; j < M->m; j++)
        {
            double q = factor * Q[r * M->m + j];
            x += M->D[j] * (q * M->Y[r * M->m + j] - q * q / 2);
            s += M->D[j] * q;
        }
        x -= M->free > 0 && s != 0 ? s * s / (2 * M->mu) : 0;      /* s is 0 where the bias is free */
    }
    return x;
}

/* A generator of its own, so that runs are equal: in (-1, 1), roughly normal. */
static double
noise(ulong *state)
{
    double x = 0;
    int i;

    for (i = 0; i < 4; i++)
    {
        *state = *state * 6364136223846793005UL + 1442695040888963407UL;
        x += (double) (*state >> 11) / (double) (1UL << 53) - 0.5;
    }
    return x / 2;
}

/* The directions that the search starts from: the units of the point, the samples, and their negatives. */
static void
first_columns(lasso_t *L, const rgm_t *r)
{
    const units_t *M = L->M;
    double *w = flint_malloc(M->d * sizeof *w), *W = approx_matrix(r->P->W, 0);
    double *b = problem_bias(r->P, 0) == NULL ? NULL : approx_matrix(r->P->b, 0);
    slong i, j, n = qmat_rows(r->P->W), c = qmat_cols(r->P->W);

    for (i = 0; i < n; i++)
    {
        memcpy(w, W + i * c, c * sizeof *w);
        if (b != NULL)
            w[c] = b[i];
        lasso_add(L, w);
    }
    for (j = 0; j < 2 * FLINT_MIN(M->m, 50); j++)
    {
        for (i = 0; i < M->d; i++)
            w[i] = (j % 2 ? -1 : 1) * M->X[i * M->m + (j / 2) * M->m / FLINT_MIN(M->m, 50)];
        lasso_add(L, w);
    }
    flint_free(w);
    flint_free(W);
    flint_free(b);
}

/* Adds what climbing finds above mu (1 + excess); returns how many. */
static slong
climb(lasso_t *L, double excess, ulong *state)
{
    const units_t *M = L->M;
    double *w = flint_malloc(M->d * sizeof *w);
    slong i, j, n = L->n, added = 0, starts = 40;

    for (i = 0; i < n + starts; i++)
    {
        int used = i >= n;
        for (j = 0; j < M->d; j++)
            w[j] = i < n ? L->w[i * M->d + j] : noise(state);
        for (j = 0; i < n && j < M->k; j++)
            used |= L->u[i * M->k + j] != 0;
        if (used && units_climb(w, M, L->Q) > M->mu * (1 + excess))
            added += lasso_add(L, w);
    }
    flint_free(w);
    return added;
}

/* The bits of entries up to top whose rounding changes |Q D s(w^T X)^T| / |w| by at most 2^-16 mu; at least least. */
static int
entry_bits(const best_t *B, double top, int least)
{
    const units_t *M = &B->M;
    double sum = 0, square;
    slong i, j;
    int bits;

    for (j = 0; j < M->m; j++)
    {
        for (square = 0, i = 0; i < M->d; i++)
            square += M->X[i * M->m + j] * M->X[i * M->m + j];
        sum += M->D[j] * sqrt(square) * fmax(1, fabs(M->slope)) * sqrt((double) M->k);
    }
    frexp(top * sum / M->mu, &bits);
    return FLINT_MAX(bits + 16, least);
}

/* Q := x times factor, rounded, for a tree as short as the condition allows with a margin of 2^-16; where the last bias is free one sample takes
   what is left of Q D 1. */
static void
round_dual(qmat_t Q, const best_t *B, const double *x, double factor)
{
    const units_t *M = &B->M;
    slong r, j, last = 0;
    double top = 0;
    int shift, exponent;
    fmpq *q = _fmpq_vec_init(M->k * M->m);
    NUMBERS(sum, t);
    INTEGERS(n);

    for (j = 0; j < M->k * M->m; j++)
        top = fmax(top, fabs(factor * x[j]));
    for (j = 0; j < M->m; j++)
        last = M->D[j] > M->D[last] ? j : last;
    shift = FLINT_MIN(entry_bits(B, top, fmpq_is_one(B->r->in.slope) ? 52 : 20), 52);
    frexp(top, &exponent);
    shift -= exponent;
    for (r = 0; r < M->k; r++)
    {
        fmpq_zero(sum);
        for (j = 0; j < M->m; j++)
        {
            fmpq *y = q + r * M->m + j;
            if (M->D[j] > 0)
                approx_set_fmpz(n, rint(ldexp(factor * x[r * M->m + j], shift)));
            else
                fmpz_zero(n);
            fmpq_set_fmpz(y, n);
            if (shift > 0)
                fmpq_div_2exp(y, y, shift);
            else
                fmpq_mul_2exp(y, y, -shift);
            fmpq_mul(t, y, B->r->D + j);
            fmpq_add(sum, sum, t);
        }
        if (B->r->bias == 1)
        {
            fmpq_div(sum, sum, B->r->D + last);
            fmpq_sub(q + r * M->m + last, q + r * M->m + last, sum);
        }
    }
    qmat_set_entries(Q, M->k, M->m, q);
    _fmpq_vec_clear(q, M->k * M->m);
}

void
best_dual(qmat_t Q, const best_t *B, double excess)
{
    round_dual(Q, B, B->Q, 1 / (1 + excess));
}

/* The witness of a tree as a direction of R^d, and the tree for the present Q. */
static cones_kind
ask_tree(double *w, cones_t *t, const best_t *B, const lasso_t *L)
{
    const units_t *M = L->M;
    slong *pivots = flint_malloc((M->d + 1) * sizeof *pivots), i, a;
    cone_claim_t c;
    cones_kind found;
    double *T;
    MATRICES(Q, basis, rows);

    round_dual(Q, B, L->Q, 1);
    found = rgm_cone_claim(&c, B->r, Q) ? cones_search(t, &c) : CONES_LIMIT;
    if (found == CONES_WITNESS)
    {
        rank_factor_rows(basis, rows, pivots, B->r->in.X, FLINT_MIN(M->d, M->m));
        T = approx_matrix(basis, 0);
        for (i = 0; i < M->d; i++)
            for (w[i] = 0, a = 0; a < c.d; a++)
                w[i] += T[i * c.d + a] * t->w[a];
        flint_free(T);
    }
    cone_claim_clear(&c);
    flint_free(pivots);
    return found;
}

/* Until no direction exceeds mu by more than the goal. */
static int
reach(best_t *B, lasso_t *L, double goal, ulong *state, const prove_options_t *opt)
{
    const units_t *M = L->M;
    double *w = flint_malloc(M->d * sizeof *w);
    char what[80];
    slong round;
    int ok = 0;
    cones_t t;

    cones_init(&t, opt);
    t.factor = 1 + goal;
    for (round = 0; round < 400 && !ok; round++)
    {
        cones_kind found;
        lasso_solve(L, goal / 100);
        lasso_prune(L, 200);
        if (proof_is_late(opt))
            break;
        if (climb(L, goal / 4, state) > 0)
            continue;
        snprintf(what, sizeof what, "%ld columns, h* >= %.6g so far; cones", (long) L->n, B->leaves > 0 ? units_dual(M, B->Q, 1 / (1 + B->excess)) : 0);
        proof_progress(opt, what);
        found = ask_tree(w, &t, B, L);
        ok = found == CONES_PROVED;
        if (found == CONES_LIMIT)
            break;
        if (found == CONES_WITNESS && (units_climb(w, M, L->Q) <= M->mu * (1 + goal / 4) || !lasso_add(L, w)))
            break;
    }
    B->leaves = t.leaves;
    cones_clear(&t);
    flint_free(w);
    return ok;
}

/* The used columns as units of a network. */
static void
keep_network(best_t *B, const lasso_t *L, double excess)
{
    const units_t *M = L->M;
    slong i, j;

    memcpy(B->Q, L->Q, M->k * M->m * sizeof(double));
    memcpy(B->b, L->b, M->k * sizeof(double));
    B->excess = excess;
    B->loss = L->value;
    for (j = 0; j < M->k && B->r->bias == 2; j++)
        B->loss += M->mu / 2 * L->b[j] * L->b[j];
    B->w = flint_realloc(B->w, (L->n + 1) * M->d * sizeof(double));
    B->u = flint_realloc(B->u, (L->n + 1) * M->k * sizeof(double));
    for (B->n = 0, i = 0; i < L->n; i++)
    {
        const double *u = L->u + i * M->k;
        double size = sqrt(sqrt(approx_dot(u, u, M->k)));
        for (j = 0; j < M->k && size > 0; j++)
            B->u[B->n * M->k + j] = u[j] / size;
        for (j = 0; j < M->d && size > 0; j++)
            B->w[B->n * M->d + j] = L->w[i * M->d + j] * size;
        B->n += size > 0;
    }
}

/* The gap is small enough, or the network that was found shows that it cannot be; or trees become large. */
static int
is_done(const best_t *B, double first, double loss, double want)
{
    if (want >= 0 && (loss - units_dual(&B->M, B->Q, 1 / (1 + B->excess)) <= want * (1 - 1e-6) || loss - B->loss > want * (1 + 1e-6)))
        return 1;
    return want < 0 && ((B->leaves > 100000 && B->excess <= first / 16) || (B->leaves > 3000 && B->excess <= first / 64));
}

int
best_by_columns(best_t *B, double first, double last, double loss, double want, const prove_options_t *opt)
{
    lasso_t L;
    ulong state = 1;
    double goal;
    int ok = 0, done = 0;

    proof_progress(opt, "columns");
    lasso_init(&L, &B->M);
    first_columns(&L, B->r);
    for (goal = first; goal >= last && !done; goal /= 4)
    {
        if (!reach(B, &L, goal, &state, opt))
            break;
        keep_network(B, &L, goal);
        ok = 1;
        done = is_done(B, first, loss, want);
    }
    if (!ok)
        keep_network(B, &L, 0);
    lasso_clear(&L);
    return ok;
}

/* The largest singular value of A, r x c. */
static double
norm(const double *A, slong r, slong c)
{
    double *K = flint_calloc(r * r + 1, sizeof *K), *w = flint_malloc((r + 1) * sizeof *w), x = 0;
    slong i, j;

    for (i = 0; i < r; i++)
        for (j = 0; j < r; j++)
            K[i * r + j] = approx_dot(A + i * c, A + j * c, c);
    if (r > 0 && approx_eigen(w, K, r, 0))
        x = sqrt(fmax(w[r - 1], 0));
    flint_free(K);
    flint_free(w);
    return x;
}

/* As in rules/polar.c: max_w |Q D s(w^T X)^T| / |w| is at most this. */
static double
polar_by_norms(const units_t *M, const double *Q)
{
    double *QD = flint_malloc((M->k * M->m + 1) * sizeof *QD), *QX = flint_malloc((M->k * M->d + 1) * sizeof *QX), x;
    slong r, i, j;

    for (r = 0; r < M->k; r++)
        for (j = 0; j < M->m; j++)
            QD[r * M->m + j] = Q[r * M->m + j] * M->D[j];
    for (r = 0; r < M->k; r++)
        for (i = 0; i < M->d; i++)
            QX[r * M->d + i] = approx_dot(QD + r * M->m, M->X + i * M->m, M->m);
    x = (fabs(1 + M->slope) * norm(QX, M->k, M->d) + fabs(1 - M->slope) * norm(QD, M->k, M->m) * norm(M->X, M->d, M->m)) / 2;
    flint_free(QD);
    flint_free(QX);
    return x;
}

double
best_by_norms(best_t *B)
{
    const units_t *M = &B->M;
    slong n = M->k * M->m, r, j;
    double *Q = flint_malloc((n + 1) * sizeof *Q), *R = approx_matrix(B->r->R, 0), best = 0;
    int wanted;

    memset(B->Q, 0, n * sizeof *Q);
    for (wanted = 0; wanted < 2; wanted++)
    {
        double square = 0, with = 0, size, factor;
        memcpy(Q, wanted ? M->Y : R, n * sizeof *Q);
        for (r = 0; r < M->k; r++)
        {
            double sum = 0, all = 0;
            for (j = 0; j < M->m; j++)
            {
                sum += M->D[j] * Q[r * M->m + j];
                all += M->D[j];
            }
            for (j = 0; j < M->m; j++)
            {
                Q[r * M->m + j] -= B->r->bias == 1 ? sum / all : 0;
                square += M->D[j] * Q[r * M->m + j] * Q[r * M->m + j];
                with += M->D[j] * Q[r * M->m + j] * M->Y[r * M->m + j];
            }
        }
        size = polar_by_norms(M, Q);
        factor = fmin(size > 0 ? M->mu / size : 1, square > 0 ? with / square : 1);
        if (!(factor > 0) || !(units_dual(M, Q, factor) > best))
            continue;
        best = units_dual(M, Q, factor);
        for (j = 0; j < n; j++)
            B->Q[j] = factor * Q[j];
    }
    flint_free(Q);
    flint_free(R);
    return best;
}

double
best_escape(double *w, double *u, const best_t *B)
{
    const units_t *M = &B->M;
    double *R = approx_matrix(B->r->R, 0), *x = flint_malloc((M->d + M->k + M->m) * sizeof *x), *v = x + M->d, *phi = v + M->k;
    double best = 0;
    ulong state = 2;
    slong i, j;

    for (i = 0; i < B->n + (M->slope == 1 ? 5 : 200); i++)
    {
        double F, beta = 0, t;
        for (j = 0; j < M->d; j++)
            x[j] = i < B->n ? B->w[i * M->d + j] : noise(&state);
        if (units_climb(x, M, R) <= M->mu)
            continue;
        F = units_size(v, NULL, M, R, x);
        units_feature(phi, M, x);
        for (j = 0; j < M->m; j++)
            beta += M->D[j] * phi[j] * phi[j];
        if (!(beta > 0) || (F - M->mu) * (F - M->mu) / (2 * beta) <= best)
            continue;
        best = (F - M->mu) * (F - M->mu) / (2 * beta);
        t = sqrt((F - M->mu) / beta);
        for (j = 0; j < M->d; j++)
            w[j] = t * x[j];
        for (j = 0; j < M->k; j++)
            u[j] = t * v[j] / F;
    }
    flint_free(R);
    flint_free(x);
    return best;
}
