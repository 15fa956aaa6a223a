/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include "definitions.h"
#include "kernel/scope.h"

static void
say_layer(say_t *s, slong k)
{
    say(s, "W_{%ld}", (long) k);
}

/* W_l .. W_1 X */
static void
say_chain(say_t *s, const problem_t *P)
{
    slong k;

    if (P->l > 4)
    {
        say_layer(s, P->l);
        say(s, " \\cdots ");
        say_layer(s, 1);
    }
    for (k = P->l; k > 0 && P->l <= 4; k--)
    {
        say_layer(s, k);
        say(s, k > 1 ? " " : "");
    }
    say(s, " X");
}

/* (I + A_lr .. A_l1) .. (I + A_1r .. A_11) X */
static void
say_units(say_t *s, const problem_t *P)
{
    char last[40], first[40];
    slong k;

    for (k = P->l - 1; k >= 0; k--)
    {
        if (k > 0 && k < P->l - 1 && P->l > 3)
        {
            say(s, k == 1 ? "\\cdots " : "");
            continue;
        }
        network_block_latex(last, sizeof last, P, k * P->r + P->r - 1);
        network_block_latex(first, sizeof first, P, k * P->r);
        if (P->r == 1)
            say(s, "(I + %s) ", first);
        else
            say(s, P->r == 2 ? "(I + %s %s) " : "(I + %s \\cdots %s) ", last, first);
    }
    say(s, "X");
}

static void
say_activation(say_t *s, const activation_t *a)
{
    say(s, "%s", activation_name[a->kind]);
    if (activation_has_slope(a->kind))
    {
        say(s, " ");
        say_number(s, a->slope);
        say(s, a->kind == ACT_LEAKY_RELU ? " ($x$ for $x \\ge 0$, $x$ times this number below)"
            : " ($c x + (1 - c) \\log(1 + e^x)$, $c$ this number)");
    }
}

/* Skips and resnets: by their features H_k. */
static void
say_shortcuts(say_t *s, const problem_t *P)
{
    slong k, hidden = P->kind == NET_RESNET ? P->l - 2 : P->l - 1;

    if (P->kind == NET_RESNET)
        say(s, "W (X + R H_{%ld})", (long) hidden);
    else
    {
        say(s, "W_{%ld} [H_{%ld}", (long) P->l, (long) hidden);
        for (k = 0; k < P->skips; k++)
            say(s, "; H_{%ld}", (long) P->skip[k]);
        say(s, P->b != NULL ? "] + b_{%ld}" : "]", (long) P->l);
    }
    say(s, "\\text{, where } H_0 = X\\text{, } H_k = s_k(W_k H_{k-1}%s)%s", P->b != NULL ? " + b_k" : "",
        P->kind == NET_SKIP ? "\\text{ and } [A; B] \\text{ is } A \\text{ above } B" : "");
    for (k = 0; k < hidden; k++)
    {
        say(s, "\\text{, } s_{%ld} \\text{ = ", (long) k + 1);
        say_activation(s, P->act + k);
        say(s, "}");
    }
}

static void
say_layers(say_t *s, const problem_t *P)
{
    slong k;

    if (P->l == 2)
        say(s, P->b != NULL ? "W_2 s(W_1 X + b_1) + b_2" : "W_2 s(W_1 X)");
    else if (P->l == 1)
        say(s, P->b != NULL ? "W_1 X + b_1" : "W_1 X");
    else
        say(s, P->b != NULL ? "W_{%ld} s_{%ld}(\\cdots s_1(W_1 X + b_1)) + b_{%ld}"
            : "W_{%ld} s_{%ld}(\\cdots s_1(W_1 X))", (long) P->l, (long) P->l - 1, (long) P->l);
    for (k = 0; k < P->l - 1; k++)
    {
        if (P->l == 2)
            say(s, "\\text{, } s \\text{ = ");
        else
            say(s, "\\text{, } s_{%ld} \\text{ = ", (long) k + 1);
        say_activation(s, P->act + k);
        say(s, "}");
    }
}

