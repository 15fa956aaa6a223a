/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For a given w the best u leaves h = 1/2 |Y|_D^2 - 1/2 |Y D s|^2 / |s|_D^2, s = s(w^T X): h* >= (|Y|_D^2 - rho^2) / 2 if |Y D s| <= rho |s|_D for all w.  Roles,
   preconditions and the forgeries that try each of them: doc/rules/landscape.md. */
#include "kernel/ask.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "landscape.h"
#include "network/copy.h"
#include "network/loss.h"
#include "rules/definitions.h"
#include "rules/passes.h"
#include "rules/witness.h"

const char landscape_about_type[] = "landscape";

static const char *const best_word[] = { "best", NULL };
static const char *const list_words[] = { "no", "yes", NULL };
static const field_t parameters[] = {
    { "gap", &value_number, FIELD_MAY_BE_ABSENT | FIELD_UP, best_word, NULL, 0 },
    { "list", &value_choice, FIELD_MAY_BE_ABSENT | FIELD_ASKED, list_words, NULL, LIST_NO },
    FIELD_END
};
static const field_t constants[] = {
    { "low", &value_number, FIELD_PROVED, NULL, NULL, 0 },
    { "high", &value_number, FIELD_PROVED | FIELD_UP, NULL, NULL, 0 },
    { "cells", &value_number, FIELD_MAY_BE_ABSENT | FIELD_PROVED | FIELD_WHOLE, NULL, NULL, 0 },
    { "dead", &value_number, FIELD_MAY_BE_ABSENT | FIELD_PROVED | FIELD_WHOLE, NULL, NULL, 0 },
    { "critical", &value_number, FIELD_MAY_BE_ABSENT | FIELD_PROVED | FIELD_WHOLE, NULL, NULL, 0 },
    { "minima", &value_number, FIELD_MAY_BE_ABSENT | FIELD_PROVED | FIELD_WHOLE, NULL, NULL, 0 },
    { "points", &value_critical_points, FIELD_MAY_BE_ABSENT | FIELD_PROVED, NULL, NULL, 0 },
    FIELD_END
};
static const char *const findings[] = { "leaves", "depth", NULL };
enum { FOUND_LEAVES, FOUND_DEPTH };

const char *
landscape_refuses(const problem_t *P)
{
    const char *why = cells_refuse(P);

    return why != NULL || qmat_rows(P->W) == 1 ? why : "for one hidden unit";
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    (void) c;
    return landscape_refuses(P);
}

/* x := the common denominator of n numbers. */
static void
common_denominator(fmpz_t x, const fmpq *D, slong n)
{
    slong j;

    fmpz_one(x);
    for (j = 0; j < n; j++)
        fmpz_lcm(x, x, fmpq_denref(D + j));
}

int
landscape_claim(cone_claim_t *c, const qmat_t X, const qmat_t Y, const fmpq *D, const problem_t *P, const fmpq_t rho)
{
    slong j, n = qmat_cols(X);
    fmpq *up = _fmpq_vec_init(n), *down = _fmpq_vec_init(n);
    int ok;
    INTEGERS(d);
    NUMBERS(a, x, tau);
    MATRICES(B, Q, Xt);

    activation_negative_slope(a, P->act);
    qmat_scale_columns(Q, Y, D);
    qmat_transpose(Xt, X);
    qmat_mul(B, Q, Xt);
    qmat_scale(B, B, a);
    fmpq_one(x);
    number_sub(x, x, a);
    qmat_scale(Q, Q, x);
    /* weights times a square, rho over its root */
    common_denominator(d, D, n);
    fmpz_mul(d, d, fmpq_denref(a));
    fmpq_div_fmpz(tau, rho, d);
    fmpz_mul(d, d, d);
    for (j = 0; j < n; j++)
    {
        fmpq_mul_fmpz(up + j, D + j, d);
        number_mul(down + j, up + j, a);
        number_mul(down + j, down + j, a);
    }
    ok = cone_claim_set_weights(c, B, Q, X, up, down, tau);
    _fmpq_vec_clear(up, n);
    _fmpq_vec_clear(down, n);
    return ok;
}

