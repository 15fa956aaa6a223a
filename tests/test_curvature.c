/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loss as a function of the outputs: the value of dual points near one, against values there; and the second derivative along a direction against second differences of a second implementation in double
   precision: every activation and loss, skips and resnets.  For piecewise linear networks the bound is also tight. */
#include <math.h>
#include "algebra/approx.h"
#include "algebra/convex.h"
#include "algebra/outputs.h"
#include "kernel/scope.h"
#include "network/conjugate.h"
#include "network/loss.h"
#include "prove/prover.h"
#include "random.h"
#include "rules/curvature.h"
#include "rules/hessian/hessian.h"
#include "tap.h"

static void
random_problem(problem_t *P)
{
    static const network_kind kinds[] = { NET_FEEDFORWARD, NET_FEEDFORWARD, NET_SKIP, NET_RESNET };
    network_kind kind = kinds[pick(4)];
    slong i, l = kind == NET_RESNET ? 3 : kind == NET_SKIP ? 2 + pick(2) : 1 + pick(3), m = 1 + pick(4), d = 1 + pick(3);
    slong width = 1 + pick(3), first = width, skip = pick(FLINT_MAX(l - 1, 1)), skipped = width;

    random_matrix(P->X, width, m, 6, 4);
    problem_set_network(P, kind, l, 1);
    problem_set_samples(P, m);
    for (i = 0; i < m; i++)
        fmpq_set_si(P->weights + i, 1 + pick(4) - (i > 0), 2);
    fmpq_set_si(P->scale, 1 + pick(5), 3);
    if (pick(2))
        problem_add_biases(P);
    if (kind == NET_SKIP)
        problem_add_skips(P, &skip, 1);
    for (i = 0; i < l; i++)
    {
        slong out = i == l - 1 ? d : kind == NET_RESNET && i == l - 2 ? first : 1 + pick(3);
        if (i == skip)
            skipped = width;
        random_matrix(P->W + i, out, width + (i == l - 1 && kind == NET_SKIP ? skipped : 0), 7, 5);
        if (P->b != NULL && !(kind == NET_RESNET && i >= l - 2))
            random_matrix(P->b + i, out, 1, 5, 3);
        if (i < l - 1)
        {
            P->act[i].kind = kind == NET_RESNET && i == l - 2 ? ACT_IDENTITY : (activation_kind) pick(ACT_SMOOTH_LEAKY + 1);
            if (activation_has_slope(P->act[i].kind))
                fmpq_set_si(P->act[i].slope, pick(7) - 3, 2);
        }
        width = out;
    }
    P->loss = (loss_kind) pick(LOSS_KINDS);
    P->power = 2 + pick(3);
    random_matrix(P->Y, d, m, 5, 2);
    if (P->loss == LOSS_CROSS_ENTROPY)
        for (i = 0; i < d * m; i++)
            fmpz_abs(fmpz_mat_entry(P->Y->num, i / m, i % m), fmpz_mat_entry(P->Y->num, i / m, i % m));
}

/* h(W + t V) in double precision. */
static double
loss_at(outputs_t *o, convex_t *c, qmat_struct *const V, double t)
{
    slong k, r, j;
    double h;

    for (k = 0; k < o->l; k++)
    {
        slong cols = qmat_cols(o->P->W + k), all = qmat_cols(V + k);
        double *v = approx_matrix(V + k, 0);
        for (r = 0; r < o->width[k + 1]; r++)
            for (j = 0; j < all; j++)
                *(j < cols ? o->W[k] + r * cols + j : o->b[k] + r) += t * v[r * all + j];
        flint_free(v);
    }
    outputs_forward(o);
    h = convex_loss(NULL, c, o->H[o->l]);
    for (k = 0; k < o->l; k++)
    {
        flint_free(o->W[k]);
        flint_free(o->b[k]);
        o->W[k] = approx_matrix(o->P->W + k, 0);
        o->b[k] = problem_bias(o->P, k) == NULL ? NULL : approx_matrix(problem_bias(o->P, k), 0);
    }
    return h;
}

