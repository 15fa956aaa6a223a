/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include "critical_point.h"
#include "rules/definitions.h"
#include "text/decimal.h"
#include "kernel/scope.h"

/* "9", "3.6180339..", the digits that the ends of the interval share, or
   "between 2 and 3.5" if these are few. */
static void
say_eigenvalue(say_t *s, const pattern_t *p, slong i)
{
    int digits;
    NUMBERS(x, y);

    if (fmpq_equal(p->low + i, p->high + i))
    {
        say_number(s, p->low + i);
        return;
    }
    for (digits = 8; digits > 2; digits--)
    {
        decimal_round(x, p->low + i, digits, 0);
        decimal_round(y, p->high + i, digits, 0);
        if (fmpq_equal(x, y) && fmpq_sgn(x) > 0)
            break;
    }
    if (digits > 2)
        say_first_digits(s, x, digits);
    else
    {
        say(s, "\\text{between }");
        say_decimal(s, p->low + i, 12, 0);
        say(s, "\\text{ and }");
        say_decimal(s, p->high + i, 12, 1);
    }
}

/* One pattern: the rank of W_l..W_{j+2} and what it captures of Sigma_j. */
static void
say_pattern(say_t *s, const problem_t *P, const pattern_t *p, slong j)
{
    slong i, l = P->l;

    if (l == 1)
        say(s, "The empty product");
    else if (l == j + 2)
        say(s, "$W_{%ld}$", (long) l);
    else
        say(s, "$W_{%ld} \\cdots W_{%ld}$", (long) l, (long) j + 2);
    say(s, " has rank %ld and captures, of the eigenvalues of ", (long) pattern_rank(p));
    if (j == 0)
        say(s, "$\\Sigma = Y X^{+} X Y^T$, $X^{+}$ the pseudoinverse: ");
    else
        say(s, j == 1 ? "$\\Sigma_{%ld} = Y (A X)^{+} A X Y^T$, $A = W_{%ld}$, ${}^{+}$ the pseudoinverse: "
            : "$\\Sigma_{%ld} = Y (A X)^{+} A X Y^T$, $A = W_{%ld} \\cdots W_1$, ${}^{+}$ the pseudoinverse: ", (long) j, (long) j);
    for (i = 0; i < p->n; i++)
    {
        say(s, i == 0 ? "$" : ", $");
        say_eigenvalue(s, p, i);
        say(s, "$ (%ld of %ld)", (long) p->captured[i], (long) p->multiplicity[i]);
    }
    say(s, ".\n");
}

/* The spectra and what the point captures of them, then its class. */
static void
say_patterns(say_t *s, const problem_t *P, const patterns_t *p)
{
    static const char *const class[CRITICAL_CLASSES] = {
        "a global minimiser (Zhou and Liang 2018, Propositions 2 and 5)",
        "of non-optimal order: an eigenvalue is captured, a larger one is not fully; it is not a local "
        "minimum (Theorem 2)",
        "of optimal order: none larger than a captured eigenvalue is left out, but the rank is smaller "
        "than the width allows; it is not a local minimum (Theorem 2)",
        "of deep-non-optimal order: for some k an eigenvalue is captured, a larger one is not fully; it "
        "is not a local minimum (Theorem 4)",
        "of deep-optimal order: none larger than a captured eigenvalue is left out, but the rank of the "
        "last layer is smaller than its width allows; it is not a local minimum (Theorem 4)",
        "of the kind that Zhou and Liang 2018, section 3, leave open"
    };
    slong j;

    for (j = 0; j < p->n; j++)
        say_pattern(s, P, p->pattern + j, j);
    say(s, "$h(W^*) = 1/2 (\\mathrm{tr}\\, Y Y^T - \\sum_i p_i \\sigma_i)$, $p_i$ being how much of the "
        "eigenvalue $\\sigma_i$ of $\\Sigma$ is captured.\n");
    if (!loss_is_plain(P))
    {
        say(s, "In these formulas $X D^{1/2}$ and $Y D^{1/2}$ stand for $X$ and $Y$, $D$ the diagonal of $");
        say_twice_scale(s, P);
        say(s, "$ for sample $i$.\n");
    }
    say(s, "The critical point is %s.\n", class[pattern_class(p->pattern, P)]);
}

/* The value of the loss and what the symbols mean. */
static void
say_rest(say_t *s, const problem_t *P, const conclusion_t *k, const char *star)
{
    say(s, ".  $h(W^%s) = ", star);
    say_value(s, k->finding + CP_LOSS);
    say(s, "$.\n");
    say_here(s, P);
    say(s, ", and $W^%s$ is the point of the problem.\n", star);
}

static const char *
star_of(const conclusion_t *k)
{
    return conclusion_found_si(k, CP_CRITICAL, 1) ? "*" : "0";
}

void
cp_say_gradient(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const value_t *most = c->value + CP_GRADIENT;
    const patterns_t *p = patterns_of(k->constant + CP_PATTERN);
    const char *star = star_of(k);
    int refuted = k->verdict == VERDICT_REFUTED;

    if (most->given)
    {
        say(s, "$\\|\\nabla h(W^%s)\\| %s ", star, refuted ? ">" : "\\le");
        say_constant(s, most->x, !refuted);
        say(s, "$");
    }
    else
        say(s, refuted ? "The gradient of $h$ does not vanish at $W^%s$"
            : "The gradient of $h$ vanishes at $W^%s$", star);
    say_rest(s, P, k, star);
    if (p != NULL)
        say_patterns(s, P, p);
}

void
cp_say(say_t *s, const problem_t *P, const conclusion_t *k, const char *proved, const char *refuted)
{
    const char *text = k->verdict == VERDICT_PROVED ? proved : refuted, *at = strchr(text, '#');

    say(s, "%.*s$W^%s$%s", (int) (at - text), text, star_of(k), at + 1);
    say_rest(s, P, k, star_of(k));
}

void
cp_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
              const facts_t *f)
{
    (void) P;
    if (conclusion_found_si(k, CP_GLOBAL_MINIMUM, 1))
        say(s, "The product attains the infimum over all matrices, or captures an invariant subspace of "
            "$\\Sigma$ with the largest eigenvalues (Eckart and Young)");
    else if (conclusion_found_si(k, CP_CURVE, 1))
        say(s, "The loss along a polynomial curve from the point, its gradient and its Hessian there are "
            "exact polynomials and matrices");
    else
        say(s, "The gradient is computed exactly from the second moments of the data");
}
