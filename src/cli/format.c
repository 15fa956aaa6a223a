/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <stdlib.h>
#include <string.h>
#include "format.h"
#include "record.h"

const char *const format_name[FORMATS] = { "text", "table", "csv", "json", "latex" };
const char *const format_prove[] = { "problem", "claim_number", "claim", "verdict", NULL };
const char *const format_check[] = { "certificate", "claim", "verdict", NULL };

/* A cell: numbers as decimals, or exactly, a list of them with spaces between; what has no
   short text, empty. */
static void
append_value(text_t *t, const json_t *v, int exact)
{
    size_t i;
    const json_t *number = json_object_get(v, exact ? "exact" : "decimal");

    if (json_is_string(v))
        text_append(t, json_string_value(v), json_string_length(v));
    else if (json_is_integer(v))
        text_printf(t, "%ld", (long) json_integer_value(v));
    else if (json_is_real(v))
        text_printf(t, "%.3f", json_real_value(v));
    else if (number != NULL)
        text_printf(t, "%s", json_string_value(number));
    for (i = 0; i < json_array_size(v); i++)
    {   /* a shape is a list in a list */
        text_append(t, json_is_array(json_array_get(v, 0)) ? ";" : " ", i > 0);
        append_value(t, json_array_get(v, i), exact);
    }
}

static const char *
name_at(const json_t *names, size_t i)
{
    return json_string_value(json_array_get(names, i));
}

/* The name of a constant that has a text, unless it is there already. */
static void
add_name(json_t *names, const char *key, const json_t *value)
{
    size_t i = 0;
    text_t cell;

    while (i < json_array_size(names) && strcmp(name_at(names, i), key) != 0)
        i++;
    text_init(&cell);
    append_value(&cell, value, 0);
    if (i == json_array_size(names) && record_is_constant(key)
        && strspn(cell.data, " ") < cell.len)
        json_array_append_new(names, json_string(key));
    text_clear(&cell);
}

/* The names of the constants that any record has, in order of appearance. */
static json_t *
constants_of(const json_t *records)
{
    json_t *names = json_array(), *record;
    size_t i;
    void *at;

    for (i = 0; i < json_array_size(records); i++)
    {
        record = json_array_get(records, i);
        for (at = json_object_iter(record); at != NULL; at = json_object_iter_next(record, at))
            add_name(names, json_object_iter_key(at), json_object_iter_value(at));
    }
    return names;
}

/* RFC 4180. */
static void
csv_cell(text_t *t, const char *cell, int first)
{
    text_append(t, ",", !first);
    if (cell[strcspn(cell, "\",\r\n")] == '\0')
    {
        text_printf(t, "%s", cell);
        return;
    }
    text_append(t, "\"", 1);
    for (; *cell != '\0'; cell++)
        text_printf(t, *cell == '"' ? "\"\"" : "%c", *cell);
    text_append(t, "\"", 1);
}

static void
csv_value(text_t *t, const json_t *v, int exact, int first)
{
    text_t cell;

    text_init(&cell);
    append_value(&cell, v, exact);
    csv_cell(t, cell.data, first);
    text_clear(&cell);
}

/* Every key is a column, every constant two: its decimal and its exact value. */
static void
csv_results(text_t *t, const json_t *records, const json_t *constants)
{
    size_t i, j;
    int k;

    for (k = 0; record_keys[k] != NULL; k++)
        csv_cell(t, record_keys[k], k == 0);
    for (j = 0; j < json_array_size(constants); j++)
    {
        csv_cell(t, name_at(constants, j), 0);
        text_printf(t, ",%s.exact", name_at(constants, j));
    }
    text_printf(t, "\r\n");
    for (i = 0; i < json_array_size(records); i++)
    {
        const json_t *record = json_array_get(records, i);
        for (k = 0; record_keys[k] != NULL; k++)
            csv_value(t, json_object_get(record, record_keys[k]), 0, k == 0);
        for (j = 0; j < json_array_size(constants); j++)
        {
            csv_value(t, json_object_get(record, name_at(constants, j)), 0, 0);
            csv_value(t, json_object_get(record, name_at(constants, j)), 1, 0);
        }
        text_printf(t, "\r\n");
    }
}

/* A table: cells row by row, the head first; the first columns are no constants. */
typedef struct
{
    slong rows, columns, fixed;
    text_t *cell;
} table_t;

/* In place: one line, no control codes. */
static void
flatten(text_t *cell)
{
    size_t i;

    for (i = 0; i < cell->len; i++)
        if ((unsigned char) cell->data[i] < 32 || cell->data[i] == 127)
            cell->data[i] = '?';
}

/* The key of column j. */
static const char *
key_at(const char *const *leading, slong fixed, const json_t *constants, slong j)
{
    return j < fixed ? leading[j] : name_at(constants, j - fixed);
}

