/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of an array that a problem file means. */
#include "config.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "array.h"

void
selection_init(selection_t *s)
{
    memset(s, 0, sizeof *s);
    s->delimiter = ',';
}

static void
indices_clear(indices_t *x)
{
    slong i;

    for (i = 0; x->name != NULL && i < x->n; i++)
        flint_free(x->name[i]);
    flint_free(x->name);
    flint_free(x->item);
    flint_free(x->sorted);
}

void
selection_clear(selection_t *s)
{
    slong i;

    indices_clear(&s->rows);
    indices_clear(&s->columns);
    for (i = 0; s->label != NULL && i < s->classes; i++)
        flint_free(s->label[i]);
    flint_free(s->label);
}

static int
compare(const void *a, const void *b)
{
    slong x = *(const slong *) a, y = *(const slong *) b;

    return (x > y) - (x < y);
}

void
indices_sort(indices_t *x)
{
    if (x->sorted == NULL)
        x->sorted = flint_malloc((x->n + 1) * sizeof *x->sorted);
    memcpy(x->sorted, x->item, x->n * sizeof *x->sorted);
    qsort(x->sorted, x->n, sizeof *x->sorted, compare);
}

int
indices_include(const indices_t *x, slong k)
{
    if (x->item != NULL)
        return bsearch(&k, x->sorted, x->n, sizeof k, compare) != NULL;
    return x->first == 0 || (k >= x->first && k <= x->last);
}

slong
indices_last(const indices_t *x)
{
    return x->item == NULL ? x->last : x->sorted[x->n - 1];
}

/* index[0..*n) := where in an array's rows (or columns) the numbers x are; there: their numbers
   in the file, or NULL for 1 .. count.  NULL with a fault if one is missing. */
static slong *
locate(const indices_t *x, const slong *there, slong count, slong *n, const char *kind,
       const char *what, fault_t *err)
{
    slong k, *index;

    *n = x->item != NULL ? x->n : x->first > 0 ? x->last - x->first + 1 : count;
    if (indices_last(x) > count && there == NULL)
    {
        error_set(err, EX_DATAERR, "%s: there is no %s %ld: there are %ld", what, kind,
                  (long) indices_last(x), (long) count);
        return NULL;
    }
    index = flint_malloc((*n + 1) * sizeof *index);
    for (k = 0; k < *n; k++)
    {
        slong wanted = x->item != NULL ? x->item[k] : x->first > 0 ? x->first + k : 0;
        const slong *at = there == NULL ? NULL : bsearch(&wanted, there, count, sizeof wanted, compare);
        index[k] = wanted == 0 ? k : there == NULL ? wanted - 1 : at == NULL ? -1 : at - there;
        if (index[k] < 0)
        {
            error_set(err, EX_DATAERR, "%s: there is no %s %ld", what, kind, (long) wanted);
            flint_free(index);
            return NULL;
        }
    }
    return index;
}

/* A number of a slice; *given: there was one. */
static const char *
slice_number(const char *p, slong *x, int *given)
{
    char *end;

    p += strspn(p, " ");
    *x = strtol(p, &end, 10);
    *given = end != p && end - p < 18;
    return end + strspn(end, " ");
}

/* The indices from 0 that start:stop:step at *text means for count of them, as Python does. */
static slong *
slice_indices(const char **text, slong count, slong *n)
{
    slong part[3] = { 0, 0, 1 }, *index, k;
    int given[3] = { 0, 0, 0 }, colons = 0;
    const char *p = slice_number(*text, part, given);

    while (*p == ':' && colons < 2)
    {
        colons++;
        p = slice_number(p + 1, part + colons, given + colons);
    }
    if (!given[2])
        part[2] = 1;
    *text = p;
    if (colons == 0 || part[2] == 0 || (*p != ',' && *p != '\0'))
        return NULL;
    for (k = 0; k < 2; k++)
    {
        slong low = part[2] < 0 ? -1 : 0, high = part[2] < 0 ? count - 1 : count;
        if (!given[k])
            part[k] = (k == 0) == (part[2] > 0) ? low : high;
        else
            part[k] = FLINT_MIN(FLINT_MAX(part[k] < 0 ? part[k] + count : part[k], low), high);
    }
    if (part[2] > 0)
        *n = part[1] > part[0] ? (part[1] - part[0] - 1) / part[2] + 1 : 0;
    else
        *n = part[0] > part[1] ? (part[0] - part[1] - 1) / -part[2] + 1 : 0;
    index = flint_malloc((*n + 1) * sizeof *index);
    for (k = 0; k < *n; k++)
        index[k] = part[0] + k * part[2];
    return index;
}