/* low <= h*, by rho and the tree. */
static void
verify_low(setting_t *s, conclusion_t *k, const qmat_t X, const qmat_t Y, const fmpq *D, const fmpq_t norm2)
{
    landscape_about_t about = { { landscape_about_type }, NULL, 0 };
    const fmpq *rho = fact_numbers(s->f, "rho", 1, &about.about, 1);
    cone_claim_t c;
    cone_size_t size;
    NUMBERS(x, y);

    if (rho != NULL && fmpq_sgn(rho) < 0)
        facts_fail(s->f, "rho", "a number >= 0 is expected");
    if (s->f->failed)
        return;
    number_mul(y, rho, rho);
    number_sub(x, norm2, y);
    fmpq_div_2exp(x, x, 1);
    if (fmpq_cmp(k->constant[LANDSCAPE_LOW].x, x) > 0)
        facts_fail(s->f, "rho", "it is too large for this lower bound");
    if (s->f->failed || qmat_cols(X) == 0)      /* h is constant */
        return;
    if (!landscape_claim(&c, X, Y, D, s->P, rho))
        facts_fail(s->f, "tree", "the claim about directions is beyond the limits of the format");
    else
    {
        about.claim = &c;
        if (cone_tree_verify(&size, s->f, "tree", &c, &about.about))
        {
            facts_note(s->f, "tree", "\\max_w \\|Y D s(w^T X)^T\\| / \\|s(w^T X) D^{1/2}\\|", "\\le", rho);
            conclusion_find_si(k, FOUND_LEAVES, size.leaves);
            conclusion_find_si(k, FOUND_DEPTH, size.depth);
        }
    }
    cone_claim_clear(&c);
}

/* h(V) <= high, V the point of the roles better:i. */
static void
verify_high(setting_t *s, const fmpq_t high)
{
    problem_t Q;
    pass_t q;
    NUMBERS(h);

    problem_init(&Q);
    problem_set(&Q, s->P);
    if (witness_point(&Q, s->f, 1, 1))
    {
        setting_t other = { s->f, &Q, NULL, NULL, s->prefix, NULL };
        if (pass_forward(&q, &other))
        {
            loss_bounds(NULL, h, &Q, pass_output(&q));
            if (fmpq_cmp(h, high) > 0)
                facts_fail(s->f, "better:1", "the loss of this point is larger than the upper bound");
        }
        pass_clear(&q);
    }
    problem_clear(&Q);
}

/* What needs the data: the lower bound and the list. */
static void
verify_all_weights(setting_t *s, conclusion_t *k, int listed)
{
    fmpq *D = _fmpq_vec_init(qmat_cols(s->P->X));
    NUMBERS(norm2);
    MATRICES(X, Y);

    if (!cells_data(X, Y, D, norm2, NULL, s->P))
        facts_fail(s->f, "", "the data are beyond the limits");
    if (!s->f->failed && fmpq_sgn(k->constant[LANDSCAPE_LOW].x) > 0)    /* 0 is a lower bound anyway */
        verify_low(s, k, X, Y, D, norm2);
    if (!s->f->failed && listed && qmat_cols(X) == 0)
        facts_fail(s->f, "cells", "no sample counts");
    if (!s->f->failed && listed)
        landscape_verify_list(s, X, Y, D, norm2, k);
    _fmpq_vec_clear(D, qmat_cols(s->P->X));
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const fmpq *low = k->constant[LANDSCAPE_LOW].x, *high = k->constant[LANDSCAPE_HIGH].x;
    int i, listed = 0;
    NUMBERS(x, y);

    if (k->verdict == VERDICT_REFUTED)
        facts_fail(s->f, "conclusion", "it is never refuted");
    else if (!k->constant[LANDSCAPE_LOW].given || !k->constant[LANDSCAPE_HIGH].given)
        facts_fail(s->f, "conclusion", "low and high are expected");
    if (s->f->failed)
        return 0;
    number_sub(x, high, low);
    if (c->value[LANDSCAPE_GAP].given)
        number_mul(y, high, c->value[LANDSCAPE_GAP].x);
    if (c->value[LANDSCAPE_GAP].given && fmpq_cmp(x, y) > 0)
        facts_fail(s->f, "conclusion", "the bounds are further apart than the gap allows");
    for (i = LANDSCAPE_CELLS; i <= LANDSCAPE_POINTS; i++)
        listed += k->constant[i].given;
    if (listed != 0 && listed != LANDSCAPE_POINTS - LANDSCAPE_CELLS + 1)
        facts_fail(s->f, "conclusion", "cells, dead, critical, minima and points are expected together");
    if (!s->f->failed)
        verify_high(s, high);
    if (!s->f->failed && (listed || fmpq_sgn(low) > 0))
        verify_all_weights(s, k, listed);
    return !s->f->failed;
}

