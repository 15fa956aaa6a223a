/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gradient_norm.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"

void
pass_gradient(qmat_struct *g, const pass_t *p, setting_t *s)
{
    slong i;
    space_t T;
    MATRICES(E);

    loss_gradient(E, p->P, pass_output(p));
    space_init(&T, p->l);
    space_set_tangent(&T, p);
    pass_pull(g, p, s, E, &T);
    space_clear(&T);
    for (i = 0; i < p->l && !fmpq_is_zero(p->P->weight_decay); i++)
    {
        problem_block(E, p->P, i, problem_decayed_bias(p->P, i) != NULL);
        qmat_add_scaled(g + i, g + i, p->P->weight_decay, E);
    }
}

void
pass_gradient_norm2(fmpq_t low, fmpq_t high, const pass_t *p, setting_t *s)
{
    qmat_struct *g = qmat_vec_init(p->l);
    slong i;
    NUMBERS(x, y);

    fmpq_zero(low);
    fmpq_zero(high);
    pass_gradient(g, p, s);
    for (i = 0; i < p->l; i++)
    {
        qmat_frobenius2_midpoint(x, g + i);
        if (qmat_is_exact(g + i))
        {   /* without roots, so that equalities are decided */
            number_add(low, low, x);
            number_add(high, high, x);
            continue;
        }
        number_sqrt_lower(y, x);
        number_sub(y, y, g[i].rad);
        number_clamp(y);
        number_addmul(low, y, y);
        qmat_frobenius_upper(y, g + i);
        number_addmul(high, y, y);
    }
    qmat_vec_clear(g, p->l);
}

int
pass_rises_in_last_layer(const pass_t *p)
{
    const problem_t *P = p->P;
    fmpq *D;
    MATRICES(Phi);
    int seen;

    if (!fmpq_is_zero(P->weight_decay))
        return 1;
    if (P->loss != LOSS_SQUARE)
        return 0;
    D = _fmpq_vec_init(qmat_cols(P->X));
    problem_curvature(D, P);
    pass_input_rows(Phi, p, P->l - 1);
    seen = qmat_is_exact(Phi);
    if (seen)
    {
        qmat_scale_columns(Phi, Phi, D);
        seen = !qmat_is_zero(Phi);
    }
    _fmpq_vec_clear(D, qmat_cols(P->X));
    return seen;
}