/* rows[0..*r) and columns[0..*c) := what A[slice] keeps. */
static int
slice(slong **rows, slong *r, slong **columns, slong *c, const array_t *A, const char *text,
      const char *what, fault_t *err)
{
    const char *p = text;

    *columns = NULL;
    *rows = slice_indices(&p, A->rows, r);
    if (*rows != NULL && *p == ',')
        p++;
    else if (*rows != NULL)
        p = ":";
    if (*rows != NULL)
        *columns = slice_indices(&p, A->columns, c);
    if (*columns == NULL || *p != '\0')
        return error_set(err, EX_DATAERR, "%s: slice: \"%.60s\": \"0:50\", \"0:50, ::2\" or the like is "
                         "expected, as in Python's A[0:50, ::2]", what, text);
    return (*r > 0 && *c > 0) || error_set(err, EX_DATAERR, "%s: slice: \"%.60s\" leaves nothing of "
                                           "%ld x %ld", what, text, (long) A->rows, (long) A->columns);
}

/* A := the rows and columns of A that are selected. */
static int
pick(array_t *A, const selection_t *s, const char *what, fault_t *err)
{
    slong *rows = NULL, *columns = NULL, r = 0, c = 0, i, j;
    array_t B;
    int ok;

    if (s->slice != NULL)
        ok = slice(&rows, &r, &columns, &c, A, s->slice, what, err);
    else
        ok = (rows = locate(&s->rows, A->row, A->rows, &r, "row", what, err)) != NULL
            && (columns = locate(&s->columns, A->column, A->columns, &c, "column", what, err)) != NULL;
    if (ok && c > 0 && r > ARRAY_MAX_ENTRIES / c)
        ok = error_set(err, EX_DATAERR, "%s: more than %d entries", what, ARRAY_MAX_ENTRIES);
    array_init(&B);
    B.columns = c;
    for (i = 0; ok && i < r; i++)
    {
        array_add_row(&B);
        for (j = 0; j < c; j++)
            fmpq_set(B.entry + i * c + j, A->entry + rows[i] * A->columns + columns[j]);
    }
    if (ok)
    {
        array_clear(A);
        *A = B;
    }
    else
        array_clear(&B);
    flint_free(rows);
    flint_free(columns);
    return ok;
}

/* M := the classes x rows matrix whose column j has its 1 in the row that entry j of a column
   names, from 0. */
static int
one_hot(qmat_t M, const array_t *A, slong classes, const char *what, fault_t *err)
{
    slong j, m = A->rows * A->columns;
    qmat_t t;
    int ok = A->rows == 1 || A->columns == 1
        || error_set(err, EX_DATAERR, "%s: one-hot needs exactly one column", what);

    if (!ok)
        return 0;
    qmat_init(t, classes, m);
    for (j = 0; ok && j < m; j++)
    {
        const fmpq *x = A->entry + j;
        if (!fmpz_is_one(fmpq_denref(x)) || fmpq_sgn(x) < 0 || fmpq_cmp_si(x, classes) >= 0)
            ok = error_set(err, EX_DATAERR, "%s: data row %ld: a class from 0 to %ld is expected", what,
                           (long) j + 1, (long) classes - 1);
        else
            fmpz_one(fmpz_mat_entry(t->num, fmpz_get_si(fmpq_numref(x)), j));
    }
    if (ok)
        qmat_swap(M, t);
    qmat_clear(t);
    return ok;
}

int
array_select(qmat_t M, array_t *A, const selection_t *s, const char *what, fault_t *err)
{
    int all = s->slice == NULL && s->rows.item == NULL && s->columns.item == NULL
        && s->rows.first == 0 && s->columns.first == 0;

    if (!all && !pick(A, s, what, err))
        return 0;
    if (s->classes > 0 && (A->rows * A->columns > ARRAY_MAX_ENTRIES / s->classes))
        return error_set(err, EX_DATAERR, "%s: more than %d entries", what, ARRAY_MAX_ENTRIES);
    if (s->classes > 0 && !one_hot(M, A, s->classes, what, err))
        return 0;
    if (s->classes > 0)
        return 1;               /* samples become columns in any case */
    qmat_set_entries(M, A->rows, A->columns, A->entry);
    if (s->transpose)
        qmat_transpose(M, M);
    return 1;
}

int
matrix_from_file(qmat_t M, const file_kind_t *kind, const char *path, selection_t *s,
                 const char *what, fault_t *err)
{
    array_t A;
    int ok;

    array_init(&A);
    ok = kind->read(&A, path, s, what, err) && array_select(M, &A, s, what, err);
    array_clear(&A);
    return ok;
}
