/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of text: comma-separated values by RFC 4180, other delimiters, columns apart by
   blanks.  libcsv knows the quotes. */
#include "config.h"
#include <csv.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "array.h"

typedef struct
{
    array_t *A;
    selection_t *s;
    const char *what;
    fault_t *err;
    slong record;               /* records begun, those left out too; blank ones count */
    slong field;                /* of this record, ... */
    slong kept;                 /* ... and how many of them were kept */
    slong width;                /* fields that every record has; 0: not known yet */
    slong blank;                /* the first blank record of those at the end, or 0 */
    slong columns_room, rows_room;
    char **name;                /* of the columns, from the header */
    slong names;
} reader_t;

/* The number of the record among the rows of data, from 1; <= 0 before them. */
static slong
data_row(const reader_t *r)
{
    return r->record - r->s->skip_rows - r->s->header;
}

static int
is_header(const reader_t *r)
{
    return r->s->header && data_row(r) == 0;
}

/* The record counts: its fields are numbers that are wanted. */
static int
is_wanted(const reader_t *r)
{
    return data_row(r) > 0 && indices_include(&r->s->rows, data_row(r));
}

static void
note_name(reader_t *r, const char *text)
{
    if ((r->names & (r->names - 1)) == 0)
        r->name = flint_realloc(r->name, (2 * r->names + 1) * sizeof *r->name);
    r->name[r->names] = flint_malloc(strlen(text) + 1);
    strcpy(r->name[r->names++], text);
}

/* The columns that were asked for by name, by number. */
static int
find_names(reader_t *r)
{
    indices_t *x = &r->s->columns;
    slong i, j;

    if (x->name == NULL)
        return 1;
    for (i = 0; i < x->n; i++)
        for (x->item[i] = 0, j = 0; j < r->names; j++)
            if (strcmp(x->name[i], r->name[j]) == 0)
            {
                if (x->item[i] != 0)
                    return error_set(r->err, EX_DATAERR, "%s: two columns are named \"%.60s\"", r->what,
                                     x->name[i]);
                x->item[i] = j + 1;
            }
    for (i = 0; i < x->n; i++)
        if (x->item[i] == 0)
        {
            char known[300] = "";
            for (j = 0; j < r->names; j++)
                snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", j == 0 ? "" : ", ",
                         r->name[j]);
            return error_set(r->err, EX_DATAERR, "%s: there is no column \"%.60s\" (there: %s)", r->what,
                             x->name[i], known);
        }
    indices_sort(x);
    return 1;
}

/* Digits, a comma, digits: a number to whom the comma is the point. */
static int
has_decimal_comma(const char *text)
{
    const char *digits = "0123456789";

    text += *text == '-' || *text == '+';
    if (strspn(text, digits) == 0)
        return 0;
    text += strspn(text, digits);
    return *text == ',' && strspn(text + 1, digits) > 0;
}

/* What may stand between numbers in a field that is none. */
static const char *
other_delimiter(const selection_t *s, const char *text)
{
    static const struct { char c; const char *advice; } others[] = {
        { ';', "; delimiter: \";\"?" }, { '\t', "; delimiter: tab?" }, { '|', "; delimiter: \"|\"?" },
        { ' ', "; delimiter: blank?" }, { ',', "; delimiter: \",\"?" }
    };
    size_t i;

    for (i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].c != s->delimiter && strchr(text, others[i].c) != NULL)
            return others[i].advice;
    return "";
}