static void
table_init(table_t *table, const json_t *records, const char *const *leading,
           const json_t *constants)
{
    slong i, j;
    const char *key;
    text_t *cell;

    for (table->fixed = 0; leading[table->fixed] != NULL; table->fixed++)
        ;
    table->rows = json_array_size(records) + 1;
    table->columns = table->fixed + json_array_size(constants);
    table->cell = cell = flint_malloc(table->rows * table->columns * sizeof *cell);
    for (i = 0; i < table->rows; i++)
        for (j = 0; j < table->columns; j++, cell++)
        {
            text_init(cell);
            key = key_at(leading, table->fixed, constants, j);
            if (i > 0)
                append_value(cell, json_object_get(json_array_get(records, i - 1), key), 0);
            else
                text_printf(cell, "%s", strcmp(key, "claim_number") == 0 ? "#" : key);
            flatten(cell);
        }
}

static void
table_clear(table_t *table)
{
    slong i;

    for (i = 0; i < table->rows * table->columns; i++)
        text_clear(table->cell + i);
    flint_free(table->cell);
}

/* The number of characters of UTF-8. */
static slong
width(const text_t *cell)
{
    size_t i;
    slong n = 0;

    for (i = 0; i < cell->len; i++)
        n += ((unsigned char) cell->data[i] & 0xc0) != 0x80;
    return n;
}

static void
write_aligned(text_t *t, const table_t *table)
{
    slong i, j, *widest = flint_calloc(table->columns, sizeof *widest);

    for (i = 0; i < table->rows * table->columns; i++)
        widest[i % table->columns] = FLINT_MAX(widest[i % table->columns], width(table->cell + i));
    for (i = 0; i < table->rows; i++)
    {
        for (j = 0; j < table->columns; j++)
        {
            const text_t *cell = table->cell + i * table->columns + j;
            text_printf(t, "%s%*s", cell->data, (int) (widest[j] - width(cell) + 2), "");
        }
        while (t->len > 0 && t->data[t->len - 1] == ' ')
            t->data[--t->len] = '\0';
        text_printf(t, "\n");
    }
    flint_free(widest);
}

/* The character at s, which is UTF-8; *s goes behind it. */
static unsigned long
next_character(const char **s)
{
    const unsigned char *p = (const unsigned char *) *s;
    unsigned long c = *p < 0x80 ? *p : *p < 0xe0 ? *p & 0x1f : *p < 0xf0 ? *p & 0x0f : *p & 0x07;

    for (p++; (*p & 0xc0) == 0x80; p++)
        c = c << 6 | (*p & 0x3f);
    *s = (const char *) p;
    return c;
}

/* What is not ASCII no font need have: its number is written. */
static void
latex_word(text_t *t, const char *cell)
{
    static const char special[] = "\\{}$&#^_~%<>|\"'`";
    unsigned long c;

    text_printf(t, "\\texttt{");
    while (*cell != '\0')
    {
        c = next_character(&cell);
        if (c >= 128)
            text_printf(t, "[U+%04lX]", c);
        else if (strchr(special, (int) c) != NULL)
            text_printf(t, "\\char%lu{}", c);
        else
            text_printf(t, "%c", (int) c);
    }
    text_printf(t, "}");
}

/* A decimal as a formula. */
static void
latex_number(text_t *t, const char *cell)
{
    const char *e = strchr(cell, 'e');

    if (e == NULL)
        text_printf(t, "$%s$", cell);
    else
        text_printf(t, "$%.*s\\times10^{%s}$", (int) (e - cell), cell, e + 1);
}

static void
latex_cell(text_t *t, const char *cell, int constant)
{
    if (constant && cell[0] != '\0' && cell[strspn(cell, "0123456789.e-")] == '\0')
        latex_number(t, cell);
    else if (cell[0] != '\0')
        latex_word(t, cell);
}

static void
write_tabular(text_t *t, const table_t *table)
{
    slong i, j;

    text_printf(t, "\\begin{tabular}{");
    for (j = 0; j < table->columns; j++)
        text_printf(t, "l");
    text_printf(t, "}\n");
    for (i = 0; i < table->rows; i++)
    {
        for (j = 0; j < table->columns; j++)
        {
            text_printf(t, j > 0 ? " & " : "");
            latex_cell(t, table->cell[i * table->columns + j].data, i > 0 && j >= table->fixed);
        }
        text_printf(t, i == 0 ? " \\\\\n\\hline\n" : " \\\\\n");
    }
    text_printf(t, "\\end{tabular}\n");
}

static void
json_lines(text_t *t, const json_t *records)
{
    size_t i;

    for (i = 0; i < json_array_size(records); i++)
        record_write(t, json_array_get(records, i));
}

void
format_results(text_t *t, format_kind format, const json_t *records, const char *const *leading)
{
    json_t *constants;
    table_t table;

    if (format == FORMAT_JSON)
    {
        json_lines(t, records);
        return;
    }
    constants = constants_of(records);
    if (format == FORMAT_CSV)
        csv_results(t, records, constants);
    else
    {
        table_init(&table, records, leading, constants);
        if (format == FORMAT_LATEX)
            write_tabular(t, &table);
        else
            write_aligned(t, &table);
        table_clear(&table);
    }
    json_decref(constants);
}
