/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Critical values.  Roles, preconditions and the forgeries that try each of them:
   doc/rules/critical-value.md. */
#include "critical_value.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "rules/cell.h"

static const char *const kinds[] = { "last", "cell", NULL };
static const field_t parameters[] = {
    { "of", &value_choice, 0, kinds, NULL, CV_LAST },
    { "low", &value_number, FIELD_CHOSEN, NULL, NULL, 0 },
    { "high", &value_number, FIELD_CHOSEN | FIELD_UP, NULL, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = { FIELD_END };
static const char *const findings[] = { "low_proved", "high_proved", NULL };

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    const char *why = basis_refuses(P);

    if (why != NULL || c->value[CV_OF].n == CV_LAST)
        return why;
    if (P->kind != NET_FEEDFORWARD || P->l != 2)
        return "of: cell is for feedforward networks with one hidden layer";
    return network_is_rational(P) ? NULL : "of: cell is for piecewise linear activations";
}

/* Every group of units with equal slopes D has at least min(d_l, p_D) units, p_D the rank of D o [X; 1]. */
static int
groups_are_full(const pass_t *p)
{
    const qmat_struct *D = p->slope;
    slong i, k, n;

    for (i = 0; i < qmat_rows(D); i++)
    {
        MATRICES(Phi, d);
        if (cell_is_repeated(D, i))
            continue;
        for (n = 0, k = i; k < qmat_rows(D); k++)
            n += cell_same_slopes(D, i, k);
        if (n >= qmat_rows(p->P->Y))
            continue;
        qmat_set(Phi, p->P->X);
        if (problem_bias(p->P, 0) != NULL)
            cell_append_ones(Phi, qmat_cols(D));
        qmat_some_rows(d, D, i, 1);
        cell_times_row(Phi, Phi, d);
        if (n < rank_of(Phi))
            return 0;
    }
    return 1;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const basis_t b = { c->value[CV_OF].n == CV_CELL ? BASIS_CELL : BASIS_LAST, 0, { 0 } };
    NUMBERS(low, high);
    pass_t p;
    int ok;

    if (k->verdict == VERDICT_REFUTED)
        facts_fail(s->f, "conclusion", "it is never refuted");
    ok = pass_forward(&p, s) && (!basis_needs_slopes(&b) || pass_slopes(&p, s));
    if (ok && b.kind == BASIS_CELL && !groups_are_full(&p))
        facts_fail(s->f, "cell", "a group of units with one pattern has too few units");
    if (ok && !s->f->failed && basis_annihilates_gradient(&b, &p, s) == 1)
        loss_bounds(low, high, s->P, pass_output(&p));          /* the point is one of them */
    else
        ok = ok && !s->f->failed && basis_lower(low, &b, NULL, &p, s) && basis_upper(high, &b, NULL, &p, s);
    if (ok)
    {
        number_clamp(low);
        conclusion_find(k, CV_FOUND_LOW, low);
        conclusion_find(k, CV_FOUND_HIGH, high);
        if (fmpq_cmp(c->value[CV_LOW].x, low) > 0 || fmpq_cmp(high, c->value[CV_HIGH].x) > 0)
            facts_fail(s->f, "conclusion", "dual point and member do not prove such bounds");
    }
    pass_clear(&p);
    return ok && !s->f->failed;
}

const rule_t rule_critical_value = {
    "critical-value", "critical-value", 2, 1, parameters, constants, findings, NULL,
    NULL, NULL, refuses, verify, NULL, cv_say, cv_say_method
};
