/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Along W + t V the outputs are f + t f' + t^2/2 f'' + o(t^2), f' and f'' by one forward pass:

     Z' = V_k H + c_k + W_k H',   Z'' = 2 V_k H' + W_k H'',   H' = s' Z',   H'' = s' Z'' + s'' (Z')^2

   entry by entry; h(W + t V) + h(W - t V) - 2 h(W) <= t^2 (<e, f''> + Q) + o(t^2), e the gradient of the loss by the
   outputs, Q its curvature along f'.  If the bracket is negative, h is below h(W) at W + t V or W - t V. */
#include "curvature.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss_curvature.h"

int
curvature_of_units(qmat_t B, const pass_t *p, slong k)
{
    const activation_t *act = p->P->act == NULL ? NULL : p->P->act + k;
    const qmat_struct *S = p->slope + k;
    NUMBERS(x, rest);
    MATRICES(ones, t);

    if (act == NULL || activation_is_rational(act->kind))
        return 0;
    qmat_ones(ones, qmat_rows(S), qmat_cols(S));
    fmpq_one(rest);
    if (act->kind == ACT_TANH || act->kind == ACT_SIGMOID)
    {   /* - 2 h s',  (1 - 2 h) s' */
        fmpq_set_si(x, -2, 1);
        qmat_scale(t, p->in + k + 1, x);
        if (act->kind == ACT_SIGMOID)
            qmat_add_scaled(t, ones, rest, t);
        qmat_mul_entries(B, t, S);
        return 1;
    }
    if (act->kind == ACT_SMOOTH_LEAKY)
        number_sub(rest, rest, act->slope);
    if (fmpq_is_zero(rest))
        return 0;
    /* s' = a + (1 - a) g, s'' = (1 - a) (g - g^2), g the sigmoid; a = 0 for softplus */
    if (act->kind == ACT_SMOOTH_LEAKY)
        fmpq_neg(x, act->slope);
    qmat_add_scaled(t, S, x, ones);
    fmpq_inv(x, rest);
    qmat_scale(t, t, x);
    qmat_mul_entries(B, t, t);
    fmpq_set_si(x, -1, 1);
    qmat_add_scaled(B, t, x, B);
    qmat_scale(B, B, rest);
    return 1;
}

/* A := a B + C. */
static void
add(qmat_t A, const qmat_t C, slong a, const qmat_t B, const setting_t *s)
{
    NUMBERS(x);

    fmpq_set_si(x, a, 1);
    qmat_add_scaled(A, C, x, B);
    if (!qmat_is_exact(A))
        qmat_round(A, s->f->rounding);
}

/* high >= <E, A> for all matrices of the balls. */
static void
inner_upper(fmpq_t high, const qmat_t E, const qmat_t A)
{
    NUMBERS(x);

    qmat_inner(high, E, A);
    qmat_frobenius_upper(x, E);
    number_addmul(high, x, A->rad);
    qmat_frobenius_upper(x, A);
    number_addmul(high, x, E->rad);
}

/* high += mu times the squared norm of what the weight decay counts of V. */
static void
add_decay(fmpq_t high, const problem_t *P, const qmat_struct *V)
{
    slong k;
    NUMBERS(x);
    MATRICES(A);

    for (k = 0; k < P->l && !fmpq_is_zero(P->weight_decay); k++)
    {
        qmat_some_columns(A, V + k, 0, qmat_cols(P->W + k) + (problem_decayed_bias(P, k) != NULL));
        qmat_frobenius2_midpoint(x, A);
        number_addmul(high, P->weight_decay, x);
    }
}

void
curvature_upper(fmpq_t high, const pass_t *p, setting_t *s, const qmat_t e, const qmat_struct *V)
{
    slong k, i, l = p->l;
    qmat_struct *first = qmat_vec_init(l + 1), *second = qmat_vec_init(l + 1);
    NUMBERS(x);
    MATRICES(rows, t, W, curve);

    qmat_sub(first, p->P->X, p->P->X);
    qmat_sub(second, p->P->X, p->P->X);
    for (k = 0; k < l; k++)
    {
        for (i = 0; k == l - 1 && i < p->P->skips; i++)
        {
            qmat_stack(first + k, first + k, first + p->P->skip[i]);
            qmat_stack(second + k, second + k, second + p->P->skip[i]);
        }
        pass_input_rows(rows, p, k);
        qmat_mul(rows, V + k, rows);
        qmat_mul(t, p->P->W + k, first + k);
        add(first + k + 1, t, 1, rows, s);
        qmat_some_columns(W, V + k, 0, qmat_cols(p->P->W + k));
        qmat_mul(W, W, first + k);
        qmat_mul(t, p->P->W + k, second + k);
        add(second + k + 1, t, 2, W, s);
        if (k == l - 1 || p->P->act == NULL)
            continue;
        qmat_mul_entries(second + k + 1, second + k + 1, p->slope + k);
        if (curvature_of_units(curve, p, k))
        {
            qmat_mul_entries(t, first + k + 1, first + k + 1);
            qmat_mul_entries(t, t, curve);
            add(second + k + 1, second + k + 1, 1, t, s);
        }
        qmat_mul_entries(first + k + 1, first + k + 1, p->slope + k);
    }
    inner_upper(high, e, second + l);
    loss_second(x, p->P, pass_output(p), e, first + l);
    number_add(high, high, x);
    add_decay(high, p->P, V);
    qmat_vec_clear(first, l + 1);
    qmat_vec_clear(second, l + 1);
}

const char curvature_about_type[] = "feedforward point";

int
curvature_is_negative(const pass_t *p, setting_t *s, const qmat_t e)
{
    curvature_about_t about = { { curvature_about_type }, p, 0 };
    qmat_struct *V = qmat_vec_init(p->l);
    const qmat_struct *A, *W;
    char role[ROLE_SIZE];
    int given = 1;
    NUMBERS(high);

    for (about.layer = 1; given && about.layer <= p->l; about.layer++)
    {
        W = p->P->W + about.layer - 1;
        snprintf(role, sizeof role, "curve:%ld", (long) about.layer);
        A = fact_matrix(s->f, role, qmat_rows(W), qmat_cols(W) + (problem_bias(p->P, about.layer - 1) != NULL), &about.about,
                        about.layer > 1);
        given = A != NULL && qmat_is_exact(A);
        if (given)
            qmat_set(V + about.layer - 1, A);
    }
    if (given)
    {
        curvature_upper(high, p, s, e, V);
        facts_note(s->f, "curve:1", "v^T H v", "\\le", high);
        if (fmpq_sgn(high) >= 0)
            facts_fail(s->f, "curve:1", "the curvature along it is not shown to be negative");
    }
    qmat_vec_clear(V, p->l);
    return given && !s->f->failed;
}
