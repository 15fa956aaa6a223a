/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A better network of any width: the units of the point, both layers scaled, and more units. */
#include <stdio.h>
#include "kernel/ask.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "regularized_global_minimum.h"

const about_t rgm_about_unit = { "unit" };

/* R -= u s(w^T X), decay += |u|^2 + |w|^2, for x = (w, u). */
static void
add_unit(qmat_t R, fmpq_t decay, const rgm_t *r, const fmpq *x)
{
    static const activation_t identity = { ACT_IDENTITY, { { 0, 1 } } };
    slong i, d = qmat_rows(r->in.X), k = qmat_rows(r->R);
    MATRICES(w, u, z);

    qmat_set_entries(w, 1, d, x);
    qmat_set_entries(u, k, 1, x + d);
    qmat_mul(z, w, r->in.X);
    activation_apply(z, z, r->P->act != NULL ? r->P->act : &identity);
    qmat_mul(z, u, z);
    qmat_sub(R, R, z);
    for (i = 0; i < d + k; i++)
        number_addmul(decay, x + i, x + i);
}

/* R := Y - c^2 (f(W) - b_2) - b, b the new last bias or b_2; decay := the sum of squares. */
static void
scaled_point(qmat_t R, fmpq_t decay, const rgm_t *r, const fmpq_t c, const fmpq *b)
{
    const problem_t *P = r->P;
    slong i;
    MATRICES(f, bias, t);
    NUMBERS(square, minus, x);

    number_mul(square, c, c);
    fmpq_set_si(minus, -1, 1);
    qmat_sub(f, P->Y, r->R);
    if (r->bias)
    {
        qmat_scale(t, P->b + 1, minus);
        qmat_add_column(f, f, t);
    }
    qmat_scale(f, f, square);
    qmat_sub(R, P->Y, f);
    fmpq_zero(decay);
    for (i = 0; i < 2; i++)
    {
        qmat_frobenius2_midpoint(x, P->W + i);
        number_addmul(decay, square, x);
    }
    if (problem_bias(P, 0) != NULL)
    {
        qmat_frobenius2_midpoint(x, P->b);
        number_addmul(decay, square, x);
    }
    if (!r->bias)
        return;
    qmat_set(bias, P->b + 1);
    if (b != NULL)
        qmat_set_entries(bias, qmat_rows(r->R), 1, b);
    qmat_scale(t, bias, minus);
    qmat_add_column(R, R, t);
    if (r->bias == 2)
    {
        qmat_frobenius2_midpoint(x, bias);
        number_add(decay, decay, x);
    }
}

void
rgm_gain(fmpq_t gain, const rgm_t *r, const fmpq *x)
{
    MATRICES(R, RD);
    NUMBERS(size, t);

    /* <R, Z> = <R, R> - <R, R - Z> */
    qmat_scale_columns(RD, r->R, r->D);
    qmat_inner(gain, RD, r->R);
    qmat_set(R, r->R);
    add_unit(R, size, r, x);
    qmat_inner(t, RD, R);
    number_sub(gain, gain, t);
    number_mul(t, r->P->weight_decay, size);
    fmpq_div_2exp(t, t, 1);
    number_sub(gain, gain, t);
}

int
rgm_decrease(fmpq_t x, conclusion_t *k, const rgm_t *r, facts_t *f)
{
    slong n, size = qmat_rows(r->in.X) + qmat_rows(r->R);
    const fmpq *c = fact_numbers(f, "scale", 1, &rgm_about_unit, 0);
    const fmpq *b = r->bias ? fact_numbers(f, "bias", qmat_rows(r->R), &rgm_about_unit, 0) : NULL, *unit;
    char role[ROLE_SIZE];
    MATRICES(R, RD);
    NUMBERS(decay, one, h);

    fmpq_one(one);
    if (f->failed)
        return 0;
    scaled_point(R, decay, r, c == NULL ? one : c, b);
    for (n = 0; ; n++)
    {
        snprintf(role, sizeof role, "unit:%ld", (long) n + 1);
        unit = fact_numbers(f, role, size, &rgm_about_unit, 0);
        if (unit == NULL)
            break;
        add_unit(R, decay, r, unit);
    }
    conclusion_find_si(k, RGM_UNITS, n);
    qmat_scale_columns(RD, R, r->D);
    qmat_inner(h, RD, R);
    number_addmul(h, decay, r->P->weight_decay);
    fmpq_div_2exp(h, h, 1);
    rgm_loss(x, r);
    number_sub(x, x, h);
    conclusion_find(k, RGM_DECREASE, x);
    facts_note(f, "better", "h(W^0) - h(V)", "=", x);
    return !f->failed;
}
