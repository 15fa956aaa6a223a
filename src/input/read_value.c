/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of a problem file: numbers, matrices, activations. */
#include "config.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "reader.h"
#include "kernel/limits.h"

int
yaml_bad(ctx_t *c, const ynode_t *n, const char *key, const char *format, ...)
{
    va_list ap;
    char what[600];

    va_start(ap, format);
    vsnprintf(what, sizeof what, format, ap);
    va_end(ap);
    if (c->err->status == 0)
    {
        c->err->line = n == NULL ? 1 : n->line;
        snprintf(c->err->key, sizeof c->err->key, "%s", key);
    }
    return error_set(c->err, EX_DATAERR, "%s:%ld: %s: %s", c->path, n == NULL ? 1 : n->line, key, what);
}

int
yaml_keys(ctx_t *c, const ynode_t *map, const char *where, const char *const *allowed)
{
    size_t i;
    const char *const *a;

    if (map->kind != YAML_MAP)
        return yaml_bad(c, map, where, "keys and values are expected here");
    for (i = 0; i < map->count; i += 2)
    {
        for (a = allowed; *a != NULL && strcmp(*a, map->item[i]->text) != 0; a++)
            ;
        if (*a == NULL)
        {
            char list[300] = "";
            for (a = allowed; *a != NULL; a++)
                snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
                         list[0] ? ", " : "", *a);
            return yaml_bad(c, map->item[i], map->item[i]->text, "unknown key under %s (known: %s)",
                       where, list);
        }
    }
    return 1;
}

int
yaml_number(ctx_t *c, const ynode_t *n, const char *key, fmpq_t x)
{
    const char *wrong;

    if (n->kind != YAML_SCALAR)
        return yaml_bad(c, n, key, "a number is expected here");
    wrong = number_from_text(x, n->text);
    return wrong == NULL || yaml_bad(c, n, key, "\"%.60s\": %s", n->text, wrong);
}

int
yaml_whole(ctx_t *c, const ynode_t *n, const char *key, slong min, slong max, slong *v)
{
    fmpq_t x;
    int ok;

    fmpq_init(x);
    ok = yaml_number(c, n, key, x);
    if (ok && (!fmpz_is_one(fmpq_denref(x)) || fmpq_cmp_si(x, min) < 0 || fmpq_cmp_si(x, max) > 0))
        ok = yaml_bad(c, n, key, "a whole number from %ld to %ld is expected", (long) min, (long) max);
    if (ok)
        *v = fmpz_get_si(fmpq_numref(x));
    fmpq_clear(x);
    return ok;
}

/* n entries of a list. */
int
yaml_numbers(ctx_t *c, const ynode_t *n, const char *key, fmpq *x)
{
    size_t i;

    for (i = 0; i < n->count; i++)
        if (!yaml_number(c, n->item[i], key, x + i))
            return 0;
    return 1;
}