void
say_map(say_t *s, const problem_t *P)
{
    say(s, "f(X) = ");
    if (network_has_shortcuts(P))
        say_shortcuts(s, P);
    else if (!network_is_linear(P))
        say_layers(s, P);
    else if (network_is_chain(P))
        say_chain(s, P);
    else
        say_units(s, P);
}

static int
is_weighted(const problem_t *P)
{
    slong i;

    for (i = 0; i < qmat_cols(P->X); i++)
        if (!fmpq_is_one(P->weights + i))
            return 1;
    return 0;
}

int
loss_is_unweighted(const problem_t *P)
{
    return !is_weighted(P);
}

int
loss_is_plain(const problem_t *P)
{
    NUMBERS(half);
    int plain;

    fmpq_set_si(half, 1, 2);
    plain = !is_weighted(P) && fmpq_equal(P->scale, half);
    return plain;
}

void
say_phi(say_t *s, const problem_t *P, const char *outputs, const char *entry)
{
    const char *w = is_weighted(P) ? "w_i " : "";

    say_number(s, P->scale);
    if (P->loss == LOSS_SQUARE && !is_weighted(P))
        say(s, " \\|%s - Y\\|_F^2", outputs);
    else if (P->loss == LOSS_SQUARE)
        say(s, " \\sum_i w_i \\sum_k (%s_{ki} - y_{ki})^2", entry);
    else if (P->loss == LOSS_CROSS_ENTROPY)
        say(s, " \\sum_i %s\\sum_k y_{ki} (\\log \\sum_j e^{%s_{ji}} - %s_{ki})", w, entry, entry);
    else if (P->loss == LOSS_LOGISTIC)
        say(s, " \\sum_i %s\\sum_k \\log(1 + e^{-y_{ki} %s_{ki}})", w, entry);
    else
        say(s, " \\sum_i %s\\sum_k \\max(0, 1 - y_{ki} %s_{ki})^{%ld}", w, entry, (long) P->power);
}

void
say_loss(say_t *s, const problem_t *P)
{
    say(s, "h(W) = ");
    if (P->loss == LOSS_SQUARE)
    {
        say_number(s, P->scale);
        say(s, is_weighted(P) ? " \\sum_i w_i \\|f(x_i) - y_i\\|^2" : " \\|f(X) - Y\\|_F^2");
    }
    else
        say_phi(s, P, "f(X)", "f");
    if (!fmpq_is_zero(P->weight_decay))
    {
        NUMBERS(half);
        fmpq_div_2exp(half, P->weight_decay, 1);
        say(s, " + ");
        say_number(s, half);
        say(s, " \\|W\\|_F^2");
    }
}

void
say_twice_scale(say_t *s, const problem_t *P)
{
    NUMBERS(x);

    fmpq_add(x, P->scale, P->scale);
    if (!fmpq_is_one(x) || !is_weighted(P))
        say_number(s, x);
    say(s, is_weighted(P) ? " w_i" : "");
}

void
say_here(say_t *s, const problem_t *P)
{
    say(s, "Here $");
    say_map(s, P);
    say(s, "$ and $");
    say_loss(s, P);
    say(s, is_weighted(P) ? "$ for the samples $x_i$, $y_i$ (columns of $X$, $Y$) and weights $w_i$ of the problem"
        : "$ for the data $X$, $Y$ of the problem");
    if (P->loss != LOSS_SQUARE)
        say(s, ", $f_{ki}$ and $y_{ki}$ being the entries of $f(X)$ and $Y$");
    if (!fmpq_is_zero(P->weight_decay))
        say(s, ", $\\|W\\|_F^2$ being the sum of the squares of all weights%s",
            P->b == NULL ? "" : P->decayed == DECAY_BIASES ? " and biases"
            : P->decayed == DECAY_HIDDEN_BIASES ? " and of the biases of the hidden layers" : ", biases left out");
}

void
say_local_minimum(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int is = (strcmp(c->rule->name, "local-minimum") == 0) == (k->verdict == VERDICT_PROVED);

    say(s, "The point $W^0$ is %s local minimum of $h$ as a function of all weights%s.\n", is ? "a" : "not a",
        P->b != NULL ? " and biases" : "");
    say_here(s, P);
    say(s, ", and $W^0$ is the point of the problem.\n");
}
