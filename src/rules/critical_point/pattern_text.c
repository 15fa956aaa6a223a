/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns in certificates and in JSON. */
#include "pattern.h"

const patterns_t *
patterns_of(const value_t *v)
{
    return v->given ? v->object : NULL;
}

pattern_t *
patterns_add(value_t *v, slong n)
{
    patterns_t *s;

    if (v->object == NULL)
        v->object = flint_calloc(1, sizeof *s);
    s = v->object;
    v->given = 1;
    s->pattern = flint_realloc(s->pattern, (s->n + 1) * sizeof *s->pattern);
    pattern_init(s->pattern + s->n, n);
    return s->pattern + s->n++;
}

static void
clear(void *object)
{
    patterns_t *s = object;

    while (s->n > 0)
        pattern_clear(s->pattern + --s->n);
    flint_free(s->pattern);
    flint_free(s);
}

void
patterns_drop(value_t *v)
{
    if (v->object != NULL)
        clear(v->object);
    v->object = NULL;
    v->given = 0;
}

/* " 0 2 9 9 1 1 4 4 2 0 pattern 1 ..": the word before the first is read. */
static int
read_value(cursor_t *r, value_t *v, const field_t *f, const problem_t *P)
{
    slong i, k = 0, n, same, d = qmat_rows(P->Y);
    pattern_t *p;

    do
    {
        ENSURE(cursor_space(r) && cursor_count(r, &same, k, k, "the number of the pattern")
               && cursor_space(r) && cursor_count(r, &n, 1, d, "the number of eigenvalues"));
        p = patterns_add(v, n);
        for (i = 0; i < n; i++)
            ENSURE(cursor_space(r) && cursor_rational(r, p->low + i)
                   && cursor_space(r) && cursor_rational(r, p->high + i)
                   && cursor_space(r) && cursor_count(r, p->multiplicity + i, 1, d, "a multiplicity")
                   && cursor_space(r)
                   && cursor_count(r, p->captured + i, 0, d, "a captured multiplicity"));
        k++;
    }
    while (cursor_take_next(r, f->name));
    return 1;
}

static void
write_value(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    const patterns_t *s = patterns_of(v);
    slong i, j;

    (void) P;
    for (j = 0; j < s->n; j++)
    {
        const pattern_t *p = s->pattern + j;
        if (j > 0)
            text_printf(t, " %s", f->name);
        text_printf(t, " %ld %ld", (long) j, (long) p->n);
        for (i = 0; i < p->n; i++)
        {
            text_append(t, " ", 1);
            text_fmpq(t, p->low + i);
            text_append(t, " ", 1);
            text_fmpq(t, p->high + i);
            text_printf(t, " %ld %ld", (long) p->multiplicity[i], (long) p->captured[i]);
        }
    }
}

/* , "class": "..", "patterns": [{"rank": .., "eigenvalues": [..]}, ..] */
static void
json(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    const patterns_t *s = patterns_of(v);
    slong i, j;

    text_printf(t, ", \"class\": \"%s\", \"patterns\": [", critical_name[pattern_class(s->pattern, P)]);
    for (j = 0; j < s->n; j++)
    {
        const pattern_t *p = s->pattern + j;
        text_printf(t, "%s{\"rank\": %ld, \"eigenvalues\": [", j == 0 ? "" : ", ",
                    (long) pattern_rank(p));
        for (i = 0; i < p->n; i++)
        {
            text_printf(t, "%s{\"low\": \"", i == 0 ? "" : ", ");
            text_fmpq(t, p->low + i);
            text_printf(t, "\", \"high\": \"");
            text_fmpq(t, p->high + i);
            text_printf(t, "\", \"multiplicity\": %ld, \"captured\": %ld}", (long) p->multiplicity[i],
                        (long) p->captured[i]);
        }
        text_printf(t, "]}");
    }
    text_printf(t, "]");
}

const value_type_t value_patterns = { read_value, NULL, write_value, NULL, clear, json };
