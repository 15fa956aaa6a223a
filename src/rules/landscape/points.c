/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The constant "points": for each set of critical points whether it consists of local minima, two bounds of its loss, and a w in its cell. */
#include "kernel/limits.h"
#include "landscape.h"

static slong
width(const problem_t *P)
{
    return LANDSCAPE_W + qmat_rows(P->X);
}

static int
read_points(cursor_t *r, value_t *v, const field_t *f, const problem_t *P)
{
    slong n;

    (void) f;
    /* every number has a space before it */
    ENSURE(cursor_space(r) && cursor_count(r, &n, 0, (r->end - r->p) / (2 * width(P)), "the number of points"));
    value_set_list(v, n * width(P));
    return cursor_rationals(r, v->list, v->n, 1);
}

static void
write_points(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    slong i;

    (void) f;
    text_printf(t, " %ld", (long) (v->n / width(P)));
    for (i = 0; i < v->n; i++)
    {
        text_append(t, " ", 1);
        text_fmpq(t, v->list + i);
    }
}

static void
json(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    slong i, c;

    text_printf(t, ", \"%s\": [", f->name);
    for (i = 0; i < v->n; i += width(P))
    {
        text_printf(t, "%s{\"minimum\": %s, \"low\": \"", i == 0 ? "" : ", ", fmpq_is_zero(v->list + i + LANDSCAPE_MINIMUM) ? "false" : "true");
        text_fmpq(t, v->list + i + LANDSCAPE_POINT_LOW);
        text_printf(t, "\", \"high\": \"");
        text_fmpq(t, v->list + i + LANDSCAPE_POINT_HIGH);
        text_printf(t, "\", \"w\": [");
        for (c = 0; c < qmat_rows(P->X); c++)
        {
            text_printf(t, c == 0 ? "\"" : ", \"");
            text_fmpq(t, v->list + i + LANDSCAPE_W + c);
            text_printf(t, "\"");
        }
        text_printf(t, "]}");
    }
    text_printf(t, "]");
}

static int
equal_points(const value_t *a, const value_t *b, const problem_t *P)
{
    return value_list.equal(a, b, P);
}

const value_type_t value_critical_points = { read_points, NULL, write_points, equal_points, NULL, json };