/* V(u + d) >= the bound for all d within tau that keep sums of 0, and the bound is near V(u) if tau is small. */
static void
dual_values_near(void)
{
    slong trial, i, k, given = 0;

    for (trial = 0; trial < 200; trial++)
    {
        problem_t P;
        slong d = 1 + pick(3), m = 1 + pick(3);
        const char *why;
        int good = 1;
        NUMBERS(tau, low, v, size, scale);
        MATRICES(F, u, D, w);
        problem_init(&P);
        problem_set_network(&P, NET_FEEDFORWARD, 1, 1);
        problem_set_samples(&P, m);
        random_matrix(P.X, 1, m, 3, 1);
        P.loss = (loss_kind) pick(LOSS_KINDS);
        random_matrix(P.Y, d, m, 5, 2);
        for (i = 0; i < d * m; i++)
        {
            fmpz *y = fmpz_mat_entry(P.Y->num, i / m, i % m);
            if (P.loss == LOSS_CROSS_ENTROPY)
                fmpz_abs(y, y);
            if (fmpz_is_zero(y))
                fmpz_one(y);
        }
        fmpq_set_si(P.scale, 1 + pick(4), 2);
        /* grad phi, a dual point: rounded, so that sums of 0 are exact */
        random_matrix(F, d, m, 4, 2);
        loss_gradient(u, &P, F);
        qmat_round(u, 40);
        fmpq_zero(u->rad);
        for (i = 0; i < m && P.loss == LOSS_CROSS_ENTROPY; i++)
            for (k = 1; k < d; k++)
            {
                if (k == 1)
                    fmpz_zero(fmpz_mat_entry(u->num, 0, i));
                fmpz_sub(fmpz_mat_entry(u->num, 0, i), fmpz_mat_entry(u->num, 0, i), fmpz_mat_entry(u->num, k, i));
            }
        if (P.loss == LOSS_CROSS_ENTROPY && d == 1)
            qmat_sub(u, u, u);
        if (loss_dual_refuses(&P, u) != NULL)
        {
            problem_clear(&P);
            continue;
        }
        fmpq_set_si(tau, 1, 1 << (4 + 4 * pick(6)));
        why = loss_dual_value_near(low, &P, u, tau);
        given += why == NULL;
        for (k = 0; k < 20 && why == NULL; k++)
        {
            random_matrix(D, d, m, 9, 10);
            for (i = 0; i < m && P.loss == LOSS_CROSS_ENTROPY; i++)
            {
                slong r;
                for (r = 1; r < d; r++)
                {
                    if (r == 1)
                        fmpz_zero(fmpz_mat_entry(D->num, 0, i));
                    fmpz_sub(fmpz_mat_entry(D->num, 0, i), fmpz_mat_entry(D->num, 0, i), fmpz_mat_entry(D->num, r, i));
                }
                if (d == 1)
                    fmpz_zero(fmpz_mat_entry(D->num, 0, i));
            }
            qmat_frobenius_upper(size, D);
            if (fmpq_is_zero(size))
                continue;
            fmpq_div(scale, tau, size);
            qmat_add_scaled(w, u, scale, D);
            good &= loss_dual_refuses(&P, w) == NULL;
            loss_dual_value(v, &P, w);
            good &= fmpq_get_d(v) >= fmpq_get_d(low) - 1e-12 * (1 + fabs(fmpq_get_d(low)));
        }
        if (why == NULL)
            ok(good, "dual values near: loss %d, tau %g: at least %g", P.loss, fmpq_get_d(tau), fmpq_get_d(low));
        problem_clear(&P);
    }
    ok(given > 60, "%ld dual points", (long) given);
}