/* One set of critical points of the list, and what ends the line. */
static void
say_point(say_t *s, const fmpq *point, slong d, const char *end)
{
    slong i;

    int exact = fmpq_equal(point + LANDSCAPE_POINT_LOW, point + LANDSCAPE_POINT_HIGH);

    say(s, "  %s with a loss %s", fmpq_is_zero(point + LANDSCAPE_MINIMUM) ? "strict saddles" : "local minima", exact ? "of " : "");
    cells_say_loss(s, point + LANDSCAPE_POINT_LOW, point + LANDSCAPE_POINT_HIGH);
    say(s, ", in the cell of $w = (");
    for (i = 0; i < d; i++)
    {
        say(s, i == 0 ? "" : ", ");
        say_number(s, point + LANDSCAPE_W + i);
    }
    say(s, ")$%s\n", end);
}

/* So many sets are printed: those with the least loss. */
enum { SAID = 20 };

/* order (room for n) := the sets by their loss. */
static void
order_points(slong *order, const fmpq *point, slong n, slong width)
{
    slong i, j;

    for (i = 0; i < n; i++)
    {
        for (j = i; j > 0 && fmpq_cmp(point + order[j - 1] * width + LANDSCAPE_POINT_LOW, point + i * width + LANDSCAPE_POINT_LOW) > 0; j--)
            order[j] = order[j - 1];
        order[j] = i;
    }
}

/* The list of all critical points off the kinks. */
static void
say_list(say_t *s, const problem_t *P, const conclusion_t *k)
{
    const value_t *points = k->constant + LANDSCAPE_POINTS;
    slong i, width = LANDSCAPE_W + qmat_rows(P->X), n = points->n / width, *order = flint_malloc((n + 1) * sizeof *order);
    NUMBERS(a);

    activation_negative_slope(a, P->act);
    say(s, "The hyperplanes $x_j^T w = 0$ of the samples $x_j \\ne 0$%s divide the space of all $w$ into $", loss_is_unweighted(P) ? "" : " of positive weight");
    say_number(s, k->constant[LANDSCAPE_CELLS].x);
    say(s, "$ cells, inside which $h$ is smooth.  The critical points of $h$ there with $u \\ne 0$%s form $", fmpq_is_one(k->constant[LANDSCAPE_DEAD].x)
        ? ", but for the cell in which no unit is active and $h$ is constant," : "");
    say_number(s, k->constant[LANDSCAPE_CRITICAL].x);
    say(s, "$ connected set%s, each of all those of one cell with the same loss; the points of $", fmpq_is_one(k->constant[LANDSCAPE_CRITICAL].x) ? "" : "s");
    say_number(s, k->constant[LANDSCAPE_MINIMA].x);
    say(s, "$ of the sets are local minima, the others strict saddles%s\n", n == 0 ? "." : n > SAID ? ".  Those with the least loss:" : ":");
    order_points(order, points->list, n, width);
    for (i = 0; i < FLINT_MIN(n, SAID); i++)
        say_point(s, points->list + order[i] * width, qmat_rows(P->X), i == FLINT_MIN(n, SAID) - 1 ? "." : ";");
    flint_free(order);
    say(s, "(Where $u = 0$ and $w$ is inside a cell, the critical points are those with $Y %ss(w^T X)^T = 0$.)\n", loss_is_plain(P) ? "" : "D ");
}

static void
say_it(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    (void) c;
    say(s, "$");
    say_constant(s, k->constant[LANDSCAPE_LOW].x, 0);
    say(s, " \\le h^* \\le ");
    say_constant(s, k->constant[LANDSCAPE_HIGH].x, 1);
    say(s, "$, $h^*$ the infimum of $h$ over all weights $w$, $u$ of the one hidden unit.\n");
    if (k->constant[LANDSCAPE_POINTS].given)
        say_list(s, P, k);
    (k->constant[LANDSCAPE_POINTS].given ? cells_say_here : say_here)(s, P);
    say(s, ".\n");
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) c;
    (void) f;
    if (fmpq_sgn(k->constant[LANDSCAPE_LOW].x) == 0)
        say(s, "No loss is negative");
    else
    {
        say(s, "For each $w$ the best $u$ is known; the directions of $w$ are covered by ");
        if (k->found[FOUND_LEAVES])
        {
            say(s, "$");
            say_number(s, k->finding + FOUND_LEAVES);
            say(s, "$ ");
        }
        say(s, "cones, on each of which the least loss is bounded exactly");
    }
    say(s, "; the upper bound is the loss of a point");
    if (k->constant[LANDSCAPE_POINTS].given)
        say(s, "; every cell of the hyperplanes is formed, and in each one samples exclude critical points, or they are found");
}

const rule_t rule_landscape = {
    "landscape", "landscape", 2, 0, parameters, constants, findings, NULL, NULL, NULL, refuses, verify, NULL, say_it, say_method
};
