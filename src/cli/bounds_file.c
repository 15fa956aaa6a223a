/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify bounds of files that hold matrices. */
#include "config.h"
#include <sysexits.h>
#include "bounds.h"
#include "input/array.h"
#include "record.h"

void
bounds_fault(bounds_t *b, const fault_t *fault)
{
    json_t *record;

    fprintf(stderr, "certify: %s\n", fault->message);
    b->status = fault->status;
    if (!b->opt->json)
        return;
    record = record_new(b->opt->files[0], "error");
    record_error(record, b->opt->files[0], fault->line, fault->key, fault->message, fault->status);
    report_line(record);
}

/* An array of a container: its name, type and shape. */
static void
listed_json(const listed_t *a)
{
    json_t *row = json_object(), *shape = json_array();
    int k;

    for (k = 0; k < a->dimensions; k++)
        json_array_append_new(shape, json_integer(a->shape[k]));
    json_object_set_new(row, "name", record_text(a->name));
    json_object_set_new(row, "type", record_text(a->type));
    json_object_set_new(row, "shape", shape);
    report_line(row);
}

static void
listing_rows(const options_t *opt, const listing_t *l)
{
    char shape[200];
    slong i;

    for (i = 0; i < l->n; i++)
        if (opt->json)
            listed_json(l->array + i);
        else
        {
            listed_shape(shape, sizeof shape, l->array + i);
            printf("%-28s %s, %s\n", l->array[i].name, shape, l->array[i].type);
        }
}

static void
matrix_rows(bounds_t *b, const char *name, const qmat_t A)
{
    options_t with = *b->opt;
    bounds_t spectrum = { &with, b->status };

    with.spectrum = 1;
    bounds_matrix_rows(&spectrum, name, A);
    b->status = spectrum.status;
}

int
bounds_file(bounds_t *b, const char *path)
{
    const file_kind_t *kind = file_kind_of(path);
    const char *key = b->opt->key;
    qmat_t A;
    fault_t fault = { 0 };
    selection_t s;
    listing_t l;

    if (kind == NULL)
        return 0;
    selection_init(&s);
    listing_init(&l);
    qmat_init(A, 0, 0);
    s.delimiter = kind->delimiter;
    s.key = key;
    if (kind->list == NULL && key != NULL)
        error_set(&fault, EX_USAGE, "%s: --key is for files of several arrays", path);
    else if (kind->list != NULL && key == NULL && kind->list(&l, path, path, &fault))
        listing_rows(b->opt, &l);
    else if (fault.status == 0 && matrix_from_file(A, kind, path, &s, path, &fault))
        matrix_rows(b, key == NULL ? "A" : key, A);
    if (fault.status != 0)
        bounds_fault(b, &fault);
    qmat_clear(A);
    listing_clear(&l);
    selection_clear(&s);
    return 1;
}
