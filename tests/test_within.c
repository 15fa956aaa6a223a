/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Around points of random networks with layers, every activation, three losses, weight decay: the ball of the Hessian against differences
   of gradients of a second implementation in double precision, whose own Hessian is compared, too; and the bound of the third derivative
   against how far Hessians at points of the ball are from each other. */
#include <math.h>
#include "algebra/approx.h"
#include "algebra/to_critical.h"
#include "kernel/scope.h"
#include "prove/prover.h"
#include "random.h"
#include "rules/gradient_norm.h"
#include "rules/within/within.h"
#include "tap.h"

static void
random_problem(problem_t *P)
{
    static const loss_kind losses[] = { LOSS_SQUARE, LOSS_CROSS_ENTROPY, LOSS_LOGISTIC };
    int linear = pick(6) == 0;
    slong i, l = 1 + pick(3), m = 1 + pick(4), d = 1 + pick(3), width = 1 + pick(3);

    random_matrix(P->X, width, m, 6, 4);
    problem_set_network(P, linear ? NET_LINEAR : NET_FEEDFORWARD, l, 1);
    problem_set_samples(P, m);
    for (i = 0; i < m; i++)
        fmpq_set_si(P->weights + i, 1 + pick(4) - (i > 0), 2);
    fmpq_set_si(P->scale, 1 + pick(5), 3);
    if (pick(2) && !linear)
        problem_add_biases(P);
    for (i = 0; i < l; i++)
    {
        slong out = i == l - 1 ? d : 1 + pick(3);
        random_matrix(P->W + i, out, width, 7, 5);
        if (P->b != NULL)
            random_matrix(P->b + i, out, 1, 5, 3);
        if (i < l - 1 && !linear)
        {
            P->act[i].kind = (activation_kind) pick(ACT_SMOOTH_LEAKY + 1);
            if (activation_has_slope(P->act[i].kind))
                fmpq_set_si(P->act[i].slope, pick(7) - 3, 2);
        }
        width = out;
    }
    if (pick(2))
    {
        fmpq_set_si(P->weight_decay, 1 + pick(5), 3);
        P->decayed = P->b == NULL ? DECAY_WEIGHTS : (decay_kind) pick(DECAY_KINDS);
    }
    P->loss = losses[pick(3)];
    random_matrix(P->Y, d, m, 5, 2);
    if (P->loss == LOSS_CROSS_ENTROPY)
        for (i = 0; i < d * m; i++)
            fmpz_abs(fmpz_mat_entry(P->Y->num, i / m, i % m), fmpz_mat_entry(P->Y->num, i / m, i % m));
}

/* Passes over a problem, answered by an oracle. */
typedef struct
{
    moments_t M;
    oracle_t o;
    facts_t f;
    setting_t s;
    pass_t p;
    int ok;
} around_t;

static void
around_init(around_t *A, const problem_t *P)
{
    moments_none(&A->M);
    oracle_init(&A->o, NULL, P, &A->M, ORACLE_PRECISION);
    oracle_facts(&A->f, &A->o, 256);
    A->s = oracle_setting(&A->o, &A->f);
    A->ok = pass_forward(&A->p, &A->s) && pass_slopes(&A->p, &A->s);
}

static void
around_clear(around_t *A)
{
    pass_clear(&A->p);
    facts_clear(&A->f);
    oracle_clear(&A->o);
    moments_clear(&A->M);
}

/* The largest difference of the ball's midpoint, of the other Hessian and of differences of its gradient; the Hessian's norm. */
static double
compare(const qmat_t H, to_critical_t *D, double *size)
{
    slong n = D->n, i, j;
    double *A = approx_matrix(H, 0), *up = flint_malloc((n + 1) * sizeof *up), worst = 0;

    *size = 1;
    to_critical_hessian(D);
    for (i = 0; i < n; i++)
    {
        double x = D->x[i], step = 1e-5;
        D->x[i] = x + step;
        to_critical_gradient(D);
        for (j = 0; j < n; j++)
            up[j] = D->g[j];
        D->x[i] = x - step;
        to_critical_gradient(D);
        D->x[i] = x;
        for (j = 0; j < n; j++)
        {
            *size = fmax(*size, fabs(A[i * n + j]));
            worst = fmax(worst, fabs(A[i * n + j] - (up[j] - D->g[j]) / (2 * step)));
            worst = fmax(worst, 1e3 * fabs(A[i * n + j] - D->H[i * n + j]));
        }
    }
    flint_free(A);
    flint_free(up);
    return worst;
}

