/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/outputs.h"
#include "kernel/scope.h"
#include "model.h"
#include "rules/samples.h"

/* The numbers of a dense basis: beyond, nothing is tried. */
#define MOST_NUMBERS 60000000.0

slong
model_height(const model_t *M, slong i)
{
    return qmat_rows(M->P->W + M->T.layer[i] - 1);
}

/* B, the derivatives of output k, from D[j], those by Z_j (width x m). */
static void
fill(model_t *M, slong k, double *const *D)
{
    slong i, j, r, c, at = 0;

    for (j = 0; j < M->T.n; j++)
    {
        slong height = model_height(M, j), rows = qmat_rows(M->T.rows + j);
        double *R = approx_matrix(M->T.rows + j, 0);
        for (i = 0; i < M->m; i++)
        {
            double *row = M->B + (k * M->m + i) * M->n + at;
            for (r = 0; r < height; r++)
                for (c = 0; c < rows; c++)
                    row[r * rows + c] = D[M->T.layer[j]][r * M->m + i] * R[c * M->m + i];
        }
        flint_free(R);
        at += height * rows;
    }
}

int
model_init(model_t *M, const basis_about_t *about)
{
    const problem_t *P = about->pass->P;
    setting_t none = { &(facts_t) { .rounding = 256 }, P, NULL, NULL, NULL, NULL };
    outputs_t o;
    double **D;
    slong k;

    memset(M, 0, sizeof *M);
    M->P = P;
    M->basis = about->basis;
    M->pass = about->pass;
    M->radius = about->radius == NULL ? INFINITY : fmpq_get_d(about->radius);
    M->d = qmat_rows(P->Y);
    M->m = qmat_cols(P->Y);
    if (!basis_space(&M->T, about->basis, about->pass, &none) || (double) M->m * (double) M->m > MOST_NUMBERS)
        return 0;
    if (about->basis->kind == BASIS_FUNCTIONS)
        samples_indicators(M->T.rows, P->X);
    for (k = 0; k < M->T.n; k++)
        M->n += model_height(M, k) * qmat_rows(M->T.rows + k);
    if ((double) M->n * (double) (M->d * M->m + M->n) > MOST_NUMBERS)
        return 0;
    M->B = flint_calloc(M->d * M->m * M->n + 1, sizeof(double));
    M->f = flint_calloc(M->d * M->m + 1, sizeof(double));
    outputs_init(&o, P);
    D = outputs_derivatives_init(&o);
    for (k = 0; k < M->d; k++)
    {
        outputs_derivatives(D, &o, k);
        fill(M, k, D);
    }
    if (basis_is_affine(about->basis) || about->radius != NULL)
        memcpy(M->f, o.H[o.l], M->d * M->m * sizeof(double));
    outputs_derivatives_clear(D, &o);
    outputs_clear(&o);
    return 1;
}

void
model_clear(model_t *M)
{
    space_clear(&M->T);
    flint_free(M->B);
    flint_free(M->f);
    if (M->D != NULL)
        qmat_vec_clear(M->D, M->d * M->pass->l);
}

void
model_derivatives(model_t *M)
{
    setting_t none = { &(facts_t) { .rounding = 1L << 40 }, M->P, NULL, NULL, NULL, NULL };
    slong k, i, l = M->pass->l;
    space_t all;
    qmat_t u;

    M->D = qmat_vec_init(M->d * l);
    space_init(&all, basis_is_affine(M->basis) ? l : 1);
    for (i = 0; i < all.n; i++)
    {
        all.layer[i] = l - i;
        qmat_set_one(all.rows + i, M->m);
    }
    for (k = 0; k < M->d; k++)
    {
        qmat_struct *g = qmat_vec_init(all.n);
        qmat_init(u, M->d, M->m);
        for (i = 0; i < M->m; i++)
            fmpz_one(fmpz_mat_entry(u->num, k, i));
        pass_pull(g, M->pass, &none, u, &all);
        for (i = 0; i < all.n; i++)
            qmat_swap(M->D + k * l + l - 1 - i, g + i);
        qmat_clear(u);
        qmat_vec_clear(g, all.n);
    }
    space_clear(&all);
}

/* Parameter q is entry (r, c) of C_part. */
static void
locate(slong *part, slong *r, slong *c, const model_t *M, slong q)
{
    slong i, n;

    for (i = 0; i < M->T.n; i++)
    {
        slong rows = qmat_rows(M->T.rows + i);
        n = model_height(M, i) * rows;
        if (q < n)
        {
            *part = i;
            *r = q / rows;
            *c = q % rows;
            return;
        }
        q -= n;
    }
}

void
model_entry(fmpq_t x, const model_t *M, slong q, slong output, slong sample)
{
    slong i = 0, r = 0, c = 0;
    NUMBERS(h);

    locate(&i, &r, &c, M, q);
    qmat_get_entry(x, M->D + output * M->pass->l + M->T.layer[i] - 1, r, sample);
    qmat_get_entry(h, M->T.rows + i, c, sample);
    fmpq_mul(x, x, h);
}

void
model_residual(fmpq *b, const model_t *M, const qmat_t U, const slong *params, slong n)
{
    setting_t none = { &(facts_t) { .rounding = 1L << 40 }, M->P, NULL, NULL, NULL, NULL };
    qmat_struct *g = qmat_vec_init(M->T.n);
    slong a, i = 0, r = 0, c = 0;

    pass_pull(g, M->pass, &none, U, &M->T);
    for (a = 0; a < n; a++)
    {
        locate(&i, &r, &c, M, params[a]);
        qmat_get_entry(b + a, g + i, r, c);
        fmpq_neg(b + a, b + a);
    }
    qmat_vec_clear(g, M->T.n);
}
