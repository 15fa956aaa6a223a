/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "global_minimizer.h"
#include "rules/definitions.h"

void
gm_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED, gap = c->value[GM_GAP].given;
    int attained = conclusion_found_si(k, GM_AT_MINIMUM, 1);
    const char *star = (!refuted && !gap) || attained ? "*" : "0";

    if (gap)
    {
        say(s, refuted ? "It is not true that $h(W^%s) - h^* \\le " : "$h(W^%s) - h^* \\le ", star);
        say_constant(s, c->value[GM_GAP].x, !refuted);
        say(s, "$.\n");
    }
    else
        say(s, refuted ? "The point $W^%s$ is not a global minimiser.\n"
            : "The point $W^%s$ is a global minimiser.\n", star);
    say(s, "$h(W^%s) = ", star);
    say_value(s, k->finding + GM_LOSS);
    say(s, "$%s.\n", refuted || gap ? "" : attained
        ? ", the infimum over all matrices in place of the product"
        : ", more than the infimum over all matrices: the narrowest layer limits the rank");
    say_here(s, P);
    say(s, gap ? ", $h^*$ is the infimum of $h$ over all $W$ and $W^%s$ the point of the problem.\n"
        : ", and $W^%s$ is the point of the problem.\n", star);
    if (refuted)
        say(s, "The certificate holds a better point.\n");
}

void
gm_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
              const facts_t *f)
{
    int attained = conclusion_found_si(k, GM_AT_MINIMUM, 1);

    (void) P;
    if (k->verdict == VERDICT_REFUTED)
        say(s, "By a better point");
    else if (attained)
        say(s, "$Z X D X^T = Y D X^T$ holds exactly for the product $Z$ of the layers, $D$ the diagonal of "
            "$2 \\cdot \\mathrm{scale} \\cdot \\mathrm{weight}$ of each sample");
    else if (k->found[GM_EXCESS])
        say(s, "By the dual bound of $h^*$ with a threshold $t$ and an excess $U$, $U \\ge 0$ and "
            "$U \\ge t I - \\Sigma$");
    else
        say(s, "The product captures an invariant subspace of $\\Sigma$ with the largest eigenvalues "
            "(Eckart and Young)");
}