static void
hessians(void)
{
    slong trial, count = 0, bad = 0, wide = 0, gradients = 0;

    for (trial = 0; trial < 1500; trial++)
    {
        problem_t P;
        around_t A;
        to_critical_t D;
        double size;
        MATRICES(H);
        problem_init(&P);
        random_problem(&P);
        around_init(&A, &P);
        if (A.ok && within_hessian(H, &A.p, &A.s, NULL))
        {
            qmat_struct *g = qmat_vec_init(P.l);
            slong k, i, at = 0;
            count++;
            to_critical_init(&D, &P);
            bad += compare(H, &D, &size) > 1e-4 * size || !qmat_midpoint_is_symmetric(H);
            wide += approx_fmpq(H->rad) > 1e-20 * size;
            pass_gradient(g, &A.p, &A.s);
            to_critical_gradient(&D);
            for (k = 0; k < P.l; k++)
            {
                double *G = approx_matrix(g + k, 0);
                for (i = 0; i < qmat_rows(g + k) * qmat_cols(g + k); i++)
                    gradients += fabs(G[i] - D.g[at++]) > 1e-9 * size;
                flint_free(G);
            }
            qmat_vec_clear(g, P.l);
            to_critical_clear(&D);
        }
        around_clear(&A);
        problem_clear(&P);
    }
    ok(count > 1000 && bad == 0, "%ld Hessians, %ld of them not those of two other ways", (long) count, (long) bad);
    ok(wide == 0, "their radii are small");
    ok(gradients == 0, "the gradients agree");
}

/* The spectral norm of the difference of the Hessians at two points, divided by their distance. */
static double
slope_between(to_critical_t *D, const double *x, const double *y)
{
    slong n = D->n, i;
    double *A = flint_malloc((n * n + n + 1) * sizeof *A), *w = A + n * n, d = 0, norm = 0;

    for (i = 0; i < n; i++)
    {
        D->x[i] = x[i];
        d += (x[i] - y[i]) * (x[i] - y[i]);
    }
    to_critical_hessian(D);
    for (i = 0; i < n * n; i++)
        A[i] = D->H[i];
    for (i = 0; i < n; i++)
        D->x[i] = y[i];
    to_critical_hessian(D);
    for (i = 0; i < n * n; i++)
        A[i] -= D->H[i];
    if (n > 0 && approx_eigen(w, A, n, 0))
        norm = fmax(fabs(w[0]), fabs(w[n - 1]));
    flint_free(A);
    return d > 0 ? norm / sqrt(d) : 0;
}

/* x := a point of the ball of that radius around c, on its surface. */
static void
random_point(double *x, const double *c, slong n, double radius)
{
    slong i;
    double norm = 0;

    for (i = 0; i < n; i++)
    {
        x[i] = (double) (pick(2001) - 1000) * (pick(4) == 0 ? 10 : 1);
        norm += x[i] * x[i];
    }
    for (i = 0; i < n; i++)
        x[i] = c[i] + radius * (norm > 0 ? x[i] / sqrt(norm) : 0);
}

static void
third_derivatives(void)
{
    slong trial, count = 0, bad = 0, i, k, near = 0;

    for (trial = 0; trial < 700; trial++)
    {
        problem_t P;
        around_t A;
        to_critical_t D;
        deviation_t d;
        double R = ldexp(1, -(int) pick(8)), bound, found = 0;
        fmpq *rho;
        int good;
        NUMBERS(M, radius);
        problem_init(&P);
        random_problem(&P);
        around_init(&A, &P);
        rho = _fmpq_vec_init(P.l);
        fmpq_set_si(radius, 1, 1);
        fmpq_div_2exp(radius, radius, (ulong) -log2(R));
        for (k = 0; k < P.l; k++)
            fmpq_set(rho + k, radius);
        good = A.ok && deviation_init(&d, &A.p, &A.s, rho);
        if (good && deviation_of_derivatives(&d, &A.p, &A.s, rho))
        {
            double *c, *x, *y;
            within_third(M, &A.p, &d, radius);
            bound = approx_fmpq(M);
            to_critical_init(&D, &P);
            c = flint_malloc((3 * D.n + 1) * sizeof *c);
            x = c + D.n;
            y = x + D.n;
            for (i = 0; i < D.n; i++)
                c[i] = D.x[i];
            for (i = 0; i < 12; i++)
            {   /* far from each other, and near */
                random_point(x, c, D.n, R * 0.999);
                if (pick(2))
                    random_point(y, c, D.n, R * 0.999);
                else
                    random_point(y, x, D.n, R * 1e-3);
                found = fmax(found, slope_between(&D, x, y));
            }
            count++;
            bad += found > bound * (1 + 1e-6) + 1e-5;
            near += found > bound / 10;
            flint_free(c);
            to_critical_clear(&D);
        }
        if (A.ok)
            deviation_clear(&d);
        _fmpq_vec_clear(rho, P.l);
        around_clear(&A);
        problem_clear(&P);
    }
    ok(count > 300 && bad == 0, "%ld bounds of third derivatives, %ld passed by Hessians at two points", (long) count, (long) bad);
    ok(near > count / 20, "%ld of them within 10 times of what was found", (long) near);
}

int
main(void)
{
    hessians();
    third_derivatives();
    flint_cleanup();
    return done();
}
