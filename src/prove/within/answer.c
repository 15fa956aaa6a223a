/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rules of points near a point ask for: the centre, the ball, the entries that are fixed, an inverse, a direction. */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "kernel/scope.h"
#include "within.h"

/* Bits of the direction; of the inverse beyond what its condition asks for. */
enum { DIRECTION_BITS = 30, INVERSE_BITS = 5 };

/* The columns of a minor, by elimination with the largest rest first. */
static int
independent(slong *taken, double *A, slong d, slong n, const char *may)
{
    slong step, i, j, r, c;

    for (step = 0; step < d; step++)
    {
        double best = 0;
        slong row = -1, column = -1;
        for (i = step; i < d; i++)
            for (j = 0; j < n; j++)
                if (may[j] == 1 && fabs(A[i * n + j]) > best)
                {
                    best = fabs(A[i * n + j]);
                    row = i;
                    column = j;
                }
        if (row < 0)
            return 0;
        taken[step] = column;
        ((char *) may)[column] = 2;
        for (c = 0; c < n; c++)
        {
            double t = A[row * n + c];
            A[row * n + c] = A[step * n + c];
            A[step * n + c] = t;
        }
        for (r = step + 1; r < d; r++)
        {
            double f = A[r * n + column] / A[step * n + column];
            for (c = 0; c < n; c++)
                A[r * n + c] -= f * A[step * n + c];
        }
    }
    return 1;
}

/* For each unit the largest entry, or none if all of the row is fixed; or the columns of a minor. */
static int
fixed(oracle_t *o, const ask_t *ask, const within_about_t *about, evidence_t *e)
{
    const problem_t *P = o->P;
    slong k = about->block, d = ask->count, n = qmat_cols(about->effective), i, j, in = qmat_cols(P->W + k),
          all = in + (problem_bias(P, k) != NULL), *taken = flint_malloc((d + 1) * sizeof *taken);
    int basis = P->act == NULL || P->act[k].kind == ACT_IDENTITY, ok = 1;
    double *A = approx_matrix(about->effective, 0);
    char *may = flint_calloc(n + 1, 1);
    fmpq *x = _fmpq_vec_init(d);

    if (basis)
    {
        for (j = 0; j < n; j++)
            may[j] = about->column[j] < in;
        ok = independent(taken, A, d, n, may);
    }
    for (i = 0; ok && i < d; i++)
    {
        if (!basis)
            for (taken[i] = -1, j = 0; j < n; j++)
                if (!about->fixed[i * all + about->column[j]] && A[i * n + j] != 0
                    && (taken[i] < 0 || fabs(A[i * n + j]) > fabs(A[i * n + taken[i]])))
                    taken[i] = j;
        fmpq_set_si(x + i, taken[i] < 0 ? all : about->column[taken[i]], 1);
    }
    ok = ok && oracle_give_numbers(e, ask, x);
    _fmpq_vec_clear(x, d);
    flint_free(may);
    flint_free(A);
    flint_free(taken);
    return ok;
}

/* The inverse, rounded to so many bits after the point that what is left of the product is small. */
static int
inverse(const ask_t *ask, const within_about_t *about, evidence_t *e)
{
    slong n = ask->rows, i, j, bits;
    double *A = approx_matrix(about->H, 0), most = 0;
    int *pivot = flint_malloc((n + 1) * sizeof *pivot), ok;
    qmat_t B;

    for (i = 0; i < n * n; i++)
        most = fmax(most, fabs(A[i]));
    ok = n > 0 && LAPACKE_dgetrf(LAPACK_ROW_MAJOR, (int) n, (int) n, A, (int) n, pivot) == 0
        && LAPACKE_dgetri(LAPACK_ROW_MAJOR, (int) n, A, (int) n, pivot) == 0;
    bits = (slong) ceil(log2(fmax(most, 1e-30) * (double) n * (double) n)) + INVERSE_BITS;
    qmat_init(B, n, n);
    for (i = 0; ok && i < n; i++)
        for (j = 0; j < n; j++)
        {
            ok = ok && fabs(ldexp(A[i * n + j], (int) bits)) < 1e300;
            if (ok)
                fmpz_set_d(fmpz_mat_entry(B->num, i, j), rint(ldexp(A[i * n + j], (int) bits)));
        }
    if (bits > 0)
        fmpz_mul_2exp(B->den, B->den, bits);
    qmat_canonicalise(B);
    ok = ok && bits > 0 && oracle_give_matrix(e, ask, B);
    qmat_clear(B);
    flint_free(A);
    flint_free(pivot);
    return ok;
}

/* The eigenvector of the least eigenvalue. */
static int
down(const ask_t *ask, const within_about_t *about, evidence_t *e)
{
    slong n = ask->rows;
    double *A = approx_matrix(about->H, 0), *w = flint_malloc((n + 1) * sizeof *w);
    int ok = n > 0 && approx_eigen(w, A, n, 1);
    MATRICES(v);

    if (ok)
    {
        approx_to_matrix(v, A, n, 1, DIRECTION_BITS);
        ok = oracle_give_matrix(e, ask, v);
    }
    flint_free(A);
    flint_free(w);
    return ok;
}

int
within_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const within_about_t *about = (const within_about_t *) ask->about;
    const within_offer_t *offer = o->offer;
    const problem_t *Q;

    if (ask->kind == EVIDENCE_WORD && offer != NULL && strcmp(ask->role, "by") == 0)
    {
        evidence_init(e, EVIDENCE_WORD, ask->role);
        strcpy(e->word, within_by[offer->by]);
        return 1;
    }
    if (about == NULL || about->about.type != within_about_type)
        return 0;
    switch (about->what)
    {
        case WITHIN_ASKS_CENTRE:
            Q = offer == NULL ? NULL : offer->centre;
            if (Q == NULL || (about->bias ? qmat_equal(Q->b + about->block, o->P->b + about->block)
                              : qmat_equal(Q->W + about->block, o->P->W + about->block)))
                return 0;
            return oracle_give_matrix(e, ask, about->bias ? Q->b + about->block : Q->W + about->block);
        case WITHIN_ASKS_RADIUS:
            return offer != NULL && oracle_give_numbers(e, ask, offer->R);
        case WITHIN_ASKS_FIXED:
            return fixed(o, ask, about, e);
        case WITHIN_ASKS_INVERSE:
            return offer != NULL && offer->inverse && inverse(ask, about, e);
        default:
            return down(ask, about, e);
    }
}
