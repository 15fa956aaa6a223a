/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sentences of best-in-basis. */
#include "best_in_basis.h"
#include "rules/definitions.h"

void
bb_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const basis_t *b = c->value[BB_BASIS].object;
    const value_t *radius = c->value + BB_RADIUS, *gap = c->value + BB_GAP;
    int refuted = k->verdict == VERDICT_REFUTED;

    say(s, "Let $W^0$ be the point of the problem. %s ", refuted ? "Among" : "No member of the set of");
    basis_say_members(s, b, P);
    if (radius->given)
    {
        say(s, b->kind == BASIS_TANGENT ? " with $\\|\\beta\\| \\le " : basis_is_affine(b) ? " with $\\|(\\beta, C)\\| \\le " : " with $\\|(A_{%ld}, a) - (W_{%ld}, b_{%ld})\\|_F \\le ",
            (long) P->l - 1, (long) P->l, (long) P->l);
        say_number(s, radius->x);
        say(s, "$");
    }
    say(s, refuted ? " there is one that has a loss below $h(W^0)" : " has a loss below $h(W^0)");
    if (gap->given && !fmpq_is_zero(gap->x))
    {
        say(s, " - ");
        say_constant(s, gap->x, !refuted);
    }
    say(s, "$%s", refuted || (gap->given && !fmpq_is_zero(gap->x)) ? "" : ", the loss of the point");
    say(s, ". The loss of a member with outputs $G$ on the samples is $");
    say_phi(s, P, "G", "g");
    say(s, "$%s.\n", P->loss == LOSS_SQUARE && loss_is_unweighted(P) ? "" : ", $g_{ki}$ being the entries of $G$ and $y_{ki}$ those of $Y$");
    basis_say_terms(s, b, P);
    say_here(s, P);
    say(s, ".\n");
}

void
bb_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) f;
    if (bb_is_exact(c))
        say(s, "By the exact gradient of the loss by the outputs, which is %sorthogonal to the set (Kawaguchi, Huang and "
            "Kaelbling 2019, Theorem 1)", k->verdict == VERDICT_PROVED ? "" : "not ");
    else if (k->verdict == VERDICT_PROVED)
        say(s, "By a dual point (Fenchel and Young) that is orthogonal to the set");
    else
        say(s, "By the exact loss of a member");
}
