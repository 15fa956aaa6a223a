/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* W_1 -> W_1 X is onto and open, and so is s entry by entry where it is a homeomorphism of R: h is the loss of (Phi, W_2).  Roles, preconditions and the
   forgeries that try each of them: doc/rules/global-minimizer.md. */
#include <string.h>
#include "kernel/columns.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "onto_features.h"
#include "rules/definitions.h"

extern const rule_t rule_global_minimizer, rule_local_minimum, rule_not_local_minimum;

static const char *const best_word[] = { "best", NULL };
static const field_t none[] = { FIELD_END };
static const field_t gap[] = {
    { "gap", &value_number, FIELD_MAY_BE_ABSENT | FIELD_UP, best_word, NULL, 0 },
    FIELD_END
};

/* As of the rules of the linear network. */
static const char *const minimizer_findings[] = { "loss", "excess", "at_minimum", NULL };
enum { FOUND_AT_MINIMUM = 2 };

/* column[0 .. n - 1] := the samples of positive weight; n. */
static slong
weighted(slong *column, const problem_t *P)
{
    slong j, n = 0;

    for (j = 0; j < qmat_cols(P->X); j++)
        if (fmpq_sgn(P->weights + j) > 0)
            column[n++] = j;
    return n;
}

/* s is a homeomorphism of R. */
static int
is_onto(const activation_t *s)
{
    return s->kind == ACT_IDENTITY || ((s->kind == ACT_LEAKY_RELU || s->kind == ACT_SMOOTH_LEAKY) && fmpq_sgn(s->slope) > 0);
}

int
onto_features_are_there(const problem_t *P)
{
    slong n, *column;
    int are;
    MATRICES(X);

    if (P->kind != NET_FEEDFORWARD || P->l != 2 || P->b != NULL || P->loss != LOSS_SQUARE || !fmpq_is_zero(P->weight_decay) || !is_onto(P->act)
        || (!activation_is_rational(P->act->kind) && qmat_rows(P->features) == 0))
        return 0;
    column = flint_malloc((qmat_cols(P->X) + 1) * sizeof *column);
    n = weighted(column, P);
    are = n <= qmat_rows(P->X);
    if (are)
    {
        qmat_pick_columns(X, P->X, column, n);
        are = rank_of(X) == n;
    }
    flint_free(column);
    return are;
}

void
onto_features_linear(problem_t *Q, const problem_t *P)
{
    slong j, *column = flint_malloc((qmat_cols(P->X) + 1) * sizeof *column), n = weighted(column, P);
    MATRICES(Phi);

    if (qmat_rows(P->features) > 0)
        qmat_set(Phi, P->features);
    else
    {
        qmat_mul(Phi, P->W, P->X);
        activation_apply(Phi, Phi, P->act);
    }
    problem_set_network(Q, NET_LINEAR, 2, 1);
    qmat_pick_columns(Q->Y, P->Y, column, n);
    qmat_pick_columns(Q->W, Phi, column, n);
    qmat_set(Q->W + 1, P->W + 1);
    qmat_set_one(Q->X, n);
    fmpq_set(Q->scale, P->scale);
    problem_set_samples(Q, n);
    for (j = 0; j < n; j++)
        fmpq_set(Q->weights + j, P->weights + column[j]);
    flint_free(column);
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    (void) c;
    return onto_features_are_there(P) ? NULL : "the features are not free";
}

/* The rule of the linear network. */
static const rule_t *
linear_rule(const rule_t *rule)
{
    return strcmp(rule->name, "global-minimizer") == 0 ? &rule_global_minimizer
        : strcmp(rule->name, "local-minimum") == 0 ? &rule_local_minimum : &rule_not_local_minimum;
}

/* verify or describe of the linear rule, at the linear network. */
static int
delegate(setting_t *s, const claim_t *c, conclusion_t *k, int describes)
{
    const rule_t *rule = linear_rule(c->rule);
    problem_t Q;
    moments_t M;
    int ok = 1, at_minimum = NOT_ASKED;

    moments_none(&M);
    problem_init(&Q);
    onto_features_linear(&Q, s->P);
    {
        setting_t t = { s->f, &Q, &M, &at_minimum, NULL, NULL };
        if (describes)
            rule->describe(&t, c, k);
        else
            ok = rule->verify(&t, c, k);
    }
    moments_clear(&M);
    problem_clear(&Q);
    return ok;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return delegate(s, c, k, 0);
}

static void
describe(setting_t *s, const claim_t *c, conclusion_t *k)
{
    delegate(s, c, k, 1);
}

static void
say_end(say_t *s, const problem_t *P, const claim_t *c)
{
    say_here(s, P);
    if (c->rule->parameters[0].name != NULL && c->value[0].given)
        say(s, ", $h^*$ is the infimum of $h$ over all $W$");
    if (qmat_rows(P->features) > 0)
        say(s, ", and $W^0$ is a point with the features of the problem, $s(W_1 X)$, and its $W_2$.\n");
    else
        say(s, ", and $W^0$ is the point of the problem.\n");
}

static void
say_minimizer(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED;

    if (c->value[0].given)
    {
        say(s, refuted ? "It is not true that $h(W^0) - h^* \\le " : "$h(W^0) - h^* \\le ");
        say_constant(s, c->value[0].x, !refuted);
        say(s, "$.\n");
    }
    else if (refuted)
        say(s, "The point $W^0$ is not a global minimiser of $h$ over all weights of these widths.\n");
    else
        say(s, conclusion_found_si(k, FOUND_AT_MINIMUM, 1) ? "The point $W^0$ is a global minimiser of $h$, among weights of these widths or any other: the loss is zero.\n"
            : "The point $W^0$ is a global minimiser of $h$ over all weights of these widths.\n");
    say_end(s, P, c);
}

static void
say_minimum(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int is = (strcmp(c->rule->name, "local-minimum") == 0) == (k->verdict == VERDICT_PROVED);

    say(s, "The point $W^0$ is %s local minimum of $h$ as a function of all weights%s.\n", is ? "a" : "not a", is ? ", and a global one" : "");
    say_end(s, P, c);
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) c;
    (void) f;
    say(s, "The samples of positive weight are linearly independent, and the activation is a homeomorphism of the line, so that the features $\\Phi = s(W_1 X)$ "
        "may be any matrix: by the linear network $W_2 \\Phi$%s", k->verdict == VERDICT_REFUTED || strcmp(c->rule->name, "not-local-minimum") == 0
        ? ", and other weights of it" : "");
}

static const char *const point_findings[] = { "loss", "critical", "global_minimum", "curve", NULL };

#define RULE(id, name, page, parameters, findings, say_id) const rule_t rule_onto_##id = { \
    name, page, 2, 0, parameters, none, findings, NULL, NULL, onto_features_are_there, refuses, verify, describe, say_id, say_method }

RULE(global_minimizer, "global-minimizer", "global-minimizer", gap, minimizer_findings, say_minimizer);
RULE(local_minimum, "local-minimum", "critical-point", none, point_findings, say_minimum);
RULE(not_local_minimum, "not-local-minimum", "critical-point", none, point_findings, say_minimum);
