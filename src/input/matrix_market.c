/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matrix Market exchange files (Boisvert, Pozo and Remington, NISTIR 5935): coordinate and
   array, real, integer and pattern, general, symmetric and skew-symmetric. */
#include "config.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include "array.h"

typedef struct
{
    char *p;                    /* the next line */
    slong line;
    array_t *A;
    const char *what;
    fault_t *err;
    int coordinate, pattern;
    int symmetric, sign;        /* the entry across the diagonal: sign times this one */
} reader_t;

static int
wrong(const reader_t *r, const char *reason)
{
    return error_set(r->err, EX_DATAERR, "%s: line %ld: %s", r->what, (long) r->line, reason);
}

static char *
next_line(reader_t *r)
{
    char *line = r->p;

    if (*line == '\0')
        return NULL;
    r->p += strcspn(r->p, "\n");
    if (*r->p != '\0')
        *r->p++ = '\0';
    r->line++;
    return line;
}

/* The next line that is neither blank nor a comment. */
static char *
data_line(reader_t *r)
{
    char *line;

    while ((line = next_line(r)) != NULL)
        if (line[strspn(line, " \t\r")] != '\0' && *line != '%')
            break;
    return line;
}

/* The next word of a line, ended there; "" if there is none. */
static char *
word(char **line)
{
    char *begin = *line + strspn(*line, " \t\r"), *end = begin + strcspn(begin, " \t\r");

    *line = end;
    if (*end != '\0')
        *(*line)++ = '\0';
    return begin;
}

static int
whole(const char *text, slong *x)
{
    char *end;

    if (!isdigit((unsigned char) *text) || strlen(text) > 18)
        return 0;
    *x = strtol(text, &end, 10);
    return *end == '\0';
}

static int
one_of(const char *text, const char *a, const char *b, const char *c)
{
    return strcasecmp(text, a) == 0 ? 1 : strcasecmp(text, b) == 0 ? 2 : strcasecmp(text, c) == 0 ? 3 : 0;
}

static int
read_banner(reader_t *r)
{
    char *line = next_line(r), *format, *field, *symmetry;
    int k;

    if (line == NULL || strcasecmp(word(&line), "%%MatrixMarket") != 0
        || strcasecmp(word(&line), "matrix") != 0)
        return wrong(r, "%%MatrixMarket matrix .. is expected");
    format = word(&line);
    field = word(&line);
    symmetry = word(&line);
    k = one_of(format, "coordinate", "array", "array");
    if (k == 0)
        return wrong(r, "coordinate or array is expected as the format");
    r->coordinate = k == 1;
    k = one_of(field, "real", "integer", "double");
    r->pattern = k == 0 && strcasecmp(field, "pattern") == 0 && r->coordinate;
    if (k == 0 && !r->pattern)
        return wrong(r, strcasecmp(field, "complex") == 0 ? "complex numbers are not read"
                     : "real, integer or (coordinate) pattern is expected as the field");
    k = one_of(symmetry, "general", "symmetric", "skew-symmetric");
    if (k == 0)
        return wrong(r, "general, symmetric or skew-symmetric is expected as the symmetry");
    r->symmetric = k > 1;
    r->sign = k == 3 ? -1 : 1;
    return 1;
}

static int
read_sizes(reader_t *r, slong *entries)
{
    char *line = data_line(r);
    listed_t shape = { .dimensions = 2 };

    if (line == NULL || !whole(word(&line), shape.shape) || !whole(word(&line), shape.shape + 1)
        || (r->coordinate && !whole(word(&line), entries)) || *word(&line) != '\0')
        return wrong(r, r->coordinate ? "rows, columns and the number of entries are expected"
                     : "rows and columns are expected");
    if (r->symmetric && shape.shape[0] != shape.shape[1])
        return wrong(r, "a symmetric matrix is square");
    if (!array_shape(r->A, &shape, r->what, r->err))
        return 0;
    r->A->rows = 0;
    while (r->A->rows < shape.shape[0])
        array_add_row(r->A);
    return 1;
}

/* Entry (i, j), from 0, := the number in text. */
static int
set_entry(reader_t *r, slong i, slong j, const char *text)
{
    array_t *A = r->A;
    fmpq *x = A->entry + i * A->columns + j;
    const char *why = number_from_text(x, text);

    if (why != NULL)
        return wrong(r, why);
    if (r->symmetric && i != j)
    {
        fmpq_set(A->entry + j * A->columns + i, x);
        if (r->sign < 0)
            fmpq_neg(A->entry + j * A->columns + i, x);
    }
    else if (r->sign < 0 && !fmpq_is_zero(x))
        return wrong(r, "the diagonal of a skew-symmetric matrix is zero");
    return 1;
}

static int
read_coordinates(reader_t *r, slong entries)
{
    char *line, *seen = flint_calloc(r->A->rows * r->A->columns, 1);
    slong i, j, k;
    int ok = 1;

    for (k = 0; k < entries && ok; k++)
    {
        line = data_line(r);
        if (line == NULL)
            ok = wrong(r, "fewer entries than announced");
        else if (!whole(word(&line), &i) || !whole(word(&line), &j) || i < 1 || j < 1
                 || i > r->A->rows || j > r->A->columns)
            ok = wrong(r, "a row and a column inside the matrix are expected");
        else if (r->symmetric && i < j)
            ok = wrong(r, "of a symmetric matrix only the lower triangle stands there");
        else if (seen[(i - 1) * r->A->columns + j - 1]++)
            ok = wrong(r, "this entry stands there twice");
        else
            ok = set_entry(r, i - 1, j - 1, r->pattern ? "1" : word(&line))
                && (*word(&line) == '\0' || wrong(r, "something follows the entry"));
    }
    flint_free(seen);
    return ok;
}

/* Column by column; of symmetric matrices the lower triangle. */
static int
read_columns(reader_t *r)
{
    slong i, j, n = r->A->rows;
    char *line = "";

    for (j = 0; j < r->A->columns; j++)
        for (i = r->symmetric ? j + (r->sign < 0) : 0; i < n; i++)
        {
            char *text;
            while (line != NULL && *(text = word(&line)) == '\0')
                line = data_line(r);
            if (line == NULL)
                return wrong(r, "fewer entries than rows and columns ask for");
            if (!set_entry(r, i, j, text))
                return 0;
        }
    return *word(&line) == '\0' || wrong(r, "more entries than rows and columns ask for");
}

int
matrix_market_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err)
{
    size_t length;
    char *text = read_file(path, &length, FILE_MAX_BYTES, err);
    reader_t r = { .p = text, .A = A, .what = what, .err = err, .sign = 1 };
    slong entries = 0;
    int ok;

    (void) s;
    if (text == NULL)
        return 0;
    ok = strlen(text) == length || wrong(&r, "a zero byte");
    ok = ok && read_banner(&r) && read_sizes(&r, &entries)
        && (r.coordinate ? read_coordinates(&r, entries) : read_columns(&r))
        && (data_line(&r) == NULL || wrong(&r, "more entries than announced"));
    flint_free(text);
    return ok;
}
