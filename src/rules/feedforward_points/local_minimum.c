/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local minima of networks with layers: Kawaguchi, Huang & Kaelbling 2019, Theorems 2, 3 and 4, each as "at
   a local minimum e, the gradient of the loss by the outputs, is orthogonal to a space", and off 0
   refutes.  If all activations are piecewise linear and e is orthogonal to the outputs of all networks
   of the cell (rules/cell.h), none of them has a smaller loss.  doc/rules/critical-point.md, "Feedforward networks". */
#include <stdio.h>
#include "kernel/ask.h"
#include "feedforward_points.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "rules/hessian/hessian.h"
#include "rules/cell.h"
#include "rules/curvature.h"
#include "rules/flat.h"
#include "rules/gradient_norm.h"
#include "rules/kinks/kinks.h"

/* 1 if no matrix of the ball A is 0. */
static int
is_off_zero(const qmat_t A)
{
    NUMBERS(x, low);

    qmat_frobenius2_midpoint(x, A);
    if (qmat_is_exact(A))
        return fmpq_sgn(x) > 0;
    number_sqrt_lower(low, x);
    return fmpq_cmp(low, A->rad) > 0;
}

/* 1 if e S^T is off 0. */
static int
sees(const qmat_t e, const qmat_t S)
{
    MATRICES(t);

    if (qmat_rows(S) == 0)
        return 0;
    qmat_transpose(t, S);
    qmat_mul(t, e, t);
    return is_off_zero(t);
}

/* Theorem 3, for W (X + R Z), unless rank W = d_0 < d_l: e X^T = 0 and e Z^T = 0.  (Only W and R move, so that
   z may have kinks.) */
static int
refuted_by_residual(const pass_t *p, const qmat_t e)
{
    const qmat_struct *W = p->P->W + p->l - 1;

    if (p->P->kind != NET_RESNET || (qmat_cols(W) < qmat_rows(W) && rank_of(W) == qmat_cols(W)))
        return 0;
    return sees(e, p->in) || sees(e, p->in + p->l - 2);
}

/* Theorem 2, along the lines of rules/flat.h. */
static int
refuted_by_lines(const pass_t *p, setting_t *s, const qmat_t e)
{
    qmat_struct *g = qmat_vec_init(p->l - 1);
    space_t T;
    slong i;
    int off = 0;

    space_init(&T, p->l - 1);
    if (!flat_space(&T, 0, p))
        facts_fail(s->f, "flat", "the derivatives along the lines are beyond the limits");
    else
        pass_pull(g, p, s, e, &T);
    for (i = 0; i < p->l - 1; i++)
        off |= is_off_zero(g + i);
    space_clear(&T);
    qmat_vec_clear(g, p->l - 1);
    return off;
}

/* Theorem 4. */
static int
refuted_by_chain(const pass_t *p, const qmat_t e)
{
    MATRICES(S);

    if (network_has_shortcuts(p->P))
        return 0;
    chain_space(S, p);
    return sees(e, S);
}

static const basis_t functions = { BASIS_FUNCTIONS, 0, { 0 } };

/* A factor for the Hessian is given, or may be. */
static int
has_hessian(const pass_t *p, setting_t *s)
{
    slong q, *group = flint_malloc((qmat_rows(p->P->W) + 1) * sizeof *group);
    int has = hessian_refuses(p->P) == NULL;

    if (has)
    {
        q = hessian_symmetries(group, p);
        has = q >= 0 && q < hessian_order(p->P) && facts_has_bound(s->f, "hessian", hessian_order(p->P) - q);
    }
    flint_free(group);
    return has;
}

int
ff_is_local_minimum(int *reason, pass_t *p, setting_t *s)
{
    MATRICES(e, S);
    NUMBERS(low, high);
    int exact;

    loss_gradient(e, p->P, pass_output(p));
    *reason = REASON_GLOBAL;
    if (basis_annihilates_gradient(&functions, p, s) == 1)
        return 1;
    *reason = REASON_RESIDUAL;
    if (refuted_by_residual(p, e))
        return 0;
    *reason = REASON_KINKS;
    if (kinks_are_there(p->P))
        return kinks_decide_point(p, s);
    *reason = REASON_GRADIENT;
    if (!pass_slopes(p, s))
        return -1;
    pass_gradient_norm2(low, high, p, s);
    if (fmpq_sgn(low) > 0)
        return 0;
    *reason = REASON_FLAT;
    if (refuted_by_lines(p, s, e))
        return 0;
    *reason = REASON_CHAIN;
    if (refuted_by_chain(p, e))
        return 0;
    *reason = REASON_CELL;
    exact = fmpq_is_zero(high) && qmat_is_exact(e) && network_is_rational(p->P);
    if (exact && !cell_space(S, p))
        facts_fail(s->f, "cell", "the span of the cell is beyond the limits");
    if (exact && !s->f->failed && !sees(e, S))
        return 1;
    *reason = REASON_STRATUM;
    if (exact && !s->f->failed && kinks_show_minimum(p, s->f))
        return 1;
    *reason = REASON_CURVATURE;
    if (curvature_is_negative(p, s, e))
        return 0;
    *reason = REASON_HESSIAN;
    if (exact && !s->f->failed && has_hessian(p, s))
        return hessian_is_minimum(p, s) ? 1 : -1;
    if (!exact)
        facts_fail(s->f, "gradient", "it is not off 0, and %s", network_is_rational(p->P)
                   ? "not exact" : "local minima are decided for piecewise linear activations only");
    return -1;
}
