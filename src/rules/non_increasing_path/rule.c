/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roles, preconditions and the forgeries that try each of them: doc/rules/non-increasing-path.md. */
#include <string.h>
#include "kernel/ask.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "non_increasing_path.h"
#include "rules/definitions.h"

static const field_t none[] = { FIELD_END };
static const char *const findings[] = { "loss", "zero_units", "end", NULL };
const about_t path_about = { "path" };

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    const char *why = pass_loss_refuses(P);

    (void) c;
    return why != NULL ? why : polar_refuses(P);
}

/* (The outputs on them.) */
static int
uses_samples(const claim_t *c)
{
    (void) c;
    return 1;
}

/* rise := sum_i (d_i - 1) theta_i, theta_i = 1/2 (|w_i|^2 + |u_i|^2); how many d_i are 0. */
static slong
weigh(fmpq_t rise, const problem_t *P, const fmpq *d)
{
    slong i, zeros = 0;
    NUMBERS(w2, u2, x, one);

    fmpq_one(one);
    fmpq_zero(rise);
    for (i = 0; i < qmat_rows(P->W); i++)
    {
        polar_squares(w2, u2, P, i);
        number_add(w2, w2, u2);
        number_sub(x, d + i, one);
        number_addmul(rise, x, w2);
        zeros += fmpq_is_zero(d + i);
    }
    fmpq_div_2exp(rise, rise, 1);
    return zeros;
}

/* What the word says of the end, with weight decay: h is the least of all widths there, or a unit in the place of one that is 0 lowers it.  (The
   residual is that of the point.) */
static void
verify_end(const char *word, setting_t *s, conclusion_t *k, const fmpq_t rise)
{
    rgm_t r;
    cone_size_t size;
    const fmpq *x;
    NUMBERS(h, low);

    if (rgm_refuses(s->P) != NULL)
    {
        facts_fail(s->f, "end", "regularized-global-minimum does not treat this problem");
        return;
    }
    if (rgm_init(&r, s))
    {
        rgm_loss(h, &r);
        number_addmul(h, s->P->weight_decay, rise);
        conclusion_find(k, PATH_LOSS, h);
        if (strcmp(word, "global") == 0)
        {
            if (rgm_lower(low, &size, &r, s->f) && fmpq_cmp(low, h) < 0)
                facts_fail(s->f, "end", "the dual point is not worth the loss at the end");
        }
        else if ((x = fact_numbers(s->f, "unit:1", qmat_rows(r.in.X) + qmat_rows(r.R), &rgm_about_unit, 1)) != NULL)
        {
            rgm_gain(low, &r, x);
            if (fmpq_sgn(low) <= 0)
                facts_fail(s->f, "unit:1", "this unit gains nothing to second order");
        }
    }
    rgm_clear(&r);
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    const fmpq *d = fact_numbers(s->f, "multiples", qmat_rows(s->P->W), &path_about, 1);
    const char *word = s->f->failed ? NULL : fact_word(s->f, "end", &path_about);
    units_in_t in;
    slong zeros;
    int end;
    NUMBERS(rise);

    (void) c;
    if (k->verdict == VERDICT_REFUTED)
        facts_fail(s->f, "conclusion", "it is never refuted");
    if (s->f->failed || word == NULL)
        return 0;
    end = strcmp(word, "zero") == 0 ? END_ZERO : strcmp(word, "global") == 0 ? END_GLOBAL : strcmp(word, "escape") == 0 ? END_ESCAPE : 0;
    if (end == 0)
        facts_fail(s->f, "end", "zero, global or escape is expected");
    polar_init(&in, s->P);
    if (!polar_same_outputs(&in, s->P, d))
        facts_fail(s->f, "multiples", "these multiples of the units have other outputs, or one is negative");
    polar_clear(&in);
    zeros = weigh(rise, s->P, d);
    if (zeros == 0)
        facts_fail(s->f, "multiples", "no unit is 0 at the end");
    if (fmpq_sgn(rise) > 0)
        facts_fail(s->f, "multiples", "the sum of squares rises");
    if (!s->f->failed && end != END_ZERO)
        verify_end(word, s, k, rise);
    conclusion_find_si(k, PATH_ZEROS, zeros);
    conclusion_find_si(k, PATH_END, end);
    return !s->f->failed;
}

static void
say_it(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    (void) c;
    say(s, "There is a continuous path from the point $W^0$ of the problem, along which $h$ does not increase and the outputs on the samples of positive weight "
        "do not change, to a point $W^1$ where ");
    if (k->found[PATH_ZEROS] && fmpq_cmp_si(k->finding + PATH_ZEROS, 1) > 0)
    {
        say(s, "$");
        say_number(s, k->finding + PATH_ZEROS);
        say(s, "$ hidden units are zero (their weights, bias and outgoing weights).\n");
    }
    else
        say(s, "a hidden unit is zero (its weights, bias and outgoing weights).\n");
    if (conclusion_found_si(k, PATH_END, END_GLOBAL))
        say(s, "$W^1$ is a global minimiser of $h$ over all networks of this kind with any number of hidden units.\n");
    if (conclusion_found_si(k, PATH_END, END_ESCAPE))
        say(s, "From $W^1$ the path goes on, with the unit that was zero, to smaller values of $h$: $W^0$ is in no basin of its own.\n");
    say_here(s, P);
    say(s, ".\n");
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) c;
    (void) k;
    (void) f;
    say(s, "The outputs of the hidden units are linearly dependent: both layers of unit i are multiplied by a square root that moves from 1 to that of its "
        "multiple (Vidal, Zhu and Haeffele 2020, Theorem 1.10)");
}

const rule_t rule_non_increasing_path = {
    "non-increasing-path", "non-increasing-path", 2, 0, none, none, findings, uses_samples, NULL, NULL, refuses, verify, NULL, say_it, say_method
};
