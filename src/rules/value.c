/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include "kernel/limits.h"
#include "value.h"

void
value_init(value_t *v)
{
    memset(v, 0, sizeof *v);
    fmpq_init(v->x);
}

void
value_clear(value_t *v, const field_t *f)
{
    fmpq_clear(v->x);
    if (v->list != NULL)
        _fmpq_vec_clear(v->list, v->n);
    if (v->object != NULL)
        f->type->clear(v->object);
}

void
value_set_list(value_t *v, slong n)
{
    if (v->list != NULL)
        _fmpq_vec_clear(v->list, v->n);
    v->n = n;
    v->list = _fmpq_vec_init(n);
    v->given = 1;
}

void
value_set(value_t *v, const value_t *w)
{
    slong i;

    v->given = w->given;
    v->word = w->word;
    v->spread = w->spread;
    fmpq_set(v->x, w->x);
    if (w->list != NULL)
        value_set_list(v, w->n);
    v->given = w->given;
    v->n = w->n;
    for (i = 0; w->list != NULL && i < w->n; i++)
        fmpq_set(v->list + i, w->list + i);
}

const char *
value_misfit(const fmpq_t x, const field_t *f)
{
    if ((f->flags & FIELD_FRACTION) && (fmpq_sgn(x) <= 0 || fmpq_cmp_si(x, 1) >= 0))
        return "must be between 0 and 1";
    if ((f->flags & FIELD_POSITIVE) && fmpq_sgn(x) <= 0)
        return "must be positive";
    if ((f->flags & FIELD_FROM_ONE) && fmpq_cmp_si(x, 1) < 0)
        return "must be at least 1";
    if ((f->flags & FIELD_WHOLE) && !fmpz_is_one(fmpq_denref(x)))
        return "must be a whole number";
    return fmpq_sgn(x) < 0 ? "is negative" : NULL;
}

slong
fields_count(const field_t *f)
{
    slong n = 0;

    while (f[n].name != NULL)
        n++;
    return n;
}

value_t *
values_init(const field_t *f)
{
    slong i, n = fields_count(f);
    value_t *v = flint_malloc((n + 1) * sizeof *v);

    for (i = 0; i < n; i++)
    {
        value_init(v + i);
        if (f[i].type == &value_choice)
            v[i].n = f[i].standard;
    }
    return v;
}

void
values_clear(value_t *v, const field_t *f)
{
    slong i;

    for (i = 0; f[i].name != NULL; i++)
        value_clear(v + i, f + i);
    flint_free(v);
}

static int
read_number(cursor_t *r, value_t *v, const field_t *f, const problem_t *P)
{
    const char *wrong;

    (void) P;
    ENSURE(cursor_space(r) && cursor_rational(r, v->x));
    wrong = value_misfit(v->x, f);
    return wrong == NULL || cursor_reject(r, "%s %s", f->name, wrong);
}

static void
write_number(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    (void) P;
    text_append(t, " ", 1);
    text_fmpq(t, v->x);
}

static int
equal_numbers(const value_t *a, const value_t *b, const problem_t *P)
{
    (void) P;
    return fmpq_equal(a->x, b->x);
}

static int
read_choice(cursor_t *r, value_t *v, const field_t *f, const problem_t *P)
{
    int k, n = 0;

    (void) P;
    while (f->words[n] != NULL)
        n++;
    ENSURE(cursor_space(r) && cursor_choice(r, &k, f->words, n, f->name));
    v->n = k;
    return 1;
}

static void
write_choice(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    (void) P;
    text_printf(t, " %s", f->words[v->n]);
}

static int
equal_choices(const value_t *a, const value_t *b, const problem_t *P)
{
    (void) P;
    return a->n == b->n;
}

static int
read_list(cursor_t *r, value_t *v, const field_t *f, const problem_t *P)
{
    slong i, n;

    (void) P;
    ENSURE(cursor_space(r) && cursor_count(r, &n, 0, limit(f->flags & FIELD_WHOLE ? LIMIT_COLUMNS : LIMIT_LAYERS), "the length of the list"));
    value_set_list(v, n);
    ENSURE(cursor_rationals(r, v->list, n, 1));
    for (i = 0; i < n; i++)
        if (value_misfit(v->list + i, f) != NULL)
            return cursor_reject(r, "%s %s", f->name, value_misfit(v->list + i, f));
    return 1;
}

static void
write_list(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    slong i;

    (void) P;
    text_printf(t, " %ld", (long) v->n);
    for (i = 0; i < v->n; i++)
    {
        text_append(t, " ", 1);
        text_fmpq(t, v->list + i);
    }
}

static int
equal_lists(const value_t *a, const value_t *b, const problem_t *P)
{
    slong i;

    (void) P;
    for (i = 0; a->n == b->n && i < a->n; i++)
        if (!fmpq_equal(a->list + i, b->list + i))
            return 0;
    return a->n == b->n;
}

const value_type_t value_number = { read_number, NULL, write_number, equal_numbers, NULL, NULL };
const value_type_t value_choice = { read_choice, NULL, write_choice, equal_choices, NULL, NULL };
const value_type_t value_list = { read_list, NULL, write_list, equal_lists, NULL, NULL };
