/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include "factors.h"

#define MOST_FACTORS 64

void
factors_clear(factors_t *f)
{
    flint_free(f->factor);
}

/* The name of a factor; an empty string behind the last block. */
static void
name_of(char *buf, size_t size, slong i, const problem_t *P)
{
    buf[0] = '\0';
    if (i == FACTOR_X || i == FACTOR_Y)
        snprintf(buf, size, i == FACTOR_X ? "X" : "Y");
    else if (i < P->nblocks)
        problem_block_name(buf, size, P, i);
}

static const qmat_struct *
matrix_of(slong i, const problem_t *P)
{
    return i == FACTOR_X ? P->X : i == FACTOR_Y ? P->Y : P->W + i;
}

/* The factor named text[0..len); nblocks + 1 if there is none. */
static slong
find(const char *text, size_t len, const problem_t *P)
{
    char name[32];
    slong i;

    for (i = FACTOR_Y; i <= P->nblocks; i++)
    {
        name_of(name, sizeof name, i, P);
        if (name[0] != '\0' && strlen(name) == len && memcmp(text, name, len) == 0)
            return i;
    }
    return P->nblocks + 1;
}

const char *
factors_parse(factors_t *f, const char **p, const char *end, const problem_t *P)
{
    slong i, width = 0;
    const char *stop;

    f->factor = flint_malloc(MOST_FACTORS * sizeof *f->factor);
    while (1)
    {
        if (f->n == MOST_FACTORS)
            return "too many matrices in one product";
        for (stop = *p; stop < end && *stop != '*' && *stop != ')'; stop++)
            ;
        i = find(*p, stop - *p, P);
        if (i > P->nblocks)
            return "a matrix is expected: X, Y, or a block like W_1";
        if (i == 0 && qmat_rows(P->features) > 0)
            return "W_1 is not rational where features are given";
        if (f->n > 0 && width != qmat_rows(matrix_of(i, P)))
            return "the shapes of these matrices do not fit";
        width = qmat_cols(matrix_of(i, P));
        f->factor[f->n++] = i;
        *p = stop;
        if (*p == end || **p != '*')
            return NULL;
        ++*p;
    }
}

void
factors_text(text_t *t, const factors_t *f, const problem_t *P)
{
    char name[32];
    slong i;

    for (i = 0; i < f->n; i++)
    {
        name_of(name, sizeof name, f->factor[i], P);
        text_printf(t, "%s%s", i == 0 ? "" : "*", name);
    }
}

const qmat_struct *
factors_product(qmat_t A, const factors_t *f, const problem_t *P)
{
    const qmat_struct *product = matrix_of(f->factor[0], P);
    slong i;

    for (i = 1; i < f->n; i++, product = A)
        qmat_mul(A, product, matrix_of(f->factor[i], P));
    return product;
}

int
factors_use_samples(const factors_t *f)
{
    slong i;

    for (i = 0; i < f->n; i++)
        if (f->factor[i] < 0)
            return 1;
    return 0;
}
