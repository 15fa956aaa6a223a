/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify bounds: what is known of a point from training, every loss and activation: loss and gradient, the least eigenvalue of the Hessian
   on what symmetries do not move, how far the next kink is. */
#include "config.h"
#include "bounds.h"
#include "algebra/bound.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "prove/prover.h"
#include "rules/gradient_norm.h"
#include "rules/within/within.h"

/* The largest Hessian that is formed; the relative precision of its eigenvalue, of its norm, in bits. */
enum { LARGEST_HESSIAN = 1500, EIGENVALUE_BITS = 44 };

/* low <= the least eigenvalue of every matrix of the ball H <= high. */
static int
least_eigenvalue(fmpq_t low, fmpq_t high, const qmat_t H, slong limit)
{
    ask_t ask = { .kind = EVIDENCE_BOUND, .role = "H" };
    evidence_t e;
    int ok;
    NUMBERS(shift, square);
    MATRICES(K, I, x, Hx);

    fmpq_zero(low);
    fmpq_zero(high);
    if (qmat_is_zero(H))
        return 1;
    qmat_frobenius_upper(shift, H);
    number_round_up(shift, shift);
    number_add(shift, shift, shift);            /* H + shift > 0 */
    qmat_set_scalar(I, qmat_rows(H), shift);
    fmpq_one(square);
    qmat_add_scaled(K, H, square, I);
    ask.bound.K = K;
    evidence_init(&e, EVIDENCE_BOUND, ask.role);
    ok = oracle_enclosure(&e, x, &ask, EIGENVALUE_BITS, limit) > 0 && qmat_rows(x) == qmat_rows(H);
    if (ok)
    {
        number_sub(low, e.value, shift);
        qmat_mul(Hx, H, x);
        qmat_inner(high, x, Hx);
        qmat_frobenius2_midpoint(square, x);
        ok = fmpq_sgn(square) > 0;
    }
    if (ok)
    {
        number_div(high, high, square);
        number_add(high, high, H->rad);
    }
    evidence_clear(&e);
    return ok;
}

static void
hessian_rows(bounds_t *b, const pass_t *p, setting_t *s)
{
    const problem_t *P = p->P;
    slong n = within_order(P), count;
    char *fixed;
    NUMBERS(low, high);
    MATRICES(H);

    if (within_refuses(P) != NULL)
        return;
    fixed = flint_malloc(n + 1);
    count = within_slice(fixed, p, s->f);
    bounds_count_row(b, "dim", "W", n);
    if (count >= 0)
        bounds_count_row(b, "dim", "symmetries", count);
    if (count >= 0 && n - count > 0 && n - count <= LARGEST_HESSIAN && within_hessian(H, p, s, fixed))
    {
        qmat_round(H, 128);
        if (least_eigenvalue(low, high, H, b->opt->precision_limit))
            bounds_row(b, "lambda_min(H)", low, high);
        else
            bounds_unknown_row(b, "lambda_min(H)", "no bound was found within the precision limit");
    }
    flint_free(fixed);
}

/* How far one row of [W_1, b_1] must move to bring its unit to the kink on a sample. */
static void
kink_row(bounds_t *b, const pass_t *p)
{
    const problem_t *P = p->P;
    slong i, j;
    int some = 0;
    NUMBERS(z, size, least);
    MATRICES(rows);
    fmpq *norm;

    if (P->l < 2 || P->act == NULL || !activation_is_rational(P->act->kind) || P->act->kind == ACT_IDENTITY || fmpq_is_one(P->act->slope))
        return;
    pass_input_rows(rows, p, 0);
    norm = _fmpq_vec_init(qmat_cols(rows));
    for (j = 0; j < qmat_cols(rows); j++)
    {
        for (i = 0; i < qmat_rows(rows); i++)
        {
            qmat_get_entry(z, rows, i, j);
            number_addmul(norm + j, z, z);
        }
        for (i = 0; i < qmat_rows(p->pre) && !fmpq_is_zero(norm + j) && !fmpq_is_zero(P->weights + j); i++)
        {
            qmat_get_entry(z, p->pre, i, j);
            number_mul(size, z, z);
            number_div(size, size, norm + j);
            if (!some || fmpq_cmp(size, least) < 0)
                fmpq_set(least, size);
            some = 1;
        }
    }
    _fmpq_vec_clear(norm, qmat_cols(rows));
    if (!some)
        return;
    number_sqrt_lower(z, least);
    number_sqrt_upper(size, least);
    bounds_row(b, "distance(kink)", z, size);
}

void
bounds_checkpoint_rows(bounds_t *b, const problem_t *P, int values)
{
    moments_t M;
    oracle_t o;
    facts_t f;
    setting_t s;
    pass_t p;
    NUMBERS(low, high, decay);

    if (pass_loss_refuses(P) != NULL)
        return;
    moments_none(&M);
    oracle_init(&o, prover_of(rule_named("local-minimum-within", P)), P, &M, b->opt->precision_limit);
    oracle_facts(&f, &o, 256);
    s = oracle_setting(&o, &f);
    if (pass_forward(&p, &s))
    {
        if (values)
        {
            loss_bounds(low, high, P, pass_output(&p));
            network_decay(decay, P);
            number_add(low, low, decay);
            number_add(high, high, decay);
            bounds_row(b, "h(W)", low, high);
        }
        kink_row(b, &p);
        if (pass_slopes(&p, &s))
        {
            if (values)
            {
                pass_gradient_norm2(low, high, &p, &s);
                number_sqrt_lower(low, low);
                number_sqrt_upper(high, high);
                bounds_row(b, "norm(grad h)", low, high);
            }
            hessian_rows(b, &p, &s);
        }
        else if (values)
            bounds_empty_row(b, "norm(grad h)", "undefined (a unit is at a kink)");
    }
    pass_clear(&p);
    facts_clear(&f);
    oracle_clear(&o);
    moments_clear(&M);
}