/* v^T H v of the exact Hessian of one hidden layer is the exact second derivative along v. */
static void
exact_hessians(void)
{
    slong trial, i, j, k, n, tried = 0;

    for (trial = 0; trial < 150; trial++)
    {
        static const activation_kind kinds[] = { ACT_RELU, ACT_LEAKY_RELU, ACT_IDENTITY };
        problem_t P;
        facts_t f;
        setting_t s = { &f, &P, NULL, NULL, NULL, NULL };
        slong m = 1 + pick(4), d = 1 + pick(3), units = 1 + pick(3), outputs = 1 + pick(3);
        pass_t p;
        problem_init(&P);
        problem_set_network(&P, pick(4) ? NET_FEEDFORWARD : NET_LINEAR, 2, 1);
        problem_set_samples(&P, m);
        random_matrix(P.X, d, m, 6, 4);
        random_matrix(P.Y, outputs, m, 6, 4);
        random_matrix(P.W, units, d, 5, 3);
        random_matrix(P.W + 1, outputs, units, 5, 3);
        for (i = 0; i < m; i++)
            fmpq_set_si(P.weights + i, 1 + pick(4) - (i > 0), 2);
        fmpq_set_si(P.scale, 1 + pick(5), 3);
        fmpq_set_si(P.weight_decay, pick(3), 2);
        if (P.kind == NET_FEEDFORWARD)
        {
            P.act[0].kind = kinds[pick(3)];
            fmpq_set_si(P.act[0].slope, P.act[0].kind == ACT_LEAKY_RELU ? pick(7) - 3 : 0, 2);
            if (pick(2))
            {
                problem_add_biases(&P);
                random_matrix(P.b, units, 1, 5, 3);
                random_matrix(P.b + 1, outputs, 1, 5, 3);
                if (!fmpq_is_zero(P.weight_decay))
                    P.decayed = (decay_kind) pick(3);
            }
        }
        facts_init(&f, 256);
        if (pass_forward(&p, &s) && pass_slopes(&p, &s))
        {
            qmat_struct V[2];
            fmpq *v;
            NUMBERS(bound, x);
            MATRICES(e, H, t, column);
            for (k = 0; k < 2; k++)
            {
                qmat_init(V + k, 0, 0);
                random_matrix(V + k, qmat_rows(P.W + k), qmat_cols(P.W + k) + (problem_bias(&P, k) != NULL), 6, 5);
            }
            loss_gradient(e, &P, pass_output(&p));
            curvature_upper(bound, &p, &s, e, V);
            n = hessian_order(&P);
            v = _fmpq_vec_init(n);
            k = 0;
            for (i = 0; i < units; i++)
                for (j = 0; j < qmat_cols(V); j++)
                    qmat_get_entry(v + k++, V, i, j);
            for (j = 0; j < qmat_cols(V + 1); j++)
                for (i = 0; i < outputs; i++)
                    qmat_get_entry(v + k++, V + 1, i, j);
            qmat_set_entries(column, n, 1, v);
            hessian_form(H, &p);
            qmat_mul(t, H, column);
            qmat_inner(x, t, column);
            ok(hessian_refuses(&P) == NULL && k == n && qmat_midpoint_is_symmetric(H) && fmpq_equal(x, bound), "exact Hessian %ld: order %ld",
               (long) trial, (long) n);
            tried++;
            _fmpq_vec_clear(v, n);
            qmat_clear(V);
            qmat_clear(V + 1);
        }
        pass_clear(&p);
        facts_clear(&f);
        problem_clear(&P);
    }
    ok(tried > 60, "%ld Hessians", (long) tried);
}

int
main(void)
{
    slong trial, k, kinks = 0;
    int exact = 0;

    dual_values_near();
    exact_hessians();

    for (trial = 0; trial < 400; trial++)
    {
        problem_t P;
        oracle_t o;
        facts_t f;
        setting_t s;
        pass_t p;
        problem_init(&P);
        random_problem(&P);
        oracle_init(&o, NULL, &P, NULL, ORACLE_PRECISION);
        oracle_facts(&f, &o, 256);
        s = oracle_setting(&o, &f);
        if (pass_forward(&p, &s) && pass_slopes(&p, &s))
        {
            outputs_t d;
            convex_t c;
            qmat_struct *V = qmat_vec_init(P.l);
            double t = 1e-4, at, up, down, second, high;
            NUMBERS(bound);
            MATRICES(e);
            for (k = 0; k < P.l; k++)
                random_matrix(V + k, qmat_rows(P.W + k), qmat_cols(P.W + k) + (problem_bias(&P, k) != NULL), 6, 5);
            loss_gradient(e, &P, pass_output(&p));
            curvature_upper(bound, &p, &s, e, V);
            high = fmpq_get_d(bound);
            outputs_init(&d, &P);
            convex_init(&c, &P, d.H[P.l], NULL, 0);
            at = convex_loss(NULL, &c, d.H[P.l]);
            up = loss_at(&d, &c, V, t);
            down = loss_at(&d, &c, V, -t);
            second = (up + down - 2 * at) / (t * t);
            /* (third derivatives of the steeper losses, and rounding) */
            at = 1e-2 * (1 + fabs(second)) + 1e-6 * at;
            ok(second <= high + at && high <= second + at + (P.loss == LOSS_SMOOTH_HINGE && P.power == 2 ? 1e3 : 0),
               "%ld: kind %d, loss %d, %ld layers: %g <= %g", (long) trial, P.kind, P.loss, (long) P.l, second, high);
            exact += network_is_rational(&P);
            convex_clear(&c);
            outputs_clear(&d);
            qmat_vec_clear(V, P.l);
        }
        else
            kinks++;
        pass_clear(&p);
        facts_clear(&f);
        oracle_clear(&o);
        problem_clear(&P);
    }
    ok(exact > 20 && kinks < 200, "%d piecewise linear ones, %ld at kinks", exact, (long) kinks);
    flint_cleanup();
    return done();
}
