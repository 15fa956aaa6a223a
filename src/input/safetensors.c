/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Safetensors: a length of 8 bytes, a JSON header, raw data.  Every array's place is compared
   with the file before anything is read: the arrays fill the data without gaps or overlaps. */
#include "config.h"
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include "array.h"

#define MAX_HEADER (4L << 20)
#define MAX_TENSORS 20000

/* The types of the format; kind 0: there, but not read. */
static const struct
{
    const char *name;
    item_type_t type;
} types[] = {
    { "BOOL", { 'b', 1, 0 } }, { "U8", { 'u', 1, 0 } }, { "I8", { 'i', 1, 0 } }, { "U16", { 'u', 2, 0 } },
    { "I16", { 'i', 2, 0 } }, { "F16", { 'f', 2, 0 } }, { "BF16", { 'g', 2, 0 } }, { "U32", { 'u', 4, 0 } },
    { "I32", { 'i', 4, 0 } }, { "F32", { 'f', 4, 0 } }, { "U64", { 'u', 8, 0 } }, { "I64", { 'i', 8, 0 } },
    { "F64", { 'f', 8, 0 } }, { "F8_E4M3", { 0, 1, 0 } }, { "F8_E5M2", { 0, 1, 0 } }, { "C64", { 0, 8, 0 } }
};
enum { TYPES = sizeof types / sizeof types[0] };

typedef struct
{
    FILE *in;
    json_t *root;
    long data, length;          /* where the data begin, and how many bytes they are */
    listing_t list;
    struct place { long begin, end; int type; } *place;
    const char *what;
    fault_t *err;
} tensors_t;

static int
wrong(const tensors_t *t, const char *name, const char *reason)
{
    return error_set(t->err, EX_DATAERR, "%s: %.80s: %s", t->what, name, reason);
}

static int
open_file(tensors_t *t, const char *path)
{
    unsigned char head[8];
    struct stat st;
    uint64_t n = 0;
    int i;

    t->in = fopen(path, "rb");
    if (t->in == NULL || fstat(fileno(t->in), &st) != 0)
        return error_set(t->err, EX_NOINPUT, "%s: %s", t->what, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return error_set(t->err, EX_NOINPUT, "%s: not a regular file", t->what);
    if (fread(head, 1, 8, t->in) != 8)
        return error_set(t->err, EX_DATAERR, "%s: not a safetensors file: shorter than 8 bytes", t->what);
    for (i = 7; i >= 0; i--)
        n = n << 8 | head[i];
    if (n > (uint64_t) st.st_size - 8)
        return error_set(t->err, EX_DATAERR, "%s: not a safetensors file: a header of %llu bytes in a "
                         "file of %ld", t->what, (unsigned long long) n, (long) st.st_size);
    if (n > (uint64_t) MAX_HEADER)
        return error_set(t->err, EX_DATAERR, "%s: the header is longer than %ld bytes", t->what, MAX_HEADER);
    t->data = 8 + (long) n;
    t->length = st.st_size - t->data;
    return 1;
}

static int
read_header(tensors_t *t)
{
    size_t n = t->data - 8;
    char *text = flint_malloc(n + 1);
    json_error_t why;
    size_t got = fread(text, 1, n, t->in);

    if (got == n && n > 0 && text[0] == '{')
        t->root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &why);
    else
        snprintf(why.text, sizeof why.text, "it does not begin with {");
    flint_free(text);
    if (t->root == NULL)
        return error_set(t->err, EX_DATAERR, "%s: the safetensors header is not valid JSON: %s", t->what,
                         why.text);
    return json_is_object(t->root);
}

static int
read_shape(tensors_t *t, listed_t *a, const json_t *shape)
{
    size_t i;

    if (!json_is_array(shape) || json_array_size(shape) > ARRAY_MAX_DIMENSIONS)
        return wrong(t, a->name, "shape: a list of at most 8 sizes is expected");
    for (i = 0; i < json_array_size(shape); i++)
    {
        const json_t *x = json_array_get(shape, i);
        if (!json_is_integer(x) || json_integer_value(x) < 0)
            return wrong(t, a->name, "shape: sizes are whole numbers >= 0");
        a->shape[a->dimensions++] = (long) json_integer_value(x);
    }
    return 1;
}

/* 1 if the bytes from begin to end are what the shape needs. */
static int
fits(const listed_t *a, const struct place *p)
{
    long bytes = types[p->type].type.size;
    int i;

    for (i = 0; i < a->dimensions; i++)
        if (__builtin_mul_overflow(bytes, a->shape[i], &bytes))
            return 0;
    return bytes == p->end - p->begin;
}

static int
read_place(tensors_t *t, const listed_t *a, struct place *p, const json_t *tensor)
{
    const json_t *offsets = json_object_get(tensor, "data_offsets");
    const json_t *begin = json_array_get(offsets, 0), *end = json_array_get(offsets, 1);

    if (json_array_size(offsets) != 2 || !json_is_integer(begin) || !json_is_integer(end))
        return wrong(t, a->name, "data_offsets: [begin, end] is expected");
    p->begin = (long) json_integer_value(begin);
    p->end = (long) json_integer_value(end);
    if (p->begin < 0 || p->end < p->begin || p->end > t->length)
        return wrong(t, a->name, "data_offsets: they leave the file's data (is it cut off?)");
    return fits(a, p) || wrong(t, a->name, "data_offsets: not as many bytes as the shape and type need");
}

