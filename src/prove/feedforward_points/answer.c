/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A direction of negative curvature: the eigenvector of the least eigenvalue of the Hessian, from differences of
   gradients in double precision. */
#include "config.h"
#include <lapacke.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/convex.h"
#include "algebra/outputs.h"
#include "answer.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "prove/best_in_basis/dual.h"
#include "rules/curvature.h"
#include "rules/feedforward_points/feedforward_points.h"

/* Beyond so many parameters nothing is tried; the step of the differences; bits of a rounded direction. */
#define MOST_PARAMETERS 400
#define STEP 1e-5
#define DIRECTION_BITS 20

typedef struct
{
    outputs_t o;
    convex_t c;
    double **D;
} gradient_t;

/* g := the gradient, [W_1, b_1] by rows, [W_2, b_2], .. */
static void
gradient(double *g, gradient_t *G)
{
    outputs_t *o = &G->o;
    slong k, r, c, i, out;

    outputs_forward(o);
    convex_loss(G->c.u, &G->c, o->H[o->l]);
    memset(g, 0, o->n * sizeof *g);
    for (out = 0; out < o->d; out++)
    {
        double *at = g;
        outputs_derivatives(G->D, o, out);
        for (k = 1; k <= o->l; k++)
            for (r = 0; r < o->width[k]; r++)
            {
                slong cols = qmat_cols(o->P->W + k - 1);
                const double *in = k == o->l ? o->last : o->H[k - 1];
                for (i = 0; i < o->m; i++)
                {
                    double d = G->D[k][r * o->m + i] * G->c.u[out * o->m + i];
                    for (c = 0; c < cols; c++)
                        at[c] += d * in[c * o->m + i];
                    if (o->b[k - 1] != NULL)
                        at[cols] += d;
                }
                at += cols + (o->b[k - 1] != NULL);
            }
    }
}

/* Parameter q, in that order. */
static double *
parameter(outputs_t *o, slong q)
{
    slong k;

    for (k = 1;; k++)
    {
        slong cols = qmat_cols(o->P->W + k - 1), all = cols + (o->b[k - 1] != NULL);
        if (q < o->width[k] * all)
            return q % all < cols ? o->W[k - 1] + q / all * cols + q % all : o->b[k - 1] + q / all;
        q -= o->width[k] * all;
    }
}

/* v := the eigenvector of the least eigenvalue, if that is negative beyond the errors of the differences. */
static int
weakest(double *v, const problem_t *P)
{
    gradient_t G;
    slong n, q, j;
    double *H, *up, *down, *ev;
    int ok;

    outputs_init(&G.o, P);
    n = G.o.n;
    if (n > MOST_PARAMETERS)
    {
        outputs_clear(&G.o);
        return 0;
    }
    convex_init(&G.c, P, G.o.H[P->l], NULL, 0);
    G.D = outputs_derivatives_init(&G.o);
    H = flint_malloc((n * n + 3 * n + 1) * sizeof *H);
    up = H + n * n;
    down = up + n;
    ev = down + n;
    for (q = 0; q < n; q++)
    {
        double *x = parameter(&G.o, q), was = *x;
        *x = was + STEP;
        gradient(up, &G);
        *x = was - STEP;
        gradient(down, &G);
        *x = was;
        for (j = 0; j < n; j++)
            H[q * n + j] = (up[j] - down[j]) / (2 * STEP);
    }
    for (q = 0; q < n; q++)
        for (j = 0; j < q; j++)
            H[q * n + j] = H[j * n + q] = (H[q * n + j] + H[j * n + q]) / 2;
    ok = n > 0 && LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'V', 'U', (int) n, H, (int) n, ev) == 0
        && ev[0] < -1e-6 * fmax(fabs(ev[n - 1]), 1e-6);
    for (q = 0; ok && q < n; q++)
        v[q] = H[q * n];
    outputs_derivatives_clear(G.D, &G.o);
    convex_clear(&G.c);
    outputs_clear(&G.o);
    flint_free(H);
    return ok;
}

/* All blocks are kept, if their curvature is negative. */
static void
find_direction(oracle_t *o, const curvature_about_t *about)
{
    const pass_t *p = about->pass;
    setting_t none = { &(facts_t) { .rounding = 256 }, p->P, NULL, NULL, NULL, NULL };
    double *v = flint_malloc((MOST_PARAMETERS + 1) * sizeof *v), *at = v;
    qmat_struct *V = qmat_vec_init(p->l);
    char role[ROLE_SIZE];
    slong k;
    NUMBERS(high);
    MATRICES(e);

    if (weakest(v, p->P))
    {
        for (k = 0; k < p->l; k++)
        {
            slong r = qmat_rows(p->P->W + k), c = qmat_cols(p->P->W + k) + (problem_bias(p->P, k) != NULL);
            approx_to_matrix(V + k, at, r, c, DIRECTION_BITS);
            at += r * c;
        }
        loss_gradient(e, p->P, pass_output(p));
        curvature_upper(high, p, &none, e, V);
        for (k = 0; k < p->l && fmpq_sgn(high) < 0; k++)
        {
            snprintf(role, sizeof role, "curve:%ld", (long) k + 1);
            oracle_keep_matrix(o, role, V + k);
        }
    }
    qmat_vec_clear(V, p->l);
    flint_free(v);
}

int
feedforward_answer(oracle_t *o, const ask_t *ask, evidence_t *x)
{
    const curvature_about_t *about = (const curvature_about_t *) ask->about;

    if (about == NULL || about->about.type != curvature_about_type)
        return basis_answer(o, ask, x);
    if (about->layer == 1 && !oracle_recall(o, ask, x))
        find_direction(o, about);
    return oracle_recall(o, ask, x);
}
