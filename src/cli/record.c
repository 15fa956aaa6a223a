/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "record.h"
#include "text/decimal.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif

const char *const record_keys[] = {
    "problem", "claim_number", "claim", "verdict", "certificate", "seconds", "title", "statement",
    "digest", "network", "shapes", "point", "version",
    "conclusion", "missing", "file", "line", "key", "role", "reason", "message", "status", NULL
};
#define ALWAYS 13

/* What a finding that is 1 says of the point; the first one that does counts. */
static const struct
{
    const char *finding, *point;
} point_status[] = {
    { "at_minimum", "global minimiser" },
    { "global_minimum", "global minimiser" },
    { "critical", "critical point" }
};

/* The length of the UTF-8 sequence at s, or 0: no overlong forms, no surrogates. */
static size_t
utf8_length(const unsigned char *s)
{
    size_t i, n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3
        : s[0] < 0xf5 ? 4 : 0;

    for (i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)
        || (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

json_t *
record_text(const char *s)
{
    text_t t;
    size_t n;
    json_t *v;

    if (s == NULL)
        return json_null();
    text_init(&t);
    for (; *s != '\0'; s += n == 0 ? 1 : n)
    {
        n = utf8_length((const unsigned char *) s);
        if (n == 0)
            text_printf(&t, "\xef\xbf\xbd");
        else
            text_append(&t, s, n);
    }
    v = json_stringn(t.data, t.len);
    text_clear(&t);
    return v;
}

json_t *
record_number(const fmpq_t x, int digits, int up)
{
    text_t exact, decimal;
    json_t *v;

    text_init(&exact);
    text_init(&decimal);
    text_fmpq(&exact, x);
    decimal_text(&decimal, x, digits + 1, up);
    v = json_pack("{s:s, s:s}", "exact", exact.data, "decimal", decimal.data);
    text_clear(&exact);
    text_clear(&decimal);
    return v;
}

json_t *
record_new(const char *problem, const char *verdict)
{
    json_t *record = json_object();
    int i;

    for (i = 0; i < ALWAYS; i++)
        record_set(record, record_keys[i], json_null());
    record_set(record, "problem", record_text(problem));
    record_set(record, "verdict", record_text(verdict));
    record_set(record, "version", record_text(PACKAGE_VERSION));
    return record;
}

void
record_set(json_t *record, const char *key, json_t *value)
{
    json_object_set_new(record, key, value);
}

void
record_seconds(json_t *record, double seconds)
{
    record_set(record, "seconds", json_real(round(1000 * seconds) / 1000));
}

static void
append_shape(json_t *shapes, const qmat_t A)
{
    json_array_append_new(shapes, json_pack("[I, I]", (json_int_t) qmat_rows(A),
                                            (json_int_t) qmat_cols(A)));
}

void
record_problem(json_t *record, const problem_t *P)
{
    json_t *shapes = json_array();
    slong i;

    for (i = 0; i < P->nblocks; i++)
        append_shape(shapes, P->W + i);
    append_shape(shapes, P->X);
    append_shape(shapes, P->Y);
    record_set(record, "network", record_text(network_name[P->kind]));
    record_set(record, "shapes", shapes);
}

/* A constant never takes the place of another key. */
static void
add(json_t *record, const char *key, json_t *value)
{
    if (json_object_get(record, key) == NULL)
        record_set(record, key, value);
    else
        json_decref(value);
}

/* One number if all are equal, with its second name; otherwise a list. */
static void
add_list(json_t *record, const value_t *v, const field_t *f, int digits, int up)
{
    slong i;
    int same = v->n > 0;
    json_t *list;

    for (i = 1; i < v->n; i++)
        same &= fmpq_equal(v->list, v->list + i);
    if (same)
    {
        add(record, f->name, record_number(v->list, digits, up));
        if (f->alias != NULL)
            add(record, f->alias, record_number(v->list, digits, up));
        return;
    }
    list = json_array();
    for (i = 0; i < v->n; i++)
        json_array_append_new(list, record_number(v->list + i, digits, up));
    add(record, f->name, list);
}

/* A type of a family's own: its JSON, or what stands in a certificate. */
static void
add_object(json_t *record, const value_t *v, const field_t *f, const problem_t *P)
{
    text_t s;
    json_t *keys = NULL;

    text_init(&s);
    if (f->type->json != NULL)
    {   /* ", "KEY": VALUE, ..." */
        f->type->json(&s, v, f, P);
        s.data[0] = '{';
        text_printf(&s, "}");
        keys = json_loadb(s.data, s.len, 0, NULL);
        json_object_update_missing(record, keys);
        json_decref(keys);
    }
    else
    {   /* behind the space */
        f->type->write(&s, v, f, P);
        add(record, f->name, record_text(s.data + 1));
    }
    text_clear(&s);
}

static void
add_value(json_t *record, const value_t *v, const field_t *f, const problem_t *P, int digits,
          int refuted)
{
    int up = ((f->flags & FIELD_UP) != 0) != refuted;

    if (f->type == &value_number)
        add(record, f->name, record_number(v->x, digits, up));
    else if (f->type == &value_choice)
        add(record, f->name, record_text(f->words[v->n]));
    else if (f->type == &value_list)
        add_list(record, v, f, digits, up);
    else
        add_object(record, v, f, P);
}

/* The sentences, as certify check prints them. */
static void
add_statement(json_t *record, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    text_t t;
    say_t plain = { &t, 0 };

    text_init(&t);
    c->rule->say(&plain, P, c, k);
    while (t.len > 0 && t.data[t.len - 1] == '\n')
        t.data[--t.len] = '\0';
    record_set(record, "statement", record_text(t.data));
    text_clear(&t);
}

static void
add_point(json_t *record, const conclusion_t *k)
{
    size_t s;
    slong i;

    for (s = 0; s < sizeof point_status / sizeof *point_status; s++)
        for (i = 0; k->rule->findings[i] != NULL; i++)
            if (strcmp(k->rule->findings[i], point_status[s].finding) == 0
                && conclusion_found_si(k, i, 1))
            {
                record_set(record, "point", record_text(point_status[s].point));
                return;
            }
}

void
record_claim(json_t *record, const problem_t *P, const claim_t *c, const conclusion_t *k,
             int digits)
{
    slong i;
    const field_t *f = c->rule->parameters;
    int refuted = k->verdict == VERDICT_REFUTED;

    add_statement(record, P, c, k);
    add_point(record, k);
    for (i = 0; f[i].name != NULL; i++)
        if (c->value[i].given)
            add_value(record, c->value + i, f + i, P, digits, refuted);
    f = k->rule->constants;
    for (i = 0; f[i].name != NULL; i++)
        if (k->constant[i].given && claim_value(c, f[i].name) == NULL)
            add_value(record, k->constant + i, f + i, P, digits, refuted);
    for (i = 0; k->rule->findings[i] != NULL; i++)
        if (k->found[i])
            add(record, k->rule->findings[i], record_number(k->finding + i, digits + 4, 0));
}

void
record_error(json_t *record, const char *file, long line, const char *key, const char *message,
             int status)
{
    record_set(record, "verdict", record_text("error"));
    record_set(record, "file", record_text(file));
    record_set(record, "line", line > 0 ? json_integer(line) : json_null());
    record_set(record, "key", key[0] != '\0' ? record_text(key) : json_null());
    record_set(record, "message", record_text(message));
    record_set(record, "status", json_integer(status));
}

int
record_is_constant(const char *key)
{
    int i;

    for (i = 0; record_keys[i] != NULL; i++)
        if (strcmp(record_keys[i], key) == 0)
            return 0;
    return 1;
}

void
record_write(text_t *t, const json_t *record)
{
    char *line = json_dumps(record, JSON_REAL_PRECISION(15));

    text_printf(t, "%s\n", line);
    free(line);
}