/* The path of a data file: relative, and inside the folder of the problem. */
static int
data_path(ctx_t *c, const ynode_t *n, const char *key, char full[PATH_MAX])
{
    char joined[PATH_MAX];
    size_t len = strlen(c->folder);

    if (n->kind != YAML_SCALAR || n->text[0] == '\0')
        return yaml_bad(c, n, key, "a file name is expected here");
    if (n->text[0] == '/' || strstr(n->text, "..") != NULL)
        return yaml_bad(c, n, key, "\"%s\" leaves the folder of the problem file", n->text);
    if (snprintf(joined, sizeof joined, "%s/%s", c->folder, n->text) >= (int) sizeof joined)
        return yaml_bad(c, n, key, "the path is too long");
    if (realpath(joined, full) == NULL)
        return error_set(c->err, EX_NOINPUT, "%s:%ld: %s: there is no file \"%s\" beside the problem",
                         c->path, n->line, key, n->text);
    if (strcmp(c->folder, "/") != 0 && (strncmp(full, c->folder, len) != 0 || full[len] != '/'))
        return yaml_bad(c, n, key, "\"%s\" leaves the folder of the problem file", n->text);
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

static int
matrix_csv(ctx_t *c, const ynode_t *n, const char *key, qmat_t A)
{
    static const char *const keys[] = { "csv", "columns", "column", "skip-rows", "rows",
                                        "transpose", "one-hot", NULL };
    csv_options_t opt;
    const ynode_t *v;
    char full[PATH_MAX], where[PATH_MAX + 100];
    slong i, first = 0, last = 0;
    size_t k;
    int ok = 0;

    memset(&opt, 0, sizeof opt);
    opt.first_row = 1;
    if (!yaml_keys(c, n, "csv", keys) || !data_path(c, ynode_get(n, "csv"), "csv", full))
        return 0;
    if (ynode_get(n, "column") != NULL && ynode_get(n, "columns") != NULL)
        return yaml_bad(c, n, key, "column and columns exclude each other");
    v = ynode_get(n, "column");
    if (v == NULL)
        v = ynode_get(n, "columns");
    if (v != NULL && v->kind == YAML_LIST)
    {
        opt.column = flint_malloc((v->count + 1) * sizeof(slong));
        for (k = 0; k < v->count; k++)
            if (!yaml_whole(c, v->item[k], "columns", 1, 1000000, opt.column + k))
                goto done;
        opt.columns = v->count;
        if (opt.columns == 0)
        {
            yaml_bad(c, v, "columns", "no columns are named");
            goto done;
        }
    }
    else if (v != NULL)
    {
        if (!range(c, v, "columns", &first, &last))
            goto done;
        if (last - first > 1000000)
        {
            yaml_bad(c, v, "columns", "more than a million columns");
            goto done;
        }
        opt.columns = last - first + 1;
        opt.column = flint_malloc(opt.columns * sizeof(slong));
        for (i = 0; i < opt.columns; i++)
            opt.column[i] = first + i;
    }
    v = ynode_get(n, "skip-rows");
    if (v != NULL && !yaml_whole(c, v, "skip-rows", 0, 100000000, &opt.skip_rows))
        goto done;
    v = ynode_get(n, "rows");
    if (v != NULL && !range(c, v, "rows", &opt.first_row, &opt.last_row))
        goto done;
    v = ynode_get(n, "one-hot");
    if (v != NULL && !yaml_whole(c, v, "one-hot", 1, 100000, &opt.one_hot))
        goto done;
    v = ynode_get(n, "transpose");
    if (v != NULL)
    {
        if (v->kind != YAML_SCALAR || (strcmp(v->text, "true") != 0 && strcmp(v->text, "false") != 0))
        {
            yaml_bad(c, v, "transpose", "true or false is expected here");
            goto done;
        }
        opt.transpose = v->text[0] == 't';
    }
    snprintf(where, sizeof where, "%s:%ld: %s", c->path, n->line, key);
    ok = csv_read(A, full, &opt, where, c->err);
done:
    flint_free(opt.column);
    return ok;
}

/* One of the matrix forms of the format; a flat list is a column if allowed. */
int
yaml_matrix(ctx_t *c, const ynode_t *n, const char *key, int column, qmat_t A)
{
    static const char expected[] = "a matrix is expected here: [[1, 2], [3, 4]], {identity: 3}, "
        "{diagonal: [2, 1]}, {zeros: [2, 3]}, {npy: file} or {csv: file, ...}";
    const ynode_t *v;
    char full[PATH_MAX], where[PATH_MAX + 100];
    slong i, j, r, w;
    fmpq *x;
    int ok = 1;

    if (n == NULL)
        return yaml_bad(c, NULL, key, "is missing");
    if (n->kind == YAML_LIST)
    {
        r = n->count;
        if (r == 0)
            return yaml_bad(c, n, key, "a matrix needs at least one row");
        if (n->item[0]->kind == YAML_SCALAR && column)
        {
            x = _fmpq_vec_init(r);
            ok = yaml_numbers(c, n, key, x);
            if (ok)
                qmat_set_entries(A, r, 1, x);
            _fmpq_vec_clear(x, r);
            return ok;
        }
        for (i = 0; i < r; i++)
        {
            if (n->item[i]->kind != YAML_LIST)
                return yaml_bad(c, n->item[i], key, "%s", expected);
            if (n->item[i]->count == 0)
                return yaml_bad(c, n->item[i], key, "a row has no entries");
            if (n->item[i]->count != n->item[0]->count)
                return yaml_bad(c, n->item[i], key, "row %ld has %ld entries, row 1 has %ld",
                           (long) i + 1, (long) n->item[i]->count, (long) n->item[0]->count);
        }
        w = n->item[0]->count;
        x = _fmpq_vec_init(r * w);
        for (i = 0; i < r && ok; i++)
            ok = yaml_numbers(c, n->item[i], key, x + i * w);
        if (ok)
            qmat_set_entries(A, r, w, x);
        _fmpq_vec_clear(x, r * w);
        return ok;
    }
    if (n->kind != YAML_MAP)
        return yaml_bad(c, n, key, "%s", expected);
    if (ynode_get(n, "csv") != NULL)
        return matrix_csv(c, n, key, A);
    if (n->count != 2)
        return yaml_bad(c, n, key, "%s", expected);
    v = n->item[1];
    if (strcmp(n->item[0]->text, "identity") == 0)
    {
        if (!yaml_whole(c, v, "identity", 1, limit(LIMIT_ROWS), &r))
            return 0;
        qmat_set_one(A, r);
        return 1;
    }
    if (strcmp(n->item[0]->text, "diagonal") == 0)
    {
        if (v->kind != YAML_LIST || v->count == 0 || v->count > (size_t) limit(LIMIT_ROWS))
            return yaml_bad(c, v, "diagonal", "a list of numbers is expected here");
        r = v->count;
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
    if (strcmp(n->item[0]->text, "zeros") == 0)
    {
        qmat_t t;
        if (v->kind != YAML_LIST || v->count != 2)
            return yaml_bad(c, v, "zeros", "[rows, columns] is expected here");
        if (!yaml_whole(c, v->item[0], "zeros", 1, limit(LIMIT_ROWS), &i) || !yaml_whole(c, v->item[1], "zeros", 1, limit(LIMIT_COLUMNS), &j))
            return 0;
        qmat_init(t, i, j);
        qmat_swap(A, t);
        qmat_clear(t);
        return 1;
    }
    if (strcmp(n->item[0]->text, "npy") == 0)
    {
        if (!data_path(c, v, "npy", full))
            return 0;
        snprintf(where, sizeof where, "%s:%ld: %s", c->path, n->line, key);
        return npy_read(A, full, where, c->err);
    }
    return yaml_bad(c, n, n->item[0]->text, "unknown matrix form; %s", expected);
}

int
yaml_activation(ctx_t *c, const ynode_t *n, activation_t *a)
{
    char word[32];
    const char *rest, *wrong;
    int k;

    if (n->kind != YAML_SCALAR || strlen(n->text) >= 200)
        return yaml_bad(c, n, "activation", "the name of an activation is expected here");
    rest = strchr(n->text, ' ');
    snprintf(word, sizeof word, "%.*s", rest == NULL ? 31 : (int) FLINT_MIN(31, rest - n->text), n->text);
    for (k = 0; k < ACT_KINDS && strcmp(word, activation_name[k]) != 0; k++)
        ;
    if (k == ACT_KINDS)
        return yaml_bad(c, n, "activation", "\"%s\" is not known (identity, relu, leaky-relu SLOPE, tanh, "
                   "sigmoid, softplus, smooth-leaky SLOPE)", n->text);
    a->kind = k;
    if (!activation_has_slope(k))
        return rest == NULL || yaml_bad(c, n, "activation", "%s takes no number", word);
    if (rest == NULL)
        return yaml_bad(c, n, "activation", "%s needs a slope, as in \"%s 1/10\"", word, word);
    while (*rest == ' ')
        rest++;
    wrong = number_from_text(a->slope, rest);
    return wrong == NULL || yaml_bad(c, n, "activation", "\"%s\": %s", rest, wrong);
}

int
yaml_features_in_range(ctx_t *c, const ynode_t *n)
{
    const problem_t *P = &c->F->P;
    slong i, j;
    fmpq_t x;

    fmpq_init(x);
    for (i = 0; i < qmat_rows(P->features); i++)
        for (j = 0; j < qmat_cols(P->features); j++)
        {
            int ok = 1;
            qmat_get_entry(x, P->features, i, j);
            if (P->act->kind == ACT_TANH)
                ok = fmpq_cmp_si(x, 1) < 0 && fmpq_cmp_si(x, -1) > 0;
            else if (P->act->kind == ACT_SIGMOID)
                ok = fmpq_sgn(x) > 0 && fmpq_cmp_si(x, 1) < 0;
            else if (P->act->kind == ACT_SOFTPLUS || fmpq_is_zero(P->act->slope))
                ok = fmpq_sgn(x) > 0;
            if (!ok)
            {
                fmpq_clear(x);
                return yaml_bad(c, n, "features", "entry %ld, %ld is not a value of %s", (long) i + 1,
                           (long) j + 1, activation_name[P->act->kind]);
            }
        }
    fmpq_clear(x);
    return 1;
}
