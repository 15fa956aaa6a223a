/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "json.h"
#include "text/decimal.h"

void
json_string(text_t *t, const char *s)
{
    text_printf(t, "\"");
    for (; *s != '\0'; s++)
        if (*s == '"' || *s == '\\')
            text_printf(t, "\\%c", *s);
        else if ((unsigned char) *s < 32)
            text_printf(t, "\\u%04x", *s);
        else
            text_printf(t, "%c", *s);
    text_printf(t, "\"");
}

void
json_number(text_t *t, const char *key, const fmpq_t x, int digits, int up)
{
    if (key != NULL)
        text_printf(t, ", \"%s\": ", key);
    text_printf(t, "{\"exact\": \"");
    text_fmpq(t, x);
    text_printf(t, "\", \"decimal\": \"");
    decimal_text(t, x, digits + 1, up);
    text_printf(t, "\"}");
}

/* One number if all are equal, with its second name; otherwise a list. */
static void
json_list(text_t *t, const value_t *v, const field_t *f, int digits, int up)
{
    slong i;
    int same = v->n > 0;

    for (i = 1; i < v->n; i++)
        same &= fmpq_equal(v->list, v->list + i);
    if (same)
    {
        json_number(t, f->name, v->list, digits, up);
        if (f->alias != NULL)
            json_number(t, f->alias, v->list, digits, up);
        return;
    }
    text_printf(t, ", \"%s\": [", f->name);
    for (i = 0; i < v->n; i++)
    {
        text_printf(t, i == 0 ? "" : ", ");
        json_number(t, NULL, v->list + i, digits, up);
    }
    text_printf(t, "]");
}

static void
json_value(text_t *t, const value_t *v, const field_t *f, const problem_t *P, int digits, int refuted)
{
    int up = ((f->flags & FIELD_UP) != 0) != refuted;
    text_t s;

    if (f->type == &value_number)
        json_number(t, f->name, v->x, digits, up);
    else if (f->type == &value_choice)
        text_printf(t, ", \"%s\": \"%s\"", f->name, f->words[v->n]);
    else if (f->type == &value_list)
        json_list(t, v, f, digits, up);
    else if (f->type->json != NULL)
        f->type->json(t, v, f, P);
    else
    {
        text_init(&s);
        f->type->write(&s, v, f, P);
        text_printf(t, ", \"%s\": ", f->name);
        json_string(t, s.data + 1);     /* behind the space */
        text_clear(&s);
    }
}

void
json_claim(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k, int digits)
{
    slong i;
    const field_t *f = c->rule->parameters;
    int refuted = k->verdict == VERDICT_REFUTED;

    for (i = 0; f[i].name != NULL; i++)
        if (c->value[i].given)
            json_value(t, c->value + i, f + i, P, digits, refuted);
    f = k->rule->constants;
    for (i = 0; f[i].name != NULL; i++)
        if (k->constant[i].given && claim_value(c, f[i].name) == NULL)
            json_value(t, k->constant + i, f + i, P, digits, refuted);
    for (i = 0; k->rule->findings[i] != NULL; i++)
        if (k->found[i])
            json_number(t, k->rule->findings[i], k->finding + i, digits + 4, 0);
}
