/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The matrix forms of a problem file. */
#include "config.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "array.h"
#include "reader.h"
#include "kernel/limits.h"

/* What a matrix may be, for messages. */
static int
expected(ctx_t *c, const ynode_t *n, const char *key)
{
    char files[300] = "";
    const file_kind_t *k;

    for (k = file_kinds; k->key != NULL; k++)
        snprintf(files + strlen(files), sizeof files - strlen(files), ", %s", k->example);
    return yaml_bad(c, n, key, "a matrix is expected here: [[1, 2], [3, 4]], {identity: 3}, "
                    "{diagonal: [2, 1]}, {zeros: [2, 3]}%s", files);
}

/* The path of a data file: relative, and inside the folder of the problem. */
static int
data_path(ctx_t *c, const ynode_t *n, const char *key, char full[PATH_MAX])
{
    static const char leaves[] = "\"%s\" %s the folder of the problem file; --allow-outside allows that";
    char joined[PATH_MAX];
    size_t len = strlen(c->folder);
    int outside = c->options->allow_outside;

    if (n->kind != YAML_SCALAR || n->text[0] == '\0')
        return yaml_bad(c, n, key, "a file name is expected here");
    if (!outside && (n->text[0] == '/' || strstr(n->text, "..") != NULL))
        return yaml_bad(c, n, key, leaves, n->text, "leaves");
    if (snprintf(joined, sizeof joined, "%s/%s", n->text[0] == '/' ? "" : c->folder, n->text)
        >= (int) sizeof joined)
        return yaml_bad(c, n, key, "the path is too long");
    if (realpath(joined, full) == NULL)
        return error_set(c->err, EX_NOINPUT, "%s:%ld: %s: there is no file \"%s\" beside the problem",
                         c->path, n->line, key, n->text);
    if (!outside && strcmp(c->folder, "/") != 0
        && (strncmp(full, c->folder, len) != 0 || full[len] != '/'))
        return yaml_bad(c, n, key, leaves, n->text, "is a link that leaves");
    return 1;
}

static int
range(ctx_t *c, const ynode_t *n, const char *key, slong *first, slong *last)
{
    char *end;
    long a = 0, b = 0;

    if (n->kind == YAML_SCALAR && n->text[0] >= '0' && n->text[0] <= '9')
    {
        a = b = strtol(n->text, &end, 10);
        if (*end == '-' && end[1] >= '0' && end[1] <= '9')
            b = strtol(end + 1, &end, 10);
        if (*end != '\0')
            a = 0;
    }
    if (a < 1 || b < a || b > 100000000)
        return yaml_bad(c, n, key, "a range like 1-4 is expected here");
    *first = a;
    *last = b;
    return 1;
}

/* 1 if a scalar is a number or a range, not the name of a column. */
static int
is_number(const ynode_t *n)
{
    return n->kind == YAML_SCALAR && n->text[strspn(n->text, "0123456789-")] == '\0';
}

static char *
copy_text(const char *text)
{
    char *copy = flint_malloc(strlen(text) + 1);

    return strcpy(copy, text);
}

/* A list of numbers or of names, or (alone) one of them. */
static int
read_list(ctx_t *c, const ynode_t *n, const char *key, indices_t *x)
{
    size_t count = n->kind == YAML_LIST ? n->count : 1, i;
    ynode_t *const *item = n->item;
    int names = !is_number(n->kind == YAML_LIST && count > 0 ? item[0] : n);

    if (count == 0)
        return yaml_bad(c, n, key, "the list is empty");
    x->item = flint_calloc(count, sizeof *x->item);
    x->name = names ? flint_calloc(count, sizeof *x->name) : NULL;
    x->n = count;
    for (i = 0; i < count; i++)
    {
        const ynode_t *v = n->kind == YAML_LIST ? item[i] : n;
        if (names && v->kind != YAML_SCALAR)
            return yaml_bad(c, v, key, "the name of a column is expected here");
        if (names)
            x->name[i] = copy_text(v->text);
        else if (!yaml_whole(c, v, key, 1, 100000000, x->item + i))
            return 0;
    }
    indices_sort(x);
    return 1;
}

/* KEY: 2-5, KEY: [1, 3], or ONE: 3. */
static int
read_indices(ctx_t *c, const ynode_t *map, const char *key, const char *one, int names, indices_t *x)
{
    const ynode_t *v = ynode_get(map, key), *single = ynode_get(map, one);
    int ok = 1;

    if (v != NULL && single != NULL)
        return yaml_bad(c, map, one, "%s and %s exclude each other", one, key);
    key = v == NULL ? one : key;
    v = v == NULL ? single : v;
    if (v == NULL)
        return 1;
    if (v->kind == YAML_LIST || (names && !is_number(v)))
        ok = read_list(c, v, key, x);
    else
        ok = range(c, v, key, &x->first, &x->last);
    if (ok && x->name != NULL && !names)
        ok = yaml_bad(c, v, key, "numbers from 1 are expected here");
    return ok;
}

