/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include "kernel/number.h"
#include "kernel/scope.h"
#include "neighbourhood.h"

const char *const norm_words[NORM_KINDS + 1] = { "spectral", "frobenius", "feature", NULL };

void
neighbourhood_init(neighbourhood_t *N, norm_kind norm, slong n)
{
    N->norm = norm;
    N->n = n;
    N->radius = _fmpq_vec_init(n);
}

void
neighbourhood_set(neighbourhood_t *N, const value_t *norm, const value_t *radius)
{
    slong i;

    neighbourhood_init(N, norm->n, radius->n);
    for (i = 0; i < N->n; i++)
        fmpq_set(N->radius + i, radius->list + i);
}

void
neighbourhood_take(neighbourhood_t *N, const value_t *asked)
{
    slong i;

    for (i = 0; i < N->n; i++)
        fmpq_set(N->radius + i, asked->list + (asked->spread ? 0 : i));
}

void
neighbourhood_clear(neighbourhood_t *N)
{
    _fmpq_vec_clear(N->radius, N->n);
}

void
neighbourhood_widen(neighbourhood_t *N)
{
    slong i;

    for (i = 0; i < N->n; i++)
        number_round_up(N->radius + i, N->radius + i);
}

int
neighbourhood_is_point(const neighbourhood_t *N)
{
    slong i;

    for (i = 0; i < N->n; i++)
        if (!fmpq_is_zero(N->radius + i))
            return 0;
    return 1;
}

int
neighbourhood_is_open(const neighbourhood_t *N)
{
    slong i;

    for (i = 0; i < N->n; i++)
        if (fmpq_is_zero(N->radius + i))
            return 0;
    return 1;
}

const char *
refuse_radius_count(const value_t *radius, slong n, const char *what)
{
    static _Thread_local char message[100];

    if (radius->list == NULL || radius->spread || radius->n == n)
        return NULL;
    snprintf(message, sizeof message, "radius: %ld radii are needed, one per %s", (long) n, what);
    return message;
}

/* "\|W_2 - W_2^*\|_2 \le 1/5" */
static void
say_ball(say_t *s, const char *name, const char *star, const char *norm, const fmpq_t radius)
{
    say(s, "\\|%s - %s^%s\\|_%s \\le ", name, name, star, norm);
    say_number(s, radius);
}

void
say_neighbourhood(say_t *s, const problem_t *P, const neighbourhood_t *N, int biases,
                  const char *star)
{
    slong i, same = P->kind != NET_RESNET;      /* R and W are not numbered */
    char name[32];
    const char *norm = N->norm == NORM_FROBENIUS ? "F" : "2";

    for (i = 1; i < N->n; i++)
        same &= fmpq_equal(N->radius, N->radius + i);
    if (same && N->n > 1)
    {
        say_ball(s, network_block_symbol(P), star, norm, N->radius);
        if (biases)
        {
            say(s, ", ");
            say_ball(s, "b_k", star, "2", N->radius);
        }
        if (N->n == P->nblocks)
            say(s, " \\text{ for all } %s", network_block_indices(P));
        else
            say(s, " \\text{ for } k \\le %ld", (long) N->n);
        return;
    }
    for (i = 0; i < N->n; i++)
    {
        say(s, i == 0 ? "" : ", ");
        network_block_latex(name, sizeof name, P, i);
        say_ball(s, name, star, norm, N->radius + i);
        say(s, P->kind == NET_RESNET && i == P->l - 1 ? " \\text{ for the matrix } W" : "");
        if (biases && problem_bias(P, i) != NULL)
        {
            snprintf(name, sizeof name, "b_{%ld}", (long) i + 1);
            say(s, ", ");
            say_ball(s, name, star, "2", N->radius + i);
        }
    }
}

void
say_all_near(say_t *s, const problem_t *P, const value_t *norm, const value_t *radius)
{
    neighbourhood_t N;

    neighbourhood_set(&N, norm, radius);
    say(s, "all $W$ with $");
    say_neighbourhood(s, P, &N, P->b != NULL, "0");
    say(s, "$");
    neighbourhood_clear(&N);
}

void
say_not_below(say_t *s, const fmpq_t lambda, const fmpq_t lower)
{
    NUMBERS(q);

    number_div(q, lambda, lower);
    say(s, "No $\\lambda$ below $");
    say_decimal(s, lower, 5, 0);
    say(s, "$ is valid here (verified): certified / possible $\\le ");
    say_decimal(s, q, 4, 1);
    say(s, "$.\n");
}