/* x := the number, or the class of the word, that a field stands for. */
static int
set_entry(reader_t *r, fmpq_t x, const char *text)
{
    const selection_t *s = r->s;
    const char *wrong = NULL;
    slong k;

    if (s->label != NULL)
    {
        for (k = 0; k < s->classes && strcmp(s->label[k], text) != 0; k++)
            ;
        fmpq_set_si(x, k, 1);
        wrong = k < s->classes ? NULL : "is none of the words of one-hot";
    }
    else if (*text == '\0')
        wrong = "the field is empty";
    else if (has_decimal_comma(text))
        wrong = "a decimal comma; numbers are read with a point";
    else
        wrong = number_from_text(x, text);
    if (wrong == NULL)
        return 1;
    return error_set(r->err, EX_DATAERR, "%s: row %ld, column %ld: \"%.40s\": %s%s", r->what,
                     (long) r->record, (long) r->field, text, wrong, s->label == NULL ? other_delimiter(s, text) : "");
}

/* A new row of the array begins with this field. */
static int
begin_row(reader_t *r)
{
    array_t *A = r->A;

    if (A->columns > 0 && A->rows >= ARRAY_MAX_ENTRIES / A->columns)
        return error_set(r->err, EX_DATAERR, "%s: more than %d entries", r->what, ARRAY_MAX_ENTRIES);
    if (A->rows == r->rows_room)
    {
        r->rows_room = 2 * r->rows_room + 64;
        A->row = flint_realloc(A->row, r->rows_room * sizeof *A->row);
    }
    A->row[A->rows] = data_row(r);
    if (r->width > 0)
        array_add_row(A);
    return 1;
}

/* The first row of data says which columns there are. */
static void
add_column(reader_t *r)
{
    array_t *A = r->A;

    if (A->columns == r->columns_room)
    {
        r->columns_room = 2 * r->columns_room + 16;
        A->column = flint_realloc(A->column, r->columns_room * sizeof *A->column);
    }
    A->column[A->columns++] = r->field;
    A->rows = 0;
    array_add_row(A);
}

static void
on_field(void *text, size_t length, void *context)
{
    reader_t *r = context;
    array_t *A = r->A;

    (void) length;
    if (r->err->status != 0)
        return;
    r->field++;
    if (is_header(r))
        note_name(r, text);
    if (!is_wanted(r))
        return;
    if (r->blank > 0)
    {
        error_set(r->err, EX_DATAERR, "%s: row %ld is blank", r->what, (long) r->blank);
        return;
    }
    if (r->field == 1 && !begin_row(r))
        return;
    if (!indices_include(&r->s->columns, r->field) || (r->width > 0 && r->field > r->width))
        return;
    if (r->width == 0)
        add_column(r);
    set_entry(r, A->entry + (A->rows - 1) * A->columns + r->kept++, text);
}

static void
on_record(int end, void *context)
{
    reader_t *r = context;

    (void) end;
    if (r->err->status == 0 && r->field == 0 && is_wanted(r) && r->blank == 0)
        r->blank = r->record;
    else if (r->err->status == 0 && r->field > 0 && is_header(r))
        find_names(r);
    else if (r->err->status == 0 && r->field > 0 && is_wanted(r))
    {
        if (r->width == 0)
            r->width = r->field;
        if (r->field != r->width)
            error_set(r->err, EX_DATAERR, "%s: row %ld has %ld fields, the rows before it %ld", r->what,
                      (long) r->record, (long) r->field, (long) r->width);
    }
    r->field = r->kept = 0;
    r->record++;
}

static int
parse_delimited(reader_t *r, const char *text, size_t length)
{
    struct csv_parser p;
    size_t done;
    int ok;

    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_APPEND_NULL) != 0)
        return error_set(r->err, EX_OSERR, "%s: out of memory", r->what);
    csv_set_delim(&p, r->s->delimiter);
    done = csv_parse(&p, text, length, on_field, on_record, r);
    ok = done == length && csv_fini(&p, on_field, on_record, r) == 0;
    if (!ok && r->err->status == 0)
        error_set(r->err, csv_error(&p) == CSV_ENOMEM ? EX_OSERR : EX_DATAERR, "%s: row %ld: %s", r->what,
                  (long) r->record, csv_error(&p) == CSV_ENOMEM ? "out of memory"
                  : "a quote that is not at the ends of a field, or is never closed");
    csv_free(&p);
    return r->err->status == 0;
}

