/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include "gradient_dominance.h"
#include "rules/definitions.h"
#include "kernel/ask.h"

/* The neighbourhood, and which layer it leaves free. */
static void
say_region(say_t *s, const problem_t *P, const neighbourhood_t *N, const char *star)
{
    slong l = P->l;

    if (N->norm == NORM_FEATURE)
    {
        say(s, P->b != NULL ? "\\|s(W_1 X + b_1) - s(W_1^%s X + b_1^%s)\\|_2 \\le "
            : "\\|s(W_1 X) - s(W_1^%s X)\\|_2 \\le ", star, star);
        say_number(s, N->radius);
    }
    else
        say_neighbourhood(s, P, N, P->b != NULL, star);
    if (!network_is_linear(P))
        say(s, P->b != NULL ? "\\text{, } W_{%ld} \\text{ and } b_{%ld} \\text{ being any}"
            : "\\text{, } W_{%ld} \\text{ being any}", (long) l, (long) l);
}

/* The two constants beside lambda. */
static void
say_constants(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const value_t *lower = k->constant + GD_LAMBDA_LOWER, *paper = k->constant + GD_PAPER_LAMBDA;

    if (lower->given)
        say_not_below(s, c->value[GD_LAMBDA].x, lower->x);
    if (paper->given)
    {
        say(s, "The constant of Zhou and Liang 2017, Theorem %d, is at least $",
            network_is_chain(P) ? 1 : network_is_linear(P) ? 2 : 3);
        say_decimal(s, paper->x, 5, 0);
        say(s, "$ (verified%s).\n", qmat_rows(P->X) == qmat_cols(P->X) ? ""
            : "; the paper states it for $m = d$");
    }
}

static void
say_point(say_t *s, const problem_t *P, const conclusion_t *k)
{
    int linear = network_is_linear(P);

    if (!k->found[GD_AT_MINIMUM])
        say(s, "Whether $W^0$ is a minimiser is not examined: the inequality holds around it all "
            "the same.\n");
    else if (conclusion_found_si(k, GD_AT_MINIMUM, 1))
        say(s, "The point $W^*$ is an exact global minimiser%s.\n", linear ? "" : ", with zero loss");
    else
        say(s, "The point $W^0$ does not %s: the inequality holds around it all the same.\n", linear
            ? "attain the infimum of $h$ with any matrix in place of the product" : "have zero loss");
}

void
gd_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED, linear = network_is_linear(P);
    const char *star = conclusion_found_si(k, GD_AT_MINIMUM, 1) ? "*" : "0";
    neighbourhood_t N;

    neighbourhood_set(&N, c->value + GD_NORM, c->value + GD_RADIUS);
    say(s, refuted ? "It is not true that for every $W$ with $" : "For every $W$ with $");
    say_region(s, P, &N, star);
    if (linear || refuted)
        say(s, "$,\\[ h(W) - h^* \\le \\lambda \\|\\nabla h(W)\\|^2 \\quad\\text{ with } \\lambda = ");
    else
        say(s, P->b != NULL
            ? "$,\\[ h(W) - h^* \\le \\lambda \\|\\nabla_{W_{%ld}, b_{%ld}} h(W)\\|^2 \\quad\\text{ with } \\lambda = "
            : "$,\\[ h(W) - h^* \\le \\lambda \\|\\nabla_{W_{%ld}} h(W)\\|^2 \\quad\\text{ with } \\lambda = ",
            (long) P->l, (long) P->l);
    say_constant(s, c->value[GD_LAMBDA].x, 1);
    say(s, ". \\]\n");
    say_here(s, P);
    say(s, ", $h^*$ is the infimum of $h$ over all $W$%s, $W^%s$ the point of the problem, ",
        P->b != NULL ? " (and biases)" : "", star);
    if (linear || refuted)
        say(s, "$\\nabla h$ the gradient by all %s", P->b != NULL ? "weights and biases" : "blocks");
    else
        say(s, "the gradient is that by the last layer alone, which exists at kinks too");
    say(s, N.norm == NORM_FROBENIUS ? ", $\\|.\\|_F$ the Frobenius norm%s.\n"
        : ", $\\|.\\|_2$ the spectral norm%s.\n",
        P->b != NULL && N.norm == NORM_FROBENIUS ? ", $\\|.\\|_2$ the Euclidean one" : "");
    if (refuted)
        say(s, conclusion_found_si(k, GD_STATIONARY, 1)
            ? "The certificate holds a point of the neighbourhood where the gradient vanishes, and a "
            "better one: no $\\lambda$ at all is valid.\n"
            : "The certificate holds a point of the neighbourhood where this fails.\n");
    else
    {
        say_constants(s, P, c, k);
        say_point(s, P, k);
    }
    neighbourhood_clear(&N);
}

void
gd_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
              const facts_t *f)
{
    static const struct { const char *word, *text; } table[] = {
        { "block", "By the block bound, $\\lambda = 1 / (2 \\sum_i b_i^2 c_i^2)$, $b_i$ and $c_i$ "
          "bounding from below what follows and what precedes block $i$" },
        { "joint", "By the joint bound, $\\lambda = 1 / (2 s^2)$, one matrix inequality of order "
          "$p d_l$ on the neighbourhood" },
        { "data", "By the data bound, $\\lambda = 1 / (2 s^2)$, one matrix inequality of order $p$ "
          "on the neighbourhood with norms on the output side" },
        { "point", "The neighbourhood is one point" }
    };
    const char *word = facts_word(f, "bound");
    size_t i;

    if (k->verdict == VERDICT_REFUTED)
        say(s, "By a counterexample");
    else if (!network_is_linear(P))
        say(s, "Through the last layer's gradient, $\\lambda = 1 / (2 f^2)$ where the smallest "
            "singular value of the weighted features is at least $f > 0$ on the neighbourhood");
    else if (word == NULL)
        say(s, "The weighted data are zero, so $h$ is constant");
    for (i = 0; i < sizeof table / sizeof *table && word != NULL; i++)
        if (strcmp(word, table[i].word) == 0)
            say(s, "%s", table[i].text);
    if (word != NULL && strcmp(word, "point") != 0)
        say(s, " ($\\mathrm{inj}(A)$ is the smallest $\\|A x\\|$ with $\\|x\\| = 1$, $\\eta_p$ the $p$-th largest "
            "singular value, $p$ the rank of $X D^{1/2}$, $X'$ independent rows of $X$ and $X = T X'$ on the "
            "weighted samples, $S = X' D X'^T$, $A_i$ and $P_i$ what precedes and follows block $i$)");
}