static int
read_flag(ctx_t *c, const ynode_t *map, const char *key, int *flag)
{
    const ynode_t *v = ynode_get(map, key);

    if (v == NULL)
        return 1;
    if (v->kind == YAML_SCALAR && (strcmp(v->text, "true") == 0 || strcmp(v->text, "yes") == 0))
        *flag = 1;
    else if (v->kind != YAML_SCALAR || (strcmp(v->text, "false") != 0 && strcmp(v->text, "no") != 0))
        return yaml_bad(c, v, key, "true or false is expected here");
    return 1;
}

/* one-hot: 3, or the words that stand for the classes. */
static int
read_classes(ctx_t *c, const ynode_t *map, const file_kind_t *kind, selection_t *s)
{
    const ynode_t *v = ynode_get(map, "one-hot");
    size_t i;

    if (v == NULL)
        return 1;
    if (v->kind != YAML_LIST)
        return yaml_whole(c, v, "one-hot", 1, 100000, &s->classes);
    if (!kind->text || v->count == 0)
        return yaml_bad(c, v, "one-hot", kind->text ? "the list is empty"
                        : "the number of classes is expected here");
    s->label = flint_calloc(v->count, sizeof *s->label);
    s->classes = v->count;
    for (i = 0; i < v->count; i++)
    {
        if (v->item[i]->kind != YAML_SCALAR)
            return yaml_bad(c, v->item[i], "one-hot", "a word of the table is expected here");
        s->label[i] = copy_text(v->item[i]->text);
    }
    return 1;
}

static int
read_delimiter(ctx_t *c, const ynode_t *map, selection_t *s)
{
    static const struct { const char *word; char delimiter; } words[] = {
        { ",", ',' }, { "comma", ',' }, { ";", ';' }, { "semicolon", ';' }, { "\t", '\t' },
        { "\\t", '\t' }, { "tab", '\t' }, { " ", ' ' }, { "blank", ' ' }, { "|", '|' }
    };
    const ynode_t *v = ynode_get(map, "delimiter");
    size_t i;

    if (v == NULL)
        return 1;
    for (i = 0; v->kind == YAML_SCALAR && i < sizeof words / sizeof *words; i++)
        if (strcmp(v->text, words[i].word) == 0)
        {
            s->delimiter = words[i].delimiter;
            return 1;
        }
    return yaml_bad(c, v, "delimiter", "\",\", \";\", \"|\", tab or blank is expected here");
}

static int
read_text_options(ctx_t *c, const ynode_t *map, selection_t *s)
{
    const ynode_t *v = ynode_get(map, "skip-rows");

    return (v == NULL || yaml_whole(c, v, "skip-rows", 0, 100000000, &s->skip_rows))
        && read_flag(c, map, "header", &s->header) && read_delimiter(c, map, s);
}

static int
read_slice(ctx_t *c, const ynode_t *map, selection_t *s)
{
    const ynode_t *v = ynode_get(map, "slice");

    if (v == NULL)
        return 1;
    if (v->kind != YAML_SCALAR)
        return yaml_bad(c, v, "slice", "a text like \"0:50, ::2\" is expected here");
    if (ynode_get(map, "rows") != NULL || ynode_get(map, "row") != NULL
        || ynode_get(map, "columns") != NULL || ynode_get(map, "column") != NULL)
        return yaml_bad(c, v, "slice", "slice counts from 0 and stands alone, rows and columns count from 1");
    s->slice = v->text;
    return 1;
}

static int
read_selection(ctx_t *c, const ynode_t *map, const file_kind_t *kind, selection_t *s)
{
    const ynode_t *v = ynode_get(map, "key");

    s->delimiter = kind->delimiter;
    if (kind->list != NULL && (v == NULL || v->kind != YAML_SCALAR))
        return yaml_bad(c, map, "key", "the name of an array in the file is expected; "
                        "certify bounds FILE lists them");
    s->key = v == NULL ? NULL : v->text;
    return read_indices(c, map, "rows", "row", 0, &s->rows)
        && read_indices(c, map, "columns", "column", kind->text, &s->columns)
        && read_flag(c, map, "transpose", &s->transpose) && read_classes(c, map, kind, s)
        && read_slice(c, map, s) && (!kind->text || read_text_options(c, map, s));
}