/* Fields apart by blanks, as numpy.savetxt and many programs write them; # begins a comment. */
static int
parse_blanks(reader_t *r, char *text, size_t length)
{
    char *line, *next, *end = text + length;

    for (line = text; line < end && r->err->status == 0; line = next)
    {
        char *p;
        next = line + strcspn(line, "\n");
        *next++ = '\0';
        line[strcspn(line, "#")] = '\0';
        for (p = line; *(p += strspn(p, " \t\r")) != '\0'; )
        {
            char *field = p;
            p += strcspn(p, " \t\r");
            if (*p != '\0')
                *p++ = '\0';
            on_field(field, strlen(field), r);
        }
        on_record('\n', r);
    }
    return r->err->status == 0;
}

/* \r\n := \n, and the mark of UTF-8 left out. */
static char *
plain_lines(char *text, size_t *length)
{
    char *begin = text, *from, *to;

    if (*length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        begin += 3;
    for (from = to = begin; from < text + *length; from++)
        if (from[0] != '\r' || from[1] != '\n')
            *to++ = *from;
    *to = '\0';
    *length = to - begin;
    return begin;
}

/* Everything that was asked for is there. */
static int
check_selection(const reader_t *r)
{
    const indices_t *rows = &r->s->rows, *columns = &r->s->columns;
    slong wanted = indices_last(rows), i;

    if (r->A->rows == 0 || (wanted > 0 && rows->item == NULL && r->A->rows < wanted - rows->first + 1))
        return error_set(r->err, EX_DATAERR, "%s: only %ld rows there", r->what, (long) r->A->rows);
    if (rows->item != NULL && r->A->row[r->A->rows - 1] < wanted)
        return error_set(r->err, EX_DATAERR, "%s: there is no row %ld", r->what, (long) wanted);
    wanted = indices_last(columns);
    if (wanted > r->width)
        return error_set(r->err, EX_DATAERR, "%s: there is no column %ld: row %ld has %ld", r->what,
                         (long) wanted, (long) (r->A->row[0] + r->s->skip_rows + r->s->header), (long) r->width);
    for (i = 0; columns->item != NULL && i < columns->n; i++)
        if (columns->item[i] < 1)
            return error_set(r->err, EX_DATAERR, "%s: columns are numbered from 1", r->what);
    return 1;
}

int
csv_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err)
{
    size_t length;
    char *text = read_file(path, &length, FILE_MAX_BYTES, err), *begin;
    reader_t r = { .A = A, .s = s, .what = what, .err = err, .record = 1 };
    slong i;
    int ok;

    if (text == NULL)
        return 0;
    if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        ok = error_set(err, EX_DATAERR, "%s: the text is UTF-16; save it as UTF-8", what);
    else if (length >= 4 && (memcmp(text, "\x1f\x8b", 2) == 0 || memcmp(text, "PK\3\4", 4) == 0
                             || memcmp(text, "\xfd" "7zX", 4) == 0 || memcmp(text, "\x28\xb5\x2f\xfd", 4) == 0))
        ok = error_set(err, EX_DATAERR, "%s: a compressed file; unpack it first", what);
    else if (strlen(text) != length)
        ok = error_set(err, EX_DATAERR, "%s: a zero byte: this is not a table of text", what);
    else if (s->columns.name != NULL && !s->header)
        ok = error_set(err, EX_DATAERR, "%s: columns by name need header: true", what);
    else
    {
        begin = plain_lines(text, &length);
        ok = s->delimiter == ' ' ? parse_blanks(&r, begin, length) : parse_delimited(&r, begin, length);
        ok = ok && check_selection(&r);
    }
    for (i = 0; i < r.names; i++)
        flint_free(r.name[i]);
    flint_free(r.name);
    flint_free(text);
    return ok;
}
