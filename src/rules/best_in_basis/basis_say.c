/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sentences about bases of outputs. */
#include "basis.h"

#define TANGENT "all outputs $G = f(X) + J \\beta$, $J$ being the derivative of the outputs $f(X)$ on the samples by all weights%s " \
                "at the point of the problem"

void
basis_say_members(say_t *s, const basis_t *b, const problem_t *P)
{
    static const char *const plain[BASIS_KINDS] = {
        [BASIS_FUNCTIONS] = "all functions $g$ of the sample $x$",
        [BASIS_INPUTS] = "all maps $g(x) = A x + a$ with matrices $A$ and vectors $a$",
        [BASIS_LAST] = "the maps $g$ of all networks whose layers but the last are those of the point of the problem",
        [BASIS_RESIDUAL] = "all maps $g(x) = A x + B z(x)$ with matrices $A$ and $B$, $z(x)$ being the features at the point of "
                           "the problem that $R$ multiplies",
        [BASIS_CELL] = "all linear combinations $G$ of the outputs on the samples of networks with the activation pattern of "
                       "the point of the problem, the same units active on the same samples",
        [BASIS_FLAT] = TANGENT,
        [BASIS_TANGENT] = TANGENT
    };
    slong i;

    for (i = 0; i < b->n; i++)
        say(s, "%sA_{%ld} h_{%ld}(x)", i > 0 ? " + " : "all maps $g(x) = ", (long) b->layer[i], (long) b->layer[i]);
    if (b->kind == BASIS_CHAIN)
        say(s, "all sums $G$ of $A H_{%ld}$ and, for all chains, of $B$ times the rows of $H_k$ multiplied entry by entry by $m$, with "
            "matrices $A$ and $B$", (long) P->l - 1);
    else if (plain[b->kind] != NULL)
        say(s, plain[b->kind], P->b != NULL ? " and biases" : "");
    else
        say(s, " + a$ with matrices $A_k$ and vectors $a$, $h_k(x)$ being the features of hidden layer $k$ at "
            "the point of the problem%s", b->layer[0] == 0 ? " and $h_0(x) = x$" : "");
    if (b->kind == BASIS_FLAT)
        say(s, ", plus what the outputs change, to first order, if $C_k F_k$ is added to the pre-activations of layer $k + 1$, $C$ being "
            "matrices $C_k$ for all hidden layers $k$");
    if (P->kind == NET_RESNET && b->n > 0 && b->layer[b->n - 1] == P->l - 1)
        say(s, ", $h_{%ld}(x) = x + R h_{%ld}(x)$", (long) P->l - 1, (long) P->l - 2);
}

void
basis_say_terms(say_t *s, const basis_t *b, const problem_t *P)
{
    const char *ones = P->b != NULL ? ", and a row of ones where that layer has a bias" : "";

    if (b->kind == BASIS_CHAIN)
        say(s, "$H_k$ is the input of layer $k + 1$ on the samples at the point of the problem%s. A chain behind layer $k$ consists of sets $J_q$ "
            "of at least %ld units for the layers $q$ from $k + 1$ to %ld, units of identity, relu or leaky-relu, those of $J_q$ having the same "
            "slopes $d_q$ on the samples, no weight leading from $J_q$ to a unit outside $J_{q + 1}$ for $q < %ld$; $m$ is the product, entry by "
            "entry, of its $d_q$.\n", ones, (long) qmat_rows(P->Y), (long) P->l - 1, (long) P->l - 1);
    if (b->kind != BASIS_FLAT)
        return;
    say(s, "$H_k$ is the input of layer $k + 1$ on the samples at the point of the problem%s%s; the rows of $F_k$ are, for each free unit of layer $k$, "
        "those of $H_{k - 1}$ multiplied entry by entry by the slopes of this unit on the samples. A unit of layer $k$ is free if it has a "
        "coefficient that is not 0 in a linear dependence of the rows of $H_k$", ones, P->kind == NET_RESNET ? " ($R$ and $W$ are the last two "
        "layers, $X + R H$ the input of the last one)" : "");
    if (!network_is_rational(P))
        say(s, " (if a layer up to $k$ is not of identity, relu or leaky-relu: if another unit of layer $k$%s has the same weights%s)",
            P->kind == NET_RESNET ? ", one of $z$," : "", P->b != NULL ? " and bias" : "");
    if (P->skips == 0)
        say(s, ", or if the columns of weights that lead away from the units of layer $k$ with its slopes are linearly dependent");
    if (P->skips == 0 && !network_is_rational(P))
        say(s, " (if layer $k$ is not of identity, relu or leaky-relu: if all weights that lead away from the unit are 0; if then the layer has a bias "
            "and its activation is not smooth-leaky 1, and the layers below are of identity, relu or leaky-relu, the rows of $F_k$ are instead the "
            "indicators of the distinct columns of $H_{k - 1}$)");
    say(s, ".\n");
}