static int
read_tensor(tensors_t *t, const char *name, const json_t *tensor)
{
    listed_t *a = listing_add(&t->list, name);
    struct place *p = t->place + t->list.n - 1;
    const json_t *type = json_object_get(tensor, "dtype");

    if (!json_is_object(tensor) || json_object_size(tensor) != 3)
        return wrong(t, name, "dtype, shape and data_offsets are expected, and nothing else");
    if (!json_is_string(type))
        return wrong(t, name, "dtype: a name is expected");
    snprintf(a->type, sizeof a->type, "%s", json_string_value(type));
    for (p->type = 0; p->type < TYPES && strcmp(json_string_value(type), types[p->type].name) != 0; p->type++)
        ;
    if (p->type == TYPES)
        return wrong(t, name, "dtype: unknown");
    return read_shape(t, a, json_object_get(tensor, "shape")) && read_place(t, a, p, tensor);
}

static int
by_begin(const void *x, const void *y)
{
    const struct place *a = x, *b = y;

    return a->begin != b->begin ? (a->begin > b->begin) - (a->begin < b->begin)
                                : (a->end > b->end) - (a->end < b->end);
}

/* The arrays fill the data, one after the other. */
static int
check_places(const tensors_t *t)
{
    slong i, n = t->list.n;
    struct place *sorted = flint_malloc((n + 1) * sizeof *sorted);
    long at = 0, begin;

    memcpy(sorted, t->place, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_begin);
    for (i = 0; i < n && sorted[i].begin == at; i++)
        at = sorted[i].end;
    begin = i < n ? sorted[i].begin : at;
    flint_free(sorted);
    if (i < n)
        return error_set(t->err, EX_DATAERR, "%s: the arrays %s at byte %ld of the data", t->what,
                         begin < at ? "overlap" : "leave a gap", at);
    return at == t->length || error_set(t->err, EX_DATAERR, "%s: %ld bytes after the last array",
                                        t->what, t->length - at);
}

static int
read_tensors(tensors_t *t, const char *path)
{
    const char *name;
    json_t *tensor;
    size_t n;

    if (!open_file(t, path) || !read_header(t))
        return 0;
    n = json_object_size(t->root);
    if (n > MAX_TENSORS)
        return error_set(t->err, EX_DATAERR, "%s: more than %d arrays", t->what, MAX_TENSORS);
    t->place = flint_calloc(n + 1, sizeof *t->place);
    json_object_foreach(t->root, name, tensor)
        if (strcmp(name, "__metadata__") != 0 && !read_tensor(t, name, tensor))
            return 0;
    return check_places(t);
}

static void
tensors_clear(tensors_t *t)
{
    if (t->in != NULL)
        fclose(t->in);
    json_decref(t->root);
    listing_clear(&t->list);
    flint_free(t->place);
}

int
safetensors_list(listing_t *l, const char *path, const char *what, fault_t *err)
{
    tensors_t t = { NULL, NULL, 0, 0, { 0, NULL }, NULL, what, err };
    int ok = read_tensors(&t, path);

    if (ok)
    {
        listing_t swap = *l;
        *l = t.list;
        t.list = swap;
    }
    tensors_clear(&t);
    return ok;
}

/* The items of array i. */
static int
read_items(array_t *A, tensors_t *t, slong i, const char *what)
{
    const struct place *p = t->place + i;
    size_t n = p->end - p->begin;
    unsigned char *data;
    int ok;

    if (types[p->type].type.kind == 0)
        return error_set(t->err, EX_DATAERR, "%s: numbers of type %s are not read", what, types[p->type].name);
    if (!array_shape(A, t->list.array + i, what, t->err))
        return 0;
    data = flint_malloc(n);
    ok = fseek(t->in, t->data + p->begin, SEEK_SET) == 0 && fread(data, 1, n, t->in) == n;
    if (!ok)
        error_set(t->err, EX_IOERR, "%s: cannot be read", what);
    ok = ok && array_from_items(A, data, &types[p->type].type, 0, what, t->err);
    flint_free(data);
    return ok;
}

int
safetensors_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err)
{
    tensors_t t = { NULL, NULL, 0, 0, { 0, NULL }, NULL, what, err };
    const listed_t *a;
    char inside[600], known[300] = "";
    slong i;
    int ok = read_tensors(&t, path);

    if (ok)
    {
        a = listing_find(&t.list, s->key);
        for (i = 0; a == NULL && i < t.list.n; i++)
            snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", i == 0 ? "" : ", ",
                     t.list.array[i].name);
        snprintf(inside, sizeof inside, "%.400s: %.80s", what, s->key);
        ok = a != NULL && t.place != NULL ? read_items(A, &t, a - t.list.array, inside)
            : error_set(err, EX_DATAERR, "%s: there is no array \"%.80s\" (there: %s)", what, s->key,
                        known[0] ? known : "none");
    }
    tensors_clear(&t);
    return ok;
}