static int
matrix_of_file(ctx_t *c, const ynode_t *map, const char *key, const file_kind_t *kind, qmat_t A)
{
    static const char *const common[] = { "rows", "row", "columns", "column", "transpose", "one-hot", "slice" };
    static const char *const of_text[] = { "skip-rows", "header", "delimiter" };
    const char *keys[16] = { kind->key };
    char full[PATH_MAX], what[2 * PATH_MAX];
    selection_t s;
    int n = 1, ok;
    size_t i;

    for (i = 0; i < sizeof common / sizeof *common; i++)
        keys[n++] = common[i];
    for (i = 0; kind->text && i < sizeof of_text / sizeof *of_text; i++)
        keys[n++] = of_text[i];
    if (kind->list != NULL)
        keys[n++] = "key";
    keys[n] = NULL;
    if (!yaml_keys(c, map, kind->key, keys) || !data_path(c, ynode_get(map, kind->key), kind->key, full))
        return 0;
    selection_init(&s);
    snprintf(what, sizeof what, "%s:%ld: %s: %s", c->path, map->line, key, ynode_get(map, kind->key)->text);
    ok = read_selection(c, map, kind, &s) && matrix_from_file(A, kind, full, &s, what, c->err);
    selection_clear(&s);
    return ok;
}

/* Rows of numbers; a flat list is a column, if that is allowed. */
static int
matrix_of_rows(ctx_t *c, const ynode_t *n, const char *key, int column, qmat_t A)
{
    slong i, r = n->count, w;
    fmpq *x;
    int ok = 1;

    if (r == 0)
        return yaml_bad(c, n, key, "a matrix needs at least one row");
    column = column && n->item[0]->kind == YAML_SCALAR;
    for (i = 0; !column && i < r; i++)
    {
        if (n->item[i]->kind != YAML_LIST)
            return expected(c, n->item[i], key);
        if (n->item[i]->count == 0)
            return yaml_bad(c, n->item[i], key, "a row has no entries");
        if (n->item[i]->count != n->item[0]->count)
            return yaml_bad(c, n->item[i], key, "row %ld has %ld entries, row 1 has %ld",
                       (long) i + 1, (long) n->item[i]->count, (long) n->item[0]->count);
    }
    w = column ? 1 : n->item[0]->count;
    x = _fmpq_vec_init(r * w);
    if (column)
        ok = yaml_numbers(c, n, key, x);
    for (i = 0; !column && i < r && ok; i++)
        ok = yaml_numbers(c, n->item[i], key, x + i * w);
    if (ok)
        qmat_set_entries(A, r, w, x);
    _fmpq_vec_clear(x, r * w);
    return ok;
}

static int
matrix_diagonal(ctx_t *c, const ynode_t *v, qmat_t A)
{
    slong r = v->count;
    fmpq *x;
    int ok;

    if (v->kind != YAML_LIST || r == 0 || r > limit(LIMIT_ROWS))
        return yaml_bad(c, v, "diagonal", "a list of numbers is expected here");
    x = _fmpq_vec_init(r);
    ok = yaml_numbers(c, v, "diagonal", x);
    if (ok)
    {
        qmat_set_one(A, r);
        qmat_scale_columns(A, A, x);
    }
    _fmpq_vec_clear(x, r);
    return ok;
}

static int
matrix_zeros(ctx_t *c, const ynode_t *v, qmat_t A)
{
    slong i, j;
    qmat_t t;

    if (v->kind != YAML_LIST || v->count != 2)
        return yaml_bad(c, v, "zeros", "[rows, columns] is expected here");
    if (!yaml_whole(c, v->item[0], "zeros", 1, limit(LIMIT_ROWS), &i)
        || !yaml_whole(c, v->item[1], "zeros", 1, limit(LIMIT_COLUMNS), &j))
        return 0;
    qmat_init(t, i, j);
    qmat_swap(A, t);
    qmat_clear(t);
    return 1;
}

/* One of the matrix forms of the format; a flat list is a column if allowed. */
int
yaml_matrix(ctx_t *c, const ynode_t *n, const char *key, int column, qmat_t A)
{
    size_t i;
    slong r;

    if (n == NULL)
        return yaml_bad(c, NULL, key, "is missing");
    if (n->kind == YAML_LIST)
        return matrix_of_rows(c, n, key, column, A);
    if (n->kind != YAML_MAP || n->count == 0)
        return expected(c, n, key);
    for (i = 0; i < n->count; i += 2)
    {
        const file_kind_t *kind = file_kind_named(n->item[i]->text);
        if (kind != NULL)
            return matrix_of_file(c, n, key, kind, A);
    }
    if (n->count != 2)
        return expected(c, n, key);
    if (strcmp(n->item[0]->text, "diagonal") == 0)
        return matrix_diagonal(c, n->item[1], A);
    if (strcmp(n->item[0]->text, "zeros") == 0)
        return matrix_zeros(c, n->item[1], A);
    if (strcmp(n->item[0]->text, "identity") != 0)
        return expected(c, n, n->item[0]->text);
    if (!yaml_whole(c, n->item[1], "identity", 1, limit(LIMIT_ROWS), &r))
        return 0;
    qmat_set_one(A, r);
    return 1;
}
